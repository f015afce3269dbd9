"""The ledger against Keras: parameters, shapes and names, layer by layer, and whole models."""

from types import ModuleType

import numpy as np
import pytest

from lessons_lib import keras
from lessons_lib.counting import ledger

layers, ops = keras.layers, keras.ops


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


# ---- one layer ----------------------------------------------------------------------------------------------------

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
    ((9, 8, 3), lambda: layers.LayerNormalization(axis=1), "2·H", "2·9"),
    ((9, 8, 3), lambda: layers.LayerNormalization(axis=(3, 1)), "2·H·C", "2·9·3"),
    ((9, 8, 3), lambda: layers.LayerNormalization(axis=(-2, -1)), "2·W·C", "2·8·3"),
    ((9, 8, 3), lambda: layers.LayerNormalization(axis=-2, center=False), "W", "8"),
    ((5, 9, 8, 3), lambda: layers.LayerNormalization(axis=(1, 4)), "2·D·C", "2·5·3"),
    ((9, 8, 4), lambda: layers.RMSNormalization(axis=(1, 3)), "H·C", "9·4"),
    ((3, 9, 8), lambda: layers.BatchNormalization(axis=1), "4·C", "4·3"),
    ((9, 8, 4), lambda: layers.GroupNormalization(2), "2·C", "2·4"),
    ((9, 8, 4), lambda: layers.RMSNormalization(), "C", "4"),
    ((9, 8, 4), lambda: layers.Normalization(), "2·C + 1", "2·4 + 1"),
    ((9, 8, 3), lambda: layers.PReLU(), "H·W·C", "9·8·3"),
    ((9, 8, 3), lambda: layers.PReLU(shared_axes=(1, 2)), "C", "3"),
    ((9, 8, 3), lambda: layers.PReLU(shared_axes=(2,)), "H·C", "9·3"),
    ((7,), lambda: layers.Embedding(11, 3), "input_dim·output_dim", "11·3"),
    ((6, 5), lambda: layers.SimpleRNN(4), "(inputs + units + 1)·units", "(5 + 4 + 1)·4"),
    ((6, 5), lambda: layers.SimpleRNN(4, use_bias=False), "(inputs + units)·units", "(5 + 4)·4"),
    ((6, 5), lambda: layers.LSTM(4), "4·(inputs + units + 1)·units", "4·(5 + 4 + 1)·4"),
    ((6, 5), lambda: layers.GRU(4), "3·(inputs + units + 2)·units", "3·(5 + 4 + 2)·4"),
    ((6, 5), lambda: layers.GRU(4, reset_after=False), "3·(inputs + units + 1)·units", "3·(5 + 4 + 1)·4"),
    ((6, 5), lambda: layers.GRU(4, use_bias=False), "3·(inputs + units)·units", "3·(5 + 4)·4"),
    ((6, 5), lambda: layers.Bidirectional(layers.LSTM(4)), "2·4·(inputs + units + 1)·units", "2·4·(5 + 4 + 1)·4"),
    ((6, 9, 8, 2), lambda: layers.TimeDistributed(layers.Conv2D(3, 2)), "(kh·kw·C + 1)·F", "(2·2·2 + 1)·3"),
    ((6, 5), lambda: layers.RNN(layers.LSTMCell(4)), "4·(inputs + units + 1)·units", "4·(5 + 4 + 1)·4"),
    ((6, 9, 8, 2), lambda: layers.ConvLSTM2D(3, 2), "4·(kh·kw·(C + F) + 1)·F", "4·(2·2·(2 + 3) + 1)·3"),
    ((6, 9, 2), lambda: layers.ConvLSTM1D(3, 2, use_bias=False), "4·k·(C + F)·F", "4·2·(2 + 3)·3"),
    ((7,), lambda: layers.ReversibleEmbedding(11, 3), "input_dim·output_dim", "11·3"),
    ((7,), lambda: layers.ReversibleEmbedding(11, 3, tie_weights=False), "2·input_dim·output_dim", "2·11·3"),
    ((3, 9, 8), lambda: layers.Conv2D(4, 2, data_format="channels_first"), "(kh·kw·C + 1)·F", "(2·2·3 + 1)·4"),
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


# ---- layers that it does not know ----------------------------------------------------------------------------------


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


class StandardisedConv(layers.Conv2D):
    """One of Keras's layers that computes something else with the same weights."""

    def call(self, x):
        return super().call(x - 1)


