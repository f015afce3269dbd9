// Adversary: one step against a digit that a network reads, beside random noise of the same size.

import { countChanged, FINE, MOST, moved, noiseOf, signsOf, smallest } from "./adversary_step.js";
import { foundInWords, inWords, NOISES } from "./adversary_words.js";
import { createBars } from "./bars.js";
import { paint } from "./closeup.js";
import {
  button,
  change,
  controls,
  make,
  mount,
  panel,
  resetButton,
  select,
  sentence,
  setLabel,
  slider,
  stateOf,
} from "./controls.js";
import { readDigit } from "./digitnetwork.js";
import { createReader, READ } from "./digitreader.js";
import { BLACK, BLUE, ORANGE, WHITE } from "./grid.js";
import { createSlices } from "./slices.js";
import { show } from "./words.js";

/**
 * @typedef {import("./nn.js").Network} Network
 * @typedef {import("./digitreader.js").Read & {goal: string, epsilon: number, seed: number}} State
 */

/** @type {(keyof State)[]} */
const TRAITS = [...READ, "goal", "epsilon", "seed"];
const SIDE = 28;
const SEEDS = 100;
const AWAY = "away from the answer";
const TOWARDS = Array.from({ length: 10 }, (_, digit) => `towards ${digit}`);
const KEYS = [
  "The step moves each pixel by ε, up or down: so that the loss of the answer rises or, towards a " +
  "class, that of the class falls. The noise moves each pixel by ε, up or down at random. Both stay " +
  "within 0 and 1. Difference: orange is lighter than before, blue darker; full colour is 0.3.",
];

/**
 * Where a step leads, which answer is meant, and how that is called.
 * @param {string} goal
 * @param {number} before the answer before the step
 */
function aimOf(goal, before) {
  const to = TOWARDS.indexOf(goal);
  const isAway = to < 0;
  return {
    aim: isAway ? { from: before } : { to },
    isWanted: (/** @type {number} */ answer) => isAway ? answer !== before : answer === to,
    wanted: isAway ? "changes the answer" : `makes it say ${to}`,
  };
}

/** @param {ArrayLike<number>} data */
const toMaps = (data) => ({ height: SIDE, width: SIDE, channels: 1, data });

/** A changed image: the picture, what has changed in it, and the probabilities. @param {string} title */
function createChanged(title) {
  const [picture, difference] = ["picture", "difference"].map((what) =>
    make("canvas", { role: "img", "aria-label": `${title}: ${what}` })
  );
  const bars = createBars();
  const says = panel("", bars.element);
  const element = make(
    "div",
    { className: "lx-row" },
    ...[panel(title, picture), panel("Difference", difference), says].map(({ element }) => element),
  );
  /**
   * @param {number[]} x the image before
   * @param {Float32Array} after
   * @param {ReturnType<typeof readDigit>} read
   * @param {number} before the answer before
   */
  function draw(x, after, { probabilities, answer, probability }, before) {
    paint(picture, toMaps(after), 1, [BLACK, WHITE]);
    const changes = after.map((value, i) => value - x[i]);
    paint(difference, toMaps(changes), MOST, [WHITE, ORANGE, BLUE]);
    const count = changes.filter((value) => value !== 0).length;
    setLabel(difference, `${title}: ${count} of ${x.length} pixels have changed`);
    says.heading.textContent = `Says ${answer}, ${show(probability, 3)}`;
    says.heading.classList.toggle("lx-other", answer !== before);
    bars.draw(probabilities, before);
  }
  return { element, draw };
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const reader = createReader(model, () => draw());
  const words = sentence();
  const goals = select(model, "Step", "goal", [AWAY, ...TOWARDS]);
  const size = slider(model, "Size of the step, ε", "epsilon", 0, MOST, FINE);
  const search = button("Find the smallest step", find);
  const anew = button("Another noise", () => change(model, { seed: (state().seed + 1) % SEEDS }));
  const bars = createBars();
  const answer = panel("", bars.element);
  const changed = [createChanged("One step"), createChanged("Random noise")];
  /** What was found last, and the state that it belongs to. */
  let [note, noted] = ["", ""];

  /** Find the smallest step that is enough. */
  function find() {
    const { network } = reader;
    const now = state();
    const x = now.image.flat();
    const { answer } = readDigit(network, x);
    const { aim, isWanted, wanted } = aimOf(now.goal, answer);
    const done = isWanted(answer);
    const found = done ? 0 : smallest(network, x, signsOf(network, x, aim), isWanted);
    note = done ? `It says ${answer} without a step.` : foundInWords({ size: found, wanted });
    const epsilon = found ?? MOST;
    noted = JSON.stringify({ ...now, epsilon });
    change(model, { epsilon });
    draw();
  }
  // A hundred noises take a while: their number comes last.
  const slices = createSlices((/** @type {string} */ text) => (words.textContent = text));

  function draw() {
    const now = state();
    for (const control of [reader, goals, size]) control.draw();
    const { network } = reader;
    const x = now.image.flat();
    const before = readDigit(network, x);
    bars.draw(before.probabilities, before.answer);
    answer.heading.textContent = `${reader.name} says ${before.answer}, ${
      show(before.probability, 3)
    }`;
    const signs = signsOf(network, x, aimOf(now.goal, before.answer).aim);
    const [after, noise] = [signs, noiseOf(x.length, now.seed)].map((signs, i) => {
      const image = moved(x, signs, now.epsilon);
      const read = readDigit(network, image);
      changed[i].draw(x, image, read, before.answer);
      return read;
    });
    const seen = { name: reader.name, size: now.epsilon, before, after, noise };
    const found = noted === JSON.stringify(now) ? `${note} ` : "";
    slices.ask(function* () {
      const count = yield* countChanged(network, x, now.epsilon, NOISES);
      return found + inWords({ ...seen, changed: count, flat: !signs.some(Boolean) });
    }());
  }

  reader.row.append(resetButton(model, TRAITS, reader.pad.remember));
  const choices = controls(reader.whose, goals.element);
  const steps = controls(size.element, search, anew);
  const result = make("div", { className: "lx-rows" }, ...changed.map(({ element }) => element));
  const parts = { answer: answer.element, control: steps, result, words, keys: KEYS };
  const body = reader.arrange(parts);
  return mount(
    model,
    el,
    "adversary",
    TRAITS,
    [reader.row, choices, body],
    draw,
    () => {
      slices.stop();
      reader.leave();
    },
  );
}

export default { render };
