"""Pooling: the winner of each window, and what changes when the image moves by a pixel."""

from __future__ import annotations

from typing import Any

import traitlets as t

from lessons_lib.explorables.base import Explorable, Grid, size_of_map, small_digit


class Pooling(Explorable):
    """Pool an image, see which pixel wins each window, and nudge the image by a pixel.

    Parameters
    ----------
    image : rows of float, at most 64×64, 0…1
        The input; a real digit at half its size by default.
    kind : {"max", "average"}
    pool_size, strides : int, 1…4
        Of the square window, in pixels.
    padding : {"valid", "same"}
    stop : int
        The current window, counted row by row from 0; one beyond the map stands for the last.
    down, right : int, −4…4
        How far the image has moved, in pixels.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range, or the window does not fit into the image.

    Examples
    --------
    >>> Pooling(kind="average")
    Pooling(down=0, kind='average', padding='valid', pool_size=2, right=0, stop=10, strides=2)
    """

    title = "Pooling: which pixel wins each window, and what changes when the image moves"
    heights = (694, 632, 672)
    image = Grid(low=0, high=1).tag(sync=True)
    kind = t.Enum(["max", "average"], "max").tag(sync=True)
    pool_size = t.Int(2, min=1, max=4).tag(sync=True)
    strides = t.Int(2, min=1, max=4).tag(sync=True)
    padding = t.Enum(["valid", "same"], "valid").tag(sync=True)
    stop = t.Int(10, min=0, max=64 * 64 - 1).tag(sync=True)
    down = t.Int(0, min=-4, max=4).tag(sync=True)
    right = t.Int(0, min=-4, max=4).tag(sync=True)

    @t.default("image")
    def _image(self) -> Any:
        return small_digit()

    def _check_start(self) -> None:
        window = (self.pool_size, self.pool_size)
        size_of_map((len(self.image), len(self.image[0])), window, strides=self.strides, padding=self.padding)
