"""How a reader gets about: from the top address to the first page, and through the menu of a small screen."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"


def test_top_address_leads_to_the_first_page(site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, "")
    expect(page).to_have_url(site_url + "book/index.html")
    assert problems == []


def test_menu_of_a_small_screen_opens_and_closes_by_keyboard(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER, width=390)
    chapters = page.locator(".bd-sidebar-primary").get_by_role("link", name="Why ReLU?")
    expect(chapters).not_to_be_in_viewport()
    page.locator(".primary-toggle").focus()
    page.keyboard.press("Enter")
    expect(chapters).to_be_in_viewport()
    expect(page.locator(".bd-sidebar-primary :focus")).to_be_visible()
    page.keyboard.press("Escape")
    expect(chapters).not_to_be_in_viewport()
    expect(page.locator(".primary-toggle")).to_be_focused()
