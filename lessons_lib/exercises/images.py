"""Exercises of the chapter on images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import data
from lessons_lib.exercises.core import choice, function, number

Array = NDArray[Any]

number(
    "values_of_a_batch",  # 16 colour images of 40 rows and 30 columns
    right=16 * 40 * 30 * 3,
    pixels=16 * 40 * 30,
    one_image=40 * 30 * 3,
    one_channel_of_one=40 * 30,
    sides_added=16 * (40 + 30) * 3,
)

choice("grey_is_enough")


def _pictures(rng: np.random.Generator) -> list[tuple[Array]]:
    return [(rng.integers(0, 256, size=shape, dtype=np.uint8),) for shape in ((2, 3, 3), (4, 5, 3), (6, 3, 3))]


function(
    "to_grey",
    _pictures,
    lambda image: data.grey(image / 255),
    plain_mean=lambda image: image.mean(axis=-1, keepdims=True) / 255,
    not_scaled=lambda image: data.grey(image.astype(float)),
    axis_lost=lambda image: data.grey(image / 255)[..., 0],
    blue_first=lambda image: data.grey(image[..., ::-1] / 255),
)
