"""The Tab key reaches everything, each stop shows where it is, and the first one skips to the text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"

# What the Tab key should reach and did not; of a group of radio buttons it reaches one.
FIND_MISSED = """() =>
  [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== "radio" && !e.dataset.visited)
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .map((e) => e.outerHTML.slice(0, 120))"""
FIND_UNSEEN = "() => [...document.querySelectorAll('[data-visited=unseen]')].map((e) => e.outerHTML.slice(0, 120))"
# Note where the focus is, and whether it shows: by an outline, a shadow or a border that it has only now.
NOTE_STOP = """() => {
  const e = document.activeElement;
  if (e === document.body) return "outside";
  if (e.dataset.visited) return "again";
  const look = () => {
    const style = getComputedStyle(e);
    return [style.outline, style.boxShadow, style.border, style.background, style.textDecoration].join();
  };
  const focused = look();
  e.blur();
  const plain = look();
  e.focus();
  e.dataset.visited = focused === plain ? "unseen" : "seen";
  return "new";
}"""


def press_tab_to_the_end(page: Page) -> None:
    """Press Tab until the focus comes back to where it was; figures start first, since Tab is quicker than a reader."""
    for figure in page.locator("[data-explorable]").all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_class(re.compile("mounted"))
    for _ in range(500):
        page.keyboard.press("Tab")
        if page.evaluate(NOTE_STOP) == "again":
            return
    pytest.fail("500 times Tab, and no end")


@pytest.mark.parametrize("path", ["book/index.html", CHAPTER, "search.html"])
def test_keyboard_reaches_everything_and_shows_where_it_is(site_url: str, open_page: OpenPage, path: str) -> None:
    page, problems = open_page(site_url, path)
    press_tab_to_the_end(page)
    assert page.evaluate(FIND_MISSED) == []
    assert page.evaluate(FIND_UNSEEN) == []
    assert problems == []


def test_first_stop_skips_to_the_text(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main-content').contains(document.activeElement)")
