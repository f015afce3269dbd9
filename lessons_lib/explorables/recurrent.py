"""Recurrent: a network that reads a digit row by row, with its state and its guess after each row."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import traitlets as t

from lessons_lib.explorables.base import STATIC, Explorable, Grid, as_bytes, sample_digits

SIDE = 28
UNITS = 64


class Recurrent(Explorable):
    """Let a recurrent network read a digit row by row, and see its state and its guess after each row.

    The network is ``SimpleRNN(64)`` with ``Dense(10, activation="softmax")`` behind it, with weights that were trained
    in the course. A page loads them, and the figure's code, when the reader comes near. The guess after each row is
    what the dense layer makes of the state at that time; training asked for the last one alone. The lower half may come
    from another digit: then the figure says how far the state still lies from that of the second digit alone.

    Parameters
    ----------
    image : rows of float, 28×28, 0…1
        The digit; a real one of the test set by default.
    lower : {"the same", "0", "1", …, "9"}
        The digit that the lower half comes from.
    way : {"as it is", "upside down", "last row first"}
        How it is read: from its first row to its last one, turned by half a turn, or from its last row to its first.
    done : int, 0…28
        How many rows have been read.
    unit : int, 0…63
        The value of the state whose arithmetic is shown.
    pointer : {"read", "draw", "erase"}
        What a press on the digit does.

    Raises
    ------
    traitlets.TraitError
        If a value is none of these, or the image is of another size.

    Examples
    --------
    >>> Recurrent(lower="3", done=28)
    Recurrent(done=28, lower='3', pointer='read', unit=5, way='as it is', weights='recurrent.bin')
    """

    title = "A recurrent network reads a digit row by row: its state and its guess after each row"
    heights = (760, 707, 693)
    late = "near"
    paper: ClassVar = {"done": SIDE}
    image = Grid(longest=SIDE, low=0, high=1).tag(sync=True)
    lower = t.Enum(("the same", *map(str, range(10))), "the same").tag(sync=True)
    way = t.Enum(("as it is", "upside down", "last row first"), "as it is").tag(sync=True)
    done = t.Int(14, min=0, max=SIDE).tag(sync=True)
    unit = t.Int(5, min=0, max=UNITS - 1).tag(sync=True)
    pointer = t.Enum(("read", "draw", "erase"), "read").tag(sync=True)
    # One test digit of each class: base64 of one byte a pixel, row by row.
    examples = t.List(t.Unicode(), read_only=True).tag(sync=True)
    weights = t.Unicode("recurrent.bin", read_only=True).tag(sync=True)
    # Jupyter serves no file beside the module, so there the weights travel with the widget.
    _weights = t.Bytes().tag(sync=True)

    @t.validate("image")
    def _square(self, proposal: Any) -> Any:
        if (shape := np.shape(proposal.value)) != (SIDE, SIDE):
            raise t.TraitError(f"image must have {SIDE} rows and columns, as in training. Received: shape={shape}")
        return proposal.value

    @t.default("image")
    def _image(self) -> Any:
        return sample_digits()[3].tolist()

    @t.default("examples")
    def _examples(self) -> Any:
        return as_bytes(sample_digits())

    @t.default("_weights")
    def _stored(self) -> bytes:
        return (STATIC / "weights" / self.weights).read_bytes()
