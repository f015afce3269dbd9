"""Receptive fields against an oracle that knows no formula: which pixels change one output of a network.

The network averages, so that every pixel in the field has an effect; one pixel at a time is made very bright.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lessons_lib import keras
from lessons_lib.counting import ledger, receptive_field

layers, ops = keras.layers, keras.ops
draws = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.filter_too_much])

MARGIN = 24
"""More than all crops of a drawn graph together, in pixels: closer to the border, padding takes the place of pixels."""


def last_field(x, y):
    return ledger(keras.Model(x, y)).rows[-1].receptive_field


def seen(model, output):
    """Return the first and the last position along axis 1 of the input that changes an output position."""
    for weight in model.weights:
        fan_in = np.prod(weight.shape[:-1]) if len(weight.shape) > 1 else 1
        weight.assign(np.full(weight.shape, 1 / fan_in))
    length = model.input_shape[1]
    images = np.ones((length + 1, *model.input_shape[1:]), np.float32)
    images[np.arange(length), np.arange(length)] = 1e12  # Image j is bright at position j, and the last one nowhere.
    values = np.asarray(model(images))[:, output].reshape(length + 1, -1)
    changed = np.flatnonzero((values[:-1] != values[-1]).any(axis=1))
    return int(changed[0]), int(changed[-1])


def field_in_the_middle(model):
    """Return the length that the oracle finds, away from the borders of the input."""
    first, last = seen(model, model.output_shape[1] // 2)
    assume(first >= MARGIN and last < model.input_shape[1] - MARGIN)
    return last - first + 1


# ---- random graphs ----------------------------------------------------------------------------------------------

small = st.integers(1, 4)
steps_and_dilation = st.one_of(st.tuples(st.integers(1, 3), st.just(1)), st.tuples(st.just(1), st.integers(1, 3)))
windows = st.builds(
    lambda kernel, steps, padding: {
        "kernel_size": kernel,
        "strides": steps[0],
        "dilation_rate": steps[1],
        "padding": padding,
    },
    small,
    steps_and_dilation,
    st.sampled_from(("valid", "same", "causal")),
)
edges = st.tuples(st.integers(0, 3), st.integers(0, 3))
chains = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("Conv1D", "SeparableConv1D")), windows),
        st.tuples(
            st.sampled_from(("AveragePooling1D", "MaxPooling1D")),
            st.fixed_dictionaries(
                {"pool_size": small, "strides": st.integers(1, 3), "padding": st.sampled_from(("valid", "same"))}
            ),
        ),
        st.tuples(st.just("ZeroPadding1D"), st.fixed_dictionaries({"padding": edges})),
        st.tuples(st.just("Cropping1D"), st.fixed_dictionaries({"cropping": edges})),
        st.tuples(
            st.sampled_from(("ReLU", "BatchNormalization", "Dense", "Identity")),
            st.fixed_dictionaries({}),
        ),
    ),
    max_size=3,
)
merges = st.sampled_from(("Add", "Multiply", "Average", "Concatenate", "ops.add", "ops.concatenate"))
branches = st.lists(
    st.one_of(
        st.tuples(st.just("same"), small, st.integers(1, 3)),
        st.tuples(st.just("causal"), small, st.integers(1, 3)),
        st.tuples(st.just("shifted"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("ahead"), small, st.integers(1, 3)),
        st.just(("shortcut",)),
    ),
    min_size=2,
    max_size=3,
)
blocks = st.lists(
    st.one_of(
        st.tuples(st.just("chain"), chains),
        st.tuples(st.just("merge"), merges, branches),
        st.tuples(st.just("strided merge"), merges, st.lists(small, min_size=2, max_size=3), st.integers(2, 3)),
        st.tuples(st.just("model"), chains),
        st.tuples(st.just("operation"), st.sampled_from(("relu", "softplus", "sum over channels", "scale"))),
    ),
    min_size=1,
    max_size=4,
)


def grow_chain(x, chain):
    for kind, options in chain:
        assume(x.shape[1] is None or x.shape[1] > 16)
        options = dict(options)
        if kind in ("Conv1D", "SeparableConv1D"):
            options["filters"] = 2
        if kind == "SeparableConv1D" and options["padding"] == "causal":
            options["padding"] = "same"
        if kind == "Dense":
            options["units"] = 2
        x = getattr(layers, kind)(**options)(x)
    return x


def grow_branch(x, branch):
    """Return a branch that keeps the length of `x`."""
    if branch[0] in ("same", "causal"):
        return layers.Conv1D(2, branch[1], padding=branch[0], dilation_rate=branch[2])(x)
    if branch[0] == "ahead":
        reach = (branch[1] - 1) * branch[2]
        return layers.ZeroPadding1D((0, reach))(layers.Conv1D(2, branch[1], dilation_rate=branch[2])(x))
    if branch[0] == "shifted":
        return layers.Cropping1D(branch[1:])(layers.ZeroPadding1D(branch[:0:-1])(x))
    return layers.Identity()(x)


def join(kind, parts):
    if kind == "ops.add":
        return ops.add(parts[0], parts[1])
    if kind == "ops.concatenate":
        return ops.concatenate(parts, axis=-1)
    return getattr(layers, kind)()(parts)


def grow(length, drawn):
    """Build the drawn graph on an input of this length; it has two channels everywhere but behind a merge."""
    x = y = keras.Input((length, 2))
    for kind, *rest in drawn:
        if kind == "chain":
            y = grow_chain(y, rest[0])
        elif kind == "merge":
            y = layers.Conv1D(2, 1)(y)
            y = join(rest[0], [grow_branch(y, branch) for branch in rest[1]])
        elif kind == "strided merge":
            merge, kernels, strides = rest
            y = join(merge, [layers.Conv1D(2, k, strides, padding="same")(y) for k in kernels])
        elif kind == "model":
            inner = keras.Input(y.shape[1:])
            y = keras.Model(inner, layers.Identity()(grow_chain(inner, rest[0])))(y)
        else:
            y = {
                "relu": ops.relu,
                "softplus": lambda x: ops.softplus(x / 100),
                "sum over channels": lambda x: ops.sum(x, axis=-1, keepdims=True),
                "scale": lambda x: 0.5 * x + 1,
            }[rest[0]](y)
    return x, layers.Identity()(y)


@draws
@given(length=st.integers(150, 180), drawn=blocks)
def test_field_of_a_random_graph(length, drawn):
    model = keras.Model(*grow(length, drawn))
    page = ledger(model)
    assert page.total == model.count_params()
    assert page.rows[-1].output_shape == model.output_shape[1:]
    assert page.rows[-1].receptive_field == field_in_the_middle(model)


@draws
@given(length=st.integers(150, 180), drawn=blocks)
def test_field_on_an_input_of_open_length_is_right_or_not_known(length, drawn):
    x, y = grow(length, drawn)
    assert last_field(*grow(None, drawn)) in (last_field(x, y), None)


planes = st.lists(
    st.one_of(
        st.tuples(st.just("Conv2D"), st.tuples(small, small), st.integers(1, 2), st.sampled_from(("valid", "same"))),
        st.tuples(st.just("DepthwiseConv2D"), small, st.integers(1, 2), st.sampled_from(("valid", "same"))),
        st.tuples(st.just("AveragePooling2D"), small, st.integers(1, 2), st.sampled_from(("valid", "same"))),
        st.tuples(st.just("MaxPooling2D"), small, st.integers(1, 2), st.sampled_from(("valid", "same"))),
        st.tuples(st.just("ZeroPadding2D"), st.tuples(edges, edges)),
        st.tuples(st.just("Cropping2D"), st.tuples(edges, edges)),
        st.tuples(st.just("normalisation"), st.sampled_from(("batch", "layer"))),
        st.tuples(st.just("residual"), st.integers(1, 2)),
    ),
    min_size=1,
    max_size=4,
)


def grow_plane(shape, drawn, data_format):
    axis = 1 if data_format == "channels_first" else 3
    x = y = keras.Input((2, *shape) if axis == 1 else (*shape, 2))
    for kind, *rest in drawn:
        if kind == "Conv2D":
            y = layers.Conv2D(2, *rest, data_format=data_format)(y)
        elif kind == "residual":
            z = layers.Conv2D(2, 3, padding="same", dilation_rate=rest[0], data_format=data_format)(y)
            y = layers.Concatenate(axis=axis)([y, z])
        elif kind == "normalisation":
            kinds = {"batch": layers.BatchNormalization, "layer": layers.LayerNormalization}
            y = kinds[rest[0]](axis=axis)(y)
        else:
            y = getattr(layers, kind)(*rest, data_format=data_format)(y)
    return ledger(keras.Model(x, layers.Conv2D(1, 1, data_format=data_format)(y)))


# Four kernels of 4 with a stride of 2 leave a map of 4 rows of 100.
@draws
@given(shape=st.tuples(st.integers(100, 110), st.integers(100, 110)), drawn=planes)
def test_channels_first_is_channels_last_with_its_axes_in_another_order(shape, drawn):
    first, last = (grow_plane(shape, drawn, data_format) for data_format in ("channels_first", "channels_last"))
    assert first.rows[-1].receptive_field == last.rows[-1].receptive_field is not None
    assert [row.multiply_adds for row in first] == [row.multiply_adds for row in last]
    assert [row.parameters for row in first] == [row.parameters for row in last]


# ---- single cases -----------------------------------------------------------------------------------------------


def test_a_causal_and_a_centred_branch_see_what_both_see_together():
    x = keras.Input((40, 1))
    y = layers.Add()([layers.Conv1D(1, 5, padding=padding)(x) for padding in ("causal", "same")])
    assert last_field(x, y) == 7


def test_a_field_that_an_open_length_leaves_open_is_not_known():
    x = keras.Input((None, 1))
    y = layers.Add()([layers.Conv1D(1, k, 2, padding="same")(x) for k in (3, 5)])
    shared = layers.Conv1D(1, 3, 2, padding="same")(x)
    residual = layers.Add()([shared, layers.Conv1D(1, 3, padding="same")(shared)])
    assert last_field(x, y) is None
    assert last_field(x, residual) == 7


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
    assert last_field(x, merge(branches)) == expected


def test_a_branch_that_has_lost_its_field_takes_it_from_the_others():
    x = keras.Input((12, 12, 2))
    gates = layers.GlobalAveragePooling2D(keepdims=True)(x)
    assert last_field(x, layers.Multiply()([x, gates])) is None


def test_branches_out_of_step_have_no_common_field():
    x = keras.Input((12, 12, 2))
    page = ledger(keras.Model(x, layers.Add()([layers.Cropping2D(3)(x), layers.MaxPooling2D(2)(x)])))
    assert [row.receptive_field for row in page if row.kind != "Add"] == [1, 2]
    assert page.rows[-1].receptive_field is None


def test_one_row_that_is_broadcast_to_all_is_no_field():
    x = keras.Input((8, 8, 2))
    assert last_field(x, layers.Add()([x, layers.Cropping2D(((0, 7), (0, 0)))(x)])) is None


def test_inputs_are_followed_one_by_one():
    a, b = keras.Input((20, 1)), keras.Input((20, 1))
    alike = layers.Add()([layers.Conv1D(1, 3, padding=padding)(x) for x, padding in ((a, "same"), (b, "causal"))])
    different = layers.Add()([layers.Conv1D(1, k, padding="same")(x) for x, k in ((a, 3), (b, 7))])
    assert ledger(keras.Model([a, b], alike)).rows[-1].receptive_field == 3
    assert ledger(keras.Model([a, b], different)).rows[-1].receptive_field is None


def own(x):
    return ops.cumsum(x, axis=1)


class Shifting(layers.ReLU):
    """One of Keras's layers that computes something else."""

    def call(self, x):
        return ops.roll(x, 1, axis=1)


