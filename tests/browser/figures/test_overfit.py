"""The figure Overfit: it begins overfitted, trains what the reader sets, and goes back to any epoch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import traitlets as t
from playwright.sync_api import Browser, Locator, expect

from lessons_lib import explorables

LONG = 60_000
LOSSES = re.compile(
    r"Epoch (\d+): training loss ([\d.]+), validation loss ([\d.]+)(?:, a gap of|: validation is ahead by|\.)"
)


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def said(root: Locator) -> list[float]:
    """Return the epoch, both losses and the gap between them, which the sentence says."""
    expect(words(root)).to_have_text(LOSSES, timeout=LONG)
    found = LOSSES.search(words(root).inner_text())
    assert found
    epoch, training, validation = map(float, found.groups())
    return [epoch, training, validation, validation - training]


def wait_for_epoch(root: Locator, epoch: int) -> list[float]:
    expect(words(root)).to_contain_text(f"Epoch {epoch}:", timeout=LONG)
    return said(root)


@pytest.fixture
def started(figure: Any) -> Any:
    """Wait until the figure's first network has been trained."""
    wait_for_epoch(figure.root, 1000)
    return figure


def test_python_and_the_page_offer_the_same(root: Locator) -> None:
    traits = explorables.Overfit.class_traits()
    lists = root.locator("select").evaluate_all("(lists) => lists.map((list) => [...list].map((o) => o.value))")
    for name, options in zip(["task", "units", "examples", "noise", "dropout", "l2", "seed"], lists, strict=True):
        trait = traits[name]
        known = trait.values if isinstance(trait, t.Enum) else range(trait.max + 1)
        assert options == [str(value) for value in known], name


@pytest.mark.parametrize("settings", [{"task": "line"}, {"units": 3}, {"noise": 0.5}, {"epoch": 1001}, {"seed": -1}])
def test_refuses_what_it_cannot_train(settings: dict[str, Any]) -> None:
    with pytest.raises(t.TraitError, match=next(iter(settings))):
        explorables.Overfit(**settings)


def test_begins_with_a_network_that_overfits(started: Any) -> None:
    _, training, validation, gap = said(started.root)
    assert training < 0.05 < validation
    told = re.search(r"a gap of ([\d.]+)\.", words(started.root).inner_text())
    assert told
    assert float(told[1]) == pytest.approx(gap, abs=0.0011)
    expect(words(started.root)).to_contain_text("Since then the network overfits")
    assert started.page.workers == []  # a page that nobody uses asks for nothing
    assert started.root.locator("svg .lx-best").count() == 1


def test_goes_back_to_any_epoch_by_keyboard_and_stops_early(started: Any) -> None:
    root = started.root
    at_the_end = said(root)
    slider = root.get_by_role("slider", name="Epoch")
    slider.focus()
    started.page.keyboard.press("ArrowLeft")
    assert wait_for_epoch(root, 990)[0] == 990
    started.page.keyboard.press("Home")
    assert wait_for_epoch(root, 0)[2] > 0.2
    started.button("Stop early").click()
    expect(words(root)).to_contain_text("early stopping keeps the weights of this epoch")
    epoch, _, validation, _ = said(root)
    assert 0 < epoch < 500
    assert validation < at_the_end[2]
    started.button("Reset").click()
    assert wait_for_epoch(root, 1000) == at_the_end


def test_trains_what_is_set_in_a_worker_and_keeps_the_run_before(started: Any) -> None:
    root, page = started.root, started.page
    before = said(root)
    started.choose("Examples", "160")
    expect(words(root)).to_have_text("Not trained yet: 1,153 weights, 160 training points. Press Train.")
    expect(root.get_by_text("Training (160)")).to_be_visible()
    started.button("Train").click()
    expect(started.button("Pause")).to_be_visible()
    after = wait_for_epoch(root, 1000)
    assert len(page.workers) == 1
    assert after[3] < before[3] / 2
    expect(root.locator("svg .lx-before")).to_have_count(1)
    expect(started.button("Train")).to_be_visible()
    started.choose("Examples", "20")
    assert wait_for_epoch(root, 1000) == before  # it is remembered


