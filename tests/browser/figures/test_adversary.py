"""The figure Adversary: its step is that of Keras, noise is its control, and the smallest step is the smallest."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import traitlets as t
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from lessons_lib import explorables, models, training, weights

SIZES = [round(0.005 * step, 3) for step in range(1, 61)]
FIRST = explorables.Adversary.first
IMAGE = np.array(explorables.Adversary().image)


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def shades(root: Locator, number: int) -> np.ndarray:
    """Return the colours of a picture, 28×28×3, 0…1: step, its difference, noise, its difference."""
    address = root.locator("canvas").nth(number).evaluate("(canvas) => canvas.toDataURL()")
    return np.asarray(Image.open(BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB")) / 255


@pytest.fixture
def ready(figure: Any) -> Any:
    expect(words(figure.root)).to_contain_text("such noises")
    return figure


@pytest.fixture(scope="module")
def net() -> Any:
    """Give the network of the figure, in Keras."""
    return weights.load(models.cnn(), "drawdigit")


@pytest.fixture(scope="module")
def stepped(js: Any, net: Any) -> Callable[..., np.ndarray]:
    """Give a function that returns the image after a step away from a class, or towards it if the size is below 0.

    Which way the step leads is compared with Keras in test_slopes.py.
    """
    flat = [np.ravel(array).tolist() for array in net.get_weights()]

    @cache
    def away(k: int) -> np.ndarray:
        said = js("../../../tests/javascript/explain", "explain", None, flat, IMAGE.ravel().tolist(), k)
        return np.reshape(said["away"], (28, 28))

    return lambda k, size: np.clip(IMAGE + size * away(k), 0, 1)


def answer(net: Any, image: np.ndarray) -> np.ndarray:
    return training.predict(net, image[np.newaxis, ..., np.newaxis])[0]


def first_size(net: Any, stepped: Any, k: int, way: int, wanted: Any) -> float | None:
    """Return the smallest size of the slider after which the answer is as wanted."""
    answers = training.predict(net, np.stack([stepped(k, way * size) for size in SIZES])[..., np.newaxis])
    return next((size for size, one in zip(SIZES, answers, strict=True) if wanted(one.argmax())), None)


def colored(change: np.ndarray) -> np.ndarray:
    """Return the colours of a difference: white where there is none, orange above it, blue below it."""
    poles = np.where(change[..., np.newaxis] > 0, (213 / 255, 94 / 255, 0), (0, 114 / 255, 178 / 255))
    return 1 + np.abs(change)[..., np.newaxis] / 0.3 * (poles - 1)


def agree(found: np.ndarray, wanted: np.ndarray) -> bool:
    """Tell whether pictures are the same; where the slope is nearly 0, rounding may turn its sign."""
    return float(np.mean(np.abs(found - wanted) < 0.005)) > 0.99


def test_the_step_is_the_sign_of_the_slope_that_keras_finds(ready: Any, net: Any, stepped: Any) -> None:
    size = explorables.Adversary().epsilon
    after = stepped(FIRST, size)
    assert agree(shades(ready.root, 0), np.repeat(after[..., np.newaxis], 3, axis=-1))
    assert agree(shades(ready.root, 1), colored(after - IMAGE))
    probabilities = answer(net, after)
    assert probabilities.argmax() != FIRST
    expect(words(ready.root)).to_contain_text(f"After a step of {size} it says {probabilities.argmax()}")
    expect(ready.root.get_by_text(f"Says {probabilities.argmax()}, {probabilities.max():.3f}")).to_be_visible()


def test_noise_moves_each_pixel_as_far_and_the_answer_stays(ready: Any, js: Any, net: Any) -> None:
    size = explorables.Adversary().epsilon
    for seed in (0, 1):
        noise = np.reshape(js("adversary_step", "noiseOf", 784, seed), (28, 28))
        assert set(noise.ravel()) == {-1, 1}
        after = np.clip(IMAGE + size * noise, 0, 1)
        assert agree(shades(ready.root, 2), np.repeat(after[..., np.newaxis], 3, axis=-1))
        assert agree(shades(ready.root, 3), colored(after - IMAGE))
        probability = answer(net, after)[FIRST]
        expect(words(ready.root)).to_contain_text(f"with random noise of this size {FIRST}, with probability")
        shown = float(ready.root.locator(".lx-row").nth(1).locator("p").last.inner_text().split()[-1])
        assert shown == pytest.approx(probability, abs=0.0006)
        ready.button("Another noise").click()
        ready.settle()


def test_the_smallest_step_is_found_at_a_press(ready: Any, net: Any, stepped: Any) -> None:
    wanted = first_size(net, stepped, FIRST, 1, lambda k: k != FIRST)
    ready.button("Find the smallest step").click()
    expect(words(ready.root)).to_contain_text(
        f"The smallest step that changes the answer is {wanted}. The network says {FIRST}"
    )
    assert float(ready.root.get_by_role("slider").input_value()) == wanted
    ready.slide("Size of the step", ["ArrowLeft"])
    expect(words(ready.root)).to_contain_text(f"After a step of {wanted - 0.005:.3g} it says {FIRST}")
    assert "smallest" not in words(ready.root).inner_text()


def test_a_step_leads_towards_a_class(ready: Any, net: Any, stepped: Any) -> None:
    root = ready.root
    for to in range(10):
        if to == FIRST:
            continue
        wanted = first_size(net, stepped, to, -1, lambda k, to=to: k == to)
        ready.choose("Step", f"towards {to}")
        ready.press(ready.button("Find the smallest step"), "Enter")
        said = f"The smallest step that makes it say {to} is {wanted}." if wanted else "No step up to 0.3 makes"
        expect(words(root)).to_contain_text(said)
    ready.choose("Step", f"towards {FIRST}")
    ready.button("Find the smallest step").click()
    expect(words(root)).to_contain_text(f"It says {FIRST} without a step.")
    expect(words(root)).to_contain_text("Move the slider: the step has a size of 0.")
    ready.button("Reset").click()
    expect(words(root)).to_contain_text("After a step of 0.2 it says")


def test_another_digit_is_read_anew(ready: Any) -> None:
    ready.choose("Digit", "a real 2")
    expect(words(ready.root)).to_contain_text("The network says 2")
    ready.button("Clear").click()
    ready.settle()
    assert ready.shades("Your digit").max() == 0
    ready.button("Undo").click()
    expect(words(ready.root)).to_contain_text("The network says 2")


@pytest.mark.parametrize("settings", [{"goal": "towards ten"}, {"epsilon": 0.4}, {"seed": 100}])
def test_refuses_what_it_cannot_show(settings: dict[str, Any]) -> None:
    with pytest.raises(t.TraitError, match=next(iter(settings))):
        explorables.Adversary(**settings)


def test_works_by_touch_on_a_page_that_was_opened_as_a_file(browser: Browser, pages: Any, listen: Any) -> None:
    options = "<script>var DOCUMENTATION_OPTIONS = {};</script>"  # what each page of the site has
    name = pages.write(options + explorables.Adversary().to_html())
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with browser.new_context(**phone) as context:
        page = context.new_page()
        problems = listen(page, "file:")
        page.goto((pages.folder / name).as_uri())
        root = page.locator("[data-explorable=adversary]")
        expect(words(root)).to_contain_text("such noises")
        slider = root.get_by_role("slider")
        slider.tap(position={"x": 4, "y": slider.bounding_box()["height"] / 2})
        expect(words(root)).to_contain_text("Move the slider")
        root.get_by_role("button", name="Find the smallest step").tap()
        expect(words(root)).to_contain_text("The smallest step that changes the answer is")
        assert problems == []
