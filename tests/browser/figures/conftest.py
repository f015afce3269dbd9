"""A mounted figure as a reader meets it: its controls, its grids and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from lessons_lib import explorables

FIGURES = {name.lower(): figure for name, figure in explorables.figures().items()}
# What a shade of grey is painted with: rgb(r, g, b) with three equal numbers.
GREY = re.compile(r"rgb\((\d+)")
VALUE = re.compile(r"value (−?[\d.]+)")
# Mounts a figure on a model that the test can read and set: what a page and JupyterLab do with models of their own.
MOUNT = """async ([name, state]) => {
  const { PageModel, loadWeights, withTraining } = await import("./host.js");
  const { default: figure } = await import(`./${name}.js`);
  const base = document.baseURI;
  const _weights = state.weights && await loadWeights(state.weights, name, base);
  window.model = new PageModel(withTraining({ ...state, _weights }, base));
  window.start = structuredClone({ ...state, ...state._start });
  const el = document.querySelector("main").appendChild(document.createElement("div"));
  window.leave = figure.render({ model: window.model, el });
}"""


# Keeps a network for other figures, as TrainLab does: with these weights, or with those that a seed gives.
KEEP = """async ([name, description, weights]) => {
  const [{ Network }, { keep }] = await Promise.all(["nn", "ownnetwork"].map((name) => import(`./${name}.js`)));
  const network = new Network(description, 1);
  if (weights) network.setWeights(weights.map((array) => Float32Array.from(array)));
  return keep(name, description, network.weights);
}"""


class Figure:
    """A mounted explorable, as a reader meets it."""

    def __init__(self, page: Page, name: str, state: dict[str, Any]) -> None:
        self.page, self.name, self.state = page, name, state
        self.root = page.locator(f"[data-explorable={name}]").first
        self.root.scroll_into_view_if_needed()
        expect(self.root.locator("button").first).to_be_visible()

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

    def values(self, label: str) -> np.ndarray:
        """Return the values that a grid's cells say; NaN where a cell says none."""
        rows = self.grid(label).evaluate(
            "(grid) => [...grid.children].map((row) => [...row.children].map((c) => c.getAttribute('aria-label')))"
        )
        found = [[VALUE.search(text) for text in row] for row in rows]
        return np.array([[float(match[1].replace("−", "-")) if match else np.nan for match in row] for row in found])

    def shades(self, label: str) -> np.ndarray:
        """Return the shade of grey of each cell, 0…1; NaN where a cell has none."""
        rows = self.grid(label).evaluate(
            "(grid) => [...grid.children].map((row) => [...row.children].map((c) => c.style.background))"
        )
        found = [[GREY.match(colour) for colour in row] for row in rows]
        return np.array([[int(match[1]) / 255 if match else np.nan for match in row] for row in found])

    def marked(self, label: str, mark: str) -> list[int]:
        """Return the indices of the cells of a grid with a mark."""
        return self.grid(label).evaluate(
            """(grid, mark) => [...grid.querySelectorAll('[role=gridcell]')]
                .flatMap((cell, index) => cell.classList.contains(mark) ? [index] : [])""",
            mark,
        )

    @property
    def changed(self) -> list[str]:
        """Return the traits that differ from what the cell has set, in a figure that `mount` has mounted."""
        return self.page.evaluate(
            """Object.keys(start).filter((name) => name !== "_start" &&
                JSON.stringify(model.state[name]) !== JSON.stringify(start[name]))"""
        )

    def change(self, name: str, value: Any) -> None:
        """Set a trait of the model of a figure that `mount` has mounted."""
        self.page.evaluate("([name, value]) => window.model.set(name, value)", [name, value])
        self.settle()

    def keep_network(self, name: str, description: dict[str, Any], weights: list[np.ndarray] | None = None) -> None:
        """Keep a network of the reader's own."""
        arrays = weights and [array.ravel().tolist() for array in weights]
        assert self.page.evaluate(KEEP, [name, description, arrays])
        self.settle()

    @property
    def words(self) -> str:
        return self.root.locator("output.sentence").inner_text()

    @property
    def counts(self) -> list[int]:
        """Return the three numbers of Parameters."""
        return [int(text.replace(",", "")) for text in self.root.locator(".lx-count").all_inner_texts()]


@pytest.fixture
def open_body(pages: Any, context: Any, listen: Any, forget: Callable[[Page], None]) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page with a given body; nothing may go wrong on it."""
    opened: list[tuple[Page, list[str]]] = []

    def open_body(body: str, *, width: int = 1280) -> Page:
        page = context("light", width).new_page()
        opened.append((page, listen(page, pages.url)))
        page.goto(pages.url + pages.write(body))
        return page

    yield open_body
    for page, _ in opened:
        forget(page)
        page.close()
    assert [problem for _, problems in opened for problem in problems] == []


@pytest.fixture
def open_figure(open_body: Callable[..., Page]) -> Callable[..., Figure]:
    """Give a function that mounts a figure, alone on a page."""

    def open_figure(name: str, *, width: int = 1280, **settings: Any) -> Figure:
        figure = FIGURES[name](**settings)
        return Figure(open_body(figure.to_html(), width=width), name, figure.state)

    return open_figure


@pytest.fixture
def mount(open_body: Callable[..., Page]) -> Callable[..., Figure]:
    """Give a function that mounts a figure on a model with a given state."""

    def mount(name: str, state: dict[str, Any]) -> Figure:
        page = open_body("")
        page.evaluate(MOUNT, [name, state])
        return Figure(page, name, state)

    return mount


@pytest.fixture
def figure(open_figure: Callable[..., Figure], request: pytest.FixtureRequest) -> Figure:
    """Mount the figure that the test's file is named after, with the file's SETTINGS where it has some."""
    name = request.path.stem.removeprefix("test_")
    return open_figure(name, **getattr(request.module, "SETTINGS", {}))


@pytest.fixture
def root(figure: Figure) -> Locator:
    """Give the figure's element."""
    return figure.root
