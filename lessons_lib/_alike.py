"""Find out whether two networks differ in their weights alone, as far as that can be compared."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

# What differs between two networks of one builder: names, and what the starting weights are drawn from.
_FREE = ("name", "seed", "initializer")


def difference(first: Any, other: Any) -> str | None:
    """Return in words what keeps two built models from having one architecture, or None if nothing is found.

    Compared are the variables (number, shapes, which of them are trainable), the layers (class, settings, functions).
    """
    pairs = list(zip(first.variables, other.variables, strict=False))
    if len(first.variables) != len(other.variables) or any(a.shape != b.shape for a, b in pairs):
        return f"variables of the shapes {_shapes(first)}, then of {_shapes(other)}"
    if any(a.trainable != b.trainable for a, b in pairs):
        return "another choice of which variables are trainable"
    layers = list(_layers(first)), list(_layers(other))
    if len(layers[0]) != len(layers[1]):
        return f"{len(layers[0])} layers, then {len(layers[1])}"
    for a, b in zip(*layers, strict=True):
        if type(a) is not type(b):
            return f"a {type(a).__name__}, then a {type(b).__name__}"
        # The layers of a model are compared one by one.
        if not hasattr(a, "layers") and (_settings(a) != _settings(b) or not _same_functions(a, b)):
            return f"two layers {type(a).__name__} with other settings"
    return None


def _shapes(model: Any) -> str:
    return ", ".join(str(tuple(variable.shape)) for variable in model.variables) or "none"


def _layers(model: Any) -> Iterator[Any]:
    yield model
    for layer in getattr(model, "layers", []):
        yield from _layers(layer)


def _settings(layer: Any) -> Any:
    """Return a layer's settings in a form that can be compared, or None if it does not describe itself."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras warns of functions that a file could not hold.
            return _comparable(layer.get_config())
    except (NotImplementedError, TypeError, ValueError):
        return None


def _comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _comparable(part) for key, part in value.items() if not any(word in key for word in _FREE)}
    if isinstance(value, (list, tuple)):
        return [_comparable(part) for part in value]
    return np.asarray(value).tolist() if hasattr(value, "shape") else value


def _same_functions(first: Any, other: Any) -> bool:
    """Tell whether two layers hold the same functions, such as an activation of the caller's own."""
    theirs = vars(other)
    own = {name: value for name, value in vars(first).items() if _is_own_function(value)}
    return all(_code(value) == _code(theirs.get(name)) for name, value in own.items())


def _is_own_function(value: Any) -> bool:
    return hasattr(value, "__code__") and not str(value.__module__).startswith("keras.")


def _code(function: Any) -> Any:
    cells = getattr(function, "__closure__", None) or ()
    return (
        getattr(function, "__code__", function),
        getattr(function, "__defaults__", None),
        [c.cell_contents for c in cells],
    )
