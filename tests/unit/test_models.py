"""The networks of the course: what they are made of, and what they refuse."""

import random

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


@pytest.mark.parametrize(("cell", "count"), [("SimpleRNN", 28 * 64 + 64 * 64 + 64), ("LSTM", 4 * 5952), ("GRU", 18048)])
def test_a_recurrent_network_has_the_layer_that_is_asked_for(cell, count):
    model = models.recurrent(cell=cell)
    assert kinds(model) == [cell, "Dense"]
    assert model.count_params() == count + 650
    rows = np.random.default_rng(0).random((3, 28, 28), dtype=np.float32)
    np.testing.assert_allclose(np.asarray(model(rows)).sum(axis=1), 1, atol=1e-5)


def test_an_autoencoder_is_an_encoder_and_a_decoder_that_draws_the_image_s_shape():
    model = models.autoencoder(code=3, encoder=(20, 10), decoder=(5,), input_shape=(6, 4, 2))
    encoder, decoder = model.layers
    assert kinds(encoder) == ["Flatten", "Dense", "Dense", "Dense"]
    assert [layer.activation.__name__ for layer in encoder.layers[1:]] == ["relu", "relu", "linear"]
    assert [layer.activation.__name__ for layer in decoder.layers[:2]] == ["relu", "sigmoid"]
    images = np.random.default_rng(0).random((3, 6, 4, 2), dtype=np.float32)
    assert encoder(images).shape == (3, 3)
    np.testing.assert_allclose(model(images), decoder(encoder(images)), rtol=1e-6)
    assert model(images).shape == images.shape
    assert np.all((np.asarray(model(images)) > 0) & (np.asarray(model(images)) < 1))


def test_a_unet_halves_and_doubles_and_joins_what_it_kept():
    model = models.unet(filters=(4, 6, 8), input_shape=(16, 24, 2))
    assert [layer.output.shape[1:] for layer in model.layers] == [
        *[(16, 24, 2), (16, 24, 4), (8, 12, 4), (8, 12, 6), (4, 6, 6), (4, 6, 8)],
        *[(8, 12, 6), (8, 12, 12), (8, 12, 6), (16, 24, 4), (16, 24, 8), (16, 24, 1)],
    ]
    out = np.asarray(model(np.random.default_rng(0).random((3, 16, 24, 2), dtype=np.float32)))
    assert np.all((out > 0) & (out < 1))


def test_without_skips_a_unet_is_as_large_and_knows_a_pixel_by_its_surroundings_alone():
    with_skips, without = (models.unet(filters=(4, 6), input_shape=(16, 16, 1), skips=skips) for skips in (True, False))
    assert with_skips.count_params() == without.count_params()
    joined = [layer for layer in without.layers if type(layer).__name__ == "Concatenate"]
    assert [layer.input[0] is layer.input[1] for layer in joined] == [True]
    # A dark pixel beside a bright one in the same pooling window passes through the skips alone.
    images = np.zeros((2, 16, 16, 1), np.float32)
    images[:, 6:10, 6:10] = 1
    first = with_skips.layers[1]
    kernel = np.zeros(first.kernel.shape, np.float32)
    kernel[1, 1] = 1
    for model in (with_skips, without):
        model.layers[1].set_weights([kernel, np.zeros(4)])
    images[1, 6, 6] = 0.5
    change = [np.abs(np.diff(np.asarray(model(images)), axis=0)).max() for model in (with_skips, without)]
    assert change[0] > 1e-3
    assert change[1] < 1e-6


def test_global_pooling_takes_images_of_any_size():
    model = models.cnn_global(input_shape=(None, None, 1))
    for side in (20, 41):
        assert model(np.zeros((2, side, side, 1))).shape == (2, 10)


BUILDERS = [
    models.dense,
    models.cnn,
    models.cnn_global,
    models.deep_dense,
    models.recurrent,
    models.autoencoder,
    models.unet,
]


