"""The figure TrainLab: networks that learn in the page, kept side by side, linked, and taken to Keras."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest
import traitlets as t
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib import data, explorables, keras

SETTINGS = {"network": "CNN", "epochs": 2}
ANOTHER = {"name": "other"}
# Runs that take no time.
SMALL = {"data": "two moons", "examples": 50, "units": 8, "epochs": 5, "batch_size": 32}
PAUSED = re.compile(r"is paused: \d+ of 200 epochs, step ([\d,]+) of 5,000")
LONG = 90_000
# What the network that is kept for other figures answers to an image.
OWN = """async (image) => {
  const { loadOwn, readDigit } = await import("./digitnetwork.js");
  const { name, network } = loadOwn();
  return { name, probabilities: [...readDigit(network, image).probabilities] };
}"""

# The runs that the browser keeps, in the order of their keys. What the figure has asked before is answered before.
STORED = """async () => {
  const { ask } = await import("./database.js");
  return await ask("readonly", (store) => store.getAll());
}"""
# Changes each run that is kept, by the body of a function of `run`; or keeps so many copies of each beside it.
SPOIL = """async (change) => {
  const { ask } = await import("./database.js");
  for (const place of await ask("readonly", (store) => store.getAllKeys())) {
    const run = await ask("readonly", (store) => store.get(place));
    new Function("run", change)(run);
    await ask("readwrite", (store) => store.put(run, place));
  }
}"""
COPY = """async (copies) => {
  const { ask } = await import("./database.js");
  const [run] = await ask("readonly", (store) => store.getAll());
  const [[figure]] = await ask("readonly", (store) => store.getAllKeys());
  for (let i = 0; i < copies; i++) {
    const key = `${run.key} ${i}`;
    await ask("readwrite", (store) => store.put({ ...run, key }, [figure, key]));
  }
}"""
# Lets nobody read what is kept, from another page, until `held` is false.
HOLD = """async () => {
  const opening = indexedDB.open("lessons-lib");
  await new Promise((done) => (opening.onsuccess = done));
  const store = opening.result.transaction("runs", "readwrite").objectStore("runs");
  window.held = true;
  await new Promise((done) => {
    const again = () => {
      done();
      if (window.held) store.get(["nothing"]).onsuccess = again;
      else opening.result.close();
    };
    store.get(["nothing"]).onsuccess = again;
  });
}"""


def words(root: Locator) -> Locator:
    return root.locator("output.sentence")


def press(root: Locator, name: str) -> None:
    root.get_by_role("button", name=name, exact=True).click()


def choose(root: Locator, label: str, option: str) -> None:
    root.get_by_role("combobox", name=label, exact=True).select_option(option)


def train(root: Locator, number: int) -> None:
    press(root, "Train")
    expect(words(root)).to_contain_text(f"Run {number} is done", timeout=LONG)


def row(root: Locator, number: int) -> list[str]:
    """Return what the table says of a run: accuracy, loss, what differs, epochs, seconds, test."""
    return root.get_by_role("row", name=f"Run {number}").get_by_role("cell").all_inner_texts()


def download(root: Locator, name: str) -> Path:
    with root.page.expect_download() as saved:
        press(root, name)
    return saved.value.path()


def names_of(root: Locator) -> list[str]:
    """Return the names of the runs in the table."""
    return [name.strip() for name in root.locator(".lx-kept tbody th").all_inner_texts()]


def until_kept(page: Page, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    """Wait until the runs that the browser keeps are as wanted, and return them."""
    end = monotonic() + 30
    while not wanted(runs := page.evaluate(STORED)):
        assert monotonic() < end, [run.get("number") for run in runs]
        page.wait_for_timeout(20)
    return runs


def until_found(page: Page) -> None:
    """Wait until the figure has looked for the runs of earlier visits: it has asked when it is there."""
    expect(words(page.locator("[data-explorable=trainlab]"))).not_to_be_empty()
    page.evaluate(STORED)


@pytest.fixture
def hold(pages: Any) -> Callable[[Page], Page]:
    """Give a function that opens a page which lets no other one read what is kept, until `held` on it is false."""

    def hold(page: Page) -> Page:
        other = page.context.new_page()
        other.goto(pages.url + pages.write(""))
        other.evaluate(HOLD)
        return other

    return hold


def test_python_and_the_page_offer_the_same(root: Locator) -> None:
    traits = explorables.TrainLab.class_traits()
    names = ["data", "examples", "network", "hidden", "units", "optimizer", "learning_rate", "epochs", "batch_size"]
    lists = root.locator("select").evaluate_all("(lists) => lists.map((list) => [...list].map((o) => o.value))")
    for name, options in zip([*names, "dropout", "l2", "shift", "seed"], lists, strict=True):
        trait = traits[name]
        known = trait.values if isinstance(trait, t.Enum) else range(trait.max + 1)
        assert options == [str(value) for value in known], name


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"network": "RNN"}, "RNN"),
        ({"epochs": 3}, "3"),
        ({"seed": 10}, "10"),
        ({"name": "my lab"}, "joined by hyphens"),
    ],
)
def test_refuses_what_it_cannot_train(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(t.TraitError, match=message):
        explorables.TrainLab(**settings)


def test_trains_the_cnn_and_takes_it_to_keras(root: Locator) -> None:
    expect(words(root)).to_have_text("Train shows 2,000 digits to a network of 5,258 weights, 2 times.")
    train(root, 1)
    accuracy, loss, differs, epochs, seconds, tested = row(root, 1)
    assert (differs, epochs, tested) == ("seed 0", "2", "")
    assert float(accuracy) > 0.85
    assert 0 < float(loss) < 0.7
    assert float(seconds) > 0

    file = np.load(download(root, "Weights for Keras"))
    model = keras.models.model_from_json(str(file["model"]))
    model.set_weights([file[name] for name in file.files[1:]])
    digits = data.digits()
    answers = np.asarray(model(digits.x_validation))
    right = answers.argmax(axis=1) == digits.y_validation
    assert right.mean() == pytest.approx(float(accuracy), abs=1.5e-3)
    assert -np.log(answers[np.arange(1000), digits.y_validation]).mean() == pytest.approx(float(loss), abs=1e-3)
    press(root, "Use in other figures")
    expect(words(root)).to_contain_text("Run 1 is kept in this browser")
    own = root.page.evaluate(OWN, digits.x_validation[0].ravel().tolist())
    assert own["name"] == "CNN, run 1"
    np.testing.assert_allclose(own["probabilities"], answers[0], atol=1e-4)
    expect(root.get_by_text(f"Validation: {(~right).sum()} of 1000 wrong")).to_be_visible(timeout=LONG)
    code = root.locator("pre").inner_text().splitlines()
    assert [line.replace("run-1.npz", "x") for line in code] == [
        'file = np.load("x")',
        'model = keras.models.model_from_json(str(file["model"]))',
        "model.set_weights([file[name] for name in file.files[1:]])",
    ]


@pytest.fixture
def small(open_figure: Callable[..., Any]) -> Any:
    """Mount a figure whose runs take no time."""
    return open_figure("trainlab", **SMALL)


# What the engine of the page answers with starting weights, and the file that holds them.
EXPORT = """async ([settings, x]) => {
  const [{ Network }, { describe }, { toFile }] = await Promise.all(
    ["nn", "trainlab_settings", "trainlab_export"].map((name) => import(`./${name}.js`)));
  const description = describe(settings);
  const network = new Network(description, 20);
  for (const values of network.weights) values.forEach((value, i) => (values[i] = value || Math.sin(i) / 9));
  const file = toFile({ members: [{ description, weights: network.weights }] });
  return { outputs: [...network.forward(x)], file: [...file] };
}"""
NETWORKS = [
    *({"hidden": hidden, "dropout": 0.25, "l2": 0.01} for hidden in range(4)),
    {"network": "CNN", "dropout": 0.5},
    {"network": "CNN, global pooling", "l2": 0.001},
    {"data": "ring", "hidden": 2, "units": 4},
]


@pytest.mark.parametrize("settings", NETWORKS, ids=str)
def test_keras_answers_as_the_page_does(
    open_body: Callable[..., Any], tmp_path: Path, settings: dict[str, Any]
) -> None:
    state = explorables.TrainLab(**settings).state
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (20, 2)) if state["data"] == "ring" else rng.uniform(size=(20, 28, 28, 1))
    found = open_body("").evaluate(EXPORT, [state, x.ravel().tolist()])
    (tmp_path / "run-1.npz").write_bytes(bytes(found["file"]))
    file = np.load(tmp_path / "run-1.npz")
    model = keras.models.model_from_json(str(file["model"]))
    model.set_weights([file[name] for name in file.files[1:]])
    answers = np.asarray(model(x.astype("float32")))
    np.testing.assert_allclose(answers, np.reshape(found["outputs"], answers.shape), atol=1e-4)
    assert len(model.losses) == (len(model.weights) // 2 if state["l2"] else 0)


def test_trains_and_links_on_a_page_that_was_opened_as_a_file(browser: Browser, pages: Any, listen: Any) -> None:
    options = "<script>var DOCUMENTATION_OPTIONS = {};</script>"  # what each page of the site has
    name = pages.write(options + explorables.TrainLab(**SMALL | {"network": "CNN"}).to_html())
    address = (pages.folder / name).as_uri()
    with browser.new_context() as context:
        page = context.new_page()
        problems = listen(page, "file:")
        page.goto(f"{address}#trainlab?data=ring&epochs=2")
        root = page.locator("[data-explorable=trainlab]")
        expect(words(root)).to_contain_text("The settings are those of the link. Train shows 100 points to a network")
        train(root, 1)
        choose(root, "Data", "digits")
        choose(root, "Examples a class", "5")
        train(root, 2)
        press(root, "Link to this experiment")
        expect(words(root)).to_contain_text("The address of this page now leads to this experiment")
        assert page.url.startswith(f"{address}#trainlab?data=digits&examples=5&network=CNN")
        assert problems == []


def test_pauses_steps_goes_on_and_resets(open_figure: Callable[..., Any]) -> None:
    root = open_figure("trainlab", network="CNN", epochs=200, batch_size=8, examples=20).root
    press(root, "Train")
    expect(words(root)).to_contain_text("Run 1 trains: ", timeout=LONG)
    press(root, "Pause")
    expect(words(root)).to_contain_text(PAUSED, timeout=LONG)
    root.page.wait_for_timeout(300)
    steps = paused_at(root)
    root.page.wait_for_timeout(300)
    assert paused_at(root) == steps
    for more in (1, 2):
        press(root, "Step")
        expect(words(root)).to_contain_text(f"step {steps + more:,} of ", timeout=LONG)
    press(root, "Go on")
    expect(words(root)).to_contain_text("Run 1 trains: ", timeout=LONG)
    choose(root, "Seed", "3")
    press(root, "Reset")
    expect(words(root)).to_contain_text("Train shows 200 digits to a network of 5,258 weights, 200 times.")
    expect(root.get_by_role("table")).to_be_hidden()
    expect(root.get_by_role("combobox", name="Seed", exact=True)).to_have_value("0")
    expect(root.get_by_role("button", name="Train", exact=True)).to_be_visible()


def test_a_double_click_trains_and_does_not_pause(open_figure: Callable[..., Any]) -> None:
    root = open_figure("trainlab", network="CNN", epochs=10, examples=50).root
    root.get_by_role("button", name="Train", exact=True).dblclick(delay=350)  # at a slow pace
    expect(words(root)).to_contain_text("Run 1 is done", timeout=LONG)


def test_a_refusal_gives_way_to_progress_and_to_the_end(open_figure: Callable[..., Any]) -> None:
    root = open_figure("trainlab", network="CNN", epochs=10, examples=50).root
    press(root, "Train")
    expect(words(root)).to_contain_text("Run 1 trains: ", timeout=LONG)
    press(root, "Repeat with five seeds")
    expect(words(root)).to_have_text("A run is under way: pause it, or let it end.")
    expect(words(root)).to_contain_text(re.compile("Run 1 (trains|is done)"))
    expect(words(root)).to_contain_text("Run 1 is done", timeout=LONG)


def paused_at(root: Locator) -> int:
    found = PAUSED.search(words(root).inner_text())
    assert found
    return int(found[1].replace(",", ""))


def test_a_step_begins_a_run_and_does_no_more(small: Any) -> None:
    press(small.root, "Step")
    expect(words(small.root)).to_have_text(
        re.compile(r"Run 1 is paused: 0 of 5 epochs, step 1 of 20, loss lately [\d.]+\."), timeout=LONG
    )
    choose(small.root, "Units in each", "16")
    press(small.root, "Step")  # other settings make another run, and one without an epoch is not kept
    expect(words(small.root)).to_contain_text("Run 2 is paused: 0 of 5 epochs, step 1 of 20", timeout=LONG)
    expect(small.root.locator("tbody").first.get_by_role("row")).to_have_count(1)


def test_runs_stand_side_by_side_and_the_test_set_answers_once(small: Any) -> None:
    root = small.root
    train(root, 1)
    choose(root, "Units in each", "2")
    press(root, "Repeat with five seeds")
    expect(words(root)).to_contain_text("Run 2 is done after 5 epochs, 5 seeds.", timeout=LONG)
    assert [row(root, number)[2] for number in (1, 2)] == ["Units in each 8, seed 0", "Units in each 2, seeds 0–4"]
    accuracy, loss, _, epochs, _, tested = row(root, 2)
    spread = re.compile(r"^0\.\d{3} ± 0\.\d{3}$")
    assert spread.match(accuracy)
    assert spread.match(loss)
    assert (epochs, tested) == ("5", "")
    for plot in ("Loss", "Accuracy"):
        picture = root.get_by_role("img", name=f"{plot} of each run")
        expect(picture.locator("path.lx-thin")).to_have_count(10)
        expect(picture.locator("path.lx-curve:not(.lx-thin)")).to_have_count(2)
    press(root, "Ask the test set")
    cell = root.get_by_role("row", name="Run 2").get_by_role("cell").last
    expect(cell).to_have_text(spread, timeout=LONG)
    answer = cell.inner_text()
    expect(words(root)).to_have_text(f"Test accuracy of Run 2: {answer}.")
    root.get_by_role("button", name="Run 2").click()
    expect(words(root)).to_contain_text("Run 2 is done")
    press(root, "Ask the test set")
    expect(words(root)).to_have_text(f"Test accuracy of Run 2: {answer}.")
    root.get_by_role("button", name="Run 1").click()
    expect(words(root)).to_contain_text("Run 1 is done after 5 epochs. Training: loss")
    choose(root, "Seed", "9")
    expect(words(root)).to_contain_text("Train shows 100 points")
    assert row(root, 2)[-1] == answer
    press(root, "Remove this run")
    expect(root.get_by_role("button", name="Run 1", exact=True)).to_have_count(0)
    assert row(root, 2)[2] == "seeds 0–4"
    rows = [line.split(",") for line in download(root, "Curves as CSV").read_text().splitlines()]
    assert len(rows) == 1 + 5 * 5
    columns = dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))
    assert sorted(set(columns["seed"])) == list("01234")
    last = [
        float(value)
        for value, epoch in zip(columns["validation_accuracy"], columns["epoch"], strict=True)
        if epoch == "5"
    ]
    assert f"{np.mean(last):.3f} ± {np.std(last, ddof=1):.3f}" == accuracy


def test_a_run_keeps_its_name_on_paper(small: Any) -> None:
    train(small.root, 1)
    name = small.root.locator(".lx-kept tbody th").get_by_text("Run 1")
    small.page.emulate_media(media="print")
    expect(name).to_be_visible()
    expect(small.root.get_by_role("button", name="Remove this run")).to_be_hidden()


def test_a_run_is_a_card_that_names_its_values_on_a_phone(small: Any) -> None:
    root = small.root
    train(root, 1)
    small.page.set_viewport_size({"width": 390, "height": 844})
    table = root.locator(".lx-kept .lx-scroller")
    assert table.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    cells = root.get_by_role("row", name="Run 1").get_by_role("cell")
    named = cells.evaluate_all("(all) => all.map((cell) => getComputedStyle(cell, '::before').content)")
    heads = root.locator(".lx-kept thead th").evaluate_all("(heads) => heads.map((head) => head.textContent)")
    # The test set has not been asked, and an empty cell takes no room.
    assert [name.strip('"').removesuffix(": ") for name in named] == heads[1:-1]
    ends = cells.evaluate_all("(all) => all.map((cell) => cell.getBoundingClientRect().right)")
    assert max(ends) <= 390


def test_six_runs_are_kept_at_most(small: Any) -> None:
    root = small.root
    choose(root, "Epochs", "1")
    for number in range(1, 7):
        choose(root, "Seed", str(number))
        train(root, number)
    choose(root, "Seed", "0")
    press(root, "Train")
    expect(words(root)).to_have_text("6 runs are kept. Remove one to train another.")
    press(root, "Remove this run")
    train(root, 7)
    marks = root.locator("tbody th svg path").evaluate_all("(marks) => marks.map((mark) => mark.getAttribute('d'))")
    assert len(set(marks)) == 6


def test_the_same_seed_gives_the_same_run(small: Any) -> None:
    train(small.root, 1)
    small.page.wait_for_timeout(600)  # who presses sooner means Pause
    train(small.root, 2)
    assert row(small.root, 1)[:2] == row(small.root, 2)[:2]


def test_a_link_brings_the_settings_back(small: Any) -> None:
    root, page = small.root, small.page
    choose(root, "Data", "digits")
    choose(root, "Network", "CNN, global pooling")
    choose(root, "Learning rate", "0.0001")
    choose(root, "Shift (augment)", "2")
    press(root, "Link to this experiment")
    expect(words(root)).to_contain_text("The address of this page now leads to this experiment")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(words(root)).to_have_text(re.compile(r"^The settings are those of the link. Train shows 500 digits to"))
    chosen = root.locator("select:enabled").evaluate_all("(lists) => lists.map((list) => list.value)")
    assert chosen == ["digits", "50", "CNN, global pooling", "Adam", "0.0001", "5", "32", "0", "0", "2", "0"]
    press(root, "Reset")
    expect(root.get_by_role("combobox", name="Data", exact=True)).to_have_value("two moons")


def test_says_what_it_does_not_know_of_a_link(small: Any) -> None:
    root = small.root
    small.page.evaluate("location.hash = '#trainlab?epochs=7&units=16&<b>=1&__proto__=2&seed=3'")
    expect(words(root)).to_have_text(
        "The link has what this figure does not know: epochs=7, <b>=1, __proto__=2. The rest is set. "
        "Train shows 100 points to a network of 82 weights, 5 times."
    )
    expect(root.get_by_role("combobox", name="Seed", exact=True)).to_have_value("3")
    expect(root.get_by_role("combobox", name="Epochs", exact=True)).to_have_value("5")
    small.page.evaluate("location.hash = '#another?seed=4'")
    small.settle()
    expect(root.get_by_role("combobox", name="Seed", exact=True)).to_have_value("3")


def test_numbers_of_a_link_may_be_written_in_any_way(small: Any) -> None:
    root = small.root
    small.page.evaluate("location.hash = '#trainlab?learning_rate=1e-2&dropout=0.10&epochs=1e1&units='")
    expect(words(root)).to_contain_text("does not know: units=. The rest is set.")
    for label, value in {"Learning rate": "0.01", "Dropout": "0.1", "Epochs": "10", "Units in each": "8"}.items():
        expect(root.get_by_role("combobox", name=label, exact=True)).to_have_value(value)


def test_says_which_settings_of_a_link_have_no_effect(small: Any) -> None:
    root = small.root
    small.page.evaluate("location.hash = '#trainlab?data=ring&network=CNN&shift=2&hidden=0&units=4'")
    expect(words(root)).to_have_text(
        re.compile(r"^The settings are those of the link\. .+ Without effect here: Network, Units in each, Shift")
    )
    small.page.evaluate("location.hash = '#trainlab?data=digits&network=dense&shift=2&hidden=1&units=4'")
    expect(words(root)).to_contain_text("to a network of 3,190 weights")
    expect(words(root)).not_to_contain_text("Without effect")


def test_runs_are_there_again_for_who_has_left_the_page(small: Any) -> None:
    root, page = small.root, small.page
    train(root, 1)
    choose(root, "Learning rate", "0.01")
    train(root, 2)
    press(root, "Ask the test set")
    expect(words(root)).to_contain_text("Test accuracy of Run 2: ")
    before = [row(root, number) for number in (1, 2)]
    marks = root.locator(".lx-kept tbody th svg path").evaluate_all(
        "(all) => all.map((path) => path.getAttribute('d'))"
    )
    page.reload()
    expect(words(root)).to_contain_text("Your runs of an earlier visit are here again, and the settings of the last")
    assert [row(root, number) for number in (1, 2)] == before
    again = root.locator(".lx-kept tbody th svg path").evaluate_all(
        "(all) => all.map((path) => path.getAttribute('d'))"
    )
    assert again == marks
    expect(root.get_by_role("combobox", name="Learning rate", exact=True)).to_have_value("0.01")
    root.get_by_role("button", name="Run 1").click()
    press(root, "Ask the test set")
    expect(words(root)).to_contain_text("Test accuracy of Run 1: ")
    page.wait_for_timeout(600)  # who presses sooner means Pause
    train(root, 3)
    assert len(np.load(download(root, "Weights for Keras")).files) == 5
    page.evaluate("import('./database.js').then(({ forgetRuns }) => forgetRuns())")
    assert page.evaluate(STORED) == []
    page.reload()
    until_found(page)
    expect(words(root)).to_contain_text("Train shows 100 points")
    expect(root.get_by_role("button", name=re.compile("^Run "))).to_have_count(0)


SPOILED = [
    "run.settings.network = 'perceptron'",
    "run.members = []",
    "run.members = [{ reason: 'finished' }]",
    *(f"delete run.members[0].{part}" for part in ("epochs", "weights", "norms", "description", "seconds", "reason")),
    "run.members[0].description.layers = {}",
    "delete run.number",
    "run.place = NaN",
    "run.key = 'another'",
]


def test_runs_that_the_figure_cannot_show_are_dropped(small: Any) -> None:
    root, page = small.root, small.page
    train(root, 1)
    until_kept(page, lambda runs: len(runs) == 1)
    for change in SPOILED:
        page.evaluate(SPOIL, change)
        page.reload()
        until_kept(page, lambda runs: not runs)
        expect(words(root), change).to_contain_text("Train shows 100 points")
        expect(root.get_by_role("table"), change).to_be_hidden()
        train(root, 1)
        until_kept(page, lambda runs: len(runs) == 1)


def test_of_more_runs_than_six_the_latest_are_kept(small: Any) -> None:
    root, page = small.root, small.page
    train(root, 1)
    until_kept(page, lambda runs: len(runs) == 1)
    page.evaluate(COPY, 8)
    page.reload()
    expect(root.locator(".lx-kept tbody tr")).to_have_count(6)
    runs = until_kept(page, lambda runs: len(runs) == 6 and len({run["number"] for run in runs}) == 6)
    assert [run["key"][-1] for run in runs] == list("234567")
    before = names_of(root)
    page.reload()
    expect(root.locator(".lx-kept tbody tr")).to_have_count(6)
    assert names_of(root) == before


def test_who_trains_before_the_earlier_runs_are_there_keeps_them(small: Any, hold: Callable[[Page], Page]) -> None:
    root, page = small.root, small.page
    train(root, 1)
    page.wait_for_timeout(600)  # who presses sooner means Pause
    choose(root, "Epochs", "1")
    train(root, 2)
    until_kept(page, lambda runs: len(runs) == 2)
    other = hold(page)
    page.reload()
    choose(root, "Units in each", "4")
    train(root, 1)
    other.evaluate("held = false")
    expect(words(root)).to_have_text("Your runs of an earlier visit stand beside this one, as far as there is room.")
    assert names_of(root) == ["Run 1", "Run 2", "Run 3"]
    expect(root.get_by_role("button", name="Run 1")).to_have_attribute("aria-pressed", "true")
    expect(root.get_by_role("combobox", name="Units in each", exact=True)).to_have_value("4")
    until_kept(page, lambda runs: len(runs) == 3)
    page.reload()
    expect(root.locator(".lx-kept tbody tr")).to_have_count(3)
    other.close()


def test_settings_that_were_changed_before_the_earlier_runs_are_there_stay(
    small: Any, hold: Callable[[Page], Page]
) -> None:
    root, page = small.root, small.page
    train(root, 1)
    until_kept(page, lambda runs: len(runs) == 1)
    other = hold(page)
    page.reload()
    choose(root, "Units in each", "4")
    other.evaluate("held = false")
    expect(words(root)).to_have_text("Your runs of an earlier visit are here again.")
    expect(root.get_by_role("combobox", name="Units in each", exact=True)).to_have_value("4")
    other.close()


def test_a_browser_that_refuses_a_run_is_asked_once(small: Any) -> None:
    root, page = small.root, small.page
    page.evaluate("""() => {
      window.asked = 0;
      IDBObjectStore.prototype.put = () => {
        window.asked++;
        throw new DOMException("full", "QuotaExceededError");
      };
    }""")
    train(root, 1)
    for _ in range(3):
        root.get_by_role("button", name="Run 1").click()
        assert page.evaluate(STORED) == []
    assert page.evaluate("asked") == 1


def test_what_the_browser_refuses_is_heard_once(small: Any) -> None:
    said = small.page.evaluate("""async () => {
      const { ask } = await import("./database.js");
      const left = [];
      addEventListener("unhandledrejection", ({ reason }) => left.push(reason.name));
      const add = () => ask("readwrite", (store) => store.add({}, "there"));
      await add();
      const refused = await add().catch(({ name }) => name);
      await ask("readwrite", (store) => store.delete("there"));
      await new Promise((done) => setTimeout(done));
      return [refused, left];
    }""")
    assert said == ["ConstraintError", []]


def test_a_run_that_was_removed_comes_back(small: Any) -> None:
    root = small.root
    train(root, 1)
    before = row(root, 1)
    root.page.wait_for_timeout(600)  # who presses sooner means Pause
    train(root, 2)
    back = root.get_by_role("button", name=re.compile("^Bring Run . back$"))
    expect(back).to_have_count(0)
    press(root, "Remove this run")
    expect(words(root)).to_have_text("Run 2 is removed.")
    expect(root.locator(".lx-kept .lx-note")).to_have_text("Run 2 is removed.")
    press(root, "Remove this run")
    expect(root.get_by_role("button", name="Ask the test set")).to_be_hidden()
    press(root, "Bring Run 1 back")
    expect(words(root)).to_have_text("Run 1 is back.")
    press(root, "Bring Run 2 back")
    expect(back).to_have_count(0)
    assert row(root, 1) == before
    root.get_by_role("button", name="Run 1").click()
    press(root, "Remove this run")
    press(root, "Bring Run 1 back")
    assert names_of(root) == ["Run 1", "Run 2"]
    press(root, "Remove this run")
    expect(words(root)).to_have_text("Run 1 is removed.")
    until_kept(small.page, lambda runs: len(runs) == 1)
    root.page.reload()
    expect(words(root)).to_contain_text("Your runs of an earlier visit are here again")
    assert names_of(root) == ["Run 2"]


def test_the_run_that_comes_back_is_named_and_one_without_an_epoch_is_none(small: Any) -> None:
    root = small.root
    train(root, 1)
    press(root, "Remove this run")
    choose(root, "Epochs", "200")
    press(root, "Step")
    expect(words(root)).to_contain_text("Run 2 is paused: 0 of 200 epochs")
    press(root, "Remove this run")
    expect(words(root)).to_have_text("Run 2 is removed.")
    back = root.get_by_role("button", name=re.compile("back$"))
    expect(back).to_have_text("Bring Run 1 back")
    back.click()
    expect(words(root)).to_have_text("Run 1 is back.")


def test_two_windows_lose_none_of_each_other_s_runs(small: Any) -> None:
    root = small.root
    other = small.page.context.new_page()
    other.goto(small.page.url)
    second = other.locator("[data-explorable=trainlab]")
    until_found(other)
    train(root, 1)
    train(second, 1)
    small.page.reload()
    expect(words(root)).to_contain_text("Your runs of an earlier visit")
    expect(root.locator(".lx-kept tbody tr")).to_have_count(2)
    assert names_of(root) == ["Run 1", "Run 2"]
    other.close()


def test_a_run_that_broke_off_says_so_and_goes_to_no_other_figure(small: Any) -> None:
    root = small.root
    small.page.evaluate(
        "location.hash = '#trainlab?network=dense&hidden=3&units=128&data=digits&examples=20&epochs=2"
        "&optimizer=momentum&learning_rate=1&batch_size=8&l2=0.01&seed=1'"
    )
    press(root, "Train")
    expect(words(root)).to_contain_text("broke off", timeout=LONG)
    small.page.wait_for_timeout(500)
    expect(words(root)).to_contain_text("broke off")
    press(root, "Use in other figures")
    expect(words(root)).to_contain_text("weights that are no numbers any more")
    assert small.page.evaluate("localStorage.getItem('lessons-lib/network')") is None


def test_five_seeds_after_a_run_that_was_paused_at_once(small: Any) -> None:
    root = small.root
    choose(root, "Epochs", "200")
    press(root, "Step")
    expect(words(root)).to_contain_text("is paused")
    choose(root, "Epochs", "1")
    press(root, "Repeat with five seeds")
    expect(words(root)).to_contain_text("is done after 1 epoch, 5 seeds", timeout=LONG)
    expect(root.get_by_role("button", name=re.compile("^Run "))).to_have_count(1)


def test_draws_into_the_network_and_tells_what_is_not_there_yet(open_figure: Callable[..., Any]) -> None:
    figure = open_figure("trainlab", hidden=0, epochs=20, examples=20)
    root = figure.root
    expect(root.get_by_role("grid")).to_have_count(0)
    train(root, 1)
    grid = root.get_by_role("grid", name="Your digit")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    across, down = box["width"] / 28, box["height"] / 28
    root.page.mouse.move(box["x"] + 14.5 * across, box["y"] + 5 * down)
    root.page.mouse.down()
    root.page.mouse.move(box["x"] + 13.5 * across, box["y"] + 23 * down, steps=8)
    root.page.mouse.up()
    answer = root.locator("output.lx-answer")
    expect(answer).to_contain_text("The network says 1,", timeout=LONG)
    press(root, "Clear")
    expect(answer).to_have_text("")
    figure.press(figure.cell("Your digit", 10, 10), "Enter")
    expect(answer).to_contain_text("The network says", timeout=LONG)


def layers_of(root: Locator) -> list[str]:
    """Return what the figure says of the layers' answers to the digit."""
    return root.locator("figcaption").all_inner_texts()


