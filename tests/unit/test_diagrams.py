"""Drawings: their texts equal Keras's numbers, nothing overlaps, and everything fits."""

import subprocess
import sys
from itertools import combinations, pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import tensorflow as tf
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle
from numpy.testing import assert_allclose, assert_array_equal

from lessons_lib import diagrams, keras, models, ops
from lessons_lib.diagrams import canvas, layout

mpl.use("Agg")
L = keras.layers
PHONE = 342  # points of text width on a page that is 390 px wide


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def residual():
    x = keras.Input((28, 28, 16))
    h = L.BatchNormalization()(L.Conv2D(16, 3, padding="same")(x))
    h = L.Conv2D(16, 3, padding="same")(L.ReLU()(h))
    return keras.Model(x, L.ReLU()(L.Add()([h, x])))


def inception():
    x = keras.Input((14, 14, 64))
    one = L.Conv2D(16, 1)(x)
    three = L.Conv2D(32, 3, padding="same", activation="relu")(L.Conv2D(24, 1, activation="relu")(x))
    five = L.Conv2D(8, 5, padding="same")(L.Conv2D(4, 1)(x))
    pooled = L.Conv2D(8, 1)(L.MaxPooling2D(3, 1, padding="same")(x))
    return keras.Model(x, L.Concatenate()([one, three, five, pooled]))


def twelve_layers():
    layers = [keras.Input((64, 64, 3))]
    for filters in (16, 32, 64):
        layers += [L.Conv2D(filters, 3), L.BatchNormalization(), L.MaxPooling2D()]
    return keras.Sequential([*layers, L.GlobalAveragePooling2D(), L.Dropout(0.5), L.Dense(10, activation="softmax")])


def two_shortcuts():
    x = keras.Input((32, 32, 3))
    h = L.Conv2D(8, 3, padding="same")(x)
    inner = L.Add()([L.Conv2D(8, 3, padding="same")(h), h])
    down = L.Conv2D(16, 1, strides=2)(inner)
    outer = L.Add()([L.Conv2D(16, 3, strides=2, padding="same", activation="relu")(inner), down])
    return keras.Model(x, L.Dense(10, activation="softmax")(L.GlobalAveragePooling2D()(outer)))


MODELS = {
    "dense": models.dense,
    "cnn": models.cnn,
    "global": models.cnn_global,
    "any size": lambda: models.cnn_global(input_shape=(None, None, 1)),
    "residual": residual,
    "inception": inception,
    "twelve": twelve_layers,
    "shortcuts": two_shortcuts,
    "sequence": lambda: keras.Sequential([keras.Input((20, 8)), L.Conv1D(16, 3), L.LSTM(4), L.Dense(1)]),
}


def drawn_number(value, spec):
    """Return a number as the drawings write it."""
    return format(value, f"z{spec}").replace("-", "−")


def texts(axis):
    return [text.get_text() for text in axis.texts if text.get_text()]


def boxes_of_texts(axis):
    """Return the bounding box of every text in points, as (text, left, bottom, right, top)."""
    renderer = axis.figure.canvas.get_renderer()
    scale = 72 / axis.figure.dpi
    extents = [(text.get_text(), text.get_window_extent(renderer)) for text in axis.texts if text.get_text()]
    return [(text, *(scale * edge for edge in (box.x0, box.y0, box.x1, box.y1))) for text, box in extents]


