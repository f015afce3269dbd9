"""An exercise that needs no code: a number, a choice or a drawn kernel, answered in place."""

from __future__ import annotations

from typing import Any

import traitlets as t

from lessons_lib.exercises import core
from lessons_lib.explorables.base import Explorable
from lessons_lib.explorables.quiz import seal

KINDS = ("number", "choice", "kernel")


class Exercise(Explorable):
    """The field for an answer, and the tutor's reply, as `check.NAME` gives it.

    Parameters
    ----------
    name : str
        An exercise whose kind in its JSON is "number", "choice" or "kernel".

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
        """Return all that the page needs to judge an answer and to reply."""
        core.load()
        entry = core.messages().get(name, {})
        if entry.get("kind") not in KINDS:
            open_ = [key for key, value in core.messages().items() if value.get("kind") in KINDS]
            raise t.TraitError(f"name must be one of {', '.join(open_)}. Received: {name}")
        common = core.messages()["common"]
        spec = {**entry, "common": {key: value for key, value in common.items() if key != "raised_hints"}}
        return spec | ({"numbers": core.numbers_of(name)} if entry["kind"] == "number" else {})

    def __repr__(self) -> str:
        return f"Exercise({self.name!r})"
