"""The figure Pooling: its output is that of ops, and nudges count what changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from lessons_lib import ops


def test_shows_what_ops_computes(figure: Any) -> None:
    image = np.array(figure.state["image"])
    for kind in ("max", "average"):
        for size, stride, padding in ((2, 2, "valid"), (3, 2, "same"), (4, 1, "valid")):
            figure.choose("Pooling", kind)
            figure.choose("Window", str(size))
            figure.choose("Stride", str(stride))
            figure.choose("Padding", padding)
            pool = getattr(ops, f"{kind}_pool")
            expected = pool(image, pool_size=size, strides=stride, padding=padding)
            np.testing.assert_allclose(figure.numbers("Output"), expected, atol=0.0501)


def test_nudges_and_counts_what_changed(figure: Any) -> None:
    image = np.array(figure.state["image"])
    figure.button("Reset").click()
    figure.press(figure.button("→ Right"), "Enter")
    moved = np.pad(image, ((0, 0), (1, 0)))[:, :-1]
    changed = ops.max_pool(moved) != ops.max_pool(image)
    expect(figure.root.locator(".lx-size")).to_contain_text(f"{round(100 * (moved != image).mean())} % of the pixels")
    expect(figure.root.locator(".lx-size")).to_contain_text(f"{round(100 * changed.mean())} % of the outputs")
    np.testing.assert_allclose(figure.numbers("Output"), ops.max_pool(moved), atol=0.0501)
    figure.cell("Output", *np.argwhere(changed)[0]).click()  # the chosen output is counted, too
    figure.settle()
    assert figure.marked("Output", "lx-changed") == np.flatnonzero(changed).tolist()
    figure.button("↓ Down").click()
    figure.button("← Left").click()
    figure.button("↑ Up").click()
    expect(figure.root.locator(".lx-size")).to_contain_text("has not moved")


def test_names_the_winner(figure: Any) -> None:
    figure.press(
        figure.grid("Output").locator("[tabindex='0']"), "Control+Home", "ArrowDown", "ArrowDown", "ArrowRight"
    )
    image = np.array(figure.state["image"])
    window = image[4:6, 2:4]
    row, column = np.unravel_index(window.argmax(), window.shape)
    assert f"from row {4 + row}, column {2 + column} of the input" in figure.words
    assert figure.marked("Input image", "lx-picked") == [(4 + row) * 14 + 2 + column]
    figure.cell("Input image", 9, 9).click()
    figure.settle()
    assert "Row 4, column 4 of the output" in figure.words


def test_says_when_the_largest_value_stands_there_more_than_once_or_alone(figure: Any) -> None:
    image = np.array(figure.state["image"])
    assert not image[:2, :2].any()
    figure.cell("Output", 0, 0).click()
    figure.settle()
    assert figure.words.endswith("from row 0, column 0 of the input, the first of 4 equal ones.")
    figure.choose("Window", "1")
    figure.settle()
    assert figure.words.endswith(": the only value in the window is 0.")
    figure.button("Reset").click()


def test_cells_say_the_exact_values(figure: Any) -> None:
    image = np.array(figure.state["image"])
    np.testing.assert_allclose(figure.values("Input image"), image, atol=0.006)
    np.testing.assert_allclose(figure.values("Output"), ops.max_pool(image), atol=0.006)
    figure.choose("Pooling", "average")
    np.testing.assert_allclose(figure.values("Output"), ops.average_pool(image), atol=0.006)
    stop = figure.state["stop"]
    row, column = 2 * (stop // 7), 2 * (stop % 7)
    assert figure.marked("Input image", "lx-window") == [
        r * 14 + c for r in (row, row + 1) for c in (column, column + 1)
    ]


@pytest.mark.parametrize(("setting", "option"), [("Stride", "1"), ("Window", "3"), ("Padding", "same")])
def test_the_window_stays_where_it_is_when_a_setting_changes(figure: Any, setting: str, option: str) -> None:
    figure.cell("Output", 2, 3).click()

    def middle() -> np.ndarray:
        window = [*figure.marked("Input image", "lx-window"), *figure.marked("Input image", "lx-picked")]
        return np.mean([divmod(index, 14) for index in window], axis=0)

    before = middle()
    figure.choose(setting, option)
    assert np.abs(middle() - before).max() <= 1


def test_says_when_the_image_goes_no_further(figure: Any) -> None:
    right = figure.button("→ Right")
    expect(right).to_be_enabled()
    figure.press(right, *5 * ["Enter"])
    expect(figure.root.get_by_text("Moved by 4, the most, to the right")).to_be_visible()
    for end in ("button.lx-end", "button[aria-disabled=true]"):
        assert figure.root.locator(end).all_inner_texts() == ["→ Right"]
    expect(right).to_be_focused()
    figure.press(figure.button("← Left"), "Enter")
    expect(right).to_be_enabled()
