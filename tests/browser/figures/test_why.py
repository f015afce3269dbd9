"""The figure Why: its maps are those of Keras, random weights change the network, and the reader's own one is taken."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import traitlets as t
from PIL import Image
from playwright.sync_api import Browser, Locator, expect
from scipy import stats

from lessons_lib import explorables, keras, models, weights
from lessons_lib.explorables.base import sample_digits

FIRST = explorables.Why.first
MAPS = ("Saliency", "Occlusion", "Grad-CAM")
FLATTEN = {"layer": "Flatten"}
DENSE = {
    "input_shape": [28, 28, 1],
    "layers": [FLATTEN, {"layer": "Dense", "units": 10, "activation": "softmax"}],
}


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def canvas(root: Locator, name: str) -> Locator:
    return root.locator(f'canvas[aria-label^="{name}"]')


def colors(root: Locator, name: str) -> np.ndarray:
    """Return the colour in the middle of each pixel of a map: 28×28×3, 0…255."""
    address = canvas(root, name).evaluate("(canvas) => canvas.toDataURL()")
    pixels = np.asarray(Image.open(BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB"))
    side = len(pixels) // 28
    return pixels[side // 2 :: side, side // 2 :: side]


def correlations(root: Locator) -> list[str]:
    return root.locator(".lx-left output").all_inner_texts()


@pytest.fixture
def ready(figure: Any) -> Any:
    expect(words(figure.root)).to_contain_text(f"The network says {FIRST}")
    return figure


@pytest.fixture(scope="module")
def net() -> Any:
    """Give the network of the figure, in Keras."""
    return weights.load(models.cnn(), "drawdigit")


def slopes(net: Any, image: np.ndarray, k: int) -> np.ndarray:
    import tensorflow as tf

    inside = keras.Sequential(net.layers[:-1])
    with tf.GradientTape() as tape:
        x = tf.constant(image[np.newaxis, :, :, np.newaxis], tf.float32)
        tape.watch(x)
        logit = (inside(x) @ net.layers[-1].kernel + net.layers[-1].bias)[0, k]
    return np.asarray(tape.gradient(logit, x))[0, ..., 0]


def test_the_picture_of_the_saliency_is_the_slope_that_keras_finds(ready: Any, net: Any) -> None:
    wanted = np.abs(slopes(net, sample_digits()[FIRST], FIRST))
    share = (wanted / wanted.max())[..., np.newaxis]
    found = colors(ready.root, "Saliency")
    np.testing.assert_allclose(found, 255 + share * (np.array([213, 94, 0]) - 255), atol=1.5)
    row, column = np.unravel_index(wanted.argmax(), wanted.shape)
    label = canvas(ready.root, "Saliency").get_attribute("aria-label")
    assert label == f"Saliency: steepest slope {wanted.max():.2f}, strongest at row {row}, column {column}"


def test_other_classes_have_other_maps(ready: Any, net: Any) -> None:
    ready.choose("Maps of", "3")
    expect(words(ready.root)).to_contain_text("The maps are those of a 3, whose probability is")
    wanted = np.abs(slopes(net, sample_digits()[FIRST], 3)).max()
    assert f"steepest slope {wanted:.2f}" in canvas(ready.root, "Saliency").get_attribute("aria-label")


def test_the_slider_gives_random_weights_layer_by_layer_and_says_what_is_left(ready: Any, js: Any) -> None:
    root = ready.root
    assert correlations(root) == ["1.00"] * 3
    expect(ready.button("Other random weights")).to_be_disabled()
    before = colors(root, "Saliency")
    layers = ["dense layer", "convolution 2", "convolution 1"]
    seen = []
    for count in range(1, 4):
        ready.slide("Random weights in", ["ArrowRight"])
        named = " and ".join(filter(None, [", ".join(layers[: count - 1]), layers[count - 1]]))
        expect(words(root)).to_contain_text(f"With random weights in its {named}, it says")
        expect(root.get_by_role("slider")).to_have_attribute("aria-valuetext", ", ".join(layers[:count]))
        said = words(root).inner_text()
        shown = correlations(root)
        assert said.endswith(", ".join(f"{name} {value}" for name, value in zip(MAPS, shown, strict=True)) + ".")
        seen.append(shown)
    assert len({tuple(shown) for shown in seen}) == 3
    # The order of the shades is that of the slopes: white has none.
    shades = [-image.astype(int).sum(axis=-1).ravel() for image in (before, colors(root, "Saliency"))]
    found = float(seen[-1][0].replace("−", "-"))
    assert stats.spearmanr(*shades)[0] == pytest.approx(found, abs=0.05)
    ready.button("Other random weights").click()
    expect(words(root)).not_to_have_text(said)
    assert ready.root.get_by_role("slider").input_value() == "3"
    ready.button("Reset").click()
    expect(words(root)).to_contain_text(f"what the {FIRST} hangs on")
    assert correlations(root) == ["1.00"] * 3


def test_a_digit_is_chosen_drawn_and_taken_back(ready: Any) -> None:
    root = ready.root
    ready.choose("Digit", "a real 8")
    expect(words(root)).to_contain_text("The network says 8")
    np.testing.assert_allclose(ready.shades("Your digit"), sample_digits()[8], atol=0.01)
    assert ready.chooser("Digit").input_value() == "a real 8"
    ready.button("Clear").click()
    expect(canvas(root, "Occlusion")).to_have_attribute("aria-label", "Occlusion: 0 everywhere")
    assert ready.chooser("Digit").input_value() == "drawn"
    ready.press(ready.cell("Your digit", 0, 0), *["ArrowDown"] * 5, *["ArrowRight"] * 14, *["Shift+ArrowDown"] * 17)
    expect(words(root)).to_contain_text("The network says 1")
    ready.choose("Digit", "drawn")
    assert ready.shades("Your digit")[12, 14] == 1
    for _ in range(18):
        ready.button("Undo").click()
    expect(words(root)).to_contain_text("The network says 8")


def test_the_reader_s_own_network_is_taken_and_a_dense_one_has_no_grad_cam(ready: Any) -> None:
    root, option = ready.root, ready.chooser("Network").locator("option").last
    expect(option).to_be_disabled()
    ready.keep_network("dense, run 1", DENSE | {"seed": 3})
    expect(option).to_be_enabled()
    ready.choose("Network", "your own")
    expect(words(root)).to_contain_text("Your network (dense, run 1) says")
    expect(root.get_by_text("a dense network has none")).to_be_visible()
    expect(root.locator("canvas:visible")).to_have_count(2)
    ready.slide("Random weights in", ["End"])
    expect(words(root)).to_contain_text("With random weights in its dense layer, it says")
    assert "Grad-CAM" not in words(root).inner_text()
    ready.choose("Network", "CNN of the course")
    expect(root.get_by_text("a dense network has none")).to_be_hidden()
    expect(words(root)).to_contain_text(f"The network says {FIRST}")


@pytest.mark.parametrize(
    "description",
    [
        {"input_shape": [2], "layers": [{"layer": "Dense", "units": 10, "activation": "softmax"}]},
        {"input_shape": [28, 28, 1], "layers": [FLATTEN, {"layer": "Dense", "units": 2, "activation": "softmax"}]},
    ],
)
def test_a_network_that_reads_no_digits_is_left_alone(ready: Any, description: dict[str, Any]) -> None:
    ready.keep_network("other", description)
    expect(ready.chooser("Network").locator("option").last).to_be_disabled()


def test_what_someone_else_has_kept_there_is_left_alone(ready: Any) -> None:
    ready.page.evaluate("localStorage.setItem('lessons-lib/network', '{\"description\": 3}')")
    ready.page.evaluate("dispatchEvent(new Event('lx-network'))")
    ready.settle()
    expect(ready.chooser("Network").locator("option").last).to_be_disabled()


@pytest.mark.parametrize("settings", [{"explained": "ten"}, {"randomised": 5}, {"seed": -1}, {"network": "mine"}])
def test_refuses_what_it_cannot_show(settings: dict[str, Any]) -> None:
    with pytest.raises(t.TraitError, match=next(iter(settings))):
        explorables.Why(**settings)


def test_refuses_an_image_of_another_size() -> None:
    with pytest.raises(t.TraitError, match="image must have 28 rows and columns"):
        explorables.Why(image=np.zeros((5, 5)))


def test_works_by_touch_on_a_page_that_was_opened_as_a_file(browser: Browser, pages: Any, listen: Any) -> None:
    options = "<script>var DOCUMENTATION_OPTIONS = {};</script>"  # what each page of the site has
    name = pages.write(options + explorables.Why().to_html())
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with browser.new_context(**phone) as context:
        page = context.new_page()
        problems = listen(page, "file:")
        page.goto((pages.folder / name).as_uri())
        root = page.locator("[data-explorable=why]")
        expect(words(root)).to_contain_text(f"The network says {FIRST}")
        root.get_by_role("button", name="Clear").tap()
        root.get_by_role("grid", name="Your digit").get_by_role("gridcell").nth(14 * 28 + 14).tap()
        expect(canvas(root, "Occlusion")).not_to_have_attribute("aria-label", re.compile("everywhere"))
        slider = root.get_by_role("slider")
        box = slider.bounding_box()
        slider.tap(position={"x": box["width"] - 4, "y": box["height"] / 2})
        expect(words(root)).to_contain_text("With random weights in its dense layer, convolution 2 and convolution 1")
        assert problems == []
