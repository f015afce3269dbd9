"""Multiply-adds against two oracles: what layers of ones add up, and the graph that TensorFlow executes."""

import math

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib import keras
from lessons_lib.counting import ledger

layers, ops = keras.layers, keras.ops
draws = settings(deadline=None, max_examples=20)


def chain(shape, *stack):
    return keras.Sequential([keras.Input(shape), *stack])


def only_row(shape, layer):
    (row,) = ledger(chain(shape, layer))
    return row


# ---- a layer of ones --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "make"),
    [
        ((4, 5), lambda: layers.Dense(3)),
        ((9, 2), lambda: layers.Conv1D(4, 3, dilation_rate=2)),
        ((9, 8, 6), lambda: layers.Conv2D(4, (3, 2), groups=2)),
        ((9, 8, 3), lambda: layers.Conv2D(4, 3, strides=2)),
        ((5, 6, 7, 2), lambda: layers.Conv3D(3, (1, 2, 3))),
        ((4, 3), lambda: layers.Conv1DTranspose(2, 3, strides=2)),
        ((4, 5, 3), lambda: layers.Conv2DTranspose(7, (3, 2), strides=2)),
        ((2, 3, 4, 3), lambda: layers.Conv3DTranspose(2, 2)),
        ((9, 3), lambda: layers.DepthwiseConv1D(3)),
        ((9, 8, 3), lambda: layers.DepthwiseConv2D(3, depth_multiplier=2)),
        ((6, 9, 8, 2), lambda: layers.TimeDistributed(layers.Conv2D(3, 2))),
        ((6, 4), lambda: layers.TimeDistributed(layers.Dense(3))),
        ((5,), lambda: layers.EinsumDense("ab,bc->ac", 4)),
        ((6, 5), lambda: layers.EinsumDense("abc,cd->abd", (6, 4), bias_axes="d")),
        ((6, 5), lambda: layers.EinsumDense("abc,cde->abde", (6, 2, 4))),
        ((6, 2, 4), lambda: layers.EinsumDense("abde,dec->abc", (6, 5))),
        ((6, 5), lambda: layers.EinsumDense("abc,bd->adc", (4, 5))),
        ((6, 5), lambda: layers.EinsumDense("...x,xy->...y", 4)),
        ((6, 5), lambda: layers.EinsumDense("abc,c->abc", (6, 5))),
    ],
)
def test_products_are_what_a_layer_of_ones_adds_up(shape, make):
    model = chain(shape, make())
    for weight in model.weights:
        weight.assign(np.zeros(weight.shape) if "bias" in weight.path else np.ones(weight.shape))
    assert ledger(model).multiply_adds == np.sum(model.predict_on_batch(np.ones((1, *shape))))


# ---- the graph that TensorFlow executes ----------------------------------------------------------------------------


def executed(model):
    """Count the products of the matrices and convolutions that the output of the model needs, in TensorFlow's graph."""
    function = tf.function(lambda x: model(x, training=False))
    graph = function.get_concrete_function(tf.TensorSpec((1, *model.input_shape[1:]), tf.float32))
    needed, waiting = {}, [tensor.op for tensor in graph.outputs]
    while waiting:
        operation = waiting.pop()
        if operation.name not in needed:
            needed[operation.name] = operation
            waiting += [tensor.op for tensor in operation.inputs]
    return sum(map(products_of, needed.values()))


def products_of(operation):
    shapes = [tuple(tensor.shape) for tensor in operation.inputs]
    if operation.type == "MatMul":
        return math.prod(shapes[0]) * operation.outputs[0].shape[1]
    if operation.type in ("Conv2D", "Conv3D", "DepthwiseConv2dNative"):
        return math.prod(operation.outputs[0].shape[1:-1]) * math.prod(shapes[1])
    if operation.type == "Conv2DBackpropInput":
        return math.prod(shapes[2][1:-1]) * math.prod(shapes[1])
    assert operation.type not in ("BatchMatMulV2", "Einsum", "While", "StatelessWhile", "PartitionedCall"), operation
    return 0


