"""Reading step files, checking them, and publishing what changed as a new version."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction

from measures.tracking.kinds import Kind, kinds
from measures.tracking.models import Step, Template, TemplateVersion
from portal.municipalities.models import Municipality, PhoneNumber
from portal.planning.days import UNITS

EVIDENCE = ("none", "decision", "document", "briefing")
DEFAULTS = ("today", "campaign_week", "none")
MAX_CHECKS = 20
MAX_REMINDERS = 10
MAX_REMIND = 400
MAX_OFFSET = 1000
GUIDANCE_WORDS = (40, 150)
PHONE_KEY = re.compile(r"\{tel:([a-z_]+)\}")
# Digits that look like a telephone number: texts refer to the register by key instead.
PHONE_LIKE = re.compile(
    r"(?<![\w/-])(?:\+|00)?\d(?:[\s().-]?\d){6,}(?!\w)|(?<!\w)0\d{2,3}[\s-]\d{3,}|(?<![\w.])112(?!\w)"
)
_KEY = re.compile(r"^[a-z][a-z0-9_]{1,59}$")


@dataclass(frozen=True)
class AnchorFile:
    key: str
    label: str
    moment: bool = False
    default: str = "none"


@dataclass(frozen=True)
class StepFile:
    key: str
    title: str
    guidance: str
    source: str
    otherwise: str
    role: str
    unit: str = "werkdagen"
    offset: int = 0
    anchor: str = ""
    after: str = ""
    term: str = ""
    escalates_to: str = "burgemeester"
    remind: list[int] = field(default_factory=lambda: [-5, -1, 0, 2])
    evidence: str = "none"
    checklist: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TemplateFile:
    key: str
    kind: str
    title: str
    purpose: str
    anchors: list[AnchorFile]
    steps: list[StepFile]

    def content_hash(self) -> str:
        """SHA-256 of all content; the same content is the same version."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


class BadTemplate(ValueError):
    """A step file that cannot be used; `.problems` holds one Dutch sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def _built(cls: type[Any], data: dict[str, Any], where: str, problems: list[str]) -> Any:
    known = set(cls.__dataclass_fields__)
    for name in sorted(set(data) - known):
        problems.append(f"{where}: het veld '{name}' bestaat niet; haal het weg.")
    try:
        return cls(**{name: value for name, value in data.items() if name in known})
    except TypeError as error:
        missing = ", ".join(re.findall(r"'(\w+)'", str(error)))
        problems.append(f"{where}: vul deze velden in: {missing}.")
        return None


def parse(text: str) -> TemplateFile:
    """Read a step file; raises BadTemplate with every problem that its shape has."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadTemplate([f"Dit is geen geldig TOML-bestand: {error}."]) from error
    problems: list[str] = []
    anchors = [
        _built(AnchorFile, one, f"IJkdatum {nr}", problems)
        for nr, one in enumerate(data.pop("anchors", []), 1)
    ]
    steps = [
        _built(StepFile, one, f"Stap {one.get('key', nr)}", problems)
        for nr, one in enumerate(data.pop("steps", []), 1)
    ]
    whole = _built(TemplateFile, {**data, "anchors": anchors, "steps": steps}, "Sjabloon", problems)
    if problems:
        raise BadTemplate(problems)
    assert isinstance(whole, TemplateFile)
    return whole


def _circle(steps: dict[str, StepFile], key: str) -> bool:
    seen = set()
    while key and key in steps:
        if key in seen:
            return True
        seen.add(key)
        key = steps[key].after
    return False


def check(template: TemplateFile) -> list[str]:
    """Every reason why this template cannot be published, as Dutch sentences; empty when it can."""
    problems: list[str] = []
    kind = {one.key: one for one in kinds()}.get(template.kind)
    if kind is None:
        return [f"De soort '{template.kind}' bestaat niet."]
    anchors = {one.key: one for one in template.anchors}
    for anchor in template.anchors:
        if anchor.default not in DEFAULTS:
            problems.append(f"IJkdatum {anchor.key}: kies als default een van {', '.join(DEFAULTS)}.")
        if anchor.key != "start" and anchor.key not in kind.anchors:
            problems.append(f"IJkdatum {anchor.key}: deze soort kent die ijkdatum niet.")
    steps = {one.key: one for one in template.steps}
    if len(steps) != len(template.steps):
        problems.append("Twee stappen hebben dezelfde sleutel; geef elke stap een eigen sleutel.")
    numbers = set(PhoneNumber.objects.values_list("key", flat=True))
    for step in template.steps:
        problems += [
            f"Stap {step.key}: {text}" for text in _step_problems(step, anchors, steps, kind, numbers)
        ]
    return problems


def _step_problems(
    step: StepFile,
    anchors: dict[str, AnchorFile],
    steps: dict[str, StepFile],
    kind: Kind,
    numbers: set[str],
) -> list[str]:
    found = [*_timing(step, anchors, steps, kind), *_work(step, kind), *_words(step, numbers)]
    return [sentence for is_wrong, sentence in found if is_wrong]


