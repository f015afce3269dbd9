"""What Why and Adversary compute, against Keras: slopes by GradientTape, occlusion by its definition, and the step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lessons_lib import explorables, keras, models, weights
from lessons_lib.explorables.base import sample_digits

EXPLAIN = "../../../tests/javascript/explain"
SIDE = 28
# The networks that a reader may have: that of the course, and those of TrainLab.
CNN = explorables.Why().weights.removesuffix(".bin")
CONVOLUTION = {"layer": "Conv2D", "kernel_size": 3, "activation": "relu"}
POOL = {"layer": "MaxPooling2D"}
DENSE = [{"layer": "Flatten"}, {"layer": "Dense", "units": 16, "activation": "relu"}]
GLOBAL = [
    CONVOLUTION | {"filters": 4, "padding": "same"},
    POOL,
    CONVOLUTION | {"filters": 6, "padding": "same"},
    {"layer": "GlobalMaxPooling2D"},
    {"layer": "Dropout", "rate": 0.5},
]
END = {"layer": "Dense", "units": 10, "activation": "softmax"}
COURSE = [CONVOLUTION | {"filters": 8}, POOL, CONVOLUTION | {"filters": 16}, POOL, {"layer": "Flatten"}, END]


def build(layers: list[dict[str, Any]], weights: list[np.ndarray] | None = None) -> Any:
    """Return a network of Keras in double precision; its weights are random where none are given."""
    random = np.random.default_rng(0)
    made = [
        getattr(keras.layers, spec["layer"])(
            **{key: value for key, value in spec.items() if key != "layer"}, dtype="float64"
        )
        for spec in layers
    ]
    model = keras.Sequential([keras.Input((SIDE, SIDE, 1), dtype="float64"), *made])
    scaled = [random.normal(size=array.shape) / np.sqrt(array[..., 0].size) for array in model.get_weights()]
    model.set_weights([np.float32(array) for array in (weights or scaled)])
    return model


@pytest.fixture(params=["course", "dense", "global"])
def network(request: pytest.FixtureRequest) -> tuple[Any, list[dict[str, Any]]]:
    """Give a network of Keras and its layers in the words of nn.js."""
    if request.param == "course":
        return build(COURSE, weights.load(models.cnn(), CNN).get_weights()), COURSE
    layers = [*(DENSE if request.param == "dense" else GLOBAL), END]
    return build(layers), layers


@pytest.fixture
def explain(js: Any, network: Any) -> Any:
    """Give a function that says what the page computes of an image and a class."""
    model, layers = network
    flat = [np.ravel(array).tolist() for array in model.get_weights()]

    def explain(image: np.ndarray, k: int) -> dict[str, Any]:
        return js(
            EXPLAIN, "explain", {"input_shape": [SIDE, SIDE, 1], "layers": layers}, flat, image.ravel().tolist(), k
        )

    return explain


def slopes(model: Any, image: np.ndarray, k: int, *, of: str = "logit", layer: int | None = None) -> Any:
    """Return the slope of a logit, or of the loss of a class, by the image, or by what a layer hands on, and that."""
    import tensorflow as tf

    last = model.layers[-1]
    with tf.GradientTape() as tape:
        x = tf.constant(image[np.newaxis, :, :, np.newaxis], tf.float64)
        tape.watch(x)
        values = [x]
        for one in model.layers[:-1]:
            values.append(one(values[-1], training=False))
            tape.watch(values[-1])
        logits = values[-1] @ last.kernel + last.bias
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits([k], logits)
        goal = logits[0, k] if of == "logit" else loss[0]
    at = values[0 if layer is None else layer + 1]
    return np.asarray(tape.gradient(goal, at))[0], np.asarray(at)[0]


def predict(model: Any, images: np.ndarray) -> np.ndarray:
    return np.asarray(model(images[..., np.newaxis], training=False))


IMAGES = [(3, 3), (8, 5)]


@pytest.mark.parametrize(("digit", "k"), IMAGES)
def test_saliency_is_the_size_of_the_slope(explain: Any, network: Any, digit: int, k: int) -> None:
    image = sample_digits()[digit]
    found = np.reshape(explain(image, k)["saliency"], (SIDE, SIDE))
    np.testing.assert_allclose(found, np.abs(slopes(network[0], image, k)[0][..., 0]), atol=1e-5)


@pytest.mark.parametrize(("digit", "k"), IMAGES)
def test_occlusion_is_what_the_probability_loses(explain: Any, network: Any, digit: int, k: int) -> None:
    image = sample_digits()[digit]
    covered = np.repeat(image[np.newaxis], SIDE**2, axis=0)
    for pixel in range(SIDE**2):
        row, column = divmod(pixel, SIDE)
        covered[pixel, max(0, row - 2) : row + 3, max(0, column - 2) : column + 3] = 0
    wanted = predict(network[0], image[np.newaxis])[0, k] - predict(network[0], covered)[:, k]
    np.testing.assert_allclose(explain(image, k)["occlusion"], wanted, atol=1e-5)


@pytest.mark.parametrize(("digit", "k"), IMAGES)
def test_grad_cam_is_its_definition(explain: Any, network: Any, digit: int, k: int) -> None:
    model, layers = network
    image, found = sample_digits()[digit], explain(sample_digits()[digit], k).get("gradCam")
    convolutions = [i for i, spec in enumerate(layers) if spec["layer"] == "Conv2D"]
    if not convolutions:
        assert found is None
        return
    slope, maps = slopes(model, image, k, layer=convolutions[-1])
    heat = np.maximum(0, (maps * slope.mean(axis=(0, 1))).sum(axis=-1, keepdims=True))
    wanted = np.asarray(keras.ops.image.resize(heat, (SIDE, SIDE), interpolation="bilinear"))[..., 0]
    assert wanted.max() > 0
    np.testing.assert_allclose(np.reshape(found, (SIDE, SIDE)), wanted, atol=1e-5 * max(1, wanted.max()))


@pytest.mark.parametrize(("digit", "k"), IMAGES)
def test_the_step_follows_the_sign_of_the_slope_of_the_loss(explain: Any, network: Any, digit: int, k: int) -> None:
    image = sample_digits()[digit]
    slope = slopes(network[0], image, k, of="loss")[0][..., 0]
    found = explain(image, k)
    clear = np.abs(slope).ravel() > 1e-6 * np.abs(slope).max()  # rounding may turn the sign of what is nearly 0
    for way, signs in ((1, found["away"]), (-1, found["towards"])):
        np.testing.assert_array_equal(np.array(signs)[clear], way * np.sign(slope).ravel()[clear])
