"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from numpy.typing import NDArray

from lessons_lib import counting
from lessons_lib.exercises.topics import odd_models

Array = NDArray[Any]
STEM, POOL = (7, 2), (3, 2)


def field(*layers: tuple[int, int]) -> int:
    """Return the receptive field of a stack of layers, each a kernel and a stride."""
    return counting.receptive_field(layers).size


def inception(channels: int, *filters: int) -> int:
    """Return the number of parameters of an Inception block."""
    ones, few, threes, fewer, fives, pooled = filters
    narrow = (channels + 1) * (ones + few + fewer + pooled)
    return narrow + (9 * few + 1) * threes + (25 * fewer + 1) * fives


def side_by_side(reduced: tuple[int, int] = (16, 8), side: int = 14) -> Any:
    """Return a block of three branches: 1×1, 3×3 and 5×5, the wide ones behind a reduction (none where it is 0)."""
    from lessons_lib import keras

    layers = keras.layers
    image = keras.Input((side, side, 64))
    few, fewer = (layers.Conv2D(count, 1)(image) if count else image for count in reduced)
    ones = layers.Conv2D(32, 1)(image)
    threes = layers.Conv2D(24, 3, padding="same")(few)
    fives = layers.Conv2D(8, 5, padding="same")(fewer)
    return keras.Model(image, layers.Concatenate()([ones, threes, fives]))


def one_after_the_other() -> Any:
    """Return a chain of narrow convolutions."""
    from lessons_lib import keras

    narrow = partial(keras.layers.Conv2D, 8, padding="same")
    return keras.Sequential([keras.Input((14, 14, 64)), narrow(1), narrow(3), narrow(5), keras.layers.Conv2D(64, 1)])


NUMBERS: dict[str, dict[str, float]] = {
    "first-dense-of-vgg": {"right": (7 * 7 * 512 + 1) * 4096},
    "field_of_stack": {
        "right": field(STEM, POOL, *[(3, 1)] * 6),
        "kernels_added": 7 + 3 + 6 * 3,
        "strides_forgotten": field((7, 1), (3, 1), *[(3, 1)] * 6),
        "one_block": field(STEM, POOL, *[(3, 1)] * 2),
        "pooling_keeps_the_jump": field(STEM, (3, 1), *[(3, 1)] * 6),
        "shortcut_alone": field(STEM, POOL),
    },
}

SOLUTIONS: dict[str, Any] = {
    "inception_parameters": inception,
    "inception_budget": side_by_side,
}

WRONG: dict[str, dict[str, Any]] = {
    "inception_parameters": {
        "no_reduction": lambda c, a, r, b, s, d, p: (c + 1) * (a + p) + (9 * c + 1) * b + (25 * c + 1) * d,
        "pooling_is_free": lambda c, a, r, b, s, d, p: inception(c, a, r, b, s, d, 0),
        "biases_forgotten": lambda c, a, r, b, s, d, p: c * (a + r + s + p) + 9 * r * b + 25 * s * d,
    },
    "inception_budget": {
        "no_model": lambda: side_by_side,
        "not_built": odd_models.not_built,
        "other_shapes": lambda: side_by_side(side=12),
        "does_not_run": lambda: odd_models.built_for(14, 14, 3),
        "over_budget": lambda: side_by_side(reduced=(0, 0)),
        "view_missing": one_after_the_other,
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "field_of_stack": {
        "right": "six 3×3 convolutions",
        "kernels_added": "sizes of all windows",
        "strides_forgotten": "without any stride",
        "one_block": "after the first block",
        "pooling_keeps_the_jump": "jump stays at 2",
        "shortcut_alone": "shortcut alone brings",
        "hint 1": "field and jump",
        "hint 2": "wider of the two",
    },
    "inception_parameters": {
        "right": "pays for its 1×1",
        "no_reduction": "read all channels",
        "reductions_not_counted": "before the wide kernels have",
        "biases_forgotten": "all six convolutions",
        "pooling_is_free": "stands behind it",
        "one_by_one_twice": "3×3 large",
        "chained": "follow each other",
        "hint 1": "Draw the four",
        "hint 2": "four read the input",
        "distractor 2": "put before it",
        "distractor 3": "before the 5×5 one",
    },
    "inception_budget": {
        "right": "within 10,000 parameters",
        "no_model": "expected a Keras model",
        "not_built": "know its input yet",
        "other_shapes": "It should turn maps",
        "does_not_run": "and it stopped",
        "over_budget": "budget is 10,000",
        "view_missing": "how far each map noticed: ",
        "hint 1": "expensive one",
        "hint 2": "filters add up",
        "distractor 1": "25 weights for each",
        "distractor 2": "equally many maps",
    },
    "by-size": {
        "items": ["LeNet-5", "GoogLeNet", "ResNet50", "AlexNet", "VGG16"],
        "right": "average their last maps",
        "otherwise": "flattened maps",
    },
    "inception-thrift": {
        "more branches": "✗ nearly nine times",
        "kernels read few": "✓ thin the maps out",
        "share their weights": "✗ weights of its own",
        "quarter of the block": "✗ behind the pooling",
    },
    "patches": {
        "has no convolution": "✗ rearranged the weights",
        "stride 16": "✓ side by side",
        "moved by one": "✗ windows overlap",
        "kernel 14×14": "✗ number of patches",
    },
    "first-dense-of-vgg": {
        "102764544": "✓ 4,096 biases",
        "102760448": "✗ a bias as well",
        "2101248": "✗ Each map has",
        "25088": "✗ number of values",
        "138357544": "✗ whole network",
        "otherwise": "✗ How many values",
    },
    "wider-than-the-image": {
        "count is wrong": "✗ does not end where",
        "every pixel": "✓ From wherever it stands",
        "are equal": "✗ from another place",
        "images of 483": "✗ was trained",
    },
    "five-thousand-pictures": {
        "newest": "✗ by itself",
        "most parameters": "✗ one dense layer",
        "validation set decides": "✓ lay close together",
        "made for digits": "✗ without a name",
    },
}
