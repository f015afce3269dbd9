"""An exercise in place: a number, a choice or a drawn kernel to give, or the lines of a solution to put in order."""

from __future__ import annotations

from typing import Any

import traitlets as t

from lessons_lib.exercises import order, schema, topics
from lessons_lib.exercises.judges import BY_KIND
from lessons_lib.exercises.quiz import seal
from lessons_lib.explorables.base import Explorable

NOT_ON_A_PAGE = ("functions", "raised_hints", "order")
"""The words that a field for a number, a choice or a kernel never says."""


class Exercise(Explorable):
    """The field for an answer, and the tutor's reply, as `check.NAME` gives it.

    Where the answer is a piece of code, the lines of a solution are put in order. With a kernel, they are also run.

    Parameters
    ----------
    name : str
        The name of an exercise.

    Raises
    ------
    traitlets.TraitError
        If there is no such exercise.

    Examples
    --------
    >>> Exercise("map_size")
    Exercise('map_size')
    """

    title = "Exercise: your answer"
    name = t.Unicode().tag(sync=True)
    sealed = t.Unicode().tag(sync=True)
    # The lines that were checked last, in their order, and those that passed when they were run.
    _program = t.List(t.Int()).tag(sync=True)
    _passed = t.List(t.Int()).tag(sync=True)

    def __init__(self, name: str, **kwargs: Any) -> None:
        super().__init__(name=name, sealed=seal(self.spec(name)), **kwargs)

    @property
    def label(self) -> str:
        """The name of the field that is read aloud; a page has several."""
        return f"{self.title} ({self.name.replace('_', ' ')})"

    @property
    def room(self) -> tuple[int, ...]:
        """How high the lines to order are; a field for an answer needs no room."""
        return () if topics.exercises()[self.name]["kind"] in BY_KIND else order.room(self.name)

    @t.observe("_program")
    def _run_the_lines(self, change: Any) -> None:
        if order.passes(self.name, change["new"]):
            self._passed = change["new"]

    @staticmethod
    def spec(name: str) -> dict[str, Any]:
        """Return all that the page needs to judge an answer and to reply: the entry, and the words of all exercises."""
        known = topics.exercises()
        if name not in known:
            raise t.TraitError(f"name must be one of {', '.join(known)}. Received: {name}")
        if known[name]["kind"] not in BY_KIND:
            return order.spec(name)
        common = {key: value for key, value in topics.common_words().items() if key not in NOT_ON_A_PAGE}
        return {**schema.in_chapter(known[name]), "common": common}

    def __repr__(self) -> str:
        return f"Exercise({self.name!r})"
