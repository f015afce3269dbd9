"""The tutor: nothing that a learner does raises, an answer of the wrong kind costs no try, hints come one by one."""

import functools
import io
import os
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib.exercises import Check, check, topics

NAMES = dir(check)
WRONG = {"number": 1e9, "one": "a", "kernel": np.zeros((3, 3)), "function": lambda *_: np.zeros(99)}


def said_to(name, answer):
    """Return what the tutor says, in one line."""
    return " ".join(Check(name).judge(answer).text.split())


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_is_the_learner_s_turn(name):
    tutor = Check(name)
    for _ in range(3):
        assert [tutor.judge(nothing).key for nothing in (..., None)] == ["your_turn"] * 2
    assert tutor.failed == 0
    assert "Hint" not in tutor.judge(...).text


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_of_the_wrong_kind_costs_no_try(name):
    tutor = Check(name)
    for odd in (object(), True, "?", np.nan, Decimal(3), [[1], [2, 3]], {"a": 1}, 1j):
        verdict = tutor.judge(odd)
        assert verdict.text.startswith("→ No answer yet: ")
        assert "Hint" not in verdict.text
    assert tutor.failed == 0


@pytest.mark.parametrize("name", ["map_size", "diagonal_kernel", "convolve", "place_blind"])
def test_hints_come_one_by_one_and_a_right_answer_starts_afresh(name):
    entry = topics.exercises()[name]
    tutor, hints = Check(name), entry["hints"]
    said = [" ".join(tutor.judge(WRONG[entry["kind"]]).text.split()) for _ in range(4)]
    assert [sum(" ".join(hint.split()) in text for hint in hints) for text in said] == [0, 1, 2, 2]


def test_a_right_answer_starts_afresh():
    tutor = Check("map_size")
    tutor.judge(14)
    assert tutor.failed == 1
    tutor.judge(13)
    assert tutor.failed == 0


def test_a_function_of_three_dots_is_no_answer_and_one_without_return_is_wrong():
    def untouched(image, kernel, strides): ...

    def forgetful(image, kernel, strides):
        image.sum()

    assert Check("convolve").judge(untouched).key == "your_turn"
    assert Check("convolve").judge(forgetful).key == "nothing_returned"


def with_docstring(image, kernel, strides):
    """Slide the kernel over the image."""


def with_pass(image, kernel, strides):
    pass


def with_docstring_and_dots(image, kernel, strides):
    """Slide the kernel over the image."""


def with_return(image, kernel, strides):
    """Slide the kernel over the image."""
    return


@pytest.mark.parametrize("stub", [with_docstring, with_pass, with_docstring_and_dots, with_return, lambda *_: ...])
def test_a_stub_is_the_learner_s_turn(stub):
    assert Check("convolve").judge(stub).key == "your_turn"


def test_what_is_marked_as_unfinished_costs_no_try():
    def convolve(image, kernel, strides):
        rows = image.shape[0]
        raise NotImplementedError(f"{rows} rows to go")

    tutor = Check("convolve")
    assert tutor.judge(convolve).key == "unfinished"
    assert tutor.failed == 0


@pytest.mark.parametrize("reply", ["14", True, np.nan, Decimal(14), None, [1, "2"], np.array(["1"]), np.inf, 2j, print])
def test_what_a_function_gives_must_be_numbers(reply):
    tutor = Check("count_cnn")
    verdict = tutor.judge(lambda *_: reply)
    assert verdict.text.startswith("→ No answer yet: ")
    assert tutor.failed == 0
    kind = " ".join(verdict.text.split())
    assert "an array" in kind or "a number" not in kind.replace("not a number", "")


class Strange:
    """Refuse every look."""

    def __call__(self):
        return 0

    def __getattr__(self, name):
        raise RuntimeError("do not look")


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_cannot_be_looked_at_raises_nothing(name):
    assert Check(name).judge(Strange()).text.startswith(("→ No answer yet", "✗ Not yet"))


@pytest.mark.parametrize("answer", [13, 13.0, np.int8(13), np.float32(13), Fraction(13), [13], np.array([[13]])])
def test_a_number_may_come_in_many_forms(answer):
    assert Check("map_size").judge(answer).key == "right"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (np.nan, "NaN"),
        (True, "the truth value True"),
        (Decimal(13), "something of the type Decimal"),
        ("13", "the text '13'"),
        (np.inf, "an infinite number"),
        ((1, 2), "a tuple of 2 parts"),
        (len, "a function"),
        ([1, 2], "an array of 2"),
        ([True], "the truth value True"),
        (np.array([[False]]), "the truth value False"),
        (np.array(True), "the truth value True"),
        pytest.param(10**400, "a number that is too large", id="large"),
        pytest.param(-(10**400), "a number that is too large", id="negative"),
        pytest.param(Fraction(10**400), "a number that is too large", id="fraction"),
        ([10**400, 1], "an array of 2 in which some numbers are too large"),
        (["13"], "the text '13'"),
        (np.array("13"), "the text '13'"),
        (np.str_("13"), "the text"),
        (int, "a class"),
        (np, "something of the type module"),
    ],
)
def test_the_kind_of_what_is_no_number_is_named(answer, kind):
    assert f"The answer is one number, and I got {kind}" in said_to("map_size", answer)