@pytest.mark.parametrize(
    ("make", "parameters", "trainable", "multiply_adds"),
    [
        (Dense, 17, 15, None),
        (lambda: DenseWithGain(4), 28, 28, None),
        (lambda: DenseRebuilt(4), 20, 20, None),
        (lambda: layers.EinsumDense("ab,bc->ac", 4), 20, 20, 20),
        (lambda: layers.SpectralNormalization(layers.Dense(4)), 28, 24, 20),
    ],
)
def test_layers_without_a_formula_keep_their_count(make, parameters, trainable, multiply_adds):
    row = only_row((5,), make())
    assert (row.formula, row.numbers) == ("as built", str(parameters))
    assert (row.parameters, row.trainable, row.multiply_adds) == (parameters, trainable, multiply_adds)


class Conditional(layers.LayerNormalization):
    """One of Keras's layers that is built for two inputs, and works on both."""

    def build(self, inputs_shape, condition_shape):
        super().build(inputs_shape)
        self.gain = layers.Dense(4)
        self.gain.build(condition_shape)

    def call(self, inputs, condition):
        return super().call(inputs) * self.gain(condition)


class Renamed(layers.LayerNormalization):
    """One of Keras's layers whose `build` has an argument of another name, and that computes the same."""

    def build(self, shape):
        super().build(shape)


class Heads(layers.Dense):
    """One of Keras's layers with one matrix for each head."""

    def build(self, shape):
        self._kernel = self.add_weight(shape=(2, shape[-1], self.units))
        self.built = True

    def call(self, x):
        return ops.einsum("bi,hij->bhj", x, self._kernel)


@pytest.mark.parametrize(
    ("make", "shapes", "formula", "parameters", "multiply_adds"),
    [
        (Conditional, [(8, 4), (8, 3)], "as built", 8 + 16, None),
        (Renamed, [(8, 4)], "2·C", 8, 0),
        (lambda: Heads(3), [(8,)], "as built", 48, None),
    ],
)
def test_a_subclass_unlike_its_class_is_counted_as_far_as_it_tells(make, shapes, formula, parameters, multiply_adds):
    tensors = [keras.Input(shape) for shape in shapes]
    (row,) = check(keras.Model(tensors, make()(*tensors)))
    assert (row.formula, row.parameters, row.multiply_adds) == (formula, parameters, multiply_adds)


def test_a_subclass_that_computes_anew_keeps_the_formula_of_its_parameters_alone():
    row = only_row((9, 8, 3), StandardisedConv(4, 3))
    assert (row.formula, row.multiply_adds, row.receptive_field) == ("(kh·kw·C + 1)·F", None, None)


def test_a_subclass_keeps_the_formula():
    row = only_row((9, 8, 3), Conv(4, 3))
    assert (row.kind, row.formula, row.receptive_field) == ("Conv", "(kh·kw·C + 1)·F", 3)


def test_low_rank_adapters_are_counted_as_built():
    model = chain((8,), layers.Dense(6))
    model.layers[0].enable_lora(2)
    (row,) = check(model)
    assert (row.formula, row.parameters) == ("as built", 8 * 6 + 6 + 8 * 2 + 2 * 6)
    assert row.multiply_adds is None
    model = chain((8,), layers.Embedding(9, 4))
    model.layers[0].enable_lora(2)
    (row,) = check(model)
    assert (row.formula, row.parameters, row.multiply_adds) == ("as built", 9 * 4 + 9 * 2 + 2 * 4, None)


# ---- whole models --------------------------------------------------------------------------------------------------


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


FAMILIES = {
    # The smallest network of each family: parameters, multiply-adds and the last receptive field that there is.
    # Fields of VGG, ResNet, MobileNet and Inception: Araujo et al. (2019), table of models.
    "ConvNeXtTiny": (28_589_128, 4_455_531_264, 1688),
    "DenseNet121": (8_062_504, 2_834_161_664, 2071),
    "EfficientNetB0": (5_330_571, 385_814_752, 7),
    "EfficientNetV2B0": (7_200_312, 718_086_176, 59),
    "InceptionResNetV2": (55_873_736, 13_155_794_016, 3039),
    "InceptionV3": (23_851_784, 5_713_216_096, 1311),
    "MobileNet": (4_253_864, 568_740_352, 315),
    "MobileNetV2": (3_538_984, 300_774_272, 491),
    "MobileNetV3Small": (2_554_968, 56_510_400, 7),
    "NASNetMobile": (5_326_716, 563_638_816, 2407),
    "ResNet50": (25_636_712, 3_857_973_248, 483),
    "ResNet50V2": (25_613_800, 3_482_255_360, 483),
    "VGG16": (138_357_544, 15_470_264_320, 212),
    "Xception": (22_910_480, 8_357_403_496, 1083),
}
FAMILY_MODULES = {
    *("convnext", "densenet", "efficientnet", "efficientnet_v2", "inception_resnet_v2", "inception_v3", "mobilenet"),
    *("mobilenet_v2", "mobilenet_v3", "nasnet", "resnet", "resnet50", "resnet_v2", "vgg16", "vgg19", "xception"),
}