def assert_reads(axis):
    """Check that no text overlaps another, and that everything lies within the figure."""
    boxes = boxes_of_texts(axis)
    for (a, *one), (b, *two) in combinations(boxes, 2):
        across = min(one[2], two[2]) - max(one[0], two[0])
        along = min(one[3], two[3]) - max(one[1], two[1])
        # Side by side there is a space between them; above each other the room for letters below the line may touch.
        assert across <= -3 or along <= 2.5, (a, b, across, along)
    width, height = 72 * axis.figure.get_size_inches()
    for text, left, bottom, right, top in boxes:
        assert -0.1 <= left < right <= width + 0.1, text
        assert -0.1 <= bottom < top <= height + 0.1, text
    assert (axis.get_xlim(), axis.get_ylim()) == (pytest.approx((0, width)), pytest.approx((height, 0)))
    for patch in axis.patches:
        box = (
            patch.get_path().get_extents(patch.get_patch_transform())
            if not isinstance(patch, FancyArrowPatch)
            else (patch.get_path().get_extents())
        )
        assert min(box.x0, box.y0) >= -1, patch
        assert box.x1 <= width + 1, patch
        assert box.y1 <= height + 1, patch


# layers -----------------------------------------------------------------------------------------------------------


def keras_texts(model):
    """Return the texts of shapes and of parameters, as Keras counts them, of all layers in the order of the calls."""
    shapes, parameters = [], []
    for layer in model.layers:
        if not isinstance(layer, L.InputLayer):
            shapes.append("×".join("?" if n is None else str(n) for n in layer.output.shape[1:]))
            count = layer.count_params()
            parameters.append(f"{count:,} parameters" if count else "no weights")
    return shapes, parameters


@pytest.mark.parametrize("name", MODELS)
def test_layers_are_drawn_with_the_shapes_and_parameters_of_keras(name):
    model = MODELS[name]()
    # Narrow boxes break the line before the word "parameters".
    words = (
        "\n".join(texts(diagrams.layers(model))).replace("\nparameters", " parameters").replace(", ", "\n").split("\n")
    )
    shapes, parameters = keras_texts(model)
    assert words.pop(0) == f"{model.count_params():,} parameters in all"
    assert sorted(word for word in words if word.endswith(("parameters", "weights"))) == sorted(parameters)
    expected = [*shapes, "×".join("?" if n is None else str(n) for n in model.input_shape[1:])]
    found = [word for word in words if set(word) <= set("0123456789×?") and word not in ("1×1", "2×2", "3×3", "5×5")]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("name", MODELS)
def test_layers_read(name):
    axis = diagrams.layers(MODELS[name]())
    assert_reads(axis)
    width = 72 * axis.figure.get_figwidth()
    smallest = min(text.get_size() for text in axis.texts)
    assert smallest * PHONE / width >= 8.5  # pixels on a phone


def test_every_arrow_of_a_chain_is_seen():
    layers = [keras.Input((64, 64, 512)), *(L.ReLU() for _ in range(5)), L.Flatten(), L.Dense(1)]
    for model in (keras.Sequential(layers), models.cnn(), twelve_layers()):
        axis = diagrams.layers(model)
        assert_reads(axis)
        for arrow in (p for p in axis.patches if isinstance(p, FancyArrowPatch)):
            (start, _), (end, _) = arrow._path_original.vertices
            assert end - start >= 7


def test_the_names_and_settings_are_those_of_keras():
    found = texts(diagrams.layers(models.cnn()))
    assert found[1:9] == ["Input", "28×28×1", "Conv2D", "3×3, relu", "26×26×8", "80 parameters", "Max", "Pooling2D"]
    assert found[-4:] == ["Dense", "softmax", "10", "4,010 parameters"]
    found = texts(diagrams.layers(two_shortcuts()))
    assert "Conv2D 3×3, strides 2, relu" in found
    layers = [keras.Input((9, 9, 2)), L.MaxPooling2D(3, 1), L.Conv2D(1, (1, 3), strides=(1, 2)), L.Dropout(0.25)]
    found = texts(diagrams.layers(keras.Sequential([*layers, L.Conv2D(1, 1, dilation_rate=2)])))
    assert {"3×3, strides 1", "1×3, strides 1×2", "0.25", "1×1, dilation 2"} <= set(found)