def keras_answers():
    """Return a model, one of a class of the learner's own, a layer, and their classes, each with what it is called."""
    from lessons_lib import keras

    class Own(keras.Model):
        pass

    net, layer = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]), keras.layers.Dense(2)
    found = [(net, "a Keras model"), (Own(), "a Keras model"), (layer, "a layer")]
    return found + [(kind, "a class") for kind in (keras.Sequential, keras.layers.Dense, Own)]


@pytest.mark.parametrize("name", ["map_size", "diagonal_kernel", "place_blind", "convolve", "place_of_a_pixel"])
def test_models_layers_and_classes_are_named_and_cost_no_try(name):
    tutor = Check(name)
    for answer, kind in [*keras_answers(), (int, "a class")]:
        said = " ".join(tutor.judge(answer).text.split())
        assert said.startswith("→ No answer yet: ")
        assert f"I got {kind}." in said
    assert tutor.failed == 0


@pytest.mark.parametrize("name", ["budget", "quiet_block", "inception_budget"])
def test_what_is_no_model_is_named_and_costs_no_try(name):
    tutor = Check(name)
    others = [(answer, kind) for answer, kind in keras_answers() if kind != "a Keras model"]
    for answer, kind in [*others, (len, "a function"), (10**30, "a number"), (Fraction(1, 3), "a number")]:
        assert f"got {kind}." in " ".join(tutor.judge(answer).text.split())
    assert tutor.failed == 0


def test_what_is_no_letter_is_named():
    name = next(name for name, entry in topics.exercises().items() if entry["kind"] == "one")
    for answer, kind in [*keras_answers(), (3, "a number"), ("?", "the text '?'"), (["a"], "the text 'a'")]:
        assert f"I got {kind}." in said_to(name, answer)


def test_what_may_be_called_is_a_function():
    class Place:
        def __call__(self, index, width, channels):
            return index // channels // width, index // channels % width, index % channels

        def method(self, *arguments, scale=1):
            return self(*arguments)

    def reordered(channels, width, index):
        return Place()(index, width, channels)

    @functools.wraps(len)
    def wrapped(*arguments):
        return Place()(*arguments)

    by_name = functools.partial(lambda offset, *rest: Place()(*rest), 0)
    for answer in (Place(), Place().method, wrapped, by_name, lambda i, w=1, c=1, more=0: Place()(i, w, c)):
        assert Check("pixel_of").judge(answer).key == "right"
    assert Check("pixel_of").judge(reordered).key == "otherwise_function"
    assert Check("effective_kinds").judge(np.sqrt).key == "otherwise_function"


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        (lambda image: image, "(image)"),
        (lambda: 0, "no arguments"),
        (lambda image, kernel, *, strides: image, "(image, kernel, strides)"),
        (lambda image, kernel, strides, padding: image, "(image, kernel, strides, padding)"),
        (functools.partial(lambda image, kernel, strides: image, np.zeros(2)), "(kernel, strides)"),
    ],
)
def test_other_arguments_cost_no_try_and_those_that_are_wanted_are_told(answer, taken):
    tutor = Check("convolve")
    verdict = tutor.judge(answer)
    said = " ".join(verdict.text.split())
    assert verdict.key == "other_arguments"
    assert said.startswith("→ No answer yet: The function is convolve(image, kernel, strides)")
    assert said.endswith(f"Yours takes {taken}.")
    assert tutor.failed == 0


@pytest.mark.parametrize("name", [name for name in NAMES if topics.exercises()[name]["kind"] == "function"])
def test_each_function_is_told_its_arguments(name):
    said = said_to(name, lambda: 0)
    assert re.search(r"The function is \w+\(\w+(, \w+)*\): it gets these arguments", said)


def test_a_type_error_within_the_function_is_no_matter_of_its_arguments():
    def convolve(image, kernel, strides):
        return len(image, kernel)

    assert Check("convolve").judge(convolve).key == "raised"


def raising(error, *places):
    """Return an answer of a class whose special methods, of these names, raise an error."""

    def fail(*_, **__):
        raise error

    return type("Odd", (), dict.fromkeys(places, fail))()


class EndingText(str):
    """End the program when somebody looks at the letters."""

    __slots__ = ()

    def strip(self, *_):
        raise SystemExit

    __len__ = __repr__ = strip


