"""The placement test before chapter 1: each of its sections is a link that leads to the section."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from lessons_lib.exercises import topics

OpenPage = Callable[..., tuple[Page, list[str]]]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_keeps_room_for_the_test(site_url: str, open_page: OpenPage, width: int) -> None:
    page, _ = open_page(site_url, "book/mathematics.html", width=width)
    quiz = page.locator("[data-explorable=quiz].mounted")
    expect(quiz).to_be_visible()
    kept = quiz.evaluate("(quiz, width) => parseInt(quiz.style.getPropertyValue(`--lx-${width}`))", width)
    height = quiz.bounding_box()["height"]
    # Other fonts may break a line elsewhere.
    assert abs(height - kept) <= 60, f"write {height} for {width} px into the heights of the quiz, in place of {kept}"


@pytest.mark.parametrize("width", [390, 1280])
def test_sections_to_read_lead_to_their_headings(site_url: str, open_page: OpenPage, width: int) -> None:
    page, problems = open_page(site_url, "book/mathematics.html", width=width)
    quiz = page.locator("[data-explorable=quiz]")
    first = quiz.locator("form").first
    first.get_by_role("radio").first.check()
    first.get_by_role("button", name="Check").click()
    expect(first.get_by_role("link", name="Shapes and axes", exact=True)).to_be_visible()
    sections = [question["section"] for question in topics.quiz("mathematics")]
    assert len(sections) == 10
    expect(quiz.locator(".lx-plan a")).to_have_text(sections)
    for section in (sections[0], sections[-1]):
        quiz.locator(".lx-plan").get_by_role("link", name=section, exact=True).click()
        expect(page.get_by_role("heading", name=section)).to_be_in_viewport()
    assert problems == []
