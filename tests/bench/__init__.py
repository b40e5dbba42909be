"""Measurements against a floor in the same run; `run()` of each module gives its results."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One measured promise: `ratio` is ours against the floor, `owed` what was promised of it.

    With `at_least` more is better (a speed); without it less is better (a time).
    """

    name: str
    ours: float
    floor: float
    ratio: float
    owed: float
    at_least: bool

    @property
    def is_kept(self) -> bool:
        return self.ratio >= self.owed if self.at_least else self.ratio <= self.owed
