"""The operations by hand against Keras, on shapes and settings that hypothesis draws."""

import subprocess
import sys
from ast import literal_eval
from dataclasses import dataclass
from math import ceil

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from lessons_lib import counting, keras, ops
from lessons_lib.ops.window import Window

# TensorFlow and NumPy add up in different orders; both work in float32 here.
CLOSE = {"rtol": 1e-5, "atol": 1e-5}

draws = settings(deadline=None, max_examples=100)
small = st.integers(1, 4)
pairs = st.one_of(small, st.tuples(small, small))
paddings = st.sampled_from(("valid", "same"))
seeds = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Case:
    """A batch of images, the settings of a layer, and the random generator that made the batch."""

    batch: np.ndarray
    settings: dict
    window: tuple[int, int]
    filters: int
    rng: np.random.Generator

    def normal(self, shape):
        return self.rng.normal(size=shape).astype(np.float32)


def as_pair(value):
    return value if isinstance(value, tuple) else (value, value)


@st.composite
def convolutions(draw):
    """Draw a convolution that Keras accepts: the kernel fits, and strides or dilation rate are 1.

    One kind is left out, because the oracle is wrong there. If an image with one channel gives maps that are one
    column wide, and the strides are 1 for the rows and more for the columns, TensorFlow 2.21 with oneDNN reads outside
    of the image. With TF_ENABLE_ONEDNN_OPTS=0 it gives what `ops` gives.
    """
    window, padding = draw(st.tuples(small, small)), draw(paddings)
    strides, dilation_rate = draw(st.one_of(st.tuples(pairs, st.just(1)), st.tuples(st.just(1), pairs)))
    extent = [rate * (taps - 1) + 1 for rate, taps in zip(as_pair(dilation_rate), window, strict=True)]
    least = extent if padding == "valid" else (1, 1)
    shape = (draw(st.integers(1, 2)), *(draw(st.integers(pixels, pixels + 6)) for pixels in least), draw(small))
    (down, across), channels = as_pair(strides), shape[3]
    columns = ceil(shape[2] / across) if padding == "same" else (shape[2] - extent[1]) // across + 1
    assume(not (channels == columns == down == 1 and across > 1))
    rng = np.random.default_rng(draw(seeds))
    layer = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate}
    return Case(rng.normal(size=shape).astype(np.float32), layer, window, draw(small), rng)


@st.composite
def poolings(draw, ties=False):
    """Draw a pooling that Keras accepts, of images with many equal pixels if asked for."""
    window, padding = draw(st.tuples(small, small)), draw(paddings)
    strides = draw(st.one_of(st.none(), pairs))
    least = window if padding == "valid" else (1, 1)
    shape = (draw(st.integers(1, 2)), *(draw(st.integers(pixels, pixels + 6)) for pixels in least), draw(small))
    rng = np.random.default_rng(draw(seeds))
    batch = rng.integers(-1, 2, size=shape) if ties else rng.normal(size=shape)
    layer = {"pool_size": window, "strides": strides, "padding": padding}
    return Case(batch.astype(np.float32), layer, window, 0, rng)


def kernels_and_bias(case):
    return case.normal((*case.window, case.batch.shape[-1], case.filters)), case.normal(case.filters)


def taped_gradients(function, inputs, upstream_of):
    """Return the output of `function`, an upstream gradient for it, and TensorFlow's gradient of every input."""
    tensors = [tf.constant(array) for array in inputs]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        output = function(*tensors)
        upstream = upstream_of(tuple(output.shape))
    return upstream, [gradient.numpy() for gradient in tape.gradient(output, tensors, output_gradients=upstream)]


# Forward --------------------------------------------------------------------------------------------------------


@draws
@given(convolutions())
def test_convolve_equals_keras(case):
    kernels, bias = kernels_and_bias(case)
    maps = ops.convolve(case.batch, kernels, bias=bias, **case.settings)
    expected = keras.ops.convert_to_numpy(keras.ops.conv(case.batch, kernels, **case.settings) + bias)
    assert maps.shape == expected.shape
    assert maps.dtype == np.float32
    assert_allclose(maps, expected, **CLOSE)