@pytest.mark.parametrize("builder", BUILDERS)
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
        (lambda: models.recurrent(cell="RNN"), ValueError, "cell must be one of 'SimpleRNN', 'LSTM', 'GRU'"),
        (lambda: models.recurrent(units=0), ValueError, "units must be at least 1"),
        (lambda: models.autoencoder(code=0), ValueError, "code must be at least 1. Received: code=0"),
        (lambda: models.autoencoder(decoder=[2.5]), TypeError, "decoder must be a whole number"),
        (lambda: models.unet(filters=(8,)), ValueError, r"at least two levels. Received: filters=\(8,\)"),
        (lambda: models.unet(filters=(8, 0)), ValueError, "filters must be at least 1. Received: filters=0"),
        (lambda: models.unet(input_shape=(32, 30, 1)), ValueError, "must be divisible by 4"),
        (lambda: models.unet(input_shape=(None, 32, 1)), ValueError, "must be divisible by 4"),
        (lambda: models.unet(filters=8), TypeError, r"filters must be a sequence .* Received: filters=8"),
        (lambda: models.cnn(filters=8), TypeError, r"filters must be a sequence .* Received: filters=8"),
        (lambda: models.dense(units=64), TypeError, r"units must be a sequence .* Received: units=64"),
        (lambda: models.autoencoder(encoder=64), TypeError, r"encoder must be a sequence .* Received: encoder=64"),
        (lambda: models.cnn(input_shape=(28, 28)), ValueError, r"\(rows, columns, channels\). Received: .*\(28, 28\)"),
        (lambda: models.cnn_global(input_shape=28), ValueError, r"\(rows, columns, channels\). Received: .*=28"),
        (lambda: models.unet(input_shape=(32, 32)), ValueError, r"\(rows, columns, channels\). Received: .*\(32, 32\)"),
        (lambda: models.cnn(input_shape=(28, 0, 1)), ValueError, "input_shape must be at least 1"),
        *[
            (lambda build=build: build(input_shape=(None, 28, 1)), ValueError, r"known .* Received: input_shape=\(None")
            for build in (models.dense, models.cnn, models.deep_dense, models.autoencoder)
        ],
        *[
            (lambda build=build: build(input_shape="28"), ValueError, r"must be \(.* Received: input_shape='28'")
            for build in (models.dense, models.cnn, models.cnn_global, models.deep_dense, models.autoencoder)
        ],
        (lambda: models.recurrent(input_shape=(28, 28, 1)), ValueError, r"\(steps, features\). Received: .*28, 28, 1"),
        (lambda: models.recurrent(input_shape=(28, None)), TypeError, "input_shape must be a whole number"),
        (lambda: models.cnn(input_shape=(4, 4, 1)), ValueError, r"large enough .*\(4, 4, 1\), of which a Conv2D .*1×1"),
        (lambda: models.cnn(input_shape=(3, 9, 1)), ValueError, "of which a MaxPooling2D gets maps of 1×7"),
        (lambda: models.cnn_global(input_shape=(3, 3, 1)), ValueError, r"of which a MaxPooling2D gets maps of 1×1"),
        *[
            (lambda build=build, given=given: build(activation=given), ValueError, "activation must be one .* Received")
            for build in (models.dense, models.cnn, models.cnn_global, models.deep_dense)
            for given in ("reluu", 3, keras.layers.ReLU)
        ],
        *[
            (
                lambda given=given: models.deep_dense(initializer=given),
                ValueError,
                "initializer must be one .* Received",
            )
            for given in ({"class_name": "HeNormal", "config": {"scale": 3}}, 3, keras.layers.Dense, {"config": {}})
        ],
    ],
)
def test_bad_sizes_are_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


INITIALIZERS = [
    "he_normal",
    "normal",
    keras.initializers.HeNormal(),
    keras.initializers.HeNormal,
    {"class_name": "HeNormal", "config": {}},
    None,
]


