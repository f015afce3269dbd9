"""Kinks: a curve of straight pieces, and the network with one ReLU unit for each piece that draws it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import traitlets as t

from lessons_lib import _check
from lessons_lib.explorables.base import Explorable

_HIGHEST = 1.5
_MOST_POINTS = 10


class Kinks(Explorable):
    """Drag the kinks of a ReLU network with one input, and read the weights that put them there.

    Parameters
    ----------
    points : list of [x, y]
        The ends and the kinks of the curve from left to right, 2 to 10 of them. The first has x = −1, the last has
        x = 1, and y lies in −1.5…1.5.
    target : {"sine", "corner", "bump", "jump"}
        What the curve should come close to: sin(πx), the absolute value of x, exp(−(x / 0.3)²), or
        1 where x > 0 and 0 elsewhere.
    chosen : int
        The place of the marked point in the list, from 0.

    Raises
    ------
    traitlets.TraitError
        If the points are no such list, there is no chosen point, or a value is out of range.

    Examples
    --------
    >>> Kinks(target="corner", points=[[-1, 1], [0, 0], [1, 1]])
    Kinks(chosen=1, target='corner')
    """

    title = "Kinks: the curve that a network of ReLU units draws, and its weights"
    heights = (663, 629, 516)
    points: Any = t.List().tag(sync=True)
    target = t.Enum(["sine", "corner", "bump", "jump"], "sine").tag(sync=True)
    chosen = t.Int(1, min=0, max=_MOST_POINTS - 1).tag(sync=True)

    @t.default("points")
    def _usual_points(self) -> Any:
        return [[-1.0, 0.0], [-0.4, -0.6], [0.4, 0.6], [1.0, 0.0]]

    @t.validate("chosen")
    def _chosen(self, proposal: Any) -> Any:
        if proposal.value >= len(self.points):
            rule = f"chosen must be the place of one of {len(self.points)} points, from 0"
            raise t.TraitError(f"{rule}. Received: chosen={proposal.value}")
        return proposal.value

    @t.validate("points")
    def _points(self, proposal: Any) -> Any:
        rule = (
            f"points must be 2 to {_MOST_POINTS} pairs [x, y], with x growing from −1 to 1 and y in "
            f"−{_HIGHEST}…{_HIGHEST}. Received: points={proposal.value!r}"
        )
        try:
            points = [[_check.number("x", x), _check.number("y", y)] for x, y in proposal.value]
        except (TypeError, ValueError):
            raise t.TraitError(rule) from None
        places = [x for x, _ in points]
        grows = all(left < right for left, right in pairwise(places))
        reaches = 2 <= len(points) <= _MOST_POINTS and (places[0], places[-1]) == (-1, 1)
        if not (grows and reaches and all(abs(y) <= _HIGHEST for _, y in points)):
            raise t.TraitError(rule)
        return points