def pictures_of(root: Locator) -> list[str]:
    return root.locator("figure canvas").evaluate_all("(all) => all.map((canvas) => canvas.toDataURL())")


def test_shows_what_its_layers_make_of_a_digit_while_it_trains(open_figure: Callable[..., Any]) -> None:
    root = open_figure("trainlab", network="CNN", epochs=200, examples=20).root
    expect(root.get_by_role("button", name="Next digit")).to_have_count(0)
    press(root, "Train")
    expect(root.locator("figcaption")).to_have_count(2, timeout=LONG)
    before = pictures_of(root)
    root.page.wait_for_function(
        "([before]) => document.querySelector('figure canvas').toDataURL() !== before", arg=[before[0]], timeout=LONG
    )
    press(root, "Pause")
    expect(words(root)).to_contain_text("is paused")
    digits = data.digits()
    expect(root.get_by_text(f"A {digits.y_validation[0]}. The network says")).to_be_visible()
    press(root, "Next digit")
    expect(root.get_by_text(f"A {digits.y_validation[1]}. The network says")).to_be_visible()
    for _ in range(2):
        press(root, "Digit before")
    expect(root.get_by_text(f"A {digits.y_validation[-1]}. The network says")).to_be_visible()


def test_the_maps_are_those_of_keras(open_figure: Callable[..., Any]) -> None:
    root = open_figure("trainlab", network="CNN", epochs=1, examples=20).root
    train(root, 1)
    expect(root.get_by_text("of 1000 wrong")).to_be_visible(timeout=LONG)
    file = np.load(download(root, "Weights for Keras"))
    model = keras.models.model_from_json(str(file["model"]))
    model.set_weights([file[name] for name in file.files[1:]])
    answer, said = data.digits().x_validation[:1], []
    for layer in model.layers[:3]:
        answer = layer(answer)
        if "Conv" in type(layer).__name__:
            _, rows, columns, maps = answer.shape
            said.append((f"{maps} maps of {rows}×{columns}", float(np.max(answer))))
    for (what, most), text in zip(said, layers_of(root), strict=True):
        assert what in text
        assert float(text.rpartition(" ")[2]) == pytest.approx(most, abs=0.006)


