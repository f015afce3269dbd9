"""The figures whose code and weights a page asks for when the reader comes near, or opens them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from lessons_lib import explorables

FIGURES = {figure.module_name(): figure for figure in explorables.figures().values()}
NAMES = sorted(FIGURES)
LATE = {name: figure for name, figure in FIGURES.items() if figure.late}
WITH_WEIGHTS = [name for name, figure in LATE.items() if figure.class_traits().get("weights")]


@pytest.mark.parametrize("name", [name for name in WITH_WEIGHTS if LATE[name].late is True])
def test_asks_for_code_and_weights_when_it_is_opened(open_page: Any, pages: Any, name: str) -> None:
    page, problems = open_page(pages.url, pages.write("", late=True))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(pages.url + pages.write(LATE[name]().to_html(), late=True))
    root = page.locator(f"[data-explorable={name}]")
    expect(root.get_by_role("button")).to_have_text("Open")
    page.wait_for_timeout(300)
    assert f"{name}.js" not in asked
    root.get_by_role("button", name="Open").press("Enter")
    expect(root.get_by_role("button", name="Reset")).to_be_visible()
    expect(root.locator("output.sentence")).not_to_be_empty()
    assert asked.count(f"{name}.js") == 2  # the code, and the weights
    assert problems == []


@pytest.mark.parametrize("name", [name for name in WITH_WEIGHTS if LATE[name].late == "near"])
def test_its_code_comes_with_its_weights_when_the_reader_comes_near(open_page: Any, pages: Any, name: str) -> None:
    page, problems = open_page(pages.url, pages.write("", late=True))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    far = '<div style="height: 9000px"></div>' + LATE[name]().to_html()
    page.goto(pages.url + pages.write(far, late=True), wait_until="networkidle")
    assert f"{name}.js" not in asked
    root = page.locator(f"[data-explorable={name}]")
    root.scroll_into_view_if_needed()
    expect(root.get_by_role("button", name="Reset")).to_be_visible()
    expect(root.locator("output.sentence")).not_to_be_empty()
    assert asked.count(f"{name}.js") == 2  # the code, and the weights
    assert problems == []


@pytest.mark.parametrize("name", [name for name, figure in LATE.items() if figure.paper])
def test_is_open_where_its_code_has_come_before_as_on_paper(open_page: Any, pages: Any, name: str) -> None:
    # So far down, the opener starts when the reader comes, and that is after all code of the page has run.
    far = '<div style="height: 9000px"></div>'
    code = f'<script defer src="late/{name}.js"></script>'
    page, problems = open_page(pages.url, pages.write(far + code + LATE[name]().to_html(), late=True))
    root = page.locator(f"[data-explorable={name}]")
    root.scroll_into_view_if_needed()
    expect(root.locator("output.sentence")).not_to_be_empty()
    expect(root.get_by_role("button", name="Open")).to_have_count(0)
    assert problems == []


@pytest.mark.parametrize("name", [name for name in NAMES if FIGURES[name].class_traits().get("weights")])
def test_appears_whole_once_its_weights_have_come(open_page: Any, pages: Any, name: str) -> None:
    held: list[Route] = []
    released = False

    def hold(route: Route) -> None:
        """Let a request wait; one that comes after the others were released goes on at once."""
        if released:
            route.continue_()
        else:
            held.append(route)

    page, problems = open_page(pages.url, pages.write(""))
    page.route("**/weights/**", hold)
    page.goto(pages.url + pages.write(FIGURES[name]().to_html()))
    root = page.locator(f"[data-explorable={name}]")
    expect(root).to_contain_text("Loading …")
    assert root.get_by_role("button").count() == 0
    released = True
    for route in held:
        route.continue_()
    expect(root).to_have_class(re.compile("mounted"))
    expect(root.locator("output.sentence").first).not_to_be_empty()
    expect(root).not_to_contain_text("Loading …")
    assert problems == []


@pytest.mark.parametrize("name", [name for name in NAMES if FIGURES[name].class_traits().get("weights")])
def test_says_which_weights_did_not_come(open_page: Any, pages: Any, name: str) -> None:
    page, _ = open_page(pages.url, pages.write(""))
    page.route("**/weights/**", lambda route: route.abort())
    page.goto(pages.url + pages.write(FIGURES[name]().to_html()))
    expect(page.get_by_role("alert")).to_have_text(
        f"This figure could not start: {name}.js did not load; reload the page"
    )


SETTLE = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_an_address_opens_a_figure_and_moves_nobody_who_reloads_or_comes_back(open_page: Any, pages: Any) -> None:
    far = '<div style="height: 5000px"></div>'
    name = pages.write(far + explorables.TrainLab().to_html() + far, late=True)
    page, problems = open_page(pages.url, f"{name}#trainlab?epochs=2")
    root = page.locator("[data-explorable=trainlab]")
    epochs = root.get_by_role("combobox", name="Epochs", exact=True)
    expect(epochs).to_have_value("2")
    expect(root.locator("select").first).to_be_focused()
    page.wait_for_function("scrollY > 4000")
    page.evaluate("scrollTo(0, 0)")
    for kind in ("reload", "back_forward"):
        if kind == "reload":
            page.reload()
        else:
            page.goto(pages.url + pages.write(""))
            page.go_back()
        assert page.evaluate("performance.getEntriesByType('navigation')[0].type") == kind
        expect(epochs, kind).to_have_value("2")
        page.evaluate(SETTLE)
        assert page.evaluate("[scrollY, document.activeElement.tagName]") == [0, "BODY"], kind
    assert problems == []
