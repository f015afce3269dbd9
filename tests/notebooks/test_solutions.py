"""The cells with solutions pass, and do not explain an exercise that the reader has not answered yet."""

import json
from pathlib import Path

import pytest

from lessons_lib.exercises import topics

CHAPTERS = sorted((Path(__file__).parents[2] / "book").glob("[0-9][0-9]_*.ipynb"))


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
    topic = path.stem[3:]
    sources = ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    assert f'Quiz.of("{topic}")' in sources
    for name in json.loads((topics.HERE / topic / "exercises.json").read_text(encoding="utf-8")):
        assert any(f":label: exercise-{name.replace('_', '-')}\n" in source for source in sources), name
