"""Check that examples are what a model reads, and that the right answers are what its loss takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check
from lessons_lib._alike import layers

_ANY_RANK = tuple(range(1, 8))


def inputs(model: Any, x: Any) -> Any:
    """Return what a model reads as arrays: one, or several in a list, tuple or dict.

    Raises
    ------
    TypeError, ValueError
        If the model is not built or keeps a state between batches, an array holds NaN, its examples do not have the
        shape that the model reads, or several arrays differ in length.
    """
    from lessons_lib import keras

    if not isinstance(model, keras.Model):
        raise TypeError(f"model must be a keras.Model. Received: {type(model).__name__}")
    if not model.built:
        raise ValueError(
            "the model must be built: begin it with keras.Input(shape), or call it once. Received: an unbuilt model"
        )
    if stateful := [layer.name for layer in layers(model) if getattr(layer, "stateful", False)]:
        raise ValueError(f"layers must not be stateful: batches differ in size here. Received: {', '.join(stateful)}")
    known = list(getattr(model, "inputs", None) or [])
    if not _are_several(x, len(known)):
        return _input("x", x, known[0] if known else None)
    names = {tensor.name: tensor for tensor in known}
    if isinstance(x, Mapping):
        if missing := [name for name in names if name not in x]:
            raise ValueError(f"x must hold one array for each input of the model. Received: none for {missing}")
        parts = {name: _input(f"x[{name!r}]", value, names.get(name)) for name, value in x.items()}
    else:
        if known and len(x) != len(known):
            raise ValueError(f"x must hold one array for each of the model's {len(known)} inputs. Received: {len(x)}")
        tensors = known or [None] * len(x)
        parts = type(x)(_input(f"x[{i}]", *pair) for i, pair in enumerate(zip(x, tensors, strict=True)))
    _equally_long("the arrays of x", [len(part) for part in keras.tree.flatten(parts)])
    return parts


def length(x: Any) -> int:
    """Return the number of examples."""
    from lessons_lib import keras

    return len(keras.tree.flatten(x)[0])


def answers(model: Any, x: Any, y: Any, loss: Any) -> Any:
    """Return the right answers as arrays that fit the examples `x`, the model's outputs and the loss.

    Labels in a column (n, 1) become (n,), and the other way round where the model answers with a column.

    Raises
    ------
    TypeError, ValueError
        If there are more or fewer answers than examples, one of them is NaN, or they are not what the loss takes.
    """
    from lessons_lib import keras

    outputs = model(keras.tree.map_structure(lambda part: part[:1], x), training=False)
    names, tensors = _named(model, outputs)
    shapes = [(length(x), *tensor.shape[1:]) for tensor in tensors]
    if len(shapes) == 1 and not isinstance(y, Mapping):
        return _fitting("y", y, shapes[0], _part(loss, names[0], 0))
    if not isinstance(y, (Mapping, list, tuple)) or len(y) != len(names):
        received = len(y) if isinstance(y, (Mapping, list, tuple)) else "one array"
        raise ValueError(f"y must hold one array for each output of the model, {names}. Received: {received}")
    if isinstance(y, Mapping) and set(y) != set(names):
        raise ValueError(f"y must have the names of the model's outputs, {names}. Received: {list(y)}")
    fitting = {
        name: _fitting(f"y[{name!r}]", _part(y, name, i), shapes[i], _part(loss, name, i))
        for i, name in enumerate(names)
    }
    return fitting if isinstance(outputs, Mapping) else list(fitting.values())


def class_numbers(y: ArrayLike, shape: Sequence[int], loss: Any = None) -> NDArray[Any]:
    """Return labels that are class numbers in the shape of the outputs without their axis of classes.

    Parameters
    ----------
    y : int array, shape (n, …) or (n, …, 1)
    shape : sequence of int
        Shape of the model's outputs (n, …, classes).
    loss : optional
        A loss that has another axis for the classes, or a class that it ignores.

    Raises
    ------
    TypeError
        If the labels are not whole numbers.
    ValueError
        If they are one-hot, have another shape, or are not in 0…classes − 1.
    """
    y = np.asarray(y)
    settings = loss.get_config() if hasattr(loss, "get_config") else {}
    places = list(shape)
    classes = places.pop(settings.get("axis", -1))
    if y.shape == tuple(shape) and classes > 1:
        raise ValueError(
            f"labels must be class numbers of shape {tuple(places)}, and these look one-hot: take y.argmax(axis=-1). "
            f"Received: y with shape {y.shape}"
        )
    if y.shape == (*places, 1):
        y = y[..., 0]
    if y.shape != tuple(places):
        raise ValueError(f"labels must have the shape {tuple(places)}. Received: y with shape {y.shape}")
    if not np.issubdtype(y.dtype, np.integer):
        raise TypeError(f"labels must be whole numbers, such as y.astype(int). Received: dtype={y.dtype}")
    counted = y[y != settings["ignore_class"]] if settings.get("ignore_class") is not None else y
    if counted.size and (counted.min() < 0 or counted.max() >= classes):
        raise ValueError(f"labels must be in 0…{classes - 1}. Received: {counted.min()}…{counted.max()}")
    return y


def as_outputs(y: ArrayLike, shape: Sequence[int], loss: Any = None) -> NDArray[Any]:
    """Return answers in the shape of the outputs; a last axis of length 1 is added or left out as needed."""
    y, shape = np.asarray(y), tuple(shape)
    if y.shape == shape:
        return y
    if (y.shape == shape[:-1] and shape[-1] == 1) or y.shape == (*shape, 1):
        return y.reshape(shape)
    raise ValueError(f"y must have the shape of the model's outputs, {shape}. Received: y with shape {y.shape}")


def weights(n: int, y: Any, loss: Any, class_weight: Mapping[int, float] | None, sample_weight: Any) -> Any:
    """Return the weight of each example or of each of its losses, or None where all are equal.

    Raises
    ------
    TypeError, ValueError
        If both kinds of weights are given, one is negative, or they do not fit the examples.
    """
    if class_weight is not None and sample_weight is not None:
        raise ValueError("class_weight and sample_weight must not be given together, as in Keras. Received: both")
    if class_weight is not None:
        return _weights_of_classes(y, class_weight)
    if sample_weight is None:
        return None
    if isinstance(y, np.ndarray):
        return _weights_of_losses(sample_weight, n, _shape_of_losses(y, loss))
    if isinstance(sample_weight, Mapping) and isinstance(y, Mapping) and set(sample_weight) == set(y):
        return {name: _weights_of_losses(part, n, None) for name, part in sample_weight.items()}
    if isinstance(sample_weight, (list, tuple)) and isinstance(y, list) and len(sample_weight) == len(y):
        return [_weights_of_losses(part, n, None) for part in sample_weight]
    if isinstance(sample_weight, (Mapping, list, tuple)):
        raise ValueError(
            "sample_weight of several outputs must be one array, or have the form of the outputs, a "
            f"{type(y).__name__} of {len(y)}. Received: a {type(sample_weight).__name__} of {len(sample_weight)}"
        )
    return _weights_of_losses(sample_weight, n, None)


def check_metric(metric: Any, labels: Sequence[int], outputs: Sequence[int]) -> None:
    """Raise if a metric of Keras takes class numbers and the labels are one-hot, or the other way round.

    Raises
    ------
    ValueError
        If the shape of the labels is not the one that the metric takes.
    """
    from lessons_lib import keras

    name = (metric if hasattr(metric, "__name__") else type(metric)).__name__
    if outputs[-1] == 1 or name.endswith("IoU") or not (hasattr(keras.metrics, name) or hasattr(keras.losses, name)):
        return
    kind = "class numbers" if "sparse" in name.lower() else "one value for each output, such as one-hot labels"
    if (tuple(labels) == tuple(outputs)) == (kind == "class numbers"):
        raise ValueError(f"y must hold {kind} for the metric {name}. Received: y with shape {tuple(labels)}")


def kind_of_loss(loss: Any) -> str:
    """Return what answers a loss takes: "class numbers", "one-hot", "binary", "numbers" or "own".

    Raises
    ------
    TypeError, ValueError
        If Keras has no loss of that name, or `loss` is not a loss.
    """
    from lessons_lib import keras

    losses = keras.losses
    loss = resolved(loss)
    kinds = {
        "class numbers": (losses.SparseCategoricalCrossentropy, losses.sparse_categorical_crossentropy),
        "one-hot": (losses.CategoricalCrossentropy, losses.categorical_crossentropy),
        "binary": (losses.BinaryCrossentropy, losses.binary_crossentropy),
    }
    for kind, (cls, function) in kinds.items():
        if isinstance(loss, cls) or loss is function:
            return kind
    known = vars(losses).values()
    if isinstance(loss, (losses.Circle, losses.CTC)) or loss in (losses.circle, losses.ctc):
        return "own"  # Their labels have forms of their own.
    return "numbers" if loss in known or type(loss) in known else "own"


def resolved(loss: Any) -> Any:
    """Return a loss as Keras's object or function; a name or a class becomes what it stands for."""
    from lessons_lib import keras

    if isinstance(loss, (str, type)):
        try:
            return keras.losses.get(loss)
        except ValueError:
            raise ValueError(f"loss must be one that Keras knows. Received: loss={loss!r}") from None
    if not callable(loss):
        raise TypeError(f"loss must be a name, a function or a keras.losses.Loss. Received: loss={loss!r}")
    return loss


