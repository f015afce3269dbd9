"""Judges of the exercises on architectures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import counting
from lessons_lib.exercises import networks
from lessons_lib.exercises.judges import Function, Judge, Wrong

Array = NDArray[Any]

BUDGET = 10_000
MAPS = (14, 14, 64)
VIEWS = {1, 3, 5}


def _inceptions(rng: np.random.Generator) -> list[tuple[int, ...]]:
    googlenet_3a = (192, 64, 96, 128, 16, 32, 32)
    return [googlenet_3a, *(tuple(map(int, row)) for row in rng.integers(2, 65, size=(5, 7)))]


def _count(channels: int, *filters: int) -> int:
    ones, few, threes, fewer, fives, pooled = filters
    layers = [(1, channels, ones), (1, channels, few), (3, few, threes)]
    layers += [(1, channels, fewer), (5, fewer, fives), (1, channels, pooled)]
    return sum(counting.convolution_parameters(*layer) for layer in layers)


def _inception_budget(answer: Any) -> None:
    net = networks.built_model(answer)
    count = networks.batch_size(net, 8)
    images = np.random.default_rng(0).normal(size=(count, *MAPS)).astype(np.float32)
    before = networks.replies(net, images, MAPS)
    networks.check_budget(net, BUDGET)
    changed = images.copy()
    changed[:, 7, 7] += np.random.default_rng(1).normal(size=(count, MAPS[-1]))
    views = _views(np.abs(networks.replies(net, changed, MAPS) - before) > 1e-5)
    if not views >= VIEWS:
        raise Wrong("view_missing", views=", ".join(map(str, sorted(views))) or "none of them did")


def _views(changed: Array) -> set[int]:
    """Return how many rows notice a change of one pixel, for the channels that notice it at all."""
    rows: Array = np.asarray(changed.any(axis=(0, 2)))
    return {int(np.ptp(np.flatnonzero(channel))) + 1 for channel in rows.T if channel.any()}


JUDGES: dict[str, Judge] = {
    "inception_parameters": Function(
        _inceptions,
        _count,
        no_reduction=lambda c, a, r, b, s, d, p: (c + 1) * (a + p) + (9 * c + 1) * b + (25 * c + 1) * d,
        reductions_not_counted=lambda c, a, r, b, s, d, p: _count(c, a, r, b, s, d, p) - (c + 1) * (r + s),
        biases_forgotten=lambda c, a, r, b, s, d, p: _count(c, a, r, b, s, d, p) - (a + r + b + s + d + p),
        pooling_is_free=lambda c, a, r, b, s, d, p: _count(c, a, r, b, s, d, p) - (c + 1) * p,
        one_by_one_twice=lambda c, a, r, b, s, d, p: _count(9 * c, a, r, b, s, d, p),
        chained=lambda c, a, r, b, s, d, p: (
            (c + 1) * a + (a + 1) * r + (9 * r + 1) * b + (b + 1) * s + (25 * s + 1) * d + (d + 1) * p
        ),
    ),
    "inception_budget": _inception_budget,
}
