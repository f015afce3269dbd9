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
    "why-cnn-slower": {
        "slow on maps": "✗ Both networks use",
        "many places": "✓ many multiply-adds",
        "needs more epochs": "✗ clock measured",
        "images are larger": "✗ 32×32 pixels",
    },
    "moved-by-six": {
        "dense network": "✗ other places",
        "thanks to convolution": "✗ about a pixel",
        "global pooling": "✓ depend on where",
        "none": "✗ were near chance",
    },
    "noise-and-global-pooling": {
        "dense network": "✗ dense head",
        "dense head": "✗ lost least",
        "global pooling": "✓ likely reason",
        "alike": "✗ three losses lay",
    },
    "shuffled-order": {
        "items": ["dense", "dense head", "global pooling"],
        "right": "assumption about neighbours",
        "otherwise": "nothing about neighbours",
    },
    "linked-background": {
        "backgrounds stayed linked": "✓ shows nothing wrong",
        "ignored the background": "✗ backgrounds were dealt",
        "Dealing the backgrounds": "✓ answer any more",
        "larger network": "✗ training rewards",
    },
    "table-columns": {
        "carry no information": "✗ contestants were right",
        "columns stand side": "✓ given order",
        "care about order": "✗ shuffled pixels",
        "learn anything": "✗ logistic regression",
    },
}
