"""Pixels: the numbers behind the shades of a digit and of a colour picture."""

from __future__ import annotations

from typing import Any

import traitlets as t

from lessons_lib import _check
from lessons_lib.explorables.base import Explorable


class Picture(t.TraitType[Any, Any]):
    """A trait of rows of pixels, each of three whole numbers 0…255: red, green, blue."""

    info_text = "rows of pixels, each of three whole numbers 0…255"

    def validate(self, obj: Any, value: Any) -> list[list[list[int]]]:
        """Return the pixels as plain lists of ints, or raise a TraitError that says the rule and what came."""
        try:
            array = _check.finite(str(self.name), value, ndim=3)
        except (TypeError, ValueError) as error:
            raise t.TraitError(str(error)) from None
        if not (min(array.shape[:2]) >= 5 and max(array.shape[:2]) <= 64 and array.shape[2] == 3):
            raise t.TraitError(
                f"{self.name} must have 5 to 64 rows and columns, and 3 channels. Received: shape={array.shape}"
            )
        if array.min() < 0 or array.max() > 255 or (array != array.round()).any():
            raise t.TraitError(
                f"{self.name} must hold whole numbers 0…255. Received: {array.min():g}…{array.max():g}, {array.dtype}"
            )
        rows: list[list[list[int]]] = array.astype(int).tolist()
        return rows


class Pixels(Explorable):
    """Point at a pixel of a digit or of a photograph, and read its numbers.

    A reader may also choose, photograph or drop a picture of their own. The browser brings it to a grid of at most 42
    rows and columns and says each step; it stays in the browser, so it is no trait, and Python does not get it.

    Parameters
    ----------
    picture : {"digit", "photograph"}
        Which of the two is shown.
    digit, photograph : int array, shape (rows, columns, 3), 0…255
        A grey picture has three equal channels. By default a real digit, and a flower at 28×42 pixels.
    channel : {"all", "red", "green", "blue", "grey"}
        What of the photograph is shown.
    scale : {"0…255", "0…1"}
        How the numbers are written.
    zero : {"black", "white"}
        How the number 0 is drawn.
    row, column : int
        The chosen pixel, counted from 0; one outside the picture stands for the last inside.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range.

    Examples
    --------
    >>> Pixels(picture="photograph", channel="red")
    Pixels(channel='red', column=14, picture='photograph', row=14, scale='0…255', zero='black')
    """

    title = "Pixels: the numbers behind the shades of a picture"
    heights = (600, 635, 494)
    digit = Picture().tag(sync=True)
    photograph = Picture().tag(sync=True)
    picture = t.Enum(["digit", "photograph"], "digit").tag(sync=True)
    channel = t.Enum(["all", "red", "green", "blue", "grey"], "all").tag(sync=True)
    scale = t.Enum(["0…255", "0…1"], "0…255").tag(sync=True)
    zero = t.Enum(["black", "white"], "black").tag(sync=True)
    row = t.Int(14, min=0, max=63).tag(sync=True)
    column = t.Int(14, min=0, max=63).tag(sync=True)

    @t.default("digit")
    def _digit(self) -> Any:
        from lessons_lib import data

        image = data.digits(train=100, validation=0, test=0).x_train[2]
        return (image * 255).round().repeat(3, axis=2)

    @t.default("photograph")
    def _photograph(self) -> Any:
        from lessons_lib import data, ops

        flower = data.photograph("flower")[:420, :630]
        return (ops.average_pool(flower, pool_size=15) * 255).round()
