"""Figures: what they draw, read from Matplotlib's artists, and what they refuse."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.container import BarContainer
from numpy.testing import assert_allclose, assert_array_equal

from lessons_lib import plots
from lessons_lib.results import Repeated

mpl.use("Agg")
RUNS = Repeated(np.array([[0.8, 0.5], [0.9, 0.7]]))
LABELS = {"xlabel": "epoch", "ylabel": "accuracy"}


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def drawn(picture, **settings):
    """Draw one image, and return Matplotlib's image of it."""
    (axis,) = plots.images([picture], **settings).flat
    return axis.images[0]


def color_at(image, row, column):
    """Return red, green and blue with which Matplotlib paints one pixel of an image."""
    return image.to_rgba(image.get_array())[row, column, :3]


# images -----------------------------------------------------------------------------------------------------------


def test_images_fill_the_grid_row_by_row_and_leave_the_rest_empty():
    axes = plots.images([np.full((2, 2), index) for index in range(5)], columns=3, titles=list("abcde"))
    assert axes.shape == (2, 3)
    assert [len(axis.images) for axis in axes.flat] == [1, 1, 1, 1, 1, 0]
    assert [axis.images[0].get_array()[0, 0] for axis in axes.flat[:5]] == [0, 1, 2, 3, 4]
    assert [axis.get_title() for axis in axes.flat] == ["a", "b", "c", "d", "e", ""]
    assert [axis.axison for axis in axes.flat] == [True] * 5 + [False]


def test_images_stand_in_one_row_unless_columns_are_fewer():
    pictures = [np.eye(2)] * 3
    assert plots.images(pictures).shape == (1, 3)
    assert plots.images(pictures, columns=9).shape == (1, 3)
    assert plots.images(pictures, columns=2).shape == (2, 2)
    assert plots.images(pictures, columns=1).shape == (3, 1)


@pytest.mark.parametrize("shape", [(2, 3), (5, 1), (1, 5), (1, 1), (2, 3, 1), (5, 1, 1), (1, 5, 1), (1, 1, 1)])
def test_a_grey_image_keeps_its_rows_and_columns(shape):
    picture = np.arange(np.prod(shape), dtype=float).reshape(shape)
    assert_array_equal(drawn(picture).get_array(), picture.reshape(shape[:2]))


@pytest.mark.parametrize("shape", [(2, 4, 3), (4, 1, 3), (1, 4, 3), (1, 1, 3), (3, 3, 3)])
def test_a_colour_image_keeps_its_rows_columns_and_colours(shape):
    picture = np.random.default_rng(0).random(shape)
    assert_allclose(drawn(picture).get_array(), picture)


def test_the_first_row_is_at_the_top_and_the_first_column_at_the_left():
    (axis,) = plots.images([np.arange(6).reshape(2, 3)]).flat
    assert axis.images[0].origin == "upper"
    left, right, bottom, top = axis.images[0].get_extent()
    assert (left, right, bottom, top) == (-0.5, 2.5, 1.5, -0.5)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float16, np.float32, np.longdouble])
def test_images_of_every_type_of_number_are_drawn(dtype):
    picture = np.array([[0, 1], [1, 0]], dtype)
    image = drawn(picture, numbers=".0f")
    assert_array_equal(image.get_array(), [[0, 1], [1, 0]])
    assert image.get_clim() == (0, 1)
    colours = np.array([[[1, 0, 0], [0, 0, 1]]], dtype)  # whole numbers 0 and 1 are not 0 and 1 of 255
    assert_array_equal(color_at(drawn(colours), 0, 1), (0, 0, 1))


def test_the_pictures_are_not_changed_and_may_come_from_a_generator():
    picture = np.array([[0.0, 2.0]])
    assert plots.images(picture for _ in range(2)).shape == (1, 2)
    assert_array_equal(picture, [[0, 2]])


