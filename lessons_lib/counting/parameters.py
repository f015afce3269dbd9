"""The number of parameters of one layer as a formula."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lessons_lib.counting.expressions import Expression, product, symbol
from lessons_lib.counting.keras_graph import class_name
from lessons_lib.counting.kinds import SPATIAL_RANKS
from lessons_lib.counting.shapes import size


def formula(layer: Any) -> Expression | None:
    """Return the formula of a layer's number of parameters, or None if no formula here gives that number."""
    layer_formula = _FORMULAS.get(class_name(layer) or "")
    if layer_formula is None or not layer.weights:
        return None
    try:
        found = layer_formula(layer)
    # A subclass may lack what the formula reads, or have weights with another number of axes.
    except (AttributeError, LookupError, TypeError, ValueError):
        return None
    return found if found is not None and found.value == size(layer.weights) else None


def _affine(weights: Expression, outputs: Expression, use_bias: bool) -> Expression:
    return (weights + 1) * outputs if use_bias else weights * outputs


def _window(layer: Any) -> Expression:
    names = ("kd", "kh", "kw")[-len(layer.kernel_size) :] if len(layer.kernel_size) > 1 else ("k",)
    return product(map(symbol, names, layer.kernel_size))


def _dense(layer: Any) -> Expression:
    inputs, units = layer.kernel.shape
    return _affine(symbol("inputs", inputs), symbol("units", units), layer.use_bias)


def _convolution(layer: Any) -> Expression:
    channels = symbol("C", layer.kernel.shape[-2] * layer.groups)
    weights = _window(layer) * channels
    if layer.groups > 1:
        weights = weights / symbol("G", layer.groups)
    return _affine(weights, symbol("F", layer.filters), layer.use_bias)


def _transposed_convolution(layer: Any) -> Expression:
    weights = _window(layer) * symbol("C", layer.kernel.shape[-1])
    return _affine(weights, symbol("F", layer.filters), layer.use_bias)


def _multiplied_channels(channels: int, multiplier: int) -> Expression:
    return symbol("C", channels) * symbol("M", multiplier) if multiplier > 1 else symbol("C", channels)


def _depthwise_convolution(layer: Any) -> Expression:
    return _affine(_window(layer), _multiplied_channels(*layer.kernel.shape[-2:]), layer.use_bias)


def _separable_convolution(layer: Any) -> Expression:
    between = _multiplied_channels(*layer.depthwise_kernel.shape[-2:])
    return _window(layer) * between + _affine(between, symbol("F", layer.filters), layer.use_bias)


def _recurrent(layer: Any) -> Expression | None:
    cell = getattr(layer, "cell", layer)
    if class_name(cell) not in ("SimpleRNNCell", "GRUCell", "LSTMCell"):
        return None
    inputs, columns = cell.kernel.shape
    gates, units = columns // cell.units, symbol("units", cell.units)
    terms = symbol("inputs", inputs) + units
    if cell.use_bias:
        terms = terms + size([cell.bias]) // columns
    return gates * (terms * units) if gates > 1 else terms * units


def _convolutional_lstm(layer: Any) -> Expression:
    filters = symbol("F", layer.filters)
    weights = _window(layer) * (symbol("C", layer.cell.kernel.shape[-2]) + filters)
    return 4 * _affine(weights, filters, layer.use_bias)


def _bidirectional(layer: Any) -> Expression | None:
    forward = formula(layer.forward_layer)
    return None if forward is None else 2 * forward


def _channels(layer: Any) -> Expression:
    return _times(len(layer.weights), symbol("C", size(layer.weights[:1])))


def _times(count: int, lengths: Expression) -> Expression:
    return count * lengths if count > 1 else lengths


def _axis_letters(axes: Sequence[int], rank: int) -> list[str] | None:
    """Return the letters of axes: C for the last of `rank` axes (with the batch), and W, H, D for those before it."""
    from_the_end = [axis % rank - rank for axis in axes]
    return ["DHWC"[axis] for axis in from_the_end] if min(from_the_end) >= -4 else None


def _normalized_axes(layer: Any) -> Expression | None:
    weight, rank = layer.weights[0], len(layer.get_build_config()["input_shape"])
    axes = [layer.axis] if isinstance(layer.axis, int) else layer.axis
    letters = _axis_letters(axes, rank)
    return None if letters is None else _times(len(layer.weights), product(map(symbol, letters, weight.shape)))


def _prelu(layer: Any) -> Expression | None:
    lengths, shared = layer.alpha.shape, layer.shared_axes or ()
    axes = [axis for axis in range(1, len(lengths) + 1) if axis not in shared]
    letters = _axis_letters(axes, len(lengths) + 1) if axes else None
    return None if letters is None else product(map(symbol, letters, [lengths[axis - 1] for axis in axes]))


def _normalization(layer: Any) -> Expression:
    return 2 * symbol("C", size(layer.weights[:1])) + 1


def _embedding(layer: Any) -> Expression:
    return symbol("input_dim", layer.input_dim) * symbol("output_dim", layer.output_dim)


def _reversible_embedding(layer: Any) -> Expression:
    return _embedding(layer) if layer.tie_weights else 2 * _embedding(layer)


_FORMULAS: dict[str, Callable[[Any], Expression | None]] = {
    "Dense": _dense,
    **{f"Conv{n}D": _convolution for n in SPATIAL_RANKS},
    **{f"Conv{n}DTranspose": _transposed_convolution for n in SPATIAL_RANKS},
    **{f"DepthwiseConv{n}D": _depthwise_convolution for n in SPATIAL_RANKS[:2]},
    **{f"SeparableConv{n}D": _separable_convolution for n in SPATIAL_RANKS[:2]},
    **dict.fromkeys(("RNN", "SimpleRNN", "GRU", "LSTM"), _recurrent),
    **{f"ConvLSTM{n}D": _convolutional_lstm for n in SPATIAL_RANKS},
    "Bidirectional": _bidirectional,
    "TimeDistributed": lambda layer: formula(layer.layer),
    **dict.fromkeys(("BatchNormalization", "GroupNormalization", "LayerScale"), _channels),
    **dict.fromkeys(("LayerNormalization", "RMSNormalization"), _normalized_axes),
    "PReLU": _prelu,
    "Normalization": _normalization,
    "Embedding": _embedding,
    "ReversibleEmbedding": _reversible_embedding,
}
