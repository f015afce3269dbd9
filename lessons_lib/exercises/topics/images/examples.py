"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NUMBERS: dict[str, dict[str, float]] = {
    "values_of_a_batch": {  # 16 colour images of 40 rows and 30 columns
        "right": 16 * 40 * 30 * 3,
        "pixels": 16 * 40 * 30,
        "one_image": 40 * 30 * 3,
        "one_channel_of_one": 40 * 30,
        "sides_added": 16 * (40 + 30) * 3,
    },
    "bytes-add-up": {"right": int(np.add(np.array([250], np.uint8), np.array([10], np.uint8))[0])},
}

SOLUTIONS: dict[str, Any] = {
    "to_grey": lambda image: (image / 255 * [0.299, 0.587, 0.114]).sum(axis=2)[..., None],
}

WRONG: dict[str, dict[str, Any]] = {
    "to_grey": {
        "plain_mean": lambda image: (image / 255).mean(axis=2)[..., None],
        "not_scaled": lambda image: image @ np.array([[0.299], [0.587], [0.114]]),
        "axis_lost": lambda image: image / 255 @ np.array([0.299, 0.587, 0.114]),
        "blue_first": lambda image: image / 255 @ np.array([[0.114], [0.587], [0.299]]),
    },
}
