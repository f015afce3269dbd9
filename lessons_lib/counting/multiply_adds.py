"""The multiply-adds of one use of one layer, per example.

A multiply-add is a multiplication by a weight of a kernel, with its addition; products with padding are counted too.
Biases, activation functions, pooling, normalisation, interpolation, table look-ups and all elementwise operations are
not counted. Products of two activations are not counted either, so that attention counts its projections only. The
count is None if a layer or an operation computes only products of two activations, or if its products are not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lessons_lib.counting import keras_graph
from lessons_lib.counting.fields import axes_of_activation
from lessons_lib.counting.keras_graph import Call
from lessons_lib.counting.kinds import CONVOLUTIONS, SPATIAL_RANKS, WITHOUT_PRODUCTS
from lessons_lib.counting.parameters import formula
from lessons_lib.counting.shapes import Shape, size, total, values


def multiply_adds(call: Call) -> int | None:
    """Return the multiply-adds of a call per example, or None if they are not known."""
    if keras_graph.operation_kind(call.operation):
        return 0
    if not call.inputs:
        return None
    return _of_layer(call.operation, call.inputs[0], call.arguments)


def multiply_adds_without_input(layer: Any) -> int | None:
    """Return 0 if a layer has no products, whatever its input is, and None otherwise."""
    return 0 if keras_graph.computes_as(layer) in WITHOUT_PRODUCTS and _has_known_activations(layer) else None


def _of_layer(layer: Any, tensor: Any, arguments: Mapping[str, Any]) -> int | None:
    """Return the multiply-adds of a layer for one example of the symbolic `tensor`, its first argument."""
    if keras_graph.is_model(layer):
        calls = keras_graph.calls(layer, [tensor])
        return None if calls is None else total(multiply_adds(call) for call in calls)
    if not _has_known_activations(layer):
        return None
    kind = keras_graph.computes_as(layer)
    if kind in WITHOUT_PRODUCTS:
        return 0
    if kind in _BY_POSITION:
        return None if formula(layer) is None else _BY_POSITION[kind](layer, tensor)
    return _OTHERS[kind](layer, tensor, arguments) if kind in _OTHERS else None


def _has_known_activations(layer: Any) -> bool:
    """Return whether Keras's own functions, which have no products, are a layer's only activation functions."""
    functions = (getattr(layer, name, None) for name in ("activation", "recurrent_activation"))
    return all(
        keras_graph.computes_as(function) in WITHOUT_PRODUCTS or axes_of_activation(function) is not None
        for function in functions
    )


def _shape(tensor: Any) -> Shape:
    return tuple(tensor.shape[1:])


def _times(count: int | None, products: int | None) -> int | None:
    return None if count is None or products is None else count * products


def _output_shape(layer: Any, tensor: Any) -> Shape:
    """Return the shape of a layer's first output, without the batch."""
    shape = layer.compute_output_shape(tensor.shape)
    return tuple(shape[0][1:] if isinstance(shape[0], (tuple, list)) else shape[1:])


# ---- layers with a kernel that is used at every position --------------------------------------------------------


def _dense(layer: Any, tensor: Any) -> int | None:
    return _times(values(_shape(tensor)), layer.units)


def _convolution(layer: Any, tensor: Any) -> int | None:
    kernels = [layer.depthwise_kernel, layer.pointwise_kernel] if hasattr(layer, "pointwise_kernel") else [layer.kernel]
    return _times(_positions(layer, _output_shape(layer, tensor)), size(kernels))


def _transposed_convolution(layer: Any, tensor: Any) -> int | None:
    return _times(_positions(layer, _shape(tensor)), size([layer.kernel]))


def _positions(layer: Any, shape: Shape) -> int | None:
    return values(shape[1:] if layer.data_format == "channels_first" else shape[:-1])


def _convolutional_lstm(layer: Any, tensor: Any) -> int | None:
    steps, shape = tensor.shape[1], _output_shape(layer, tensor)
    one_step = _positions(layer, shape[1:] if layer.return_sequences else shape)
    return _times(steps, _times(one_step, size([layer.cell.kernel, layer.cell.recurrent_kernel])))


