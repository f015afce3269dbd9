"""Questions that have moved to another chapter: a reader's answers go along, under names that are asked there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lessons_lib.exercises import topics

MOVED = Path(__file__).parents[3] / "book" / "_static" / "moved.js"
QUIZZES = {f"quiz:{topic}/{question['id']}" for topic in topics.names() for question in topics.quiz(topic)}
PREDICTIONS = {f"prediction:{topic}/{name}" for topic in topics.names() for name in topics.predictions(topic)}


@pytest.fixture(scope="module")
def moved():
    """Return pairs of a task's former name and its name of today."""
    code = f"import {{ TODAY }} from {json.dumps(MOVED.as_uri())}; console.log(JSON.stringify([...TODAY]))"
    command = [str(Path(sys.executable).with_name("deno")), "run", "--quiet", "--no-config", "--no-remote", "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, encoding="utf-8", check=True)
    return json.loads(done.stdout)


def test_each_question_that_has_moved_is_asked_under_its_name_of_today_and_no_longer_under_the_former(moved):
    assert moved
    assert {today for _, today in moved} <= QUIZZES | PREDICTIONS
    assert not {former for former, _ in moved} & (QUIZZES | PREDICTIONS)