@pytest.mark.parametrize(("strides", "dilation_rate"), [(1, 1), (2, 1), (1, 2)])
def test_convolve_equals_a_conv2d_layer(strides, dilation_rate):
    rng = np.random.default_rng(0)
    layer = keras.layers.Conv2D(
        4, (3, 2), strides=strides, padding="same", dilation_rate=dilation_rate, bias_initializer="random_normal"
    )
    batch = rng.normal(size=(2, 8, 7, 3)).astype(np.float32)
    expected = keras.ops.convert_to_numpy(layer(batch))
    by_hand = ops.convolve(
        batch, layer.kernel, bias=layer.bias, strides=strides, padding="same", dilation_rate=dilation_rate
    )
    assert_allclose(by_hand, expected, **CLOSE)


@draws
@given(convolutions())
def test_one_image_is_convolved_as_in_a_batch(case):
    kernels, bias = kernels_and_bias(case)
    maps = ops.convolve(case.batch, kernels, bias=bias, **case.settings)
    assert_allclose(ops.convolve(case.batch[0], kernels, bias=bias, **case.settings), maps[0], **CLOSE)
    grey, kernel = case.batch[:, :, :, :1], kernels[:, :, :1, :1]
    grey_maps = ops.convolve(grey, kernel, bias=bias[:1], **case.settings)
    single = ops.convolve(grey[0, :, :, 0], kernel[:, :, 0, 0], bias=bias[0], **case.settings)
    assert_allclose(single, grey_maps[0, :, :, 0], **CLOSE)


def test_convolve_does_not_flip_the_kernel():
    image = np.zeros((3, 3))
    image[1, 1] = 1
    kernel = np.arange(9).reshape(3, 3)
    assert_array_equal(ops.convolve(image, kernel, padding="same"), kernel[::-1, ::-1])


@draws
@given(convolutions())
def test_same_padding_is_what_keras_adds(case):
    # Both results are Keras's: "same" on the image, and "valid" on the image with the padding of same_padding.
    kernels, _ = kernels_and_bias(case)
    layer = {name: case.settings[name] for name in ("strides", "dilation_rate")}
    edges = [
        ops.same_padding(size, taps, strides=step, dilation_rate=rate)
        for size, taps, step, rate in zip(
            case.batch.shape[1:3],
            case.window,
            as_pair(layer["strides"]),
            as_pair(layer["dilation_rate"]),
            strict=True,
        )
    ]
    padded = np.pad(case.batch, ((0, 0), *edges, (0, 0)))
    same = keras.ops.conv(case.batch, kernels, padding="same", **layer)
    valid = keras.ops.conv(padded, kernels, padding="valid", **layer)
    assert_allclose(keras.ops.convert_to_numpy(same), keras.ops.convert_to_numpy(valid), **CLOSE)


@draws
@given(poolings())
def test_max_pool_equals_keras(case):
    pooled = ops.max_pool(case.batch, **case.settings)
    assert pooled.dtype == np.float32
    assert_array_equal(pooled, keras.ops.convert_to_numpy(keras.layers.MaxPooling2D(**case.settings)(case.batch)))


@draws
@given(poolings())
def test_average_pool_equals_keras(case):
    pooled = ops.average_pool(case.batch, **case.settings)
    expected = keras.ops.convert_to_numpy(keras.layers.AveragePooling2D(**case.settings)(case.batch))
    assert pooled.dtype == np.float32
    assert pooled.shape == expected.shape
    assert_allclose(pooled, expected, **CLOSE)


@draws
@given(poolings())
def test_one_image_is_pooled_as_in_a_batch(case):
    for pool in (ops.max_pool, ops.average_pool):
        pooled = pool(case.batch, **case.settings)
        assert_allclose(pool(case.batch[0], **case.settings), pooled[0], **CLOSE)
        assert_allclose(pool(case.batch[0, :, :, 0], **case.settings), pooled[0, :, :, 0], **CLOSE)


@draws
@given(seeds, st.lists(small, max_size=4))
def test_relu_and_its_gradient_equal_keras(seed, shape):
    x = np.random.default_rng(seed).integers(-2, 3, size=shape).astype(np.float32)  # many zeros among them
    upstream, (expected,) = taped_gradients(
        keras.ops.relu, [x], lambda output: np.random.default_rng(seed).normal(size=output).astype(np.float32)
    )
    assert_array_equal(ops.relu(x), keras.ops.convert_to_numpy(keras.ops.relu(x)))
    assert_array_equal(ops.relu_gradient(x, upstream), expected)