class Standardised(layers.Conv2D):
    """One of Keras's layers with another way to convolve."""

    def convolution_op(self, inputs, kernel):
        return super().convolution_op(inputs, kernel - ops.mean(kernel))


class Dense(layers.Layer):
    """A layer of one's own that shares its name with one of Keras's."""

    def call(self, x):
        return ops.flip(x, axis=1)


class Named(layers.Conv2D):
    """One of Keras's layers under another name."""


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: layers.Flatten(), None),
        (lambda: layers.Reshape((64, 3)), None),
        (lambda: layers.GlobalAveragePooling2D(keepdims=True), None),
        (lambda: layers.AdaptiveAveragePooling2D(4), None),
        (lambda: layers.UpSampling2D(), None),
        (lambda: layers.Conv2DTranspose(2, 3), None),
        (lambda: layers.Resizing(4, 4), None),
        (lambda: layers.RandomCrop(4, 4), None),
        (lambda: layers.Permute((2, 1, 3)), None),
        (lambda: layers.GroupNormalization(1), None),
        (lambda: layers.LayerNormalization(axis=(1, 2, 3)), None),
        (lambda: layers.LayerNormalization(axis=1), None),
        (lambda: layers.UnitNormalization(axis=1), None),
        (lambda: layers.Softmax(axis=1), None),
        (lambda: layers.Softmax(axis=(1, 2)), None),
        (lambda: layers.Softmax(axis=0), None),
        (lambda: layers.Activation(own), None),
        (lambda: layers.Conv2D(2, 3, activation=own), None),
        (lambda: layers.Lambda(own), None),
        (lambda: Dense(), None),
        (lambda: Shifting(), None),
        (lambda: Standardised(2, 3), None),
        (lambda: layers.Lambda(lambda x: x), None),
        (lambda: Named(2, 3), 3),
        (lambda: layers.Reshape((8, 24)), 1),
        (lambda: layers.Softmax(axis=2), 1),
        (lambda: layers.LayerNormalization(axis=(2, 3)), 1),
        (lambda: layers.UnitNormalization(), 1),
        (lambda: layers.RMSNormalization(), 1),
        (lambda: layers.TimeDistributed(layers.Dense(2)), 1),
        (lambda: layers.TimeDistributed(layers.Conv1D(2, 3)), 1),
        (lambda: layers.SpectralNormalization(layers.Conv2D(2, 3)), 3),
        (lambda: layers.Activation("softmax"), 1),
        (lambda: layers.Conv2D(2, 3, activation=ops.relu), 3),
        (lambda: layers.Conv2D(2, 3, activation=layers.LeakyReLU()), 3),
        (lambda: layers.PReLU(shared_axes=(1, 2)), 1),
    ],
)
def test_a_field_ends_where_the_axis_or_the_knowledge_ends(make, expected):
    x = keras.Input((8, 8, 3))
    page = ledger(keras.Model(x, layers.ReLU()(make()(x))))
    ends_in_a_vector = len(page.rows[-1].output_shape) == 1
    assert [row.receptive_field for row in page] == [expected, None if ends_in_a_vector else expected]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (ops.relu, 3),
        (lambda x: ops.where(x > 1, x, 0.0), 3),
        (lambda x: x * np.ones(4, np.float32), 3),
        (lambda x: x + np.ones((4, 6, 6, 4), np.float32)[:1], 3),
        (lambda x: ops.softmax(x), 3),
        (lambda x: ops.softmax(x, axis=(2, 3)), 3),
        (lambda x: ops.mean(x, axis=-1), 3),
        (lambda x: ops.max(x, axis=(2, 3), keepdims=True), 3),
        (lambda x: ops.softmax(x, axis=None), None),
        (lambda x: ops.softmax(x, axis=1), None),
        (lambda x: ops.average(x, axis=1), None),
        (lambda x: ops.mean(x, axis=1), None),
        (lambda x: ops.mean(x, axis=(1, 2), keepdims=True), None),
        (lambda x: ops.mean(x, axis=0), None),
        (lambda x: ops.flip(x, axis=1), None),
        (lambda x: x[:, 1:], None),
        (lambda x: ops.cumsum(x, axis=1), None),
        (lambda x: ops.conv(x, np.ones((3, 3, 4, 2), np.float32)), None),
        (lambda x: ops.concatenate([x, x], axis=1), None),
        (lambda x: ops.transpose(x, (0, 2, 1, 3)), None),
        (lambda x: x + ops.transpose(x, (0, 2, 1, 3)), None),
        (lambda x: x + ops.mean(x, axis=1), None),
        (lambda x: x + ops.expand_dims(ops.mean(x, axis=1), 2), None),
    ],
)
def test_operations_behind_a_convolution(operation, expected):
    x = keras.Input((8, 8, 2))
    assert last_field(x, operation(layers.Conv2D(4, 3)(x))) == expected


