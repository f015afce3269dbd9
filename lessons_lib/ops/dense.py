"""The dense layer with its gradients, and the flattening of an image into its input."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lessons_lib._check import finite
from lessons_lib.ops.arrays import Array, bias_of, floats, upstream_of


def flatten(image: ArrayLike) -> Array:
    """Put the pixels of an image into one vector, row by row.

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
        If `image` is not an array of real numbers.
    ValueError
        If `image` does not have 2, 3 or 4 axes, is empty, or holds NaN or infinity.

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
    """Compute one weighted sum of all inputs for each unit: ``x @ weights + bias``.

    Parameters
    ----------
    x : array_like
        One vector, shape ``(inputs,)``, or a batch, shape ``(vectors, inputs)``.
    weights : array_like
        Shape ``(inputs, units)``: one column for each unit.
    bias : array_like, optional
        One number for each unit, shape ``(units,)``.

    Returns
    -------
    ndarray
        Shape ``(units,)`` or ``(vectors, units)``. float32 if `x` and `weights` are both float32, otherwise float64.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If the shapes do not fit together, an array is empty, or a number is NaN or infinite.

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
        z += bias_of(bias, weights.shape[-1], ndim=1)
    return z


class DenseGradients(NamedTuple):
    """Gradients of a loss with respect to the arguments of `dense`.

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


def dense_gradients(x: ArrayLike, weights: ArrayLike, upstream: ArrayLike) -> DenseGradients:
    """Backpropagate through `dense`.

    Parameters
    ----------
    x, weights : array_like
        The arguments of `dense`.
    upstream : array_like
        Gradient of the loss with respect to the output of `dense`, shape of that output, in loss per unit of output.

    Returns
    -------
    DenseGradients
        Gradients with respect to x, weights and bias, in the shapes of these. The last two are sums over the batch.
        float32 if `x`, `weights` and `upstream` are all float32, otherwise float64.

    Raises
    ------
    TypeError
        As for `dense`.
    ValueError
        As for `dense`, or if `upstream` does not have the shape of the output.

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
    upstream = upstream_of(upstream, (*x.shape[:-1], weights.shape[-1]))
    upstream = upstream.astype(np.result_type(x, weights, upstream))
    x_batch, upstream_batch = np.atleast_2d(x), np.atleast_2d(upstream)
    return DenseGradients(upstream @ weights.T, x_batch.T @ upstream_batch, upstream_batch.sum(axis=0))


def _prepare_dense(x: ArrayLike, weights: ArrayLike) -> tuple[Array, Array]:
    """Return the input and the weights as floating-point numbers, if their shapes fit together."""
    vectors, matrix = floats("x", x, ndim=(1, 2)), floats("weights", weights, ndim=2)
    if vectors.shape[-1] != matrix.shape[0]:
        raise ValueError(
            "weights must have one row for each input. "
            f"Received: {vectors.shape[-1]} inputs, weights with {matrix.shape[0]} rows"
        )
    return vectors, matrix
