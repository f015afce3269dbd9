"""The figure Descent: it steps as the optimisers of Keras do, plays, pauses and starts anew."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from lessons_lib import keras
from lessons_lib.explorables.descent import RATES, SURFACES

OPTIMIZERS = {
    "SGD": keras.optimizers.SGD,
    "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "RMSprop": keras.optimizers.RMSprop,
    "Adam": keras.optimizers.Adam,
}
ANOTHER = {"rates": {"SGD": 0.3, "momentum": 0.1, "RMSprop": 0.1, "Adam": 0.1}}


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


@pytest.mark.parametrize("surface", SURFACES)
def test_steps_as_keras_does(js: Callable[..., Any], surface: str) -> None:
    state = {"surface": surface, "x": -1.5, "y": 0.8, "step": 25, "rates": dict.fromkeys(OPTIMIZERS, 0.1)}
    for name, make in OPTIMIZERS.items():
        way = js("descent", "way", state, name)
        optimizer, weights = make(0.1), keras.Variable([-1.5, 0.8])
        for x, y in way[:-1]:
            slope = js("descent", f"surfaces.{surface}.slope", x, y)
            optimizer.apply([keras.ops.convert_to_tensor(slope, "float32")], [weights])
        np.testing.assert_allclose(way[-1], np.asarray(weights.numpy()), atol=1e-4)


@pytest.mark.parametrize("surface", SURFACES)
def test_slopes_are_those_of_its_surfaces(js: Callable[..., Any], surface: str) -> None:
    random, step = np.random.default_rng(0), 1e-5
    for x, y in random.uniform(-2, 2, size=(5, 2)).tolist():
        height = lambda x, y: js("descent", f"surfaces.{surface}.of", x, y)  # noqa: E731
        expected = [height(x + step, y) - height(x - step, y), height(x, y + step) - height(x, y - step)]
        slope = js("descent", f"surfaces.{surface}.slope", x, y)
        np.testing.assert_allclose(slope, np.array(expected) / (2 * step), atol=1e-6)


def test_shows_what_each_optimiser_reaches(root: Locator) -> None:
    root.get_by_role("button", name="Step", exact=True).click()
    expect(words(root)).to_contain_text("After 1 step, none is close yet")
    slider = root.get_by_role("slider", name=re.compile("^Step"))
    slider.focus()
    root.page.keyboard.press("End")
    for text in ("close after 139 steps", "close after 21 steps", "close after 11 steps", "close after 30 steps"):
        expect(root.get_by_text(text)).to_be_visible()
    expect(words(root)).to_contain_text("RMSprop was close first, after 11")
    root.get_by_role("combobox", name="Learning rate of SGD").select_option("0.6")
    expect(words(root)).to_contain_text("Press Play")
    slider.focus()
    root.page.keyboard.press("End")
    expect(root.get_by_text("gone: the steps grow and grow")).to_be_visible()


def test_plays_pauses_and_starts_where_the_picture_is_pressed(root: Locator) -> None:
    root.get_by_role("button", name="Play").click()
    expect(root.get_by_role("button", name="Pause")).to_be_visible()
    root.page.wait_for_timeout(500)
    root.get_by_role("button", name="Pause").click()
    expect(words(root)).to_contain_text("none is close yet")
    picture = root.get_by_role("img", name=re.compile("^Adam"))
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.25})
    expect(root.get_by_role("slider", name=re.compile("^Start"))).to_have_value("1")
    expect(root.get_by_role("slider", name=re.compile("^second"))).to_have_value("1")
    picture.dispatch_event("pointerdown")  # a finger that begins to scroll
    expect(root.get_by_role("slider", name=re.compile("^Start"))).to_have_value("1")


def test_reset_stops_the_play(root: Locator) -> None:
    root.get_by_role("button", name="Play").click()
    root.get_by_role("button", name="Reset").click()
    expect(root.get_by_role("button", name="Play")).to_be_visible()
    expect(words(root)).to_contain_text("Press Play")


def test_offers_the_rates_that_python_accepts(root: Locator) -> None:
    options = root.get_by_role("combobox", name="Learning rate of Adam").locator("option").all_inner_texts()
    assert options == [f"{rate:g}" for rate in RATES]


def test_each_picture_shows_the_steps(figure: Any, js: Callable[..., Any]) -> None:
    figure.slide("Step", ["ArrowRight"] * 5)
    for name in OPTIMIZERS:
        way = np.array(js("descent", "way", figure.state | {"step": 5}, name))
        picture = figure.root.get_by_role("img", name=re.compile(f"^{name} "))
        points = picture.locator("polyline").get_attribute("points")
        shown = np.array([[float(number) for number in point.split(",")] for point in points.split()])
        np.testing.assert_allclose(shown, way * [1, -1], atol=0.0006)
        ball = picture.locator("circle").last
        assert [float(ball.get_attribute(name)) for name in ("cx", "cy")] == pytest.approx(shown[-1], abs=1e-9)
        loss = js("descent", f"surfaces.{figure.state['surface']}.of", *way[-1])
        expect(figure.root.get_by_text(f"loss {loss:.3f}").first).to_be_visible()
