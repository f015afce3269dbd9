"""The networks of the course, as short Keras builders.

The same seed gives the same starting weights, and dropout then sets the same values to zero. Every initializer and
every dropout layer gets a seed of its own, so that no global random state is read or changed. A builder returns a
built, uncompiled model: `lessons_lib.training.fit` compiles and trains it. The channels of an image are its last axis,
also if Keras is configured otherwise.
"""

from __future__ import annotations

import inspect
import math
import random
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from lessons_lib import _check

PIXELS = (28, 28, 1)
ROWS = (28, 28)
CELLS = ("SimpleRNN", "LSTM", "GRU")
POOLING = ("max", "average", "strided", "none")
PADDING = ("valid", "same")


def dense(
    *,
    units: Sequence[int] = (64,),
    activation: str | None = "relu",
    classes: int = 10,
    input_shape: tuple[int, int, int] = PIXELS,
    seed: int = 0,
) -> Any:
    """Build a dense network: flattening, then hidden layers, then one probability for each class.

    Parameters
    ----------
    units : sequence of int
        The number of units of each hidden layer.
    activation : str or None
        The activation function of each hidden layer; with None the layer is linear.
    classes : int
        The number of classes.
    input_shape : (rows, columns, channels)
        The shape of one image, in pixels.
    seed : int
        Seed of the starting weights.

    Returns
    -------
    keras.Sequential
        A model from images (n, rows, columns, channels) to probabilities (n, classes), which sum to 1 for each image.

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number of at least 1, Keras does not know `activation`, or `seed` is not a whole number
        of at least 0.

    Examples
    --------
    >>> dense().count_params()
    50890
    """
    seeds = _Seeds(seed)
    widths = _check.whole_numbers("units", units)
    hidden = [_dense(width, activation, seeds, name="units") for width in widths]
    return _sequential(_known(input_shape), [_flatten(), *hidden, _probabilities(classes, seeds)])


def cnn(
    *,
    filters: Sequence[int] = (8, 16),
    kernel_size: int = 3,
    pooling: str = "max",
    padding: str = "valid",
    activation: Any = "relu",
    classes: int = 10,
    input_shape: tuple[int, int, int] = PIXELS,
    seed: int = 0,
) -> Any:
    """Build a convolutional network: stages of convolution and pooling, then one dense layer.

    Parameters
    ----------
    filters : sequence of int
        The number of filters in each stage; the length of the sequence is the number of stages.
    kernel_size : int
        Rows and columns of every kernel, in pixels.
    pooling : {"max", "average", "strided", "none"}
        How a stage reduces the size of its maps: by 2×2 pooling, by strides of 2 in its convolution ("strided"), or not
        at all.
    padding : {"valid", "same"}
        The padding of every convolution.
    activation : str, callable or None
        The activation function of each convolution; with None the convolution is linear.
    classes : int
        The number of classes.
    input_shape : (rows, columns, channels)
        The shape of one image, in pixels.
    seed : int
        Seed of the starting weights.

    Returns
    -------
    keras.Sequential
        A model from images (n, rows, columns, channels) to probabilities (n, classes), which sum to 1 for each image.

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number of at least 1, `pooling` or `padding` is unknown, Keras does not know
        `activation`, or the maps become smaller than a kernel or a pooling window.

    Examples
    --------
    >>> cnn().count_params()
    5258
    """
    seeds = _Seeds(seed)
    stages = _stages(filters, kernel_size, pooling, padding, activation, seeds)
    layers = [layer for stage in stages for layer in stage]
    shape = _known(input_shape)
    _check_room(shape, layers)
    return _sequential(shape, [*layers, _flatten(), _probabilities(classes, seeds)])


