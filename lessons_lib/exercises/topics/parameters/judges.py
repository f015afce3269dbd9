"""Judges of the exercises on parameters."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import counting, data
from lessons_lib.exercises import networks
from lessons_lib.exercises.judges import Function, Judge, Unusable, Wrong

Array = NDArray[Any]

BUDGET = 3_000
GOAL = 0.88
EPOCHS = 6


def _nets(rng: np.random.Generator) -> list[tuple[int, ...]]:
    return [tuple(map(int, row)) for row in rng.integers([9, 2, 3, 2], [40, 5, 17, 12], size=(6, 4))]


def _count(side: int, channels: int, filters: int, units: int) -> int:
    dense = counting.dense_parameters(((side - 2) // 2) ** 2 * filters, units)
    return counting.convolution_parameters(3, channels, filters) + dense


def _budget(answer: Any) -> None:
    net = networks.built_model(answer)
    digits = data.digits()
    batch = np.resize(digits.x_train, (networks.batch_size(net, 50), 28, 28, 1))
    outputs = networks.replies(net, batch, (10,))
    networks.check_budget(net, BUDGET)
    if outputs.min() < 0 or not np.allclose(outputs.sum(axis=1), 1, atol=1e-3):
        raise Wrong("no_softmax")
    accuracy = _accuracy_after_training(_fresh_copy(net), digits)
    if not accuracy > GOAL:
        raise Wrong("not_accurate", parameters=f"{net.count_params():,}", accuracy=f"{accuracy:.2f}")


def _fresh_copy(net: Any) -> Any:
    """Return a model of the same layers with new weights, so that the learner's own stays as it is."""
    from lessons_lib import keras

    def fresh(layer: Any) -> Any:
        if isinstance(layer, keras.layers.Lambda):  # from its configuration, a function of the notebook is not found
            return keras.layers.Lambda(layer.function, arguments=layer.arguments, name=layer.name)
        return layer.__class__.from_config(layer.get_config())

    random.seed(0)  # Keras draws the seeds of layers that have none from here; the tutor restores the state afterwards
    try:
        common = isinstance(net, keras.Sequential) or type(net) is keras.Model or hasattr(net, "operations")
        copy = keras.models.clone_model(net, clone_function=fresh if common else None)
        copy(np.zeros((networks.batch_size(net, 1), 28, 28, 1)))
        if copy.count_params() != net.count_params():
            raise ValueError("the copy has another number of parameters")
    except Exception as error:  # a class of the learner's own may refuse
        raise Unusable("no_copy", kind=type(net).__name__, said=networks.first_line(error)) from None
    return copy


def _accuracy_after_training(net: Any, digits: Any) -> float:
    """Return the accuracy on the validation digits after six epochs, each in an order of its own."""
    from lessons_lib import keras

    size, rng = networks.batch_size(net, 32), np.random.default_rng(0)
    net.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    for _ in range(EPOCHS):
        order = rng.permutation(len(digits.x_train))
        if len(order) % size:
            order = np.resize(order, -(-len(order) // size) * size)  # a model may insist on whole batches
        x, y = digits.x_train[order], digits.y_train[order]
        net.fit(x, y, batch_size=size, epochs=1, shuffle=False, verbose=0)
    count = len(digits.x_validation)
    whole = digits.x_validation[np.arange(-(-count // size) * size) % count]
    predicted = net.predict(whole, batch_size=size, verbose=0)[:count].argmax(axis=1)
    return float(np.mean(predicted == digits.y_validation))


JUDGES: dict[str, Judge] = {
    "count_cnn": Function(
        _nets,
        _count,
        biases_forgotten=lambda s, c, f, u: _count(s, c, f, u) - f - u,
        dense_biases_forgotten=lambda s, c, f, u: _count(s, c, f, u) - u,
        conv_biases_forgotten=lambda s, c, f, u: _count(s, c, f, u) - f,
        channels_forgotten=lambda s, c, f, u: _count(s, 1, f, u),
        pooling_forgotten=lambda s, c, f, u: (9 * c + 1) * f + ((s - 2) ** 2 * f + 1) * u,
        conv_keeps_size=lambda s, c, f, u: (9 * c + 1) * f + ((s // 2) ** 2 * f + 1) * u,
        not_rounded=lambda s, c, f, u: (9 * c + 1) * f + (((s - 2) / 2) ** 2 * f + 1) * u,
        area_quartered=lambda s, c, f, u: (9 * c + 1) * f + ((s - 2) ** 2 // 4 * f + 1) * u,
        filters_not_flattened=lambda s, c, f, u: (9 * c + 1) * f + (((s - 2) // 2) ** 2 + 1) * u,
        bias_for_each_pixel=lambda s, c, f, u: _count(s, c, f, u) - f + (s - 2) ** 2 * f,
    ),
    "budget": _budget,
}
