"""Explanations: each method against its definition, and on detectors whose explanation is known."""

import random

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib import explain, keras, models

RNG = np.random.default_rng(0)
IMAGES = RNG.random((3, 12, 10, 2), dtype=np.float32)


def net(**changes):
    return models.cnn(**{"filters": (3, 4), "padding": "same", "classes": 5, "input_shape": (12, 10, 2), **changes})


def logits_by_hand(model, images):
    """Return the logits of a network of the builder: the last layer without its softmax, and the last maps."""
    value, maps = images, None
    for layer in model.layers[:-1]:
        value = layer(value)
        maps = value if isinstance(layer, keras.layers.Conv2D) else maps
    kernel, bias = model.layers[-1].weights
    return value @ tf.convert_to_tensor(kernel) + tf.convert_to_tensor(bias), maps


HUGE = np.full((12, 10, 2), 1e300)
# With this seed, the second sample of one segment shows it, as the first one does.
SHOWING = next(seed for seed in range(99) if np.random.default_rng(seed).integers(2, size=(2, 1))[1, 0])


def brightness(row, column):
    """Return a function that answers with the brightness of one pixel, and 1 minus that."""

    def answer(images):
        seen = images[:, row, column].mean(axis=-1)
        return np.stack([seen, 1 - seen], axis=1)

    return answer


@given(seed=st.integers(0, 1000), label=st.integers(0, 4))
@settings(max_examples=8, deadline=None)
def test_saliency_is_the_slope_of_the_logit(seed, label):
    model, images = net(seed=seed), tf.convert_to_tensor(IMAGES)
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(logits_by_hand(model, images)[0][:, label])
    expected = np.abs(tape.gradient(total, images)).max(axis=-1)
    np.testing.assert_allclose(explain.saliency(model, IMAGES, label), expected, rtol=1e-4, atol=1e-6)


@given(seed=st.integers(0, 1000), label=st.integers(0, 4), padding=st.sampled_from(["same", "valid"]))
@settings(max_examples=8, deadline=None)
def test_grad_cam_is_what_its_authors_define(seed, label, padding):
    model = net(seed=seed, padding=padding)
    for image, found in zip(IMAGES, explain.grad_cam(model, IMAGES, label), strict=True):
        pixels = tf.convert_to_tensor(image[None])
        with tf.GradientTape() as tape:
            tape.watch(pixels)
            logits, maps = logits_by_hand(model, pixels)
            chosen = logits[0, label]
        slopes = tape.gradient(chosen, maps)[0].numpy()
        total = sum(slopes[..., k].mean() * maps[0, ..., k].numpy() for k in range(slopes.shape[-1]))
        expected = tf.image.resize(np.maximum(total, 0)[..., None], (12, 10), "bilinear")[..., 0]
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_saliency_of_a_linear_model_is_its_weights():
    layers = [keras.Input((4, 3, 1)), keras.layers.Flatten(), keras.layers.Dense(2, activation="softmax")]
    model = keras.Sequential(layers)
    weights = RNG.normal(size=(12, 2))
    model.set_weights([weights, np.zeros(2)])
    found = explain.saliency(model, RNG.random((4, 3, 1)), 1)
    np.testing.assert_allclose(found, np.abs(weights[:, 1]).reshape(4, 3), rtol=1e-5)


@pytest.mark.parametrize("method", [explain.saliency, explain.grad_cam])
def test_the_last_layer_may_be_a_softmax_of_its_own_or_missing(method):
    model = net(seed=3)
    features, weights = keras.Model(model.inputs[0], model.layers[-2].output), model.layers[-1].get_weights()
    tails = [
        [keras.layers.Dense(5)],
        [keras.layers.Dense(5), keras.layers.Softmax()],
        [keras.layers.Dense(5), keras.layers.Activation("softmax")],
    ]
    for tail in tails:
        value = features.output
        for layer in tail:
            value = layer(value)
        other = keras.Model(features.inputs[0], value)
        tail[0].set_weights(weights)
        np.testing.assert_allclose(method(other, IMAGES, 2), method(model, IMAGES, 2), rtol=1e-5, atol=1e-7)


