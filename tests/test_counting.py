"""The counts against Keras: the shapes and parameters that it makes, and the products that a layer of ones adds up."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib import keras
from lessons_lib.counting import (
    convolution_multiply_adds,
    convolution_parameters,
    dense_parameters,
    ledger,
    output_size,
    receptive_field,
)

layers = keras.layers
draws = settings(deadline=None, max_examples=50)
small = st.integers(1, 4)


def evaluate(numbers):
    return eval(numbers.replace("·", "*"))


def check(model):
    """Check what holds for the ledger of every model, and return it."""
    page = ledger(model)
    assert page.total == model.count_params()
    assert page.trainable == sum(np.prod(w.shape, dtype=int) for w in model.trainable_weights)
    assert [evaluate(row.numbers) for row in page] == [row.parameters for row in page]
    assert all(isinstance(row.parameters, int) for row in page)
    return page


def chain(shape, *stack, name="chain"):
    return keras.Sequential([keras.Input(shape), *stack], name=name)


def only_row(shape, layer):
    (row,) = check(chain(shape, layer))
    return row


# ---- output_size ---------------------------------------------------------------------------------------------------


@draws
@given(
    size=st.integers(1, 20),
    kernel_size=st.integers(1, 6),
    steps=st.one_of(st.tuples(small, st.just(1)), st.tuples(st.just(1), small)),  # Keras takes one of the two.
    padding=st.sampled_from(("valid", "same")),
)
def test_output_size_is_the_length_that_keras_makes(size, kernel_size, steps, padding):
    strides, dilation_rate = steps
    options = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate}
    image = np.ones((1, size, 1), np.float32)
    if padding == "valid" and dilation_rate * (kernel_size - 1) + 1 > size:
        with pytest.raises(ValueError, match="the kernel must fit into the input"):
            output_size(size, kernel_size, **options)
        with pytest.raises(ValueError, match="output size would be zero or negative"):
            layers.Conv1D(1, kernel_size, **options)(image)
    else:
        assert output_size(size, kernel_size, **options) == layers.Conv1D(1, kernel_size, **options)(image).shape[1]


@draws
@given(size=st.integers(6, 20), pool_size=st.integers(1, 6), strides=small, padding=st.sampled_from(("valid", "same")))
def test_output_size_holds_for_pooling(size, pool_size, strides, padding):
    pooled = layers.MaxPooling1D(pool_size, strides, padding)(np.ones((1, size, 1), np.float32))
    assert output_size(size, pool_size, strides=strides, padding=padding) == pooled.shape[1]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"strides": 0}, ValueError, "strides must be at least 1. Received: strides=0"),
        ({"kernel_size": 0}, ValueError, "kernel_size must be at least 1. Received: kernel_size=0"),
        ({"dilation_rate": -1}, ValueError, "dilation_rate must be at least 1. Received: dilation_rate=-1"),
        ({"size": 0}, ValueError, "size must be at least 1. Received: size=0"),
        ({"size": 2.5}, TypeError, "size must be a whole number. Received: size=2.5"),
        ({"padding": "full"}, ValueError, "padding must be one of 'valid', 'same'. Received: padding='full'"),
        (
            {"kernel_size": 4, "dilation_rate": 3},
            ValueError,
            'the kernel must fit into the input when padding="valid". '
            "Received: size=9, kernel_size=4, dilation_rate=3 (extent 10)",
        ),
    ],
)
def test_output_size_states_the_rule_and_what_came(arguments, error, message):
    with pytest.raises(error) as caught:
        output_size(**{"size": 9, "kernel_size": 3} | arguments)
    assert str(caught.value) == message


# ---- receptive_field -----------------------------------------------------------------------------------------------


@draws
@given(
    st.lists(
        st.tuples(
            small,
            st.one_of(st.tuples(st.integers(1, 3), st.just(1)), st.tuples(st.just(1), st.integers(1, 3))),
            st.integers(0, 2),
        ).map(lambda drawn: (drawn[0], *drawn[1], drawn[2])),
        max_size=3,
    )
)
def test_receptive_field_is_what_lights_up_an_output(stack):
    pixels = 120
    x = np.eye(pixels, dtype=np.float32)[:, :, None]  # Image j is dark but for pixel j.
    for kernel_size, strides, dilation_rate, padding in stack:
        x = layers.ZeroPadding1D((padding, 0))(x)
        options = {"strides": strides, "dilation_rate": dilation_rate, "kernel_initializer": "ones"}
        x = layers.Conv1D(1, kernel_size, use_bias=False, **options)(x)
    field = receptive_field(stack)
    i = -(field.start // field.jump)  # The first output whose field does not reach into the padding.
    seen = np.flatnonzero(np.asarray(x)[:, i, 0])
    first = field.start + i * field.jump
    assert (seen[0], seen[-1]) == (first, first + field.size - 1)


def test_receptive_field_of_known_stacks():
    assert receptive_field([]) == (1, 1, 0)
    assert receptive_field([(3, 1), (3, 1)]) == (5, 1, 0)
    assert receptive_field([(3, 1, 2, 2)]) == (5, 1, -2)
    vgg16 = [stage for convs in (2, 2, 3, 3, 3) for stage in [(3, 1, 1, 1)] * convs + [(2, 2)]]
    assert receptive_field(vgg16) == (212, 32, -90)  # Araujo et al. (2019), table of models: 212, 32, padding 90.


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ((3,), "a layer must be (kernel_size, strides[, dilation_rate[, padding]]). Received: layer=(3,)"),
        ((3, 1, 1, 0, 0), "a layer must be (kernel_size, strides[, dilation_rate[, padding]]). Received: "),
        ((0, 1), "kernel_size must be at least 1. Received: kernel_size=0"),
        ((3, 0), "strides must be at least 1. Received: strides=0"),
        ((3, 1, 0), "dilation_rate must be at least 1. Received: dilation_rate=0"),
        ((3, 1, 1, -1), "padding must be at least 0. Received: padding=-1"),
    ],
)
def test_receptive_field_states_the_rule_and_what_came(layer, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        receptive_field([(3, 1), layer])


# ---- the single formulas -------------------------------------------------------------------------------------------


@draws
@given(st.one_of(small, st.tuples(small, small)), small, small, st.booleans())
def test_convolution_formulas_are_those_of_keras(kernel_size, channels, filters, use_bias):
    layer = layers.Conv2D(filters, kernel_size, use_bias=use_bias, kernel_initializer="ones")
    output = layer(np.ones((1, 6, 5, channels), np.float32))
    parameters = convolution_parameters(kernel_size, channels, filters, use_bias=use_bias)
    assert parameters == layer.count_params()
    # Ones times ones: the output adds up to the number of products.
    assert convolution_multiply_adds(kernel_size, channels, filters, tuple(output.shape[1:3])) == np.sum(output)


@draws
@given(small, small, st.booleans())
def test_dense_formula_is_that_of_keras(inputs, units, use_bias):
    layer = layers.Dense(units, use_bias=use_bias)
    layer.build((None, inputs))
    assert dense_parameters(inputs, units, use_bias=use_bias) == layer.count_params()


def test_the_numbers_of_the_50_by_50_image():
    side = output_size(50, 3)
    assert side * side * 10 == 23_040
    assert convolution_parameters(3, 3, 10) == 280
    assert side * side * convolution_parameters(3, 3, 10) == 645_120
    assert dense_parameters(50 * 50 * 3, side * side * 10) == 172_823_040
    assert convolution_multiply_adds(3, 3, 10, side) == 622_080
    assert dense_parameters(50 * 50 * 3, side * side * 10, use_bias=False) == 172_800_000


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: convolution_parameters(0, 3, 10), "kernel_size must be at least 1. Received: kernel_size=0"),
        (lambda: convolution_parameters(3, 0, 10), "input_channels must be at least 1. Received: input_channels=0"),
        (lambda: convolution_parameters(3, 3, 0), "filters must be at least 1. Received: filters=0"),
        (lambda: convolution_multiply_adds(3, 3, 10, (4, 0)), "map_size must be at least 1. Received: map_size=0"),
        (lambda: dense_parameters(0, 10), "inputs must be at least 1. Received: inputs=0"),
        (lambda: dense_parameters(10, 0), "units must be at least 1. Received: units=0"),
    ],
)
def test_formulas_state_the_rule_and_what_came(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


# ---- ledger: one layer ---------------------------------------------------------------------------------------------

WITH_FORMULA = [
    ((5,), lambda: layers.Dense(3), "(inputs + 1)·units", "(5 + 1)·3"),
    ((4, 5), lambda: layers.Dense(3, use_bias=False), "inputs·units", "5·3"),
    ((9, 2), lambda: layers.Conv1D(4, 3), "(k·C + 1)·F", "(3·2 + 1)·4"),
    ((9, 8, 3), lambda: layers.Conv2D(10, (3, 2)), "(kh·kw·C + 1)·F", "(3·2·3 + 1)·10"),
    ((9, 8, 3), lambda: layers.Conv2D(10, 3, use_bias=False), "kh·kw·C·F", "3·3·3·10"),
    ((9, 8, 6), lambda: layers.Conv2D(4, 3, groups=2), "(kh·kw·C/G + 1)·F", "(3·3·6/2 + 1)·4"),
    ((5, 6, 7, 2), lambda: layers.Conv3D(3, (1, 2, 3)), "(kd·kh·kw·C + 1)·F", "(1·2·3·2 + 1)·3"),
    ((4, 5, 3), lambda: layers.Conv2DTranspose(7, (2, 3), 2), "(kh·kw·C + 1)·F", "(2·3·3 + 1)·7"),
    ((9, 8, 3), lambda: layers.DepthwiseConv2D((3, 2)), "(kh·kw + 1)·C", "(3·2 + 1)·3"),
    ((9, 8, 3), lambda: layers.DepthwiseConv2D(3, depth_multiplier=2), "(kh·kw + 1)·C·M", "(3·3 + 1)·3·2"),
    ((9, 8, 3), lambda: layers.SeparableConv2D(5, (3, 2)), "kh·kw·C + (C + 1)·F", "3·2·3 + (3 + 1)·5"),
    (
        (9, 8, 3),
        lambda: layers.SeparableConv2D(5, 3, depth_multiplier=2, use_bias=False),
        "kh·kw·C·M + C·M·F",
        "3·3·3·2 + 3·2·5",
    ),
    ((9, 8, 3), lambda: layers.BatchNormalization(), "4·C", "4·3"),
    ((9, 8, 3), lambda: layers.BatchNormalization(scale=False), "3·C", "3·3"),
    ((9, 8, 3), lambda: layers.BatchNormalization(scale=False, center=False), "2·C", "2·3"),
    ((9, 8, 3), lambda: layers.LayerNormalization(), "2·C", "2·3"),
    ((9, 8, 3), lambda: layers.LayerNormalization(axis=(1, 2, 3)), "2·H·W·C", "2·9·8·3"),
    ((9, 8, 3), lambda: layers.LayerNormalization(center=False), "C", "3"),
    ((9, 8, 4), lambda: layers.GroupNormalization(2), "2·C", "2·4"),
    ((9, 8, 4), lambda: layers.RMSNormalization(), "C", "4"),
    ((9, 8, 4), lambda: layers.Normalization(), "2·C + 1", "2·4 + 1"),
    ((9, 8, 3), lambda: layers.PReLU(), "H·W·C", "9·8·3"),
    ((7,), lambda: layers.Embedding(11, 3), "input_dim·output_dim", "11·3"),
    ((6, 5), lambda: layers.SimpleRNN(4), "(inputs + units + 1)·units", "(5 + 4 + 1)·4"),
    ((6, 5), lambda: layers.SimpleRNN(4, use_bias=False), "(inputs + units)·units", "(5 + 4)·4"),
    ((6, 5), lambda: layers.LSTM(4), "4·(inputs + units + 1)·units", "4·(5 + 4 + 1)·4"),
    ((6, 5), lambda: layers.GRU(4), "3·(inputs + units + 2)·units", "3·(5 + 4 + 2)·4"),
    ((6, 5), lambda: layers.GRU(4, reset_after=False), "3·(inputs + units + 1)·units", "3·(5 + 4 + 1)·4"),
    ((6, 5), lambda: layers.GRU(4, use_bias=False), "3·(inputs + units)·units", "3·(5 + 4)·4"),
    ((6, 5), lambda: layers.Bidirectional(layers.LSTM(4)), "2·4·(inputs + units + 1)·units", "2·4·(5 + 4 + 1)·4"),
    ((6, 9, 8, 2), lambda: layers.TimeDistributed(layers.Conv2D(3, 2)), "(kh·kw·C + 1)·F", "(2·2·2 + 1)·3"),
]


@pytest.mark.parametrize(("shape", "make", "formula", "numbers"), WITH_FORMULA)
def test_formula_of_a_layer(shape, make, formula, numbers):
    layer = make()
    row = only_row(shape, layer)
    assert (row.formula, row.numbers) == (formula, numbers)
    assert evaluate(numbers) == row.parameters == layer.count_params()
    assert row.name == layer.name
    assert row.kind == type(layer).__name__


@pytest.mark.parametrize(
    ("shape", "layer"),
    [
        ((4, 5), layers.Dense(3)),
        ((9, 2), layers.Conv1D(4, 3, dilation_rate=2)),
        ((9, 8, 6), layers.Conv2D(4, (3, 2), groups=2)),
        ((9, 8, 3), layers.Conv2D(4, 3, strides=2)),
        ((5, 6, 7, 2), layers.Conv3D(3, (1, 2, 3))),
        ((4, 5, 3), layers.Conv2DTranspose(7, (3, 2), strides=2)),
        ((9, 8, 3), layers.DepthwiseConv2D(3, depth_multiplier=2)),
        ((6, 9, 8, 2), layers.TimeDistributed(layers.Conv2D(3, 2))),
    ],
)
def test_multiply_adds_are_the_products_that_a_layer_of_ones_adds_up(shape, layer):
    model = chain(shape, layer)
    for weight in model.weights:
        weight.assign(np.zeros(weight.shape) if "bias" in weight.path else np.ones(weight.shape))
    assert ledger(model).multiply_adds == np.sum(model.predict_on_batch(np.ones((1, *shape))))


@pytest.mark.parametrize(
    ("shape", "make", "expected"),
    [
        ((9, 8, 3), lambda: layers.SeparableConv2D(5, (3, 2), depth_multiplier=2), 7 * 7 * (3 * 2 * 3 * 2 + 3 * 2 * 5)),
        ((6, 5), lambda: layers.LSTM(4), 6 * 4 * (5 + 4) * 4),
        ((6, 5), lambda: layers.GRU(4, return_sequences=True), 6 * 3 * (5 + 4) * 4),
        ((6, 5), lambda: layers.Bidirectional(layers.SimpleRNN(4)), 6 * 2 * (5 + 4) * 4),
        ((None, 5), lambda: layers.LSTM(4), None),
        ((None, None, 3), lambda: layers.Conv2D(4, 3), None),
        ((9, 8, 3), lambda: layers.BatchNormalization(), 0),
        ((7,), lambda: layers.Embedding(11, 3), 0),
    ],
)
def test_multiply_adds_by_hand(shape, make, expected):
    assert only_row(shape, make()).multiply_adds == expected


@pytest.mark.parametrize(
    "layer",
    [
        layers.ReLU(),
        layers.Activation("softmax"),
        layers.MaxPooling2D(),
        layers.AveragePooling2D(2),
        layers.GlobalMaxPooling2D(),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.5),
        layers.Flatten(),
        layers.Reshape((-1, 3)),
        layers.ZeroPadding2D(),
        layers.UpSampling2D(),
        layers.RandomFlip(),
        layers.LayerNormalization(center=False, scale=False),
    ],
)
def test_layers_without_weights_say_so(layer):
    row = only_row((8, 8, 3), layer)
    assert (row.formula, row.numbers, row.parameters, row.multiply_adds) == ("no weights", "0", 0, 0)


# ---- ledger: layers that it does not know --------------------------------------------------------------------------


class Dense(keras.layers.Layer):
    """A layer of one's own that shares its name with one of Keras's."""

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], 3))
        self.steps = self.add_weight(shape=(2,), trainable=False)

    def call(self, x):
        return x @ self.W


class DenseWithGain(keras.layers.Dense):
    """One of Keras's layers with a weight more."""

    def build(self, input_shape):
        super().build(input_shape)
        self.gain = self.add_weight(shape=(self.units,))