def cnn_global(
    *,
    filters: Sequence[int] = (16, 32, 32),
    kernel_size: int = 3,
    pooling: str = "max",
    activation: Any = "relu",
    head: str = "max",
    classes: int = 10,
    input_shape: tuple[int | None, int | None, int] = PIXELS,
    seed: int = 0,
) -> Any:
    """Build a convolutional network that ends in global pooling, so that it takes images of any size.

    Parameters
    ----------
    filters : sequence of int
        The number of filters in each stage; the length of the sequence is the number of stages. The convolutions
        have the padding "same".
    kernel_size : int
        Rows and columns of every kernel, in pixels.
    pooling : {"max", "average", "strided", "none"}
        How the maps become smaller from stage to stage: by 2×2 pooling between two stages, by strides of 2 in every
        convolution ("strided"), or not at all.
    activation : str, callable or None
        The activation function of each convolution; with None the convolution is linear.
    head : {"max", "average", "flatten"}
        What the last dense layer reads of each feature map: its maximum, its mean, or (for comparison) all its values.
    classes : int
        The number of classes.
    input_shape : (rows, columns, channels)
        The shape of one image, in pixels. Rows and columns may be None unless `head` is "flatten".
    seed : int
        Seed of the starting weights.

    Returns
    -------
    keras.Sequential
        A model from images (n, rows, columns, channels) to probabilities (n, classes), which sum to 1 for each image.

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number of at least 1, `head` or `pooling` is unknown, Keras does not know `activation`,
        the maps become smaller than a pooling window, or `head` is "flatten" and the number of rows or columns in
        `input_shape` is None.

    Examples
    --------
    >>> cnn_global().count_params()
    14378
    """
    from lessons_lib import keras

    heads = {
        "max": keras.layers.GlobalMaxPooling2D,
        "average": keras.layers.GlobalAveragePooling2D,
        "flatten": keras.layers.Flatten,
    }
    _check.choice("head", head, tuple(heads))
    shape = _check.image_shape("input_shape", input_shape)
    if head == "flatten" and None in shape:
        raise ValueError(f'input_shape must be known when head="flatten". Received: input_shape={input_shape}')
    seeds = _Seeds(seed)
    stages = _stages(filters, kernel_size, pooling, "same", activation, seeds)
    # The head replaces the pooling of the last stage.
    layers = [layer for stage in stages[:-1] for layer in stage] + [stage[0] for stage in stages[-1:]]
    _check_room(shape, layers)
    head_layer = heads[head](data_format=_CHANNELS_LAST)
    return _sequential(shape, [*layers, head_layer, _probabilities(classes, seeds)])


def deep_dense(
    *,
    depth: int = 20,
    units: int = 64,
    activation: str | None = "relu",
    initializer: Any = "he_normal",
    classes: int = 10,
    input_shape: tuple[int, int, int] = PIXELS,
    seed: int = 0,
) -> Any:
    """Build a network of many equal dense layers, in which the effect of depth on gradients can be measured.

    Parameters
    ----------
    depth : int
        The number of hidden layers.
    units : int
        The number of units of each hidden layer.
    activation : str or None
        The activation function of each hidden layer; with None the layer is linear.
    initializer : str, dict, function, class or instance of keras.initializers.Initializer, or None
        The initializer of the hidden layers' weights, in each form that Keras takes; None stands for that of Keras,
        "glorot_uniform". If it has no seed, each layer gets one that follows from `seed`.
    classes : int
        The number of classes.
    input_shape : (rows, columns, channels)
        The shape of one image, in pixels.
    seed : int
        Seed of the starting weights.

    Returns
    -------
    keras.Sequential
        A model from images (n, rows, columns, channels) to probabilities (n, classes), which sum to 1 for each image.

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number of at least 1, or Keras does not know `activation` or `initializer`.

    Examples
    --------
    >>> len(deep_dense(depth=3).layers)
    5
    """
    seeds = _Seeds(seed)
    depth = _check.whole_number("depth", depth)
    hidden = [_dense(units, activation, seeds, name="units", initializer=initializer) for _ in range(depth)]
    return _sequential(_known(input_shape), [_flatten(), *hidden, _probabilities(classes, seeds)])


