"""Networks that learn beside a page: in a worker, in slices where there is none, as a file, and as Jupyter has it."""

from __future__ import annotations

import base64
import importlib
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from lessons_lib import data
from lessons_lib.explorables.base import STATIC, Trains

EXTENSIONS = Path(__file__).parents[3] / "book" / "_ext"
# What a figure that trains imports, as a classic script, so that a page opened as a file can run it, too.
ENTRY = """import { withTraining } from "./host.js";
import { loadDigits, startTrainer } from "./trainer.js";
const description = {
  input_shape: [28, 28, 1],
  layers: [
    { layer: "Conv2D", filters: 4, kernel_size: 3, strides: 2, activation: "relu" },
    { layer: "Flatten" },
    { layer: "Dense", units: 10, activation: "softmax" },
  ],
  optimizer: { optimizer: "Adam", learning_rate: 0.003 },
};
const state = { digits: ["train", "validation", "test"] };
window.state = state;
const model = { get: (name) => withTraining(state, document.baseURI)[name] };
const heard = [];
window.heard = heard;
window.digits = (name) => loadDigits(model, name);
window.start = async () => {
  const [train, validation] = [await loadDigits(model, "train"), await loadDigits(model, "validation")];
  window.trainer = await startTrainer(model, (event) => heard.push({ ...event, at: performance.now() }));
  window.trainer.tell({ type: "data", data: { train, validation } });
  return window.trainer.isBeside;
};
window.train = (run, epochs) => {
  const settings = { epochs, batch_size: 32 };
  window.trainer.tell({ type: "train", run, description, settings });
};
"""
TRAIN_AND_WAIT = """async (epochs) => {
  window.train(1, epochs);
  const done = () => window.heard.find(({ type }) => type === "done");
  while (!done()) await new Promise((next) => setTimeout(next, 50));
  return window.heard.map(({ weights, norms, ...event }) => ({ ...event, arrays: weights?.length }));
}"""


@pytest.fixture(scope="module")
def script(pages: Any) -> str:
    """Write the script that the pages have, and return it."""
    sys.path.append(str(EXTENSIONS))
    linker = importlib.import_module("linker")
    sources = {"entry.js": ENTRY}
    text = linker.link("entry.js", lambda name: sources.get(name) or (STATIC / name).read_text(encoding="utf-8"))
    (pages.folder / "entry.js").write_text(text, encoding="utf-8")
    return text


