"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NUMBERS: dict[str, dict[str, float]] = {
    "values_of_a_batch": {  # 16 colour images of 40 rows and 30 columns
        "right": 16 * 40 * 30 * 3,
        "pixels": 16 * 40 * 30,
        "one_image": 40 * 30 * 3,
        "one_channel_of_one": 40 * 30,
        "sides_added": 16 * (40 + 30) * 3,
    },
    "bytes-add-up": {"right": int(np.add(np.array([250], np.uint8), np.array([10], np.uint8))[0])},
}

SOLUTIONS: dict[str, Any] = {
    "to_grey": lambda image: (image / 255 * [0.299, 0.587, 0.114]).sum(axis=2)[..., None],
}

WRONG: dict[str, dict[str, Any]] = {
    "to_grey": {
        "plain_mean": lambda image: (image / 255).mean(axis=2)[..., None],
        "not_scaled": lambda image: image @ np.array([[0.299], [0.587], [0.114]]),
        "axis_lost": lambda image: image / 255 @ np.array([0.299, 0.587, 0.114]),
        "blue_first": lambda image: image / 255 @ np.array([[0.114], [0.587], [0.299]]),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "values_of_a_batch": {
        "right": "columns times channels",
        "pixels": "colour image store",
        "one_image": "many are in the batch",
        "one_channel_of_one": "channel of one image",
        "sides_added": "rows and columns",
        "hint 1": "four lengths",
        "hint 2": "columns · channels",
    },
    "grey_is_enough": {
        "right": ["read digits written", "paper in brightness"],
        "fruit": ["unripe green fruit", "green squares"],
        "cables": ["their sheath", "grey lost accuracy"],
        "stain": ["tell two kinds", "Nothing promises"],
        "hint 1": "bright a place",
        "hint 2": "Grey keeps differences",
    },
    "to_grey": {
        "right": "bytes became floats",
        "plain_mean": "Luma weighs green",
        "not_scaled": "runs to 255",
        "axis_lost": "numbers are right",
        "blue_first": "channel comes first",
        "newer_weights": "luma weighs 0.299",
        "hint 1": "weighted sum over",
        "hint 2": "length 1 stays",
    },
    "shape-of-a-photograph": {
        "`(640": "✗ Rows come first",
        "`(427, 640, 3)`": "✓ Height",
        "`(3": "✗ Some libraries put",
        "`(427, 640)`": "✗ three numbers",
    },
    "brightest-of-three": {
        "items": ["blue", "red", "green", "yellow"],
        "right": "weights are 0.114",
        "otherwise": "three weights",
    },
    "bytes-add-up": {
        "4": "✓ Arrays wrap around",
        "260": "✗ cannot hold 260",
        "255": "✗ largest byte",
        "5": "✗ After 255 comes",
        "otherwise": "✗ byte starts again",
    },
    "what-grey-loses": {
        "still named nearly": "✓ Their brightness differs",
        "equal luma were": "✓ shape was gone",
        "colours were guessed": "✗ stayed above chance",
        "larger network": "✗ network can find",
    },
}
