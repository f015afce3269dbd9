"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_LOSSES = (0.90, 0.61, 0.48, 0.44, 0.46, 0.45, 0.42, 0.47, 0.49, 0.50, 0.41, 0.52)
_TESTED = (0.72, 0.81, 0.84, 0.86, 0.85, 0.87, 0.86, 0.87, 0.89, 0.87, 0.88, 0.87)


def _stop(losses: tuple[float, ...], patience: int) -> int:
    """Return after which epoch training stops, counted from 1."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best == patience:
            return epoch + 1
    return len(losses)


_END = _stop(_LOSSES, 3)

NUMBERS: dict[str, dict[str, float]] = {
    "which_epoch": {
        "right": int(np.argmin(_LOSSES[:_END])) + 1,
        "last_one": _END,
        "first_turn": int(np.flatnonzero(np.diff(_LOSSES) > 0)[0]) + 1,
        "never_reached": int(np.argmin(_LOSSES)) + 1,
        "by_the_test": int(np.argmax(_TESTED)) + 1,
        "by_the_training": len(_LOSSES),
    },
    "pull-of-l2": {"right": 2 * 0.01 * 3},
}


def _dropout(x: Any, draws: Any, rate: float, training: bool) -> Any:
    return x * (draws >= rate) / (1 - rate) if training else x


def _batch_norm(x: Any, gamma: Any, beta: Any, mean: Any, variance: Any, training: bool) -> Any:
    if training:
        mean, variance = np.mean(x, axis=0), np.mean((x - np.mean(x, axis=0)) ** 2, axis=0)
    return gamma * (x - mean) / (variance + 0.001) ** 0.5 + beta


SOLUTIONS: dict[str, Any] = {"dropout": _dropout, "batch_norm": _batch_norm}

WRONG: dict[str, dict[str, Any]] = {
    "dropout": {
        "not_scaled": lambda x, draws, rate, training: x * (draws >= rate) if training else x,
        "drops_at_test": lambda x, draws, rate, training: x * (draws >= rate) / (1 - rate),
        "divided_by_rate": lambda x, draws, rate, training: x * (draws >= rate) / rate if training else x,
    },
    "batch_norm": {
        "always_the_batch": lambda x, gamma, beta, mean, variance, training: _batch_norm(
            x, gamma, beta, mean, variance, training=True
        ),
        "no_root": lambda x, gamma, beta, mean, variance, training: (
            gamma * (x - (x.mean(0) if training else mean)) / ((x.var(0) if training else variance) + 0.001) + beta
        ),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "dropout": {
        "right": "nothing is dropped and nothing scaled",
        "not_scaled": "gets less in training",
        "drops_at_test": "another answer at each call",
        "scaled_at_test": "first dropout was like that",
        "scaled_twice": "One of the two is enough",
        "divided_by_rate": "Which share is left",
        "keeps_the_rate": "whose draw is below",
        "modes_exchanged": "yours drops when",
        "hint 1": "full of ones",
        "hint 2": "keeps and drops",
    },
    "batch_norm": {
        "right": "depend on its neighbours",
        "always_the_batch": "could not be read",
        "always_the_averages": "where do they come from",
        "modes_exchanged": "batch is measured when",
        "over_each_image": "which axis is that",
        "over_everything": "one mean of all numbers",
        "no_root": "unit of `x`",
        "epsilon_forgotten": "under the root",
        "beta_forgotten": "right spread",
        "exchanged": "other way round",
        "hint 1": "which variance count",
        "hint 2": "one number for each channel",
    },
    "find_the_leak": {
        "right": ["are shuffled", "Split by plant"],
        "bytes_scaled": ["divided by 255", "same for any photograph"],
        "copies_in_training": ["turned at random", "after the split"],
        "rate_by_validation": ["rate of dropout", "has not been asked"],
        "stopped_early": ["Training stops when", "in another dress"],
        "hint 1": "Ask of each step",
        "hint 2": "photographs are there of each plant",
    },
    "which_epoch": {
        "right": "three. So training ends",
        "last_one": "Whose weights",
        "first_turn": "for the first time",
        "never_reached": "still have been running",
        "by_the_test": "best on the test set",
        "by_the_training": "training loss is lowest",
        "hint 1": "Go along the row",
        "hint 2": "best weights are restored",
    },
    "dropout-afterwards": {
        "drop half": "✗ another answer at each call",
        "halve all": "✗ scales up in training instead",
        "Nothing": "✓ used as it is",
        "average over many": "✗ whole network once",
    },
    "late-averages": {
        "by heart": "✗ badly in both modes",
        "running averages": "✓ two thirds of them",
        "not used in": "✗ used in both modes",
        "rate was too low": "✗ so it has learned",
    },
    "what-norm-did": {
        "stay at chance": "✓ nothing to do with overfitting",
        "better than one": "✗ One hidden layer still",
        "depending on its neighbours": "✓ those of the batch",
        "but regularise": "✗ which rates a network bears",
    },
    "no-mistake": {
        "read them well": "✗ nine of ten new ones",
        "has overfitted": "✗ best model without a penalty",
        "too many parameters": "✗ With ten times as many",
        "Ask the validation": "✓ there were both",
    },
    "pull-of-l2": {
        "0.06": "✓ pulled twice as hard",
        "0.03": "✗ factor of 2",
        "0.09": "✗ penalty itself",
        "0.02": "✗ weight of 1",
        "otherwise": "✗ which weight goes in",
    },
    "two-curves": {
        "lowest validation loss": "✗ gained no accuracy",
        "on the test set": "✗ flatters itself",
        "by the validation accuracy": "✓ there for choices",
        "lowest training loss": "✗ whatever happens elsewhere",
    },
    "what-to-try": {
        "items": ["early stopping", "dropout alone", "changed copies", "ten times as many"],
        "right": "worth most",
        "otherwise": "new information",
    },
}
