"""Receptive fields along every axis of a tensor, computed from one call of a layer to the next.

Along each axis, a value at position ``i`` depends on the positions ``start + i * jump`` to
``start + i * jump + size - 1`` along one axis of each input. If this is not so, or not known, the axis has None
instead. Tensors that are merged must agree in the axes of the inputs, in the jumps and in the origin from which the
starts are counted; the merged field extends from the first start to the last end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lessons_lib.counting import keras_graph
from lessons_lib.counting.formulas import ReceptiveField
from lessons_lib.counting.keras_graph import Call
from lessons_lib.counting.kinds import (
    ALONG_AXES,
    CONVOLUTIONS,
    CROPPINGS,
    ELEMENTWISE,
    PADDINGS,
    POOLINGS,
)


@dataclass(frozen=True)
class Span:
    """The field along one axis of one input; starts can be compared only between spans with the same `origin`."""

    field: ReceptiveField
    origin: object = None


@dataclass(frozen=True)
class View:
    """The fields of the positions along one axis of a tensor: a span along `axis` of each input, by its number."""

    axis: int
    spans: Mapping[int, Span]

    def moved(self, change: Callable[[Span], Span]) -> View:
        """Return the view with every span changed in the same way."""
        return replace(self, spans={number: change(span) for number, span in self.spans.items()})


@dataclass(frozen=True)
class Fields:
    """The views along all axes of a tensor after the batch, the first of them along axis 1.

    `first` is the first spatial axis of the tensor: 2 after a layer with ``data_format="channels_first"``, otherwise 1.
    `shown` is the axis of the inputs along which the ledger shows the field; None before the first layer with a window.
    """

    views: tuple[View | None, ...]
    first: int = 1
    shown: int | None = None

    @classmethod
    def of_input(cls, number: int, rank: int) -> Fields:
        """Return the fields of an input with `rank` axes, the batch included."""
        pixel = Span(ReceptiveField(1, 1, 0))
        return cls(tuple(View(axis, {number: pixel}) for axis in range(1, rank)))

    @classmethod
    def unknown(cls, rank: int) -> Fields:
        """Return the fields of a tensor about which nothing is known."""
        return cls((None,) * max(rank - 1, 0))

    @property
    def size(self) -> int | None:
        """Length of the field along the first spatial axis; None if it is not known or differs between inputs."""
        view = self.views[self.first - 1] if len(self.views) > 1 else None
        if view is None or view.axis != (self.shown or 1):
            return None
        sizes = {span.field.size for span in view.spans.values()}
        return sizes.pop() if len(sizes) == 1 else None

    def with_first_axis(self, first: int) -> Fields:
        """Return the same fields for a layer whose first spatial axis is `first`."""
        view = self.views[first - 1]
        return replace(self, first=first, shown=self.shown or (view.axis if view else 1))

    def without(self, axes: Sequence[int] | None) -> Fields:
        """Return the fields after mixing all positions along `axes`; the batch is axis 0, and None means all axes."""
        rank = len(self.views) + 1
        mixed = set(range(rank)) if axes is None else {axis % rank for axis in axes}
        if 0 in mixed:
            return Fields.unknown(rank)
        return replace(self, views=tuple(None if i in mixed else view for i, view in enumerate(self.views, start=1)))


@dataclass(frozen=True)
class Tensor:
    """A tensor's shape, batch included, and the fields of its values."""

    shape: Sequence[int | None]
    fields: Fields = field(repr=False)


def of_output(call: Call, inputs: Sequence[Tensor], masks: Sequence[Tensor]) -> Fields:
    """Return the fields of the first output of `call`, given its inputs and its masks."""
    shape = call.outputs[0].shape
    unknown = Fields.unknown(len(shape))
    if not inputs or len(call.outputs) > 1:
        return unknown
    kind = keras_graph.operation_kind(call.operation)
    if kind:
        found = _OPERATIONS[kind](call.operation, inputs, shape)
    else:
        found = _of_layer_output(call.operation, inputs, shape, bool(call.arguments.get("training")))
    if len(found.views) != len(unknown.views):
        return unknown
    for mask in masks:
        found = _masked(found, mask.fields)
    return found


def _of_layer_output(layer: Any, inputs: Sequence[Tensor], shape: Sequence[int | None], training: bool) -> Fields:
    kind = keras_graph.computes_as(layer)
    unknown = Fields.unknown(len(shape))
    if kind not in _LAYERS or (training and kind in _DIFFERENT_IN_TRAINING):
        return unknown
    found = _LAYERS[kind](layer, inputs, shape)
    mixed = axes_of_activation(getattr(layer, "activation", None))
    return unknown if mixed is None else found.without(mixed)


# ---- merging ----------------------------------------------------------------------------------------------------


def _union(spans: Sequence[Span]) -> Span | None:
    """Return the span from the first start to the last end, or None if the spans differ in jump or origin."""
    if len({(span.field.jump, span.origin) for span in spans}) > 1:
        return None
    start = min(span.field.start for span in spans)
    end = max(span.field.start + span.field.size for span in spans)
    return Span(ReceptiveField(end - start, spans[0].field.jump, start), spans[0].origin)


