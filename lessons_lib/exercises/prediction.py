"""A prediction: the reader says what a cell will show, and how sure, before it is shown."""

from __future__ import annotations

from math import ceil
from typing import Any

import traitlets as t

from lessons_lib.exercises import topics
from lessons_lib.exercises.quiz import seal
from lessons_lib.explorables.base import WIDTHS, Explorable

# How high a prediction is, in CSS pixels, in windows of the three widths, without its lines of text; as measured.
FRAMES = {
    "number": (222, 201, 157),
    "one": (204, 186, 143),
    "order": (337, 316, 272),
    "curve": (512, 516, 452),
}
# The height of a line of text, the mean width of a letter, and what stands before the question.
LINE, LETTER, KICKER = 22.5, 8.8, "Predict first: "

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
        frames = zip(WIDTHS, FRAMES[entry["kind"]], strict=True)
        return tuple(round(frame + LINE * _count_lines(entry, width)) for width, frame in frames)

    @property
    def anchor(self) -> str:
        """The page of the reader's intuition leads here."""
        return f"prediction-{self.name}"

    def __repr__(self) -> str:
        return f"Prediction({self.name!r})"


def _count_lines(entry: dict[str, Any], width: int) -> int:
    """Return about how many lines the question and its options take in a window of this width."""
    inside = min(width - 72, 664)
    texts = [option["text"] for option in entry.get("options", [])]
    lines = [ceil(len(text) * LETTER / (inside - 30)) for text in texts]
    return ceil(len(KICKER + entry["ask"]) * LETTER / inside) + sum(lines)