def sheets(axis, color):
    """Return the sides of the rectangles with this edge, from the left to the right."""
    edges = [p for p in axis.patches if type(p) is Rectangle and mpl.colors.to_hex(p.get_edgecolor()) == color.lower()]
    return [(p.get_width(), p.get_height()) for p in edges]


def test_maps_and_bars_grow_with_what_they_show():
    layers = [keras.Input((64, 16, 1)), L.Conv2D(8, 1), L.AveragePooling2D(4), L.Conv2D(16, 1, use_bias=False)]
    axis = diagrams.layers(keras.Sequential([*layers, L.Flatten(), L.Dense(31), L.Dense(3)]))
    blue, green, vermilion = (sheets(axis, color) for color in (canvas.COLORS[0], canvas.COLORS[2], canvas.COLORS[1]))
    assert [len(blue), len(green)] == [4 + 5, 4]  # 8 and 16 channels: 1 + 3 and 1 + 4 sheets
    width, height = blue[0]
    assert width / height == pytest.approx(0.5)  # the square root of 16 / 64
    assert_allclose(green[0], [width / 2, height / 2])  # a quarter of the pixels along each axis
    assert vermilion[0][1] / vermilion[1][1] == pytest.approx(5 / 2)  # log2(32) / log2(4)


def test_a_graph_has_an_arrow_for_each_connection_and_a_chain_one_for_each_step():
    arrows = {
        name: [p for p in diagrams.layers(MODELS[name]()).patches if isinstance(p, FancyArrowPatch)] for name in MODELS
    }
    assert len(arrows["residual"]) == 7
    assert len(arrows["inception"]) == 11
    assert len(arrows["dense"]) == 3
    assert len(arrows["cnn"]) == 6 + 1  # the arrow to the second row has two parts


@pytest.mark.parametrize("name", ["residual", "inception", "shortcuts"])
def test_boxes_do_not_overlap_and_no_arrow_crosses_one(name):
    axis = diagrams.layers(MODELS[name]())
    boxes = [p.get_bbox() for p in axis.patches if isinstance(p, FancyBboxPatch)]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    for arrow in (p for p in axis.patches if isinstance(p, FancyArrowPatch)):
        line = arrow._path_original.interpolated(1).to_polygons(closed_only=False)[0]
        for box in boxes:
            inside = [box.x0 + 1 < x < box.x1 - 1 and box.y0 + 1 < y < box.y1 - 1 for x, y in line]
            assert not any(inside)


def test_several_models_are_drawn_under_their_titles_at_one_scale():
    designs = {"one 5×5": keras.Sequential([keras.Input((28, 28, 4)), L.Conv2D(4, 5)]), "shortcut": residual()}
    axis = diagrams.layers(designs)
    assert_reads(axis)
    found = texts(axis)
    assert found[0] == "one 5×5"
    assert found[1] == f"{designs['one 5×5'].count_params():,} parameters in all"
    assert found[found.index("shortcut") + 1] == f"{designs['shortcut'].count_params():,} parameters in all"
    small = diagrams.layers({"large": keras.Sequential([keras.Input((64, 64, 1)), L.ReLU()]), "small": models.dense()})
    sides = sheets(small, "#666666")
    assert sides[1][0] / sides[0][0] == pytest.approx((28 / 64) ** 0.5)


def test_a_shared_layer_counts_its_weights_once():
    shared, x = L.Dense(4), keras.Input((4,))
    model = keras.Model(x, shared(shared(x)))
    found = texts(diagrams.layers(model))
    assert found[0] == "20 parameters in all"
    assert [text for text in found[1:] if "parameters" in text or "weights" in text] == [
        "20 parameters",
        "shared weights",
    ]


def test_a_model_without_a_known_graph_is_refused():
    class Own(keras.Model):
        def call(self, x):
            return x

    with pytest.raises(TypeError, match=r"model must be a Keras model\. Received: int"):
        diagrams.layers(3)
    with pytest.raises(ValueError, match="model must hold at least one model"):
        diagrams.layers({})
    with pytest.raises(ValueError, match=r"model\['own'\] must be a Sequential or functional model"):
        diagrams.layers({"own": Own()})
    with pytest.raises(ValueError, match=r"begins with keras\.Input"):
        diagrams.layers(keras.Sequential([L.Dense(3)]))
    assert not plt.get_fignums()