kernels = st.integers(1, 3)
paddings = st.sampled_from(("valid", "same"))
counts = st.integers(1, 4)


def makers(make, **options):
    """Draw functions without arguments: a layer must not be made while Hypothesis draws, for it draws its seed."""
    return st.fixed_dictionaries(options).map(lambda drawn: lambda: make(**drawn))


images = st.lists(
    st.one_of(
        makers(layers.Conv2D, filters=counts, kernel_size=kernels, strides=kernels, padding=paddings),
        makers(layers.Conv2D, filters=counts, kernel_size=kernels, padding=paddings, use_bias=st.booleans()),
        makers(layers.DepthwiseConv2D, kernel_size=kernels, padding=paddings, depth_multiplier=counts),
        makers(layers.SeparableConv2D, filters=counts, kernel_size=kernels, padding=paddings, depth_multiplier=counts),
        makers(layers.Conv2DTranspose, filters=counts, kernel_size=kernels, strides=kernels, padding=paddings),
        makers(layers.AveragePooling2D, pool_size=kernels, strides=kernels, padding=paddings),
        makers(layers.Dense, units=counts),
        makers(layers.LayerNormalization),
        makers(layers.ZeroPadding2D),
    ),
    min_size=1,
    max_size=3,
)
unrolled = {"unroll": True, "use_cudnn": False}
series = st.one_of(
    makers(lambda units: layers.LSTM(units, **unrolled), units=counts),
    makers(lambda units, after: layers.GRU(units, reset_after=after, **unrolled), units=counts, after=st.booleans()),
    makers(lambda units: layers.SimpleRNN(units, unroll=True), units=counts),
    makers(lambda units: layers.Bidirectional(layers.LSTM(units, **unrolled)), units=counts),
    makers(lambda units: layers.RNN(layers.LSTMCell(units), unroll=True), units=counts),
    makers(lambda n, m: layers.RNN([layers.GRUCell(n), layers.LSTMCell(m)], unroll=True), n=counts, m=counts),
    makers(lambda filters: layers.TimeDistributed(layers.Conv1D(filters, 2)), filters=counts),
)


@draws
# Three layers divide the sides by 27 at most.
@given(st.tuples(st.integers(27, 30), st.integers(27, 30)), images)
def test_a_random_network_for_images(shape, stack):
    model = chain((*shape, 2), *(make() for make in stack), layers.Flatten(), layers.Dense(3))
    assert ledger(model).multiply_adds == executed(model)


@draws
@given(st.integers(3, 5), counts, series)
def test_a_layer_for_series(steps, channels, make):
    layer = make()
    shape = (steps, 4, channels) if isinstance(layer, layers.TimeDistributed) else (steps, channels)
    model = chain(shape, layer)
    assert ledger(model).multiply_adds == executed(model)


