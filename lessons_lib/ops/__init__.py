"""The operations of a convolutional network by hand, in NumPy: short, slow and readable.

Each operation stands beside its own gradient. Shapes follow Keras: an image is ``(height, width)`` or
``(height, width, channels)``, a batch is ``(images, height, width, channels)``, and kernels are
``(kernel height, kernel width, channels, filters)``.

Arrays of float32 and float64 are computed in their own type; every other type (whole numbers, bool, float16) is
computed as float64. The arguments are never modified, and no result shares memory with them.
"""

from __future__ import annotations

from lessons_lib.ops.activation import relu, relu_gradient, softmax
from lessons_lib.ops.arrays import Array, Pair
from lessons_lib.ops.convolution import ConvolutionGradients, convolution_matrix, convolve, convolve_gradients
from lessons_lib.ops.dense import DenseGradients, dense, dense_gradients, flatten
from lessons_lib.ops.pooling import average_pool, average_pool_gradient, max_pool, max_pool_gradient
from lessons_lib.ops.window import same_padding

__all__ = [  # noqa: RUF022 (the order of the reference page: an operation, then its gradient)
    "same_padding",
    "convolve",
    "ConvolutionGradients",
    "convolve_gradients",
    "convolution_matrix",
    "max_pool",
    "max_pool_gradient",
    "average_pool",
    "average_pool_gradient",
    "relu",
    "relu_gradient",
    "softmax",
    "flatten",
    "dense",
    "DenseGradients",
    "dense_gradients",
    "Array",
    "Pair",
]
