"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.topics import odd_models

Array = NDArray[Any]


def block(x: Array, first: Array, second: Array) -> Array:
    """Return what a residual block of two dense layers gives."""
    branch = np.where(x @ first > 0, x @ first, 0) @ second
    return np.where(x + branch > 0, x + branch, 0)


def quiet(first: str = "he_normal", last: str = "zeros", shortcut: bool = True, units: int = 64) -> Any:
    """Return a block of two dense layers with the starting weights that are named."""
    from lessons_lib import keras

    layers = keras.layers
    x = keras.Input((units,))
    branch = layers.Dense(units, "relu", kernel_initializer=first)(x)
    branch = layers.Dense(units, kernel_initializer=last)(branch)
    return keras.Model(x, layers.ReLU()(layers.Add()([x, branch]) if shortcut else branch))


def relu_alone() -> Any:
    """Return a model without weights."""
    from lessons_lib import keras

    return keras.Sequential([keras.Input((64,)), keras.layers.ReLU()])


NUMBERS: dict[str, dict[str, float]] = {
    "grown_by_blocks": {
        "right": np.sqrt(2) ** 8,
        "squared_length": 2**8,
        "added_up": np.sqrt(1 + 8),
        "one_block": np.sqrt(2),
        "no_growth": 1,
    },
}

SOLUTIONS: dict[str, Any] = {"residual_block": block, "quiet_block": quiet}

WRONG: dict[str, dict[str, Any]] = {
    "residual_block": {
        "no_shortcut": lambda x, first, second: np.maximum(0, np.maximum(0, x @ first) @ second),
        "relu_before_the_sum": lambda x, first, second: x + np.maximum(0, np.maximum(0, x @ first) @ second),
        "joined": lambda x, first, second: np.hstack([x, np.maximum(0, x @ first) @ second]),
        "shortcut_from_the_middle": lambda x, first, second: np.maximum(
            0, np.maximum(0, x @ first) + np.maximum(0, x @ first) @ second
        ),
    },
    "quiet_block": {
        "no_model": lambda: quiet,
        "not_built": odd_models.not_built,
        "other_shapes": lambda: quiet(units=32),
        "does_not_run": lambda: odd_models.built_for(3),
        "few_layers": relu_alone,
        "not_quiet": lambda: quiet(last="he_normal"),
        "no_shortcut": lambda: quiet("identity", "identity", shortcut=False),
        "cannot_learn": lambda: quiet(first="zeros"),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "residual_block": {
        "right": "begin by doing nothing",
        "no_shortcut": "input never comes back",
        "relu_before_the_sum": "only add to x",
        "relu_missing_at_the_end": "missing behind it",
        "linear_branch": "they are one matrix",
        "joined": "x beside the branch",
        "multiplied": "multiply x and",
        "one_layer": "second matrix does nothing",
        "shortcut_from_the_middle": "block's own input",
        "hint 1": "at which point",
        "hint 2": "activation of its own",
    },
    "grown_by_blocks": {
        "right": "squared length doubles",
        "squared_length": "That is the squared",
        "added_up": "has gathered by then",
        "one_block": "That is one block",
        "no_growth": "In each block something",
        "hint 1": "By what factor",
        "hint 2": "Eight of them",
    },
    "quiet_block": {
        "right": "gets a slope at once",
        "no_model": "expected a Keras model",
        "not_built": "know its input yet",
        "other_shapes": "It should turn",
        "does_not_run": "and it stopped",
        "few_layers": "trainable matrices",
        "not_quiet": "before the first step. What",
        "no_shortcut": "not past them",
        "cannot_learn": "no matrix gets",
        "hint 1": "how weights begin",
        "hint 2": "joins branch and x",
        "distractor 2": "lays both side by side",
    },
    "zero-block": {
        "its input, unchanged": "✓ ReLU(x + 0)",
        "0": "✗ two plain layers",
        "twice its input": "✗ added once",
        "can be trained": "✗ passes by the shortcut",
    },
    "own-training-images": {
        "overfitting": "✓ failure to train",
        "does not suit": "✗ gets its own",
        "gradients that vanish": "✗ nothing about gradients",
        "shortcuts are there": "✗ no capacity away",
    },
    "in-range": {
        "start alone": "✓ nothing exploded",
        "start and shortcuts": "✗ adds to the signal a branch",
        "batch normalisation": "✗ gradient grew",
        "begin at 0": "✓ identity at first",
    },
    "the-trick": {
        "shortcuts alone": "✗ no gain of shortcuts alone",
        "begin at 0; a clear": "✗ first half is right",
        "nothing that was decided": "✓ depends on the task",
        "normalisation alone": "✗ slowest here",
    },
    "two-at-once": {
        "makes deep networks": "✗ may as well be",
        "nothing yet": "✓ no faster than neither",
        "as good as": "✗ Neither was measured",
    },
    "both-layers-zero": {
        "output is 0": "✗ still hands x on",
        "factor from the other": "✓ gets a slope at once",
        "stays 0": "✗ wherever they begin",
        "too small": "✗ at any rate",
    },
}
