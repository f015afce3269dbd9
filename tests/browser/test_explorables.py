"""Each explorable on its built page: every control by mouse and by keyboard, and the numbers that it then shows."""

from __future__ import annotations

import json
import math
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib import counting, explorables, ops
from lessons_lib.exercises import Exercise, Quiz
from lessons_lib.explorables.base import Explorable

FIGURES = {name.lower(): getattr(explorables, name) for name in explorables.__all__}
STORED = re.compile(r'data-explorable="(\w+)".*?<script type="application/json">(.*?)</script>', re.DOTALL)
OpenPage = Callable[..., tuple[Page, list[str]]]
PATIENCE = 5_000


class Figure:
    """A mounted explorable, as a reader meets it."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
        self.root = page.locator(f"[data-explorable={name}]").first
        self.root.scroll_into_view_if_needed()
        expect(self.root.locator("button").first).to_be_visible()
        page.set_default_timeout(PATIENCE)
        self.state: dict[str, Any] = FIGURES[name]().state

    def button(self, text: str) -> Locator:
        return self.root.get_by_role("button", name=text, exact=True)

    def chooser(self, label: str) -> Locator:
        return self.root.get_by_role("combobox", name=label, exact=True)

    def choose(self, label: str, option: str) -> None:
        self.chooser(label).select_option(option)
        self.settle()

    def press(self, locator: Locator, *keys: str) -> None:
        locator.focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def slide(self, label: str, keys: list[str]) -> None:
        self.press(self.root.get_by_role("slider", name=re.compile(rf"^{label}\b")), *keys)

    def settle(self) -> None:
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def grid(self, label: str) -> Locator:
        return self.root.get_by_role("grid", name=label, exact=True)

    def cell(self, label: str, row: int, column: int) -> Locator:
        return self.grid(label).get_by_role("row").nth(row).get_by_role("gridcell").nth(column)

    def numbers(self, label: str) -> np.ndarray:
        """Return the numbers in a grid's cells; NaN where a cell shows none."""
        rows = self.grid(label).evaluate(
            "(grid) => [...grid.children].map((row) => [...row.children].map((c) => c.textContent))"
        )
        return np.array([[float(text.replace("−", "-")) if text else np.nan for text in row] for row in rows])

    def marked(self, label: str, mark: str) -> list[int]:
        """Return the indices of the cells of a grid with a mark."""
        return self.grid(label).evaluate(
            """(grid, mark) => [...grid.querySelectorAll('[role=gridcell]')]
                .flatMap((cell, index) => cell.classList.contains(mark) ? [index] : [])""",
            mark,
        )

    @property
    def words(self) -> str:
        return self.root.locator("output.sentence").inner_text()

    @property
    def counts(self) -> list[int]:
        """Return the three numbers of Parameters."""
        return [int(text.replace(",", "")) for text in self.root.locator(".lx-count").all_inner_texts()]


def write_page(folder: Path, name: str, *bodies: str) -> None:
    """Write a page that holds explorables and nothing else."""
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Figures</title>'
    links = '<link rel="icon" href="data:,"><link rel="stylesheet" href="explorable.css">'
    script = '<script type="module" src="host.js"></script>'
    page = f'<!doctype html><html lang="en">{head}{links}{"".join(bodies)}{script}</html>'
    (folder / f"{name}.html").write_text(page, encoding="utf-8")


