"""A chapter asks what its topic holds; its solutions pass without explaining; the words quote the chapter rightly."""

import json
import re
from pathlib import Path

import pytest

from lessons_lib.exercises import schema, topics
from lessons_lib.exercises.prediction import without_sources

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("*.ipynb"))


def one_line(text):
    return " ".join(text.split())


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_solutions_pass_without_an_explanation(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    solutions = [cell for cell in cells if "".join(cell["source"]).startswith("# Solution")]
    assert solutions
    for cell in solutions:
        shown = one_line("".join("".join(output.get("text", "")) for output in cell["outputs"]))
        assert shown == f"✓ {topics.common_words()['confirmed']}", cell["id"]
        assert not any(one_line(topics.reason(name)) in shown for name in topics.exercises())


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_asks_the_quiz_and_the_exercises_of_its_topic(path):
    topic = path.stem.partition("_")[2]
    sources = ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    assert f'Quiz.of("{topic}")' in sources
    for name in json.loads((topics.HERE / topic / "exercises.json").read_text(encoding="utf-8")):
        assert any(f":label: exercise-{name.replace('_', '-')}\n" in source for source in sources), name


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_lines_to_order_stand_above_what_is_said_of_an_answer_to_come(path):
    topic = json.loads((topics.HERE / path.stem.partition("_")[2] / "exercises.json").read_text(encoding="utf-8"))
    found = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        figure, *others = cell.get("outputs", []) or [{}]
        if "".join(others[0].get("text", "") if others else "").startswith("→ Your turn"):
            found.append("".join(figure["data"]["text/plain"]))
    assert sorted(found) == sorted(f"Exercise('{name}')" for name, entry in topic.items() if "order" in entry)


NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+\.\d+|\d{2,}(?![\d.]))")
FACTS = {"256"}  # the number of values of a byte


def texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_in(part)


def shown_in(path):
    """Give the text of a Markdown page, or the source of a chapter's cells and the text that they show."""
    if path.suffix == ".md":
        yield path.read_text(encoding="utf-8")
        return
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        yield "".join(cell["source"])
        for output in cell.get("outputs", []):
            yield "".join(output.get("text", []))
            yield "".join(output.get("data", {}).get("text/plain", []))


def own_numbers(entry):
    """Give the numbers that a question or an exercise itself is about."""
    yield from NUMBER.findall(
        " ".join([entry.get("ask", ""), *(option["text"] for option in entry.get("options", []))])
    )
    known = [near[key] for near in entry.get("near", []) for key in ("value", "from", "to") if key in near]
    for value in [entry.get("answer"), *known, *entry.get("values", [])]:
        yield from (str(value), f"{value:,}") if value is not None else ()


def said_in_predictions(topic):
    """Return the predictions of a topic without what names the printed text."""
    return {name: without_sources(entry) for name, entry in topics.predictions(topic).items()}


@pytest.mark.parametrize("topic", topics.names())
def test_the_numbers_in_the_words_stand_on_the_page(topic):
    path = next(BOOK.glob(f"*_{topic}.ipynb"), BOOK / f"{topic}.md")
    known = FACTS | {number for text in shown_in(path) for number in NUMBER.findall(text)}
    entries = dict(schema.read(topics.HERE / topic / "exercises.json", "exercises"))
    entries |= {question["id"]: question for question in topics.quiz(topic)} | said_in_predictions(topic)
    for name, entry in entries.items():
        said = {number for text in texts_in(entry) for number in NUMBER.findall(text)}
        assert said <= known | set(own_numbers(entry)), name
