"""The networks of the course: what they are made of, and what they refuse."""

import numpy as np
import pytest

from lessons_lib import keras, models


def kinds(model):
    return [type(layer).__name__ for layer in model.layers]


def test_the_standard_nets_have_the_known_parameter_counts():
    assert models.dense().count_params() == 50_890
    assert models.dense(units=[32], classes=2).count_params() == 25_186
    assert models.cnn().count_params() == 5_258
    assert models.cnn_global().count_params() == 14_378
    assert models.deep_dense(depth=20, units=64).count_params() == 785 * 64 + 19 * 65 * 64 + 650


@pytest.mark.parametrize(
    ("pooling", "layers"),
    [
        ("max", ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense"]),
        ("average", ["Conv2D", "AveragePooling2D", "Conv2D", "AveragePooling2D", "Flatten", "Dense"]),
        ("strided", ["Conv2D", "Conv2D", "Flatten", "Dense"]),
        ("none", ["Conv2D", "Conv2D", "Flatten", "Dense"]),
    ],
)
def test_cnn_ends_its_stages_as_asked(pooling, layers):
    model = models.cnn(pooling=pooling)
    assert kinds(model) == layers
    assert model.layers[0].strides == ((2, 2) if pooling == "strided" else (1, 1))


@pytest.mark.parametrize(
    ("head", "layer"), [("max", "GlobalMaxPooling2D"), ("average", "GlobalAveragePooling2D"), ("flatten", "Flatten")]
)
def test_cnn_global_ends_in_the_head_asked_for(head, layer):
    assert kinds(models.cnn_global(head=head)) == [
        *["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Conv2D"],
        *[layer, "Dense"],
    ]


def test_global_pooling_takes_images_of_any_size():
    model = models.cnn_global(input_shape=(None, None, 1))
    for side in (20, 41):
        assert model(np.zeros((2, side, side, 1))).shape == (2, 10)


@pytest.mark.parametrize("builder", [models.dense, models.cnn, models.cnn_global, models.deep_dense])
def test_the_seed_decides_the_starting_weights(builder):
    first, again, other = (builder(seed=seed).get_weights()[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_the_seed_means_what_it_means_to_keras():
    keras.utils.set_random_seed(7)
    layers = [keras.layers.Flatten(), keras.layers.Dense(64, "relu"), keras.layers.Dense(10, "softmax")]
    plain = keras.Sequential([keras.Input((28, 28, 1)), *layers])
    for ours, keras_own in zip(models.dense(seed=7).get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, keras_own)


@pytest.mark.parametrize("builder", [models.dense, models.cnn, models.cnn_global, models.deep_dense])
def test_scores_sum_to_one(builder):
    images = np.random.default_rng(0).random((3, 28, 28, 1), dtype=np.float32)
    np.testing.assert_allclose(np.asarray(builder()(images)).sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: models.cnn(pooling="mean"), ValueError, "pooling must be one of 'max', 'average', 'strided', 'none'"),
        (lambda: models.cnn(filters=[0]), ValueError, "filters must be at least 1. Received: filters=0"),
        (lambda: models.cnn(kernel_size=2.5), TypeError, "kernel_size must be a whole number"),
        (lambda: models.cnn_global(head="global"), ValueError, "head must be one of"),
        (lambda: models.dense(units=[-3]), ValueError, "units must be at least 1"),
        (lambda: models.dense(classes=0), ValueError, "classes must be at least 1"),
        (lambda: models.dense(seed=-1), ValueError, "seed must be at least 0"),
        (lambda: models.deep_dense(depth=0), ValueError, "depth must be at least 1"),
    ],
)
def test_bad_sizes_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_layers_of_one_shape_start_with_different_weights():
    for initializer in ("he_normal", keras.initializers.HeNormal(), {"class_name": "HeNormal", "config": {}}):
        first, second = models.deep_dense(depth=3, initializer=initializer).layers[2:4]
        assert (first.get_weights()[0] != second.get_weights()[0]).any()
