"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
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

WITNESSES: dict[str, dict[str, Any]] = {
    "slope_of_the_score": {
        "right": "softmax and cross-entropy",
        "opposite": "second score grows",
        "share_itself": "wrong",
        "loss_itself": "We asked",
        "slope_of_the_share": "through the softmax",
        "highest_share": "question is about",
        "hint 1": "chapter printed",
        "hint 2": "class and 0",
    },
    "first_suspect": {
        "right": ["several larger learning", "default rate"],
        "loss_is_wrong": ["because squared error", "another learning rate"],
        "test_chooses": ["several learning rates", "test set makes"],
        "zeros": ["weights at zero", "stop all learning"],
        "hint 1": "chapter's table",
        "hint 2": "option changes",
    },
    "neuron_gradient": {
        "right": "weight's own input",
        "input_forgotten": "weight multiplied",
        "activation_forgotten": "passes the sigmoid",
        "weight_for_input": "slope with respect",
        "two_forgotten": "slopes are half",
        "uphill": "signs are turned",
        "hint 1": "three lines",
        "hint 2": "times y (1",
    },
    "why-not-xor": {
        "steep enough": "✗ same straight line",
        "right weights": "✗ four conditions contradict",
        "straight line": "✓ yes-corners lie across",
        "bias": "✗ million random neurons",
    },
    "what-backprop-does": {
        "changes the weights": "✗ different steps",
        "loss with respect": "✓ chain rule",
        "chooses the learning": "✗ validation set",
        "network from outputs": "✗ Slopes run back",
    },
    "way-back-cost": {
        "2000": "✓ way forward",
        "1000": "✗ weight is nudged",
        "2": "✗ single weight",
        "1": "✗ what backpropagation needs",
        "otherwise": "✗ weight nudged",
    },
    "rates-and-optimisers": {
        "default rates": "✓ default rate suits",
        "chosen rates": "✓ difference was within",
        "Squared error": "✗ classified well",
        "rates were chosen": "✗ was opened afterwards",
    },
    "what-softmax-promises": {
        "probability of 99": "✗ outputs were higher",
        "shows a digit": "✗ Softmax cannot say",
        "above the others": "✓ Softmax turns differences",
    },
}
