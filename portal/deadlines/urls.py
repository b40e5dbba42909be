"""The addresses of one's own reminders and of the words the portal mails."""

from django.urls import path

from portal.deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("mijn-herinneringen/", views.choices, name="choices"),
    path("uitschrijven/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("mailteksten/", views.words, name="words"),
]
