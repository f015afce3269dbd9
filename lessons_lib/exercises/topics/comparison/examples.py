"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lessons_lib import counting

_STOPS = counting.output_size(32, 3) ** 2


NUMBERS: dict[str, dict[str, float]] = {
    "uses_of_a_weight": {  # one weight of a 3×3 kernel, padding valid, on 32×32 pixels
        "right": _STOPS,
        "each_pixel": 32**2,
        "as_dense": 1,
        "one_axis": counting.output_size(32, 3),
        "whole_kernel": 9 * _STOPS,
        "all_filters": 8 * _STOPS,
    },
}

SOLUTIONS: dict[str, Any] = {
    "lead": lambda first, second: ((first - second).mean(), (first - second).std(ddof=1)),
}

WRONG: dict[str, dict[str, Any]] = {
    "lead": {
        "swapped": lambda first, second: ((second - first).mean(), (second - first).std(ddof=1)),
        "unpaired": lambda first, second: (
            (first - second).mean(),
            np.hypot(first.std(ddof=1), second.std(ddof=1)),
        ),
        "divided_by_all": lambda first, second: ((first - second).mean(), (first - second).std()),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "uses_of_a_weight": {
        "right": "30·30 places",
        "each_pixel": "cannot stop everywhere",
        "as_dense": "weight is shared",
        "one_axis": "number of stops",
        "whole_kernel": "nine weights",
        "all_filters": "eight filters",
        "hint 1": "places does the kernel stop",
        "hint 2": "3×3 kernel stops",
    },
    "which_head": {
        "right": ["global max pooling", "may be anywhere"],
        "dense_everywhere": ["→ Dense 64", "dense network"],
        "flatten_remembers": ["pooling → Flatten", "blot anywhere"],
        "more_epochs": ["trained three times", "centred blots teaches"],
        "hint 1": "chapter's figure",
        "hint 2": "weight belongs",
    },
    "lead": {
        "right": "both networks cancels",
        "swapped": "first network should",
        "absolute": "knows who leads",
        "unpaired": "differences themselves",
        "spreads_subtracted": "difference is another",
        "divided_by_all": "standard deviation divides",
        "standard_error": "spread was asked",
        "hint 1": "array of differences",
        "hint 2": "deviation with `ddof=1`",
    },
    "why-more-arithmetic": {
        "whole maps": "✗ one comparison",
        "many places": "✓ many multiply-adds",
        "needs more epochs": "✗ for one image",
        "images are larger": "✗ 32×32 pixels",
    },
    "moved-by-six": {
        "dense network": "✗ other places",
        "thanks to convolution": "✗ about a pixel",
        "global pooling": "✓ depend on where",
        "none": "✗ were near chance",
    },
    "augmentation": {
        "stood shifts by three": "✓ had seen such",
        "grey veil": "✗ copy had a",
        "back to the middle": "✗ in training alone",
        "no matter of the architecture": "✓ one way to",
    },
    "noise-and-veil": {
        "less noise": "✗ weaker together",
        "veil alone": "✓ differs at a",
        "more epochs": "✗ about the test",
        "clear without a test": "✗ is a guess",
    },
    "linked-background": {
        "stripes stayed linked": "✓ shows nothing wrong",
        "ignored the background": "✗ were dealt anew",
        "Dealing the stripes": "✓ answer any more",
        "larger network": "✗ training rewards",
    },
    "which-for-a-table": {
        "tables are theirs": "✗ rule in the table",
        "compute anything": "✗ two things",
        "choose by validation": "✓ minutes of measuring",
        "neighbouring columns": "✗ neighbours means nothing",
    },
}
