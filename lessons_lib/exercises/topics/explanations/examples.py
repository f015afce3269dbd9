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

_PLACES = len(range(0, 28, 4))


def grad_cam(maps: Array, slopes: Array) -> Array:
    """Return Grad-CAM's heat, with a loop over the maps."""
    heat = np.zeros(maps.shape[:2])
    for k in range(maps.shape[2]):
        heat += slopes[:, :, k].mean() * maps[:, :, k]
    heat[heat < 0] = 0
    return heat


def occlude(image: Array, weights: Array, size: int) -> Array:
    """Return the drops: of a sum, each square takes its own part away."""
    rows, columns = len(image) // size, image.shape[1] // size
    return np.asarray((weights * image).reshape(rows, size, columns, size).sum(axis=(1, 3)))


NUMBERS: dict[str, dict[str, float]] = {
    "explanation_passes": {
        "right": _PLACES**2 + 1,
        "whole_forgotten": _PLACES**2,
        "every_pixel": 28 * 28 + 1,
        "one_direction": _PLACES * 28 + 1,
        "inside_only": counting.output_size(28, 5, strides=4) ** 2 + 1,
        "one_pass": 2,
    },
    "passes-of-lime": {"right": 1000},
}

SOLUTIONS: dict[str, Any] = {"grad_cam": grad_cam, "occlude": occlude}

WRONG: dict[str, dict[str, Any]] = {
    "grad_cam": {
        "place_by_place": lambda maps, slopes: (maps * slopes).sum(axis=2).clip(0),
        "no_relu": lambda maps, slopes: maps @ slopes.mean(axis=(0, 1)),
        "absolute": lambda maps, slopes: abs(maps @ slopes.mean(axis=(0, 1))),
        "relu_too_early": lambda maps, slopes: maps @ slopes.mean(axis=(0, 1)).clip(0),
        "slopes_forgotten": lambda maps, slopes: maps.sum(axis=2),
    },
    "occlude": {
        "turned_round": lambda image, weights, size: -occlude(image, weights, size),
        "answer_left": lambda image, weights, size: np.sum(weights * image) - occlude(image, weights, size),
        "absolute_drop": lambda image, weights, size: np.abs(occlude(image, weights, size)),
        "never_uncovered": lambda image, weights, size: np.cumsum(occlude(image, weights, size)).reshape(
            len(image) // size, -1
        ),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "explanation_passes": {
        "right": "7 · 7 = 49 places",
        "whole_forgotten": "With what are",
        "every_pixel": "in the middle of every pixel",
        "one_direction": "one direction alone",
        "inside_only": "stays inside",
        "one_pass": "what a slope needs",
        "hint 1": "how many such rows",
        "hint 2": "One more image",
    },
    "grad_cam": {
        "right": "all of Grad-CAM",
        "place_by_place": "by its own slope",
        "no_relu": "Your heat goes below 0",
        "absolute": "as if it spoke for it",
        "relu_too_early": "cut off before adding",
        "largest_slope": "its largest slope",
        "added_slopes": "the count of places",
        "slopes_forgotten": "the same for all classes",
        "maps_forgotten": "the map says where",
        "hint 1": "one number a map",
        "hint 2": "Add over the last axis",
    },
    "occlude": {
        "right": "a copy of its own",
        "answer_left": "answers that are left",
        "turned_round": "signs are turned round",
        "one_pixel_on": "one pixel apart",
        "never_uncovered": "stay covered",
        "absolute_drop": "the absolute value",
        "flipped": "Rows and columns are exchanged",
        "hint 1": "one round of the loop",
        "hint 2": "begins at pixel",
    },
    "judge_heat_map": {
        "more_maps": ["a hundred more", "tell the same story"],
        "more_seeds": ["five trainings", "may all read the ruler"],
        "right": ["harmless moles", "nothing else. The answers say"],
        "accuracy": ["same hospital", "reading it helps"],
        "hint 1": "must its answer be wrong",
        "hint 2": "Change one thing",
    },
    "what-slopes-ask": {
        "hangs on": "✗ Occlusion asks for that",
        "a tiny change": "✓ No more than that",
        "long enough": "✗ have slopes everywhere",
        "has ink": "✗ Black pixels",
    },
    "order-of-grad-cam": {
        "items": ["pass the picture", "take the slopes", "average", "add the maps", "below 0 to 0", "enlarge"],
        "right": "where nothing is read",
        "otherwise": "goes at the end",
    },
    "black-squares": {
        "reads the black": "✗ sees no difference",
        "ridge": "✗ More samples helped",
        "changes nothing": "✓ are all 0",
        "two classes": "✗ Both explained",
    },
    "passes-of-lime": {
        "1000": "✓ One for each sample",
        "60000": "✗ all superpixels at once",
        "60": "✗ as in occlusion",
        "2000": "✗ no way back",
        "otherwise": "✗ Each sample is one picture",
    },
    "random-head": {
        "respond to": "✓ names the class was random",
        "learned nothing": "✗ worth nothing",
        "ignores all": "✗ left the digit",
        "larger network": "✗ made the heat",
    },
    "more-than-half": {
        "looks at": "✗ nearly every map",
        "at the object": "✗ did use it",
        "control": "✓ without a shortcut",
        "accuracy": "✗ the trouble",
    },
    "which-tests": {
        "exchange of": "✓ does not hang",
        "random ink": "✓ was not shown to do better",
        "would wish": "✗ So did the heat",
        "second run": "✓ at least one",
    },
    "suspect-the-corner": {
        "architecture": "✗ from the same pictures",
        "Exchange": "✓ told our two networks apart with hardly",
        "Draw": "✗ seven times in ten only",
        "accuracy": "✗ works there as well",
    },
}
