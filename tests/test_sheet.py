"""Every sentence of the sheet that asks, advises or offers something has become a step of a measure."""

import re
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs" / "bronvel.md"
SHEET_HASH = "c8b1fb2a607650ca6496b95af7d83b62c0022fdc4a501fba1061f89e6ad213bf"
NAMED_SECTIONS = re.compile(r"Bronvel 'Wat kunt u als burgemeester doen\?', ([^;]+)")

VISIT = "werkbezoek"
DRIEHOEK = "prioriteit_in_de_driehoek"
BAN = "huisverbod_vaker_inzetten"
DOOR = "burgemeester_als_last_resort"
STOP = "stop_it_now"
WEEK = "campagneweek"

SHEET: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "Bezoek, zo mogelijk in Driehoeksverband, hulpverleners en slachtoffers.",
        [
            (VISIT, "datum_met_driehoek_prikken"),
            (VISIT, "programma_vaststellen"),
            (VISIT, "gesprek_met_slachtoffers_voorbereiden"),
        ],
    ),
    (
        "Bijvoorbeeld het Advies- en Meldpunt Kindermishandeling of een crisisopvang van slachtoffers van "
        "huiselijk geweld en hun kinderen.",
        [(VISIT, "doel_en_gastheer_kiezen")],
    ),
    (
        "Nodig hierbij op de gepaste momenten de pers uit of schrijf er een column over in een huis- aan "
        "huisblad.",
        [
            (VISIT, "persmoment_of_column_kiezen"),
            (VISIT, "column_en_beeld_plaatsen"),
            (WEEK, "persplanning_maken"),
            (WEEK, "teksten_en_materialen_maken"),
            (WEEK, "teksten_goedkeuren"),
        ],
    ),
    (
        "U kunt in de Driehoek bespreken of voor kindermishandeling en seksueel misbruik afzonderlijke "
        "doelstellingen moeten worden geformuleerd in het gemeentelijke of regionale veiligheidsplan.",
        [
            (DRIEHOEK, "inzet_bepalen"),
            (DRIEHOEK, "doelstellingen_opstellen"),
            (DRIEHOEK, "besluiten_in_de_driehoek"),
            (DRIEHOEK, "veiligheidsplan_aanpassen"),
        ],
    ),
    (
        "U kunt laten onderzoeken of de inzet van de strafrechtpartners voldoende wordt afgestemd op de inzet "
        "van de hulpverleningspartners en omgekeerd.",
        [
            (DRIEHOEK, "inzet_bepalen"),
            (DRIEHOEK, "onderzoek_afstemming_opzetten"),
            (DRIEHOEK, "uitkomst_onderzoek_bespreken"),
        ],
    ),
    (
        "U kunt binnen de Driehoek besluiten kindermishandeling en seksueel misbruik dezelfde prioriteit als "
        "een 'high impact crime' geven.",
        [
            (DRIEHOEK, "inzet_bepalen"),
            (DRIEHOEK, "voorstel_prioriteit_schrijven"),
            (DRIEHOEK, "besluiten_in_de_driehoek"),
        ],
    ),
    (
        "Als burgemeester gaat u en/of de wethouder Zorg over het tijdelijk huisverbod.",
        # The step says what the law says: a wethouder decides only as acting mayor.
        [(BAN, "bevoegdheid_en_mandaat_nagaan"), (DRIEHOEK, "huisverbod_agenderen")],
    ),
    (
        "U kunt besluiten het huisverbod vaker in het geval van (directe vorm van) kindermishandeling in te "
        "zetten.",
        [(BAN, "beleid_vaststellen")],
    ),
    (
        "Ook dit kunt u in de Driehoek agenderen en/of in regionaal verband bespreken.",
        [(BAN, "agenderen_driehoek_en_regio"), (DRIEHOEK, "huisverbod_agenderen")],
    ),
    (
        "Maak aan uw gemeente bekend dat uw deur open staat voor kinderen die mishandeld worden en nergens "
        "anders terecht kunnen door de sticker uit deze map op uw gemeentehuis te plakken.",
        [
            (DOOR, "belofte_vaststellen"),
            (DOOR, "nachttekst_maken"),
            (DOOR, "sticker_vrijgeven"),
            (DOOR, "sticker_plakken"),
        ],
    ),
    (
        "U kunt hier de pers voor uitnodigen om er extra aandacht voor te vragen.",
        [
            (DOOR, "pers_en_briefing"),
            (WEEK, "persplanning_maken"),
            (WEEK, "teksten_goedkeuren"),
            (WEEK, "pers_uitnodigen"),
        ],
    ),
    (
        "Hiermee geeft u naar uw gemeente en naar uw ambtenaren een duidelijk signaal af: wij vinden "
        "kindermishandeling en seksueel misbruik een serieus probleem.",
        [
            (DOOR, "sticker_plakken"),
            (WEEK, "doel_en_boodschap_kiezen"),
            (WEEK, "teksten_en_materialen_maken"),
            (WEEK, "medewerkers_informeren"),
            (WEEK, "week_openen"),
        ],
    ),
    (
        "Ons advies is om dit te doen in de Week van Kinderen Veilig, in de week van 18 - 23 november 2013",
        [(WEEK, "datum_en_thema_controleren"), (WEEK, "week_openen"), (DOOR, "sticker_plakken")],
    ),
    (
        "Uw ambtenaren moeten dan op de hoogte zijn dat er kinderen aan de deur kunnen komen, met name de "
        "receptionisten en baliemedewerkers.",
        [
            (DOOR, "protocolkaart_maken"),
            (DOOR, "balie_instrueren"),
            (WEEK, "medewerkers_informeren"),
        ],
    ),
    (
        "U kunt bijvoorbeeld afspreken dat zij vervolgens de piketafdeling van de Directie Openbare Orde en "
        "Veiligheid bellen, omdat die korte lijnen heeft met u als burgemeester.",
        [(DOOR, "belroute_vastleggen"), (DOOR, "rooster_vullen")],
    ),
    (
        "U kunt het natuurlijk ook anders inrichten; het belangrijkste is dat het kind snel toegang tot heeft "
        "tot iemand die hem/haar verder zal helpen.",
        [(DOOR, "belroute_vastleggen"), (DOOR, "protocolkaart_maken"), (DOOR, "nachttekst_maken")],
    ),
    (
        "U kunt laten onderzoeken wat 'Stop it Now!' voor de gemeente of regio kan betekenen in het voorkomen "
        "van seksueel kindermisbruik.",
        [
            (STOP, "onderzoeksvraag_opstellen"),
            (STOP, "aanbod_en_behoefte_in_beeld"),
            (STOP, "regio_en_driehoek_afstemmen"),
            (STOP, "keuzememo_schrijven"),
        ],
    ),
    (
        "'Stop it Now!' biedt hulp aan mensen die pedofiele gevoelens ervaren en aan hun partners.",
        [(STOP, "gesprek_met_offlimits"), (STOP, "hulplijn_bekendmaken")],
    ),
    (
        "Gemeenten kunnen 'Stop it Now!' aanvullend financieren om mensen die worstelen met pedofiele "
        "gevoelens te behandelen.",
        [(STOP, "keuzememo_schrijven"), (STOP, "collegebesluit_vastleggen")],
    ),
]

