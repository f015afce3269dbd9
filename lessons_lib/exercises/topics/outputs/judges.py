"""Judges of the exercises on boxes and masks."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _masks(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Return cases of a mask and the truth: of different areas, apart in part or altogether.

    Each pair of areas comes with several overlaps, and each overlap with several pairs of areas.
    """
    cases = []
    sizes = (((9, 8), (2, 4)), ((8, 10), (4, 3)))
    for (picture, (rows, columns)), (down, right) in product(sizes, ((1, 1), (0, 2), (2, 0), (3, 3))):
        mask, truth = np.zeros((2, *picture), dtype=bool)
        top, left = rng.integers(0, 2, size=2)
        truth[top : top + 3, left : left + 3] = True
        mask[top + down : top + down + rows, left + right : left + right + columns] = True
        cases.append((mask, truth))
    return cases


def _both(mask: Array, truth: Array) -> int:
    return int((mask & truth).sum())


def _dice(mask: Array, truth: Array) -> float:
    return float(2 * _both(mask, truth) / (mask.sum() + truth.sum()))


JUDGES: dict[str, Judge] = {
    "dice": Function(
        _masks,
        _dice,
        iou=lambda mask, truth: _both(mask, truth) / (mask | truth).sum(),
        overlap_once=lambda mask, truth: _dice(mask, truth) / 2,
        agreement=(
            lambda mask, truth: (mask == truth).mean(),
            lambda mask, truth: 2 * (mask == truth).sum() / (mask.sum() + truth.sum()),
        ),
        share_of_truth=lambda mask, truth: _both(mask, truth) / truth.sum(),
        share_of_mask=lambda mask, truth: _both(mask, truth) / mask.sum(),
        overlap_counted=(_both, lambda mask, truth: 2 * _both(mask, truth)),
    ),
}
