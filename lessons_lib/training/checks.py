"""Checks that examples fit the inputs of a model, and that targets fit its outputs and its loss.

Targets are what the model should return for the examples, such as class numbers; Keras uses the same word.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check, _interrupts
from lessons_lib.training.architecture import layers

_ANY_RANK = tuple(range(1, 8))
# Keras takes both names for the accuracy that fits the labels.
ACCURACY = ("accuracy", "acc")


def inputs(model: Any, x: Any) -> Any:
    """Return the inputs of a model as arrays: one array, or several in a list, tuple or dict.

    Parameters
    ----------
    model : keras.Model
        A built model.
    x : array, shape (n, …), or list, tuple or dict of arrays
        The examples.

    Returns
    -------
    array, or list, tuple or dict of arrays
        The examples, with the type of numbers of the model's inputs.

    Raises
    ------
    TypeError, ValueError
        If the model is not built or keeps a state between batches, an array holds NaN or numbers out of range, its
        examples do not have the input shape of the model, or several arrays differ in length.
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
    keys = getattr(model, "input", None)
    limits = _word_limits(model)
    if not _are_several(x, len(known)):
        return _input("x", x, known[0] if known else None, limits)
    if isinstance(x, Mapping):
        # A functional model of a dict takes the names of the dict, or those of its tensors.
        by_tensor = {tensor.name: tensor for tensor in known}
        names = dict(keys) if isinstance(keys, Mapping) and not set(by_tensor) <= set(x) else by_tensor
        if missing := [name for name in names if name not in x]:
            raise ValueError(f"x must hold one array for each input of the model. Received: none for {missing}")
        parts = {name: _input(f"x[{name!r}]", value, names.get(name), limits) for name, value in x.items()}
    else:
        if known and len(x) != len(known):
            raise ValueError(f"x must hold one array for each of the model's {len(known)} inputs. Received: {len(x)}")
        tensors = known or [None] * len(x)
        parts = type(x)(_input(f"x[{i}]", *pair, limits) for i, pair in enumerate(zip(x, tensors, strict=True)))
    _equally_long("the arrays of x", [len(part) for part in keras.tree.flatten(parts)])
    return parts


def numbers(name: str, y: Any) -> NDArray[Any]:
    """Return targets as an array of finite numbers in their own type; losses and metrics compute in float32."""
    array = _check.finite(name, y, ndim=_ANY_RANK)
    _check.in_range(name, array)
    return array


def length(x: Any) -> int:
    """Return the number of examples in `x`, an array or several arrays of one length."""
    from lessons_lib import keras

    return len(keras.tree.flatten(x)[0])


def targets(model: Any, x: Any, y: Any, loss: Any) -> Any:
    """Return the targets as arrays that fit the examples `x`, the model's outputs and the loss.

    An axis of length 1 at the end is added or removed as the outputs and the loss need it: class numbers (n, 1)
    become (n,), and targets (n,) of a model with one unit become (n, 1).

    Raises
    ------
    TypeError, ValueError
        If there are more or fewer targets than examples, one of them is NaN, or they do not fit the loss.
    """
    outputs = _outputs_of_one(model, x)
    names, tensors = _named(model, outputs)
    shapes = [(length(x), *tensor.shape[1:]) for tensor in tensors]
    _check_parts("loss", loss, names)
    if isinstance(loss, Mapping) and not isinstance(outputs, Mapping) and len(loss) < len(names):
        raise ValueError(f"loss must have all names of the model's outputs, {names}. Received: {list(loss)}")
    if len(shapes) == 1 and not isinstance(y, Mapping):
        return _checked("y", y, shapes[0], _part(loss, names[0], 0))
    if not isinstance(y, (Mapping, list, tuple)) or len(y) != len(names):
        received = len(y) if isinstance(y, (Mapping, list, tuple)) else "one array"
        raise ValueError(f"y must hold one array for each output of the model, {names}. Received: {received}")
    if isinstance(y, Mapping) and set(y) != set(names):
        raise ValueError(f"y must have the names of the model's outputs, {names}. Received: {list(y)}")
    checked = {
        name: _checked(f"y[{name!r}]", _part(y, name, i), shapes[i], _part(loss, name, i))
        for i, name in enumerate(names)
    }
    return checked if isinstance(outputs, Mapping) else list(checked.values())


@_interrupts.delayed()
def _outputs_of_one(model: Any, x: Any) -> Any:
    """Return the outputs of a model for the first example."""
    from lessons_lib import keras

    return model(keras.tree.map_structure(lambda part: part[:1], x), training=False)


