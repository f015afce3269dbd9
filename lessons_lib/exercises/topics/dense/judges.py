"""Judges of the exercises on dense networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _neurons(rng: np.random.Generator) -> list[tuple[Array, Array, float, float]]:
    return [(rng.normal(size=n), rng.normal(size=n), float(rng.normal()), float(rng.uniform(2, 3))) for n in (1, 3, 5)]


def _slope(x: Array, w: Array, b: float, target: float) -> Any:
    """Return the slope of (y − target)² with respect to b, where y = σ(x·w + b)."""
    y = _sigmoid(x @ w + b)
    return 2 * (y - target) * y * (1 - y)


JUDGES: dict[str, Judge] = {
    "neuron_gradient": Function(
        _neurons,
        lambda x, w, b, target: _slope(x, w, b, target) * x,
        input_forgotten=lambda x, w, b, target: _slope(x, w, b, target) * np.ones_like(x),
        activation_forgotten=lambda x, w, b, target: 2 * (_sigmoid(x @ w + b) - target) * x,
        weight_for_input=lambda x, w, b, target: _slope(x, w, b, target) * w,
        two_forgotten=lambda x, w, b, target: _slope(x, w, b, target) * x / 2,
        uphill=lambda x, w, b, target: -_slope(x, w, b, target) * x,
    ),
}
