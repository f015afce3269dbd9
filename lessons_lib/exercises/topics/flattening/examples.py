"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NUMBERS: dict[str, dict[str, float]] = {
    "place_of_a_pixel": {  # row 10, column 5, channel 2 of an image of 30×40×3
        "right": int(np.ravel_multi_index((10, 5, 2), (30, 40, 3))),
        "planes": int(np.ravel_multi_index((2, 10, 5), (3, 30, 40))),
        "column_first": int(np.ravel_multi_index((5, 10, 2), (40, 30, 3))),
        "swapped": (5 * 40 + 10) * 3 + 2,
        "brackets_lost": 10 * 40 + 5 * 3 + 2,
        "height_for_width": (10 * 30 + 5) * 3 + 2,
        "channels_forgotten": 10 * 40 + 5,
        "red_of_it": (10 * 40 + 5) * 3,
        "from_one": (10 * 40 + 5) * 3 + 3,
    },
    "where-is-it": {"right": int(np.ravel_multi_index((2, 3), (28, 28)))},
}

SOLUTIONS: dict[str, Any] = {
    "pixel_of": lambda i, w, c: (*divmod(i // c, w), i % c),
    "unshuffle_weights": lambda weights, order: np.array(
        [row for _, row in sorted(zip(order, weights, strict=True), key=lambda p: p[0])]
    ),
}

WRONG: dict[str, dict[str, Any]] = {
    "pixel_of": {
        "swapped": lambda i, w, c: (*divmod(i // c, w)[::-1], i % c),
        "channels_forgotten": lambda i, w, c: [*divmod(i, w), i % c],
        "otherwise_function": lambda i, w, c: (0, 0, 0),
    },
    "unshuffle_weights": {
        "same_way": lambda w, o: w[o],
        "unchanged": lambda w, o: w,
        "units": lambda w, o: w.T[np.argsort(o)].T,
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "place_of_a_pixel": {
        "right": "pixels come first",
        "planes": "pixel stay together",
        "column_first": "Flattening reads",
        "swapped": "changed places",
        "brackets_lost": "5 was multiplied",
        "height_for_width": "stepped over rows",
        "channels_forgotten": "counted pixels",
        "red_of_it": "right pixel",
        "from_one": "counted from 1",
        "hint 1": "whole rows above",
        "hint 2": "number of channels",
    },
    "pixel_of": {
        "right": "minutes and seconds",
        "swapped": "counted downwards",
        "channels_forgotten": "· channels places",
        "column_unbounded": "column grows beyond",
        "not_whole": "column get fractions",
        "hint 1": "Undo the formula",
        "hint 2": "`index // channels`",
    },
    "unshuffle_weights": {
        "right": "weight went back",
        "same_way": "unshuffled pixels",
        "unchanged": "wait for shuffled",
        "units": "moved the columns",
        "hint 1": "holds pixel `order[k]`",
        "hint 2": "assign to `new[order]`",
    },
    "what-is-lost": {
        "some": "✗ 2,000 test images",
        "pixels are neighbours": "✓ found again",
        "bright each pixel": "✗ nothing is rounded",
        "colours": "✗ pixel stand side",
    },
    "where-is-it": {
        "59": "✓ three more pixels",
        "86": "✗ rows come first",
        "60": "✗ column 0 stands",
        "31": "✗ before row 2",
        "5": "✗ must pass before",
        "otherwise": "✗ many whole rows",
    },
    "shuffled-alike": {
        "kept their accuracy": "✗ lost several times",
        "kept its accuracy": "✓ good as another",
        "dense net fell": "✗ same problem",
        "Both nets fell": "✗ far above 0.1",
    },
    "shuffled-at-test": {
        "raises an error": "✗ vector carries",
        "near chance": "✓ another pixel",
        "accuracy stays": "✗ training and test",
        "Plotting the images": "✓ Nobody reports",
    },
    "why-shifts-hurt": {
        "cut off": "✗ 36×36 was chosen",
        "too few parameters": "✗ wider dense net",
        "another weight": "✓ two different digits",
        "pixels changes": "✗ their places change",
    },
}