def test_what_is_transposed_and_added_has_no_field():
    x = keras.Input((8, 8, 2))
    assert last_field(x, layers.Add()([x, layers.Permute((2, 1, 3))(x)])) is None


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda x: layers.MultiHeadAttention(2, 2)(x, x), None),
        (lambda x: layers.Attention()([x, x]), None),
        (lambda x: layers.LSTM(2, return_sequences=True)(x), None),
        (lambda x: layers.Bidirectional(layers.GRU(2, return_sequences=True))(x), None),
        (lambda x: layers.EinsumDense("abc,bd->adc", (5, 4))(x), None),
    ],
)
def test_attention_and_recurrence_have_no_field(make, expected):
    x = keras.Input((9, 4))
    assert last_field(x, make(x)) == expected


def test_words_are_counted_in_words():
    words = keras.Input((20,), dtype="int32")
    y = layers.Conv1D(3, 3)(layers.Embedding(50, 4)(words))
    assert last_field(words, layers.Conv1D(3, 5)(y)) == 7


def test_a_mask_is_seen_too():
    x = keras.Input((20, 3))
    wide = layers.Conv1D(1, 5, padding="same")(x)
    y = layers.Softmax()(layers.Conv1D(4, 3, padding="same")(x), mask=ops.greater(wide, 0.0)[:, :, 0])
    z = layers.Softmax()(layers.Conv1D(4, 3, padding="same")(x), mask=ops.any(ops.greater(wide, 0.0), axis=-1))
    assert last_field(x, y) is None
    assert last_field(x, z) == 5


