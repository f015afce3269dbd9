"""The arrays that the operations accept: numbers, images as a batch, biases and upstream gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib._check import finite

Array: TypeAlias = NDArray[Any]
Pair: TypeAlias = int | Sequence[int]


def floats(name: str, values: ArrayLike, *, ndim: int | tuple[int, ...]) -> Array:
    """Return an array of float32 or float64 with one of the given numbers of axes.

    Parameters
    ----------
    name : str
        The name of the values in error messages.
    values : array_like
        Finite real numbers.
    ndim : int or tuple of int
        The numbers of axes that are accepted.

    Returns
    -------
    ndarray
        The values themselves if they are float32 or float64, otherwise a float64 copy of them.

    Raises
    ------
    TypeError
        If the values are not real numbers.
    ValueError
        If the number of axes is not among `ndim`, the array is empty, or a value is NaN or infinite.

    Examples
    --------
    >>> floats("image", [1, 2], ndim=1)
    array([1., 2.])
    """
    array = finite(name, values, ndim=ndim)
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def to_batch(image: Array) -> Array:
    """Return an image as a batch with a channel axis.

    Parameters
    ----------
    image : ndarray
        Shape ``(height, width)``, ``(height, width, channels)`` or ``(images, height, width, channels)``.

    Returns
    -------
    ndarray
        Shape ``(images, height, width, channels)``, a view of `image`.

    Examples
    --------
    >>> to_batch(np.ones((4, 5))).shape
    (1, 4, 5, 1)
    """
    if image.ndim == 2:
        return image[np.newaxis, :, :, np.newaxis]
    return image[np.newaxis] if image.ndim == 3 else image


def from_batch(batch: Array, ndim: int) -> Array:
    """Remove the axes that `to_batch` has added to an image with `ndim` axes.

    Parameters
    ----------
    batch : ndarray
        Shape ``(images, height, width, channels)``.
    ndim : int
        Number of axes of the image that became this batch: 2, 3 or 4.

    Returns
    -------
    ndarray
        A view of `batch` with `ndim` axes.

    Examples
    --------
    >>> from_batch(np.ones((1, 4, 5, 1)), ndim=2).shape
    (4, 5)
    """
    if ndim == 2:
        return batch[0, :, :, 0]
    return batch[0] if ndim == 3 else batch


def bias_of(bias: ArrayLike, count: int, *, ndim: int) -> Array:
    """Return the bias as an array of `count` numbers.

    Parameters
    ----------
    bias : array_like
        Shape ``(count,)``, or a single number if `ndim` is 0.
    count : int
        Number of filters or units.
    ndim : int
        Number of axes that the bias must have: 0 or 1.

    Returns
    -------
    ndarray
        The bias, in the shape that it has.

    Raises
    ------
    TypeError
        If the bias is not an array of real numbers.
    ValueError
        If the bias has another shape, or a number is NaN or infinite.

    Examples
    --------
    >>> bias_of([1, 2], 2, ndim=1)
    array([1., 2.])
    """
    numbers = floats("bias", bias, ndim=ndim)
    if numbers.size != count:
        raise ValueError(f"bias must hold one number for each filter or unit: {count}. Received: {numbers.size}")
    return numbers


def upstream_of(upstream: ArrayLike, output: tuple[int, ...]) -> Array:
    """Return the upstream gradient if it has the shape of the output.

    Parameters
    ----------
    upstream : array_like
        Gradient of the loss with respect to an output.
    output : tuple of int
        Shape of that output.

    Returns
    -------
    ndarray
        The gradient as floating-point numbers.

    Raises
    ------
    TypeError
        If the gradient is not an array of real numbers.
    ValueError
        If the gradient does not have the shape `output`, or a number is NaN or infinite.

    Examples
    --------
    >>> upstream_of([1, 2], (2,))
    array([1., 2.])
    """
    upstream = floats("upstream", upstream, ndim=len(output))
    if upstream.shape != output:
        raise ValueError(f"upstream must have the shape of the output, {output}. Received: shape={upstream.shape}")
    return upstream


def upstream_batch(upstream: ArrayLike, output: tuple[int, ...], ndim: int) -> Array:
    """Return the upstream gradient as a batch if it has the shape of the output.

    Parameters
    ----------
    upstream : array_like
        Gradient of the loss with respect to an output that has `ndim` axes.
    output : tuple of int
        Shape of that output as a batch, ``(images, rows, columns, channels)``.
    ndim : int
        Number of axes of the input image, which the output has too: 2, 3 or 4.

    Returns
    -------
    ndarray
        Shape `output`.

    Raises
    ------
    TypeError, ValueError
        As for `upstream_of`.

    Examples
    --------
    >>> upstream_batch([[1, 2]], (1, 1, 2, 1), ndim=2).shape
    (1, 1, 2, 1)
    """
    shape = {2: output[1:3], 3: output[1:], 4: output}[ndim]
    return to_batch(upstream_of(upstream, shape))
