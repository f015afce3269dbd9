"""What a topic asks is refused if it is malformed: with the entry, the rule and what came."""

import base64
import copy
import json
import re

import numpy as np
import pytest
import traitlets as t
from fastjsonschema import JsonSchemaValueException
from jsonschema import Draft202012Validator

from lessons_lib.exercises import Exercise, Quiz, schema, topics
from lessons_lib.exercises.quiz import prepared

OPTION = {"text": "a", "right": True, "why": "b"}
OTHER = {"text": "c", "right": False, "why": "d"}
ONE = {"id": "q", "kind": "one", "ask": "?", "options": [OPTION, OTHER]}
NUMBER = {"id": "q", "kind": "number", "ask": "?", "label": "n", "answer": 1, "near": [], "why": "w", "otherwise": "o"}
ORDER = {"id": "q", "kind": "order", "ask": "?", "items": ["a", "b", "c"], "why": "w", "otherwise": "o"}


@pytest.mark.parametrize(
    "question",
    [
        ONE,
        NUMBER,
        ORDER,
        ONE | {"kind": "several", "options": [OPTION, OPTION | {"text": "z"}]},
        ONE | {"section": "s"},
    ],
)
def test_a_sound_question_is_taken(question):
    assert repr(Quiz("q", [question])) == "Quiz('q', 1 question)"


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ([], r"q: it must have at least 1 item. Received: \[\]"),
        ({}, r"q: it must be a list. Received: \{\}"),
        ([3], r"q, question 1|q, 0: it must be an object. Received: 3"),
        ([NUMBER, NUMBER], "q: each question must have an id of its own. Received: q more than once"),
        ([NUMBER | {"kind": "essay"}], "q, q: kind must be one of one, several, number, order. Received: 'essay'"),
        ([{"kind": "one"}], "it must have id, ask"),
        ([NUMBER | {"near": [{"value": 1, "why": "x"}]}], "q, q: each number must have one reason. Received: 1 more"),
        ([NUMBER | {"near": [{"value": 2}]}], r"q, q: near.0 must have why. Received: \['value'\]"),
        ([NUMBER | {"near": [{"value": 2, "why": ""}]}], "near.0.why must be a text that is not empty. Received: ''"),
        ([NUMBER | {"near": [{"value": "2", "why": "x"}]}], "near.0.value must be a number. Received: '2'"),
        (
            [NUMBER | {"near": [{"value": 2, "why": "x", "hint": "y"}]}],
            "near.0 must have no other fields than value, misconception, why",
        ),
        ([NUMBER | {"answer": "one"}], "answer must be a number. Received: 'one'"),
        ([NUMBER | {"answer": True}], "answer must be a number. Received: True"),
        ([NUMBER | {"answer": float("nan")}], "every number must be finite. Received: nan"),
        ([NUMBER | {"near": [{"value": float("inf"), "why": "x"}]}], "every number must be finite. Received: inf"),
        ([NUMBER | {"why": ""}], "why must be a text that is not empty"),
        ([NUMBER | {"why": 3}], "why must be a text. Received: 3"),
        ([ORDER | {"section": ""}], "section must be a text that is not empty"),
        ([ONE | {"options": [OPTION, OPTION | {"text": "z"}]}], "exactly one option must be right. Received: 2 of 2"),
        ([ONE | {"kind": "several", "options": [OTHER, OTHER | {"text": "z"}]}], "at least one option must be right"),
        ([ONE | {"options": [OPTION]}], "options must have at least 2 items"),
        ([ONE | {"options": [OPTION, {"text": "a"}]}], "options.1 must have right, why"),
        (
            [ONE | {"options": [OPTION, OTHER | {"right": "no"}]}],
            "options.1.right must be true or false. Received: 'no'",
        ),
        ([ONE | {"options": [OPTION, OTHER | {"text": "a"}]}], "each option must have a text of its own"),
        ([ORDER | {"items": ["a", "a", "b"]}], "items must have different items"),
        ([ORDER | {"items": ["a", "b"]}], "items must have at least 3 items"),
        ([ORDER | {"extra": 1}], "it must have no other fields than"),
        ([NUMBER | {"id": "My question"}], "id must have the form"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(questions, message):
    with pytest.raises(t.TraitError, match=message):
        Quiz("q", questions)


BREAKS = [
    ("map_size", lambda e: e.pop("hints"), "it must have hints"),
    ("map_size", lambda e: e["hints"].pop(), "hints must have at least 2 items"),
    ("map_size", lambda e: e["near"][0].pop("why"), "near.0 must have why"),
    ("map_size", lambda e: e["near"][0].update(value=13), "each number must have one reason. Received: 13"),
    ("map_size", lambda e: e["near"][0].update(key="as_same"), "each misconception must have a key of its own"),
    ("map_size", lambda e: e.update(kind="essay"), "kind must be one of number, one"),
    ("which_collapses", lambda e: e["options"][0].update(right=True), "exactly one option must be right"),
    (
        "which_collapses",
        lambda e: [o.update(right=not o["right"]) for o in e["options"][1:3]],
        "must have the key right",
    ),
    ("diagonal_kernel", lambda e: e["rules"][0].update(when="above"), "when must be one of differs, below, at least"),
    ("diagonal_kernel", lambda e: e["rules"][0].update(probe=[[1]]), "all probes must have one shape"),
    ("diagonal_kernel", lambda e: e["picture"][0].pop(), "all rows one length"),
    ("convolve", lambda e: e["wrong"].update(flipped=""), "wrong.flipped must be a text that is not empty"),
    ("convolve", lambda e: e.update(label="x"), "it must have no other fields than kind, why, wrong, hints, order"),
    ("convolve", lambda e: e.pop("order"), "it must have order"),
    ("convolve", lambda e: e["order"]["lines"].clear(), "order.lines must have at least 4 items"),
    ("convolve", lambda e: e["order"]["lines"].append({"code": "x"}), "order.lines must have at most 9 items"),
    ("convolve", lambda e: e["order"]["distractors"].clear(), "order.distractors must have at least 1 item"),
    ("convolve", lambda e: e["order"]["lines"][1].update(code=""), "order.lines.1.code must be a text that is not"),
    ("convolve", lambda e: e["order"]["lines"][3].update(after=[3]), r"lines above it. Received: \[3\] for line 3"),
    ("convolve", lambda e: e["order"]["lines"][3].update(after=[1.5]), "after.0 must be a whole number. Received: 1.5"),
    (
        "convolve",
        lambda e: e["order"]["distractors"][0].update(code="    return Z"),
        "each line must have a code of its own. Received:     return Z",
    ),
    (
        "convolve",
        lambda e: e["order"]["distractors"][0].update(key="sideways"),
        "the key of a line must be one of flipped, .*. Received: sideways",
    ),
    ("convolve", lambda e: e["order"]["distractors"][0].pop("key"), "order.distractors.0 must have at least 2 items"),
]


@pytest.mark.parametrize(("name", "spoil", "message"), BREAKS)
def test_an_exercise_that_cannot_be_judged_is_refused(name, spoil, message):
    entry = copy.deepcopy(topics.exercises()[name])
    schema.check({name: entry}, "exercises", where="topic")
    spoil(entry)
    with pytest.raises(ValueError, match=f"topic, {name}: .*{message}"):
        schema.check({name: entry}, "exercises", where="topic")


NAMED = NUMBER | {"near": [{"value": 3, "misconception": "nobody_believes", "why": "x"}]}


@pytest.mark.parametrize(
    ("entry", "part"), [([NAMED], "quiz"), ([ONE | {"options": [OPTION, OTHER | {"misconception": "none"}]}], "quiz")]
)
def test_a_misconception_that_is_not_listed_is_refused(entry, part):
    with pytest.raises(ValueError, match=r"a misconception must be in misconceptions\.json\. Received: no"):
        schema.check(entry, part, where="topic")


DRAWS = [
    (lambda d: d.update(answer="size - kernel"), "must give the answer 13 for the printed values. Received: 25"),
    (lambda d: d["near"].update(as_same="size"), "must give the number of as_same, 15 for the printed values"),
    (lambda d: d["near"].update(nobody="size"), "must belong to one of answer, rounded_up, .* Received: nobody"),
    (
        lambda d: d.update(answer="size + height"),
        r"must have numbers, size, kernel, strides, .* Received: size \+ height",
    ),
    (lambda d: d.update(answer="size +"), r"a formula must be arithmetic. Received: size \+"),
    (lambda d: d.update(answer="print(size)"), r"must have numbers, .* Received: print\(size\)"),
    (lambda d: d.update(answer="size ** 2"), r"must have numbers, .* Received: size \*\* 2"),
    (lambda d: d["values"].pop("size"), "a draw must have values for size, kernel, strides. Received: kernel, strides"),
    (lambda d: d["values"].update(size=[30]), "draw.values.size must have at least 2 items"),
    (lambda d: d.pop("words"), "draw must have words"),
]


@pytest.mark.parametrize(("spoil", "message"), DRAWS)
def test_a_draw_that_does_not_fit_its_exercise_is_refused(spoil, message):
    entry = copy.deepcopy(topics.exercises()["map_size"])
    spoil(entry["draw"])
    with pytest.raises(ValueError, match=f"topic, map_size: .*{message}"):
        schema.check({"map_size": entry}, "exercises", where="topic")


def test_a_chapter_gets_nothing_that_the_review_alone_reads():
    state = json.loads(re.search(r'<script type="application/json">(.*?)</script>', Quiz.of("pooling").to_html())[1])
    sealed = base64.b64decode(state["sealed"]).decode()
    assert "misconception" in json.dumps(topics.quiz("pooling"))
    assert "misconception" not in sealed
    spec = Exercise.spec("map_size")
    assert "draw" not in spec
    assert "misconception" not in json.dumps(spec)


def write(folder, topic, text):
    (folder / topic).mkdir()
    (folder / topic / "exercises.json").write_text(text, encoding="utf-8")


def test_a_name_in_two_topics_is_refused(tmp_path):
    entry = json.dumps({"map_size": topics.exercises()["map_size"]})
    write(tmp_path, "one", entry)
    assert list(topics.collect(tmp_path)) == ["map_size"]
    write(tmp_path, "two", entry)
    with pytest.raises(ValueError, match=r"one topic only. Received: map_size, in one and in two"):
        topics.collect(tmp_path)


def test_a_name_twice_in_a_file_is_refused(tmp_path):
    entry = json.dumps(topics.exercises()["map_size"])
    write(tmp_path, "one", f'{{"map_size": {entry}, "map_size": {entry}}}')
    with pytest.raises(ValueError, match=r"a key must occur once in an object. Received: map_size more than once"):
        topics.collect(tmp_path)


def test_a_topic_that_nobody_knows_is_refused():
    with pytest.raises(t.TraitError, match=r"topic must be one of .*pooling.* Received: '06_pooling'"):
        Quiz.of("06_pooling")


@pytest.mark.parametrize("topic", topics.names())
def test_a_quiz_has_four_questions_and_hides_its_answers(topic):
    quiz, questions = Quiz.of(topic), topics.quiz(topic)
    assert len(questions) >= 4
    assert quiz.name == topic
    assert repr(quiz) == f"Quiz('{topic}', {len(questions)} questions)"
    assert not any(question["ask"] in quiz.to_html() for question in questions)


@pytest.mark.parametrize("topic", topics.names())
def test_a_topic_has_three_exercises_one_of_them_without_code(topic):
    found = schema.read(topics.HERE / topic / "exercises.json", "exercises")
    assert len(found) >= 3
    assert {entry["kind"] for entry in found.values()} & {"number", "one", "kernel"}


def test_the_page_gets_the_same_words_and_hides_them():
    html = Exercise("map_size").to_html()
    assert "rounded up" not in html
    state = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])
    spec = json.loads(base64.b64decode(state["sealed"]))
    known = [(near["key"], near["value"], near["why"]) for near in topics.exercises()["map_size"]["near"]]
    assert [(near["key"], near["value"], near["why"]) for near in spec["near"]] == known
    assert spec["answer"] == 13
    with pytest.raises(t.TraitError, match=r"name must be one of .*map_size.* Received: convolution"):
        Exercise("convolution")


