"""What belongs to each chapter beside it: its sources, a plan for instructors, a line on the landing page, a name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from pkgutil import iter_modules

import pytest
import yaml

import lessons_lib
from lessons_lib import exercises

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
TOPICS = ROOT / "lessons_lib" / "exercises" / "topics"
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
    section = (TOPICS / chapter.stem.partition("_")[2] / "instructors.md").read_text(encoding="utf-8")
    assert [part for part in ("**Plan.**", "**Stop**", "**Discuss.**", "**Expect.**") if part not in section] == []
    questions = section.partition("**Discuss.**")[2].partition("**Expect.**")[0].strip().split("\n- ")
    # Under each question, an answer in italics.
    assert [question for question in questions if not re.fullmatch(r"[^\n]+\n\n  \*[^*]+\*\s*", question)] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_every_chapter_has_a_line_for_the_landing_page(chapter: Path) -> None:
    summary = json.loads(chapter.read_text(encoding="utf-8"))["metadata"]["summary"]
    assert re.fullmatch(r"[A-Z].{20,110}\.", summary)


def read_titles() -> list[tuple[str, str]]:
    """Return the path of each page without its ending, and the title that the menu shows."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    return [(page["file"], page["title"]) for part in parts for page in part["chapters"]]


@pytest.mark.parametrize(("page", "title"), read_titles())
def test_the_menu_has_the_name_of_a_page_and_the_question_of_its_heading(page: str, title: str) -> None:
    notebook, text = ROOT / f"{page}.ipynb", ROOT / f"{page}.md"
    source = "".join(read_markdown_cells(notebook)[0]["source"]) if notebook.is_file() else text.read_text("utf-8")
    heading = next(line for line in source.splitlines() if line.startswith("# ")).removeprefix("# ")
    name, _, question = title.partition(" · ")
    assert (question or name).casefold() in heading.casefold()
    if notebook.is_file():
        number = notebook.stem.partition("_")[0].lstrip("0")
        assert name.startswith(f"{number}. ")
        assert question
    elif question:
        assert f"\n\n**{name}**\n\n" in source


def test_the_hours_of_a_chapter_are_those_that_the_chapters_say() -> None:
    howto = (BOOK / "howto.md").read_text(encoding="utf-8")
    assert "A chapter takes one to two hours" in howto
    for chapter in CHAPTERS:
        opening = "".join(read_markdown_cells(chapter)[0]["source"])
        said = re.search(r"\*\*It takes\*\*\s+about\s+(\d+)\s+minutes", opening)
        assert said, chapter.stem
        assert 60 <= int(said[1]) <= 120, chapter.stem


def test_shortcuts_lead_to_the_meaning_that_their_chapter_has() -> None:
    glossary = (BOOK / "glossary.md").read_text(encoding="utf-8")
    entries = {form: entry for entry in glossary.split("\n\n") for form in entry.split("\n  ")[0].splitlines()}
    assert "08_cnn.ipynb" in entries["shortcuts"]
    assert entries["shortcuts"] == entries["residual connection"]
    assert "09_comparison.ipynb" in entries["shortcut learning"]


def test_the_reference_has_every_public_module_and_all_that_asks() -> None:
    reference = (BOOK / "api.md").read_text(encoding="utf-8")
    modules = {module.name for module in iter_modules(lessons_lib.__path__) if not module.name.startswith("_")}
    assert {name for name in modules if f".. automodule:: lessons_lib.{name}\n" not in reference} == set()
    asking = {name for name in exercises.__all__ if name[0].isupper()} - {"Checks"}
    assert {name for name in asking if f".. autoclass:: lessons_lib.exercises.{name}\n" not in reference} == set()
