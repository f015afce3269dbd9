"""How a reader gets about: from the top address to the first page, by plain names, through drawers, to headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

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


def test_the_way_back_to_the_top_lies_over_no_text_of_a_phone(site_url: str, open_page: OpenPage) -> None:
    for width, shown in ((1000, True), (390, False)):
        page, _ = open_page(site_url, CHAPTER, width=width)
        button = page.locator("#pst-back-to-top")
        button.evaluate("(button) => (button.style.display = 'block')")  # as the theme does
        assert button.is_visible() == shown


def test_the_menu_and_the_window_name_the_subject_and_the_question(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, "book/06_pooling.html")
    entry = page.locator(".bd-sidebar-primary").get_by_role("link", name="6. Pooling · What does pooling buy?")
    expect(entry).to_have_attribute("href", "#")
    expect(page).to_have_title("Pooling · What does pooling buy? — From ANNs to CNNs")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What does pooling buy?")


def test_links_to_the_neighbours_say_what_the_menu_says(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, "book/06_pooling.html")
    foot = page.locator(".prev-next-area")
    expect(foot.get_by_role("link", name="5. Activation functions · Why ReLU?")).to_be_visible()
    foot.get_by_role("link", name="7. Counting parameters · Where do the parameters live?").click()
    expect(page).to_have_url(f"{site_url}book/07_parameters.html")
    for path in ("book/index.html", "book/howto.html", "book/api.html"):
        page.goto(site_url + path)
        entries = page.locator(".bd-sidebar-primary nav.bd-links a").all_inner_texts()
        neighbours = [text for text in foot.locator(".prev-next-title").all_inner_texts() if "ANNs" not in text]
        assert [text for text in neighbours if text not in entries] == []
        assert neighbours


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
@pytest.mark.parametrize("side", ["primary", "secondary"])
def test_no_tooltip_stays_when_escape_has_closed_a_drawer(
    site_url: str, open_page: OpenPage, side: str, how: str
) -> None:
    page, _ = open_page(site_url, CHAPTER, width=390)
    button, drawer = page.locator(f".{side}-toggle"), page.locator(f".bd-sidebar-{side}")
    if how == "mouse":
        button.click()
    else:
        button.focus()
        page.keyboard.press("Enter")
    expect(drawer).to_be_in_viewport()
    expect(drawer.locator(":focus")).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.wait_for_timeout(900)  # a tooltip waits for half a second
    expect(page.locator(".tooltip")).to_have_count(0)


def test_a_tooltip_comes_with_the_focus_and_goes_with_escape(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    expect(page.locator(".header-switch").first).to_be_visible()  # the scripts have run
    page.locator(".theme-switch-button:visible").focus()
    expect(page.locator(".tooltip")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tooltip")).to_have_count(0)


@pytest.fixture
def phone(browser: Browser, site_url: str) -> Iterator[Page]:
    """Give a chapter on a phone, scrolled down by 1,000 px."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site_url + CHAPTER)
    page.evaluate("scrollTo({ top: 1000, behavior: 'instant' })")
    yield page
    context.close()


@pytest.mark.parametrize("side", ["primary", "secondary"])
def test_a_tap_outside_closes_the_drawer_and_moves_nothing(phone: Page, side: str) -> None:
    drawer = phone.locator(f".bd-sidebar-{side}")
    phone.locator(f".{side}-toggle").tap()
    expect(drawer).to_be_in_viewport()
    phone.wait_for_timeout(400)  # the drawer slides
    phone.touchscreen.tap(375 if side == "primary" else 15, 500)
    expect(drawer).not_to_be_in_viewport()
    phone.wait_for_timeout(400)  # a jump would be smooth
    assert phone.evaluate("scrollY") == 1000
    expect(phone.locator(".tooltip")).to_have_count(0)


def test_an_entry_of_the_contents_closes_the_drawer_and_leads_there(phone: Page) -> None:
    phone.locator(".secondary-toggle").tap()
    phone.locator(".bd-sidebar-secondary").get_by_role("link", name="Recap").tap()
    expect(phone.locator(".bd-sidebar-secondary")).not_to_be_in_viewport()
    expect(phone.get_by_role("heading", name="Recap")).to_be_in_viewport()


def test_the_first_tap_on_the_search_gives_its_field_the_focus(phone: Page) -> None:
    phone.locator(".bd-header-article .search-button__button").tap()
    expect(phone.locator(".search-button__search-container input")).to_be_focused()
    phone.keyboard.type("flatt")
    expect(phone.locator(".search-button__search-container input")).to_have_value("flatt")
    expect(phone.locator(".tooltip")).to_have_count(0)


# Where a heading stands, when it has stood there for a second; the theme keeps 64 px above it for the header.
SETTLE = """async (id) => {
  const top = () => document.getElementById(id).querySelector("h2").getBoundingClientRect().top;
  let still = 0;
  for (let last = top(), tries = 0; still < 10 && tries < 200; tries++) {
    await new Promise((done) => setTimeout(done, 100));
    still = Math.abs(top() - last) < 1 ? still + 1 : 0;
    last = top();
  }
  return top();
}"""
ROOM = 64


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", [CHAPTER, "book/08_cnn.html"])
@pytest.mark.parametrize("anchor", ["exercises", "quiz"])
def test_an_address_leads_to_its_heading(
    site_url: str, open_page: OpenPage, path: str, anchor: str, width: int
) -> None:
    page, _ = open_page(site_url, f"{path}#{anchor}", width=width)
    assert abs(page.evaluate(SETTLE, anchor) - ROOM) <= 8


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", [CHAPTER, "book/08_cnn.html"])
def test_a_link_leads_to_its_heading_though_figures_above_grow(
    site_url: str, open_page: OpenPage, path: str, width: int
) -> None:
    page, _ = open_page(site_url, path, width=width)
    page.evaluate("document.querySelector(\".bd-sidebar-secondary a[href='#quiz']\").click()")
    assert abs(page.evaluate(SETTLE, "quiz") - ROOM) <= 8
    # One that starts late, within sight of the heading.
    page.evaluate("document.querySelector('#quiz').previousElementSibling.style.paddingBottom = '300px'")
    page.evaluate("document.documentElement.style.overflowAnchor = 'none'")
    page.evaluate("document.querySelector('#quiz').previousElementSibling.style.paddingTop = '300px'")
    assert abs(page.evaluate(SETTLE, "quiz") - ROOM) <= 8


def test_a_reader_who_moves_on_is_not_called_back(site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, f"{CHAPTER}#quiz")
    assert abs(page.evaluate(SETTLE, "quiz") - ROOM) <= 8
    page.mouse.move(600, 400)
    page.mouse.wheel(0, -2000)
    page.wait_for_function("document.querySelector('#quiz').getBoundingClientRect().top > 1000")
    page.evaluate("document.querySelector('article').style.paddingTop = '300px'")
    assert page.evaluate(SETTLE, "quiz") > 1000


@pytest.mark.parametrize("fragment", ["#%E0%A4%A", "#trainlab?%E0=1", "#%", "#"])
def test_an_address_that_is_no_text_breaks_nothing(site_url: str, open_page: OpenPage, fragment: str) -> None:
    page, problems = open_page(site_url, f"book/08_cnn.html{fragment}")
    page.wait_for_timeout(500)
    assert problems == []
