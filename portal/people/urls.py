"""The addresses of people, invitations and first steps."""

from django.urls import path

from portal.people.places import DRIEHOEK, MUNICIPALITY, NATIONAL
from portal.people.views import entrance, invitations, leaves, me, memberships, people, steps

app_name = "people"
urlpatterns = [
    path("eerste-stappen/", steps.first_steps, name="first_steps"),
    path("eerste-stappen/proefmail/", steps.test_mail, name="test_mail"),
    path("eerste-stappen/proefmail/stand/", steps.test_mail_state, name="test_mail_state"),
    path("mijn-gegevens/", me.me_page, name="me"),
    path("verlof/", leaves.overview, name="leaves"),
    path("verlof/melden/", leaves.announce, name="announce"),
    path("verlof/<uuid:pk>/", leaves.show, name="leave"),
    path("verlof/<uuid:pk>/wijzigen/", leaves.change, name="change_leave"),
    path("verlof/<uuid:pk>/beeindigen/", leaves.end, name="end_leave"),
    path("mensen/", people.overview, name="people"),
    path("mensen/gemeente/<uuid:pk>/", people.place, {"kind": MUNICIPALITY}, name="municipality"),
    path("mensen/driehoek/<uuid:pk>/", people.place, {"kind": DRIEHOEK}, name="driehoek"),
    path("mensen/landelijk/", people.place, {"kind": NATIONAL}, name="national"),
    path("mensen/uitnodigen/", invitations.invite, name="invite"),
    path("mensen/uitnodigingen/<uuid:pk>/opnieuw/", invitations.resend, name="resend"),
    path("mensen/uitnodigingen/<uuid:pk>/intrekken/", invitations.withdraw, name="withdraw"),
    path("mensen/<uuid:pk>/", memberships.change, name="membership"),
    path("mensen/<uuid:pk>/beeindigen/", memberships.end, name="end"),
    path("mensen/<uuid:pk>/overdragen/", memberships.hand_on, name="hand_on"),
    path("mensen/<uuid:pk>/verlof/", leaves.announce_for, name="announce_for"),
    path("mensen/<uuid:pk>/weer-mailen/", memberships.retry_mail, name="retry_mail"),
    path("uitnodiging/", entrance.accept, name="accept"),
    path("uitnodiging/<slug:token>/", entrance.link, name="invitation_link"),
]
