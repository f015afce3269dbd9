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
