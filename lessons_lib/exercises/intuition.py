"""What a reader's predictions show together: how sure, how right, and which misconceptions were behind them."""

from __future__ import annotations

from typing import Any

import traitlets as t

from lessons_lib.exercises import schema, topics
from lessons_lib.exercises.prediction import without_sources
from lessons_lib.exercises.quiz import seal
from lessons_lib.explorables.base import Explorable


class Intuition(Explorable):
    """All predictions of some topics beside their results, as far as the page has kept a record of them.

    Parameters
    ----------
    parts : list of dict
        Each with a ``title``, the ``address`` of its page, and the ``topic`` whose predictions it holds.

    Examples
    --------
    >>> Intuition([{"title": "6. Pooling", "address": "06_pooling.html", "topic": "pooling"}])
    Intuition(1 topic)
    """

    title = "Your predictions"
    sealed = t.Unicode().tag(sync=True)

    def __init__(self, parts: list[dict[str, str]], **kwargs: Any) -> None:
        chapters = [{**part, "predictions": without_sources(topics.predictions(part["topic"]))} for part in parts]
        self._count = len(chapters)
        super().__init__(sealed=seal({"chapters": chapters, "misconceptions": schema.misconceptions()}), **kwargs)

    def __repr__(self) -> str:
        return f"Intuition({self._count} topic{'s' * (self._count != 1)})"
