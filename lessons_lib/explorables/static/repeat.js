// Repeat: a comparison of the course, trained again in the page with a seed of the reader's own.

import { recall, tellAnswer } from "./answers.js";
import {
  button,
  change,
  controls,
  labelled,
  make,
  mount,
  oneStep,
  resetButton,
  sentence,
  stateOf,
  table,
} from "./controls.js";
import { onCanvas, reordered, SIDE } from "./digits.js";
import { createRandom, shuffle } from "./random.js";
import { path, svg, tick } from "./svg.js";
import { ignoreSecondPress, loadDigits, startTrainer } from "./trainer.js";
import { minus, show } from "./words.js";

/**
 * @typedef {import("./nn.js").Description} Description
 * @typedef {import("./train.js").Examples} Examples
 * @typedef {import("./train.js").Event} Event
 * @typedef {import("./trainer.js").Trainer} Trainer
 * @typedef {{
 *   name: string, network: Description, optimizer: import("./optimizers.js").OptimizerSpec,
 *   side: number, examples: number, shuffled: boolean, moved: number, right: number,
 *   epochs: number, patience: number, batch_size: number,
 * }} Trial
 * @typedef {[seed: number, first: number, second: number]} Mine
 * @typedef {{
 *   question: string, trials: Trial[], published: number[], seed: number, mine: Mine[],
 * }} State
 * @typedef {{train: Examples, validation: Examples, test: Examples}} Sets
 */

/** @type {(keyof State)[]} */
const TRAITS = ["question", "trials", "published", "seed", "mine"];
const [WIDTH, HEIGHT, EDGE] = [320, 92, 14];
/** How far apart the marks of equal runs are. */
const RAISE = 3;
/** How many marks stand above another one at most. */
const MOST_RAISED = 4;
/** The largest seed that a reader may choose. */
const MOST_SEED = 9999;
const isSeed = (/** @type {unknown} */ value) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_SEED;
/** Whether this can be an accuracy. */
const isShare = (/** @type {unknown} */ value) =>
  typeof value === "number" && value >= 0 && value <= 1;
const STOPPED = "Stopped: nothing is kept of this run.";

/**
 * What a trial trains and is tested on.
 * @param {Trial} trial
 * @param {Sets} sets the digits of the course
 * @param {number} seed
 * @returns {Sets}
 */
export function examplesFor(trial, { train, validation, test }, seed) {
  const { side, examples, shuffled, moved, right } = trial;
  const order = Uint32Array.from({ length: side ** 2 }, (_, i) => i);
  if (shuffled) shuffle(order, createRandom(seed));
  /** @param {Examples} some @param {number[]} moves @returns {Examples} */
  const prepared = ({ x, labels }, ...moves) => {
    const images = onCanvas(x, side, ...moves);
    return { x: shuffled ? reordered(images, order) : images, labels };
  };
  const from = (seed * examples) % train.labels.length;
  const drawn = {
    x: train.x.slice(from * SIDE ** 2, (from + examples) * SIDE ** 2),
    labels: Array.from(train.labels).slice(from, from + examples),
  };
  return {
    train: prepared(drawn),
    validation: prepared(validation),
    test: prepared(test, moved, right),
  };
}

/** The mean of numbers and their standard deviation. @param {number[]} values */
export function spreadOf(values) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/**
 * The runs in what a page has kept, whatever that is.
 * @param {unknown} kept
 * @returns {Mine[]}
 */
export const runsIn = (kept) =>
  Array.isArray(kept)
    ? kept.filter((run) =>
      Array.isArray(run) && run.length === 3 && isSeed(run[0]) && run.slice(1).every(isShare)
    )
    : [];

/** @param {Mine} run */
const differenceOf = ([, first, second]) => first - second;

/** A difference with its sign. @param {number} value */
const signed = (value) => (value > 0 ? "+" : "") + minus(value.toFixed(3));

/** The difference of a run as text: that of the two numbers beside it, as they are rounded. @param {Mine} run */
const differenceInWords = ([, first, second]) =>
  signed(Number(first.toFixed(3)) - Number(second.toFixed(3)));

/** What the last run of the reader says, beside those of the course. @param {State} state */
export function inWords({ trials: [first, second], published, mine }) {
  if (!mine.length) {
    const { mean, deviation } = spreadOf(published);
    return published.length
      ? `In the course, “${first.name}” minus “${second.name}” is ${signed(mean)} ± ` +
        `${deviation.toFixed(3)} over ${published.length} seeds. Does your seed agree?`
      : `Train both, and see by how much “${first.name}” is ahead of “${second.name}”.`;
  }
  const last = mine[mine.length - 1];
  const [seed, a, b] = last;
  const found =
    `Seed ${seed}: “${first.name}” ${a.toFixed(3)}, “${second.name}” ${b.toFixed(3)}, ` +
    `difference ${differenceInWords(last)}.`;
  const all = [...published, ...mine.map(differenceOf)];
  if (all.length < 2) return found;
  const ahead = all.filter((value) => value > 0).length;
  return `${found} Of ${all.length} runs, yours and the course's, “${first.name}” is ahead in ${ahead}.`;
}

