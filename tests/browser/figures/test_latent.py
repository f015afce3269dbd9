"""The figure Latent: its codes and its drawings are Keras's; the marker, the paths and the errors follow the reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import traitlets as t
from playwright.sync_api import Browser, Locator, expect

from lessons_lib import data, explorables, keras, models, weights
from lessons_lib.explorables import latent

SIDE = 28
PLACE = re.compile(r"\((−?[\d.]+), (−?[\d.]+)\)")
GREYS = re.compile(r"(\d+) straight in the plane, (\d+) straight in pixels")
# Read from a copy, as the browser warns of a canvas that is drawn and read in turn.
PIXELS = """(canvas) => {
  const copy = new OffscreenCanvas(28, 28).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  return [...copy.getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0);
}"""


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def pixels(canvas: Locator) -> np.ndarray:
    return np.array(canvas.evaluate(PIXELS)) / 255


def place(root: Locator) -> np.ndarray:
    """Return where the marker says that it is."""
    found = PLACE.search(root.get_by_role("slider", name="Ring").get_attribute("aria-valuetext"))
    return np.array([float(number.replace("−", "-")) for number in found.groups()])


def code_of(name: str) -> np.ndarray:
    return np.array(explorables.Latent().codes[latent.NAMES.index(name)][:2])


@pytest.fixture(scope="module")
def halves() -> Any:
    """Give the encoder and the decoder of the course in Keras."""
    layers = keras.layers
    encoder = keras.Sequential(
        [keras.Input((SIDE, SIDE, 1)), layers.Flatten(), layers.Dense(64, activation="relu"), layers.Dense(2)]
    )
    decoder = keras.Sequential(
        [keras.Input((2,)), layers.Dense(32, activation="relu"), layers.Dense(784, activation="sigmoid")]
    )
    weights.load(encoder, "latent-encoder", dtype="float16")
    weights.load(decoder, "latent-decoder", dtype="float16")
    return encoder, lambda codes: np.asarray(decoder(np.float32(codes))).reshape(-1, SIDE * SIDE)


@pytest.fixture
def ready(figure: Any) -> Any:
    expect(words(figure.root)).to_contain_text("the decoder draws the picture")
    return figure


def test_numpy_encodes_as_keras_does(halves: Any) -> None:
    images = data.digits().x_test[:50]
    np.testing.assert_allclose(latent.encode(images[..., 0]), np.asarray(halves[0](images)), rtol=1e-3, atol=1e-3)


def test_the_codes_come_from_test_digits_of_all_classes() -> None:
    figure = explorables.Latent()
    assert len(figure.codes) == 300
    assert [code[2] for code in figure.codes[:20]] == [int(name[0]) for name in figure.names]
    assert {code[2] for code in figure.codes} == set(range(10))
    assert [figure.x, figure.y] == pytest.approx((code_of(figure.start) + code_of(figure.end)) / 2, abs=0.001)


@pytest.mark.parametrize("settings", [{"start": "3"}, {"end": "10a"}, {"step": 9}, {"x": float("nan")}, {"shows": ""}])
def test_refuses_what_it_cannot_show(settings: dict[str, Any]) -> None:
    with pytest.raises(t.TraitError, match=next(iter(settings))):
        explorables.Latent(**settings)


def test_draws_what_keras_draws(ready: Any, halves: Any) -> None:
    root = ready.root
    for key in ("ArrowLeft", "ArrowUp"):
        ready.press(root.get_by_role("slider", name="Ring"), *[key] * 4)
        np.testing.assert_allclose(pixels(root.locator("canvas.lx-large")), halves[1]([place(root)])[0], atol=0.02)


def test_both_paths_are_straight_and_have_the_same_ends(ready: Any, halves: Any) -> None:
    root, (start, end) = ready.root, (code_of(ready.state[name]) for name in ("start", "end"))
    plane, mixed = (
        np.array([pixels(canvas) for canvas in strip.locator("canvas").all()])
        for strip in root.locator(".lx-strip").all()
    )
    shares = np.linspace(0, 1, 9)[:, np.newaxis]
    np.testing.assert_allclose(plane, halves[1](start + shares * (end - start)), atol=0.01)
    np.testing.assert_allclose(mixed, plane[0] + shares * (plane[-1] - plane[0]), atol=0.01)
    said = GREYS.search(root.locator(".lx-path-words").inner_text())
    for number, pictures in zip(said.groups(), (plane, mixed), strict=True):
        assert int(number) == pytest.approx((abs(pictures[4] - 0.5) < 0.25).sum(), abs=3)


def test_the_error_is_that_between_the_digit_and_its_drawing(ready: Any, halves: Any) -> None:
    encoder, decode = halves
    for label, name in (("From", "4b"), ("to", "9a")):
        ready.choose(label, name)
    for at, name in enumerate(("4b", "9a")):
        pair = ready.root.locator(".lx-copy").nth(at)
        original, copy = (pixels(canvas) for canvas in pair.locator("canvas").all())
        said = pair.inner_text()
        assert said.startswith(f"{name}: ")
        assert float(said.split()[-1]) == pytest.approx(((original - copy) ** 2).mean(), abs=0.001)
        code = np.asarray(encoder(original.reshape(1, SIDE, SIDE, 1)))[0]
        assert [float(n.replace("−", "-")) for n in PLACE.search(said).groups()] == pytest.approx(code, abs=0.02)
        np.testing.assert_allclose(copy, decode([code])[0], atol=0.02)


def test_the_marker_goes_along_the_path_by_keyboard(ready: Any) -> None:
    start, end = (code_of(ready.state[name]) for name in ("start", "end"))
    for keys, share in ((["Home"], 0), (["ArrowRight"], 1 / 8), (["End"], 1)):
        ready.slide("Step", keys)
        assert place(ready.root) == pytest.approx(start + share * (end - start), abs=0.0051)
    expect(ready.root.locator(".lx-path-words")).to_have_text("Step 8 of 8: both paths have the same ends.")
    ready.choose("to", "7a")
    assert place(ready.root) == pytest.approx(code_of("7a"), abs=0.0051)
    ready.button("Reset").click()
    expect(ready.root.locator(".lx-path-words")).to_contain_text("Step 4 of 8")
    assert place(ready.root) == pytest.approx((start + end) / 2, abs=0.0051)


def test_the_marker_is_dragged_and_goes_where_the_plane_is_pressed(ready: Any) -> None:
    root, page = ready.root, ready.page
    box = root.locator(".lx-plane svg").bounding_box()
    before = place(root)
    marker = root.get_by_role("slider", name="Ring").locator(".lx-dot").bounding_box()
    page.mouse.move(marker["x"] + marker["width"] / 2, marker["y"] + marker["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3, steps=4)
    page.mouse.up()
    ready.settle()
    dragged = place(root)
    assert (dragged != before).all()
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.9)
    ready.settle()
    pressed = place(root)
    assert pressed[0] > dragged[0]
    assert pressed[1] < dragged[1]  # what is lower has a smaller second number
    page.mouse.click(box["x"] + 1, box["y"] + box["height"] / 2)
    ready.settle()
    edge = root.get_by_role("slider", name="Ring").get_attribute("aria-valuemin")
    assert place(root)[0] == pytest.approx(float(edge))


def test_each_code_is_the_glyph_of_its_class_in_the_class_s_colour(ready: Any) -> None:
    texts = ready.root.locator("svg .lx-code")
    labels = [str(code[2]) for code in explorables.Latent().codes]
    assert texts.all_text_contents() == labels
    colours = texts.evaluate_all("(all) => all.map((e) => e.getAttribute('fill'))")
    assert len(set(colours)) == len(set(zip(labels, colours, strict=True))) == 10
    ready.choose("Show", "drawings everywhere")
    expect(texts.first).to_be_hidden()
    expect(ready.root.locator(".lx-plane > canvas")).to_be_visible()


@pytest.mark.parametrize("path", [[0, 0], [0.4, 0.7]])
def test_keras_draws_the_same_from_random_weights(open_body: Callable[..., Any], path: list[float]) -> None:
    model = models.seeded(
        keras.Sequential(
            [
                keras.Input((2,)),
                keras.layers.Dense(32, activation="relu"),
                keras.layers.Dense(784, activation="sigmoid"),
            ]
        ),
        3,
    )
    random = np.random.default_rng(0)
    model.set_weights([np.float32(random.normal(size=array.shape)) for array in model.get_weights()])
    file = list(weights.pack(model))
    found = open_body("").evaluate(DECODE, [file, path])
    np.testing.assert_allclose(found, np.asarray(model(np.float32([path])))[0], atol=1e-6)


DECODE = """async ([bytes, place]) => {
  const { createDecoder } = await import("./latent_network.js");
  return createDecoder(new DataView(Uint8Array.from(bytes).buffer))(place);
}"""


def test_works_by_touch_on_a_page_that_was_opened_as_a_file(browser: Browser, pages: Any, listen: Any) -> None:
    options = "<script>var DOCUMENTATION_OPTIONS = {};</script>"  # what each page of the site has
    name = pages.write(options + explorables.Latent().to_html())
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with browser.new_context(**phone) as context:
        page = context.new_page()
        problems = listen(page, "file:")
        page.goto((pages.folder / name).as_uri())
        root = page.locator("[data-explorable=latent]")
        expect(words(root)).to_contain_text("the decoder draws the picture")
        before = place(root)
        box = root.locator(".lx-plane svg").bounding_box()
        root.locator(".lx-plane svg").tap(position={"x": box["width"] * 0.2, "y": box["height"] * 0.15})
        expect(words(root)).not_to_contain_text(f"({before[0]:.2f}".replace("-", "−"))
        assert (place(root) != before).all()
        root.get_by_role("combobox", name="From").select_option("8a")
        expect(root.locator(".lx-copy").first).to_contain_text("8a: ")
        assert problems == []


def test_a_finger_drags_the_marker_and_leaves_the_page_where_it_is(browser: Browser, pages: Any) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with browser.new_context(**phone) as context:
        page = context.new_page()
        page.goto(pages.url + pages.write(explorables.Latent().to_html()))
        root = page.locator("[data-explorable=latent]")
        expect(words(root)).to_contain_text("the decoder draws the picture")
        marker = root.locator(".lx-marker .lx-dot")
        marker.scroll_into_view_if_needed()
        box, before, scrolled = marker.bounding_box(), place(root), page.evaluate("scrollY")
        touch = context.new_cdp_session(page)
        for step in range(9):
            point = {"x": box["x"] + 1, "y": box["y"] + 1 - 8 * step}
            kind = "touchMove" if step else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        high = 64 / root.locator(".lx-plane > canvas").bounding_box()["height"]
        codes = np.array(explorables.Latent().codes)[:, 1]
        assert place(root)[1] - before[1] == pytest.approx(high * 1.12 * np.ptp(codes), rel=0.05)
        assert page.evaluate("scrollY") == scrolled
