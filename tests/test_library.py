"""The step files of the six measures: complete, readable, planned without circles, and free of numbers."""

import copy
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
Template = dict[str, Any]
FILES = {
    "visits": ROOT / "visits/library/werkbezoek.toml",
    "driehoek": ROOT / "driehoek/library/prioriteit_in_de_driehoek.toml",
    "huisverbod": ROOT / "measures/huisverbod/library/huisverbod_vaker_inzetten.toml",
    "open_door": ROOT / "measures/open_door/library/burgemeester_als_last_resort.toml",
    "stop_it_now": ROOT / "measures/stop_it_now/library/stop_it_now.toml",
    "publicity": ROOT / "measures/publicity/library/campagneweek.toml",
}
ALWAYS = {"burgemeester", "loco", "kabinet"}
ROLES = {
    "visits": ALWAYS | {"communicatie"},
    "driehoek": ALWAYS | {"adviseur_oov", "driehoek_secretaris", "driehoek_lid", "beleid_zv"},
    "huisverbod": ALWAYS | {"adviseur_oov", "piket"},
    "open_door": ALWAYS | {"adviseur_oov", "piket"},
    "stop_it_now": ALWAYS | {"beleid_zv"},
    "publicity": ALWAYS | {"communicatie", "beleid_zv"},
}
ANCHORS = {  # (moment, default) of every anchor a template of this kind has
    "visits": {"start": (False, "today"), "visit": (True, "none")},
    "driehoek": {"start": (False, "today"), "meeting": (True, "none")},
    "huisverbod": {"start": (False, "today")},
    "open_door": {"start": (False, "today"), "week_monday": (False, "campaign_week")},
    "stop_it_now": {"start": (False, "today"), "decision": (False, "none")},
    "publicity": {"start": (False, "today"), "week_monday": (False, "campaign_week")},
}
NUMBERS = {"veilig_thuis", "noodnummer", "kindertelefoon", "politie", "csg", "stop_it_now"}
TEMPLATE_FIELDS = {"key", "kind", "title", "purpose", "anchors", "steps"}
STEP_FIELDS = {
    "key",
    "title",
    "guidance",
    "source",
    "otherwise",
    "role",
    "escalates_to",
    "offset",
    "unit",
    "remind",
    "evidence",
    "checklist",
}
KEY = re.compile(r"[a-z][a-z0-9_]{1,59}")
NUMBER_KEY = re.compile(r"\{tel:([^}]*)\}")
# Four digits and more in a row (a year apart), digits in groups, and the short emergency number.
PHONE_LIKE = re.compile(
    r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4,}|\d{2,4}[ -]\d{2,}(?:[ -]\d{2,})*|(?<![\d:])112(?!\d)"
)
OLD_NAMES = {"AMK": "Veilig Thuis", "Advies- en Meldpunt Kindermishandeling": "Veilig Thuis"}
UNWANTED = re.compile(r"\b(de daders?|een dader|AMHK|EOKM|Meldpunt Kinderporno)\b")


def load(kind: str) -> Template:
    return tomllib.loads(FILES[kind].read_text(encoding="utf-8"))


def texts(template: Template) -> list[str]:
    """Everything a reader sees, sources too."""
    fields = ("title", "guidance", "source", "otherwise")
    said = [template["title"], template["purpose"], *(one["label"] for one in template["anchors"])]
    for step in template["steps"]:
        said += [*(step[name] for name in fields), *step["checklist"]]
    return said


def bad_fields(template: Template) -> list[str]:
    wrong = sorted(TEMPLATE_FIELDS ^ set(template))
    for anchor in template["anchors"]:
        wrong += sorted({"key", "label", "moment", "default"} ^ set(anchor))
    for step in template["steps"]:
        wrong += sorted(STEP_FIELDS ^ (set(step) - {"anchor", "after"}))
    return wrong


