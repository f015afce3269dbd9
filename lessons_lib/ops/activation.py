"""Activation functions: ReLU with its gradient, and softmax."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lessons_lib.ops.arrays import Array, floats, upstream_of


def relu(x: ArrayLike) -> Array:
    """Apply the rectified linear unit: negative numbers become zero, and positive numbers do not change.

    Parameters
    ----------
    x : array_like
        Numbers in an array with at most four axes.

    Returns
    -------
    ndarray
        ``max(0, x)``, element by element, shape of `x`; float32 if `x` is float32, otherwise float64.

    Raises
    ------
    TypeError
        If `x` is not an array of real numbers.
    ValueError
        If `x` has more than four axes, is empty, or holds NaN or infinity.

    References
    ----------
    Nair & Hinton (2010), *Rectified linear units improve restricted Boltzmann machines*, ICML.

    Examples
    --------
    >>> relu([-2, 0, 3])
    array([0., 0., 3.])
    """
    x = floats("x", x, ndim=(0, 1, 2, 3, 4))
    return np.where(x > 0, x, np.zeros_like(x))


def relu_gradient(x: ArrayLike, upstream: ArrayLike) -> Array:
    """Backpropagate through `relu`: the upstream gradient where `x` is positive, and zero elsewhere.

    At exactly 0, where ReLU has no derivative, this function uses 0, as TensorFlow does.

    Parameters
    ----------
    x : array_like
        The argument of `relu`.
    upstream : array_like
        Gradient of the loss with respect to the output of `relu`, shape of `x`, in loss per unit of output.

    Returns
    -------
    ndarray
        Gradient with respect to `x`, shape of `x`, in loss per unit of input. float32 if `upstream` is float32,
        otherwise float64.

    Raises
    ------
    TypeError
        As for `relu`.
    ValueError
        As for `relu`, or if `upstream` does not have the shape of `x`.

    References
    ----------
    Glorot, Bordes & Bengio (2011), *Deep sparse rectifier neural networks*, AISTATS.

    Examples
    --------
    >>> relu_gradient([-2, 0, 3], upstream=[5, 5, 5])
    array([0., 0., 5.])
    """
    x = floats("x", x, ndim=(0, 1, 2, 3, 4))
    upstream = upstream_of(upstream, x.shape)
    return np.where(x > 0, upstream, np.zeros_like(upstream))


def softmax(z: ArrayLike) -> Array:
    """Turn logits into probabilities: positive numbers with the sum 1.

    The largest logit is subtracted first. This does not change the result, and it prevents an overflow of ``exp``.

    Parameters
    ----------
    z : array_like
        Logits in an array with one to four axes; the classes are on the last axis.

    Returns
    -------
    ndarray
        ``exp(z) / sum(exp(z))`` along the last axis, shape of `z`. float32 if `z` is float32, otherwise
        float64.

    Raises
    ------
    TypeError
        If `z` is not an array of real numbers.
    ValueError
        If `z` has no axis or more than four, is empty, or holds NaN or infinity.

    References
    ----------
    Goodfellow, Bengio & Courville (2016), *Deep Learning*, sections 4.1 and 6.2.2.3.

    Examples
    --------
    >>> softmax([1, 1, 1, 1])
    array([0.25, 0.25, 0.25, 0.25])
    """
    z = floats("z", z, ndim=(1, 2, 3, 4))
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    probabilities: Array = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities
