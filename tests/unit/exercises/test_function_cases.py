"""The cases that functions are tried on: wide enough for no wrong answer to pass, and of the kind that is asked for."""

import numpy as np
import pytest

from lessons_lib.exercises import Check, topics
from lessons_lib.exercises.judges import Function

JUDGES = {name: judge for name, judge in topics.judges().items() if isinstance(judge, Function)}
CASES = {name: judge.cases(np.random.default_rng(0)) for name, judge in JUDGES.items()}
ARGUMENTS = [(name, place) for name, cases in CASES.items() for place in range(len(cases[0]))]
# The arrays of whole numbers, by their places: bytes, counts, class numbers, and zeros and ones.
WHOLE = {
    "to_grey": {0},
    "training_step": {1},
    "unshuffle_weights": {1},
    "worst_mixup": {0},
    "classify_by_attributes": {1},
    "effective_kinds": {0},
    "worst_group": {0, 1, 2},
    "calibration_error": {1},
}


def key_of(name, answer):
    return Check(name).judge(answer).key


def as_first(value, first):
    """Return the first case's value, in the shape of this case's."""
    return np.resize(first, value.shape) if isinstance(value, np.ndarray) else first


def as_zero(value, first):
    return np.zeros_like(value) if isinstance(value, np.ndarray) else type(value)(0)


def as_one(value, first):
    return np.ones_like(value) if isinstance(value, np.ndarray) else type(value)(1)


def as_mean(value, first):
    """Return an array of the same mean without its places; for a number, 2."""
    return np.full_like(value, np.mean(value)) if isinstance(value, np.ndarray) else type(value)(2)


def test_every_function_but_one_is_compared_with_the_right_one():
    functions = {name for name, entry in topics.exercises().items() if entry["kind"] == "function"}
    assert functions - set(JUDGES) == {"place_blind"}


@pytest.mark.parametrize("name", JUDGES)
def test_the_result_of_any_one_case_is_not_right_for_all(name):
    for case in CASES[name]:
        constant = JUDGES[name].right(*case)
        assert key_of(name, lambda *_, constant=constant: constant) != "right"


@pytest.mark.parametrize("instead", [as_first, as_zero, as_one, as_mean])
@pytest.mark.parametrize(("name", "place"), ARGUMENTS)
def test_no_argument_can_be_ignored(name, place, instead):
    first = CASES[name][0][place]

    def ignoring(*given):
        return JUDGES[name].right(*given[:place], instead(given[place], first), *given[place + 1 :])

    assert key_of(name, ignoring) != "right"


def test_arrays_hold_whole_numbers_only_where_these_are_meant():
    found = {}
    for name, place in ARGUMENTS:
        if any(isinstance(case[place], np.ndarray) and case[place].dtype.kind in "iu" for case in CASES[name]):
            found.setdefault(name, set()).add(place)
    assert found == WHOLE


def test_a_step_may_be_written_into_a_copy_of_the_weights():
    def by_difference(weights, slopes, frozen, rate):
        new = weights.copy()
        new[~frozen] -= rate * slopes[~frozen]
        return new

    def by_assignment(weights, slopes, frozen, rate):
        new = weights.copy()
        new[~frozen] = (weights - rate * slopes)[~frozen]
        return new

    assert [key_of("frozen_step", answer) for answer in (by_difference, by_assignment)] == ["right"] * 2


