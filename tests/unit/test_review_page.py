"""The directive of the review: all that can be asked again is on the page, with its text, and nothing else is."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

from lessons_lib.exercises import schema, topics

BOOK = Path(__file__).parents[2] / "book"
CELL = """Before.

:::{exercise} A title with `code`
:label: exercise-one-kernel
:nonumber:

The first line,
and $x^2$.

A second paragraph.
:::

:::{admonition} Another
Not this.
:::
"""


@pytest.fixture
def review_page(monkeypatch):
    """Import the extension as Sphinx does."""
    monkeypatch.syspath_prepend(str(BOOK / "_ext"))
    return importlib.import_module("review_page")


@pytest.fixture
def entry(monkeypatch):
    """Give a function that makes an entry of _toc.yml."""
    monkeypatch.syspath_prepend(str(BOOK / "_ext"))
    return importlib.import_module("contents").read_title


def test_the_text_of_an_exercise_is_read_from_its_page(review_page, tmp_path):
    (tmp_path / "page.md").write_text(CELL, encoding="utf-8")
    texts = review_page.read_texts(tmp_path / "page.md")
    body = "The first line,\nand $x^2$.\n\nA second paragraph.\n"
    assert texts == {"one_kernel": ("A title with `code`", body)}


def test_a_notebook_is_read_without_its_code(review_page):
    markdown = review_page.read_markdown(BOOK / "05_relu.ipynb")
    assert ":::{exercise}" in markdown
    assert "from lessons_lib.exercises import" not in markdown
    assert "one_kernel" in review_page.read_texts(BOOK / "05_relu.ipynb")


def test_an_exercise_with_a_number_becomes_a_question(review_page):
    own = topics.exercises()["one_kernel"]
    question = review_page.to_question(own, "Three kernels in one")
    assert question["ask"] == "Three kernels in one"
    assert (question["answer"], question["near"], question["draw"]) == (own["answer"], own["near"], own["draw"])
    assert question["why"].startswith("The first kernel has 5 rows")
    assert question["otherwise"] == topics.common_words()["wrong"]["otherwise"]
    assert "hints" not in question


def test_an_exercise_with_a_choice_becomes_a_question(review_page):
    question = review_page.to_question(topics.exercises()["which_collapses"], "Which?")
    assert set(question) == {"ask", "kind", "label", "options"}


def find_pages():
    """Yield each topic with its page."""
    for path in sorted(BOOK.glob("*")):
        topic = path.stem.partition("_")[2] or path.stem
        if topic in topics.names() and path.suffix in (".ipynb", ".md"):
            yield pytest.param(path, topic, id=topic)


PAGES = list(find_pages())


@pytest.mark.parametrize(("path", "topic"), PAGES)
def test_everything_of_a_topic_that_can_be_asked_is_asked(review_page, entry, path, topic):
    number = path.stem.partition("_")[0].lstrip("0") if path.suffix == ".ipynb" else ""
    title = f"{number}. Plain name · A question?" if number else "Plain name"
    found = dict(review_page.find_questions(entry(f"book/{path.stem}", title), review_page.read_texts(path)))
    exercises = [name for name, one in topics.exercises_of(topic).items() if one["kind"] in ("number", "one")]
    quiz = [question["id"] for question in topics.quiz(topic)]
    assert list(found) == [f"quiz:{topic}/{name}" for name in quiz] + [f"exercise:{name}" for name in exercises]
    assert {one["topic"] for one in found.values()} == {topic}
    assert {one["chapter"] for one in found.values()} == {f"{number}. Plain name" if number else "Plain name"}
    assert all(one["href"].startswith(f"{path.stem}.html") for one in found.values())
    orders = [one["question"] for one in found.values() if one["question"]["kind"] == "order"]
    assert all("shown" in question for question in orders)


def test_the_data_are_not_read_by_chance(review_page):
    data = {"why": "An answer <b>", "misconceptions": {}}
    state = review_page.to_state(data)
    assert "answer" not in state
    assert "<" not in state
    assert json.loads(json.loads(state)["turned"][::-1]) == data


@pytest.mark.parametrize(("path", "topic"), [page for page in PAGES if page.values[0].suffix == ".ipynb"])
def test_the_page_knows_the_section_of_every_prediction(review_page, entry, path, topic):
    found = dict(review_page.find_predictions(entry(f"book/{path.stem}", "6. Plain name"), path))
    assert set(found) == {f"prediction:{name}" for name in topics.predictions(topic)}
    assert {(one["topic"], one["chapter"]) for one in found.values()} == {(topic, "6. Plain name")}
    assert all(re.fullmatch(rf"{path.stem}\.html#[a-z][a-z0-9-]+", one["href"]) for one in found.values())


def test_every_topic_has_a_page():
    assert {param.values[1] for param in PAGES} == set(topics.names())


def test_the_rule_is_printed_as_it_is_kept():
    schedule = (BOOK / "_static" / "schedule.js").read_text(encoding="utf-8")
    gaps = json.loads(re.search(r"GAPS = (\[.*?\])", schedule)[1])
    assert gaps == [1, 3, 7, 16, 35]
    rule = re.search(r"\*\*Growing gaps\.\*\*(.*?)\n\n", (BOOK / "review.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    assert [int(number) for number in re.findall(r"\d+", rule)] == gaps
    assert "AT_A_TIME = 10;" in schedule


def test_each_misconception_is_a_sentence():
    for sentence in schema.misconceptions().values():
        assert re.fullmatch(r"[A-Z].{10,90}\.", sentence), sentence
