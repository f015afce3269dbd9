"""The choice of a learning rate, and its record."""

import json
import math

import pytest

from lessons_lib import _universe
from lessons_lib.training import RATES, Choice, choose_rate, tuning

GRID = (0.1, 0.001, 0.01)


def count(calls, loss=lambda rate: abs(math.log10(rate) + 2)):
    def validation_loss(rate):
        calls.append(rate)
        return loss(rate)

    return validation_loss


@pytest.fixture
def file(tmp_path):
    return tmp_path / "rates.json"


def test_the_lowest_validation_loss_decides_and_nothing_is_written(file):
    calls = []
    choice = choose_rate("a", count(calls), rates=GRID, file=file)
    assert (choice.rate, choice.at_edge, calls) == (0.01, False, sorted(GRID))
    assert not file.exists()


def test_a_search_is_stored_and_read_again(monkeypatch, file):
    monkeypatch.setenv(tuning.VARIABLE, "all")
    found = choose_rate("a", count([]), rates=GRID, file=file)
    choose_rate("b", count([], lambda rate: rate), rates=GRID, file=file)
    monkeypatch.delenv(tuning.VARIABLE)
    calls = []
    assert choose_rate("a", count(calls), rates=GRID, file=file) == found
    assert choose_rate("b", count(calls), rates=GRID, file=file).rate == 0.001
    assert calls == []


def test_another_grid_or_the_variable_searches_anew(monkeypatch, file):
    file.write_text(json.dumps({"a": {"0.001": 0.0, "0.01": 1.0, "0.1": 2.0}}))
    calls = []
    assert choose_rate("a", count(calls), rates=GRID, file=file).rate == 0.001
    assert choose_rate("a", count(calls), rates=(*GRID, 1.0), file=file).rate == 0.01
    assert len(calls) == 4
    monkeypatch.setenv(tuning.VARIABLE, "all")
    assert choose_rate("a", count(calls), rates=GRID, file=file).rate == 0.01
    assert json.loads(file.read_text())["a"] == {"0.001": 1.0, "0.01": 0.0, "0.1": 1.0}


def test_what_is_missing_is_added(monkeypatch, file):
    file.write_text(json.dumps({"a": {"0.001": 0.0, "0.01": 1.0, "0.1": 2.0}}))
    monkeypatch.setenv(tuning.VARIABLE, "missing")
    calls = []
    assert choose_rate("a", count(calls), rates=GRID, file=file).rate == 0.001
    assert calls == []
    choose_rate("b", count(calls), rates=GRID, file=file)
    assert json.loads(file.read_text()).keys() == {"a", "b"}


def test_a_choice_that_is_stored_during_a_search_is_kept(monkeypatch, file):
    monkeypatch.setenv(tuning.VARIABLE, "missing")

    def loss(rate):
        choose_rate("by another notebook", count([]), rates=GRID, file=file)
        return rate

    choose_rate("a", loss, rates=GRID, file=file)
    assert sorted(json.loads(file.read_text())) == ["a", "by another notebook"]


def test_another_universe_writes_nothing(monkeypatch, file):
    monkeypatch.setenv(tuning.VARIABLE, "all")
    monkeypatch.setenv(_universe.VARIABLE, "seeds=5")
    assert choose_rate("a", count([]), rates=GRID, file=file).rate == 0.01
    assert not file.exists()


def test_a_training_that_diverges_is_not_chosen(monkeypatch, file):
    monkeypatch.setenv(tuning.VARIABLE, "all")
    choice = choose_rate("a", count([], lambda rate: math.nan if rate > 0.005 else 5.0), rates=GRID, file=file)
    assert (choice.rate, choice.at_edge) == (0.001, True)
    assert json.loads(file.read_text())["a"] == {"0.001": 5.0, "0.01": None, "0.1": None}
    assert repr(choice) == "0.001, the edge of the grid (validation loss 5.000; at 0.01 inf)"
    with pytest.raises(ValueError, match=r"must not diverge at every rate\. Received: 'b'"):
        choose_rate("b", count([], lambda _: math.inf), rates=GRID, file=file)


def test_a_single_rate_and_what_is_no_function_are_refused(file):
    with pytest.raises(TypeError, match=r"rates must be a sequence of numbers\. Received: rates=0\.1"):
        choose_rate("a", lambda rate: rate, rates=0.1, file=file)
    with pytest.raises(TypeError, match=r"validation_loss must be a function\. Received: validation_loss=3"):
        choose_rate("a", 3, rates=GRID, file=file)


@pytest.mark.parametrize("rates", [(), (0.1, 0.1, 0.2), (0, 0.1, 0.2), (-1, 0.1, 0.2)])
def test_bad_grids_are_refused(rates, file):
    with pytest.raises(ValueError, match="rates must be"):
        choose_rate("a", count([]), rates=rates, file=file)


def test_the_grid_of_the_course_is_wide():
    assert max(RATES) / min(RATES) >= 1000
    assert Choice(dict.fromkeys(RATES, 1.0)).rate == min(RATES)


def test_a_loss_that_is_no_number_is_refused(file):
    with pytest.raises(TypeError, match="validation_loss must return a number"):
        choose_rate("a", lambda rate: None, rates=GRID, file=file)
