"""The figure DrawDigit: the probabilities of its own arithmetic against Keras, and every way to draw."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect
from scipy import ndimage

from lessons_lib import data, explorables, keras, models, training, weights

# Measures each animation frame, the layout that it causes included.
# No frame is drawn before the test draws it.
HOLD = """() => {
  window.request = window.requestAnimationFrame;
  window.waiting = [];
  window.requestAnimationFrame = (draw) => window.waiting.push(draw);
}"""
DRAW = """() => {
  window.requestAnimationFrame = window.request;
  for (const draw of window.waiting) draw(performance.now());
}"""
PROBABILITIES = """async (images) => {
  const { forward } = await import("./drawdigit.js");
  const { load } = await import("./digitnetwork.js");
  const file = await fetch("weights/drawdigit.bin");
  const network = load(new DataView(await file.arrayBuffer()));
  return images.map((image) => Array.from(forward(network, image).probabilities));
}"""


ORIGIN = """async ([image, layer, map, index]) => {
  const { forward, layerOf } = await import("./drawdigit.js");
  const { load } = await import("./digitnetwork.js");
  const { origin, originInWords } = await import("./closeup.js");
  const file = await fetch("weights/drawdigit.bin");
  const network = load(new DataView(await file.arrayBuffer()));
  const of = layerOf(network, [1, 1, 1, 1], image, forward(network, image).layers, layer);
  return { ...origin(of, map, index), words: originInWords(of, map, index) };
}"""


# The layers of a CNN as TrainLab keeps it, and those of a network that has no maps to show.
OWN = [
    *[
        layer
        for filters in (8, 16)
        for layer in (
            {
                "layer": "Conv2D",
                "filters": filters,
                "kernel_size": 3,
                "activation": "relu",
                "padding": "valid",
                "l2": 0,
            },
            {"layer": "MaxPooling2D", "pool_size": 2},
        )
    ],
    {"layer": "Flatten"},
    {"layer": "Dropout", "rate": 0.25},
    {"layer": "Dense", "units": 10, "activation": "softmax", "l2": 0},
]
DENSE = [{"layer": "Flatten"}, {"layer": "Dense", "units": 10, "activation": "softmax"}]


@pytest.fixture(scope="module")
def net() -> Any:
    """Give the network of the figure, in Keras."""
    return weights.load(models.cnn(), "drawdigit")


@pytest.fixture
def page(figure: Any) -> Page:
    expect(sentence(figure.page)).to_contain_text("The network says")
    return figure.page


def sentence(page: Page) -> Locator:
    return page.locator("output.sentence")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def settle(page: Page) -> None:
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def ten_digits() -> np.ndarray:
    """Return the figure's real digits, one of each class."""
    digits = data.digits()
    return digits.x_test[[np.flatnonzero(digits.y_test == label)[1] for label in range(10)]]


def drawn(page: Page) -> np.ndarray:
    """Return what the grid shows: 28×28, 0…1, to a hundredth."""
    settle(page)
    shades = page.get_by_role("grid", name="Your digit").evaluate(
        "(grid) => [...grid.querySelectorAll('[role=gridcell]')].map((cell) => cell.style.background)"
    )
    return np.array([int(re.search(r"rgb\((\d+)", shade)[1]) for shade in shades]).reshape(28, 28) / 255


def place(page: Page, row: int, column: int) -> tuple[float, float]:
    """Return the middle of a pixel on the screen."""
    box = page.get_by_role("grid", name="Your digit").bounding_box()
    return box["x"] + (column + 0.5) * box["width"] / 28, box["y"] + (row + 0.5) * box["height"] / 28


def drag(page: Page, *places: tuple[int, int]) -> None:
    page.mouse.move(*place(page, *places[0]))
    page.mouse.down()
    for row, column in places[1:]:
        page.mouse.move(*place(page, row, column), steps=8)
    page.mouse.up()


