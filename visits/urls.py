"""The addresses of visits."""

from django.urls import path

from visits.views import briefing, listing, sheets, visit

app_name = "visits"

urlpatterns = [
    path("", listing.visits, name="list"),
    path("nieuw/", visit.begin, name="begin"),
    path("nieuw/<uuid:pk>/", visit.start, name="start"),
    path("<uuid:pk>/", visit.detail, name="visit"),
    path("<uuid:pk>/blad/", sheets.sheet, name="sheet"),
    path("<uuid:pk>/bladen/<slug:audience>/", sheets.sheet_of, name="sheet_of"),
    path("<uuid:pk>/bladen/<slug:audience>/maken/", sheets.make, name="make_sheet"),
    path("<uuid:pk>/bladen/<slug:audience>/verstuurd/", sheets.sent, name="sheet_sent"),
    path("<uuid:pk>/briefing/", briefing.page, name="briefing"),
    path("<uuid:pk>/briefing/maken/", briefing.make, name="make_briefing"),
    path("<uuid:pk>/briefing/inhoud/", briefing.content, name="briefing_content"),
]
