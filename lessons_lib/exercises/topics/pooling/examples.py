"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lessons_lib import counting, ops
from lessons_lib.exercises.topics.convolution.examples import loop

NUMBERS: dict[str, dict[str, float]] = {
    "pooled_size": {  # 34 rows; convolution 3, pooling 2, convolution 3, pooling 3 with stride 2
        "right": counting.output_size(14, 3, strides=2),
        "stride_is_window": counting.output_size(14, 3, strides=3),
        "rounded_up": counting.output_size(14, 3, strides=2, padding="same"),
        "stride_forgotten": counting.output_size(14, 3),
        "not_rounded": 6.5,
        "conv_keeps_size": counting.output_size(17, 3, strides=2),
        "first_forgotten": 5,
        "last_pool_missing": 14,
    },
    "by-hand": {
        "right": float(ops.average_pool([[4.0, 6, 8]], pool_size=(1, 2), strides=(1, 2), padding="same")[0, -1])
    },
}

SOLUTIONS: dict[str, Any] = {
    "max_pool": loop(lambda patch, _: patch.max()),
    "place_blind": lambda maps: maps.max(axis=(0, 1)),
}

WRONG: dict[str, dict[str, Any]] = {
    "max_pool": {
        "averaged": loop(lambda patch, _: patch.mean()),
        "starts_at_zero": loop(lambda patch, _: max(0, patch.max())),
        "side_by_side": lambda image, window, strides: ops.max_pool(image, pool_size=window),
        "stride_ignored": loop(lambda patch, _: patch.max(), step=False),
    },
    "place_blind": {
        "moves_with_the_place": lambda maps: maps[3, 4],
        "one_number": lambda maps: maps.max(),
        "wrong_length": lambda maps: maps.ravel(),
        "constant": lambda maps: np.median(maps, axis=(0, 1)),
        "mixed": lambda maps: maps.max(axis=(0, 1)) + maps.sum(),
    },
}
