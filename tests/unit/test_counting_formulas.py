"""The single formulas against Keras: the shapes and parameters that it makes, and what a layer of ones adds up."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib import keras
from lessons_lib.counting import (
    convolution_multiply_adds,
    convolution_parameters,
    dense_parameters,
    output_size,
    receptive_field,
)

layers = keras.layers
draws = settings(deadline=None, max_examples=50)
small = st.integers(1, 4)


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


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (3, "layers must be a sequence of layers, such as [(3, 1), (2, 2)]. Received: layers=3"),
        ([3, 3], "layer must be a sequence of numbers, such as (3, 1). Received: layer=3"),
    ],
)
def test_receptive_field_takes_no_single_number(layers, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        receptive_field(layers)


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
