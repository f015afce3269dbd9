"""Judges of the exercises on flattening."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _places(rng: np.random.Generator) -> list[tuple[int, int, int]]:
    sizes = rng.integers([2, 5, 2], [9, 9, 4], size=(6, 3))
    return [(int(rng.integers(2 * width, height * width * channels)), int(width), int(channels))
            for height, width, channels in sizes]  # fmt: skip


def _layers(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    return [(rng.normal(size=(pixels, pixels)), rng.permutation(pixels)) for pixels in (5, 9, 12)]


JUDGES: dict[str, Judge] = {
    "pixel_of": Function(
        _places,
        lambda index, width, channels: (index // channels // width, index // channels % width, index % channels),
        swapped=lambda index, width, channels: (
            index // channels % width,
            index // channels // width,
            index % channels,
        ),
        channels_forgotten=lambda index, width, channels: (index // width, index % width, index % channels),
        column_unbounded=lambda index, width, channels: (
            index // channels // width,
            index // channels,
            index % channels,
        ),
        not_whole=lambda index, width, channels: (index / channels / width, index / channels % width, index % channels),
    ),
    "unshuffle_weights": Function(
        _layers,
        lambda weights, order: weights[np.argsort(order)],
        same_way=lambda weights, order: weights[order],
        unchanged=lambda weights, order: weights,
        units=lambda weights, order: weights[:, np.argsort(order)],
    ),
}
