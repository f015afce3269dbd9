"""The engine nn.js against Keras, on random networks: forward, backward, one step, and ten steps of training.

The engine keeps its numbers in single precision. Keras computes in double precision here, so that what differs is the
engine's own error: in single precision Keras is further from the truth behind a batch normalisation.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lessons_lib import counting, keras

MORE = float(os.environ.get("LESSONS_LIB_CASES", "1"))
TRIAL = "../../../tests/javascript/trial"
# The cases are the same in every run: where a sum meets the kink of ReLU, rounding decides, and both are right.
# Nothing is shrunk, as building networks of Keras takes long.
cases = {"deadline": None, "database": None, "derandomize": True, "phases": [Phase.generate]}
ACTIVATIONS = ["linear", "relu", "leaky_relu", "tanh", "sigmoid"]
activations = st.sampled_from(ACTIVATIONS)
weighted = {"activation": activations, "l2": st.sampled_from([0.0, 0.02])}
pairs = st.one_of(st.integers(1, 3), st.lists(st.integers(1, 3), min_size=2, max_size=2))
examples = st.integers(1, 7)
optimizers = st.one_of(
    st.fixed_dictionaries(
        {
            "optimizer": st.just("SGD"),
            "learning_rate": st.sampled_from([0.001, 0.003]),
            "momentum": st.sampled_from([0.0, 0.9]),
        }
    ),
    st.fixed_dictionaries({"optimizer": st.sampled_from(["RMSprop", "Adam"]), "learning_rate": st.just(0.001)}),
)


def dense(units: Any, **settings: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"layer": st.just("Dense"), "units": units} | settings)


def between(shape: tuple[int, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a layer that takes any shape, or one that takes maps if these are some."""
    # Keras warns of a softmax over a single value.
    names = [*ACTIVATIONS, "softmax"] if shape[-1] > 1 else ACTIVATIONS
    any_shape = [
        st.fixed_dictionaries({"layer": st.just("Activation"), "activation": st.sampled_from(names)}),
        st.fixed_dictionaries({"layer": st.just("Dropout"), "rate": st.sampled_from([0.0, 0.3, 0.5])}),
        st.fixed_dictionaries({"layer": st.just("BatchNormalization")}),
        st.just({"layer": "BatchNormalization", "momentum": 0.8, "epsilon": 0.01}),
    ]
    if len(shape) == 1:
        return st.one_of(dense(st.integers(1, 9), **weighted), *any_shape)
    # With "valid", a window must fit.
    window = st.tuples(st.integers(1, min(4, shape[0])), st.integers(1, min(4, shape[1]))).map(list)
    slide = {"strides": pairs, "padding": st.sampled_from(["valid", "same"])}
    convolution = {"layer": st.just("Conv2D"), "filters": st.integers(1, 5), "kernel_size": window, **slide, **weighted}
    pool = {"layer": st.sampled_from(["MaxPooling2D", "AveragePooling2D"]), "pool_size": window, **slide}
    return st.one_of(*[st.fixed_dictionaries(convolution)] * 3, *[st.fixed_dictionaries(pool)] * 3, *any_shape)