def recurrent(
    *,
    cell: str = "SimpleRNN",
    units: int = 64,
    classes: int = 10,
    input_shape: tuple[int | None, int] = ROWS,
    seed: int = 0,
) -> Any:
    """Build a recurrent network: one layer that reads a sequence step by step, then one dense layer.

    Parameters
    ----------
    cell : {"SimpleRNN", "LSTM", "GRU"}
        The recurrent layer, by its name in Keras.
    units : int
        The number of units of the recurrent layer, which is the length of its state.
    classes : int
        The number of classes.
    input_shape : (steps, features)
        The number of steps of one sequence, and of the numbers in each step. The steps may be None, as in Keras.
    seed : int
        Seed of the starting weights.

    Returns
    -------
    keras.Sequential
        A model from sequences (n, steps, features) to probabilities (n, classes), which sum to 1 for each sequence.

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number of at least 1, or `cell` is unknown.

    Examples
    --------
    >>> recurrent().count_params()
    6602
    """
    from lessons_lib import keras

    kind = getattr(keras.layers, _check.choice("cell", cell, CELLS))
    recurrent_initializer = keras.initializers.Orthogonal(seed=0)
    layer = kind(
        _check.whole_number("units", units),
        kernel_initializer=_glorot(),
        recurrent_initializer=recurrent_initializer,
        seed=0,
    )
    layers = [keras.Input(_sequence_shape(input_shape)), layer]
    return seeded(keras.Sequential([*layers, _probabilities(classes, _Seeds(seed))]), seed)


def autoencoder(
    *,
    code: int = 2,
    encoder: Sequence[int] = (64,),
    decoder: Sequence[int] = (32,),
    input_shape: tuple[int, int, int] = PIXELS,
    seed: int = 0,
) -> Any:
    """Build an autoencoder: a dense network that makes a short code of an image, and one that draws the image again.

    Parameters
    ----------
    code : int
        The length of the code.
    encoder, decoder : sequence of int
        The number of units of each hidden layer before the code, and behind it.
    input_shape : (rows, columns, channels)
        The shape of one image, in pixels.
    seed : int
        Seed of the starting weights.

    Returns
    -------
    keras.Sequential
        A model from images (n, rows, columns, channels) to images of that shape in 0…1. It has two layers, which are
        models themselves: the encoder from images to codes (n, code), and the decoder from codes to images.

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number of at least 1.

    Examples
    --------
    >>> [half.count_params() for half in autoencoder().layers]
    [50370, 25968]
    """
    from lessons_lib import keras

    seeds, shape = _Seeds(seed), _known(input_shape)
    inner = [_dense(units, "relu", seeds, name="encoder") for units in _check.whole_numbers("encoder", encoder)]
    to_code = _dense(code, None, seeds, name="code")
    outer = [_dense(units, "relu", seeds, name="decoder") for units in _check.whole_numbers("decoder", decoder)]
    to_pixels = _dense(math.prod(shape), "sigmoid", seeds, name="input_shape")
    halves = [
        _sequential(shape, [_flatten(), *inner, to_code]),
        _sequential((code,), [*outer, to_pixels, keras.layers.Reshape(shape)]),
    ]
    return _sequential(shape, halves)


