"""Equivariance: a digit that is dragged, and a feature map that comes along."""

from __future__ import annotations

from typing import Any

import traitlets as t

from lessons_lib.explorables.base import Explorable, Grid, size_of_map, small_digit

_MARGIN = 2
_KERNELS = ["vertical edges", "horizontal edges", "diagonal edges", "blur", "sharpen"]


class Equivariance(Explorable):
    """Drag the image: move it first and convolve it then, or the other way round, and see which values differ.

    Parameters
    ----------
    image : rows of float, at most 28×28, 0…1
        The image before it moves; a real digit at half its size, in the middle of 18×18 pixels, by default.
    kernel : {"vertical edges", "horizontal edges", "diagonal edges", "blur", "sharpen"}
    strides : int, 1…3
    padding : {"valid", "same"}
    down, right : int, −8…8
        How far the image has moved, in pixels.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range, or the kernel of 3×3 weights does not fit into the image.

    Examples
    --------
    >>> Equivariance(strides=2, right=1)
    Equivariance(down=0, kernel='vertical edges', padding='same', right=1, strides=2)
    """

    title = "Equivariance: when the image moves, the feature map moves with it"
    heights = (676, 717, 444)
    image = Grid(longest=28, low=0, high=1, digits=2).tag(sync=True)
    kernel = t.Enum(_KERNELS, "vertical edges").tag(sync=True)
    strides = t.Int(1, min=1, max=3).tag(sync=True)
    padding = t.Enum(["valid", "same"], "same").tag(sync=True)
    down = t.Int(0, min=-8, max=8).tag(sync=True)
    right = t.Int(3, min=-8, max=8).tag(sync=True)

    @t.default("image")
    def _image(self) -> Any:
        import numpy as np

        return np.pad(small_digit(), _MARGIN).tolist()

    def _check_start(self) -> None:
        size_of_map((len(self.image), len(self.image[0])), (3, 3), strides=self.strides, padding=self.padding)