def without_values():
    """Build models without giving their weights values, which is all that counting needs."""
    return keras.StatelessScope(initialize_variables=False)


@pytest.mark.parametrize(("name", "expected"), FAMILIES.items())
def test_families_of_networks(name, expected):
    shape = {"MobileNetV3Small": (224, 224, 3)}.get(name)
    with without_values():
        model = getattr(keras.applications, name)(weights=None, input_shape=shape)
        page = check(model)
    keras.utils.clear_session()
    fields = [row.receptive_field for row in page if row.receptive_field]
    assert (page.total, page.multiply_adds, fields[-1]) == expected
    assert {row.formula for row in page if row.parameters} & {"as built", "(own weights)"} == set()
    assert all(row.multiply_adds > 0 for row in page if row.formula.endswith(("·F", "·units")))
    if name == "VGG16":
        (first,) = (row for row in page if row.name == "fc1")
        assert (first.numbers, first.parameters) == ("(25088 + 1)·4096", 102_764_544)


def test_no_family_is_missing():
    modules = {name for name, value in vars(keras.applications).items() if isinstance(value, ModuleType)}
    assert modules - {"imagenet_utils"} == FAMILY_MODULES


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


def test_an_operation_that_calls_something_weights_has_none():
    x = keras.Input((8,), dtype="int32")
    (row,) = check(keras.Model(x, ops.bincount(x, minlength=4)))
    assert (row.kind, row.formula, row.multiply_adds, row.receptive_field) == ("Bincount", "no weights", None, None)


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
    assert [row.multiply_adds for row in page] == [None, None, None, None]
    assert {row.output_shape for row in page} == {None}
    assert str(page).startswith("mine, input unknown\n")


@pytest.mark.filterwarnings("ignore:.*unbuilt state")
def test_a_subclassed_model_inside_another_one():
    inner = Subclassed(name="inner")
    page = check(chain((5,), inner, layers.Dense(3, name="top")))
    assert [row.name for row in page] == ["inner/base/hidden", "inner/scores", "inner/unused", "top", "(own weights)"]
    assert [row.multiply_adds for row in page][-2:] == [6, None]


KERNEL = np.ones((3, 3, 3, 4), np.float32)


class Filter(keras.Model):
    """A model that lists no layers, and multiplies by a constant."""

    def call(self, x):
        return ops.conv(x, KERNEL)


class FilterWithActivation(keras.Model):
    """A model that lists a layer without products only, and multiplies by a constant."""

    def __init__(self):
        super().__init__()
        self.relu = layers.ReLU(name="relu")

    def call(self, x):
        return self.relu(ops.conv(x, KERNEL))


class Wrapper(keras.Model):
    """A model around a graph, which Keras does not list."""

    def __init__(self):
        super().__init__()
        x = keras.Input((9, 8, 3))
        self.function = keras.Function(x, layers.Conv2D(4, 3)(x))

    def call(self, x):
        return self.function(x)


@pytest.mark.parametrize("make", [Filter, FilterWithActivation, Wrapper])
def test_the_work_of_a_subclassed_model_is_unknown_and_never_0(make):
    alone = make()
    alone(np.zeros((1, 9, 8, 3)))
    for model in (alone, chain((9, 8, 3), make(), layers.ReLU()), chain((9, 8, 3), chain((9, 8, 3), make()))):
        page = check(model)
        assert (page.multiply_adds, page.activations) == (None, None)
        own = next(row for row in page if row.name.endswith("(own work)"))
        assert (own.kind, own.formula, own.parameters) == (make.__name__, "no weights", 0)


class FunctionOfItsOwn(keras.Function):
    """A graph that computes something else."""

    def call(self, inputs):
        return ops.conv(inputs, KERNEL)