def test_probabilities_are_those_of_keras_on_200_test_digits(page, net):
    images = data.digits().x_test[:200]
    shares = np.array(page.evaluate(PROBABILITIES, images[..., 0].tolist()))
    np.testing.assert_allclose(shares, training.predict(net, images), atol=1e-4)


def test_every_map_on_the_page_is_the_layer_s_output(page, net):
    image = np.array(explorables.DrawDigit().image)[np.newaxis, :, :, np.newaxis]
    inside = keras.Model(net.inputs[0], [layer.output for layer in net.layers[:4]])
    limits = [np.asarray(maps).max() for maps in inside(ten_digits())]
    for canvas, maps, most in zip(page.locator("canvas").all(), inside(image), limits, strict=False):
        maps = np.asarray(maps)[0]
        expect(canvas).to_have_attribute("aria-label", re.compile(f"white is {most:.1f}$"))
        height, width, channels = maps.shape
        painted = canvas.evaluate(
            "(c) => [c.height, c.width, ...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
        )
        pixels = np.reshape(painted[2:], (painted[0], painted[1], 4))
        for k in range(channels):
            top, left = k // 8 * (height + 1), k % 8 * (width + 1)
            tile = pixels[top : top + height, left : left + width, 0]
            np.testing.assert_allclose(tile, 255 * maps[..., k] / most, atol=1.5)


def test_an_empty_image_gives_dark_maps(page):
    button(page, "Clear").click()
    settle(page)
    for canvas in page.locator("canvas").all()[:5]:
        pixels = canvas.evaluate(
            "(c) => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 < 3)"
        )
        assert max(pixels) < 80, canvas.get_attribute("aria-label")
    expect(page.get_by_text("one scale serves all maps")).to_be_visible()


def test_the_thread_and_the_evidence_add_up(page, net):
    image = np.array(explorables.DrawDigit().image)[np.newaxis, :, :, np.newaxis]
    flat = np.asarray(keras.Model(net.inputs[0], net.layers[4].output)(image))[0]
    matrix, bias = net.layers[-1].get_weights()
    for digit in (0, 3, 7):
        page.get_by_label("Evidence for").select_option(str(digit))
        settle(page)
        said = page.get_by_text(re.compile(f"weight for a {digit}; with the bias, the sum is")).inner_text()
        total = float(said.split()[-1].replace("−", "-"))
        assert total == pytest.approx(float(flat @ matrix[:, digit] + bias[digit]), abs=0.006)
    assert page.locator("canvas.lx-thread").evaluate("(c) => c.width") == flat.size == 400


def test_a_stroke_of_the_mouse_is_drawn_and_read(page, net):
    button(page, "Clear").click()
    assert drawn(page).sum() == 0
    drag(page, (6, 8), (6, 19), (13, 15), (22, 12))
    image = drawn(page)
    assert image[6, 8:20].min() > 0.9
    assert image[[5, 7], 12].min() > 0.5
    assert image[:4].sum() == image[:, :5].sum() == 0
    shares = training.predict(net, image[np.newaxis, :, :, np.newaxis])[0]
    expect(sentence(page)).to_contain_text(f"The network says {shares.argmax()}")
    shown = [float(text.split()[-1]) for text in page.locator(".lx-probabilities li").all_inner_texts()]
    np.testing.assert_allclose(shown, shares, atol=0.02)


def test_the_keyboard_draws_erases_and_moves(page):
    button(page, "Clear").click()
    page.get_by_role("grid", name="Your digit").locator("[tabindex='0']").focus()
    page.keyboard.press("Control+Home")
    for _ in range(10):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
    assert drawn(page).sum() == 0
    page.keyboard.press("Enter")
    assert drawn(page)[10, 10] == 1
    expect(page.locator("[role=gridcell]:focus")).to_have_attribute("aria-label", "row 10, column 10, value 1")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowRight")
    line = drawn(page)
    assert line[10, 10:16].min() == 1
    assert line[10, 18:].sum() == 0
    page.get_by_label("Pointer").select_option("move")
    page.get_by_role("grid", name="Your digit").locator("[tabindex='0']").focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    np.testing.assert_array_equal(drawn(page), np.roll(line, 2, axis=0))
    page.get_by_label("Pointer").select_option("erase")
    page.get_by_role("grid", name="Your digit").locator("[tabindex='0']").focus()
    for _ in range(8):
        page.keyboard.press("Shift+ArrowLeft")
    assert drawn(page)[12, 8:15].max() == 0