def bad_keys(template: Template) -> list[str]:
    keys = [step["key"] for step in template["steps"]]
    shaped = [template["key"], *keys]
    return [key for key in keys if keys.count(key) > 1] + [key for key in shaped if not KEY.fullmatch(key)]


def bad_anchors(template: Template) -> list[str]:
    found = {one["key"]: (one["moment"], one["default"]) for one in template["anchors"]}
    return [] if found == ANCHORS[template["kind"]] else [f"{found}"]


def bad_number_of_steps(template: Template) -> list[str]:
    count = len(template["steps"])
    return [] if 9 <= count <= 14 else [f"{count} steps"]


def bad_lengths(template: Template) -> list[str]:
    wrong = []
    for step in template["steps"]:
        limits = {"title": 80, "otherwise": 300, "source": 300}
        wrong += [
            f"{step['key']}.{name}"
            for name, most in limits.items()
            if not 0 < len(step[name].strip()) <= most
        ]
        if not 40 <= len(step["guidance"].split()) <= 150:
            wrong.append(f"{step['key']}: {len(step['guidance'].split())} words")
        if len(step["checklist"]) > 12 or any(not 0 < len(line) < 200 for line in step["checklist"]):
            wrong.append(f"{step['key']}.checklist")
    return wrong


def bad_titles(template: Template) -> list[str]:
    """A published title may stand in a mail: no figures, no number of the register, no two alike."""
    titles = [step["title"] for step in template["steps"]]
    return [one for one in titles if re.search(r"[\d{}@]", one) or titles.count(one) > 1]


def bad_lists(template: Template) -> list[str]:
    """A list has a blank line before and after it, and an item is one line."""
    wrong = []
    for step in template["steps"]:
        for block in re.split(r"\n\s*\n", step["guidance"].strip()):
            lines = block.splitlines()
            items = [line.startswith("- ") for line in lines]
            if items != [True] * len(items) and len(lines) > 1:
                wrong.append(f"{step['key']}: {block[:40]}")
    return wrong


def bad_roles(template: Template) -> list[str]:
    allowed = ROLES[template["kind"]]
    return [
        f"{step['key']}: {role}"
        for step in template["steps"]
        for role in (step["role"], step["escalates_to"])
        if role not in allowed
    ]


def bad_ladders(template: Template) -> list[str]:
    """Nobody escalates to himself."""
    return [step["key"] for step in template["steps"] if step["role"] == step["escalates_to"]]


def bad_counting(template: Template) -> list[str]:
    """Exactly one of anchor and after; both exist; hours only from a moment."""
    anchors = {one["key"]: one for one in template["anchors"]}
    keys = {step["key"] for step in template["steps"]}
    wrong = []
    for step in template["steps"]:
        anchor, after = step.get("anchor", ""), step.get("after", "")
        known = anchor in anchors if anchor else after in keys
        if bool(anchor) == bool(after) or not known:
            wrong.append(f"{step['key']}: {anchor!r} {after!r}")
        if step["unit"] not in {"werkdagen", "dagen", "uren"} or not isinstance(step["offset"], int):
            wrong.append(f"{step['key']}: {step['offset']} {step['unit']}")
        if step["unit"] == "uren" and not anchors.get(anchor, {}).get("moment"):
            wrong.append(f"{step['key']}: hours without a moment")
    return wrong


def circles(template: Template) -> list[str]:
    after = {step["key"]: step.get("after", "") for step in template["steps"]}
    wrong = []
    for start in after:
        seen, key = set(), start
        while key and key not in seen:
            seen.add(key)
            key = after.get(key, "")
        if key:
            wrong.append(start)
    return wrong


def bad_reminders(template: Template) -> list[str]:
    return [
        f"{step['key']}: {step['remind']}"
        for step in template["steps"]
        if not 1 <= len(step["remind"]) <= 6
        or step["remind"] != sorted(set(step["remind"]))
        or not all(type(day) is int for day in step["remind"])
    ]


