"""Convolution with its gradients, and the weights of the dense layer that computes the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from lessons_lib._check import pair, whole_number
from lessons_lib.ops.arrays import Array, Pair, bias_of, floats, from_batch, to_batch, upstream_batch
from lessons_lib.ops.window import Window


def convolve(
    image: ArrayLike,
    kernels: ArrayLike,
    *,
    bias: ArrayLike | None = None,
    strides: Pair = 1,
    padding: str = "valid",
    dilation_rate: Pair = 1,
) -> Array:
    """Slide kernels over an image: at each position multiply element by element, add all products, add the bias.

    Keras's `Conv2D` computes the same. In mathematics the operation is called cross-correlation, because the
    kernel is not flipped.

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
        Step from one position to the next, in pixels (rows, columns).
    padding : {"valid", "same"}
        "valid": the kernel stays inside the image. "same": zeros are added around it, see `same_padding`.
    dilation_rate : int or pair of int
        Distance between neighbouring taps of the kernel, in pixels (rows, columns).

    Returns
    -------
    ndarray
        The feature maps, shape ``(rows, columns)``, ``(rows, columns, filters)`` or
        ``(images, rows, columns, filters)``. The number of rows is ``floor((height - extent) / strides) + 1`` for
        "valid", where ``extent = dilation_rate * (kernel height - 1) + 1``, and ``ceil(height / strides)`` for
        "same"; the number of columns likewise. float32 if image and kernels are both float32, otherwise float64.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a whole number.
    ValueError
        If the shapes do not fit together, an array is empty, a number is NaN or infinite, a setting is below 1,
        `padding` is unknown, the kernel does not fit into the image and `padding` is "valid", or strides and
        dilation rate are both above 1 (which Keras does not accept either).

    References
    ----------
    Goodfellow, Bengio & Courville (2016), *Deep Learning*, equation 9.6; Dumoulin & Visin (2016), arXiv:1603.07285.

    Examples
    --------
    This kernel gives 1 where the image changes from 0 to 1, and 0 where it does not change:

    >>> convolve([[0, 0, 1, 1], [0, 0, 1, 1]], [[-1, 1]])
    array([[0., 1., 0.],
           [0., 1., 0.]])
    """
    batch, weights, window, ndim = _prepare_convolution(image, kernels, strides, padding, dilation_rate)
    padded = window.pad(batch)
    maps = np.zeros((len(batch), *window.output, weights.shape[-1]), np.result_type(batch, weights))
    if bias is not None:
        maps += bias_of(bias, weights.shape[-1], ndim=0 if ndim == 2 else 1)
    for row, column, view in window.positions():
        patches = padded[view]  # (images, kernel height, kernel width, channels)
        maps[:, row, column] += np.einsum("nijc,ijcf->nf", patches, weights)  # Multiply, then add over i, j and c.
    return from_batch(maps, ndim)


class ConvolutionGradients(NamedTuple):
    """Gradients of a loss with respect to the arguments of `convolve`.

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

    At each position of the kernel, the output contains the product of each covered pixel and its weight. The
    gradient of the pixel is the weight times the upstream gradient, and the gradient of the weight is the pixel
    times the upstream gradient; both are summed over all positions. With stride 1 the gradient of the image is
    therefore a convolution of `upstream` with the flipped kernels, and the gradient of the kernels is a convolution
    of the image with `upstream`.

    Parameters
    ----------
    image, kernels : array_like
        The arguments of `convolve`.
    upstream : array_like
        Gradient of the loss with respect to the output of `convolve`, shape of that output, in loss per unit of
        output.
    strides, padding, dilation_rate
        The settings of `convolve`.

    Returns
    -------
    ConvolutionGradients
        Gradients with respect to image, kernels and bias, in the shapes of these. float32 if image, kernels and
        upstream are all float32, otherwise float64.

    Raises
    ------
    TypeError
        As for `convolve`.
    ValueError
        As for `convolve`, or if `upstream` does not have the shape of the output.

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
    upstream = upstream_batch(upstream, (len(batch), *window.output, weights.shape[-1]), ndim)
    padded = window.pad(batch)
    dtype = np.result_type(batch, weights, upstream)
    padded_gradient, weights_gradient = np.zeros(padded.shape, dtype), np.zeros(weights.shape, dtype)
    for row, column, view in window.positions():
        upstream_here = upstream[:, row, column]  # (images, filters)
        padded_gradient[view] += np.einsum("nf,ijcf->nijc", upstream_here, weights)
        weights_gradient += np.einsum("nf,nijc->ijcf", upstream_here, padded[view])
    bias_gradient = upstream.sum(axis=(0, 1, 2), dtype=dtype)
    image_gradient = from_batch(window.trim(padded_gradient), ndim)
    if ndim == 2:
        return ConvolutionGradients(image_gradient, weights_gradient[:, :, 0, 0], bias_gradient.reshape(()))
    return ConvolutionGradients(image_gradient, weights_gradient, bias_gradient)