def _are_several(x: Any, expected: int) -> bool:
    """Tell whether `x` is a nest of arrays rather than one array."""
    if isinstance(x, Mapping):
        return True
    if not isinstance(x, (list, tuple)):
        return False
    return expected > 1 or (expected == 0 and len(x) > 0 and all(hasattr(part, "shape") and part.shape for part in x))


def _input(name: str, x: Any, tensor: Any) -> NDArray[Any]:
    """Return one input as an array of the shape and of the kind of numbers that its tensor has, where it is known."""
    x = _check.finite(name, x, ndim=tuple(range(8)))
    if tensor is not None:
        wanted = tuple(tensor.shape[1:])
        if not _fits(x.shape[1:], wanted) or not x.ndim:
            if _fits(x.shape, wanted):
                rule = f"must have a batch axis before the shape of one example, {wanted}: give {name}[np.newaxis]"
            else:
                rule = f"must hold examples of the shape {wanted}"
            raise ValueError(f"{name} {rule}. Received: {name} with shape {x.shape}")
        return np.asarray(x, dtype=tensor.dtype)
    if not x.ndim:
        raise ValueError(f"{name} must have a batch axis. Received: one number")
    return np.asarray(x, dtype=np.float32 if x.dtype.kind == "f" else x.dtype)


