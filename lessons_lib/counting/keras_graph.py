"""The graph of a Keras model as a list of calls, and the class of Keras to which each called layer belongs.

This is the only module that uses private parts of Keras, which another version may lack. A part that is missing raises
a RuntimeError.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import import_module
from typing import Any

from lessons_lib.counting.kinds import OPERATIONS
from lessons_lib.counting.shapes import Shape

WRITTEN_FOR = "3.15"
"""The version of Keras whose private names are used here."""

_APPLICATION_LAYERS = {"convnext": ("LayerScale", "StochasticDepth"), "inception_resnet_v2": ("CustomScaleLayer",)}

# A subclass that overrides only these methods computes the same as its base class.
_NOT_COMPUTATION = frozenset(
    {"build", "build_from_config", "compute_mask", "compute_output_shape", "compute_output_spec", "count_params"}
    | {"from_config", "get_build_config", "get_config", "load_own_variables", "save_own_variables"}
)


@dataclass(frozen=True, eq=False)
class Call:
    """One use of a layer, of an operation such as ``keras.ops.add``, or of a model whose graph is not known.

    Attributes
    ----------
    operation : keras.Operation
        The layer, operation or model that is called.
    name : str
        Its name after the names of the models that contain it: ``inner/layer``.
    arguments : mapping of str to any
        The arguments of the call, by their names.
    outputs : sequence of keras.KerasTensor
        The symbolic tensors that the call returns; tensors with values if the call was evaluated.
    is_mask : bool
        Whether the result only tells layers which steps of a sequence to skip.
    """

    operation: Any
    name: str
    arguments: Mapping[str, Any]
    outputs: Sequence[Any]
    is_mask: bool = False

    @property
    def inputs(self) -> list[Any]:
        """The symbolic tensors among the arguments, without masks."""
        return _tensors([value for name, value in self.arguments.items() if name not in self._mask_names])

    @property
    def masks(self) -> list[Any]:
        """The symbolic tensors that tell a layer which steps of a sequence to skip."""
        return _tensors([value for name, value in self.arguments.items() if name in self._mask_names])

    @property
    def _mask_names(self) -> set[str]:
        # Keras passes the mask of the argument "query" as "query_mask", and that of the first argument as "mask".
        return {"mask", *(f"{name}_mask" for name in self.arguments)} if _is_layer(self.operation) else set()


def inputs(model: Any) -> list[Any]:
    """Return the symbolic inputs of a model; there are none if its graph is not known."""
    graph = _graph(model)
    return [] if graph is None else list(graph.inputs)


def calls(model: Any, tensors: Sequence[Any]) -> list[Call] | None:
    """Return the calls that a model makes on symbolic `tensors`, in the order of the computation.

    A model within the model is replaced by its own calls. The result is None if the graph of the model is not known,
    because the model is subclassed or its class overrides `call`.

    Raises
    ------
    RuntimeError
        If this version of Keras lacks a private name that is needed.
    """
    graph = _graph(model)
    if graph is None:
        return None
    found: list[Call] = []
    outputs = _run(graph, tensors, found)
    return list(_with_masks_marked(found, outputs))


def evaluate(model: Any, inputs: Any) -> list[Call]:
    """Return the calls that a model whose graph is known makes in prediction, in the order of the computation.

    The model has one input, a tensor with values, and so the outputs of the calls have values, too. The last call is
    that of the model's output, if it has one output. A model within the model is a single call. Nothing is added to the
    graph of a layer, even if it belongs to several models.
    """
    import keras

    graph = _graph(model)
    found: list[Call] = []

    def call(operation: Any, /, *args: Any, **kwargs: Any) -> Any:
        if "training" in inspect.signature(operation.call).parameters:
            kwargs = kwargs | {"training": False}
        outputs = operation(*args, **kwargs)
        arguments = _arguments(operation, args, kwargs)
        found.append(Call(operation, operation.name, arguments, keras.tree.flatten(outputs)))
        return outputs

    first = keras.ops.cast(inputs, graph.inputs[0].dtype)
    _private(graph, "_run_through_graph")([first], operation_fn=lambda operation: partial(call, operation))
    return found


def operations(model: Any) -> Iterator[Any]:
    """Yield all layers and operations of a model and of the models within it, or its layers if no graph is known."""
    graph = _graph(model)
    for operation in _own_layers(model) if graph is None else graph.operations:
        if is_model(operation):
            yield from operations(operation)
        else:
            yield operation


def layers(model: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the name and the layer for all layers that a model lists; how they are connected is not known."""
    import keras

    for layer in _own_layers(model):
        if is_model(layer):
            yield from layers(layer, f"{prefix}{layer.name}/")
        elif not isinstance(layer, keras.layers.InputLayer):
            yield prefix + layer.name, layer


