"""Flattening: an image as a thread of numbers, and what a move and a permutation do to both."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import traitlets as t

from lessons_lib import data
from lessons_lib.explorables.base import Explorable, Grid, small_digit


class Flattening(Explorable):
    """Unroll an image into the thread that a dense layer gets, move it, and permute its pixels.

    Parameters
    ----------
    image : rows of float, at most 64×64, 0…1
        The input; a real digit at half its size by default.
    permuted : bool
        Whether the pixels are in the order that `lessons_lib.data.permute_pixels` gives them.
    unrolled : int
        How many pixels have moved into the thread.
    pixel : int
        The marked pixel: its place in the thread, from 0; one beyond the thread stands for the last.
    down, right : int, −4…4
        How far the image has moved, in pixels.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range.

    Examples
    --------
    >>> Flattening(permuted=True)
    Flattening(down=0, permuted=True, pixel=48, right=0, unrolled=0)
    """

    title = "Flattening: a grid of pixels becomes a thread, and back"
    heights = (750, 453, 513)
    paper: ClassVar = {"unrolled": 196}
    image = Grid(low=0, high=1).tag(sync=True)
    order = t.List(t.Int(), read_only=True).tag(sync=True)
    permuted = t.Bool(False).tag(sync=True)
    unrolled = t.Int(0, min=0, max=64 * 64).tag(sync=True)
    pixel = t.Int(48, min=0, max=64 * 64 - 1).tag(sync=True)
    down = t.Int(0, min=-4, max=4).tag(sync=True)
    right = t.Int(0, min=-4, max=4).tag(sync=True)

    @t.default("image")
    def _image(self) -> Any:
        return small_digit()

    @t.observe("image")
    def _reorder(self, change: Any) -> None:
        self.set_trait("order", self._order())

    @t.default("order")
    def _order(self) -> Any:
        rows = np.asarray(self.image)
        places = np.arange(rows.size, dtype=np.float32).reshape(*rows.shape, 1)
        return [int(place) for place in data.permute_pixels(places).ravel()]
