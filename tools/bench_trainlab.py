"""Measure what a reader gets who trains in the page: how good a network is after a while, and whether the page answers.

The program prints the validation accuracy of the course's CNN after 2, 5 and 10 seconds of training in headless
Chromium, with its mean and standard deviation over five seeds. Then it opens the built chapter 8 on a phone whose
processor is four times slower than this one, trains the dense network there, and uses the page meanwhile: it prints how
many presses came through, and how long the page took for the slowest. It fails if a press is lost.
"""

from __future__ import annotations

import functools
import statistics
import sys
import threading
from http.server import ThreadingHTTPServer

from bench_page import measure
from bench_pages import PHONE, SITE, SLOWDOWN, Handler
from chromium import start_browser
from playwright.sync_api import sync_playwright
from serve import HOST

from lessons_lib.explorables.base import STATIC

SECONDS = (2, 5, 10)
SEEDS = 5
PRESSES = 60
CHAPTER = "book/08_cnn.html#trainlab?network=dense&hidden=1&units=64&data=digits&examples=200&epochs=100&seed=0"

# Trains with a seed, and returns the validation accuracy when the steps have taken so many seconds.
TRAIN = """async ([seconds, seed]) => {
  const [{ Network, oneHot }, { loadDigits }, { describe }, { createRandom, shuffle }] = await Promise.all(
    ["nn", "trainer", "trainlab_settings", "random"].map((name) => import(`./${name}.js`)));
  const file = (name) => async () => new DataView(await (await fetch(`digits/${name}.bin`)).arrayBuffer());
  const model = { get: () => ({ train: file("train"), validation: file("validation") }) };
  const [train, validation] = await Promise.all(["train", "validation"].map((name) => loadDigits(model, name)));
  const settings = { data: "digits", network: "CNN", optimizer: "Adam", learning_rate: 0.003, dropout: 0, l2: 0, seed };
  const batch = 64;
  const network = new Network(describe(settings), batch);
  const targets = oneHot(train.labels, 10);
  const order = Uint32Array.from(train.labels, (_, i) => i);
  const random = createRandom(seed);
  const [images, wanted] = [new Float32Array(batch * 784), new Float32Array(batch * 10)];
  const step = (start) => {
    for (let i = 0; i < batch; i++) {
      const from = order[(start + i) % order.length];
      for (let p = 0; p < 784; p++) images[i * 784 + p] = train.x[from * 784 + p] / 255;
      wanted.set(targets.subarray(from * 10, from * 10 + 10), i * 10);
    }
    network.step(images, wanted);
  };
  const accuracy = () => {
    let right = 0;
    for (let i = 0; i < validation.labels.length; i++) {
      const x = Float32Array.from(validation.x.subarray(i * 784, i * 784 + 784), (byte) => byte / 255);
      const ten = network.forward(x);
      right += ten.indexOf(Math.max(...ten)) === validation.labels[i];
    }
    return right / validation.labels.length;
  };
  const found = [];
  let spent = 0;
  while (found.length < seconds.length) {
    shuffle(order, random);
    for (let start = 0; start < order.length && found.length < seconds.length; start += batch) {
      const began = performance.now();
      step(start);
      spent += performance.now() - began;
      if (spent >= 1000 * seconds[found.length]) found.push(accuracy());
    }
  }
  return found;
}"""

# Notes each press that comes through, and how long the page took until it had answered.
LISTEN = """() => {
  window.pressed = 0;
  window.slowest = 0;
  addEventListener("keydown", ({ key }) => { if (key === "ArrowDown" || key === "ArrowUp") pressed++; }, true);
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === "keydown") slowest = Math.max(slowest, duration);
  }).observe({ type: "event", durationThreshold: 16 });
}"""


def accuracies() -> list[list[float]]:
    """Return the accuracy after each of `SECONDS`, for each seed."""
    return [measure(STATIC, TRAIN, [SECONDS, seed]) for seed in range(SEEDS)]


def press_while_training() -> tuple[int, float, str]:
    """Return how many of the presses came through, the milliseconds of the slowest answer, and how far the run was."""
    server = ThreadingHTTPServer((HOST, 0), functools.partial(Handler, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = start_browser(playwright, shell=True)
        page = browser.new_page(viewport={"width": PHONE, "height": 844})
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        page.goto(f"http://{HOST}:{server.server_port}/{CHAPTER}")
        figure = page.locator("[data-explorable=trainlab]")
        page.evaluate(LISTEN)
        figure.get_by_role("button", name="Train", exact=True).click(timeout=60_000)
        figure.get_by_role("button", name="Pause", exact=True).wait_for()
        page.locator("[data-explorable=trainlab] select").last.focus()
        for i in range(PRESSES):
            page.keyboard.press("ArrowDown" if i % 2 == 0 else "ArrowUp")
            page.wait_for_timeout(100)
        row = figure.get_by_role("row", name="Run 1").inner_text()
        page.wait_for_timeout(500)
        pressed, slowest = page.evaluate("[pressed, slowest]")
        browser.close()
    server.shutdown()
    return pressed, slowest, " ".join(row.split())


def main() -> int:
    """Print the measurements; return 1 if a press was lost."""
    for seconds, values in zip(SECONDS, zip(*accuracies(), strict=True), strict=True):
        mean, deviation = statistics.mean(values), statistics.stdev(values)
        print(f"after {seconds:2} s: validation accuracy {mean:.3f} +- {deviation:.3f} over {SEEDS} seeds")
    pressed, slowest, row = press_while_training()
    print(f"a phone {SLOWDOWN} times slower: {pressed} of {PRESSES} presses came through,")
    print(f"the slowest in {slowest:.0f} ms")
    print(f"the run meanwhile: {row}")
    return int(pressed != PRESSES)


if __name__ == "__main__":
    sys.exit(main())
