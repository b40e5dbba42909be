"""Where things stand on a page of a pack, and how any page is brought onto it."""

from dataclasses import dataclass
from typing import Any

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
# The first page of a paper has its heading in the margin at the top.
TOP, SIDE, BOTTOM = 24 * MM, 10 * MM, 17 * MM
# A stamp-sized page is not blown up to a poster.
MOST_ENLARGED = 1.5

Numbers = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Placing:
    """How the content of a page is turned, scaled and moved onto an A4 of the same direction."""

    size: tuple[float, float]
    matrix: Numbers
    box: tuple[float, float, float, float]

    def moved(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self.matrix
        return a * x + c * y + e, b * x + d * y + f

    def rectangle(self, found: Any) -> list[float]:
        """A rectangle of the page where it comes to stand."""
        x0, y0, x1, y1 = (float(one) for one in found)
        xs, ys = zip(self.moved(x0, y0), self.moved(x1, y1), strict=True)
        return [round(one, 3) for one in (min(xs), min(ys), max(xs), max(ys))]

    def operators(self) -> bytes:
        """Move the paper under the content and cut off what lies outside the page."""
        x0, y0, x1, y1 = self.box
        moved = " ".join(f"{one:.5f}" for one in self.matrix)
        return f"{moved} cm {x0:.3f} {y0:.3f} {x1 - x0:.3f} {y1 - y0:.3f} re W n\n".encode()


def place(box: tuple[float, float, float, float], turned: int) -> Placing:
    """The largest that fits between head and foot, in the middle; `turned` in degrees with the clock."""
    x0, y0, x1, y1 = box
    wide, high = x1 - x0, y1 - y0
    turn: dict[int, Numbers] = {
        0: (1, 0, 0, 1, -x0, -y0),
        90: (0, -1, 1, 0, -y0, x1),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, 1, -1, 0, y1, -x0),
    }
    if turned in (90, 270):
        wide, high = high, wide
    size = (A4[1], A4[0]) if wide > high else A4
    room = (size[0] - 2 * SIDE, size[1] - TOP - BOTTOM)
    scale = min(room[0] / wide, room[1] / high, MOST_ENLARGED)
    left = SIDE + (room[0] - wide * scale) / 2
    # Under the head, not in the middle: a small page begins where a reader looks.
    low = size[1] - TOP - high * scale
    a, b, c, d, e, f = turn[turned]
    matrix = (a * scale, b * scale, c * scale, d * scale, e * scale + left, f * scale + low)
    return Placing(size, matrix, box)
