"""Claims: each is shown with its verdict in its chapter and on the page of claims, where one chooses by verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

from playwright.sync_api import Page

from lessons_lib import claims

OpenPage = Callable[..., tuple[Page, list[str]]]
BOOK = Path(__file__).parents[3] / "book"
CHAPTERS = sorted(BOOK.glob("*.ipynb"))


def read_code_cells(chapter: Path) -> list[dict]:
    """Return a chapter's code cells."""
    return [cell for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def read_stored_claims(chapter: Path) -> list[tuple[str, str]]:
    """Return the claims that a chapter stores, each with its verdict and what it was measured on."""
    outputs = [output for cell in read_code_cells(chapter) for output in cell["outputs"]]
    records = [output["data"][claims.MIME] for output in outputs if claims.MIME in output.get("data", {})]
    on = [f", on {record['on']}" if "on" in record else "" for record in records]
    return [(record["statement"], record["verdict"] + data) for record, data in zip(records, on, strict=True)]


def read_shown_claims(page: Path) -> list[tuple[str, str]]:
    """Return the claims of a built page, each with its verdict."""
    pairs = re.findall(
        r'<strong>([^<]+)</strong> <span class="lx-verdict">([^<]+)</span>', page.read_text(encoding="utf-8")
    )
    return [(unescape(statement), verdict.lower()) for statement, verdict in pairs]


def test_every_claim_is_shown_with_its_verdict(site: Path) -> None:
    stored = {chapter.stem: read_stored_claims(chapter) for chapter in CHAPTERS}
    assert sum(map(len, stored.values())) >= 20
    for chapter, claims_of_chapter in stored.items():
        assert read_shown_claims(site / f"book/{chapter}.html") == claims_of_chapter
    assert read_shown_claims(site / "book/claims.html") == [pair for pairs in stored.values() for pair in pairs]


def test_claims_are_filtered_by_verdict(site: Path, site_url: str, open_page: OpenPage) -> None:
    page, problems = open_page(site_url, "book/claims.html")
    page.get_by_role("radio", name="Does not hold").check()
    shown = read_shown_claims(site / "book/claims.html")
    assert page.locator(".lx-claim:visible").count() == sum(verdict.startswith("does not hold") for _, verdict in shown)
    assert page.locator('.lx-claim:not([data-verdict="does-not-hold"]):visible').count() == 0
    page.get_by_role("radio", name="All").check()
    assert page.locator(".lx-claim:visible").count() == len(shown)
    assert problems == []
