"""The grid of the figures: each key and each pointer leads where it should, and each cell says its value."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

# Three rows and five columns, counted from row −1 and column 2; the cell at index 7 stands in the middle.
MOUNT = """async () => {
  const { createGrid } = await import("./grid.js");
  window.heard = [];
  const grid = createGrid("Grid", ({ row, column, index, kind }) => heard.push([kind, row, column, index]));
  const values = Float64Array.from({ length: 15 }, (_, index) => index / 10);
  window.show = (changes) => grid.draw({
    height: 3, width: 5, values, scale: "grey", most: 1.5, digits: 1, origin: [-1, 2], ...changes,
  });
  show({ current: 7 });
  document.getElementById("place").append(grid.element);
}"""


@pytest.fixture
def grid(open_body: Any) -> Locator:
    page = open_body('<div class="explorable mounted" id="place"></div>')
    page.evaluate(MOUNT)
    return page.get_by_role("grid", name="Grid")


def heard(page: Page) -> list[list[Any]]:
    """Return what the grid has told since the last call."""
    return page.evaluate("heard.splice(0)")


def cell(grid: Locator, index: int) -> Locator:
    return grid.get_by_role("gridcell").nth(index)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("ArrowUp", ["point", -1, 4, 2]),
        ("ArrowDown", ["point", 1, 4, 12]),
        ("ArrowLeft", ["point", 0, 3, 6]),
        ("ArrowRight", ["point", 0, 5, 8]),
        ("Home", ["point", 0, 2, 5]),
        ("End", ["point", 0, 6, 9]),
        ("Control+Home", ["point", -1, 2, 0]),
        ("Control+End", ["point", 1, 6, 14]),
        ("Enter", ["press", 0, 4, 7]),
        (" ", ["press", 0, 4, 7]),
    ],
)
def test_key_leads_to_its_cell(grid: Locator, key: str, told: list[Any]) -> None:
    cell(grid, 7).focus()
    grid.page.keyboard.press(key)
    assert heard(grid.page) == [told]
    expect(cell(grid, told[3])).to_be_focused()
    expect(grid.locator("[tabindex='0']")).to_have_count(1)
    expect(cell(grid, told[3])).to_have_attribute("tabindex", "0")


@pytest.mark.parametrize("key", ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"])
def test_arrow_keys_stop_at_the_edge(grid: Locator, key: str) -> None:
    cell(grid, 7).focus()
    for _ in range(6):
        grid.page.keyboard.press(key)
    last = {"ArrowUp": 2, "ArrowDown": 12, "ArrowLeft": 5, "ArrowRight": 9}[key]
    assert heard(grid.page)[-1][3] == last


def test_keys_of_the_host_stay_its_own(grid: Locator) -> None:
    cell(grid, 7).focus()
    for key in ("Tab", "a", "Escape"):
        grid.page.keyboard.press(key)
    assert heard(grid.page) == []


def test_each_cell_says_row_column_and_value(grid: Locator) -> None:
    for index in range(15):
        row, column = index // 5 - 1, index % 5 + 2
        value = f"{index / 10:.2f}" if index % 10 else str(index // 10)
        expect(cell(grid, index)).to_have_attribute(
            "aria-label", f"row {row}, column {column}, value {value}".replace("-", "−")
        )
        expect(cell(grid, index)).to_have_text(f"{index / 10:.1f}" if index % 10 else str(index // 10))


def test_labels_follow_the_values(grid: Locator) -> None:
    cell(grid, 7).focus()
    grid.page.evaluate("show({ values: new Float64Array(15).fill(1), current: 7 })")
    expect(cell(grid, 7)).to_have_attribute("aria-label", "row 0, column 4, value 1")
    grid.page.evaluate("show({ hidden: () => true, current: 7 })")
    expect(cell(grid, 7)).to_have_attribute("aria-label", "row 0, column 4, not computed yet")
    expect(cell(grid, 7)).to_have_text("")


def middle(grid: Locator, index: int) -> tuple[float, float]:
    box = cell(grid, index).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_mouse_presses_and_drags(grid: Locator) -> None:
    mouse = grid.page.mouse
    mouse.move(*middle(grid, 3))  # a pointer that only passes says nothing
    mouse.move(*middle(grid, 0))
    mouse.down()
    mouse.move(*middle(grid, 6))
    mouse.move(*middle(grid, 12))
    mouse.up()
    mouse.move(*middle(grid, 3))
    assert heard(grid.page) == [["press", -1, 2, 0], ["drag", 0, 3, 6], ["drag", 1, 4, 12]]
    expect(cell(grid, 12)).to_be_focused()


def test_second_finger_draws_nothing(grid: Locator) -> None:
    grid.page.evaluate("show({ strokes: true })")
    touch = grid.page.context.new_cdp_session(grid.page)
    first, second = (dict(zip("xy", middle(grid, index), strict=True)) for index in (0, 4))
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [first | {"id": 0}]})
    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [first | {"id": 0}, second | {"id": 1}]}
    )
    down = dict(zip("xy", middle(grid, 14), strict=True))
    touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [first | {"id": 0}, down | {"id": 1}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert heard(grid.page) == [["press", -1, 2, 0]]


def finger(grid: Locator, kind: str, *indices: int) -> None:
    """Put a finger on the first cell, let it go over the others, and lift it ("touchEnd") or not."""
    touch = grid.page.context.new_cdp_session(grid.page)
    for number, index in enumerate(indices):
        point = dict(zip("xy", middle(grid, index), strict=True)) | {"id": 0}
        touch.send(
            "Input.dispatchTouchEvent", {"type": "touchMove" if number else "touchStart", "touchPoints": [point]}
        )
    touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": []})


def test_a_finger_taps(grid: Locator) -> None:
    finger(grid, "touchEnd", 3)
    assert heard(grid.page) == [["press", -1, 5, 3]]
    expect(cell(grid, 3)).to_be_focused()
    finger(grid, "touchCancel", 8)
    finger(grid, "touchEnd", 1, 6, 11)
    assert heard(grid.page) == []
    finger(grid, "touchEnd", 8)
    assert heard(grid.page) == [["press", 0, 5, 8]]


def test_a_finger_draws_where_the_grid_takes_strokes(grid: Locator) -> None:
    grid.page.evaluate("show({ strokes: true })")
    assert grid.evaluate("(grid) => getComputedStyle(grid).touchAction") == "none"
    finger(grid, "touchEnd", 1, 6, 11)
    assert heard(grid.page) == [["press", -1, 3, 1], ["drag", 0, 3, 6], ["drag", 1, 3, 11]]
    grid.page.evaluate("show({ strokes: false })")
    assert grid.evaluate("(grid) => getComputedStyle(grid).touchAction") == "manipulation"


def test_numbers_fit_in_their_cells_or_are_not_shown(grid: Locator) -> None:
    grid.evaluate("(grid) => { grid.parentElement.style.width = '190px'; }")
    shown = """(grid) => [...grid.querySelectorAll("[role=gridcell]")].map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return [parseFloat(getComputedStyle(cell).fontSize), range.getBoundingClientRect().width, cell.clientWidth];
    })"""
    for numbers, seen in (([0.5, -0.8], True), ([-100, 100], True), ([-1e6, 1e6], False)):
        grid.page.evaluate(
            "(numbers) => show({ values: Array.from({ length: 15 }, (_, i) => numbers[i % 2]), digits: 1 })", numbers
        )
        for size, text, room in grid.evaluate(shown):
            assert text <= room, numbers
            assert size >= 7 if seen else size == 0, numbers


@pytest.mark.parametrize("ratio", [1.25, 1.5, 2.6])
def test_no_lines_shine_through_dark_cells(browser: Browser, pages: Any, ratio: float) -> None:
    with browser.new_context(device_scale_factor=ratio) as context:
        page = context.new_page()
        page.goto(pages.url + pages.write('<div class="explorable mounted" id="place"></div>'))
        page.evaluate(MOUNT)
        page.evaluate("document.getElementById('place').style.width = '211px'")
        page.evaluate("show({ height: 11, width: 13, values: new Float64Array(143), digits: undefined })")
        picture = Image.open(io.BytesIO(page.get_by_role("grid", name="Grid").screenshot())).convert("L")
        inside = np.asarray(picture)[5:-5, 5:-5]
        # A cell that has the focus or is chosen is not marked here.
        assert inside.max() <= 2
