"""The laboratory without a browser: what it builds, trains, stops, compares and shows."""

import asyncio
import re

import numpy as np
import pytest

from lessons_lib import counting, data, keras, lab, models, training


@pytest.fixture(autouse=True)
def few_digits(monkeypatch):
    """Train on 200 digits: these tests are about the laboratory."""
    few = data.digits(train=200, validation=100, test=0)
    monkeypatch.setattr(lab.data, "digits", lambda: few)


def choose(laboratory, **choices):
    for name, value in choices.items():
        laboratory._controls[name].value = value


def test_the_standard_recipe_is_the_standard_network():
    assert lab.build(lab.Recipe()).count_params() == models.cnn().count_params()
    dense = lab.build(lab.Recipe(network="dense", depth=1, width=64))
    assert dense.count_params() == models.dense().count_params()


@pytest.mark.parametrize("pooling", ["max", "average", "strided", "none"])
@pytest.mark.parametrize("network", ["CNN", "CNN with global pooling"])
def test_stages_are_built_as_the_recipe_says(network, pooling):
    recipe = lab.Recipe(network, depth=2, width=4, kernel_size=5, padding="same", pooling=pooling, activation="tanh")
    model = lab.build(recipe)
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    assert [layer.filters for layer in convolutions] == [4, 8]
    assert {layer.kernel_size for layer in convolutions} == {(5, 5)}
    assert {layer.strides for layer in convolutions} == {(2, 2) if pooling == "strided" else (1, 1)}
    assert {layer.activation for layer in convolutions} == {keras.activations.tanh}
    weights = sum(counting.convolution_parameters(5, c, f) for c, f in ((1, 4), (4, 8)))
    side = {"none": 28}.get(pooling, 7)
    features = 8 if "global" in network else side * side * 8
    assert model.count_params() == weights + counting.dense_parameters(features, 10)


def test_a_map_that_becomes_too_small_is_refused_with_advice():
    with pytest.raises(ValueError, match='choose padding "same", fewer stages or a smaller'):
        lab.build(lab.Recipe(depth=4, kernel_size=7))
    assert lab.build(lab.Recipe(depth=4, kernel_size=7, padding="same")).output_shape == (None, 10)


def test_a_network_that_would_take_minutes_an_epoch_is_refused():
    with pytest.raises(ValueError, match="at most 40,000,000 multiply-adds an image"):
        lab.build(lab.Recipe(depth=3, width=64, kernel_size=7, padding="same", pooling="none"))


@pytest.mark.parametrize(
    ("name", "kind", "momentum"),
    [("Adam", "Adam", None), ("RMSprop", "RMSprop", 0), ("SGD with momentum", "SGD", 0.9), ("SGD", "SGD", 0)],
)
def test_optimizers_are_the_ones_that_are_named(name, kind, momentum):
    laboratory = lab.Lab(network="dense")
    trained = []
    choose(laboratory, optimizer=name, learning_rate=0.01, epochs=3)
    with pytest.MonkeyPatch.context() as patch:
        fit = lab.training.fit
        patch.setattr(lab.training, "fit", lambda model, *a, **k: trained.append(fit(model, *a, **k)))
        asyncio.run(laboratory.train())
    optimizer = trained[0].optimizer
    assert type(optimizer).__name__ == kind
    assert float(optimizer.learning_rate) == pytest.approx(0.01)
    assert momentum is None or optimizer.momentum == momentum


@pytest.mark.parametrize(
    "wrong",
    [
        {"network": "transformer"},
        {"pooling": "sum"},
        {"padding": "full"},
        {"kernel_size": 0},
        {"width": 0},
        {"depth": 0},
    ],
)
def test_an_impossible_recipe_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        lab.build(lab.Recipe(**wrong))


@pytest.mark.parametrize("wrong", [{"optimizer": "Lion"}, {"learning_rate": -1}])
def test_an_impossible_optimizer_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        lab._optimizer(lab.Recipe(**wrong))


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


async def until(true):
    while not true():
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("epochs_before", [0, 2])
def test_stop_ends_the_run_at_once_and_keeps_the_whole_epochs(epochs_before):
    laboratory = lab.Lab(network="CNN")
    choose(laboratory, epochs=30, width=32)

    async def press_stop():
        task = asyncio.ensure_future(laboratory.train())
        await until(lambda: laboratory._running and len(laboratory.runs) == 1)
        await until(lambda: len(laboratory.runs[0].validation) >= epochs_before)
        laboratory._stop.click()
        await task

    asyncio.run(press_stop())
    if epochs_before:
        (run,) = laboratory.runs
        assert epochs_before <= len(run.validation) < 30
        assert len(run.train) == len(run.validation)
        assert np.isfinite(run.moved)
    else:
        assert laboratory.runs == []
        assert "Stopped before the first epoch" in laboratory._said.value
    assert not laboratory._train.disabled