def test_pauses_goes_on_and_resets(started: Any) -> None:
    root, page = started.root, started.page
    started.choose("Task", "ring")
    started.button("Train").click()
    expect(root.get_by_role("slider", name="Epoch")).to_have_value(re.compile(r"[1-9]\d"), timeout=LONG)
    page.wait_for_timeout(350)  # who presses sooner has pressed twice
    started.button("Pause").click()
    epoch = said(root)[0]
    page.wait_for_timeout(300)
    assert said(root)[0] == epoch
    started.button("Train").click()
    expect(root.get_by_role("slider", name="Epoch")).not_to_have_value(str(int(epoch)), timeout=LONG)
    started.button("Reset").click()
    expect(started.chooser("Task")).to_have_value("curve")
    wait_for_epoch(root, 1000)
    expect(started.button("Train")).to_be_visible()


def test_a_double_click_trains_and_does_not_pause(started: Any) -> None:
    started.choose("Examples", "40")
    started.button("Train").dblclick(delay=40)
    expect(started.button("Pause")).to_be_visible()
    wait_for_epoch(started.root, 1000)


def test_what_is_printed_has_been_trained_to_the_end(open_figure: Callable[..., Any]) -> None:
    figure = open_figure("overfit", units=32, examples=160)
    assert "Epoch 1000:" not in words(figure.root).inner_text()
    figure.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert "Epoch 1000:" in words(figure.root).inner_text()


def test_without_motion_the_end_is_shown_at_once(browser: Browser, pages: Any) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(pages.url + pages.write(explorables.Overfit(task="ring", units=8).to_html()))
        root = page.locator("[data-explorable=overfit]")
        wait_for_epoch(root, 1000)
        root.get_by_role("combobox", name="Units a layer").select_option("4")
        root.get_by_role("button", name="Train", exact=True).click()
        wait_for_epoch(root, 1000)


@pytest.mark.parametrize("width", [390])
def test_trains_by_touch_on_a_page_that_was_opened_as_a_file(
    browser: Browser, pages: Any, listen: Any, width: int
) -> None:
    options = "<script>var DOCUMENTATION_OPTIONS = {};</script>"  # what each page of the site has
    name = pages.write(options + explorables.Overfit(units=4).to_html())
    with browser.new_context(viewport={"width": width, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        problems = listen(page, "file:")
        page.goto((pages.folder / name).as_uri())
        root = page.locator("[data-explorable=overfit]")
        wait_for_epoch(root, 1000)
        root.get_by_role("combobox", name="Examples").select_option("40")
        root.get_by_role("button", name="Train", exact=True).tap()
        wait_for_epoch(root, 1000)
        root.get_by_role("button", name="Stop early").tap()
        expect(words(root)).not_to_contain_text("Epoch 1000:")
        assert problems == []


def test_keras_finds_the_same_losses(open_figure: Callable[..., Any]) -> None:
    """The network of the last epoch, taken to Keras, has on the validation points the loss that is said."""
    import numpy as np

    from lessons_lib import keras

    figure = open_figure("overfit", task="ring", units=8)
    _, training, validation, _ = wait_for_epoch(figure.root, 1000)
    state = explorables.Overfit(task="ring", units=8).state
    found = figure.page.evaluate(STAGE, [state])
    layers = [keras.Input((2,)), *(keras.layers.Dense(8, activation="relu") for _ in range(2))]
    model = keras.Sequential([*layers, keras.layers.Dense(2, activation="softmax")])
    model.set_weights([np.reshape(a, w.shape) for a, w in zip(found["weights"], model.get_weights(), strict=True)])
    model.compile(loss="categorical_crossentropy")
    for name, loss in (("training", training), ("validation", validation)):
        x, y = (np.reshape(found[name][key], (-1, 2)) for key in ("x", "targets"))
        assert model.evaluate(x, y, verbose=0) == pytest.approx(loss, abs=1e-3)


# Trains as the figure does, and returns its points and its last weights.
STAGE = """async ([state]) => {
  const [{ Run }, { createSession }] = await Promise.all(["overfit_run", "train"].map((m) => import(`./${m}.js`)));
  const run = new Run(state, 1);
  const waiting = [];
  const say = (event) => run.hear(structuredClone(event));
  const tell = createSession(say, { slice: 1000, breathe: (next) => waiting.push(next) });
  run.restart();
  run.commands.forEach(tell);
  while (waiting.length) waiting.shift()();
  const plain = ({ x, targets }) => ({ x: [...x], targets: [...targets] });
  const weights = run.last.weights.map((array) => [...array]);
  return { weights, training: plain(run.training), validation: plain(run.validation) };
}"""
