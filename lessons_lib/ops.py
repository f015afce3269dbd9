"""The operations of a convolutional network by hand, in NumPy: short, slow and readable.

Shapes follow Keras. An image is ``(height, width)`` or ``(height, width, channels)``, a batch is
``(images, height, width, channels)``; kernels are ``(kernel height, kernel width, channels, filters)``.
Whole numbers are computed as float64, everything else in the type that it comes in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib._check import finite, pair, whole_number
from lessons_lib.counting import output_size

Array: TypeAlias = NDArray[Any]
Pair: TypeAlias = int | Sequence[int]


class ConvolutionGradients(NamedTuple):
    """Gradients of a loss with respect to what went into `convolve`.

    Attributes
    ----------
    image : ndarray
        Shape of the image, in loss per unit of intensity.
    kernels : ndarray
        Shape of the kernels, in loss per unit of weight.
    bias : ndarray
        Shape ``(filters,)``, or ``()`` for a ``(height, width)`` image, in loss per unit of bias.
    """

    image: Array
    kernels: Array
    bias: Array


class DenseGradients(NamedTuple):
    """Gradients of a loss with respect to what went into `dense`.

    Attributes
    ----------
    x : ndarray
        Shape of the input, in loss per unit of input.
    weights : ndarray
        Shape ``(inputs, units)``, in loss per unit of weight.
    bias : ndarray
        Shape ``(units,)``, in loss per unit of bias.
    """

    x: Array
    weights: Array
    bias: Array


# Layers that look through a window ------------------------------------------------------------------------------


def same_padding(size: int, kernel_size: int, *, strides: int = 1, dilation_rate: int = 1) -> tuple[int, int]:
    """Pixels that ``padding="same"`` adds before and after an image along one axis.

    The window needs ``(output - 1) * strides + extent`` pixels, where ``output = ceil(size / strides)`` and
    ``extent = dilation_rate * (kernel_size - 1) + 1``. What is missing is added half before and half after; an odd
    pixel goes after: to the bottom, or to the right.

    Parameters
    ----------
    size : int
        Length of the image along that axis, in pixels.
    kernel_size : int
        Length of the kernel (or of the pooling window) along that axis, in pixels.
    strides : int
        Step from one position of the kernel to the next, in pixels.
    dilation_rate : int
        Distance between neighbouring taps of the kernel, in pixels.

    Returns
    -------
    tuple of int
        Pixels added before (top or left) and after (bottom or right).

    Raises
    ------
    TypeError
        If a number is not a whole one.
    ValueError
        If a number is below 1.

    References
    ----------
    TensorFlow, *Notes on padding*, https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2

    Examples
    --------
    >>> same_padding(28, 3)
    (1, 1)
    >>> same_padding(28, 3, strides=2)
    (0, 1)
    """
    output = output_size(size, kernel_size, strides=strides, padding="same", dilation_rate=dilation_rate)
    extent = dilation_rate * (kernel_size - 1) + 1
    missing = max((output - 1) * strides + extent - size, 0)
    before = missing // 2
    return before, missing - before


def convolve(
    image: ArrayLike,
    kernels: ArrayLike,
    *,
    bias: ArrayLike | None = None,
    strides: Pair = 1,
    padding: str = "valid",
    dilation_rate: Pair = 1,
) -> Array:
    """Slide kernels over an image: at each stop multiply element by element, add everything up, add the bias.

    This is what Keras's `Conv2D` does. Mathematics calls it cross-correlation: the kernel is not flipped.

    Parameters
    ----------
    image : array_like
        Intensities, shape ``(height, width)``, ``(height, width, channels)`` or
        ``(images, height, width, channels)``.
    kernels : array_like
        Weights, shape ``(kernel height, kernel width)`` for a ``(height, width)`` image, otherwise
        ``(kernel height, kernel width, channels, filters)``.
    bias : array_like, optional
        One number for each filter, shape ``(filters,)``; for a ``(height, width)`` image a single number.
    strides : int or pair of int
        Step from one stop to the next, in pixels (rows, columns).
    padding : {"valid", "same"}
        "valid": the kernel stays inside the image. "same": zeros are added around it, see `same_padding`.
    dilation_rate : int or pair of int
        Distance between neighbouring taps of the kernel, in pixels (rows, columns).

    Returns
    -------
    ndarray
        The feature maps, shape ``(rows, columns)``, ``(rows, columns, filters)`` or
        ``(images, rows, columns, filters)``, with rows and columns as `lessons_lib.counting.output_size` says.

    Raises
    ------
    TypeError
        If an array is not one of numbers, or a setting is not a whole number.
    ValueError
        If shapes do not fit together, a setting is below 1, `padding` is unknown, a number is NaN or infinite, or
        strides and dilation rate are both above 1 (Keras refuses that, too).

    References
    ----------
    Goodfellow, Bengio & Courville (2016), *Deep Learning*, equation 9.6; Dumoulin & Visin (2016), arXiv:1603.07285.

    Examples
    --------
    A kernel that answers where dark turns to bright:

    >>> convolve([[0, 0, 1, 1], [0, 0, 1, 1]], [[-1, 1]])
    array([[0., 1., 0.],
           [0., 1., 0.]])
    """
    batch, weights, window, ndim = _prepare_convolution(image, kernels, strides, padding, dilation_rate)
    padded = window.pad(batch)
    maps = np.zeros((len(batch), *window.stops, weights.shape[-1]), dtype=np.result_type(batch, weights))
    if bias is not None:
        maps += _prepare_bias(bias, weights.shape[-1], ndim=0 if ndim == 2 else 1)
    for row, column, view in window.positions():
        patches = padded[view]  # (images, kernel height, kernel width, channels)
        maps[:, row, column] += np.einsum("nijc,ijcf->nf", patches, weights)  # multiply, add up over i, j and c
    return _from_batch(maps, ndim)


def max_pool(image: ArrayLike, *, pool_size: Pair = 2, strides: Pair | None = None, padding: str = "valid") -> Array:
    """Keep the largest number in each window, channel by channel.

    Parameters
    ----------
    image : array_like
        Intensities, shape ``(height, width)``, ``(height, width, channels)`` or
        ``(images, height, width, channels)``.
    pool_size : int or pair of int
        Height and width of the window, in pixels.
    strides : int or pair of int, optional
        Step from one stop to the next, in pixels (rows, columns); by default the window's own size.
    padding : {"valid", "same"}
        "valid": the window stays inside the image. "same": it may reach over the edge, where there is nothing to win.

    Returns
    -------
    ndarray
        The smaller maps, with as many axes, images and channels as `image`.

    Raises
    ------
    TypeError
        If `image` is not an array of numbers, or a setting is not a whole number.
    ValueError
        If the window does not fit, a setting is below 1, `padding` is unknown, or a number is NaN or infinite.

    References
    ----------
    Dumoulin & Visin (2016), arXiv:1603.07285, chapter 3.

    Examples
    --------
    >>> max_pool([[1, 2, 0, 0], [3, 4, 0, 5]])
    array([[4., 5.]])
    """
    batch, window, ndim = _prepare_pooling(image, pool_size, strides, padding)
    padded = window.pad(batch, value=-np.inf)  # so that padding never wins
    pooled = np.zeros((len(batch), *window.stops, batch.shape[-1]), dtype=batch.dtype)
    for row, column, view in window.positions():
        pooled[:, row, column] = padded[view].max(axis=(1, 2))
    return _from_batch(pooled, ndim)


def average_pool(
    image: ArrayLike, *, pool_size: Pair = 2, strides: Pair | None = None, padding: str = "valid"
) -> Array:
    """Take the mean of each window, channel by channel.

    Parameters
    ----------
    image : array_like
        Intensities, shape ``(height, width)``, ``(height, width, channels)`` or
        ``(images, height, width, channels)``.
    pool_size : int or pair of int
        Height and width of the window, in pixels.
    strides : int or pair of int, optional
        Step from one stop to the next, in pixels (rows, columns); by default the window's own size.
    padding : {"valid", "same"}
        "valid": the window stays inside the image. "same": it may reach over the edge; as in Keras, the mean is
        then that of the pixels that are there.

    Returns
    -------
    ndarray
        The smaller maps, with as many axes, images and channels as `image`.

    Raises
    ------
    TypeError
        If `image` is not an array of numbers, or a setting is not a whole number.
    ValueError
        If the window does not fit, a setting is below 1, `padding` is unknown, or a number is NaN or infinite.

    References
    ----------
    Dumoulin & Visin (2016), arXiv:1603.07285, chapter 3.

    Examples
    --------
    >>> average_pool([[1, 2, 0, 0], [3, 4, 0, 5]])
    array([[2.5 , 1.25]])
    >>> average_pool([[1, 2, 6]], padding="same")
    array([[1.5, 6. ]])
    """
    batch, window, ndim = _prepare_pooling(image, pool_size, strides, padding)
    padded = window.pad(batch)
    pooled = np.zeros((len(batch), *window.stops, batch.shape[-1]), dtype=batch.dtype)
    real = _real_pixels(batch, window)
    for row, column, view in window.positions():
        pooled[:, row, column] = padded[view].sum(axis=(1, 2)) / real[view].sum()
    return _from_batch(pooled, ndim)


# Layers that look at every number -------------------------------------------------------------------------------


def relu(x: ArrayLike) -> Array:
    """Rectified linear unit: zero for negative numbers, and positive ones untouched.

    Parameters
    ----------
    x : array_like
        Numbers, any shape with up to four axes.

    Returns
    -------
    ndarray
        ``max(0, x)``, element by element, shape of `x`.

    Raises
    ------
    TypeError
        If `x` is not an array of numbers.
    ValueError
        If it has more than four axes, is empty, or a number is NaN or infinite.

    References
    ----------
    Nair & Hinton (2010), *Rectified linear units improve restricted Boltzmann machines*, ICML.

    Examples
    --------
    >>> relu([-2, 0, 3])
    array([0., 0., 3.])
    """
    x = _floats("x", x, ndim=(0, 1, 2, 3, 4))
    return np.where(x > 0, x, np.zeros_like(x))


def flatten(image: ArrayLike) -> Array:
    """Read an image row by row into one long vector.

    The pixel at ``(row, column, channel)`` gets the index ``(row * width + column) * channels + channel``.

    Parameters
    ----------
    image : array_like
        One image, shape ``(height, width)`` or ``(height, width, channels)``, or a batch, shape
        ``(images, height, width, channels)``.

    Returns
    -------
    ndarray
        A copy, shape ``(height * width * channels,)`` for an image, ``(images, height * width * channels)`` for a
        batch, in the type of `image`.

    Raises
    ------
    TypeError
        If `image` is not an array of numbers.
    ValueError
        If it has another number of axes, is empty, or a number is NaN or infinite.

    References
    ----------
    Keras, *Flatten layer*, https://keras.io/api/layers/reshaping_layers/flatten/

    Examples
    --------
    >>> flatten([[1, 2, 3], [4, 5, 6]])
    array([1, 2, 3, 4, 5, 6])
    """
    array = finite("image", image, ndim=(2, 3, 4))
    return array.reshape(len(array), -1).copy() if array.ndim == 4 else array.reshape(-1).copy()


def dense(x: ArrayLike, weights: ArrayLike, bias: ArrayLike | None = None) -> Array:
    """Weighted sums of all the inputs, one for each unit: ``x @ weights + bias``.

    Parameters
    ----------
    x : array_like
        One vector, shape ``(inputs,)``, or a batch, shape ``(vectors, inputs)``.
    weights : array_like
        Shape ``(inputs, units)``: a column for each unit.
    bias : array_like, optional
        One number for each unit, shape ``(units,)``.

    Returns
    -------
    ndarray
        Shape ``(units,)`` or ``(vectors, units)``.

    Raises
    ------
    TypeError
        If an array is not one of numbers.
    ValueError
        If shapes do not fit together, or a number is NaN or infinite.

    References
    ----------
    Rumelhart, Hinton & Williams (1986), *Learning representations by back-propagating errors*, Nature 323,
    equation 1.

    Examples
    --------
    >>> dense([1, 2], [[1, 0, 3], [0, 1, 3]], bias=[0, 0, 1])
    array([ 1.,  2., 10.])
    """
    x, weights = _prepare_dense(x, weights)
    z: Array = x @ weights
    if bias is not None:
        z += _prepare_bias(bias, weights.shape[-1], ndim=1)
    return z


def softmax(z: ArrayLike) -> Array:
    """Turn scores into positive numbers that add up to 1.

    The largest score is subtracted first: that changes no result and keeps ``exp`` from overflowing.

    Parameters
    ----------
    z : array_like
        Scores; the classes are on the last axis.

    Returns
    -------
    ndarray
        ``exp(z) / sum(exp(z))`` along the last axis, shape of `z`.

    Raises
    ------
    TypeError
        If `z` is not an array of numbers.
    ValueError
        If it has no axis or more than four, is empty, or a number is NaN or infinite.

    References
    ----------
    Goodfellow, Bengio & Courville (2016), *Deep Learning*, sections 4.1 and 6.2.2.3.

    Examples
    --------
    >>> softmax([1, 1, 1, 1])
    array([0.25, 0.25, 0.25, 0.25])
    """
    z = _floats("z", z, ndim=(1, 2, 3, 4))
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    scores: Array = powers / powers.sum(axis=-1, keepdims=True)
    return scores


def convolution_matrix(kernel: ArrayLike, height: int, width: int) -> Array:
    """Weights of the dense layer that does what one kernel does (stride 1, no padding).

    Each column is one unit, that is one stop of the kernel: the kernel's weights where it lies on the image, zero
    everywhere else. ``flatten(image) @ matrix`` equals ``flatten(convolve(image, kernel))``.

    Parameters
    ----------
    kernel : array_like
        Weights, shape ``(kernel height, kernel width)``.
    height, width : int
        Size of the image, in pixels.

    Returns
    -------
    ndarray
        Shape ``(height * width, rows * columns)`` for a feature map with that many rows and columns.

    Raises
    ------
    TypeError
        If `kernel` is not an array of numbers, or a size is not a whole number.
    ValueError
        If the kernel does not fit into the image, has no two axes, or a number is NaN or infinite.

    References
    ----------
    Dumoulin & Visin (2016), arXiv:1603.07285, section 4.1, where the matrix is the transpose of this one.

    Examples
    --------
    >>> convolution_matrix([[1, 2]], height=1, width=4)
    array([[1., 0., 0.],
           [2., 1., 0.],
           [0., 2., 1.],
           [0., 0., 2.]])
    """
    kernel = _floats("kernel", kernel, ndim=2)
    height, width = whole_number("height", height), whole_number("width", width)
    window = _slide((height, width), kernel.shape, (1, 1), "valid", (1, 1))
    columns = []
    for _, _, view in window.positions():
        unit = np.zeros((1, height, width), dtype=kernel.dtype)
        unit[view] = kernel
        columns.append(unit.reshape(-1))
    return np.stack(columns, axis=1)


# Gradients ------------------------------------------------------------------------------------------------------


def convolve_gradients(
    image: ArrayLike,
    kernels: ArrayLike,
    upstream: ArrayLike,
    *,
    strides: Pair = 1,
    padding: str = "valid",
    dilation_rate: Pair = 1,
) -> ConvolutionGradients:
    """Backpropagate through `convolve`.

    At each stop, pixel times weight went into the output. So the pixel receives the weight times the gradient that
    arrives there, and the weight receives the pixel times that gradient; both add up over the stops. With stride 1
    the image's gradient is thus a convolution of `upstream` with the flipped kernels, and the kernels' gradient is
    one of the image with `upstream`.

    Parameters
    ----------
    image, kernels : array_like
        What went into `convolve`.
    upstream : array_like
        Gradient of the loss with respect to the output of `convolve`, shape of that output, in loss per unit of
        output.
    strides, padding, dilation_rate
        As in `convolve`.

    Returns
    -------
    ConvolutionGradients
        Gradients with respect to image, kernels and bias, in the shapes of these.

    Raises
    ------
    TypeError
        As `convolve`.
    ValueError
        As `convolve`, or if `upstream` does not have the shape of the output.

    References
    ----------
    Goodfellow, Bengio & Courville (2016), *Deep Learning*, equations 9.11 and 9.13.

    Examples
    --------
    >>> gradients = convolve_gradients([[1, 2, 3]], [[10, 20]], upstream=[[1, 1]])
    >>> gradients.image
    array([[10., 30., 20.]])
    >>> gradients.kernels
    array([[3., 5.]])
    >>> float(gradients.bias)
    2.0
    """
    batch, weights, window, ndim = _prepare_convolution(image, kernels, strides, padding, dilation_rate)
    arriving = _prepare_upstream(upstream, (len(batch), *window.stops, weights.shape[-1]), ndim)
    padded = window.pad(batch)
    dtype = np.result_type(batch, weights, arriving)
    padded_gradient, weights_gradient = np.zeros(padded.shape, dtype), np.zeros(weights.shape, dtype)
    for row, column, view in window.positions():
        here = arriving[:, row, column]  # (images, filters)
        padded_gradient[view] += np.einsum("nf,ijcf->nijc", here, weights)
        weights_gradient += np.einsum("nf,nijc->ijcf", here, padded[view])
    bias_gradient = arriving.sum(axis=(0, 1, 2), dtype=dtype)
    image_gradient = _from_batch(window.trim(padded_gradient), ndim)
    if ndim == 2:
        return ConvolutionGradients(image_gradient, weights_gradient[:, :, 0, 0], bias_gradient.reshape(()))
    return ConvolutionGradients(image_gradient, weights_gradient, bias_gradient)


def max_pool_gradient(
    image: ArrayLike,
    upstream: ArrayLike,
    *,
    pool_size: Pair = 2,
    strides: Pair | None = None,
    padding: str = "valid",
) -> Array:
    """Backpropagate through `max_pool`: the winner of each window receives all, the others nothing.

    Where several pixels share the maximum, the first one in reading order receives all, as in TensorFlow.

    Parameters
    ----------
    image : array_like
        What went into `max_pool`.
    upstream : array_like
        Gradient of the loss with respect to the output of `max_pool`, shape of that output, in loss per unit of
        output.
    pool_size, strides, padding
        As in `max_pool`.

    Returns
    -------
    ndarray
        Gradient with respect to the image, shape of `image`, in loss per unit of intensity.

    Raises
    ------
    TypeError
        As `max_pool`.
    ValueError
        As `max_pool`, or if `upstream` does not have the shape of the output.

    References
    ----------
    Goodfellow, Bengio & Courville (2016), *Deep Learning*, section 6.5: the chain rule, applied to a maximum.

    Examples
    --------
    >>> max_pool_gradient([[1, 2, 0, 0], [3, 4, 0, 5]], upstream=[[10, 20]])
    array([[ 0.,  0.,  0.,  0.],
           [ 0., 10.,  0., 20.]])
    """
    batch, window, ndim = _prepare_pooling(image, pool_size, strides, padding)
    arriving = _prepare_upstream(upstream, (len(batch), *window.stops, batch.shape[-1]), ndim)
    padded = window.pad(batch, value=-np.inf)
    gradient = np.zeros(padded.shape, dtype=arriving.dtype)
    for row, column, view in window.positions():
        threads = padded[view].reshape(len(batch), -1, batch.shape[-1])  # (images, pixels of the window, channels)
        winner = threads.argmax(axis=1, keepdims=True)  # the first of equals
        is_winner = np.arange(threads.shape[1])[:, np.newaxis] == winner
        here = arriving[:, row, column]  # (images, channels)
        gradient[view] += (is_winner * here[:, np.newaxis]).reshape(padded[view].shape)
    return _from_batch(window.trim(gradient), ndim)


def average_pool_gradient(
    image: ArrayLike,
    upstream: ArrayLike,
    *,
    pool_size: Pair = 2,
    strides: Pair | None = None,
    padding: str = "valid",
) -> Array:
    """Backpropagate through `average_pool`: the pixels of each window receive equal shares.

    Parameters
    ----------
    image : array_like
        What went into `average_pool`.
    upstream : array_like
        Gradient of the loss with respect to the output of `average_pool`, shape of that output, in loss per unit of
        output.
    pool_size, strides, padding
        As in `average_pool`.

    Returns
    -------
    ndarray
        Gradient with respect to the image, shape of `image`, in loss per unit of intensity.

    Raises
    ------
    TypeError
        As `average_pool`.
    ValueError
        As `average_pool`, or if `upstream` does not have the shape of the output.

    References
    ----------
    Goodfellow, Bengio & Courville (2016), *Deep Learning*, section 6.5: the chain rule, applied to a mean.

    Examples
    --------
    >>> average_pool_gradient([[1, 2, 0, 0], [3, 4, 0, 5]], upstream=[[4, 8]])
    array([[1., 1., 2., 2.],
           [1., 1., 2., 2.]])
    """
    batch, window, ndim = _prepare_pooling(image, pool_size, strides, padding)
    arriving = _prepare_upstream(upstream, (len(batch), *window.stops, batch.shape[-1]), ndim)
    real = _real_pixels(batch, window)
    gradient = np.zeros(window.pad(batch).shape, dtype=arriving.dtype)
    for row, column, view in window.positions():
        share = arriving[:, row, column] / real[view].sum()  # (images, channels)
        gradient[view] += share[:, np.newaxis, np.newaxis, :]
    return _from_batch(window.trim(gradient), ndim)


def relu_gradient(x: ArrayLike, upstream: ArrayLike) -> Array:
    """Backpropagate through `relu`: the gradient passes where `x` is positive and stops elsewhere.

    At exactly 0, where ReLU has no derivative, TensorFlow uses 0, and so does this function.

    Parameters
    ----------
    x : array_like
        What went into `relu`.
    upstream : array_like
        Gradient of the loss with respect to the output of `relu`, shape of `x`, in loss per unit of output.

    Returns
    -------
    ndarray
        Gradient with respect to `x`, shape of `x`, in loss per unit of input.

    Raises
    ------
    TypeError
        As `relu`.
    ValueError
        As `relu`, or if `upstream` does not have the shape of `x`.

    References
    ----------
    Glorot, Bordes & Bengio (2011), *Deep sparse rectifier neural networks*, AISTATS.

    Examples
    --------
    >>> relu_gradient([-2, 0, 3], upstream=[5, 5, 5])
    array([0., 0., 5.])
    """
    x = _floats("x", x, ndim=(0, 1, 2, 3, 4))
    arriving = _floats("upstream", upstream, ndim=(0, 1, 2, 3, 4))
    _require_shape("upstream", arriving.shape, x.shape)
    return np.where(x > 0, arriving, np.zeros_like(arriving))


def dense_gradients(x: ArrayLike, weights: ArrayLike, upstream: ArrayLike) -> DenseGradients:
    """Backpropagate through `dense`.

    Parameters
    ----------
    x, weights : array_like
        What went into `dense`.
    upstream : array_like
        Gradient of the loss with respect to the output of `dense`, shape of that output, in loss per unit of output.

    Returns
    -------
    DenseGradients
        Gradients with respect to x, weights and bias, in the shapes of these; the last two add up over a batch.

    Raises
    ------
    TypeError
        As `dense`.
    ValueError
        As `dense`, or if `upstream` does not have the shape of the output.

    References
    ----------
    Rumelhart, Hinton & Williams (1986), *Learning representations by back-propagating errors*, Nature 323,
    equations 6 and 7.

    Examples
    --------
    >>> gradients = dense_gradients([1, 2], [[1, 0], [3, 5]], upstream=[10, 1])
    >>> gradients.x
    array([10., 35.])
    >>> gradients.weights
    array([[10.,  1.],
           [20.,  2.]])
    >>> gradients.bias
    array([10.,  1.])
    """
    x, weights = _prepare_dense(x, weights)
    arriving = _floats("upstream", upstream, ndim=x.ndim)
    _require_shape("upstream", arriving.shape, (*x.shape[:-1], weights.shape[-1]))
    inputs, outputs = np.atleast_2d(x), np.atleast_2d(arriving)
    return DenseGradients(arriving @ weights.T, inputs.T @ outputs, outputs.sum(axis=0))


# The window that slides -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Window:
    """A window on its way over a padded image; every pair is (rows, columns)."""

    size: tuple[int, int]
    strides: tuple[int, int]
    dilation_rate: tuple[int, int]
    stops: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]  # (top, bottom), (left, right)

    def positions(self) -> Iterator[tuple[int, int, tuple[slice, slice, slice]]]:
        """Yield for each stop its row and column in the output, and the slices of a padded batch that it covers."""
        for row in range(self.stops[0]):
            for column in range(self.stops[1]):
                yield row, column, (slice(None), self._span(0, row), self._span(1, column))

    def _span(self, axis: int, stop: int) -> slice:
        first = stop * self.strides[axis]
        last = first + self.dilation_rate[axis] * (self.size[axis] - 1)
        return slice(first, last + 1, self.dilation_rate[axis])

    def pad(self, batch: Array, value: float = 0.0) -> Array:
        """Add pixels of that value around each image."""
        return np.pad(batch, ((0, 0), *self.padding, (0, 0)), constant_values=value)

    def trim(self, padded: Array) -> Array:
        """Take them away again."""
        (top, bottom), (left, right) = self.padding
        return padded[:, top : padded.shape[1] - bottom, left : padded.shape[2] - right]


def _slide(
    image: tuple[int, ...], size: tuple[int, ...], strides: tuple[int, int], padding: str, dilation: tuple[int, int]
) -> _Window:
    """Plan the way of a window over an image, both given as (rows, columns)."""
    stops, edges = [], []
    for pixels, taps, step, rate in zip(image, size, strides, dilation, strict=True):
        stops.append(output_size(pixels, taps, strides=step, padding=padding, dilation_rate=rate))
        edges.append(same_padding(pixels, taps, strides=step, dilation_rate=rate) if padding == "same" else (0, 0))
    return _Window((size[0], size[1]), strides, dilation, (stops[0], stops[1]), (edges[0], edges[1]))


def _real_pixels(batch: Array, window: _Window) -> Array:
    """Return 1 for each pixel of the image and 0 for the padding around it: one padded image, one channel."""
    return window.pad(np.ones((1, *batch.shape[1:3], 1), dtype=batch.dtype))


# What may come in -----------------------------------------------------------------------------------------------


def _floats(name: str, values: ArrayLike, *, ndim: int | tuple[int, ...]) -> Array:
    array = finite(name, values, ndim=ndim)
    return array if np.issubdtype(array.dtype, np.floating) else array.astype(np.float64)


def _to_batch(image: Array) -> Array:
    """Give an image its missing axes: one image, one channel."""
    if image.ndim == 2:
        return image[np.newaxis, :, :, np.newaxis]
    return image[np.newaxis] if image.ndim == 3 else image


def _from_batch(batch: Array, ndim: int) -> Array:
    """Take the axes away again that `_to_batch` gave."""
    if ndim == 2:
        return batch[0, :, :, 0]
    return batch[0] if ndim == 3 else batch


def _prepare_convolution(
    image: ArrayLike, kernels: ArrayLike, strides: Pair, padding: str, dilation_rate: Pair
) -> tuple[Array, Array, _Window, int]:
    """Return the image as a batch, the kernels with four axes, the window, and the number of the image's axes."""
    pixels = _floats("image", image, ndim=(2, 3, 4))
    weights = _floats("kernels", kernels, ndim=(2, 4))
    if (pixels.ndim == 2) != (weights.ndim == 2):
        raise ValueError(
            "kernels must have 2 axes for an image without a channel axis, and 4 for an image with one. "
            f"Received: image with shape {pixels.shape}, kernels with shape {weights.shape}"
        )
    if weights.ndim == 2:
        weights = weights[:, :, np.newaxis, np.newaxis]
    batch = _to_batch(pixels)
    if weights.shape[2] != batch.shape[3]:
        raise ValueError(
            "kernels must have as many input channels as the image. "
            f"Received: image with {batch.shape[3]}, kernels with {weights.shape[2]}"
        )
    steps, rates = pair("strides", strides), pair("dilation_rate", dilation_rate)
    if max(steps) > 1 and max(rates) > 1:
        raise ValueError(
            "strides > 1 must not be combined with dilation_rate > 1 (Keras refuses it, too). "
            f"Received: strides={steps}, dilation_rate={rates}"
        )
    return batch, weights, _slide(batch.shape[1:3], weights.shape[:2], steps, padding, rates), pixels.ndim