def test_an_order_is_never_shown_in_order():
    for name in "abcdefgh":
        shown = prepared([ORDER | {"id": name}])[0]["shown"]
        assert sorted(shown) == [0, 1, 2]
        assert shown != [0, 1, 2]


def spoiled(value):
    """Give copies of a JSON value in each of which one part is missing, is another one, or has come in addition."""
    parts = (
        list(value.items() if isinstance(value, dict) else enumerate(value)) if isinstance(value, dict | list) else []
    )
    for key, part in parts:
        for other in (None, -1, 0.5, "", [], {}):
            copied = copy.copy(value)
            copied[key] = other
            yield copied
        copied = copy.copy(value)
        del copied[key]
        yield copied
        for inner in spoiled(part):
            copied = copy.copy(value)
            copied[key] = inner
            yield copied
    if isinstance(value, dict):
        yield value | {"unknown": 1}


def one_of_each_kind(part):
    """Return a small part of what the topics ask that has each kind of entry."""
    if part == "quiz":
        entries = [entry for topic in topics.names() for entry in topics.quiz(topic)]
        return list({entry["kind"]: entry for entry in entries}.values())
    entries = topics.exercises() if part == "exercises" else topics.all_predictions()
    names = {(entry.get("kind"), *sorted(entry)): name for name, entry in entries.items()}
    return {name: entries[name] for name in names.values()}


@pytest.mark.parametrize("part", ["exercises", "quiz", "predictions"])
def test_the_quick_validator_refuses_what_the_other_one_refuses(part):
    sound = one_of_each_kind(part)
    cases = [sound, *spoiled(sound)]
    quick, other = schema._quick_validator(part), Draft202012Validator(schema._schema(part))
    rng = np.random.default_rng(0)
    refused = 0
    for number in [0, *rng.choice(len(cases), size=min(400, len(cases)), replace=False)]:
        fits = other.is_valid(cases[number])
        refused += not fits
        if fits:
            quick(cases[number])
        else:
            with pytest.raises(JsonSchemaValueException):
                quick(cases[number])
    assert refused > 100


@pytest.mark.parametrize("name", ["", " ", 3, None])
def test_a_quiz_has_a_name(name):
    questions = topics.quiz("pooling")
    with pytest.raises(t.TraitError, match="name must be a text"):
        Quiz(name, questions)