def test_images_reach_from_their_least_to_their_greatest_value():
    first, second = plots.images([np.array([[2.0, 5.0]]), np.array([[-1.0, 0.5]])]).flat
    assert first.images[0].get_clim() == (2, 5)
    assert second.images[0].get_clim() == (-1, 0.5)
    assert_allclose(color_at(first.images[0], 0, 0), 0)
    assert_allclose(color_at(first.images[0], 0, 1), 1)


def test_limits_are_the_same_for_all_images():
    axes = plots.images([np.eye(2), 3 * np.eye(2)], limits=(-1, 4))
    assert [axis.images[0].get_clim() for axis in axes.flat] == [(-1, 4), (-1, 4)]


@pytest.mark.parametrize(("value", "limits"), [(0, (0, 1)), (0.7, (0, 1)), (1, (0, 1)), (5, (0, 5)), (-5, (-5, 1))])
def test_an_image_of_one_value_is_as_bright_as_its_value(value, limits):
    image = drawn(np.full((2, 2), value))
    assert image.get_clim() == limits
    low, high = limits
    assert_allclose(color_at(image, 0, 0), (value - low) / (high - low), atol=0.01)


@pytest.mark.parametrize("values", [[-1, 3], [-3, 1], [2, 2], [-2, -2], [0.5, 4], [-4, -0.5], [0, 0]])
def test_zero_is_white_in_every_signed_image(values):
    image = drawn(np.array([values]), cmap=plots.SIGNED)
    low, high = image.get_clim()
    assert low == -high
    assert high == (max(np.abs(values)) or 1)
    zero = image.to_rgba(np.array([[0.0]]))[0, 0, :3]
    assert zero.min() > 0.95
    red, _, blue = color_at(image, 0, 0)
    assert np.sign((red - blue).round(2)) == np.sign(values[0])  # red above zero, blue below


def test_a_colour_map_may_be_an_object():
    assert drawn(np.array([[0.0, 3.0]]), cmap=plt.get_cmap(plots.SIGNED)).get_clim() == (-3, 3)


def test_numbers_stand_in_their_pixels_in_a_readable_ink():
    (axis,) = plots.images([np.array([[0.0, 1.0, 0.2], [0.9, 0.1, 0.8]])], numbers=".1f").flat
    texts = {text.get_position(): (text.get_text(), text.get_color()) for text in axis.texts}
    assert texts == {
        (0, 0): ("0.0", "white"),
        (1, 0): ("1.0", "black"),
        (2, 0): ("0.2", "white"),
        (0, 1): ("0.9", "black"),
        (1, 1): ("0.1", "white"),
        (2, 1): ("0.8", "black"),
    }


def test_the_ink_is_readable_with_given_limits_too():
    (axis,) = plots.images([np.array([[5.0, 5.0]])], numbers=".0f", limits=(5, 9)).flat
    assert {text.get_color() for text in axis.texts} == {"white"}
    (axis,) = plots.images([np.array([[5.0, 5.0]])], numbers=".0f", limits=(0, 5)).flat
    assert {text.get_color() for text in axis.texts} == {"black"}


@pytest.mark.parametrize(
    ("value", "spec", "text"),
    [
        (-0.0, ".1f", "0.0"),
        (-0.04, ".1f", "0.0"),
        (-0.04, "+.1f", "+0.0"),
        (-0.06, ".1f", "-0.1"),
        (-0.0, ".3g", "0"),
        (-1e-9, "6.2f", "  0.00"),
        (-0.001, ".0%", "0%"),
        (3, "d", "3"),
        (True, ".0f", "1"),
    ],
)
def test_a_zero_is_written_without_a_sign(value, spec, text):
    (axis,) = plots.images([np.array([[value]])], numbers=spec).flat
    assert axis.texts[0].get_text() == text


# curves -----------------------------------------------------------------------------------------------------------