def bad_evidence(template: Template) -> list[str]:
    used = {step["evidence"] for step in template["steps"]}
    wanted = {"decision", "document", "briefing"}
    return sorted(wanted - used) + sorted(used - wanted - {"none"})


def phone_like(template: Template) -> list[str]:
    return [found[0] for one in texts(template) if (found := PHONE_LIKE.search(NUMBER_KEY.sub("", one)))]


def unknown_numbers(template: Template) -> list[str]:
    """Keys outside the register, and braces that are no key."""
    wrong = []
    for one in texts(template):
        wrong += [key for key in NUMBER_KEY.findall(one) if key not in NUMBERS]
        wrong += re.findall(r"[{}]", NUMBER_KEY.sub("", one))
    return wrong


def bad_words(template: Template) -> list[str]:
    """Neutral words, and an old name never without today's."""
    wrong = [found[0] for one in texts(template) if (found := UNWANTED.search(one))]
    for one in texts(template):
        wrong += [old for old, new in OLD_NAMES.items() if old in one and new not in one]
    return wrong


RULES: list[Callable[[Template], list[str]]] = [
    bad_fields,
    bad_keys,
    bad_anchors,
    bad_number_of_steps,
    bad_lengths,
    bad_titles,
    bad_lists,
    bad_roles,
    bad_ladders,
    bad_counting,
    circles,
    bad_reminders,
    bad_evidence,
    phone_like,
    unknown_numbers,
    bad_words,
]


def first(**changes) -> Callable[[Template], None]:
    """Spoil the first step."""
    return lambda template: template["steps"][0].update(changes)


def every(**changes) -> Callable[[Template], None]:
    """Spoil all steps."""

    def spoil(template: Template) -> None:
        for step in template["steps"]:
            step.update(changes)

    return spoil


def drop(count: int) -> Callable[[Template], None]:
    """Leave `count` steps."""
    return lambda template: template.update(steps=template["steps"][:count])


