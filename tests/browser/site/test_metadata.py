"""What the head of each page says of it, to search engines and to whoever shows its link as a card."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path


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
