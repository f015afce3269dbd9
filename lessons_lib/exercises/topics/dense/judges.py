"""Judges of the exercises on dense networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import ops
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


def _batches(rng: np.random.Generator) -> list[tuple[Array, Array, Array, Array, float]]:
    """Return batches of examples with labels, weights, biases and a learning rate; no two of the sizes are equal."""
    sizes = ((4, 3, 2), (5, 2, 3), (6, 5, 4))
    return [
        (
            rng.normal(size=(examples, inputs)),
            rng.integers(classes, size=examples),
            rng.normal(size=(inputs, classes)),
            rng.normal(size=classes),
            float(rng.uniform(0.1, 0.5)),
        )
        for examples, inputs, classes in sizes
    ]


def _step(
    x: Array, y: Array, W: Array, b: Array, rate: float, *, truth: float = 1, scale: float = 1, bias: float = 1
) -> tuple[Array, Array]:
    """Return the weights and biases of a softmax layer after one step of SGD on the mean cross-entropy.

    `truth` is the factor of y in p − y, `scale` that of all slopes, and `bias` that of the slope of the biases.
    """
    dz = scale * (ops.softmax(x @ W + b) - truth * np.eye(len(b))[y]) / len(y)
    return W - rate * x.T @ dz, b - bias * rate * dz.sum(axis=0)


def _one_row(x: Array, y: Array, W: Array, b: Array, rate: float) -> tuple[Array, Array]:
    """Return what `_step` does to the weights, and to the biases a step by the first example's slope alone."""
    row = ops.softmax(x[0] @ W + b) - np.eye(len(b))[y[0]]
    return _step(x, y, W, b, rate)[0], b - rate * row / len(y)


JUDGES: dict[str, Judge] = {
    "neuron_gradient": Function(
        _neurons,
        lambda x, w, b, target: _slope(x, w, b, target) * x,
        input_forgotten=lambda x, w, b, target: _slope(x, w, b, target) * np.ones_like(x),
        activation_forgotten=lambda x, w, b, target: 2 * (_sigmoid(x @ w + b) - target) * x,
        weight_for_input=lambda x, w, b, target: _slope(x, w, b, target) * w,
        slope_of_the_sum=lambda x, w, b, target: (
            2 * (_sigmoid(x @ w + b) - target) * (x @ w + b) * (1 - (x @ w + b)) * x
        ),
        two_forgotten=lambda x, w, b, target: _slope(x, w, b, target) * x / 2,
        uphill=lambda x, w, b, target: -_slope(x, w, b, target) * x,
    ),
    "training_step": Function(
        _batches,
        _step,
        uphill=lambda x, y, W, b, rate: _step(x, y, W, b, -rate),
        sum_of_batch=lambda x, y, W, b, rate: _step(x, y, W, b, rate, scale=len(y)),
        rate_forgotten=lambda x, y, W, b, rate: _step(x, y, W, b, 1),
        bias_stays=(
            lambda x, y, W, b, rate: _step(x, y, W, b, rate, bias=0),
            lambda x, y, W, b, rate: _step(x, y, W, b, rate, bias=1 / len(y)),
        ),
        one_row=_one_row,
        labels_forgotten=lambda x, y, W, b, rate: _step(x, y, W, b, rate, truth=0),
    ),
}
