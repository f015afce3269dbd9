"""Explanations of a network's answer as maps of heat: saliency, occlusion, Grad-CAM and LIME.

An explanation belongs to one image and one class. Its map has a number for each pixel: the more, the more the method
holds the pixel responsible for the class. `saliency` and `grad_cam` read the network's slopes, so they take a Keras
model. `occlusion` and `lime` only ask for its answers, so they also take a function from images (n, H, W, C) to
probabilities (n, classes).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check, _interrupts
from lessons_lib.counting import keras_graph

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]

# The most pixels that are handed to a network at once, so that little memory is needed.
_PIXELS_AT_ONCE = 1_000_000

# How far a probability may lie outside of 0…1, since it is rounded.
_ROUNDING = 1e-3

# A sample of LIME's at more widths than this from the whole image weighs less than 0.001, where that weighs 1.
_REACH = 3.7


class Lime(NamedTuple):
    """What LIME found for one image.

    Attributes
    ----------
    coefficients : float64 array, shape (segments,)
        For each segment, how much the probability of the class rises when the segment is shown, by the linear fit.
    segments : int array, shape (H, W)
        The number of the segment to which each pixel belongs.

    Examples
    --------
    >>> Lime(np.array([0.5, 0.0]), np.array([[0, 1], [1, 0]])).heat
    array([[0.5, 0. ],
           [0. , 0.5]])
    """

    coefficients: NDArray[np.float64]
    segments: Whole

    @property
    def heat(self) -> NDArray[np.float64]:
        """The map: each pixel has the coefficient of its segment, shape (H, W)."""
        return np.asarray(self.coefficients[self.segments])


def saliency(model: Any, images: ArrayLike, labels: ArrayLike | None = None) -> Floats:
    """Return by how much the logit of a class changes with each pixel: the absolute value of its slope.

    Of the channels of a pixel, the largest absolute value counts.

    Parameters
    ----------
    model : keras.Model
        A Sequential or functional model from images to probabilities (n, classes), whose last layer or operation is a
        softmax, or a dense layer with the activation softmax or none. Its channels are last.
    images : array, shape (H, W, C) or (n, H, W, C)
        One image or several.
    labels : int or int array, shape (n,), optional
        The class to explain, one for all images or one for each. By default the class that the model predicts.

    Returns
    -------
    float32 array, shape (H, W) or (n, H, W)
        The maps, at least 0 everywhere. They are in logits per unit of a pixel.

    Raises
    ------
    TypeError, ValueError
        If `model` is no such model, the images do not fit it or hold NaN or infinity, or a label is no class of it.

    References
    ----------
    Simonyan, Vedaldi & Zisserman (2014), arXiv:1312.6034.

    Examples
    --------
    >>> from lessons_lib import models
    >>> saliency(models.cnn(), np.zeros((28, 28, 1))).shape
    (28, 28)
    """
    batch, single = _batch(images)
    _check_explained(model)
    slopes = [_slopes(model, part, chosen) for part, chosen in _parts(model, batch, labels)]
    maps: Floats = np.abs(np.concatenate(slopes)).max(axis=-1)
    return maps[0] if single else maps


def occlusion(
    model: Any,
    images: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    patch: int = 5,
    stride: int = 1,
    fill: float = 0.0,
) -> Floats:
    """Return by how much the probability of a class falls when a patch covers each pixel and its neighbours.

    Parameters
    ----------
    model : keras.Model or callable
        A model from images to probabilities (n, classes) with channels last, or a function from images (n, H, W, C) to
        them.
    images : array, shape (H, W, C) or (n, H, W, C)
        One image or several.
    labels : int or int array, shape (n,), optional
        The class to explain, one for all images or one for each. By default the class that the model predicts.
    patch : int
        Rows and columns of the patch, in pixels: an odd number, so that it has a pixel in its middle. At the border, a
        part of it lies outside of the image.
    stride : int
        The distance between the middles of two patches, in pixels. Above 1, a pixel gets the value of the patch whose
        middle is nearest.
    fill : float
        The value of the patch in all channels; 0 is black.

    Returns
    -------
    float32 array, shape (H, W) or (n, H, W)
        The maps, in −1…1. A value below 0 says that the probability rises when the place is covered.

    Raises
    ------
    TypeError, ValueError
        If `model` gives no probabilities of classes, the images do not fit it or hold NaN or infinity, a label is no
        class of it, the patch is not odd, or a setting is out of range.

    References
    ----------
    Zeiler & Fergus (2014), doi:10.1007/978-3-319-10590-1_53.

    Examples
    --------
    >>> answer = lambda images: np.stack([images[:, 2, 3, 0], 1 - images[:, 2, 3, 0]], axis=1)
    >>> occlusion(answer, np.ones((4, 5, 1)), patch=1)
    array([[0., 0., 0., 0., 0.],
           [0., 0., 0., 0., 0.],
           [0., 0., 0., 1., 0.],
           [0., 0., 0., 0., 0.]], dtype=float32)
    """
    batch, single = _batch(images)
    if _check.whole_number("patch", patch) % 2 == 0:
        raise ValueError(f"patch must be odd, so that it has a pixel in its middle. Received: patch={patch}")
    step = _check.whole_number("stride", stride)
    value = _fill(fill)
    answer = _answers(model)
    before = answer(batch)
    chosen = _classes(labels, before)
    height, width = batch.shape[1:3]
    rows, columns = _middles(height, step), _middles(width, step)
    maps = np.zeros((len(batch), height, width), np.float32)
    middles = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1)
    for place, (image, label) in enumerate(zip(batch, chosen, strict=True)):
        after = _in_parts(partial(_covered, image, reach=patch // 2, fill=value), answer, middles.reshape(-1, 2), image)
        drop = before[place, label] - after[:, label].reshape(middles.shape[:2])
        maps[place] = drop[_nearest(rows, height)][:, _nearest(columns, width)]
    return maps[0] if single else maps


def grad_cam(model: Any, images: ArrayLike, labels: ArrayLike | None = None, *, layer: str | None = None) -> Floats:
    """Return Grad-CAM's maps: the maps of a convolution, each weighted by the mean slope of the logit, added up.

    What is below 0 is set to 0 (ReLU), and the result is enlarged to the size of the image by linear interpolation.

    Parameters
    ----------
    model : keras.Model
        A Sequential or functional model from images to probabilities (n, classes), whose last layer or operation is a
        softmax, or a dense layer with the activation softmax or none. Its channels are last.
    images : array, shape (H, W, C) or (n, H, W, C)
        One image or several.
    labels : int or int array, shape (n,), optional
        The class to explain, one for all images or one for each. By default the class that the model predicts.
    layer : str, optional
        The name of the layer whose maps are used, or of a model within the model. By default the last convolution
        (Conv2D). Of several uses of the layer, the last one counts.

    Returns
    -------
    float32 array, shape (H, W) or (n, H, W)
        The maps, at least 0 everywhere. If no map speaks for the class, all of it is 0.

    Raises
    ------
    TypeError, ValueError
        If `model` is no such model, has no convolution, or no layer of that name with maps; if the images do not fit
        it or hold NaN or infinity, or a label is no class of it.

    References
    ----------
    Selvaraju et al. (2017), doi:10.1109/ICCV.2017.74.

    Examples
    --------
    >>> from lessons_lib import models
    >>> grad_cam(models.cnn(), np.zeros((28, 28, 1))).shape
    (28, 28)
    """
    from lessons_lib import keras

    batch, single = _batch(images)
    _check_explained(model)
    parts = _parts(model, batch, labels)
    maps = np.concatenate([_weighted_maps(model, layer, part, chosen) for part, chosen in parts])
    sizes = batch.shape[1:3]
    enlarged = keras.ops.image.resize(maps[..., None], sizes, "bilinear", data_format="channels_last")
    result = np.asarray(enlarged)[..., 0]
    return result[0] if single else result


def lime(
    model: Any,
    image: ArrayLike,
    label: int | None = None,
    *,
    segments: ArrayLike | None = None,
    samples: int = 500,
    width: float = 0.25,
    penalty: float = 1.0,
    fill: float = 0.0,
    seed: int = 0,
) -> Lime:
    """Explain one answer by a linear model of which segments of the image are shown.

    Each sample shows each segment or hides it, by the toss of a coin; the first sample is the whole image. A ridge
    regression is fitted to the probabilities of the class, and samples that are nearer to the whole image weigh more:
    the weight is exp(−d² / width²)^½, where d is the cosine distance, 1 − √(share of the segments that are shown).

    Parameters
    ----------
    model : keras.Model or callable
        A model from images to probabilities (n, classes) with channels last, or a function from images (n, H, W, C) to
        them.
    image : array, shape (H, W, C)
        The image.
    label : int, optional
        The class to explain. By default the class that the model predicts.
    segments : int array, shape (H, W), optional
        The number of the segment of each pixel, from 0 on without a gap. By default squares of 4×4 pixels.
    samples : int
        The number of samples: at least 2.
    width : float
        The width of the kernel of the weights, above 0 and so large that a sample with hidden segments weighs at least
        0.001. The default is that of the authors' package.
    penalty : float
        The weight of the squared coefficients in the ridge regression, at least 0.
    fill : float
        The value of hidden pixels in all channels; 0 is black.
    seed : int
        Seed of the samples. Another seed gives another explanation.

    Returns
    -------
    Lime
        The coefficients, one for each segment, and the segments.

    Raises
    ------
    TypeError, ValueError
        If `model` gives no probabilities of classes, the image does not fit it or holds NaN or infinity, `label` is no
        class of it, the segments do not fit the image, or a setting is out of range.

    References
    ----------
    Ribeiro, Singh & Guestrin (2016), doi:10.1145/2939672.2939778.

    Examples
    --------
    >>> answer = lambda images: np.stack([images[:, 0, 0, 0], 1 - images[:, 0, 0, 0]], axis=1)
    >>> lime(answer, np.ones((1, 3, 1)), 0, segments=[[0, 1, 2]], penalty=0).coefficients.round(3)
    array([ 1.,  0., -0.])
    """
    from sklearn.linear_model import Ridge

    pixels = _check.float32("image", image, ndim=3)
    numbers = _segments(squares(pixels) if segments is None else segments, pixels)
    hidden = np.full_like(pixels, _fill(fill))
    kernel_width = _check.number("width", width)
    if kernel_width <= 0:
        raise ValueError(f"width must be above 0. Received: width={width!r}")
    rng = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
    shown = rng.integers(2, size=(_check.whole_number("samples", samples, at_least=2), int(numbers.max()) + 1))
    shown[0] = 1
    fit = Ridge(alpha=_check.number("penalty", penalty, at_least=0))
    answer = _answers(model)
    probabilities = _in_parts(lambda part: np.where(part[:, numbers, None], pixels, hidden), answer, shown, pixels)
    (chosen,) = _classes(label, probabilities[:1])
    weights = _weights(1 - np.sqrt(shown.mean(axis=1)), kernel_width)
    fit.fit(shown, probabilities[:, chosen], sample_weight=weights)
    return Lime(np.asarray(fit.coef_, np.float64), numbers)


def squares(image: ArrayLike, *, side: int = 4) -> Whole:
    """Divide an image into squares, numbered row by row; what is left at the right and at the bottom is narrower.

    Parameters
    ----------
    image : array, shape (H, W, C)
        The image. Only its size matters.
    side : int
        Rows and columns of a square, in pixels: at least 1.

    Returns
    -------
    int array, shape (H, W)
        The number of the square of each pixel.

    Raises
    ------
    TypeError, ValueError
        If `image` does not have 3 axes, is empty, or holds NaN or infinity, or `side` is no whole number from 1 on.

    Examples
    --------
    >>> squares(np.zeros((2, 4, 1)), side=2)
    array([[0, 0, 1, 1],
           [0, 0, 1, 1]])
    """
    height, width = _check.finite("image", image, ndim=3).shape[:2]
    step = _check.whole_number("side", side)
    rows, columns = np.arange(height) // step, np.arange(width) // step
    return np.asarray(rows[:, None] * (columns[-1] + 1) + columns, np.int64)


def superpixels(image: ArrayLike, *, side: int = 4, contrast: float = 2.0) -> Whole:
    """Divide an image into superpixels: groups of pixels that are near to each other and alike.

    The groups are found by k-means on the place and the values of the pixels, which begins with the middles of squares.
    This is the idea of SLIC, without its search in the neighbourhood alone and without its last step, which joins
    small pieces: a superpixel may consist of several pieces.

    Parameters
    ----------
    image : array, shape (H, W, C), 0…1
        The image.
    side : int
        Rows and columns, in pixels, of the squares with which k-means begins: at least 1. The smaller, the more
        superpixels, and the longer it takes: 4 suits a digit, a tenth of its height a photograph.
    contrast : float
        How many times `side` a distance from black to white counts: with 0 only the place of a pixel counts.

    Returns
    -------
    int array, shape (H, W)
        The number of the superpixel of each pixel, from 0 on.

    Raises
    ------
    TypeError, ValueError
        If `image` does not have 3 axes, is empty, or holds NaN or infinity, or a setting is out of range.

    References
    ----------
    Achanta et al. (2012), doi:10.1109/TPAMI.2012.120.

    Examples
    --------
    >>> superpixels([[[0.0], [0.0], [1.0], [1.0]]], side=2)
    array([[0, 0, 1, 1]])
    """
    from sklearn.cluster import KMeans

    pixels = _check.finite("image", image, ndim=3).astype(np.float64)
    _check.in_range("image", pixels)
    numbers = squares(pixels, side=side).ravel()
    height, width, channels = pixels.shape
    values = pixels.reshape(-1, channels) * _check.number("contrast", contrast, at_least=0) * side
    features = np.column_stack([np.indices((height, width)).reshape(2, -1).T, values])
    counts = np.bincount(numbers)
    starts = np.column_stack([np.bincount(numbers, column) / counts for column in features.T])
    found = KMeans(len(starts), init=starts, n_init=1).fit_predict(features)
    return np.asarray(found.reshape(height, width), np.int64)


def _batch(images: ArrayLike) -> tuple[Floats, bool]:
    """Return images as a batch, and whether there was a single image."""
    pixels = np.array(_check.float32("images", images, ndim=(3, 4)))
    return (pixels[None], True) if pixels.ndim == 3 else (pixels, False)


def _slices(count: int, size: int) -> list[slice]:
    """Return slices for so many items of so many pixels each; all pixels of a slice fit into memory at once."""
    at_once = max(1, _PIXELS_AT_ONCE // size)
    return [slice(start, start + at_once) for start in range(0, count, at_once)]


def _in_parts(
    changed: Callable[[Any], Any], answer: Callable[[Any], Any], changes: NDArray[Any], image: Floats
) -> NDArray[Any]:
    """Return the answers for many changed copies of an image, which are made and handed over in several parts."""
    return np.concatenate([answer(changed(changes[part])) for part in _slices(len(changes), image.size)])


def _answers(model: Any) -> Callable[[Any], Any]:
    """Return a function from images (n, H, W, C) to probabilities (n, classes), which checks what comes out."""
    from lessons_lib import keras, training

    if not callable(model):
        raise TypeError(f"model must be a keras.Model or a function. Received: {type(model).__name__}")
    if isinstance(model, keras.Model):
        _check_channels_last(model)

    def answer(images: Any) -> Any:
        given = training.predict(model, images) if isinstance(model, keras.Model) else model(images)
        probabilities = _check.finite("the answers of model", given, ndim=2)
        if len(probabilities) != len(images) or probabilities.shape[1] < 2:
            raise ValueError(
                f"model must give the probabilities of at least 2 classes for each of {len(images)} images. "
                f"Received: answers of the shape {probabilities.shape}"
            )
        least, most = float(probabilities.min()), float(probabilities.max())
        if least < -_ROUNDING or most > 1 + _ROUNDING:
            raise ValueError(
                "model must give probabilities, in 0…1: logits need a softmax. "
                f"Received: from {least:.3g} to {most:.3g}"
            )
        return probabilities

    return answer


def _classes(labels: ArrayLike | None, answers: NDArray[Any]) -> Whole:
    """Return the class to explain for each image: the given one, or the one with the largest answer."""
    count, classes = answers.shape
    if labels is None:
        return np.asarray(answers.argmax(axis=1), np.int64)
    chosen = _check.finite("labels", labels, ndim=(0, 1))
    if not np.issubdtype(chosen.dtype, np.integer):
        raise TypeError(f"labels must be whole numbers. Received: dtype={chosen.dtype}")
    if chosen.ndim and len(chosen) != count:
        raise ValueError(f"labels must be one for all {count} images, or one for each. Received: {len(chosen)} labels")
    if chosen.min() < 0 or chosen.max() >= classes:
        raise ValueError(f"labels must be in 0…{classes - 1}. Received: from {chosen.min()} to {chosen.max()}")
    return np.broadcast_to(chosen, (count,)).astype(np.int64)


def _check_explained(model: Any) -> None:
    """Raise unless a model has a graph from one input to the answers for several classes."""
    from lessons_lib import keras

    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a keras.Model. Received: {type(model).__name__}")
    has_graph = model.built and keras_graph.inputs(model)
    if not (has_graph and len(model.inputs) == len(model.outputs) == 1):
        raise ValueError(
            "model must be a Sequential or functional model with one input and one output, which begins with "
            f"keras.Input. Received: {type(model).__name__} {model.name!r}"
        )
    shape = model.outputs[0].shape
    if len(shape) != 2 or shape[1] == 1:
        raise ValueError(f"the output of model must have the shape (n, classes), with at least 2. Received: {shape}")
    _check_channels_last(model)


def _check_channels_last(model: Any) -> None:
    """Raise if a layer or an operation of a model takes the second axis for the channels."""
    for operation in keras_graph.operations(model):
        if getattr(operation, "data_format", None) == "channels_first":
            raise ValueError(
                "the channels must be last, data_format='channels_last', in all layers of model. "
                f"Received: {operation.name!r} with data_format='channels_first'"
            )


def _logits(last: keras_graph.Call) -> Any:
    """Return the logits of a model, given its last call: what goes into its softmax."""
    from lessons_lib import keras

    layer, inputs = last.operation, next(iter(last.arguments.values()))
    kind = keras_graph.computes_as(layer) or keras_graph.operation_name(layer)
    activation = getattr(layer, "activation", None)
    is_softmax = activation in (keras.activations.softmax, keras.ops.softmax)
    if (kind == "Activation" and is_softmax) or (
        kind == "Softmax" and keras_graph.operation_axes(layer) in ([-1], [1])
    ):
        return inputs
    if kind != "Dense":
        raise ValueError(
            "the last layer must be a softmax over the classes, or a Dense layer that computes as Keras's own. "
            f"Received: {type(layer).__name__} {layer.name!r}"
        )
    if activation is keras.activations.linear:
        return last.outputs[0]
    if not is_softmax:
        name = getattr(activation, "__name__", repr(activation))
        raise ValueError(f"the activation of the last layer must be softmax or none. Received: {name}")
    products = keras.ops.matmul(inputs, layer.kernel)
    return products if layer.bias is None else products + layer.bias


def _parts(model: Any, batch: Floats, labels: ArrayLike | None) -> list[tuple[Floats, Whole]]:
    """Return the images in several parts, each with the classes to explain."""
    from lessons_lib import training

    chosen = _classes(labels, training.predict(model, batch))
    return [(batch[part], chosen[part]) for part in _slices(len(batch), int(batch[0].size))]


@_interrupts.delayed()
def _slopes(model: Any, images: Floats, labels: Whole) -> Floats:
    """Return the slope of each image's logit with respect to its pixels, shape (n, H, W, C)."""
    import tensorflow as tf

    pixels = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        chosen = _chosen_logits(keras_graph.evaluate(model, pixels), labels)
    return np.asarray(tape.gradient(chosen, pixels), np.float32)


