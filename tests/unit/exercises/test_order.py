"""The lines to put in order: what the page says of an order by its shape is what running it says."""

import json
import random
import re
from itertools import pairwise, permutations

import pytest

from lessons_lib import data, keras
from lessons_lib.exercises import Check, Exercise, check, order, topics, tutor
from lessons_lib.exercises.topics.cnn import judges as cnn_judges

TASKS = {name: entry for name, entry in topics.exercises().items() if "order" in entry}
QUICK = [name for name, entry in TASKS.items() if entry["kind"] in order.QUICK]
MANY = 300
"""How many of the broken orders are tried where there are more."""


def solution(name):
    return list(range(len(TASKS[name]["order"]["lines"])))


def distractors(name):
    first = len(solution(name))
    return range(first, first + len(TASKS[name]["order"]["distractors"]))


def replaced(name):
    """Give the solution with a distractor in the place of each of its lines, with the distractor."""
    for wrong in distractors(name):
        for place in solution(name):
            program = solution(name)
            program[place] = wrong
            yield wrong, program


def accepted(name):
    """Give all orders of the solution in which each line stands below those that it needs."""
    lines = order.spec(name)["lines"]

    def go_on(program):
        if len(program) == len(solution(name)):
            yield program
        for line in solution(name):
            if line not in program and set(lines[line]["after"]) <= set(program):
                yield from go_on([*program, line])

    return list(go_on([]))


def broken(name):
    """Give orders of the solution's lines that are not accepted: some of all, and those with two lines exchanged."""
    right = {tuple(program) for program in accepted(name)}
    size = len(solution(name))
    mixer = random.Random(name)
    some = list(permutations(range(size))) if size < 7 else [mixer.sample(range(size), size) for _ in range(MANY)]
    # What begins as the solution does comes nearest to running.
    some += [[*program[:-1][:place], program[place + 1], program[place], *program[place + 2 :]]
             for program in accepted(name) for place in range(size - 1)]  # fmt: skip
    found = {tuple(program) for program in some} - right
    return [list(program) for program in sorted(found)]


@pytest.fixture
def found_on_the_page(in_javascript):
    """Give a function that returns the keys that the page finds for orders of an exercise's lines."""

    def found_on_the_page(name, programs):
        found = in_javascript(
            "argument[1].map((program) => order.judgeOrder(argument[0], program).key)", [order.spec(name), programs]
        )
        assert len(found) == len(programs)
        return found

    return found_on_the_page


@pytest.mark.parametrize("name", QUICK)
def test_each_accepted_order_passes_when_it_is_run(found_on_the_page, name):
    programs = accepted(name)
    assert solution(name) in programs
    assert all(order.passes(name, program) for program in programs)
    assert found_on_the_page(name, programs) == ["right"] * len(programs)


@pytest.mark.parametrize("name", QUICK)
def test_each_broken_order_fails_when_it_is_run(found_on_the_page, name):
    programs = broken(name)
    assert programs
    assert [program for program in programs if order.passes(name, program)] == []
    assert set(found_on_the_page(name, programs)) == {"too_early"}


@pytest.mark.parametrize("name", QUICK)
def test_a_distractor_fails_wherever_it_stands_and_is_told_its_misconception(found_on_the_page, name):
    programs = [program for _, program in replaced(name)]
    assert [program for program in programs if order.passes(name, program)] == []
    assert set(found_on_the_page(name, programs)) == {"mistaken"}
    lines = TASKS[name]["order"]["distractors"]
    for wrong, line in zip(distractors(name), lines, strict=True):
        told = {Check(name).judge(order.assembled(name, program)).key for by, program in replaced(name) if by == wrong}
        # It runs in the place of one line at least; else it would be known by its failure alone.
        assert line.get("key", "otherwise_function") in told, line["code"]


@pytest.mark.parametrize("name", TASKS)
def test_a_line_too_many_or_too_few_costs_no_try(found_on_the_page, name):
    spec = order.spec(name)
    programs = [[], solution(name)[:-1], [*solution(name), distractors(name)[0]]]
    assert found_on_the_page(name, programs) == ["your_turn", "other_length", "other_length"]
    assert "other_length" in spec["common"]["unusable"]


@pytest.mark.parametrize("name", TASKS)
def test_the_lines_are_shown_mixed_and_their_replies_need_no_values(name):
    spec = order.spec(name)
    assert sorted(spec["shown"]) == [*solution(name), *distractors(name)] != spec["shown"]
    right = [line for line in spec["shown"] if line in solution(name)]
    assert any(before > after for before, after in pairwise(right))
    replies = [spec["lines"][wrong]["why"] for wrong in distractors(name)]
    assert all(replies)
    assert not any(re.search(r"\{\w+\}", reply) for reply in replies)