def test_zeros_have_no_sign():
    # So that no "-0." is printed.
    assert not np.signbit(ops.relu([-1.0, -0.0])).any()
    assert not np.signbit(ops.relu_gradient([-1.0], [-1.0])).any()
    assert not np.signbit(ops.convolve([[0.0]], [[-1.0]])).any()
    assert not np.signbit(ops.max_pool_gradient([[1, 2]], [[-1]], pool_size=(1, 2))[0, 0])


@draws
@given(seeds, st.tuples(st.integers(1, 3), small, small, small))
def test_flatten_equals_keras(seed, shape):
    batch = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    flat = ops.flatten(batch)
    assert_array_equal(flat, keras.ops.convert_to_numpy(keras.layers.Flatten()(batch)))
    assert_array_equal(ops.flatten(batch[0]), flat[0])
    assert_array_equal(ops.flatten(batch[0, :, :, 0]), batch[0, :, :, 0].ravel())


def test_flatten_follows_its_index_formula_and_copies():
    image = np.asfortranarray(np.arange(2 * 3 * 4).reshape(2, 3, 4))  # how it lies in memory must not matter
    flat = ops.flatten(image)
    for row, column, channel in np.ndindex(2, 3, 4):
        assert flat[(row * 3 + column) * 4 + channel] == image[row, column, channel]
    flat[:] = -1
    assert image.min() == 0


@draws
@given(seeds, st.integers(1, 3), st.integers(1, 6), st.integers(1, 6))
def test_dense_and_its_gradients_equal_keras(seed, vectors, inputs, units):
    rng = np.random.default_rng(seed)
    x, weights, bias = (
        rng.normal(size=shape).astype(np.float32) for shape in ((vectors, inputs), (inputs, units), units)
    )
    layer = keras.layers.Dense(units)
    layer.build(x.shape)
    layer.set_weights([weights, bias])
    assert_allclose(ops.dense(x, weights, bias), keras.ops.convert_to_numpy(layer(x)), **CLOSE)
    assert_allclose(ops.dense(x[0], weights, bias), ops.dense(x, weights, bias)[0], **CLOSE)

    upstream, expected = taped_gradients(
        lambda x, weights, bias: keras.ops.matmul(x, weights) + bias,
        [x, weights, bias],
        lambda output: rng.normal(size=output).astype(np.float32),
    )
    for gradient, reference in zip(ops.dense_gradients(x, weights, upstream), expected, strict=True):
        assert gradient.shape == reference.shape
        assert_allclose(gradient, reference, **CLOSE)
    one, alone = ops.dense_gradients(x[0], weights, upstream[0]), ops.dense_gradients(x[:1], weights, upstream[:1])
    assert_allclose(one.x, alone.x[0], **CLOSE)
    assert_allclose(one.weights, alone.weights, **CLOSE)
    assert_allclose(one.bias, alone.bias, **CLOSE)


@draws
@given(seeds, st.lists(small, max_size=3), st.integers(2, 5), st.sampled_from((1, 30, 1000)))
def test_softmax_equals_keras(seed, shape, classes, scale):
    # From two classes on: Keras warns about a single one.
    z = (scale * np.random.default_rng(seed).normal(size=(*shape, classes))).astype(np.float32)
    with np.errstate(under="ignore", over="raise"):
        scores = ops.softmax(z)
    assert_allclose(scores, keras.ops.convert_to_numpy(keras.ops.softmax(z)), **CLOSE)
    assert_allclose(scores.sum(axis=-1), 1, **CLOSE)


@draws
@given(seeds, st.integers(1, 4), st.integers(1, 4), st.integers(0, 4), st.integers(0, 4))
def test_a_convolution_is_a_dense_layer(seed, kernel_height, kernel_width, more_rows, more_columns):
    rng = np.random.default_rng(seed)
    image = rng.normal(size=(kernel_height + more_rows, kernel_width + more_columns))
    kernel = rng.normal(size=(kernel_height, kernel_width))
    matrix = ops.convolution_matrix(kernel, *image.shape)
    maps = ops.convolve(image, kernel)
    assert matrix.shape == (image.size, maps.size)
    assert np.count_nonzero(matrix) == kernel.size * maps.size
    assert_allclose(ops.dense(ops.flatten(image), matrix), ops.flatten(maps), **CLOSE)


# Backward -------------------------------------------------------------------------------------------------------