def is_model(operation: Any) -> bool:
    """Return whether a layer is a model."""
    import keras

    return isinstance(operation, (keras.Model, keras.Function))


def weights(operation: Any) -> list[Any]:
    """Return the weights of a layer; an operation has none, even if it has an attribute `weights`."""
    return list(operation.weights) if _is_layer(operation) else []


def tensor(shape: Shape, like: Any) -> Any:
    """Return a symbolic tensor with a shape, given without the batch, and the type of numbers of `like`."""
    import keras

    return keras.KerasTensor((None, *shape), dtype=like.dtype)


def class_name(layer: Any) -> str | None:
    """Return the public name of the nearest class of Keras that `layer` is an instance of."""
    return next((_layer_classes()[cls] for cls in type(layer).__mro__ if cls in _layer_classes()), None)


def computes_as(layer: Any) -> str | None:
    """Return `class_name`, or None if a subclass changes what that class computes."""
    if "call" in getattr(layer, "__dict__", ()):  # An activation function need not have a __dict__.
        return None
    overridden: set[str] = set()
    for cls in type(layer).__mro__:
        if cls in _layer_classes():
            special = {name for name in overridden if name.startswith("__") and name != "__call__"}
            changed = overridden - special - _NOT_COMPUTATION
            return None if any(hasattr(cls, name) for name in changed) else _layer_classes()[cls]
        overridden |= vars(cls).keys()
    return None


def operation_kind(operation: Any) -> str | None:
    """Return the kind of an operation of ``keras.ops`` (a key of `OPERATIONS`), or None if it has none."""
    return _operation_classes().get(type(operation))


def operation_name(operation: Any) -> str | None:
    """Return the name of the class of an operation of ``keras.ops`` that has a kind, or None if it has none."""
    return type(operation).__name__ if operation_kind(operation) else None


def operation_axes(operation: Any) -> list[int] | None:
    """Return the axes along which an operation or a layer works, where the batch is axis 0; None means all axes."""
    axis = _private(operation, "axis")
    return [axis] if isinstance(axis, int) else axis if axis is None else list(axis)


def grouped_projections(layer: Any) -> tuple[list[Any], list[Any]]:
    """Return the dense layers of a GroupQueryAttention that read the query, and those that read key and value."""
    on_query = ["_query_dense", "_output_dense", *(["_gate_dense"] if layer.use_gate else [])]
    on_value = ["_key_dense", "_value_dense"]
    return [_private(layer, name) for name in on_query], [_private(layer, name) for name in on_value]


# ---- private parts ----------------------------------------------------------------------------------------------


def _private(owner: Any, name: str) -> Any:
    """Return a private attribute, or raise a RuntimeError if this version of Keras lacks it."""
    try:
        return getattr(owner, name)
    except AttributeError:
        place = owner.__name__ if inspect.ismodule(owner) else type(owner).__name__
        raise _missing(f"{place}.{name}") from None


def _missing(name: str) -> RuntimeError:
    import keras

    return RuntimeError(
        f"lessons_lib needs {name}, which is private and exists in Keras {WRITTEN_FOR}. "
        f"Received: Keras {keras.__version__} without it"
    )