class DenseRebuilt(keras.layers.Dense):
    """One of Keras's layers with its weights under another name."""

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.units))

    def call(self, x):
        return x @ self.W


class Conv(keras.layers.Conv2D):
    """One of Keras's layers under another name."""


@pytest.mark.parametrize(
    ("make", "parameters", "trainable"),
    [
        (Dense, 17, 15),
        (lambda: DenseWithGain(4), 28, 28),
        (lambda: DenseRebuilt(4), 20, 20),
        (lambda: layers.EinsumDense("ab,bc->ac", 4), 20, 20),
        (lambda: layers.SpectralNormalization(layers.Dense(4)), 28, 24),
    ],
)
def test_unknown_layers_keep_their_count(make, parameters, trainable):
    row = only_row((5,), make())
    assert (row.formula, row.numbers) == ("as built", str(parameters))
    assert (row.parameters, row.trainable, row.multiply_adds) == (parameters, trainable, None)


def test_a_subclass_keeps_the_formula():
    row = only_row((9, 8, 3), Conv(4, 3))
    assert (row.kind, row.formula, row.receptive_field) == ("Conv", "(kh·kw·C + 1)·F", 3)


def test_low_rank_adapters_are_counted_as_built():
    model = chain((8,), layers.Dense(6))
    model.layers[0].enable_lora(2)
    (row,) = check(model)
    assert (row.formula, row.parameters) == ("as built", 8 * 6 + 6 + 8 * 2 + 2 * 6)