def unet(
    *,
    filters: Sequence[int] = (8, 16, 32),
    skips: bool = True,
    input_shape: tuple[int, int, int] = (32, 32, 1),
    seed: int = 0,
) -> Any:
    """Build a small U-Net: convolutions and pooling on the way down, and on the way up what was kept at each level.

    Parameters
    ----------
    filters : sequence of int
        The number of filters of each level, from the full resolution to the lowest: at least two.
    skips : bool
        Whether the maps that were kept on the way down are concatenated to those on the way up. Without it, the maps on
        the way up are concatenated to themselves, so that the network has as many parameters.
    input_shape : (rows, columns, channels)
        The shape of one image. Rows and columns must be divisible by 2 for each pooling.
    seed : int
        Seed of the starting weights.

    Returns
    -------
    keras.Model
        A model from images (n, rows, columns, channels) to one probability for each pixel (n, rows, columns, 1).

    Raises
    ------
    TypeError, ValueError
        If a size is not a whole number of at least 1, there are fewer than two levels, or the rows or columns cannot be
        halved often enough.

    References
    ----------
    Ronneberger, Fischer & Brox (2015), doi:10.1007/978-3-319-24574-4_28, with one convolution in place of two, and
    padding, so that the output is as large as the input.

    Examples
    --------
    >>> unet().output_shape, unet().count_params() == unet(skips=False).count_params()
    ((None, 32, 32, 1), True)
    """
    from lessons_lib import keras

    layers = keras.layers
    levels = _check.whole_numbers("filters", filters)
    if len(levels) < 2:
        raise ValueError(f"filters must have at least two levels. Received: filters={filters!r}")
    part = 2 ** (len(levels) - 1)
    if any(length is None or length % part for length in _check.image_shape("input_shape", input_shape)[:2]):
        raise ValueError(f"rows and columns must be divisible by {part}. Received: input_shape={input_shape}")
    maps = image = keras.Input(input_shape)
    kept = []
    for count in levels[:-1]:
        kept.append(_same_size(count)(maps))
        maps = layers.MaxPooling2D(2, data_format=_CHANNELS_LAST)(kept[-1])
    maps = _same_size(levels[-1])(maps)
    for count, earlier in zip(levels[-2::-1], kept[::-1], strict=True):
        wider = layers.Conv2DTranspose(count, 2, strides=2, kernel_initializer=_glorot(), data_format=_CHANNELS_LAST)
        maps = wider(maps)
        maps = layers.Concatenate()([earlier if skips else maps, maps])
        maps = _same_size(1, "sigmoid")(maps) if earlier is kept[0] else _same_size(count)(maps)
    return seeded(keras.Model(image, maps), seed)


def _same_size(filters: int, activation: str = "relu") -> Any:
    """Return a convolution whose maps are as large as what it reads."""
    from lessons_lib import keras

    return keras.layers.Conv2D(
        filters, 3, padding="same", activation=activation, kernel_initializer=_glorot(), data_format=_CHANNELS_LAST
    )


def _glorot() -> Any:
    """Return Glorot's initializer with a seed: `seeded` replaces it, and Keras would draw one from Python's state."""
    from lessons_lib import keras

    return keras.initializers.GlorotUniform(seed=0)


def seeded(model: Any, seed: int) -> Any:
    """Return a copy of a model whose starting weights and dropout are determined by a seed.

    Use it for networks that are put together from Keras's own layers, without a builder from here. Each initializer
    and each random layer of the copy gets a seed of its own, in the order of the layers. Weights that the model has
    learned in training are not copied. What its layers have learned by `adapt` is kept, and so is the choice of which
    weights are trainable. A layer of your own is determined if what it draws comes from a `keras.random.SeedGenerator`
    that it holds.

    Parameters
    ----------
    model : keras.Sequential or functional keras.Model
        A built model, each layer of which can give its configuration (`get_config`).
    seed : int
        Seed of the starting weights and of the dropout.

    Returns
    -------
    keras.Model
        The copy, built and uncompiled.

    Raises
    ------
    TypeError, ValueError
        If `seed` is not a whole number of at least 0, the model is no Keras model, subclassed or not built, or Keras
        cannot make one of its layers again from its configuration.

    Examples
    --------
    >>> from lessons_lib import keras
    >>> layers = [keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dropout(0.5), keras.layers.Dense(2)]
    >>> first, second = (seeded(keras.Sequential(layers), seed=7) for _ in range(2))
    >>> all((a == b).all() for a, b in zip(first.get_weights(), second.get_weights()))
    True
    """
    from lessons_lib import keras

    seeds = _Seeds(seed)
    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a Keras model. Received: {type(model).__name__}")
    if not (model.built and hasattr(model, "inputs")):
        raise ValueError(
            "model must be a Sequential or functional model that begins with keras.Input. "
            f"Received: {type(model).__name__} {model.name!r}"
        )
    with _pythons_random_state(seed):  # Keras takes it for what has no seed, as the vector of SpectralNormalization
        copy = keras.models.clone_model(model, clone_function=lambda layer: _with_seeds(layer, seeds), recursive=True)
    for mine, given in zip(copy.weights, model.weights, strict=True):
        mine.trainable = given.trainable
    return copy