def _chosen_logits(calls: Sequence[keras_graph.Call], labels: Whole) -> Any:
    """Return the sum of the logits of the classes to explain, one for each image."""
    import tensorflow as tf

    return tf.reduce_sum(tf.gather(_logits(calls[-1]), labels, axis=1, batch_dims=1))


def _maps(calls: Sequence[keras_graph.Call], name: str | None) -> Any:
    """Return the maps that Grad-CAM weighs: those of the named layer, or those of the last convolution."""
    from lessons_lib import keras

    of_layers = [call for call in calls if isinstance(call.operation, keras.Layer)]
    maps = {call.operation: call.outputs[0] for call in of_layers if len(call.outputs[0].shape) == 4}
    if name is None:
        convolutions = [layer for layer in maps if isinstance(layer, keras.layers.Conv2D)]
        if not convolutions:
            raise ValueError(
                "model must have a Conv2D layer of its own, outside of any model within it, or a layer with maps must "
                f"be named. Received: {', '.join(call.operation.name for call in of_layers)}"
            )
        return maps[convolutions[-1]]
    names = {layer.name: layer for layer in maps}
    if name not in names:
        raise ValueError(f"layer must be one that gives maps: {', '.join(names)}. Received: layer={name!r}")
    return maps[names[name]]


@_interrupts.delayed()
def _weighted_maps(model: Any, layer: str | None, images: Floats, labels: Whole) -> Floats:
    """Return Grad-CAM's maps before they are enlarged, shape (n, rows, columns)."""
    import tensorflow as tf

    pixels = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        # The maps depend on the pixels, so that the tape follows them even if no weight comes before them.
        tape.watch(pixels)
        calls = keras_graph.evaluate(model, pixels)
        chosen = _chosen_logits(calls, labels)
    maps = _maps(calls, layer)
    weights = tf.reduce_mean(tape.gradient(chosen, maps), axis=(1, 2), keepdims=True)
    return np.asarray(tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1)), np.float32)