# layout -----------------------------------------------------------------------------------------------------------


def lay_out(sources):
    return layout.lay_out(sources, node_width=50, node_heights=[20] * len(sources), gap=10, row_gap=15)


def test_a_chain_is_upright_and_a_shortcut_passes_beside_it():
    found = lay_out([[], [0], [1], [2, 0]])
    assert_allclose(found.x, found.x[0], atol=0.5)
    assert_allclose(found.y, [0, 35, 70, 105])
    (shortcut,) = [points for points in found.edges if len(points) > 2]
    assert all(abs(x - found.x[1]) >= 25 + 10 for x, _ in shortcut[1:-1])
    assert np.ptp([x for x, _ in shortcut[1:-1]]) < 0.5


def test_rows_are_sorted_so_that_edges_do_not_cross():
    found = lay_out([[], [0], [0], [2], [1], [3, 4]])
    assert (found.x[1] < found.x[2]) == (found.x[4] < found.x[3])


def test_random_graphs_keep_their_distances():
    random = np.random.default_rng(0)
    for _ in range(20):
        size = int(random.integers(2, 14))
        sources = [[]] + [sorted({int(random.integers(0, node)) for _ in range(2)}) for node in range(1, size)]
        found = lay_out(sources)
        for a, b in combinations(range(size), 2):
            assert abs(found.x[a] - found.x[b]) >= 59.9 or abs(found.y[a] - found.y[b]) >= 34.9
        assert all(found.y[node] > found.y[source] for node in range(size) for source in sources[node])
        assert min(found.x) >= 24.9
        assert max(found.x) <= found.width - 24.9


# network ----------------------------------------------------------------------------------------------------------

WEIGHTS, BIASES, X = [[[0.5, -0.3], [0.8, 0.2]], [[1.0], [-0.7]]], [[0.1, 0.0], [0.2]], [1.0, 2.0]


@pytest.mark.parametrize("activation", ["sigmoid", "relu", "tanh", "softmax", "linear"])
def test_the_numbers_of_a_network_are_those_of_keras(activation):
    random = np.random.default_rng(1)
    shapes = [(3, 4), (4, 2)]
    weights, biases = (
        [random.normal(size=shape) for shape in shapes],
        [random.normal(size=shape[1]) for shape in shapes],
    )
    x, upstream = random.normal(size=3), random.normal(size=2)
    _, found = diagrams.network(weights, biases, x, activations=["tanh", activation], upstream=upstream)
    variables = [[tf.Variable(each) for each in arrays] for arrays in (weights, biases)]
    start, sums, outputs = tf.Variable(x[np.newaxis]), [], []
    with tf.GradientTape() as tape:
        value = start
        for weight, bias, name in zip(*variables, ["tanh", activation], strict=True):
            sums.append(value @ weight + bias)
            value = keras.activations.get(name)(sums[-1])
            outputs.append(value)
        loss = tf.reduce_sum(value * upstream)
    expected = tape.gradient(loss, [start, *variables[0], *variables[1], *sums, *outputs])
    slopes = [[found.slopes.x], found.slopes.weights, found.slopes.biases, found.slopes.sums, found.slopes.outputs]
    for mine, theirs in zip([each for part in slopes for each in part], expected, strict=True):
        assert_allclose(mine, np.reshape(theirs, mine.shape), atol=1e-12)
    for mine, theirs in zip(found.sums + found.outputs, sums + outputs, strict=True):
        assert_allclose(mine, theirs[0], atol=1e-12)


