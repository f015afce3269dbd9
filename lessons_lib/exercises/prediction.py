"""A prediction: the reader says what a cell will show, and how sure, before it is shown."""

from __future__ import annotations

from math import ceil
from typing import Any

import traitlets as t

from lessons_lib.exercises import topics
from lessons_lib.exercises.quiz import seal
from lessons_lib.explorables.base import WIDTHS, Explorable

# Of a line of text, in CSS pixels: the height, and the mean width of a letter of the question.
LINE, LETTER = 22.0, 8.2
# What is not text: padding, gaps, the heading, and the two rows that ask how sure the reader is.
FRAME = 190
# The rows of buttons that a narrow window needs beside those of a wide one.
MORE_ROWS = {320: 80, 390: 40, 1280: 0}
# The fields of each kind: of one option or item, and beside them.
FIELDS = {"number": (0, 40), "one": (30, 0), "order": (37, 0), "curve": (0, 260)}


# What may be wrong with a typed number: these messages go with the question.
UNUSABLE = ("not_a_number", "two_readings")


def without_sources(value: Any) -> Any:
    """Return an entry without what names its cell and what is printed there, which no page needs."""
    if isinstance(value, dict):
        return {key: without_sources(part) for key, part in value.items() if key not in ("cell", "printed")}
    return [without_sources(part) for part in value] if isinstance(value, list) else value


class Prediction(Explorable):
    """The question for a result, how sure the reader is, and after that the result beside the answer.

    It stands above the cell whose result it asks for. A page covers that result until the reader has answered or wants
    to see it.

    Parameters
    ----------
    name : str
        A prediction of a topic's ``predictions.json``. ``schema.json`` states its form.

    Raises
    ------
    traitlets.TraitError
        If there is no such prediction.

    Examples
    --------
    >>> Prediction("pooled_size")
    Prediction('pooled_size')
    """

    title = "Your prediction"
    name = t.Unicode().tag(sync=True)
    sealed = t.Unicode().tag(sync=True)

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name=name, sealed=seal(self.spec(name)), **kwargs)

    @staticmethod
    def spec(name: str) -> dict[str, Any]:
        """Return all that the page needs to ask and to reply: the entry, and the words for what cannot be read."""
        known = topics.all_predictions()
        if name not in known:
            raise t.TraitError(f"name must be one of {', '.join(known)}. Received: {name}")
        words = topics.common_words()
        unusable = {key: words["unusable"][key] for key in UNUSABLE}
        entry: dict[str, Any] = without_sources(known[name])
        return {**entry, "common": {"unusable_start": words["unusable_start"], "unusable": unusable}}

    @property
    def room(self) -> tuple[int, ...]:
        """How high the question is, about: that follows from its words."""
        entry = topics.all_predictions()[self.name]
        return tuple(_height(entry, width) for width in WIDTHS)

    def __repr__(self) -> str:
        return f"Prediction({self.name!r})"


def _height(entry: dict[str, Any], width: int) -> int:
    """Return about how high a prediction is, in CSS pixels, in a window of this width."""
    inside = min(width - 50, 660)
    each, once = FIELDS[entry["kind"]]
    texts = [part["text"] for part in entry.get("options", entry.get("items", []))]
    lines = _lines(entry["ask"], inside) + sum(_lines(text, inside - 30) - 1 for text in texts)
    return round(FRAME + MORE_ROWS[width] + lines * LINE + len(texts) * each + once)


def _lines(text: str, width: float) -> int:
    return ceil(len(text) * LETTER / width)
