"""The figure Activation: values, slopes and the gradient through many layers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from playwright.sync_api import expect


def test_shows_value_slope_and_surviving_gradient(figure: Any) -> None:
    figure.choose("Activation", "sigmoid")
    figure.slide("Input z", ["Home"])
    value = 1 / (1 + math.exp(4))
    assert f"is {value:.3f}; the slope there is {value * (1 - value):.3f}" in figure.words
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