def test_all_numbers_of_a_network_are_drawn():
    axis, found = diagrams.network(WEIGHTS, BIASES, X, upstream=[-0.34], numbers=".3f")
    arrays = [X, *WEIGHTS, *BIASES, *found.sums, *found.outputs]
    back = [found.slopes.x, *found.slopes.weights, *found.slopes.biases, *found.slopes.sums, *found.slopes.outputs]
    numbers = [drawn_number(value, ".3f") for array in arrays + back for value in np.ravel(array)]
    assert sorted(numbers) == sorted(text for text in texts(axis) if "." in text)
    values = [text.get_text() for text in axis.texts if text.get_color() == canvas.FORWARD][1:]
    slopes = [text.get_text() for text in axis.texts if text.get_color() == canvas.BACKWARD][1:]
    assert sorted(values) == sorted(drawn_number(value, ".3f") for array in arrays for value in np.ravel(array))
    assert len(slopes) == len(values)
    assert "slope of the loss" in texts(axis)


def test_each_weight_stands_on_its_edge():
    axis, _ = diagrams.network([[[1.0, 2.0], [3.0, 4.0]]], [[0.0, 0.0]], X, numbers=".0f")
    lines = [p._path_original.vertices for p in axis.patches if isinstance(p, FancyArrowPatch)]
    places = {text.get_text(): np.array(text.get_position()) for text in axis.texts if text.get_zorder() == 4}
    for weight, (start, end) in zip("1234", lines, strict=True):
        if weight in "34":  # 1 and 2 are inputs too
            share = (places[weight][0] - start[0]) / (end[0] - start[0])
            assert_allclose(places[weight], start + share * (end - start))


@pytest.mark.parametrize("sizes", [(2, 2, 1), (1, 1), (3, 4, 3), (6, 6), (2, 2, 2, 1), (1, 5, 1)])
@pytest.mark.parametrize("with_slopes", [True, False])
def test_a_network_reads(sizes, with_slopes):
    random = np.random.default_rng(2)
    weights = [5 * random.normal(size=shape) for shape in pairwise(sizes)]
    biases = [random.normal(size=size) for size in sizes[1:]]
    upstream = -np.ones(sizes[-1]) if with_slopes else None
    axis, found = diagrams.network(weights, biases, np.ones(sizes[0]), upstream=upstream)
    assert_reads(axis)
    assert (found.slopes is None) == (not with_slopes)


def test_a_small_network_is_as_wide_as_a_phone_can_show():
    axis, _ = diagrams.network(WEIGHTS, BIASES, X, upstream=[-0.34])
    assert axis.figure.get_figwidth() == pytest.approx(5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": []}, "weights and biases must hold one array for each layer"),
        ({"weights": [np.ones((2, 7))], "biases": [np.ones(7)]}, "at most 6 units"),
        ({"activations": ["relu"]}, "one name for each layer"),
        ({"activations": "swish"}, "activations must be one of"),
        ({"upstream": [1, 2]}, "one slope for each output, 1"),
        ({"numbers": "two"}, "numbers must be a format"),
        ({"x": [1.0]}, "weights must have one row for each input"),
    ],
)
def test_a_network_that_does_not_fit_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        diagrams.network(**{"weights": WEIGHTS, "biases": BIASES, "x": X} | change)
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", ["weights", "biases", "activations"])
def test_a_network_needs_something_for_each_layer(name):
    with pytest.raises(TypeError, match=f"{name} must be a sequence of .* Received: {name}=3"):
        diagrams.network(**{"weights": WEIGHTS, "biases": BIASES, "x": X} | {name: 3})
    assert not plt.get_fignums()


# graph ------------------------------------------------------------------------------------------------------------

STEPS = [
    ("w", "", [], 0.5, -3.2),
    ("x", "", [], 2.0, -0.8),
    ("u", "w · x", ["w", "x"], 1.0, -1.6),
    ("y", "", [], 1.8, 1.6),
    ("e", "u − y", ["u", "y"], -0.8, -1.6),
    ("L", "e²", ["e"], 0.64, 1.0),
]