def test_the_model_is_left_as_it_was():
    model = net()
    before, answers = model.layers[-1].activation, np.asarray(model(IMAGES))
    explain.saliency(model, IMAGES)
    explain.grad_cam(model, IMAGES)
    assert model.layers[-1].activation is before
    np.testing.assert_array_equal(np.asarray(model(IMAGES)), answers)


@pytest.mark.parametrize("method", [explain.saliency, explain.grad_cam, explain.occlusion])
def test_by_default_the_predicted_class_is_explained(method):
    model = net(seed=1)
    predicted = np.asarray(model(IMAGES)).argmax(axis=1)
    np.testing.assert_array_equal(method(model, IMAGES), method(model, IMAGES, predicted))
    np.testing.assert_allclose(method(model, IMAGES[1]), method(model, IMAGES)[1], rtol=1e-4, atol=1e-6)
    assert (method(model, IMAGES, (predicted + 1) % 5) != method(model, IMAGES)).any()


def test_many_images_are_explained_in_parts(monkeypatch):
    model = net()
    whole = [method(model, IMAGES) for method in (explain.saliency, explain.grad_cam, explain.occlusion)]
    monkeypatch.setattr(explain, "_PIXELS_AT_ONCE", 500)
    for method, expected in zip((explain.saliency, explain.grad_cam, explain.occlusion), whole, strict=True):
        np.testing.assert_allclose(method(model, IMAGES), expected, rtol=1e-4, atol=1e-6)


def test_grad_cam_takes_the_named_layer():
    model = net()
    first = next(layer.name for layer in model.layers if isinstance(layer, keras.layers.Conv2D))
    assert (explain.grad_cam(model, IMAGES, 0, layer=first) != explain.grad_cam(model, IMAGES, 0)).any()


def test_grad_cam_is_0_where_no_map_speaks_for_the_class():
    model = net()
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([-np.abs(kernel), bias])
    assert (explain.grad_cam(model, IMAGES, 0) == 0).all()


@pytest.mark.parametrize(("row", "column"), [(0, 0), (5, 7), (11, 9)])
def test_occlusion_peaks_where_the_detector_looks(row, column):
    image = np.ones((12, 10, 1))
    near = (np.abs(np.arange(12)[:, None] - row) <= 1) & (np.abs(np.arange(10) - column) <= 1)
    np.testing.assert_array_equal(explain.occlusion(brightness(row, column), image, 0, patch=3), near)
    np.testing.assert_array_equal(explain.occlusion(brightness(row, column), image, 1, patch=3), -near.astype(float))


def test_occlusion_covers_with_the_fill():
    image = np.full((4, 4, 1), 0.25)
    found = explain.occlusion(brightness(1, 1), image, 0, patch=1, fill=1.0)
    assert found[1, 1] == pytest.approx(-0.75)
    assert np.abs(found).sum() == pytest.approx(0.75)


def test_occlusion_with_a_stride_takes_the_nearest_middle():
    image = RNG.random((9, 9, 1))
    model = models.cnn(filters=(2,), input_shape=(9, 9, 1))
    every, third = (explain.occlusion(model, image, 3, patch=3, stride=stride) for stride in (1, 3))
    np.testing.assert_allclose(third, np.repeat(np.repeat(every[1::3, 1::3], 3, axis=0), 3, axis=1), atol=1e-6)


@pytest.mark.parametrize("sides", [(4, 4), (5, 7)])
def test_occlusion_reaches_every_place_with_any_stride(sides):
    for stride in (1, 2, 3, 4, 9):
        assert explain.occlusion(net(input_shape=(*sides, 1)), np.ones((*sides, 1)), stride=stride).shape == sides


def linear(weights, segments):
    """Return a function whose probability is linear in how many pixels of each segment are shown."""

    def answer(images):
        shares = np.stack([images[:, segments == k, 0].mean(axis=1) for k in range(len(weights))], axis=1)
        seen = 0.2 + shares @ weights
        return np.stack([seen, 1 - seen], axis=1)

    return answer


def test_lime_recovers_a_linear_model():
    segments = explain.squares(np.ones((8, 12, 1)))
    weights = np.array([0.3, 0.0, 0.05, -0.1, 0.2, 0.0])
    found = explain.lime(linear(weights, segments), np.ones((8, 12, 1)), 0, penalty=0)
    np.testing.assert_allclose(found.coefficients, weights, atol=1e-6)
    np.testing.assert_allclose(found.heat, weights[segments], atol=1e-6)
    against = explain.lime(linear(weights, segments), np.ones((8, 12, 1)), 1, penalty=0)
    np.testing.assert_allclose(against.coefficients, -weights, atol=1e-6)