def convolution_matrix(kernel: ArrayLike, height: int, width: int) -> Array:
    """Return the weights of the dense layer that computes the same as one kernel with stride 1 and without padding.

    Each column holds the weights of one unit, which stands for one position of the kernel: the weights of the kernel
    at the pixels that it covers there, and zero at all others. ``flatten(image) @ matrix`` equals
    ``flatten(convolve(image, kernel))``.

    Parameters
    ----------
    kernel : array_like
        Weights, shape ``(kernel height, kernel width)``.
    height, width : int
        Size of the image, in pixels.

    Returns
    -------
    ndarray
        Shape ``(height * width, rows * columns)`` for a feature map with `rows` rows and `columns` columns. float32
        if the kernel is float32, otherwise float64.

    Raises
    ------
    TypeError
        If `kernel` is not an array of real numbers, or a size is not a whole number.
    ValueError
        If the kernel does not have two axes, does not fit into the image, is empty or holds NaN or infinity, or a
        size is below 1.

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
    kernel = floats("kernel", kernel, ndim=2)
    height, width = whole_number("height", height), whole_number("width", width)
    window = Window.over((height, width), kernel.shape)
    columns = []
    for _, _, view in window.positions():
        unit = np.zeros((1, height, width), dtype=kernel.dtype)
        unit[view] = kernel
        columns.append(unit.reshape(-1))
    return np.stack(columns, axis=1)


def _prepare_convolution(
    image: ArrayLike, kernels: ArrayLike, strides: Pair, padding: str, dilation_rate: Pair
) -> tuple[Array, Array, Window, int]:
    """Return the image as a batch, the kernels with four axes, the window, and how many axes the image has."""
    pixels = floats("image", image, ndim=(2, 3, 4))
    weights = floats("kernels", kernels, ndim=(2, 4))
    if (pixels.ndim == 2) != (weights.ndim == 2):
        raise ValueError(
            "kernels must have 2 axes for an image without a channel axis, and 4 for an image with one. "
            f"Received: image with shape {pixels.shape}, kernels with shape {weights.shape}"
        )
    if weights.ndim == 2:
        weights = weights[:, :, np.newaxis, np.newaxis]
    batch = to_batch(pixels)
    if weights.shape[2] != batch.shape[3]:
        raise ValueError(
            "kernels must have as many input channels as the image. "
            f"Received: image with {batch.shape[3]}, kernels with {weights.shape[2]}"
        )
    steps, rates = pair("strides", strides), pair("dilation_rate", dilation_rate)
    if max(steps) > 1 and max(rates) > 1:
        raise ValueError(
            "strides > 1 must not be combined with dilation_rate > 1 (Keras does not accept it either). "
            f"Received: strides={steps}, dilation_rate={rates}"
        )
    window = Window.over(batch.shape[1:3], weights.shape[:2], strides=steps, padding=padding, dilation_rate=rates)
    return batch, weights, window, pixels.ndim