# ---- ledger: whole models ------------------------------------------------------------------------------------------


def course_cnn():
    return chain(
        (28, 28, 1),
        layers.Conv2D(8, 3, activation="relu", name="conv_1"),
        layers.MaxPooling2D(name="pool_1"),
        layers.Conv2D(16, 3, activation="relu", name="conv_2"),
        layers.MaxPooling2D(name="pool_2"),
        layers.Flatten(name="flatten"),
        layers.Dense(10, activation="softmax", name="scores"),
        name="cnn",
    )


def test_the_nets_of_the_course():
    page = check(course_cnn())
    assert (page.total, page.multiply_adds, len(page)) == (5_258, 192_064, 6)
    assert [row.receptive_field for row in page] == [3, 4, 8, 10, None, None]
    assert [row.output_shape for row in page][:2] == [(26, 26, 8), (13, 13, 8)]
    assert page.activations == 26 * 26 * 8 + 13 * 13 * 8 + 11 * 11 * 16 + 2 * 5 * 5 * 16 + 10
    dense = check(chain((28, 28, 1), layers.Flatten(), layers.Dense(64), layers.Dense(10)))
    assert (dense.total, dense.multiply_adds) == (50_890, 50_816)


@pytest.mark.parametrize(
    ("name", "parameters", "multiply_adds", "field"),
    [
        # Receptive fields: Araujo et al. (2019), table of models.
        ("VGG16", 138_357_544, 15_470_264_320, 212),
        ("ResNet50", 25_636_712, 3_857_973_248, 483),
        ("InceptionV3", 23_851_784, 5_713_216_096, 1311),
        ("MobileNetV2", 3_538_984, 300_774_272, 491),
    ],
)
def test_nets_from_the_shelf(name, parameters, multiply_adds, field):
    page = check(getattr(keras.applications, name)(weights=None))
    keras.utils.clear_session()
    assert (page.total, page.multiply_adds) == (parameters, multiply_adds)
    assert [row.receptive_field for row in page if row.receptive_field][-1] == field
    assert "as built" not in {row.formula for row in page}
    if name == "VGG16":
        (first,) = (row for row in page if row.name == "fc1")
        assert (first.numbers, first.parameters) == ("(25088 + 1)·4096", 102_764_544)


