"""Judges of the exercises on a whole CNN."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import ops
from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _batches(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    sizes = ((4, 10), (2, 3), (5, 4))
    return [(rng.dirichlet(np.ones(classes), count), rng.integers(classes, size=count)) for count, classes in sizes]


def _truth(scores: Array, labels: Array) -> Array:
    """Shape (n, classes): 1 for the right class of each row, else 0."""
    return np.eye(scores.shape[1])[labels]


def _mean_gradient(scores: Array, labels: Array) -> Array:
    return (scores - _truth(scores, labels)) / len(scores)


def _arrivals(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    sizes = (((3, 4), (2, 3)), ((2, 2), (3, 3)), ((5, 3), (3, 2)))
    return [(rng.integers(-9, 10, map_size), rng.integers(-9, 10, size)) for map_size, size in sizes]


def _back(upstream: Array, kernel: Array) -> Array:
    rows, columns = kernel.shape
    return ops.convolve(np.pad(upstream, ((rows - 1,) * 2, (columns - 1,) * 2)), kernel[::-1, ::-1])


def _unpadded(upstream: Array, kernel: Array) -> Array:
    rows, columns = (max(0, size - taps + 1) for size, taps in zip(upstream.shape, kernel.shape, strict=True))
    return ops.convolve(upstream, kernel[::-1, ::-1]) if rows and columns else np.zeros((rows, columns))


JUDGES: dict[str, Judge] = {
    "score_gradient": Function(
        _batches,
        _mean_gradient,
        mean_forgotten=lambda scores, labels: scores - _truth(scores, labels),
        mean_taken=lambda scores, labels: (scores - _truth(scores, labels)).mean(axis=0),
        by_classes=lambda scores, labels: (scores - _truth(scores, labels)) / scores.shape[1],
        sign=lambda scores, labels: -_mean_gradient(scores, labels),
        truth_forgotten=lambda scores, labels: scores / len(scores),
        right_class_only=lambda scores, labels: _truth(scores, labels) * _mean_gradient(scores, labels),
        at_the_score=lambda scores, labels: -_truth(scores, labels) / scores / len(scores),
        label_for_class=lambda scores, labels: (scores - labels[:, np.newaxis]) / len(scores),
    ),
    "image_gradient": Function(
        _arrivals,
        _back,
        not_turned=lambda upstream, kernel: _back(upstream, kernel[::-1, ::-1]),
        rows_turned=lambda upstream, kernel: _back(upstream, kernel[:, ::-1]),
        columns_turned=lambda upstream, kernel: _back(upstream, kernel[::-1]),
        not_padded=_unpadded,
        negative=lambda upstream, kernel: -_back(upstream, kernel),
    ),
}
