"""The search finds a page: from its own address, and by keyboard from any other page."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"


def test_search_finds_a_page(site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, "search.html?q=flattening")
    expect(page.locator("#search-results li a").first).to_be_visible()
    assert problems == []


def test_search_by_keyboard_finds_a_page(site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, CHAPTER)
    page.keyboard.press("Control+k")
    page.keyboard.type("flattening")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results li a").first).to_be_visible()
    assert problems == []
