"""The pages beside the chapters: claims with verdicts, terms linked once, sources, the package, two printed pages."""

from __future__ import annotations

import importlib
import inspect
import json
import re
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lessons_lib import claims

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("*.ipynb"))
TERM = re.compile(r'<a class="term[^"]*" href="glossary\.html#(term-[^"]+)">(.*?)</a>')


def read_cells(chapter: Path, kind: str) -> list[dict]:
    """Return a chapter's cells of one kind."""
    return [cell for cell in json.loads(chapter.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def read_stored_claims(chapter: Path) -> list[tuple[str, str]]:
    """Return the claims that a chapter stores, each with its verdict."""
    outputs = [output for cell in read_cells(chapter, "code") for output in cell["outputs"]]
    records = [output["data"][claims.MIME] for output in outputs if claims.MIME in output.get("data", {})]
    return [(record["statement"], record["verdict"]) for record in records]


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


def test_claims_are_filtered_by_verdict(browser: Browser, site: Path, site_url: str) -> None:
    page = browser.new_page()
    page.goto(site_url + "book/claims.html")
    page.get_by_role("radio", name="Does not hold").check()
    shown = read_shown_claims(site / "book/claims.html")
    assert page.locator(".lx-claim:visible").count() == sum(verdict == "does not hold" for _, verdict in shown)
    assert page.locator('.lx-claim:not([data-verdict="does-not-hold"]):visible').count() == 0
    page.get_by_role("radio", name="All").check()
    assert page.locator(".lx-claim:visible").count() == len(shown)
    page.close()


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


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_every_source_is_in_the_bibliography(chapter: Path) -> None:
    bibliography = (BOOK / "references.bib").read_text(encoding="utf-8")
    text = "".join("".join(cell["source"]) for cell in read_cells(chapter, "markdown"))
    reading = text.partition("## Further reading")[2]
    addresses = re.findall(r"\]\((https://[^)]+)\)", reading)
    sources = [re.sub(r"https://(doi\.org|arxiv\.org/abs)/", "", address) for address in addresses]
    # The pages of Keras's manual are no publications.
    assert [source for source in sources if source not in bibliography and "keras.io" not in source] == []


def test_cheat_sheet_prints_on_two_pages(browser: Browser, site_url: str) -> None:
    page = browser.new_page()
    page.goto(site_url + "book/cheatsheet.html")
    pdf = page.pdf(format="A4", print_background=False)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2


@pytest.mark.parametrize(
    "module", ["claims", "counting", "data", "models", "ops", "plots", "results", "training", "weights"]
)
def test_every_public_function_is_documented(site: Path, module: str) -> None:
    imported = importlib.import_module(f"lessons_lib.{module}")
    source = Path(inspect.getfile(imported)).read_text(encoding="utf-8")
    public = getattr(imported, "__all__", None) or re.findall(r"^(?:def|class) ([A-Za-z]\w*)", source, re.MULTILINE)
    html = (site / "book/api.html").read_text(encoding="utf-8")
    assert [name for name in public if f'id="lessons_lib.{module}.{name}"' not in html] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_instructors_have_a_plan_for_every_chapter(chapter: Path) -> None:
    title = read_cells(chapter, "markdown")[0]["source"]
    question = "".join(title).splitlines()[0].removeprefix("# ")
    notes = (BOOK / "instructors.md").read_text(encoding="utf-8")
    section = notes.partition(f"## {int(chapter.name[:2])}. {question}\n")[2].partition("\n## ")[0]
    assert [part for part in ("**Plan.**", "**Discuss.**", "**Expect.**") if part not in section] == []
