"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WITNESSES` keep a phrase of each text a second time, under the answer that it
belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from functools import partial
from math import log
from typing import Any

import numpy as np

X, W = np.array([[1, 2], [0, 3]]), np.array([[4, 1], [2, 6]])
ROWS = np.zeros((20, 8, 8, 3))
PAIRS = [(row, column) for row in range(3) for column in range(4)]
FOUR = np.array([1, 1, 5, 5])
LATER = [lambda x: x + n for n in (1, 5, 10)]  # noqa: B023 (the exercise is about this)
NOW = [lambda x, n=n: x + n for n in (1, 5, 10)]


def power(base: int, exponent: int) -> int:
    """Return a power, as in the exercise on `partial`."""
    return int(base**exponent)


def loss_slope(w: float, x: float, b: float, t: float) -> float:
    """Return the slope of (w·x + b − t)² with respect to z = w·x + b."""
    return 2 * (w * x + b - t)


def scaled_sum(rows: range, columns: range) -> int:
    """Return the sum of (m + 1)·n over rows m and columns n."""
    return sum((m + 1) * n for m in rows for n in columns)


AT_Z = loss_slope(-2, 3, 1, -2)
SQUARE, TWO_TO = partial(power, exponent=2), partial(power, 2)

NUMBERS: dict[str, dict[str, float]] = {
    "numbers_left": {
        "right": ROWS.mean(axis=(1, 2)).size,
        "kept_the_named": ROWS.mean(axis=(0, 3)).size,
        "first_axis_gone": ROWS.mean(axis=0).size,
        "one_axis_gone": ROWS.mean(axis=1).size,
        "nothing_gone": ROWS.size,
        "all_gone": ROWS.mean().size,
    },
    "double_sum": {
        "right": scaled_sum(range(2), range(3)),
        "first_row_only": scaled_sum(range(1), range(3)),
        "last_row_only": scaled_sum(range(1, 2), range(3)),
        "last_term_only": scaled_sum(range(1, 2), range(2, 3)),
        "one_too_far": scaled_sum(range(3), range(3)),
    },
    "product_entry": {
        "right": (X @ W)[0, 1],
        "other_column": (X @ W)[0, 0],
        "row_and_column_swapped": (X @ W)[1, 0],
        "place_by_place": (X * W)[0, 1],
        "wrong_way_round": (W @ X)[0, 1],
    },
    "slope_by_nudging": {
        "right": (4.6 - 3.6) / (1.1 - 0.9),
        "upwards_only": (4.6 - 4) / (1.1 - 1),
        "downwards_only": (4 - 3.6) / (1 - 0.9),
        "not_divided": 4.6 - 3.6,
        "half_the_way": (4.6 - 3.6) / 0.1,
        "downhill": (3.6 - 4.6) / (1.1 - 0.9),
    },
    "chain_by_hand": {
        "right": AT_Z * 3,
        "sign_lost": -AT_Z * 3,
        "two_forgotten": AT_Z / 2 * 3,
        "stopped_at_z": AT_Z,
        "for_the_input": AT_Z * -2,
        "loss_itself": (AT_Z / 2) ** 2,
    },
    "how_much_worse": {
        "right": log(0.125) / log(0.5),
        "ratio_of_p": 0.5 / 0.125,
        "upside_down": 0.125 / 0.5,
        "difference_of_p": 0.5 - 0.125,
    },
    "variance_of_four": {
        "right": FOUR.var(),
        "standard_deviation": FOUR.std(),
        "not_divided": ((FOUR - FOUR.mean()) ** 2).sum(),
        "mean_itself": FOUR.mean(),
        "distances_cancel": (FOUR - FOUR.mean()).mean(),
        "squares_of_numbers": (FOUR**2).mean(),
    },
    "axis_after_move": {
        "right": np.moveaxis(np.zeros((2, 3, 4, 5)), 1, -1).shape[1],
        "swapped": np.swapaxes(np.zeros((2, 3, 4, 5)), 1, -1).shape[1],
        "nothing_moved": 3,
        "counted_from_one": 2,
    },
    "pairs_in_a_list": {
        "right": sum(row != column for row, column in PAIRS),
        "condition_forgotten": len(PAIRS),
        "loops_in_turn": 3 + 4,
        "condition_turned": sum(row == column for row, column in PAIRS),
        "one_match_too_many": len(PAIRS) - 4,
    },
    "late_lambda": {
        "right": LATER[0](100),
        "as_with_default": NOW[0](100),
        "all_added": 100 + 1 + 5 + 10,
        "middle_value": NOW[1](100),
    },
    "partial_in_place": {
        "right": SQUARE(3) - TWO_TO(3),
        "both_the_same": SQUARE(3) - SQUARE(3),
        "mixed_up": TWO_TO(3) - SQUARE(3),
        "added": SQUARE(3) + TWO_TO(3),
    },
    "weighted-sum": {"right": float(np.dot([2, 0, -1], [3, 5, 4]))},
    "partial-slope": {"right": 2 * 3},
    "two-steps": {"right": 2 * (3 * 2) * 3},
}

