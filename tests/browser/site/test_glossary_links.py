"""Terms of the glossary: a chapter links each once, and in prose alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CHAPTERS = sorted((Path(__file__).parents[3] / "book").glob("*.ipynb"))
TERM = re.compile(r'<a class="term[^"]*" href="glossary\.html#(term-[^"]+)">(.*?)</a>')


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_terms_are_linked_once_and_in_prose(site: Path, chapter: Path) -> None:
    html = (site / "book" / f"{chapter.stem}.html").read_text(encoding="utf-8")
    terms = [anchor for anchor, _ in TERM.findall(html)]
    assert len(terms) >= 10
    assert len(terms) == len(set(terms))
    # "filters" leads to the entry of "filter", so it is no second term.
    assert not [anchor for anchor in terms if anchor.endswith("s") and anchor.removesuffix("s") in terms]
    for part in re.findall(r"<(h[1-6]|pre|code)\b(.*?)</\1>", html, re.DOTALL):
        assert not TERM.search(part[1])
