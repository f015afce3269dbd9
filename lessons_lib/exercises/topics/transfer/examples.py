"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import counting

Array = NDArray[Any]

_HEAD = counting.dense_parameters(32, 5)
_CONVOLUTIONS = counting.convolution_parameters(3, 1, 16) + counting.convolution_parameters(3, 16, 32)
_BATCH_NORM = 4 * 16


def classify_by_attributes(p: Array, signatures: Array) -> list[int]:
    """Return for each image the class whose description fits best, with a loop over images and classes."""
    best = []
    for image in p:
        fits = [np.prod(np.where(signature == 1, image, 1 - image)) for signature in signatures]
        best.append(int(np.argmax(fits)))
    return best


NUMBERS: dict[str, dict[str, float]] = {
    "trainable_numbers": {  # convolution 16, batch normalisation, convolution 32, global average pooling, Dense 5
        "right": _HEAD,
        "nothing_is_frozen": _CONVOLUTIONS + _BATCH_NORM + _HEAD,
        "biases_forgotten": 32 * 5,
        "batch_norm_still_trains": _HEAD + _BATCH_NORM // 2,
        "all_but_moving": _CONVOLUTIONS + _BATCH_NORM // 2 + _HEAD,
        "base_alone": _CONVOLUTIONS + _BATCH_NORM,
        "whole_maps": counting.dense_parameters(24 * 24 * 32, 5),
    },
    "one-fit": {"right": 0.9 * (1 - 0.2) * 0.5},
}

SOLUTIONS: dict[str, Any] = {
    "frozen_step": lambda weights, slopes, frozen, rate: weights - rate * slopes * ~frozen,
    "classify_by_attributes": classify_by_attributes,
}

WRONG: dict[str, dict[str, Any]] = {
    "frozen_step": {
        "inverted": lambda weights, slopes, frozen, rate: weights - rate * slopes * frozen,
        "zeroed": lambda weights, slopes, frozen, rate: (weights - rate * slopes) * ~frozen,
        "all_move": lambda weights, slopes, frozen, rate: weights - rate * slopes,
    },
    "classify_by_attributes": {
        "absent_ignored": lambda p, signatures: np.argmax(
            [[np.prod(image[signature == 1]) for signature in signatures] for image in p], axis=1
        ),
        "probabilities_added": lambda p, signatures: (p @ signatures.T).argmax(axis=1),
        "rounded": lambda p, signatures: np.argmin(
            [[np.abs(image.round() - signature).sum() for signature in signatures] for image in p], axis=1
        ),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "trainable_numbers": {
        "right": "frozen as a whole",
        "nothing_is_frozen": "all parameters of the network",
        "biases_forgotten": "one number more",
        "batch_norm_still_trains": "γ and β",
        "all_but_moving": "moving means",
        "base_alone": "holds still. What is new",
        "whole_maps": "leave of a map",
        "hint 1": "put on top",
        "hint 2": "one number a map",
    },
    "batch_norm_line": {
        "right": ["line 2", "overwrites the ones"],
        "compiled_again": ["throws away", "touches no weight"],
        "compiled_before": ["line 4", "other way round"],
        "rate": ["too small", "without any learning rate"],
        "hint 1": "change without a slope",
        "hint 2": "two modes",
    },
    "frozen_step": {
        "right": "keeps its value",
        "inverted": "held the others",
        "zeroed": "have learned",
        "all_move": "frozen ones too",
        "uphill": "against the slope",
        "rate_forgotten": "times the learning rate",
        "step_returned": "That is the step",
        "hint 1": "for all weights first",
        "hint 2": "np.where(frozen, 0",
    },
    "classify_by_attributes": {
        "right": "its absence counts",
        "absent_ignored": "wins too easily",
        "present_ignored": "lacks, and not for those",
        "probabilities_added": "added the probabilities",
        "rounded": "yes or no",
        "best_image": "image that fits best",
        "least_likely": "fits worst",
        "scores_returned": "scores of all classes",
        "hint 1": "one class first",
        "hint 2": "1 − signatures adds",
    },
    "thirty-birds": {
        "from scratch, a larger": "✗ weakest of the three",
        "put a new head": "✓ cannot spoil",
        "at once": "✗ is not settled",
        "Try all three": "✗ validation pictures choose",
    },
    "same-pictures": {
        "long enough": "✗ would not teach it",
        "too few pictures": "✗ very same ones",
        "without the digit": "✓ keeps what its question",
        "never serve": "✗ served 5 to 9",
    },
    "recipe": {
        "items": [
            "load a pre-trained",
            "trainable = False",
            "new head on it",
            "fit the head",
            "trainable = True",
            "compile again",
            "fit all",
        ],
        "right": "followed by a compile",
        "otherwise": "before the base is touched",
    },
    "forgotten": {
        "keep both heads": "✓ old head reads",
        "put the old head back": "✗ large rate",
        "few pictures": "✗ rate decided",
        "Stop when": "✗ says nothing",
    },
    "two-modes": {
        "stored means": "✓ training mode alone",
        "cannot be trained": "✗ two are independent",
        "alike in": "✓ in both",
        "first step": "✗ knows nothing yet",
    },
    "one-fit": {
        "0.36": "✓ 0.9 · (1",
        "0.09": "✗ class is not blue",
        "0.45": "✗ left blue out",
        "2.2": "✗ You added",
        "otherwise": "✗ where it lacks it",
    },
    "four-or-sixteen": {
        "four times as hard": "✗ brightness alone",
        "learned the colours": "✗ at the shape",
        "occur together": "✓ hides that",
        "more pictures": "✗ In more of them",
    },
    "what-it-needs": {
        "its description": "✓ not a single picture",
        "occurs in other": "✓ no picture shows",
        "nothing": "✗ comes in words",
        "a few pictures": "✗ few-shot",
    },
}
