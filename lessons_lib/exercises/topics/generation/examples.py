"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def effective_kinds(counts: Array) -> float:
    """Return the number of kinds as a product: each share to the power of minus itself."""
    shares = counts[counts != 0] / counts.sum()
    return float(np.prod(shares**-shares))


NUMBERS: dict[str, dict[str, float]] = {
    "pull_of_a_code": {
        "right": (2**2 + 1 - np.log(1) - 1) / 2,
        "half_forgotten": 2**2 + 1 - np.log(1) - 1,
        "not_squared": (2 + 1 - np.log(1) - 1) / 2,
        "one_kept": (2**2 + 1 - np.log(1)) / 2,
        "no_pull": 0,
    },
    "threes-and-eights": {"right": effective_kinds(np.array([0, 250, 0, 250]))},
}

SOLUTIONS: dict[str, Any] = {
    "effective_kinds": effective_kinds,
    "draw_code": lambda mean, log_variance, noise: mean + np.sqrt(np.exp(log_variance)) * noise,
}

WRONG: dict[str, dict[str, Any]] = {
    "effective_kinds": {
        "counted": lambda counts: sum(counts > 0),
        "sign_forgotten": lambda counts: np.prod([p**p for p in counts / counts.sum()]),
        "power_of_two": lambda counts: 2 ** np.log(effective_kinds(counts)),
    },
    "draw_code": {
        "half_forgotten": lambda mean, log_variance, noise: noise * np.exp(log_variance) + mean,
        "spread_forgotten": lambda mean, log_variance, noise: noise + mean,
        "noise_forgotten": lambda mean, log_variance, noise: mean + 0 * noise,
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "effective_kinds": {
        "right": "less than one",
        "entropy_alone": "the *entropy*",
        "sign_forgotten": "needs a minus",
        "not_shares": "A share is",
        "counted": "that occurs once",
        "power_of_two": "belongs e",
        "hint 1": "First the shares",
        "hint 2": "that are not 0",
    },
    "draw_code": {
        "right": "drawn beforehand",
        "half_forgotten": "scaled by its root",
        "logarithm_as_spread": "may be negative",
        "spread_forgotten": "the spread 1",
        "mean_forgotten": "lie around 0",
        "noise_forgotten": "Nothing is drawn",
        "mean_scaled": "Only the noise",
        "hint 1": "by two steps",
        "hint 2": "root of the variance",
    },
    "pull_of_a_code": {
        "right": "half of the squared mean",
        "half_forgotten": "in front of the sum",
        "not_squared": "It is squared",
        "one_kept": "added the variance",
        "no_pull": "0 as well",
        "hint 1": "Put m and v",
        "hint 2": "ln 1 is 0",
    },
    "one-pass": {
        "items": [
            "encoder names",
            "nothing to do with",
            "decoder draws",
            "error of the image",
            "slopes of the sum",
        ],
        "right": "slopes pass through",
        "otherwise": "Only then can it",
    },
    "sure-of-all": {
        "good digits": "✗ same mark",
        "covers all": "✗ Count the classes",
        "not copied": "✗ surest of",
        "one thing of three": "✓ being fooled",
    },
    "finding-copies": {
        "never saw": "✓ about the same",
        "how sure": "✗ because they are",
        "how many classes": "✗ all training images",
        "beside their nearest": "✓ eye may overlook",
    },
    "when-to-stop": {
        "of the forger": "✗ easily fooled",
        "of the critic": "✗ always wins",
        "marks of the images": "✓ measure the opponent",
        "test images": "✗ has a label",
    },
    "threes-and-eights": {
        "2": "✓ Two shares",
        "10": "✗ two of them",
        "0.693": "✗ is the sum",
        "0.5": "✗ share of each",
        "otherwise": "✗ would have this variety",
    },
    "codes-between": {
        "too weak": "✗ same decoder",
        "Most random": "✓ asked the decoder",
        "by heart": "✗ hold no image",
        "no information": "✗ drawn well",
    },
}