def test_a_shared_layer_is_counted_once_and_works_twice():
    left, right = keras.Input((5,)), keras.Input((5,))
    shared = layers.Dense(4, name="twin")
    page = check(keras.Model([left, right], layers.Add()([shared(left), shared(right)])))
    twins = [row for row in page if row.name == "twin"]
    assert [row.formula for row in twins] == ["(inputs + 1)·units", "shared"]
    assert [row.parameters for row in twins] == [24, 0]
    assert [row.multiply_adds for row in twins] == [20, 20]
    assert page.inputs == ((5,), (5,))


def test_a_partly_shared_layer_counts_what_is_new():
    class Wrapped(keras.layers.Layer):
        def __init__(self, inner):
            super().__init__(name="wrapped")
            self.inner, self.own = inner, layers.Dense(2)

        def call(self, x):
            return self.own(self.inner(x))

    inner = layers.Dense(5, name="inner")
    page = check(chain((5,), inner, Wrapped(inner)))
    assert [(row.formula, row.parameters) for row in page] == [("(inputs + 1)·units", 30), ("as built", 12)]


def test_a_formula_does_not_hold_for_a_half_that_is_shared():
    x = keras.Input((6, 4))
    backward = layers.LSTM(4, return_sequences=True, go_backwards=True)
    both = layers.Bidirectional(layers.LSTM(4, return_sequences=True), backward_layer=backward)
    page = check(keras.Model(x, both(backward(x))))
    assert [(row.formula, row.parameters, row.multiply_adds) for row in page] == [
        ("4·(inputs + units + 1)·units", 144, 6 * 128),
        ("as built", 144, 2 * 6 * 128),
    ]


