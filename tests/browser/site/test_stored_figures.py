"""The figures, quizzes, exercises and predictions that pages store: Python accepts the state of each."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from lessons_lib import explorables
from lessons_lib.exercises import Exercise, Prediction, Quiz
from lessons_lib.explorables.base import Explorable

FIGURES = {name.lower(): getattr(explorables, name) for name in explorables.__all__}
ASKED = {"exercise": Exercise, "prediction": Prediction}
STORED = re.compile(r'data-explorable="(\w+)".*?<script type="application/json">(.*?)</script>', re.DOTALL)


def make_again(name: str, state: dict[str, Any]) -> Explorable:
    """Make the explorable whose state a page stores: a quiz from its topic, what asks from its name."""
    if name == "quiz":
        return Quiz.of(state["name"])
    if name in ASKED:
        return ASKED[name](state["name"])
    figure = FIGURES[name]
    return figure(**{key: value for key, value in state.items() if not figure.class_traits()[key].read_only})


def test_every_stored_state_of_the_course_is_one_that_python_accepts(site: Path, page_path: str) -> None:
    for name, stored in STORED.findall((site / page_path).read_text(encoding="utf-8")):
        state = json.loads(stored)
        if name in ("intuition", "review"):  # the page itself makes them
            assert len(state) == 1
            continue
        assert make_again(name, state).state == state


def test_the_landing_page_has_a_figure(site: Path) -> None:
    assert 'data-explorable="convolution"' in (site / "book/index.html").read_text(encoding="utf-8")
