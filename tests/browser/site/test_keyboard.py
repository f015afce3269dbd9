"""The Tab key reaches everything, each stop shows where it is, and the first one skips to the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, expect

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"

# What the Tab key should reach and did not; of a group of radio buttons it reaches one.
FIND_MISSED = """() =>
  [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== "radio" && !e.dataset.visited)
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .map((e) => e.outerHTML.slice(0, 120))"""
FIND_UNSEEN = "() => [...document.querySelectorAll('[data-visited=unseen]')].map((e) => e.outerHTML.slice(0, 120))"
# Note each place where the focus comes to, and whether it shows: by a ring of two pixels or more, an outline or a
# shadow, whose contrast with the ground is at least 3. Count the places where it has been before.
NOTE_STOPS = """() => addEventListener("focusin", ({ target: e }) => {
  window.again ??= 0;
  if (e.dataset.visited) return window.again++;
  e.getAnimations().forEach((animation) => animation.finish());
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => numbers(colour).slice(0, 3).map((n) => n / 255)
    .map((n) => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4)
    .reduce((sum, n, i) => sum + n * [0.2126, 0.7152, 0.0722][i], 0.05);
  const isOpaque = (colour) => (numbers(colour)[3] ?? 1) === 1;
  let ground = "rgb(255, 255, 255)";
  for (let around = e.parentElement; around; around = around.parentElement) {
    const { backgroundColor } = getComputedStyle(around);
    if (!isOpaque(backgroundColor)) continue;
    ground = backgroundColor;
    break;
  }
  const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(e);
  const rings = outlineStyle === "none" ? [] : [[outlineColor, parseFloat(outlineWidth)]];
  for (const [, colour, width] of boxShadow.matchAll(/(rgba?\\([^)]*\\)) 0px 0px 0px ([\\d.]+)px(?! inset)/g))
    rings.push([colour, Number(width)]);
  const shows = rings.some(([colour, width]) => {
    const [one, other] = [light(colour), light(ground)];
    return width >= 2 && isOpaque(colour) && Math.max(one, other) / Math.min(one, other) >= 3;
  });
  e.dataset.visited = shows ? "seen" : "unseen";
})"""


# How far around a button its ring is looked for, in CSS pixels.
MARGIN = 6


def place_around(element: Locator) -> FloatRect:
    """Return the box of an element with a margin."""
    box = element.bounding_box()
    assert box
    side = 2 * MARGIN
    return {
        "x": box["x"] - MARGIN,
        "y": box["y"] - MARGIN,
        "width": box["width"] + side,
        "height": box["height"] + side,
    }


def count_edges(plain: bytes, focused: bytes) -> int:
    """Count the edges of a picture in whose margin a line has come that is as long as half of the edge."""
    before, after = (np.asarray(Image.open(BytesIO(data)).convert("RGB")).astype(int) for data in (plain, focused))
    changed = abs(before - after).max(axis=2) > 64
    edges = changed[:MARGIN], changed[-MARGIN:], changed[:, :MARGIN].T, changed[:, -MARGIN:].T
    return sum(bool((edge.mean(axis=1) > 0.5).sum() >= 2) for edge in edges)


def press_tab_to_the_end(page: Page) -> None:
    """Press Tab until the focus comes back to where it was; figures start first, since Tab is quicker than a reader."""
    for figure in page.locator("[data-explorable]").all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_class(re.compile("mounted"))
    page.evaluate(NOTE_STOPS)
    for _ in range(25):
        for _ in range(20):
            page.keyboard.press("Tab")
        if page.evaluate("window.again"):
            return
    pytest.fail("500 times Tab, and no end")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["book/index.html", CHAPTER, "search.html"])
def test_keyboard_reaches_everything_and_shows_where_it_is(
    site_url: str, open_page: OpenPage, path: str, theme: str
) -> None:
    page, problems = open_page(site_url, path, theme=theme)
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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_ring_around_each_button_of_the_header_can_be_seen(
    site_url: str, open_page: OpenPage, theme: str, width: int
) -> None:
    """Compare pixels, since what lies around a button could cut its ring off."""
    page, _ = open_page(site_url, CHAPTER, theme=theme, width=width)
    expect(page.locator(".header-switch").first).to_be_visible()
    page.keyboard.press("Tab")  # what gets the focus from now on shows it
    buttons = page.locator(".bd-header-article button:visible")
    assert buttons.count() >= 4
    for button in buttons.all():
        button.evaluate("(button) => button.blur()")
        page.wait_for_timeout(300)  # colours fade
        plain = page.screenshot(clip=place_around(button))
        button.focus()
        page.wait_for_timeout(300)
        assert count_edges(plain, page.screenshot(clip=place_around(button))) == 4, button.evaluate(
            "(e) => e.outerHTML"
        )
