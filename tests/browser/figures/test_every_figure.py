"""What holds for every figure: it fits, is reached by keyboard, says what it is, and Reset brings everything back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import traitlets as t
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib import explorables
from lessons_lib.explorables.base import WIDTHS, Grid
from lessons_lib.explorables.pixels import Picture

FIGURES = {name.lower(): figure for name, figure in explorables.figures().items()}
EVERY = pytest.mark.parametrize("name", FIGURES)
OpenPage = Callable[..., tuple[Page, list[str]]]
# Fonts differ from machine to machine, and a line more or less moves nothing much.
TOLERANCE = 0.08
# Firefox before 119 has no properties for roles and labels: a program that sets them there sets nothing.
FORGET_REFLECTION = """for (const name of Object.getOwnPropertyNames(Element.prototype))
  if (name === "role" || name.startsWith("aria")) delete Element.prototype[name];"""
CLASSES = "(root) => [...new Set([...root.querySelectorAll('[class]')].flatMap((e) => [...e.classList]))]"
LABELS = """(grid) => [...grid.children].map((row) =>
  [...row.children].map((cell) => cell.getAttribute("aria-label")))"""
FOCUSED_CONTROL = """(root) => {
  const all = [...root.querySelectorAll("button:enabled, select:enabled, input, [role=grid]")];
  const focused = document.activeElement;
  return all.findIndex((e) => e === focused || (e.matches("[role=grid]") && e.contains(focused)));
}"""
NAMES = (
    "(root) => [...root.querySelectorAll('select, input')].map((e) => e.labels.length || e.getAttribute('aria-label'))"
)


def another(figure: Any, name: str) -> Any:
    """Return a value of a trait that differs from the figure's own and that Python accepts."""
    trait, value = type(figure).class_traits()[name], getattr(figure, name)
    if isinstance(trait, t.Enum):
        return next(option for option in trait.values if option != value)
    if isinstance(trait, t.Bool):
        return not value
    if isinstance(trait, t.Int | t.Float):
        return value + 1 if trait.max is None else trait.max if value != trait.max else trait.min
    if isinstance(trait, Grid | Picture):
        low = trait.low if isinstance(trait, Grid) else 0
        return np.full(np.shape(value), max(low, 0)).tolist()
    if name == "rates":
        return value | {"SGD": 0.3}
    if name == "accuracy":
        return dict.fromkeys(("dense", "CNN", "global pooling"), [0.5] * 7)
    assert isinstance(value, list), f"{name}: this test does not know how to change a {type(trait).__name__}"
    return value[:-1]


def settable(figure: Any) -> list[str]:
    """Return the names of the traits that a reader or a cell can change."""
    return [name for name in figure.state if not type(figure).class_traits()[name].read_only]


@EVERY
def test_reset_brings_every_trait_back(mount: Any, name: str) -> None:
    figure = FIGURES[name]()
    page = mount(name, figure.state)
    for trait in settable(figure):
        changed = another(figure, trait)
        FIGURES[name](**{trait: changed})  # Python accepts it
        page.change(trait, changed)
        assert page.model[trait] != figure.state[trait]
        page.button("Reset").click()
        page.settle()
        assert page.model == figure.state, f"after a change of {trait}"


@EVERY
def test_reset_goes_back_to_what_the_cell_has_set(mount: Any, name: str) -> None:
    figure = FIGURES[name]()
    changed = {trait: another(figure, trait) for trait in settable(figure) if trait != "dilation_rate"}
    # In Jupyter a page that is loaded anew meets the model as it is by now.
    page = mount(name, {**figure.state, **changed, "_start": figure._start})
    page.button("Reset").click()
    page.settle()
    assert {trait: value for trait, value in page.model.items() if trait != "_start"} == figure.state


@EVERY
def test_reset_undoes_every_button_and_stops_what_it_started(mount: Any, name: str) -> None:
    page = mount(name, FIGURES[name]().state)
    buttons = page.root.locator("button:enabled")
    for label in buttons.all_inner_texts():
        button = page.button(label) if page.button(label).count() else page.root.get_by_text(label, exact=True)
        button.first.click()
        page.button("Reset").click()
        page.page.wait_for_timeout(150)
        assert page.model == page.state, f"after the button {label}"


@EVERY
def test_every_control_is_reached_by_the_tab_key_alone(open_figure: Any, name: str) -> None:
    figure = open_figure(name)
    figure.root.evaluate("(root) => { root.tabIndex = -1; root.focus(); }")
    reached = set()
    for _ in range(80):
        figure.page.keyboard.press("Tab")
        reached.add(figure.root.evaluate(FOCUSED_CONTROL))
    controls = figure.root.locator("button:enabled, select:enabled, input, [role=grid]").count()
    assert reached >= set(range(controls))
    assert all(figure.root.evaluate(NAMES))


