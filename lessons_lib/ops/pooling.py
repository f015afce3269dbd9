"""Max pooling and average pooling, each with its gradient."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lessons_lib._check import pair
from lessons_lib.ops.arrays import Array, Pair, floats, from_batch, to_batch, upstream_batch
from lessons_lib.ops.window import Window


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
        Step from one position to the next, in pixels (rows, columns); by default `pool_size`.
    padding : {"valid", "same"}
        "valid": the window stays inside the image. "same": the window may extend over the edge of the image; the
        pixels outside the image are ignored.

    Returns
    -------
    ndarray
        The pooled maps, with as many axes, images and channels as `image`. float32 if the image is float32,
        otherwise float64.

    Raises
    ------
    TypeError
        If `image` is not an array of real numbers, or a setting is not a whole number.
    ValueError
        If `image` has another number of axes, is empty or holds NaN or infinity, a setting is below 1, `padding` is
        unknown, or the window does not fit into the image and `padding` is "valid".

    References
    ----------
    Dumoulin & Visin (2016), arXiv:1603.07285, chapter 3.

    Examples
    --------
    >>> max_pool([[1, 2, 0, 0], [3, 4, 0, 5]])
    array([[4., 5.]])
    """
    batch, window, ndim = _prepare_pooling(image, pool_size, strides, padding)
    padded = window.pad(batch, value=-np.inf)  # Padding is never the maximum.
    pooled = np.zeros((len(batch), *window.output, batch.shape[-1]), dtype=batch.dtype)
    for row, column, view in window.positions():
        pooled[:, row, column] = padded[view].max(axis=(1, 2))
    return from_batch(pooled, ndim)


def max_pool_gradient(
    image: ArrayLike,
    upstream: ArrayLike,
    *,
    pool_size: Pair = 2,
    strides: Pair | None = None,
    padding: str = "valid",
) -> Array:
    """Backpropagate through `max_pool`: in each window, only the largest pixel receives the upstream gradient.

    If several pixels of a window share the maximum, the first of them, row by row, receives the gradient, as in
    TensorFlow. The gradients of overlapping windows are added.

    Parameters
    ----------
    image : array_like
        The argument of `max_pool`.
    upstream : array_like
        Gradient of the loss with respect to the output of `max_pool`, shape of that output, in loss per unit of
        output.
    pool_size, strides, padding
        The settings of `max_pool`.

    Returns
    -------
    ndarray
        Gradient with respect to the image, shape of `image`, in loss per unit of intensity. float32 if `upstream`
        is float32, otherwise float64.

    Raises
    ------
    TypeError
        As for `max_pool`.
    ValueError
        As for `max_pool`, or if `upstream` does not have the shape of the output.

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
    upstream = upstream_batch(upstream, (len(batch), *window.output, batch.shape[-1]), ndim)
    padded = window.pad(batch, value=-np.inf)
    gradient = np.zeros(padded.shape, dtype=upstream.dtype)
    for row, column, view in window.positions():
        pixels = padded[view].reshape(len(batch), -1, batch.shape[-1])  # (images, pixels of the window, channels)
        largest = pixels.argmax(axis=1, keepdims=True)  # argmax returns the first of several equal pixels.
        is_largest = np.arange(pixels.shape[1])[:, np.newaxis] == largest
        upstream_here = upstream[:, row, column]  # (images, channels)
        gradient[view] += (is_largest * upstream_here[:, np.newaxis]).reshape(padded[view].shape)
    return from_batch(window.trim(gradient), ndim)


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
        Step from one position to the next, in pixels (rows, columns); by default `pool_size`.
    padding : {"valid", "same"}
        "valid": the window stays inside the image. "same": the window may extend over the edge of the image; as in
        Keras, the pixels outside the image are not counted in the mean.

    Returns
    -------
    ndarray
        The pooled maps, with as many axes, images and channels as `image`. float32 if the image is float32,
        otherwise float64.

    Raises
    ------
    TypeError
        If `image` is not an array of real numbers, or a setting is not a whole number.
    ValueError
        If `image` has another number of axes, is empty or holds NaN or infinity, a setting is below 1, `padding` is
        unknown, or the window does not fit into the image and `padding` is "valid".

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
    pooled = np.zeros((len(batch), *window.output, batch.shape[-1]), dtype=batch.dtype)
    real = _real_pixels(batch, window)
    for row, column, view in window.positions():
        pooled[:, row, column] = padded[view].sum(axis=(1, 2)) / real[view].sum()
    return from_batch(pooled, ndim)


def average_pool_gradient(
    image: ArrayLike,
    upstream: ArrayLike,
    *,
    pool_size: Pair = 2,
    strides: Pair | None = None,
    padding: str = "valid",
) -> Array:
    """Backpropagate through `average_pool`: the pixels of a window receive equal parts of the upstream gradient.

    The gradients of overlapping windows are added.

    Parameters
    ----------
    image : array_like
        The argument of `average_pool`.
    upstream : array_like
        Gradient of the loss with respect to the output of `average_pool`, shape of that output, in loss per unit of
        output.
    pool_size, strides, padding
        The settings of `average_pool`.

    Returns
    -------
    ndarray
        Gradient with respect to the image, shape of `image`, in loss per unit of intensity. float32 if `upstream`
        is float32, otherwise float64.

    Raises
    ------
    TypeError
        As for `average_pool`.
    ValueError
        As for `average_pool`, or if `upstream` does not have the shape of the output.

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
    upstream = upstream_batch(upstream, (len(batch), *window.output, batch.shape[-1]), ndim)
    real = _real_pixels(batch, window)
    gradient = np.zeros(window.pad(batch).shape, dtype=upstream.dtype)
    for row, column, view in window.positions():
        share = upstream[:, row, column] / real[view].sum()  # (images, channels)
        gradient[view] += share[:, np.newaxis, np.newaxis, :]
    return from_batch(window.trim(gradient), ndim)


def _prepare_pooling(
    image: ArrayLike, pool_size: Pair, strides: Pair | None, padding: str
) -> tuple[Array, Window, int]:
    """Return the image as a batch, the window, and how many axes the image has."""
    pixels = floats("image", image, ndim=(2, 3, 4))
    batch = to_batch(pixels)
    size = pair("pool_size", pool_size)
    steps = size if strides is None else pair("strides", strides)
    window = Window.over(batch.shape[1:3], size, strides=steps, padding=padding, name="pooling window")
    return batch, window, pixels.ndim


def _real_pixels(batch: Array, window: Window) -> Array:
    """Return a padded image with one channel that is 1 inside the image and 0 in the padding."""
    return window.pad(np.ones((1, *batch.shape[1:3], 1), dtype=batch.dtype))
