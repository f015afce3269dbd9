"""The site on paper: white, the text alone, and the cheat sheet on two pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"
COLOUR = "getComputedStyle({}).{}.match(/\\d+/g).slice(0, 3).map(Number)"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_is_white_and_holds_the_text_alone(site_url: str, open_page: OpenPage, theme: str) -> None:
    page, _ = open_page(site_url, CHAPTER, theme=theme)
    page.emulate_media(media="print")
    for hidden in (".bd-sidebar-primary", ".bd-header-article", ".prev-next-footer", "button.copybtn >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    ink = page.evaluate(COLOUR.format("document.querySelector('article p')", "color"))
    paper = page.evaluate(COLOUR.format("document.body", "backgroundColor"))
    assert max(ink) < 100
    assert min(paper) == 255
    assert page.get_by_role("heading", level=1).count() == 1


def test_folded_code_prints_and_a_solution_only_if_it_was_opened(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    code, solution = page.locator(".tag_hide-input pre").first, page.locator(".tag_hide-cell").first
    page.emulate_media(media="print")
    expect(code).to_be_visible()
    expect(solution).to_be_hidden()
    solution.locator("details").evaluate("(details) => (details.open = true)")
    expect(solution.locator("pre").first).to_be_visible()


def test_the_way_back_to_the_top_is_not_printed(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER, width=1000)  # wider or narrower, there is none on the screen either
    back = page.locator("#pst-back-to-top")
    back.evaluate("(button) => (button.style.display = 'block')")  # as the theme does when a reader scrolls up
    expect(back).to_be_visible()
    page.emulate_media(media="print")
    expect(back).to_be_hidden()


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_cheat_sheet_prints_on_two_pages(site_url: str, open_page: OpenPage, size: str) -> None:
    page, _ = open_page(site_url, "book/cheatsheet.html")
    margin = dict.fromkeys(("top", "right", "bottom", "left"), "0.4in")
    pdf = page.pdf(format=size, margin=margin, print_background=False)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
