"""Judges of the exercises on the comparison of the networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _pairs(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Accuracies of two networks over the same seeds: lucky seeds are lucky for both."""
    pairs = []
    for seeds in (3, 5, 8):
        luck = rng.normal(0, 0.05, seeds)
        first, second = (np.round(at + luck + rng.normal(0, 0.01, seeds), 3) for at in (0.8, 0.7))
        pairs.append((first, second))
    return [(pairs[0][1], pairs[0][0]), *pairs[1:]]


def _lead(first: Array, second: Array) -> tuple[float, float]:
    difference = first - second
    return float(difference.mean()), float(difference.std(ddof=1))


JUDGES: dict[str, Judge] = {
    "lead": Function(
        _pairs,
        _lead,
        swapped=lambda first, second: _lead(second, first),
        absolute=lambda first, second: (abs(_lead(first, second)[0]), _lead(first, second)[1]),
        unpaired=lambda first, second: (
            _lead(first, second)[0],
            float(np.sqrt(first.var(ddof=1) + second.var(ddof=1))),
        ),
        spreads_subtracted=lambda first, second: (
            _lead(first, second)[0],
            float(first.std(ddof=1) - second.std(ddof=1)),
        ),
        divided_by_all=lambda first, second: (_lead(first, second)[0], float((first - second).std())),
        standard_error=lambda first, second: (
            _lead(first, second)[0],
            float((first - second).std(ddof=1) / np.sqrt(len(first))),
        ),
    ),
}