_CHANNELS_LAST = "channels_last"
_NO_CONFIGURATION = (
    "model must have layers that Keras can make again from their configuration: no Lambda and no lambda; functions and "
    "nested layers of your own under keras.saving.register_keras_serializable; and layers of your own whose __init__ "
    "takes **kwargs and whose get_config returns its other arguments."
)


@contextmanager
def _pythons_random_state(seed: int) -> Iterator[None]:
    """Seed Python's random state within the block, and put it back afterwards."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


class _Seeds:
    """A sequence of seeds for the random parts of one network, which follows from the network's own seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(_check.whole_number("seed", seed, at_least=0))

    def draw(self) -> int:
        """Return the next seed."""
        return self._random.randint(1, 10**9)


def _initializer(initializer: Any, seeds: _Seeds) -> Any:
    """Return a new initializer for one layer; if it has no seed, it gets the next one."""
    found = _known_initializer(initializer)
    try:
        config = found.get_config()
    except (AttributeError, NotImplementedError):  # The caller's own initializer cannot give its configuration.
        return found
    if "seed" in config and config["seed"] is None:
        config["seed"] = seeds.draw()
    return type(found).from_config(config)


def _known_initializer(initializer: Any) -> Any:
    """Return the initializer that Keras understands by a name, a configuration, a class, an instance or None."""
    from lessons_lib import keras

    try:
        with _pythons_random_state(0):  # Keras would draw a seed from it
            return keras.initializers.get("glorot_uniform" if initializer is None else initializer)
    except (TypeError, ValueError):
        raise ValueError(
            "initializer must be one that Keras knows, with settings that it takes. "
            f"Received: initializer={initializer!r}"
        ) from None


def _activation(activation: Any) -> Any:
    """Return an activation that Keras knows, a function, a layer or None."""
    from lessons_lib import keras

    try:
        found = keras.activations.get(activation)
    except (TypeError, ValueError):
        found = type
    if isinstance(found, type):
        raise ValueError(
            f"activation must be one that Keras knows, a function or None. Received: activation={activation!r}"
        )
    return activation


