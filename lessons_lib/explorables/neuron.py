"""Neuron: a weighted sum, a bias and an activation, and the inputs that it says yes to."""

from __future__ import annotations

import traitlets as t

from lessons_lib.explorables.base import Explorable, Number


class Neuron(Explorable):
    """Turn the weights of one neuron with two inputs, and see which of all inputs it says yes to.

    Parameters
    ----------
    x1, x2 : float, 0…1
        The inputs whose sum is worked out.
    w1, w2, bias : float, −8…8
        The weights and the bias.
    activation : {"sigmoid", "tanh", "relu"}
    rule : {"AND", "OR", "only the first", "XOR"}
        What the neuron should say to the four pairs of 0 and 1.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range.

    Examples
    --------
    >>> Neuron(w1=4.0, rule="OR")
    Neuron(activation='sigmoid', bias=-1.5, rule='OR', w1=4.0, w2=2.0, x1=0.5, x2=0.25)
    """

    title = "Neuron: a weighted sum, an activation, and which inputs it says yes to"
    heights = (1115, 1112, 583)
    x1 = Number(0.5, min=0, max=1).tag(sync=True)
    x2 = Number(0.25, min=0, max=1).tag(sync=True)
    w1 = Number(1.0, min=-8, max=8).tag(sync=True)
    w2 = Number(2.0, min=-8, max=8).tag(sync=True)
    bias = Number(-1.5, min=-8, max=8).tag(sync=True)
    activation = t.Enum(["sigmoid", "tanh", "relu"], "sigmoid").tag(sync=True)
    rule = t.Enum(["AND", "OR", "only the first", "XOR"], "AND").tag(sync=True)
