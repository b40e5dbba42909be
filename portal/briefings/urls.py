"""The addresses of briefings."""

from django.urls import path

from portal.briefings.views import briefing, office, timetables

app_name = "briefings"
urlpatterns = [
    path("briefings/", office.briefings, name="list"),
    path("briefings/nu/<slug:document>/<uuid:pk>/", office.now, name="now"),
    path("briefings/nu/<slug:document>/<uuid:pk>/maken/", office.ask, name="ask"),
    path("briefings/wanneer/", timetables.timetable, name="timetables"),
    path("briefings/wanneer/<uuid:pk>/<slug:document>/", timetables.change, name="change_timetable"),
    path("briefings/<uuid:pk>/", briefing.detail, name="briefing"),
    path("briefings/<uuid:pk>/stand.json", briefing.status, name="status"),
    path("briefings/<uuid:pk>/briefing.pdf", briefing.pdf, name="pdf"),
]