SPOILED: list[tuple[Callable[[Template], list[str]], Callable[[Template], None]]] = [
    (bad_fields, first(term="tien_dagen")),
    (bad_fields, lambda template: template["steps"][0].pop("otherwise")),
    (bad_keys, every(key="zelfde")),
    (bad_keys, first(key="Met-streep")),
    (bad_anchors, lambda template: template["anchors"][1].update(default="today")),
    (bad_anchors, lambda template: template["anchors"].pop()),
    (bad_number_of_steps, drop(8)),
    (bad_lengths, first(guidance="woord " * 39)),
    (bad_lengths, first(guidance="woord " * 151)),
    (bad_lengths, first(title="x" * 81)),
    (bad_lengths, first(otherwise="")),
    (bad_lengths, first(source="x" * 301)),
    (bad_lengths, first(checklist=["regel"] * 13)),
    (bad_lengths, first(checklist=["x" * 200])),
    (bad_titles, first(title="Bel nummer 3")),
    (bad_titles, every(title="Zelfde titel")),
    (bad_lists, first(guidance="Spreek af:\n- een")),
    (bad_lists, first(guidance="Een regel\nen zijn vervolg")),
    (bad_roles, first(role="receptie")),
    (bad_roles, first(escalates_to="wethouder")),
    (bad_ladders, first(role="kabinet", escalates_to="kabinet")),
    (bad_counting, first(after="doel_en_gastheer_kiezen")),
    (bad_counting, first(anchor="")),
    (bad_counting, first(anchor="kerst")),
    (bad_counting, first(anchor="", after="bestaat_niet")),
    (bad_counting, first(unit="weken")),
    (bad_counting, first(unit="uren")),
    (circles, first(after="doel_en_gastheer_kiezen")),
    (bad_reminders, first(remind=[0, -1])),
    (bad_reminders, first(remind=[-1, -1])),
    (bad_reminders, first(remind=[1, 2, 3, 4, 5, 6, 7])),
    (bad_reminders, first(remind=[])),
    (bad_evidence, every(evidence="document")),
    (bad_evidence, first(evidence="foto")),
    (phone_like, first(otherwise="Bel 0800-1234.")),
    (phone_like, first(otherwise="Bel 0612345678.")),
    (phone_like, first(checklist=["Bel 112"])),
    (phone_like, first(source="Tel. 020 123 45 67")),
    (unknown_numbers, first(guidance="Bel {tel:brandweer}.")),
    (unknown_numbers, first(title="Bel {telefoon}")),
    (bad_words, first(guidance="Bel het AMK.")),
    (bad_words, first(guidance="Zeg niets over de dader.")),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("kind", FILES)
def test_a_step_file_keeps_every_rule(kind, rule):
    assert rule(load(kind)) == []


@pytest.mark.parametrize(("rule", "spoil"), SPOILED)
def test_a_spoiled_step_file_is_refused(rule, spoil):
    template = copy.deepcopy(load("visits"))
    spoil(template)
    assert rule(template)


def test_no_rule_goes_untried():
    assert {rule.__name__ for rule in RULES} == {rule.__name__ for rule, _ in SPOILED}


def test_there_is_one_template_for_each_of_the_six_kinds():
    found = [*ROOT.glob("*/library/*.toml"), *ROOT.glob("measures/*/library/*.toml")]
    assert sorted(found) == sorted(FILES.values())
    assert {kind: load(kind)["kind"] for kind in FILES} == {kind: kind for kind in FILES}
    assert len({load(kind)["key"] for kind in FILES}) == 6


@pytest.mark.parametrize("kind", FILES)
def test_the_key_of_a_template_is_the_name_of_its_file(kind):
    assert load(kind)["key"] == FILES[kind].stem


@pytest.mark.parametrize("kind", ["visits", "driehoek", "stop_it_now"])
def test_a_dated_measure_has_work_before_and_after_its_date(kind):
    dated = next(one["key"] for one in load(kind)["anchors"] if one["key"] != "start")
    offsets = [step["offset"] for step in load(kind)["steps"] if step.get("anchor") == dated]
    assert min(offsets) < 0 < max(offsets)


def test_the_sticker_waits_for_desk_rota_and_test_alarm():
    steps = {step["key"]: step for step in load("open_door")["steps"]}
    release = steps["sticker_vrijgeven"]
    assert release["evidence"] == "decision"
    for key in ("balie_instrueren", "rooster_vullen", "proefalarm_houden", "nachttekst_maken"):
        assert steps[key]["anchor"] == release["anchor"] == "week_monday"
        assert steps[key]["offset"] < release["offset"] < steps["sticker_plakken"]["offset"]


def test_the_desk_reaches_emergency_and_veilig_thuis_on_the_card_and_on_a_closed_door():
    steps = {step["key"]: step for step in load("open_door")["steps"]}
    for key in ("belroute_vastleggen", "protocolkaart_maken", "nachttekst_maken"):
        assert "{tel:noodnummer}" in steps[key]["guidance"]
        assert "{tel:veilig_thuis}" in steps[key]["guidance"]


def test_the_policy_on_bans_sets_right_what_the_sheet_says_of_the_wethouder():
    steps = {step["key"]: step for step in load("huisverbod")["steps"]}
    said = steps["bevoegdheid_en_mandaat_nagaan"]["guidance"]
    assert "wethouder Zorg" in said
    assert "geen basis" in said
    assert "loco-burgemeester" in said


def test_a_grant_names_its_basis_and_is_the_college_s():
    steps = {step["key"]: step for step in load("stop_it_now")["steps"]}
    assert "4:23" in steps["grondslag_bepalen"]["source"]
    assert "niet de burgemeester alleen" in steps["collegevoorstel_indienen"]["guidance"]
