"""Overfit: a network that learns its training points by heart, beside points that it never saw."""

from __future__ import annotations

import traitlets as t

from lessons_lib.explorables.base import Explorable, Trains

EPOCHS = 1000


class Overfit(Trains, Explorable):
    """Watch a network fit its training points, and what that is worth on validation points.

    The network has two hidden layers of ReLU units. Each epoch is one step of Adam on all training points. The figure
    keeps what the network was after every 10 epochs, so the reader can go back in the training.

    Parameters
    ----------
    task : {"curve", "ring"}
        A curve to come close to, sin(πx) with noise, or two classes of points: a disc within a ring.
    units : {2, 4, 8, 16, 32, 64}
        The number of units in each hidden layer.
    examples : {10, 20, 40, 80, 160}
        The number of training points, in the ring of each class. There are 100 validation points, in the ring of each
        class.
    noise : {0, 0.1, 0.2, 0.3}
        The standard deviation of what is added to the height of a point; in the ring, twice that of what is added to
        each coordinate.
    dropout : {0, 0.1, 0.25, 0.5}
        The rate of dropout after each hidden layer.
    l2 : {0, 0.0001, 0.001, 0.01}
        The factor of the squared weights in the loss.
    seed : int, 0…9
        The seed of the points, of the starting weights and of dropout.
    epoch : int, 0…1000
        After how many epochs the network is shown.

    Raises
    ------
    traitlets.TraitError
        If a value is none of these.

    Examples
    --------
    >>> Overfit(task="ring", examples=80).examples
    80
    """

    title = "Overfit: the training points learned by heart, and the validation points beside them"
    heights = (845, 806, 453)
    task = t.Enum(("curve", "ring"), "curve").tag(sync=True)
    units = t.Enum((2, 4, 8, 16, 32, 64), 32).tag(sync=True)
    examples = t.Enum((10, 20, 40, 80, 160), 20).tag(sync=True)
    noise = t.Enum((0, 0.1, 0.2, 0.3), 0.3).tag(sync=True)
    dropout = t.Enum((0, 0.1, 0.25, 0.5), 0).tag(sync=True)
    l2 = t.Enum((0, 0.0001, 0.001, 0.01), 0).tag(sync=True)
    seed = t.Int(2, min=0, max=9).tag(sync=True)
    epoch = t.Int(EPOCHS, min=0, max=EPOCHS).tag(sync=True)
    # The points are drawn: no digits are needed.
    digits = t.List(t.Unicode(), [], read_only=True).tag(sync=True)
