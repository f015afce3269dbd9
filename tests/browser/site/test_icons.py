"""The font of the icons, cut down to those that the site shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fontTools.ttLib import TTFont
from playwright.sync_api import Page

OpenPage = Callable[..., tuple[Page, list[str]]]
CHAPTER = "book/04_convolution.html"


def test_every_icon_is_in_its_font(site: Path, site_url: str, open_page: OpenPage) -> None:
    page, _ = open_page(site_url, CHAPTER)
    signs = page.evaluate("""() => [...document.querySelectorAll(".fa-solid, .fas")]
      .map((icon) => getComputedStyle(icon, "::before").content.slice(1, -1))""")
    assert len(signs) > 10
    cut = TTFont(site / "_static" / "icons-solid-900.woff").getBestCmap()
    assert [sign for sign in signs if len(sign) != 1 or ord(sign) not in cut] == []
    assert len(cut) < 100