@EVERY
def test_each_cell_says_where_it_is(open_figure: Any, name: str) -> None:
    figure = open_figure(name)
    for grid in figure.root.get_by_role("grid").all():
        rows = grid.evaluate(LABELS)
        places = [[re.match(r"row (−?\d+), column (−?\d+)", label) for label in row] for row in rows]
        numbers = np.array(
            [[[int(text.replace("−", "-")) for text in place.groups()] for place in row] for row in places]
        )
        down, across = np.indices(numbers.shape[:2])
        np.testing.assert_array_equal(numbers - numbers[0, 0], np.stack([down, across], axis=-1))
        assert grid.get_attribute("aria-label")


@EVERY
def test_roles_and_names_do_not_need_new_browsers(browser: Browser, pages: Any, name: str) -> None:
    address = pages.url + pages.write(FIGURES[name]().to_html())
    shown = []
    for script in ("", FORGET_REFLECTION):
        context = browser.new_context()
        context.add_init_script(script)
        page = context.new_page()
        page.goto(address)
        root = page.locator(".explorable.mounted")
        expect(root).to_be_visible()
        expect(root.get_by_text("Loading")).to_have_count(0)
        shown.append(root.inner_html())
        context.close()
    assert shown[0] == shown[1]


@EVERY
def test_classes_carry_the_prefix(open_figure: Any, name: str) -> None:
    figure = open_figure(name)
    assert set(figure.root.get_attribute("class").split()) == {"explorable", "mounted", name}
    # Two plain names stay, for those who look for the sentence of a figure or for the number of an answer.
    assert {part for part in figure.root.evaluate(CLASSES) if not part.startswith("lx-")} <= {"sentence", "number"}


@pytest.mark.parametrize("width", WIDTHS)
@EVERY
def test_figure_fits_and_is_as_high_as_its_class_says(open_figure: Any, name: str, width: int) -> None:
    figure = open_figure(name, width=width)
    expect(figure.root.get_by_text("Loading")).to_have_count(0)
    assert figure.page.evaluate("document.documentElement.scrollWidth") <= width
    inner = figure.root.evaluate("(root) => [root.scrollWidth, root.clientWidth]")
    assert inner[0] <= inner[1]
    height = round(figure.root.bounding_box()["height"])
    wanted = dict(zip(WIDTHS, FIGURES[name].heights, strict=True))[width]
    advice = f"write {height} for {width} px into the heights of {FIGURES[name].__name__}, in place of {wanted}"
    assert height == pytest.approx(wanted, rel=TOLERANCE), advice


@EVERY
def test_room_is_kept_free_before_the_figure_starts(browser: Browser, pages: Any, name: str) -> None:
    for width, height in zip(WIDTHS, FIGURES[name].heights, strict=True):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.route("**/*.js", lambda route: route.abort())
        page.goto(pages.url + pages.write(FIGURES[name]().to_html()))
        assert page.locator(".explorable").bounding_box()["height"] == height
        page.close()


def test_two_of_a_kind_stay_independent_and_a_broken_one_leaves_the_others_alone(
    pages: Any, open_page: OpenPage
) -> None:
    sound = explorables.Pooling().to_html()
    broken = '<div data-explorable="pooling"><script type="application/json">{"image": 3}</script></div>'
    page, problems = open_page(pages.url, pages.write(sound + broken + sound))
    roots = page.locator("[data-explorable=pooling]")
    roots.nth(2).scroll_into_view_if_needed()
    expect(roots.nth(2).get_by_label("Window")).to_be_visible()
    expect(roots.nth(1).get_by_role("alert")).to_contain_text("This figure could not start")
    roots.nth(0).get_by_label("Window").select_option("4")
    expect(roots.nth(0).get_by_text("Output, 6×6")).to_be_visible()
    expect(roots.nth(2).get_by_text("Output, 7×7")).to_be_visible()
    assert problems == []


def test_without_javascript_there_is_a_sentence(browser: Browser, pages: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages.url + pages.write(explorables.Convolution().to_html()))
    expect(page.locator("[data-explorable=convolution]")).to_contain_text("to use this figure")
    context.close()


def test_a_figure_that_was_never_seen_is_printed(pages: Any, open_page: OpenPage) -> None:
    body = '<div style="height: 9000px"></div>' + explorables.Neuron().to_html()
    page, _ = open_page(pages.url, pages.write(body))
    root: Locator = page.locator("[data-explorable=neuron]")
    expect(root).not_to_have_class(re.compile("mounted"))
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert root.locator("table").count() == 2  # at once: the browser prints right after the event