def test_curves_show_the_mean_at_its_place():
    axis = plots.curves([1, 3], {"dense": RUNS, "CNN": [0.9, 0.8]}, **LABELS, chance=0.1)
    dense, cnn, chance = axis.lines
    assert_array_equal(dense.get_xdata(), [1, 3])
    assert_allclose(dense.get_ydata(), [0.85, 0.6])
    assert_allclose(cnn.get_ydata(), [0.9, 0.8])
    assert_allclose(chance.get_ydata(), [0.1, 0.1])
    assert chance.get_linestyle() == ":"
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["dense", "CNN", "chance"]
    assert (axis.get_xlabel(), axis.get_ylabel()) == ("epoch", "accuracy")


def test_the_band_reaches_one_standard_deviation_below_and_above_the_mean():
    axis = plots.curves([1, 3], {"CNN": [0.9, 0.8], "dense": RUNS}, **LABELS)
    (band,) = axis.collections  # a line without seeds has none
    corners = {(round(x, 6), round(y, 6)) for x, y in band.get_paths()[0].vertices}
    first, second = 0.1 / 2**0.5, 0.2 / 2**0.5  # of two values: their distance over the square root of 2
    expected = {(1, 0.85 - first), (1, 0.85 + first), (3, 0.6 - second), (3, 0.6 + second)}
    assert corners == {(x, round(y, 6)) for x, y in expected}
    assert mpl.colors.to_hex(band.get_facecolor()[0]).upper() == axis.lines[1].get_color().upper()


def test_every_line_is_drawn_and_looks_different():
    lines = {f"seed {seed}": [seed, seed + 1] for seed in range(147)}
    axis = plots.curves([0, 1], lines, **LABELS, chance=0)
    assert len(axis.lines) == 148
    assert [line.get_ydata()[0] for line in axis.lines[:147]] == list(range(147))
    looks = {(line.get_color(), line.get_linestyle(), line.get_marker()) for line in axis.lines}
    assert len(looks) == 148
    assert len({(line.get_color(), line.get_linestyle()) for line in axis.lines[:21]}) == 21
    assert [text.get_text() for text in axis.get_legend().get_texts()] == [*lines, "chance"]


def test_the_first_lines_keep_their_colours_and_a_short_legend_stands_inside():
    axis = plots.curves([0], {str(index): [index] for index in range(7)}, **LABELS)
    assert tuple(line.get_color() for line in axis.lines) == plots.COLORS
    assert {line.get_linestyle() for line in axis.lines} == {"-"}
    assert axis.get_legend().get_bbox_to_anchor().x1 <= axis.bbox.x1


def test_a_name_with_an_underscore_is_in_the_legend():
    axis = plots.curves([0, 1], {"_loss": [1, 2], 3: [2, 3]}, **LABELS)
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["_loss", "3"]


def test_nan_and_infinity_leave_a_gap_and_the_other_points_stay():
    runs = Repeated(np.array([[1.0, np.nan, 3.0, np.inf], [3.0, 1.0, 5.0, np.inf]]))
    axis = plots.curves(range(4), {"dense": [1, np.nan, 3, np.inf], "CNN": runs}, **LABELS)
    assert_array_equal(axis.lines[0].get_ydata(), [1, np.nan, 3, np.inf])
    assert_array_equal(axis.lines[1].get_ydata(), [2, np.nan, 4, np.inf])
    assert axis.lines[0].get_marker() not in (None, "None", "")  # so that a point between gaps is seen


def test_whole_numbers_of_any_size_are_drawn():
    axis = plots.curves([0, 1], {"parameters": [1, 10**20]}, **LABELS)
    assert_allclose(axis.lines[0].get_ydata(), [1, 1e20])
    assert plots.bars({"parameters": 10**20}, xlabel="x").patches[0].get_width() == 1e20


def test_one_point_is_drawn_with_its_spread():
    axis = plots.curves([4], {"dense": Repeated(np.array([[1.0], [3.0]]))}, **LABELS)
    assert_allclose(axis.lines[0].get_xydata(), [[4, 2]])
    heights = axis.collections[0].get_paths()[0].vertices[:, 1]
    assert_allclose((heights.min(), heights.max()), (2 - 2**0.5, 2 + 2**0.5))
    assert axis.collections[0].get_linewidth() > 0


