"""What a topic asks is checked here: by ``schema.json``, and by the rules that a JSON Schema cannot state."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from lessons_lib.exercises import draw

PATH = Path(__file__).with_name("schema.json")
MISCONCEPTIONS = PATH.with_name("misconceptions.json")
Part = Literal["exercises", "quiz", "predictions"]
COMMON = ("changed_its_input",)
"""The misconceptions that any exercise may meet; what is said to them stands in ``words.json``."""
_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}


@cache
def misconceptions() -> dict[str, str]:
    """Return the misconceptions that several questions share: their names, and each in a sentence.

    Examples
    --------
    >>> misconceptions()["one_bias_for_all"]
    'A layer has a single bias.'
    """
    found: dict[str, str] = json.loads(MISCONCEPTIONS.read_text(encoding="utf-8"))
    return found


def in_chapter(entry: Any) -> Any:
    """Return an entry as a chapter's page needs it: without what the review alone reads.

    Examples
    --------
    >>> in_chapter({"near": [{"value": 1, "misconception": "one_bias_for_all"}], "draw": {}})
    {'near': [{'value': 1}]}
    """
    if isinstance(entry, dict):
        return {key: in_chapter(value) for key, value in entry.items() if key not in ("misconception", "draw")}
    return [in_chapter(item) for item in entry] if isinstance(entry, list) else entry


def read(path: Path, part: Part) -> Any:
    """Return what a JSON file holds, if it is what `part` must be.

    Raises
    ------
    ValueError
        If it is not; the message names the file and the entry, the rule and what came.
    """
    found = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_repetition)
    check(found, part, where=f"{path.parent.name}/{path.name}")
    return found


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    _refuse_repeated([key for key, _ in pairs], "a key must occur once in an object")
    return dict(pairs)


def check(found: Any, part: Part, where: str) -> None:
    """Raise `ValueError` if `found` is not what `part` must be.

    Examples
    --------
    >>> check([], "quiz", where="a quiz")
    Traceback (most recent call last):
    ValueError: a quiz: it must have at least 1 item. Received: []
    """
    if not _fits(part, found):
        for error in _validator(part).iter_errors(found):
            place = list(error.absolute_path)
            raise ValueError(f"{_where(found, place, where)}: {_rule(error, place)}")
    for name, entry in [(entry["id"], entry) for entry in found] if part == "quiz" else found.items():
        try:
            _check_prediction(entry) if part == "predictions" else _check_entry(entry)
        except ValueError as error:
            raise ValueError(f"{where}, {name}: {error}") from None
    if part == "quiz":
        _refuse_repeated([entry["id"] for entry in found], f"{where}: each question must have an id of its own")


def _fits(part: Part, found: Any) -> bool:
    """Tell whether the schema is met, by a validator that is there at once; the other one takes seconds to import."""
    from fastjsonschema import JsonSchemaValueException

    try:
        _quick_validator(part)(found)
    except JsonSchemaValueException:
        return False
    return True


@cache
def _quick_validator(part: Part) -> Any:
    import fastjsonschema

    return fastjsonschema.compile(_schema(part))


@cache
def _validator(part: Part) -> Any:
    """Return the validator that names the rule which is broken."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

    return Draft202012Validator(_schema(part))


def _schema(part: Part) -> dict[str, Any]:
    schema = json.loads(PATH.read_text(encoding="utf-8"))
    return {"$ref": f"#/$defs/{part}", "$defs": schema["$defs"]}


def _where(found: Any, place: Sequence[Any], where: str) -> str:
    """Name the entry in which an error lies: by the name of the exercise, or by the id of the question."""
    if not place:
        return where
    entry = found[place[0]]
    own = (
        entry.get("id", f"question {place[0] + 1}") if isinstance(found, list) and isinstance(entry, dict) else place[0]
    )
    return f"{where}, {own}"


def _rule(error: Any, place: Sequence[Any]) -> str:
    """Say the rule that an error of the schema breaks, and what came."""
    at = ".".join(map(str, place[1:])) or "it"
    value, wanted = error.instance, error.validator_value
    if error.validator == "required":
        missing = ", ".join(name for name in wanted if name not in value)
        return f"{at} must have {missing}. Received: {_short(sorted(value))}"
    if error.validator == "additionalProperties":
        allowed = ", ".join(error.schema["properties"])
        return f"{at} must have no other fields than {allowed}. Received: {_short(sorted(value))}"
    if error.validator == "type":
        types = [wanted] if isinstance(wanted, str) else wanted
        return f"{at} must be {' or '.join(_TYPES[name] for name in types)}. Received: {_short(value)}"
    if error.validator == "enum":
        return f"{at} must be one of {', '.join(wanted)}. Received: {_short(value)}"
    if error.validator == "minLength":
        return f"{at} must be a text that is not empty. Received: {_short(value)}"
    if error.validator in ("minItems", "minProperties"):
        return f"{at} must have at least {wanted} item{'s' * (wanted != 1)}. Received: {_short(value)}"
    if error.validator == "maxItems":
        return f"{at} must have at most {wanted} items. Received: {_short(value)}"
    if error.validator == "uniqueItems":
        return f"{at} must have different items. Received: {_short(value)}"
    if error.validator == "pattern":
        return f"{at} must have the form {wanted}. Received: {_short(value)}"
    return f"{at} does not fit the schema. Received: {_short(value)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _check_entry(entry: dict[str, Any]) -> None:
    """Check what the schema cannot: an exercise or a question that fits it is given."""
    for number in _numbers(entry):
        if not math.isfinite(number):
            raise ValueError(f"every number must be finite. Received: {number}")
    if "near" in entry:
        values = [entry["answer"], *(near["value"] for near in entry["near"])]
        _refuse_repeated(values, "each number must have one reason")
    if "options" in entry:
        rights = [option for option in entry["options"] if option["right"]]
        if not rights or (entry["kind"] == "one" and len(rights) > 1):
            rule = "exactly one option" if entry["kind"] == "one" else "at least one option"
            raise ValueError(f"{rule} must be right. Received: {len(rights)} of {len(entry['options'])}")
        _refuse_repeated([option["text"] for option in entry["options"]], "each option must have a text of its own")
        for option in entry["options"]:
            if "key" in option and option["right"] != (option["key"] == "right"):
                raise ValueError(f"the right option must have the key right. Received: {option['key']}")
    keyed = [item["key"] for name in ("near", "options", "rules") for item in entry.get(name, []) if "key" in item]
    _refuse_repeated(keyed, "each misconception must have a key of its own")
    if "order" in entry:
        _check_order(entry["order"], entry["wrong"])
    for item in [*entry.get("near", []), *entry.get("options", [])]:
        if item.get("misconception", "") not in {"", *misconceptions()}:
            raise ValueError(f"a misconception must be in {MISCONCEPTIONS.name}. Received: {item['misconception']}")
    if "draw" in entry:
        draw.check(entry)
    if "rules" in entry:
        shapes = {np.shape(rule["probe"]) for rule in entry["rules"]} if _rectangular(entry) else set()
        if len(shapes) != 1:
            raise ValueError("all probes must have one shape, and all rows one length. Received: probes of others")


