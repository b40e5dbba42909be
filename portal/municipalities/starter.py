"""Laying the national lists: municipalities, Veilig Thuis and telephone numbers; safe to repeat."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from portal.municipalities.models import Municipality, PhoneNumber, VeiligThuis

DATA = Path(__file__).parent / "data"
CHECKED = date(2026, 11, 23)

# key, label, number, hours, source
NUMBERS = (
    ("noodnummer", "Alarmnummer", "112", "dag en nacht", "Rijksoverheid"),
    ("veilig_thuis", "Veilig Thuis", "0800-2000", "dag en nacht, gratis", "veiligthuis.nl"),
    (
        "kindertelefoon",
        "Kindertelefoon",
        "0800-0432",
        "elke dag van 11 tot 21 uur, gratis",
        "kindertelefoon.nl",
    ),
    ("politie", "Politie, geen spoed", "0900-8844", "dag en nacht", "politie.nl"),
    ("csg", "Centrum Seksueel Geweld", "0800-0188", "dag en nacht, gratis", "centrumseksueelgeweld.nl"),
    ("stop_it_now", "Stop it Now!", "0800-266 64 36", "beperkte uren, gratis en anoniem", "offlimits.nl"),
)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def lay() -> None:
    """Add what is missing; what a beheerder changed since stays as it is."""
    VeiligThuis.objects.bulk_create(
        [
            VeiligThuis(code=row["vt_code"], name=row["naam"], region=row["regio"])
            for row in _rows("veilig_thuis.csv")
        ],
        ignore_conflicts=True,
    )
    known = set(Municipality.objects.values_list("code", flat=True))
    Municipality.objects.bulk_create(
        Municipality(
            code=row["cbs_code"],
            name=row["naam_uniek"],
            province=row["provincie"],
            safety_region=row["veiligheidsregio"],
            police_unit=row["politie_eenheid"],
            arrondissement=row["arrondissement"],
            veilig_thuis_id=row["veilig_thuis_code"],
            inhabitants=int(row["inwoners_2024"]) if row["inwoners_2024"] else None,
        )
        for row in _rows("gemeenten.csv")
        if row["cbs_code"] not in known
    )
    PhoneNumber.objects.bulk_create(
        [
            PhoneNumber(key=key, label=label, number=number, hours=hours, source=source, checked_on=CHECKED)
            for key, label, number, hours, source in NUMBERS
        ],
        ignore_conflicts=True,
    )
