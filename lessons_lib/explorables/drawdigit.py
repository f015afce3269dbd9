"""DrawDigit: draw a digit, and follow it through a trained network."""

from __future__ import annotations

import traitlets as t

from lessons_lib.explorables.base import Explorable, Reads


class DrawDigit(Reads, Explorable):
    """Draw a digit; every feature map, the evidence for a class and the ten probabilities follow.

    A map that is chosen opens close up, with the window and the sum that each of its values comes from. The network is
    `lessons_lib.models.cnn()` with weights that were trained in the course. A page loads them when the figure comes
    near. A reader may also choose, photograph or drop a picture of a digit: the browser makes of it what the makers of
    MNIST made of theirs, and shows each step.

    Parameters
    ----------
    image : rows of float, 28×28, 0…1
        What is drawn; a real digit of the test set by default.
    pointer : {"draw", "erase", "move"}
        What a press, and Shift with the arrow keys, do to the image.
    network : {"CNN of the course", "your own"}
        Which network reads: `lessons_lib.models.cnn` as it was trained in the course, or a CNN with the same layers
        that the reader has trained in TrainLab and kept there. Without one, it is that of the course.
    digit : int, 0…9
        The class whose evidence is shown.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range, or the image is of another size.

    Examples
    --------
    >>> DrawDigit(digit=3).digit
    3
    """

    title = "Draw a digit: each layer of a trained network, and the ten probabilities, follow"
    heights = (2051, 1963, 1308)
    digit = t.Int(7, min=0, max=9).tag(sync=True)
