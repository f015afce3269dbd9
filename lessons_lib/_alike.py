"""Find out whether two networks differ in their weights alone, as far as that can be compared."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

# What differs between two networks of one builder: names, and what the starting weights are drawn from.
_FREE = ("name", "seed", "initializer")
# What compiling and training write into a model.
_OF_A_TRAINING = ("loss", "compiled", "stop_training", "steps_per_execution", "unrolled_steps_per_execution")


def difference(first: Any, other: Any) -> str | None:
    """Return in words what keeps two built models from having one architecture, or None if nothing is found.

    Compared are the variables (number, shapes, which of them are trainable), the layers (class, settings, functions).
    """
    pairs = list(zip(first.variables, other.variables, strict=False))
    if len(first.variables) != len(other.variables) or any(a.shape != b.shape for a, b in pairs):
        return f"variables of the shapes {_shapes(first)}, then of {_shapes(other)}"
    if any(a.trainable != b.trainable for a, b in pairs):
        return "another choice of which variables are trainable"
    both = list(layers(first)), list(layers(other))
    if len(both[0]) != len(both[1]):
        return f"{len(both[0])} layers, then {len(both[1])}"
    for a, b in zip(*both, strict=True):
        if type(a) is not type(b):
            return f"a {type(a).__name__}, then a {type(b).__name__}"
        if _settings(a) != _settings(b) or not _same_functions(a, b):
            return f"two layers {type(a).__name__} with other settings"
    return None


def _shapes(model: Any) -> str:
    return ", ".join(str(tuple(variable.shape)) for variable in model.variables) or "none"


def layers(model: Any) -> Iterator[Any]:
    """Yield a model and the layers in it, those of models in it too."""
    yield model
    for layer in getattr(model, "layers", []):
        yield from layers(layer)


def settings(model: Any) -> list[Any]:
    """Return the settings of a model and of all layers in it, in a form that can be compared."""
    return [_settings(layer) for layer in layers(model)]


def _settings(layer: Any) -> Any:
    """Return a layer's settings in a form that can be compared."""
    return _described(layer), _comparable(_attributes(layer))


def _attributes(layer: Any) -> dict[str, Any]:
    """Return the public numbers and strings of a layer of the caller's own, which may not describe itself."""
    if type(layer).__module__.startswith("keras."):
        return {}
    given = {name: value for name, value in vars(layer).items() if isinstance(value, (bool, int, float, str))}
    return {name: value for name, value in given.items() if not name.startswith("_") and name not in _OF_A_TRAINING}


def _described(layer: Any) -> Any:
    """Return a layer's configuration, or None if it does not describe itself, or is a model of layers."""
    if hasattr(layer, "layers"):
        return None
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