WITNESSES: dict[str, dict[str, Any]] = {
    "numbers_left": {
        "right": "each image and each channel",
        "kept_the_named": "kept the axes",
        "first_axis_gone": "`axis=0` leaves",
        "one_axis_gone": "one axis away",
        "nothing_gone": "all numbers of `x`",
        "all_gone": "Without `axis`",
        "hint 1": "cross out",
        "hint 2": "fit in",
    },
    "double_sum": {
        "right": "twice that",
        "first_row_only": "one more term",
        "last_row_only": "What about m = 0",
        "last_term_only": "last term alone",
        "one_too_far": "runs one step",
        "hint 1": "two rows, three",
        "hint 2": "every place of",
    },
    "product_entry": {
        "right": "meets column 1",
        "other_column": "took column 0",
        "row_and_column_swapped": "row 1, column 0",
        "place_by_place": "`x * W`",
        "wrong_way_round": "`W @ x`",
        "hint 1": "Mark row 0",
        "hint 2": "First times first",
    },
    "slope_by_nudging": {
        "right": "One divided by",
        "upwards_only": "step upwards alone",
        "downwards_only": "step downwards alone",
        "not_divided": "By how much did w",
        "half_the_way": "not by 0.1",
        "downhill": "slope is positive",
        "hint 1": "divided by a change",
        "hint 2": "two outer points",
    },
    "chain_by_hand": {
        "right": "met the input 3",
        "sign_lost": "z lies below t",
        "two_forgotten": "factor of 2",
        "stopped_at_z": "and to b",
        "for_the_input": "respect to x",
        "loss_itself": "That is the loss",
        "hint 1": "Forward first",
        "hint 2": "slope at z is 2",
    },
    "how_much_worse": {
        "right": "three times as large",
        "ratio_of_p": "ratio of the two",
        "upside_down": "has the larger loss",
        "difference_of_p": "difference of the",
        "hint 1": "How many halves",
        "hint 2": "log 0.5 + log",
    },
    "variance_of_four": {
        "right": "lies 2 away",
        "standard_deviation": "root of the variance",
        "not_divided": "sum of the squared",
        "mean_itself": "how far the numbers",
        "distances_cancel": "up and down cancel",
        "squares_of_numbers": "before you square",
        "hint 1": "First the mean",
        "hint 2": "Square the four",
    },
    "axis_after_move": {
        "right": "The 3 goes",
        "swapped": "swapped the two",
        "nothing_moved": "`x.shape[1]`",
        "counted_from_one": "`shape[0]` is",
        "hint 1": "place 1 out",
        "hint 2": "place 1 now",
    },
    "pairs_in_a_list": {
        "right": "in three of them",
        "condition_forgotten": "leaves some out",
        "loops_in_turn": "runs anew",
        "condition_turned": "that differ",
        "one_match_too_many": "rows end at 2",
        "hint 1": "Draw a table",
        "hint 2": "without the diagonal",
    },
    "late_lambda": {
        "right": "10 for all three",
        "as_with_default": "`n=n`",
        "all_added": "adds one number",
        "middle_value": "would be n = 5",
        "hint 1": "when it is written",
        "hint 2": "last value of n",
    },
    "partial_in_place": {
        "right": "power of 3, which",
        "both_the_same": "for the same",
        "mixed_up": "mixed the two",
        "added": "has a minus",
        "hint 1": "Write both calls",
        "hint 2": "calls `power(2, 3)`",
    },
    "shape-after-sum": {
        "`(28, 20)`": "✓ index takes the first",
        "`(28, 20, 3)`": "✗ one more axis",
        "`(10": "✗ sum alone",
        "`(20": "✗ last one, not",
    },
    "weighted-sum": {
        "2": "✓ place by place",
        "10": "✗ weight is negative",
        "12": "✗ added up each list",
        "7": "✗ Zero times",
        "otherwise": "✗ product for each place",
    },
    "product-shape": {
        "`(32, 64)`": "✓ each column of",
        "`(784, 784)`": "✗ that both have",
        "`(32, 784": "✗ before they are",
        "There is none": "✗ rule for `*`",
    },
    "partial-slope": {
        "6": "✓ b stays fixed",
        "19": "✗ L itself",
        "11": "✗ added the slope",
        "5": "✗ is the slope for b",
        "9": "✗ is w².",
        "otherwise": "✗ Hold b fixed",
    },
    "two-steps": {
        "36": "✓ times as fast as x; and",
        "12": "✗ respect to y",
        "15": "✗ added the two",
        "4": "✗ slope of x²",
        "18": "✗ factor of 2 missing",
        "otherwise": "✗ one by one",
    },
    "half-as-likely": {
        "log 2": "✓ half of any p",
        "doubles": "✗ from 1.61",
        "by 0.1.": "✗ how much p falls",
        "It falls": "✗ turns that round",
    },
    "plus-minus": {
        "typically lie": "✓ standard deviation",
        "All five": "✗ typical distance",
        "for certain": "✗ confidence interval",
        "Two of a hundred": "✗ about the runs",
    },
    "channels-first": {
        "`(8, 20": "✓ others keep their",
        "`(8, 30": "✗ `maps.T`",
        "`(30": "✗ went to the end",
        "`(20": "✗ where we began",
    },
    "comprehension": {
        "`[4, 9]`": "✓ keeps 2 and 3",
        "`[4, 9, 16]`": "✗ ends before 4",
        "`[0": "✗ larger than 1",
        "`[2": "✗ at the front",
    },
    "half-a-call": {
        "`run(0.1, 3)`": "✓ new one behind",
        "`run(3": "✗ from the left",
        "three times": "✗ counts nothing",
        "raises": "✗ waits for the rest",
    },
}