def test_a_penalty_draws_limes_coefficients_to_0():
    image = np.ones((4, 8, 1))
    answer = linear(np.array([0.5, 0.3]), explain.squares(image))
    sizes = [np.abs(explain.lime(answer, image, 0, penalty=p).coefficients).sum() for p in (0, 10, 1000)]
    assert sizes[0] > sizes[1] > sizes[2]


def test_lime_weighs_samples_by_their_cosine_distance():
    """A fit by hand: the normal equations with the weights of the authors' package."""
    image, model = IMAGES[0], net(seed=5)
    segments = explain.squares(image, side=5)
    found = explain.lime(model, image, 2, segments=segments, samples=60, width=0.4, penalty=0.5, fill=0.3, seed=9)
    shown = np.random.default_rng(9).integers(2, size=(60, segments.max() + 1))
    shown[0] = 1
    masks = shown[:, segments, None]
    answers = np.asarray(model(image * masks + 0.3 * (1 - masks)))[:, 2]
    ones = np.ones(shown.shape[1])
    norms = np.maximum(np.linalg.norm(shown, axis=1), 1e-9)
    distance = 1 - shown @ ones / (norms * np.linalg.norm(ones))
    weights = np.sqrt(np.exp(-(distance**2) / 0.4**2))
    centred, target = shown - np.average(shown, axis=0, weights=weights), answers - np.average(answers, weights=weights)
    normal = centred.T @ (weights[:, None] * centred) + 0.5 * np.eye(shown.shape[1])
    np.testing.assert_allclose(found.coefficients, np.linalg.solve(normal, centred.T @ (weights * target)), atol=1e-6)


def test_limes_width_may_be_so_large_that_all_samples_weigh_alike():
    wide, wider = (explain.lime(net(), IMAGES[0], samples=40, width=width).coefficients for width in (1e9, 1e300))
    np.testing.assert_allclose(wide, wider, atol=1e-9)


