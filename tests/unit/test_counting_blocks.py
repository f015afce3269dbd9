"""Blocks of a ledger: where they end, what they are called, and that nothing is lost between them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib import keras
from lessons_lib.counting import ledger, shapes_only

layers, applications = keras.layers, keras.applications
COUNTS = ("parameters", "multiply_adds", "activations")


def blocks_of(model, names=None):
    """Return the blocks of a model, after a check of what holds for all of them."""
    counts = ledger(model)
    blocks = counts.blocks(names)
    totals = dict(zip(COUNTS, (counts.total, counts.multiply_adds, counts.activations), strict=True))
    for name, total in totals.items():
        values = [getattr(block, name) for block in blocks]
        assert (None if None in values else sum(values)) == total
    assert blocks[0].input_shape == counts.inputs[0]
    assert all(before.output_shape == after.input_shape for before, after in pairwise(blocks))
    assert blocks[-1].output_shape == model.output_shape[1:]
    assert len({block.name for block in blocks}) == len(blocks)
    return blocks


@pytest.fixture(scope="module")
def nets():
    """Build each net of Keras once, without values."""
    built = {}

    def net(name):
        if name not in built:
            with shapes_only():
                built[name] = getattr(applications, name)(weights=None)
        return built[name]

    return net


# The totals that Keras states at https://keras.io/api/applications, and those of torchvision and the papers.
PARAMETERS = {
    "VGG16": 138_357_544,
    "ResNet50": 25_636_712,
    "InceptionV3": 23_851_784,
    "MobileNetV2": 3_538_984,
    "EfficientNetB0": 5_330_571,
    "ConvNeXtTiny": 28_589_128,
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_net_without_values_is_counted_as_one_with_them(nets, name):
    blocks = blocks_of(nets(name))
    assert sum(block.parameters for block in blocks) == PARAMETERS[name]


def test_vgg16_is_a_chain(nets):
    blocks = blocks_of(nets("VGG16"))
    assert [block.kind for block in blocks].count("convolution") == 13
    assert [(block.name, block.kind) for block in blocks[-4:]] == [
        ("block5_pool", "pooling"), ("fc1", "dense"), ("fc2", "dense"), ("predictions", "dense"),
    ]  # fmt: skip
    assert (blocks[-3].input_shape, blocks[-3].output_shape) == ((7, 7, 512), (4096,))
    assert blocks[-3].parameters == (7 * 7 * 512 + 1) * 4096
    assert blocks[-4].receptive_field == 212


def test_vgg16_in_its_five_blocks(nets):
    blocks = blocks_of(nets("VGG16"), r"block\d")
    assert [block.name for block in blocks] == [*(f"block{i}" for i in range(1, 6)), "fc1", "fc2", "predictions"]
    assert [block.layers for block in blocks] == [2, 2, 3, 3, 3, 1, 1, 1]


def test_resnet50_has_sixteen_shortcuts(nets):
    blocks = blocks_of(nets("ResNet50"))
    assert [block.kind for block in blocks] == ["convolution", "pooling", *["residual"] * 16, "pooling", "dense"]
    wanted = [
        f"conv{stage}_block{i}" for stage, n in zip((2, 3, 4, 5), (3, 4, 6, 3), strict=True) for i in range(1, n + 1)
    ]
    assert [block.name for block in blocks[2:-2]] == wanted
    assert [block.layers for block in blocks[2:-2]] == [4, 3, 3, 4, 3, 3, 3, 4, 3, 3, 3, 3, 3, 4, 3, 3]
    assert blocks[-3].receptive_field == 483


def test_inception_v3_has_eleven_blocks_of_branches(nets):
    blocks = blocks_of(nets("InceptionV3"))
    branching = [block for block in blocks if block.kind == "branches"]
    assert [block.name for block in branching] == [f"mixed{i}" for i in range(11)]
    assert [block.kind for block in blocks[:7]] == [
        *["convolution"] * 3, "pooling", *["convolution"] * 2, "pooling",
    ]  # fmt: skip
    assert blocks[0].name == "convolution 1"


def test_blocks_without_a_shortcut_are_found_by_their_names(nets):
    blocks = blocks_of(nets("MobileNetV2"), r"expanded_conv|block_\d+")
    inner = [block for block in blocks if block.layers > 1]
    assert [block.name for block in inner] == ["expanded_conv", *(f"block_{i}" for i in range(1, 17))]
    assert [block.kind for block in inner].count("residual") == 10


def test_names_do_not_depend_on_models_that_were_built_before():
    def build():
        conv = [layers.Conv2D(2, 3), layers.ReLU(), layers.MaxPooling2D(), layers.Conv2D(3, 3)]
        return keras.Sequential([keras.Input((12, 12, 1)), *conv, layers.Flatten(), layers.Dense(4, name="out")])

    first, second = (blocks_of(build()) for _ in range(2))
    assert first == second
    assert [block.name for block in first] == ["convolution 1", "pooling 1", "convolution 2", "out"]


def test_what_prepares_an_input_belongs_to_the_layer_after_it():
    stack = [layers.Rescaling(2.0), layers.ZeroPadding2D(), layers.Conv2D(2, 3), layers.BatchNormalization()]
    model = keras.Sequential([keras.Input((6, 6, 1)), *stack, layers.Flatten(), layers.Dropout(0.5), layers.Dense(3)])
    convolution, dense = blocks_of(model)
    assert (convolution.output_shape, convolution.parameters) == ((6, 6, 2), 20 + 8)
    assert (dense.input_shape, dense.output_shape) == ((6, 6, 2), (3,))


def test_a_tensor_that_skips_the_whole_net_makes_it_one_block():
    x = keras.Input((4,))
    y = layers.Dense(4)(layers.Dense(4)(x))
    (block,) = blocks_of(keras.Model(x, layers.Add(name="sum")([x, y])))
    assert (block.name, block.kind, block.layers) == ("sum", "residual", 2)


def test_a_grouped_convolution_is_counted():
    with shapes_only():
        stack = [layers.Conv2D(96, 11, 4), layers.MaxPooling2D(3, 2), layers.Conv2D(256, 5, padding="same", groups=2)]
        model = keras.Sequential([keras.Input((227, 227, 3)), *stack])
    first, pooling, second = blocks_of(model)
    assert (first.parameters, pooling.output_shape, second.parameters) == (34_944, (27, 27, 96), 307_456)
    assert (first.receptive_field, pooling.receptive_field, second.receptive_field) == (11, 19, 51)


def test_four_branches_of_which_one_pools_are_one_block():
    with shapes_only():
        x = keras.Input((28, 28, 192))
        one = layers.Conv2D(64, 1)(x)
        three = layers.Conv2D(128, 3, padding="same")(layers.Conv2D(96, 1)(x))
        five = layers.Conv2D(32, 5, padding="same")(layers.Conv2D(16, 1)(x))
        pool = layers.Conv2D(32, 1)(layers.MaxPooling2D(3, 1, padding="same")(x))
        model = keras.Model(x, layers.Concatenate(name="inception")([one, three, five, pool]))
    (block,) = blocks_of(model)
    assert (block.name, block.kind, block.layers, block.output_shape) == ("inception", "branches", 6, (28, 28, 256))
    assert (block.parameters, block.receptive_field) == (163_696, 5)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(["conv", "relu", "pad", "pool", "residual", "branches"]), min_size=1, max_size=6))
def test_nothing_is_lost_between_blocks(kinds):
    x = y = keras.Input((256, 256, 2))
    for kind in kinds:
        if kind == "residual":
            y = layers.Add()([y, layers.Conv2D(2, 3, padding="same")(y)])
        elif kind == "branches":
            y = layers.Concatenate()([layers.Conv2D(1, 3, padding="same")(y), layers.Conv2D(1, 1)(y)])
        else:
            makers = {"conv": lambda: layers.Conv2D(2, 3), "relu": layers.ReLU, "pad": layers.ZeroPadding2D}
            y = makers.get(kind, layers.MaxPooling2D)()(y)
    blocks = blocks_of(keras.Model(x, y))
    assert [block.kind for block in blocks if block.kind in ("residual", "branches")] == [
        kind for kind in kinds if kind in ("residual", "branches")
    ]


def test_heads_that_nothing_merges_are_one_block():
    x = keras.Input((8, 8, 1))
    y = layers.GlobalAveragePooling2D()(layers.Conv2D(5, 3)(x))
    model = keras.Model(x, [layers.Dense(3)(y), layers.Dense(2)(y)])
    assert [(block.kind, block.parameters) for block in ledger(model).blocks()] == [
        ("convolution", 50),
        ("pooling", 0),
        ("dense", 30),
    ]
    x = keras.Input((8,))
    (block,) = ledger(keras.Model(x, [layers.Dense(3)(x), layers.Dense(2)(x)])).blocks()
    assert (block.layers, block.parameters, block.multiply_adds) == (2, 45, 40)


def test_an_input_that_nothing_reads_joins_no_blocks():
    x, unused = keras.Input((8,)), keras.Input((8,))
    model = keras.Model([x, unused], layers.Dense(2)(layers.Dense(3)(x)))
    assert [block.parameters for block in blocks_of(model)] == [27, 8]


def test_a_model_without_calls_has_no_blocks():
    x = keras.Input((8,))
    assert ledger(keras.Model(x, x)).blocks() == []


def test_a_model_without_a_graph_has_no_blocks():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    model = Own()
    model(np.ones((1, 3)))
    with pytest.raises(ValueError, match="graph is known"):
        ledger(model).blocks()


# ---- models without values ---------------------------------------------------------------------------------------


def test_after_it_models_have_values_again():
    with shapes_only():
        keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Dropout(0.5)])
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    assert model.predict(np.ones((1, 3)), verbose=0).shape == (1, 2)


def test_a_model_without_values_takes_no_memory():
    with shapes_only():
        model = keras.Sequential([keras.Input((10**6,)), layers.Dense(10**6)])
    assert model.count_params() == 10**12 + 10**6
    assert ledger(model).total == 10**12 + 10**6


def test_an_error_within_it_passes_and_ends_it():
    with pytest.raises(ZeroDivisionError), shapes_only():
        _ = 1 / 0
    assert layers.Dense(2)(keras.ops.ones((1, 3))).shape == (1, 2)


@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        ("(", ValueError, r"names must be a regular expression\. Received: names='\(', missing \)"),
        (3, TypeError, r"names must be a regular expression\. Received: names=3"),
        (b"a", TypeError, r"names must be a regular expression\. Received: names=b'a'"),
    ],
)
def test_names_that_are_no_regular_expression_are_refused(names, error, message):
    counts = ledger(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]))
    with pytest.raises(error, match=message):
        counts.blocks(names)
