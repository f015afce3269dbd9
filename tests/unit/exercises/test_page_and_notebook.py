"""The page and the notebook judge alike: the same answers are put to both, in Python and in JavaScript."""

import json
from pathlib import Path

import numpy as np
import pytest

from lessons_lib.exercises import Check, Exercise, topics

ANSWERS = json.loads(Path(__file__).with_name("answers.json").read_text(encoding="utf-8"))
NUMBERS = {name: entry for name, entry in topics.exercises().items() if entry["kind"] == "number"}
QUESTIONS = [q for topic in topics.names() for q in topics.quiz(topic) if q["kind"] == "number"]
# The rule's edges, for each number that an exercise knows.
EDGES = [
    (name, value + step, key)
    for name, entry in NUMBERS.items()
    for key, value in [("right", entry["answer"]), *((near["key"], near["value"]) for near in entry["near"])]
    for step in (0, 9e-7, -9e-7)
]
TWO_READINGS = {
    "1,000": (1000, 1),
    "1,217": (1217, 1.217),
    "-10,523": (-10523, -10.523),
    "１，０００": (1000, 1),
    "80 %": (80, 0.8),
    "1.217": (1217, 1.217),
    "10½ %": (10.5, 0.105),
}
FRACTIONS = {"4/10": 0.4, "½": 0.5, "− 3 / 4": -0.75, "1/1.6": 0.625, "4½": 4.5, "-2 3/4": -2.75, "0 %": 0, "0/5 %": 0}
NO_NUMBER = [
    "1,2,3",
    "0x10",
    "--1",
    "-",
    ",",
    "1e",
    "13 14",
    "1,23,456",
    "1 000 00",
    "٣x",
    "1/0",
    "1/2/3",
    "/2",
    "5 %%",
    "1,000/2",
    "10²",
    "2³",
    "①",
]


@pytest.fixture
def page_keys(in_javascript):
    """Give a function that returns the keys that the page finds for (exercise, typed text) pairs."""

    def page_keys(answers):
        entries = [[NUMBERS[name], text] for name, text in answers]
        return in_javascript("argument.map(([entry, text]) => answers.judgeNumber(entry, text).key)", entries)

    return page_keys


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: f"{answer['exercise']}: {answer['typed']!r}")
def test_the_notebook_judges_the_table(answer):
    value = float(answer["value"]) if answer["value"] in ("NaN", "Infinity") else answer["value"]
    assert Check(answer["exercise"]).judge(value).key == answer["key"]


def test_the_page_judges_the_table(page_keys):
    found = page_keys([(answer["exercise"], answer["typed"]) for answer in ANSWERS])
    assert found == [answer["key"] for answer in ANSWERS]


def test_both_agree_at_the_edges_of_the_tolerance(page_keys):
    notebook = [Check(name).judge(value).key for name, value, _ in EDGES]
    assert notebook == page_keys([(name, repr(value)) for name, value, _ in EDGES]) == [key for _, _, key in EDGES]


def test_a_question_of_a_quiz_is_judged_by_the_same_rule(in_javascript):
    typed = [
        [question, str(value).replace(".", ","), why]
        for question in QUESTIONS
        for value, why in [(question["answer"], None), *((near["value"], near["why"]) for near in question["near"])]
    ]
    found = in_javascript("argument.map(([entry, text]) => answers.judgeNumber(entry, text))", typed)
    assert [finding.get("why") for finding in found] == [why for *_, why in typed]
    assert [finding["key"] for finding in found] == ["near" if why else "right" for *_, why in typed]


def test_what_has_two_readings_is_told_so(in_javascript):
    whole = "{answer: 1000, near: []}"
    found = in_javascript(
        f"argument.map((text) => [answers.readings(text, true), answers.judgeNumber({whole}, text).key])",
        list(TWO_READINGS),
    )
    assert [(tuple(readings), key) for readings, key in found] == [
        (two, "two_readings") for two in TWO_READINGS.values()
    ]


def test_a_fraction_is_the_number_that_it_comes_to(in_javascript):
    found = in_javascript("argument.map((text) => answers.readings(text))", list(FRACTIONS))
    assert found == [[number] for number in FRACTIONS.values()]


def test_what_is_no_number_is_not_read(in_javascript):
    assert in_javascript("argument.map((text) => answers.readings(text).length)", NO_NUMBER) == [0] * len(NO_NUMBER)


def test_kernels_are_judged_alike(in_javascript):
    rng = np.random.default_rng(0)
    kernels = [
        np.zeros((3, 3)),
        *(rng.integers(-2, 3, (3, 3)) * 10.0**power for power in (-4, 0, 0, 3) for _ in range(50)),
    ]
    kernels += [factor * np.array([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]]) for factor in (1e-4, 0.01, 1, 1e5)]
    notebook = [Check("diagonal_kernel").judge(kernel).key for kernel in kernels]
    assert {"right", "flat", "opposite", "silent", "all_zero"} <= set(notebook)
    entry = topics.exercises()["diagonal_kernel"]
    page = in_javascript(
        "argument[1].map((weights) => exercise.judgeKernel(argument[0], weights).key)",
        [entry, [kernel.tolist() for kernel in kernels]],
    )
    assert page == notebook


def test_an_answer_of_the_wrong_kind_has_words_of_its_own():
    assert {"not_a_number", "two_readings"} <= set(topics.common_words()["unusable"])


def test_a_page_holds_no_words_of_functions():
    assert not {"functions", "raised_hints", "order"} & set(Exercise.spec("map_size")["common"])