@draws
@given(convolutions())
def test_convolve_gradients_equal_tensorflow(case):
    # TensorFlow's CPU kernels compute the gradients of dilated convolutions too, with and without oneDNN.
    kernels, bias = kernels_and_bias(case)
    upstream, expected = taped_gradients(
        lambda image, kernels, bias: keras.ops.conv(image, kernels, **case.settings) + bias,
        [case.batch, kernels, bias],
        case.normal,
    )
    gradients = ops.convolve_gradients(case.batch, kernels, upstream, **case.settings)
    for gradient, reference in zip(gradients, expected, strict=True):
        assert gradient.shape == reference.shape
        assert gradient.dtype == np.float32
        assert_allclose(gradient, reference, **CLOSE)


@draws
@given(convolutions())
def test_gradients_of_one_image_are_those_of_a_batch_of_one(case):
    kernels, _ = kernels_and_bias(case)
    image = case.batch[:1]
    upstream = case.normal(ops.convolve(image, kernels, **case.settings).shape)
    batch = ops.convolve_gradients(image, kernels, upstream, **case.settings)
    single = ops.convolve_gradients(image[0], kernels, upstream[0], **case.settings)
    assert_allclose(single.image, batch.image[0], **CLOSE)
    assert_allclose(single.kernels, batch.kernels, **CLOSE)
    assert_allclose(single.bias, batch.bias, **CLOSE)
    first = (..., slice(1))
    batch = ops.convolve_gradients(image[first], kernels[:, :, :1, :1], upstream[first], **case.settings)
    grey = ops.convolve_gradients(image[0, :, :, 0], kernels[:, :, 0, 0], upstream[0, :, :, 0], **case.settings)
    assert_allclose(grey.image, batch.image[0, :, :, 0], **CLOSE)
    assert_allclose(grey.kernels, batch.kernels[:, :, 0, 0], **CLOSE)
    assert grey.bias.shape == ()
    assert_allclose(grey.bias, batch.bias[0], **CLOSE)


def test_gradients_of_a_convolution_are_convolutions():
    rng = np.random.default_rng(0)
    image, kernel, upstream = rng.normal(size=(4, 4)), rng.normal(size=(3, 3)), rng.normal(size=(2, 2))
    gradients = ops.convolve_gradients(image, kernel, upstream)
    assert_allclose(gradients.image, ops.convolve(np.pad(upstream, 2), kernel[::-1, ::-1]))
    assert_allclose(gradients.kernels, ops.convolve(image, upstream))


@draws
@given(st.one_of(poolings(), poolings(ties=True)))
def test_max_pool_gradient_equals_tensorflow(case):
    # If pixels of a window are equal, TensorFlow's CPU kernel gives the gradient to the first of them, row by row. The
    # second strategy draws such images.
    upstream, (expected,) = taped_gradients(
        lambda image: keras.ops.max_pool(image, **case.settings), [case.batch], case.normal
    )
    gradient = ops.max_pool_gradient(case.batch, upstream, **case.settings)
    assert gradient.dtype == np.float32
    assert_allclose(gradient, expected, **CLOSE)


@draws
@given(poolings())
def test_average_pool_gradient_equals_tensorflow(case):
    upstream, (expected,) = taped_gradients(
        lambda image: keras.ops.average_pool(image, **case.settings), [case.batch], case.normal
    )
    gradient = ops.average_pool_gradient(case.batch, upstream, **case.settings)
    assert gradient.dtype == np.float32
    assert_allclose(gradient, expected, **CLOSE)


@pytest.mark.parametrize("gradient", [ops.max_pool_gradient, ops.average_pool_gradient])
def test_pooling_gradients_of_one_image_are_those_of_a_batch(gradient):
    rng = np.random.default_rng(0)
    batch, upstream = rng.normal(size=(2, 5, 5, 3)), rng.normal(size=(2, 3, 3, 3))
    expected = gradient(batch, upstream, padding="same")
    assert_allclose(gradient(batch[1], upstream[1], padding="same"), expected[1])
    assert_allclose(gradient(batch[1, :, :, 2], upstream[1, :, :, 2], padding="same"), expected[1, :, :, 2])


