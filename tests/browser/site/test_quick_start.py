"""How a page starts: no script keeps its text waiting, what is out of view waits, and nothing is missed by it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"
FIND_EARLY = "() => [...document.head.querySelectorAll('script[src]:not([defer])')].map((script) => script.src)"
# How high each block of code is out of view and in view, where the two differ; and how many are out of view.
COMPARE = """() => {
  const blocks = [...document.querySelectorAll(".bd-article .highlight")];
  const measure = () => blocks.map((block) => block.getBoundingClientRect().height);
  const count = blocks.filter((block) => block.firstElementChild.checkVisibility() &&
    !block.firstElementChild.checkVisibility({ contentVisibilityAuto: true })).length;
  const out = measure();
  blocks.forEach((block) => (block.style.contentVisibility = "visible"));
  const differ = measure().map((height, i) => [out[i], height, blocks[i].textContent.slice(0, 60)]);
  return [count, differ.filter(([before, after]) => Math.abs(before - after) > 0.5)];
}"""
IS_LAID_OUT = "(figure) => figure.firstElementChild.checkVisibility({ contentVisibilityAuto: true })"
# Notes the most figures that have started at once, on a computer that takes long for each.
WATCH_STARTS = """
window.most = 0;
let time = 0;
performance.now = () => (time += 10);
document.addEventListener("DOMContentLoaded", () => {
  let before = 0;
  new MutationObserver(() => {
    const now = document.querySelectorAll("[data-explorable].mounted").length;
    most = Math.max(most, now - before);
    before = now;
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
});
"""
# Whether each block of code scrolls, and whether it is a tab stop, when it has come into view.
FIND_STOPS = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const shown = [...document.querySelectorAll(".bd-article .cell :is(.cell_input, .output) pre")]
    .filter((pre) => pre.checkVisibility() && !pre.closest(".covered-result, [data-explorable]"));
  for (const pre of shown) { pre.scrollIntoView({ behavior: "instant" }); await frame(); await frame(); }
  return shown.filter((pre) => !pre.closest(".covered-result"))
    .map((pre) => [pre.scrollWidth > pre.clientWidth, pre.getAttribute("tabindex") === "0"]);
}"""
# The last block of code that is shown, and what it says.
LAST_CODE = "[...document.querySelectorAll('.cell_input pre')].filter((pre) => pre.checkVisibility()).at(-1)"


@pytest.mark.parametrize("path", ["book/index.html", CHAPTER, "book/glossary.html"])
def test_no_script_of_the_head_keeps_the_text_waiting(site_url: str, open_page: OpenPage, path: str) -> None:
    page, _ = open_page(site_url, path)
    assert page.evaluate(FIND_EARLY) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_code_out_of_view_keeps_its_room(site_url: str, open_page: OpenPage, page_path: str, width: int) -> None:
    page, _ = open_page(site_url, page_path, width=width)
    count, differ = page.evaluate(COMPARE)
    assert differ == []
    assert count or "_" not in page_path  # a chapter has code below its first view


def test_a_figure_out_of_view_starts_without_being_laid_out(site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, CHAPTER)
    figure = page.locator("[data-explorable=receptivefield]")
    expect(figure).to_have_class(re.compile("mounted"))
    assert not figure.evaluate(IS_LAID_OUT)
    room = figure.evaluate("(figure) => figure.getBoundingClientRect().height")
    figure.scroll_into_view_if_needed()
    page.wait_for_function(IS_LAID_OUT, arg=figure.element_handle())
    assert room == pytest.approx(figure.evaluate("(figure) => figure.getBoundingClientRect().height"), rel=0.08)
    assert problems == []


def test_code_out_of_view_is_found_and_read_aloud(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    code = page.evaluate(f"{LAST_CODE}.textContent").splitlines()[0]
    expect(page.locator("article")).to_match_aria_snapshot(f"- text: /{code.split('(')[0].split()[0]}/")
    assert page.evaluate("(text) => window.find(text, true)", code)
    assert page.evaluate(f"{LAST_CODE}.contains(getSelection().anchorNode)")


def test_code_that_scrolls_is_a_tab_stop_once_it_is_near(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER, width=640)
    stops = page.evaluate(FIND_STOPS)
    assert len(stops) > 20
    assert {scrolls for scrolls, _ in stops} == {True, False}
    assert [stop for stop in stops if stop[0] != stop[1]] == []
    page.keyboard.press("Tab")
    code = page.locator(".bd-article .highlight pre[tabindex='0']").last
    code.focus()
    # The box around the code cuts off what is drawn beyond it.
    assert code.evaluate("(code) => parseFloat(getComputedStyle(code).outlineOffset)") == -3


def test_figures_start_one_by_one(site_url: str, open_page: OpenPage, context: Callable[..., object]) -> None:
    window = context("light", 1280)
    page = window.new_page()  # type: ignore[attr-defined]
    page.add_init_script(WATCH_STARTS)
    page.goto(site_url + CHAPTER)
    expect(page.locator("[data-explorable].mounted").nth(3)).to_be_attached()
    page.evaluate("document.querySelector('#quiz').scrollIntoView({ behavior: 'instant' })")
    expect(page.locator("[data-explorable=quiz].mounted")).to_be_visible()
    assert page.evaluate("most") == 1
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_an_address_leads_to_its_entry_of_the_reference(site_url: str, open_page: OpenPage, width: int) -> None:
    page, _ = open_page(site_url, "book/api.html", width=width)
    anchor = page.locator("dl.py > dt[id]").last.get_attribute("id")
    page.goto(f"{site_url}book/howto.html")
    page.goto(f"{site_url}book/api.html#{anchor}")
    top = "(id) => document.getElementById(id).getBoundingClientRect().top"
    page.wait_for_timeout(2000)
    assert page.evaluate(top, anchor) == pytest.approx(64, abs=8) or page.evaluate(
        "() => Math.abs(scrollY + innerHeight - document.documentElement.scrollHeight) < 2"
    )
