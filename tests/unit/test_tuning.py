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


@pytest.mark.parametrize(
    "text", ["{", "[1,2]", '{"x": {"a": 1}}', '{"x": 3}', '{"x": {"0.1": "low"}}', '{"x": {"0.1": NaN}}']
)
def test_a_damaged_file_is_named(text, file):
    file.write_text(text)
    with pytest.raises(ValueError, match=r"rates\.json must hold, as JSON, the name of each choice .* Received: ."):
        choose_rate("a", count([]), rates=GRID, file=file)


@pytest.mark.parametrize(
    ("name", "place", "error", "message"),
    [
        ("a", "missing/rates.json", ValueError, "file must be in a folder that exists, .* Received: file="),
        ("a", "", ValueError, "file must be the path of a JSON file. Received: the folder"),
        ("a", None, TypeError, "file must be the path of a JSON file. Received: file=3"),
        (3, "rates.json", TypeError, "name must be a text. Received: name=3"),
        ("", "rates.json", ValueError, "name must be a text that is not empty"),
    ],
)
def test_nothing_is_trained_for_a_choice_that_cannot_be_stored(name, place, error, message, monkeypatch, tmp_path):
    monkeypatch.setenv(tuning.VARIABLE, "missing")
    calls = []
    with pytest.raises(error, match=message):
        choose_rate(name, count(calls), rates=GRID, file=3 if place is None else tmp_path / place)
    assert calls == []


def test_a_file_in_a_missing_folder_is_an_empty_one_if_nothing_is_stored(tmp_path):
    assert choose_rate("a", count([]), rates=GRID, file=tmp_path / "missing" / "rates.json").rate == 0.01


@pytest.mark.parametrize(
    ("losses", "error", "message"),
    [
        ({}, TypeError, r"losses must be a dict with one loss or more\. Received: losses=\{\}"),
        ([0.1], TypeError, r"losses must be a dict .* Received: losses=\[0\.1\]"),
        ({"a": 0.1}, TypeError, "rate must be a number. Received: rate='a'"),
        ({0.1: None}, TypeError, "must return a number. Received: None"),
        ({0.1: math.nan}, ValueError, "losses must be infinite where a training diverged. Received"),
    ],
)
def test_a_choice_needs_losses(losses, error, message):
    with pytest.raises(error, match=message):
        Choice(losses)


def test_a_loss_that_is_no_number_is_refused(file):
    with pytest.raises(TypeError, match="validation_loss must return a number"):
        choose_rate("a", lambda rate: None, rates=GRID, file=file)
