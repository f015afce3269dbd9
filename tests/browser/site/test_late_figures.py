"""A figure with much code: the page asks for it when the reader opens the figure, or comes by a link to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

CHAPTER = "book/02_dense.html"
LINK = "#trainlab?units=8&epochs=1"


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as window:
        yield window


def open_chapter(window: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """Open a page, go to its laboratory, and list now and later what the page asks for."""
    page, asked = window.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.locator("[data-explorable=trainlab].mounted").scroll_into_view_if_needed()
    return page, asked


def test_its_code_comes_when_the_reader_opens_it(window: BrowserContext, site_url: str) -> None:
    page, asked = open_chapter(window, site_url + CHAPTER)
    opener = page.get_by_role("group", name="Train a network here").get_by_role("button")
    expect(opener).to_have_text("Open")
    assert not [url for url in asked if "/late/" in url]
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    assert len([url for url in asked if url.partition("?")[0].endswith("/late/trainlab.js")]) == 1
    expect(page.locator("[data-explorable=trainlab] select").first).to_be_focused()


def test_a_link_opens_it_with_its_settings(window: BrowserContext, site: Path) -> None:
    page, _ = open_chapter(window, (site / CHAPTER).as_uri() + LINK)
    expect(page.get_by_text("The settings are those of the link.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Units in each")).to_have_value("8")


def test_says_so_where_its_code_does_not_come(window: BrowserContext, site_url: str) -> None:
    window.route("**/late/*", lambda route: route.abort())
    page, _ = open_chapter(window, site_url + CHAPTER)
    page.get_by_role("group", name="Train a network here").get_by_role("button").click()
    expect(page.get_by_role("alert")).to_have_text(
        "This figure could not start: trainlab.js did not load; reload the page"
    )
