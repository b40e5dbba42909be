"""The index: what can be found, what waits to be filled, and how far the round along all rows is."""

from django.db import models

from portal import clock


class Entry(models.Model):
    """The words of one row. Full text lies beside it, kept by the database itself."""

    id = models.BigAutoField(primary_key=True)
    searchable = models.CharField(max_length=20)
    object_id = models.UUIDField()
    # Stems of the title and of everything, each behind the mark of who may find it; separated by blanks.
    title_words = models.TextField(blank=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["searchable", "object_id"], name="search_entry_once")]


class Waiting(models.Model):
    """A row whose words changed; the worker reads them again. One row may wait more than once."""

    id = models.BigAutoField(primary_key=True)
    searchable = models.CharField(max_length=20)
    object_id = models.UUIDField()
    since = models.DateTimeField(default=clock.now)
    # How often a worker took it: what breaks or holds up the reading comes after everything else.
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["searchable", "object_id"], name="search_waiting_object"),
            models.Index(fields=["attempts", "id"], name="search_waiting_turn"),
        ]


class Turn(models.Model):
    """Whose turn it is to fill: one worker at a time, so that the other always has a hand free."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    lease_until = models.DateTimeField(null=True)


class Round(models.Model):
    """How far the round along all rows of one sort is; it fills what lay there and mends what was missed."""

    searchable = models.CharField(primary_key=True, max_length=20)
    after = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["searchable"]