NOT_ASKING: list[tuple[str, str]] = [
    (
        "Kindermishandeling en seksueel misbruik wat kunt u als burgemeester doen?",
        "the title of the sheet, a question that the rest answers",
    ),
    ("➤ **Werkbezoek**", "a heading"),
    ("➤ **Prioriteit binnen de Driehoek**", "a heading"),
    ("➤ **Tijdelijk huisverbod**", "a heading"),
    ("➤ **Burgemeester als last resort**", "a heading"),
    ("➤ **Voorkomen seksueel misbruik**", "a heading"),
]


def sheet_text() -> str:
    """The sheet without the two lines of heading above it."""
    return DOC.read_text(encoding="utf-8").split("\n", 2)[2].strip("\n")


def sentences(text: str) -> list[str]:
    """Every sentence and heading, in order."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [one for line in lines for one in re.split(r"(?<=[.?!])\s+(?=['A-Z])", line)]


def sections(text: str) -> dict[str, str]:
    """Under which heading every sentence stands."""
    found, heading = {}, ""
    for sentence in sentences(text):
        if sentence.startswith("➤"):
            heading = sentence.strip("➤ *")
        else:
            found[sentence] = heading
    return found


def misplaced(text: str) -> list[str]:
    """What stands in neither table or more than once, and what the tables have beside the sheet."""
    listed = [sentence for sentence, _ in SHEET] + [sentence for sentence, _ in NOT_ASKING]
    said = sentences(text)
    return [one for one in said if listed.count(one) != 1] + [one for one in listed if one not in said]


def library() -> dict[tuple[str, str], dict[str, Any]]:
    """Every step of the library by template and key."""
    steps: dict[tuple[str, str], dict[str, Any]] = {}
    for path in [*ROOT.glob("*/library/*.toml"), *ROOT.glob("measures/*/library/*.toml")]:
        template = tomllib.loads(path.read_text(encoding="utf-8"))
        steps |= {(template["key"], step["key"]): step for step in template["steps"]}
    return steps


STEPS = library()
REFERENCES = [(sentence, ref) for sentence, refs in SHEET for ref in refs]


def test_the_sheet_is_kept_word_for_word_under_two_lines_of_heading():
    heading = DOC.read_text(encoding="utf-8").splitlines()[:2]
    assert heading[0].startswith("# ")
    assert heading[1].strip()
    assert sha256(sheet_text().encode()).hexdigest() == SHEET_HASH


def test_every_sentence_of_the_sheet_stands_in_exactly_one_table():
    assert misplaced(sheet_text()) == []


def test_a_forgotten_or_invented_sentence_is_noticed():
    forgotten = "U kunt ook de scholen bezoeken."
    assert misplaced(f"{sheet_text()} {forgotten}") == [forgotten]
    last = SHEET[-1][0]
    assert misplaced(sheet_text().replace(last, "")) == [last]


def test_what_does_not_ask_says_why():
    assert all(reason.strip() for _, reason in NOT_ASKING)
    assert all(refs for _, refs in SHEET)


@pytest.mark.parametrize(("sentence", "ref"), REFERENCES)
def test_the_step_that_carries_a_sentence_out_exists_and_names_its_place_on_the_sheet(sentence, ref):
    assert ref in STEPS
    named = NAMED_SECTIONS.search(STEPS[ref]["source"])
    assert named, f"{ref} does not name the sheet as its source"
    heading = sections(sheet_text())[sentence]
    assert heading in named[1]


def test_every_step_that_names_the_sheet_belongs_to_a_sentence():
    claims = {key for key, step in STEPS.items() if "Bronvel" in step["source"]}
    assert claims == {ref for _, ref in REFERENCES}
