"""The figure Flattening: the thread, its neighbours, a moved image and a permuted one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import traitlets as t
from playwright.sync_api import Browser, expect

from lessons_lib import data, explorables


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


def shifted(image: Any, down: int, right: int) -> np.ndarray:
    """Return the image, moved; what comes in is 0."""
    return data.shift(np.asarray(image)[..., np.newaxis], rows=down, columns=right)[..., 0]


def drag(figure: Any, start: tuple[int, int], *stops: tuple[int, int]) -> None:
    """Press the mouse on a cell of the image, pull it over others, and let it go."""
    mouse = figure.page.mouse
    for at, place in enumerate((start, *stops)):
        box = figure.cell("The image", *place).bounding_box()
        mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
        if not at:
            mouse.down()
    mouse.up()
    figure.settle()


def test_the_buttons_move_every_value_along_the_thread(figure: Any) -> None:
    image = np.array(figure.state["image"])
    figure.button("Move right").click()
    expect(figure.root.get_by_text("196 of 196")).to_be_visible()
    assert figure.words.startswith("Moved by 1 to the right: every value moves 1 place on. Row 3, column 7: place")
    np.testing.assert_allclose(figure.values("The thread")[0], np.roll(image.ravel(), 1), atol=0.006)
    figure.press(figure.button("Move down"), "Enter", "Space")
    assert "Moved by 2 down and 1 to the right: every value moves 29 places on (2·14 + 1)." in figure.words
    np.testing.assert_allclose(figure.values("The thread")[0], np.roll(image.ravel(), 29), atol=0.006)
    np.testing.assert_allclose(figure.values("The image"), shifted(image, 2, 1), atol=0.006)
    assert figure.marked("The image", "lx-picked") == figure.marked("The thread", "lx-picked") == [48 + 29]
    figure.press(figure.button("Move up"), "Enter", "Enter", "Enter")
    figure.press(figure.button("Move left"), "Enter")
    assert "Moved by 1 up: every value moves 14 places back (−1·14)." in figure.words
    np.testing.assert_allclose(figure.values("The thread")[0], np.roll(image.ravel(), -14), atol=0.006)
    figure.button("Reset").click()
    figure.settle()
    assert "Moved" not in figure.words
    np.testing.assert_allclose(figure.values("The image"), image, atol=0.006)
    assert np.isnan(figure.values("The thread")).all()


def test_the_mouse_drags_the_image_and_what_leaves_it_is_said(figure: Any) -> None:
    image = np.array(figure.state["image"])
    drag(figure, (6, 6), (7, 6), (8, 5))
    assert "Moved by 2 down and 1 to the left: every value moves 27 places on (2·14 − 1)." in figure.words
    np.testing.assert_allclose(figure.values("The thread")[0], np.roll(image.ravel(), 27), atol=0.006)
    assert figure.marked("The image", "lx-picked") == [8 * 14 + 5]
    drag(figure, (8, 5), (13, 0), (8, 0))  # farther than the image goes, and back
    left = shifted(image, 2, -4)
    assert "Moved by 2 down and 4, the most, to the left: every value moves 24 places on (2·14 − 4)." in figure.words
    lost = np.count_nonzero(image) - np.count_nonzero(left)
    assert lost > 1
    assert f"{lost} with ink leave the image." in figure.words
    np.testing.assert_allclose(figure.values("The thread").reshape(14, 14), left, atol=0.006)


def test_a_finger_moves_the_image_by_the_buttons(browser: Browser, pages: Any) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as phone:
        page = phone.new_page()
        page.goto(pages.url + pages.write(explorables.Flattening().to_html()))
        root = page.locator("[data-explorable=flattening]")
        root.get_by_role("button", name="Move down").tap()
        root.get_by_role("button", name="Move left").tap()
        words = root.locator("output.sentence")
        expect(words).to_contain_text("Moved by 1 down and 1 to the left: every value moves 13 places on (1·14 − 1).")
        for part in (root.get_by_role("button", name="Move down"), root.get_by_role("grid", name="The thread"), words):
            expect(part).to_be_in_viewport(ratio=1)


def test_a_permuted_image_is_moved_before_the_permutation(figure: Any) -> None:
    image, order = np.array(figure.state["image"]), np.array(figure.state["order"])
    figure.button("Permute the pixels").click()
    figure.button("Move right").click()
    figure.settle()
    np.testing.assert_allclose(figure.values("The thread")[0], shifted(image, 0, 1).ravel()[order], atol=0.006)
    places = np.argsort(order)
    ink = np.flatnonzero(image)
    ways = len(set(places[ink + 1] - places[ink]))
    assert ways > 40
    said = f"before the permutation: the {len(ink)} values with ink move by {ways} different distances."
    assert f"Moved by 1 to the right {said}" in figure.words
    assert figure.marked("The image", "lx-picked") == [places[49]]
    drag(figure, (6, 6), (8, 7))
    assert "Moved by 1 to the right before" in figure.words
    assert figure.marked("The image", "lx-picked") == [8 * 14 + 7]


def test_a_state_that_was_stored_before_images_could_move_is_drawn(mount: Any) -> None:
    state = {name: value for name, value in explorables.Flattening().state.items() if name not in {"down", "right"}}
    figure = mount("flattening", state)
    np.testing.assert_allclose(figure.values("The image"), state["image"], atol=0.006)
    figure.button("Move down").click()
    figure.settle()
    assert "every value moves 14 places on (1·14)." in figure.words
    figure.button("Reset").click()
    figure.settle()
    np.testing.assert_allclose(figure.values("The image"), state["image"], atol=0.006)


@pytest.mark.parametrize("trait", ["down", "right"])
def test_python_refuses_a_move_that_is_too_far(trait: str) -> None:
    with pytest.raises(t.TraitError, match=trait):
        explorables.Flattening(**{trait: 5})
