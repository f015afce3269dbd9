"""Every link inside the site leads somewhere: to a file that exists and, where it names one, to an anchor there."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest


class Links(HTMLParser):
    """Collect the addresses that a page names and the anchors that it offers."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and the anchors of one element."""
        for name, value in attrs:
            if value and name in ("href", "src", "action"):
                self.addresses.append(value)
            elif value and (name == "id" or (tag, name) == ("a", "name")):
                self.anchors.add(value)


@cache
def read(page: Path) -> Links:
    """Parse a page, once."""
    links = Links()
    links.feed(page.read_text(encoding="utf-8"))
    links.close()
    return links


def broken(folder: Path, page: Path) -> list[str]:
    """List the addresses on a page that lead nowhere. Other hosts are not asked."""
    problems = []
    for address in read(page).addresses:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        if parts.path.startswith("/"):
            problems.append(f"{address}: works only at the top of a host")
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not target.is_file() or not target.is_relative_to(folder):
            problems.append(f"{address}: no such file")
        elif parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in read(target).anchors:
            problems.append(f"{address}: no such anchor")
    return problems


def test_links_lead_somewhere(site: Path, page_path: str) -> None:
    assert broken(site.resolve(), (site / page_path).resolve()) == []


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("other.html#here", None),
        ("#top", None),
        ("https://example.org/nowhere", None),
        ("missing.html", "no such file"),
        ("other.html#nowhere", "no such anchor"),
        ("#nowhere", "no such anchor"),
        ("/other.html", "works only at the top of a host"),
        ("../outside.html", "no such file"),
    ],
)
def test_broken_link_is_seen(tmp_path: Path, link: str, problem: str | None) -> None:
    (tmp_path / "outside.html").write_text("Outside of the site.", encoding="utf-8")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "other.html").write_text('<h1 id="here">Here</h1>', encoding="utf-8")
    (folder / "page.html").write_text(f'<h1 id="top">Top</h1><a href="{link}">A link</a>', encoding="utf-8")
    assert broken(folder, folder / "page.html") == ([f"{link}: {problem}"] if problem else [])
