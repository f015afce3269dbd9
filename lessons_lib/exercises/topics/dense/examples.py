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


def through_the_sum(x: Any, w: Any, b: float, target: float) -> Any:
    """Return the slopes where the slope of the sigmoid is computed from the sum."""
    z = x @ w + b
    return 2 * (1 / (1 + np.exp(-z)) - target) * (z - z**2) * x


def with_one_row(x: Any, y: Any, W: Any, b: Any, rate: float) -> Any:
    """Return the step with the first example's slope alone for the biases."""
    return step(x, y, W, b, rate)[0], step(x[:1], y[:1], W, b, rate / len(y))[1]


def step(
    x: Any, y: Any, W: Any, b: Any, rate: float, *, up: bool = False, mean: bool = True, known: bool = True
) -> Any:
    """Return the weights and the biases of a softmax layer after one step, example by example."""
    slopes, bias_slopes = np.zeros_like(W), np.zeros_like(b)
    for row, label in zip(x, y, strict=True):
        p = np.exp(row @ W + b)
        p /= p.sum()
        if known:
            p[label] -= 1
        slopes += np.outer(row, p)
        bias_slopes += p
    bold = (-rate if up else rate) / (len(y) if mean else 1)
    return W - bold * slopes, b - bold * bias_slopes


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
    "training_step": step,
}

WRONG: dict[str, dict[str, Any]] = {
    "neuron_gradient": {
        "activation_forgotten": lambda x, w, b, target: neuron(x, w, b, target, bent=False) * x,
        "weight_for_input": lambda x, w, b, target: neuron(x, w, b, target) * w,
        "two_forgotten": lambda x, w, b, target: neuron(x, w, b, target, halved=True) * x,
        "slope_of_the_sum": through_the_sum,
        "uphill": lambda x, w, b, target: -neuron(x, w, b, target) * x,
    },
    "training_step": {
        "uphill": lambda x, y, W, b, rate: step(x, y, W, b, rate, up=True),
        "sum_of_batch": lambda x, y, W, b, rate: step(x, y, W, b, rate, mean=False),
        "rate_forgotten": lambda x, y, W, b, rate: step(x, y, W, b, 1),
        "bias_stays": lambda x, y, W, b, rate: (step(x, y, W, b, rate)[0], b),
        "one_row": with_one_row,
        "labels_forgotten": lambda x, y, W, b, rate: step(x, y, W, b, rate, known=False),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "slope_of_the_score": {
        "right": "softmax and cross-entropy",
        "opposite": "second logit grows",
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
    "read_the_gap": {
        "right": ["stopping earlier", "has turned"],
        "train_on": ["training loss is 0", "right already"],
        "more_units": ["more hidden", "cannot fit"],
        "test_set": ["best on the test", "helped to train"],
        "hint 1": "two accuracies",
        "hint 2": "by heart",
    },
    "training_step": {
        "right": "over the batch size",
        "uphill": "loss grows",
        "sum_of_batch": "sum over the batch",
        "rate_forgotten": "How bold",
        "bias_stays": "has not moved",
        "one_row": "first row alone",
        "labels_forgotten": "instead of p",
        "hint 1": "row of np.eye",
        "hint 2": "x.T @ dz",
    },
    "neuron_gradient": {
        "right": "weight's own input",
        "input_forgotten": "weight multiplied",
        "activation_forgotten": "passes the sigmoid",
        "weight_for_input": "slope with respect",
        "slope_of_the_sum": "its sum z",
        "two_forgotten": "slopes are half",
        "uphill": "signs are turned",
        "hint 1": "three lines",
        "hint 2": "times y (1",
    },
    "why-not-xor": {
        "steep enough": "✗ same straight line",
        "right weights": "✗ same sum of z",
        "straight line": "✓ yes-corners lie across",
        "bias": "✗ both sums hold",
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
    "order-of-a-step": {
        "items": ["next 50", "from pixels", "subtract the truth", "back to all", "off each weight"],
        "right": "Batch, forward",
        "otherwise": "slope needs a mistake",
    },
    "turning-validation-loss": {
        "Underfitting": "✗ stay high",
        "Overfitting": "✓ with 100 digits",
        "too large": "✗ jump or rise",
        "suit classification": "✗ one of the two sets",
    },
    "rates-and-optimisers": {
        "default rates": "✓ default rate suits",
        "chosen rates": "✓ within two points",
        "Squared error": "✗ classified well",
        "rates were chosen": "✗ was opened afterwards",
    },
    "what-softmax-promises": {
        "probability of 99": "✗ less often than it said",
        "shows a digit": "✗ Softmax cannot say",
        "above the others": "✓ Softmax turns differences",
    },
}
