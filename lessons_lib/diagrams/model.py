"""What the drawings need to know of a Keras model: its blocks, and which block feeds which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lessons_lib.counting import keras_graph, shapes
from lessons_lib.counting.keras_graph import Call
from lessons_lib.counting.shapes import Shape
from lessons_lib.plots import COLORS


@dataclass(frozen=True)
class Block:
    """One input of a model, or one use of a layer.

    Attributes
    ----------
    kind : str
        The name of the layer's class, or "Input".
    details : sequence of str
        The settings that the shape does not show: the kernel's size, strides, the activation.
    shape : tuple of int or None
        The shape of the output without the batch.
    parameters : int
        The number of the parameters that no earlier block has.
    is_shared : bool
        Whether an earlier block has all its parameters.
    sources : tuple of int
        The indices of the blocks that it reads.
    """

    kind: str
    details: Sequence[str]
    shape: Shape
    parameters: int
    is_shared: bool
    sources: tuple[int, ...]

    @property
    def shape_text(self) -> str:
        """The shape as it is drawn, for example "28×28×1"; a length that is not fixed is a question mark."""
        return "×".join("?" if n is None else str(n) for n in self.shape) or "1"

    @property
    def parameters_text(self) -> str:
        """The number of parameters as it is drawn; empty for an input."""
        if self.kind == "Input":
            return ""
        if self.is_shared:
            return "shared weights"
        return f"{self.parameters:,} parameters" if self.parameters else "no weights"

    @property
    def color(self) -> str:
        """The colour of this kind of block."""
        if self.kind == "Input":
            return "#666666"
        if len(self.sources) > 1:
            return COLORS[3]
        found = [color for part, color in _KIND_COLORS.items() if part in self.kind]
        return found[0] if found else "#8A7F2B"


_KIND_COLORS = {"Conv": COLORS[0], "Pooling": COLORS[2], "Dense": COLORS[1]}


def blocks(name: str, model: Any) -> list[Block]:
    """Return the blocks of a built Keras model in the order of the computation; `name` is its name in errors.

    Raises
    ------
    TypeError
        If `model` is not a Keras model.
    ValueError
        If it is not built, or its graph is not known because it is subclassed.
    """
    if not (hasattr(model, "layers") and hasattr(model, "count_params")):
        raise TypeError(f"{name} must be a Keras model. Received: {type(model).__name__}")
    inputs = keras_graph.inputs(model) if model.built else []
    calls = keras_graph.calls(model, inputs) if model.built else None
    if calls is None:
        raise ValueError(
            f"{name} must be a Sequential or functional model that begins with keras.Input. "
            f"Received: {type(model).__name__} {model.name!r}"
        )
    found = [Block("Input", (), tuple(tensor.shape[1:]), 0, False, ()) for tensor in inputs]
    # The id of a symbolic tensor identifies it, because `inputs` and `calls` keep all of them in memory.
    makers = {id(tensor): index for index, tensor in enumerate(inputs)}
    counted: set[int] = set()
    for call in calls:
        if call.is_mask:
            continue
        makers |= dict.fromkeys(map(id, call.outputs), len(found))
        found.append(_block(call, [makers[id(x)] for x in call.inputs if id(x) in makers], counted))
    return found


def _block(call: Call, sources: Sequence[int], counted: set[int]) -> Block:
    """Return the block of one call; `counted` holds the weights that earlier blocks have, and gains those of this."""
    weights = keras_graph.weights(call.operation)
    new = [weight for weight in weights if id(weight) not in counted]
    counted.update(map(id, new))
    return Block(
        kind=type(call.operation).__name__,
        details=_details(call.operation),
        shape=tuple(call.outputs[0].shape[1:]),
        parameters=shapes.size(new),
        is_shared=bool(weights) and not new,
        sources=tuple(dict.fromkeys(sources)),
    )


def _details(layer: Any) -> list[str]:
    """Return the settings of a layer that its output's shape does not show."""
    window = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    details = [_by_axis(window)] if window else []
    usual = getattr(layer, "pool_size", None) or (1,) * len(window or ())
    if window and tuple(layer.strides) != tuple(usual):
        details.append(f"strides {_shortest(layer.strides)}")
    if window and set(getattr(layer, "dilation_rate", (1,))) != {1}:
        details.append(f"dilation {_shortest(layer.dilation_rate)}")
    if isinstance(rate := getattr(layer, "rate", None), float):
        details.append(f"{rate:g}")
    activation = getattr(layer, "activation", None)
    name = getattr(activation, "__name__", type(activation).__name__)
    return details if activation is None or name == "linear" else [*details, name]


def _by_axis(lengths: Sequence[int]) -> str:
    return "×".join(map(str, lengths))


def _shortest(steps: Sequence[int]) -> str:
    """Return one number if it is the same for all axes."""
    return str(steps[0]) if len(set(steps)) == 1 else _by_axis(steps)
