"""The figure Flattening: the thread, its neighbours and its permutation."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect


def test_unrolls_steps_and_rolls_up(figure: Any) -> None:
    thread = figure.grid("The thread")
    shown = "(grid) => [...grid.querySelectorAll('[role=gridcell]')].filter((c) => c.style.background).length"
    figure.button("Reset").click()
    figure.press(figure.button("Step"), "Enter", "Enter", "Enter")
    assert thread.evaluate(shown) == figure.state["unrolled"] + 3
    figure.button("Back").click()
    figure.settle()
    assert thread.evaluate(shown) == figure.state["unrolled"] + 2
    figure.press(figure.button("Unroll"), "Enter")
    expect(figure.root.get_by_text("196 of 196")).to_be_visible()
    figure.button("Roll up").click()
    expect(figure.root.get_by_text("0 of 196", exact=False).first).to_be_visible()


def test_marks_a_pixel_in_both_and_permutes(figure: Any) -> None:
    figure.page.emulate_media(reduced_motion="reduce")  # all pixels move at once
    assert figure.marked("The thread", "lx-picked") == []  # nothing has arrived yet
    figure.press(figure.button("Unroll"), "Enter")
    expect(figure.root.get_by_text("196 of 196")).to_be_visible()
    figure.cell("The image", 5, 6).click()
    figure.settle()
    assert figure.marked("The thread", "lx-picked") == figure.marked("The image", "lx-picked") == [76]
    assert "place 5·14 + 6 = 76" in figure.words
    figure.press(figure.grid("The thread").locator("[tabindex='0']"), "ArrowRight")
    assert figure.marked("The image", "lx-picked") == [77]
    figure.cell("The image", 2, 3).click()
    figure.cell("The image", 9, 9).hover()  # the pointer on its way to a button
    figure.settle()
    assert figure.marked("The thread", "lx-picked") == [31]
    value = np.ravel(figure.state["image"])[31]
    before = figure.root.locator(".lx-size").inner_text()
    figure.press(figure.button("Permute the pixels"), "Space")
    order = figure.state["order"]
    place, touched = order.index(31), [order.index(pixel) for pixel in (17, 30, 32, 45)]
    assert figure.marked("The thread", "lx-picked") == [place]
    assert figure.marked("The thread", "lx-changed") == sorted(touched)
    assert "Before the permutation it was in row 2, column 3" in figure.words
    assert float(re.search(r"value ([\d.]+)[.,]", figure.words)[1]) == pytest.approx(value)  # type: ignore[index]
    assert figure.root.locator(".lx-size").inner_text() == before


def test_thread_holds_the_pixels_row_by_row_and_permuted(figure: Any) -> None:
    figure.page.emulate_media(reduced_motion="reduce")  # all pixels move at once
    image = np.ravel(figure.state["image"])
    assert np.isnan(figure.values("The thread")).all()
    figure.press(figure.button("Unroll"), "Enter")
    expect(figure.root.get_by_text("196 of 196")).to_be_visible()
    np.testing.assert_allclose(figure.values("The thread")[0], image, atol=0.006)
    figure.button("Permute the pixels").click()
    figure.settle()
    permuted = image[figure.state["order"]]
    np.testing.assert_allclose(figure.values("The thread")[0], permuted, atol=0.006)
    np.testing.assert_allclose(figure.values("The image").ravel(), permuted, atol=0.006)
    expect(figure.button("Permute the pixels")).to_have_attribute("aria-pressed", "true")
    near = figure.root.locator(".lx-near > span").all_inner_texts()
    place = figure.state["order"].index(48)
    assert near[3].split() == [str(place), f"{image[48]:.2f}" if image[48] % 1 else f"{image[48]:.0f}"]
