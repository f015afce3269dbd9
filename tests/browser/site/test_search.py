"""The search finds a page: from its own address, and by keyboard from any other page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
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


def find(page: Page) -> list[tuple[str, str]]:
    """Return the name and the address of each result, when the search has ended."""
    expect(page.locator(".search-summary")).not_to_be_empty()
    links = page.locator("#search-results li > a").all()
    return [(link.inner_text(), (link.get_attribute("href") or "").removeprefix("book/")) for link in links]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("glossary", "glossary.html"),
        ("cheat sheet", "cheatsheet.html"),
        ("Cheatsheet", "cheatsheet.html"),
        ("symbols", "notation.html"),
        ("math", "mathematics.html"),
        ("teaching", "instructors.html"),
        ("3×3", "04_convolution.html"),
        ("3x3", "04_convolution.html"),
        ("neighbor", "03_flattening.html"),
        ("neighbour", "03_flattening.html"),
        ("learning rate", "02_dense.html"),
        ("pooling", "06_pooling.html"),
        ("What does pooling buy?", "06_pooling.html"),
        ("maxpool", "06_pooling.html"),
        ("ReLU", "05_relu.html"),
        ("CNN", "08_cnn.html"),
        ("optimizer", "glossary.html#term-optimiser"),
        ("optimiser", "glossary.html#term-optimiser"),
        ("1x1 convolution", "glossary.html#term-11-convolution"),
        ("cross entropy", "glossary.html#term-cross-entropy"),
        ("max-pooling", "06_pooling.html"),
        ("over-fitting", "glossary.html#term-overfitting"),
        ("finetuning", "12_transfer.html"),
        ("Q-learning", "15b_outlook.html"),
        ("σ", "notation.html"),
    ],
)
def test_what_is_meant_comes_first(site_url: str, open_page: OpenPage, query: str, first: str) -> None:
    page, problems = open_page(site_url, f"search.html?q={query}")
    assert find(page)[0][1] == first
    assert problems == []


@pytest.mark.parametrize(
    ("one", "other"), [("neighbor", "neighbour"), ("3x3", "3 × 3"), ("color", "colour"), ("max pool", "max-pool")]
)
def test_both_spellings_find_the_same_pages(site_url: str, open_page: OpenPage, one: str, other: str) -> None:
    found = [find(open_page(site_url, f"search.html?q={query}")[0]) for query in (one, other)]
    assert len(found[0]) >= 5
    assert {address for _, address in found[0]} == {address for _, address in found[1]}


def test_a_word_of_the_glossary_is_found_once_and_by_its_name(site_url: str, open_page: OpenPage) -> None:
    found = find(open_page(site_url, "search.html?q=convolution")[0])
    addresses = [address for _, address in found]
    assert len(addresses) == len(set(addresses))
    assert ("convolution · Glossary", "glossary.html#term-convolution") in found
    assert "glossary.html#term-convolutions" not in addresses


@pytest.mark.parametrize("query", ["pooling", "stride", "accuracy"])
def test_notes_for_instructors_come_after_the_chapters(site_url: str, open_page: OpenPage, query: str) -> None:
    addresses = [address.partition("#")[0] for _, address in find(open_page(site_url, f"search.html?q={query}")[0])]
    chapters = [place for place, address in enumerate(addresses) if address[:2].isdigit()]
    assert len(chapters) > 1
    assert addresses.index("instructors.html") > max(chapters)


def test_results_name_the_page_and_its_question(site_url: str, open_page: OpenPage) -> None:
    found = find(open_page(site_url, "search.html?q=what does pooling buy")[0])
    assert found[0][0] == "Pooling · What does pooling buy?"
    assert [address for _, address in found].count("06_pooling.html") == 1


@pytest.mark.parametrize("query", ["pooling", "stride", "glossary", "cheat sheet"])
def test_an_excerpt_begins_with_the_text_of_its_page(site_url: str, open_page: OpenPage, query: str) -> None:
    page, _ = open_page(site_url, f"search.html?q={query}")
    find(page)
    excerpts = page.locator("#search-results .context")
    expect(page.locator("#search-results > li:not(:has(.context))")).to_have_count(0)
    texts = excerpts.all_inner_texts()
    assert all(text.strip(". ") for text in texts)
    assert [text for text in texts if ".ipynb" in text or ".pdf" in text] == []


def test_an_excerpt_leads_to_the_section_that_has_most_of_what_was_asked(site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, "search.html?q=padding")
    find(page)
    result = page.locator("#search-results li", has=page.locator("a[href*='04_convolution.html']")).first
    link = result.locator(".context a")
    expect(link).to_have_count(1)
    heading = link.inner_text()
    link.click()
    assert CHAPTER in page.url
    section = page.locator(f"section#{page.url.partition('#')[2]}")
    expect(section.locator("h2, h3").first).to_contain_text(heading)
    expect(section).to_contain_text("padding")
    expect(section).to_be_in_viewport()
    assert problems == []


@pytest.mark.parametrize(
    ("query", "chapter", "section"),
    [
        ("accuracy", "08_cnn.html", "train-it"),  # the index knows it as "accuraci"
        ("global pooling", "06_pooling.html", "global-pooling"),  # other sections have "pooling" more often
        ("3x3", "04_convolution.html", None),  # the text writes 3×3
        ("stride", "05_relu.html", None),  # exercises have sections without a heading
        ("split digits", "api.html", "module-lessons_lib.data"),  # a point in the address
    ],
)
def test_a_section_is_found_by_what_the_index_knows_its_words_by(
    site_url: str, open_page: OpenPage, query: str, chapter: str, section: str | None
) -> None:
    page, _ = open_page(site_url, f"search.html?q={query}")
    find(page)
    context = page.locator("#search-results li", has=page.locator(f"> a[href$='{chapter}']")).locator(".context")
    address = context.locator("a").get_attribute("href")
    assert section in (None, address.partition("#")[2])
    text = context.inner_text().lower()
    assert query == "3x3" or [word for word in query.split() if word.rstrip("s") not in text] == []


def test_a_term_of_the_glossary_is_told_with_its_meaning(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, "search.html?q=stride")
    find(page)
    result = page.locator("#search-results li", has=page.locator("a[href$='#term-stride']"))
    expect(result.locator(".context")).to_contain_text("stride The step from one stop of a window to the next")


def test_a_fraction_keeps_its_bar_in_an_excerpt(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, "search.html?q=padding")
    find(page)
    html = "<article class='bd-article'><section><math><mfrac><mn>1</mn><mn>2</mn></mfrac></math></section></article>"
    assert page.evaluate("(html) => Search.htmlToText(html, '').trim()", html) == "1/2"


def test_search_works_without_a_server(site: Path, open_page: OpenPage) -> None:
    page, problems = open_page((site / "search.html").as_uri(), "?q=neighbor")
    assert find(page)[0][1] == "03_flattening.html"
    assert [problem for problem in problems if problem.startswith("page error")] == []


def test_the_sign_of_the_search_covers_no_letter(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    page.keyboard.press("Control+k")
    field = page.locator(".search-button__search-container input")
    expect(field).to_be_focused()
    sign = page.locator(".search-button__search-container .fa-magnifying-glass").bounding_box()
    padding = field.evaluate("(field) => parseFloat(getComputedStyle(field).paddingInlineStart)")
    assert sign["x"] + sign["width"] <= field.bounding_box()["x"] + padding
