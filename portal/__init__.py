"""The project and its kernel; it knows no measure."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