def test_one_seed_has_no_spread():
    axis = plots.curves([0, 1], {"dense": Repeated(np.array([[0.5, 0.6]]))}, **LABELS)
    assert_allclose(axis.lines[0].get_ydata(), [0.5, 0.6])
    assert not axis.collections
    assert not plots.bars({"dense": Repeated(np.array([0.5]))}, xlabel="x").containers[0].errorbar


# bars -------------------------------------------------------------------------------------------------------------


def test_bars_have_their_lengths_numbers_and_names():
    axis = plots.bars({"dense": RUNS[0], "CNN": 0.5}, xlabel="accuracy", chance=0.1)
    assert [bar.get_width() for bar in axis.patches] == pytest.approx([0.85, 0.5])
    assert [bar.get_y() + bar.get_height() / 2 for bar in axis.patches] == pytest.approx([0, 1])
    assert [text.get_text() for text in axis.texts] == ["0.850", "0.500"]
    assert [text.xy[1] for text in axis.texts] == [0, 1]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["dense", "CNN"]
    bottom, top = axis.get_ylim()
    assert bottom > top  # the first bar is at the top
    assert_array_equal(axis.lines[-1].get_xdata(), [0.1, 0.1])
    assert axis.get_xlabel() == "accuracy"


def test_whiskers_reach_one_standard_deviation_to_either_side():
    axis = plots.bars({"CNN": 0.5, "dense": RUNS[0]}, xlabel="accuracy")
    alone, repeated = (group for group in axis.containers if isinstance(group, BarContainer))
    assert alone.errorbar is None
    (whisker,) = repeated.errorbar.lines[2][0].get_segments()
    spread = 0.1 / 2**0.5
    assert_allclose(whisker, [[0.85 - spread, 1], [0.85 + spread, 1]])


def test_numbers_stand_beyond_the_ends_of_their_bars():
    axis = plots.bars({"above": Repeated(np.array([1.0, 3.0])), "below": -2, "zero": -0.0}, xlabel="x")
    above, below, zero = axis.texts
    assert above.xy[0] == pytest.approx(2 + 2**0.5)
    assert (above.get_ha(), below.get_ha()) == ("left", "right")
    assert (above.xyann[0] > 0, below.xyann[0] < 0) == (True, True)
    assert (below.xy[0], zero.get_text()) == (-2, "0.000")


def test_any_number_of_bars_is_drawn():
    axis = plots.bars({index: np.float32(index) for index in range(30)}, xlabel="x")
    assert [bar.get_width() for bar in axis.patches] == list(range(30))
    assert [label.get_text() for label in axis.get_yticklabels()] == [str(index) for index in range(30)]


# Every text that a figure takes.
WITH_TEXT = [
    lambda text: plots.images([np.eye(2)], titles=[text]),
    lambda text: plots.curves([0], {"a": [1]}, xlabel=text, ylabel="y"),
    lambda text: plots.curves([0], {"a": [1]}, xlabel="x", ylabel=text),
    lambda text: plots.curves([0], {"a": [1], text: [1]}, **LABELS),
    lambda text: plots.bars({"a": 0.5, text: 0.5}, xlabel="x"),
    lambda text: plots.bars({"a": 0.5}, xlabel=text),
    lambda text: plots.dots({text: {"a": RUNS[0]}}, xlabel="x"),
    lambda text: plots.dots({"a": {text: RUNS[0]}}, xlabel="x"),
    lambda text: plots.dots({"a": {"a": RUNS[0]}}, xlabel=text),
]


@pytest.mark.parametrize("draw", WITH_TEXT)
@pytest.mark.parametrize("text", [r"$x_1^2$ and $\alpha$", "5 $", r"5 \$ and 6 \$", "_a", ""])
def test_a_text_may_hold_formulas_and_dollars(draw, text):
    draw(text)
    plt.gcf().canvas.draw()