def test_a_dragged_digit_comes_back_whole_and_is_centred(page):
    button(page, "A real digit").click()
    before = drawn(page)
    page.get_by_label("Pointer").select_option("move")
    drag(page, (14, 14), (14, 27), (14, 17))
    np.testing.assert_array_equal(drawn(page)[:, 3:], before[:, :-3])
    button(page, "Centre it").click()
    image = drawn(page)
    for axis in (0, 1):
        assert abs((image.sum(axis=1 - axis) * np.arange(28)).sum() / image.sum() - 13.5) <= 0.55


def test_real_digits_come_one_after_the_other_and_reset_brings_back_the_first(page):
    start = drawn(page)
    digits = data.digits()
    for label in range(3):
        button(page, "A real digit").click()
        image = digits.x_test[np.flatnonzero(digits.y_test == label)[1], :, :, 0]
        np.testing.assert_allclose(drawn(page), image, atol=0.008)
    button(page, "Reset").click()
    np.testing.assert_array_equal(drawn(page), start)


def test_all_that_is_drawn_between_two_frames_costs_one_redraw(page):
    button(page, "Clear").click()
    assert drawn(page).sum() == 0
    page.evaluate(HOLD)
    drag(page, (5, 5), (22, 22), (5, 22), (22, 5))
    assert page.evaluate("window.waiting.length") == 1
    page.evaluate(DRAW)
    assert (drawn(page) > 0).sum() > 40


def test_bars_are_as_long_as_the_probabilities(page, net):
    image = np.array(explorables.DrawDigit().image)[np.newaxis, :, :, np.newaxis]
    wanted = training.predict(net, image)[0]
    widths = page.locator(".lx-probabilities .lx-bar").evaluate_all(
        "(bars) => bars.map((bar) => parseFloat(bar.style.width))"
    )
    np.testing.assert_allclose(widths, 100 * wanted, atol=0.01)
    assert page.locator(".lx-probabilities li").nth(int(wanted.argmax())).get_attribute("class") == "lx-best"
    for canvas in page.locator("canvas").all():
        title = canvas.evaluate("(canvas) => canvas.parentElement.firstChild.textContent")
        expect(canvas).to_have_attribute("aria-label", title)


def test_undo_takes_back_one_stroke_after_the_other_and_also_clear(page):
    start = drawn(page)
    button(page, "Clear").click()
    drag(page, (6, 8), (6, 19))
    one = drawn(page)
    drag(page, (20, 8), (20, 19))
    assert drawn(page).sum() > one.sum()
    button(page, "Undo").click()
    np.testing.assert_array_equal(drawn(page), one)
    page.get_by_role("grid", name="Your digit").locator("[tabindex='0']").focus()
    page.keyboard.press("Control+z")
    assert drawn(page).sum() == 0
    page.keyboard.press("Meta+z")
    np.testing.assert_array_equal(drawn(page), start)
    button(page, "Undo").click()  # there is nothing left
    np.testing.assert_array_equal(drawn(page), start)
    page.get_by_role("grid", name="Your digit").locator("[tabindex='0']").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Enter")
    button(page, "Reset").click()
    button(page, "Undo").click()
    assert drawn(page)[0, 0] == 1