def test_a_square_may_be_covered_with_nan():
    def occlude(image, weights, size):
        rows, columns = (side // size for side in image.shape)
        drops = np.empty((rows, columns))
        for i, j in np.ndindex(rows, columns):
            covered = image.copy()
            covered[i * size : (i + 1) * size, j * size : (j + 1) * size] = np.nan
            drops[i, j] = np.sum(weights * image) - np.nansum(weights * covered)
        return drops

    assert key_of("occlude", occlude) == "right"


# Wrong answers that agree with the right one where the cases are too few or too much alike.
NARROW = [
    ("dice", lambda mask, truth: 8 / 17),
    ("dice", lambda mask, truth: mask.sum() / (mask.sum() + truth.sum())),
    ("dice", lambda mask, truth: 2 * (mask & truth).sum() / 17),
    ("dice", lambda mask, truth: 8 / (mask.sum() + truth.sum())),
    ("dice", lambda mask, truth: 2 * min(mask.sum(), truth.sum()) / (mask.sum() + truth.sum())),
    ("learned_entry", lambda e, r, p, done: e + 0.5 * ((r if done else r + 0.95 * max(abs(p))) - e)),
    ("learned_entry", lambda e, r, p, done: e + 0.5 * ((r if done else r + 0.95 * max(0, *p)) - e)),
    ("learned_entry", lambda e, r, p, done: e + 0.5 * ((r if done else r + 0.95 * p[abs(p).argmax()]) - e)),
    ("worst_mixup", lambda c: np.unravel_index(np.argsort(c.ravel())[-len(c) - 1], c.shape)),
    ("worst_mixup", lambda c: np.unravel_index(np.where(c < c.diagonal().min(), c, -1).argmax(), c.shape)),
    ("dropout", lambda x, draws, rate, training: np.where(draws > rate, x / (1 - rate), 0) if training else x),
]


@pytest.mark.parametrize(("name", "answer"), NARROW)
def test_an_answer_that_is_right_in_some_cases_is_wrong(name, answer):
    assert key_of(name, answer) == "otherwise_function"


def calibration_error(surest, right, bins, *, last=True, empty=0):
    """Return the right error, or one without the answers of exactly 1, or with another gap in each empty bin."""
    places = (surest * bins).astype(int)
    places = np.minimum(places, bins - 1) if last else places
    used = [places == k for k in range(bins)]
    return sum(abs((right - surest)[k].mean()) * k.mean() if k.any() else empty for k in used)


def test_empty_bins_and_an_answer_of_exactly_1_are_tried():
    assert key_of("calibration_error", calibration_error) == "right"
    for flaw in ({"last": False}, {"empty": np.nan}, {"empty": 0.5}):
        answer = lambda surest, right, bins, flaw=flaw: calibration_error(surest, right, bins, **flaw)  # noqa: E731
        assert key_of("calibration_error", answer) != "right"


def test_no_answer_of_the_calibration_lies_on_the_border_of_two_bins():
    for surest, _, bins in CASES["calibration_error"]:
        places = surest[surest < 1] * bins
        assert np.abs(places - places.round()).min() > 1e-6


HAT = (np.array([1.0, 1, 1]), np.array([0.0, -1, -2]), np.array([1.0, -2, 1]))


@pytest.mark.parametrize("bend", [-1e4, -50, -3.1, 5.1, 6, 100, 1e5])
@pytest.mark.parametrize("side", [-1, 1])
def test_a_hat_stays_at_0_however_far_away(bend, side):
    w, b, v = (np.append(part, extra) for part, extra in zip(HAT, (side, -side * bend, 0.5), strict=True))
    assert Check("hat").judge((w, b, v)).key != "right"
    assert Check("hat").judge((w, b, v * [1, 1, 1, 0])).key == "right"


def test_a_hat_may_have_neurons_that_do_not_look_at_x():
    w, b, v = (np.append(part, extra) for part, extra in zip(HAT, ([0, 0], [3, 1], [1, -3]), strict=True))
    assert Check("hat").judge((w, b, v)).key == "right"


@pytest.mark.parametrize("name", JUDGES)
def test_a_right_answer_may_come_as_tensors(name):
    import tensorflow as tf

    from lessons_lib import keras

    def in_tensors(*given):
        right = JUDGES[name].right(*given)
        parts = isinstance(right, tuple) and np.ndim(right[0])
        return tuple(map(tf.constant, right)) if parts else tf.constant(right)

    def in_variables(*given):
        right = JUDGES[name].right(*given)
        return [keras.Variable(part) for part in right] if isinstance(right, tuple) else keras.Variable(right)

    assert [key_of(name, answer) for answer in (in_tensors, in_variables)] == ["right"] * 2


def test_the_numbers_of_a_wrong_tensor_are_shown():
    import tensorflow as tf

    said = " ".join(Check("same_padding").judge(lambda n, k, s: tf.constant([0, 1])).text.split())
    assert "yours gives (0, 1), and" in said
    said = " ".join(Check("count_cnn").judge(lambda *sizes: tf.constant(99)).text.split())
    assert "yours gives 99, and" in said