def test_numbers_with_dollars_that_are_no_formula_are_refused():
    with pytest.raises(ValueError, match="numbers must hold a formula"):
        plots.images([np.eye(2)], numbers="$^7")
    assert not plt.get_fignums()


# What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: plots.images([]), ValueError, "at least one image. Received: none"),
        (lambda: plots.images(3), TypeError, "pictures must be a sequence of images. Received: int"),
        (lambda: plots.images(None), TypeError, "sequence of images. Received: NoneType"),
        (lambda: plots.images("ab"), TypeError, "sequence of images. Received: str"),
        (lambda: plots.images({"a": np.eye(2)}), TypeError, "sequence of images. Received: dict"),
        (lambda: plots.images(["ab"]), TypeError, r"pictures\[0\] must be an array of real numbers"),
        (lambda: plots.images(np.eye(2)), ValueError, r"pictures\[0\] must have 2 or 3 axes. Received: shape=\(2,\)"),
        (lambda: plots.images([np.eye(2), np.ones((2, 2, 2))]), ValueError, r"pictures\[1\].*\(2, 2, 2\)"),
        (
            lambda: plots.images([np.ones((2, 2, 4))]),
            ValueError,
            r"must have the shape \(H, W\), \(H, W, 1\) or \(H, W, 3\). Received: shape=\(2, 2, 4\)",
        ),
        (lambda: plots.images([np.ones((0, 2))]), ValueError, r"must not be empty. Received: shape=\(0, 2\)"),
        (lambda: plots.images([np.full((2, 2), np.nan)]), ValueError, "finite numbers only"),
        (
            lambda: plots.images([np.full((1, 2, 3), 200)]),
            ValueError,
            "is a colour image and must lie in 0…1. Received: numbers from 200 to 200",
        ),
        (lambda: plots.images([np.full((1, 2, 3), -0.5)]), ValueError, "must lie in 0…1. Received: numbers from -0.5"),
        (lambda: plots.images([np.eye(2)], titles=["a", "b"]), ValueError, "for each image. Received: 2 titles"),
        (lambda: plots.images([np.eye(2)], titles=[]), ValueError, "for each image. Received: 0 titles"),
        (lambda: plots.images([np.eye(2)] * 2, titles="ab"), TypeError, "one for each image. Received: titles='ab'"),
        (lambda: plots.images([np.eye(2)], titles=5), TypeError, "one for each image. Received: titles=5"),
        (lambda: plots.images([np.eye(2)], columns=0), ValueError, "columns must be at least 1. Received: columns=0"),
        (lambda: plots.images([np.eye(2)], columns=1.5), TypeError, "columns must be a whole number"),
        (
            lambda: plots.images([np.eye(2)], limits=(1, 0)),
            ValueError,
            r"the lowest below the highest. Received: limits=\(1, 0\)",
        ),
        (lambda: plots.images([np.eye(2)], limits=(1, 1)), ValueError, "the lowest below the highest"),
        (lambda: plots.images([np.eye(2)], limits=(0, 1, 2)), ValueError, r"limits must be \(lowest, highest\)"),
        (lambda: plots.images([np.eye(2)], limits=(0, np.nan)), ValueError, "limits must hold finite numbers only"),
        (lambda: plots.images([np.eye(2)], limits=5), ValueError, "limits must have 1 axis"),
        (lambda: plots.images([np.eye(2)], size=0), ValueError, "size must be at least 0.2. Received: size=0"),
        (lambda: plots.images([np.eye(2)], cmap="greyish"), ValueError, "greyish"),
        (lambda: plots.images([np.eye(13)], numbers=".0f"), ValueError, r"at most 12×12 pixels.*\(13, 13\)"),
        (
            lambda: plots.images([np.ones((2, 2, 3))], numbers=".0f"),
            ValueError,
            r"one channel. Received: shape=\(2, 2, 3\)",
        ),
        (lambda: plots.images([np.eye(2)], numbers="q"), ValueError, "such as \".1f\". Received: numbers='q'"),
        (lambda: plots.curves([0, 1, 2], {"a": RUNS}, **LABELS), ValueError, r"lines\['a'\].*points as x, 3.*\(2,\)"),
        (lambda: plots.curves([0, 1], {"a": [1, 2], "b": [[1, 2]]}, **LABELS), ValueError, r"lines\['b'\].*\(1, 2\)"),
        (lambda: plots.curves([0, 1], {"a": RUNS[0]}, **LABELS), ValueError, r"points as x, 2. Received: shape=\(\)"),
        (lambda: plots.curves([], {"a": []}, **LABELS), ValueError, "x must not be empty"),
        (lambda: plots.curves(["a", "b"], {"a": [1, 2]}, **LABELS), TypeError, "x must be an array of real numbers"),
        (lambda: plots.curves([0, np.nan], {"a": [1, 2]}, **LABELS), ValueError, "x must hold finite numbers only"),
        (lambda: plots.curves([0, 1], {"a": ["1", "2"]}, **LABELS), TypeError, r"lines\['a'\] must hold real numbers"),
        (lambda: plots.curves([0, 1], {"a": [1, None]}, **LABELS), TypeError, "real numbers. Received: dtype=object"),
        (lambda: plots.curves([0, 1], {"a": [[1], [1, 2]]}, **LABELS), TypeError, "rows of different lengths"),
        (
            lambda: plots.curves([0, 1], {"a": [1, 2], "b": [np.nan, np.inf]}, **LABELS),
            ValueError,
            r"lines\['b'\] must hold at least one finite number. Received: none",
        ),
        (lambda: plots.curves([0, 1], {}, **LABELS), ValueError, "at least one line. Received: none"),
        (lambda: plots.curves([0, 1], [[1, 2]], **LABELS), TypeError, "a dict of names and values. Received: list"),
        (
            lambda: plots.curves([0], {index: [index] for index in range(148)}, **LABELS),
            ValueError,
            "lines must hold at most 147 lines, which can be distinguished. Received: 148",
        ),
        (lambda: plots.curves([0], {"a": [1]}, **LABELS, chance=np.nan), ValueError, "chance must be finite"),
        (lambda: plots.bars({}, xlabel="x"), ValueError, "at least one bar. Received: none"),
        (lambda: plots.bars([0.5], xlabel="x"), TypeError, "a dict of names and values. Received: list"),
        (lambda: plots.bars({"a": np.nan}, xlabel="x"), ValueError, r"results\['a'\] must be finite. Received: nan"),
        (lambda: plots.bars({"a": "0.5"}, xlabel="x"), TypeError, r"results\['a'\] must hold real numbers"),
        (lambda: plots.bars({"a": RUNS}, xlabel="x"), ValueError, r"or one for each seed. Received: shape=\(2,\)"),
        (lambda: plots.bars({"a": [0.5]}, xlabel="x"), ValueError, r"a single number.*Received: shape=\(1,\)"),
        (lambda: plots.bars({"a": 0.5}, xlabel="x", chance="0.1"), TypeError, "chance must be a number"),
        *[
            (
                lambda draw=draw: draw(r"cost $x_$"),
                ValueError,
                r"must hold a formula between .* Received: 'cost \$x_\$'",
            )
            for draw in WITH_TEXT
        ],
    ],
)
def test_bad_input_is_refused_with_the_rule_and_what_came_and_leaves_no_figure(call, error, message):
    with pytest.raises(error, match=message):
        call()
    assert not plt.get_fignums()


