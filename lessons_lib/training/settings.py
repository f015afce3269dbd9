"""The settings of a training in the form that Keras takes: optimizer, metrics and callbacks."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lessons_lib import _check, _universe
from lessons_lib.training import checks


def optimizer_factory(optimizer: Any, learning_rate: Any) -> Callable[[], Any]:
    """Return a function that creates a new optimiser, which each network needs."""
    from lessons_lib import keras

    optimizers = keras.optimizers
    factor = _universe.current().rate
    if not (learning_rate is None or isinstance(learning_rate, optimizers.schedules.LearningRateSchedule)):
        learning_rate = factor * _check.number("learning_rate", learning_rate, at_least=0)
    if optimizer is None:
        return lambda: optimizers.Adam(factor * 3e-3 if learning_rate is None else learning_rate)
    if isinstance(optimizer, str):
        kind = type(_by_name(optimizers, optimizer))
        settings = {} if learning_rate is None else {"learning_rate": learning_rate}
        return lambda: _scaled(kind(**settings), factor if learning_rate is None else 1)
    if not isinstance(optimizer, optimizers.Optimizer):
        raise TypeError(
            "optimizer must be a keras.optimizers.Optimizer or its name. "
            f"Received: optimizer of type {type(optimizer).__name__}"
        )
    if learning_rate is not None:
        raise ValueError(
            "learning_rate belongs to an optimizer given by its name. Received: learning_rate and an optimizer object"
        )
    return lambda: _scaled(_copied(optimizer), factor)


def _scaled(optimizer: Any, factor: float) -> Any:
    """Return the optimizer with its learning rate times the factor; a schedule stays as it is."""
    if factor != 1 and not isinstance(optimizer.get_config()["learning_rate"], Mapping):
        optimizer.learning_rate = factor * float(optimizer.learning_rate)
    return optimizer


def _by_name(optimizers: Any, name: str) -> Any:
    try:
        return optimizers.get(name)
    except ValueError:
        raise ValueError(f"optimizer must be one that Keras knows. Received: optimizer={name!r}") from None


def _copied(optimizer: Any) -> Any:
    """Return a new optimizer with the same settings; or the given one, for one network, if it cannot be copied."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras warns about functions that cannot be saved in a file.
            copy = type(optimizer).from_config(optimizer.get_config())
    except (NotImplementedError, TypeError, ValueError):  # The caller's own schedule or function has no configuration.
        copy = None
    if copy is not None and not _lost_settings(optimizer, copy):
        return copy
    if optimizer.built:
        raise ValueError(
            "an optimizer for several networks must be one that can be copied: give its schedule a get_config, and "
            "exclude no variables from weight decay. Received: an optimizer that is in use"
        )
    return optimizer


def _lost_settings(optimizer: Any, copy: Any) -> set[str]:
    """Return the settings that no configuration holds, such as what is excluded from weight decay."""
    kept = {name for name, value in vars(optimizer).items() if isinstance(value, (bool, int, float, str, set))}
    return kept - set(vars(copy))


def listed(metrics: Any) -> Any:
    """Return metrics as Keras takes them: a single one in a list."""
    return metrics if metrics is None or isinstance(metrics, (Mapping, list, tuple)) else [metrics]


def default_metrics(loss: Any) -> list[Any] | None:
    """Return the accuracy for a cross-entropy; a model with one logit predicts class 1 if it is above 0."""
    from lessons_lib import keras

    if loss is None or isinstance(loss, (Mapping, list, tuple)):
        return None
    kind = checks.kind_of_loss(loss)
    settings = loss.get_config() if isinstance(loss, keras.losses.Loss) else {}
    if kind == "binary" and settings.get("from_logits"):
        return [keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)]
    return ["accuracy"] if kind in ("class numbers", "one-hot", "binary") else None


def callback_list(callbacks: Any) -> list[Any]:
    """Return the callbacks of the caller, of which there may be one, several or none (None), as a list."""
    from lessons_lib import keras

    kind = keras.callbacks.Callback
    given = () if callbacks is None else callbacks
    chosen = list(given) if isinstance(given, Iterable) and not isinstance(given, kind) else [given]
    for callback in chosen:
        if not isinstance(callback, kind):
            raise TypeError(f"callbacks must be keras.callbacks.Callback. Received: {type(callback).__name__}")
    return chosen


def early_stopping(patience: int | None, validation_examples: Any) -> list[Any]:
    """Return the callback that stops a training after `patience` epochs without progress, if it is given."""
    from lessons_lib import keras

    if patience is None:
        return []
    if validation_examples is None:
        raise ValueError(f"patience needs validation examples. Received: patience={patience!r}, no validation")
    return [keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True)]


def listens_to(callbacks: Iterable[Any], *names: str) -> bool:
    """Return whether a callback has a method of its own for one of the named events, in its class or in itself."""
    from lessons_lib import keras

    # Keras also calls the first two by an older name.
    names += ("on_batch_begin", "on_batch_end") if "on_train_batch_begin" in names else ()
    base = keras.callbacks.Callback
    methods = ((getattr(callback, name), name) for callback in callbacks for name in names)
    return any(getattr(method, "__func__", method) is not getattr(base, name) for method, name in methods)
