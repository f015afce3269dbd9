"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from lessons_lib import counting

Array = NDArray[Any]

_FROM_INPUTS = counting.dense_parameters(20, 32)
_ALL = _FROM_INPUTS + 32 * 32


def recurrent_step(row: Array, state: Array, W: Array, U: Array, b: Array) -> list[float]:
    """Return the new state with a loop over units."""
    sums = [sum(row * W[:, unit]) + sum(state * U[:, unit]) + b[unit] for unit in range(len(b))]
    return [float(np.tanh(each)) for each in sums]


def auc(normal: Array, anomalies: Array) -> float:
    """Return the area under the curve by ranks."""
    ranks = rankdata(np.concatenate([anomalies, normal]))[: len(anomalies)]
    lowest = len(anomalies) * (len(anomalies) + 1) / 2
    return float((ranks.sum() - lowest) / (len(anomalies) * len(normal)))


NUMBERS: dict[str, dict[str, float]] = {
    "recurrent_parameters": {  # 50 steps of 20 numbers, 32 units
        "right": _ALL,
        "steps_counted": 50 * _ALL,
        "state_forgotten": _FROM_INPUTS,
        "biases_forgotten": _ALL - 32,
        "four_gates": 4 * _ALL,
        "flattened": counting.dense_parameters(50 * 20, 32),
    },
    "relative-error": {"right": 3 / 4},
}

SOLUTIONS: dict[str, Any] = {"recurrent_step": recurrent_step, "auc": auc}

WRONG: dict[str, dict[str, Any]] = {
    "recurrent_step": {
        "no_tanh": lambda row, state, W, U, b: b + state @ U + row @ W,
        "state_forgotten": lambda row, state, W, U, b: np.tanh(b + row @ W),
        "state_unweighted": lambda row, state, W, U, b: np.tanh(state + row @ W + b),
        "another_activation": lambda row, state, W, U, b: (row @ W + state @ U + b).clip(0),
    },
    "auc": {
        "reversed": lambda normal, anomalies: 1 - auc(normal, anomalies),
        "ties_lost": lambda normal, anomalies: np.mean([a > n for a in anomalies for n in normal]),
        "ties_won": lambda normal, anomalies: np.mean([a >= n for a in anomalies for n in normal]),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "recurrent_parameters": {
        "right": "All 50 steps use the same",
        "steps_counted": "each step weights of its own",
        "state_forgotten": "What else does a unit read",
        "biases_forgotten": "one number more",
        "four_gates": "four such sets",
        "flattened": "whole flattened sequence",
        "hint 1": "one unit read in one step",
        "hint 2": "uses them again",
    },
    "herbs_head": {
        "right": ["AUC for each herb", "six questions"],
        "softmax": ["sparse categorical", "shares one whole"],
        "linear": ["mean squared", "six amounts"],
        "one_unit": ["Dense(1,", "any herb at all"],
        "hint 1": "May two of the six",
        "hint 2": "Six separate questions",
    },
    "recurrent_step": {
        "right": "reads its own last answer",
        "no_tanh": "pass through before",
        "state_forgotten": "nothing is remembered",
        "state_unweighted": "matrix of its own",
        "row_forgotten": "nothing new is read",
        "bias_forgotten": "bias is missing",
        "tanh_too_early": "of the whole sum",
        "state_added": "takes its place",
        "another_activation": "uses tanh unless",
        "hint 1": "old state counts too",
        "hint 2": "Add state @ U",
    },
    "auc": {
        "right": "share of pairs",
        "reversed": "normal example has the higher",
        "ties_lost": "count nothing",
        "ties_won": "count fully",
        "one_threshold": "cut at one place",
        "counted": "number of pairs",
        "means_compared": "compared two means",
        "hint 1": "Take one anomaly",
        "hint 2": "row for each anomaly",
    },
    "hours-to-failure": {
        "`Dense(1)` without": "✓ that may be large",
        'Dense(1, "softmax")': "✗ is always 1",
        "a unit for each hour": "✗ as one that is fifty",
        'Dense(1, "sigmoid")': "✗ hours do not",
    },
    "accuracy-of-a-forecast": {
        "learned nothing": "✗ exactly equal",
        "It says nothing": "✓ has a unit",
        "rate was too large": "✗ Nothing here says so",
    },
    "relative-error": {
        "0.75": "✓ a quarter of the naive",
        "1.33": "✗ other way round",
        "1": "✗ difference, in degrees",
        "0.25": "✗ what was saved",
        "otherwise": "✗ one mean error by",
    },
    "longer-sequences": {
        "It doubles": "✗ however many there are",
        "It stays": "✓ shared over time",
        "grows fourfold": "✗ as many numbers as",
    },
    "split-a-series": {
        "At random": "✗ overlaps with windows",
        "after a day": "✓ nothing from later",
        "Every tenth": "✗ share nearly all",
    },
    "renamed-clusters": {
        "Renaming": "✓ names play no part",
        "holds the digit 3": "✗ have no meaning",
        "was told how many": "✓ That much",
        "can be read off": "✗ which cluster stands",
    },
    "find-what-is-odd": {
        "items": [
            "known to be normal",
            "train an autoencoder",
            "reconstruct a new",
            "as its score",
            "by AUC",
        ],
        "right": "for the test alone",
        "otherwise": "sees normal examples alone",
    },
    "unseen-one": {
        "has understood": "✗ has never seen one",
        "little ink": "✓ how hard an image is",
        "slipped into": "✗ labels were used",
        "trained too long": "✗ fitted in one go",
    },
}