/** A scale that holds 0 and all values. @param {number[]} values */
function scaleFor(values) {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = Math.max(0.02, 0.12 * (high - low));
  const [from, to] = [low - room, high + room];
  const across = (/** @type {number} */ value) =>
    EDGE + ((value - from) / (to - from)) * (WIDTH - 2 * EDGE);
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((size) => (to - from) / size <= 8) ?? 1;
  const first = Math.ceil(from / step);
  const ticks = Array.from(
    { length: Math.floor(to / step) - first + 1 },
    (_, i) => (first + i) * step,
  );
  return { across, ticks };
}

/**
 * How far up each mark moves, so that those of equal runs show beside each other.
 * @param {number[]} places along the axis
 */
export function raised(places) {
  /** @param {number} i */
  const before = (i) =>
    places.slice(0, i).filter((other) => Math.abs(other - places[i]) < RAISE).length;
  return places.map((_, i) => RAISE * Math.min(before(i), MOST_RAISED));
}

/** The plot: the course's runs above, the reader's below. @param {State} state */
function plotOf({ published, mine }) {
  const own = mine.map(differenceOf);
  const { across, ticks } = scaleFor([...published, ...own]);
  const zero = across(0);
  const [above, below] = [published, own].map((values) => raised(values.map(across)));
  const course = published.map((value, i) =>
    svg("circle", { class: "lx-course", cx: across(value), cy: 22 - above[i], r: 5 })
  );
  const reader = own.map((value, i) => {
    const [x, y] = [across(value), 52 - below[i]];
    const points = [[x, y - 7], [x + 7, y], [x, y + 7], [x - 7, y]];
    return svg("path", {
      class: i === own.length - 1 ? "lx-mine lx-last" : "lx-mine",
      d: `${path(points)}Z`,
    });
  });
  return [
    svg("line", { class: "lx-zero", x1: zero, x2: zero, y1: 8, y2: 68 }),
    svg("line", { class: "lx-axis", x1: EDGE, x2: WIDTH - EDGE, y1: 68, y2: 68 }),
    ...ticks.map((value) => tick(across(value), 84, minus(Number(value.toFixed(2))))),
    ...course,
    ...reader,
  ];
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const given = /** @type {import("./trainer.js").Model} */ (/** @type {unknown} */ (model));
  /** @type {Trainer | undefined} */
  let trainer;
  /** @type {Promise<Sets> | undefined} */
  let digits;
  /** Counts the runs that were begun; an old one finds that it is not the last. */
  let begun = 0;
  /** @type {(event: Event) => void} */
  let hear = () => {};

  const seed = make("input", { type: "number", min: "0", max: String(MOST_SEED), step: "1" });
  /** Take the seed from its field, or say what is wrong with it. @returns {boolean} whether there is one */
  function takeSeed() {
    const value = Number(seed.value);
    const fits = seed.value !== "" && isSeed(value);
    seed.setAttribute("aria-invalid", String(!fits));
    const rule = `The seed must be a whole number from 0 to ${MOST_SEED}`;
    news.textContent = fits ? "" : `${rule}. Received: ${seed.value || "no number"}.`;
    if (fits) change(model, { seed: value });
    return fits;
  }
  seed.onchange = takeSeed;
  const start = button("Train both", () => {
    if (running) stop(STOPPED);
    else if (takeSeed()) run();
  });
  ignoreSecondPress(start);
  start.classList.add("lx-main");
  const bar = make("progress", { max: 1, value: 0, "aria-label": "How far the training is" });
  const news = make("output", { className: "lx-note" });
  const words = sentence();
  const plot = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  const runs = table("Your runs", ["seed", "first", "second", "difference"]);
  const heads = [...runs.element.querySelectorAll("thead th")];
  let running = false;
  /** Whether the page keeps runs of this question. */
  let kept = false;

  async function allDigits() {
    const names = /** @type {const} */ (["train", "validation", "test"]);
    const [train, validation, test] = await Promise.all(names.map((n) => loadDigits(given, n)));
    return { train, validation, test };
  }

  /** The digits, once; what fails is tried again by the next run. */
  function digitsOnce() {
    digits ??= allDigits().catch((error) => {
      digits = undefined;
      throw error;
    });
    return digits;
  }

  /**
   * Train the network of a trial and measure it on its test digits.
   * @param {Trainer} with_ @param {Trial} trial @param {Sets} sets @param {number} seed
   * @param {number} at
   * @returns {Promise<number>} its accuracy
   */
  function accuracyOf(with_, trial, sets, seed, at) {
    const { train, validation, test } = examplesFor(trial, sets, seed);
    const description = { ...trial.network, optimizer: trial.optimizer, seed };
    const { epochs, patience, batch_size } = trial;
    return new Promise((done, refuse) => {
      hear = (event) => {
        if (event.type === "failed") refuse(new Error(event.message));
        if (event.type === "evaluated") done(event.accuracy);
        if (event.type === "progress") tell(trial, event, at);
        if (event.type !== "done") return;
        if (event.reason === "diverged") return refuse(new Error(`${trial.name} diverged`));
        const { run, weights } = event;
        with_.tell({ type: "evaluate", run, description, weights, examples: test });
      };
      const settings = { epochs, batch_size, ...(patience ? { patience } : {}) };
      with_.tell({ type: "data", data: patience ? { train, validation } : { train } });
      with_.tell({ type: "train", run: at, description, settings });
    });
  }

  /** @param {Trial} trial @param {Extract<Event, {type: "progress"}>} event @param {number} at */
  function tell({ name, patience }, { step, steps, epoch, accuracy }, at) {
    bar.value = (at + step / steps) / 2;
    const until = patience ? ", until the validation loss stops falling" : "";
    news.textContent = `${name}: epoch ${epoch + 1}, right in training ${show(accuracy)}${until}`;
  }

  async function run() {
    const mine = ++begun;
    running = true;
    draw();
    news.textContent = "The digits and the code for training are loaded …";
    try {
      const sets = await digitsOnce();
      if (mine !== begun) return;
      const with_ = trainer ?? await startTrainer(given, (event) => hear(event));
      // Who has stopped this run meanwhile could not end what was only about to start.
      if (mine !== begun) return with_.end();
      trainer = with_;
      const { trials: [first, second], seed: number } = state();
      const began = performance.now();
      const a = await accuracyOf(with_, first, sets, number, 0);
      const b = await accuracyOf(with_, second, sets, number, 1);
      if (mine !== begun) return;
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      const where = with_.isBeside ? "" : ", in the page itself: no worker was allowed";
      news.textContent = `Both were trained in ${seconds} s${where}.`;
      const others = state().mine.filter(([seed]) => seed !== number);
      keep([...others, [number, a, b]]);
    } catch (error) {
      if (mine !== begun) return;
      news.textContent = `The training stopped: ${error instanceof Error ? error.message : error}.`;
    }
    running = false;
    draw();
  }

  /** The name by which a page keeps the runs: those of another question are others. */
  const task = () => `repeat:${state().question}`;

  /** Show the runs, and go on with the seed after the last one. @param {Mine[]} mine */
  function showRuns(mine) {
    const next = mine.length ? { seed: (mine[mine.length - 1][0] + 1) % (MOST_SEED + 1) } : {};
    change(model, { mine, ...next });
  }

  /** Show the runs, and let the page keep them. @param {Mine[]} mine */
  function keep(mine) {
    showRuns(mine);
    kept = mine.length > 0;
    tellAnswer(el, task(), { given: mine, checked: false, failed: 0 });
  }

  /** Stop what runs, or is about to. @param {string} [message] */
  function stop(message = "") {
    begun++;
    running = false;
    trainer?.end();
    trainer = undefined;
    news.textContent = message;
    draw();
  }

  function draw() {
    const now = state();
    const [first, second] = now.trials;
    const isRefused = seed.getAttribute("aria-invalid") === "true";
    if (document.activeElement !== seed && !isRefused) seed.value = String(now.seed);
    seed.disabled = running;
    start.textContent = running ? "Stop" : "Train both";
    bar.hidden = !running;
    if (!running) bar.value = 0;
    question.textContent = `Repeat it: ${now.question}`;
    words.textContent = inWords(now);
    plot.replaceChildren(...plotOf(now));
    plot.setAttribute(
      "aria-label",
      `${first.name} minus ${second.name}: ${now.published.length} runs of the course and ` +
        `${now.mine.length} of yours`,
    );
    heads[1].textContent = first.name;
    heads[2].textContent = second.name;
    runs.element.hidden = !now.mine.length;
    runs.body.replaceChildren(...now.mine.map((one) => {
      const cells = [one[1].toFixed(3), one[2].toFixed(3), differenceInWords(one)];
      return make(
        "tr",
        {},
        make("th", { textContent: String(one[0]), scope: "row" }),
        ...cells.map((textContent) => make("td", { textContent })),
      );
    }));
  }

  const question = make("p", { className: "lx-panel-title" });
  const row = controls(
    start,
    labelled("Seed", seed),
    resetButton(model, TRAITS, () => {
      seed.setAttribute("aria-invalid", "false");
      stop();
      if (kept) keep([]);
    }),
    bar,
  );
  const key = make(
    "p",
    { className: "lx-size" },
    make("span", { className: "lx-key lx-course-key", textContent: "○" }),
    " the course's seeds, ",
    make("span", { className: "lx-key lx-mine-key", textContent: "◆" }),
    " yours: by how much the first is ahead in accuracy on the test digits",
  );
  oneStep({ control: [start], input: [seed], result: [words, plot] });
  const children = [question, row, news, words, plot, key, runs.element];
  const leave = mount(model, el, "repeat", TRAITS, children, draw, stop);
  recall(el, task(), ({ answer }) => {
    if (answer || kept) showRuns(runsIn(answer?.given));
    kept = Boolean(answer);
  });
  return leave;
}

export default { render };
