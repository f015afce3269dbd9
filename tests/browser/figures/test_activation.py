"""The figure Activation: values, slopes and the gradient through many layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from lessons_lib import keras


def test_shows_value_slope_and_surviving_gradient(figure: Any) -> None:
    figure.choose("Activation", "sigmoid")
    figure.slide("Input z", ["Home"])
    value = 1 / (1 + math.exp(4))
    assert f"is {value:.3f}; the slope there is {value * (1 - value):.4g}" in figure.words
    figure.slide("Layers", ["Home", "ArrowRight"])
    figure.slide("Weight", ["End"])
    expect(figure.root.locator(".lx-gradient")).to_contain_text(f"= {(5 * value * (1 - value)) ** 2:.1e}"[:5])
    figure.choose("Activation", "relu")
    assert "is 0; the slope there is 0" in figure.words
    feature_map = np.array(figure.state["feature_map"])
    assert f"{round(100 * (feature_map <= 0).mean())} % of the feature map is exactly 0" in figure.words
    figure.button("Reset").click()
    figure.settle()
    assert "ReLU of 1.5 is 1.500" in figure.words
    assert f"before, {round(100 * (feature_map == 0).mean())} %" in figure.words


def test_line_ends_where_it_leaves_the_plot(figure: Any) -> None:
    figure.choose("Activation", "sigmoid")
    figure.slide("Layers", ["End"])
    figure.slide("Weight", ["Home", "ArrowRight"])
    expect(figure.root.locator(".lx-gradient")).to_contain_text(", beyond the plot")
    figure.choose("Activation", "relu")
    figure.slide("Weight", ["Home"] + ["ArrowRight"] * 9)
    expect(figure.root.locator(".lx-gradient")).to_contain_text("(1 · 1)^50")
    expect(figure.root.locator(".lx-gradient")).not_to_contain_text("beyond")


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "sigmoid", "tanh"])
def test_both_maps_are_those_of_keras(figure: Any, activation: str) -> None:
    figure.choose("Activation", activation)
    before = np.array(figure.state["feature_map"])
    np.testing.assert_allclose(figure.values("Feature map before"), before, atol=0.006)
    after = np.asarray(getattr(keras.ops, activation)(before))
    np.testing.assert_allclose(figure.values("Feature map after"), after, atol=0.006)


def test_point_is_dragged_to_a_place_of_the_curve(figure: Any) -> None:
    plot = figure.root.locator("svg").first
    box = plot.bounding_box()
    # The plot is 216 units wide, 25 of them for 1; its middle is 0.
    unit, middle = 25 * box["width"] / 216, box["x"] + box["width"] / 2
    figure.page.mouse.move(middle, box["y"] + 5)
    figure.page.mouse.down()
    figure.page.mouse.move(middle - 2 * unit, box["y"] + 5, steps=4)
    figure.settle()
    assert figure.words.startswith("ReLU of −2 is 0")
    figure.page.mouse.move(middle + 9 * unit, box["y"] + 5)
    figure.settle()
    assert figure.words.startswith("ReLU of 4 is 4")
    figure.page.mouse.up()
    circle = plot.locator("circle")
    assert (circle.get_attribute("cx"), circle.get_attribute("cy")) == ("100", "-100")


def test_a_finger_scrolls_over_the_curve_or_moves_the_point(figure: Any) -> None:
    box = figure.root.locator("svg").first.bounding_box()
    place = {"x": box["x"] + box["width"] / 4, "y": box["y"] + box["height"] / 2, "id": 0}
    touch = figure.page.context.new_cdp_session(figure.page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchCancel", "touchPoints": []})
    figure.settle()
    assert figure.words.startswith("ReLU of 1.5 is")
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    figure.settle()
    assert figure.words.startswith("ReLU of −2.2 is")
