"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def neuron(x: Any, w: Any, b: float, target: float, *, halved: bool = False, bent: bool = True) -> Any:
    """Return the slope of the squared error with respect to the bias."""
    y = 1 / (1 + np.exp(-(x @ w + b)))
    return (1 if halved else 2) * (y - target) * (y * (1 - y) if bent else 1)


NUMBERS: dict[str, dict[str, float]] = {
    "slope_of_the_score": {  # softmax gave 0.7, 0.2 and 0.1; the second class is right; cross-entropy
        "right": 0.2 - 1,
        "opposite": 1 - 0.2,
        "share_itself": 0.2,
        "loss_itself": -np.log(0.2),
        "slope_of_the_share": -1 / 0.2,
        "highest_share": 0.7,
    },
    "way-back-cost": {"right": 2 * 1_000},
}

SOLUTIONS: dict[str, Any] = {
    "neuron_gradient": lambda x, w, b, target: neuron(x, w, b, target) * x,
}

WRONG: dict[str, dict[str, Any]] = {
    "neuron_gradient": {
        "activation_forgotten": lambda x, w, b, target: neuron(x, w, b, target, bent=False) * x,
        "weight_for_input": lambda x, w, b, target: neuron(x, w, b, target) * w,
        "two_forgotten": lambda x, w, b, target: neuron(x, w, b, target, halved=True) * x,
        "uphill": lambda x, w, b, target: -neuron(x, w, b, target) * x,
    },
}
