"""Quiz: questions that explain each wrong answer."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from random import Random
from typing import Any

import traitlets as t

from lessons_lib import _check
from lessons_lib.explorables.base import Explorable

FIELDS = {
    "one": {"options"},
    "several": {"options"},
    "number": {"answer", "label", "why", "near", "otherwise"},
    "order": {"items", "why", "otherwise"},
}


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
        Of the quiz, stable over the editions of the course: the reader's progress is kept under it.
    questions : list of dict
        Each with ``id``, ``kind`` and ``ask``. Kinds "one" and "several" have ``options`` of ``text``, ``right`` and ``why``;
        "number" has a ``label``, the ``answer``, what is ``near`` it (``value`` and ``why``), ``otherwise`` and the ``why`` of the right
        one; "order" has the ``items`` in the right order, ``otherwise`` and ``why``. Text between backticks is code.

    Raises
    ------
    traitlets.TraitError
        If a question has no such form; the message names it.

    Examples
    --------
    >>> yes, no = {"text": "0", "right": True, "why": "As Keras."}, {"text": "1", "right": False, "why": "It is flat."}
    >>> Quiz("demo", [{"id": "slope", "kind": "one", "ask": "The slope of ReLU at −1?", "options": [yes, no]}])
    Quiz('demo', 1 question)
    """

    title = "Quiz"
    name = t.Unicode().tag(sync=True)
    sealed = t.Unicode().tag(sync=True)

    def __init__(self, name: str, questions: list[dict[str, Any]], **kwargs: Any) -> None:
        self._count = len(questions)
        super().__init__(name=name, sealed=seal(prepared(questions)), **kwargs)

    @classmethod
    def read(cls, path: str | Path) -> Quiz:
        """Return the quiz of a JSON file, a list of questions; the file's stem is its name."""
        path = Path(path)
        return cls(path.stem, json.loads(path.read_text(encoding="utf-8")))

    def __repr__(self) -> str:
        return f"Quiz({self.name!r}, {self._count} question{'s' * (self._count != 1)})"


def prepared(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the questions as the page needs them, or raise `traitlets.TraitError` that says the rule and what came."""
    if not questions:
        raise t.TraitError("a quiz must have at least one question. Received: none")
    names = [question.get("id") for question in questions]
    if len(set(names)) < len(names):
        raise t.TraitError(f"each question must have an id of its own. Received: {', '.join(map(str, names))}")
    return [_question(question) for question in questions]


def _question(question: dict[str, Any]) -> dict[str, Any]:
    name, kind = question.get("id"), question.get("kind")
    if kind not in FIELDS:
        raise t.TraitError(f"{name}: kind must be one of {', '.join(FIELDS)}. Received: {kind!r}")
    wanted = {"id", "kind", "ask"} | FIELDS[kind]
    if set(question) != wanted:
        raise t.TraitError(f"{name}: a question of this kind has {sorted(wanted)}. Received: {sorted(question)}")
    for key in ("id", "ask", "label", "why", "otherwise"):
        if not isinstance(question.get(key, " "), str) or not question.get(key, " "):
            raise t.TraitError(f"{name}: {key} must be a text. Received: {question[key]!r}")
    return {"one": _options, "several": _options, "number": _number, "order": _order}[kind](question)


def _options(question: dict[str, Any]) -> dict[str, Any]:
    name, options = question["id"], question["options"]
    for option in options:
        if set(option) != {"text", "right", "why"} or not (option["text"] and option["why"]):
            raise t.TraitError(f"{name}: an option has a text, right and why. Received: {option}")
    rights = sum(option["right"] is True for option in options)
    if len(options) < 2 or rights < 1 or (question["kind"] == "one" and rights != 1):
        rule = "exactly one option" if question["kind"] == "one" else "at least one option"
        raise t.TraitError(f"{name}: {rule} of two or more must be right. Received: {rights} of {len(options)}")
    return question


def _number(question: dict[str, Any]) -> dict[str, Any]:
    try:
        values = [_check.number("answer", question["answer"])]
        values += [_check.number("value", near["value"]) for near in question["near"]]
    except (TypeError, ValueError) as error:
        raise t.TraitError(f"{question['id']}: {error}") from None
    if len(set(values)) < len(values):
        raise t.TraitError(f"{question['id']}: each number must have one reason. Received: {values}")
    return question


def _order(question: dict[str, Any]) -> dict[str, Any]:
    items = question["items"]
    if len(items) < 3 or len(set(items)) < len(items):
        raise t.TraitError(f"{question['id']}: an order has three or more different items. Received: {items}")
    shown = list(range(len(items)))
    mixer = Random(question["id"])
    while shown == sorted(shown):
        mixer.shuffle(shown)
    return question | {"shown": shown}
