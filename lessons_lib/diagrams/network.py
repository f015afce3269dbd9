"""A small dense network with its numbers: forward, and the slopes on the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from lessons_lib import _check, ops
from lessons_lib.diagrams.canvas import (
    BACKWARD,
    FORWARD,
    GREY,
    LINE,
    MARGIN,
    WIDTH,
    Canvas,
    check_format,
    number_text,
    text_width,
)
from lessons_lib.diagrams.layout import Point
from lessons_lib.ops import Array
from lessons_lib.plots import COLORS

_MOST_UNITS = 6


class Slopes(NamedTuple):
    """Slopes of the loss with respect to every number of a network; those of a layer stand under its index.

    Attributes
    ----------
    x : ndarray
        Shape ``(inputs,)``.
    weights : list of ndarray
        Shapes ``(inputs, units)``.
    biases : list of ndarray
        Shapes ``(units,)``.
    sums : list of ndarray
        With respect to the weighted sums, shapes ``(units,)``.
    outputs : list of ndarray
        With respect to the activations, shapes ``(units,)``.
    """

    x: Array
    weights: list[Array]
    biases: list[Array]
    sums: list[Array]
    outputs: list[Array]


class NetworkNumbers(NamedTuple):
    """The numbers of a drawing by `network`.

    Attributes
    ----------
    sums : list of ndarray
        The weighted sums of each layer, with the bias, shapes ``(units,)``.
    outputs : list of ndarray
        What the activation function makes of the sums, shapes ``(units,)``.
    slopes : Slopes or None
        The slopes of the loss; None without `upstream`.
    """

    sums: list[Array]
    outputs: list[Array]
    slopes: Slopes | None


def network(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    x: ArrayLike,
    *,
    activations: str | Sequence[str] = "sigmoid",
    upstream: ArrayLike | None = None,
    numbers: str = ".2f",
) -> tuple[Axes, NetworkNumbers]:
    """Draw a small dense network with the numbers of one example, and with the slopes of the loss.

    Weights stand on the edges. In each unit, b is its bias, z the weighted sum with the bias, and a the activation.
    Slopes stand in a second colour beside or below the number to which they belong.

    Parameters
    ----------
    weights : sequence of arrays, shapes (inputs, units)
        One matrix for each layer, with one column for each unit.
    biases : sequence of arrays, shapes (units,)
        One vector for each layer.
    x : array, shape (inputs,)
        The inputs of one example.
    activations : str or sequence of str
        The activation function of all layers, or of each layer: "sigmoid", "relu", "tanh", "softmax" or "linear".
    upstream : array, shape (outputs,), optional
        The slope of the loss with respect to each output of the last layer. Without it no slopes are drawn.
    numbers : str
        A format such as ".2f" for the numbers that are drawn.

    Returns
    -------
    axis : matplotlib.axes.Axes
        The axes with the drawing.
    numbers : NetworkNumbers
        The numbers of the drawing, unrounded.

    Raises
    ------
    TypeError
        If `weights`, `biases` or `activations` is no sequence, or an array does not hold real numbers.
    ValueError
        If there is no layer, the shapes do not fit together, an activation is unknown, a layer has more than six
        units or inputs, or `numbers` is not a format.

    References
    ----------
    Rumelhart, Hinton & Williams (1986), *Learning representations by back-propagating errors*, Nature 323.

    Examples
    --------
    >>> axis, found = network([[[1.0], [2.0]]], [[-1.0]], [3.0, 1.0], activations="relu", upstream=[0.5])
    >>> found.outputs[0], found.slopes.x
    (array([4.]), array([0.5, 1. ]))
    """
    matrices, vectors, inputs = _prepare(weights, biases, x)
    several = [activations] * len(matrices) if isinstance(activations, str) else activations
    names = _check.sequence("activations", several, of="names")
    if len(names) != len(matrices):
        raise ValueError(
            f"activations must hold one name for each layer. Received: {len(names)} names, {len(matrices)} layers"
        )
    for name in names:
        _check.choice("activations", name, tuple(_ACTIVATIONS))
    found = _compute(matrices, vectors, inputs, names, upstream)
    check_format(numbers)
    return _draw(matrices, vectors, inputs, names, found, numbers), found


def _prepare(
    weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], x: ArrayLike
) -> tuple[list[Array], list[Array], Array]:
    """Return weights, biases and inputs as arrays of floats, if there are as many of them as can be drawn."""
    _check.sequence("weights", weights, of="arrays, one for each layer")
    _check.sequence("biases", biases, of="arrays, one for each layer")
    matrices = [_check.finite(f"weights[{i}]", each, ndim=2).astype(np.float64) for i, each in enumerate(weights)]
    vectors = [_check.finite(f"biases[{i}]", each, ndim=1).astype(np.float64) for i, each in enumerate(biases)]
    inputs = _check.finite("x", x, ndim=1).astype(np.float64)
    if not matrices or len(matrices) != len(vectors):
        raise ValueError(
            "weights and biases must hold one array for each layer, and there must be a layer. "
            f"Received: {len(matrices)} weights, {len(vectors)} biases"
        )
    largest = max(len(inputs), *map(len, vectors))
    if largest > _MOST_UNITS:
        raise ValueError(f"a layer must have at most {_MOST_UNITS} units or inputs to be drawn. Received: {largest}")
    return matrices, vectors, inputs


# The numbers ------------------------------------------------------------------------------------------------------


def _sigmoid(z: Array) -> Array:
    # This form of 1 / (1 + exp(-z)) does not overflow.
    return np.asarray((1 + np.tanh(z / 2)) / 2)


# For each activation function the function, and the slopes before it from (z, output, slopes after it).
_ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array, Array], Array]]] = {
    "sigmoid": (_sigmoid, lambda z, a, slope: slope * a * (1 - a)),
    "relu": (ops.relu, lambda z, a, slope: ops.relu_gradient(z, slope)),
    "tanh": (np.tanh, lambda z, a, slope: slope * (1 - a**2)),
    "softmax": (ops.softmax, lambda z, a, slope: a * (slope - slope @ a)),
    "linear": (np.copy, lambda z, a, slope: slope.copy()),
}


def _compute(
    weights: list[Array], biases: list[Array], x: Array, names: Sequence[str], upstream: ArrayLike | None
) -> NetworkNumbers:
    """Compute the network forward, and back if an upstream slope is given."""
    sums: list[Array] = []
    outputs: list[Array] = []
    for matrix, bias, name in zip(weights, biases, names, strict=True):
        sums.append(ops.dense(outputs[-1] if outputs else x, matrix, bias))
        outputs.append(_ACTIVATIONS[name][0](sums[-1]))
    if upstream is None:
        return NetworkNumbers(sums, outputs, None)
    slope = _check.finite("upstream", upstream, ndim=1).astype(np.float64)
    if slope.shape != outputs[-1].shape:
        raise ValueError(
            f"upstream must hold one slope for each output, {len(outputs[-1])}. Received: {len(slope)} slopes"
        )
    back = Slopes(slope, [], [], [], [])
    for index in reversed(range(len(weights))):
        back.outputs.insert(0, slope)
        back.sums.insert(0, _ACTIVATIONS[names[index]][1](sums[index], outputs[index], slope))
        gradients = ops.dense_gradients(outputs[index - 1] if index else x, weights[index], back.sums[0])
        back.weights.insert(0, gradients.weights)
        back.biases.insert(0, gradients.bias)
        slope = gradients.x
    return NetworkNumbers(sums, outputs, back._replace(x=slope))


# The drawing ------------------------------------------------------------------------------------------------------

_Word = tuple[float, str, str, str]  # Where a text stands from the left of its node, its alignment, itself, its colour.
_PAD, _SIGN, _BETWEEN = 5.0, 11.0, 7.0


@dataclass(frozen=True)
class _Column:
    """The nodes of one layer, each a list of lines of words, and how wide each is, in points."""

    heads: tuple[str, str]
    nodes: list[list[list[_Word]]]
    width: float
    color: str

    @property
    def height(self) -> float:
        return LINE * len(self.nodes[0]) + 8

    def middles(self, middle: float, pitch: float) -> list[float]:
        """Return the middle of each node, from the top, for a column whose middle is given."""
        return [middle + pitch * (number - (len(self.nodes) - 1) / 2) for number in range(len(self.nodes))]


def _input_column(x: Array, slopes: Array | None, spec: str) -> _Column:
    """Return the inputs, each with its slope below."""
    values, backs = _texts(x, spec), [] if slopes is None else _texts(slopes, spec)
    sign = text_width("x₁") + 7
    width = 2 * _PAD + sign + max(map(text_width, [*values, *backs]))
    nodes: list[list[list[_Word]]] = []
    for number, value in enumerate(values):
        name = "x" + chr(ord("₁") + number)
        lines: list[list[_Word]] = [[(_PAD, "left", name, GREY), (width - _PAD, "right", value, FORWARD)]]
        if backs:
            lines.append([(width - _PAD, "right", backs[number], BACKWARD)])
        nodes.append(lines)
    return _Column(("inputs", ""), nodes, width, GREY)


def _unit_column(heads: tuple[str, str], rows: Sequence[tuple[str, Array, Array | None]], spec: str) -> _Column:
    """Return the units of a layer; a row is a sign with the values and the slopes of all units."""
    values = [_texts(each, spec) for _, each, _ in rows]
    backs = [[] if each is None else _texts(each, spec) for _, _, each in rows]
    middle = _PAD + _SIGN + max(text_width(text) for texts in values for text in texts)
    slopes_width = max((text_width(text) + _BETWEEN for texts in backs for text in texts), default=0.0)
    nodes: list[list[list[_Word]]] = []
    for unit in range(len(rows[0][1])):
        lines: list[list[_Word]] = []
        for (sign, _, _), row_values, row_slopes in zip(rows, values, backs, strict=True):
            line: list[_Word] = [(_PAD, "left", sign, GREY), (middle, "right", row_values[unit], FORWARD)]
            lines.append(
                line + [(middle + slopes_width, "right", text, BACKWARD) for text in row_slopes[unit : unit + 1]]
            )
        nodes.append(lines)
    return _Column(heads, nodes, middle + slopes_width + _PAD, COLORS[4])


def _texts(values: Array, spec: str) -> list[str]:
    return [number_text(value, spec) for value in values]


def _draw(
    weights: list[Array], biases: list[Array], x: Array, names: Sequence[str], found: NetworkNumbers, spec: str
) -> Axes:
    """Draw the columns of nodes, and the weights between them."""
    slopes = found.slopes
    columns = [_input_column(x, slopes and slopes.x, spec)]
    for i, name in enumerate(names):
        rows = [
            ("b", biases[i], slopes and slopes.biases[i]),
            ("z", found.sums[i], slopes and slopes.sums[i]),
            ("a", found.outputs[i], slopes and slopes.outputs[i]),
        ]
        columns.append(_unit_column(("hidden" if i < len(names) - 1 else "outputs", name), rows, spec))
    labels = [_labels(weights[i], slopes and slopes.weights[i], spec) for i in range(len(weights))]
    label_width = max(text_width(text) for layer in labels for label in layer.values() for text in label)
    label_height = LINE * len(labels[0][0, 0]) + 6
    # Between two layers there is room for the labels, which stand nearer to the left one.
    gaps = [(label_width / 2 + 6) / _share(len(column.nodes)) for column in columns[1:]]
    spare = WIDTH - 2 * MARGIN - sum(column.width for column in columns) - sum(gaps)
    gaps = [gap + max(spare, 0) / len(gaps) for gap in gaps]
    # The labels of the weights between two layers have (units + 1) places between two neighbouring inputs: `_share`.
    pitch = max([column.height + 14 for column in columns] + [(len(c.nodes) + 1) * label_height for c in columns[1:]])
    tallest = max((len(column.nodes) - 1) * pitch + column.height for column in columns)
    top = MARGIN + 4.2 * LINE
    canvas, left = Canvas(), MARGIN
    canvas.legend("slope of the loss" if slopes else "")
    ends: list[tuple[float, float, list[float]]] = []
    for column, gap in zip(columns, [*gaps, 0.0], strict=True):
        middles = column.middles(top + tallest / 2, pitch)
        _draw_column(canvas, column, left, middles)
        ends.append((left, left + column.width, middles))
        left += column.width + gap
    for layer, ((_, start, above), (end, _, below)) in zip(labels, pairwise(ends), strict=True):
        for (source, target), label in layer.items():
            _draw_weight(canvas, (start, above[source]), (end, below[target]), _share(len(below)), label)
    return canvas.finish(left + MARGIN, top + tallest + MARGIN)


def _labels(weights: Array, slopes: Array | None, spec: str) -> dict[tuple[int, ...], list[str]]:
    """Return the text of each weight, and of its slope if there is one."""
    arrays = [weights] if slopes is None else [weights, slopes]
    return {place: [number_text(float(each[place]), spec) for each in arrays] for place in np.ndindex(weights.shape)}


def _share(units: int) -> float:
    """Return at which part of an edge its weight stands, so that the weights of all edges stand at even distances."""
    return 1 / (1 + units)


def _draw_column(canvas: Canvas, column: _Column, left: float, middles: Sequence[float]) -> None:
    for number, head in enumerate(filter(None, column.heads)):
        canvas.text(left + column.width / 2, MARGIN + (2.2 + number) * LINE, head, bold=not number)
    for lines, middle in zip(column.nodes, middles, strict=True):
        canvas.box(left, middle - column.height / 2, column.width, column.height, color=column.color)
        for number, line in enumerate(lines):
            y = middle + (number - (len(lines) - 1) / 2) * LINE
            for x, ha, text, color in line:
                canvas.text(left + x, y, text, ha=ha, color=color)


def _draw_weight(canvas: Canvas, start: Point, end: Point, share: float, label: Sequence[str]) -> None:
    """Draw an edge, and on it the weight with its slope below."""
    canvas.arrow([start, end])
    x, y = (a + share * (b - a) for a, b in zip(start, end, strict=True))
    width, height = max(map(text_width, label)) + 2, LINE * len(label)
    canvas.rectangle(x - width / 2, y - height / 2, width, height, fill="white", edge="none", layer=3)
    for number, (text, color) in enumerate(zip(label, (FORWARD, BACKWARD), strict=False)):
        canvas.text(x, y + (number - (len(label) - 1) / 2) * LINE, text, color=color)