def test_limes_answer_depends_on_its_seed_alone():
    first, again, other = (explain.lime(net(), IMAGES[0], samples=40, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.coefficients, again.coefficients)
    assert (first.coefficients != other.coefficients).any()


def test_lime_reads_a_model_and_a_function_alike():
    model = net()
    by_model, by_function = (
        explain.lime(answer, IMAGES[0], 1, samples=50) for answer in (model, lambda images: np.asarray(model(images)))
    )
    np.testing.assert_allclose(by_model.coefficients, by_function.coefficients, atol=1e-6)


def test_squares_are_numbered_row_by_row():
    found = explain.squares(np.zeros((5, 5, 1)), side=2)
    assert found[0].tolist() == [0, 0, 1, 1, 2]
    assert found[:, 0].tolist() == [0, 0, 3, 3, 6]


def test_superpixels_follow_an_edge_that_squares_cut():
    image = np.zeros((12, 12, 1))
    image[:, 6:] = 1
    found = explain.superpixels(image, side=4)
    assert not set(found[:, :6].ravel()) & set(found[:, 6:].ravel())
    assert set(np.unique(found)) == set(range(found.max() + 1))
    flat = explain.superpixels(image, side=4, contrast=0)
    np.testing.assert_array_equal(flat, explain.squares(image))
    assert set(flat[:, 5]) & set(flat[:, 6])


def base_and_head(*, nested):
    """Return a base with one convolution, and a head on it: the base as a layer, or layer by layer."""
    inputs = keras.Input((12, 10, 2))
    base = keras.Model(inputs, keras.layers.Conv2D(4, 3, activation="relu")(inputs), name="base")
    outside = keras.Input((12, 10, 2))
    pooled = keras.layers.GlobalAveragePooling2D()(base(outside) if nested else base.output)
    return keras.Model(outside if nested else inputs, keras.layers.Dense(3, activation="softmax")(pooled))


def test_grad_cam_reads_a_base_whose_layers_are_the_models_own():
    assert explain.grad_cam(base_and_head(nested=False), IMAGES).shape == IMAGES.shape[:3]
    with pytest.raises(ValueError, match="outside of any model within it"):
        explain.grad_cam(base_and_head(nested=True), IMAGES)


def test_grad_cam_takes_the_maps_of_a_named_model_within_the_model():
    inside, outside = base_and_head(nested=True), base_and_head(nested=False)
    outside.set_weights(inside.get_weights())
    named = explain.grad_cam(inside, IMAGES, 1, layer="base")
    np.testing.assert_allclose(named, explain.grad_cam(outside, IMAGES, 1), rtol=1e-5, atol=1e-7)


class Halved(keras.layers.Dense):
    """A dense layer whose softmax gets half of the usual logits."""

    def call(self, inputs, training=None):
        return super().call(inputs / 2, training=training)


def features():
    """Return an input, and the dense logits of a small network on it."""
    inputs = keras.Input((12, 10, 2))
    maps = keras.layers.Conv2D(4, 3, activation="relu")(inputs)
    return inputs, keras.layers.Dense(3)(keras.layers.GlobalAveragePooling2D()(maps))


def own_head(head):
    """Return a small network that ends with `head` on its dense logits."""
    inputs, logits = features()
    return keras.Model(inputs, head(logits))


@pytest.mark.parametrize("method", [explain.saliency, explain.grad_cam])
def test_what_stands_before_a_softmax_operation_counts(method):
    inputs, logits = features()
    for head in (lambda z: -z, lambda z: z / 100, lambda z: 2 * keras.ops.square(z) - 1):
        by_operation = keras.Model(inputs, keras.ops.softmax(head(logits)))
        by_layer = keras.Model(inputs, keras.layers.Softmax()(head(logits)))
        np.testing.assert_array_equal(method(by_operation, IMAGES, 1), method(by_layer, IMAGES, 1))
    hundredth, whole = (keras.Model(inputs, keras.ops.softmax(z)) for z in (logits / 100, logits))
    np.testing.assert_allclose(100 * method(hundredth, IMAGES, 1), method(whole, IMAGES, 1), rtol=1e-4, atol=1e-6)
    minus = keras.Model(inputs, keras.ops.softmax(-logits))
    turned = keras.models.clone_model(keras.Model(inputs, logits))
    turned.set_weights([*whole.get_weights()[:-2], *(-weight for weight in whole.get_weights()[-2:])])
    np.testing.assert_allclose(method(minus, IMAGES, 0), method(turned, IMAGES, 0), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("method", [explain.saliency, explain.grad_cam])
@pytest.mark.parametrize("activation", ["softmax", None, keras.ops.softmax])
def test_a_shared_head_is_explained_in_the_model_that_was_given(method, activation):
    inputs, head = keras.Input((12, 10, 2)), keras.layers.Dense(3, activation=activation)
    flat = keras.layers.Flatten()

    def with_head(x):
        return keras.Model(x, head(flat(keras.layers.Conv2D(2, 3)(x))))

    models_with_it = [with_head(inputs), with_head(inputs), with_head(keras.Input((12, 10, 2)))]
    uses = len(head._inbound_nodes)
    for model in models_with_it:
        alone = keras.models.clone_model(model)
        alone.set_weights(model.get_weights())
        np.testing.assert_allclose(method(model, IMAGES, 0), method(alone, IMAGES, 0), rtol=1e-5, atol=1e-7)
    assert len(head._inbound_nodes) == uses


def test_grad_cam_of_a_layer_that_is_used_twice_takes_its_last_use():
    convolution = keras.layers.Conv2D(2, 3, padding="same", name="twice")
    inputs = keras.Input((12, 10, 2))
    after = keras.layers.Activation("relu", name="after")(convolution(convolution(inputs)))
    flat = keras.layers.Flatten()(keras.layers.ReLU()(after))
    model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(flat))
    for layer in (None, "twice"):
        assert (explain.grad_cam(model, IMAGES, 0, layer=layer) >= 0).all()
    maps = convolution(convolution(IMAGES))
    with tf.GradientTape() as tape:
        tape.watch(maps)
        logit = tf.reduce_sum((keras.ops.reshape(tf.nn.relu(maps), (3, -1)) @ model.layers[-1].kernel)[:, 0])
    weights = tf.reduce_mean(tape.gradient(logit, maps), axis=(1, 2), keepdims=True)
    expected = tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1))
    np.testing.assert_allclose(explain.grad_cam(model, IMAGES, 0), expected, rtol=1e-4, atol=1e-6)