def test_layers_of_one_shape_start_with_different_weights():
    for initializer in INITIALIZERS:
        first, second = models.deep_dense(depth=3, initializer=initializer).layers[2:4]
        assert (first.get_weights()[0] != second.get_weights()[0]).any()


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_the_seed_decides_whatever_form_the_initializer_has(initializer):
    before = random.getstate()
    first, again = (models.deep_dense(depth=1, initializer=initializer, seed=4).get_weights() for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    assert random.getstate() == before


def test_no_initializer_is_that_of_keras():
    (first, *_), (same, *_) = (
        models.deep_dense(depth=1, initializer=name).get_weights() for name in (None, "glorot_uniform")
    )
    np.testing.assert_array_equal(first, same)


def promises(model):
    """Return what each layer with weights promises: its activation, its initializers, its padding and strides."""
    return [
        (
            layer.activation.__name__,
            type(layer.kernel_initializer).__name__,
            type(layer.bias_initializer).__name__,
            layer.use_bias,
            getattr(layer, "kernel_size", None),
            getattr(layer, "padding", None),
            getattr(layer, "strides", None),
        )
        for layer in model.layers
        if layer.weights
    ]


def dense_layer(activation, initializer="GlorotUniform"):
    return (activation, initializer, "Zeros", True, None, None, None)


def convolution(padding, *, activation="relu", size=3, strides=1):
    return (activation, "GlorotUniform", "Zeros", True, (size, size), padding, (strides, strides))


HEAD = dense_layer("softmax")


@pytest.mark.parametrize(
    ("build", "promised"),
    [
        (lambda: models.dense(), [dense_layer("relu"), HEAD]),
        (lambda: models.dense(units=(5, 6), activation="tanh"), [*[dense_layer("tanh")] * 2, HEAD]),
        (lambda: models.dense(units=()), [HEAD]),
        (lambda: models.cnn(), [*[convolution("valid")] * 2, HEAD]),
        (lambda: models.cnn(padding="same", activation=None), [*[convolution("same", activation="linear")] * 2, HEAD]),
        (lambda: models.cnn(pooling="strided", kernel_size=5), [*[convolution("valid", size=5, strides=2)] * 2, HEAD]),
        (lambda: models.cnn_global(), [*[convolution("same")] * 3, HEAD]),
        (
            lambda: models.cnn_global(kernel_size=5, activation="tanh", pooling="strided"),
            [*[convolution("same", size=5, activation="tanh", strides=2)] * 3, HEAD],
        ),
        (lambda: models.deep_dense(depth=2), [*[dense_layer("relu", "HeNormal")] * 2, HEAD]),
        (
            lambda: models.deep_dense(depth=2, activation="tanh", initializer="glorot_uniform"),
            [*[dense_layer("tanh")] * 2, HEAD],
        ),
    ],
)
def test_every_layer_has_the_activation_and_the_start_that_the_builder_promises(build, promised):
    assert promises(build()) == promised


def test_pooling_windows_are_two_by_two():
    for pooling in ("max", "average"):
        pools = [layer for layer in models.cnn(pooling=pooling).layers if "Pooling" in type(layer).__name__]
        assert {(pool.pool_size, pool.strides, pool.padding) for pool in pools} == {((2, 2), (2, 2), "valid")}


def test_starting_weights_have_the_spread_that_their_initializer_promises():
    he, glorot = (models.deep_dense(depth=2, units=200, initializer=name) for name in ("he_normal", "glorot_uniform"))
    kernels = [model.layers[2].get_weights()[0] for model in (he, glorot)]
    assert kernels[0].std() == pytest.approx(np.sqrt(2 / 200), rel=0.03)
    assert kernels[1].std() == pytest.approx(np.sqrt(2 / 400), rel=0.03)
    assert np.abs(kernels[1]).max() <= np.sqrt(6 / 400)


def test_the_order_of_axes_does_not_depend_on_the_configuration_of_keras():
    images = np.zeros((2, 28, 28, 1), np.float32)
    keras.config.set_image_data_format("channels_first")
    try:
        for builder in (models.dense, models.cnn, models.cnn_global, models.deep_dense):
            assert builder()(images).shape == (2, 10)
    finally:
        keras.config.set_image_data_format("channels_last")


def own_network():
    image = keras.Input((8, 8, 1))
    maps = keras.layers.Conv2D(3, 3, padding="same", kernel_initializer="he_normal")(image)
    sum_of_both = keras.layers.Add()([image, maps])
    answer = keras.layers.Dense(2)(keras.layers.Dropout(0.5)(keras.layers.Flatten()(sum_of_both)))
    return keras.Model(image, answer)


def test_a_network_of_ones_own_follows_a_seed_too():
    network = own_network()
    first, again, other = (models.seeded(network, seed) for seed in (1, 1, 2))
    for a, b, c in zip(first.get_weights(), again.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.any() == (a != c).any()  # biases start at 0 with every seed
    images = np.ones((4, 8, 8, 1), np.float32)
    dropped = [np.asarray(model(images, training=True)) for model in (first, again, other)]
    np.testing.assert_array_equal(dropped[0], dropped[1])
    assert (dropped[0] != dropped[2]).any()
    assert type(first.layers[1].kernel_initializer).__name__ == "HeNormal"


@pytest.mark.parametrize(
    "layer",
    [
        lambda: keras.layers.Bidirectional(keras.layers.LSTM(4, dropout=0.5)),
        lambda: keras.layers.TimeDistributed(keras.layers.Dense(3)),
        lambda: keras.layers.RNN(keras.layers.LSTMCell(4)),
        lambda: keras.Sequential([keras.Input((5, 2)), keras.layers.Dense(3), keras.layers.Dropout(0.5)]),
    ],
)
def test_layers_within_a_layer_follow_the_seed_too(layer):
    build = lambda: keras.Sequential([keras.Input((5, 2)), layer()])  # noqa: E731
    first, same, other = (models.seeded(build(), seed) for seed in (1, 1, 2))
    x = np.ones((3, 5, 2))
    np.testing.assert_array_equal(first(x, training=True), same(x, training=True))
    assert any((a != b).any() for a, b in zip(first.get_weights(), other.get_weights(), strict=True))


def test_seeded_equals_the_builder():
    for builder in (models.dense, models.cnn, models.cnn_global):
        for a, b in zip(models.seeded(builder(), 5).get_weights(), builder(seed=5).get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)


def test_what_cannot_be_seeded_is_refused():
    class Own(keras.Model):
        pass

    for model in (Own(), keras.Sequential([keras.layers.Dense(2)])):
        with pytest.raises(ValueError, match=r"model must be a Sequential or functional model .* Received"):
            models.seeded(model, 0)
    with pytest.raises(TypeError, match=r"model must be a Keras model\. Received: str"):
        models.seeded("net", 0)
    with pytest.raises(ValueError, match="initializer must be one that Keras knows"):
        models.deep_dense(initializer="he_norml")
    with pytest.raises(ValueError, match='input_shape must be known when head="flatten"'):
        models.cnn_global(head="flatten", input_shape=(None, None, 1))


def test_an_initializer_with_a_seed_of_its_own_keeps_it():
    own = keras.initializers.HeNormal(seed=11)
    first, other = (models.deep_dense(depth=1, initializer=own, seed=seed) for seed in (0, 1))
    np.testing.assert_array_equal(first.layers[1].get_weights()[0], other.layers[1].get_weights()[0])
    assert (first.layers[2].get_weights()[0] != other.layers[2].get_weights()[0]).any()


@pytest.mark.parametrize("build", [models.recurrent, models.unet, models.autoencoder, models.cnn, models.dense])
def test_a_builder_leaves_pythons_random_state_as_it_was(build):
    before = random.getstate()
    build()
    assert random.getstate() == before


@pytest.mark.parametrize("cell", ["SimpleRNN", "LSTM", "GRU"])
def test_the_dropout_of_a_recurrent_layer_follows_the_seed(cell):
    def drop():
        layer = getattr(keras.layers, cell)(8, dropout=0.5)
        net = models.seeded(keras.Sequential([keras.Input((5, 3)), layer]), 7)
        return np.asarray(net(np.ones((2, 5, 3), np.float32), training=True))

    np.testing.assert_array_equal(drop(), drop())


L = keras.layers


def network(*layers, shape=(4,), **settings):
    return keras.Sequential([keras.Input(shape, **settings), *layers])


@pytest.mark.parametrize(
    "layers",
    [
        lambda: [L.SpectralNormalization(L.Dense(2))],
        lambda: [L.Dense(5, lora_rank=2)],
        lambda: [L.Dense(2, kernel_initializer=None)],
        lambda: [network(L.SpectralNormalization(L.Dense(2)))],
    ],
)
def test_what_keras_starts_without_asking_for_a_seed_follows_the_seed(layers):
    model, before = network(*layers()), random.getstate()
    first, same, other = (models.seeded(model, seed).get_weights() for seed in (5, 5, 6))
    assert random.getstate() == before
    for a, b, c in zip(first, same, other, strict=True):
        np.testing.assert_array_equal(a, b)
        assert not a.any() or (a != c).any()


def adapted(layer, data):
    layer.adapt(data)
    return layer


NUMBERS = np.random.default_rng(0).normal(3, 5, (20, 4)).astype(np.float32)
WORDS = np.array([["a b"], ["b c"]])


@pytest.mark.parametrize(
    ("layer", "settings", "x"),
    [
        (lambda: adapted(L.Normalization(), NUMBERS), {}, NUMBERS),
        (lambda: adapted(L.Discretization(num_bins=3), NUMBERS), {}, NUMBERS),
        (lambda: adapted(L.StringLookup(output_mode="multi_hot"), WORDS), {"dtype": "string", "shape": (1,)}, WORDS),
        (lambda: adapted(L.IntegerLookup(), [3, 4]), {"dtype": "int64", "shape": (1,)}, np.array([[4], [9]])),
        (lambda: adapted(L.TextVectorization(), WORDS), {"dtype": "string", "shape": (1,)}, WORDS),
        (lambda: network(adapted(L.Normalization(), NUMBERS)), {}, NUMBERS),
        (
            lambda: L.TimeDistributed(adapted(L.Normalization(), NUMBERS)),
            {"shape": (20, 4)},
            NUMBERS[np.newaxis],
        ),
    ],
)
def test_what_a_layer_has_adapted_to_is_kept(layer, settings, x):
    model = network(layer(), **settings)
    copy = models.seeded(model, 0)
    x = keras.ops.convert_to_tensor(x)
    np.testing.assert_array_equal(copy(x), model(x))


def test_a_layer_behind_a_vocabulary_is_as_wide_as_before():
    lookup = adapted(L.StringLookup(output_mode="multi_hot"), WORDS)
    copy = models.seeded(network(lookup, L.Dense(2), shape=(1,), dtype="string"), 0)
    assert copy.layers[1].kernel.shape == (3, 2)


@pytest.mark.parametrize("inner", [False, True])
def test_each_weight_stays_as_trainable_as_it_was(inner):
    dense = L.Dense(2)
    model = network(network(dense, L.BatchNormalization()) if inner else dense, L.Dense(2))
    dense.kernel.trainable = False
    copy = models.seeded(model, 0)
    assert [weight.trainable for weight in copy.weights] == [weight.trainable for weight in model.weights]
    assert len(copy.trainable_variables) == len(model.trainable_variables) < len(model.weights)


class WithoutKeywords(keras.layers.Layer):
    """A layer whose `__init__` takes none of Keras's own arguments."""

    def __init__(self):
        super().__init__()

    def call(self, x):
        return x


class WithoutConfiguration(keras.layers.Layer):
    """A layer whose configuration leaves one of its arguments out."""

    def __init__(self, numbers, **kwargs):
        super().__init__(**kwargs)
        self.numbers = numbers

    def call(self, x):
        return x


def own_function(x):
    return x


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (lambda: L.Lambda(lambda x: x), "Lambda"),
        (lambda: L.Dense(2, kernel_initializer=lambda shape, dtype=None: keras.ops.ones(shape)), "Dense"),
        (lambda: L.Dense(2, activation=lambda x: x), "Dense"),
        (lambda: L.Dense(2, activation=own_function), "Dense"),
        (WithoutKeywords, "WithoutKeywords"),
        (lambda: WithoutConfiguration(np.ones(2)), "WithoutConfiguration"),
        (lambda: network(L.Lambda(lambda x: x)), "Lambda"),
    ],
)
def test_a_layer_that_cannot_be_made_again_is_named(layer, name):
    with pytest.raises(ValueError, match=rf"model must have layers that Keras can make .* Received: {name} '") as error:
        models.seeded(network(layer()), 0)
    assert len(str(error.value)) < 450