_BY_POSITION: dict[str | None, Callable[[Any, Any], int | None]] = {
    "Dense": _dense,
    **dict.fromkeys(CONVOLUTIONS, _convolution),
    **{f"Conv{n}DTranspose": _transposed_convolution for n in SPATIAL_RANKS},
    **{f"ConvLSTM{n}D": _convolutional_lstm for n in SPATIAL_RANKS},
}


# ---- other layers -----------------------------------------------------------------------------------------------


def _embedding(layer: Any, tensor: Any, arguments: Mapping[str, Any]) -> int | None:
    if formula(layer) is None:
        return None
    return _times(values(_shape(tensor)), layer.input_dim) if arguments.get("reverse") else 0


def _einsum_dense(layer: Any, tensor: Any, _: Mapping[str, Any]) -> int | None:
    operands, _, result = layer.equation.replace(" ", "").replace("...", "0").partition("->")
    data, _, weights = operands.partition(",")
    contracted = [letter for letter in weights if letter not in result]
    is_plain = set(data) <= set(weights) | set(result) and set(contracted) <= set(data)
    is_batched = data[:1] == result[:1] and data[:1] not in weights
    if not (
        is_plain
        and is_batched
        and size(layer.weights) == size([w for w in (layer.kernel, layer.bias) if w is not None])
    ):
        return None
    lengths = dict(zip(weights, layer.kernel.shape, strict=True))
    products = 1
    for letter in contracted:
        products *= lengths[letter]
    return _times(values(_output_shape(layer, tensor)), products)


def _recurrent(layer: Any, tensor: Any, _: Mapping[str, Any]) -> int | None:
    cells = layer.cell.cells if keras_graph.computes_as(layer.cell) == "StackedRNNCells" else [layer.cell]
    if any(keras_graph.computes_as(cell) not in ("SimpleRNNCell", "GRUCell", "LSTMCell") for cell in cells):
        return None
    if not all(map(_has_known_activations, cells)):
        return None
    return _times(tensor.shape[1], size(kernel for cell in cells for kernel in (cell.kernel, cell.recurrent_kernel)))


def _attention(layer: Any, tensor: Any, arguments: Mapping[str, Any]) -> int | None:
    on_query = [layer.query_dense, layer.output_dense]
    return _projections(on_query, [layer.key_dense, layer.value_dense], layer, arguments)


def _grouped_attention(layer: Any, tensor: Any, arguments: Mapping[str, Any]) -> int | None:
    return _projections(*keras_graph.grouped_projections(layer), layer, arguments)


def _projections(
    on_query: Sequence[Any], on_value: Sequence[Any], layer: Any, arguments: Mapping[str, Any]
) -> int | None:
    queries, items = (values(_shape(arguments[name])[:-1]) for name in ("query", "value"))
    denses = [*on_query, *on_value]
    if size(layer.weights) != size(w for dense in denses for w in (dense.kernel, dense.bias) if w is not None):
        return None
    return total(
        _times(positions, size(dense.kernel for dense in group))
        for positions, group in ((queries, on_query), (items, on_value))
    )


def _time_distributed(layer: Any, tensor: Any, _: Mapping[str, Any]) -> int | None:
    steps, *shape = _shape(tensor)
    return _times(steps, _of_layer(layer.layer, keras_graph.tensor(tuple(shape), like=tensor), {}))


def _bidirectional(layer: Any, tensor: Any, arguments: Mapping[str, Any]) -> int | None:
    return total(_of_layer(part, tensor, arguments) for part in (layer.forward_layer, layer.backward_layer))


def _spectral_normalization(layer: Any, tensor: Any, arguments: Mapping[str, Any]) -> int | None:
    return None if arguments.get("training") else _of_layer(layer.layer, tensor, {})


_OTHERS: dict[str | None, Callable[[Any, Any, Mapping[str, Any]], int | None]] = {
    "Embedding": _embedding,
    "ReversibleEmbedding": _embedding,
    "EinsumDense": _einsum_dense,
    **dict.fromkeys(("RNN", "SimpleRNN", "GRU", "LSTM"), _recurrent),
    "MultiHeadAttention": _attention,
    "GroupQueryAttention": _grouped_attention,
    "TimeDistributed": _time_distributed,
    "Bidirectional": _bidirectional,
    "SpectralNormalization": _spectral_normalization,
}
