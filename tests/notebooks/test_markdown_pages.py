"""The Markdown pages of the book: their examples run, and a page of a topic asks what the topic holds."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from lessons_lib.exercises import schema, topics

BOOK = Path(__file__).parents[2] / "book"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(BOOK.glob("*.md"))}
TOPICS = [topic for topic in topics.names() if topic in PAGES]
CHAPTERS = {path.stem.partition("_")[2] for path in BOOK.glob("*.ipynb")}
EXAMPLE = re.compile(r"^```python\n(>>>.*?)^```$", re.MULTILINE | re.DOTALL)
EXERCISE = re.compile(
    r":::\{exercise\} [^\n]+\n:label: exercise-([\w-]+)\n:nonumber:\n.*?^:::\n\n"
    r"^```\{answer\} (\w+)\n```\n\n:::\{dropdown\} Show the solution\n(.*?)^:::",
    re.MULTILINE | re.DOTALL,
)
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def headings(text: str) -> list[str]:
    """Return the headings of a page's sections."""
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def test_every_topic_has_one_page() -> None:
    assert sorted([*CHAPTERS, *TOPICS]) == topics.names()


@pytest.mark.parametrize("page", PAGES)
def test_examples_give_what_the_page_says(page: str) -> None:
    examples = "\n".join(EXAMPLE.findall(PAGES[page]))
    assert PAGES[page].count(">>> ") == examples.count(">>> ")
    told: list[str] = []
    test = doctest.DocTestParser().get_doctest(examples, {}, page, page, 0)
    doctest.DocTestRunner(verbose=False).run(test, out=told.append)
    assert told == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_asks_the_quiz_and_the_exercises_of_its_topic(topic: str) -> None:
    assert f"```{{quiz}} {topic}\n" in PAGES[topic]
    asked = EXERCISE.findall(PAGES[topic])
    assert [label.replace("-", "_") for label, _, _ in asked] == [name for _, name, _ in asked]
    assert [name for _, name, _ in asked] == list(schema.read(topics.HERE / topic / "exercises.json", "exercises"))


@pytest.mark.parametrize("topic", TOPICS)
def test_solutions_name_the_right_number(topic: str) -> None:
    for _, name, solution in EXERCISE.findall(PAGES[topic]):
        entry = topics.exercises()[name]
        assert entry["kind"] == "number"
        assert str(entry["answer"]) in NUMBER.findall(solution.replace("−", "-")), name


@pytest.mark.parametrize("topic", topics.names())
def test_sections_that_a_quiz_recommends_stand_on_its_page_in_their_order(topic: str) -> None:
    sections = [question["section"] for question in topics.quiz(topic) if "section" in question]
    found = headings(PAGES.get(topic, ""))
    assert sections == [heading for heading in found if heading in sections]
    # A placement test misses none: its page begins with it.
    assert sections == found[1:] or not sections


def test_every_picture_stands_on_a_page() -> None:
    shown = {name for text in PAGES.values() for name in re.findall(r"!\[[^\]]{20,}\]\((pictures/[^)]+)\)", text)}
    assert shown == {path.relative_to(BOOK).as_posix() for path in (BOOK / "pictures").iterdir()}
