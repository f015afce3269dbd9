"""The figure Convolution: its map is that of ops, and every control changes it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from lessons_lib import ops


def test_shows_the_map_that_ops_computes(figure: Any) -> None:
    image, kernel = np.array(figure.state["image"]), np.array(figure.state["kernel"])
    for stride, padding in (("1", "valid"), ("2", "same"), ("3", "valid")):
        figure.choose("Stride", stride)
        figure.choose("Padding", padding)
        figure.button("Fill the map").click()
        figure.settle()
        expected = ops.convolve(image, kernel, strides=int(stride), padding=padding)
        np.testing.assert_allclose(figure.numbers("Feature map"), expected, atol=0.0501)
    figure.choose("Stride", "1")
    figure.choose("Dilation", "2")
    figure.button("Fill the map").click()
    figure.settle()
    expected = ops.convolve(image, kernel, dilation_rate=2)
    np.testing.assert_allclose(figure.numbers("Feature map"), expected, atol=0.0501)


def test_steps_by_mouse_and_by_keyboard(figure: Any) -> None:
    figure.button("Empty it").click()
    figure.press(figure.button("Step"), "Enter", "Enter", "Space")
    assert "Row 0, column 3 of the map" in figure.words
    figure.button("Back").click()
    figure.settle()
    assert "Row 0, column 2 of the map" in figure.words
    assert np.isfinite(figure.numbers("Feature map")).sum() == 4
    figure.press(figure.grid("Feature map").locator("[tabindex='0']"), "ArrowDown", "ArrowRight")
    assert "Row 1, column 3 of the map" in figure.words
    figure.cell("Input image", 6, 7).click()
    figure.settle()
    assert "Row 5, column 6 of the map" in figure.words
    window = [row * 14 + column for row in (5, 6, 7) for column in (6, 7, 8)]
    assert figure.marked("Input image", "lx-window") == window


def test_sentence_is_the_sum(figure: Any) -> None:
    figure.choose("Preset", "horizontal edges")
    figure.cell("Input image", 7, 7).click()
    figure.settle()
    terms, total = re.fullmatch(r".*of the map: (.*) = (−?\d+(?:\.\d+)?)\.", figure.words).groups()  # type: ignore[union-attr]
    numbers = [
        float(number) for number in re.findall(r"-?[\d.]+", terms.replace("−", "-").replace("(", "").replace(")", ""))
    ]
    assert sum(numbers[::2][i] * numbers[1::2][i] for i in range(len(numbers) // 2)) == pytest.approx(
        float(total.replace("−", "-")), abs=0.05
    )
    expected = ops.convolve(figure.state["image"], [[-1, -1, -1], [0, 0, 0], [1, 1, 1]])[6, 6]
    assert float(total.replace("−", "-")) == pytest.approx(expected, abs=0.005)


def test_can_be_edited_painted_dragged_played_and_reset(figure: Any) -> None:
    field = figure.root.get_by_label("Weight in row 1, column 1", exact=True)
    figure.press(field, "Control+a", "5")
    kernel = np.array(figure.state["kernel"])
    kernel[1, 1] = 5
    figure.button("Fill the map").click()
    figure.settle()
    np.testing.assert_allclose(figure.numbers("Feature map"), ops.convolve(figure.state["image"], kernel), atol=0.0501)
    figure.root.get_by_role("checkbox").check()
    figure.cell("Input image", 0, 0).click()
    figure.press(figure.cell("Input image", 0, 0), "ArrowRight", "Enter")
    np.testing.assert_array_equal(figure.numbers("Input image")[0, :3], [1, 1, 0])
    figure.root.get_by_role("checkbox").uncheck()
    start, end = (figure.cell("Input image", *place).bounding_box() for place in ((3, 3), (9, 10)))
    figure.page.mouse.move(start["x"] + 5, start["y"] + 5)
    figure.page.mouse.down()
    figure.page.mouse.move(end["x"] + 5, end["y"] + 5, steps=8)
    figure.page.mouse.up()
    figure.settle()
    assert "Row 8, column 9 of the map" in figure.words
    figure.button("Empty it").click()
    figure.button("Play").click()
    expect(figure.root.locator("output.sentence")).to_contain_text(re.compile("Row [1-9]"))
    figure.button("Pause").click()
    figure.button("Reset").click()
    figure.settle()
    assert figure.root.get_by_label("Preset").input_value() == "vertical edges"
    assert figure.numbers("Input image")[0, 0] == 0


def test_says_how_sizes_are_rounded(figure: Any) -> None:
    figure.choose("Stride", "4")
    size = figure.root.locator(".lx-size")
    expect(size).to_contain_text("⌊(14 − 3) / 4⌋ + 1 = 3")
    expect(size).to_contain_text("the last 3 rows are never seen")
    figure.choose("Padding", "same")
    expect(size).to_contain_text("14 / 4 = 4, rounded up from 3.5")


def test_back_and_own_numbers_do_something(figure: Any) -> None:
    figure.choose("Stride", "4")
    figure.button("Back").click()
    figure.settle()
    assert figure.words.startswith("Row 2, column 1")  # the last of 3×3 stops is row 2, column 2
    figure.choose("Preset", "own numbers")
    assert figure.page.evaluate("document.activeElement.closest('.lx-kernel') !== null")


def test_never_combines_stride_and_dilation_and_says_so(figure: Any) -> None:
    note = figure.root.locator(".lx-note").first
    figure.choose("Dilation", "2")
    expect(note).to_be_empty()
    figure.choose("Stride", "2")
    assert figure.chooser("Dilation").input_value() == "1"
    expect(note).to_contain_text("the dilation is 1 again")
    figure.choose("Dilation", "3")
    assert figure.chooser("Stride").input_value() == "1"
    expect(note).to_contain_text("the stride is 1 again")
    figure.choose("Dilation", "1")
    expect(note).to_be_empty()


def test_weights_are_typed_on_any_keyboard(figure: Any) -> None:
    field = figure.root.get_by_label("Weight in row 0, column 0", exact=True)
    note = figure.root.locator(".lx-note").first
    expect(field).to_have_attribute("inputmode", "text")  # a number pad may have no minus
    figure.cell("Feature map", 4, 6).click()
    pixel = figure.state["image"][4][6]
    for typed, value in (("1,5", 1.5), ("–2", -2), ("０．５", 0.5), ("0.001", 0.001)):
        field.fill(typed)
        expect(figure.root.locator(".lx-products > span").first).to_contain_text(
            f"{pixel:g}× {value:g}".replace("-", "−")
        )
        expect(note).to_be_empty()
        field.blur()
        expect(field).to_have_value(f"{value:g}".replace("-", "−"))


def test_weights_that_cannot_be_used_change_nothing_and_are_said(figure: Any) -> None:
    field = figure.root.get_by_label("Weight in row 1, column 1", exact=True)
    note = figure.root.locator(".lx-note").first
    figure.press(field, "Control+a", *"1e9")
    expect(note).to_contain_text("from −1000000 to 1000000. Received: 1e9")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.blur()
    expect(field).to_have_value("0")
    figure.press(field, "Control+a", *"1.5x")
    expect(note).to_contain_text("Received: 1.5x")
    figure.button("Reset").click()
    expect(note).to_be_empty()
    expect(field).to_have_value("0")


def test_large_sums_fit_in_their_cells(figure: Any) -> None:
    for weight in ("-100", "1000000"):
        figure.root.get_by_label("Weight in row 1, column 1", exact=True).fill(weight)
        figure.button("Fill the map").click()
        figure.settle()
        clipped = figure.grid("Feature map").evaluate(
            """(grid) => [...grid.querySelectorAll("[role=gridcell]")]
                .filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent)"""
        )
        assert clipped == []


@pytest.mark.parametrize(("speed", "pace"), [("slow", 360), ("normal", 120), ("fast", 30)])
def test_plays_as_fast_as_the_reader_wants(figure: Any, speed: str, pace: int) -> None:
    figure.page.evaluate(
        """() => {
            const real = window.setTimeout;
            window.paces = [];
            window.setTimeout = (then, pace) => { window.paces.push(pace); return real(then, pace); };
        }"""
    )
    figure.button("Empty it").click()
    figure.choose("Speed", speed)
    figure.button("Play").click()
    expect(figure.root.locator("output.sentence")).not_to_contain_text("Row 0, column 0 of the map")
    assert set(figure.page.evaluate("paces.splice(0)")) == {pace}
    figure.choose("Speed", "normal" if speed == "fast" else "fast")  # while it plays
    assert figure.page.evaluate("paces")[-1] == (120 if speed == "fast" else 30)
    figure.button("Pause").click()
    expect(figure.button("Play")).to_be_visible()


def test_plays_to_the_end_and_stops(figure: Any) -> None:
    figure.cell("Feature map", 11, 7).click()
    figure.button("Play").click()
    expect(figure.button("Pause")).to_be_visible()
    expect(figure.button("Play")).to_be_visible()
    assert figure.words.startswith("Row 11, column 11 of the map")


def test_panel_of_the_stop_multiplies_pixel_and_weight(figure: Any) -> None:
    image, kernel = np.array(figure.state["image"]), np.array(figure.state["kernel"])
    figure.cell("Feature map", 5, 6).click()
    figure.settle()
    texts = figure.root.locator(".lx-products > span").all_inner_texts()
    numbers = np.array([[float(line.strip("× ").replace("−", "-")) for line in text.split("\n")] for text in texts])
    window = image[5:8, 6:9].ravel()
    np.testing.assert_allclose(numbers, np.stack([window, kernel.ravel(), window * kernel.ravel()], axis=1), atol=0.006)
    total = float((window * kernel.ravel()).sum())
    said = figure.root.get_by_text("This stop: the sum is").inner_text().split()[-1]
    assert float(said.replace("−", "-")) == pytest.approx(total, abs=0.006)
    assert figure.values("Feature map")[5, 6] == pytest.approx(total, abs=0.006)
    assert figure.marked("Feature map", "lx-picked") == [5 * 12 + 6]


def test_padding_is_shown_and_counts_from_below_zero(figure: Any) -> None:
    figure.choose("Padding", "same")
    outside = figure.marked("Input image", "lx-padding")
    wanted = [i for i in range(256) if i // 16 in (0, 15) or i % 16 in (0, 15)]
    assert outside == wanted
    assert figure.cell("Input image", 0, 0).get_attribute("aria-label") == "row −1, column −1, padding, 0"
    np.testing.assert_allclose(figure.values("Input image")[1:-1, 1:-1], figure.state["image"], atol=0.006)


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_painting_by_keyboard_is_said(figure: Any, key: str) -> None:
    figure.root.get_by_role("checkbox").check()
    figure.press(figure.cell("Input image", 0, 0), "Control+Home", key)
    label = figure.cell("Input image", 0, 0)
    expect(label).to_have_attribute("aria-label", "row 0, column 0, value 1")
    figure.page.keyboard.press(key)
    expect(label).to_have_attribute("aria-label", "row 0, column 0, value 0")
