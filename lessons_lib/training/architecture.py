"""A comparison of two networks: whether they have the same architecture, so that only their weights differ."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

# A setting whose name contains one of these words may differ between two networks of one architecture.
_MAY_DIFFER = ("name", "seed", "initializer")
# Attributes that compiling and training write into a model.
_WRITTEN_BY_TRAINING = (
    "loss", "compiled", "stop_training", "steps_per_execution", "unrolled_steps_per_execution"
)  # fmt: skip


def difference(first: Any, other: Any) -> str | None:
    """Return in words how the architectures of two built models differ, or None if no difference is found.

    The comparison covers the variables (their number, their shapes, and which of them are trainable) and the layers
    (their classes, settings and functions). An attribute that is missing in a layer's configuration is not compared.
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
    """Iterate over a model and all layers in it, at any depth."""
    yield model
    for layer in getattr(model, "layers", []):
        yield from layers(layer)


def settings(model: Any) -> list[Any]:
    """Return the settings of a model and of all layers in it, in a form that can be compared."""
    return [_settings(layer) for layer in layers(model)]


def _settings(layer: Any) -> Any:
    """Return a layer's configuration and its own attributes, in a form that can be compared."""
    return _configuration(layer), _comparable(_own_attributes(layer))


def _own_attributes(layer: Any) -> dict[str, Any]:
    """Return the public numbers and strings of a layer that is not Keras's own and may have no configuration."""
    if type(layer).__module__.startswith("keras."):
        return {}
    values = {name: value for name, value in vars(layer).items() if isinstance(value, (bool, int, float, str))}
    return {
        name: value for name, value in values.items() if not name.startswith("_") and name not in _WRITTEN_BY_TRAINING
    }


def _configuration(layer: Any) -> Any:
    """Return a layer's configuration, or None if it has none or is a model, whose layers are compared one by one."""
    if hasattr(layer, "layers"):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras warns about functions that cannot be saved in a file.
            return _comparable(layer.get_config())
    except (NotImplementedError, TypeError, ValueError):
        public = {name: value for name, value in vars(layer).items() if not name.startswith("_")}
        return _comparable({name: _contents(value) for name, value in public.items() if _is_setting(value)})


def _is_setting(value: Any) -> bool:
    """Return whether an attribute of a layer without a configuration is one of its settings."""
    from lessons_lib import keras

    return isinstance(value, (bool, int, float, str, keras.Regularizer, keras.constraints.Constraint))


def _contents(value: Any) -> Any:
    """Return a setting as it is; of a regularizer or a constraint, its class and what it holds."""
    return (type(value), vars(value)) if hasattr(value, "__dict__") else value


def _comparable(value: Any) -> Any:
    """Return a setting with arrays as lists, and without the parts that may differ."""
    if isinstance(value, dict):
        return {key: _comparable(part) for key, part in value.items() if not any(word in key for word in _MAY_DIFFER)}
    if isinstance(value, (list, tuple)):
        return [_comparable(part) for part in value]
    return np.asarray(value).tolist() if hasattr(value, "shape") else value


def _same_functions(first: Any, other: Any) -> bool:
    """Return whether two layers hold the same functions of the caller, such as an activation function."""
    functions = {
        name: value
        for name, value in vars(first).items()
        if _is_custom_function(value) and name not in _WRITTEN_BY_TRAINING
    }
    return all(_code(function) == _code(vars(other).get(name)) for name, function in functions.items())


def _is_custom_function(value: Any) -> bool:
    return hasattr(value, "__code__") and not str(value.__module__).startswith("keras.")


def _code(function: Any) -> Any:
    """Return what decides how a function computes: its code, its default arguments and its captured variables."""
    cells = getattr(function, "__closure__", None) or ()
    return (
        getattr(function, "__code__", function),
        _comparable(getattr(function, "__defaults__", None)),
        _comparable([cell.cell_contents for cell in cells]),
    )
