"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lessons_lib import counting, models


def parameters(side: int, channels: int, filters: int, units: int) -> int:
    """Return the number of parameters of the network of `count_cnn`."""
    return (9 * channels + 1) * filters + (((side - 2) // 2) ** 2 * filters + 1) * units


def _net(*layers: Any) -> Any:
    from lessons_lib import keras

    return keras.Sequential([keras.layers.AveragePooling2D(4), keras.layers.Flatten(), *layers])


def _not_built() -> Any:
    from lessons_lib import keras

    return _net(keras.layers.Dense(10, "softmax"))


def _without_softmax() -> Any:
    from lessons_lib import keras

    net = _net(keras.layers.Dense(10))
    net.build((None, 28, 28, 1))
    return net


def _own_model(side: int, units: int) -> Any:
    """Return a model of a class of its own, called once on an image of so many rows."""
    from lessons_lib import keras

    class Own(keras.Model):  # type: ignore[misc]
        def __init__(self, units: int) -> None:
            super().__init__()
            self.flatten, self.dense = keras.layers.Flatten(), keras.layers.Dense(units, "softmax")

        def call(self, x: Any) -> Any:
            return self.dense(self.flatten(x[:, ::2, ::2]))

        def get_config(self) -> Any:
            raise NotImplementedError("this class has no get_config")

    net = Own(units)
    net(np.zeros((1, side, side, 1)))
    return net


def _of_another_size() -> Any:
    return _own_model(36, 3)


def _not_copied() -> Any:
    return _own_model(28, 10)


NUMBERS: dict[str, dict[str, float]] = {
    "conv_parameters": {  # twelve 5×5 filters on 64×64×3
        "right": counting.convolution_parameters(5, 3, 12),
        "biases_forgotten": 5 * 5 * 3 * 12,
        "flat_without_biases": 5 * 5 * 12,
        "one_filter": counting.convolution_parameters(5, 3, 1),
        "channels_forgotten": counting.convolution_parameters(5, 1, 12),
        "bias_for_each_slice": (5 * 5 + 1) * 3 * 12,
        "one_bias": 5 * 5 * 3 * 12 + 1,
        "values_of_the_map": 60 * 60 * 12,
        "bias_for_each_pixel": 5 * 5 * 3 * 12 + 60 * 60 * 12,
        "dense": counting.dense_parameters(64 * 64 * 3, 12),
    },
    "second-conv": {"right": counting.convolution_parameters(3, 8, 16)},
}

SOLUTIONS: dict[str, Any] = {
    "count_cnn": parameters,
    "budget": lambda: models.cnn(filters=(4, 8)),
}

WRONG: dict[str, dict[str, Any]] = {
    "count_cnn": {
        "biases_forgotten": lambda s, c, f, u: parameters(s, c, f, u) - f - u,
        "pooling_forgotten": lambda s, c, f, u: (9 * c + 1) * f + ((s - 2) * (s - 2) * f + 1) * u,
        "channels_forgotten": lambda s, c, f, u: parameters(s, 1, f, u),
        "dense_biases_forgotten": lambda s, c, f, u: parameters(s, c, f, u) - u,
        "conv_biases_forgotten": lambda s, c, f, u: parameters(s, c, f, u) - f,
        "not_rounded": lambda s, c, f, u: (9 * c + 1) * f + ((s / 2 - 1) ** 2 * f + 1) * u,
        "area_quartered": lambda s, c, f, u: (9 * c + 1) * f + ((s - 2) ** 2 // 4 * f + 1) * u,
    },
    "budget": {
        "over_budget": lambda: models.dense(units=(7,)),
        "other_shapes": lambda: models.cnn(input_shape=(36, 36, 1)),
        "not_accurate": lambda: models.dense(units=(1,)),
        "no_model": lambda: models.cnn,
        "not_built": _not_built,
        "no_softmax": _without_softmax,
        "does_not_run": _of_another_size,
        "no_copy": _not_copied,
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "conv_parameters": {
        "right": "64×64 pixels take",
        "biases_forgotten": "number more",
        "flat_without_biases": "things are missing",
        "one_filter": "filter with its bias",
        "channels_forgotten": "counted flat filters",
        "bias_for_each_slice": "filter's three slices",
        "one_bias": "whole layer",
        "values_of_the_map": "nobody learns",
        "bias_for_each_pixel": "counted a bias",
        "dense": "twelve units",
        "hint 1": "many numbers",
        "hint 2": "1) · filters",
    },
    "count_cnn": {
        "right": "last part depends",
        "biases_forgotten": "filter and every unit",
        "dense_biases_forgotten": "layer have biases",
        "conv_biases_forgotten": "filter has a bias",
        "channels_forgotten": "input channels",
        "pooling_forgotten": "map before pooling",
        "conv_keeps_size": "3×3 kernel takes",
        "not_rounded": "Pooling leaves out",
        "area_quartered": "round down first",
        "filters_not_flattened": "Flattening makes",
        "bias_for_each_pixel": "gave the convolution",
        "hint 1": "layers have weights",
        "hint 2": "chapter's two formulas",
    },
    "budget": {
        "right": "within 3,000 parameters",
        "no_model": "example a `keras.Sequential`",
        "not_built": "begin with `keras.Input((28",
        "other_shapes": "into 10 probabilities",
        "no_softmax": "ten numbers should",
        "over_budget": "budget is 3,000",
        "not_accurate": "budget is kept",
        "does_not_run": "gave it images",
        "no_copy": "`keras.Sequential` or `keras.Model(inputs",
        "hint 1": "Look at `counting.ledger(net)`",
        "hint 2": "Two convolutions",
        "distractor 1": "makes the maps smaller",
    },
    "image-size": {
        "parameters": "✗ formula",
        "multiply-adds": "✓ many stops",
        "values": "✓ About four times as many.",
        "receptive field": "✗ 3×3 kernel sees",
    },
    "second-conv": {
        "1168": "✓ 3·3·8 + 1)·16",
        "160": "✗ filters are flat",
        "1152": "✗ weights",
        "1280": "✗ filter a bias",
        "1153": "✗ 16 maps",
        "otherwise": "✗ reads 8 maps",
    },
    "exponentially": {
        "exponentially": "✗ straight line",
        "fourth power": "✓ convolution stays",
        "square": "✗ units grows too",
        "not at all": "✗ convolution does not grow",
    },
    "fewer-faster": {
        "more parameters": "✗ little work",
        "uses each weight": "✓ image against 50,816",
        "since pooling takes": "✗ Pooling has nothing",
        "both the same": "✗ different counts",
    },
    "vgg": {
        "thirteen convolutions": "✗ about a tenth",
        "first dense layer": "✓ 25,088 flattened values",
        "last dense layer": "✗ reads 4,096 values",
        "spread evenly": "✗ picture was nearly",
    },
    "by-parameters": {
        "items": [
            "1×1 convolution",
            "separable 3×3 convolution",
            "3×3 convolution",
            "two 3×3 convolutions",
            "5×5 convolution",
        ],
        "right": "biases aside",
        "otherwise": "Without biases",
    },
}
