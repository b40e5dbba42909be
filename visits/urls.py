"""The addresses of visits."""

from django.urls import path

from visits.views import (
    after,
    companions,
    consents,
    dates,
    hosts,
    life,
    listing,
    options,
    programme,
    runsheet,
    sheets,
    visit,
)

app_name = "visits"

urlpatterns = [
    path("", listing.visits, name="list"),
    path("nieuw/", visit.begin, name="begin"),
    path("nieuw/<uuid:pk>/", visit.start, name="start"),
    path("<uuid:pk>/", visit.detail, name="visit"),
    path("<uuid:pk>/blad/", sheets.sheet, name="sheet"),
    path("<uuid:pk>/gegevens/", visit.change, name="change"),
    path("<uuid:pk>/dag/", dates.move, name="move"),
    path("<uuid:pk>/momenten/", options.add, name="options"),
    path("<uuid:pk>/momenten/antwoorden/", options.answers, name="answers"),
    path("momenten/<uuid:pk>/weg/", options.withdraw, name="withdraw_option"),
    path("<uuid:pk>/mee/", companions.add, name="add_companion"),
    path("<uuid:pk>/uitnodigen/", companions.invite, name="invite"),
    path("mee/<uuid:pk>/", companions.change, name="companion"),
    path("mee/<uuid:pk>/weg/", companions.end, name="end_companion"),
    path("<uuid:pk>/bevestigd/", life.confirm, name="confirm"),
    path("<uuid:pk>/gehouden/", life.hold, name="hold"),
    path("<uuid:pk>/niet-gehouden/", life.take_back, name="take_back"),
    path("<uuid:pk>/afsluiten/", life.follow_up, name="follow_up"),
    path("<uuid:pk>/afzeggen/", life.cancel, name="cancel"),
    path("<uuid:pk>/hervatten/", life.resume, name="resume"),
    path("<uuid:pk>/toezegging/", after.promise, name="promise"),
    path("<uuid:pk>/opbrengst/", after.write_down, name="write_down"),
    path("<uuid:pk>/ingelicht/", after.report, name="report"),
    path("<uuid:pk>/opnieuw/", after.duplicate, name="duplicate"),
    path("gastorganisaties/", hosts.hosts, name="hosts"),
    path("gastorganisaties/nieuw/", hosts.add, name="add_host"),
    path("gastorganisaties/<uuid:pk>/", hosts.change, name="host"),
    path("<uuid:pk>/programma/", programme.programme, name="programme"),
    path("<uuid:pk>/draaiboek/", runsheet.runsheet, name="runsheet"),
    path("<uuid:pk>/tijden/", runsheet.times, name="times"),
    path("<uuid:pk>/akkoord/", consents.consents, name="consents"),
    path("<uuid:pk>/akkoord/<uuid:consent>/", consents.withdraw, name="withdraw_consent"),
]
