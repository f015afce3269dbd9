"""Train a network, score it, and repeat both over seeds: quiet, seeded, and no longer than it must be."""

from __future__ import annotations

import ctypes
import gc
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check
from lessons_lib.results import Repeated

_SCORED_AT_ONCE = 100
_TRAINERS_KEPT = 2
_trainers: dict[str, Any] = {}


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

    TensorFlow compiles a training step once for each architecture, and networks of the same architecture
    share it: over the seeds of an experiment that saves most of the time and of the memory.

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
        How many examples share one step.
    validation : (x, y), optional
        Examples to score after each epoch, as ``val_loss`` and ``val_accuracy``.
    optimizer : keras.optimizers.Optimizer, optional
        Replaces Adam, and `learning_rate` with it. Its settings are used; it is not changed.
    loss : str
        Any loss that Keras knows.
    seed : int
        Of the order of the examples, and of dropout.

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
    # One call into TensorFlow an epoch; compiling with XLA would take longer than training does.
    compiling = {"loss": loss, "steps_per_execution": -(-len(x) // batch_size), "jit_compile": False}
    compiling["metrics"] = ["accuracy"] if "crossentropy" in loss else []
    trainer = _trainer(model, optimizer, compiling)
    keras.utils.set_random_seed(seed)
    with _progress("Training", epochs) as bar:
        tick = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: bar.update())
        history = trainer.fit(x, y, batch_size, epochs, verbose=0, validation_data=validation, callbacks=[tick])
    if trainer is not model:
        _assign(model.variables, [variable.value for variable in trainer.variables])
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
    slices = [x[start : start + _SCORED_AT_ONCE] for start in range(0, len(x), _SCORED_AT_ONCE)]
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

    Between two runs Keras forgets the models of the last one, so that memory does not grow.

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
            keras.utils.clear_session()
            _return_memory()
            bar.update()
    if len({result.shape for result in results}) > 1:
        raise ValueError(f"results must have one shape. Received: {[result.shape for result in results]}")
    return Repeated(_check.finite("results", np.stack(results), ndim=tuple(range(1, 8))))


def _return_memory() -> None:
    """Give freed memory back to the system, which the C library of Linux does not do by itself: Binder has 2 GB."""
    gc.collect()
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def _trainer(model: Any, optimizer: Any, compiling: dict[str, Any]) -> Any:
    """Return a compiled network with the weights of `model`: the one that trained the last of its kind, if any."""
    from lessons_lib import keras

    if not _keras_own(model):
        model.compile(_fresh(optimizer), **compiling)
        return model
    settings = optimizer.get_config()
    rate = settings.pop("learning_rate")
    parts = [model.get_config(), compiling, type(optimizer).__name__, settings, isinstance(rate, float) or rate]
    key = json.dumps(_without_names(parts))
    if key not in _trainers:
        while len(_trainers) >= _TRAINERS_KEPT:
            del _trainers[next(iter(_trainers))]
        trainer = _trainers[key] = keras.models.clone_model(model)
        trainer.compile(_fresh(optimizer), **compiling)
        trainer.optimizer.build(trainer.trainable_variables)
        trainer.start = [variable.numpy() for variable in trainer.optimizer.variables]
    trainer = _trainers[key]
    _assign(trainer.variables, [variable.value for variable in model.variables])
    _assign(trainer.optimizer.variables, trainer.start)
    if isinstance(rate, float):
        trainer.optimizer.learning_rate = rate
    return trainer


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
