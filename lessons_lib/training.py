"""Train a network, score it, and repeat both over seeds: quiet, seeded, and no longer than it must be."""

from __future__ import annotations

import ctypes
import gc
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check
from lessons_lib.results import Repeated

_VALUES_READ_AT_ONCE = 400_000
_TRAINERS_KEPT = 2
_trainers: dict[str, _Trainer] = {}


def fit(
    model: Any,
    x: ArrayLike,
    y: ArrayLike,
    *,
    epochs: int = 5,
    learning_rate: float = 3e-3,
    batch_size: int = 64,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    optimizer: Any = None,
    loss: str = "sparse_categorical_crossentropy",
    seed: int = 0,
) -> Any:
    """Train a model in place, with a progress bar that is gone when it is done.

    The same seed on the same machine gives the same weights, bit for bit. Loss and accuracy of each
    epoch are in ``model.history.history``. Each call starts the optimiser anew.

    Each step is Keras's own ``train_step``. TensorFlow compiles a whole epoch of them once for each
    architecture, and networks of the same architecture share it: over the seeds of an experiment that saves
    most of the time and of the memory.

    Parameters
    ----------
    model : keras.Model
        Built; it may be uncompiled. It is compiled here.
    x : array, shape (n, …)
        What the model reads, such as images (n, rows, columns, channels).
    y : array, shape (n,) or (n, outputs)
        Class numbers for a cross-entropy loss, numbers for any other.
    epochs : int
        How often to go through all of `x`.
    learning_rate : float
        Of Adam, the optimiser unless `optimizer` names another.
    batch_size : int
        How many examples share one step. Those that fill no batch share the first step of an epoch.
    validation : (x, y), optional
        Examples to score after each epoch, as ``val_loss`` and ``val_accuracy``.
    optimizer : keras.optimizers.Optimizer, optional
        Replaces Adam, and `learning_rate` with it. Its settings are used; it is not changed.
    loss : str
        Any loss that Keras knows.
    seed : int
        Of the order of the examples. What dropout leaves out follows the seed that the network was built with.

    Returns
    -------
    keras.Model
        The same model, trained.

    Raises
    ------
    TypeError, ValueError
        If `x` and `y` differ in length, `x` holds NaN, a label is not one of the model's classes, or a
        number is out of range.

    Examples
    --------
    >>> from lessons_lib import data, models
    >>> digits = data.digits(train=100, validation=0, test=0)
    >>> model = fit(models.dense(), digits.x_train, digits.y_train, epochs=20)
    >>> score(model, digits.x_train, digits.y_train) > 0.9
    True
    """
    from lessons_lib import keras

    epochs, batch_size = _check.whole_number("epochs", epochs), _check.whole_number("batch_size", batch_size)
    x, y = _examples(model, x, y, loss)
    if validation is not None:
        validation = _examples(model, *validation, loss)
    seed = _check.whole_number("seed", seed, at_least=0)
    optimizer = optimizer or keras.optimizers.Adam(_check.number("learning_rate", learning_rate, at_least=0))
    metrics = ["accuracy"] if "crossentropy" in loss else []
    # Compiling with XLA would take longer than training does.
    compiling = {"loss": loss, "metrics": metrics, "jit_compile": False}
    trainer = _trainer(model, optimizer, compiling)
    history = _train(trainer, x, y, epochs, batch_size, validation, np.random.default_rng(seed))
    if trainer.model is not model:
        _assign(model.variables, [variable.value for variable in trainer.model.variables])
        model.compile(_fresh(optimizer), **compiling)
    model.history = history
    return model


