"""Compare-and-set: a write that finds another state than it was shown is refused."""


class ChangedMeanwhile(Exception):
    """Somebody changed the row after it was shown; nothing was written."""
