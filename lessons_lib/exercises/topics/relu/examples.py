"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lessons_lib import counting

NUMBERS: dict[str, dict[str, float]] = {
    "one_kernel": {  # 5×5, 3×3 and 3×3 in a row, nothing between them
        "right": counting.receptive_field([(5, 1), (3, 1), (3, 1)]).size,
        "added": 5 + 3 + 3,
        "multiplied": 5 * 3 * 3,
        "largest": 5,
        "one_missing": counting.receptive_field([(5, 1), (3, 1)]).size,
    },
    "kinks": {"right": 6 + 1},
}

SOLUTIONS: dict[str, Any] = {
    "fold": lambda a, b, c, d: (a @ c, c.T @ b + d),
    "leaky_relu_gradient": lambda x, up, s: np.where(x > 0, up, s * up),
    "hat": ([2, 1, 1, -1], [0, -1, -2, -9], [0.5, -2, 1, 0]),
}

WRONG: dict[str, dict[str, Any]] = {
    "fold": {
        "other_order": lambda a, b, c, d: (c @ a, c @ b + d),
        "bias_in_old_order": lambda a, b, c, d: (a @ c, c @ b + d),
        "biases_added": lambda a, b, c, d: (a @ c, b + d),
        "first_bias_lost": lambda a, b, c, d: (a @ c, d),
    },
    "leaky_relu_gradient": {
        "upstream_forgotten": lambda x, up, s: np.where(x > 0, 1, s),
        "plain_relu": lambda x, up, s: up * (x > 0),
        "value_for_derivative": lambda x, up, s: up * np.maximum(x, s * x),
        "forward": lambda x, up, s: np.maximum(x, s * x),
    },
    "hat": {
        "plateau": ([1, 1], [0, -1], [1, -1]),
        "falls_on": ([1, 1], [0, -1], [1, -2]),
        "mirrored": ([-1, -1, -1], [0, -1, -2], [1, -2, 1]),
        "ramp": ([1], [0], [1]),
        "flat": ([0], [0], [0]),
        "scaled": ([1, 1, 1], [0, -1, -2], [3, -6, 3]),
        "not_three_lists": [1, 1, 1],
        "otherwise_here": ([1, 1, 1], [0, -1, -3], [1, -2, 1]),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "which_collapses": {
        "right": ["64 without activation", "their matrices multiply"],
        "relu_between": ["ReLU → Dense", "treats negative sums"],
        "max_is_linear": ["activation → MaxPooling2D", "max pooling"],
        "enough_layers": ["Dense 512", "tanh stands behind"],
        "hint 1": "output double",
        "hint 2": "dense layers pass",
    },
    "one_kernel": {
        "right": "either side",
        "added": "Neighbouring windows overlap",
        "multiplied": "multiplied the sizes",
        "largest": "first kernel alone",
        "one_missing": "layers is missing",
        "hint 1": "rows of the image",
        "hint 2": "Start with 1",
    },
    "fold": {
        "right": "several widths",
        "other_order": "W₁ comes first",
        "bias_in_old_order": "bias still stands",
        "biases_added": "bias passes through",
        "first_bias_lost": "first layer gone",
        "matrix_by_element": "multiply the matrices",
        "hint 1": "multiply out",
        "hint 2": "matrix is `W1",
        "distractor 1": "product of matrices is another",
    },
    "leaky_relu_gradient": {
        "right": "positive the gradient",
        "upstream_forgotten": "Backpropagation multiplies",
        "value_for_derivative": "chain rule asks",
        "forward": "way forward",
        "plain_relu": "derivative where x",
        "sides_swapped": "numbers pass unchanged",
        "sign_of_upstream": "sign of `upstream`",
        "hint 1": "two derivatives",
        "hint 2": "another elsewhere",
    },
    "hat": {
        "right": "Any unbroken curve",
        "not_three_lists": "lists of numbers",
        "mirrored": "side of 0",
        "plateau": "come down again",
        "falls_on": "change once more",
        "ramp": "kink at 0",
        "scaled": "shape is right",
        "otherwise_here": "was wanted",
        "flat": "gives 0 everywhere",
        "hint 1": "note the slope",
        "hint 2": "changes are +1",
    },
    "after-relu": {
        "largest value grows": "✗ values pass unchanged",
        "two neighbours shrinks": "✓ up to zero",
        "two neighbours grows": "✗ ReLU cannot sharpen",
        "map stays": "✓ lost almost nothing",
    },
    "collapse": {
        "nothing": "✓ twenty matrices",
        "borders between classes": "✗ straight line parts",
        "twenty times": "✗ same functions",
        "wide enough": "✗ Width changes",
    },
    "kinks": {
        "7": "✓ into seven pieces",
        "6": "✗ number of kinks",
        "12": "✗ two",
        "64": "✗ unit needs depth",
        "otherwise": "✗ unit bend",
    },
    "saturation": {
        "ReLU's stay": "✓ changes no sign",
        "both fall": "✗ and not on its size",
        "both double": "✗ output follows",
        "tanh's stay": "✗ outputs",
    },
    "vanishing": {
        "sigmoid with Glorot": "✗ nineteen factors",
        "standard deviation 0.01": "✗ activation alone",
        "ReLU with He": "✓ doubles the variance",
        "net with ReLU": "✗ thousand times smaller",
    },
    "dying": {
        "plain": "✓ negative for every image",
        "leaky": "✗ some gradient",
        "GELU": "✓ as flat as ReLU",
        "ELU": "✓ bends towards",
    },
    "why-nonlinear": {
        "backpropagation": "✗ activation lets gradients",
        "net can compute": "✓ single layer",
        "values positive": "✗ gives negative values",
        "make training faster": "✗ trains without trouble",
    },
}
