"""Output sizes, parameters, multiply-adds and receptive fields: the formula and the number.

`ledger` writes these counts down for every layer of a built Keras model; the other functions are single formulas.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from html import escape
from typing import Any, NamedTuple

from lessons_lib._check import choice, pair, whole_number

Shape = tuple[int | None, ...]
"""Lengths of the axes without the batch; None where the model leaves a length open."""


def output_size(
    size: int, kernel_size: int, *, strides: int = 1, padding: str = "valid", dilation_rate: int = 1
) -> int:
    """Length of a feature map along one axis.

    Parameters
    ----------
    size : int
        Length of the input along that axis, in pixels.
    kernel_size : int
        Length of the kernel (or of the pooling window) along that axis, in pixels.
    strides : int
        Step from one position of the kernel to the next, in pixels.
    padding : {"valid", "same"}
        "valid": the kernel stays inside the input. "same": zeros are added at the edges, so many that stride 1
        keeps the length.
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
        If a number is not a whole one.
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
    """Parameters of a 2-D convolution: ``(rows * columns * input_channels + 1) * filters``.

    The size of the image is not in the formula: every position uses the same weights.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Rows and columns of the kernel, in pixels; one number stands for both.
    input_channels : int
        Channels of the input: every filter spans them all.
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
        If a number is not a whole one of at least 1.

    Examples
    --------
    >>> convolution_parameters(3, input_channels=3, filters=10)
    280
    """
    weights = convolution_multiply_adds(kernel_size, input_channels, filters, 1)
    return weights + (filters if use_bias else 0)


def dense_parameters(inputs: int, units: int, *, use_bias: bool = True) -> int:
    """Parameters of a dense layer: ``(inputs + 1) * units``.

    Without the biases this is its number of multiply-adds per example, too: every weight is used once.

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
        If a number is not a whole one of at least 1.

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
    """Multiply-adds of a 2-D convolution for one example: its weights, once for every position of the feature map.

    Biases are not counted. Products with the zeros of ``padding="same"`` are.

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
        If a number is not a whole one of at least 1.

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
    """What one value of a feature map sees along one axis, in pixels of the input.

    Output ``i`` sees the pixels ``start + i * jump`` to ``start + i * jump + size - 1``.
    """

    size: int
    jump: int
    start: int

    def through(self, kernel_size: int, strides: int, dilation_rate: int = 1, padding: int = 0) -> ReceptiveField:
        """Receptive field after one more layer; see `receptive_field`."""
        reach = (kernel_size - 1) * dilation_rate
        return ReceptiveField(self.size + reach * self.jump, self.jump * strides, self.start - padding * self.jump)


def receptive_field(layers: Sequence[Sequence[int]]) -> ReceptiveField:
    """Receptive field of a stack of convolution and pooling layers along one axis.

    Parameters
    ----------
    layers : sequence of sequences of int
        From the first layer to the last: ``(kernel_size, strides)``, in pixels of the layer's own input. A third
        number is the dilation rate (1 if not given), a fourth the padding before the first pixel (0 if not given).

    Returns
    -------
    ReceptiveField
        `size` of the field, `jump` from the field of one output to the next, and `start`, the first pixel that output
        0 sees (below 0: padding), all in pixels of the input. The input itself has (1, 1, 0).

    Raises
    ------
    TypeError
        If a number is not a whole one.
    ValueError
        If a layer has fewer than two or more than four numbers, a padding is below 0 or another number below 1.

    Notes
    -----
    This is what an output *can* see. Near the border the field reaches over the edge, and the weights decide how much
    of it counts.

    References
    ----------
    Araujo, Norris & Sim (2019), "Computing Receptive Fields of Convolutional Neural Networks",
    doi:10.23915/distill.00021.

    Examples
    --------
    Two 3×3 convolutions see as much as one 5×5; pooling between them widens the view.

    >>> receptive_field([(3, 1), (3, 1)])
    ReceptiveField(size=5, jump=1, start=0)
    >>> receptive_field([(3, 1), (2, 2), (3, 1)])
    ReceptiveField(size=8, jump=2, start=0)
    """
    field = ReceptiveField(1, 1, 0)
    for layer in layers:
        if not 2 <= len(layer) <= 4:
            raise ValueError(
                f"a layer must be (kernel_size, strides[, dilation_rate[, padding]]). Received: layer={layer!r}"
            )
        rules = (("kernel_size", 1), ("strides", 1), ("dilation_rate", 1), ("padding", 0))
        numbers = [whole_number(name, n, at_least=least) for (name, least), n in zip(rules, layer, strict=False)]
        field = field.through(*numbers)
    return field


