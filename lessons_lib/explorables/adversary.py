"""Adversary: one step along the sign of the slope changes what a network says, where random noise does not."""

from __future__ import annotations

import traitlets as t

from lessons_lib.explorables.base import Explorable, Number, Reads

GOALS = ("away from the answer", *(f"towards {digit}" for digit in range(10)))


class Adversary(Reads, Explorable):
    """Draw a digit, and take one step against the network that reads it, beside random noise of the same size.

    The step is the fast gradient sign method (Goodfellow et al. 2015): each pixel goes up or down by ε, by the sign of
    the slope of the loss, and stays within 0…1. Away from the answer, the loss of the answer rises; towards a class,
    the loss of that class falls.

    Parameters
    ----------
    image : rows of float, 28×28, 0…1
        What is drawn; a real digit of the test set by default.
    pointer : {"draw", "erase", "move"}
        What a press, and Shift with the arrow keys, do to the image.
    network : {"CNN of the course", "your own"}
        Which network reads: `lessons_lib.models.cnn` as it was trained in the course, or the one that the reader has
        trained in TrainLab and kept there. Without one, it is that of the course.
    goal : {"away from the answer", "towards 0", …, "towards 9"}
        Where the step leads.
    epsilon : float, 0…0.3
        The size of the step: how far each pixel moves, where black is 0 and white is 1.
    seed : int, 0…99
        The seed of the random noise.

    Raises
    ------
    traitlets.TraitError
        If a value is none of these, or the image is of another size.

    Examples
    --------
    >>> Adversary(goal="towards 3", epsilon=0.1).goal
    'towards 3'
    """

    title = "Adversary: one step against a digit, beside random noise of the same size"
    heights = (1332, 1176, 1079)
    late = "near"
    first = 5
    goal = t.Enum(GOALS, GOALS[0]).tag(sync=True)
    epsilon = Number(0.2, min=0, max=0.3).tag(sync=True)
    seed = t.Int(0, min=0, max=99).tag(sync=True)
