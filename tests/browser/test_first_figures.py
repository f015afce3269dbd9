"""Pixels, Neuron and Descent: their arithmetic against Keras, and their controls by mouse and by keyboard."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib import data, explorables, keras
from lessons_lib.explorables.descent import RATES, SURFACES

FIGURES = {"pixels": explorables.Pixels, "neuron": explorables.Neuron, "descent": explorables.Descent}
OPTIMIZERS = {
    "SGD": keras.optimizers.SGD,
    "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "RMSprop": keras.optimizers.RMSprop,
    "Adam": keras.optimizers.Adam,
}
OpenPage = Callable[..., tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """Serve a page for each of the three figures."""
    folder = tmp_path_factory.mktemp("first")
    shutil.copytree(explorables.base.STATIC, folder, dirs_exist_ok=True)
    for name, figure in FIGURES.items():
        head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Figure</title>'
        links = '<link rel="icon" href="data:,"><link rel="stylesheet" href="explorable.css">'
        body = figure().to_html() + '<script type="module" src="host.js"></script>'
        (folder / f"{name}.html").write_text(f'<!doctype html><html lang="en">{head}{links}{body}', encoding="utf-8")
    return serve(folder)


@pytest.fixture(scope="module")
def js(browser: Browser, pages: str) -> Iterator[Callable[..., Any]]:
    """Give a function that calls an exported function of a module in the browser."""
    page = browser.new_page()
    page.goto(pages + "pixels.html")

    def call(module: str, name: str, *arguments: Any) -> Any:
        return page.evaluate(
            """async ([module, name, args]) =>
                name.split(".").reduce((from, part) => from[part], await import(`./${module}.js`))(...args)""",
            [module, name, list(arguments)],
        )

    yield call
    page.close()


@pytest.fixture
def root(pages: str, open_page: OpenPage, request: pytest.FixtureRequest) -> Iterator[Locator]:
    """Open the page of one figure, and give the figure."""
    page, problems = open_page(pages, f"{request.param}.html")
    root = page.locator("[data-explorable]")
    expect(root.get_by_role("button", name="Reset")).to_be_visible()
    yield root
    assert problems == []


def of(name: str) -> pytest.MarkDecorator:
    """Run a test on the page of that figure."""
    return pytest.mark.parametrize("root", [name], indirect=True)


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def test_pixels_makes_grey_as_the_package_does(js: Callable[..., Any]) -> None:
    for pixel in np.random.default_rng(0).integers(0, 256, size=(20, 3)):
        expected = data.grey(pixel[None, None] / 255).item() * 255
        assert js("pixels", "grey", pixel.tolist()) == pytest.approx(expected, abs=1e-4)


def test_pixels_draws_one_channel_and_turns_black_into_white(js: Callable[..., Any]) -> None:
    assert js("pixels", "shade", [10, 200, 30], "green", "black") == {"color": "rgb(200 200 200)", "dark": False}
    assert js("pixels", "shade", [10, 200, 30], "all", "black")["color"] == "rgb(10 200 30)"
    assert js("pixels", "shade", [0, 0, 0], "grey", "white") == {"color": "rgb(255 255 255)", "dark": False}


@of("pixels")
def test_pixels_reads_a_pixel_by_mouse_and_by_keyboard(root: Locator) -> None:
    state = explorables.Pixels().state
    whole = root.get_by_role("grid", name="All pixels")
    box = whole.bounding_box()
    assert box is not None
    whole.click(position={"x": box["width"] * 10.5 / 28, "y": box["height"] * 12.5 / 28})
    expect(words(root)).to_contain_text(f"image[12, 10] is {state['digit'][12][10][0]}.")
    root.page.keyboard.press("ArrowRight")
    root.page.keyboard.press("ArrowDown")
    expect(words(root)).to_contain_text(f"image[13, 11] is {state['digit'][13][11][0]}.")
    root.get_by_role("combobox", name="Numbers").select_option("0…1")
    expect(words(root)).to_contain_text(f"is {state['digit'][13][11][0] / 255:.2f}.")


@of("pixels")
def test_pixels_takes_a_photograph_apart(root: Locator) -> None:
    red, green, blue = explorables.Pixels().state["photograph"][14][14]
    expect(root.get_by_role("combobox", name="Show")).to_be_hidden()
    root.get_by_role("combobox", name="Picture").select_option("photograph")
    expect(root.get_by_text("28 rows × 42 columns × 3 channels")).to_be_visible()
    expect(words(root)).to_contain_text(f"image[14, 14] is [{red}, {green}, {blue}]")
    root.get_by_role("combobox", name="Show").select_option("blue")
    middle = root.get_by_role("grid", name="Close up").get_by_role("gridcell").nth(12)
    expect(middle).to_have_text(str(blue))
    assert middle.evaluate("(cell) => cell.style.background").startswith(f"rgb({blue}, {blue}, {blue})")


def test_neuron_agrees_with_keras(js: Callable[..., Any]) -> None:
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
def test_neuron_counts_the_corners(js: Callable[..., Any], rule: str, weights: tuple[int, ...], right: int) -> None:
    state = dict(zip(("w1", "w2", "bias"), weights, strict=True), activation="sigmoid", rule=rule)
    assert sum(corner["wanted"] == corner["yes"] for corner in js("neuron", "corners", state)) == right


@of("neuron")
def test_neuron_learns_and_with_the_arrow_keys(root: Locator) -> None:
    expect(root.get_by_text("AND: 3 of 4 right")).to_be_visible()
    root.get_by_role("slider", name=re.compile("^bias")).focus()
    for _ in range(2):
        root.page.keyboard.press("ArrowLeft")
    expect(root.get_by_text("AND: 4 of 4 right")).to_be_visible()
    root.get_by_role("combobox", name="Rule to learn").select_option("XOR")
    expect(words(root)).to_contain_text("XOR: 1 of 4 corners right")


@of("neuron")
def test_neuron_takes_its_inputs_from_the_map(root: Locator) -> None:
    square = root.get_by_role("grid")
    box = square.bounding_box()
    assert box is not None
    square.click(position={"x": box["width"] * 0.99, "y": box["height"] * 0.01})
    expect(words(root)).to_contain_text("1 · 1 + 2 · 1 − 1.5 = 1.50, and sigmoid makes it 0.818: yes")
    root.page.keyboard.press("ArrowDown")
    expect(words(root)).to_contain_text("2 · 0.95")


@pytest.mark.parametrize("surface", SURFACES)
def test_descent_steps_as_keras_does(js: Callable[..., Any], surface: str) -> None:
    state = {"surface": surface, "x": -1.5, "y": 0.8, "step": 25, "rates": dict.fromkeys(OPTIMIZERS, 0.1)}
    for name, make in OPTIMIZERS.items():
        way = js("descent", "way", state, name)
        optimizer, weights = make(0.1), keras.Variable([-1.5, 0.8])
        for x, y in way[:-1]:
            slope = js("descent", f"surfaces.{surface}.slope", x, y)
            optimizer.apply([keras.ops.convert_to_tensor(slope, "float32")], [weights])
        np.testing.assert_allclose(way[-1], np.asarray(weights.numpy()), atol=1e-4)


@pytest.mark.parametrize("surface", SURFACES)
def test_descent_s_slopes_are_those_of_its_surfaces(js: Callable[..., Any], surface: str) -> None:
    random, step = np.random.default_rng(0), 1e-5
    for x, y in random.uniform(-2, 2, size=(5, 2)).tolist():
        height = lambda x, y: js("descent", f"surfaces.{surface}.of", x, y)  # noqa: E731
        expected = [height(x + step, y) - height(x - step, y), height(x, y + step) - height(x, y - step)]
        slope = js("descent", f"surfaces.{surface}.slope", x, y)
        np.testing.assert_allclose(slope, np.array(expected) / (2 * step), atol=1e-6)


@of("descent")
def test_descent_shows_what_each_optimiser_reaches(root: Locator) -> None:
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


@of("pixels")
def test_pixels_close_up_chooses_the_cell_that_is_pressed(root: Locator) -> None:
    close_up = root.get_by_role("grid", name="Close up")
    close_up.get_by_role("gridcell").nth(14).click()
    expect(words(root)).to_contain_text("image[14, 16]")
    close_up.locator("[tabindex='0']").press("ArrowLeft")
    expect(words(root)).to_contain_text("image[14, 15]")


@of("descent")
def test_descent_plays_pauses_and_starts_where_the_picture_is_pressed(root: Locator) -> None:
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


@of("descent")
def test_descent_s_reset_stops_the_play(root: Locator) -> None:
    root.get_by_role("button", name="Play").click()
    root.get_by_role("button", name="Reset").click()
    expect(root.get_by_role("button", name="Play")).to_be_visible()
    expect(words(root)).to_contain_text("Press Play")


@of("neuron")
def test_neuron_s_activation_shows_in_the_square(root: Locator) -> None:
    shades = "(grid) => [...grid.querySelectorAll('[role=gridcell]')].map((cell) => cell.style.background).join()"
    seen = set()
    for activation in root.get_by_role("combobox", name="Activation").locator("option").all_inner_texts():
        root.get_by_role("combobox", name="Activation").select_option(activation)
        root.page.wait_for_timeout(100)
        seen.add(root.get_by_role("grid").evaluate(shades))
    assert len(seen) == 3


def test_a_grey_pixel_s_luma_is_the_pixel(js: Callable[..., Any]) -> None:
    assert [js("pixels", "grey", [value] * 3) for value in range(256)] == list(range(256))


def test_descent_offers_the_rates_that_python_accepts(pages: str, open_page: OpenPage) -> None:
    page, _ = open_page(pages, "descent.html")
    options = page.get_by_role("combobox", name="Learning rate of Adam").locator("option").all_inner_texts()
    assert options == [f"{rate:g}" for rate in RATES]
