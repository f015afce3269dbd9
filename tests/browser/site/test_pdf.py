"""The course as one PDF: all pages, tagged, with an outline and numbers, and the solutions at the end."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Page as Sheet
from pikepdf import Pdf, parse_content_stream
from playwright.sync_api import Browser, Page

# A page with a quiz and exercises of its own, and two chapters with bars, drawn digits and exercises in code.
CHOSEN = ("mathematics", "flattening", "cnn")
# The operators of PDF that put a text, a picture or a shape on a page.
PAINT = {"Tj", "TJ", "Do", "f", "f*", "S"}
# What in a figure has a colour of its own that Chromium would not print.
FIND_LOST_INK = """() => [...document.querySelectorAll("[data-explorable] *")]
  .filter((element) => element.checkVisibility() && !element.matches("button, select, input"))
  .filter((element) => {
    const { backgroundColor, backgroundImage, printColorAdjust } = getComputedStyle(element);
    const drawn = backgroundImage !== "none" || !/rgba\\(.*, 0\\)/.test(backgroundColor);
    return drawn && printColorAdjust !== "exact";
  })
  .map((element) => `${element.closest("[data-explorable]").dataset.explorable}: ${element.className}`)"""
# How much height each exercise leaves below its question, in CSS pixels.
MEASURE_ROOM = """() => [...document.querySelectorAll(".exercise.admonition")].map((exercise) => {
  const after = [];
  for (let e = exercise.nextElementSibling; e && !e.matches(".solution-page"); e = e.nextElementSibling) after.push(e);
  return after.reduce((sum, e) => sum + e.getBoundingClientRect().height, 0);
})"""


@pytest.fixture(scope="module")
def tools(root: Path) -> Any:
    """Give the module of tools/ that prints."""
    sys.path.append(str(root / "tools"))
    return importlib.import_module("pdf")


@pytest.fixture(scope="module")
def whole(tools: Any, site: Path) -> str:
    """Give the document with all pages."""
    return str(tools.join(site))


@pytest.fixture(scope="module")
def document(tools: Any, whole: str, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Give the document with all pages, in a browser, as it will be printed."""
    path = tmp_path_factory.mktemp("paper") / "course.html"
    path.write_text(whole, encoding="utf-8")
    page = tools.open_document(browser, path)
    page.emulate_media(media="print")
    yield page
    page.close()


@pytest.fixture(scope="module")
def files(tools: Any, site: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give the chosen pages as PDF, by the size of the sheets."""
    paths = tools.print_course(browser, site, tmp_path_factory.mktemp("pdf"), CHOSEN)
    return dict(zip(tools.SIZES, paths, strict=True))


def test_every_page_for_paper_is_in_the_document(whole: str, site: Path) -> None:
    pages = {re.sub(r"^\d+[a-z]?_", "", path.stem) for path in (site / "book").glob("*.html")}
    assert set(re.findall(r'<article[^>]* id="([^"]+)"', whole)) == pages - {"api", "review", "intuition"} | {
        "solutions"
    }


def test_links_lead_to_one_place_of_the_document(whole: str) -> None:
    names = re.findall(r'\sid="([^"]+)"', whole)
    assert sorted(names) == sorted(set(names))
    assert set(re.findall(r'href="#([^"]*)"', whole)) <= {*names}
    assert not re.findall(r'href="(?!#|https?:|file:)[^"]*"', whole)


def test_every_exercise_has_a_solution_at_the_end_and_no_other(whole: str) -> None:
    before, after = whole.split('id="solutions"')
    exercises = re.findall(r'class="exercise admonition" id="([^"]+)"', before)
    assert exercises
    assert re.findall(r'<section id="solution-([^"]+)"', after) == exercises
    assert "Show the solution" not in whole
    assert after.count("<h3>Quiz</h3>") == before.count('data-explorable="quiz"')


def test_every_figure_starts_and_keeps_its_ink_without_grounds(document: Page) -> None:
    assert document.locator("[data-explorable]:not(.mounted)").count() == 0
    assert document.evaluate(FIND_LOST_INK) == []


def test_exercises_have_room_for_an_answer(document: Page) -> None:
    rooms = document.evaluate(MEASURE_ROOM)
    assert rooms
    assert min(rooms) > 130


def test_nothing_that_only_a_screen_can_use_is_printed(document: Page) -> None:
    for control in (
        # The lines to order are read on paper, and so are ZeroShot's classes with their images.
        "button:not(.lx-press, .lx-classes button)",
        "input[type=range]",
        ".lx-controls",
        ".headerlink",
        "summary:has(+ .cell_input)",
    ):
        assert document.locator(control).locator("visible=true").count() == 0, control


def test_pdf_is_tagged_and_its_outline_has_every_page(files: dict[str, Path]) -> None:
    with Pdf.open(files["a4"]) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.Root.StructTreeRoot.K) > 0
        assert str(pdf.Root.Lang) == "en"
        with pdf.open_outline() as outline:
            titles = [str(item.title) for item in outline.root]
            sections = [len(item.children) for item in outline.root]
    assert titles == [
        "From ANNs to CNNs",
        "Contents",
        "About this course",
        "Mathematics you need",
        "3. What does flattening throw away?",
        "8. How do the pieces make a CNN?",
        "Solutions",
    ]
    assert min(sections[2:]) >= 3


def test_sheets_have_their_size_and_none_is_blank(files: dict[str, Path]) -> None:
    for path, (width, height) in ((files["a4"], (595, 842)), (files["letter"], (612, 792))):
        with Pdf.open(path) as pdf:
            for number, sheet in enumerate(pdf.pages, 1):
                assert [round(float(length)) for length in sheet.mediabox[2:]] == [width, height]
                # Two of them are the heading and the number of the page.
                assert count_paint(sheet) > 3, number


def count_paint(sheet: Sheet) -> int:
    """Return how often something is painted on a page of a PDF."""
    return sum(str(instruction.operator) in PAINT for instruction in parse_content_stream(sheet))


def test_contents_name_the_pages(tools: Any, files: dict[str, Path]) -> None:
    numbers = tools.page_numbers(files["letter"])
    assert numbers["index"] == 3
    assert numbers["mathematics"] < numbers["flattening"] < numbers["cnn"] < numbers["solutions"]
    solutions = [number for name, number in numbers.items() if name.startswith("solution-")]
    assert solutions
    assert min(solutions) >= numbers["solutions"]


def test_a_heading_is_found_whatever_its_second_line_has_become(tools: Any) -> None:
    headings = ["Chapter 15: What comes next?", "Chapter 1", "What\n  comes"]
    for title in ("Chapter 15: Whatcomes next?", "Chapter 15: What comesnext?comes next?"):
        assert tools.find_heading(title, headings) == "Chapter 15: What comes next?"
    assert tools.find_heading("What comes", headings) == "What comes"
    with pytest.raises(ValueError, match="must begin with a heading of the course"):
        tools.find_heading("Elsewhere", headings)