def test_a_model_of_channels_first_that_goes_over_to_channels_last():
    x = keras.Input((2, 30, 31))
    y = layers.Conv2D(2, (3, 5), data_format="channels_first")(x)
    y = layers.Conv2D(2, (3, 1))(layers.Permute((2, 3, 1))(y))
    assert last_field(x, y) == 5


def test_batch_statistics_see_the_whole_batch():
    x = keras.Input((8, 8, 2))
    assert last_field(x, layers.BatchNormalization()(x, training=True)) is None
    inner = keras.Sequential([keras.Input((8, 8, 2)), layers.BatchNormalization()])
    assert last_field(x, inner(x, training=True)) is None
    assert last_field(x, inner(x)) == 1


@pytest.mark.parametrize("kind", sorted({name for name in dir(layers) if name.startswith("Random")} - {"RandomCrop"}))
def test_augmentation_is_known_where_prediction_leaves_the_image_as_it_is(kind):
    arguments = {"RandomBrightness": (0.5,), "RandomContrast": (0.5,), "RandomRotation": (0.3,), "RandomZoom": (0.3,)}
    arguments |= {"RandomShear": (0.3, 0.3), "RandomTranslation": (0.3, 0.3), "RandomHue": (0.5,)}
    arguments |= {"RandomSaturation": (0.5,), "RandomSharpness": (0.5,), "RandomColorDegeneration": (0.5,)}
    arguments |= {"RandomPosterization": (2,)}
    model = keras.Sequential([keras.Input((8, 8, 3)), getattr(layers, kind)(*arguments.get(kind, ()))])
    image = np.random.default_rng(0).uniform(0, 255, (1, 8, 8, 3)).astype(np.float32)
    out = model.predict_on_batch(image)
    field = ledger(model).rows[-1].receptive_field
    assert field == (1 if out.shape == image.shape and np.array_equal(out, image) else None)


def test_a_vector_has_no_receptive_field():
    x = keras.Input((5,))
    assert last_field(x, layers.Dense(3)(x)) is None
    assert last_field(x, layers.ReLU()(x)) is None


def test_published_fields():
    # google-research/receptive_field, table of models.
    with keras.StatelessScope(initialize_variables=False):
        page = ledger(keras.applications.InceptionResNetV2(weights=None))
    fields = {row.name: row.receptive_field for row in page}
    assert [fields[name] for name in ("mixed_5b", "mixed_6a", "mixed_7a", "conv_7b")] == [63, 415, 2399, 3039]


def test_a_stack_is_the_formula_of_a_stack():
    stack = [(3, 1), (2, 2), (3, 1, 2), (5, 2)]
    x = y = keras.Input((90, 1))
    for kernel_size, strides, *rate in stack:
        y = layers.Conv1D(1, kernel_size, strides, dilation_rate=(rate or [1])[0])(y)
    assert last_field(x, y) == receptive_field(stack).size
