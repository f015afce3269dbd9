"""What one filter does at one place: across the channels of an image, and on the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from numpy.typing import ArrayLike

from lessons_lib import _check, ops
from lessons_lib.diagrams.canvas import (
    BACKWARD,
    GREY,
    INK,
    LINE,
    MARGIN,
    WIDTH,
    Canvas,
    check_format,
    number_text,
    text_width,
)
from lessons_lib.ops import Array
from lessons_lib.plots import SIGNED

_SIGN = 16.0
"""The width of a sign between two grids, in points."""

_RGB = ("red", "green", "blue")


class FilterNumbers(NamedTuple):
    """The numbers of a drawing by `filter_across_channels`.

    Attributes
    ----------
    products : ndarray
        Each pixel times its weight, shape ``(rows, columns, channels)``.
    sums : ndarray
        The sum of the products of each channel, shape ``(channels,)``.
    output : float
        The sum over all channels plus the bias: one number of the feature map.
    """

    products: Array
    sums: Array
    output: float


def filter_across_channels(
    image_patch: ArrayLike,
    kernel: ArrayLike,
    bias: float = 0.0,
    *,
    channels: Sequence[str] | None = None,
    numbers: str = ".3g",
) -> tuple[Axes, FilterNumbers]:
    """Draw how one filter makes one number from a patch of an image with several channels.

    Each channel has a row: the patch, the filter's slice for this channel, their products, and the sum of these. Below
    stand the sum over the channels, the bias and the result. Negative numbers are on blue, positive ones on red.

    Parameters
    ----------
    image_patch : array, shape (rows, columns, channels)
        The pixels under the filter.
    kernel : array, shape (rows, columns, channels)
        The weights of one filter.
    bias : float
        The bias of the filter.
    channels : sequence of str, optional
        The names of the channels; by default red, green and blue if there are three, and numbers otherwise.
    numbers : str
        A format such as ".2f" for the numbers that are drawn.

    Returns
    -------
    axis : matplotlib.axes.Axes
        The axes with the drawing.
    numbers : FilterNumbers
        The numbers of the drawing, unrounded.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, `bias` is not a number, or `channels` is no sequence of texts.
    ValueError
        If `kernel` does not have the shape of `image_patch`, there are not as many names as channels, or `numbers` is
        not a format.

    Examples
    --------
    >>> axis, found = filter_across_channels(np.ones((3, 3, 3)), np.full((3, 3, 3), 0.5), bias=-1)
    >>> found.sums, found.output
    (array([4.5, 4.5, 4.5]), 12.5)
    """
    patch = _check.finite("image_patch", image_patch, ndim=3).astype(np.float64)
    weights = _check.finite("kernel", kernel, ndim=3).astype(np.float64)
    if weights.shape != patch.shape:
        raise ValueError(
            f"kernel must have the shape of image_patch, {patch.shape}. Received: kernel of shape {weights.shape}"
        )
    count = patch.shape[-1]
    for name in _check.sequence("channels", channels or (), of="names"):
        _check.text("a name in channels", name)
    names = list(channels or (_RGB if count == 3 else (f"channel {i + 1}" for i in range(count))))
    if len(names) != count:
        raise ValueError(f"channels must hold one name for each channel, {count}. Received: {len(names)} names")
    offset = _check.number("bias", bias)
    check_format(numbers)
    sums = np.array([ops.convolve(patch[..., i], weights[..., i])[0, 0] for i in range(count)])
    output = ops.convolve(patch, weights[..., np.newaxis], bias=[offset])[0, 0, 0]
    found = FilterNumbers(patch * weights, sums, float(output))
    return _draw_filter(patch, weights, offset, names, found, numbers), found


def _draw_filter(
    patch: Array, weights: Array, bias: float, names: Sequence[str], found: FilterNumbers, spec: str
) -> Axes:
    canvas = Canvas()
    grids = (patch, weights, found.products)
    sum_texts = [number_text(each, spec) for each in found.sums]
    names_width = max(map(text_width, names)) + 8
    sum_width = max(text_width("sum", bold=True), *map(text_width, sum_texts)) + 4
    rows, columns, _ = patch.shape
    fitting = (WIDTH - 2 * MARGIN - names_width - 3 * _SIGN - sum_width) / (3 * columns)
    cell = max(_cell(spec, *grids), min(fitting, 26.0))
    width = columns * cell
    lefts = [MARGIN + names_width + i * (width + _SIGN) for i in range(4)]
    for left, head in zip(lefts, ("patch", "kernel", "products"), strict=False):
        canvas.text(left + width / 2, MARGIN + LINE / 2, head, bold=True)
    canvas.text(lefts[3] + sum_width / 2, MARGIN + LINE / 2, "sum", bold=True)
    top = MARGIN + 1.4 * LINE
    for channel, name in enumerate(names):
        middle = top + rows * cell / 2
        canvas.text(MARGIN, middle, name, ha="left")
        for left, values in zip(lefts, grids, strict=False):
            _grid(canvas, values[..., channel], left, top, cell, spec, largest=float(np.abs(values).max()))
        for left, sign in zip(lefts[1:], ("×", "=", "→"), strict=True):
            canvas.text(left - _SIGN / 2, middle, sign)
        canvas.text(lefts[3] + sum_width / 2, middle, sum_texts[channel])
        top += rows * cell + 10
    total = " + ".join(map(_term, sum_texts))
    right = max(WIDTH, lefts[3] + sum_width + MARGIN)
    bottom = _equation(
        canvas, [total, f"bias {_term(number_text(bias, spec))}"], number_text(found.output, spec), right, top + 4
    )
    return canvas.finish(right, bottom + MARGIN)


def _term(number: str) -> str:
    """Return a number as a term of a sum: a negative one is in brackets."""
    return f"({number})" if number.startswith("−") else number


def _equation(canvas: Canvas, terms: Sequence[str], result: str, width: float, top: float) -> float:
    """Write a sum and its result in a box at the right; return where it ends at the bottom."""
    box = text_width(result, bold=True) + 14
    left = width - MARGIN - box
    middle = top + LINE
    canvas.rectangle(left, top, box, 2 * LINE, fill="white", edge=BACKWARD, line=2)
    canvas.text(left + box / 2, middle, result, bold=True)
    text = " + ".join(terms) + " ="
    if text_width(text) < left - 2 * MARGIN:
        canvas.text(left - 6, middle, text, ha="right")
    else:
        canvas.text(left - 6, middle - LINE / 2, terms[0], ha="right")
        canvas.text(left - 6, middle + LINE / 2, " ".join(f"+ {term}" for term in terms[1:]) + " =", ha="right")
    canvas.text(width - MARGIN, top + 2.6 * LINE, "one number of the feature map", ha="right", color=GREY)
    return top + 3.2 * LINE


class BackwardNumbers(NamedTuple):
    """The numbers of a drawing by `convolution_backward`.

    Attributes
    ----------
    padded : ndarray
        The gradient of the output with zeros around it, shape ``(rows + 2·(kernel rows − 1), …)``.
    turned : ndarray
        The kernel turned by 180°.
    products : ndarray
        The window of `padded` at the chosen place times `turned`.
    image_gradient : ndarray
        The gradient of the image, shape ``(rows + kernel rows − 1, columns + kernel columns − 1)``.
    """

    padded: Array
    turned: Array
    products: Array
    image_gradient: Array


def convolution_backward(
    gradient: ArrayLike, kernel: ArrayLike, *, row: int = 0, column: int = 0, numbers: str = ".3g"
) -> tuple[Axes, BackwardNumbers]:
    """Draw how a convolution passes the gradient of its output back to its image, at one place.

    The convolution has stride 1, no padding, one channel and one filter. The gradient is padded with zeros, and the
    kernel is turned by 180°. The sum of the products of the window and the turned kernel is the slope of the loss with
    respect to one pixel.

    Parameters
    ----------
    gradient : array, shape (rows, columns)
        The slopes of the loss with respect to the output of the convolution.
    kernel : array, shape (kernel rows, kernel columns)
        The weights of the filter.
    row, column : int
        The pixel whose slope is drawn, counted from 0 in the image.
    numbers : str
        A format such as ".2f" for the numbers that are drawn.

    Returns
    -------
    axis : matplotlib.axes.Axes
        The axes with the drawing.
    numbers : BackwardNumbers
        The numbers of the drawing, unrounded.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `row` or `column` is not a whole number.
    ValueError
        If an array does not have two axes or holds NaN or infinity, the pixel is not in the image, or `numbers` is not
        a format.

    References
    ----------
    Goodfellow, Bengio & Courville (2016), *Deep Learning*, equation 9.13.

    Examples
    --------
    >>> axis, found = convolution_backward([[1, 2], [3, 4]], [[10, 0], [0, 1]], row=1, column=1)
    >>> found.image_gradient
    array([[10., 20.,  0.],
           [30., 41.,  2.],
           [ 0.,  3.,  4.]])
    """
    slopes = _check.finite("gradient", gradient, ndim=2).astype(np.float64)
    weights = _check.finite("kernel", kernel, ndim=2).astype(np.float64)
    shape = (slopes.shape[0] + weights.shape[0] - 1, slopes.shape[1] + weights.shape[1] - 1)
    place = _check.whole_number("row", row, at_least=0), _check.whole_number("column", column, at_least=0)
    if place[0] >= shape[0] or place[1] >= shape[1]:
        raise ValueError(f"row and column must be in the image of {shape[0]}×{shape[1]}. Received: {row}, {column}")
    check_format(numbers)
    height, width = weights.shape
    padded = np.pad(slopes, ((height - 1, height - 1), (width - 1, width - 1)))
    turned = weights[::-1, ::-1].copy()
    window = padded[place[0] : place[0] + height, place[1] : place[1] + width]
    image_gradient = ops.convolve_gradients(np.zeros(shape), weights, slopes).image
    found = BackwardNumbers(padded, turned, window * turned, image_gradient)
    return _draw_backward(weights, place, found, numbers), found


def _draw_backward(weights: Array, place: tuple[int, int], found: BackwardNumbers, spec: str) -> Axes:
    canvas = Canvas()
    padded, turned, products, image_gradient = found
    (rows, columns), (height, width) = padded.shape, weights.shape
    gap = 26.0
    fitting = (WIDTH - 2 * MARGIN - gap) / (columns + max(width, 2))
    cell = max(_cell(spec, padded, weights, products, image_gradient), min(fitting, 30.0))
    slopes_largest = float(np.abs(padded).max())
    head = 1.5 * LINE
    top = MARGIN + head
    canvas.text(MARGIN, MARGIN + LINE / 2, "gradient, padded with zeros", ha="left", bold=True)
    _grid(canvas, padded, MARGIN, top, cell, spec, largest=slopes_largest, inner=(height - 1, width - 1))
    _outline(canvas, MARGIN, top, cell, place, weights.shape)
    right = MARGIN + columns * cell + gap
    canvas.text(right, MARGIN + LINE / 2, "kernel", ha="left", bold=True)
    _grid(canvas, weights, right, top, cell, spec)
    below = top + height * cell + 8
    canvas.text(right, below + LINE / 2, "turned by 180°", ha="left", bold=True)
    _grid(canvas, turned, right, below + head, cell, spec)
    bottom = max(top + rows * cell, below + head + height * cell) + 12
    canvas.text(MARGIN, bottom + LINE / 2, "window × turned kernel", ha="left", bold=True)
    top = bottom + head
    result = number_text(image_gradient[place], spec)
    _grid(canvas, products, MARGIN, top, cell, spec)
    sum_text = f"sum {result}"
    start = MARGIN + width * cell + 8
    left = max(
        start + text_width(sum_text, bold=True) + 34, MARGIN + text_width("window × turned kernel", bold=True) + 16
    )
    middle = top + height * cell / 2
    canvas.text(start, middle, sum_text, ha="left", bold=True, color=BACKWARD)
    canvas.arrow([(start + text_width(sum_text, bold=True) + 6, middle), (left - 4, middle)])
    canvas.text(left, bottom + LINE / 2, "gradient of the image", ha="left", bold=True)
    _grid(canvas, image_gradient, left, top, cell, spec)
    _outline(canvas, left, top, cell, place, (1, 1))
    ends = [right + max(width * cell, text_width("turned by 180°", bold=True)), left + image_gradient.shape[1] * cell]
    ends.append(left + text_width("gradient of the image", bold=True))
    bottom = top + max(height, image_gradient.shape[0]) * cell
    return canvas.finish(max(WIDTH, *(end + MARGIN for end in ends)), bottom + MARGIN)


# Grids of numbers -------------------------------------------------------------------------------------------------


def _cell(spec: str, *arrays: Array) -> float:
    """Return the side of a cell into which every number of the arrays fits, in points."""
    return max(text_width(number_text(value, spec)) for array in arrays for value in array.flat) + 6


def _grid(
    canvas: Canvas,
    values: Array,
    left: float,
    top: float,
    cell: float,
    spec: str,
    *,
    largest: float | None = None,
    inner: tuple[int, int] = (0, 0),
) -> None:
    """Draw numbers in cells: blue below zero, white at zero, red above. Cells outside `inner` are padding, and grey."""
    scale = (float(np.abs(values).max()) if largest is None else largest) or 1.0
    colors = plt.get_cmap(SIGNED)
    rows, columns = values.shape
    for (row, column), value in np.ndenumerate(values):
        is_padding = not (inner[0] <= row < rows - inner[0] and inner[1] <= column < columns - inner[1])
        # The middle of the colour map only, on which black can be read.
        fill = "#eeeeee" if is_padding else to_hex(colors(0.5 + 0.22 * value / scale))
        x, y = left + column * cell, top + row * cell
        canvas.rectangle(x, y, cell, cell, fill=fill, edge="#999999", line=0.7)
        canvas.text(x + cell / 2, y + cell / 2, number_text(value, spec), color=GREY if is_padding else INK)


def _outline(
    canvas: Canvas, left: float, top: float, cell: float, place: tuple[int, int], size: tuple[int, ...]
) -> None:
    """Draw a frame around the cells of a grid from `place` on."""
    x, y = left + place[1] * cell, top + place[0] * cell
    canvas.rectangle(x, y, size[1] * cell, size[0] * cell, fill="none", edge=BACKWARD, line=2.5, layer=3)
