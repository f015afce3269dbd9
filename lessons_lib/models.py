"""The networks of the course, as short Keras builders.

Each builder seeds Keras, so that the same seed gives the same starting weights, and returns a built,
uncompiled model: `lessons_lib.training.fit` trains it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from lessons_lib import _check

PIXELS = (28, 28, 1)
POOLING = ("max", "average", "strided", "none")


def dense(
    *, units: Sequence[int] = (64,), classes: int = 10, input_shape: tuple[int, int, int] = PIXELS, seed: int = 0
) -> Any:
    """Build the course's dense network: flatten, then ReLU layers, then one softmax score a class.

    Parameters
    ----------
    units : sequence of int
        The width of each hidden layer.
    classes : int
        How many scores come out.
    input_shape : (rows, columns, channels)
    seed : int
        Of the starting weights.

    Returns
    -------
    keras.Sequential
        From images (n, rows, columns, channels) to scores (n, classes) that sum to 1.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number of at least 1, or the seed is none of at least 0.

    Examples
    --------
    >>> dense().count_params()
    50890
    """
    layers = _seeded_layers(seed)
    hidden = [layers.Dense(_check.whole_number("units", width), activation="relu") for width in units]
    return _sequential(input_shape, [layers.Flatten(), *hidden, _scores(layers, classes)])


def cnn(
    *,
    filters: Sequence[int] = (8, 16),
    kernel_size: int = 3,
    pooling: str = "max",
    activation: str | None = "relu",
    classes: int = 10,
    input_shape: tuple[int, int, int] = PIXELS,
    seed: int = 0,
) -> Any:
    """Build the course's convolutional network with a dense head: stages, flatten, softmax.

    Parameters
    ----------
    filters : sequence of int
        How many filters each stage has.
    kernel_size : int
        Height and width of every kernel, in pixels.
    pooling : {"max", "average", "strided", "none"}
        How a stage ends: 2×2 pooling, strides of 2 in the convolution itself, or as it is.
    activation : str or None
        What follows each convolution; None leaves it linear.
    classes : int
        How many scores come out.
    input_shape : (rows, columns, channels)
    seed : int
        Of the starting weights.

    Returns
    -------
    keras.Sequential
        From images (n, rows, columns, channels) to scores (n, classes) that sum to 1.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number of at least 1, or `pooling` is unknown.

    Examples
    --------
    >>> cnn().count_params()
    5258
    """
    layers = _seeded_layers(seed)
    _check.choice("pooling", pooling, POOLING)
    kernel_size = _check.whole_number("kernel_size", kernel_size)
    stages = []
    for count in filters:
        strides = 2 if pooling == "strided" else 1
        count = _check.whole_number("filters", count)
        stages.append(layers.Conv2D(count, kernel_size, strides=strides, activation=activation))
        if pooling in ("max", "average"):
            stages.append(layers.MaxPooling2D() if pooling == "max" else layers.AveragePooling2D(2))
    return _sequential(input_shape, [*stages, layers.Flatten(), _scores(layers, classes)])


def cnn_global(
    *,
    filters: Sequence[int] = (16, 32, 32),
    head: str = "max",
    classes: int = 10,
    input_shape: tuple[int | None, int | None, int] = PIXELS,
    seed: int = 0,
) -> Any:
    """Build the course's convolutional network that ends in global pooling: it fits images of any size.

    Parameters
    ----------
    filters : sequence of int
        How many 3×3 filters each stage has; a 2×2 max pooling stands between two stages.
    head : {"max", "average", "flatten"}
        What each feature map becomes: its maximum, its mean, or (for comparison) all of its values.
    classes : int
        How many scores come out.
    input_shape : (rows, columns, channels)
        Rows and columns may be None unless `head` is "flatten".
    seed : int
        Of the starting weights.

    Returns
    -------
    keras.Sequential
        From images (n, rows, columns, channels) to scores (n, classes) that sum to 1.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number of at least 1, or `head` is unknown.

    Examples
    --------
    >>> cnn_global().count_params()
    14378
    """
    layers = _seeded_layers(seed)
    heads = {"max": layers.GlobalMaxPooling2D, "average": layers.GlobalAveragePooling2D, "flatten": layers.Flatten}
    _check.choice("head", head, tuple(heads))
    stages = []
    for count in filters:
        count = _check.whole_number("filters", count)
        stages += [layers.Conv2D(count, 3, padding="same", activation="relu"), layers.MaxPooling2D()]
    return _sequential(input_shape, [*stages[:-1], heads[head](), _scores(layers, classes)])


def deep_dense(
    *,
    depth: int = 20,
    units: int = 64,
    activation: str = "relu",
    initializer: Any = "he_normal",
    classes: int = 10,
    input_shape: tuple[int, int, int] = PIXELS,
    seed: int = 0,
) -> Any:
    """Build a tower of equal dense layers, to see what depth does to gradients.

    Parameters
    ----------
    depth : int
        How many hidden layers.
    units : int
        The width of each.
    activation : str
        What follows each hidden layer.
    initializer : str or keras.initializers.Initializer
        Of the hidden layers' weights.
    classes : int
        How many scores come out.
    input_shape : (rows, columns, channels)
    seed : int
        Of the starting weights.

    Returns
    -------
    keras.Sequential
        From images (n, rows, columns, channels) to scores (n, classes) that sum to 1.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number of at least 1.

    Examples
    --------
    >>> len(deep_dense(depth=3).layers)
    5
    """
    from lessons_lib import keras

    layers = _seeded_layers(seed)
    units = _check.whole_number("units", units)
    if isinstance(initializer, keras.initializers.Initializer):
        # One object would give layers of one shape the same weights; its description makes one object a layer.
        initializer = keras.initializers.serialize(initializer)
    hidden = [
        layers.Dense(units, activation=activation, kernel_initializer=initializer)
        for _ in range(_check.whole_number("depth", depth))
    ]
    return _sequential(input_shape, [layers.Flatten(), *hidden, _scores(layers, classes)])


def _seeded_layers(seed: int) -> Any:
    from lessons_lib import keras

    # Keras draws the seeds of starting weights and of dropout from here. Its own set_random_seed also empties
    # TensorFlow's cache of compiled kernels: the next training of a deep network would take twice as long.
    random.seed(_check.whole_number("seed", seed, at_least=0))
    return keras.layers


def _scores(layers: Any, classes: int) -> Any:
    return layers.Dense(_check.whole_number("classes", classes), activation="softmax")


def _sequential(input_shape: tuple[int | None, ...], layers: Sequence[Any]) -> Any:
    from lessons_lib import keras

    return keras.Sequential([keras.Input(input_shape), *layers])