def test_the_first_of_several_inputs_and_outputs_counts():
    x = keras.Input((6, 5))
    encoded, *state = layers.LSTM(4, return_sequences=True, return_state=True)(x)
    first, second = check(keras.Model(x, [encoded, layers.LSTM(4)(x, initial_state=state)]))
    assert (first.output_shape, second.output_shape) == ((6, 4), (4,))
    assert first.multiply_adds == second.multiply_adds == 6 * 4 * (5 + 4) * 4


def test_frozen_parameters_are_not_trainable():
    model = course_cnn()
    model.get_layer("conv_1").trainable = False
    page = check(model)
    assert (page.rows[0].parameters, page.rows[0].trainable) == (80, 0)
    assert page.trainable == 5_258 - 80
    normalised = only_row((4,), layers.BatchNormalization())
    assert (normalised.parameters, normalised.trainable) == (16, 8)


def test_an_inner_model_is_opened_at_the_size_that_it_is_used():
    base = chain((None, None, 3), layers.Conv2D(4, 3, strides=2, name="conv"), layers.ReLU(name="relu"), name="base")
    page = check(chain((9, 9, 3), base, layers.Conv2D(2, 2, name="top")))
    assert [row.name for row in page] == ["base/conv", "base/relu", "top"]
    assert [row.output_shape for row in page] == [(4, 4, 4), (4, 4, 4), (3, 3, 2)]
    assert [row.receptive_field for row in page] == [3, 3, 5]
    assert page.multiply_adds == 16 * 9 * 3 * 4 + 9 * 4 * 4 * 2
    assert check(base).multiply_adds is None