def _middles(length: int, step: int) -> Whole:
    """Return the places of the patches' middles along one axis, with equal margins at both ends (up to one pixel)."""
    return np.arange((length - 1) % step // 2, length, step)


def _nearest(middles: Whole, length: int) -> Whole:
    """Return for each place of an axis the number of the nearest middle."""
    return np.asarray(np.abs(np.arange(length)[:, None] - middles).argmin(axis=1), np.int64)


def _covered(image: Floats, middles: Whole, *, reach: int, fill: float) -> Floats:
    """Return one copy of the image for each middle (row, column), in which a patch covers its neighbourhood."""
    height, width = image.shape[:2]
    near_rows = np.abs(np.arange(height) - middles[:, :1]) <= reach
    near_columns = np.abs(np.arange(width) - middles[:, 1:]) <= reach
    patches = near_rows[:, :, None, None] & near_columns[:, None, :, None]
    return np.where(patches, np.float32(fill), image)


def _fill(fill: float) -> float:
    """Return the value of covered or hidden pixels, which must be a number that float32 can hold."""
    return float(_check.float32("fill", _check.number("fill", fill), ndim=0))


def _weights(distances: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Return LIME's weights of the samples; raise if only the whole image has weight, which tells of no segment."""
    nearest = distances[distances > 0].min(initial=np.inf)
    if nearest > _REACH * width:
        raise ValueError(
            "width must be so large, and samples so many, that a sample with hidden segments has weight: its distance "
            f"must be at most {_REACH} widths. Received: width={width:g}, the nearest sample at {nearest:.3g}"
        )
    with np.errstate(over="ignore"):
        return np.asarray(np.sqrt(np.exp(-(distances**2) / np.square(width))))


def _segments(segments: ArrayLike, pixels: Floats) -> Whole:
    """Return the segments as whole numbers; raise if they do not fit the image."""
    numbers = _check.finite("segments", segments, ndim=2)
    if not np.issubdtype(numbers.dtype, np.integer):
        raise TypeError(f"segments must be whole numbers. Received: dtype={numbers.dtype}")
    if numbers.shape != pixels.shape[:2]:
        raise ValueError(f"segments must have the size of the image, {pixels.shape[:2]}. Received: {numbers.shape}")
    if numbers.min() < 0:
        raise ValueError(f"segments must be numbered from 0 on. Received: {numbers.min()}")
    if (count := len(np.unique(numbers))) <= numbers.max():
        raise ValueError(
            f"segments must be numbered from 0 on without a gap: np.unique(segments, return_inverse=True)[1] numbers "
            f"them so. Received: {count} segments with numbers up to {numbers.max()}"
        )
    return numbers.astype(np.int64)
