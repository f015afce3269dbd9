"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_ONE, _OTHER = set(range(20)), set(range(5, 25))  # the columns of two boxes, the one 5 pixels to the right


def dice(mask: Array, truth: Array) -> float:
    """Return Dice from the numbers of pixels that are found, missed and invented."""
    found = sum(bool(m and t) for m, t in zip(mask.flat, truth.flat, strict=True))
    missed, invented = truth.sum() - found, mask.sum() - found
    return float(found / (found + (missed + invented) / 2))


NUMBERS: dict[str, dict[str, float]] = {
    "shifted_box": {
        "right": len(_ONE & _OTHER) / len(_ONE | _OTHER),
        "share_of_one": len(_ONE & _OTHER) / len(_ONE),
        "counted_twice": len(_ONE & _OTHER) / (len(_ONE) + len(_OTHER)),
        "gap": len(_OTHER - _ONE) / len(_ONE),
        "other_way_round": len(_ONE | _OTHER) / len(_ONE & _OTHER),
    },
    "overlap": {"right": 30 / (50 + 40 - 30)},
    "dice-from-iou": {"right": 2 * 6 / (6 + 10)},
}

SOLUTIONS: dict[str, Any] = {"dice": dice}

WRONG: dict[str, dict[str, Any]] = {
    "dice": {
        "iou": lambda mask, truth: np.logical_and(mask, truth).sum() / np.logical_or(mask, truth).sum(),
        "agreement": lambda mask, truth: np.mean(mask == truth),
        "share_of_truth": lambda mask, truth: mask[truth].mean(),
        "share_of_mask": lambda mask, truth: truth[mask].mean(),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "shifted_box": {
        "right": "height cancels",
        "share_of_one": "also Dice",
        "counted_twice": "counted twice",
        "gap": "by which the one was moved",
        "other_way_round": "larger than 1",
        "hint 1": "squared paper",
        "hint 2": "What is shared, divided",
    },
    "which_metric": {
        "accuracy": ["named rightly", "no pixel at all is right"],
        "loss": ["cross-entropy", "doctor cannot read"],
        "right": ["found at all", "hide that small"],
        "sensitivity": ["tumour's pixels that", "every pixel reaches"],
        "hint 1": "two laziest",
        "hint 2": "what is invented",
    },
    "dice": {
        "right": "does not grow with",
        "iou": "divided by the union",
        "overlap_once": "get 0.5",
        "agreement": "Most of them are background",
        "share_of_truth": "mask of all pixels",
        "share_of_mask": "one right pixel",
        "overlap_counted": "number of pixels",
        "hint 1": "Count three things",
        "hint 2": "True where both",
        "distractor 1": "both areas, added",
    },
    "clean-scans": {
        "head of four": "✗ rule of two lines",
        "U-Net": "✗ no clutter to tell",
        "all dark": "✓ how often it fails",
        "mean box": "✗ nothing of the page",
    },
    "overlap": {
        "0.5": "✓ 50 + 40 − 30",
        "0.6": "✗ the first box",
        "0.75": "✗ the second box",
        "0.333": "✗ In 50 + 40",
        "0.667": "✗ That is Dice",
        "otherwise": "✗ each counted once",
    },
    "empty-mask": {
        "nearly every tumour": "✗ mark none",
        "next to nothing": "✓ marking nothing",
        "about 0.99": "✗ may be 0",
        "than a threshold": "✗ by the same metric",
    },
    "why-skips": {
        "fewer parameters": "✗ to the last one",
        "Gradients vanished": "✗ layers deep",
        "Pooling threw": "✓ know where",
        "too short": "✗ Both trained until",
    },
    "dice-from-iou": {
        "0.75": "✓ 2 · 0.6",
        "0.6": "✗ only at 0",
        "0.375": "✗ left out the 2",
        "0.429": "✗ went the other way",
        "otherwise": "✗ share 6 of 10",
    },
    "four-tissues": {
        "64×64×4": "✓ four probabilities",
        "four numbers": "✗ whole image",
        "64×64×1": "✗ tells two things",
        "16 numbers": "✗ has corners",
    },
}