def test_a_graph_shows_every_step_with_its_value_and_slope():
    axis = diagrams.graph(STEPS)
    assert texts(axis)[:2] == ["value", "slope of L"]
    expected = [
        [f"{s[0]} = {s[1]}" if s[1] else s[0], drawn_number(s[3], ".4g"), drawn_number(s[4], ".4g")] for s in STEPS
    ]
    assert texts(axis)[2:] == [text for step in expected for text in step]
    assert len([p for p in axis.patches if isinstance(p, FancyArrowPatch)]) == 5
    assert_reads(axis)


def test_a_graph_without_slopes_shows_values_only():
    axis = diagrams.graph([(*step[:4], None) for step in STEPS], numbers=".2f")
    assert texts(axis)[:3] == ["value", "w", "0.50"]
    assert_reads(axis)


def test_a_given_number_stands_just_above_its_use():
    axis = diagrams.graph(STEPS)
    place = {text.get_text(): text.get_position()[1] for text in axis.texts}
    assert place["w"] == place["x"] < place["u = w · x"] == place["y"] < place["e = u − y"] < place["L = e²"]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([], "at least one step"),
        ([("a", "b", ["b"], 1, 1)], "must read earlier steps only"),
        ([("a", "", [], 1, 1), ("a", "", [], 1, 1)], "different names"),
        ([("a", "", [], float("nan"), 1)], "value of a must be finite"),
        (
            [("a", "", ())],
            r"steps must hold \(name, operation, inputs, value, slope\) for each.* Received: \('a', '', \(\)\)",
        ),
        (3, "steps must be a sequence of steps. Received: steps=3"),
        ([3], "a step must be a sequence of name, .* Received: a step=3"),
        ([("a", "", [], 1, 1), ("b", "a", "a", 1, 1)], "inputs of b must be a sequence of names. Received"),
        ([("a", "", 3, 1, 1)], "inputs of a must be a sequence of names. Received: inputs of a=3"),
        ([(3, "", [], 1, 1)], r"of which the first two are texts. Received: \(3,"),
        ([("a", None, [], 1, 1)], r"of which the first two are texts. Received: \('a', None"),
    ],
)
def test_a_graph_that_cannot_be_drawn_is_refused(steps, message):
    with pytest.raises((ValueError, TypeError), match=message):
        diagrams.graph(steps)
    assert not plt.get_fignums()


# filters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(3, 3, 3), (2, 2, 2), (1, 1, 4), (3, 2, 1)])
def test_a_filter_across_channels_gives_the_number_of_keras(shape):
    random = np.random.default_rng(3)
    patch, kernel = random.random(shape), random.normal(size=shape)
    axis, found = diagrams.filter_across_channels(patch, kernel, -0.25, numbers=".2f")
    expected = keras.ops.conv(patch[np.newaxis], kernel[..., np.newaxis], padding="valid")
    assert found.output == pytest.approx(float(np.squeeze(expected)) - 0.25)
    assert_allclose(found.products, patch * kernel)
    assert_allclose(found.sums, found.products.sum(axis=(0, 1)))
    words = texts(axis)
    for array in (patch, kernel, found.products, found.sums):
        assert {drawn_number(value, ".2f") for value in array.flat} <= set(words)
    assert words.count(drawn_number(found.output, ".2f")) >= 1
    assert any("bias (−0.25) =" in word for word in words)
    assert_reads(axis)


@pytest.mark.parametrize("channels", [3, "rgb", [1, 2, 3]])
def test_the_names_of_channels_are_a_sequence_of_texts(channels):
    with pytest.raises(TypeError, match=r"channels must be a (sequence of names|text). Received: "):
        diagrams.filter_across_channels(np.ones((2, 2, 3)), np.ones((2, 2, 3)), channels=channels)
    assert not plt.get_fignums()