# ---- by hand ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "make", "expected"),
    [
        ((9, 8, 3), lambda: layers.SeparableConv2D(5, (3, 2), depth_multiplier=2), 7 * 7 * (3 * 2 * 3 * 2 + 3 * 2 * 5)),
        ((6, 5), lambda: layers.LSTM(4), 6 * 4 * (5 + 4) * 4),
        ((6, 5), lambda: layers.GRU(4, return_sequences=True), 6 * 3 * (5 + 4) * 4),
        ((6, 5), lambda: layers.Bidirectional(layers.SimpleRNN(4)), 6 * 2 * (5 + 4) * 4),
        (
            (6, 5),
            lambda: layers.Bidirectional(layers.LSTM(4), backward_layer=layers.LSTM(3, go_backwards=True)),
            864 + 576,
        ),
        ((6, 9, 2), lambda: layers.ConvLSTM1D(3, 2, strides=2), 6 * 4 * 2 * (2 + 3) * 12),
        ((6, 9, 8, 2), lambda: layers.ConvLSTM2D(3, 2, return_sequences=True), 6 * 8 * 7 * 4 * (2 + 3) * 12),
        ((6, 9, 8, 2), lambda: layers.Bidirectional(layers.ConvLSTM2D(3, 2)), 2 * 6 * 8 * 7 * 4 * (2 + 3) * 12),
        ((4, 5, 6, 7, 1), lambda: layers.ConvLSTM3D(2, 2, padding="same"), 4 * 5 * 6 * 7 * 8 * (1 + 2) * 8),
        ((2, 9, 8), lambda: layers.Conv2D(4, 3, data_format="channels_first"), 7 * 6 * 9 * 2 * 4),
        ((2, 4, 5), lambda: layers.Conv2DTranspose(3, 2, data_format="channels_first"), 4 * 5 * 4 * 2 * 3),
        ((9, 8, 3), lambda: layers.SpectralNormalization(layers.Conv2D(4, 3)), 7 * 6 * 27 * 4),
        ((None, 5), lambda: layers.LSTM(4), None),
        ((None, None, 3), lambda: layers.Conv2D(4, 3), None),
        ((None, 4), lambda: layers.TimeDistributed(layers.Dense(3)), None),
        ((9, 8, 3), lambda: layers.BatchNormalization(), 0),
        ((7,), lambda: layers.Embedding(11, 3), 0),
        ((7,), lambda: layers.ReversibleEmbedding(11, 3), 0),
        ((9, 8, 3), lambda: layers.UpSampling2D(), 0),
        ((9, 8, 3), lambda: layers.Resizing(4, 4), 0),
        ((9, 8, 3), lambda: layers.GroupNormalization(3), 0),
        ((9, 8, 3), lambda: layers.UnitNormalization(), 0),
    ],
)
def test_products_by_hand(shape, make, expected):
    assert only_row(shape, make()).multiply_adds == expected


class OneConvolution(layers.Layer):
    """A layer without weights that convolves with a constant."""

    def call(self, x):
        return ops.conv(x, np.ones((3, 3, 3, 2), np.float32))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-3], input_shape[-3] - 2, input_shape[-2] - 2, 2)


class OneConvolutionWithoutShape(layers.Layer):
    """The same layer, which does not say what shape it makes: Keras then connects no graph around a wrapper."""

    def call(self, x):
        return ops.conv(x, np.ones((3, 3, 3, 2), np.float32))


class OwnCell(layers.SimpleRNNCell):
    """A cell of Keras that computes something else."""

    def call(self, sequence, states, training=False):
        return super().call(sequence @ np.ones((5, 5), np.float32), states, training=training)


def convolve(x):
    return ops.conv(x, np.ones((3, 3, x.shape[-1], 4), np.float32), padding="same")


def mix(x):
    return x @ np.ones((4, 4), np.float32)


@pytest.mark.parametrize(
    ("shape", "make"),
    [
        ((9, 8, 3), lambda: layers.Activation(convolve)),
        ((9, 8, 3), lambda: layers.Conv2D(4, 3, activation=convolve)),
        ((9, 8, 3), lambda: layers.Activation(layers.Dense(4))),
        ((5,), lambda: layers.Dense(4, activation=mix)),
        ((6, 5), lambda: layers.LSTM(4, recurrent_activation=mix)),
        ((6, 5), lambda: layers.GRU(4, activation=mix)),
        ((6, 5), lambda: layers.RNN([layers.LSTMCell(4), layers.GRUCell(4, activation=mix)])),
        ((6, 5), lambda: layers.TimeDistributed(layers.Dense(4, activation=mix))),
        ((6, 5), lambda: layers.EinsumDense("abc,cd->abd", (None, 4), activation=mix)),
        ((9, 8, 3), OneConvolution),
        ((9, 8, 3), lambda: layers.Lambda(lambda x: x)),
        ((6, 5), lambda: layers.RNN(OwnCell(4))),
        ((6, 9, 8, 3), lambda: layers.TimeDistributed(OneConvolution())),
        ((6, 9, 8, 3), lambda: layers.TimeDistributed(OneConvolutionWithoutShape())),
        ((6, 5), lambda: layers.EinsumDense("abc,d->ad", 4)),
        ((800,), lambda: layers.MelSpectrogram()),
    ],
)
def test_products_that_are_not_known(shape, make):
    assert only_row(shape, make()).multiply_adds is None


