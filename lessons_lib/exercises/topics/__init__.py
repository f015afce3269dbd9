"""The topics of the course. Each has a folder of its name with what it asks, and how the answers are judged.

``exercises.json``, ``quiz.json`` and ``predictions.json`` hold the questions and all that is said about answers.
``judges.py`` holds ``JUDGES``, a judge for each exercise whose answer is a piece of code. ``examples.py`` holds answers
for the tests. Nothing else lists the topics.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from lessons_lib.exercises import schema
from lessons_lib.exercises.judges import BY_KIND, Judge

HERE = Path(__file__).parent
Entry = dict[str, Any]


def names(folder: Path = HERE) -> list[str]:
    """Return the names of all topics: the folders that ask something.

    Examples
    --------
    >>> "pooling" in names()
    True
    """
    return sorted({path.parent.name for path in folder.glob("*/*.json")})


@cache
def common_words() -> dict[str, Any]:
    """Return what the tutor says in every exercise."""
    words: dict[str, Any] = json.loads((HERE.parent / "words.json").read_text(encoding="utf-8"))
    return words


@cache
def exercises() -> dict[str, Entry]:
    """Return the exercises of all topics, by their names."""
    return collect(HERE)


@cache
def all_predictions() -> dict[str, Entry]:
    """Return the predictions that all topics ask for, by their names."""
    return collect(HERE, "predictions")


def collect(folder: Path, part: Literal["exercises", "predictions"] = "exercises") -> dict[str, Entry]:
    """Return the exercises, or the predictions, of all topics in `folder`, by their names.

    Raises
    ------
    ValueError
        If a file does not fit the schema, or if two topics use one name.
    """
    found: dict[str, Entry] = {}
    owners: dict[str, str] = {}
    for path in sorted(folder.glob(f"*/{part}.json")):
        for name, entry in schema.read(path, part).items():
            if name in found:
                raise ValueError(
                    f"a name of {part} must be used in one topic only. Received: {name}, "
                    f"in {owners[name]} and in {path.parent.name}"
                )
            found[name], owners[name] = entry, path.parent.name
    return found


def exercises_of(topic: str) -> dict[str, Entry]:
    """Return the exercises of one topic, by their names.

    Examples
    --------
    >>> list(exercises_of("images"))
    ['values_of_a_batch', 'grey_is_enough', 'to_grey']
    """
    found: dict[str, Entry] = schema.read(HERE / topic / "exercises.json", "exercises")
    return found


def predictions(topic: str) -> dict[str, Entry]:
    """Return the predictions that a topic asks for, by their names; none if it asks for none."""
    path = HERE / topic / "predictions.json"
    found: dict[str, Entry] = schema.read(path, "predictions") if path.is_file() else {}
    return found


def quiz(topic: str) -> list[Entry]:
    """Return the questions of a topic's quiz.

    Raises
    ------
    ValueError
        If there is no such topic, or if its quiz does not fit the schema.
    """
    known = [path.parent.name for path in sorted(HERE.glob("*/quiz.json"))]
    if topic not in known:
        raise ValueError(f"topic must be one of {', '.join(known)}. Received: {topic!r}")
    questions: list[Entry] = schema.read(HERE / topic / "quiz.json", "quiz")
    return questions


@cache
def judges() -> dict[str, Judge]:
    """Return the judge of each exercise, by its name.

    Raises
    ------
    ValueError
        If an exercise has no judge, or a judge no exercise in the same topic.
    """
    found = {name: BY_KIND[entry["kind"]](entry) for name, entry in exercises().items() if entry["kind"] in BY_KIND}
    for path in sorted(HERE.glob("*/exercises.json")):
        topic = path.parent.name
        wanted = {name for name in schema.read(path, "exercises") if name not in found}
        own = _judges_of(topic)
        if set(own) != wanted:
            raise ValueError(
                f"{topic}/judges.py must have a judge for {', '.join(sorted(wanted)) or 'nothing'}. "
                f"Received: {', '.join(sorted(own)) or 'none'}"
            )
        found |= own
    return found


def _judges_of(topic: str) -> Mapping[str, Judge]:
    if not (HERE / topic / "judges.py").is_file():
        return {}
    own: Mapping[str, Judge] = import_module(f"{__name__}.{topic}.judges").JUDGES
    return own


def reason(name: str) -> str:
    """Return why the right answer of an exercise is right."""
    entry = exercises()[name]
    return str(entry["why"] if "why" in entry else next(o["why"] for o in entry["options"] if o["right"]))


def signature(name: str) -> str:
    """Return how the function that an exercise asks for is called.

    Examples
    --------
    >>> signature("convolve")
    'convolve(image, kernel, strides)'
    """
    first: str = exercises()[name]["order"]["lines"][0]["code"]
    return first.removeprefix("def ").removesuffix(":")


def misconceptions(name: str) -> dict[str, str]:
    """Return the messages of an exercise's misconceptions, by their keys."""
    entry = exercises()[name]
    keyed = [*entry.get("near", []), *entry.get("options", []), *entry.get("rules", [])]
    own: dict[str, str] = {item["key"]: item["why"] for item in keyed if item["key"] != "right"}
    own |= entry.get("wrong", {})
    return own | ({"otherwise": entry["otherwise"]} if "otherwise" in entry else {})


def message(name: str, key: str) -> str:
    """Return what the tutor says to a wrong answer: the exercise's own words, or those of all exercises."""
    words = common_words()
    return str({**words["wrong"], **words["unusable"], **words["functions"], **misconceptions(name)}[key])
