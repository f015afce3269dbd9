"""The laboratory without a browser: what it builds, trains, stops, compares and shows."""

import asyncio
import re

import numpy as np
import pytest

from lessons_lib import counting, data, lab


@pytest.fixture(autouse=True)
def few_digits(monkeypatch):
    """Train on 200 digits: these tests are about the laboratory."""
    few = data.digits(train=200, validation=100, test=0)
    monkeypatch.setattr(lab.data, "digits", lambda: few)


def choose(laboratory, **choices):
    for name, value in choices.items():
        laboratory._controls[name].value = value


@pytest.mark.parametrize("pooling", ["max", "average", "strided", "none"])
@pytest.mark.parametrize("network", ["CNN", "CNN with global pooling"])
def test_stages_are_built_as_the_recipe_says(network, pooling):
    model = lab.build(lab.Recipe(network, depth=3, width=4, kernel_size=5, pooling=pooling))
    convolutions = [layer for layer in model.layers if "Conv2D" in type(layer).__name__]
    assert [layer.filters for layer in convolutions] == [4, 8, 16]
    assert {layer.kernel_size for layer in convolutions} == {(5, 5)}
    side = 28 if pooling == "none" else 3 if pooling in ("max", "average") else 4
    weights = sum(counting.convolution_parameters(5, c, f) for c, f in ((1, 4), (4, 8), (8, 16)))
    features = 16 if "global" in network else side * side * 16
    assert model.count_params() == weights + counting.dense_parameters(features, 10)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
@pytest.mark.parametrize("kernel_size", [1, 7])
def test_every_depth_and_kernel_fits(depth, kernel_size):
    assert lab.build(lab.Recipe(depth=depth, kernel_size=kernel_size)).output_shape == (None, 10)


@pytest.mark.parametrize(
    ("name", "kind", "momentum"),
    [("Adam", "Adam", None), ("RMSprop", "RMSprop", 0), ("SGD with momentum", "SGD", 0.9), ("SGD", "SGD", 0)],
)
def test_optimizers_are_the_ones_that_are_named(name, kind, momentum):
    optimizer = lab.build(lab.Recipe(optimizer=name, learning_rate=0.01)).optimizer
    assert type(optimizer).__name__ == kind
    assert float(optimizer.learning_rate) == pytest.approx(0.01)
    assert momentum is None or optimizer.momentum == momentum


@pytest.mark.parametrize(
    "wrong",
    [{"network": "transformer"}, {"pooling": "sum"}, {"optimizer": "Lion"}, {"learning_rate": -1}, {"width": 0}],
)
def test_an_impossible_recipe_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        lab.build(lab.Recipe(**wrong))


def test_a_run_learns_and_is_compared_with_the_one_before():
    laboratory = lab.Lab(network="dense")
    choose(laboratory, depth=1, epochs=5, learning_rate=0.01)
    asyncio.run(laboratory.train())
    first = laboratory.runs[0]
    assert first.train[-1] > first.train[0] > 0.1
    assert "Change one thing" in laboratory._said.value
    choose(laboratory, learning_rate=0.0003)
    asyncio.run(laboratory.train())
    assert [len(run.validation) for run in laboratory.runs] == [5, 5]
    assert "less than run 1: not the best so far" in laboratory._said.value
    rows = re.findall("<tr>.*?</tr>", laboratory._results.value)
    assert len(rows) == 3
    assert "Adam at 0.0003" in rows[2]
    assert f"<td>{laboratory.runs[1].validation[-1]:.3f}</td>" in rows[2]
    assert 'alt="Accuracy over the epochs' in laboratory._results.value
    assert not laboratory._train.disabled
    assert laboratory._stop.disabled
    laboratory._forget.click()
    assert laboratory.runs == []
    assert laboratory._results.value == ""


@pytest.mark.parametrize("epochs_before", [0, 1])
def test_stop_ends_the_run_after_its_epoch(monkeypatch, epochs_before):
    laboratory = lab.Lab(network="dense")
    breaths = 0

    async def press_stop(_):
        nonlocal breaths
        breaths += 1
        if breaths > epochs_before:
            laboratory._stop.click()

    monkeypatch.setattr(lab.asyncio, "sleep", press_stop)
    asyncio.run(laboratory.train())
    assert [len(run.validation) for run in laboratory.runs] == [1] * epochs_before
    if epochs_before:
        assert np.isfinite(laboratory.runs[0].moved)
    else:
        assert "Stopped before the first epoch" in laboratory._said.value
    assert not laboratory._train.disabled


def test_a_run_that_breaks_says_why(monkeypatch):
    laboratory = lab.Lab()

    def broken(recipe):
        raise ValueError("<no memory>")

    monkeypatch.setattr(lab, "build", broken)
    asyncio.run(laboratory.train())
    assert "could not be trained: &lt;no memory&gt;" in laboratory._said.value
    assert not laboratory._train.disabled


def test_a_dense_network_has_no_kernel_to_choose():
    laboratory = lab.Lab()
    assert not laboratory._controls["kernel_size"].disabled
    choose(laboratory, network="dense")
    assert laboratory._controls["kernel_size"].disabled
    assert laboratory._controls["pooling"].disabled
    assert laboratory._controls["width"].description == "Units"


def test_a_page_without_python_says_how_to_open_it():
    shown = lab.Lab()._repr_mimebundle_()
    assert shown["text/plain"] == "Lab(network='CNN')"
    assert "make lab" in shown["text/html"]
    assert not re.search("<(button|input|select)", shown["text/html"])
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_an_unknown_network_is_refused():
    with pytest.raises(ValueError, match="network must be one of"):
        lab.Lab(network="transformer")
