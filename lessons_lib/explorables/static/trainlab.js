// TrainLab: choose a network, its data and its training; let it learn in the page; compare up to six
// runs.

import {
  button,
  change,
  controls,
  isArrival,
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
import { createPlot } from "./trainlab_curves.js";
import { createStore } from "./trainlab_kept.js";
import { createLook } from "./trainlab_look.js";
import { epochsOf, MOST_RUNS, SEEDS } from "./trainlab_runs.js";
import { Session } from "./trainlab_session.js";
import {
  fromFragment,
  LABELS,
  OPTIONS,
  toFragment,
  TRAITS,
  traitsOf,
} from "./trainlab_settings.js";
import { createTable } from "./trainlab_table.js";
import { idleInWords, planInWords, runInWords } from "./trainlab_words.js";
import { ignoreSecondPress } from "./trainer.js";

/**
 * @typedef {import("./trainlab_settings.js").Settings} Settings
 * @typedef {import("./trainlab_runs.js").Run} Run
 * @typedef {import("./trainer.js").TrainingState} TrainingState
 * @typedef {Settings & TrainingState & {name: string}} State
 * @typedef {import("./controls.js").Model<State>} Model
 */

/** Milliseconds between two sentences while a network trains. */
const BETWEEN = 1000;
/** While a network trains, what was said for an action stays for so many milliseconds. */
const READ = 2000;
/** For so many milliseconds after the end of a run, who meant Pause does not begin another one. */
const LATE = 500;
const KEYS = "Dashed: training. Solid: validation, with the mark of the run at the last epoch.";
const BESIDE = "Your runs of an earlier visit stand beside this one, as far as there is room.";
const LAST = ", and the settings of the last one";
const SLICES =
  "This browser lets no program run beside the page. So the page itself trains, in short slices, " +
  "which takes longer.";

/** Whether a run has these settings. @param {Run | undefined} run @param {Settings} now */
const isOf = (run, now) => run && TRAITS.every((trait) => run.settings[trait] === now[trait]);

/** The lists of the settings; those that say nothing are hidden. @param {Model} model */
function createOptions(model) {
  const lists = TRAITS.map((trait) => {
    const options = /** @type {never[]} */ (OPTIONS[trait]);
    const { element, draw } = select(model, LABELS[trait], trait, options);
    const list = /** @type {HTMLSelectElement} */ (element.lastChild);
    element.classList.toggle("lx-long", trait === "data" || trait === "network");
    return { trait, element, list, draw };
  });
  const element = controls(...lists.map(({ element }) => element));
  element.classList.add("lx-options");
  /** @param {Settings} now */
  function draw(now) {
    const used = new Set(traitsOf(now));
    for (const { trait, element, list, draw } of lists) {
      element.hidden = list.disabled = !used.has(trait);
      draw();
    }
  }
  return { element, draw };
}

/**
 * The link to an experiment: a button that makes it, and a function that follows that of the page.
 * @param {Model} model
 * @param {HTMLElement} el
 * @param {(text: string) => void} tell
 */
function createLink(model, el, tell) {
  const view = /** @type {Window} */ (el.ownerDocument.defaultView);
  async function make() {
    const settings = /** @type {Settings} */ (stateOf(model, TRAITS));
    view.history.replaceState(null, "", toFragment(model.get("name"), settings));
    const copying = view.navigator.clipboard?.writeText(view.location.href);
    const copied = await copying?.then(() => true, () => false);
    const also = copied ? ", and it is copied" : "";
    tell(`The address of this page now leads to this experiment${also}.`);
  }
  /** Set what the address says, and show it to who comes for it. @param {boolean} scrolls */
  function follow(scrolls) {
    const found = fromFragment(model.get("name"), view.location.hash);
    if (!found) return;
    const { settings, unknown } = found;
    change(model, settings);
    const now = /** @type {Settings} */ (stateOf(model, TRAITS));
    const plan = planInWords(now) + idleInWords(settings, now);
    if (unknown.length) {
      const list = unknown.join(", ");
      tell(`The link has what this figure does not know: ${list}. The rest is set. ${plan}`);
    } else if (Object.keys(settings).length) tell(`The settings are those of the link. ${plan}`);
    if (scrolls) view.requestAnimationFrame(() => el.scrollIntoView());
  }
  return { element: button("Link to this experiment", make), follow };
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const settings = () => /** @type {Settings} */ (stateOf(model, TRAITS));
  /** What was said last for an action, while the settings were these; it stays until the next one. */
  let [note, noted] = ["", ""];
  let [frame, said, told] = [0, 0, 0];
  /** What the session did when it was heard of last. @type {Session["state"]} */
  let before = "resting";
  /** @param {string} [text] */
  function tell(text = "") {
    [note, noted] = [text, JSON.stringify(settings())];
    told = performance.now();
    // What is said a second time is read aloud a second time.
    if (text) words.textContent = "";
    draw();
  }
  const session = new Session(model, () => {
    // How a training has ended is worth more than what was said while it went on.
    if (before !== "resting" && session.state === "resting") note = "";
    before = session.state;
    look.ask();
    store?.keep(session.runs);
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  });
  // In Jupyter the address belongs to JupyterLab.
  const onPage = typeof model.get("_training") !== "string";
  const store = onPage ? createStore(`${location.pathname}#${model.get("name")}`) : undefined;
  /** Show the runs of an earlier visit, beside one that the reader has begun by now. */
  async function bringBack() {
    const before = settings();
    const runs = await store?.find() ?? [];
    const { shown } = session;
    const last = runs.slice(Math.max(0, runs.length + session.runs.length - MOST_RUNS));
    if (!last.length) return;
    session.bringBack(last);
    if (shown) session.show(shown);
    if (note) return;
    if (shown) return tell(BESIDE);
    const isUntouched = TRAITS.every((trait) => before[trait] === settings()[trait]);
    if (isUntouched) change(model, last[last.length - 1].settings);
    tell(`Your runs of an earlier visit are here again${isUntouched ? LAST : ""}.`);
  }

  /** @param {{seeds?: number, step?: boolean}} [how] */
  function begin(how) {
    const { active, runs, state } = session;
    if (state !== "resting") return tell("A run is under way: pause it, or let it end.");
    // A paused run that had no epoch makes room.
    const kept = runs.length - (active && !epochsOf(active) ? 1 : 0);
    if (kept >= MOST_RUNS) return tell(`${MOST_RUNS} runs are kept. Remove one to train another.`);
    tell();
    session.begin(settings(), how);
  }
  const train = button("Train", () => {
    const late = performance.now() - session.ended < LATE;
    if (late && isOf(session.shown, settings())) return;
    if (session.state === "training") session.pause();
    else if (session.state === "resting" && isOf(session.active, settings())) session.resume();
    else return begin();
    tell();
  });
  train.classList.add("lx-main");
  ignoreSecondPress(train, () => Boolean(session.active));
  const step = button("Step", () => {
    if (session.state === "training") session.pause();
    if (session.state !== "resting" || !isOf(session.active, settings())) {
      return begin({ step: true });
    }
    session.step();
    tell();
  });
  const repeat = button("Repeat with five seeds", () => begin({ seeds: SEEDS }));
  ignoreSecondPress(repeat, () => Boolean(session.active));
  const reset = resetButton(model, [...TRAITS, "name"], () => {
    session.drop();
    tell();
  });

  const options = createOptions(model);
  const link = createLink(model, el, tell);
  const words = sentence();
  const slices = make("p", { className: "lx-note", textContent: SLICES });
  const loss = createPlot("loss", "Loss of each run, epoch by epoch");
  const accuracy = createPlot("accuracy", "Accuracy of each run, epoch by epoch");
  const runs = createTable(session, tell, () => train.focus());
  const look = createLook(session, (problem) => tell(`The network does not answer: ${problem}.`));

  function say() {
    const { active, shown, state, problem } = session;
    const now = settings();
    const run = active ?? (isOf(shown, now) ? shown : undefined);
    const training = state === "training";
    const status = state === "starting"
      ? "What trains is loaded …"
      : run
      ? runInWords(run, training)
      : planInWords(now);
    const time = performance.now();
    const isRead = training && time - told > READ;
    if (noted !== JSON.stringify(now) || isRead) note = "";
    const text = note || problem || status;
    if (text === words.textContent || (training && !note && time - said < BETWEEN)) return;
    said = time;
    words.textContent = text;
  }
  function draw() {
    const now = settings();
    const resumes = session.state === "resting" && isOf(session.active, now);
    train.textContent = session.state === "training" ? "Pause" : resumes ? "Go on" : "Train";
    slices.hidden = session.isBeside;
    options.draw(now);
    for (const plot of [loss, accuracy]) plot.draw(session.runs);
    runs.draw();
    look.draw();
    say();
  }

  const row = controls(train, step, reset, repeat, ...(onPage ? [link.element] : []));
  const curves = panels(panel("Loss", loss.element), panel("Accuracy", accuracy.element));
  const keys = make("p", { className: "lx-size", textContent: KEYS });
  oneStep({ control: [row], input: [options.element], result: [words, curves] });
  const listening = new AbortController();
  const leave = mount(
    model,
    el,
    "trainlab",
    [...TRAITS, "name"],
    [options.element, row, words, slices, curves, keys, runs.element, look.element, runs.lines],
    draw,
    () => {
      listening.abort();
      cancelAnimationFrame(frame);
      session.end();
    },
  );
  if (onPage) {
    addEventListener("hashchange", () => link.follow(true), { signal: listening.signal });
    link.follow(isArrival());
    bringBack();
  }
  return leave;
}

export default { render };
