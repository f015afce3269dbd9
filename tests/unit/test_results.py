"""Results over seeds."""

import numpy as np
import pytest

from lessons_lib.results import Repeated

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
