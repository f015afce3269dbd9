"""The arithmetic of the explorables against lessons_lib.ops and Keras, on random cases."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lessons_lib import counting, keras, ops

# 2,300 cases altogether; LESSONS_LIB_CASES=5 draws five times as many.
MORE = int(os.environ.get("LESSONS_LIB_CASES", "1"))
cases = {"deadline": None, "database": None}
sizes = st.integers(1, 9)
paddings = st.sampled_from(["valid", "same"])
seeds = st.integers(0, 2**32 - 1)


def maps(image: np.ndarray) -> dict[str, Any]:
    height, width, channels = image.shape
    return {"height": height, "width": width, "channels": channels, "data": image.ravel().tolist()}


def array(result: dict[str, Any]) -> np.ndarray:
    return np.reshape(result["data"], (result["height"], result["width"], result["channels"]))


@given(
    sizes, sizes, st.integers(1, 3), st.integers(1, 5), st.integers(1, 5), st.integers(1, 3),
    st.tuples(sizes, sizes), paddings, st.booleans(), seeds,
)  # fmt: skip
@settings(max_examples=800 * MORE, **cases)
def test_convolve(js, height, width, channels, rows, columns, filters, steps, padding, dilated, seed):
    steps = (min(steps[0], 3), min(steps[1], 3))
    strides, rates = ((1, 1), steps) if dilated else (steps, (1, 1))
    if dilated:  # TensorFlow dilates both axes alike on a CPU.
        rates = (steps[0], steps[0])
    assume(padding == "same" or (rates[0] * (rows - 1) < height and rates[1] * (columns - 1) < width))
    random = np.random.default_rng(seed)
    image, bias = random.normal(size=(height, width, channels)), random.normal(size=filters)
    kernels = random.normal(size=(rows, columns, channels, filters))
    packed = {
        "height": rows,
        "width": columns,
        "channels": channels,
        "filters": filters,
        "data": kernels.ravel().tolist(),
    }
    slide = {"bias": bias.tolist(), "strides": strides, "padding": padding, "dilationRate": rates}
    result = array(js("ops", "convolve", maps(image), packed, slide))
    by_hand = ops.convolve(image, kernels, bias=bias, strides=strides, padding=padding, dilation_rate=rates)
    by_keras = keras.ops.conv(image[np.newaxis], kernels, strides, padding, dilation_rate=rates)[0] + bias
    np.testing.assert_allclose(result, by_hand, atol=1e-9)
    np.testing.assert_allclose(result, by_keras, atol=1e-5)


@given(sizes, sizes, st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), paddings, st.booleans(), seeds)
@settings(max_examples=500 * MORE, **cases)
def test_pool(js, height, width, channels, size, strides, padding, maximum, seed):
    assume(padding == "same" or size <= min(height, width))
    image = np.random.default_rng(seed).integers(-3, 4, size=(height, width, channels)).astype(float)
    kind = "max" if maximum else "average"
    wanted = {"poolSize": size, "strides": strides, "padding": padding, "kind": kind}
    result = js("ops", "pool", maps(image), wanted)
    by_hand = getattr(ops, f"{kind}_pool")(image, pool_size=size, strides=strides, padding=padding)
    by_keras = getattr(keras.ops, f"{kind}_pool")(image[np.newaxis], size, strides, padding)[0]
    np.testing.assert_allclose(array(result), by_hand, atol=1e-9)
    np.testing.assert_allclose(array(result), by_keras, atol=1e-5)
    if maximum:
        gradient = ops.max_pool_gradient(image, np.ones_like(by_hand), pool_size=size, strides=strides, padding=padding)
        hits = np.bincount(result["winners"], minlength=image.size).reshape(image.shape)
        np.testing.assert_array_equal(hits, gradient)


@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 5), st.integers(1, 3), paddings)
@settings(max_examples=400 * MORE, **cases)
def test_output_size_and_padding(js, size, kernel, strides, rate, padding):
    slide = {"strides": strides, "padding": padding, "dilationRate": rate}
    result = js("ops", "outputSize", size, kernel, slide)
    if padding == "valid" and rate * (kernel - 1) + 1 > size:
        assert result == 0
        return
    assert result == counting.output_size(size, kernel, strides=strides, padding=padding, dilation_rate=rate)
    around = ops.same_padding(size, kernel, strides=strides, dilation_rate=rate) if padding == "same" else (0, 0)
    assert tuple(js("ops", "paddingAround", size, kernel, slide)) == around


@given(st.integers(1, 20), st.integers(2, 6), seeds)
@settings(max_examples=200 * MORE, **cases)
def test_dense_and_softmax(js, inputs, units, seed):
    random = np.random.default_rng(seed)
    x, weights, bias = random.normal(size=inputs), random.normal(size=(inputs, units)), random.normal(size=units)
    z = js("ops", "dense", x.tolist(), weights.ravel().tolist(), bias.tolist())
    np.testing.assert_allclose(z, ops.dense(x, weights, bias), atol=1e-9)
    np.testing.assert_allclose(
        js("ops", "softmax", (30 * np.array(z)).tolist()), keras.ops.softmax(30 * np.array(z)), atol=1e-5
    )


@given(st.sampled_from(["relu", "leaky_relu", "sigmoid", "tanh"]), st.floats(-20, 20, allow_subnormal=False))
@settings(max_examples=200 * MORE, **cases)
def test_activations_and_their_slopes(js, name, z):
    import tensorflow as tf

    x = tf.constant(z, tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = getattr(keras.ops, name)(x)
    assert js("ops", f"activations.{name}.of", z) == pytest.approx(float(y), abs=1e-5)
    assert js("ops", f"activations.{name}.derivative", z) == pytest.approx(float(tape.gradient(y, x)), abs=1e-5)


layers = st.lists(st.tuples(st.integers(1, 7), st.integers(1, 3), st.integers(1, 3), st.integers(0, 3)), max_size=8)


@given(layers, st.integers(1, 9), st.integers(1, 64), st.integers(1, 64))
@settings(max_examples=200 * MORE, **cases)
def test_counts_and_receptive_fields(js, stack, kernel, channels, filters):
    named = [dict(zip(("kernelSize", "strides", "dilationRate", "padding"), layer, strict=True)) for layer in stack]
    assert js("ops", "receptiveField", named) == counting.receptive_field(stack)._asdict()
    assert js("ops", "convolutionParameters", kernel, channels, filters) == counting.convolution_parameters(
        kernel, channels, filters
    )
    assert js("ops", "denseParameters", channels, filters) == counting.dense_parameters(channels, filters)