@pytest.fixture(scope="session")
def figures_url(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """Serve a page for each explorable, and one with two of a kind and a broken one between them."""
    folder = tmp_path_factory.mktemp("figures")
    shutil.copytree(explorables.base.STATIC, folder, dirs_exist_ok=True)
    for name, figure in FIGURES.items():
        write_page(folder, name, figure().to_html())
    sound = explorables.Pooling().to_html()
    broken = '<div data-explorable="pooling"><script type="application/json">{"image": 3}</script></div>'
    write_page(folder, "three", sound, broken, sound)
    return serve(folder)


@pytest.fixture
def figure(figures_url: str, open_page: OpenPage, request: pytest.FixtureRequest) -> Iterator[Figure]:
    page, problems = open_page(figures_url, f"{request.param}.html")
    yield Figure(page, request.param)
    assert problems == []


def of(name: str) -> pytest.MarkDecorator:
    """Run a test on the page of that explorable."""
    return pytest.mark.parametrize("figure", [name], indirect=True)


@of("convolution")
def test_convolution_shows_the_map_that_ops_computes(figure: Figure) -> None:
    image, kernel = np.array(figure.state["image"]), np.array(figure.state["kernel"])
    for stride, padding in (("1", "valid"), ("2", "same"), ("3", "valid")):
        figure.choose("Stride", stride)
        figure.choose("Padding", padding)
        figure.button("Fill the map").click()
        figure.settle()
        expected = ops.convolve(image, kernel, strides=int(stride), padding=padding)
        np.testing.assert_allclose(figure.numbers("Feature map"), expected, atol=0.0501)
    figure.choose("Stride", "1")
    figure.choose("Dilation", "2")
    figure.button("Fill the map").click()
    figure.settle()
    expected = ops.convolve(image, kernel, dilation_rate=2)
    np.testing.assert_allclose(figure.numbers("Feature map"), expected, atol=0.0501)


@of("convolution")
def test_convolution_steps_by_mouse_and_by_keyboard(figure: Figure) -> None:
    figure.button("Empty it").click()
    figure.press(figure.button("Step"), "Enter", "Enter", "Space")
    assert "Row 0, column 3 of the map" in figure.words
    figure.button("Back").click()
    figure.settle()
    assert "Row 0, column 2 of the map" in figure.words
    assert np.isfinite(figure.numbers("Feature map")).sum() == 4
    figure.press(figure.grid("Feature map").locator("[tabindex='0']"), "ArrowDown", "ArrowRight")
    assert "Row 1, column 3 of the map" in figure.words
    figure.cell("Input image", 6, 7).click()
    figure.settle()
    assert "Row 5, column 6 of the map" in figure.words
    window = [row * 14 + column for row in (5, 6, 7) for column in (6, 7, 8)]
    assert figure.marked("Input image", "lx-window") == window


@of("convolution")
def test_convolution_s_sentence_is_the_sum(figure: Figure) -> None:
    figure.choose("Preset", "horizontal edges")
    figure.cell("Input image", 7, 7).click()
    figure.settle()
    terms, total = re.fullmatch(r".*of the map: (.*) = (−?\d+(?:\.\d+)?)\.", figure.words).groups()  # type: ignore[union-attr]
    numbers = [
        float(number) for number in re.findall(r"-?[\d.]+", terms.replace("−", "-").replace("(", "").replace(")", ""))
    ]
    assert sum(numbers[::2][i] * numbers[1::2][i] for i in range(len(numbers) // 2)) == pytest.approx(
        float(total.replace("−", "-")), abs=0.05
    )
    expected = ops.convolve(figure.state["image"], [[-1, -1, -1], [0, 0, 0], [1, 1, 1]])[6, 6]
    assert float(total.replace("−", "-")) == pytest.approx(expected, abs=0.005)


@of("convolution")
def test_convolution_can_be_edited_painted_dragged_played_and_reset(figure: Figure) -> None:
    field = figure.root.get_by_label("Weight in row 1, column 1", exact=True)
    figure.press(field, "Control+a", "5")
    kernel = np.array(figure.state["kernel"])
    kernel[1, 1] = 5
    figure.button("Fill the map").click()
    figure.settle()
    np.testing.assert_allclose(figure.numbers("Feature map"), ops.convolve(figure.state["image"], kernel), atol=0.0501)
    figure.root.get_by_role("checkbox").check()
    figure.cell("Input image", 0, 0).click()
    figure.press(figure.cell("Input image", 0, 0), "ArrowRight", "Enter")
    np.testing.assert_array_equal(figure.numbers("Input image")[0, :3], [1, 1, 0])
    figure.root.get_by_role("checkbox").uncheck()
    start, end = (figure.cell("Input image", *place).bounding_box() for place in ((3, 3), (9, 10)))
    figure.page.mouse.move(start["x"] + 5, start["y"] + 5)
    figure.page.mouse.down()
    figure.page.mouse.move(end["x"] + 5, end["y"] + 5, steps=8)
    figure.page.mouse.up()
    figure.settle()
    assert "Row 8, column 9 of the map" in figure.words
    figure.button("Empty it").click()
    figure.button("Play").click()
    expect(figure.root.locator("output.sentence")).to_contain_text(re.compile("Row [1-9]"))
    figure.button("Pause").click()
    figure.button("Reset").click()
    figure.settle()
    assert figure.root.get_by_label("Preset").input_value() == "vertical edges"
    assert figure.numbers("Input image")[0, 0] == 0


@of("convolution")
def test_convolution_says_how_sizes_are_rounded(figure: Figure) -> None:
    figure.choose("Stride", "4")
    size = figure.root.locator(".lx-size")
    expect(size).to_contain_text("⌊(14 − 3) / 4⌋ + 1 = 3")
    expect(size).to_contain_text("the last 3 rows are never seen")
    figure.choose("Padding", "same")
    expect(size).to_contain_text("14 / 4 = 4, rounded up from 3.5")


@of("convolution")
def test_convolution_s_back_and_own_numbers_do_something(figure: Figure) -> None:
    figure.choose("Stride", "4")
    figure.button("Back").click()
    figure.settle()
    assert figure.words.startswith("Row 2, column 1")  # the last of 3×3 stops is row 2, column 2
    figure.choose("Preset", "own numbers")
    assert figure.page.evaluate("document.activeElement.closest('.lx-kernel') !== null")


@of("convolution")
def test_convolution_never_combines_stride_and_dilation(figure: Figure) -> None:
    figure.choose("Dilation", "2")
    figure.choose("Stride", "2")
    assert figure.chooser("Dilation").input_value() == "1"


@of("pooling")
def test_pooling_shows_what_ops_computes(figure: Figure) -> None:
    image = np.array(figure.state["image"])
    for kind in ("max", "average"):
        for size, stride, padding in ((2, 2, "valid"), (3, 2, "same"), (4, 1, "valid")):
            figure.choose("Pooling", kind)
            figure.choose("Window", str(size))
            figure.choose("Stride", str(stride))
            figure.choose("Padding", padding)
            pool = getattr(ops, f"{kind}_pool")
            expected = pool(image, pool_size=size, strides=stride, padding=padding)
            np.testing.assert_allclose(figure.numbers("Output"), expected, atol=0.0501)


@of("pooling")
def test_pooling_nudges_and_counts_what_changed(figure: Figure) -> None:
    image = np.array(figure.state["image"])
    figure.button("Reset").click()
    figure.press(figure.button("→ Right"), "Enter")
    moved = np.pad(image, ((0, 0), (1, 0)))[:, :-1]
    changed = ops.max_pool(moved) != ops.max_pool(image)
    expect(figure.root.locator(".lx-size")).to_contain_text(f"{round(100 * (moved != image).mean())} % of the pixels")
    expect(figure.root.locator(".lx-size")).to_contain_text(f"{round(100 * changed.mean())} % of the outputs")
    np.testing.assert_allclose(figure.numbers("Output"), ops.max_pool(moved), atol=0.0501)
    figure.cell("Output", *np.argwhere(changed)[0]).click()  # the chosen output is counted, too
    figure.settle()
    assert figure.marked("Output", "lx-changed") == np.flatnonzero(changed).tolist()
    figure.button("↓ Down").click()
    figure.button("← Left").click()
    figure.button("↑ Up").click()
    expect(figure.root.locator(".lx-size")).to_contain_text("has not moved")


@of("pooling")
def test_pooling_names_the_winner(figure: Figure) -> None:
    figure.press(
        figure.grid("Output").locator("[tabindex='0']"), "Control+Home", "ArrowDown", "ArrowDown", "ArrowRight"
    )
    image = np.array(figure.state["image"])
    window = image[4:6, 2:4]
    row, column = np.unravel_index(window.argmax(), window.shape)
    assert f"from row {4 + row}, column {2 + column} of the input" in figure.words
    assert figure.marked("Input image", "lx-picked") == [(4 + row) * 14 + 2 + column]
    figure.cell("Input image", 9, 9).click()
    figure.settle()
    assert "Row 4, column 4 of the output" in figure.words


@of("flattening")
def test_flattening_unrolls_steps_and_rolls_up(figure: Figure) -> None:
    thread = figure.grid("The thread")
    shown = "(grid) => [...grid.querySelectorAll('[role=gridcell]')].filter((c) => c.style.background).length"
    figure.button("Reset").click()
    figure.press(figure.button("Step"), "Enter", "Enter", "Enter")
    assert thread.evaluate(shown) == figure.state["unrolled"] + 3
    figure.button("Back").click()
    figure.settle()
    assert thread.evaluate(shown) == figure.state["unrolled"] + 2
    figure.press(figure.button("Unroll"), "Enter")
    expect(figure.root.get_by_text("196 of 196")).to_be_visible()
    figure.button("Roll up").click()
    expect(figure.root.get_by_text("0 of 196", exact=False).first).to_be_visible()


@of("flattening")
def test_flattening_marks_a_pixel_in_both_and_permutes(figure: Figure) -> None:
    assert figure.marked("The thread", "lx-picked") == []  # nothing has arrived yet
    figure.press(figure.button("Unroll"), "Enter")
    expect(figure.root.get_by_text("196 of 196")).to_be_visible()
    figure.cell("The image", 5, 6).click()
    figure.settle()
    assert figure.marked("The thread", "lx-picked") == figure.marked("The image", "lx-picked") == [76]
    assert "place 5·14 + 6 = 76" in figure.words
    figure.press(figure.grid("The thread").locator("[tabindex='0']"), "ArrowRight")
    assert figure.marked("The image", "lx-picked") == [77]
    figure.cell("The image", 2, 3).click()
    figure.cell("The image", 9, 9).hover()  # the pointer on its way to a button
    figure.settle()
    assert figure.marked("The thread", "lx-picked") == [31]
    value = np.ravel(figure.state["image"])[31]
    before = figure.root.locator(".lx-size").inner_text()
    figure.press(figure.button("Permute the pixels"), "Space")
    order = figure.state["order"]
    place, touched = order.index(31), [order.index(pixel) for pixel in (17, 30, 32, 45)]
    assert figure.marked("The thread", "lx-picked") == [place]
    assert figure.marked("The thread", "lx-changed") == sorted(touched)
    assert "Before the permutation it was in row 2, column 3" in figure.words
    assert float(re.search(r"value ([\d.]+)[.,]", figure.words)[1]) == pytest.approx(value)  # type: ignore[index]
    assert figure.root.locator(".lx-size").inner_text() == before


@of("activation")
def test_activation_shows_value_slope_and_surviving_gradient(figure: Figure) -> None:
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


@of("activation")
def test_activation_s_line_ends_where_it_leaves_the_plot(figure: Figure) -> None:
    figure.choose("Activation", "sigmoid")
    figure.slide("Layers", ["End"])
    figure.slide("Weight", ["Home", "ArrowRight"])
    expect(figure.root.locator(".lx-gradient")).to_contain_text(", beyond the plot")
    figure.choose("Activation", "relu")
    figure.slide("Weight", ["Home"] + ["ArrowRight"] * 9)
    expect(figure.root.locator(".lx-gradient")).to_contain_text("(1 · 1)^50")
    expect(figure.root.locator(".lx-gradient")).not_to_contain_text("beyond")


@of("parameters")
def test_parameters_count_as_the_package_does(figure: Figure) -> None:
    figure.button("Reset").click()
    figure.settle()
    counts = figure.counts
    assert counts == [280, 645_120, 172_823_040]
    assert "Locality saves a factor of 267.9, sharing one of 2,304: together 617,225.1." in figure.words
    figure.slide("Image side", ["Home"] + ["ArrowRight"] * 8)
    figure.slide("Filters", ["Home", "ArrowRight", "ArrowRight"])
    figure.slide("Kernel", ["ArrowRight", "ArrowRight"])
    figure.slide("Stride", ["ArrowRight"])
    side = counting.output_size(12, 5, strides=2)
    counts = figure.counts
    assert counts[0] == counting.convolution_parameters(5, 3, 3)
    assert counts[1] == 76 * side * side * 3
    assert counts[2] == counting.dense_parameters(12 * 12 * 3, side * side * 3)
    figure.slide("Kernel", ["End"])
    figure.slide("Image side", ["Home"])
    assert "does not fit" in figure.words
    figure.choose("Padding", "same")
    assert "Each layer gives 2×2 places" in figure.words
    figure.slide("Channels", ["End"])
    assert "·64 + 1)" in figure.root.get_by_role("list").inner_text()


@of("receptivefield")
def test_receptive_field_follows_the_published_formulas(figure: Figure) -> None:
    figure.button("Reset").click()
    figure.settle()
    row = figure.root.locator("tbody tr").last.inner_text().split("\t")
    field = counting.receptive_field([(3, 1), (2, 2), (3, 1)])
    assert [int(number) for number in row[-4:-1]] == list(field)
    figure.cell("Output", 4, 5).click()
    figure.settle()
    seen = figure.marked("Input image", "lx-seen")
    rows, columns = sorted({index // 28 for index in seen}), sorted({index % 28 for index in seen})
    assert rows == list(range(4 * field.jump, 4 * field.jump + field.size))
    assert columns == list(range(5 * field.jump, 5 * field.jump + field.size))
    figure.cell("Output", 9, 9).hover()  # the pointer on its way to the table
    figure.press(figure.cell("Output", 4, 5), "ArrowUp")
    assert "Output row 3, column 5 sees 8×8 pixels" in figure.words


@of("receptivefield")
def test_receptive_field_s_layers_change_their_kind_and_pooling_has_no_dilation(figure: Figure) -> None:
    expect(figure.chooser("dilation rate of layer 2")).to_be_disabled()
    figure.choose("kind of layer 2", "conv")
    figure.choose("dilation rate of layer 2", "2")
    row = figure.root.locator("tbody tr").last.inner_text().split("\t")
    assert [int(number) for number in row[-4:-1]] == list(counting.receptive_field([(3, 1), (2, 2, 2), (3, 1)]))
    figure.choose("kind of layer 2", "pool")
    expect(figure.chooser("dilation rate of layer 2")).to_have_value("1")
    figure.press(figure.button("Remove layer 1"), "Enter")
    expect(figure.button("Remove layer 1")).to_be_focused()


@of("receptivefield")
def test_receptive_field_is_built_by_keyboard(figure: Figure) -> None:
    figure.press(figure.button("Add a convolution"), "Enter", "Enter")
    figure.press(figure.button("Add a pooling"), "Enter")
    assert figure.root.locator("tbody tr").count() == 6
    figure.choose("kernel size of layer 5", "5")
    figure.choose("padding of layer 1", "same")
    figure.choose("strides of layer 4", "2")
    figure.choose("dilation rate of layer 5", "1")
    last = figure.root.locator("tbody tr").last.inner_text().split("\t")
    stack = [(3, 1, 1, 1), (2, 2), (3, 1), (3, 2), (5, 1), (2, 2)]
    assert [int(number.replace("−", "-")) for number in last[-4:-1]] == list(counting.receptive_field(stack))
    figure.press(figure.button("Add a convolution"), "Enter")
    assert "does not fit any more" in figure.words
    figure.press(figure.button("Remove layer 7"), "Enter")
    figure.press(figure.button("Add a pooling"), "Enter", "Enter", "Enter")
    assert figure.root.locator("tbody tr").count() == 8
    expect(figure.button("Add a pooling")).to_be_disabled()


@pytest.mark.parametrize("name", FIGURES)
def test_every_control_is_reached_by_the_tab_key_alone(figures_url: str, open_page: OpenPage, name: str) -> None:
    page, _ = open_page(figures_url, f"{name}.html")
    figure = Figure(page, name)
    figure.root.evaluate("(root) => { root.tabIndex = -1; root.focus(); }")
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        where = figure.root.evaluate(
            """(root) => { const all = [...root.querySelectorAll('button:enabled, select:enabled, input, [role=grid]')];
            const focused = document.activeElement;
            return all.findIndex((e) => e === focused || (e.role === 'grid' && e.contains(focused))); }"""
        )
        reached.add(where)
    controls = figure.root.locator("button:enabled, select:enabled, input, [role=grid]").count()
    assert reached >= set(range(controls))
    names = figure.root.evaluate(
        "(root) => [...root.querySelectorAll('select, input')].map((e) => e.labels.length || e.ariaLabel)"
    )
    assert all(names)


def test_two_of_a_kind_stay_independent_and_a_broken_one_leaves_the_others_alone(
    figures_url: str, open_page: OpenPage
) -> None:
    page, problems = open_page(figures_url, "three.html")
    roots = page.locator("[data-explorable=pooling]")
    roots.nth(2).scroll_into_view_if_needed()
    expect(roots.nth(2).get_by_label("Window")).to_be_visible()
    expect(roots.nth(1).get_by_role("alert")).to_contain_text("This figure could not start")
    roots.nth(0).get_by_label("Window").select_option("4")
    expect(roots.nth(0).get_by_text("Output, 6×6")).to_be_visible()
    expect(roots.nth(2).get_by_text("Output, 7×7")).to_be_visible()
    assert problems == []


def test_without_javascript_there_is_a_sentence(figures_url: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(figures_url + "convolution.html")
    expect(page.locator("[data-explorable=convolution]")).to_contain_text("to use this figure")
    context.close()


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", FIGURES)
def test_figures_fit_narrow_screens(figures_url: str, open_page: OpenPage, name: str, width: int) -> None:
    page, problems = open_page(figures_url, f"{name}.html", width=width)
    figure = Figure(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inner = figure.root.evaluate("(root) => [root.scrollWidth, root.clientWidth]")
    assert inner[0] <= inner[1]
    assert problems == []


@pytest.mark.parametrize("width", [320, 1280])
def test_every_figure_of_the_course_starts(site_url: str, open_page: OpenPage, page_path: str, width: int) -> None:
    page, problems = open_page(site_url, page_path, width=width)
    for root in page.locator("[data-explorable]").all():
        root.scroll_into_view_if_needed()
        expect(root.locator("button").first).to_be_visible()
        expect(root.get_by_role("alert")).to_have_count(0)
        box, inner = root.bounding_box(), root.evaluate("(root) => [root.scrollWidth, root.clientWidth]")
        assert box["x"] + box["width"] <= width
        assert inner[0] <= inner[1]
    assert problems == []


def make_again(name: str, state: dict[str, Any]) -> Explorable:
    """Make the explorable whose state a page stores: a quiz from its topic, an exercise from its name."""
    if name == "quiz":
        return Quiz.of(state["name"])
    if name == "exercise":
        return Exercise(state["name"])
    figure = FIGURES[name]
    return figure(**{key: value for key, value in state.items() if not figure.class_traits()[key].read_only})


def test_every_stored_state_of_the_course_is_one_that_python_accepts(site: Path, page_path: str) -> None:
    for name, stored in STORED.findall((site / page_path).read_text(encoding="utf-8")):
        state = json.loads(stored)
        assert make_again(name, state).state == state


def test_the_landing_page_has_a_figure(site: Path) -> None:
    assert 'data-explorable="convolution"' in (site / "book/index.html").read_text(encoding="utf-8")
