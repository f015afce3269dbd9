"""Judges of the exercises on transfer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _steps(rng: np.random.Generator) -> list[tuple[Array, Array, Array, float]]:
    """Weights that are nowhere 0, their slopes, and which of them are frozen: some of each."""
    cases = []
    for shape, rate in (((5,), 0.5), ((3, 4), 0.1), ((2, 3, 2), 2.0)):
        frozen = rng.permutation(np.arange(np.prod(shape)) % 2 == 0).reshape(shape)
        cases.append((rng.uniform(1, 9, shape), rng.uniform(1, 9, shape), frozen, rate))
    return cases


def _descriptions(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Probabilities of attributes, and the attributes of classes that have few of them or many."""
    few, some, many = [1, 0, 0, 0, 0], [0, 1, 1, 0, 0], [1, 1, 0, 1, 1]
    cases = []
    for signatures in ([few, some], [few, some, many], [many, [0, 0, 0, 0, 1], [0, 0, 1, 1, 0], few]):
        cases.append((rng.uniform(0.05, 0.95, (30, 5)).round(2), np.array(signatures)))
    return cases


def _scores(p: Array, signatures: Array) -> Array:
    return np.asarray(np.log(p) @ signatures.T + np.log(1 - p) @ (1 - signatures).T)


def _classify(p: Array, signatures: Array) -> Array:
    return np.asarray(_scores(p, signatures).argmax(axis=1))


def _rounded(p: Array, signatures: Array) -> Array:
    return np.asarray(((p[:, None] > 0.5) == (signatures > 0)).sum(axis=2).argmax(axis=1))


JUDGES: dict[str, Judge] = {
    "frozen_step": Function(
        _steps,
        lambda weights, slopes, frozen, rate: np.where(frozen, weights, weights - rate * slopes),
        inverted=lambda weights, slopes, frozen, rate: np.where(frozen, weights - rate * slopes, weights),
        zeroed=lambda weights, slopes, frozen, rate: np.where(frozen, 0, weights - rate * slopes),
        all_move=lambda weights, slopes, frozen, rate: weights - rate * slopes,
        uphill=lambda weights, slopes, frozen, rate: np.where(frozen, weights, weights + rate * slopes),
        rate_forgotten=lambda weights, slopes, frozen, rate: np.where(frozen, weights, weights - slopes),
        step_returned=lambda weights, slopes, frozen, rate: np.where(frozen, 0, rate * slopes),
    ),
    "classify_by_attributes": Function(
        _descriptions,
        _classify,
        absent_ignored=lambda p, signatures: (np.log(p) @ signatures.T).argmax(axis=1),
        present_ignored=lambda p, signatures: (np.log(1 - p) @ (1 - signatures).T).argmax(axis=1),
        probabilities_added=(
            lambda p, signatures: (p @ signatures.T + (1 - p) @ (1 - signatures).T).argmax(axis=1),
            lambda p, signatures: (p @ signatures.T).argmax(axis=1),
        ),
        rounded=_rounded,
        best_image=lambda p, signatures: _scores(p, signatures).argmax(axis=0),
        least_likely=lambda p, signatures: _scores(p, signatures).argmin(axis=1),
        scores_returned=(_scores, lambda p, signatures: np.exp(_scores(p, signatures))),
    ),
}
