"""Parameters: what a convolution costs, beside the dense layer of equal output."""

from __future__ import annotations

import traitlets as t

from lessons_lib.explorables.base import Explorable, size_of_map


class Parameters(Explorable):
    """Choose a convolution and compare its parameters with those of other layers that give as many values.

    Parameters
    ----------
    size : int, 4…224
        Height and width of the input, in pixels.
    channels, filters : int, 1…64
    kernel_size : int, 1…11
    strides : int, 1…4
    padding : {"valid", "same"}

    Raises
    ------
    traitlets.TraitError
        If a value is out of range, or the kernel does not fit into the input.

    Examples
    --------
    >>> Parameters(filters=32)
    Parameters(channels=3, filters=32, kernel_size=3, padding='valid', size=50, strides=1)
    """

    title = "Parameters: a convolution beside the dense layer of equal output"
    heights = (770, 685, 476)
    size = t.Int(50, min=4, max=224).tag(sync=True)
    channels = t.Int(3, min=1, max=64).tag(sync=True)
    filters = t.Int(10, min=1, max=64).tag(sync=True)
    kernel_size = t.Int(3, min=1, max=11).tag(sync=True)
    strides = t.Int(1, min=1, max=4).tag(sync=True)
    padding = t.Enum(["valid", "same"], "valid").tag(sync=True)

    def _check_start(self) -> None:
        kernel = (self.kernel_size, self.kernel_size)
        size_of_map((self.size, self.size), kernel, strides=self.strides, padding=self.padding)
