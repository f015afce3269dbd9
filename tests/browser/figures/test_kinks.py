"""The figure Kinks: its weights, given to Keras, draw the curve that goes through its points."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import traitlets as t
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Locator, expect

from lessons_lib import explorables, keras

TARGETS = {"sine": lambda x: np.sin(np.pi * x), "corner": np.abs, "bump": lambda x: np.exp(-((x / 0.3) ** 2))}
TARGETS["jump"] = lambda x: np.where(x > 0, 1.0, 0.0)

ANOTHER = {"points": [[-1, 1], [0, 0], [1, 1]], "chosen": 2}


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def test_keras_draws_the_same_curve_from_its_weights(js: Callable[..., Any]) -> None:
    random = np.random.default_rng(0)
    for count in (2, 3, 6, 10):
        inner = np.sort(random.choice(np.arange(-18, 19), count - 2, replace=False)) / 20
        points = [[float(x), float(y)] for x, y in zip([-1, *inner, 1], random.uniform(-1, 1, count), strict=True)]
        net = js("kinks", "network", points)
        layers = [keras.Input((1,)), keras.layers.Dense(count - 1, activation="relu"), keras.layers.Dense(1)]
        model = keras.Sequential(layers)
        weights, biases, factors = (
            np.array([unit[key] for unit in net["units"]]) for key in ("weight", "bias", "factor")
        )
        model.set_weights([weights[None], biases, factors[:, None], np.array([net["bias"]])])
        x = np.linspace(-1, 1, 101)
        curve = np.interp(x, *np.transpose(points))
        np.testing.assert_allclose(np.asarray(model(x[:, None]))[:, 0], curve, atol=1e-4)
        assert js("kinks", "answer", net, 0.3) == pytest.approx(np.interp(0.3, *np.transpose(points)), abs=1e-9)


@pytest.mark.parametrize("target", TARGETS)
def test_finds_where_the_curve_is_farthest(js: Callable[..., Any], target: str) -> None:
    points = [[-1, 0.5], [-0.2, -1], [0.7, 1], [1, 0]]
    x = np.linspace(-1, 1, 401)
    distance = np.abs(np.interp(x, *np.transpose(points)) - TARGETS[target](x))
    assert js("kinks", "farthest", points, target)["distance"] == pytest.approx(distance.max(), abs=1e-6)


def test_more_kinks_come_closer_to_an_unbroken_curve(js: Callable[..., Any]) -> None:
    for target in ("sine", "bump"):
        points: list[list[float]] = [[-1, 0], [1, 0]]
        distances = []
        while len(points) < 10:
            points = js("kinks", "withOneMore", points, target)
            on = [[x, float(TARGETS[target](x))] for x, _ in points]
            distances.append(js("kinks", "farthest", on, target)["distance"])
        assert distances[-1] < 0.12 * max(distances)
        assert all(left[0] < right[0] for left, right in pairwise(points))


def test_a_kink_stays_between_its_neighbours(js: Callable[..., Any]) -> None:
    points = [[-1, 0], [-0.4, 0], [0.4, 0], [1, 0]]
    assert js("kinks", "moved", points, 1, [0.9, 2])[1] == [0.35, 1.5]
    assert js("kinks", "moved", points, 3, [0.2, -0.5])[3] == [1, -0.5]


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), max_size=12))
def test_takes_points_that_make_a_curve_and_no_others(points: list[tuple[float, float]]) -> None:
    places = [x for x, _ in points]
    grows = all(left < right for left, right in pairwise(places))
    good = 2 <= len(points) <= 10 and places[0] == -1 and places[-1] == 1 and grows
    if good and all(abs(y) <= 1.5 for _, y in points):
        assert explorables.Kinks(points=points).points == [list(point) for point in points]
    else:
        with pytest.raises(t.TraitError, match=r"points must be 2 to 10 pairs"):
            explorables.Kinks(points=points)


@pytest.mark.parametrize("points", [3, "ab", [[-1, 0], [1, None]], [[-1, float("nan")], [1, 0]], [[-1], [1]]])
def test_says_what_points_are(points: Any) -> None:
    with pytest.raises(t.TraitError):
        explorables.Kinks(points=points)


def test_moves_a_kink_by_mouse_and_by_keyboard(root: Locator) -> None:
    kink = root.get_by_role("slider", name="kink 1")
    kink.focus()
    for key in ("ArrowLeft", "ArrowUp"):
        root.page.keyboard.press(key)
    expect(kink).to_have_attribute("aria-valuetext", "x −0.45, y −0.55")
    expect(words(root)).to_contain_text("From x = −0.45 on, unit 2 takes part")
    box = kink.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    root.page.mouse.move(*middle)
    root.page.mouse.down()
    root.page.mouse.move(middle[0], middle[1] - 40, steps=4)
    root.page.mouse.up()
    value = float(kink.get_attribute("aria-valuenow") or "nan")
    assert -0.3 < value < 1
    expect(root.get_by_role("row")).to_have_count(4)


def test_adds_and_removes_kinks_and_reaches_the_corner_with_two_units(root: Locator) -> None:
    root.get_by_role("combobox", name="Come close to").select_option("corner")
    for name in ("kink 1", "kink 1"):
        root.get_by_role("slider", name=name).focus()
        root.page.keyboard.press("Delete")
    expect(root.get_by_role("slider", name=re.compile("kink"))).to_have_count(0)
    root.get_by_role("button", name="Put all on the target").click()
    root.get_by_role("button", name="Add a kink").click()
    expect(words(root)).to_contain_text("Largest distance to the corner: 0, at")
    expect(words(root)).to_contain_text("2 hidden units, 7 weights and biases")
    root.get_by_role("button", name="Reset").click()
    expect(root.get_by_role("slider", name=re.compile("kink"))).to_have_count(2)


def test_a_finger_drags_a_kink_and_leaves_the_page_where_it_is(browser: Browser, pages: Any) -> None:
    phone = {"viewport": {"width": 390, "height": 600}, "has_touch": True, "is_mobile": True}
    with browser.new_context(**phone) as context:
        page = context.new_page()
        page.goto(pages.url + pages.write(explorables.Kinks().to_html()))
        kink = page.get_by_role("slider", name="kink 1")
        kink.scroll_into_view_if_needed()
        box, before = kink.bounding_box(), float(kink.get_attribute("aria-valuenow"))
        scrolled = page.evaluate("scrollY")
        touch = context.new_cdp_session(page)
        for step in range(7):
            point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2 - 8 * step}
            kind = "touchMove" if step else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert float(kink.get_attribute("aria-valuenow")) > before + 0.3
        assert page.evaluate("scrollY") == scrolled
