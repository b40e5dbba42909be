"""The tasks that check what was uploaded, and that make packs."""

from celery import shared_task


@shared_task(name="portal.papers.tasks.check")
def check() -> None:
    """Scan and look into the papers that wait."""
    from portal.papers import checking

    checking.check_waiting()


@shared_task(name="portal.papers.tasks.make_packs")
def make_packs() -> None:
    """Lay out, make and bind the packs that wait; as many workers as there are do it together."""
    from portal.papers.packs import making

    making.make_waiting()
