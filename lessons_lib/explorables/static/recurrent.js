// Recurrent: a network reads a digit row by row; its state and its guess grow beside the rows.

import {
  button,
  calm,
  change,
  choice,
  controls,
  labelled,
  make,
  mount,
  oneStep,
  panel,
  resetButton,
  select,
  sentence,
  slider,
  stateOf,
} from "./controls.js";
import { BLANK, decode, stroke } from "./drawing.js";
import { createGrid } from "./grid.js";
import { clamp } from "./ops.js";
import { player } from "./player.js";
import * as network from "./recurrent_network.js";
import { CLASSES, SIDE, UNITS, WAYS } from "./recurrent_network.js";
import { inWords, memoryInWords, partsOf } from "./recurrent_words.js";
import { exact, show } from "./words.js";

/**
 * `done` is how many rows have been read; `lower` says whose lower half the digit has. `_weights` are
 * the bytes of the weights. `examples` are images as base64 of one byte a pixel, row by row.
 * @typedef {{
 *   image: number[][], lower: string, way: network.Way, done: number, unit: number,
 *   pointer: "read" | "draw" | "erase", examples: string[], _weights: DataView,
 * }} State
 * @typedef {network.Weights} Weights
 * @typedef {import("./grid.js").View} View
 */

/** @type {(keyof State)[]} */
const TRAITS = ["image", "lower", "way", "done", "unit", "pointer"];
const DIGITS = Array.from({ length: CLASSES }, (_, digit) => String(digit));
const [OWN, SAME] = ["your own", "the same"];
const HINTS = {
  read:
    "Press a row, or a value of the state, to go to it; by keyboard, arrow keys. State: orange " +
    "is +1, white 0, blue −1. Guess: the stronger the orange, the more probable; the best has a frame.",
  draw: "Draw with mouse or finger; by keyboard Enter makes a dot, Shift and arrow keys draw on.",
  erase:
    "Erase with mouse or finger; by keyboard Enter takes a dot away, Shift and arrow keys more.",
};

/** How far two pixels of the same image may differ: Python rounds them. */
const ROUNDED = 1e-3;

/** @param {number[][]} one @param {number[][]} other */
const same = (one, other) =>
  one.every((row, i) => row.every((value, j) => Math.abs(value - other[i][j]) < ROUNDED));

/** A pixel of a row that is not read yet: paler. @param {number} value */
function pale(value) {
  const shade = Math.round(125 + 80 * value);
  return { color: `rgb(${shade},${shade},${shade})`, dark: false };
}

