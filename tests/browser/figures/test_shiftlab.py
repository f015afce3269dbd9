"""The figure ShiftLab: its networks are Keras's, and mouse, finger, keyboard and buttons move the digit."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib import data, explorables, models, training, weights
from lessons_lib.explorables.base import WIDTHS, sample_digits

CURVES = {"dense": [0.9, 0.8, 0.5, 0.3, 0.2, 0.1, 0.1], "CNN": [0.9] * 7, "global pooling": [1, 1, 1, 1, 1, 1, 0.8]}
SETTINGS = ANOTHER = {"accuracy": CURVES}
SHAPE = (32, 32, 1)
NETWORKS = {
    "shiftlab-dense": partial(models.dense, input_shape=SHAPE),
    "shiftlab-cnn": partial(models.cnn, input_shape=SHAPE),
    "shiftlab-global": partial(models.cnn_global, filters=(8, 16, 32), input_shape=SHAPE),
}
PROBABILITIES = """async (cases) => {
  const { load, NETWORKS, place } = await import("./shiftlab.js");
  const read = async (name, i) => {
    const file = await fetch(`weights/shiftlab-${name}.bin`);
    return load(NETWORKS[i].layers, new DataView(await file.arrayBuffer()));
  };
  const networks = await Promise.all(["dense", "cnn", "global"].map(read));
  return cases.map(([example, down, right]) =>
    networks.map((network) => Array.from(network.forward(place(example, down, right)))));
}"""


@pytest.fixture
def module(browser: Browser, pages: Any) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(pages.url + "shiftlab.js")
    yield page
    page.close()


def test_the_probabilities_are_those_of_keras(module: Page) -> None:
    random, digits = np.random.default_rng(0), data.digits().x_test[:60]
    moves = random.integers(-6, 7, size=(60, 2)).tolist()
    examples = [base64.b64encode(np.uint8(np.rint(255 * image)).tobytes()).decode() for image in digits]
    scores = np.array(module.evaluate(PROBABILITIES, [[x, *move] for x, move in zip(examples, moves, strict=True)]))
    canvas = data.on_canvas(digits, 32)
    moved = np.stack([data.shift(x, rows=r, columns=c) for x, (r, c) in zip(canvas, moves, strict=True)])
    for i, (name, build) in enumerate(NETWORKS.items()):
        expected = training.predict(weights.load(build(), name, dtype="float16"), moved)
        np.testing.assert_allclose(scores[:, i], expected, atol=1e-4)


def test_half_precision_is_read_as_numpy_reads_it(module: Page) -> None:
    bits = np.arange(2**16, dtype=np.uint16)
    bits = bits[np.isfinite(bits.view(np.float16))]
    read = module.evaluate("async (all) => all.map((await import('./weights.js')).half)", bits.tolist())
    np.testing.assert_array_equal(np.array(read, dtype=np.float64), bits.view(np.float16).astype(np.float64))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_networks_are_small_and_know_centred_digits(name: str) -> None:
    assert (weights.FOLDER / f"{name}.bin").stat().st_size <= 150_000
    net = weights.load(NETWORKS[name](), name, dtype="float16")
    digits = data.digits()
    assert training.score(net, data.on_canvas(digits.x_test[:500], 32), digits.y_test[:500]) > 0.8


def test_a_file_of_another_length_is_refused(module: Page) -> None:
    message = module.evaluate(
        "async () => { const { unpack } = await import('./weights.js');"
        "try { unpack(new DataView(new ArrayBuffer(14036)), [3]); } catch (error) { return error.message; } }"
    )
    assert message == "the file must hold 3 weights of 2 or 4 bytes each. Received: 14036 bytes"


@pytest.fixture
def lab_url(pages: Any) -> str:
    return pages.url + pages.write(explorables.ShiftLab(accuracy=CURVES).to_html())


@pytest.fixture
def lab(root: Locator) -> Locator:
    says(root, "dense says")
    return root


def test_room_counts_the_plot(open_figure: Any) -> None:
    for width, height in zip(WIDTHS, explorables.ShiftLab(accuracy=CURVES).room, strict=True):
        figure = open_figure("shiftlab", width=width, accuracy=CURVES)
        says(figure.root, "dense says")
        shown = figure.root.bounding_box()["height"]
        assert shown == pytest.approx(height, rel=0.08), f"write {shown:.0f} for {width} px into heights_with_plot"


def says(lab: Locator, text: str) -> None:
    expect(lab.locator("output.sentence")).to_contain_text(text)


def test_the_mouse_drags_the_digit_and_no_farther_than_the_edge(lab: Locator) -> None:
    canvas, mouse = lab.locator("canvas"), lab.page.mouse
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box() or {}
    pixel, middle = box["width"] / 32, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.move(*middle)
    mouse.down()
    mouse.move(middle[0] + 3 * pixel, middle[1] - 2 * pixel, steps=5)
    says(lab, "Moved by 2 up and 3 to the right, the digit is a 4")
    mouse.move(middle[0] + 15 * pixel, middle[1], steps=5)
    says(lab, "Moved by 6, the most, to the right")
    mouse.up()
    mouse.move(*middle)
    says(lab, "Moved by 6, the most, to the right")


def test_keyboard_and_buttons_move_the_digit(lab: Locator) -> None:
    canvas, keyboard = lab.locator("canvas"), lab.page.keyboard
    canvas.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        keyboard.press(key)
    says(lab, "Moved by 2 down and 1 to the left")
    keyboard.press("Home")
    says(lab, "In the middle")
    lab.get_by_role("button", name="Move right").click()
    lab.get_by_role("button", name="Move up").press("Enter")
    says(lab, "Moved by 1 up and 1 to the right")
    lab.get_by_role("combobox", name="Digit").select_option("7")
    says(lab, "the digit is a 7")
    lab.get_by_role("button", name="Reset").click()
    says(lab, "In the middle, the digit is a 4")


def test_answers_scores_and_curves_agree(lab: Locator) -> None:
    lab.locator("canvas").focus()
    for _ in range(6):
        lab.page.keyboard.press("ArrowRight")
    says(lab, "Moved by 6, the most, to the right")
    digit = data.digits()
    image = digit.x_test[np.flatnonzero(digit.y_test == 4)[1]]
    moved = data.shift(data.on_canvas(image, 32), columns=6)[np.newaxis]
    for i, (name, build) in enumerate(NETWORKS.items()):
        scores = training.predict(weights.load(build(), name, dtype="float16"), moved)[0]
        right = "right" if scores.argmax() == 4 else "wrong"
        expect(lab.locator(f"p.lx-net-{i} b")).to_have_text(f"{scores.argmax()}, {right}")
    said = "moved by 6: dense 0.10, CNN 0.90, global pooling 0.80"
    expect(lab.locator("svg")).to_have_attribute("aria-label", f"Accuracy over many digits, {said}")


def test_a_finger_drags_the_digit(lab_url: str, browser: Browser) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(lab_url)
    root = page.locator("[data-explorable=shiftlab]")
    says(root, "dense says")
    canvas = root.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box() or {}
    start, pixel = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}, box["width"] / 32
    touch = context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [start]})
    for step in (2, 4):
        point = {"x": start["x"], "y": start["y"] + step * pixel}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    says(root, "Moved by 4 down")
    context.close()


def test_bars_say_what_the_label_says(lab: Locator) -> None:
    for chart in lab.locator(".lx-ten:visible").all():
        heights = chart.locator("i").evaluate_all("(bars) => bars.map((bar) => parseFloat(bar.style.height))")
        label = chart.get_attribute("aria-label").removeprefix("Probabilities: ")
        said = [float(part.split()[1]) for part in label.split(", ")]
        np.testing.assert_allclose(heights, 100 * np.array(said), atol=0.51)
        assert [bar.get_attribute("class") for bar in chart.locator("i").all()].index("lx-marked") == 4


def test_the_reader_s_own_network_answers_beside_the_three(open_figure: Any) -> None:
    figure = open_figure("shiftlab", digit=3, down=-2, right=1)
    words = figure.root.locator("output.sentence")
    expect(words).to_contain_text("dense says")
    assert "yours" not in words.inner_text()
    own = models.dense(units=(16,), seed=4)
    layers = [
        {"layer": "Flatten"},
        {"layer": "Dense", "units": 16, "activation": "relu"},
        {"layer": "Dense", "units": 10, "activation": "softmax"},
    ]
    figure.keep_network("dense, run 2", {"input_shape": [28, 28, 1], "layers": layers}, own.get_weights())
    moved = data.shift(sample_digits()[3][..., np.newaxis], rows=-2, columns=1)
    expected = training.predict(own, moved[np.newaxis])[0]
    said = f"yours says {expected.argmax()} with probability {expected.max():.2f}."
    expect(words).to_contain_text(said)
    expect(figure.root.get_by_text("Yours is dense, run 2; it reads the middle 28×28 of the canvas.")).to_be_visible()
    # A page that the reader comes back to has not heard that there is none any more.
    figure.page.evaluate(
        "localStorage.clear(); dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    )
    expect(words).not_to_contain_text("yours")
    expect(figure.root.get_by_text("Yours is dense")).to_be_hidden()