def test_an_inner_model_used_twice_is_counted_once():
    base = chain((5,), layers.Dense(5, name="dense"), name="base")
    x = keras.Input((5,))
    page = check(keras.Model(x, base(base(x))))
    assert [(row.name, row.formula) for row in page] == [("base/dense", "(inputs + 1)·units"), ("base/dense", "shared")]


def test_operations_have_rows_too():
    x = keras.Input((8, 8, 3))
    y = keras.ops.concatenate([x + 1, layers.Conv2D(3, 3, padding="same")(x)], axis=-1)
    page = check(keras.Model(x, keras.ops.mean(y, axis=(1, 2))))
    assert sorted(row.kind for row in page) == ["Add", "Concatenate", "Conv2D", "Mean"]
    assert [row.receptive_field for row in page if row.kind in ("Concatenate", "Mean")] == [3, None]


class Subclassed(keras.Model):
    """A model that knows its layers, a weight of its own, and a layer that it never uses."""

    def __init__(self, **options):
        super().__init__(**options)
        x = keras.Input((5,))
        self.base = keras.Model(x, layers.Dense(4, name="hidden")(x), name="base")
        self.scores = layers.Dense(2, name="scores")
        self.unused = layers.Dense(7, name="unused")

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(3,))
        self.scores.build((None, 4))

    def call(self, x):
        return self.scores(self.base(x))


@pytest.mark.filterwarnings("ignore:.*unbuilt state")
def test_a_subclassed_model_is_listed_as_far_as_it_tells():
    model = Subclassed(name="mine")
    model.build((None, 5))
    page = check(model)
    assert {row.name: row.formula for row in page} == {
        "base/hidden": "(inputs + 1)·units",
        "scores": "(inputs + 1)·units",
        "unused": "not built",
        "(own weights)": "as built",
    }
    assert (page.total, page.multiply_adds, page.activations) == (24 + 10 + 3, None, None)
    assert [row.multiply_adds for row in page] == [None, None, 0, None]
    assert {row.output_shape for row in page} == {None}
    assert str(page).startswith("mine, input unknown\n")


@pytest.mark.filterwarnings("ignore:.*unbuilt state")
def test_a_subclassed_model_inside_another_one():
    inner = Subclassed(name="inner")
    page = check(chain((5,), inner, layers.Dense(3, name="top")))
    assert [row.name for row in page] == ["inner/base/hidden", "inner/scores", "inner/unused", "top", "(own weights)"]
    assert [row.multiply_adds for row in page][-2:] == [6, None]