def class_numbers(y: ArrayLike, shape: Sequence[int], loss: Any = None) -> NDArray[Any]:
    """Return class numbers in the shape of the outputs without the axis of the classes.

    Parameters
    ----------
    y : int array, shape (n, …) or (n, …, 1)
        The class numbers.
    shape : sequence of int
        Shape of the model's outputs (n, …, classes).
    loss : optional
        The loss; it may set another axis for the classes (`axis`) or a class to ignore (`ignore_class`).

    Raises
    ------
    TypeError
        If the labels are not whole numbers.
    ValueError
        If the labels are one-hot, have another shape, or are not in 0…classes − 1.
    """
    y = np.asarray(y)
    settings = loss.get_config() if hasattr(loss, "get_config") else {}
    label_shape = list(shape)
    classes = label_shape.pop(settings.get("axis", -1))
    if y.shape == tuple(shape) and classes > 1:
        raise ValueError(
            f"labels must be class numbers of shape {tuple(label_shape)}, and these look one-hot: take "
            f"y.argmax(axis=-1). Received: y with shape {y.shape}"
        )
    if y.shape == (*label_shape, 1):
        y = y[..., 0]
    if y.shape != tuple(label_shape):
        raise ValueError(f"labels must have the shape {tuple(label_shape)}. Received: y with shape {y.shape}")
    if not np.issubdtype(y.dtype, np.integer):
        raise TypeError(f"labels must be whole numbers, such as y.astype(int). Received: dtype={y.dtype}")
    checked = y[y != settings["ignore_class"]] if settings.get("ignore_class") is not None else y
    if checked.size and (checked.min() < 0 or checked.max() >= classes):
        raise ValueError(f"labels must be in 0…{classes - 1}. Received: {checked.min()}…{checked.max()}")
    return y


def as_outputs(y: ArrayLike, shape: Sequence[int], loss: Any = None) -> NDArray[Any]:
    """Return targets in the shape of the outputs; an axis of length 1 at the end is added or removed as needed."""
    y, shape = np.asarray(y), tuple(shape)
    if y.shape == shape:
        return y
    if (y.shape == shape[:-1] and shape[-1] == 1) or y.shape == (*shape, 1):
        return y.reshape(shape)
    raise ValueError(f"y must have the shape of the model's outputs, {shape}. Received: y with shape {y.shape}")


def weights(n: int, y: Any, loss: Any, class_weight: Mapping[int, float] | None, sample_weight: Any) -> Any:
    """Return the weight of each example in the loss, or in each of several losses, or None if all weights are equal.

    Raises
    ------
    TypeError, ValueError
        If both kinds of weights are given, a weight is negative, or the weights do not fit the examples.
    """
    if class_weight is not None and sample_weight is not None:
        raise ValueError("class_weight and sample_weight must not be given together, as in Keras. Received: both")
    if class_weight is not None:
        return _weights_of_classes(_classes_of(y, loss), class_weight)
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


def check_metrics(metrics: Any, model: Any, examples: tuple[Any, ...]) -> None:
    """Raise if the metrics do not fit the outputs of a model, or a metric of its only output does not take the labels.

    Raises
    ------
    ValueError
        If Keras does not know a metric, the shape of the labels is not the one that it takes, or there are not as many
        metrics as outputs.
    """
    from lessons_lib import keras

    if metrics is None or len(examples) < 2:
        return
    for metric in keras.tree.flatten(metrics):
        # Keras chooses the accuracy by the labels.
        if metric is not None and metric not in ACCURACY:
            known_metric(metric)
    names, outputs = _named(model, _outputs_of_one(model, examples[0]))
    if len(names) > 1:
        _check_parts("metrics", metrics, names)
    if isinstance(metrics, Mapping) or not isinstance(examples[1], np.ndarray):
        return
    for metric in metrics:
        if not isinstance(metric, (list, tuple, Mapping)) and metric not in ACCURACY:
            check_metric(known_metric(metric), examples[1].shape, (len(examples[1]), *outputs[0].shape[1:]))


def known_metric(metric: Any) -> Any:
    """Return a metric as an object or a function; a name is replaced by the metric that it names.

    Raises
    ------
    ValueError
        If Keras has no metric of that name, or one that cannot be made without settings.
    """
    from lessons_lib import keras

    try:
        found = keras.metrics.get(metric)
    except ValueError:
        found = None
    except TypeError:
        raise ValueError(
            "a metric with settings must be an object, such as keras.metrics.MeanIoU(num_classes=3). "
            f"Received: metric={metric!r}"
        ) from None
    if found is None:
        raise ValueError(f"metric must be one that Keras knows. Received: metric={metric!r}")
    return found


