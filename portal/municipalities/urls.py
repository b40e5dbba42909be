"""The addresses of the register of telephone numbers, and of the mailbox of a municipality."""

from django.urls import path

from portal.municipalities import views

app_name = "municipalities"
urlpatterns = [
    path("telefoonnummers/", views.numbers, name="numbers"),
    path("telefoonnummers/<slug:key>/", views.change_number, name="change_number"),
    path("telefoonnummers/<slug:key>/gecontroleerd/", views.check_number, name="check_number"),
    path("gemeenten/<uuid:pk>/postbus/", views.mailbox, name="mailbox"),
]