def test_the_model_is_not_changed():
    model = course_cnn()
    before = [len(layer._inbound_nodes) for layer in model.layers], model.get_weights(), model.get_config()
    ledger(model)
    after = [len(layer._inbound_nodes) for layer in model.layers], model.get_weights(), model.get_config()
    assert (before[0], before[2]) == (after[0], after[2])
    assert all(np.array_equal(a, b) for a, b in zip(before[1], after[1], strict=True))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: keras.Sequential([layers.Dense(3)], name="net"),
            ValueError,
            "model must be built: start it with a keras.Input, or call model.build((None, 28, 28, 1)). "
            "Received: Sequential 'net', not built",
        ),
        (
            lambda: Subclassed(name="mine"),
            ValueError,
            "model must be built: start it with a keras.Input, or call model.build((None, 28, 28, 1)). "
            "Received: Subclassed 'mine', not built",
        ),
        (lambda: 3, TypeError, "model must be a Keras model. Received: model of type int"),
        (lambda: layers.Dense(3), TypeError, "model must be a Keras model. Received: model of type Dense"),
    ],
)
def test_ledger_states_the_rule_and_what_came(make, error, message):
    with pytest.raises(error) as caught:
        ledger(make())
    assert str(caught.value) == message


# ---- ledger: receptive fields --------------------------------------------------------------------------------------


@draws
@given(
    st.lists(
        st.sampled_from(
            [
                (lambda: layers.Conv2D(2, (3, 1)), (3, 1)),
                (lambda: layers.Conv2D(2, (2, 3), strides=2, padding="same"), (2, 2)),
                (lambda: layers.Conv2D(2, 3, dilation_rate=2, padding="same"), (3, 1, 2)),
                (lambda: layers.DepthwiseConv2D(3), (3, 1)),
                (lambda: layers.SeparableConv2D(2, 3), (3, 1)),
                (lambda: layers.MaxPooling2D(2), (2, 2)),
                (lambda: layers.AveragePooling2D(3, strides=1), (3, 1)),
                (lambda: layers.Dense(3), (1, 1)),
                (lambda: layers.ReLU(), (1, 1)),
                (lambda: layers.BatchNormalization(), (1, 1)),
                (lambda: layers.LayerNormalization(), (1, 1)),
                (lambda: layers.RandomTranslation(0.1, 0.1), (1, 1)),
                (lambda: layers.Dropout(0.5), (1, 1)),
                (lambda: layers.ZeroPadding2D(1), (1, 1)),
                (lambda: layers.Concatenate(), (1, 1)),
            ]
        ),
        min_size=1,
        max_size=4,
    )
)
def test_receptive_field_of_a_chain(stack):
    x = y = keras.Input((64, 64, 2))
    for make, _ in stack:
        layer = make()
        y = layer([y, y]) if isinstance(layer, layers.Concatenate) else layer(y)
    expected = [receptive_field([stage for _, stage in stack[: i + 1]]).size for i in range(len(stack))]
    assert [row.receptive_field for row in ledger(keras.Model(x, y))] == expected


@pytest.mark.parametrize(
    ("merge", "strides", "expected"),
    [
        (layers.Add(), (1, 1), 7),
        (layers.Multiply(), (2, 2), 7),
        (layers.Concatenate(), (1, 1), 7),
        (layers.Concatenate(axis=3), (1, 1), 7),
        (layers.Concatenate(axis=1), (1, 1), None),
        (layers.Dot(axes=3), (1, 1), None),
    ],
)
def test_merging_sees_what_its_widest_branch_sees(merge, strides, expected):
    x = keras.Input((12, 12, 2))
    branches = [layers.Conv2D(2, k, s, padding="same")(x) for k, s in zip((3, 7), strides, strict=True)]
    page = ledger(keras.Model(x, merge(branches)))
    assert page.rows[-1].receptive_field == expected


def test_a_branch_that_has_lost_its_field_takes_it_from_the_others():
    x = keras.Input((12, 12, 2))
    gates = layers.GlobalAveragePooling2D(keepdims=True)(x)
    page = ledger(keras.Model(x, layers.Multiply()([x, gates])))
    assert page.rows[-1].receptive_field is None


def test_branches_out_of_step_have_no_common_field():
    x = keras.Input((12, 12, 2))
    fine = layers.Cropping2D(3)(x)
    coarse = layers.MaxPooling2D(2)(x)
    page = ledger(keras.Model(x, layers.Add()([fine, coarse])))
    assert [row.receptive_field for row in page if row.kind != "Add"] == [1, 2]
    assert page.rows[-1].receptive_field is None


