"""The figure Neuron: its arithmetic is that of Keras, and its square, tables and sliders agree."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from lessons_lib import keras


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def test_agrees_with_keras(js: Callable[..., Any]) -> None:
    random = np.random.default_rng(0)
    for activation in ("sigmoid", "tanh", "relu"):
        x1, x2, w1, w2, bias = random.uniform(-3, 3, size=5).tolist()
        layer = keras.layers.Dense(1, activation=activation)
        layer.build((1, 2))
        layer.set_weights([np.array([[w1], [w2]]), np.array([bias])])
        expected = float(layer(np.array([[x1, x2]]))[0, 0])
        state = {"x1": x1, "x2": x2, "w1": w1, "w2": w2, "bias": bias, "activation": activation}
        assert js("neuron", "neuron", state)["output"] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("rule", "weights", "right"),
    [("AND", (4, 4, -6), 4), ("OR", (4, 4, -2), 4), ("only the first", (4, -4, -2), 4), ("XOR", (4, 4, -2), 3)],
)
def test_counts_the_corners(js: Callable[..., Any], rule: str, weights: tuple[int, ...], right: int) -> None:
    state = dict(zip(("w1", "w2", "bias"), weights, strict=True), activation="sigmoid", rule=rule)
    assert sum(corner["wanted"] == corner["yes"] for corner in js("neuron", "corners", state)) == right


def test_learns_and_with_the_arrow_keys(root: Locator) -> None:
    expect(root.get_by_text("AND: 3 of 4 right")).to_be_visible()
    root.get_by_role("slider", name=re.compile("^bias")).focus()
    for _ in range(2):
        root.page.keyboard.press("ArrowLeft")
    expect(root.get_by_text("AND: 4 of 4 right")).to_be_visible()
    root.get_by_role("combobox", name="Rule to learn").select_option("XOR")
    expect(words(root)).to_contain_text("XOR: 1 of 4 corners right")


def test_takes_its_inputs_from_the_map(root: Locator) -> None:
    square = root.get_by_role("grid")
    box = square.bounding_box()
    assert box is not None
    square.click(position={"x": box["width"] * 0.99, "y": box["height"] * 0.01})
    expect(words(root)).to_contain_text("1 · 1 + 2 · 1 − 1.5 = 1.5, and sigmoid makes it 0.818: yes")
    root.page.keyboard.press("ArrowDown")
    expect(words(root)).to_contain_text("2 · 0.95")


def test_activation_shows_in_the_square(root: Locator) -> None:
    shades = "(grid) => [...grid.querySelectorAll('[role=gridcell]')].map((cell) => cell.style.background).join()"
    seen = set()
    for activation in root.get_by_role("combobox", name="Activation").locator("option").all_inner_texts():
        root.get_by_role("combobox", name="Activation").select_option(activation)
        root.page.wait_for_timeout(100)
        seen.add(root.get_by_role("grid").evaluate(shades))
    assert len(seen) == 3


def test_tables_and_square_show_the_same_sums(figure: Any) -> None:
    state = figure.state
    rows = [row.split("\t") for row in figure.root.locator("table").first.locator("tbody tr").all_inner_texts()]
    products = [state["w1"] * state["x1"], state["w2"] * state["x2"], state["bias"]]
    shown = [float(row[-1].replace("−", "-")) for row in rows]
    assert shown[:4] == pytest.approx([*products, sum(products)], abs=0.006)
    assert shown[4] == pytest.approx(1 / (1 + math.exp(-sum(products))), abs=0.0006)
    square = figure.root.get_by_role("grid")
    for row, column in ((0, 0), (0, 20), (20, 0), (10, 10)):
        x1, x2 = column / 20, 1 - row / 20
        z = state["w1"] * x1 + state["w2"] * x2 + state["bias"]
        label = square.get_by_role("row").nth(row).get_by_role("gridcell").nth(column).get_attribute("aria-label")
        answer, output = re.search(r": (yes|no), output ([\d.]+)", label).groups()
        assert answer == ("yes" if z > 0 else "no")
        assert float(output) == pytest.approx(1 / (1 + math.exp(-z)), abs=0.006)


def test_products_that_are_written_add_up_to_the_sum_that_is_written(figure: Any) -> None:
    figure.slide("x1", ["Home", "ArrowRight"])
    figure.slide("w1", ["Home"] + ["ArrowRight"] * 17)
    rows = [row.split("\t") for row in figure.root.locator("table").first.locator("tbody tr").all_inner_texts()]
    products = [float(row[-1].replace("−", "-")) for row in rows]
    assert products[0] == pytest.approx(0.05 * 0.5)
    assert sum(products[:3]) == pytest.approx(products[3], abs=1e-9)
