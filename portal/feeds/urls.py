"""The addresses of one's own feeds, and of what a calendar reads."""

from django.urls import path

from portal.feeds.views import agenda, own, secret

app_name = "feeds"
urlpatterns = [
    path("mijn-agenda/", own.listing, name="mine"),
    path("mijn-agenda/link-maken/", own.make, name="make"),
    path("mijn-agenda/<uuid:pk>/wijzigen/", own.change, name="change"),
    path("mijn-agenda/<uuid:pk>/intrekken/", own.revoke, name="revoke"),
    path("agenda/", agenda.page, name="agenda"),
    path("agenda/<str:token>.ics", secret.ics, name="ics"),
    path("antwoord/<str:token>/", secret.answer, name="answer"),
]
