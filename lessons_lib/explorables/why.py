"""Why: three maps of what an answer of a network hangs on, and what random weights leave of them."""

from __future__ import annotations

import traitlets as t

from lessons_lib.explorables.base import Explorable, Reads

LAYERS = 4


class Why(Reads, Explorable):
    """Draw a digit; saliency, occlusion and Grad-CAM of a class follow, for a trained network and for random weights.

    Saliency is the absolute value of the slope of the logit by each pixel. Occlusion is how far the probability falls
    when a patch of 5×5 zeros covers the image around the pixel. Grad-CAM is the sum of the maps of the last
    convolution, each times the mean slope of the logit by it, without what is negative, enlarged to the image. A slider
    gives random weights to the layers, from the last to the first, and each map is compared with that of the trained
    network (Adebayo et al. 2018).

    Parameters
    ----------
    image : rows of float, 28×28, 0…1
        What is drawn; a real digit of the test set by default.
    pointer : {"draw", "erase", "move"}
        What a press, and Shift with the arrow keys, do to the image.
    network : {"CNN of the course", "your own"}
        Which network reads: `lessons_lib.models.cnn` as it was trained in the course, or the one that the reader has
        trained in TrainLab and kept there. Without one, it is that of the course.
    explained : {"the answer", "0", …, "9"}
        The class whose maps are shown; "the answer" is that of the trained network.
    randomised : int, 0…4
        How many layers have random weights, counted from the last. A network of the course has three with weights.
    seed : int, 0…99
        The seed of the random weights.

    Raises
    ------
    traitlets.TraitError
        If a value is none of these, or the image is of another size.

    Examples
    --------
    >>> Why(explained="3", randomised=1)
    Why(explained='3', network='CNN of the course', pointer='draw', randomised=1, seed=0, weights='drawdigit.bin')
    """

    title = "Why this digit? Three maps of what an answer hangs on, and what random weights leave of them"
    heights = (1465, 1257, 1079)
    late = "near"
    first = 2
    explained = t.Enum(("the answer", *map(str, range(10))), "the answer").tag(sync=True)
    randomised = t.Int(0, min=0, max=LAYERS).tag(sync=True)
    seed = t.Int(0, min=0, max=99).tag(sync=True)
