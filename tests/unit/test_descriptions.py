"""Networks in plain JSON: what the page's engine gets is what Keras has, or an error says what it does not know."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from lessons_lib import keras, models
from lessons_lib.descriptions import describe

NETWORKS = {
    "dense": models.dense,
    "CNN": models.cnn,
    "average pooling": partial(models.cnn, pooling="average"),
    "global pooling": models.cnn_global,
    "deep": models.deep_dense,
}


def rebuilt(description: dict[str, Any]) -> Any:
    layers = []
    for layer in json.loads(json.dumps(description["layers"])):
        layers.append(getattr(keras.layers, layer.pop("layer"))(**layer))
    return keras.Sequential([keras.Input(description["input_shape"]), *layers])


@pytest.mark.parametrize("name", NETWORKS)
def test_says_all_that_the_network_is_built_from(name: str) -> None:
    net = NETWORKS[name]()
    again = rebuilt(describe(net))
    assert [layer.output.shape for layer in again.layers] == [layer.output.shape for layer in net.layers]
    again.set_weights(net.get_weights())
    x = keras.random.normal((3, *net.input_shape[1:]), seed=0)
    assert abs(again(x) - net(x)).numpy().max() < 1e-6


def one(*layers: Any) -> Any:
    return keras.Sequential([keras.Input((8, 8, 1)), *layers])


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        (keras.layers.Resizing(4, 4), "a layer must be one of Dense, .* Received: 'Resizing'"),
        (keras.layers.Dense(2, activation="gelu"), "an activation must be one of .* Received: 'gelu'"),
        (keras.layers.Dense(2, kernel_initializer="ones"), "an initializer must be one of .* Received: 'Ones'"),
        (keras.layers.Dense(2, kernel_regularizer="l2"), "a layer must have no regularizer"),
    ],
)
def test_refuses_what_the_engine_does_not_know(layer: Any, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        describe(one(layer))


def test_refuses_layers_that_do_not_stand_in_a_row() -> None:
    start = keras.Input((4,))
    first, second = keras.layers.Dense(3)(start), keras.layers.Dense(3)(start)
    net = keras.Model(start, keras.layers.Add()([first, second]))
    with pytest.raises(ValueError, match="must stand in a row"):
        describe(net)
