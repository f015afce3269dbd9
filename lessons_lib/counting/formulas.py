"""Single formulas: output size, parameters, multiply-adds and the receptive field of a stack of layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from lessons_lib._check import choice, pair, sequence, whole_number


def output_size(
    size: int, kernel_size: int, *, strides: int = 1, padding: str = "valid", dilation_rate: int = 1
) -> int:
    """Return the length of a feature map along one axis.

    Parameters
    ----------
    size : int
        Length of the input along that axis, in pixels.
    kernel_size : int
        Length of the kernel (or of the pooling window) along that axis, in pixels.
    strides : int
        Step from one position of the kernel to the next, in pixels.
    padding : {"valid", "same"}
        "valid": the kernel stays inside the input. "same": zeros are added at the edges, so that the output has the
        length of the input if the stride is 1.
    dilation_rate : int
        Distance between neighbouring taps of the kernel, in pixels.

    Returns
    -------
    int
        Length of the output along that axis, in pixels: ``floor((size - extent) / strides) + 1`` for "valid", where
        ``extent = dilation_rate * (kernel_size - 1) + 1``, and ``ceil(size / strides)`` for "same".

    Raises
    ------
    TypeError
        If a number is not a whole number.
    ValueError
        If a number is below 1, `padding` is unknown, or the dilated kernel is longer than the input and `padding`
        is "valid".

    References
    ----------
    Dumoulin & Visin (2016), arXiv:1603.07285, relationships 5, 6 and 15.

    Examples
    --------
    >>> output_size(50, 3)
    48
    >>> output_size(28, 3, strides=2, padding="same")
    14
    """
    size = whole_number("size", size)
    kernel_size = whole_number("kernel_size", kernel_size)
    strides = whole_number("strides", strides)
    dilation_rate = whole_number("dilation_rate", dilation_rate)
    if choice("padding", padding, ("valid", "same")) == "same":
        return -(-size // strides)
    extent = dilation_rate * (kernel_size - 1) + 1
    if extent > size:
        raise ValueError(
            'the kernel must fit into the input when padding="valid". '
            f"Received: size={size}, kernel_size={kernel_size}, dilation_rate={dilation_rate} (extent {extent})"
        )
    return (size - extent) // strides + 1


def convolution_parameters(
    kernel_size: int | tuple[int, int], input_channels: int, filters: int, *, use_bias: bool = True
) -> int:
    """Return the number of parameters of a 2-D convolution: ``(rows * columns * input_channels + 1) * filters``.

    The size of the image is not in the formula: every position uses the same weights.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Rows and columns of the kernel, in pixels; one number stands for both.
    input_channels : int
        Number of channels of the input; every filter spans all of them.
    filters : int
        Number of filters, which is the number of channels of the output.
    use_bias : bool
        Whether each filter has one bias.

    Returns
    -------
    int
        Number of weights and biases.

    Raises
    ------
    TypeError, ValueError
        If a number is not a whole number of at least 1.

    Examples
    --------
    >>> convolution_parameters(3, input_channels=3, filters=10)
    280
    """
    weights = convolution_multiply_adds(kernel_size, input_channels, filters, 1)
    return weights + (filters if use_bias else 0)


def dense_parameters(inputs: int, units: int, *, use_bias: bool = True) -> int:
    """Return the number of parameters of a dense layer: ``(inputs + 1) * units``.

    Without the biases, this is also its number of multiply-adds per example, because every weight is used once.

    Parameters
    ----------
    inputs : int
        Number of input values.
    units : int
        Number of neurons, which is the number of output values.
    use_bias : bool
        Whether each neuron has one bias.

    Returns
    -------
    int
        Number of weights and biases.

    Raises
    ------
    TypeError, ValueError
        If a number is not a whole number of at least 1.

    Examples
    --------
    >>> dense_parameters(50 * 50 * 3, 48 * 48 * 10)
    172823040
    """
    inputs = whole_number("inputs", inputs)
    units = whole_number("units", units)
    return (inputs + (1 if use_bias else 0)) * units


def convolution_multiply_adds(
    kernel_size: int | tuple[int, int], input_channels: int, filters: int, map_size: int | tuple[int, int]
) -> int:
    """Return the number of multiply-adds of a 2-D convolution for one example.

    Each position of the feature map uses every weight once. Biases are not counted. Products with the zeros of
    ``padding="same"`` are counted.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Rows and columns of the kernel, in pixels; one number stands for both.
    input_channels, filters : int
        Channels of the input and of the output.
    map_size : int or (int, int)
        Rows and columns of the output (see `output_size`), in pixels; one number stands for both.

    Returns
    -------
    int
        Number of multiplications, each with its addition.

    Raises
    ------
    TypeError, ValueError
        If a number is not a whole number of at least 1.

    Examples
    --------
    >>> convolution_multiply_adds(3, input_channels=3, filters=10, map_size=output_size(50, 3))
    622080
    """
    kernel = math.prod(pair("kernel_size", kernel_size))
    channels = whole_number("input_channels", input_channels)
    positions = math.prod(pair("map_size", map_size))
    return kernel * channels * whole_number("filters", filters) * positions


class ReceptiveField(NamedTuple):
    """The part of the input on which one value of a feature map depends, along one axis and in pixels.

    Output ``i`` depends on the pixels ``start + i * jump`` to ``start + i * jump + size - 1``.
    """

    size: int
    jump: int
    start: int

    def through(self, kernel_size: int, strides: int, dilation_rate: int = 1, padding: int = 0) -> ReceptiveField:
        """Return the receptive field after one more layer; see `receptive_field` for the numbers."""
        reach = (kernel_size - 1) * dilation_rate
        return ReceptiveField(self.size + reach * self.jump, self.jump * strides, self.start - padding * self.jump)


def receptive_field(layers: Sequence[Sequence[int]]) -> ReceptiveField:
    """Return the receptive field of a stack of convolution and pooling layers along one axis.

    Parameters
    ----------
    layers : sequence of sequences of int
        From the first layer to the last: ``(kernel_size, strides)``, in pixels of the layer's own input. A third
        number is the dilation rate (1 if not given), a fourth the padding before the first pixel (0 if not given).

    Returns
    -------
    ReceptiveField
        `size` is the length of the field, `jump` the distance from the field of one output to that of the next, and
        `start` the first pixel of the field of output 0 (below 0 in the padding), all in pixels of the input. The
        input itself has (1, 1, 0).

    Raises
    ------
    TypeError
        If `layers` or a layer is a single number, or a number is not a whole number.
    ValueError
        If a layer has fewer than two or more than four numbers, a padding is below 0 or another number below 1.

    Notes
    -----
    The field holds all pixels on which an output can depend. Near the border it extends over the edge of the input, and
    the weights decide how much each pixel contributes.

    References
    ----------
    Araujo, Norris & Sim (2019), "Computing Receptive Fields of Convolutional Neural Networks",
    doi:10.23915/distill.00021.

    Examples
    --------
    Two 3×3 convolutions have the receptive field of one 5×5 convolution; pooling between them makes it larger.

    >>> receptive_field([(3, 1), (3, 1)])
    ReceptiveField(size=5, jump=1, start=0)
    >>> receptive_field([(3, 1), (2, 2), (3, 1)])
    ReceptiveField(size=8, jump=2, start=0)
    """
    field = ReceptiveField(1, 1, 0)
    for layer in sequence("layers", layers, of="layers, such as [(3, 1), (2, 2)]"):
        if not 2 <= len(sequence("layer", layer, of="numbers, such as (3, 1)")) <= 4:
            raise ValueError(
                f"a layer must be (kernel_size, strides[, dilation_rate[, padding]]). Received: layer={layer!r}"
            )
        rules = (("kernel_size", 1), ("strides", 1), ("dilation_rate", 1), ("padding", 0))
        numbers = [whole_number(name, n, at_least=least) for (name, least), n in zip(rules, layer, strict=False)]
        field = field.through(*numbers)
    return field
