"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NUMBERS: dict[str, dict[str, float]] = {
    "place_of_a_pixel": {  # row 10, column 5, channel 2 of an image of 30×40×3
        "right": int(np.ravel_multi_index((10, 5, 2), (30, 40, 3))),
        "planes": int(np.ravel_multi_index((2, 10, 5), (3, 30, 40))),
        "column_first": int(np.ravel_multi_index((5, 10, 2), (40, 30, 3))),
        "swapped": (5 * 40 + 10) * 3 + 2,
        "brackets_lost": 10 * 40 + 5 * 3 + 2,
        "height_for_width": (10 * 30 + 5) * 3 + 2,
        "channels_forgotten": 10 * 40 + 5,
        "red_of_it": (10 * 40 + 5) * 3,
        "from_one": (10 * 40 + 5) * 3 + 3,
    },
    "where-is-it": {"right": int(np.ravel_multi_index((2, 3), (28, 28)))},
}

SOLUTIONS: dict[str, Any] = {
    "pixel_of": lambda i, w, c: (*divmod(i // c, w), i % c),
    "unshuffle_weights": lambda weights, order: np.array(
        [row for _, row in sorted(zip(order, weights, strict=True), key=lambda p: p[0])]
    ),
}

WRONG: dict[str, dict[str, Any]] = {
    "pixel_of": {
        "swapped": lambda i, w, c: (*divmod(i // c, w)[::-1], i % c),
        "channels_forgotten": lambda i, w, c: [*divmod(i, w), i % c],
        "otherwise_function": lambda i, w, c: (0, 0, 0),
    },
    "unshuffle_weights": {
        "same_way": lambda w, o: w[o],
        "unchanged": lambda w, o: w,
        "units": lambda w, o: w.T[np.argsort(o)].T,
    },
}