def _private_module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise _missing(name) from None


@cache
def _layer_classes() -> dict[type, str]:
    """Return the name of each layer class: those of ``keras.layers``, and those that ``keras.applications`` adds."""
    import keras

    found = {cls: name for name, cls in vars(keras.layers).items() if isinstance(cls, type)}
    # If a class has two public names, the one that is its own name is kept.
    found |= {cls: cls.__name__ for cls in found if hasattr(keras.layers, cls.__name__)}
    for module, names in _APPLICATION_LAYERS.items():
        found |= {_private(_private_module(f"keras.src.applications.{module}"), name): name for name in names}
    del found[keras.layers.Layer]
    return found


@cache
def _operation_classes() -> dict[type, str]:
    return {
        _private(_private_module(f"keras.src.ops.{module}"), name): kind
        for kind, modules in OPERATIONS.items()
        for module, names in modules.items()
        for name in names
    }


def _own_layers(model: Any) -> list[Any]:
    """Return the layers that a model lists; a ``keras.Function`` lists none."""
    return list(getattr(model, "layers", []))


def _graph(model: Any) -> Any:
    """Return the functional graph of a model, or None if it has none or its class overrides `call`."""
    import keras

    own_classes = [cls for cls in type(model).__mro__ if cls.__module__.split(".")[0] != "keras"]
    if "call" in vars(model) or any("call" in vars(cls) for cls in own_classes):
        return None
    if isinstance(model, keras.Sequential):
        return _private(model, "_functional")
    return model if isinstance(model, keras.Function) else None


def _run(graph: Any, tensors: Sequence[Any], found: list[Call], prefix: str = "", training: bool | None = None) -> Any:
    """Follow the graph as a call of the model does, append its calls to `found`, and return the outputs."""

    def call(operation: Any, /, *args: Any, **kwargs: Any) -> Any:
        name = prefix + operation.name
        arguments: dict[str, Any] = {"training": training} | _arguments(operation, args, kwargs)
        inner = _graph(operation) if is_model(operation) else None
        if inner is not None:
            return _run(inner, _model_inputs(inner, arguments["inputs"]), found, f"{name}/", arguments["training"])
        outputs = operation.compute_output_spec(*args, **kwargs)
        found.append(Call(operation, name, arguments, _tensors(outputs)))
        return outputs

    run = _private(graph, "_run_through_graph")
    return run(tensors, operation_fn=lambda operation: partial(call, operation))


def _arguments(operation: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call by their names."""
    return dict(inspect.signature(operation.call).bind(*args, **kwargs).arguments)


def _model_inputs(graph: Any, inputs: Any) -> list[Any]:
    """Return the tensors that a model is called with, in the order of its inputs."""
    import keras

    if isinstance(inputs, Mapping) and not isinstance(graph.input, Mapping):
        return [inputs[each.name] for each in graph.inputs]
    return list(keras.tree.flatten(inputs))


def _tensors(nest: Any) -> list[Any]:
    import keras

    return [leaf for leaf in keras.tree.flatten(nest) if isinstance(leaf, keras.KerasTensor)]


def _is_layer(operation: Any) -> bool:
    import keras

    return isinstance(operation, keras.Layer)


def _with_masks_marked(found: Sequence[Call], outputs: Any) -> Iterator[Call]:
    """Mark the operations whose results are used for the masks of layers only."""
    needed = {id(tensor) for tensor in _tensors(outputs)}
    is_mask = []
    for call in reversed(found):
        is_needed = _is_layer(call.operation) or any(id(tensor) in needed for tensor in call.outputs)
        is_mask.append(not is_needed)
        if is_needed:
            needed.update(id(tensor) for tensor in call.inputs)
    return (replace(call, is_mask=mask) for call, mask in zip(found, reversed(is_mask), strict=True))