def test_a_second_finger_draws_nothing(page):
    button(page, "Clear").click()
    box = page.get_by_role("grid", name="Your digit").bounding_box()

    def at(row, column, number):
        x, y = box["x"] + (column + 0.5) * box["width"] / 28, box["y"] + (row + 0.5) * box["height"] / 28
        return {"x": x, "y": y, "id": number}

    touch = page.context.new_cdp_session(page)
    for kind, points in (
        ("touchStart", [at(5, 5, 0)]),
        ("touchStart", [at(5, 5, 0), at(20, 20, 1)]),
        ("touchMove", [at(5, 9, 0), at(20, 9, 1)]),
        ("touchMove", [at(5, 12, 0), at(24, 12, 1)]),
        ("touchEnd", []),
    ):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    image = drawn(page)
    assert image[5, 5:13].min() > 0.9
    assert image[8:].sum() == 0


def maps_of(page: Page, layer: str, at: int) -> Locator:
    """Return the cell that lies over a map of a layer."""
    return page.get_by_role("grid", name=f"Maps of {layer}").get_by_role("gridcell").nth(at)


def test_what_a_value_came_from_is_what_keras_computes(page, net):
    random, image = np.random.default_rng(0), ten_digits()[3]
    inside = keras.Model(net.inputs[0], [layer.output for layer in net.layers[:4]])
    outputs = [np.asarray(maps)[0] for maps in inside(image[np.newaxis])]
    for layer, (before, after) in enumerate(zip([image, *outputs], outputs, strict=False)):
        height, width, channels = after.shape
        for at in range(12):
            row, column, one = (int(random.integers(top)) for top in (height, width, channels))
            if not at:  # one that is not 0
                row, column, one = np.unravel_index(after.argmax(), after.shape)
            asked = [image[..., 0].tolist(), layer, int(one), int(row * width + column)]
            found = page.evaluate(ORIGIN, asked)
            assert found["value"] == pytest.approx(float(after[row, column, one]), abs=1e-4)
            assert found["words"].startswith(f"Row {row}, column {column}: ")
            if layer % 2:
                window = before[2 * row : 2 * row + 2, 2 * column : 2 * column + 2, one]
                np.testing.assert_allclose(found["window"]["data"], window.ravel(), atol=1e-4)
                continue
            kernels, biases = net.layers[layer].get_weights()
            window = before[row : row + 3, column : column + 3]
            np.testing.assert_allclose(found["window"]["data"], window.ravel(), atol=1e-4)
            np.testing.assert_allclose(found["kernel"]["data"], kernels[..., one].ravel(), atol=1e-6)
            parts = (window * kernels[..., one]).sum(axis=(0, 1))
            np.testing.assert_allclose(found["parts"], parts, atol=1e-4)
            assert found["sum"] == pytest.approx(float(parts.sum() + biases[one]), abs=1e-4)
            assert f"ReLU {'leaves it' if found['sum'] > 0 else 'makes it 0'}." in found["words"]


def test_a_map_is_opened_and_closed_by_the_mouse(page, net):
    maps_of(page, "Convolution 2, ReLU", 9).click()
    expect(page.get_by_text("Map 10 of 16 of Convolution 2, ReLU, 11×11")).to_be_visible()
    large = page.get_by_role("grid", name="The map")
    inside = keras.Model(net.inputs[0], net.layers[2].output)
    image = np.array(explorables.DrawDigit().image)[np.newaxis, :, :, np.newaxis]
    values = np.asarray(inside(image))[0, ..., 9]
    said = [
        float(label.split()[-1])
        for label in large.get_by_role("gridcell").evaluate_all(
            "(cells) => cells.map((cell) => cell.getAttribute('aria-label'))"
        )
    ]
    np.testing.assert_allclose(said, values.ravel(), atol=0.006)
    large.get_by_role("gridcell").nth(int(values.argmax())).click()
    words = page.locator(".lx-origin")
    row, column = divmod(int(values.argmax()), 11)
    expect(words).to_contain_text(f"Row {row}, column {column}: the products of the 8 channels sum to")
    expect(words).to_contain_text(f"the sum is about {values.max():.3f}, and ReLU leaves it.")
    assert (
        page.locator("canvas.lx-kernels").evaluate_all("(all) => all.map((c) => [c.width, c.height])") == [[31, 3]] * 2
    )
    maps_of(page, "Convolution 2, ReLU", 9).click()
    expect(large).to_have_count(0)
    maps_of(page, "Max pooling 1", 2).click()
    expect(words).to_contain_text("the largest of")
    button(page, "Close").click()
    expect(large).to_have_count(0)
    maps_of(page, "Max pooling 1", 2).click()
    button(page, "Reset").click()
    expect(large).to_have_count(0)