# What comes in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, bool])
def test_whole_numbers_are_computed_as_float64(dtype):
    image = np.full((4, 4), 200).astype(dtype)  # in uint8, 4 × 200 would wrap around
    value = float(image[0, 0])
    for result in (ops.convolve(image, np.ones((2, 2), dtype)), 4 * ops.average_pool(image)):
        assert result.dtype == np.float64
        assert_array_equal(result, 4 * value)
    assert ops.max_pool(image).dtype == ops.relu(image).dtype == ops.dense(image, image).dtype == np.float64


def calls(image, kernels, bias, upstream, x, weights):
    """Call every operation that takes arrays; return its results under its name."""
    grey, same = image[:, :, 0], {"strides": (2, 1), "padding": "same"}
    return {
        "convolve": [ops.convolve(image, kernels, bias=bias, **same), ops.convolve(grey, kernels[:, :, 0, 0])],
        "convolve_gradients": ops.convolve_gradients(image, kernels, upstream, **same),
        "convolution_matrix": [ops.convolution_matrix(kernels[:, :, 0, 0], 4, 5)],
        "max_pool": [ops.max_pool(image, pool_size=1), ops.max_pool(image, pool_size=3, **same)],
        "max_pool_gradient": [ops.max_pool_gradient(image, upstream, pool_size=3, **same)],
        "average_pool": [ops.average_pool(image, pool_size=1), ops.average_pool(image, pool_size=3, **same)],
        "average_pool_gradient": [ops.average_pool_gradient(image, upstream, pool_size=3, **same)],
        "relu": [ops.relu(image)],
        "relu_gradient": [ops.relu_gradient(upstream, upstream)],
        "softmax": [ops.softmax(image)],
        "flatten": [ops.flatten(image), ops.flatten(grey)],
        "dense": [ops.dense(x, weights, bias), ops.dense(x, weights)],
        "dense_gradients": ops.dense_gradients(x, weights, bias),
    }


def arguments():
    """Return arrays of small whole numbers for `calls`, so that every type can hold them and every sum is exact."""
    rng = np.random.default_rng(0)
    shapes = ((6, 5, 2), (3, 2, 2, 2), (2,), (3, 5, 2), (3,), (3, 2))
    return [rng.integers(0, 2, size=shape) for shape in shapes]


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.int64, np.float16, np.longdouble, ">f4"])
def test_other_types_are_computed_as_float64(dtype):
    exact = calls(*(array.astype(np.float64) for array in arguments()))
    for name, results in calls(*(array.astype(dtype) for array in arguments())).items():
        for result, expected in zip(results, exact[name], strict=True):
            assert name == "flatten" or result.dtype == np.float64, name
            assert_array_equal(result, expected, err_msg=name)


def test_lists_are_arrays_too():
    image, kernels, bias, upstream, x, weights = (array.tolist() for array in arguments())
    assert_array_equal(ops.convolve(image, kernels, bias=bias), ops.convolve(*arguments()[:2], bias=bias))
    assert_array_equal(ops.dense(x, weights, bias), np.array(x) @ np.array(weights) + bias)
    assert_array_equal(ops.relu_gradient(upstream, upstream), np.array(upstream))


def test_float32_stays_float32():
    for name, results in calls(*(array.astype(np.float32) for array in arguments())).items():
        assert {result.dtype for result in results} == {np.dtype(np.float32)}, name


@pytest.mark.parametrize("wide", range(3))
def test_one_array_of_float64_makes_the_result_float64(wide):
    def mixed(*shapes):
        return [np.ones(shape, np.float64 if index == wide else np.float32) for index, shape in enumerate(shapes)]

    image, kernels, upstream = mixed((4, 4, 1), (2, 2, 1, 1), (3, 3, 1))
    assert {gradient.dtype for gradient in ops.convolve_gradients(image, kernels, upstream)} == {np.dtype(np.float64)}
    x, weights, upstream = mixed((2, 3), (3, 4), (2, 4))
    assert {gradient.dtype for gradient in ops.dense_gradients(x, weights, upstream)} == {np.dtype(np.float64)}
    if wide < 2:
        assert ops.convolve(image, kernels, bias=np.ones(1, np.float32)).dtype == np.float64
        assert ops.dense(x, weights, np.ones(4, np.float32)).dtype == np.float64
    else:  # The bias does not decide the type, so that a list of biases does not.
        assert ops.convolve(image, kernels, bias=[1]).dtype == ops.dense(x, weights, [1] * 4).dtype == np.float32