# dots -------------------------------------------------------------------------------------------------------------

DENSE, CNN = Repeated(np.array([0.8, 0.9, 1.0])), Repeated(np.array([0.5, 0.5, 0.5]))


def drawn_dots(axis):
    """Return for each name the dots (x, y), and for each dot the ends of its line."""
    found = {}
    for group in axis.containers:
        dots, _, (lines,) = group.lines
        found[group.get_label()] = dots.get_xydata(), [line[:, 0] for line in lines.get_segments()]
    return found


def test_dots_stand_at_their_means_and_lines_span_their_intervals():
    axis = plots.dots({"turned": {"dense": DENSE, "CNN": CNN}, "shifted": {"CNN": DENSE}}, xlabel="x", chance=0.1)
    found = drawn_dots(axis)
    assert list(found) == ["dense", "CNN"]
    assert_allclose(found["dense"][0][:, 0], [0.9])
    assert_allclose(found["CNN"][0][:, 0], [0.5, 0.9])
    assert_allclose(found["dense"][1], [DENSE.interval])
    assert_allclose(found["CNN"][1], [(0.5, 0.5), DENSE.interval])
    assert [label.get_text() for label in axis.get_yticklabels()] == ["turned", "shifted"]
    assert_array_equal(axis.lines[-1].get_xdata(), [0.1, 0.1])
    bottom, top = axis.get_ylim()
    assert bottom > top  # the first row is at the top


