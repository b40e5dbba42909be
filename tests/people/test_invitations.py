"""The life of an invitation: made, mailed, opened, taken up once, sent again, withdrawn, expired."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.audit.models import AuditRow
from portal.mail.models import Message
from portal.municipalities.models import Scope
from portal.people.actions.invitations import hash_of
from portal.people.models import Invitation, Membership, Person
from tests.cast import World
from tests.people.pages import ask, come_in, errors, fill, invited, link_in, said


@pytest.fixture
def beheer(world: World, sign_in) -> Client:
    return sign_in(world.beheerder_a)


def opened(path: str) -> str:
    """What a stranger with this link reads."""
    return Client().get(path, follow=True).content.decode()


def test_somebody_new_comes_in_with_a_name_and_a_password(world: World, beheer: Client) -> None:
    invitation, path = invited(beheer, function="raadadviseur", ends_on="2026-12-31")
    stranger = Client()
    page = stranger.get(path, follow=True)
    assert page.request["PATH_INFO"] == reverse("people:accept"), "the link leaves the address bar"
    assert "gemeente Voorbeeldstad" in page.content.decode()
    assert 'value="Q. Nieuw"' in page.content.decode()
    answer = come_in(stranger, path, name="Quirine Nieuw")
    assert answer.status_code == 302
    assert answer.url == "/"
    assert stranger.get("/").status_code == 200
    person = Person.objects.get(email=invitation.email)
    assert person.name == "Quirine Nieuw"
    made = Membership.objects.get(person=person)
    assert (made.role, made.function, made.scope) == ("kabinet", "raadadviseur", world.a)
    assert str(made.ends_on) == "2026-12-31"
    events = AuditRow.objects.filter(municipality_id=world.a.municipality_id).values_list("event", flat=True)
    assert list(events.order_by("id")) == ["invitation.made", "invitation.accepted", "membership.begun"]


def test_a_required_second_factor_is_asked_right_away(beheer: Client, settings) -> None:
    settings.SECOND_FACTOR = "required"
    _invitation, path = invited_without_factor(beheer, settings)
    stranger = Client()
    answer = come_in(stranger, path)
    assert stranger.get(answer.url).url == reverse("mfa_activate_totp")
    assert stranger.get(reverse("mfa_activate_totp")).status_code == 200, "no password is asked again"


def invited_without_factor(client: Client, settings) -> tuple[Invitation, str]:
    settings.SECOND_FACTOR = "offered"
    try:
        return invited(client)
    finally:
        settings.SECOND_FACTOR = "required"


def test_the_database_knows_only_a_hash(beheer: Client) -> None:
    invitation, path = invited(beheer)
    token = path.rstrip("/").rpartition("/")[2]
    assert len(token) >= 40
    assert invitation.token_hash == hash_of(token)
    Client().get(path)
    from django.contrib.sessions.models import Session

    assert not any(token in str(row.get_decoded()) for row in Session.objects.all())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"withdrawn_at": True}, "Deze uitnodiging is ingetrokken"),
        ({"expires_at": True}, "Deze link is verlopen"),
    ],
)
def test_a_closed_link_says_why(beheer: Client, change: dict, sentence: str) -> None:
    _invitation, path = invited(beheer)
    Invitation.objects.update(**dict.fromkeys(change, clock.now()))
    answer = Client().get(path, follow=True)
    assert answer.status_code == 410
    assert sentence in answer.content.decode()
    assert come_in(Client(), path).status_code == 410
    assert not Person.objects.filter(email="nieuw@voorbeeldstad.example").exists()


def test_it_works_seven_days(beheer: Client) -> None:
    _invitation, path = invited(beheer)
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=-1), tick=False):
        assert "Kies een wachtwoord" in opened(path)
    with time_machine.travel(clock.now() + timedelta(days=7), tick=False):
        assert "Deze link is verlopen" in opened(path)


def test_it_works_once(beheer: Client) -> None:
    _invitation, path = invited(beheer)
    come_in(Client(), path)
    assert "al gebruikt" in opened(path)
    assert come_in(Client(), path).status_code == 410
    assert Person.objects.filter(email="nieuw@voorbeeldstad.example").count() == 1


def test_an_unknown_link_says_what_to_do(db: None) -> None:
    assert "Open de nieuwste mail" in opened("/uitnodiging/zomaar-iets/")
    assert Client().get(reverse("people:accept")).status_code == 410


def test_a_period_that_is_over_lets_nobody_in(beheer: Client) -> None:
    _invitation, path = invited(beheer, ends_on="2026-10-06")
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert "De periode van deze uitnodiging is voorbij" in opened(path)


def test_sending_again_kills_the_old_link(world: World, beheer: Client, sign_in) -> None:
    invitation, old = invited(beheer)
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        beheer = sign_in(world.beheerder_a)
        answer = fill(beheer, reverse("people:resend", args=[invitation.pk]))
        assert "De oude werkt niet meer" in said(answer, beheer)[0]
        new = link_in(Message.objects.get(address=invitation.email))
        assert new != old
        assert "Deze link werkt niet" in opened(old)
        assert "Kies een wachtwoord" in opened(new)


def test_sending_again_from_an_old_page_is_a_choice(beheer: Client) -> None:
    invitation, _path = invited(beheer)
    url = reverse("people:resend", args=[invitation.pk])
    seen = beheer.get(url).context["form"]["version"].value()
    assert beheer.post(url, {"version": seen}).status_code == 302
    answer = beheer.post(url, {"version": seen})
    assert answer.status_code == 409
    assert "Intussen is dit gewijzigd" in answer.content.decode()


def test_withdrawing_ends_the_link_and_the_mail_that_waits(beheer: Client) -> None:
    invitation, path = invited(beheer)
    fill(beheer, reverse("people:withdraw", args=[invitation.pk]))
    assert "Deze uitnodiging is ingetrokken" in opened(path)
    assert not Message.objects.exists()
    again = fill(beheer, reverse("people:withdraw", args=[invitation.pk]))
    assert said(again, beheer) == ["Deze uitnodiging is intussen ingetrokken."]


def test_a_known_person_accepts_with_one_button(world: World, beheer: Client, sign_in) -> None:
    _invitation, path = invited(beheer, email=world.kabinet_b.email, role="communicatie")
    assert "U hebt al een account" in opened(path)
    client = sign_in(world.kabinet_b)
    assert "Neem de uitnodiging aan" in client.get(path, follow=True).content.decode()
    answer = client.post(reverse("people:accept"))
    assert said(answer, client) == ["U werkt nu ook voor gemeente Voorbeeldstad."]
    assert {str(role) for role in world.kabinet_b.roles_in(world.a)} == {"communicatie"}
    assert Person.objects.filter(email=world.kabinet_b.email).count() == 1
    assert "al gebruikt" in opened(path)


def test_somebody_else_who_is_signed_in_gets_nothing(world: World, beheer: Client) -> None:
    _invitation, path = invited(beheer)
    answer = beheer.get(path, follow=True)
    assert answer.status_code == 403
    assert "is voor nieuw@voorbeeldstad.example" in answer.content.decode()
    assert beheer.post(reverse("people:accept")).status_code == 403
    assert world.beheerder_a.roles_in(world.a) == {"beheerder"}


def test_the_answer_is_the_same_for_known_and_unknown(world: World, beheer: Client) -> None:
    answers = []
    for email in ("niemand@elders.example", world.kabinet_b.email, world.ovj.email):
        answer = ask(beheer, email=email, name="Iemand")
        page = beheer.get(answer.url)
        answers.append((answer.url, [str(one) for one in page.context["messages"]]))
        assert email in page.content.decode()
    assert len({str(one) for one in answers}) == 1
    mails = {
        row.text.replace(link_in(row), "").replace(row.address, "")
        for row in Message.objects.filter(state="planned")
    }
    assert len(mails) == 1


def test_a_colleague_gets_the_role_at_once(world: World, beheer: Client) -> None:
    answer = ask(beheer, email=world.kabinet_a.email, role="communicatie")
    assert said(answer, beheer) == ["Deze persoon werkt hier al en heeft de rol Communicatie er nu bij."]
    assert world.kabinet_a.roles_in(world.a) == {"kabinet", "communicatie"}
    assert not Invitation.objects.exists()


def test_who_gives_himself_a_role_is_seen(world: World, beheer: Client) -> None:
    ask(beheer, email=world.beheerder_a.email, role="burgemeester")
    row = AuditRow.objects.get(event="membership.given")
    assert row.actor_id == world.beheerder_a.pk
    assert row.changes["person"]["new"] == str(world.beheerder_a.pk)
    page = beheer.get(reverse("people:people")).content.decode()
    assert "gaf zichzelf de rol Burgemeester" in page


def test_the_same_form_twice_makes_one_invitation(beheer: Client) -> None:
    url = reverse("people:invite")
    form = beheer.get(url).context["form"]
    from tests.people.pages import ASKED

    data = ASKED | {"key": form["key"].value(), "place": form["place"].value()}
    first, second = beheer.post(url, data), beheer.post(url, data)
    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert Invitation.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"email": "geen adres"}, "email", "naam@gemeente.nl"),
        ({"email": "x" * 250 + "@gemeente.example"}, "email", "te lang. Schrijf hoogstens 254 tekens"),
        ({"email": "kabinet@voorbeeldstad.example"}, "email", "heeft deze rol hier al"),
        ({"name": ""}, "name", "Vul de naam in"),
        ({"name": "N. Vos 111222333"}, "name", "burgerservicenummer"),
        ({"role": ""}, "role", "Kies een rol"),
        ({"role": "driehoek_lid"}, "role", ""),
        ({"place": "landelijk"}, "place", ""),
        ({"starts_on": "2026-10-04"}, "starts_on", "al voorbij"),
        ({"starts_on": "31-02-2027"}, "starts_on", "dag-maand-jaar"),
        ({"ends_on": "2026-10-04"}, "ends_on", "al voorbij"),
        ({"starts_on": "2026-11-01", "ends_on": "2026-10-20"}, "ends_on", "vóór de eerste dag"),
        ({"ends_on": "2036-01-01"}, "ends_on", "tot en met 2035"),
    ],
)
def test_bad_input_gets_one_sentence(beheer: Client, changes: dict, field: str, sentence: str) -> None:
    found = errors(ask(beheer, **changes))
    assert list(found) == [field]
    assert len(found[field]) == 1
    assert sentence in found[field][0]
    assert not Invitation.objects.exists()


def test_inviting_twice_for_the_same_role_is_refused(beheer: Client) -> None:
    ask(beheer)
    assert "al uitgenodigd voor deze rol" in errors(ask(beheer))["email"][0]
    assert ask(beheer, role="piket").status_code == 302


OWN = "nieuw@voorbeeldstad.example"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"password1": "kort", "password2": "kort"}, "password1", "te kort. Kies minstens 12 tekens"),
        ({"password1": "een lange zin", "password2": "een andere zin"}, "password2", "niet hetzelfde"),
        ({"name": ""}, "name", "verplicht"),
        ({"password1": OWN, "password2": OWN}, "password1", "lijkt te veel op uw naam of e-mailadres"),
    ],
)
def test_a_bad_password_or_name_keeps_the_link_open(
    beheer: Client, changes: dict, field: str, sentence: str
) -> None:
    _invitation, path = invited(beheer)
    found = errors(come_in(Client(), path, **changes))
    assert list(found) == [field]
    assert sentence in found[field][0]
    assert not Person.objects.filter(email=OWN).exists()
    assert come_in(Client(), path).status_code == 302


def test_the_mail_says_no_name_and_no_other_address(world: World, beheer: Client) -> None:
    ask(beheer)
    mail = Message.objects.get()
    assert (mail.person_id, mail.address) == (None, "nieuw@voorbeeldstad.example")
    for text in (mail.subject, mail.text, mail.html):
        assert "Nieuw" not in text
        assert "@" not in text.replace("@media", "")
        assert world.beheerder_a.name not in text
        assert "INVALID" not in text
    assert "gemeente Voorbeeldstad, in de rol Kabinet" in mail.text


def test_a_beheerder_who_reads_english_sends_dutch_mail(world: World, beheer: Client) -> None:
    Person.objects.filter(pk=world.beheerder_a.pk).update(language="en")
    ask(beheer)
    assert "U bent uitgenodigd" in Message.objects.get().subject


def test_who_has_the_role_already_gets_no_second_one(world: World, beheer: Client, sign_in) -> None:
    _invitation, path = invited(beheer, email=world.kabinet_b.email)
    Membership.objects.create(
        person=world.kabinet_b, role="kabinet", starts_on=clock.today(), **world.a.as_fields()
    )
    client = sign_in(world.kabinet_b)
    client.get(path)
    assert client.post(reverse("people:accept")).status_code == 302
    assert Membership.objects.filter(person=world.kabinet_b, **world.a.as_fields()).count() == 1
    assert Scope(world.a.municipality_id) == world.a
