"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lessons_lib import counting

_STOPS = counting.output_size(32, 3) ** 2


NUMBERS: dict[str, dict[str, float]] = {
    "uses_of_a_weight": {  # one weight of a 3×3 kernel, padding valid, on 32×32 pixels
        "right": _STOPS,
        "each_pixel": 32**2,
        "as_dense": 1,
        "one_axis": counting.output_size(32, 3),
        "whole_kernel": 9 * _STOPS,
        "all_filters": 8 * _STOPS,
    },
}

SOLUTIONS: dict[str, Any] = {
    "lead": lambda first, second: ((first - second).mean(), (first - second).std(ddof=1)),
}

WRONG: dict[str, dict[str, Any]] = {
    "lead": {
        "swapped": lambda first, second: ((second - first).mean(), (second - first).std(ddof=1)),
        "unpaired": lambda first, second: (
            (first - second).mean(),
            np.hypot(first.std(ddof=1), second.std(ddof=1)),
        ),
        "divided_by_all": lambda first, second: ((first - second).mean(), (first - second).std()),
    },
}
