"""Backward: the gradients of a convolution, stop by stop."""

from __future__ import annotations

from typing import Any, ClassVar

import traitlets as t

from lessons_lib.explorables.base import Explorable, Grid

_LONGEST = 7
_EXAMPLE = {
    "image": [[1, 0, 2, 1], [0, 3, 1, 0], [2, 1, 0, 1], [1, 0, 1, 2]],
    "kernel": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    "gradient": [[1, -1], [2, 0]],
}


class Backward(Explorable):
    """Send the gradient of a feature map back through a convolution, one stop of the kernel after the other.

    Parameters
    ----------
    image : rows of float, at most 7×7
        What the convolution read.
    kernel : rows of float, not longer than the image
    gradient : rows of float
        The gradient of the loss for each value of the map (stride 1, no padding), so it has as many rows as the image
        less those of the kernel, plus one; the same holds for the columns.
    done : int
        How many values of the map have sent their gradient back.

    Raises
    ------
    traitlets.TraitError
        If the shapes do not fit each other, or a value is out of range.

    Examples
    --------
    >>> Backward(done=4)
    Backward(done=4)
    """

    title = "Backward: the gradients of a convolution, stop by stop"
    heights = (584, 644, 340)
    paper: ClassVar = {"done": 4}
    image = Grid(longest=_LONGEST).tag(sync=True)
    kernel = Grid(longest=_LONGEST).tag(sync=True)
    gradient = Grid(longest=_LONGEST).tag(sync=True)
    done = t.Int(0, min=0, max=_LONGEST**2).tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**_EXAMPLE, **kwargs})

    @t.validate("image", "kernel", "gradient")
    def _shapes(self, proposal: Any) -> Any:
        grids = {name: getattr(self, name) for name in ("image", "kernel", "gradient")}
        grids[proposal.trait.name] = proposal.value
        image, kernel, gradient = ((len(rows), len(rows[0])) for rows in grids.values())
        wanted = tuple(whole - part + 1 for whole, part in zip(image, kernel, strict=True))
        if gradient != wanted:
            raise t.TraitError(
                f"gradient must have the shape of the map, image − kernel + 1 in both directions. "
                f"Received: image {image}, kernel {kernel}, gradient {gradient}"
            )
        return proposal.value
