"""Drawings of networks, of computations, and of what one filter does.

Each function draws on new axes, in lengths of points (1/72 inch) from the top left corner, and returns them, so that
the caller can add to the drawing; ``plt.show()`` displays it. Drawings whose numbers are computed here return these
numbers too, so that they can be printed and compared. The drawings are 5 inches wide, unless they hold more than fits,
so that their text can be read on a phone.
"""

from lessons_lib.diagrams.convolution import (
    BackwardNumbers,
    FilterNumbers,
    convolution_backward,
    filter_across_channels,
)
from lessons_lib.diagrams.graph import graph
from lessons_lib.diagrams.layers import layers
from lessons_lib.diagrams.network import NetworkNumbers, Slopes, network

__all__ = [  # noqa: RUF022 (the order in which the reference shows them)
    "layers",
    "network",
    "NetworkNumbers",
    "Slopes",
    "graph",
    "filter_across_channels",
    "FilterNumbers",
    "convolution_backward",
    "BackwardNumbers",
]