@pytest.fixture
def open_trial(browser: Browser, pages: Any, script: str) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page which can train, under a policy, with a state, at an address."""
    opened: list[Page] = []

    def open_trial(policy: str = "", *, url: str = pages.url, before: str = "") -> Page:
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
        page = browser.new_page()
        opened.append(page)
        if before:
            page.add_init_script(before)
        name = pages.write(f'{meta}<script defer src="entry.js"></script>')
        html = (pages.folder / name).read_text(encoding="utf-8").replace(meta, "").replace("<head>", f"<head>{meta}")
        (pages.folder / f"trial-{name}").write_text(html, encoding="utf-8")
        page.goto(f"{url}trial-{name}")
        page.wait_for_function("Boolean(window.start)")
        return page

    yield open_trial
    for page in opened:
        page.close()


def test_a_worker_trains_and_tells_in_time(open_trial: Callable[..., Page]) -> None:
    page = open_trial("script-src 'self'; worker-src 'self' blob:")
    assert page.evaluate("window.start()") is True
    assert len(page.workers) == 1
    heard = page.evaluate(TRAIN_AND_WAIT, 8)
    assert [event["type"] for event in heard[-2:]] == ["progress", "done"]
    epochs = [epoch for event in heard for epoch in event.get("epochs", [])]
    assert [epoch["epoch"] for epoch in epochs] == list(range(8))
    assert epochs[-1]["validation"]["accuracy"] > 0.8
    assert {event["arrays"] for event in heard} == {4}
    times = [event["at"] for event in heard if event["type"] == "progress"]
    # Never more than 60 a second; about twenty, where nothing else runs, and a busy machine delays some.
    assert all(times[i + 60] - times[i] >= 1000 for i in range(len(times) - 60))
    assert np.quantile([late - early for early, late in pairwise(times)], 0.25) < 100


def test_stop_is_obeyed_at_once_and_the_next_run_begins(open_trial: Callable[..., Page]) -> None:
    page = open_trial()
    page.evaluate("window.start()")
    page.evaluate("window.train(1, 1000)")
    page.wait_for_function("window.heard.some(({ type }) => type === 'progress')")
    waited = page.evaluate("""async () => {
      const start = performance.now();
      window.trainer.tell({ type: "stop" });
      const done = () => window.heard.find(({ type }) => type === "done");
      while (!done()) await new Promise((next) => setTimeout(next));
      return done().at - start;
    }""")
    assert waited < 1000
    page.evaluate("window.train(2, 1)")
    page.wait_for_function("window.heard.at(-1).type === 'done' && window.heard.at(-1).run === 2")


@pytest.mark.parametrize("leave", ["window.trainer.end()", "location.reload()", "location.href = 'about:blank'"])
def test_who_leaves_leaves_nothing_running(open_trial: Callable[..., Page], leave: str) -> None:
    page = open_trial()
    page.evaluate("window.start()")
    page.evaluate("window.train(1, 1000)")
    page.wait_for_function("window.heard.length > 2")
    (worker,) = page.workers
    with worker.expect_event("close"):
        page.evaluate(leave)
    assert page.workers == []


def test_where_workers_are_refused_the_page_trains_in_slices(open_trial: Callable[..., Page]) -> None:
    page = open_trial("script-src 'self'")
    assert page.evaluate("window.start()") is False
    assert page.workers == []
    page.evaluate("""() => {
      window.turns = 0;
      const look = () => setTimeout(look, 0, ++window.turns);
      look();
    }""")
    heard = page.evaluate(TRAIN_AND_WAIT, 3)
    assert heard[-1]["reason"] == "finished"
    # The page has its turn between two slices; a busy machine makes both slow.
    assert page.evaluate("window.turns") > 3 * len(heard)
    page.evaluate("window.train(2, 1000)")
    page.wait_for_timeout(300)
    assert page.evaluate("window.heard.at(-1).run") == 2
    length = page.evaluate("(window.trainer.end(), window.heard.length)")
    page.wait_for_timeout(300)
    assert page.evaluate("window.heard.length") == length


def test_a_page_that_was_opened_as_a_file_trains_beside_itself(open_trial: Callable[..., Page], pages: Any) -> None:
    page = open_trial(url=pages.folder.as_uri() + "/")
    assert page.evaluate("window.start()") is True
    assert page.evaluate(TRAIN_AND_WAIT, 1)[-1]["reason"] == "finished"


@pytest.mark.parametrize("beside", [True, False])
def test_jupyter_s_widget_brings_what_it_takes(open_trial: Callable[..., Page], beside: bool) -> None:
    stored = Trains()
    digits = {name: base64.b64encode(file).decode() for name, file in stored._digits.items()}
    page = open_trial(before="" if beside else "delete globalThis.Worker")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """([training, digits]) => {
          const bytes = (text) =>
            new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
          const sets = Object.entries(digits).map(([name, text]) => [name, bytes(text)]);
          Object.assign(window.state, { _training: training, _digits: Object.fromEntries(sets), digits: null });
        }""",
        [stored._training, digits],
    )
    assert page.evaluate("window.start()") is beside
    assert page.evaluate(TRAIN_AND_WAIT, 1)[-1]["reason"] == "finished"
    assert all(url.startswith(("blob:", "data:")) for url in asked)


def test_the_digits_are_those_of_the_course(open_trial: Callable[..., Page]) -> None:
    page, digits = open_trial(), data.digits()
    for name in ("train", "validation", "test"):
        labels, total, some = page.evaluate(
            """async (name) => {
              const { labels, x } = await window.digits(name);
              return [Array.from(labels), x.reduce((a, b) => a + b), Array.from(x.subarray(-784))];
            }""",
            name,
        )
        images = getattr(digits, f"x_{name}")
        assert labels == getattr(digits, f"y_{name}").tolist()
        assert total == int(np.rint(255 * images.astype(np.float64)).sum())
        np.testing.assert_array_equal(np.float32(np.array(some) / 255), images[-1].ravel())


def test_a_script_that_does_not_come_is_said(open_trial: Callable[..., Page]) -> None:
    page = open_trial()
    page.route("**/training.js", lambda route: route.fulfill(status=404))
    said = page.evaluate("window.start().catch((error) => error.message)")
    assert said == "training.js did not load; reload the page"