def _joined(views: Sequence[View | None]) -> View | None:
    """Return the merged view of several tensors along one axis."""
    known = [view for view in views if view is not None]
    if len(known) < len(views) or len({view.axis for view in known}) > 1:
        return None
    spans = {
        number: _union([view.spans[number] for view in known if number in view.spans])
        for number in sorted({number for view in known for number in view.spans})
    }
    merged = {number: span for number, span in spans.items() if span is not None}
    return View(known[0].axis, merged) if len(merged) == len(spans) else None


def _merged(inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    """Return the fields after an elementwise computation; an input with fewer axes lacks the first ones."""
    views: list[View | None] = []
    for axis in range(1, len(shape)):
        own_axes = [axis - len(shape) + len(tensor.shape) for tensor in inputs]
        is_broadcast = not all(
            own > 0 and tensor.shape[own] == shape[axis] for tensor, own in zip(inputs, own_axes, strict=True)
        )
        views.append(
            None
            if is_broadcast
            else _joined([tensor.fields.views[own - 1] for tensor, own in zip(inputs, own_axes, strict=True)])
        )
    shown_axes = {(fields.first, fields.shown) for fields in (tensor.fields for tensor in inputs) if fields.shown}
    if len(shown_axes) > 1:
        return Fields.unknown(len(shape))
    first, shown = shown_axes.pop() if shown_axes else (1, None)
    return Fields(tuple(views), first, shown)


def _masked(fields: Fields, mask: Fields) -> Fields:
    """Return the fields of values that also depend on a mask, whose axes are the first ones of the tensor."""
    missing: tuple[None, ...] = (None,) * (len(fields.views) - len(mask.views))
    views = zip(fields.views, (*mask.views, *missing), strict=False)
    return replace(fields, views=tuple(_joined(pair) for pair in views))


# ---- layers -----------------------------------------------------------------------------------------------------


def _elementwise(_: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    return _merged(inputs, shape)


def _along_axes(layer: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    axis = layer.axis
    return _merged(inputs, shape).without([axis] if isinstance(axis, int) else axis)


def _along_last_axis(_: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    return _merged(inputs[:1], shape).without([-1])


def _concatenated(layer: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    return _merged(inputs, shape).without([layer.axis])


def _spatial(layer: Any, tensor: Tensor, change: Callable[[int, int | None], Callable[[Span], Span]]) -> Fields:
    """Return the fields after `change`, which takes the number of a spatial axis (from 0) and its length."""
    # Cropping1D has no data_format: its channels are always last.
    first = 2 if getattr(layer, "data_format", None) == "channels_first" else 1
    fields, views = tensor.fields.with_first_axis(first), list(tensor.fields.views)
    for i in range(len(views) - 1):
        view, axis = views[first + i - 1], first + i
        views[axis - 1] = None if view is None else view.moved(change(i, tensor.shape[axis]))
    return replace(fields, views=tuple(views))


def _window(layer: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    is_pooling = hasattr(layer, "pool_size")
    kernel = layer.pool_size if is_pooling else layer.kernel_size
    dilation = (1,) * len(kernel) if is_pooling else layer.dilation_rate

    def change(i: int, length: int | None) -> Callable[[Span], Span]:
        before = padding_before(length, kernel[i], layer.strides[i], dilation[i], layer.padding)

        def through(span: Span) -> Span:
            moved = span.field.through(kernel[i], layer.strides[i], dilation[i], before or 0)
            return Span(moved, span.origin if before is not None else (layer.name, i, object()))

        return through

    found = _spatial(layer, inputs[0], change)
    channels = len(shape) - 1 if layer.data_format == "channels_last" else 1
    return found if is_pooling else found.without([channels])


def padding_before(length: int | None, kernel_size: int, strides: int, dilation_rate: int, padding: str) -> int | None:
    """Return how many zeros are added before the first position; None if that depends on a length that is not fixed.

    Examples
    --------
    >>> padding_before(28, 3, 2, 1, "same"), padding_before(27, 3, 2, 1, "same"), padding_before(28, 3, 1, 2, "causal")
    (0, 1, 4)
    """
    reach = dilation_rate * (kernel_size - 1)
    if padding == "causal":
        return reach
    if padding == "valid":
        return 0
    # The number of zeros depends only on the remainder of the length divided by the stride.
    lengths = range(strides, 2 * strides) if length is None else (length,)
    amounts = {max((-(-n // strides) - 1) * strides + reach + 1 - n, 0) // 2 for n in lengths}
    return amounts.pop() if len(amounts) == 1 else None


def _edges(amounts: Any) -> list[int]:
    """Return how many positions are added or removed before the first one, along each axis."""
    return [amounts[0]] if isinstance(amounts[0], int) else [before for before, _ in amounts]


def _padded(layer: Any, inputs: Sequence[Tensor], _: Sequence[int | None]) -> Fields:
    return _shifted(layer, inputs[0], [-before for before in _edges(layer.padding)])


def _cropped(layer: Any, inputs: Sequence[Tensor], _: Sequence[int | None]) -> Fields:
    return _shifted(layer, inputs[0], _edges(layer.cropping))


def _shifted(layer: Any, tensor: Tensor, steps: Sequence[int]) -> Fields:
    def change(i: int, _: int | None) -> Callable[[Span], Span]:
        def shift(span: Span) -> Span:
            field = span.field
            return replace(span, field=field._replace(start=field.start + steps[i] * field.jump))

        return shift

    return _spatial(layer, tensor, change)


def _embedded(_: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    fields = inputs[0].fields
    return replace(fields, views=(*fields.views, None))


def _reversible(_: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    is_reverse = len(inputs[0].shape) == len(shape)
    return _along_last_axis(_, inputs, shape) if is_reverse else _embedded(_, inputs, shape)


def _permuted(layer: Any, inputs: Sequence[Tensor], _: Sequence[int | None]) -> Fields:
    fields = inputs[0].fields
    return Fields(tuple(fields.views[axis - 1] for axis in layer.dims), 1, fields.shown or 1)


def _reshaped(_: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    """Keep the views of the first axes whose lengths do not change: a reshape does not mix their positions."""
    fields, before = inputs[0].fields, inputs[0].shape
    kept = 1
    while kept < min(len(before), len(shape)) and before[kept] is not None and before[kept] == shape[kept]:
        kept += 1
    views: tuple[View | None, ...] = (*fields.views[: kept - 1], *(None,) * (len(shape) - kept))
    return replace(fields, views=views)


def _time_distributed(_: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    """Keep the view along the steps, because each step is computed from that step alone."""
    fields = inputs[0].fields
    views: tuple[View | None, ...] = (fields.views[0], *(None,) * (len(shape) - 2))
    return replace(fields, views=views)


def _spectrally_normalized(layer: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    return _of_layer_output(layer.layer, inputs, shape, training=False)


_Rule = Callable[[Any, Sequence[Tensor], Sequence[int | None]], Fields]

_LAYERS: dict[str | None, _Rule] = {
    **dict.fromkeys(ELEMENTWISE, _elementwise),
    **dict.fromkeys(ALONG_AXES, _along_axes),
    **dict.fromkeys(CONVOLUTIONS | POOLINGS, _window),
    **dict.fromkeys(PADDINGS, _padded),
    **dict.fromkeys(CROPPINGS, _cropped),
    **dict.fromkeys(("Dense", "Masking"), _along_last_axis),
    **dict.fromkeys(("Reshape", "Flatten"), _reshaped),
    "Concatenate": _concatenated,
    "Embedding": _embedded,
    "ReversibleEmbedding": _reversible,
    "Permute": _permuted,
    "TimeDistributed": _time_distributed,
    "SpectralNormalization": _spectrally_normalized,
}

# A call with training=True asks these layers to compute otherwise. Keras calls augmentations so by default, without
# effect in `predict`.
_DIFFERENT_IN_TRAINING = frozenset({"BatchNormalization", "SpectralNormalization"})


def axes_of_activation(activation: Any) -> list[int] | None:
    """Return the axes along which an activation mixes positions; None if the function is not known."""
    import keras

    def functions(*names: str) -> list[Any]:
        return [
            getattr(module, name)
            for module in (keras.activations, keras.ops)
            for name in names
            if hasattr(module, name)
        ]

    if activation is None or activation in functions(*_ELEMENTWISE_ACTIVATIONS):
        return []
    if activation in functions("softmax", "log_softmax", "sparsemax"):
        return [-1]
    return [] if keras_graph.computes_as(activation) in ELEMENTWISE - {"Activation"} else None


_ELEMENTWISE_ACTIVATIONS = (
    *("celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh"),
    *("leaky_relu", "linear", "log_sigmoid", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink"),
    *(
        "softplus",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "squareplus",
        "swish",
        "tanh",
        "tanh_shrink",
        "threshold",
    ),
)


# ---- operations -------------------------------------------------------------------------------------------------


def _operation_along_axes(operation: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    return _merged(inputs, shape).without(keras_graph.operation_axes(operation))


def _reduced(operation: Any, inputs: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    rank, axes = len(inputs[0].shape), keras_graph.operation_axes(operation)
    if axes is None or len(inputs) > 1 or 0 in (reduced := {axis % rank for axis in axes}):
        return Fields.unknown(len(shape))
    fields = inputs[0].fields.without(axes)
    if len(shape) == rank:  # The reduced axes are kept with length 1.
        return fields
    return replace(fields, views=tuple(view for i, view in enumerate(fields.views, start=1) if i not in reduced))


def _unknown(_: Any, __: Sequence[Tensor], shape: Sequence[int | None]) -> Fields:
    return Fields.unknown(len(shape))


_OPERATIONS: dict[str, _Rule] = {
    "elementwise": _elementwise,
    "along axes": _operation_along_axes,
    "reduction": _reduced,
    "concatenation": _operation_along_axes,
    "arrangement": _unknown,
}