def test_a_filter_of_a_colour_image_names_the_colours():
    whole = np.ones((3, 3, 3), dtype=int)
    axis, found = diagrams.filter_across_channels(whole, whole, 1)
    assert [word for word in texts(axis) if word in ("red", "green", "blue")] == ["red", "green", "blue"]
    assert "9 + 9 + 9 + bias 1 =" in texts(axis)
    assert found.output == 28
    assert axis.figure.get_figwidth() < 5.3
    axis, _ = diagrams.filter_across_channels(whole[..., :2], whole[..., :2], channels=["left", "right"])
    assert {"left", "right"} <= set(texts(axis))
    with pytest.raises(ValueError, match="kernel must have the shape of image_patch"):
        diagrams.filter_across_channels(whole, whole[:2])
    with pytest.raises(ValueError, match="one name for each channel, 3"):
        diagrams.filter_across_channels(whole, whole, channels=["one"])


@pytest.mark.parametrize(
    ("shape", "kernel_shape"), [((3, 3), (3, 3)), ((2, 2), (2, 2)), ((2, 4), (1, 3)), ((1, 1), (2, 1))]
)
def test_the_way_back_through_a_convolution_gives_the_gradient_of_keras(shape, kernel_shape):
    random = np.random.default_rng(4)
    gradient, kernel = random.normal(size=shape), random.normal(size=kernel_shape)
    image = tf.Variable(np.zeros((1, shape[0] + kernel_shape[0] - 1, shape[1] + kernel_shape[1] - 1, 1)))
    with tf.GradientTape() as tape:
        output = keras.ops.conv(image, kernel[..., np.newaxis, np.newaxis], padding="valid")
        loss = tf.reduce_sum(output[0, :, :, 0] * gradient)
    expected = np.array(tape.gradient(loss, image))[0, :, :, 0]
    for row, column in {(0, 0), (expected.shape[0] // 2, expected.shape[1] - 1)}:
        axis, found = diagrams.convolution_backward(gradient, kernel, row=row, column=column, numbers=".2f")
        assert_allclose(found.image_gradient, expected)
        assert found.products.sum() == pytest.approx(expected[row, column])
        assert f"sum {drawn_number(expected[row, column], '.2f')}" in texts(axis)
        plt.close("all")
    assert_array_equal(found.turned, np.rot90(kernel, 2))
    assert_allclose(ops.convolve(found.padded, found.turned), expected)


def test_the_window_and_the_pixel_are_framed():
    axis, _ = diagrams.convolution_backward(np.ones((3, 3)), np.ones((3, 3)), row=1, column=4)
    assert_reads(axis)
    cells = [p for p in axis.patches if p.get_linewidth() < 1]
    window, pixel = [p for p in axis.patches if p.get_linewidth() > 2]
    side = cells[0].get_width()
    assert_allclose([window.get_width(), window.get_height(), pixel.get_width()], [3 * side, 3 * side, side])
    assert_allclose(np.subtract(window.get_xy(), cells[0].get_xy()), [4 * side, side])
    assert_allclose(np.subtract(pixel.get_xy(), cells[49 + 9 + 9 + 9].get_xy()), [4 * side, side])
    with pytest.raises(ValueError, match="row and column must be in the image of 5×5"):
        diagrams.convolution_backward(np.ones((3, 3)), np.ones((3, 3)), row=5)


@pytest.mark.parametrize("value", [-1e5, 0.001, -3])
def test_a_grid_with_long_numbers_reads(value):
    axis, _ = diagrams.convolution_backward(np.full((2, 3), value), np.full((2, 2), 1.234), numbers=".3g")
    assert_reads(axis)


# the module -------------------------------------------------------------------------------------------------------


def test_the_import_loads_no_keras():
    code = "import sys, lessons_lib.diagrams; sys.exit(bool({'keras', 'tensorflow'} & sys.modules.keys()))"
    subprocess.run([sys.executable, "-c", code], check=True)