def _with_seeds(layer: Any, seeds: _Seeds) -> Any:
    """Return a new layer like `layer` whose initializers and random choices have the next seeds."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras warns about a lambda, which is refused here.
            copy = _copy_with_seeds(layer, seeds)
    except (NotImplementedError, TypeError, ValueError):
        raise ValueError(f"{_NO_CONFIGURATION} Received: {type(layer).__name__} {layer.name!r}") from None
    _keep_adapted(layer, copy)
    return copy


def _copy_with_seeds(layer: Any, seeds: _Seeds) -> Any:
    kind, config = type(layer), _config_with_seeds(layer.get_config(), seeds)
    if "seed" in inspect.signature(kind).parameters and "seed" not in config:  # such as SimpleRNN
        is_random = config.get("dropout") or config.get("recurrent_dropout")
        config["seed"] = seeds.draw() if is_random else 0
    return kind.from_config(config)


def _keep_adapted(layer: Any, copy: Any) -> None:
    """Give the copy of a layer what the layer, or the layer that it wraps, has learned by `adapt`."""
    if hasattr(layer, "adapt"):
        if not copy.built:
            copy.build_from_config(layer.get_build_config() or {})
        numbers: dict[str, Any] = {}
        layer.save_own_variables(numbers)
        copy.load_own_variables(numbers)
        if hasattr(layer, "save_assets"):  # A vocabulary is kept in a file beside the variables.
            with TemporaryDirectory() as folder:
                layer.save_assets(folder)
                copy.load_assets(folder)
    elif hasattr(layer, "layer"):
        _keep_adapted(layer.layer, copy.layer)


def _config_with_seeds(config: Any, seeds: _Seeds) -> Any:
    """Return a configuration with a next seed at each place for one, in the layers within a layer too."""
    if isinstance(config, (list, tuple)):
        return type(config)([_config_with_seeds(part, seeds) for part in config])
    if not isinstance(config, dict):
        return config
    return {key: seeds.draw() if key == "seed" else _config_with_seeds(value, seeds) for key, value in config.items()}


def _dense(units: int, activation: Any, seeds: _Seeds, *, name: str, initializer: Any = "glorot_uniform") -> Any:
    from lessons_lib import keras

    units, activation = _check.whole_number(name, units), _activation(activation)
    return keras.layers.Dense(units, activation=activation, kernel_initializer=_initializer(initializer, seeds))


def _probabilities(classes: int, seeds: _Seeds) -> Any:
    """Return the last layer, which gives one probability for each class."""
    return _dense(classes, "softmax", seeds, name="classes")


def _flatten() -> Any:
    from lessons_lib import keras

    return keras.layers.Flatten(data_format=_CHANNELS_LAST)


def _stages(
    filters: Sequence[int], kernel_size: int, pooling: str, padding: str, activation: Any, seeds: _Seeds
) -> list[list[Any]]:
    """Return the layers of each stage: a convolution and, if `pooling` names one, a pooling layer."""
    from lessons_lib import keras

    _check.choice("pooling", pooling, POOLING)
    _check.choice("padding", padding, PADDING)
    kernel_size = _check.whole_number("kernel_size", kernel_size)
    stages = []
    for count in _check.whole_numbers("filters", filters):
        convolution = keras.layers.Conv2D(
            count,
            kernel_size,
            strides=2 if pooling == "strided" else 1,
            padding=padding,
            activation=_activation(activation),
            kernel_initializer=_initializer("glorot_uniform", seeds),
            data_format=_CHANNELS_LAST,
        )
        stages.append([convolution, *_pooling(pooling)])
    return stages


def _pooling(pooling: str) -> list[Any]:
    """Return the pooling layer of one stage, or no layer if the stage has none."""
    from lessons_lib import keras

    kinds = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}
    return [kinds[pooling](2, data_format=_CHANNELS_LAST)] if pooling in kinds else []


def _known(input_shape: Any) -> tuple[int, int, int]:
    """Return the shape of one image, without None: the number of all its values must be known."""
    rows, columns, channels = _check.image_shape("input_shape", input_shape)
    if rows is None or columns is None:
        raise ValueError(f"input_shape must have a known number of rows and columns. Received: {input_shape=}")
    return rows, columns, channels


def _sequence_shape(input_shape: Any) -> tuple[int | None, int]:
    """Return the shape of one sequence; the number of its steps may be None."""
    if not isinstance(input_shape, Sequence) or isinstance(input_shape, str) or len(input_shape) != 2:
        raise ValueError(f"input_shape must be (steps, features). Received: {input_shape=}")
    steps, features = input_shape
    known = None if steps is None else _check.whole_number("input_shape", steps)
    return known, _check.whole_number("input_shape", features)


def _check_room(input_shape: tuple[int | None, int | None, int], layers: Sequence[Any]) -> None:
    """Raise ValueError if the maps become smaller than a kernel or a pooling window."""
    shape: tuple[int | None, ...] = (None, *input_shape)
    for layer in layers:
        try:
            shape = layer.compute_output_shape(shape)
        except ValueError:
            rows, columns = shape[1:3]
            raise ValueError(
                "input_shape must be large enough for each kernel and pooling window. "
                f"Received: {input_shape=}, of which a {type(layer).__name__} gets maps of {rows}×{columns}"
            ) from None


def _sequential(input_shape: tuple[int | None, ...], layers: Sequence[Any]) -> Any:
    from lessons_lib import keras

    return keras.Sequential([keras.Input(input_shape), *layers])
