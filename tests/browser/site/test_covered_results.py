"""A result is covered for the eye until the reader has predicted it or wants to see it, and for nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lessons_lib.exercises import topics

CHAPTER, ANOTHER = "book/03_flattening.html", "book/06_pooling.html"
FIGURE = "[data-explorable=prediction]"
# What lies on top in the middle of an element, and whether that is its own cover.
COVER = """(element) => {
  const cover = getComputedStyle(element, "::after");
  return cover.content !== "none" && cover.position === "absolute" && cover.backgroundColor !== "rgba(0, 0, 0, 0)";
}"""
FOCUS_IN_COVER = "document.activeElement.closest('.covered-result') !== null"


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as window:
        yield window


def open_chapter(window: BrowserContext, url: str) -> Page:
    """Open a page and wait until all its predictions have started."""
    page = window.new_page()
    page.goto(url)
    total = page.locator(FIGURE).count()
    expect(page.locator(f"{FIGURE}.mounted")).to_have_count(
        total, timeout=30_000
    )  # each starts while nothing else is done
    return page


@pytest.fixture
def page(window: BrowserContext, site_url: str) -> Page:
    return open_chapter(window, site_url + CHAPTER)


def test_results_are_covered_and_one_press_shows_them(page: Page) -> None:
    figure = page.locator(FIGURE).nth(2)
    output = page.locator(".cell_output", has_text="pixels that changed: 0").last
    reading = page.locator("p", has_text="Not one. The strip is all")
    for covered in (output, reading):
        expect(covered).to_have_class(re.compile(r"\bcovered-result\b"))
        assert covered.evaluate(COVER)
    figure.get_by_role("button", name="Show me").click()
    for covered in (output, reading):
        expect(covered).not_to_have_class(re.compile(r"\bcovered-result\b"))
        assert not covered.evaluate(COVER)
    expect(page.locator(".covered-result").first).to_be_visible()  # others stay covered


def test_a_figure_between_a_result_and_its_text_stays_open(window: BrowserContext, site_url: str) -> None:
    page = open_chapter(window, site_url + "book/08_cnn.html")
    reading = page.locator("p", has_text="Depth is economy")
    expect(reading).to_have_class(re.compile(r"\bcovered-result\b"))
    repeat = reading.locator("xpath=preceding-sibling::div[1]").locator("[data-explorable=repeat]")
    expect(repeat).to_be_visible()
    assert repeat.locator("xpath=ancestor-or-self::*[contains(@class, 'covered-result')]").count() == 0


def test_a_press_on_the_cover_shows_the_result(page: Page) -> None:
    output = page.locator(".cell_output", has_text="[1 2 3 4 5 6]")
    expect(output).to_have_class(re.compile(r"\bcovered-result\b"))
    output.click(position={"x": 20, "y": 10})
    expect(output).not_to_have_class(re.compile(r"\bcovered-result\b"))
    expect(page.locator(FIGURE).first.locator(".lx-reply")).to_contain_text("The result: 4.")


def test_a_prediction_and_its_result_are_remembered(window: BrowserContext, site_url: str, page: Page) -> None:
    figure = page.locator(FIGURE).nth(2)
    figure.get_by_role("textbox").fill("12")
    figure.get_by_role("button", name="Sure", exact=False).last.click()
    page.reload()
    expect(figure.locator(".lx-reply")).to_contain_text("You said 12 (sure). The result: 0.")
    expect(figure.get_by_role("textbox")).to_have_value("12")
    expect(page.locator(".cell_output", has_text="pixels that changed: 0").last).not_to_have_class(
        re.compile(r"\bcovered-result\b")
    )


def test_two_predictions_of_one_result_both_cover_it(window: BrowserContext, site_url: str) -> None:
    page = open_chapter(window, site_url + ANOTHER)
    output = page.locator(".cell_output", has_text="R² 0.006").last
    expect(output).to_have_class(re.compile(r"\bcovered-result\b"))
    asked = list(topics.predictions("pooling"))
    for name in ("place_in_sight", "place_out_of_sight"):
        expect(output).to_have_class(re.compile(r"\bcovered-result\b"))
        page.locator(FIGURE).nth(asked.index(name)).get_by_role("button", name="Show me").click()
    expect(output).not_to_have_class(re.compile(r"\bcovered-result\b"))


def test_one_switch_shows_all_results_and_is_remembered(window: BrowserContext, site_url: str, page: Page) -> None:
    assert page.locator(".covered-result").count() > 10
    page.get_by_role("button", name="Show all results", pressed=False).click()
    expect(page.locator(".covered-result")).to_have_count(0)
    another = open_chapter(window, site_url + ANOTHER)
    expect(another.locator(".covered-result")).to_have_count(0)
    another.get_by_role("button", name="Show all results", pressed=True).click()
    assert another.locator(".covered-result").count() > 10
    another.reload()
    expect(another.get_by_role("button", name="Show all results", pressed=False)).to_be_visible()


def test_what_is_said_while_all_results_are_shown_does_not_count(
    window: BrowserContext, site_url: str, page: Page
) -> None:
    figure = page.locator(FIGURE).nth(2)
    note = figure.get_by_text("All results are shown, so what you say now does not count.")
    expect(note).to_be_hidden()
    page.get_by_role("button", name="Show all results").click()
    expect(note).to_be_visible()
    figure.get_by_role("textbox").fill("12")
    figure.get_by_role("button", name="A guess").click()
    expect(note).to_be_hidden()
    said = figure.locator(".lx-reply").get_by_text("The results were in view, so this does not count.")
    expect(said).to_be_visible()
    page.get_by_role("button", name="Show all results").click()
    page.reload()
    expect(said).to_be_visible()
    counted = page.locator(FIGURE).first
    counted.get_by_role("radio").first.check()
    counted.get_by_role("button", name="A guess").click()
    expect(counted.locator(".lx-reply")).not_to_contain_text("does not count")
    page.goto(site_url + "book/intuition.html")
    expect(page.get_by_text("You have made 1 prediction of")).to_be_visible()


def test_a_paragraph_is_covered_with_its_formula(page: Page) -> None:
    formula = page.locator("div.math", has_text="index").first
    expect(formula).to_have_class(re.compile(r"\bcovered-result\b"))
    assert formula.evaluate(COVER)
    page.set_viewport_size({"width": 320, "height": 800})
    expect(formula).to_have_attribute("tabindex", "-1")  # it scrolls now
    page.locator(FIGURE).first.get_by_role("button", name="Show me").click()
    expect(formula).not_to_have_class(re.compile(r"\bcovered-result\b"))
    expect(formula).to_have_attribute("tabindex", "0")


@pytest.mark.parametrize("path", [CHAPTER, ANOTHER])
def test_each_cover_says_what_it_is(window: BrowserContext, site_url: str, path: str) -> None:
    page = open_chapter(window, site_url + path)
    said = page.locator(".covered-result").evaluate_all(
        "(all) => [...new Set(all.map((one) => getComputedStyle(one, '::after').content))]"
    )
    assert said == ['"Covered. Predict first, or press here." / ""']


def test_the_switch_stands_on_pages_with_predictions_alone(window: BrowserContext, site_url: str) -> None:
    page = window.new_page()
    page.goto(site_url + "book/glossary.html")
    expect(page.locator(".header-switch:has(.fa-eye)")).to_have_count(0)


def test_the_keyboard_does_not_enter_what_is_covered(page: Page) -> None:
    page.evaluate("""() => {
      for (const covered of document.querySelectorAll(".covered-result")) {
        const probes = "<a href='#x' class='probe'>a link</a><button class='probe'>b</button>";
        covered.insertAdjacentHTML("beforeend", probes);
      }
    }""")
    page.wait_for_timeout(50)  # the page sees what was added
    assert page.locator(".covered-result .probe").evaluate_all("(all) => all.every((one) => one.tabIndex === -1)")
    page.locator(FIGURE).nth(2).get_by_role("button", name="Show me").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert not page.evaluate(FOCUS_IN_COVER)
    shown = page.locator(".cell_output", has_text="pixels that changed: 0").last
    page.locator(FIGURE).nth(2).get_by_role("button", name="Show me").click()
    assert shown.locator(".probe").evaluate_all("(all) => all.map((one) => one.tabIndex)") == [0, 0]


def test_code_that_scrolls_stays_out_of_reach_while_it_is_covered(window: BrowserContext, site_url: str) -> None:
    page = open_chapter(window, site_url + "book/04_convolution.html")
    page.set_viewport_size({"width": 320, "height": 800})
    page.wait_for_timeout(600)  # the theme waits before it measures
    inside = page.locator(".covered-result [tabindex]")
    assert inside.evaluate_all("(all) => all.every((one) => one.tabIndex === -1)")


def test_a_screen_reader_reads_what_is_covered(page: Page) -> None:
    output = page.locator(".cell_output.covered-result", has_text="pixels that changed: 0").last
    assert "pixels that changed: 0" in output.aria_snapshot()
    assert output.locator("[aria-hidden=true], [inert]").count() == 0
    assert "Covered" not in output.aria_snapshot()


def test_paper_shows_all_results(page: Page) -> None:
    covered = page.locator(".cell_output.covered-result").first
    assert covered.evaluate(COVER)
    page.emulate_media(media="print")
    assert not covered.evaluate(COVER)
    expect(page.locator(FIGURE).first.get_by_role("button", name="Show me")).to_be_hidden()


def test_without_javascript_nothing_is_covered(browser: Browser, site_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site_url + CHAPTER)
        assert page.locator(".covered-result").count() == 0
        expect(page.locator(".cell_output", has_text="pixels that changed: 0").last).to_be_visible()
        expect(page.locator(FIGURE).first).to_contain_text("needs JavaScript")


def test_what_a_search_has_marked_is_to_be_seen(page: Page) -> None:
    output = page.locator(".cell_output.covered-result").first
    assert output.evaluate(COVER)
    output.evaluate("(output) => output.querySelector('pre').innerHTML = '<span class=\"highlighted\">5</span>'")
    assert not output.evaluate(COVER)


def test_covers_stay_with_forced_colours(window: BrowserContext, site_url: str, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    assert page.locator(".cell_output.covered-result").first.evaluate(COVER)


def test_the_code_of_a_prediction_is_not_shown(page: Page) -> None:
    assert page.locator(f".cell:has({FIGURE}) > .cell_input").evaluate_all(
        "(all) => all.every((input) => getComputedStyle(input).display === 'none')"
    )


def test_it_works_where_the_browser_keeps_nothing(browser: Browser, site_url: str) -> None:
    with browser.new_context() as context:
        context.add_init_script("Storage.prototype.setItem = () => { throw new Error('refused'); };")
        page = open_chapter(context, site_url + CHAPTER)
        page.get_by_role("button", name="Show all results").click()
        expect(page.locator(".covered-result")).to_have_count(0)
        page.locator(FIGURE).first.get_by_role("button", name="Show me").click()
        expect(page.locator(FIGURE).first.locator(".lx-reply")).to_contain_text("The result: 4.")


@pytest.mark.parametrize("path", [CHAPTER, ANOTHER])
def test_no_problem_is_told(site_url: str, open_page: Callable[..., tuple[Page, list[Any]]], path: str) -> None:
    page, problems = open_page(site_url, path)
    page.locator(FIGURE).first.get_by_role("button", name="Show me").click()
    expect(page.locator(FIGURE).first.locator(".lx-reply")).to_contain_text("The result")
    assert problems == []
