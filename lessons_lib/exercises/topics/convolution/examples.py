"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lessons_lib import counting


def loop(reduce: Callable[..., Any], *, step: bool = True, turn: bool = False) -> Callable[..., Any]:
    """Return a learner's loop over the stops of a window, with what may go wrong in it."""

    def slide(image: Any, window: Any, strides: int) -> Any:
        taps = window.shape if np.ndim(window) else (window, window)
        rows, columns = [(n - k) // strides + 1 for n, k in zip(image.shape, taps, strict=True)]
        out = np.empty((rows, columns))
        for i, j in np.ndindex(rows, columns):
            at = (i * strides, j * strides) if step else (i, j)
            patch = image[at[0] : at[0] + taps[0], at[1] : at[1] + taps[1]]
            out[i, j] = reduce(patch, np.rot90(window, 2) if turn else window)
        return out

    return slide


def total(patch: Any, kernel: Any) -> Any:
    """Return the sum of the products."""
    return (patch * kernel).sum()


def padding(n: int, k: int, s: int) -> tuple[int, int]:
    """Return the zeros before and after."""
    stops = -(-n // s)
    missing = max(0, (stops - 1) * s + k - n)
    return missing // 2, missing - missing // 2


NUMBERS: dict[str, dict[str, float]] = {
    "map_size": {  # 30 rows, a kernel of 5, stride 2, valid
        "right": counting.output_size(30, 5, strides=2),
        "rounded_up": 14,
        "not_rounded": 13.5,
        "first_forgotten": 12,
        "first_forgotten_not_rounded": 12.5,
        "stride_forgotten": counting.output_size(30, 5),
        "as_same": counting.output_size(30, 5, strides=2, padding="same"),
        "side_by_side": counting.output_size(30, 5, strides=5),
    },
    "one-stop": {"right": (np.array([[1, 2], [3, 4]]) * [[1, 0], [0, -1]]).sum() + 2},
}

SOLUTIONS: dict[str, Any] = {
    "diagonal_kernel": [[0, 2, 2], [-2, 0, 2], [-2, -2, 0]],
    "shift_right": [[0, 0, 0], [1, 0, 0], [0, 0, 0]],
    "same_padding": padding,
    "convolve": loop(total),
}

WRONG: dict[str, dict[str, Any]] = {
    "diagonal_kernel": {
        "upright": [[-1, 0, 1]] * 3,
        "opposite": [[1, 0, -1]] * 3,
        "flat": [[1, 1, 1]] * 3,
        "silent": [[1, 1, 0], [1, 0, -1], [0, -1, -1]],
        "level": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
        "other_diagonal": [[0, 2, 2], [-2, 0, 1], [-1, -1, -1]],
    },
    "shift_right": {
        "moves_left": [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
        "brightness": [[0, 0, 0], [2, 0, 0], [0, 0, 0]],
        "moves_up_or_down": [[0, 1, 0], [0, 0, 0], [0, 0, 0]],
        "moves_slanted": [[1, 0, 0], [0, 0, 0], [0, 0, 0]],
        "stays": [[0, 0, 0], [0, 3, 0], [0, 0, 0]],
        "otherwise_here": [[0, 0, 0], [1, 1, 0], [0, 0, 0]],
    },
    "same_padding": {
        "odd_before": lambda n, k, s: padding(n, k, s)[::-1],
        "total_each_side": lambda n, k, s: (sum(padding(n, k, s)),) * 2,
        "both_alike": lambda n, k, s: ((k - 1) // 2,) * 2,
        "stride_ignored": lambda n, k, s: padding(n, k, 1),
    },
    "convolve": {
        "flipped": loop(total, turn=True),
        "offset_forgotten": loop(total, step=False),
        "averaged": loop(lambda patch, kernel: (patch * kernel).mean()),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "map_size": {
        "right": "first one counts",
        "rounded_up": "happen with `valid`",
        "not_rounded": "image made",
        "first_forgotten": "counted the steps",
        "first_forgotten_not_rounded": "whole numbers",
        "stride_forgotten": "stride 1",
        "as_same": "padding `same`",
        "side_by_side": "may overlap",
        "hint 1": "still lie inside",
        "hint 2": "s⌋ + 1",
    },
    "diagonal_kernel": {
        "right": "diagonal gives nothing",
        "flat": "detector says nothing",
        "opposite": "positive number",
        "silent": "other way",
        "upright": "upright edge",
        "level": "answers to a level edge",
        "other_diagonal": "should give 0",
        "hint 1": "should be bright",
        "hint 2": "positive weights above",
    },
    "shift_right": {
        "right": "pixel further right",
        "moves_left": "right neighbour shows",
        "moves_up_or_down": "columns the second",
        "moves_slanted": "output's own row",
        "stays": "image stays where",
        "brightness": "pixel comes out",
        "otherwise_here": "nine pixels under",
        "hint 1": "output should show",
        "hint 2": "middle row",
    },
    "same_padding": {
        "right": "stops need (stops",
        "total_each_side": "shared out between",
        "odd_before": "puts it after",
        "both_alike": "`padding=1` in PyTorch",
        "stride_ignored": "may need less",
        "half_zeros": "can't be halved",
        "negative": "negative number",
        "rounded_down": "`same` rounds up",
        "hint 1": "many stops need",
        "hint 2": "total = max(0",
    },
    "convolve": {
        "right": "images and kernels",
        "flipped": "turned by 180°",
        "offset_forgotten": "whatever the stride",
        "stride_ignored": "stride 1",
        "transposed": "changed places",
        "averaged": "convolution takes their",
        "bottom_row_missing": "first stop counts",
        "hint 1": "axis for itself",
        "hint 2": "strides + columns]`",
    },
    "one-stop": {
        "-1": "✓ 4·(−1) = −3",
        "-3": "✗ products are added",
        "3": "✗ turned the kernel",
        "5": "✗ turn the kernel",
        "7": "✗ weights were 1",
        "otherwise": "✗ four products",
    },
    "rgb-filters": {
        "3": "✗ filter adds up",
        "8": "✓ three channels",
        "24": "✗ kernels of 3×3",
        "900": "✗ maps nor parameters",
    },
    "same-means": {
        "height": "✓ zeros are added",
        "values": "✗ also reads zeros",
        "number of channels": "✗ whatever the padding",
        "parameters that `valid`": "✓ Padding adds zeros",
    },
    "shifted-image": {
        "stays": "✗ invariance",
        "moves three values": "✓ answer moves along",
        "nobody can foresee": "✗ difference was exactly",
        "gets weaker": "✗ same weights meet",
    },
    "stride-shift": {
        "1 pixel": "✗ map can't move",
        "3 pixels": "✓ One whole step",
        "4 pixels": "✗ the stops fall on other",
        "6 pixels": "✓ Two whole steps",
    },
    "tied-hands": {
        "items": ["3×3 filter", "3×3 windows", "dense layer"],
        "right": "225 without locality",
        "otherwise": "pixels far away",
    },
}
