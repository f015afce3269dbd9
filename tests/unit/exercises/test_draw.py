"""Numbers that are drawn anew: the page and Python compute the same question for the same values."""

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib import counting
from lessons_lib.exercises import draw, topics
from lessons_lib.explorables.base import STATIC

DRAWN = {name: entry for name, entry in topics.exercises().items() if "draw" in entry}


def in_javascript(expression, argument):
    """Return what an expression of the module `draw`, and of `argument`, gives in Deno."""
    code = f"import * as draw from {json.dumps((STATIC / 'draw.js').as_uri())};"
    code += f"const argument = {json.dumps(argument)}; console.log(JSON.stringify({expression}))"
    command = [str(Path(sys.executable).with_name("deno")), "run", "--quiet", "--no-config", "--no-remote", "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def all_values(entry):
    names, lists = zip(*entry["draw"]["values"].items(), strict=True)
    return [dict(zip(names, values, strict=True)) for values in itertools.product(*lists)]


def test_six_exercises_or_more_have_new_numbers():
    assert len(DRAWN) >= 6


@pytest.mark.parametrize("name", DRAWN)
def test_the_page_asks_what_python_asks(name):
    entry = DRAWN[name]
    pages = in_javascript("argument[1].map((values) => draw.drawn(argument[0], values))", [entry, all_values(entry)])
    assert pages == [draw.drawn(entry, values) for values in all_values(entry)]


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_names_a_number_of_the_printed_exercise(name):
    entry = DRAWN[name]
    for values in all_values(entry):
        question = draw.drawn(entry, values)
        texts = [question["ask"], question["why"], *(near["why"] for near in question["near"])]
        assert not any(re.search(r"\{\w+\}", text) for text in texts)
    printed = {str(number) for number in entry["draw"]["printed"].values() if number > 9}
    own = [near["why"] for near in entry["near"] if near["key"] in entry["draw"]["near"]]
    told = [entry["draw"]["words"].get(near["key"], near["why"]) for near in entry["near"]]
    assert not printed & set(re.findall(r"\d+", " ".join(told))), own


@pytest.mark.parametrize("name", DRAWN)
def test_there_are_numbers_that_no_misconception_gets_right(name):
    questions = [draw.drawn(DRAWN[name], values) for values in all_values(DRAWN[name])]
    telling = [q for q in questions if q["answer"] not in [near["value"] for near in q["near"]]]
    assert len(telling) >= len(questions) / 3


def test_the_formulas_are_those_of_the_library():
    for values in all_values(DRAWN["map_size"]):
        size = counting.output_size(values["size"], values["kernel"], strides=values["strides"])
        assert draw.drawn(DRAWN["map_size"], values)["answer"] == size
    for values in all_values(DRAWN["pooled_size"]):
        size = values["size"]
        for kernel, strides in ((3, 1), (2, 2), (3, 1), (3, 2)):
            size = counting.output_size(size, kernel, strides=strides)
        assert draw.drawn(DRAWN["pooled_size"], values)["answer"] == size


def formulas():
    names = st.sampled_from(["a", "b", "c"])
    leaves = names | st.integers(0, 99).map(str) | st.sampled_from(["0.5", "2.25"])
    return st.recursive(
        leaves,
        lambda part: st.one_of(
            st.tuples(part, st.sampled_from(["+", "-", "*", " - ", " * "]), part).map("".join),
            part.map(lambda inner: f"({inner})"),
            part.map(lambda inner: f"-({inner})"),
            st.tuples(st.sampled_from(["floor", "ceil"]), part).map(lambda pair: f"{pair[0]}({pair[1]} / 4)"),
        ),
        max_leaves=8,
    )


@settings(max_examples=5, deadline=None)
@given(st.lists(formulas(), min_size=40, max_size=40))
def test_any_formula_gives_the_same_on_both_sides(texts):
    values = {"a": 7, "b": 3, "c": 2}
    page = in_javascript("argument[0].map((text) => draw.compute(text, argument[1]))", [texts, values])
    assert page == [pytest.approx(draw.compute(text, values), rel=1e-12) for text in texts]
