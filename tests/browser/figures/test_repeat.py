"""The figure Repeat: it trains what the course trains, on the course's digits, with the reader's seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import traitlets as t
from playwright.sync_api import Locator, expect

from lessons_lib import data, explorables, models

FEW = {"examples": 500, "epochs": 4, "patience": 0}
ANOTHER = {
    "question": "Is it so?",
    "trials": [dict(trial, **FEW) for trial in explorables.Repeat().trials],
    "published": [0.02, 0.04],
    "mine": [[1, 0.8, 0.7]],
}
LONG = 60_000


def packed(images: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    return {"x": np.rint(255 * images).astype(int).ravel().tolist(), "labels": labels.tolist()}


def test_prepares_images_as_the_chapters_do(js: Callable[..., Any]) -> None:
    digits = data.digits()
    some = digits.x_test[:16]
    pixels = packed(some, digits.y_test[:16])["x"]
    canvas = np.rint(255 * data.on_canvas(some, 32))
    assert js("digits", "onCanvas", pixels, 32) == canvas.ravel().tolist()
    ways = [(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)]
    moved = np.concatenate(
        [data.shift(canvas[i : i + 1], rows=4 * ways[i % 8][0], columns=4 * ways[i % 8][1]) for i in range(16)]
    )
    assert js("digits", "onCanvas", pixels, 32, 4) == moved.ravel().tolist()
    right = data.shift(some, columns=2)
    assert js("digits", "onCanvas", pixels, 28, 0, 2) == np.rint(255 * right).ravel().tolist()


def test_shuffles_all_images_alike_and_anew_for_each_seed(js: Callable[..., Any]) -> None:
    digits = data.digits()
    parts = {name: packed(digits.x_train[:40], digits.y_train[:40]) for name in ("train", "validation", "test")}
    trial = explorables.Repeat().trials[0] | {"shuffled": True, "examples": 10}
    first, second = (js("repeat", "examplesFor", trial, parts, seed) for seed in (1, 2))
    pixels = [np.reshape(found["test"]["x"], (40, 784)) for found in (first, second)]
    original = np.reshape(parts["test"]["x"], (40, 784))
    for found in pixels:
        assert sorted(map(tuple, found.T.tolist())) == sorted(map(tuple, original.T.tolist()))
        assert not np.array_equal(found, original)
    assert not np.array_equal(*pixels)
    assert first["train"]["labels"] == parts["train"]["labels"][10:20]
    assert second["train"]["labels"] == parts["train"]["labels"][20:30]


def test_marks_of_equal_runs_do_not_hide_each_other(js: Callable[..., Any]) -> None:
    assert js("repeat", "raised", [100, 200, 101, 100, 203]) == [0, 0, 3, 6, 0]
    assert js("repeat", "raised", [50] * 9)[-1] == 12


def test_spread_is_that_of_numpy(js: Callable[..., Any]) -> None:
    values = [0.05, 0.06, 0.02, -0.01]
    found = js("repeat", "spreadOf", values)
    assert found["mean"] == pytest.approx(np.mean(values))
    assert found["deviation"] == pytest.approx(np.std(values, ddof=1))


def test_a_difference_is_that_of_the_numbers_beside_it(js: Callable[..., Any]) -> None:
    trials = [{"name": name} for name in ("CNN", "dense")]
    said = js("repeat", "inWords", {"trials": trials, "published": [], "mine": [[5, 0.96165, 0.90645]]})
    assert said == "Seed 5: “CNN” 0.962, “dense” 0.906, difference +0.056."


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"moved": 9}, "moved must be at most 8. Received: moved=9"),
        ({"epoch": 3}, "the counts of a trial are side, .* Received: epoch"),
        ({"optimizer": {"optimizer": "Lion"}}, "optimizer must be one of"),
        ({"examples": 3}, "examples must be"),
    ],
)
def test_says_what_a_trial_is(change: dict[str, Any], rule: str) -> None:
    trials = [{"name": name, "network": models.dense(units=(2,))} for name in "ab"]
    with pytest.raises(t.TraitError, match=rule):
        explorables.Repeat(trials=[trials[0], trials[1] | change])
    with pytest.raises(t.TraitError, match=r"a trial must have a name and a network\. Received: name"):
        explorables.Repeat(trials=[{"name": "a"}, trials[1]])
    with pytest.raises(t.TraitError, match=r"trials must be two\. Received: 1"):
        explorables.Repeat(trials=trials[:1])


def trained(root: Locator) -> Locator:
    return root.locator("tbody tr")


def test_trains_both_and_adds_a_dot(mount: Any) -> None:
    state = explorables.Repeat(trials=ANOTHER["trials"], published=[0.02, 0.03, 0.05]).state
    figure = mount("repeat", state)
    expect(figure.root.locator("output.sentence")).to_contain_text("“CNN” minus “dense” is +0.033 ± 0.015 over 3 seeds")
    expect(figure.root.locator("circle.lx-course")).to_have_count(3)
    figure.button("Train both").click()
    expect(figure.button("Stop")).to_be_visible()
    expect(trained(figure.root)).to_have_count(1, timeout=LONG)
    expect(figure.root.locator("path.lx-mine")).to_have_count(1)
    seed, first, second, difference = trained(figure.root).first.inner_text().replace("−", "-").split("\t")
    assert seed == "5"
    assert 0.4 < float(first) < 0.95
    assert 0.4 < float(second) < 0.95
    assert float(difference) == pytest.approx(float(first) - float(second), abs=0.0011)
    expect(figure.root.get_by_label("Seed")).to_have_value("6")
    figure.button("Reset").click()
    expect(trained(figure.root)).to_have_count(0)


def test_the_same_seed_gives_the_same_numbers_and_counts_once(mount: Any) -> None:
    figure = mount("repeat", explorables.Repeat(trials=ANOTHER["trials"]).state)
    found = []
    for _ in range(2):
        figure.root.get_by_label("Seed").fill("7")
        figure.root.get_by_label("Seed").press("Tab")
        figure.button("Train both").click()
        expect(figure.root.get_by_label("Seed")).to_have_value("8", timeout=LONG)
        found.append(trained(figure.root).all_text_contents())
    assert len(found[0]) == 1
    assert found[0] == found[1]
    expect(figure.root.locator("output.sentence")).to_contain_text("Seed 7: “CNN” 0.")


@pytest.mark.parametrize("wait", [0, 30, 100])
def test_a_second_press_within_the_start_is_ignored(mount: Any, wait: int) -> None:
    figure = mount("repeat", explorables.Repeat(trials=ANOTHER["trials"]).state)
    figure.root.get_by_role("button", name="Train both").evaluate(
        """async (button, wait) => {
          const first = performance.now();
          for (const timeStamp of [first, first + wait]) {
            const press = new MouseEvent("click", { bubbles: true });
            button.dispatchEvent(Object.defineProperty(press, "timeStamp", { value: timeStamp }));
            await new Promise((done) => setTimeout(done, wait));
          }
        }""",
        wait,
    )
    expect(figure.button("Stop")).to_be_visible()
    expect(trained(figure.root)).to_have_count(1, timeout=LONG)
    assert len(figure.page.workers) == 1


def test_what_is_stopped_while_it_loads_never_trains(mount: Any) -> None:
    figure = mount("repeat", explorables.Repeat(trials=ANOTHER["trials"]).state)
    figure.page.evaluate(
        """() => {
          const given = model.get("_training");
          model.set("_training", async () => {
            await new Promise((done) => setTimeout(done, 800));
            return given();
          });
        }"""
    )
    figure.button("Train both").click()
    figure.page.wait_for_timeout(400)
    figure.button("Stop").click()
    expect(figure.root.get_by_text("Stopped: nothing is kept of this run.")).to_be_visible()
    figure.page.wait_for_timeout(1500)
    assert figure.page.workers == []
    expect(figure.root.get_by_text("Stopped: nothing is kept of this run.")).to_be_visible()
    expect(trained(figure.root)).to_have_count(0)
    figure.button("Train both").click()
    expect(trained(figure.root)).to_have_count(1, timeout=LONG)


def test_stops_at_once_and_takes_no_seed_that_is_none(mount: Any) -> None:
    figure = mount("repeat", explorables.Repeat().state)
    figure.button("Train both").click()
    expect(figure.root.get_by_text("epoch")).to_be_visible(timeout=LONG)
    (worker,) = figure.page.workers
    figure.page.wait_for_timeout(350)  # who presses sooner has pressed twice
    with worker.expect_event("close"):
        figure.button("Stop").click()
    expect(figure.root.get_by_text("Stopped: nothing is kept of this run.")).to_be_visible()
    assert figure.page.workers == []
    expect(figure.button("Train both")).to_be_visible()
    expect(figure.root.locator("progress")).to_be_hidden()
    figure.root.get_by_label("Seed").fill("-3")
    figure.root.get_by_label("Seed").press("Tab")
    rule = "The seed must be a whole number from 0 to 9999. Received: -3."
    expect(figure.root.get_by_text(rule)).to_be_visible()
    figure.root.get_by_label("Seed").fill("2.5")
    figure.page.wait_for_timeout(400)
    figure.button("Train both").click()
    figure.page.wait_for_timeout(400)  # what trains would say so by then
    expect(figure.root.get_by_text("Received: 2.5.")).to_be_visible()
    expect(figure.button("Train both")).to_be_visible()
    figure.button("Reset").click()
    expect(figure.root.get_by_label("Seed")).to_have_value("5")
    expect(trained(figure.root)).to_have_count(0)


RECORD = "from-anns-to-cnns/record"


def quick(open_figure: Callable[..., Any], question: str = "Is it so?") -> Any:
    return open_figure("repeat", trials=ANOTHER["trials"], question=question)


def test_runs_survive_a_reload_until_they_are_reset(open_figure: Callable[..., Any]) -> None:
    figure = quick(open_figure)
    figure.button("Train both").click()
    expect(trained(figure.root)).to_have_count(1, timeout=LONG)
    before = trained(figure.root).all_inner_texts()
    figure.page.reload()
    expect(trained(figure.root)).to_have_count(1)
    assert trained(figure.root).all_inner_texts() == before
    expect(figure.root.get_by_label("Seed")).to_have_value("6")
    expect(trained(quick(open_figure, "Is it otherwise?").root)).to_have_count(0)
    figure.button("Reset").click()
    expect(trained(figure.root)).to_have_count(0)
    figure.page.reload()
    expect(figure.button("Train both")).to_be_visible()
    expect(trained(figure.root)).to_have_count(0)
    expect(figure.root.get_by_label("Seed")).to_have_value("5")


def test_another_tab_shows_the_runs_at_once(open_figure: Callable[..., Any]) -> None:
    first, second = (quick(open_figure) for _ in range(2))
    given = [[7, 0.9, 0.8], [8, 0.7, 0.75]]
    first.root.evaluate(
        """(root, given) => root.dispatchEvent(new CustomEvent("course:answer", { bubbles: true, detail:
            { task: "repeat:Is it so?", answer: { given, checked: false, failed: 0 }, misconceptions: [] } }))""",
        given,
    )
    expect(trained(second.root)).to_have_count(2)
    expect(trained(second.root).first).to_contain_text("+0.100")
    second.page.evaluate("(key) => localStorage.removeItem(key)", RECORD)
    second.page.reload()
    expect(second.button("Train both")).to_be_visible()
    expect(trained(second.root)).to_have_count(0)


def test_what_is_no_run_is_not_shown(js: Callable[..., Any]) -> None:
    runs = [
        [7, 0.9, 0.8],
        [8, "x", 0.75],
        [9, 0.5],
        3,
        None,
        [7, 1e6, 0],
        [7, 0.9, -0.1],
        [-1, 0.9, 0.8],
        [1.5, 0.9, 0.8],
    ]
    assert js("repeat", "runsIn", runs) == runs[:1]
    for kept in (None, {}, "text", 3):
        assert js("repeat", "runsIn", kept) == []
