"""A word of the glossary opens its meaning in place: by mouse, keyboard and finger, and as a link without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"


def word_of(page: Page) -> Locator:
    """Return the link of a word in the text."""
    return page.locator("a.term[href='glossary.html#term-dense-layer']")


def meaning_of(page: Page) -> Locator:
    """Return the box with the meaning of that word."""
    return page.get_by_role("dialog", name="dense layer")


def test_a_click_opens_the_meaning_beside_the_word_and_a_second_closes_it(site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, CHAPTER)
    word = word_of(page)
    expect(word).to_have_attribute("aria-expanded", "false")
    word.click()
    expect(meaning_of(page)).to_contain_text("A layer in which each unit has a weight for each input")
    expect(meaning_of(page).locator("math").first).to_be_visible()
    expect(word).to_have_attribute("aria-expanded", "true")
    assert page.url.endswith(CHAPTER)
    below = meaning_of(page).bounding_box()["y"] - word.bounding_box()["y"]
    assert 0 < below < 60
    word.click()
    expect(meaning_of(page)).to_be_hidden()
    expect(word).to_have_attribute("aria-expanded", "false")
    word.click()
    page.mouse.click(5, 500)
    expect(meaning_of(page)).to_be_hidden()
    assert problems == []


def test_the_meaning_opens_and_closes_by_keyboard_and_gives_the_focus_back(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    word_of(page).focus()
    page.keyboard.press("Enter")
    expect(meaning_of(page)).to_be_focused()
    page.keyboard.press("Escape")
    expect(meaning_of(page)).to_be_hidden()
    expect(word_of(page)).to_be_focused()
    page.keyboard.press("Enter")
    meaning_of(page).get_by_role("link", name="In the glossary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/glossary.html#term-dense-layer")


def test_the_focus_that_goes_on_closes_the_meaning(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    word_of(page).click()
    for _ in meaning_of(page).get_by_role("link").all():
        page.keyboard.press("Tab")
        expect(meaning_of(page).locator(":focus")).to_be_visible()
    page.keyboard.press("Tab")
    expect(meaning_of(page)).to_be_hidden()


@pytest.fixture
def phone(browser: Browser, site_url: str) -> Iterator[Page]:
    """Give a chapter on a small phone."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site_url + CHAPTER)
    yield page
    context.close()


def test_a_finger_opens_a_meaning_that_fits_the_screen(phone: Page) -> None:
    for word in phone.locator("a.term >> visible=true").all()[:6]:
        word.tap()
        box = phone.locator(".term-meaning:popover-open").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        phone.touchscreen.tap(120, 5)
        expect(phone.locator(".term-meaning:popover-open")).to_have_count(0)


def test_without_scripts_the_word_is_a_link(browser: Browser, site_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site_url + CHAPTER)
        word_of(page).click()
        page.wait_for_url("**/book/glossary.html#term-dense-layer")


def test_paper_shows_no_meaning(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    word_of(page).click()
    page.emulate_media(media="print")
    expect(meaning_of(page)).to_be_hidden()


def test_every_word_has_its_meaning(site: Path) -> None:
    for chapter in sorted((site / "book").glob("[0-9]*.html")):
        html = chapter.read_text(encoding="utf-8")
        words = re.findall(r'<a class="term[^"]*" href="glossary\.html#([^"]+)"', html)
        meanings = dict(re.findall(r'<template data-term="([^"]+)"[^>]*>(.*?)</template>', html, re.DOTALL))
        assert sorted(words) == sorted(meanings)
        for meaning in meanings.values():
            assert meaning.startswith("<p>")
            assert " id=" not in meaning
            targets = re.findall(r'href="([^"#]*)', meaning)
            assert [target for target in targets if not (chapter.parent / target).is_file()] == []
