"""What a model predicts, and how good its predictions are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _interrupts
from lessons_lib.training import checks

_VALUES_READ_AT_ONCE = 400_000


def predict(model: Any, x: Any) -> Any:
    """Return the outputs of a model in inference mode.

    The examples are processed in several parts, so that little memory is needed.

    Parameters
    ----------
    model : keras.Model
        A built model of any kind.
    x : array, shape (n, …), or list, tuple or dict of arrays
        The examples.

    Returns
    -------
    array, shape (n, …), or list, tuple or dict of arrays
        The outputs, such as probabilities (n, classes); several arrays if the model has several outputs.

    Raises
    ------
    TypeError, ValueError
        If `x` holds NaN, or its examples do not have the input shape of the model.

    Examples
    --------
    >>> from lessons_lib import models
    >>> predict(models.dense(), np.zeros((3, 28, 28, 1))).shape
    (3, 10)
    """
    from lessons_lib import keras

    tree = keras.tree
    x = checks.inputs(model, x)
    at_once = max(1, _VALUES_READ_AT_ONCE // max(part[0].size for part in tree.flatten(x)))
    slices = [
        _outputs(model, tree.map_structure(lambda part: part[start : start + at_once], x))  # noqa: B023
        for start in range(0, checks.length(x), at_once)
    ]
    return tree.map_structure(lambda *parts: np.concatenate([np.asarray(part) for part in parts]), *slices)


@_interrupts.delayed()
def _outputs(model: Any, x: Any) -> Any:
    # This step runs without a TensorFlow graph: compiling one would take longer than computing the outputs.
    return model.predict_step((x,))


def score(model: Any, x: Any, y: ArrayLike, *, metric: Any = None) -> Any:
    """Return how good a model's predictions are: the accuracy, or the value of another metric.

    Parameters
    ----------
    model : keras.Model
        A model from examples (n, …) to probabilities (n, …, classes), or (n, 1) for two classes.
    x : array, shape (n, …), or list, tuple or dict of arrays
        The examples.
    y : array
        The targets. For the accuracy, class numbers of shape (n, …) or (n, …, 1); 0 or 1 if the model has one unit.
    metric : str, function or keras.metrics.Metric, optional
        A metric of Keras to compute instead of the accuracy. A metric object starts from its initial state.

    Returns
    -------
    float, or array if the metric gives several numbers
        The accuracy is the share of correct predictions, 0…1. The predicted class is the one with the highest
        probability; with one unit, it is 1 if the probability is at least 0.5.

    Raises
    ------
    TypeError, ValueError
        If `x` or `y` do not fit the model or each other, hold NaN, the model gives NaN, Keras does not know `metric` or
        `metric` does not fit, the model has several outputs, or one with one unit gives numbers outside 0…1.

    Examples
    --------
    >>> from lessons_lib import models
    >>> score(models.dense(), np.zeros((1, 28, 28, 1)), [3]) in (0.0, 1.0)
    True
    """
    predictions = predict(model, x)
    if not isinstance(predictions, np.ndarray):
        raise ValueError("score takes a model with one output; for others use predict. Received: several outputs")
    if predictions.ndim == 1:  # one number for each example, without an axis
        predictions = predictions[:, np.newaxis]
    if np.isnan(predictions).any():
        raise ValueError("the model must give numbers, or there is nothing to score. Received: NaN")
    y = checks.numbers("y", y)
    if len(y) != len(predictions):
        raise ValueError(f"x and y must be equally long. Received: {len(predictions)} and {len(y)}")
    if metric is not None and metric not in checks.ACCURACY:
        return _metric_value(checks.known_metric(metric), y, predictions)
    if predictions.shape[-1] > 1:
        return float((predictions.argmax(axis=-1) == checks.class_numbers(y, predictions.shape)).mean())
    if predictions.min() < 0 or predictions.max() > 1:
        raise ValueError(
            "a model with one unit must give probabilities in 0…1 (a sigmoid), or score needs a metric. "
            f"Received: {predictions.min():.3g}…{predictions.max():.3g}"
        )
    targets = checks.as_outputs(y, predictions.shape)
    if not np.isin(targets, (0, 1)).all():
        raise ValueError(f"labels of a model with one unit must be 0 or 1. Received: {targets.min()}…{targets.max()}")
    return float(((predictions >= 0.5) == targets).mean())


def _metric_value(metric: Any, y: NDArray[Any], predictions: NDArray[Any]) -> Any:
    """Return the value of a metric of Keras."""
    if y.shape != predictions.shape[:-1] or predictions.shape[-1] == 1:
        y = checks.as_outputs(y, predictions.shape) if y.size == predictions.size else y
    if y.shape not in (predictions.shape, predictions.shape[:-1], (*predictions.shape[:-1], 1)):
        raise ValueError(
            f"y must have the shape of the predictions, {predictions.shape}. Received: y with shape {y.shape}"
        )
    checks.check_metric(metric, y.shape, predictions.shape)
    if hasattr(metric, "update_state"):
        metric.reset_state()
        metric.update_state(y, predictions)
        value = np.asarray(metric.result())
    else:
        value = np.asarray(metric(y, predictions)).mean()
    return value if np.ndim(value) else float(value)