def test_large_numbers_of_float16_have_a_mean():
    assert_array_equal(ops.average_pool(np.full((2, 2), 60_000, np.float16)), [[np.float16(60_000)]])


def test_arguments_are_left_alone_and_results_are_new():
    given = [array.astype(np.float64) for array in arguments()]
    before = [array.copy() for array in given]
    for array in given:
        array.setflags(write=False)
    for name, results in calls(*given).items():
        for result in results:
            assert result.flags.writeable, name
            assert not any(np.shares_memory(result, array) for array in given), name
    for array, copy in zip(given, before, strict=True):
        assert_array_equal(array, copy)


def test_how_an_array_lies_in_memory_does_not_matter():
    given = [np.random.default_rng(1).normal(size=array.shape) for array in arguments()]
    expected = calls(*given)
    layouts = (
        np.asfortranarray,
        lambda array: np.repeat(array, 2, axis=0)[::2],
        lambda array: array[::-1].copy()[::-1],
    )
    for layout in layouts:
        for name, results in calls(*map(layout, given)).items():
            for result, reference in zip(results, expected[name], strict=True):
                assert_allclose(result, reference, rtol=1e-12, err_msg=name)
    repeated = [np.broadcast_to(array.flat[0], array.shape) for array in given]  # strides of 0
    for name, results in calls(*repeated).items():
        for result, reference in zip(results, calls(*(array.copy() for array in repeated))[name], strict=True):
            assert_allclose(result, reference, rtol=1e-12, err_msg=name)


def test_keras_tensors_are_arrays_too():
    image, kernels = (keras.ops.convert_to_tensor(array, "float32") for array in arguments()[:2])
    assert_array_equal(ops.convolve(image, kernels), ops.convolve(*arguments()[:2]))


# The rooms ------------------------------------------------------------------------------------------------------


@draws
@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3), paddings)
def test_the_window_and_counting_agree_about_the_size_of_the_output(size, taps, strides, dilation_rate, padding):
    settings = {"strides": strides, "padding": padding, "dilation_rate": dilation_rate}
    try:
        expected = counting.output_size(size, taps, **settings)
    except ValueError:
        with pytest.raises(ValueError, match="the kernel must fit into the image"):
            Window.over((size, 20), (taps, 1), padding=padding, dilation_rate=(dilation_rate, 1))
        return
    pairs = {"strides": (strides, 1), "padding": padding, "dilation_rate": (dilation_rate, 1)}
    assert Window.over((size, 20), (taps, 1), **pairs).output == (expected, 20)
    turned = {"strides": (1, strides), "padding": padding, "dilation_rate": (1, dilation_rate)}
    assert Window.over((20, size), (1, taps), **turned).output == (20, expected)


def test_ops_knows_nothing_but_numpy():
    code = "import sys; from lessons_lib import ops; print(sorted({name.split('.')[0] for name in sys.modules}))"
    plain = "import sys, numpy, lessons_lib; print(sorted({name.split('.')[0] for name in sys.modules}))"
    loaded, expected = (
        subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True).stdout
        for line in (code, plain)
    )
    allowed = set(literal_eval(expected)) | set(sys.stdlib_module_names)
    assert set(literal_eval(loaded)) <= allowed
    code = "import sys; from lessons_lib import ops; print([n for n in sys.modules if n.startswith('lessons_lib.')])"
    parts = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert all(name.startswith(("lessons_lib.ops", "lessons_lib._check")) for name in literal_eval(parts))


def test_the_public_names_are_those_of_the_reference():
    assert all(hasattr(ops, name) for name in ops.__all__)
    public = {
        name for name, value in vars(ops).items() if callable(value) and getattr(value, "__name__", "_")[0] != "_"
    }
    assert public <= set(ops.__all__)


# What is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("strides", "dilation_rate"), [(2, 2), ((2, 1), (1, 2))])
def test_strides_and_dilation_are_refused_as_keras_does(strides, dilation_rate):
    with pytest.raises(ValueError, match="not supported in conjunction with"):
        keras.layers.Conv2D(1, 2, strides=strides, dilation_rate=dilation_rate)
    with pytest.raises(ValueError, match=r"strides > 1 must not be combined with dilation_rate > 1.*Received: strides"):
        ops.convolve(np.ones((9, 9)), np.ones((2, 2)), strides=strides, dilation_rate=dilation_rate)