def predict(model: Any, x: ArrayLike) -> NDArray[np.float32]:
    """Return what the model answers, in slices that keep the memory small.

    Parameters
    ----------
    model : keras.Model
    x : array, shape (n, …)

    Returns
    -------
    float32 array, shape (n, outputs)

    Raises
    ------
    TypeError, ValueError
        If `x` holds NaN, or its examples have not the shape that the model reads.

    Examples
    --------
    >>> from lessons_lib import models
    >>> predict(models.dense(), np.zeros((3, 28, 28, 1))).shape
    (3, 10)
    """
    x = _inputs(model, x).astype(np.float32)
    at_once = max(1, _VALUES_READ_AT_ONCE // x[0].size)
    slices = [x[start : start + at_once] for start in range(0, len(x), at_once)]
    # Called as it is, the model needs no new TensorFlow graph: that would take longer than the answers do.
    return np.concatenate([np.asarray(model(part, training=False)) for part in slices])


def score(model: Any, x: ArrayLike, y: ArrayLike) -> float:
    """Return the accuracy: the share of examples whose highest score is the right class, 0…1.

    Parameters
    ----------
    model : keras.Model
        From examples (n, …) to scores (n, classes).
    x : array, shape (n, …)
    y : int array, shape (n,)
        The right classes.

    Returns
    -------
    float
        0…1; chance is 1 / classes.

    Raises
    ------
    TypeError, ValueError
        If `x` and `y` differ in length, `x` holds NaN, or a label is not one of the model's classes.

    Examples
    --------
    >>> from lessons_lib import models
    >>> score(models.dense(), np.zeros((1, 28, 28, 1)), [3]) in (0.0, 1.0)
    True
    """
    x, y = _examples(model, x, y, "sparse_categorical_crossentropy")
    return float((predict(model, x).argmax(axis=1) == y).mean())


def repeat(experiment: Callable[[int], ArrayLike], *, seeds: int | Iterable[int] = 5) -> Repeated:
    """Run an experiment once for each seed and keep all results.

    Between two runs freed memory goes back to the system, and after the last one Keras forgets its models.

    Parameters
    ----------
    experiment : callable
        Takes a seed and returns a number or an array of numbers, always of one shape.
    seeds : int or iterable of int
        A number n stands for the seeds 0 … n − 1. At least two, or there is no spread.

    Returns
    -------
    Repeated
        With `values`, `mean` and `std`.

    Raises
    ------
    TypeError, ValueError
        If there are fewer than two seeds, or the results differ in shape or are not finite.

    Examples
    --------
    >>> repeat(lambda seed: [seed, 10 * seed], seeds=3)
    1.000 ± 1.000, 10.000 ± 10.000 (3 seeds)
    """
    from lessons_lib import keras

    chosen: Sequence[int] = range(seeds) if isinstance(seeds, int) else list(seeds)
    if len(chosen) < 2:
        raise ValueError(f"seeds must be at least two, or there is no spread. Received: {len(chosen)}")
    results = []
    with _progress("Seeds", len(chosen)) as bar:
        for seed in chosen:
            results.append(np.asarray(experiment(seed), dtype=np.float64))
            _return_memory()
            bar.update()
    keras.utils.clear_session()
    if len({result.shape for result in results}) > 1:
        raise ValueError(f"results must have one shape. Received: {[result.shape for result in results]}")
    return Repeated(_check.finite("results", np.stack(results), ndim=tuple(range(1, 8))))


def _return_memory() -> None:
    """Give freed memory back to the system, which the C library of Linux does not do by itself: Binder has 2 GB."""
    gc.collect()
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


@dataclass(frozen=True)
class _Trainer:
    """A compiled network, one pass through the examples for it, and the state that its optimiser starts in."""

    model: Any
    epoch: Callable[..., None]
    start: list[NDArray[Any]]


def _trainer(model: Any, optimizer: Any, compiling: dict[str, Any]) -> _Trainer:
    """Return a trainer with the weights of `model`: the one that trained the last of its kind, if any."""
    from lessons_lib import keras

    if not _keras_own(model):
        return _new_trainer(model, optimizer, compiling)
    settings = optimizer.get_config()
    rate = settings.pop("learning_rate")
    parts = [model.get_config(), compiling, type(optimizer).__name__, settings, isinstance(rate, float) or rate]
    key = json.dumps(_without_names(parts))
    if key not in _trainers:
        while len(_trainers) >= _TRAINERS_KEPT:
            del _trainers[next(iter(_trainers))]
        _trainers[key] = _new_trainer(keras.models.clone_model(model), optimizer, compiling)
    trainer = _trainers[key]
    _assign(trainer.model.variables, [variable.value for variable in model.variables])
    _assign(trainer.model.optimizer.variables, trainer.start)
    if isinstance(rate, float):
        trainer.model.optimizer.learning_rate = rate
    return trainer


def _new_trainer(model: Any, optimizer: Any, compiling: dict[str, Any]) -> _Trainer:
    model.compile(_fresh(optimizer), **compiling)
    model.optimizer.build(model.trainable_variables)
    return _Trainer(model, _epoch(model), [variable.numpy() for variable in model.optimizer.variables])


def _epoch(model: Any) -> Callable[..., None]:
    """Return a pass through the examples as one TensorFlow graph: Keras's training step, batch after batch.

    Keras's own ``fit`` takes longer to hand a small batch over than a small network takes to learn from it. And it ends
    an epoch with the examples that fill no batch: at a large learning rate, a step too noisy to be the last. Here they
    come first.
    """
    import tensorflow as tf

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]
    def epoch(x: Any, y: Any, order: Any, batch_size: int) -> None:
        count = tf.size(order)
        for end in tf.range((count - 1) % batch_size + 1, count + 1, batch_size):
            batch = order[tf.maximum(0, end - batch_size) : end]
            model.train_step((tf.gather(x, batch), tf.gather(y, batch)))

    return epoch  # type: ignore[no-any-return]