def _fits(shape: Sequence[int], wanted: Sequence[int | None]) -> bool:
    pairs = zip(shape, wanted, strict=False)
    return len(shape) == len(wanted) and all(length is None or n == length for n, length in pairs)


def _named(model: Any, outputs: Any) -> tuple[list[Any], list[Any]]:
    """Return the names of the outputs, or their numbers where they have no names, and the outputs in this order."""
    if isinstance(outputs, Mapping):
        return list(outputs), list(outputs.values())
    tensors = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    return list(getattr(model, "output_names", None) or range(len(tensors))), tensors


def _part(tree: Any, name: Any, number: int) -> Any:
    """Return what belongs to one output; what is no nest belongs to every output."""
    if isinstance(tree, Mapping):
        return tree.get(name)
    return tree[number] if isinstance(tree, (list, tuple)) else tree


def _fitting(name: str, y: Any, shape: Sequence[int], loss: Any) -> NDArray[Any]:
    """Return the answers for one output in the form that its loss takes; without a loss, as they are."""
    y = _check.finite(name, y, ndim=_ANY_RANK)
    _equally_long(f"x and {name}", [shape[0], len(y)])
    return y if loss is None else _FITTING[kind_of_loss(loss)](y, shape, loss)


def _one_hot(y: NDArray[Any], shape: Sequence[int], loss: Any) -> NDArray[Any]:
    if y.shape == tuple(shape):
        return y
    rule = f"labels of a categorical cross-entropy must be one-hot, of shape {tuple(shape)}"
    advice = "; for class numbers take sparse_categorical_crossentropy" if y.size == math.prod(shape[:-1]) else ""
    raise ValueError(f"{rule}{advice}. Received: y with shape {y.shape}")


def _binary(y: NDArray[Any], shape: Sequence[int], loss: Any) -> NDArray[Any]:
    y = as_outputs(y, shape)
    if y.min() < 0 or y.max() > 1:
        raise ValueError(f"labels of a binary cross-entropy must be in 0…1. Received: {y.min()}…{y.max()}")
    return y


_FITTING: dict[str, Callable[[NDArray[Any], Sequence[int], Any], NDArray[Any]]] = {
    "class numbers": lambda y, shape, loss: class_numbers(y, shape, resolved(loss)),
    "one-hot": _one_hot,
    "binary": _binary,
    "numbers": as_outputs,
    "own": lambda y, shape, loss: y,
}


def _weights_of_classes(y: Any, class_weight: Mapping[int, float]) -> NDArray[np.float32]:
    if not isinstance(class_weight, Mapping):
        raise TypeError(
            f"class_weight must be a dict of class numbers to weights. Received: {type(class_weight).__name__}"
        )
    if not isinstance(y, np.ndarray) or y.dtype.kind not in "iub":
        raise TypeError("class_weight needs labels that are class numbers. Received: other answers")
    numbers = {_check.whole_number("class", key, at_least=0): value for key, value in class_weight.items()}
    given = np.ones(y.shape, np.float32)
    for number, value in numbers.items():
        given[y == number] = _check.number("class_weight", value, at_least=0)
    return given


def _shape_of_losses(y: NDArray[Any], loss: Any) -> tuple[int, ...] | None:
    """Return the shape of the losses before their mean is taken, or None where it is not known."""
    kind = "own" if loss is None or isinstance(loss, (Mapping, list, tuple)) else kind_of_loss(loss)
    if kind == "own" or getattr(resolved(loss), "axis", -1) != -1:
        return None
    return y.shape if kind == "class numbers" or y.ndim == 1 else y.shape[:-1]


def _weights_of_losses(sample_weight: Any, n: int, shape: tuple[int, ...] | None) -> NDArray[np.float32]:
    given = _check.finite("sample_weight", sample_weight, ndim=_ANY_RANK).astype(np.float32)
    _equally_long("x and sample_weight", [n, len(given)])
    if given.min() < 0:
        raise ValueError(f"sample_weight must be at least 0. Received: {given.min():g}")
    if shape is None or given.shape in (shape, (*shape, 1)):
        return given
    if given.shape == (n,):
        return given.reshape(n, *[1] * (len(shape) - 1))
    rule = " or ".join(dict.fromkeys((str((n,)), str(shape))))
    raise ValueError(f"sample_weight must have the shape {rule}. Received: {given.shape}")


def _equally_long(names: str, lengths: Sequence[int]) -> None:
    if len(set(lengths)) > 1:
        raise ValueError(f"{names} must be equally long. Received: {' and '.join(map(str, lengths))}")