def test_a_dense_network_has_units_in_place_of_maps(open_figure: Callable[..., Any]) -> None:
    root = open_figure("trainlab", network="dense", hidden=2, units=32, epochs=1, examples=5).root
    train(root, 1)
    expect(root.locator("figcaption")).to_have_text([re.compile(f"Layer {i}: 32 units, white at") for i in (1, 2)])


def test_trains_on_the_page_where_no_worker_may_run(open_body: Callable[..., Any]) -> None:
    refuse = "<script>delete window.Worker; window.Worker = class { constructor() { throw Error('no'); } };</script>"
    page = open_body(refuse + explorables.TrainLab(**SMALL).to_html())
    root = page.locator("[data-explorable=trainlab]")
    train(root, 1)
    expect(root.get_by_text("the page itself trains, in short slices")).to_be_visible()


def test_nothing_of_the_training_is_loaded_before_it_is_asked_for(small: Any) -> None:
    loaded = "performance.getEntriesByType('resource').map(({ name }) => name.split('/').pop())"
    assert "training.js" not in small.page.evaluate(loaded)
    train(small.root, 1)
    names = small.page.evaluate(loaded)
    assert "training.js" in names
    assert "train.js" not in names  # the digits; points need none


def test_is_told_at_most_once_a_second(open_figure: Callable[..., Any]) -> None:
    root = open_figure("trainlab", **SMALL | {"epochs": 200}).root
    root.evaluate("""(root) => {
      window.times = [];
      const words = root.querySelector("output.sentence");
      new MutationObserver(() => /trains/.test(words.textContent) && times.push(performance.now()))
        .observe(words, { childList: true });
    }""")
    train(root, 1)
    times = root.page.evaluate("times")
    assert len(times) >= 1
    assert all(later - earlier >= 990 for earlier, later in pairwise(times))


def test_works_by_keyboard_alone(small: Any) -> None:
    root = small.root
    small.press(root.get_by_role("combobox", name="Epochs", exact=True), "ArrowUp", "ArrowUp")
    small.press(root.get_by_role("button", name="Train", exact=True), "Enter")
    expect(words(root)).to_contain_text("Run 1 is done after 1 epoch.", timeout=LONG)
    expect(root.get_by_role("button", name="Train", exact=True)).to_be_focused()
    small.press(root.get_by_role("button", name="Ask the test set"), " ")
    expect(root.get_by_role("row", name="Run 1").get_by_role("cell").last).to_have_text(
        re.compile("^0\\."), timeout=LONG
    )
    expect(root.get_by_role("button", name="Ask the test set")).to_be_focused()
    small.press(root.get_by_role("button", name="Remove this run"), "Enter")
    expect(root.get_by_role("button", name="Train", exact=True)).to_be_focused()
    expect(words(root)).to_have_text("Run 1 is removed.")
