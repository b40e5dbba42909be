"""Bad input: one clear Dutch sentence, nothing lost, nothing half done."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from measures.tracking import actions as act
from measures.tracking import library
from measures.tracking.models import Action, Measure, Note, TemplateVersion
from tests.cast import World, step
from tests.toys import STEPS, WORDS, toy


def errors(page: str) -> list[str]:
    return [
        re.sub(r"<[^>]+>", "", one).strip()
        for one in re.findall(r'class="field__error[^>]*>(.*?)</div>', page, re.S)
    ]


def start_page(world: World, client, version: TemplateVersion, **changes: str):
    url = reverse("tracking:start", args=[version.pk])
    key = client.get(url).context["form"]["key"].value()
    data = {
        "title": "Open deur",
        "scope": str(world.a.municipality_id),
        "key": key,
        "anchor_start": "2026-10-05",
        "anchor_week_monday": "2026-11-16",
    }
    return client.post(url, data | changes), data | changes


@pytest.fixture
def version(world: World) -> TemplateVersion:
    from tests.toys import template

    return template()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"anchor_week_monday": "20226-11-16"}, "dag-maand-jaar"),
        ({"anchor_week_monday": "2126-11-16"}, "tot en met 2035"),
        ({"anchor_week_monday": "1026-11-16"}, "van 2013"),
        ({"anchor_week_monday": "31-02-2027"}, "dag-maand-jaar"),
        ({"title": "x" * 10_000}, "120"),
        ({"title": "111222333"}, "burgerservicenummer"),
        ({"title": ""}, ""),
        ({"scope": "00000000-0000-0000-0000-000000000000"}, "Voor wie|keuze"),
    ],
)
def test_starting_with_bad_input(world: World, sign_in, version, changes: dict, sentence: str) -> None:
    answer, sent = start_page(world, sign_in(world.kabinet_a), version, **changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    said = answer.context["form"].errors
    assert sum(len(one) for one in said.values()) == 1
    assert re.search(sentence, str(said))
    assert not Measure.objects.exists()
    for value in sent.values():
        if len(value) < 200 and value not in (sent["scope"], sent["key"]):
            assert value in page, "what was typed stays"


def test_a_form_sent_twice_makes_one_measure(world: World, sign_in, version) -> None:
    client = sign_in(world.kabinet_a)
    first, data = start_page(world, client, version)
    second = client.post(reverse("tracking:start", args=[version.pk]), data)
    assert first.url == second.url
    assert Measure.objects.count() == 1


def test_klaar_pressed_twice_says_that_it_is_done(world: World, sign_in) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    client = sign_in(world.kabinet_a)
    url = reverse("tracking:finish", args=[action.pk])
    client.post(url, {"version": 1})
    again = client.post(url, {"version": 2}, follow=True)
    assert "al klaar" in again.content.decode()


def test_a_stale_page_gets_the_form_back_with_what_changed(world: World, sign_in) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    url = reverse("tracking:drop", args=[action.pk])
    act.hand_over(by=world.burgemeester_a, action=action, to_person=world.oov_a)
    client = sign_in(world.kabinet_a)
    answer = client.post(url, {"version": 1, "reason": "Niet nodig want al geregeld"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Niet nodig want al geregeld" in page
    assert "M. van Dijk" in page
    assert "droeg de actie over" in page
    assert Action.objects.get(pk=action.pk).state == "open"
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert client.post(url, {"version": version, "reason": "Toch niet nodig"}).status_code == 302


def test_a_bsn_in_a_note_is_refused_and_the_note_is_not_lost(world: World, sign_in) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    answer = sign_in(world.kabinet_a).post(
        reverse("tracking:note", args=[action.pk]), {"text": "Het gaat om 111222333 en meer", "key": "k"}
    )
    page = answer.content.decode()
    assert "geen BSN" in page
    assert "Het gaat om 111222333 en meer" in page
    assert not Note.objects.exists()


def test_a_note_sent_twice_is_one_note(world: World, sign_in) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    client = sign_in(world.kabinet_a)
    for _ in range(2):
        client.post(reverse("tracking:note", args=[action.pk]), {"text": "Gebeld", "key": "k"})
    assert Note.objects.count() == 1


def test_an_upload_where_none_is_expected_is_ignored(world: World, sign_in) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    answer = sign_in(world.kabinet_a).post(
        reverse("tracking:note", args=[action.pk]),
        {"text": SimpleUploadedFile("x.exe", b"MZ" * 1000), "key": "k"},
    )
    assert answer.status_code == 422
    assert not Note.objects.exists()


def test_a_huge_post_gets_one_sentence(world: World, sign_in) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    answer = sign_in(world.kabinet_a).post(
        reverse("tracking:note", args=[action.pk]), {"text": "x" * 2_000_000, "key": "k"}
    )
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("held", ["x", "", "\x00", "é", "00000000-0000-0000-0000-000000000000", "0" * 5000])
@pytest.mark.parametrize("name", ["note", "action"])
def test_a_held_post_that_does_not_exist_shows_the_empty_form(
    world: World, sign_in, name: str, held: str
) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    url = reverse(f"tracking:{name}", args=[action.pk])
    answer = sign_in(world.kabinet_a).get(url, {"bewaard": held})
    assert answer.status_code == 200
    assert "is bewaard" not in answer.content.decode()


MULTIPART = "multipart/form-data; boundary=x"
BODY = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nabc\xff\r\n--x--\r\n'


@pytest.mark.parametrize("charset", ["zip", "idna", "utf-16", "rot13", "unicode_escape", "hex"])
@pytest.mark.parametrize("signed", [True, False])
def test_a_post_in_a_strange_charset_is_refused(
    world: World, sign_in, client, charset: str, signed: bool
) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    url = reverse("tracking:note", args=[action.pk])
    who = sign_in(world.kabinet_a) if signed else client
    answer = who.generic("POST", url, BODY, content_type=f"{MULTIPART}; charset={charset}")
    assert answer.status_code == 400
    assert "Er is niets opgeslagen" in answer.content.decode()
    assert who.generic("GET", url, b"x", content_type=f"text/x; charset={charset}").status_code == 400


@pytest.mark.parametrize("encoding", ["zip", "idna", "nergens"])
def test_a_part_in_a_strange_charset_is_refused(world: World, sign_in, encoding: str) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    body = BODY.replace(b'name="text"', f"name*={encoding}''te%ffxt".encode())
    url = reverse("tracking:note", args=[action.pk])
    answer = sign_in(world.kabinet_a).generic("POST", url, body, content_type=MULTIPART)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", '"utf-8"'])
def test_utf8_by_any_name_is_read(world: World, sign_in, charset: str) -> None:
    action = step(toy(world.kabinet_a, world.a), "prepare")
    parts = {"text": "Gebeld: één", "key": "k"}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    answer = sign_in(world.kabinet_a).generic(
        "POST",
        reverse("tracking:note", args=[action.pk]),
        (body + "--x--\r\n").encode(),
        content_type=f"{MULTIPART}; charset={charset}",
    )
    assert answer.status_code == 302
    assert Note.objects.get().text == "Gebeld: één"


def test_evidence_from_the_future_is_refused(world: World, sign_in) -> None:
    action = step(toy(world.kabinet_a, world.a), "decide")
    answer = sign_in(world.kabinet_a).post(
        reverse("tracking:finish", args=[action.pk]),
        {"version": 1, "text": "Akkoord", "decided_by_role": "college", "dated_on": "2026-12-31"},
    )
    assert "toekomst" in answer.content.decode()
    assert Action.objects.get(pk=action.pk).state == "open"


def test_a_next_address_elsewhere_is_not_followed(world: World, sign_in) -> None:
    for evil in ("https://elders.example/", "//elders.example/", "/\\elders.example"):
        action = step(toy(world.kabinet_a, world.a), "prepare")
        answer = sign_in(world.kabinet_a).post(
            reverse("tracking:finish", args=[action.pk]), {"version": 1, "next": evil}
        )
        assert answer.url == reverse("tracking:action", args=[action.pk])


@pytest.mark.parametrize("token", ["x", "a:b:c", "eyJ9:1:1"])
def test_a_broken_page_marker_shows_the_first_page(world: World, sign_in, token: str) -> None:
    assert sign_in(world.kabinet_a).get(reverse("tracking:mine"), {"na": token}).status_code == 200


@pytest.mark.parametrize("query", [{"soort": "bestaat-niet"}, {"stand": "'; --"}, {"voor": "x"}])
def test_a_filter_that_does_not_exist_does_no_harm(world: World, sign_in, query: dict) -> None:
    assert sign_in(world.burgemeester_a).get(reverse("tracking:measures"), query).status_code == 200


def broken(**changes) -> str:
    lines = [
        'key = "x"',
        'kind = "open_door"',
        'title = "T"',
        'purpose = "P"',
        "[[anchors]]",
        'key = "week_monday"',
        'label = "L"',
    ]
    one = {
        **STEPS[0],
        "title": "Stap",
        "guidance": WORDS,
        "source": "B",
        "otherwise": "O",
        "role": "kabinet",
        "unit": "werkdagen",
    }
    one |= changes
    lines.append("[[steps]]")
    import json

    lines += [f"{name} = {json.dumps(value)}" for name, value in one.items()]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"unit": "uren"}, "uren tellen alleen vanaf een ijkdatum met een tijdstip"),
        ({"role": "communicatie"}, "ziet deze soort niet"),
        ({"after": "zichzelf"}, "precies één van"),
        ({"guidance": "Te kort."}, "telt 2 woorden"),
        ({"guidance": WORDS + " Bel 0800-2000."}, "telefoonnummer"),
        ({"guidance": WORDS + " Bel {tel:onbekend}."}, "staat niet in het register"),
        ({"offset": 20226}, "ten hoogste 1000"),
        ({"remind": [0] * 400}, "ten hoogste 10"),
        ({"colour": "groen"}, "bestaat niet"),
        ({"anchor": "visit"}, "staat niet bij de ijkdatums"),
    ],
)
def test_templates_check_says_what_to_mend(
    world: World, tmp_path, capsys, changes: dict, sentence: str
) -> None:
    path = tmp_path / "stap.toml"
    path.write_text(broken(**changes))
    with pytest.raises(CommandError):
        call_command("templates_check", str(path))
    said = capsys.readouterr().out
    assert sentence in said
    before = TemplateVersion.objects.count()
    with pytest.raises(library.BadTemplate):
        library.publish(library.parse(path.read_text()))
    assert TemplateVersion.objects.count() == before


def test_the_whole_library_is_in_order(world: World, capsys) -> None:
    call_command("templates_check")
    assert "In orde" in capsys.readouterr().out


def test_publishing_again_makes_no_new_version_and_never_touches_a_running_measure(world: World) -> None:
    measure = toy(world.kabinet_a, world.a)
    toy(world.kabinet_a, world.a)
    assert TemplateVersion.objects.filter(template__key="toy").count() == 1
    toy(world.kabinet_a, world.a, steps=STEPS[:2])
    assert TemplateVersion.objects.filter(template__key="toy").count() == 2
    measure.refresh_from_db()
    assert measure.template_version.number == 1
    assert measure.actions.count() == len(STEPS)
    assert measure.anchors.get(name="week_monday").on == date(2026, 11, 16)
