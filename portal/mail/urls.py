"""The addresses of the Demo-postvak."""

from django.urls import path

from portal.mail import views

app_name = "mail"
urlpatterns = [
    path("demo-postvak/", views.demo_mailbox, name="demo_mailbox"),
    path("demo-postvak/<slug:name>/", views.demo_mail, name="demo_mail"),
]