class EndingError(Exception):
    """End the program when somebody asks what is wrong."""

    def __str__(self):
        raise SystemExit


ODD = [
    raising(SystemExit("bye"), "__array__"),
    raising(SystemExit, "__array__", "__call__", "__len__", "__iter__", "__float__", "__getattr__", "__repr__"),
    raising(GeneratorExit, "__array__"),
    raising(EndingError, "__array__", "__getattr__", "__iter__"),
    [raising(SystemExit, "__array__")],
    EndingText("a"),
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_ends_the_program_when_it_is_looked_at_ends_nothing(name, odd):
    tutor = Check(name)
    for answer in (odd, lambda *_: odd, lambda *_: (0, odd)):
        assert tutor.judge(answer).text.startswith("→ No answer yet: ")
    assert tutor.failed == 0


@pytest.mark.parametrize("name", ["map_size", "convolve", "hat", "shift_right", "budget"])
def test_the_reader_can_interrupt_while_an_answer_is_looked_at(name):
    odd = raising(KeyboardInterrupt, "__array__", "__getattr__", "__iter__")
    with pytest.raises(KeyboardInterrupt):
        Check(name).judge((lambda *_: odd) if name == "convolve" else odd)


def test_an_array_with_nan_is_named():
    assert "3×3 in which some numbers are NaN" in said_to("shift_right", np.full((3, 3), np.nan))


def test_a_function_that_prints_is_told_so_and_shows_no_hidden_case(capsys):
    check.place_blind(lambda maps: print(maps.max(axis=(0, 1))))
    said = capsys.readouterr().out
    assert "Put `return` in the place of `print`" in " ".join(said.split())
    assert "[" not in said
    check.place_blind(lambda maps: print("looking at", maps.shape) or maps.max(axis=(0, 1)))
    said = capsys.readouterr().out
    assert said.count("looking at") == 0
    assert said.count("also prints") == 1


def test_a_solution_is_confirmed_without_its_explanation(capsys):
    tutor = Check("map_size")
    tutor.confirm(13)
    assert capsys.readouterr().out == "✓ This solution passes the check.\n"
    tutor.confirm(14)
    assert "You rounded up" in capsys.readouterr().out
    assert tutor.failed == 0


def test_signs_that_a_stream_cannot_encode_are_replaced(monkeypatch):
    for encoding in ("ascii", "cp1252", "utf-8"):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", stream)
        check.map_size(13)
        check.same_padding(lambda n, k, s: (0, 0))
        check.map_size(...)
        stream.flush()
        assert stream.buffer.getvalue().decode(encoding).startswith("✓" if encoding == "utf-8" else "+ Right")


def test_replies_reach_a_pipe_of_windows():
    code = "from lessons_lib.exercises import check; check.map_size(13); check.map_size(14); check.map_size(...)"
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", code],
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"+ Right")


@pytest.mark.parametrize(
    "weights",
    [(0.299, 0.587, 0.114), (0.2989, 0.5870, 0.1140), (0.3, 0.59, 0.11), (0.2990, 0.5870, 0.1141)],
)
def test_rounded_weights_of_luma_are_accepted(weights):
    assert Check("to_grey").judge(lambda image: image / 255 @ np.array(weights)[:, None]).key == "right"


@pytest.mark.parametrize("factor", [1e-4, 0.5, 3, 1e6])
def test_a_kernel_may_be_weak_or_strong(factor):
    assert Check("diagonal_kernel").judge(factor * np.array([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]])).key == "right"
    assert Check("diagonal_kernel").judge(factor * np.array([[-1, 0, 1]] * 3)).key == "upright"


def test_a_flat_function_is_no_hat_of_another_height():
    for flat in (([0], [0], [0]), ([0, 0], [1, 2], [1, -0.5])):
        assert Check("hat").judge(flat).key == "flat"


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
    assert topics.common_words()["raised_hints"]["IndexError"] in text


def test_wrong_arguments_and_missing_returns_are_told():
    assert Check("convolve").judge(lambda image: image).key == "other_arguments"
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
    assert "gives the text '0, 0, 0'. It should give numbers." in told


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
    text = " ".join(
        Check("count_cnn").judge(lambda *sizes: topics.judges()["count_cnn"].right(*sizes) - 1).text.split()
    )
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


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("nope", ValueError, r"name must be that of an exercise\. .*Received: name='nope'"),
        ("mapsize", ValueError, r"Did you mean check.map_size\? Received: name='mapsize'"),
        (3, TypeError, r"name must be a text\. Received: name=3"),
    ],
)
def test_a_tutor_of_no_exercise_is_refused(name, error, message):
    with pytest.raises(error, match=message):
        Check(name)
