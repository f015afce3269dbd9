"""The rules that the build leaves out of the theme's style sheets: nothing that they are for ever comes to a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

RECORD = Path(__file__).parents[3] / "_build" / ".doctrees" / "unused_rules.json"
# Notes each element, class and id that a page has at any time.
WATCH = """
window.names = new Set();
const note = (e) => [e.localName, e.id, ...e.classList].forEach((name) => names.add(name));
new MutationObserver((records) => {
  for (const { target, addedNodes } of records)
    for (const node of [target, ...addedNodes])
      if (node instanceof Element) [node, ...(node === target ? [] : node.querySelectorAll("*"))].forEach(note);
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class", "id"] });
"""


@pytest.fixture(scope="module")
def left_out() -> set[str]:
    """Give the names whose rules were left out."""
    names = set(json.loads(RECORD.read_text(encoding="utf-8")))
    assert "accordion-button" in names
    return names


@pytest.fixture
def watch(browser: Browser, site_url: str) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page which notes its names."""
    with browser.new_context() as window:
        window.add_init_script(WATCH)

        def watch(path: str, width: int = 1280) -> Page:
            page = window.new_page()
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(site_url + path)
            return page

        yield watch


def find_names(page: Page) -> set[str]:
    """Return all names that a page has had."""
    names = set(page.evaluate("[...names]"))
    assert {"main", "bd-sidebar-primary"} <= names
    return names


def test_page_gets_no_name_without_rules(
    watch: Callable[..., Page], left_out: set[str], page_path: str, start_figures: str
) -> None:
    page = watch(page_path)
    assert page.evaluate(start_figures) == []
    assert find_names(page) & left_out == set()


def test_what_a_reader_opens_gets_no_name_without_rules(watch: Callable[..., Page], left_out: set[str]) -> None:
    page = watch("book/04_convolution.html")
    for button in page.locator(".bd-header-article button:visible").all():
        button.hover()
        if button.get_attribute("data-bs-toggle") == "tooltip":
            page.locator(".tooltip-inner").first.wait_for()
    page.get_by_role("button", name="Download this page").click()
    page.keyboard.press("Escape")
    for _ in range(3):
        page.locator(".theme-switch-button:visible").click()
    page.get_by_role("button", name="Show all code").click()
    page.locator("button.copybtn").first.dispatch_event("click")
    page.locator("article a.term").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    names = find_names(page)
    assert {"tooltip-inner", "show", "dropdown-menu-dark", "term-meaning"} <= names
    assert names & left_out == set()


def test_search_gets_no_name_without_rules(watch: Callable[..., Page], left_out: set[str]) -> None:
    page = watch("search.html?q=kernel")
    page.locator("#search-results li").first.wait_for()
    assert find_names(page) & left_out == set()


def test_drawers_get_no_name_without_rules(watch: Callable[..., Page], left_out: set[str]) -> None:
    page = watch("book/04_convolution.html", 390)
    for drawer in ("primary", "secondary"):
        page.locator(f".{drawer}-toggle:visible").click()
        page.wait_for_timeout(500)
        page.keyboard.press("Escape")
    assert find_names(page) & left_out == set()
