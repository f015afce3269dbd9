"""DrawDigit: draw a digit, and follow it through a trained network."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets as t

from lessons_lib.explorables.base import STATIC, Explorable, Grid, as_bytes, sample_digits

SIDE = 28


class DrawDigit(Explorable):
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
    heights = (1933, 1883, 1247)
    image = Grid(longest=SIDE, low=0, high=1).tag(sync=True)
    pointer = t.Enum(["draw", "erase", "move"], "draw").tag(sync=True)
    digit = t.Int(7, min=0, max=9).tag(sync=True)
    # One test digit of each class: base64 of one byte a pixel, row by row.
    examples = t.List(t.Unicode(), read_only=True).tag(sync=True)
    weights = t.Unicode("drawdigit.bin", read_only=True).tag(sync=True)
    # Jupyter serves no file beside the module, so there the weights travel with the widget.
    _weights = t.Bytes().tag(sync=True)

    @t.validate("image")
    def _square(self, proposal: Any) -> Any:
        if (shape := np.shape(proposal.value)) != (SIDE, SIDE):
            raise t.TraitError(f"image must have {SIDE} rows and columns, as in training. Received: shape={shape}")
        return proposal.value

    @t.default("image")
    def _image(self) -> Any:
        return sample_digits()[7].tolist()

    @t.default("examples")
    def _examples(self) -> Any:
        return as_bytes(sample_digits())

    @t.default("_weights")
    def _stored(self) -> bytes:
        return (STATIC / "weights" / self.weights).read_bytes()