def test_dots_of_a_row_stand_below_each_other_and_nearer_to_it_than_to_the_next():
    names = "abcdefg"
    axis = plots.dots({row: dict.fromkeys(names, DENSE) for row in ("one", "two")}, xlabel="x")
    heights = np.array([dots[:, 1] for dots, _ in drawn_dots(axis).values()])
    assert (np.diff(heights, axis=0) > 0).all()
    assert (abs(heights - [0, 1]) < 0.5).all()
    assert len({dots.get_color() for dots, *_ in (group.lines for group in axis.containers)}) == len(names)


def test_the_legend_of_dots_names_the_networks_and_then_chance_in_full_rows():
    for names, columns in (("ab", 3), ("abc", 2), ("abcd", 3), ("abcdefg", 3)):
        legend = plots.dots({"row": dict.fromkeys(names, DENSE)}, xlabel="x", chance=0.1).get_legend()
        assert [text.get_text() for text in legend.get_texts()] == [*names, "chance"]
        assert legend._ncols == columns


def test_letters_of_dots_are_large_on_a_phone_and_cover_no_dot():
    """A phone of 390 px shows a figure in 358 px; Jupyter draws 100 px an inch."""
    rows = {f"{row}: stripes, random in training": {"dense": DENSE, "CNN": CNN} for row in range(14)}
    axis = plots.dots(rows, xlabel="accuracy, with 95 % intervals over five seeds", chance=0.1)
    figure = axis.figure
    figure.canvas.draw()
    width = 100 * figure.get_tightbbox().width
    texts = [axis.xaxis.label, *axis.get_xticklabels(), *axis.get_yticklabels(), *axis.get_legend().get_texts()]
    assert min(text.get_fontsize() for text in texts) * 100 / 72 * min(1, 358 / width) >= 10
    for label, row in zip(axis.get_yticklabels(), range(14), strict=True):
        box = label.get_window_extent()
        _, highest = axis.transData.transform((0, row))  # of the row's dots, which are 5 points wide
        assert box.y0 > highest + 2.5 * figure.dpi / 72
        assert box.x0 >= axis.get_window_extent().x0


@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        ({}, ValueError, "at least one row"),
        ({"a": {}}, ValueError, r"rows\['a'\] must hold at least one result"),
        ([DENSE], TypeError, "rows must be a dict"),
        ({"a": {"CNN": 0.5}}, TypeError, r"rows\['a'\]\['CNN'\] must be a Repeated"),
        ({"a": {"CNN": Repeated(np.array([0.5]))}}, ValueError, "at least two seeds"),
        ({"a": {"CNN": RUNS}}, ValueError, "one finite number for each"),
        ({"a": {"CNN": Repeated(np.array([0.5, np.nan]))}}, ValueError, "one finite number for each"),
        ({"a": {str(number): DENSE for number in range(8)}}, ValueError, "at most 7 names. Received: 8"),
    ],
)
def test_dots_that_cannot_be_drawn_are_refused(rows, error, said):
    with pytest.raises(error, match=said):
        plots.dots(rows, xlabel="x")
    assert not plt.get_fignums()