grey, colour = np.ones((4, 5)), np.ones((4, 5, 3))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        # Shapes.
        (lambda: ops.convolve(np.ones(4), np.ones((2, 2))), ValueError, r"image must have 2 or 3 or 4 axes.*\(4,\)"),
        (lambda: ops.convolve(np.ones((1, 1, 4, 5, 3)), np.ones((2, 2))), ValueError, "image must have 2 or 3 or 4"),
        (lambda: ops.convolve(grey, np.ones((2, 2, 1))), ValueError, r"kernels must have 2 or 4 axes.*\(2, 2, 1\)"),
        (
            lambda: ops.convolve(grey, np.ones((2, 2, 1, 1))),
            ValueError,
            r"kernels must have 2 axes for an image without a channel axis.*Received: image with shape \(4, 5\)",
        ),
        (lambda: ops.convolve(colour, np.ones((2, 2))), ValueError, "and 4 for an image with one"),
        (
            lambda: ops.convolve(colour, np.ones((2, 2, 1, 8))),
            ValueError,
            "as many input channels as the image. Received: image with 3, kernels with 1",
        ),
        (
            lambda: ops.convolve(grey, np.ones((5, 3))),
            ValueError,
            'the kernel must fit into the image when padding="valid". Received: image of 4×5, kernel of 5×3$',
        ),
        (lambda: ops.convolve(grey, np.ones((3, 6))), ValueError, "Received: image of 4×5, kernel of 3×6$"),
        (
            lambda: ops.convolve(grey, np.ones((3, 3)), dilation_rate=2),
            ValueError,
            r"kernel of 5×5 \(dilation_rate=\(2, 2\)",
        ),
        (lambda: ops.convolve(np.ones((0, 5)), np.ones((1, 1))), ValueError, "image must not be empty"),
        (lambda: ops.convolve(grey, np.ones((0, 2))), ValueError, "kernels must not be empty"),
        (lambda: ops.convolve(colour, np.ones((2, 2, 3, 0))), ValueError, r"kernels must not be empty.*\(2, 2, 3, 0\)"),
        (lambda: ops.convolve(grey, np.ones((2, 2)), bias=[1]), ValueError, "bias must have 0 axes"),
        (lambda: ops.convolve(grey, np.ones((2, 2)), bias=None, strides=True), TypeError, "strides must be a whole"),
        (lambda: ops.max_pool(np.ones((2, 0, 2))), ValueError, "image must not be empty"),
        (lambda: ops.flatten(np.ones((0, 4, 4, 1))), ValueError, "image must not be empty"),
        (lambda: ops.dense(np.ones((0, 2)), np.ones((2, 2))), ValueError, "x must not be empty"),
        (lambda: ops.softmax([]), ValueError, "z must not be empty"),
        (lambda: ops.dense(np.ones((2, 2, 2)), np.ones((2, 2))), ValueError, "x must have 1 or 2 axes"),
        (
            lambda: ops.convolve(colour, np.ones((2, 2, 3, 2)), bias=[1, 2, 3]),
            ValueError,
            "bias must hold one number for each filter or unit: 2. Received: 3",
        ),
        (lambda: ops.max_pool(np.ones(4)), ValueError, "image must have 2 or 3 or 4 axes"),
        (
            lambda: ops.max_pool(grey, pool_size=5),
            ValueError,
            "the pooling window must fit into the image.*Received: image of 4×5, pooling window of 5×5",
        ),
        (lambda: ops.average_pool(grey, pool_size=(1, 6)), ValueError, "Received: image of 4×5, pooling window of 1×6"),
        (lambda: ops.flatten([1, 2]), ValueError, "image must have 2 or 3 or 4 axes"),
        (lambda: ops.softmax(1.0), ValueError, r"z must have 1 or 2 or 3 or 4 axes. Received: shape=\(\)"),
        (lambda: ops.relu(np.ones((1,) * 5)), ValueError, "x must have 0 or 1 or 2 or 3 or 4 axes"),
        (
            lambda: ops.dense([1, 2], np.ones((3, 2))),
            ValueError,
            "one row for each input. Received: 2 inputs, weights with 3 rows",
        ),
        (lambda: ops.dense([1, 2], [1, 2]), ValueError, "weights must have 2 axes"),
        (lambda: ops.dense([1, 2], np.ones((2, 2)), bias=[1]), ValueError, "filter or unit: 2. Received: 1"),
        (lambda: ops.convolution_matrix(np.ones((3, 3)), 2, 5), ValueError, "kernel must fit into the image"),
        (lambda: ops.convolution_matrix(np.ones(3), 5, 5), ValueError, "kernel must have 2 axes"),
        (lambda: ops.convolution_matrix(np.ones((3, 3)), 0, 5), ValueError, "height must be at least 1"),
        # Settings.
        (lambda: ops.convolve(grey, np.ones((2, 2)), strides=0), ValueError, "strides must be at least 1.*strides=0"),
        (lambda: ops.convolve(grey, np.ones((2, 2)), strides=(1, -1)), ValueError, "strides must be at least 1"),
        (lambda: ops.convolve(grey, np.ones((2, 2)), strides=1.5), TypeError, "strides must be a whole number"),
        (lambda: ops.convolve(grey, np.ones((2, 2)), strides=(1, 1, 1)), ValueError, "strides must be one number or"),
        (lambda: ops.convolve(grey, np.ones((2, 2)), dilation_rate=0), ValueError, "dilation_rate must be at least 1"),
        (lambda: ops.convolve(grey, np.ones((2, 2)), padding="full"), ValueError, "padding must be one of.*'full'"),
        (lambda: ops.max_pool(grey, padding="full"), ValueError, "padding must be one of 'valid', 'same'"),
        (lambda: ops.max_pool(grey, pool_size=0), ValueError, "pool_size must be at least 1"),
        (lambda: ops.average_pool(grey, strides=-1), ValueError, "strides must be at least 1"),
        (lambda: ops.average_pool(grey, pool_size="2"), TypeError, "pool_size must be a whole number"),
        (lambda: ops.same_padding(0, 3), ValueError, "size must be at least 1"),
        (lambda: ops.same_padding(5, 3, strides=0), ValueError, "strides must be at least 1"),
        (lambda: ops.same_padding(5, 2.5), TypeError, "kernel_size must be a whole number"),
        (lambda: ops.same_padding(5, 3, dilation_rate=0), ValueError, "dilation_rate must be at least 1"),
        (lambda: ops.same_padding(5, 0), ValueError, "kernel_size must be at least 1. Received: kernel_size=0"),
        # Numbers.
        (lambda: ops.convolve([[np.nan]], [[1]]), ValueError, "image must hold finite numbers only. Received: 1"),
        (lambda: ops.convolve([[1]], [[np.inf]]), ValueError, "kernels must hold finite numbers only"),
        (lambda: ops.convolve([[1]], [[1]], bias=np.nan), ValueError, "bias must hold finite numbers only"),
        (lambda: ops.convolve([["a"]], [[1]]), TypeError, "image must be an array of real numbers"),
        (lambda: ops.convolve([[1, 2], [3]], [[1]]), TypeError, "image must be a rectangular array"),
        (lambda: ops.max_pool(None), TypeError, "image must be an array of real numbers"),
        (lambda: ops.max_pool([[np.nan] * 2] * 2), ValueError, "image must hold finite numbers only. Received: 4"),
        (lambda: ops.relu(np.nan), ValueError, "x must hold finite numbers only"),
        (lambda: ops.softmax([1j]), TypeError, "z must be an array of real numbers"),
        # Gradients.
        (
            lambda: ops.convolve_gradients(grey, np.ones((2, 2)), np.ones((4, 5))),
            ValueError,
            r"upstream must have the shape of the output, \(3, 4\). Received: shape=\(4, 5\)",
        ),
        (lambda: ops.convolve_gradients(grey, np.ones((2, 2)), np.ones(12)), ValueError, "upstream must have 2 axes"),
        (lambda: ops.max_pool_gradient(grey, grey), ValueError, r"shape of the output, \(2, 2\)"),
        (lambda: ops.average_pool_gradient(colour, colour), ValueError, r"shape of the output, \(2, 2, 3\)"),
        (lambda: ops.relu_gradient([1, 2], [1]), ValueError, r"shape of the output, \(2,\). Received: shape=\(1,\)"),
        (lambda: ops.dense_gradients([1], [[1, 2]], [1]), ValueError, r"shape of the output, \(2,\)"),
    ],
)
def test_errors_state_the_rule_and_then_what_came(call, error, message):
    with pytest.raises(error, match=message):
        call()
