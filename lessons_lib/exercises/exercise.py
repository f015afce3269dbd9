"""An exercise that needs no code: a number, a choice or a drawn kernel, answered in place."""

from __future__ import annotations

from typing import Any

import traitlets as t

from lessons_lib.exercises import schema, topics
from lessons_lib.exercises.judges import BY_KIND
from lessons_lib.exercises.quiz import seal
from lessons_lib.explorables.base import Explorable


class Exercise(Explorable):
    """The field for an answer, and the tutor's reply, as `check.NAME` gives it.

    Parameters
    ----------
    name : str
        An exercise whose kind in its JSON is "number", "one" or "kernel".

    Raises
    ------
    traitlets.TraitError
        If there is no such exercise, or its answer is a piece of code.

    Examples
    --------
    >>> Exercise("map_size")
    Exercise('map_size')
    """

    title = "Exercise: your answer"
    name = t.Unicode().tag(sync=True)
    sealed = t.Unicode().tag(sync=True)

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name=name, sealed=seal(self.spec(name)), **kwargs)

    @staticmethod
    def spec(name: str) -> dict[str, Any]:
        """Return all that the page needs to judge an answer and to reply: the entry, and the words of all exercises."""
        known = {key: entry for key, entry in topics.exercises().items() if entry["kind"] in BY_KIND}
        if name not in known:
            raise t.TraitError(f"name must be one of {', '.join(known)}. Received: {name}")
        common = {key: value for key, value in topics.common_words().items() if key != "raised_hints"}
        return {**schema.in_chapter(known[name]), "common": common}

    def __repr__(self) -> str:
        return f"Exercise({self.name!r})"