def test_what_the_page_says_names_the_lines(in_javascript):
    spec = order.spec("fold")
    found = in_javascript(
        "argument[1].map((program) => exercise.words(argument[0], order.judgeOrder(argument[0], program), 3))",
        [spec, [[0, 3, 1, 2], [0, 1, 6, 3], [0, 2, 1, 3], [0]]],
    )
    assert found == [
        ["Not yet: Line 2, `return W, b`, comes too early. `W = W1 @ W2` must stand above it."],
        [f"Not yet: Line 3, `b = b1 + b2`: {TASKS['fold']['wrong']['biases_added']}"],
        ["Right: these lines do what the exercise asks. Now write them yourself, without looking."],
        ["No answer yet: A solution takes 4 lines, and yours has 1."],
    ]


# ---- Models are trained: a few orders, an epoch each ----


def key_of_model(name, program, **names):
    """Return what the judge says of a model that the lines build."""
    return Check(name).judge(order.assembled(name, program, keras=keras, layers=keras.layers, **names)).key


def test_the_lines_of_a_small_network_keep_the_budget():
    assert accepted("budget") == [solution("budget")]
    assert key_of_model("budget", solution("budget")) == "right"
    for program in broken("budget"):
        assert order.assembled("budget", program, keras=keras) is None
    too_large, no_softmax = distractors("budget")
    told = {wrong: set() for wrong in (too_large, no_softmax)}
    for wrong, program in replaced("budget"):
        told[wrong].add(key_of_model("budget", program))
    assert told == {too_large: {"your_turn", "over_budget"}, no_softmax: {"your_turn", "no_softmax"}}


def test_the_lines_of_a_saved_network_save_what_was_trained(tmp_path, monkeypatch):
    monkeypatch.setattr(order, "spec", lambda name, spec=order.spec: with_one_epoch(spec(name)))
    for limit, value in {"GOAL": 0, "GUESSING": 0, "BY_HEART": 1}.items():
        monkeypatch.setattr(cnn_judges, limit, value)

    def key(program):
        path = str(tmp_path / f"{'-'.join(map(str, program))}.keras")
        return key_of_model("saved_cnn", program, d=data.digits(), path=path)

    monkeypatch.setattr("lessons_lib.exercises.runner.LIMIT", 100)
    build, rest = [0, 1, 2, 3], [4, 5, 6, 7]
    assert key(accepted("saved_cnn")[-1]) == "right"
    assert key([*build, 4, 6, 5, 7]) == "saved_too_early"
    for early in ([5, 4, 6, 7], [6, 5, 4, 7]):  # Keras refuses to fit what is not compiled
        assert key([*build, *early]) == "your_turn"
    for last in (0, 1, 2):
        assert key([*(line for line in build if line != last), last, *rest]) == "your_turn"
    other_loss, _, weights_alone = distractors("saved_cnn")
    assert key([*build, other_loss, 5, 6, 7]) == "your_turn"
    assert key([*build, 4, 5, weights_alone, 7]) == "your_turn"


def with_one_epoch(spec):
    lines = [line | {"code": line["code"].replace("epochs=12", "epochs=1")} for line in spec["lines"]]
    return spec | {"lines": lines}


def test_models_are_not_run_in_a_notebook(monkeypatch):
    run = []
    monkeypatch.setattr(order, "assembled", lambda *call: run.append(call))
    assert not order.passes("budget", solution("budget"))
    assert run == []
    order.passes("fold", solution("fold"))
    assert run == [("fold", solution("fold"))]


# ---- In a notebook ----


def test_a_notebook_runs_the_lines_that_are_checked():
    exercise = Exercise("fold")
    exercise._program = [0, 3, 1, 2]
    assert exercise._passed == []
    exercise._program = [0, 2, 1, 3]
    assert exercise._passed == [0, 2, 1, 3]
    assert "_program" not in json.dumps(exercise.state)


def test_places_that_are_none_and_lines_without_an_end_harm_nothing(monkeypatch):
    assert not order.passes("fold", [0, 99])
    endless = {"code": "while True: pass", "after": []}
    monkeypatch.setattr(order, "spec", lambda name: {"lines": [endless]})
    monkeypatch.setattr("lessons_lib.exercises.runner.LIMIT", 0.1)
    assert not order.passes("fold", [0])


class Kernel:
    """What IPython gives in a notebook."""

    kernel = None


def test_the_lines_are_shown_while_there_is_no_answer(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr("IPython.get_ipython", Kernel)
    monkeypatch.setattr("IPython.display.display", shown.append)

    def fold(W1, b1, W2, b2): ...

    check.fold(fold)
    assert [repr(each) for each in shown] == ["Exercise('fold')"]
    assert capsys.readouterr().out.startswith("→ Your turn: ")
    check.fold(lambda W1, b1, W2, b2: (W1 @ W2, b1 @ W2 + b2))
    check.map_size(...)  # it has a field of its own
    assert len(shown) == 1


def test_without_a_notebook_only_words_are_printed(capsys):
    tutor.Check("fold")(...)
    assert capsys.readouterr().out == f"{Check('fold').judge(...)}\n"


def test_each_field_for_an_answer_has_a_name_of_its_own():
    labels = [re.search(r'aria-label="([^"]+)"', Exercise(name).to_html())[1] for name in topics.exercises()]
    assert "Exercise: your answer (map size)" in labels
    assert len(set(labels)) == len(labels)
