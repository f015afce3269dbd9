"""Each topic: every declared misconception is met by an answer, and every answer is told the words that belong to it.

The words are kept twice. ``exercises.json`` and ``quiz.json`` hold them. The ``WITNESSES`` of ``examples.py`` hold a
phrase of each, under what it is said to. So two messages, reasons or right options that change places disagree with
their witnesses. What these tests cannot see: a text that was wrong when its witness was written, and a change outside
of the phrase.
"""

import ast
import operator
import re
from importlib import import_module

import pytest

from lessons_lib.exercises import Check, schema, topics
from lessons_lib.exercises.judges import Function

TOPICS = topics.names()
EXERCISES = {topic: schema.read(topics.HERE / topic / "exercises.json", "exercises") for topic in TOPICS}
QUIZZES = {topic: topics.quiz(topic) for topic in TOPICS}
NAMES = {name: topic for topic in TOPICS for name in EXERCISES[topic]}
QUESTIONS = [(topic, question["id"]) for topic in TOPICS for question in QUIZZES[topic]]


def examples(topic):
    return import_module(f"lessons_lib.exercises.topics.{topic}.examples")


def witnesses(topic):
    return examples(topic).WITNESSES


def question_of(topic, name):
    return next(question for question in QUIZZES[topic] if question["id"] == name)


def meant(witness, texts):
    """Return those of the texts that hold the witness; a text that is the witness comes before longer ones."""
    return [text for text in texts if witness.lower() == text.lower()] or [
        text for text in texts if witness.lower() in text.lower()
    ]


def built(name, answer):
    """Give a model only when it is needed."""
    return answer() if topics.exercises()[name]["kind"] == "model" else answer


def solution(name):
    entry = topics.exercises()[name]
    if entry["kind"] == "one":
        return next("abcdefgh"[i] for i, option in enumerate(entry["options"]) if option["right"])
    return entry["answer"] if entry["kind"] == "number" else built(name, examples(NAMES[name]).SOLUTIONS[name])


def wrong_answers(name, key):
    """Give all wrong answers that must be told `key`: from the data, from the judge, and as learners write them."""
    entry, judge = topics.exercises()[name], topics.judges()[name]
    found = [near["value"] for near in entry.get("near", []) if near["key"] == key]
    found += ["abcdefgh"[i] for i, option in enumerate(entry.get("options", [])) if option["key"] == key]
    found += judge.misconceptions.get(key, ()) if isinstance(judge, Function) else []
    written = getattr(examples(NAMES[name]), "WRONG", {}).get(name, {})
    return [*found, built(name, written[key])] if key in written else found


MISCONCEPTIONS = [(name, key) for name in NAMES for key in topics.misconceptions(name)]


def sharing():
    """Give for each misconception the exercises and questions of a quiz in which an answer shows it."""
    found = {}
    entries = [(f"{topic}/{name}", EXERCISES[topic][name]) for name, topic in NAMES.items()]
    entries += [(f"{topic}/{question['id']}", question) for topic in TOPICS for question in QUIZZES[topic]]
    for place, entry in entries:
        for item in [*entry.get("near", []), *entry.get("options", [])]:
            if "misconception" in item:
                found.setdefault(item["misconception"], set()).add(place)
    return found


def predicted():
    """Give the misconceptions that predictions show."""
    entries = topics.all_predictions().values()
    parts = [part for entry in entries for part in [entry, *entry.get("options", []), *entry.get("near", [])]]
    return {part["misconception"] for part in parts if "misconception" in part}


def test_each_listed_misconception_is_shared_by_two_questions_or_shown_by_a_prediction():
    assert set(sharing()) | predicted() == set(schema.misconceptions())
    assert {name for name, places in sharing().items() if len(places) < 2} == set()


def test_most_misconceptions_reach_from_one_chapter_to_another():
    across = [name for name, places in sharing().items() if len({place.partition("/")[0] for place in places}) > 1]
    assert len(across) >= 0.75 * len(sharing())


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_passes_and_says_why(name):
    verdict = Check(name).judge(solution(name))
    assert verdict.key == "right"
    assert verdict.text.startswith("✓ Right: ")


@pytest.mark.parametrize(("name", "key"), MISCONCEPTIONS)
def test_every_misconception_is_met_by_an_answer_that_is_told_it(name, key):
    answers = wrong_answers(name, key)
    assert answers
    for answer in answers:
        verdict = Check(name).judge(answer)
        assert verdict.key == key
        assert verdict.text.startswith(("✗ Not yet: ", "→ No answer yet: "))
        assert not re.search(r"\{\w+\}", verdict.text)


@pytest.mark.parametrize(("topic", "name"), [(topic, name) for name, topic in NAMES.items()])
def test_the_words_of_an_exercise_agree_with_their_witnesses(topic, name):
    entry, expected = EXERCISES[topic][name], witnesses(topic)[name]
    said = {"right": topics.reason(name), **topics.misconceptions(name)}
    said |= {f"hint {place}": hint for place, hint in enumerate(entry["hints"], start=1)}
    distractors = enumerate(entry.get("order", {}).get("distractors", []), start=1)
    said |= {f"distractor {place}": line["why"] for place, line in distractors if "why" in line}
    assert set(expected) == set(said)
    options = {option["key"]: option["text"] for option in entry.get("options", [])}
    for key, witness in expected.items():
        if key in options:
            text, witness = witness
            assert meant(text, options.values()) == [options[key]], text
        assert meant(witness, said.values()) == [said[key]], witness


