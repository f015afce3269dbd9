"""Convolution: a kernel's window over an image, stop by stop."""

from __future__ import annotations

from typing import Any, ClassVar

import traitlets as t

from lessons_lib.explorables.base import Explorable, Grid, size_of_map, small_digit

VERTICAL_EDGES = [[-1.0, 0.0, 1.0]] * 3


class Convolution(Explorable):
    """Step, play or drag a kernel over an image; edit both; watch the feature map fill.

    Parameters
    ----------
    image : rows of float, at most 64×64, 0…1
        The input; a real digit at half its size by default.
    kernel : rows of float, at most 7×7
        The weights; vertical edges by default.
    strides, dilation_rate : int, 1…4 and 1…3
        In pixels. Keras refuses both above 1 together, and so does the figure.
    padding : {"valid", "same"}
    stop : int
        The current stop, counted row by row from 0; one beyond the feature map stands for the last.
    filled : int
        How many values of the feature map are shown.
    painting : bool
        Whether a press on the input paints rather than moves the window.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range, strides and dilation_rate are both above 1, or the kernel does not fit into the
        image.

    Examples
    --------
    >>> Convolution(strides=2, padding="same")
    Convolution(dilation_rate=1, filled=42, padding='same', painting=False, stop=41, strides=2)
    """

    title = "Convolution: a kernel slides over an image, and each stop gives one number"
    heights = (958, 881, 910)
    paper: ClassVar = {"filled": 144}
    image = Grid(low=0, high=1).tag(sync=True)
    kernel = Grid(longest=7, default_value=VERTICAL_EDGES).tag(sync=True)
    strides = t.Int(1, min=1, max=4).tag(sync=True)
    padding = t.Enum(["valid", "same"], "valid").tag(sync=True)
    dilation_rate = t.Int(1, min=1, max=3).tag(sync=True)
    stop = t.Int(41, min=0, max=64 * 64 - 1).tag(sync=True)
    filled = t.Int(42, min=0, max=64 * 64).tag(sync=True)
    painting = t.Bool(False).tag(sync=True)

    @t.default("image")
    def _image(self) -> Any:
        return small_digit()

    def _check_start(self) -> None:
        grids = [(len(rows), len(rows[0])) for rows in (self.image, self.kernel)]
        size_of_map(*grids, strides=self.strides, padding=self.padding, dilation_rate=self.dilation_rate)

    @t.validate("strides", "dilation_rate")
    def _not_both(self, proposal: Any) -> Any:
        wanted = {"strides": self.strides, "dilation_rate": self.dilation_rate, proposal.trait.name: proposal.value}
        if min(wanted.values()) > 1:
            raise t.TraitError(
                "strides > 1 must not be combined with dilation_rate > 1, as in Keras. "
                f"Received: strides={wanted['strides']}, dilation_rate={wanted['dilation_rate']}"
            )
        return proposal.value
