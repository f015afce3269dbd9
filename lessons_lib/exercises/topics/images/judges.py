"""Judges of the exercises on images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import data
from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _pictures(rng: np.random.Generator) -> list[tuple[Array]]:
    return [(rng.integers(0, 256, size=shape, dtype=np.uint8),) for shape in ((2, 3, 3), (4, 5, 3), (6, 3, 3))]


JUDGES: dict[str, Judge] = {
    "to_grey": Function(
        _pictures,
        lambda image: data.grey(image / 255),
        tolerance=0.006,  # others write the weights of luma with two, three or four decimals
        plain_mean=lambda image: image.mean(axis=-1, keepdims=True) / 255,
        not_scaled=lambda image: data.grey(image.astype(float)),
        axis_lost=lambda image: data.grey(image / 255)[..., 0],
        newer_weights=lambda image: image / 255 @ np.array([[0.2126], [0.7152], [0.0722]]),
        blue_first=lambda image: data.grey(image[..., ::-1] / 255),
    ),
}
