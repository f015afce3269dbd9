"""The site in use: by keyboard alone, on paper, in the dark; its search, its cards, its icons."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from playwright.sync_api import Page, expect

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"

# What the Tab key should reach and did not; of a group of radio buttons it reaches one.
FIND_MISSED = """() =>
  [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== "radio" && !e.dataset.visited)
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .map((e) => e.outerHTML.slice(0, 120))"""
FIND_UNSEEN = "() => [...document.querySelectorAll('[data-visited=unseen]')].map((e) => e.outerHTML.slice(0, 120))"
COLOUR = "getComputedStyle({}).{}.match(/\\d+/g).slice(0, 3).map(Number)"
# Note where the focus is, and whether it shows: by an outline, a shadow or a border that it has only now.
NOTE_STOP = """() => {
  const e = document.activeElement;
  if (e === document.body) return "outside";
  if (e.dataset.visited) return "again";
  const look = () => {
    const style = getComputedStyle(e);
    return [style.outline, style.boxShadow, style.border, style.background, style.textDecoration].join();
  };
  const focused = look();
  e.blur();
  const plain = look();
  e.focus();
  e.dataset.visited = focused === plain ? "unseen" : "seen";
  return "new";
}"""


def press_tab_to_the_end(page: Page) -> None:
    """Press Tab until the focus comes back to where it was; figures start first, since Tab is quicker than a reader."""
    for figure in page.locator("[data-explorable]").all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_class(re.compile("mounted"))
    for _ in range(500):
        page.keyboard.press("Tab")
        if page.evaluate(NOTE_STOP) == "again":
            return
    pytest.fail("500 times Tab, and no end")


@pytest.mark.parametrize("path", ["book/index.html", CHAPTER, "search.html"])
def test_keyboard_reaches_everything_and_shows_where_it_is(site_url: str, open_page: OpenPage, path: str) -> None:
    page, problems = open_page(site_url, path)
    press_tab_to_the_end(page)
    assert page.evaluate(FIND_MISSED) == []
    assert page.evaluate(FIND_UNSEEN) == []
    assert problems == []


def test_first_stop_skips_to_the_text(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to main content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main-content').contains(document.activeElement)")


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


def test_search_by_keyboard_finds_a_page(site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, CHAPTER)
    page.keyboard.press("Control+k")
    page.keyboard.type("flattening")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results li a").first).to_be_visible()
    assert problems == []


def test_theme_changes_by_keyboard_and_stays(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    button = page.locator(".theme-switch-button")
    button.focus()
    for _ in range(3):
        page.keyboard.press("Enter")
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    page.goto(site_url + "book/index.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.evaluate("localStorage.clear()")


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


def meta(html: str) -> dict[str, str]:
    """Collect the metadata of a page's head, by name or property."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', html.partition("</head>")[0])
    return {name: unescape(content) for name, content in found}


def test_page_says_what_it_is_about(site: Path, page_path: str) -> None:
    head = meta((site / page_path).read_text(encoding="utf-8"))
    assert 20 <= len(head["description"]) <= 200
    assert head["og:description"] == head["description"]
    assert head["og:site_name"] == "From ANNs to CNNs"
    assert head["og:title"]
    assert head["twitter:card"].startswith("summary")
    # A card's addresses are given in full or not at all.
    assert all(value.startswith("https://") for name, value in head.items() if name in ("og:url", "og:image"))
    assert ("og:image" in head) <= ("og:image:alt" in head)


def test_descriptions_differ(site: Path) -> None:
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts and path != site / "index.html"]
    descriptions = [meta(page.read_text(encoding="utf-8"))["description"] for page in pages]
    assert len(set(descriptions)) == len(descriptions)


def test_every_icon_is_in_its_font(site: Path, site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    signs = page.evaluate("""() => [...document.querySelectorAll(".fa-solid, .fas")]
      .map((icon) => getComputedStyle(icon, "::before").content.slice(1, -1))""")
    assert len(signs) > 10
    cut = TTFont(site / "_static" / "icons-solid-900.woff").getBestCmap()
    assert [sign for sign in signs if len(sign) != 1 or ord(sign) not in cut] == []
    assert len(cut) < 100