def _prepare_pooling(
    image: ArrayLike, pool_size: Pair, strides: Pair | None, padding: str
) -> tuple[Array, _Window, int]:
    """Return the image as a batch, the window, and the number of the image's axes."""
    pixels = _floats("image", image, ndim=(2, 3, 4))
    batch = _to_batch(pixels)
    size = pair("pool_size", pool_size)
    steps = size if strides is None else pair("strides", strides)
    height, width = batch.shape[1:3]
    if padding == "valid" and (size[0] > height or size[1] > width):
        raise ValueError(
            'the pooling window must fit into the image when padding="valid". '
            f"Received: image of {height}×{width}, pool_size={size}"
        )
    return batch, _slide((height, width), size, steps, padding, (1, 1)), pixels.ndim


def _prepare_dense(x: ArrayLike, weights: ArrayLike) -> tuple[Array, Array]:
    vectors, matrix = _floats("x", x, ndim=(1, 2)), _floats("weights", weights, ndim=2)
    if vectors.shape[-1] != matrix.shape[0]:
        raise ValueError(
            "weights must have one row for each input. "
            f"Received: {vectors.shape[-1]} inputs, weights with {matrix.shape[0]} rows"
        )
    return vectors, matrix


def _prepare_bias(bias: ArrayLike, count: int, *, ndim: int) -> Array:
    numbers = _floats("bias", bias, ndim=ndim)
    if numbers.size != count:
        raise ValueError(f"bias must hold one number for each filter or unit: {count}. Received: {numbers.size}")
    return numbers


def _prepare_upstream(upstream: ArrayLike, output: tuple[int, ...], ndim: int) -> Array:
    """Return the upstream gradient as a batch, if it has the shape of the output."""
    arriving = _floats("upstream", upstream, ndim=ndim)
    expected = _from_batch(np.empty(output), ndim).shape
    _require_shape("upstream", arriving.shape, expected)
    return _to_batch(arriving)


def _require_shape(name: str, shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if shape != expected:
        raise ValueError(f"{name} must have the shape of the output, {expected}. Received: shape={shape}")
