"""Exercises whose numbers can be drawn anew: formulas as data, which the page and Python compute alike.

The ``draw`` of an exercise with a number names the values that may be drawn, the text with places for them, and a
formula for the answer and for each misconception. ``static/draw.js`` does on the page what this module does here.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

_OPERATIONS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}
_FUNCTIONS: dict[str, Callable[[float], float]] = {"floor": math.floor, "ceil": math.ceil}


def compute(formula: str, values: Mapping[str, float]) -> float:
    """Return what a formula gives for some values.

    Parameters
    ----------
    formula : str
        Names of values and numbers, with ``+ - * /``, brackets, ``floor(…)`` and ``ceil(…)``.
    values : mapping of str to float
        The values, by their names.

    Raises
    ------
    ValueError
        If the formula holds anything else, or a name that has no value.

    Examples
    --------
    >>> compute("floor((size - kernel) / strides) + 1", {"size": 30, "kernel": 5, "strides": 2})
    13
    """

    def value_of(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.Name(id=name) if name in values:
                return values[name]
            case ast.BinOp(left, operation, right) if type(operation) in _OPERATIONS:
                return _OPERATIONS[type(operation)](value_of(left), value_of(right))
            case ast.UnaryOp(operation, operand) if type(operation) in _OPERATIONS:
                return _OPERATIONS[type(operation)](value_of(operand))
            case ast.Call(ast.Name(id=name), [argument], []) if name in _FUNCTIONS:
                return _FUNCTIONS[name](value_of(argument))
        raise ValueError(f"a formula must have numbers, {', '.join(values)}, + - * / floor ceil. Received: {formula}")

    try:
        return value_of(ast.parse(formula, mode="eval").body)
    except SyntaxError:
        raise ValueError(f"a formula must be arithmetic. Received: {formula}") from None


def drawn(entry: Mapping[str, Any], values: Mapping[str, float]) -> dict[str, Any]:
    """Return the question that an exercise asks with the given values, as a quiz asks it.

    Examples
    --------
    >>> from lessons_lib.exercises import topics
    >>> question = drawn(topics.exercises()["map_size"], {"size": 31, "kernel": 3, "strides": 2})
    >>> question["answer"], question["near"][0]["key"], question["near"][0]["value"]
    (15, 'rounded_up', 15)
    """
    draw = entry["draw"]
    texts = {near["key"]: near for near in entry["near"]}
    answer = compute(draw["answer"], values)
    places = {name: _written(number) for name, number in {**values, "answer": answer}.items()}
    return {
        "kind": "number",
        "ask": _filled(draw["ask"], places),
        "label": entry["label"],
        "answer": answer,
        "why": _filled(draw["why"], places),
        "near": [
            texts[key]
            | {"value": compute(formula, values), "why": _filled(draw["words"].get(key, texts[key]["why"]), places)}
            for key, formula in draw["near"].items()
        ],
    }


def _written(number: float) -> str:
    return str(int(number) if number == int(number) else number)


def _filled(text: str, places: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: places.get(place[1], place[0]), text)


def check(entry: Mapping[str, Any]) -> None:
    """Raise `ValueError` unless the formulas give the numbers that the exercise prints, for the values it prints.

    Examples
    --------
    >>> check({"answer": 3, "near": [], "draw": {"printed": {"n": 1}, "answer": "n + 1", "near": {}, "values": {}}})
    Traceback (most recent call last):
    ValueError: the draw must give the answer 3 for the printed values. Received: 2
    """
    draw = entry["draw"]
    numbers = {"answer": entry["answer"]} | {near["key"]: near["value"] for near in entry["near"]}
    for key, formula in {"answer": draw["answer"], **draw["near"]}.items():
        if key not in numbers:
            raise ValueError(f"a formula of a draw must belong to one of {', '.join(numbers)}. Received: {key}")
        value = compute(formula, draw["printed"])
        if value != numbers[key]:
            what = "answer" if key == "answer" else f"number of {key},"
            raise ValueError(f"the draw must give the {what} {numbers[key]} for the printed values. Received: {value}")
    if set(draw["values"]) != set(draw["printed"]):
        raise ValueError(
            f"a draw must have values for {', '.join(draw['printed'])}. Received: {', '.join(draw['values'])}"
        )
