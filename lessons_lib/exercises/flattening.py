"""Exercises of the chapter on flattening."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.core import function, number

Array = NDArray[Any]

number(
    "place_of_a_pixel",  # row 10, column 5, channel 2 of an image of 30×40×3
    right=int(np.ravel_multi_index((10, 5, 2), (30, 40, 3))),
    planes=int(np.ravel_multi_index((2, 10, 5), (3, 30, 40))),
    column_first=int(np.ravel_multi_index((5, 10, 2), (40, 30, 3))),
    swapped=(5 * 40 + 10) * 3 + 2,
    brackets_lost=10 * 40 + 5 * 3 + 2,
    height_for_width=(10 * 30 + 5) * 3 + 2,
    channels_forgotten=10 * 40 + 5,
    red_of_it=(10 * 40 + 5) * 3,
    from_one=(10 * 40 + 5) * 3 + 3,
)


def _places(rng: np.random.Generator) -> list[tuple[int, int, int]]:
    sizes = rng.integers([2, 5, 2], [9, 9, 4], size=(6, 3))
    return [(int(rng.integers(2 * width, height * width * channels)), int(width), int(channels))
            for height, width, channels in sizes]  # fmt: skip


function(
    "pixel_of",
    _places,
    lambda index, width, channels: (index // channels // width, index // channels % width, index % channels),
    swapped=lambda index, width, channels: (index // channels % width, index // channels // width, index % channels),
    channels_forgotten=lambda index, width, channels: (index // width, index % width, index % channels),
    column_unbounded=lambda index, width, channels: (index // channels // width, index // channels, index % channels),
    not_whole=lambda index, width, channels: (index / channels / width, index / channels % width, index % channels),
)


def _layers(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    return [(rng.normal(size=(pixels, pixels)), rng.permutation(pixels)) for pixels in (5, 9, 12)]


function(
    "unshuffle_weights",
    _layers,
    lambda weights, order: weights[np.argsort(order)],
    same_way=lambda weights, order: weights[order],
    unchanged=lambda weights, order: weights,
    units=lambda weights, order: weights[:, np.argsort(order)],
)
