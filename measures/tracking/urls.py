"""The addresses of templates, measures and actions."""

from django.urls import path

from measures.tracking.views import (
    actions,
    appointments,
    briefing,
    dates,
    guests,
    listing,
    measures,
    papers,
    templates,
)

app_name = "tracking"
urlpatterns = [
    path("acties/", listing.mine, name="mine"),
    path("acties/<uuid:pk>/", actions.detail, name="action"),
    path("acties/<uuid:pk>/klaar/", actions.finish, name="finish"),
    path("acties/<uuid:pk>/ongedaan-maken/", actions.undo, name="undo"),
    path("acties/<uuid:pk>/oppakken/", actions.begin, name="begin"),
    path("acties/<uuid:pk>/overdragen/", actions.hand_over, name="hand_over"),
    path("acties/<uuid:pk>/later/", actions.later, name="later"),
    path("acties/<uuid:pk>/laten-vervallen/", actions.drop, name="drop"),
    path("acties/<uuid:pk>/heropenen/", actions.reopen, name="reopen"),
    path("acties/<uuid:pk>/datum/", dates.pin, name="pin"),
    path("acties/<uuid:pk>/datum-loslaten/", dates.unpin, name="unpin"),
    path("acties/<uuid:pk>/notitie/", actions.note, name="note"),
    path("acties/<uuid:pk>/stukken/toevoegen/", papers.to_action, name="add_paper_to_action"),
    path("acties/<uuid:pk>/regels/<uuid:line>/", actions.tick, name="tick"),
    path("maatregelen/", listing.measures, name="measures"),
    path("maatregelen/starten/", templates.choose, name="choose"),
    path("maatregelen/starten/<uuid:pk>/", measures.start, name="start"),
    path("maatregelen/<uuid:pk>/", measures.detail, name="measure"),
    path("maatregelen/<uuid:pk>/ijkdatum/<slug:name>/", measures.anchor, name="anchor"),
    path("maatregelen/<uuid:pk>/actie-toevoegen/", measures.add_action, name="add_action"),
    path("maatregelen/<uuid:pk>/stukken/toevoegen/", papers.to_measure, name="add_paper_to_measure"),
    path("maatregelen/<uuid:pk>/perstekst/", papers.press_text, name="add_press_text"),
    path("maatregelen/<uuid:pk>/afronden/", measures.complete, name="complete"),
    path("maatregelen/<uuid:pk>/stoppen/", measures.stop, name="stop"),
    path("maatregelen/<uuid:pk>/heropenen/", measures.reopen, name="reopen_measure"),
    path("maatregelen/<uuid:pk>/briefing/", briefing.page, name="briefing"),
    path("maatregelen/<uuid:pk>/briefing/maken/", briefing.ask, name="ask_briefing"),
    path("maatregelen/<uuid:pk>/afspraak-plannen/", appointments.plan, name="plan_appointment"),
    path("afspraken/<uuid:pk>/", appointments.detail, name="appointment"),
    path("afspraken/<uuid:pk>/wijzigen/", appointments.change, name="change_appointment"),
    path("afspraken/<uuid:pk>/afzeggen/", appointments.cancel, name="cancel_appointment"),
    path("afspraken/<uuid:pk>/uitnodigen/", guests.invite, name="invite"),
    path("afspraken/<uuid:pk>/genodigden/<uuid:guest>/intrekken/", guests.withdraw, name="uninvite"),
    path("sjablonen/", templates.listing, name="templates"),
    path("sjablonen/<uuid:pk>/", templates.detail, name="template"),
]
