"""What belongs to each chapter beside it: its sources in the bibliography, and a plan for instructors."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("*.ipynb"))


def read_markdown_cells(chapter: Path) -> list[dict]:
    """Return a chapter's Markdown cells."""
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "markdown"]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_every_source_is_in_the_bibliography(chapter: Path) -> None:
    bibliography = (BOOK / "references.bib").read_text(encoding="utf-8")
    text = "".join("".join(cell["source"]) for cell in read_markdown_cells(chapter))
    reading = text.partition("## Further reading")[2]
    addresses = re.findall(r"\]\((https://[^)]+)\)", reading)
    sources = [re.sub(r"https://(doi\.org|arxiv\.org/abs)/", "", address) for address in addresses]
    # The pages of Keras's manual are no publications.
    assert [source for source in sources if source not in bibliography and "keras.io" not in source] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_instructors_have_a_plan_for_every_chapter(chapter: Path) -> None:
    title = read_markdown_cells(chapter)[0]["source"]
    question = "".join(title).splitlines()[0].removeprefix("# ")
    notes = (BOOK / "instructors.md").read_text(encoding="utf-8")
    section = notes.partition(f"## {int(chapter.name[:2])}. {question}\n")[2].partition("\n## ")[0]
    assert [part for part in ("**Plan.**", "**Stop**", "**Discuss.**", "**Expect.**") if part not in section] == []
    questions = section.partition("**Discuss.**")[2].partition("**Expect.**")[0].strip().split("\n- ")
    # Under each question, an answer in italics.
    assert [question for question in questions if not re.fullmatch(r"[^\n]+\n\n  \*[^*]+\*\s*", question)] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_the_landing_page_leads_to_every_chapter(chapter: Path) -> None:
    chapters = (BOOK / "index.md").read_text(encoding="utf-8").partition("\n## The chapters\n")[2].partition("\n## ")[0]
    assert f"]({chapter.name})" in chapters
