// Overfit: a network learns its training points by heart; validation points tell what that is worth.

import {
  button,
  calm,
  change,
  controls,
  make,
  mount,
  oneStep,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  stateOf,
} from "./controls.js";
import { asked, createLossPlot, createPicture } from "./overfit_pictures.js";
import { EPOCHS, KEEP, OPTIONS, SETTINGS } from "./overfit_points.js";
import { Run } from "./overfit_run.js";
import { inWords } from "./overfit_words.js";
import { player } from "./player.js";
import { createSession } from "./train.js";
import { ignoreSecondPress, startTrainer, trainInSlices } from "./trainer.js";

/**
 * @typedef {import("./overfit_points.js").Settings} Settings
 * @typedef {import("./trainer.js").Trainer} Trainer
 * @typedef {Settings & import("./trainer.js").TrainingState & {epoch: number}} State
 */

/** @type {(keyof Settings | "epoch")[]} */
const TRAITS = [...SETTINGS, "epoch"];
/** What the figure calls each setting. @type {Record<keyof Settings, string>} */
const LABELS = {
  task: "Task",
  units: "Units a layer",
  examples: "Examples",
  noise: "Noise",
  dropout: "Dropout",
  l2: "L2",
  seed: "Seed",
};
const KEYS = "Solid: validation. Dashed: training. Thin: validation in the run before.";
/** Milliseconds for a stage, and between two sentences while stages follow each other. */
const [PACE, BETWEEN] = [40, 1000];
/** How many runs are remembered. */
const MOST_RUNS = 6;

/** The runs by their settings, and what trains them. @param {import("./trainer.js").Model} model @param {() => void} onChange */
function createRuns(model, onChange) {
  /** @type {Map<string, Run>} */
  const runs = new Map();
  let ids = 0;
  /** What trains beside the page; the first run of a figure needs no more than slices of the page. @type {Promise<Trainer> | undefined} */
  let beside;
  const onPage = trainInSlices({ createSession }, hear);

  /** @param {import("./train.js").Event} event */
  function hear(event) {
    if (event.type === "ready") return;
    const run = [...runs.values()].find(({ id }) => id === event.run);
    run?.hear(event);
    if (run) onChange();
  }
  /** @param {Settings} settings */
  const keyOf = (settings) => SETTINGS.map((trait) => settings[trait]).join();
  /** Whether these settings have been trained to the end. @param {Settings} settings */
  const knows = (settings) => Boolean(runs.get(keyOf(settings))?.isDone);
  /** The run of some settings. @param {Settings} settings @returns {Run} */
  function of(settings) {
    const key = keyOf(settings);
    const known = runs.get(key);
    if (known) return known;
    const run = new Run(settings, ++ids);
    runs.set(key, run);
    const [oldest] = [...runs.entries()].slice(1).filter(([, { running }]) => !running);
    if (runs.size > MOST_RUNS && oldest) runs.delete(oldest[0]);
    return run;
  }
  /** Train a run from its beginning. @param {Run} run @param {Promise<Trainer>} trainer */
  async function train(run, trainer) {
    run.restart();
    try {
      const { tell } = await trainer;
      if (run.running) run.commands.forEach(tell);
    } catch (error) {
      run.fail(error instanceof Error ? error.message : String(error));
      beside = undefined;
    }
    onChange();
  }
  return {
    of,
    knows,
    trainHere: (/** @type {Run} */ run) => train(run, Promise.resolve(onPage)),
    trainBeside: (/** @type {Run} */ run) => train(run, beside ??= startTrainer(model, hear)),
    hurry: onPage.hurry,
    end() {
      onPage.end();
      beside?.then((trainer) => trainer.end());
    },
  };
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const settings = () => /** @type {Settings} */ (stateOf(model, SETTINGS));
  const given = /** @type {import("./trainer.js").Model} */ (/** @type {unknown} */ (model));
  const runs = createRuns(given, () => draw());
  const current = () => runs.of(settings());
  /** The run that is shown, and the one that was shown before. @type {Run | undefined} */
  let shown;
  /** @type {Run | undefined} */
  let before;
  let [playing, said] = [false, 0];
  /** @param {number} epoch */
  const goTo = (epoch) => change(model, { epoch });

  const { play, pause } = player({
    el,
    name: "Train",
    pace: () => PACE,
    begin() {
      const run = current();
      if (!run.isDone && !run.running) runs.trainBeside(run);
      if (model.get("epoch") >= run.last.epoch) goTo(0);
    },
    step() {
      const { isDone, running, last } = current();
      const next = calm() ? last.epoch : model.get("epoch") + KEEP;
      if (next <= last.epoch) goTo(next);
      return next < EPOCHS && (isDone || running);
    },
    onChange(now) {
      playing = now;
      draw();
    },
  });
  ignoreSecondPress(play);
  const early = button("Stop early", () => {
    pause();
    goTo(current().best.epoch);
  });
  const lists = SETTINGS.map((trait) =>
    select(
      model,
      LABELS[trait],
      trait,
      /** @type {never[]} */ (OPTIONS[trait]),
      (value) => ({ epoch: runs.knows({ ...settings(), [trait]: value }) ? EPOCHS : 0 }),
    )
  );
  const options = controls(...lists.map(({ element }) => element));
  options.classList.add("lx-options");
  const range = make("input", { type: "range", min: "0", max: String(EPOCHS), step: String(KEEP) });
  range.oninput = () => {
    const epoch = Number(range.value);
    pause();
    goTo(epoch);
  };
  const number = make("output");
  const slider = make("label", { className: "lx-slider" }, "Epoch ", range, " ", number);
  const words = sentence();
  const pictures = /** @type {const} */ (["training", "validation"]).map(createPicture);
  const plot = createLossPlot();
  const keys = make("p", { className: "lx-size", textContent: KEYS });

  function say(/** @type {string} */ text) {
    const time = performance.now();
    if (text === words.textContent || (playing && time - said < BETWEEN)) return;
    said = time;
    words.textContent = text;
  }
  function draw() {
    const run = current();
    if (run !== shown) {
      if (playing) return pause();
      if (shown?.isDone) before = shown;
      if (before?.settings.task !== run.settings.task) before = undefined;
      shown = run;
    }
    const stage = run.at(model.get("epoch"));
    const values = asked(run, stage);
    for (const picture of pictures) picture.draw(run, stage, values);
    plot.draw(run, stage, before);
    for (const list of lists) list.draw();
    range.disabled = early.disabled = run.stages.length < 2;
    range.value = String(stage.epoch);
    number.textContent = String(stage.epoch);
    say(inWords(run, stage));
  }

  const row = controls(
    play,
    early,
    resetButton(model, TRAITS, () => {
      pause();
      before = shown = undefined;
    }),
    slider,
  );
  const body = panels(...pictures, panel("Loss", plot.element, keys));
  oneStep({
    control: [row],
    input: pictures.map(({ element }) => element),
    result: [words, plot.element],
  });
  const listening = new AbortController();
  const leave = mount(model, el, "overfit", TRAITS, [options, row, words, body], draw, () => {
    pause();
    runs.end();
    listening.abort();
  });
  // Paper shows the end of the training.
  addEventListener("beforeprint", runs.hurry, { signal: listening.signal });
  // The figure begins with a network that has been trained: there is something to see.
  runs.trainHere(current());
  return leave;
}

export default { render };
