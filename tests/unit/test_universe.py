"""The universes: what the environment changes for a training, for its seeds and for the digits."""

import numpy as np
import pytest

from lessons_lib import _universe, data, keras, models, training

DIGITS = data.digits(train=100, validation=50, test=50)


def rate_of(**settings):
    model = training.fit(models.dense(), DIGITS.x_train, DIGITS.y_train, epochs=1, **settings)
    return float(model.optimizer.learning_rate)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("seeds=5", {"seeds": 5}),
        ("duration=2,rate=0.5", {"duration": 2, "rate": 0.5}),
        ("split=1", {"split": 1}),
    ],
)
def test_the_environment_names_what_differs(monkeypatch, text, expected):
    monkeypatch.setenv(_universe.VARIABLE, text)
    assert _universe.current() == _universe.HOME._replace(**expected)


@pytest.mark.parametrize("text", ["seed=5", "seeds", "seeds=five", "duration=1.5", "seeds=5;split=1"])
def test_an_unknown_universe_is_refused(monkeypatch, text):
    monkeypatch.setenv(_universe.VARIABLE, text)
    with pytest.raises(ValueError, match=r"must be like seeds=5.*names seeds, duration, rate, split"):
        _universe.current()


def test_other_seeds(monkeypatch):
    monkeypatch.setenv(_universe.VARIABLE, "seeds=5")
    assert training.repeat(float, seeds=3).values.tolist() == [5, 6, 7]
    assert training.repeat(float, seeds=3).seeds == (5, 6, 7)


def test_a_longer_training(monkeypatch):
    def epochs(**settings):
        validation = DIGITS.x_validation, DIGITS.y_validation
        model = training.fit(models.dense(), DIGITS.x_train, DIGITS.y_train, validation=validation, **settings)
        return len(model.history.epoch)

    # At the rate 0 the loss stays as it is, so that the number of epochs shows how long the training waits.
    assert (epochs(epochs=3), epochs(epochs=30, patience=3, learning_rate=0.0)) == (3, 4)
    monkeypatch.setenv(_universe.VARIABLE, "duration=2")
    assert (epochs(epochs=3), epochs(epochs=30, patience=3, learning_rate=0.0)) == (6, 7)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"learning_rate": 0.01},
        {"optimizer": "sgd"},
        {"optimizer": "sgd", "learning_rate": 0.2},
        {"optimizer": keras.optimizers.RMSprop(0.004)},
    ],
)
def test_other_rates(monkeypatch, settings):
    at_home = rate_of(**settings)
    monkeypatch.setenv(_universe.VARIABLE, "rate=0.5")
    assert rate_of(**settings) == pytest.approx(at_home / 2)


def test_a_schedule_keeps_its_rates(monkeypatch):
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([1000], [0.02, 0.01])
    monkeypatch.setenv(_universe.VARIABLE, "rate=0.5")
    assert rate_of(optimizer=keras.optimizers.SGD(schedule)) == pytest.approx(0.02)


def test_another_split(monkeypatch):
    monkeypatch.setenv(_universe.VARIABLE, "split=1")
    other = data.digits(train=100, validation=50, test=50)
    assert np.bincount(other.y_train).tolist() == [10] * 10
    assert (other.x_train != DIGITS.x_train).any()
    everything = [data.digits(train=2000, validation=1000, test=2000)]
    monkeypatch.delenv(_universe.VARIABLE)
    everything.append(data.digits(train=2000, validation=1000, test=2000))
    one, two = (np.sort(np.concatenate([d.x_train, d.x_validation, d.x_test]).sum((1, 2, 3))) for d in everything)
    np.testing.assert_array_equal(one, two)
