"""Axes on which lengths are points, and the shapes that the drawings are made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from lessons_lib.diagrams.layout import Point
from lessons_lib.plots import COLORS

WIDTH = 360.0
"""The width of a drawing, in points, unless it holds more than fits."""

SIZE = 9.5
"""The size of the text, in points."""

LINE = 12.5
"""The distance from one line of text to the next, in points."""

MARGIN = 4.0
INK = "#222222"
GREY = "#666666"
FORWARD, BACKWARD = COLORS[0], COLORS[1]
"""The colours of values and of slopes."""


class Canvas:
    """New axes without a frame; x and y are points from the top left corner, and y grows downwards."""

    def __init__(self) -> None:
        self.figure, self.axis = plt.subplots()
        self.axis.axis("off")

    def finish(self, width: float, height: float) -> Axes:
        """Make the figure as large as the drawing, and return the axes."""
        self.figure.set_size_inches(width / 72, height / 72)
        self.axis.set_position((0, 0, 1, 1))
        self.axis.set(xlim=(0, width), ylim=(height, 0))
        return self.axis

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        ha: str = "center",
        color: str = INK,
        bold: bool = False,
        size: float = SIZE,
    ) -> None:
        """Write one line of text whose middle is at the height `y`."""
        weight = "bold" if bold else "normal"
        # Matplotlib must not read a dollar sign as the start of a formula.
        self.axis.text(
            x, y, text, ha=ha, va="center", color=color, weight=weight, size=size, parse_math=False, zorder=4
        )

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str,
        edge: str,
        line: float = 1,
        layer: float = 2,
    ) -> None:
        """Draw a rectangle whose top left corner is at (x, y)."""
        self.axis.add_patch(
            Rectangle((x, y), width, height, facecolor=fill, edgecolor=edge, linewidth=line, zorder=layer)
        )

    def box(self, x: float, y: float, width: float, height: float, *, color: str) -> None:
        """Draw a box with round corners, with a pale fill, whose top left corner is at (x, y)."""
        style: dict[str, Any] = {"facecolor": pale(color), "edgecolor": color, "linewidth": 1, "zorder": 2}
        self.axis.add_patch(FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=3", **style))

    def arrow(self, points: Sequence[Point]) -> None:
        """Draw a line with an arrowhead at the end: straight between two points, a curve through more of them."""
        path = Path(list(points)) if len(points) == 2 else _curve(points)
        self.axis.add_patch(
            FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=8, color=GREY, linewidth=1, zorder=1)
        )

    def edges(self, edges: Sequence[Sequence[Point]], left: float, top: float) -> None:
        """Draw the edges of a layout whose top left corner is at (left, top)."""
        for points in edges:
            self.arrow([(left + x, top + y) for x, y in points])

    def legend(self, slope: str) -> None:
        """Write what the two colours mean, at the top; `slope` is empty if there are no slopes."""
        self.text(MARGIN, MARGIN + LINE / 2, "value", ha="left", color=FORWARD, bold=True)
        if slope:
            left = MARGIN + text_width("value", bold=True) + 16
            self.text(left, MARGIN + LINE / 2, slope, ha="left", color=BACKWARD, bold=True)


def pale(color: str, part: float = 0.18) -> str:
    """Return a colour mixed with white: `part` of the colour, the rest white."""
    red, green, blue = (round(255 * (1 - part + part * channel)) for channel in to_rgb(color))
    return f"#{red:02x}{green:02x}{blue:02x}"


@cache
def text_width(text: str, *, size: float = SIZE, bold: bool = False) -> float:
    """Return the width of a line of text, in points; spaces at its ends are not counted.

    Examples
    --------
    >>> text_width("Conv2D") < text_width("MaxPooling2D") < text_width("MaxPooling2D", bold=True)
    True
    """
    font = FontProperties(weight="bold" if bold else "normal", size=size)
    return float(TextPath((0, 0), text, prop=font).get_extents().xmax)


def number_text(value: float, spec: str) -> str:
    """Return a number as text, with a minus sign as in print; a zero has no sign.

    Examples
    --------
    >>> number_text(-0.25, ".1f"), number_text(-0.01, ".1f")
    ('−0.2', '0.0')
    """
    return format(value, f"z{spec}").replace("-", "−")


def check_format(spec: str) -> None:
    """Raise if `spec` is not a format for numbers.

    Raises
    ------
    ValueError
        If numbers cannot be formatted with it.
    """
    try:
        number_text(0.5, spec)
    except (ValueError, TypeError):
        raise ValueError(f'numbers must be a format for numbers such as ".2f". Received: numbers={spec!r}') from None


def _curve(points: Sequence[Point]) -> Path:
    """Return a path that leaves and reaches each point upright."""
    vertices, codes = [points[0]], [Path.MOVETO]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (y0 + y1) / 2
        vertices += [(x0, middle), (x1, middle), (x1, y1)]
        codes += [Path.CURVE4] * 3
    return Path(vertices, codes)