def test_a_function_that_computes_something_else_is_unknown():
    x = keras.Input((9, 8, 3))
    (row,) = check(keras.Model(x, FunctionOfItsOwn(x, ops.conv(x, KERNEL))(x)))
    assert (row.kind, row.multiply_adds) == ("FunctionOfItsOwn", None)


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
            "model must be built: begin it with keras.Input, or call model.build((None, 28, 28, 1)). "
            "Received: Sequential 'net', not built",
        ),
        (
            lambda: Subclassed(name="mine"),
            ValueError,
            "model must be built: begin it with keras.Input, or call model.build((None, 28, 28, 1)). "
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


# ---- kinds of models -------------------------------------------------------------------------------------------------


def test_single_variables_can_be_frozen():
    model = chain((9, 9, 2), layers.Conv2D(4, 3), layers.BatchNormalization(), layers.Flatten(), layers.Dense(3))
    model.layers[0].kernel.trainable = False
    model.layers[3].bias.trainable = False
    page = check(model)
    assert [row.trainable for row in page] == [4, 8, 0, 196 * 3]
    model.trainable = False
    assert check(model).trainable == 0


def test_masking_adds_no_rows():
    words = keras.Input((6,), dtype="int32")
    x = layers.LSTM(3, return_sequences=True)(layers.Masking()(layers.Embedding(9, 4, mask_zero=True)(words)))
    page = check(keras.Model(words, layers.LSTM(2)(x)))
    assert [row.kind for row in page] == ["Embedding", "Masking", "LSTM", "LSTM"]


def test_what_is_more_than_a_mask_has_its_row():
    x = keras.Input((6, 4))
    test = ops.greater(x, 0.0)
    y = layers.LSTM(3)(x, mask=ops.any(test, axis=-1))
    assert [row.kind for row in check(keras.Model(x, y))] == ["LSTM"]
    assert sorted(row.kind for row in check(keras.Model(x, [y, ops.cast(test, "float32")]))) == [
        "Cast",
        "Greater",
        "LSTM",
    ]


def test_weights_behind_a_mask_are_counted():
    x = keras.Input((6, 4))
    gate = ops.any(ops.greater(layers.Dense(3)(x), 0.0), axis=-1)
    page = check(keras.Model(x, layers.LSTM(3)(x, mask=gate)))
    assert sorted(row.kind for row in page) == ["Dense", "LSTM"]
    assert page.total == 5 * 3 + 4 * (4 + 3 + 1) * 3


def test_a_model_with_named_inputs_and_outputs():
    a, b = keras.Input((8, 8, 1), name="b"), keras.Input((5,), name="a")
    inner = keras.Model({"b": a, "a": b}, {"y": layers.Dense(2)(layers.Flatten()(a)), "z": layers.Dense(3)(b)})
    c, d = keras.Input((8, 8, 1)), keras.Input((5,))
    outputs = inner({"a": d, "b": c})
    page = check(keras.Model([c, d], [outputs["y"], layers.Dense(1)(outputs["z"])]))
    assert sorted(row.parameters for row in page) == [0, 4, 18, 130]
    assert page.multiply_adds == 128 + 15 + 3


def test_a_model_that_is_called_with_names_in_another_order():
    first, second = keras.Input((9, 2), name="z"), keras.Input((9, 2), name="a")
    inner = keras.Model([first, second], [layers.ReLU(name="of_z")(first), layers.ELU(name="of_a")(second)], name="in")
    x = keras.Input((9, 2))
    parts = {name: layers.Conv1D(2, k, padding="same")(x) for name, k in (("a", 3), ("z", 5))}
    page = check(keras.Model(x, inner(parts)))
    assert {row.name: row.receptive_field for row in page if row.name.startswith("in/")} == {"in/of_z": 5, "in/of_a": 3}


class Doubled(keras.Model):
    """A functional model whose class computes more than its graph."""

    def call(self, x):
        return super().call(x) + super().call(x)


def test_a_graph_whose_class_computes_something_else_is_not_followed():
    x = keras.Input((8, 8, 1))
    page = check(Doubled(x, layers.Conv2D(2, 3)(x)))
    assert [(row.kind, row.multiply_adds, row.receptive_field) for row in page] == [("Conv2D", None, None)]


def test_tied_weights_are_counted_once_and_multiply():
    words = keras.Input((6,), dtype="int32")
    both = layers.ReversibleEmbedding(50, 8)
    page = check(keras.Model(words, both(both(words), reverse=True)))
    assert [(row.formula, row.multiply_adds) for row in page] == [
        ("input_dim·output_dim", 0),
        ("shared", 6 * 50 * 8),
    ]


def test_the_same_numbers_for_a_model_without_values():
    with without_values():
        page = check(course_cnn())
    assert str(page) == str(check(course_cnn()))


# ---- every layer of Keras ------------------------------------------------------------------------------------------

IMAGE, SERIES, VECTOR = (8, 8, 3), (6, 5), (5,)
MAPS = {1: (9, 2), 2: (9, 8, 2), 3: (9, 8, 7, 2)}
EVERY_LAYER = {
    **{f"Conv{n}D": (MAPS[n], (4, 2)) for n in MAPS},
    **{f"Conv{n}DTranspose": (MAPS[n], (4, 2)) for n in MAPS},
    **{f"ConvLSTM{n}D": ((4, *MAPS[n]), (3, 2)) for n in MAPS},
    **{f"DepthwiseConv{n}D": (MAPS[n], (2,)) for n in (1, 2)},
    **{f"SeparableConv{n}D": (MAPS[n], (4, 2)) for n in (1, 2)},
    **{f"{kind}Pooling{n}D": (MAPS[n], (2,)) for kind in ("Max", "Average") for n in MAPS},
    **{f"Adaptive{kind}Pooling{n}D": (MAPS[n], (4,)) for kind in ("Max", "Average") for n in MAPS},
    **{f"Global{kind}Pooling{n}D": (MAPS[n], ()) for kind in ("Max", "Average") for n in MAPS},
    **{f"{kind}{n}D": (MAPS[n], ()) for kind in ("UpSampling", "ZeroPadding", "Cropping") for n in MAPS},
    **{f"SpatialDropout{n}D": (MAPS[n], (0.5,)) for n in MAPS},
    **dict.fromkeys(("BatchNormalization", "LayerNormalization", "RMSNormalization", "Normalization"), (IMAGE, ())),
    **dict.fromkeys(("UnitNormalization", "PReLU", "ReLU", "LeakyReLU", "ELU", "Softmax", "Flatten"), (IMAGE, ())),
    **dict.fromkeys(("Identity", "ActivityRegularization", "AutoContrast", "Solarization"), (IMAGE, ())),
    **dict.fromkeys(("RandAugment", "ContrastLimitedAdaptiveHistogramEqualization"), (IMAGE, ())),
    **dict.fromkeys(("Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise", "Rescaling"), (IMAGE, (0.5,))),
    **dict.fromkeys(("CenterCrop", "Resizing", "RandomCrop"), (IMAGE, (4, 4))),
    **dict.fromkeys(("RandomFlip", "RandomErasing", "RandomGrayscale", "RandomInvert"), (IMAGE, ())),
    **dict.fromkeys(("SimpleRNN", "LSTM", "GRU", "Dense"), (SERIES, (3,))),
    **dict.fromkeys(("Embedding", "ReversibleEmbedding"), (VECTOR, (9, 4))),
    "Activation": (IMAGE, ("relu",)),
    "GroupNormalization": (IMAGE, (3,)),
    "Reshape": (IMAGE, ((8, 24),)),
    "Permute": (IMAGE, ((2, 1, 3),)),
    "RepeatVector": (VECTOR, (3,)),
    "Masking": (SERIES, ()),
    "CategoryEncoding": (VECTOR, (4,)),
    "Discretization": (VECTOR, ([0.0, 1.0],)),
    "EinsumDense": (SERIES, ("abc,cd->abd", (6, 4))),
    "MelSpectrogram": ((800,), ()),
}


@pytest.mark.parametrize(("name", "shape", "arguments"), [(name, *rest) for name, rest in EVERY_LAYER.items()])
def test_every_layer_of_keras(name, shape, arguments):
    row = only_row(shape, getattr(layers, name)(*arguments))
    knows_no_products = {"AutoContrast", "Solarization", "RandAugment", "MelSpectrogram"}
    knows_no_products |= {"ContrastLimitedAdaptiveHistogramEqualization"}
    assert (row.multiply_adds is None) == (name in knows_no_products)
    assert (row.formula == "as built") == (name == "EinsumDense")
    kernels = ("Conv", "DepthwiseConv", "SeparableConv", "SimpleRNN", "LSTM", "GRU", "Dense", "EinsumDense")
    assert bool(row.multiply_adds) == name.startswith(kernels) or row.multiply_adds is None


@pytest.mark.parametrize("name", ["Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"])
def test_every_merging_layer_of_keras(name):
    x = keras.Input(SERIES)
    row = check(keras.Model(x, getattr(layers, name)()([x, layers.ReLU()(x)]))).rows[-1]
    assert (row.formula, row.multiply_adds, row.receptive_field) == ("no weights", 0, 1)