def test_grad_cam_takes_maps_before_all_weights():
    pool = keras.layers.MaxPooling2D(1, name="pool")
    flat = [keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((12, 10, 2)), pool, *flat])
    slopes = np.asarray(model.layers[-1].kernel)[:, 1].reshape(IMAGES.shape[1:])
    expected = np.maximum(IMAGES @ slopes.mean(axis=(0, 1)), 0)
    np.testing.assert_allclose(explain.grad_cam(model, IMAGES, 1, layer="pool"), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("method", [explain.saliency, explain.grad_cam])
def test_a_network_is_explained_as_it_predicts(method):
    """Dropout and augmentation, even with training=True by default or by request, do nothing in prediction."""
    inputs, network = keras.Input((12, 10, 2)), keras.Model(*features())
    value = keras.layers.Dropout(0.5)(keras.layers.RandomTranslation(0.5, 0.5)(inputs), training=True)
    for layer in network.layers[1:]:
        value = layer(value)
    other = keras.Model(inputs, value)
    np.testing.assert_allclose(method(other, IMAGES, 1), method(network, IMAGES, 1), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("method", [explain.saliency, explain.grad_cam])
def test_pythons_random_numbers_are_left_as_they_were(method):
    model = net()
    random.seed(1)
    before = random.getstate()
    method(model, IMAGES)
    assert random.getstate() == before


def channels_first():
    inputs = keras.Input((2, 12, 10))
    maps = keras.layers.Conv2D(4, 3, data_format="channels_first")(inputs)
    pooled = keras.layers.GlobalAveragePooling2D(data_format="channels_first")(maps)
    return keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(pooled))


def unfit_model():
    inputs = keras.Input((4, 4, 1))
    outputs = keras.layers.Dense(3, activation="sigmoid")(keras.layers.Flatten()(inputs))
    return keras.Model(inputs, outputs)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: explain.saliency("net", IMAGES), TypeError, "model must be a keras.Model. Received: str"),
        (lambda: explain.saliency(net(), IMAGES[0, 0]), ValueError, "images must have 3 or 4 axes"),
        (lambda: explain.saliency(net(), IMAGES[:, :5]), ValueError, "Received"),
        (lambda: explain.saliency(net(), IMAGES * np.nan), ValueError, "images must hold finite numbers"),
        (lambda: explain.saliency(net(), IMAGES, 5), ValueError, r"labels must be in 0…4. Received: from 5 to 5"),
        (lambda: explain.saliency(net(), IMAGES, [0, 1]), ValueError, "one for each. Received: 2 labels"),
        (lambda: explain.saliency(net(), IMAGES, 0.5), TypeError, "labels must be whole numbers"),
        (lambda: explain.saliency(unfit_model(), np.ones((4, 4, 1))), ValueError, "Received: sigmoid"),
        (
            lambda: explain.saliency(keras.Sequential([keras.layers.Dense(3)]), np.ones((4, 4, 1))),
            ValueError,
            "which begins with keras.Input",
        ),
        (
            lambda: explain.saliency(
                keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()]), np.ones((4, 4, 1))
            ),
            ValueError,
            "the last layer must be a softmax.*Received: Flatten",
        ),
        (lambda: explain.saliency(own_head(lambda z: z / 2), IMAGES), ValueError, "must be a softmax.*TrueDivide"),
        (
            lambda: explain.saliency(own_head(lambda z: keras.ops.softmax(z, axis=0)), IMAGES),
            ValueError,
            "must be a softmax over the classes.*Received: Softmax",
        ),
        (
            lambda: explain.saliency(own_head(keras.ops.log_softmax), IMAGES),
            ValueError,
            "must be a softmax.*Received: LogSoftmax",
        ),
        (
            lambda: explain.saliency(own_head(Halved(3, activation="softmax")), IMAGES),
            ValueError,
            "that computes as Keras's own. Received: Halved",
        ),
        (
            lambda: explain.saliency(keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Softmax()]), IMAGES),
            ValueError,
            r"must have the shape \(n, classes\)",
        ),
        *(
            (lambda method=method: method(channels_first(), np.ones((2, 12, 10))), ValueError, "channels must be last")
            for method in (explain.saliency, explain.grad_cam, explain.occlusion, explain.lime)
        ),
        (
            lambda: explain.grad_cam(models.dense(), np.ones((28, 28, 1))),
            ValueError,
            "model must have a Conv2D layer",
        ),
        (lambda: explain.grad_cam(net(), IMAGES, layer="last"), ValueError, "layer must be one that gives maps"),
        (lambda: explain.occlusion(3, IMAGES), TypeError, "must be a keras.Model or a function. Received: int"),
        (lambda: explain.occlusion(net(), IMAGES, patch=4), ValueError, "patch must be odd"),
        (lambda: explain.occlusion(net(), IMAGES, patch=0), ValueError, "patch must be at least 1"),
        (lambda: explain.occlusion(net(), IMAGES, stride=0), ValueError, "stride must be at least 1"),
        (lambda: explain.occlusion(net(), IMAGES, fill=np.inf), ValueError, "fill must be finite"),
        (
            lambda: explain.occlusion(lambda images: np.ones((len(images), 1)), IMAGES),
            ValueError,
            "at least 2 classes for each of 3 images",
        ),
        (lambda: explain.occlusion(lambda images: np.ones(3), IMAGES), ValueError, "must have 2 axes"),
        (
            lambda: explain.occlusion(lambda images: np.ones((len(images), 2)) * [2, -1], IMAGES),
            ValueError,
            "logits need a softmax. Received: from -1 to 2",
        ),
        (lambda: explain.lime(net(), IMAGES), ValueError, "image must have 3 axes"),
        (lambda: explain.lime(net(), IMAGES[0], width=0), ValueError, "width must be above 0. Received: width=0"),
        (lambda: explain.lime(net(), IMAGES[0], samples=1), ValueError, "samples must be at least 2"),
        (lambda: explain.lime(net(), IMAGES[0], seed=-1), ValueError, "seed must be at least 0"),
        (lambda: explain.lime(net(), IMAGES[0], penalty=-1), ValueError, "penalty must be at least 0"),
        (lambda: explain.lime(net(), IMAGES[0], segments=[[0, 1]]), ValueError, "segments must have the size"),
        (
            lambda: explain.lime(net(), IMAGES[0], segments=np.full((12, 10), -1)),
            ValueError,
            "segments must be numbered from 0",
        ),
        *(
            (
                lambda numbers=numbers: explain.lime(net(), IMAGES[0], segments=np.full((12, 10), numbers)),
                ValueError,
                "from 0 on without a gap.*Received: 1 segments",
            )
            for numbers in (1, 10**9)
        ),
        (
            lambda: explain.lime(net(), IMAGES[0], segments=np.arange(120).reshape(12, 10) * 2),
            ValueError,
            "without a gap.*Received: 120 segments with numbers up to 238",
        ),
        *(
            (lambda width=width: explain.lime(net(), IMAGES[0], width=width), ValueError, "width must be so large")
            for width in (1e-200, 1e-3, 0.01)
        ),
        (
            lambda: explain.lime(net(), IMAGES[0], segments=np.zeros((12, 10), int), samples=2, seed=SHOWING),
            ValueError,
            "samples so many, .*the nearest sample at inf",
        ),
        *(
            (
                lambda method=method: method(net(), HUGE),
                ValueError,
                "must hold .* the range of float32",
            )
            for method in (explain.saliency, explain.grad_cam, explain.occlusion, explain.lime)
        ),
        *(
            (lambda method=method: method(net(), IMAGES[0], fill=1e39), ValueError, "fill must hold .* of float32")
            for method in (explain.occlusion, explain.lime)
        ),
        (
            lambda: explain.superpixels(HUGE),
            ValueError,
            "image must hold .* the range of float32",
        ),
        (
            lambda: explain.lime(net(), IMAGES[0], segments=np.zeros((12, 10))),
            TypeError,
            "segments must be whole numbers",
        ),
        (lambda: explain.squares(IMAGES), ValueError, "image must have 3 axes"),
        (lambda: explain.squares(IMAGES[0], side=0), ValueError, "side must be at least 1"),
        (lambda: explain.superpixels(IMAGES[0], contrast=-1), ValueError, "contrast must be at least 0"),
    ],
)
def test_what_cannot_be_explained_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
