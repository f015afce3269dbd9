"""The figure Equivariance: both ways are those of Keras, and a digit is dragged by mouse, finger and keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import traitlets as t
from playwright.sync_api import Browser, Locator, expect

from lessons_lib import data, explorables, keras

KERNELS = {"vertical edges": [[-1, 0, 1]] * 3, "diagonal edges": [[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]}
MOVED, OTHER = "Moved, then convolved", "Convolved, then moved"


def conv(image: np.ndarray, name: str, **settings: Any) -> np.ndarray:
    """Return Keras's feature map of one image of one channel."""
    kernel = np.array(KERNELS[name], np.float64)[:, :, None, None]
    return np.asarray(keras.ops.conv(np.float64(image)[None, :, :, None], kernel, **settings))[0, :, :, 0]


def shift(rows: np.ndarray, down: int, right: int) -> np.ndarray:
    return data.shift(rows[None, :, :, None], rows=down, columns=right)[0, :, :, 0]


@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_both_ways_are_those_of_keras(js: Callable[..., Any], strides: int, padding: str) -> None:
    random = np.random.default_rng(strides)
    state = explorables.Equivariance(strides=strides, padding=padding, image=random.random((13, 17)).round(2)).state
    image = np.array(state["image"])
    kernel = "diagonal edges"
    for down, right in [(0, 0), (3, -3), (6, 0), (-1, 4)]:
        found = js("equivariance", "compute", state | {"kernel": kernel, "down": down, "right": right})
        settings = {"strides": strides, "padding": padding}
        wanted = conv(shift(image, down, right), kernel, **settings)
        np.testing.assert_allclose(found["map"]["data"], wanted.ravel(), atol=1e-5)
        assert found["fits"] == (down % strides == 0 and right % strides == 0)
        if found["fits"]:
            other = shift(conv(image, kernel, **settings), down // strides, right // strides)
            np.testing.assert_allclose(found["other"], other.ravel(), atol=1e-5)
            assert found["different"] == np.count_nonzero(np.abs(other - wanted) > 1e-5)
            assert found["filled"] == np.count_nonzero(np.maximum(np.abs(other), np.abs(wanted)) > 1e-5)


@pytest.mark.parametrize(("down", "right"), [(1, 3), (-1, 0), (0, 1), (3, -3), (-5, 2)])
def test_where_the_stride_does_not_divide_the_better_whole_move_is_taken(
    js: Callable[..., Any], down: int, right: int
) -> None:
    state = explorables.Equivariance(strides=2, down=down, right=right, kernel="diagonal edges").state
    image, kernel = np.array(state["image"]), "diagonal edges"
    wanted = conv(shift(image, down, right), kernel, strides=2, padding="same")
    still = conv(image, kernel, strides=2, padding="same")
    beside = [(move // 2, -(-move // 2)) for move in (down, right)]
    ways = [shift(still, rows, columns) for rows in beside[0] for columns in beside[1]]
    fewest = min(np.count_nonzero(np.abs(way - wanted) > 1e-5) for way in ways)
    assert js("equivariance", "compute", state)["different"] == fewest > 0


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def test_starts_with_a_digit_that_has_moved_and_a_map_that_has_come_along(figure: Any) -> None:
    expect(words(figure.root)).to_contain_text("Moved by 3 to the right, and the map has come along: all")
    np.testing.assert_array_equal(figure.values(MOVED), figure.values(OTHER))
    assert figure.marked(MOVED, "lx-changed") == []


def test_a_mouse_drags_the_image_to_the_edge(figure: Any) -> None:
    grid = figure.grid("The image")
    box = grid.bounding_box()
    cell = box["width"] / 18
    figure.page.mouse.move(box["x"] + 4.5 * cell, box["y"] + 9.5 * cell)
    figure.page.mouse.down()
    figure.page.mouse.move(box["x"] + 9.5 * cell, box["y"] + 9.5 * cell, steps=10)
    figure.page.mouse.up()
    figure.settle()
    expect(words(figure.root)).to_contain_text(
        re.compile(r"Moved by 8, the most, to the right, .* but for \d+ of the \d+ values")
    )
    marked = figure.marked(MOVED, "lx-changed")
    assert marked == figure.marked(OTHER, "lx-changed") != []
    differs = ~np.isclose(figure.values(MOVED), figure.values(OTHER), atol=1e-9)
    assert set(np.flatnonzero(differs)) <= set(marked)
    assert f"but for {len(marked)} of" in figure.words


def test_a_finger_drags_the_image(browser: Browser, pages: Any) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(pages.url + pages.write(explorables.Equivariance(right=0).to_html()))
        root = page.locator("[data-explorable=equivariance]")
        grid = root.get_by_role("grid", name="The image")
        expect(grid).to_be_visible()
        box = grid.bounding_box()
        assert box is not None
        cell = box["width"] / 18
        touch = page.context.new_cdp_session(page)
        for step, kind in enumerate(["touchStart", *["touchMove"] * 4]):
            point = {"x": box["x"] + 9.5 * cell, "y": box["y"] + (9.5 - step / 2) * cell}
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(words(root)).to_contain_text("Moved by 2 up")


def test_keys_and_buttons_move_the_image(figure: Any) -> None:
    # Keys that come faster than the figure is drawn move it no further than slow ones.
    figure.root.page.evaluate("window.requestAnimationFrame = (draw) => setTimeout(draw, 200)")
    figure.press(figure.grid("The image").locator("[tabindex='0']"), "ArrowDown", "ArrowRight", "ArrowRight")
    expect(words(figure.root)).to_contain_text("Moved by 1 down and 5 to the right")
    figure.root.get_by_role("button", name="Move up").click()
    expect(words(figure.root)).to_contain_text("Moved by 5 to the right")
    figure.button("Reset").click()
    expect(words(figure.root)).to_contain_text("Moved by 3 to the right")


def test_stride_2_takes_even_moves_alone(figure: Any) -> None:
    figure.choose("Stride", "2")
    expect(words(figure.root)).to_contain_text(
        "the map would have to move by 1.5 places, and no map can. With the best whole move"
    )
    assert figure.marked(MOVED, "lx-changed") != []
    figure.root.get_by_role("button", name="Move right").click()
    expect(words(figure.root)).to_contain_text("the map has come along, by 2 pixels a place: all")
    assert figure.marked(MOVED, "lx-changed") == []


def test_every_kernel_and_padding_can_be_chosen(figure: Any) -> None:
    trait = explorables.Equivariance.class_traits()["kernel"]
    options = figure.chooser("Kernel").locator("option").all_inner_texts()
    assert tuple(options) == tuple(trait.values)
    before = figure.values(MOVED)
    for kernel in options[1:]:
        figure.choose("Kernel", kernel)
        assert not np.array_equal(figure.values(MOVED), before)
    figure.choose("Padding", "valid")
    assert figure.values(MOVED).shape == (16, 16)


@pytest.mark.parametrize("settings", [{"strides": 4}, {"right": 9}, {"kernel": "Sobel"}, {"image": np.zeros((29, 3))}])
def test_refuses_what_it_cannot_draw(settings: Any) -> None:
    with pytest.raises(t.TraitError):
        explorables.Equivariance(**settings)