def shape_after(spec: dict[str, Any], shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of one example after a layer; Keras's own layers would draw seeds, which hypothesis forbids."""
    window = spec.get("kernel_size", spec.get("pool_size"))
    if window:
        strides = np.broadcast_to(spec["strides"], 2).tolist()
        sizes = zip(shape[:2], window, strides, strict=True)
        rows, columns = (counting.output_size(n, k, strides=s, padding=spec["padding"]) for n, k, s in sizes)
        return (rows, columns, spec.get("filters", shape[2]))
    if spec["layer"] == "Flatten":
        return (int(np.prod(shape)),)
    return (spec["units"],) if "units" in spec else shape[-1:] if spec["layer"].startswith("Global") else shape


@st.composite
def descriptions(draw: Any) -> dict[str, Any]:
    """Draw a network: layers for maps, the way to one row an example, layers for rows, and the end."""
    maps = draw(st.booleans()) or draw(st.booleans())
    shape = draw(st.tuples(*[st.integers(1, 9)] * 2, st.integers(1, 3)) if maps else st.tuples(st.integers(1, 12)))
    description, layers = {"input_shape": list(shape)}, []
    for _ in range(draw(st.integers(0, 3)) if maps else 0):
        layers.append(draw(between(shape)))
        shape = shape_after(layers[-1], shape)
    if maps:
        layers.append({"layer": draw(st.sampled_from(["Flatten", "GlobalMaxPooling2D", "GlobalAveragePooling2D"]))})
        shape = shape_after(layers[-1], shape)
    for _ in range(draw(st.integers(0, 2))):
        layers.append(draw(between(shape)))
        shape = shape_after(layers[-1], shape)
    loss = draw(st.sampled_from(["categorical_crossentropy", "mean_squared_error"]))
    ends = ["softmax"] if loss == "categorical_crossentropy" else [*ACTIVATIONS, "softmax"]
    layers.append(draw(dense(st.integers(2, 5), activation=st.sampled_from(ends))))
    return description | {
        "layers": layers,
        "loss": loss,
        "optimizer": draw(optimizers),
        "seed": draw(st.integers(0, 99)),
    }


def build(spec: dict[str, Any]) -> Any:
    """Return the layer of Keras for a layer of a description."""
    arguments = {key: tuple(value) if isinstance(value, list) else value for key, value in spec.items()}
    if "l2" in arguments:
        arguments["kernel_regularizer"] = keras.regularizers.L2(arguments.pop("l2"))
    return getattr(keras.layers, arguments.pop("layer"))(**arguments, dtype="float64")


class Oracle:
    """The network of a description in Keras, with weights of its own, and dropout by masks that are given."""

    def __init__(self, description: dict[str, Any], random: np.random.Generator) -> None:
        self.layers = [build(spec) for spec in description["layers"]]
        shape: tuple[int | None, ...] = (None, *description["input_shape"])
        for layer in self.layers:
            layer.build(shape)
            shape = layer.compute_output_shape(shape)
        self.classes = shape[-1]
        self.trained = [weight for layer in self.layers for weight in layer.trainable_weights]
        for weight in (weight for layer in self.layers for weight in layer.weights):
            scale = 1.5 / np.sqrt(max(1, np.prod(weight.shape[:-1])))
            positive = "variance" in weight.name or "gamma" in weight.name
            start = random.uniform(0.5, 1.5, weight.shape) if positive else scale * random.normal(size=weight.shape)
            weight.assign(np.float32(start))
        self.loss = getattr(keras.losses, description["loss"])
        optimizer = dict(description["optimizer"])
        self.optimizer = getattr(keras.optimizers, optimizer.pop("optimizer"))(**optimizer)

    @property
    def weights(self) -> list[np.ndarray]:
        return [np.asarray(weight) for layer in self.layers for weight in layer.weights]

    def forward(self, x: Any, masks: list[list[float]] | None) -> Any:
        """Compute the outputs; with masks, as in training."""
        rest = iter(masks or [])
        for layer in self.layers:
            if isinstance(layer, keras.layers.Dropout):
                x = x if masks is None else x * np.reshape(np.float64(next(rest)), x.shape)
            elif isinstance(layer, keras.layers.BatchNormalization):
                x = layer(x, training=masks is not None)
            else:
                x = layer(x)
        return x

    def step(self, x: np.ndarray, y: np.ndarray, masks: list[list[float]]) -> dict[str, Any]:
        """Train by one step; return what a step of the trial returns."""
        import tensorflow as tf

        with tf.GradientTape() as tape:
            image = tf.constant(x)
            tape.watch(image)
            loss = keras.ops.mean(self.loss(y, self.forward(image, masks)))
            loss += sum(sum(layer.losses) for layer in self.layers)
        *gradients, toward_input = tape.gradient(loss, [*(weight.value for weight in self.trained), image])
        self.optimizer.apply(gradients, self.trained)
        return {"loss": float(loss), "gradients": gradients, "input": toward_input}


def differ(first: Any, second: Any) -> float:
    """Return the largest difference, as a share of the number where it is above 1."""
    first, second = (np.ravel(np.asarray(array, np.float64)) for array in (first, second))
    return float(np.max(np.abs(first - second) / np.maximum(1, np.abs(second)), initial=0))


def clear(trial: list[dict[str, Any]], oracle: list[dict[str, Any]], weight: int) -> np.ndarray:
    """Return for each number of a weight whether its gradients are more than rounding, or 0.

    Adam makes a step of a rounding error, as large as any other, so there the two go separate ways. A bias in front of
    a batch normalisation is such a weight.
    """
    gradients = np.abs([[np.ravel(step["gradients"][weight]) for step in steps] for steps in (trial, oracle)])
    return np.all((gradients.min(axis=0) > 1e-4) | (gradients.max(axis=0) == 0), axis=0)


def compare(
    js: Any, description: dict[str, Any], examples: int, steps: int, seed: int, *, decimals: int = 6
) -> dict[str, float]:
    """Train both on random numbers of so many decimals; return the largest difference of each kind."""
    random = np.random.default_rng(seed)
    oracle = Oracle(description, random)
    if any(spec["layer"] == "BatchNormalization" for spec in description["layers"]):
        # Fewer examples may be nearly equal, and are then divided by next to nothing, rounding included.
        examples = max(examples, 4)
    batches = [
        (
            np.float64(np.float32(random.normal(size=(examples, *description["input_shape"])).round(decimals))),
            np.eye(oracle.classes)[random.integers(oracle.classes, size=examples)],
        )
        for _ in range(steps)
    ]
    outputs = np.asarray(oracle.forward(batches[0][0], None))
    weights = [weight.ravel().tolist() for weight in oracle.weights]
    packed = [{"x": x.ravel().tolist(), "y": y.ravel().tolist()} for x, y in batches]
    trial = js(TRIAL, "train", description, weights, packed)
    worst = {"outputs": differ(trial["outputs"], outputs), "loss": 0.0, "gradients": 0.0, "input": 0.0, "weights": 0.0}
    theirs = [oracle.step(x, y, step["masks"]) for (x, y), step in zip(batches, trial["steps"], strict=True)]
    for first, second in zip(trial["steps"], theirs, strict=True):
        for key in ("loss", "input"):
            worst[key] = max(worst[key], differ(first[key], second[key]))
        for pair in zip(first["gradients"], second["gradients"], strict=True):
            worst["gradients"] = max(worst["gradients"], differ(*pair))
    ours, trained = trial["steps"][-1]["weights"], iter(range(len(oracle.trained)))
    for i, weight in enumerate(weight for layer in oracle.layers for weight in layer.weights):
        is_clear = clear(trial["steps"], theirs, next(trained)) if weight.trainable else True
        seen = is_clear if description["optimizer"]["optimizer"] == "Adam" else slice(None)
        worst["weights"] = max(worst["weights"], differ(np.array(ours[i])[seen], np.ravel(weight)[seen]))
    return worst


@given(descriptions(), examples, st.integers(0, 2**32 - 1))
@settings(max_examples=int(250 * MORE), **cases)
def test_forward_backward_and_one_step_are_keras_s(js, description, examples, seed):
    worst = compare(js, description, examples, 1, seed)
    assert max(worst.values()) < 1e-5, worst


@given(descriptions(), examples, st.integers(0, 2**32 - 1))
@settings(max_examples=int(40 * MORE), **cases)
def test_ten_steps_of_training_stay_with_keras(js, description, examples, seed):
    worst = compare(js, description, examples, 10, seed)
    assert worst["weights"] < 1e-4, worst


@pytest.mark.parametrize("layer", ["MaxPooling2D", "GlobalMaxPooling2D"])
def test_equal_pixels_get_the_gradients_that_they_get_in_keras(js, layer):
    window = {"pool_size": [3, 3], "strides": 1, "padding": "same"} if layer == "MaxPooling2D" else {}
    description = {
        "input_shape": [5, 5, 2],
        "layers": [{"layer": layer, **window}, {"layer": "Flatten"}, {"layer": "Dense", "units": 2}],
        "loss": "mean_squared_error",
        "optimizer": {"optimizer": "SGD", "learning_rate": 0.01},
    }
    worst = compare(js, description, 5, 1, 0, decimals=0)
    assert max(worst.values()) < 1e-5, worst