/** Where a value of the state comes from: a box for each part, in the colours of the state. */
function createParts() {
  const boxes = make("output", { className: "lx-products", "aria-live": "polite" });
  boxes.style.setProperty("--columns", "5");
  const { element, heading } = panel("", boxes);
  element.classList.add("lx-wide");
  /** @param {network.Step | undefined} step @param {ArrayLike<number>} biases @param {number} unit @param {number} row */
  function draw(step, biases, unit, row) {
    heading.textContent = step
      ? `Value ${unit} of the state after row ${row}`
      : `Value ${unit} of the state before the first row: 0`;
    const parts = step ? partsOf(step, biases, unit) : [];
    boxes.replaceChildren(...parts.map(([sign, name, value]) =>
      make(
        "span",
        { className: value < 0 ? "lx-below" : "lx-above" },
        make("i", { textContent: `${sign} ${name} ` }),
        make("b", { textContent: exact(value) }),
      )
    ));
  }
  return { element, boxes, draw };
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const examples = model.get("examples").map(decode);
  const weights = network.load(model.get("_weights"));
  /** Where a stroke begins. @type {[number, number]} */
  let last = [0, 0];
  let shifted = false;

  /** The image whose lower half is joined to the upper one. @param {State} now */
  const lowerOf = ({ lower }) => lower === SAME ? undefined : examples[Number(lower)];
  /** @param {State} now */
  const pictureOf = (now) => network.shown(now.image, lowerOf(now), now.way);
  /** @param {number} done */
  const go = (done) => change(model, { done: clamp(done, 0, SIDE) });
  /** Go back, or on, to the step that reads a row. @param {number} row */
  const goToRow = (row) => go(network.placeOf(row, state().way) + 1);
  /** Draw or erase from the last cell to this one; what is shown becomes the image. @param {[number, number]} place */
  function draws(place) {
    const now = state();
    const drawn = stroke(pictureOf(now), last, place, now.pointer === "erase");
    change(model, {
      image: now.way === "upside down" ? network.turned(drawn) : drawn,
      ...{ lower: SAME, done: SIDE },
    });
    last = place;
  }

  const picture = createGrid("Digit", ({ row, column, kind }) => {
    if (model.get("pointer") === "read") return goToRow(row);
    if (kind === "press" || (kind === "point" && !shifted)) last = [row, column];
    if (kind !== "point" || shifted) draws([row, column]);
  });
  picture.element.addEventListener("keydown", (event) => (shifted = event.shiftKey), {
    capture: true,
  });
  const strips = createGrid("State", ({ row, column }) => {
    change(model, { unit: column, done: network.placeOf(row, state().way) + 1 });
  });
  const guesses = createGrid("Guess", ({ row }) => goToRow(row));
  for (const { element } of [strips, guesses]) element.classList.add("lx-strips");

  const { play, speed, pause } = player({
    el,
    pace: () => calm() ? 1000 : 350,
    begin() {
      if (state().done >= SIDE) go(0);
    },
    step() {
      go(state().done + 1);
      return state().done < SIDE;
    },
    onChange: (running) => {
      for (const live of [words, memory, parts.boxes]) {
        live.setAttribute("aria-live", running ? "off" : "polite");
      }
    },
  });
  const back = button("Back", () => go(state().done - 1));
  const on = button("Step", () => go(state().done + 1));
  const digit = choice([...DIGITS, OWN], (name) => {
    const own = name === OWN;
    change(model, { image: own ? BLANK : examples[Number(name)], pointer: own ? "draw" : "read" });
  });
  const lower = select(model, "Lower half", "lower", [SAME, ...DIGITS]);
  const way = select(model, "Read it", "way", WAYS);
  const pointer = select(model, "Pointer", "pointer", ["read", "draw", "erase"]);
  const unit = slider(model, "Value", "unit", 0, UNITS - 1);
  const words = sentence();
  const band = make("div", { className: "lx-band" });
  const memory = make("output", { className: "lx-memory", "aria-live": "polite" });
  const parts = createParts();
  const hint = make("p", { className: "lx-size lx-hint" });

  /**
   * How far the state lies from the one that the digit that is read last would give alone.
   * @param {State} now @param {network.Step[]} steps @param {Weights} known
   */
  function away(now, steps, known) {
    const other = lowerOf(now);
    if (!other || !now.done) return undefined;
    const alone = network.shown(now.way === "as it is" ? other : now.image, undefined, now.way);
    const rival = network.read(network.inOrder(alone, now.way), known);
    return network.apart(steps[now.done - 1].state, rival[now.done - 1].state);
  }
  /** @param {State} now @param {number[][]} image */
  function drawPicture({ way, done, pointer }, image) {
    const values = image.flat();
    const stepOf = (/** @type {number} */ index) => network.placeOf(Math.floor(index / SIDE), way);
    picture.draw({
      ...{ height: SIDE, width: SIDE, values, scale: "grey", most: 1 },
      strokes: pointer !== "read",
      current: pointer === "read" && done ? network.placeOf(done - 1, way) * SIDE : undefined,
      paint: (index) => stepOf(index) < done ? undefined : pale(values[index]),
    });
  }
  /**
   * A grid with a row beside each row of the picture.
   * @param {{draw(view: View): void}} grid
   * @param {State} now
   * @param {number[][]} rows in the order in which they were computed
   * @param {Partial<View>} [more]
   */
  function drawStrips(grid, { way, done }, rows, more) {
    const width = rows[0].length;
    const values = network.inOrder(rows, way).flat();
    grid.draw({
      ...{ height: SIDE, width, values, scale: "signed", most: 1 },
      hidden: (index) => network.placeOf(Math.floor(index / width), way) >= done,
      ...more,
    });
  }
  function draw() {
    const now = state();
    const image = pictureOf(now);
    const known = examples.findIndex((example) => same(example, now.image));
    digit.value = known < 0 ? OWN : String(known);
    for (const control of [lower, way, pointer, unit]) control.draw();
    back.disabled = now.done === 0;
    on.disabled = now.done === SIDE;
    hint.textContent = HINTS[now.pointer];
    drawPicture(now, image);
    const steps = network.read(network.inOrder(image, now.way), weights);
    const row = network.placeOf(Math.max(0, now.done - 1), now.way);
    const chosen = row * UNITS + now.unit;
    drawStrips(strips, now, steps.map(({ state }) => state), {
      current: chosen,
      mark: (index) => now.done && index === chosen ? "lx-here" : "",
    });
    /** The step that a place among the guesses belongs to, if it has been done. @param {number} index */
    const stepAt = (index) => {
      const at = network.placeOf(Math.floor(index / CLASSES), now.way);
      return at < now.done ? steps[at] : undefined;
    };
    drawStrips(guesses, now, steps.map(({ guess }) => guess), {
      mark: (index) => {
        const step = stepAt(index);
        return step && network.ranked(step.guess)[0].digit === index % CLASSES ? "lx-top" : "";
      },
      label: (index) => {
        const p = stepAt(index)?.guess[index % CLASSES];
        return p === undefined ? undefined : `probability of a ${index % CLASSES}: ${show(p)}`;
      },
    });
    band.hidden = !now.done;
    band.style.setProperty("--row", String(row));
    parts.draw(steps[now.done - 1], weights.bias, now.unit, row);
    words.textContent = inWords(steps, now.done, now.way);
    memory.textContent = memoryInWords(now.done, away(now, steps, weights));
  }

  const row = controls(play, back, on, speed);
  const title = (/** @type {string} */ name, more = "") =>
    make("p", { className: "lx-panel-title" }, name, make("span", { textContent: more }));
  const heads = make(
    "div",
    { className: "lx-heads", "aria-hidden": "true" },
    ...DIGITS.map((textContent) => make("span", { textContent })),
  );
  const reading = make(
    "div",
    { className: "lx-reading" },
    ...[title("Digit"), title("State", `, ${UNITS} values`), title("Guess")],
    heads,
    ...[picture.element, strips.element, guesses.element],
    make("div", { className: "lx-over", "aria-hidden": "true" }, band),
  );
  const settings = controls(
    ...[labelled("Digit", digit), lower.element, way.element, pointer.element],
    resetButton(model, TRAITS, pause),
  );
  parts.element.append(unit.element);
  oneStep({
    control: [row],
    input: [picture.element],
    result: [words, strips.element, guesses.element],
  });
  const children = [row, words, reading, settings, memory, parts.element, hint];
  return mount(model, el, "recurrent", TRAITS, children, draw, pause);
}

export default { render };
