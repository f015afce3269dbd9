"""Activation: the curve, its derivative, a feature map before and after, and the gradient through many layers."""

from __future__ import annotations

from typing import Any

import traitlets as t

from lessons_lib.explorables.base import Explorable, Grid, Number


class Activation(Explorable):
    """Move along the curve of an activation, and see what it does to a feature map and to a gradient.

    Parameters
    ----------
    activation : {"relu", "leaky_relu", "sigmoid", "tanh"}
    z : float, −4…4
        The input whose value and slope are shown.
    layers : int, 1…50
        How many layers the gradient passes.
    weight : float, 0.1…5
        The weight that it meets in each.
    feature_map : rows of float, at most 64×64
        What goes in; by default the vertical edges of a real digit.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range.

    Examples
    --------
    >>> Activation(activation="tanh", z=-1.0)
    Activation(activation='tanh', layers=10, weight=1.0, z=-1.0)
    """

    title = "Activation: a curve, its slope, and what they do to a feature map and a gradient"
    heights = (761, 722, 871)
    activation = t.Enum(["relu", "leaky_relu", "sigmoid", "tanh"], "relu").tag(sync=True)
    z = Number(1.5, min=-4, max=4).tag(sync=True)
    layers = t.Int(10, min=1, max=50).tag(sync=True)
    weight = Number(1.0, min=0.1, max=5).tag(sync=True)
    feature_map = Grid(digits=2).tag(sync=True)

    @t.default("feature_map")
    def _feature_map(self) -> Any:
        from lessons_lib import data, ops

        digit = data.digits(train=100, validation=0, test=0).x_train[2, :, :, 0]
        return ops.convolve(digit, [[-1, 0, 1]] * 3).tolist()