def check_metric(metric: Any, labels: Sequence[int], outputs: Sequence[int]) -> None:
    """Raise if a metric of Keras does not compare probabilities, or not with labels of this shape.

    Raises
    ------
    ValueError
        If the metric compares no labels or compares for equality, it takes class numbers and the labels are one-hot, or
        the other way round.
    """
    from lessons_lib import keras

    name = (metric if hasattr(metric, "__name__") else type(metric)).__name__
    if not (hasattr(keras.metrics, name) or hasattr(keras.losses, name)):
        return
    if name in ("Mean", "Sum", "Metric"):
        raise ValueError(f"metric must be one that compares predictions with labels. Received: {name}")
    if name == "Accuracy":
        raise ValueError(
            'metric must be "accuracy" for a model that gives probabilities: Accuracy counts predictions that equal '
            "the labels. Received: Accuracy"
        )
    one_hot = tuple(labels) == tuple(outputs)
    if name.endswith("IoU") and _is_told_the_form(name, metric, one_hot):
        return
    if outputs[-1] == 1:
        if "categorical" in name.lower() and "accuracy" in name.lower():
            raise ValueError(f"a model with one unit needs a binary metric, such as binary_accuracy. Received: {name}")
        return
    kind = "class numbers" if "sparse" in name.lower() else "one value for each output, such as one-hot labels"
    if one_hot == (kind == "class numbers"):
        raise ValueError(f"y must hold {kind} for the metric {name}. Received: y with shape {tuple(labels)}")


def _is_told_the_form(name: str, metric: Any, are_one_hot: bool) -> bool:
    """Return whether an IoU has a setting for the form of the labels; raise if it would misread labels or outputs.

    An IoU compares class numbers unless it is told otherwise, and would take probabilities for such.
    """
    settings = metric.get_config() if hasattr(metric, "get_config") else {}
    if settings.get("sparse_y_pred"):
        raise ValueError(f"{name} must have sparse_y_pred=False: a model gives probabilities. Received: True")
    if "sparse_y_true" not in settings:
        return False
    if settings["sparse_y_true"] is are_one_hot:
        kind = "one-hot labels" if are_one_hot else "class numbers"
        raise ValueError(f"{name} must have sparse_y_true={not are_one_hot} for {kind}. Received: {are_one_hot}")
    return True