def _check_order(order: dict[str, Any], wrong: dict[str, str]) -> None:
    _refuse_repeated(
        [line["code"] for line in order["lines"] + order["distractors"]], "each line must have a code of its own"
    )
    for place, line in enumerate(order["lines"]):
        if any(needed >= place for needed in line.get("after", [])):
            raise ValueError(f"a line must come after lines above it. Received: {line['after']} for line {place}")
    for line in order["distractors"]:
        if "key" in line and line["key"] not in {*wrong, *COMMON}:
            raise ValueError(
                f"the key of a line must be one of {', '.join([*wrong, *COMMON])}. Received: {line['key']}"
            )


def _check_prediction(entry: dict[str, Any]) -> None:
    """Check what the schema cannot: a prediction that fits it is given."""
    for number in _numbers(entry):
        if not math.isfinite(number):
            raise ValueError(f"every number must be finite. Received: {number}")
    if entry["kind"] == "number":
        _check_ranges(entry)
    if entry["kind"] == "one":
        _check_options(entry)
    if entry["kind"] == "order":
        _refuse_repeated([item["value"] for item in entry["items"]], "each item must have a value of its own")
        _refuse_repeated([item["text"] for item in entry["items"]], "each item must have a text of its own")
        if entry["items"] == sorted(entry["items"], key=lambda item: item["value"]):
            raise ValueError("the items must be shown in another order than the right one. Received: the right one")
    if entry["kind"] == "curve" and not len(entry["places"]) == len(entry["values"]) == len(entry["printed"]):
        raise ValueError("there must be a value and what is printed for each place. Received: lists of other lengths")


def _check_ranges(entry: dict[str, Any]) -> None:
    """Check that no number is right and a misconception's at once."""
    answer, within = entry["answer"], entry["within"]
    is_ratio = entry.get("scale") == "ratio"
    low, high = (answer / within, answer * within) if is_ratio else (answer - within, answer + within)
    for near in entry.get("near", []):
        if near["from"] <= high + 1e-9 and low < near["to"]:
            raise ValueError(
                "the range of a misconception must lie beyond what is right. "
                f"Received: {near['from']} to {near['to']}, where {low:g} to {high:g} is right"
            )


def _check_options(entry: dict[str, Any]) -> None:
    """Check the options of a prediction: which is right follows from what the cell prints."""
    options = entry["options"]
    rights = [option["right"] for option in options]
    if sum(rights) != 1:
        raise ValueError(f"exactly one option must be right. Received: {sum(rights)} of {len(rights)}")
    _refuse_repeated([option["text"] for option in options], "each option must have a text of its own")
    wrong = [option["misconception"] for option in options if not option["right"]]
    _refuse_repeated(wrong, "each wrong option must have a misconception of its own")
    if "wins" in entry:
        values = [option["value"] for option in options]
        best = max(values) if entry["wins"] == "largest" else min(values)
        shown = [value == best for value in values]
    elif "answer" in entry:
        ends = [(option.get("from", -math.inf), option.get("to", math.inf)) for option in options]
        shown = [low <= entry["answer"] < high for low, high in ends]
    elif "printed" in entry:
        return
    else:
        raise ValueError("an option must be shown to be right by printed, answer or wins. Received: none of them")
    if shown != rights:
        received = ", ".join(option["text"] for option in options if option["right"])
        raise ValueError(f"the right option must be the one that the numbers show. Received: {received}")


def _rectangular(entry: dict[str, Any]) -> bool:
    return all(
        len({len(row) for row in grid}) == 1 for grid in [entry["picture"], *(r["probe"] for r in entry["rules"])]
    )


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)
    elif isinstance(value, float):
        yield value


def _refuse_repeated(items: Sequence[Any], rule: str) -> None:
    repeated = [str(item) for item, count in Counter(items).items() if count > 1]
    if repeated:
        raise ValueError(f"{rule}. Received: {', '.join(repeated)} more than once")
