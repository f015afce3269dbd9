"""One switch opens and folds all code of a page that is folded; the browser remembers it."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, expect

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER, ANOTHER = "book/04_convolution.html", "book/06_pooling.html"


def test_the_switch_shows_all_code_and_no_solution_and_is_remembered(browser: Browser, site_url: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(site_url + CHAPTER)
        folded, solutions = page.locator(".tag_hide-input details"), page.locator(".tag_hide-cell details")
        assert folded.count() >= 5
        assert solutions.count() >= 3
        assert page.locator("details[open]").count() == 0
        switch = page.get_by_role("button", name="Show all code")
        expect(switch).to_have_attribute("aria-pressed", "false")
        plain = switch.screenshot()
        switch.click()
        expect(switch).to_have_attribute("aria-pressed", "true")
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(300)  # colours fade
        before, after = (
            np.asarray(Image.open(BytesIO(picture)).convert("L")) for picture in (plain, switch.screenshot())
        )
        assert abs(before.mean() - after.mean()) > 50
        assert page.locator("details[open]").count() == folded.count()
        expect(folded.first.locator("pre")).to_be_visible()
        expect(solutions.first).not_to_have_attribute("open", re.compile(".*"))
        page.goto(site_url + ANOTHER)
        expect(page.locator(".tag_hide-input details pre").first).to_be_visible()
        expect(page.get_by_role("button", name="Show all code", pressed=True)).to_be_visible()
        page.get_by_role("button", name="Show all code").click()
        assert page.locator("details[open]").count() == 0
        page.reload()
        expect(page.get_by_role("button", name="Show all code", pressed=False)).to_be_visible()
        assert page.locator("details[open]").count() == 0


def test_a_page_without_folded_code_has_no_switch(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, "book/glossary.html")
    expect(page.locator(".bd-header-article button").first).to_be_visible()
    expect(page.locator(".header-switch:has(.fa-code)")).to_have_count(0)


def test_the_switch_works_where_the_browser_keeps_nothing(browser: Browser, site_url: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script("Storage.prototype.setItem = () => { throw new Error('refused'); };")
        page.goto(site_url + CHAPTER)
        page.get_by_role("button", name="Show all code").click()
        expect(page.get_by_role("button", name="Show all code", pressed=True)).to_be_visible()
        expect(page.locator(".tag_hide-input details pre").first).to_be_visible()
