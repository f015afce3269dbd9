"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lessons_lib import counting, ops
from lessons_lib.exercises.topics.convolution.examples import loop

NUMBERS: dict[str, dict[str, float]] = {
    "pooled_size": {  # 34 rows; convolution 3, pooling 2, convolution 3, pooling 3 with stride 2
        "right": counting.output_size(14, 3, strides=2),
        "stride_is_window": counting.output_size(14, 3, strides=3),
        "rounded_up": counting.output_size(14, 3, strides=2, padding="same"),
        "stride_forgotten": counting.output_size(14, 3),
        "not_rounded": 6.5,
        "conv_keeps_size": counting.output_size(17, 3, strides=2),
        "first_forgotten": 5,
        "last_pool_missing": 14,
    },
    "by-hand": {
        "right": float(ops.average_pool([[4.0, 6, 8]], pool_size=(1, 2), strides=(1, 2), padding="same")[0, -1])
    },
}

SOLUTIONS: dict[str, Any] = {
    "max_pool": loop(lambda patch, _: patch.max()),
    "place_blind": lambda maps: maps.max(axis=(0, 1)),
}

WRONG: dict[str, dict[str, Any]] = {
    "max_pool": {
        "averaged": loop(lambda patch, _: patch.mean()),
        "starts_at_zero": loop(lambda patch, _: max(0, patch.max())),
        "side_by_side": lambda image, window, strides: ops.max_pool(image, pool_size=window),
        "stride_ignored": loop(lambda patch, _: patch.max(), step=False),
    },
    "place_blind": {
        "moves_with_the_place": lambda maps: maps[3, 4],
        "one_number": lambda maps: maps.max(),
        "wrong_length": lambda maps: maps.ravel(),
        "constant": lambda maps: np.median(maps, axis=(0, 1)),
        "mixed": lambda maps: maps.max(axis=(0, 1)) + maps.sum(),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "pooled_size": {
        "right": "last step 11",
        "stride_is_window": "last pooling lie",
        "rounded_up": "second convolution",
        "stride_forgotten": "stride of 1",
        "not_rounded": "row can't",
        "conv_keeps_size": "3×3 kernel takes",
        "first_forgotten": "counted the moves",
        "last_pool_missing": "before the last",
        "hint 1": "four layers",
        "hint 2": "pooling leaves ⌊(size",
    },
    "max_pool": {
        "right": "tried overlapping windows",
        "averaged": "average pooling",
        "side_by_side": "next is `strides`",
        "starts_at_zero": "yours answers 0",
        "smallest": "smallest number",
        "largest_size": "largest absolute value",
        "rounded_up": "window that sticks",
        "stride_ignored": "move by `strides`",
        "hint 1": "Test yourself",
        "hint 2": "sum of products",
    },
    "place_blind": {
        "right": "learn where something",
        "moves_with_the_place": "numbers changed",
        "one_number": "another filter",
        "wrong_length": "maps I expected",
        "constant": "dense layer learn",
        "mixed": "another one changed",
        "hint 1": "places must go",
        "hint 2": "first two axes",
    },
    "by-hand": {
        "8": "✓ second window holds",
        "4": "✗ padding zero count",
        "5": "✗ first value",
        "7": "✗ stride 1 overlap",
        "otherwise": "✗ values lie",
    },
    "weights": {
        "convolution before": "✗ kernel doesn't know",
        "next convolution": "✗ less arithmetic",
        "layer after Flatten": "✓ quarter as many",
        "none": "✗ convolutions keep theirs",
    },
    "words": {
        "convolution with stride": "✓ map moves along",
        "2 is invariant": "✗ pooled map stay",
        "2 is equivariant": "✗ even shifts",
        "map is invariant": "✓ depend on where",
    },
    "cnn-invariant": {
        "translation invariant": "✗ nearly to chance",
        "nearly to chance": "✓ maps move along",
        "loses a point": "✗ single pixel cost",
        "global max pooling": "✗ stayed level",
    },
    "window-or-stride": {
        "dropping every second": "✗ stride alone",
        "taking the largest": "✓ window alone",
        "both together": "✗ measured each alone",
        "neither": "✗ pooled maps did",
    },
    "where-is-it": {
        "maximum of a map": "✗ near the border",
        "wherever the object": "✗ all around",
        "holds both": "✓ zeros of the padding",
        "average pooling": "✗ mean of a map",
    },
    "view": {
        "items": ["no pooling", "last convolution", "first convolution", "2×2 pooling after"],
        "right": "kernels reach further",
        "otherwise": "behind it reaches",
    },
}
