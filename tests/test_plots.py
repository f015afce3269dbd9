"""Figures: what they draw, and what they refuse."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from lessons_lib import plots
from lessons_lib.results import Repeated

mpl.use("Agg")
RUNS = Repeated(np.array([[0.8, 0.5], [0.9, 0.7]]))


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def test_images_fill_the_grid_and_leave_the_rest_empty():
    axes = plots.images([np.eye(2)] * 5, columns=3, titles=list("abcde"))
    assert axes.shape == (2, 3)
    assert [len(axis.images) for axis in axes.flat] == [1, 1, 1, 1, 1, 0]
    assert axes[1, 1].get_title() == "e"


def test_signed_images_have_white_in_the_middle():
    (axis,) = plots.images([np.array([[-1.0, 3.0]])], cmap=plots.SIGNED).flat
    assert axis.images[0].get_clim() == (-3, 3)


def test_an_image_of_one_value_can_be_drawn():
    (axis,) = plots.images([np.zeros((2, 2, 1))]).flat
    assert axis.images[0].get_clim() == (0, 1)


def test_numbers_stand_in_their_pixels_in_a_readable_ink():
    (axis,) = plots.images([np.array([[0.0, 1.0]])], numbers=".0f").flat
    assert [(text.get_text(), text.get_color()) for text in axis.texts] == [("0", "white"), ("1", "black")]


def test_curves_show_the_mean_and_the_spread():
    axis = plots.curves([0, 1], {"dense": RUNS, "CNN": [0.9, 0.8]}, xlabel="x", ylabel="y", chance=0.1)
    np.testing.assert_allclose(axis.lines[0].get_ydata(), RUNS.mean)
    assert len(axis.collections) == 1
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["dense", "CNN", "chance"]


def test_bars_write_their_numbers():
    axis = plots.bars({"dense": RUNS[0], "CNN": 0.5}, xlabel="accuracy", chance=0.1)
    assert [text.get_text() for text in axis.texts] == ["0.850", "0.500"]
    assert [bar.get_width() for bar in axis.patches] == pytest.approx([0.85, 0.5])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.images([]), "at least one image"),
        (lambda: plots.images([np.eye(2)], titles=["a", "b"]), "as many as pictures. Received: 2 and 1"),
        (lambda: plots.images([np.full((2, 2), np.nan)]), "finite numbers only"),
        (lambda: plots.images([np.eye(13)], numbers=".0f"), r"at most 12 pixels a side.*\(13, 13\)"),
        (lambda: plots.curves([0, 1, 2], {"dense": RUNS}, xlabel="x", ylabel="y"), "as many points as x, 3"),
        (lambda: plots.bars({}, xlabel="x"), "at least one bar"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
