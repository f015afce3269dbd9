"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from lessons_lib import ops

IMAGE = np.array([[2, 5, 2], [0, 3, 1], [4, 2, 6]])
ARRIVING = np.array([[1, 2], [-1, 3]])
_kernel_gradient = ops.convolve(IMAGE, ARRIVING)


NUMBERS: dict[str, dict[str, float]] = {
    "weight_gradient": {
        "right": float(_kernel_gradient[0, 1]),
        "other_weight": float(_kernel_gradient[1, 0]),
        "first_weight": float(_kernel_gradient[0, 0]),
        "turned": float(ops.convolve(IMAGE, ARRIVING[::-1, ::-1])[0, 1]),
        "gradient_forgotten": float(IMAGE[0:2, 1:3].sum()),
        "one_stop": float(IMAGE[0, 1] * ARRIVING[0, 0]),
        "averaged": float(_kernel_gradient[0, 1] / ARRIVING.size),
    },
}

SOLUTIONS: dict[str, Any] = {
    "score_gradient": lambda scores, labels: [
        [(p - (place == label)) / len(labels) for place, p in enumerate(row)]
        for row, label in zip(scores, labels, strict=True)
    ],
    "image_gradient": lambda g, k: ops.convolve_gradients(np.zeros(np.add(g.shape, k.shape) - 1), k, g).image,
}

WRONG: dict[str, dict[str, Any]] = {
    "score_gradient": {
        "mean_forgotten": lambda scores, labels: scores - np.eye(scores.shape[1])[labels],
        "mean_taken": lambda scores, labels: (scores - np.eye(scores.shape[1])[labels]).mean(0),
        "sign": lambda scores, labels: (np.eye(scores.shape[1])[labels] - scores) / len(scores),
        "truth_forgotten": lambda scores, labels: scores / len(scores),
        "label_for_class": lambda scores, labels: (scores - labels[:, None]) / len(scores),
    },
    "image_gradient": {
        "not_turned": lambda g, k: signal.convolve2d(g, np.rot90(k, 2)),
        "rows_turned": lambda g, k: signal.convolve2d(g, k[:, ::-1]),
        "negative": lambda g, k: -signal.convolve2d(g, k),
    },
}
