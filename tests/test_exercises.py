"""The tutors: a solution passes, a wrong answer gets its misconception, and nothing that a learner does raises."""

import base64
import json
import re

import numpy as np
import pytest
import traitlets as t
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from lessons_lib import models, ops
from lessons_lib.exercises import Check, Exercise, Quiz, check, core
from lessons_lib.explorables.quiz import prepared

NAMES = dir(check)


def loop(reduce, *, step=True, turn=False, start=0):
    """Give a learner's sliding loop, with what may go wrong in it."""

    def slide(image, window, strides):
        taps = window.shape if np.ndim(window) else (window, window)
        rows, columns = [(n - k) // strides + 1 for n, k in zip(image.shape, taps, strict=True)]
        out = np.empty((rows, columns))
        for i, j in np.ndindex(rows, columns):
            at = (i * strides, j * strides) if step else (i, j)
            patch = image[at[0] : at[0] + taps[0], at[1] : at[1] + taps[1]]
            out[i, j] = reduce(patch, np.rot90(window, 2) if turn else window)
        return out

    return slide


def total(patch, kernel):
    return (patch * kernel).sum()


def padding(n, k, s, *, stops=None):
    stops = -(-n // s) if stops is None else stops
    missing = max(0, (stops - 1) * s + k - n)
    return missing // 2, missing - missing // 2


def parameters(side, channels, filters, units):
    return (9 * channels + 1) * filters + (((side - 2) // 2) ** 2 * filters + 1) * units


def neuron(x, w, b, target, *, halved=False, bent=True):
    y = 1 / (1 + np.exp(-(x @ w + b)))
    return (1 if halved else 2) * (y - target) * (y * (1 - y) if bent else 1)


# name: (a solution, {misconception: a wrong answer})
ANSWERS = {
    "values_of_a_batch": (57_600, {"pixels": 19_200, "one_image": 3_600, "one_channel_of_one": 1_200}),
    "grey_is_enough": ("b", {"fruit": "a", "cables": "C", "stain": "d"}),
    "to_grey": (
        lambda image: (image / 255 * [0.299, 0.587, 0.114]).sum(axis=2)[..., None],
        {
            "plain_mean": lambda image: (image / 255).mean(axis=2)[..., None],
            "not_scaled": lambda image: image @ np.array([[0.299], [0.587], [0.114]]),
            "axis_lost": lambda image: image / 255 @ np.array([0.299, 0.587, 0.114]),
            "blue_first": lambda image: image / 255 @ np.array([[0.114], [0.587], [0.299]]),
        },
    ),
    "slope_of_the_score": (-0.8, {"opposite": 0.8, "share_itself": 0.2, "slope_of_the_share": -5}),
    "first_suspect": ("d", {"loss_is_wrong": "a", "test_chooses": "b", "zeros": "c"}),
    "neuron_gradient": (
        lambda x, w, b, target: neuron(x, w, b, target) * x,
        {
            "activation_forgotten": lambda x, w, b, target: neuron(x, w, b, target, bent=False) * x,
            "weight_for_input": lambda x, w, b, target: neuron(x, w, b, target) * w,
            "two_forgotten": lambda x, w, b, target: neuron(x, w, b, target, halved=True) * x,
            "uphill": lambda x, w, b, target: -neuron(x, w, b, target) * x,
        },
    ),
    "place_of_a_pixel": (
        1217,
        {"planes": 2805, "from_one": 1218, "channels_forgotten": 405, "swapped": 632, "brackets_lost": 417},
    ),
    "pixel_of": (
        lambda i, w, c: (*divmod(i // c, w), i % c),
        {
            "swapped": lambda i, w, c: (*divmod(i // c, w)[::-1], i % c),
            "channels_forgotten": lambda i, w, c: [*divmod(i, w), i % c],
            "otherwise_function": lambda i, w, c: (0, 0, 0),
        },
    ),
    "unshuffle_weights": (
        lambda weights, order: np.array(
            [row for _, row in sorted(zip(order, weights, strict=True), key=lambda p: p[0])]
        ),
        {"same_way": lambda w, o: w[o], "unchanged": lambda w, o: w, "units": lambda w, o: w.T[np.argsort(o)].T},
    ),
    "map_size": (13, {"rounded_up": 14, "not_rounded": 13.5, "first_forgotten": 12}),
    "diagonal_kernel": (
        [[0, 2, 2], [-2, 0, 2], [-2, -2, 0]],
        {
            "upright": [[-1, 0, 1]] * 3,
            "opposite": [[1, 0, -1]] * 3,
            "flat": [[1, 1, 1]] * 3,
            "silent": [[1, 1, 0], [1, 0, -1], [0, -1, -1]],
        },
    ),
    "shift_right": (
        [[0, 0, 0], [1, 0, 0], [0, 0, 0]],
        {
            "moves_left": [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
            "brightness": [[0, 0, 0], [2, 0, 0], [0, 0, 0]],
            "moves_up_or_down": [[0, 1, 0], [0, 0, 0], [0, 0, 0]],
            "moves_slanted": [[1, 0, 0], [0, 0, 0], [0, 0, 0]],
        },
    ),
    "same_padding": (
        padding,
        {
            "odd_before": lambda n, k, s: padding(n, k, s)[::-1],
            "total_each_side": lambda n, k, s: (sum(padding(n, k, s)),) * 2,
            "both_alike": lambda n, k, s: ((k - 1) // 2,) * 2,
            "stride_ignored": lambda n, k, s: padding(n, k, 1),
        },
    ),
    "convolve": (
        loop(total),
        {
            "flipped": loop(total, turn=True),
            "offset_forgotten": loop(total, step=False),
            "averaged": loop(lambda patch, kernel: (patch * kernel).mean()),
        },
    ),
    "which_collapses": ("C", {"relu_between": "a", "max_is_linear": "b", "no_option": "e"}),
    "one_kernel": (9, {"added": 11, "multiplied": 45, "largest": 5}),
    "fold": (
        lambda a, b, c, d: (a @ c, c.T @ b + d),
        {
            "other_order": lambda a, b, c, d: (c @ a, c @ b + d),
            "bias_in_old_order": lambda a, b, c, d: (a @ c, c @ b + d),
            "biases_added": lambda a, b, c, d: (a @ c, b + d),
            "first_bias_lost": lambda a, b, c, d: (a @ c, d),
        },
    ),
    "leaky_relu_gradient": (
        lambda x, up, s: np.where(x > 0, up, s * up),
        {
            "upstream_forgotten": lambda x, up, s: np.where(x > 0, 1, s),
            "plain_relu": lambda x, up, s: up * (x > 0),
            "value_for_derivative": lambda x, up, s: up * np.maximum(x, s * x),
        },
    ),
    "hat": (
        ([2, 1, 1, -1], [0, -1, -2, -9], [0.5, -2, 1, 0]),
        {
            "plateau": ([1, 1], [0, -1], [1, -1]),
            "falls_on": ([1, 1], [0, -1], [1, -2]),
            "mirrored": ([-1, -1, -1], [0, -1, -2], [1, -2, 1]),
        },
    ),
    "pooled_size": (6, {"stride_is_window": 4, "rounded_up": 7, "conv_keeps_size": 8, "stride_forgotten": 12}),
    "max_pool": (
        loop(lambda patch, _: patch.max()),
        {
            "averaged": loop(lambda patch, _: patch.mean()),
            "starts_at_zero": loop(lambda patch, _: max(0, patch.max())),
            "side_by_side": lambda image, window, strides: ops.max_pool(image, pool_size=window),
            "stride_ignored": loop(lambda patch, _: patch.max(), step=False),
        },
    ),
    "place_blind": (
        lambda maps: maps.max(axis=(0, 1)),
        {
            "moves_with_the_place": lambda maps: maps[3, 4],
            "one_number": lambda maps: maps.max(),
            "wrong_length": lambda maps: maps.ravel(),
            "constant": lambda maps: np.median(maps, axis=(0, 1)),
            "mixed": lambda maps: maps.max(axis=(0, 1)) + maps.sum(),
        },
    ),
    "conv_parameters": (
        912,
        {
            "biases_forgotten": 900,
            "channels_forgotten": 312,
            "bias_for_each_slice": 936,
            "one_filter": 76,
            "flat_without_biases": 300,
        },
    ),
    "count_cnn": (
        parameters,
        {
            "biases_forgotten": lambda s, c, f, u: parameters(s, c, f, u) - f - u,
            "pooling_forgotten": lambda s, c, f, u: (9 * c + 1) * f + ((s - 2) * (s - 2) * f + 1) * u,
            "channels_forgotten": lambda s, c, f, u: parameters(s, 1, f, u),
            "dense_biases_forgotten": lambda s, c, f, u: parameters(s, c, f, u) - u,
            "conv_biases_forgotten": lambda s, c, f, u: parameters(s, c, f, u) - f,
            "not_rounded": lambda s, c, f, u: (9 * c + 1) * f + ((s / 2 - 1) ** 2 * f + 1) * u,
            "area_quartered": lambda s, c, f, u: (9 * c + 1) * f + ((s - 2) ** 2 // 4 * f + 1) * u,
        },
    ),
    "budget": (
        lambda: models.cnn(filters=(4, 8)),
        {
            "over_budget": lambda: models.dense(units=(7,)),
            "other_shapes": lambda: models.cnn(input_shape=(36, 36, 1)),
            "not_accurate": lambda: models.dense(units=(1,)),
        },
    ),
    "weight_gradient": (9, {"other_weight": 8, "first_weight": 21, "gradient_forgotten": 11}),
    "score_gradient": (
        lambda scores, labels: [
            [(p - (place == label)) / len(labels) for place, p in enumerate(row)]
            for row, label in zip(scores, labels, strict=True)
        ],
        {
            "mean_forgotten": lambda scores, labels: scores - np.eye(scores.shape[1])[labels],
            "mean_taken": lambda scores, labels: (scores - np.eye(scores.shape[1])[labels]).mean(0),
            "sign": lambda scores, labels: (np.eye(scores.shape[1])[labels] - scores) / len(scores),
            "truth_forgotten": lambda scores, labels: scores / len(scores),
            "label_for_class": lambda scores, labels: (scores - labels[:, None]) / len(scores),
        },
    ),
    "image_gradient": (
        lambda g, k: ops.convolve_gradients(np.zeros(np.add(g.shape, k.shape) - 1), k, g).image,
        {
            "not_turned": lambda g, k: signal.convolve2d(g, np.rot90(k, 2)),
            "rows_turned": lambda g, k: signal.convolve2d(g, k[:, ::-1]),
            "negative": lambda g, k: -signal.convolve2d(g, k),
        },
    ),
    "uses_of_a_weight": (900, {"each_pixel": 1024, "as_dense": 1, "whole_kernel": 8100}),
    "which_head": ("d", {"dense_everywhere": "a", "flatten_remembers": "b", "more_epochs": "c"}),
    "lead": (
        lambda first, second: ((first - second).mean(), (first - second).std(ddof=1)),
        {
            "swapped": lambda first, second: ((second - first).mean(), (second - first).std(ddof=1)),
            "unpaired": lambda first, second: (
                (first - second).mean(),
                np.hypot(first.std(ddof=1), second.std(ddof=1)),
            ),
            "divided_by_all": lambda first, second: ((first - second).mean(), (first - second).std()),
        },
    ),
}
WRONG = [(name, key) for name, (_, wrong) in ANSWERS.items() for key in wrong]


def answer(name, key=None):
    right, wrong = ANSWERS[name]
    found = right if key is None else wrong[key]
    return found() if name == "budget" else found


def test_every_exercise_is_tried_here():
    assert sorted(ANSWERS) == NAMES
    assert all(len(wrong) >= 3 for _, wrong in ANSWERS.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_passes_and_says_why(name):
    verdict = Check(name).judge(answer(name))
    assert verdict.key == "right"
    assert verdict.text.startswith("✓ Right: ")


@pytest.mark.parametrize(("name", "key"), WRONG)
def test_a_wrong_answer_gets_its_misconception(name, key):
    verdict = Check(name).judge(answer(name, key))
    assert verdict.key == key
    assert verdict.text.startswith("✗ Not yet: ")
    assert "{" not in verdict.text


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_is_the_learner_s_turn(name):
    tutor = Check(name)
    for _ in range(3):
        assert [tutor.judge(nothing).key for nothing in (..., None)] == ["your_turn"] * 2
    assert tutor.failed == 0
    assert "Hint" not in tutor.judge(...).text


@pytest.mark.parametrize("name", NAMES)
def test_hints_come_one_by_one_and_a_right_answer_starts_afresh(name):
    tutor, hints = Check(name), core.messages()[name]["hints"]
    said = [" ".join(tutor.judge(object()).text.split()) for _ in range(4)]
    assert [sum(" ".join(hint.split()) in text for hint in hints) for text in said] == [0, 1, 2, 2]
    tutor.judge(answer(name))
    assert tutor.failed == 0


def test_a_function_of_three_dots_is_no_answer_and_one_without_return_is_wrong():
    def untouched(image, kernel, strides): ...

    def forgetful(image, kernel, strides):
        image.sum()

    assert Check("convolve").judge(untouched).key == "your_turn"
    assert Check("convolve").judge(forgetful).key == "nothing_returned"


def test_an_exception_is_shown_with_its_line():
    def convolve(image, kernel, strides):
        rows = image.shape[0] - kernel.shape[0]
        return image[rows + 100]

    verdict = Check("convolve").judge(convolve)
    assert verdict.key == "raised"
    text = " ".join(verdict.text.split())
    assert "convolve(an array of 4×6, an array of 3×3, 1)" in text
    assert "IndexError" in text
    assert "return image[rows + 100]" in text
    assert core.messages()["common"]["raised_hints"]["IndexError"] in text


def test_wrong_arguments_and_missing_returns_are_told():
    assert Check("convolve").judge(lambda image: image).key == "raised"
    assert Check("convolve").judge(np.zeros(3)).key == "not_a_function"


def test_an_array_serves_where_a_tuple_of_numbers_is_wanted():
    def place(index, width, channels):
        return np.array([index // channels // width, index // channels % width, index % channels])

    assert Check("pixel_of").judge(place).key == "right"
    wrong = Check("pixel_of").judge(lambda *arguments: np.zeros(3))
    assert wrong.key == "otherwise_function"
    assert "yours gives (0, 0, 0)" in " ".join(wrong.text.split())


def test_the_kind_of_an_answer_is_told_in_the_learner_s_words():
    told = " ".join(Check("fold").judge(lambda w1, b1, w2, b2: w1 @ w2).text.split())
    assert "yours gives an array of 2×2, and a tuple of 2 parts was wanted" in told
    told = " ".join(Check("pixel_of").judge(lambda index, width, channels: "0, 0, 0").text.split())
    assert "yours gives text, and a tuple of 3 parts was wanted" in told


def test_asking_if_of_a_whole_array_is_helped():
    def leaky_relu_gradient(x, upstream, slope):
        if x > 0:
            return upstream
        return slope * upstream

    assert "`np.where`" in Check("leaky_relu_gradient").judge(leaky_relu_gradient).text


def test_a_function_that_writes_into_its_input_is_told():
    def maximum(image, window, strides):
        image[:] = 0

    assert Check("max_pool").judge(maximum).key == "changed_its_input"


def test_what_counts_the_values_of_a_map_forgets_the_place_and_no_place_is_untried():
    assert Check("place_blind").judge(lambda maps: (maps > 0).sum(axis=(0, 1))).key == "right"
    for place in np.ndindex(16, 16):
        assert Check("place_blind").judge(lambda maps, place=place: maps[place]).key == "moves_with_the_place"


def test_whole_numbers_are_shown_to_the_last_digit():
    text = " ".join(Check("count_cnn").judge(lambda *sizes: parameters(*sizes) - 1).text.split())
    given, wanted = re.search(r"yours gives (\d+), and (\d+) was wanted", text).groups()
    assert int(given) == int(wanted) - 1 > 10_000


odd = st.one_of(
    st.none(), st.text(), st.floats(), st.integers(), st.lists(st.floats()), st.dictionaries(st.text(), st.text())
)


@settings(max_examples=40, deadline=None, database=None)
@given(odd, st.sampled_from([name for name in NAMES if name != "budget"]))
def test_nothing_raises(value, name):
    assert Check(name).judge(value).text
    assert Check(name).judge(lambda *arguments: value).text


def test_a_check_prints_and_an_unknown_name_is_refused(capsys):
    check.map_size(13)
    assert capsys.readouterr().out.startswith("✓ Right")
    with pytest.raises(AttributeError, match=r"Did you mean check.map_size\? Received: mapsize"):
        _ = check.mapsize


def test_the_words_are_complete():
    for name, entry in core.messages().items():
        if name == "common":
            continue
        assert {"kind", "right", "wrong", "hints"} <= set(entry), name
        assert len(entry["hints"]) == 2, name
        if entry["kind"] == "number":
            assert set(core.numbers_of(name)) == {"right", *entry["wrong"]}
            assert len(set(core.numbers_of(name).values())) == len(core.numbers_of(name)), name
        if entry["kind"] == "choice":
            assert {option["key"] for option in entry["options"]} == {"right", *entry["wrong"]}
        if entry["kind"] == "kernel":
            assert {rule["key"] for rule in entry["rules"]} == set(entry["wrong"])


def test_the_page_gets_the_same_words_and_hides_them():
    html = Exercise("map_size").to_html()
    assert "rounded up" not in html
    state = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])
    spec = json.loads(base64.b64decode(state["sealed"]))
    assert spec["wrong"] == core.messages()["map_size"]["wrong"]
    assert spec["numbers"]["right"] == 13
    with pytest.raises(t.TraitError, match=r"name must be one of .*map_size.* Received: convolve"):
        Exercise("convolve")


QUIZZES = sorted((core.HERE.parents[1] / "book" / "quizzes").glob("*.json"))


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.stem)
def test_a_quiz_has_four_questions_and_hides_its_answers(path):
    quiz = Quiz.read(path)
    questions = json.loads(path.read_text(encoding="utf-8"))
    assert len(questions) >= 4
    assert repr(quiz) == f"Quiz('{path.stem}', {len(questions)} questions)"
    assert not any(question["ask"] in quiz.to_html() for question in questions)


OPTION = {"text": "a", "right": True, "why": "b"}
NUMBER = {"id": "q", "kind": "number", "ask": "?", "label": "n", "answer": 1, "near": [], "why": "w", "otherwise": "o"}
ORDER = {"id": "q", "kind": "order", "ask": "?", "items": ["a", "b", "c"], "why": "w", "otherwise": "o"}


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ([], "at least one question"),
        ([NUMBER, NUMBER], "an id of its own. Received: q, q"),
        ([NUMBER | {"kind": "essay"}], "kind must be one of one, several, number, order. Received: 'essay'"),
        ([NUMBER | {"near": [{"value": 1, "why": "x"}]}], "one reason"),
        ([NUMBER | {"answer": "one"}], "answer must be a number"),
        ([NUMBER | {"why": ""}], "why must be a text"),
        ([{"id": "q", "kind": "one", "ask": "?", "options": [OPTION, OPTION]}], "exactly one option .* 2 of 2"),
        ([{"id": "q", "kind": "one", "ask": "?", "options": [{"text": "a"}]}], "an option has a text, right and why"),
        ([ORDER | {"items": ["a", "a", "b"]}], "three or more different items"),
        ([ORDER | {"extra": 1}], "a question of this kind has"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(questions, message):
    with pytest.raises(t.TraitError, match=message):
        Quiz("q", questions)


def test_an_order_is_never_shown_in_order():
    for name in "abcdefgh":
        shown = prepared([ORDER | {"id": name}])[0]["shown"]
        assert sorted(shown) == [0, 1, 2]
        assert shown != [0, 1, 2]
