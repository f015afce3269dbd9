"""The main way through the course in Firefox and in WebKit, from a server and from the folder of an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lessons_lib.exercises import topics

CHAPTER = "book/04_convolution.html"
FIGURE = "[data-explorable=convolution]"
EXERCISE = "[data-tasks='exercise:map_size']"
QUESTION = "[data-explorable=quiz] .lx-question:nth-of-type(2)"
READ = "article > .lx-progress-done input"
SIDEWAYS = """() => [...document.querySelectorAll("html, .bd-sidebar-primary, .bd-sidebar-secondary")]
  .filter((e) => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX !== "hidden")
  .map((e) => `${e.tagName}.${e.className}: ${e.scrollWidth} px in ${e.clientWidth}`)"""


@pytest.fixture(scope="module", params=["server", "folder"])
def base(request: pytest.FixtureRequest, watched: Path, course: str) -> str:
    """Give the address of the course on a server, or that of its folder."""
    return course if request.param == "server" else f"{watched.as_uri()}/"


def test_figures_start_and_nothing_goes_wrong(reader: Any, base: str, page_path: str, start_figures: str) -> None:
    reader.open(base + page_path)
    assert reader.run(start_figures) == []
    assert reader.run(SIDEWAYS) == []
    assert reader.problems == []


def test_figure_is_worked_by_keyboard(reader: Any, base: str) -> None:
    reader.open(base + CHAPTER)
    reader.press(f"{FIGURE} button", "Enter", text="Empty it")
    reader.press(f"{FIGURE} button", "Enter", "Enter", "Space", text="Step")
    reader.sees(f"{FIGURE} output.sentence", "Row 0, column 3 of the map")
    reader.press(":focus", "Tab", "Enter")
    reader.sees(":focus", "Back")
    reader.sees(f"{FIGURE} output.sentence", "Row 0, column 2 of the map")
    reader.press(f"{FIGURE} [aria-label^='Feature map'] [tabindex='0']", "ArrowDown", "ArrowRight")
    reader.sees(f"{FIGURE} output.sentence", "Row 1, column 3 of the map")
    assert reader.problems == []


def test_trained_network_answers(reader: Any, base: str) -> None:
    reader.open(base + "book/08_cnn.html")
    reader.come_to("[data-explorable=drawdigit]")
    reader.press("[data-explorable=drawdigit] button", "Enter", text="A real digit")
    reader.sees("[data-explorable=drawdigit] output.sentence", "The network says 0")
    assert reader.problems == []


def test_answers_are_judged_and_progress_survives_a_reload(reader: Any, base: str) -> None:
    reader.open(base + CHAPTER)
    reader.run("() => localStorage.clear()")
    reader.reload()
    reader.come_to("#exercise-map-size")
    reader.press(f"{EXERCISE} input", *str(topics.exercises()["map_size"]["answer"]), "Enter")
    reader.sees(f"{EXERCISE} .lx-reply", "Right")
    reader.come_to("[data-explorable=quiz]")
    # The first answer of the question is chosen, and an arrow chooses the second one, which is right.
    reader.press(f"{QUESTION} input", "Space", "ArrowDown", "Enter")
    reader.sees(f"{QUESTION} .lx-reply", "Right")
    reader.press(READ, "Space")
    reader.sees(".bd-links .current", "✓ 2/")
    reader.reload()
    reader.sees(".bd-links .current", "✓ 2/")
    assert reader.run("(read) => document.querySelector(read).checked", READ)
    assert reader.problems == []


def test_word_opens_its_meaning(reader: Any, base: str) -> None:
    reader.open(base + CHAPTER)
    # Before the page's script has come to the word, it is a link to the glossary and nothing more.
    reader.press("article a.term[aria-expanded]", "Enter", text="kernel")
    reader.sees("[role=dialog]:popover-open strong", "kernel")
    assert reader.problems == []


def test_search_finds_a_page(reader: Any, base: str) -> None:
    reader.open(base + "search.html?q=flattening")
    reader.press("#search-results li a", "Enter")
    reader.sees("h1", "flattening")
    assert reader.problems == []
