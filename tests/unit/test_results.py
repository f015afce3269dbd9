"""Results over seeds."""

import numpy as np
import pytest
from scipy import stats

from lessons_lib.results import Comparison, Repeated, error_ratio

CURVES = Repeated(np.array([[0.8, 0.5], [0.9, 0.7], [1.0, 0.9]]))


def test_mean_and_spread_are_those_of_the_sample():
    np.testing.assert_allclose(CURVES.mean, [0.9, 0.7])
    np.testing.assert_allclose(CURVES.std, [0.1, 0.2])
    assert isinstance(CURVES[0].mean, float)


def test_a_difference_is_taken_seed_by_seed():
    difference = CURVES[0] - CURVES[1]
    assert difference.mean == pytest.approx(0.2)
    assert difference.std == pytest.approx(0.1)


def test_only_results_are_subtracted():
    with pytest.raises(TypeError, match="unsupported operand"):
        Repeated(np.array([1.0, 2.0])) - 1


def test_results_of_other_seeds_cannot_be_subtracted():
    with pytest.raises(ValueError, match="same seeds"):
        CURVES[0] - Repeated(np.array([0.1, 0.2]))


def test_it_prints_mean_spread_and_the_number_of_seeds():
    assert repr(CURVES) == "0.900 ± 0.100, 0.700 ± 0.200 (3 seeds)"


def test_a_difference_that_rounds_to_nothing_prints_no_minus():
    assert repr(Repeated(np.array([-0.001, 0.0004]))) == "0.000 ± 0.001 (2 seeds)"


def test_the_interval_is_that_of_students_t():
    values = np.random.default_rng(0).normal(0.9, 0.02, size=(7, 2))
    expected = stats.t.interval(0.95, 6, loc=values.mean(axis=0), scale=stats.sem(values))
    np.testing.assert_allclose(Repeated(values).interval, expected)
    assert isinstance(Repeated(values)[0].interval.low, float)


def test_the_interval_covers_the_true_mean_in_95_of_100_cases():
    draws = np.random.default_rng(1).normal(0.5, 0.1, size=(4000, 5))
    covered = [low <= 0.5 <= high for low, high in (Repeated(draw).interval for draw in draws)]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.012)


NARROW, WIDE = Repeated(np.array([0.04, 0.05, 0.06, 0.05, 0.05])), Repeated(np.array([-0.1, 0.2, 0.0, 0.1, 0.05]))


@pytest.mark.parametrize(
    ("comparison", "outcome"),
    [
        (NARROW > 0.02, True),
        (NARROW > 0.05, None),
        (NARROW > 0.08, False),
        (NARROW < 0.08, True),
        (NARROW < 0.05, None),
        (NARROW < 0.02, False),
        (NARROW.within(0.08), True),
        (NARROW.within(0.05), None),
        (NARROW.within(0.02), False),
        (WIDE > 0.0, None),
        (WIDE.within(0.1), None),
        (WIDE.within(1), True),
    ],
)
def test_a_comparison_is_decided_only_beyond_the_interval(comparison, outcome):
    assert comparison.outcome is outcome
    assert bool(comparison) is (outcome is True)


def test_the_distance_is_that_of_the_nearest_end():
    low, high = NARROW.interval
    assert (NARROW > 0.02).distance == pytest.approx(low - 0.02)
    assert (NARROW < 0.08).distance == pytest.approx(0.08 - high)
    assert NARROW.within(0.08).distance == pytest.approx(0.08 - high)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: CURVES > 0.1, ValueError, "one number for each seed"),
        (lambda: NARROW > "0.1", TypeError, "margin must be a number"),
        (lambda: float("nan") < NARROW, ValueError, "margin must be finite"),
        (lambda: NARROW.within(0), ValueError, "a band must be above 0"),
    ],
)
def test_bad_comparisons_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_half_as_many_errors_are_a_ratio_of_one_half():
    one, other = Repeated(np.array([0.95, 0.97])), Repeated(np.array([0.9, 0.9]))
    np.testing.assert_allclose(error_ratio(one, other).values, [0.5, 0.3])
    for bad in (Repeated(np.array([0.9, 1.0])), Repeated(np.array([0.9, 1.2]))):
        with pytest.raises(ValueError, match=r"Received: "):
            error_ratio(one, bad)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Repeated(["many", "few"]), TypeError, "values must be real numbers"),
        (lambda: Repeated([0.9 + 5j, 0.8]), TypeError, "values must be real numbers"),
        (lambda: Repeated([None, 0.9]), TypeError, "values must be real numbers"),
        (lambda: Repeated([[1, 2], [3]]), TypeError, "one shape for all seeds"),
        (lambda: Repeated([]), ValueError, "not empty"),
        (lambda: error_ratio(Repeated([np.nan, 0.9]), Repeated([0.8, 0.9])), ValueError, "within 0…1"),
        (lambda: Repeated(0.9), ValueError, "values must be one for each seed"),
        (lambda: Repeated([1, 2], 2), TypeError, "seeds must be a sequence of whole numbers"),
        (lambda: Repeated([1, 2], (0, 0)), ValueError, "seeds must differ"),
        (lambda: Comparison(0.5, "more than", 0.1), TypeError, "result must be a Repeated. Received: float"),
        (lambda: Repeated([0.9, 0.8], (1, 2, 3)), ValueError, "one for each seed. Received: 2 for 3 seeds"),
        (lambda: error_ratio(0.9, NARROW), TypeError, "must be those of training.repeat. Received: float"),
    ],
)
def test_what_is_no_result_of_several_seeds_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize("read", [list, sum, tuple, lambda result: [*result]])
def test_results_are_not_iterated(read):
    for result in (Repeated([0.9, 0.8]), CURVES):
        with pytest.raises(
            TypeError, match=r"results must be read through \.values .* Received: an iteration over 0\.\d"
        ):
            read(result)


@pytest.mark.parametrize(
    ("result", "index", "message"),
    [
        (CURVES, 5, r"which has the shape \(2,\)\. Received: index=5"),
        (CURVES, (0, 1), r"which has the shape \(2,\)\. Received: index=\(0, 1\)"),
        (CURVES, "a", r"which has the shape \(2,\)\. Received: index='a'"),
        (Repeated([1.0, 2]), 0, r"which is one number and has no parts\. Received: index=0"),
    ],
)
def test_a_part_that_no_result_has_is_refused(result, index, message):
    with pytest.raises(IndexError, match=f"index must select a part of one seed's result, {message}"):
        result[index]


@pytest.mark.parametrize("diverged", [np.nan, np.inf, -np.inf])
def test_a_training_that_diverged_decides_nothing(diverged):
    result = Repeated([0.9, 0.8, diverged, 0.9, diverged])
    assert not np.isfinite(result.mean)
    assert np.isnan(result.std)
    assert [(result > 0.1).outcome, (result < 0.1).outcome, result.within(2).outcome] == [None] * 3
    assert not np.isfinite((Repeated([np.inf, -np.inf])).mean)


def test_one_seed_has_no_spread():
    assert np.isnan(Repeated([0.9]).std)
    assert Repeated([0.9]).mean == 0.9


def test_seeds_are_the_same_in_any_sequence():
    seeds = [0, 1], (0, 1), np.arange(2)
    assert all((Repeated([1, 2], a) - Repeated([0, 1], b)).mean == 1 for a in seeds for b in seeds)


def test_results_may_be_given_as_a_list():
    assert Repeated([0.5, 1]).mean == 0.75