Finding = tuple[bool, str]


def _timing(
    step: StepFile, anchors: dict[str, AnchorFile], steps: dict[str, StepFile], kind: Kind
) -> Iterator[Finding]:
    yield (
        sum(map(bool, (step.anchor, step.after, step.term))) != 1,
        "kies precies één van anchor, after of term.",
    )
    yield (
        bool(step.anchor) and step.anchor not in anchors,
        f"de ijkdatum '{step.anchor}' staat niet bij de ijkdatums.",
    )
    yield (
        bool(step.after) and step.after not in steps,
        f"de stap '{step.after}' waarna deze komt bestaat niet.",
    )
    yield _circle(steps, step.key), "deze stap wacht in een kring op zichzelf."
    yield (
        bool(step.term) and step.term not in kind.terms,
        f"de wettelijke termijn '{step.term}' bestaat niet bij deze soort.",
    )
    yield step.unit not in UNITS, f"kies als unit een van {', '.join(UNITS)}."
    yield (
        step.unit == "uren" and not (step.anchor in anchors and anchors[step.anchor].moment),
        "uren tellen alleen vanaf een ijkdatum met een tijdstip; kies dagen of werkdagen.",
    )
    yield abs(step.offset) > MAX_OFFSET, f"de afstand tot de ijkdatum is ten hoogste {MAX_OFFSET}."
    yield (
        len(step.remind) > MAX_REMINDERS
        or any(not isinstance(day, int) or abs(day) > MAX_REMIND for day in step.remind),
        f"geef ten hoogste {MAX_REMINDERS} herinneringen van -{MAX_REMIND} tot {MAX_REMIND}.",
    )


def _work(step: StepFile, kind: Kind) -> Iterator[Finding]:
    roles = {str(role) for role in kind.roles_see}
    yield (
        not _KEY.match(step.key),
        "de sleutel bestaat uit kleine letters, cijfers en lage streepjes.",
    )
    yield (
        step.role not in roles,
        f"de rol '{step.role}' ziet deze soort niet; kies een van {', '.join(sorted(roles))}.",
    )
    yield (
        step.escalates_to not in roles,
        f"de rol '{step.escalates_to}' ziet deze soort niet en kan het dus niet horen.",
    )
    yield step.evidence not in EVIDENCE, f"kies als evidence een van {', '.join(EVIDENCE)}."
    yield (
        len(step.checklist) > MAX_CHECKS,
        f"de checklist heeft {len(step.checklist)} regels; ten hoogste {MAX_CHECKS}.",
    )


def _words(step: StepFile, numbers: set[str]) -> Iterator[Finding]:
    words = len(step.guidance.split())
    low, high = GUIDANCE_WORDS
    yield not low <= words <= high, f"de toelichting telt {words} woorden; schrijf er {low} tot {high}."
    for name, most in (("title", 120), ("source", 300), ("otherwise", 300)):
        length = len(getattr(step, name))
        yield not 0 < length <= most, f"'{name}' telt {length} tekens; schrijf er 1 tot {most}."
    yield (
        any(len(line) > 200 for line in step.checklist),
        "een regel van de checklist telt ten hoogste 200 tekens.",
    )
    texts = " ".join([step.title, step.guidance, step.otherwise, *step.checklist])
    yield (
        bool(PHONE_LIKE.search(PHONE_KEY.sub("", texts))),
        "hier staat een telefoonnummer; verwijs naar het register, zoals {tel:veilig_thuis}.",
    )
    for key in PHONE_KEY.findall(texts):
        yield key not in numbers, f"het nummer '{key}' staat niet in het register."


@transaction.atomic
def publish(template: TemplateFile, *, municipality: Municipality | None = None) -> TemplateVersion:
    """Publish as a new version unless this very content is the newest version already.

    Raises BadTemplate when check() finds a problem. Earlier versions, local variants and running
    measures are never touched.
    """
    problems = check(template)
    if problems:
        raise BadTemplate(problems)
    row, _ = Template.objects.get_or_create(
        key=template.key, municipality=municipality, defaults={"kind": template.kind}
    )
    newest = row.versions.order_by("-number").first()
    if newest and newest.content_hash == template.content_hash():
        return newest
    version = TemplateVersion.objects.create(
        template=row,
        number=newest.number + 1 if newest else 1,
        title=template.title,
        purpose=template.purpose.strip(),
        anchors=[asdict(one) for one in template.anchors],
        content_hash=template.content_hash(),
    )
    Step.objects.bulk_create(
        Step(version=version, order=nr, **(asdict(step) | {"guidance": step.guidance.strip()}))
        for nr, step in enumerate(template.steps, 1)
    )
    return version


def library_files() -> list[Path]:
    """The step files that the apps bring along: the national library."""
    return sorted(
        path
        for config in apps.get_app_configs()
        if config.name in {"visits", "driehoek"} or config.name.startswith("measures.")
        for path in (Path(config.path) / "library").glob("*.toml")
    )