@dataclass(frozen=True)
class Row:
    """What `ledger` says about one use of one layer; `ledger` explains the fields."""

    name: str
    kind: str
    output_shape: Shape | None
    formula: str
    numbers: str
    parameters: int
    trainable: int
    multiply_adds: int | None
    receptive_field: int | None

    @property
    def activations(self) -> int | None:
        """Output values per example; None if the model leaves the shape open."""
        return _values(self.output_shape)


@dataclass(frozen=True, repr=False)
class Ledger:
    """A model's counts, row by row: iterate over it, print it, or let a notebook show it as a table."""

    name: str
    inputs: tuple[Shape, ...]
    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        """Parameters of the model: equal to ``model.count_params()``."""
        return sum(row.parameters for row in self.rows)

    @property
    def trainable(self) -> int:
        """Parameters that training changes."""
        return sum(row.trainable for row in self.rows)

    @property
    def multiply_adds(self) -> int | None:
        """Multiply-adds per example; None if those of a row are unknown."""
        return _sum(row.multiply_adds for row in self.rows)

    @property
    def activations(self) -> int | None:
        """Output values of all rows per example; None if those of a row are unknown."""
        return _sum(row.activations for row in self.rows)

    def as_rows(self) -> list[dict[str, Any]]:
        """Return one dict a row, for instance for ``pandas.DataFrame``."""
        return [asdict(row) | {"activations": row.activations} for row in self.rows]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        lines = [_HEADINGS, *map(_cells, self.rows), self._total_cells()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        table = ["  ".join(map(_align, line, widths, _NUMERIC)).rstrip() for line in lines]
        return "\n".join([self._caption(), *table])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        # The class "dataframe" is what Jupyter and the book's theme style, in light and in dark.
        head = _html_row(_HEADINGS, heads=len(_HEADINGS), scope="col")
        body = "".join(_html_row(_cells(row)) for row in self.rows)
        return (
            f'<table class="dataframe ledger"><caption>{escape(self._caption())}</caption>'
            f"<thead>{head}</thead><tbody>{body}</tbody><tfoot>{_html_row(self._total_cells())}</tfoot></table>"
        )

    def _caption(self) -> str:
        return f"{self.name}, input {', '.join(map(_shape_text, self.inputs)) or 'unknown'}"

    def _total_cells(self) -> tuple[str, ...]:
        counts = (_count_text(count) for count in (self.total, self.trainable, self.multiply_adds))
        return ("total", "", "", "", "", *counts, "")


_HEADINGS = (
    "layer", "kind", "output", "formula", "with numbers", "parameters", "trainable", "multiply-adds", "receptive field"
)  # fmt: skip
_NUMERIC = (False, False, False, False, False, True, True, True, True)


def _values(shape: Shape | None) -> int | None:
    return None if shape is None or None in shape else math.prod(n for n in shape if n is not None)


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(n for n in known if n is not None)


def _shape_text(shape: Shape | None) -> str:
    return "unknown" if shape is None else "×".join("?" if n is None else str(n) for n in shape) or "1"


def _count_text(count: int | None) -> str:
    return "unknown" if count is None else f"{count:,}"


def _cells(row: Row) -> tuple[str, ...]:
    counts = (_count_text(count) for count in (row.parameters, row.trainable, row.multiply_adds))
    field = "–" if row.receptive_field is None else str(row.receptive_field)
    return (row.name, row.kind, _shape_text(row.output_shape), row.formula, row.numbers, *counts, field)


def _align(cell: str, width: int, numeric: bool) -> str:
    return cell.rjust(width) if numeric else cell.ljust(width)


def _html_row(cells: Sequence[str], *, heads: int = 1, scope: str = "row") -> str:
    def cell(i: int) -> str:
        tag, attribute = ("th", f' scope="{scope}"') if i < heads else ("td", "")
        side = "right" if _NUMERIC[i] else "left"
        return f'<{tag}{attribute} style="text-align:{side}">{escape(cells[i])}</{tag}>'

    return f"<tr>{''.join(map(cell, range(len(cells))))}</tr>"


def ledger(model: Any) -> Ledger:
    """Write down where the parameters and the arithmetic of a built Keras model live.

    Parameters
    ----------
    model : keras.Model
        A built model of any kind: Sequential, functional or subclassed. It is not changed.

    Returns
    -------
    Ledger
        One `Row` for each use of each layer, in the order of the computation; the layers of a model within the model
        are named ``inner/layer``. Inputs have no row. The fields of a row:

        `output_shape`
            Without the batch; of the first output if there are several; None if it is unknown.
        `formula`, `numbers`
            The number of parameters in symbols and with the numbers filled in: kernel length k, or kd, kh and kw by
            axis; input channels C, filters F, groups G, depth multiplier M; other lengths D, H and W. Or "no weights"
            for a layer without any; "shared" where an earlier row counts them all; "as built" where no formula is
            known here (or it does not give the layer's number); "not built" for a layer that the model does not use.
        `parameters`, `trainable`
            How many, and how many of these training changes.
        `multiply_adds`
            Per example: multiplications by a kernel's weights, each with its addition. Biases, activations, pooling,
            normalisation, table look-ups and products of two activations are not counted; products with padding are.
            A shared layer works in every row. None if unknown.
        `receptive_field`
            Length in pixels of what one output value sees, when the model predicts, along the first axis after the
            batch (the height of an image), padding included. It is defined from an input through convolution, pooling,
            element-wise and merging layers (the longest branch counts, and all must have the same jump). From Flatten,
            Reshape, global pooling, upsampling, a recurrent or an unknown layer on there is no such axis or no such
            length: None.

        A subclassed model tells which layers it has and not how they are connected: shapes, multiply-adds and
        receptive fields are then None.

    Raises
    ------
    TypeError
        If `model` is no Keras model.
    ValueError
        If it is not built.

    References
    ----------
    Araujo, Norris & Sim (2019), doi:10.23915/distill.00021, for the receptive field.

    Examples
    --------
    >>> from lessons_lib import keras
    >>> layers = [keras.Input((50, 50, 3)), keras.layers.Conv2D(10, 3, name="conv"), keras.layers.ReLU(name="relu")]
    >>> page = ledger(keras.Sequential(layers, name="net"))
    >>> page.total, page.multiply_adds
    (280, 622080)
    >>> [(row.name, row.formula, row.numbers) for row in page]
    [('conv', '(kh·kw·C + 1)·F', '(3·3·3 + 1)·10'), ('relu', 'no weights', '0')]
    """
    if not (hasattr(model, "layers") and hasattr(model, "count_params")):
        raise TypeError(f"model must be a Keras model. Received: model of type {type(model).__name__}")
    if not model.built:
        raise ValueError(
            "model must be built: start it with a keras.Input, or call model.build((None, 28, 28, 1)). "
            f"Received: {type(model).__name__} {model.name!r}, not built"
        )
    inputs = tuple(tuple(tensor.shape[1:]) for tensor in _inputs(model))
    return Ledger(model.name, inputs, tuple(_Walk(model).rows))


# ---- from one layer to its formula ------------------------------------------------------------------------------


class _Formula(NamedTuple):
    """Parameters in symbols, what the symbols stand for, and the multiply-adds of one position."""

    symbols: str
    values: Mapping[str, int]
    products: int = 0
    channels: int = 1
    positions_of: str = "output"

    @property
    def numbers(self) -> str:
        return re.sub("[A-Za-z_]+", lambda symbol: str(self.values[symbol[0]]), self.symbols)

    @property
    def parameters(self) -> int:
        # What is shown is what is counted: the text holds nothing but digits and + · / ( ).
        return int(eval(self.numbers.replace("·", "*")))


def _size(weights: Iterable[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def _affine(weights: str, outputs: str, use_bias: bool) -> str:
    return f"({weights} + 1)·{outputs}" if use_bias else f"{weights}·{outputs}"


def _window(layer: Any) -> dict[str, int]:
    names = {1: ("k",), 2: ("kh", "kw"), 3: ("kd", "kh", "kw")}[len(layer.kernel_size)]
    return dict(zip(names, layer.kernel_size, strict=True))


def _dense(layer: Any) -> _Formula:
    inputs, units = layer.kernel.shape
    symbols = _affine("inputs", "units", layer.use_bias)
    return _Formula(symbols, {"inputs": inputs, "units": units}, inputs * units, units)


def _convolution(layer: Any) -> _Formula:
    window, filters, groups = _window(layer), layer.filters, layer.groups
    symbols = _affine("·".join([*window, "C/G" if groups > 1 else "C"]), "F", layer.use_bias)
    values = window | {"C": layer.kernel.shape[-2] * groups, "G": groups, "F": filters}
    return _Formula(symbols, values, _size([layer.kernel]), filters)


def _transposed_convolution(layer: Any) -> _Formula:
    window, channels = _window(layer), layer.kernel.shape[-1]
    symbols = _affine("·".join([*window, "C"]), "F", layer.use_bias)
    values = window | {"C": channels, "F": layer.filters}
    return _Formula(symbols, values, _size([layer.kernel]), channels, "input")


def _depthwise_convolution(layer: Any) -> _Formula:
    window, (channels, multiplier) = _window(layer), layer.kernel.shape[-2:]
    symbols = _affine("·".join(window), "C·M" if multiplier > 1 else "C", layer.use_bias)
    values = window | {"C": channels, "M": multiplier}
    return _Formula(symbols, values, _size([layer.kernel]), channels * multiplier)


def _separable_convolution(layer: Any) -> _Formula:
    window, (channels, multiplier) = _window(layer), layer.depthwise_kernel.shape[-2:]
    between = "C·M" if multiplier > 1 else "C"
    symbols = f"{'·'.join(window)}·{between} + {_affine(between, 'F', layer.use_bias)}"
    values = window | {"C": channels, "M": multiplier, "F": layer.filters}
    return _Formula(symbols, values, _size([layer.depthwise_kernel, layer.pointwise_kernel]), layer.filters)


def _per_channel(layer: Any) -> _Formula:
    shape = layer.weights[0].shape
    values = dict(zip(("D", "H", "W", "C")[-len(shape) :], shape, strict=False))
    count = len(layer.weights)
    return _Formula("·".join([*([str(count)] if count > 1 else []), *values]), values)


def _normalization(layer: Any) -> _Formula:
    return _Formula("2·C + 1", {"C": _size(layer.weights[:1])})


def _embedding(layer: Any) -> _Formula:
    return _Formula("input_dim·output_dim", {"input_dim": layer.input_dim, "output_dim": layer.output_dim})


def _recurrent(layer: Any) -> _Formula:
    cell = layer.cell
    inputs, columns = cell.kernel.shape
    gates = columns // cell.units
    biases = _size([cell.bias]) // columns if cell.use_bias else 0
    terms = "inputs + units" + (f" + {biases}" if biases else "")
    symbols = (f"{gates}·" if gates > 1 else "") + f"({terms})·units"
    products = _size([cell.kernel, cell.recurrent_kernel])
    return _Formula(symbols, {"inputs": inputs, "units": cell.units}, products, inputs, "input")


def _bidirectional(layer: Any) -> _Formula | None:
    one = _formula(layer.forward_layer)
    return None if one is None else one._replace(symbols=f"2·{one.symbols}", products=2 * one.products)


_FORMULAS: dict[str, Callable[[Any], _Formula | None]] = {
    "Dense": _dense,
    "Embedding": _embedding,
    "Bidirectional": _bidirectional,
    "TimeDistributed": lambda layer: _formula(layer.layer),
    **{f"Conv{n}D": _convolution for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": _transposed_convolution for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": _depthwise_convolution for n in (1, 2)},
    **{f"SeparableConv{n}D": _separable_convolution for n in (1, 2)},
    **dict.fromkeys(("SimpleRNN", "GRU", "LSTM"), _recurrent),
    **{f"{kind}Normalization": _per_channel for kind in ("Batch", "Layer", "Group", "RMS")},
    "Normalization": _normalization,
    "PReLU": _per_channel,
}


def _kind(layer: Any, kinds: Container[str]) -> str | None:
    """Return the nearest of Keras's own classes that `layer` is made of and that `kinds` names."""
    names = (cls.__name__ for cls in type(layer).__mro__ if cls.__module__.split(".")[0] == "keras")
    return next((name for name in names if name in kinds), None)


def _formula(layer: Any) -> _Formula | None:
    """Return the formula of a layer, or None if there is none that gives its number of parameters."""
    kind = _kind(layer, _FORMULAS)
    if kind is None or not layer.weights:
        return None
    try:
        formula = _FORMULAS[kind](layer)
    except AttributeError:  # A subclass that builds its weights its own way lacks what the formula reads.
        return None
    return formula if formula is not None and formula.parameters == _size(layer.weights) else None


# ---- from one layer to its receptive field ----------------------------------------------------------------------

_WINDOWED = {
    *(f"{kind}{n}D" for kind in ("Conv", "DepthwiseConv", "SeparableConv") for n in (1, 2, 3)),
    *(f"{kind}Pooling{n}D" for kind in ("Max", "Average") for n in (1, 2, 3)),
}
_MERGING = {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"}
_POSITION_BY_POSITION = _MERGING | {
    *("Dense", "Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "BatchNormalization", "Normalization", "Rescaling"),
    # What changes values or places in training only.
    *("Dropout", "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization", "Identity"),
    *(f"Random{kind}" for kind in ("Brightness", "Contrast", "Flip", "Rotation", "Shear", "Translation", "Zoom")),
    *(f"{kind}{n}D" for kind in ("SpatialDropout", "ZeroPadding", "Cropping") for n in (1, 2, 3)),
}
_CHANNEL_BY_CHANNEL = {"Concatenate", "Softmax", "LayerNormalization", "RMSNormalization"}


def _field(layer: Any, fields: Sequence[ReceptiveField | None], rank: int) -> ReceptiveField | None:
    """Return the receptive field behind `layer`, along the first axis after the batch, or None."""
    known = [field for field in fields if field is not None]
    if not known or len(known) < len(fields) or len({field.jump for field in known}) > 1:
        return None
    if _kind(layer, _WINDOWED):
        window = layer.kernel_size if hasattr(layer, "kernel_size") else layer.pool_size
        return known[0].through(window[0], layer.strides[0], getattr(layer, "dilation_rate", (1,))[0])
    if _kind(layer, _POSITION_BY_POSITION) or (_kind(layer, _CHANNEL_BY_CHANNEL) and _on_channels(layer.axis, rank)):
        return max(known)
    return None


def _on_channels(axis: int | Sequence[int], rank: int) -> bool:
    axes = [axis] if isinstance(axis, int) else axis
    return all(one % rank == rank - 1 for one in axes)


# ---- from one model to its rows ---------------------------------------------------------------------------------


def _graph(model: Any) -> Any:
    """Return the graph of a functional or Sequential model, or None."""
    graph = getattr(model, "_functional", None) or model
    return graph if hasattr(graph, "_run_through_graph") else None


def _is_model(layer: Any) -> bool:
    return _kind(layer, {"Model"}) is not None


def _leaves(nest: Any) -> list[Any]:
    """Return what is in a nest of tuples, lists and dicts."""
    if isinstance(nest, Mapping):
        nest = list(nest.values())
    return [leaf for part in nest for leaf in _leaves(part)] if isinstance(nest, (tuple, list)) else [nest]


class _Walk:
    """One walk through a model, which leaves a row for every layer that it meets."""

    def __init__(self, model: Any) -> None:
        self.rows: list[Row] = []
        self.counted: set[int] = set()
        self.trainable = {id(weight) for weight in model.trainable_weights}
        # A symbolic tensor is known by its id, and kept beside its field so that no other one takes that id.
        self.fields: dict[int, tuple[Any, ReceptiveField | None]] = {}
        inputs = _inputs(model)
        for tensor in inputs:
            self.see([tensor], ReceptiveField(1, 1, 0) if len(tensor.shape) > 2 else None)
        self.follow(model, inputs, "")
        if any(id(weight) not in self.counted for weight in model.weights):
            self.add(model, "(own weights)", {}, None)

    def see(self, tensors: Sequence[Any], field: ReceptiveField | None) -> None:
        self.fields.update((id(tensor), (tensor, field)) for tensor in tensors)

    def follow(self, model: Any, inputs: Any, prefix: str) -> Any:
        """Walk through the graph as a call of the model does; return its symbolic outputs, or None without a graph."""
        graph = _graph(model)
        if graph is None:
            return self.list_layers(model, prefix)
        return graph._run_through_graph(inputs, operation_fn=lambda operation: partial(self.call, operation, prefix))

    def list_layers(self, model: Any, prefix: str) -> None:
        """List the layers of a model without knowing how they are connected."""
        for layer in model.layers:
            if _is_model(layer):
                self.list_layers(layer, f"{prefix}{layer.name}/")
            elif not _kind(layer, {"InputLayer"}):
                self.add(layer, prefix + layer.name, {}, None)

    def call(self, operation: Any, prefix: str, /, *args: Any, **kwargs: Any) -> Any:
        """Pass symbolic tensors through a layer, an inner model or an operation such as ``keras.ops.add``."""
        name = prefix + operation.name
        if _is_model(operation):
            outputs = self.follow(operation, args[0] if args else kwargs["inputs"], name + "/")
            if outputs is None:
                outputs = operation.compute_output_spec(*args, **kwargs)
                self.see(_leaves(outputs), None)
            return outputs
        outputs = operation.compute_output_spec(*args, **kwargs)
        before = [self.fields[id(leaf)] for leaf in _leaves([args, kwargs]) if id(leaf) in self.fields]
        after = _leaves(outputs)
        field = _field(operation, [field for _, field in before], rank=len(after[0].shape))
        self.see(after, field)
        self.add(operation, name, {"input": before[0][0].shape[1:], "output": after[0].shape[1:]}, field)
        return outputs

    def add(self, layer: Any, name: str, shapes: Mapping[str, Shape], field: ReceptiveField | None) -> None:
        weights = getattr(layer, "weights", [])
        new = [weight for weight in weights if id(weight) not in self.counted]
        self.counted.update(map(id, new))
        formula = _formula(layer)
        symbols, numbers = _texts(layer, weights, new, formula)
        self.rows.append(
            Row(
                name=name,
                kind=type(layer).__name__,
                output_shape=shapes.get("output"),
                formula=symbols,
                numbers=numbers,
                parameters=_size(new),
                trainable=_size(weight for weight in new if id(weight) in self.trainable),
                multiply_adds=_multiply_adds(weights, formula, shapes),
                receptive_field=None if field is None else field.size,
            )
        )


def _inputs(model: Any) -> list[Any]:
    graph = _graph(model)
    return [] if graph is None else graph.inputs


def _texts(layer: Any, weights: Sequence[Any], new: Sequence[Any], formula: _Formula | None) -> tuple[str, str]:
    """Return the formula in symbols and with the numbers filled in."""
    if not weights:
        return ("no weights" if getattr(layer, "built", True) else "not built"), "0"
    if not new:
        return "shared", "0"
    if formula is None or len(new) < len(weights):
        return "as built", str(_size(new))
    return formula.symbols, formula.numbers


def _multiply_adds(weights: Sequence[Any], formula: _Formula | None, shapes: Mapping[str, Shape]) -> int | None:
    if not weights or (formula and not formula.products):
        return 0
    values = _values(shapes.get(formula.positions_of)) if formula else None
    return None if formula is None or values is None else formula.products * values // formula.channels
