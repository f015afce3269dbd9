"""The figure Pixels: the numbers of each pixel and their grey."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from lessons_lib import data, explorables

ANOTHER = {"digit": np.zeros((28, 28, 3), int).tolist(), "photograph": np.zeros((28, 42, 3), int).tolist()}


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def test_makes_grey_as_the_package_does(js: Callable[..., Any]) -> None:
    for pixel in np.random.default_rng(0).integers(0, 256, size=(20, 3)):
        expected = data.grey(pixel[None, None] / 255).item() * 255
        assert js("pixels", "grey", pixel.tolist()) == pytest.approx(expected, abs=1e-4)


def test_draws_one_channel_and_turns_black_into_white(js: Callable[..., Any]) -> None:
    assert js("pixels", "shade", [10, 200, 30], "green", "black") == {"color": "rgb(200 200 200)", "dark": False}
    assert js("pixels", "shade", [10, 200, 30], "all", "black")["color"] == "rgb(10 200 30)"
    assert js("pixels", "shade", [0, 0, 0], "grey", "white") == {"color": "rgb(255 255 255)", "dark": False}


def test_reads_a_pixel_by_mouse_and_by_keyboard(root: Locator) -> None:
    state = explorables.Pixels().state
    whole = root.get_by_role("grid", name="All pixels")
    box = whole.bounding_box()
    assert box is not None
    whole.click(position={"x": box["width"] * 10.5 / 28, "y": box["height"] * 12.5 / 28})
    expect(words(root)).to_contain_text(f"image[12, 10] is {state['digit'][12][10][0]}.")
    root.page.keyboard.press("ArrowRight")
    root.page.keyboard.press("ArrowDown")
    expect(words(root)).to_contain_text(f"image[13, 11] is {state['digit'][13][11][0]}.")
    root.get_by_role("combobox", name="Numbers").select_option("0…1")
    expect(words(root)).to_contain_text(f"is {state['digit'][13][11][0] / 255:.2f}.")


def test_the_sum_of_rounded_numbers_is_not_called_equal(root: Locator) -> None:
    root.get_by_role("combobox", name="Picture").select_option("photograph")
    expect(words(root)).to_contain_text(re.compile(r"0\.114 · \d+ = \d"))
    root.get_by_role("combobox", name="Numbers").select_option("0…1")
    expect(words(root)).to_contain_text(re.compile(r"0\.114 · \d\.\d\d ≈ \d"))


def test_takes_a_photograph_apart(root: Locator) -> None:
    red, green, blue = explorables.Pixels().state["photograph"][14][14]
    expect(root.get_by_role("combobox", name="Show")).to_be_hidden()
    root.get_by_role("combobox", name="Picture").select_option("photograph")
    expect(root.get_by_text("28 rows × 42 columns × 3 channels")).to_be_visible()
    expect(words(root)).to_contain_text(f"image[14, 14] is [{red}, {green}, {blue}]")
    root.get_by_role("combobox", name="Show").select_option("blue")
    middle = root.get_by_role("grid", name="Close up").get_by_role("gridcell").nth(12)
    expect(middle).to_have_text(str(blue))
    assert middle.evaluate("(cell) => cell.style.background").startswith(f"rgb({blue}, {blue}, {blue})")


def test_close_up_chooses_the_cell_that_is_pressed(root: Locator) -> None:
    close_up = root.get_by_role("grid", name="Close up")
    close_up.get_by_role("gridcell").nth(14).click()
    expect(words(root)).to_contain_text("image[14, 16]")
    close_up.locator("[tabindex='0']").press("ArrowLeft")
    expect(words(root)).to_contain_text("image[14, 15]")


def test_a_grey_pixel_s_luma_is_the_pixel(js: Callable[..., Any]) -> None:
    assert [js("pixels", "grey", [value] * 3) for value in range(256)] == list(range(256))


def test_grids_hold_the_numbers_of_each_channel(figure: Any) -> None:
    photograph = np.array(figure.state["photograph"])
    figure.choose("Picture", "photograph")
    for index, channel in enumerate(("red", "green", "blue")):
        figure.choose("Show", channel)
        np.testing.assert_array_equal(figure.values("All pixels"), photograph[..., index])
        np.testing.assert_array_equal(figure.numbers("Close up"), photograph[12:17, 12:17, index])
    figure.choose("Numbers", "0…1")
    np.testing.assert_allclose(figure.values("All pixels"), photograph[..., 2] / 255, atol=0.006)
    rows = figure.root.locator("tbody tr").all_inner_texts()
    numbers = [float(row.split("\t")[1]) for row in rows]
    pixel = photograph[14, 14] / 255
    assert numbers == pytest.approx([*pixel, float(pixel @ [0.299, 0.587, 0.114])], abs=0.006)
