"""Quiz: questions that explain each wrong answer."""

from __future__ import annotations

import base64
import json
from random import Random
from typing import Any

import traitlets as t

from lessons_lib import _check
from lessons_lib.exercises import schema, topics
from lessons_lib.explorables.base import Explorable


def seal(value: Any) -> str:
    """Return `value` as base64 of its JSON, so that nobody reads an answer by chance.

    Examples
    --------
    >>> seal({"answer": 3})
    'eyJhbnN3ZXIiOjN9'
    """
    return base64.b64encode(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()).decode()


class Quiz(Explorable):
    """Questions with one or several right answers, numbers, or an order to find.

    Parameters
    ----------
    name : str
        The quiz's topic. The reader's progress is kept under it, so it stays the same over the editions of the course.
    questions : list of dict
        Each with ``id``, ``kind`` and ``ask``. Kinds "one" and "several" have ``options`` of ``text``, ``right`` and
        ``why``; "number" has a ``label``, the ``answer``, what is ``near`` it (``value`` and ``why``), ``otherwise``
        and the ``why`` of the right one; "order" has the ``items`` in the right order, ``otherwise`` and ``why``. A
        ``section`` names the heading that a reader who misses the question should read; the quiz then ends with all
        sections to read. Text between backticks is code. ``schema.json`` states all of it.
    heights : tuple of three ints, optional
        How high the quiz is, in CSS pixels, in windows of 320, 390 and 1280: a page keeps this room free until the quiz
        has started. Give it where a quiz stands near the top of a page.

    Raises
    ------
    traitlets.TraitError
        If the name is empty, or a question has no such form; the message names it, the rule and what came.

    Examples
    --------
    >>> yes, no = {"text": "0", "right": True, "why": "As Keras."}, {"text": "1", "right": False, "why": "It is flat."}
    >>> Quiz("demo", [{"id": "slope", "kind": "one", "ask": "The slope of ReLU at −1?", "options": [yes, no]}])
    Quiz('demo', 1 question)
    """

    title = "Quiz"
    name = t.Unicode().tag(sync=True)
    sealed = t.Unicode().tag(sync=True)

    def __init__(
        self, name: str, questions: list[dict[str, Any]], *, heights: tuple[int, ...] = (), **kwargs: Any
    ) -> None:
        try:
            _check.text("name", name)
        except (TypeError, ValueError) as error:
            raise t.TraitError(str(error)) from None
        words = topics.common_words()
        common = {key: words[key] for key in ("unusable_start", "unusable")}
        sealed = seal({"questions": schema.in_chapter(prepared(questions, name)), "common": common})
        self._count, self._heights = len(questions), heights
        super().__init__(name=name, sealed=sealed, **kwargs)

    @classmethod
    def of(cls, topic: str, *, heights: tuple[int, ...] = ()) -> Quiz:
        """Return the quiz of a topic.

        Examples
        --------
        >>> Quiz.of("pooling")
        Quiz('pooling', 7 questions)
        """
        try:
            return cls(topic, topics.quiz(topic), heights=heights)
        except ValueError as error:
            raise t.TraitError(str(error)) from None

    @property
    def room(self) -> tuple[int, ...]:
        """How high the quiz is, where that was given."""
        return self._heights

    def __repr__(self) -> str:
        return f"Quiz({self.name!r}, {self._count} question{'s' * (self._count != 1)})"


def prepared(questions: list[dict[str, Any]], name: str = "quiz") -> list[dict[str, Any]]:
    """Return the questions as the page needs them, or raise `traitlets.TraitError` that says the rule and what came."""
    try:
        schema.check(questions, "quiz", where=name)
    except ValueError as error:
        raise t.TraitError(str(error)) from None
    return [
        question | {"shown": mixed(len(question["items"]), question["id"])} if question["kind"] == "order" else question
        for question in questions
    ]


def mixed(count: int, seed: str) -> list[int]:
    """Return the places of `count` items as the page first shows them: always the same, and never the right order.

    Examples
    --------
    >>> mixed(4, "pooling") == mixed(4, "pooling") != [0, 1, 2, 3]
    True
    """
    shown = list(range(count))
    mixer = Random(seed)
    while shown == sorted(shown):
        mixer.shuffle(shown)
    return shown
