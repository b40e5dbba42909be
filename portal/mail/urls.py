"""The addresses of channels, one's own number and the Demo-postvak."""

from django.urls import path

from portal.mail.views import channels, demo, phone

app_name = "mail"
urlpatterns = [
    path("kanalen/", channels.channels, name="channels"),
    path("kanalen/toevoegen/<slug:kind>/", channels.add_channel, name="add_channel"),
    path("kanalen/<uuid:pk>/", channels.change_channel, name="change_channel"),
    path("kanalen/<uuid:pk>/schakelen/", channels.switch_channel, name="switch_channel"),
    path("kanalen/<uuid:pk>/proef/", channels.test_channel, name="test_channel"),
    path("kanalen/<uuid:pk>/proef/stand/", channels.test_state, name="test_state"),
    path("mijn-gegevens/telefoon/", phone.phone, name="phone"),
    path("mijn-gegevens/telefoon/code/", phone.phone_code, name="phone_code"),
    path("mijn-gegevens/telefoon/code/stand/", phone.code_state, name="code_state"),
    path("mijn-gegevens/telefoon/code/opnieuw/", phone.phone_again, name="phone_again"),
    path("mijn-gegevens/telefoon/weghalen/", phone.phone_remove, name="phone_remove"),
    path("demo-postvak/", demo.demo_mailbox, name="demo_mailbox"),
    path("demo-postvak/<slug:name>/", demo.demo_mail, name="demo_mail"),
]