@pytest.mark.parametrize("activation", ["gelu", "softmax", ops.tanh, layers.LeakyReLU(), layers.Softmax()])
def test_activations_of_keras_have_no_products(activation):
    assert only_row((5,), layers.Dense(4, activation=activation)).multiply_adds == 20
    assert only_row((5,), layers.Activation(activation)).multiply_adds == 0


def test_a_network_in_time_distributed():
    frame = chain((8, 8, 1), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3))
    open_frame = chain((None, None, 1), layers.Conv2D(2, 3), layers.GlobalMaxPooling2D(), layers.Dense(3))
    one = 6 * 6 * 9 * 2
    assert only_row((5, 8, 8, 1), layers.TimeDistributed(frame)).multiply_adds == 5 * (one + 72 * 3)
    assert only_row((5, 8, 8, 1), layers.TimeDistributed(open_frame)).multiply_adds == 5 * (one + 2 * 3)


def test_attention_counts_its_projections():
    x, y = keras.Input((10, 16)), keras.Input((7, 12))
    itself = keras.Model(x, layers.MultiHeadAttention(2, 8)(x, x))
    assert ledger(itself).multiply_adds == 10 * 4 * 16 * 16
    across = layers.MultiHeadAttention(3, 4, value_dim=5, output_shape=6, use_bias=False)(x, y)
    products = 10 * (16 * 12 + 15 * 6) + 7 * (12 * 12 + 12 * 15)
    assert ledger(keras.Model([x, y], across)).multiply_adds == products
    image = keras.Input((4, 5, 6))
    assert ledger(keras.Model(image, layers.MultiHeadAttention(2, 3)(image, image))).multiply_adds == 20 * 4 * 36
    longer = keras.Input((None, 16))
    assert ledger(keras.Model(longer, layers.MultiHeadAttention(2, 8)(longer, longer))).multiply_adds is None


@pytest.mark.parametrize("gate", [False, True])
def test_grouped_attention_counts_its_projections(gate):
    x = keras.Input((10, 16))
    y = layers.GroupQueryAttention(8, 4, 2, use_gate=gate)(x, x)
    assert ledger(keras.Model(x, y)).multiply_adds == 10 * 16 * 8 * (4 + 2 + 2 + 4 + (4 if gate else 0))


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda x, y: layers.Dot(axes=2)([x, y]), None),
        (lambda x, y: layers.Attention()([x, y]), None),
        (lambda x, y: layers.AdditiveAttention()([x, y]), None),
        (lambda x, y: ops.matmul(x, ops.transpose(y, (0, 2, 1))), None),
        (lambda x, y: ops.einsum("abc,adc->abd", x, y), None),
        (lambda x, y: x @ np.ones((4, 3), np.float32), None),
        (lambda x, y: ops.conv(x, np.ones((3, 4, 2), np.float32)), None),
        (lambda x, y: ops.depthwise_conv(x, np.ones((3, 4, 1), np.float32)), None),
        (lambda x, y: ops.correlate(x[0, :, 0], y[0, :, 0]), None),
        (lambda x, y: ops.dot_product_attention(x[:, :, None], y[:, :, None], y[:, :, None]), None),
        (lambda x, y: layers.Multiply()([x, y]), 0),
        (lambda x, y: x * y + ops.relu(x) - ops.softmax(y), 0),
        (lambda x, y: ops.mean(ops.concatenate([x, y], axis=-1), axis=1), 0),
        (lambda x, y: ops.reshape(x[:, 1:], (-1, 20)), 0),
    ],
)
def test_products_without_weights_are_not_called_none_at_all(make, expected):
    x, y = keras.Input((6, 4)), keras.Input((6, 4))
    page = ledger(keras.Model([x, y], make(x, y)))
    assert page.multiply_adds == expected


def test_a_reversed_embedding_multiplies():
    x = keras.Input((6, 8))
    both = layers.ReversibleEmbedding(50, 8, tie_weights=False)
    both.build((None, 6))
    page = ledger(keras.Model(x, both(x, reverse=True)))
    assert page.multiply_adds == 6 * 50 * 8
