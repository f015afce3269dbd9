"""Light or dark: as the system has it, until the reader chooses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_follows_the_theme_of_the_system(site_url: str, open_page: OpenPage, theme: str) -> None:
    page, _ = open_page(site_url, "book/index.html", theme=theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert (min(ground) > 200) if theme == "light" else (max(ground) < 60)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_chosen_before_the_page_is_painted(browser: Browser, site_url: str, theme: str) -> None:
    with browser.new_context(color_scheme=theme) as window:
        page = window.new_page()
        # No script file comes, so what is seen was chosen in the page's head.
        page.route("**/*.js*", lambda route: route.abort())
        page.goto(site_url + CHAPTER)
        assert page.evaluate("document.documentElement.dataset.theme") == theme


def test_theme_changes_by_keyboard_and_stays(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    button = page.locator(".theme-switch-button")
    button.focus()
    for _ in range(3):
        page.keyboard.press("Enter")
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    page.goto(site_url + "book/index.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.evaluate("localStorage.clear()")


# The keys of figures whose colour has a contrast below 3 with their ground.
FIND_FAINT_KEYS = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => numbers(colour).slice(0, 3).map((n) => n / 255)
    .map((n) => n <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4)
    .reduce((sum, n, i) => sum + n * [0.2126, 0.7152, 0.0722][i], 0.05);
  const groundOf = (e) => {
    const { backgroundColor } = getComputedStyle(e);
    return (numbers(backgroundColor)[3] ?? 1) === 1 ? backgroundColor : groundOf(e.parentElement);
  };
  const keys = [...document.querySelectorAll("[data-explorable] [class*='-key']")].filter((e) => e.checkVisibility());
  return [keys.length, keys.flatMap((e) => {
    const { borderBottomWidth, borderBottomColor, color } = getComputedStyle(e);
    const [one, other] = [light(parseFloat(borderBottomWidth) ? borderBottomColor : color), light(groundOf(e))];
    const contrast = Math.max(one, other) / Math.min(one, other);
    return contrast < 3 ? [`${e.className}: ${contrast.toFixed(2)}`] : [];
  })];
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["book/02_dense.html", "book/05_relu.html"])
def test_keys_of_figures_stand_out(
    site_url: str, open_page: OpenPage, start_figures: str, path: str, theme: str
) -> None:
    page, _ = open_page(site_url, path, theme=theme)
    page.evaluate(start_figures)
    count, faint = page.evaluate(FIND_FAINT_KEYS)
    assert count >= 2
    assert faint == []