def test_a_second_press_of_train_starts_no_second_run():
    laboratory = lab.Lab(network="dense")
    choose(laboratory, epochs=3)

    async def press_twice():
        laboratory._start(None)
        laboratory._start(None)
        await asyncio.gather(laboratory.train(), laboratory._task)

    asyncio.run(press_twice())
    assert [len(run.validation) for run in laboratory.runs] == [3]


def test_the_moved_accuracy_and_the_seconds_are_those_of_the_run(monkeypatch):
    laboratory = lab.Lab(network="dense")
    choose(laboratory, epochs=3, learning_rate=0.01)
    nets = []
    fit = lab.training.fit
    monkeypatch.setattr(lab.training, "fit", lambda model, *a, **k: nets.append(model) or fit(model, *a, **k))
    # A clock that is read at the start and after each epoch, and is two seconds further each time.
    monkeypatch.setattr(lab.time, "perf_counter", iter(range(0, 100, 2)).__next__)
    asyncio.run(laboratory.train())
    (run,), digits = laboratory.runs, lab.data.digits()
    right = training.score(nets[0], digits.x_validation, digits.y_validation)
    moved = training.score(nets[0], data.shift(digits.x_validation, columns=2), digits.y_validation)
    assert right != moved
    assert run.validation[-1] == pytest.approx(right, abs=1e-6)
    assert run.moved == moved
    assert run.seconds == 6
    assert "<td>2.0</td>" in laboratory._results.value
    assert run.parameters == nets[0].count_params()


@pytest.mark.parametrize("where", ["build", "training"])
def test_a_run_that_fails_says_why_and_the_next_one_works(monkeypatch, where):
    laboratory = lab.Lab(network="dense")
    choose(laboratory, epochs=3)

    def broken(*_, **__):
        raise MemoryError("<no memory>")

    with monkeypatch.context() as patch:
        patch.setattr(*(lab, "build") if where == "build" else (lab.training, "fit"), broken)
        asyncio.run(laboratory.train())
    assert "could not be trained: &lt;no memory&gt;" in laboratory._said.value
    assert laboratory.runs == []
    assert not laboratory._train.disabled
    asyncio.run(laboratory.train())
    assert "Run 1 reaches" in laboratory._said.value


def test_a_loss_that_is_no_number_ends_the_run(monkeypatch):
    laboratory = lab.Lab(network="dense")
    choose(laboratory, epochs=30, optimizer="SGD with momentum", learning_rate=0.3, activation="linear", depth=4)
    digits = lab.data.digits()
    monkeypatch.setattr(lab.data, "digits", lambda: digits._replace(x_train=1e6 * digits.x_train))
    asyncio.run(laboratory.train())
    assert "failed: its loss is no longer a finite number" in laboratory._said.value


def test_many_runs_stay_readable():
    laboratory = lab.Lab(network="dense")
    few = [lab.Run(lab.Recipe(), 10, [0.5], [0.5 + 0.01 * k], 0.4, 1.0) for k in range(20)]
    laboratory.runs = few
    laboratory._show()
    assert laboratory._results.value.count("<tr>") == 21
    assert "The picture shows the last 7 runs" in laboratory._results.value


def test_the_laboratory_keeps_its_keys():
    laboratory = lab.Lab()
    assert "lx-laboratory" in laboratory._dom_classes
    (guard,) = [child for child in laboratory.children if isinstance(child, lab._KeepKeys)]
    assert "data-lm-suppress-shortcuts" in guard._esm


def test_a_dense_network_has_no_kernel_to_choose():
    laboratory = lab.Lab()
    assert not laboratory._controls["kernel_size"].disabled
    choose(laboratory, network="dense")
    assert laboratory._controls["kernel_size"].disabled
    assert laboratory._controls["pooling"].disabled
    assert laboratory._controls["padding"].disabled
    assert laboratory._controls["width"].description == "Units"


def test_a_page_without_python_says_how_to_open_it():
    shown = lab.Lab()._repr_mimebundle_()
    assert shown["text/plain"] == "Lab(network='CNN')"
    assert "In JupyterLab, run this cell" in shown["text/html"]
    assert not re.search("<(button|input|select)", shown["text/html"])
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_an_unknown_network_is_refused():
    with pytest.raises(ValueError, match="network must be one of"):
        lab.Lab(network="transformer")