def test_a_map_is_opened_and_closed_by_the_keyboard(page):
    large = page.get_by_role("grid", name="The map")
    maps_of(page, "Convolution 1, ReLU", 0).focus()
    page.keyboard.press("ArrowRight")
    expect(large).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Map 2 of 8 of Convolution 1, ReLU, 26×26")).to_be_visible()
    large.locator("[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".lx-origin")).to_contain_text("Row 14, column 13: window times kernel is")
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(page.locator("[role=gridcell]:focus")).to_have_attribute("aria-label", "row 0, column 1, map 2")


def test_a_map_is_opened_by_a_finger(browser, pages):
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as phone:
        page = phone.new_page()
        page.goto(pages.url + pages.write(explorables.DrawDigit().to_html()))
        expect(sentence(page)).to_contain_text("The network says")
        maps_of(page, "Convolution 2, ReLU", 9).tap()
        large = page.get_by_role("grid", name="The map")
        large.get_by_role("gridcell").nth(13).tap()
        expect(page.locator(".lx-origin")).to_contain_text("Row 1, column 2: ")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        maps_of(page, "Convolution 2, ReLU", 9).tap()
        expect(large).to_have_count(0)


# A picture of the reader's own --------------------------------------------------------------------------------------


def photographed(image: np.ndarray, random: np.random.Generator, *, dark: bool = False) -> np.ndarray:
    """Return a digit as dark ink on paper, a little turned, somewhere on the sheet, lit from one side: 0…255."""
    sheet = np.zeros((150, 112))
    top, left = random.integers(10, 56), random.integers(5, 23)
    sheet[top : top + 84, left : left + 84] = ndimage.zoom(image, 3, order=3)
    ink = ndimage.rotate(sheet, random.uniform(-10, 10), reshape=False, order=1).clip(0, 1)
    down, across = np.mgrid[:150, :112] / [[[150]], [[112]]]
    light = 0.55 + 0.3 * random.uniform(-1, 1) * across + 0.3 * random.uniform(-1, 1) * down
    seen = light * (0.95 - 0.7 * ink) + random.normal(0, 0.02, ink.shape)
    return np.uint8(255 * np.clip(1 - seen if dark else seen, 0, 1))


def in_colour(photograph: np.ndarray) -> list[Any]:
    return np.repeat(photograph[..., np.newaxis], 3, axis=-1).tolist()


def file_of(photograph: np.ndarray) -> FilePayload:
    file = BytesIO()
    Image.fromarray(photograph).save(file, "PNG")
    return {"name": "mine.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_photographed_digits_are_read_nearly_as_well_as_those_of_mnist(net, js):
    digits, random = data.digits(), np.random.default_rng(0)
    found = [
        js("owndigit", "digitSteps", in_colour(photographed(image, random, dark=bool(number % 2))))[-1]["rows"]
        for number, image in enumerate(digits.x_test[:60, ..., 0])
    ]
    said = training.predict(net, np.array(found)[..., np.newaxis]).argmax(axis=1)
    assert np.mean(said == digits.y_test[:60]) >= 0.8


def test_a_picture_of_one_s_own_becomes_a_digit_and_undo_takes_it_back(page, js):
    before = drawn(page)
    photograph = photographed(ten_digits()[3, ..., 0], np.random.default_rng(1))
    page.locator("input[type=file]").first.set_input_files(file_of(photograph))
    tiles = page.locator(".lx-own-steps li")
    expect(tiles).to_have_count(8)
    assert tiles.all_inner_texts()[0].endswith("grey")
    for canvas, name in zip(tiles.locator("canvas").all(), tiles.locator("span").all_inner_texts(), strict=True):
        expect(canvas).to_have_attribute("aria-label", name)
    expect(sentence(page)).to_contain_text("The network says 3")
    shrunk = [[[value] * 3 for value in row] for row in own_rows(page)]
    expected = np.array(js("owndigit", "digitSteps", shrunk)[-1]["rows"])
    np.testing.assert_allclose(drawn(page), expected, atol=0.02)
    button(page, "Undo").click()
    np.testing.assert_allclose(drawn(page), before)
    button(page, "Reset").click()
    expect(tiles.first).to_be_hidden()


def own_rows(page: Page) -> list[list[int]]:
    """Return the first step of a picture of one's own, 0…255."""
    canvas = page.locator(".lx-own-steps canvas").first
    width, *shades = canvas.evaluate(
        """(c) => [c.width, ...c.getContext("2d").getImageData(0, 0, c.width, c.height).data]
            .filter((_, i) => i % 4 === 1 || !i)"""
    )
    return np.reshape(shades, (-1, width)).tolist()


def test_a_picture_without_a_digit_is_refused_in_words(page):
    before = drawn(page)
    page.locator("input[type=file]").first.set_input_files(file_of(np.full((60, 60), 200, np.uint8)))
    expect(
        page.get_by_text("A digit must stand out from its paper. Received: a picture in which no ink")
    ).to_be_visible()
    np.testing.assert_allclose(drawn(page), before)
    expect(page.locator(".lx-own-steps")).to_be_hidden()


def test_the_reader_s_own_cnn_takes_the_place_of_the_course_s(figure: Any) -> None:
    page, option = figure.page, figure.chooser("Network").locator("option").last
    expect(sentence(page)).to_contain_text("The network says 7")
    expect(option).to_be_disabled()
    figure.keep_network("dense, run 1", {"input_shape": [28, 28, 1], "layers": DENSE})
    expect(option).to_be_disabled()
    own = models.cnn(seed=3)
    own.set_weights([2 * values for values in own.get_weights()])
    figure.keep_network("CNN, run 4", {"input_shape": [28, 28, 1], "layers": OWN}, own.get_weights())
    expect(option).to_be_enabled()
    figure.choose("Network", "your own")
    expected = training.predict(own, ten_digits()[7:8])[0]
    expect(sentence(page)).to_contain_text(f"Your network (CNN, run 4) says {expected.argmax()}")
    shares = [float(text) for text in figure.root.locator(".lx-probabilities li > :last-child").all_inner_texts()]
    np.testing.assert_allclose(shares, expected, atol=6e-4)
    figure.cell("Maps of Max pooling 2", 0, 1).click()
    expect(figure.root.locator(".lx-origin")).to_be_visible()
    figure.keep_network("dense, run 5", {"input_shape": [28, 28, 1], "layers": DENSE})
    expect(sentence(page)).to_contain_text("The network says 7")
    expect(figure.chooser("Network")).to_have_value("CNN of the course")
    figure.button("Reset").click()
    expect(sentence(page)).to_contain_text("The network says 7")


def test_a_cnn_whose_units_have_all_died_is_drawn_as_zeros(figure: Any) -> None:
    expect(sentence(figure.page)).to_contain_text("The network says")
    weights = [0 * values for values in models.cnn(seed=3).get_weights()]
    figure.keep_network("CNN, run 1", {"input_shape": [28, 28, 1], "layers": OWN}, weights)
    figure.choose("Network", "your own")
    expect(sentence(figure.page)).to_contain_text("Your network (CNN, run 1)")
    evidence = figure.root.locator("canvas.lx-maps:not(.lx-own-steps canvas)").nth(5)
    shades = evidence.evaluate("(c) => [...c.getContext('2d').getImageData(0, 0, 1, 1).data]")
    assert shades == [255, 255, 255, 255]
