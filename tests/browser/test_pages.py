"""Every page in a browser: no other host, no error, no sideways scroll; and a look at whether these checks can fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

Look = Callable[..., list[str]]
OpenPage = Callable[..., tuple[Page, list[str]]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_follows_the_theme_of_the_system(site_url: str, open_page: OpenPage, theme: str) -> None:
    page, _ = open_page(site_url, "book/index.html", theme=theme)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert (min(ground) > 200) if theme == "light" else (max(ground) < 60)


def test_top_address_leads_to_the_first_page(site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, "")
    expect(page).to_have_url(site_url + "book/index.html")
    assert problems == []


def test_search_finds_a_page(site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, "search.html?q=flattening")
    expect(page.locator("#search-results li a").first).to_be_visible()
    assert problems == []


FAULTS = {
    "asks another host": '<img src="https://example.org/picture.png" alt="">',
    "console error": "<script>console.error('planted')</script>",
    "console warning": "<script>console.warn('planted')</script>",
    "page error": "<script>throw new Error('planted')</script>",
    "404": '<link rel="stylesheet" href="missing.css">',
    "px wide in": "<table><tr>" + "<td>unbreakable</td>" * 20 + "</tr></table>",
    "reached by keyboard": '<div style="overflow-x: auto"><div style="width: 2000px">wide</div></div>',
}


@pytest.fixture(scope="module")
def faulty_site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    folder = tmp_path_factory.mktemp("faulty")
    page = (
        '<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Page</title><article>{}</article></html>'
    )
    (folder / "sound.html").write_text(page.format("Sound."), encoding="utf-8")
    for number, fault in enumerate(FAULTS.values()):
        (folder / f"{number}.html").write_text(page.format(fault), encoding="utf-8")
    return serve(folder)


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_seen(faulty_site: str, look: Look, fault: str) -> None:
    problems = look(faulty_site, f"{list(FAULTS).index(fault)}.html", theme="light", width=390)
    assert any(fault in problem for problem in problems)


def test_sound_page_has_no_problem(faulty_site: str, look: Look) -> None:
    assert look(faulty_site, "sound.html", theme="light", width=390) == []