def _train(
    trainer: _Trainer, x: Any, y: Any, epochs: int, batch_size: int, validation: Any, rng: np.random.Generator
) -> Any:
    """Run the epochs, each in an order of its own, and return their history."""
    from lessons_lib import keras

    model, history = trainer.model, keras.callbacks.History()
    x, y = (keras.ops.convert_to_tensor(a, "float32" if a.dtype.kind == "f" else None) for a in (x, y))
    # Metrics make their variables when they first see an answer, which a compiled step may not do.
    model.compute_metrics(x[:1], y[:1], model(x[:1]))
    history.set_model(model)
    history.on_train_begin()
    with _progress("Training", epochs) as bar:
        for number in range(epochs):
            model.reset_metrics()
            trainer.epoch(x, y, keras.ops.convert_to_tensor(rng.permutation(len(x)), "int32"), batch_size)
            logs = {name: float(value) for name, value in model.get_metrics_result().items()}
            if validation is not None:
                scores = model.evaluate(*validation, verbose=0, return_dict=True)
                logs |= {f"val_{name}": value for name, value in scores.items()}
            history.on_epoch_end(number, logs)
            bar.update()
    return history


def _fresh(optimizer: Any) -> Any:
    return type(optimizer).from_config(optimizer.get_config())


def _keras_own(model: Any) -> bool:
    """Tell whether Keras made all parts: one that holds a function of somebody else's cannot be made again."""

    def ours(part: Any) -> bool:
        return str(part.__module__).startswith("keras.")

    layers = model._flatten_layers()
    held = [value for layer in layers for value in vars(layer).values()]
    parts = [value if inspect.isfunction(value) else type(value) for value in held if callable(value)]
    return all(map(ours, [type(layer) for layer in layers] + parts))


def _without_names(config: Any) -> Any:
    """Return a layer's configuration without what differs between two networks of the same architecture."""
    if isinstance(config, dict):
        return {
            key: _without_names(value) for key, value in config.items() if key != "name" and "initializer" not in key
        }
    return [_without_names(value) for value in config] if isinstance(config, list | tuple) else config


def _assign(variables: Iterable[Any], values: Iterable[Any]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _inputs(model: Any, x: ArrayLike) -> NDArray[Any]:
    """Return x as an array that fits the model."""
    x = _check.finite("x", x, ndim=tuple(range(1, 8)))
    if not model.built:
        raise ValueError("the model must be built: begin it with keras.Input(shape). Received: an unbuilt model")
    if x.shape[1:] != (shape := model.input_shape[1:]) and None not in shape:
        raise ValueError(f"each example must have the shape {shape}. Received: x with shape {x.shape}")
    return x


def _examples(model: Any, x: ArrayLike, y: ArrayLike, loss: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return x and y as arrays that fit the model and each other."""
    x = _inputs(model, x)
    y = _check.finite("y", y, ndim=(1, 2, 3, 4))
    if len(x) != len(y):
        raise ValueError(f"x and y must be equally long. Received: {len(x)} and {len(y)}")
    if loss.startswith("sparse_"):
        classes = model.output_shape[-1]
        if not np.issubdtype(y.dtype, np.integer):
            raise TypeError(f"labels must be whole numbers. Received: dtype={y.dtype}")
        if y.min() < 0 or y.max() >= classes:
            raise ValueError(f"labels must be in 0…{classes - 1}. Received: {y.min()}…{y.max()}")
    return x, y


def _progress(description: str, total: int) -> Any:
    """Return a bar that vanishes when it is full; LESSONS_LIB_PROGRESS=0 shows none at all."""
    from tqdm.auto import tqdm

    return tqdm(total=total, desc=description, leave=False, disable=os.environ.get("LESSONS_LIB_PROGRESS") == "0")
