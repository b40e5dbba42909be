"""The addresses of visits."""

from django.urls import path

from visits.views import listing, sheets, visit

app_name = "visits"

urlpatterns = [
    path("", listing.visits, name="list"),
    path("nieuw/", visit.begin, name="begin"),
    path("nieuw/<uuid:pk>/", visit.start, name="start"),
    path("<uuid:pk>/", visit.detail, name="visit"),
    path("<uuid:pk>/blad/", sheets.sheet, name="sheet"),
]