@pytest.mark.parametrize(("topic", "name"), QUESTIONS)
def test_the_words_of_a_question_agree_with_their_witnesses(topic, name):
    question, expected = question_of(topic, name), witnesses(topic)[name]
    if question["kind"] == "order":
        assert len(expected["items"]) == len(question["items"])
        for item, witness in zip(question["items"], expected["items"], strict=True):
            assert meant(witness, question["items"]) == [item], witness
        assert expected["right"].lower() in question["why"].lower()
        assert expected["otherwise"].lower() in question["otherwise"].lower()
        return
    if question["kind"] == "number":
        said = {str(near["value"]): f"✗ {near['why']}" for near in question["near"]}
        said |= {str(question["answer"]): f"✓ {question['why']}", "otherwise": f"✗ {question['otherwise']}"}
        assert set(said) == set(expected)
    else:
        said = {}
        for option in question["options"]:
            texts = [other["text"] for other in question["options"]]
            (known,) = [witness for witness in expected if meant(witness, texts) == [option["text"]]]
            said[known] = f"{'✓' if option['right'] else '✗'} {option['why']}"
        assert len(said) == len(expected)
    for key, witness in expected.items():
        mark, phrase = witness[:2], witness[2:]
        assert meant(phrase, said.values()) == [said[key]], witness
        assert said[key].startswith(mark), f"{key} must be marked {mark}"


@pytest.mark.parametrize("topic", TOPICS)
def test_each_text_has_a_witness_and_each_witness_a_text(topic):
    assert set(witnesses(topic)) == {*EXERCISES[topic], *(question["id"] for question in QUIZZES[topic])}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_numbers_are_those_that_the_library_computes(topic):
    numbers = getattr(examples(topic), "NUMBERS", {})
    asked = {name: entry for name, entry in EXERCISES[topic].items() if entry["kind"] == "number"}
    asked |= {question["id"]: question for question in QUIZZES[topic] if question["kind"] == "number"}
    assert set(numbers) == set(asked)
    for name, entry in asked.items():
        declared = {"right": entry["answer"]} | {near["key"]: near["value"] for near in entry["near"] if "key" in near}
        assert declared == pytest.approx(numbers[name]), name


OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def value_of(text):
    """Return the value of a sum or product of numbers as the texts write it, or None for anything else."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", text).replace("·", "*").replace("×", "*").replace("−", "-").strip()
    try:
        return _value(ast.parse(plain, mode="eval").body)
    except (SyntaxError, TypeError, KeyError):
        return None


def _value(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp):
        return OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    raise TypeError


def texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_in(part)


@pytest.mark.parametrize("topic", TOPICS)
def test_each_equation_in_the_words_is_true(topic):
    for text in texts_in([EXERCISES[topic], QUIZZES[topic]]):
        for left, right in re.findall(r"([\d(][\d\s.,·×+−()/]*)=\s*([−\d][\d.,]*)", text):
            values = value_of(left), value_of(right.rstrip(".,"))
            assert None in values or values[0] == pytest.approx(values[1]), text


# A phrase of each text that all exercises share.
COMMON = {
    "wrong": {
        "otherwise": "where it comes from",
        "all_zero": "Every weight is 0",
        "changed_its_input": "work on a copy",
        "otherwise_function": "For {call}, {difference}",
        "raised": "Your function stopped",
        "out_of_time": "after {limit} seconds",
    },
    "unusable": {
        "not_a_number": "one number, and I got",
        "two_readings": "in two ways",
        "no_option": "one letter in quotes",
        "not_an_array": "{shape} numbers",
        "wrong_array": "yours is {got}",
        "not_a_function": "without brackets",
        "nothing_returned": "end in a `return`",
        "printed_instead": "in the place of `print`",
        "no_numbers_returned": "should give numbers",
        "unfinished": "still to be written",
        "unreadable": "can't make sense",
    },
    "functions": {"other_arguments": "in this order"},
    "raised_hints": {
        "IndexError": "last place that the loop may reach",
        "ValueError": "print the `.shape`",
        "TypeError": "Compare the call with your `def` line",
        "NameError": "nothing defines",
        "AttributeError": "left of the dot",
        "ZeroDivisionError": "divisor is 0",
        "RecursionError": "calls itself without end",
        "Exception": "before this line",
        "BaseException": "stops the program",
    },
    "order": {
        "ask": "make a solution",
        "in_order": "these lines do",
        "ran": "I ran these lines",
        "mistaken": "`{line}`: {why}",
        "too_early": "comes too early",
        "other_length": "takes {size} lines",
    },
}


@pytest.mark.parametrize("part", COMMON)
def test_the_words_of_all_exercises_agree_with_their_witnesses(part):
    said = dict(topics.common_words()[part])
    if part == "order":
        said |= said.pop("wrong") | said.pop("unusable")
    assert set(said) == set(COMMON[part])
    for key, witness in COMMON[part].items():
        assert meant(witness, said.values()) == [said[key]], witness
