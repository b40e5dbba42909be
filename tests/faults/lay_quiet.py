"""No briefing comes by itself: where reminders are counted, a mail about a briefing is not one of them."""


def no_briefings() -> None:
    """Switch every timetable off, in every municipality."""
    from portal.briefings.models import Timetable
    from portal.briefings.office import DAY, QUARTER, WEEK
    from portal.municipalities.models import Municipality

    rows = [
        Timetable(municipality_id=pk, document=document, is_on=False)
        for pk in Municipality.objects.order_by("code").values_list("pk", flat=True)
        for document in (DAY, WEEK, QUARTER)
    ]
    Timetable.objects.bulk_create(rows, ignore_conflicts=True)
    Timetable.objects.update(is_on=False)