@pytest.mark.parametrize(
    "layer",
    [
        layers.Flatten(),
        layers.GlobalAveragePooling2D(keepdims=True),
        layers.Reshape((64, 3)),
        layers.UpSampling2D(),
        layers.Conv2DTranspose(2, 3),
        layers.Softmax(axis=1),
        layers.LayerNormalization(axis=(1, 2, 3)),
        layers.TimeDistributed(layers.Dense(2)),
        Dense(),
    ],
)
def test_the_field_ends_where_the_axis_or_the_knowledge_ends(layer):
    page = ledger(chain((8, 8, 3), layer, layers.ReLU()))
    assert [row.receptive_field for row in page] == [None, None]


def test_a_vector_has_no_receptive_field():
    assert only_row((5,), layers.Dense(3)).receptive_field is None


# ---- ledger: how it looks ------------------------------------------------------------------------------------------

TABLE = """\
cnn, input 28×28×1
layer    kind          output    formula             with numbers    parameters  trainable  multiply-adds  receptive field
conv_1   Conv2D        26×26×8   (kh·kw·C + 1)·F     (3·3·1 + 1)·8           80         80         48,672                3
pool_1   MaxPooling2D  13×13×8   no weights          0                        0          0              0                4
conv_2   Conv2D        11×11×16  (kh·kw·C + 1)·F     (3·3·8 + 1)·16       1,168      1,168        139,392                8
pool_2   MaxPooling2D  5×5×16    no weights          0                        0          0              0               10
flatten  Flatten       400       no weights          0                        0          0              0                –
scores   Dense         10        (inputs + 1)·units  (400 + 1)·10         4,010      4,010          4,000                –
total                                                                     5,258      5,258        192,064"""  # noqa: E501


def test_the_table_in_a_terminal():
    page = ledger(course_cnn())
    assert str(page) == repr(page) == TABLE


def test_the_table_in_a_notebook():
    table = ElementTree.fromstring(ledger(course_cnn())._repr_html_())
    assert table.tag == "table"
    assert table.findtext("caption") == "cnn, input 28×28×1"
    assert {cell.get("scope") for cell in table.findall("thead/tr/th")} == {"col"}
    assert len(table.findall("thead/tr/th")) == 9
    assert not table.findall("thead/tr/td")
    lines = [*table.findall("tbody/tr"), *table.findall("tfoot/tr")]
    assert [line[0].text for line in lines] == ["conv_1", "pool_1", "conv_2", "pool_2", "flatten", "scores", "total"]
    for line in lines:
        assert (line[0].tag, line[0].get("scope")) == ("th", "row")
        assert [cell.tag for cell in line[1:]] == ["td"] * 8
        assert [cell.get("style") for cell in line] == ["text-align:left"] * 5 + ["text-align:right"] * 4
    cells = [" ".join(cell.text or "" for cell in line).split() for line in lines]
    assert cells == [line.split() for line in TABLE.splitlines()[2:]]


def test_names_are_text_in_a_notebook():
    table = ElementTree.fromstring(ledger(chain((4,), layers.Dense(2, name="a<b"), name="x&y"))._repr_html_())
    assert table.findtext("caption") == "x&y, input 4"
    assert table.findtext("tbody/tr/th") == "a<b"


def test_unknown_counts_are_called_unknown():
    last = str(ledger(chain((None, None, 3), layers.Conv2D(4, 3), name="net"))).splitlines()[-2:]
    assert last[0].split()[2] == "?×?×4"
    assert last[0].split()[-2:] == ["unknown", "3"]
    assert last[1].split() == ["total", "112", "112", "unknown"]


def test_plain_rows():
    rows = ledger(course_cnn()).as_rows()
    assert rows[0] == {
        "name": "conv_1",
        "kind": "Conv2D",
        "output_shape": (26, 26, 8),
        "formula": "(kh·kw·C + 1)·F",
        "numbers": "(3·3·1 + 1)·8",
        "parameters": 80,
        "trainable": 80,
        "multiply_adds": 48_672,
        "receptive_field": 3,
        "activations": 5_408,
    }
    assert len(rows) == 6


def test_importing_it_loads_no_keras():
    code = "import sys, lessons_lib.counting; sys.exit(bool({'keras', 'tensorflow'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