def kind_of_loss(loss: Any) -> str:
    """Return which targets a loss takes: "class numbers", "one-hot", "binary", "numbers" or, if unknown, "custom".

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
        return "custom"  # Their labels have other forms than those of the other losses.
    return "numbers" if loss in known or type(loss) in known else "custom"


def resolved(loss: Any) -> Any:
    """Return a loss as an object or a function; a name or a class is replaced by the loss that it names."""
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
    """Return whether `x` holds several arrays rather than one; `expected` is the number of inputs, 0 if unknown."""
    if isinstance(x, Mapping):
        return True
    if not isinstance(x, (list, tuple)):
        return False
    return expected > 1 or (expected == 0 and len(x) > 0 and all(hasattr(part, "shape") and part.shape for part in x))


def _word_limits(model: Any) -> dict[int, int]:
    """Return for the identity of each input tensor that an Embedding reads how many numbers the Embedding knows."""
    from lessons_lib import keras

    limits = {}
    for layer in layers(model):
        if isinstance(layer, keras.layers.Embedding):
            with suppress(ValueError):  # It was not called with a symbolic tensor.
                limits[id(layer.input)] = layer.input_dim
    return limits


def _input(name: str, x: Any, tensor: Any, limits: Mapping[int, int]) -> NDArray[Any]:
    """Return one input as an array that has the shape and the type of numbers of its symbolic tensor, if known."""
    x = _check.finite(name, x, ndim=tuple(range(8)))
    if tensor is not None:
        wanted = tuple(tensor.shape[1:])
        if not _fits(x.shape[1:], wanted) or not x.ndim:
            if _fits(x.shape, wanted):
                rule = f"must have a batch axis before the shape of one example, {wanted}: give {name}[np.newaxis]"
            else:
                rule = f"must hold examples of the shape {wanted}"
            raise ValueError(f"{name} {rule}. Received: {name} with shape {x.shape}")
    elif not x.ndim:
        raise ValueError(f"{name} must have a batch axis. Received: one number")
    dtype = tensor.dtype if tensor is not None else np.float32 if x.dtype.kind == "f" else x.dtype
    _check.in_range(name, x, dtype)
    if (limit := limits.get(id(tensor))) is not None and (x.min() < 0 or x.max() >= limit):
        raise ValueError(
            f"{name} must be in 0…{limit - 1}, the numbers that the Embedding knows. Received: {x.min()}…{x.max()}"
        )
    return np.asarray(x, dtype=dtype)


def _fits(shape: Sequence[int], wanted: Sequence[int | None]) -> bool:
    """Return whether a shape is the wanted one, in which None stands for any length."""
    pairs = zip(shape, wanted, strict=False)
    return len(shape) == len(wanted) and all(length is None or n == length for n, length in pairs)


def _named(model: Any, outputs: Any) -> tuple[list[Any], list[Any]]:
    """Return the names of the outputs, or their numbers where they have no names, and the outputs in this order."""
    if isinstance(outputs, Mapping):
        return list(outputs), list(outputs.values())
    tensors = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    return list(getattr(model, "output_names", None) or range(len(tensors))), tensors


def _check_parts(name: str, given: Any, names: list[Any]) -> None:
    """Raise if a dict or a list of settings, such as losses, does not fit the outputs with these names."""
    if isinstance(given, Mapping) and not set(given) <= set(names):
        raise ValueError(f"{name} must have the names of the model's outputs, {names}. Received: {list(given)}")
    if isinstance(given, (list, tuple)) and len(given) != len(names):
        raise ValueError(f"{name} must hold one for each output of the model, {names}. Received: {len(given)}")


def _part(tree: Any, name: Any, number: int) -> Any:
    """Return what belongs to one output; what is no nest belongs to every output."""
    if isinstance(tree, Mapping):
        return tree.get(name)
    return tree[number] if isinstance(tree, (list, tuple)) else tree


def _checked(name: str, y: Any, shape: Sequence[int], loss: Any) -> NDArray[Any]:
    """Return the targets of one output in the form that its loss takes; without a loss, as they are."""
    y = numbers(name, y)
    _equally_long(f"x and {name}", [shape[0], len(y)])
    return y if loss is None else _CHECKS[kind_of_loss(loss)](y, shape, loss)


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


_CHECKS: dict[str, Callable[[NDArray[Any], Sequence[int], Any], NDArray[Any]]] = {
    "class numbers": lambda y, shape, loss: class_numbers(y, shape, resolved(loss)),
    "one-hot": _one_hot,
    "binary": _binary,
    "numbers": as_outputs,
    "custom": lambda y, shape, loss: y,
}


def _classes_of(y: Any, loss: Any) -> Any:
    """Return the class numbers of labels, or None if each example may have several classes, or none."""
    kind = None if loss is None or not isinstance(y, np.ndarray) else kind_of_loss(loss)
    if kind == "one-hot":
        return y.argmax(axis=-1)
    return None if kind in ("binary", "numbers") and y.ndim > 1 and y.shape[-1] > 1 else y


def _weights_of_classes(y: Any, class_weight: Mapping[int, float]) -> NDArray[np.float32]:
    if not isinstance(class_weight, Mapping):
        raise TypeError(
            f"class_weight must be a dict of class numbers to weights. Received: {type(class_weight).__name__}"
        )
    if not isinstance(y, np.ndarray) or y.dtype.kind not in "iub":
        raise TypeError("labels must be class numbers when class_weight is given. Received: labels of another kind")
    of_classes = {_check.whole_number("class", key, at_least=0): value for key, value in class_weight.items()}
    given = np.ones(y.shape, np.float32)
    for number, value in of_classes.items():
        given[y == number] = _check.float32("class_weight", _check.number("class_weight", value, at_least=0), ndim=0)
    return given


def _shape_of_losses(y: NDArray[Any], loss: Any) -> tuple[int, ...] | None:
    """Return the shape of the losses before their mean is taken, or None where it is not known."""
    kind = "own" if loss is None or isinstance(loss, (Mapping, list, tuple)) else kind_of_loss(loss)
    if kind == "own" or getattr(resolved(loss), "axis", -1) != -1:
        return None
    return y.shape if kind == "class numbers" or y.ndim == 1 else y.shape[:-1]


def _weights_of_losses(sample_weight: Any, n: int, shape: tuple[int, ...] | None) -> NDArray[np.float32]:
    given = _check.float32("sample_weight", sample_weight, ndim=_ANY_RANK)
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
