"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lessons_lib import counting

NUMBERS: dict[str, dict[str, float]] = {
    "one_kernel": {  # 5×5, 3×3 and 3×3 in a row, nothing between them
        "right": counting.receptive_field([(5, 1), (3, 1), (3, 1)]).size,
        "added": 5 + 3 + 3,
        "multiplied": 5 * 3 * 3,
        "largest": 5,
        "one_missing": counting.receptive_field([(5, 1), (3, 1)]).size,
    },
    "kinks": {"right": 6 + 1},
}

SOLUTIONS: dict[str, Any] = {
    "fold": lambda a, b, c, d: (a @ c, c.T @ b + d),
    "leaky_relu_gradient": lambda x, up, s: np.where(x > 0, up, s * up),
    "hat": ([2, 1, 1, -1], [0, -1, -2, -9], [0.5, -2, 1, 0]),
}

WRONG: dict[str, dict[str, Any]] = {
    "fold": {
        "other_order": lambda a, b, c, d: (c @ a, c @ b + d),
        "bias_in_old_order": lambda a, b, c, d: (a @ c, c @ b + d),
        "biases_added": lambda a, b, c, d: (a @ c, b + d),
        "first_bias_lost": lambda a, b, c, d: (a @ c, d),
    },
    "leaky_relu_gradient": {
        "upstream_forgotten": lambda x, up, s: np.where(x > 0, 1, s),
        "plain_relu": lambda x, up, s: up * (x > 0),
        "value_for_derivative": lambda x, up, s: up * np.maximum(x, s * x),
    },
    "hat": {
        "plateau": ([1, 1], [0, -1], [1, -1]),
        "falls_on": ([1, 1], [0, -1], [1, -2]),
        "mirrored": ([-1, -1, -1], [0, -1, -2], [1, -2, 1]),
        "ramp": ([1], [0], [1]),
        "flat": ([0], [0], [0]),
        "scaled": ([1, 1, 1], [0, -1, -2], [3, -6, 3]),
        "not_three_lists": [1, 1, 1],
        "otherwise_here": ([1, 1, 1], [0, -1, -3], [1, -2, 1]),
    },
}
