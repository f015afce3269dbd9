// Pooling: which pixel wins each window, and which outputs change when the image moves by a pixel.

import {
  button,
  change,
  controls,
  make,
  markEnds,
  mount,
  oneStep,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  stateOf,
} from "./controls.js";
import { createGrid } from "./grid.js";
import { clamp, fromRows, nearestStop, outputSize, pool, shift, slidingWindow } from "./ops.js";
import { createGreyPicker } from "./ownpicture.js";
import { digitsFor, exact, moveInWords, show } from "./words.js";

/**
 * @typedef {{
 *   image: number[][], kind: "max" | "average", pool_size: number, strides: number,
 *   padding: "valid" | "same", stop: number, down: number, right: number,
 * }} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["image", "kind", "pool_size", "strides", "padding", "stop", "down", "right"];

/** How many rows or columns a picture of the reader's own has at most. */
const MOST = 28;
/** How many pixels the image goes to each side at most. */
const FARTHEST = 4;

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const differing = (a, b) => Array.from(a, (value, index) => Math.abs(value - b[index]) > 1e-9);

/** @param {boolean[]} flags */
const percent = (flags) => Math.round((100 * flags.filter(Boolean).length) / (flags.length || 1));

/** Everything the figure draws, from the state alone. @param {State} state */
export function compute(state) {
  const settings = {
    kind: state.kind,
    poolSize: state.pool_size,
    strides: state.strides,
    padding: state.padding,
  };
  const still = fromRows(state.image);
  const image = fromRows(shift(state.image, state.down, state.right));
  const pooled = pool(image, settings);
  const before = pool(still, settings);
  const stop = Math.min(state.stop, Math.max(0, pooled.data.length - 1));
  const way = slidingWindow(image, [state.pool_size, state.pool_size], settings);
  /** @type {number[]} */
  const window = [];
  for (let m = 0; m < state.pool_size && pooled.data.length; m++) {
    for (let n = 0; n < state.pool_size; n++) {
      const [row, column] = [
        way.row(Math.floor(stop / pooled.width), m),
        way.column(stop % pooled.width, n),
      ];
      if (row >= 0 && row < image.height && column >= 0 && column < image.width) {
        window.push(row * image.width + column);
      }
    }
  }
  const changed = differing(pooled.data, before.data);
  return {
    image,
    pooled,
    stop,
    window,
    changed,
    percentIn: percent(differing(image.data, still.data)),
    percentOut: percent(changed),
  };
}

/** The current stop in words. @param {ReturnType<typeof compute>} figure @param {State} state */
export function stopInWords({ image, pooled, stop, window }, { kind }) {
  if (!pooled.data.length) return "The window does not fit into the image, so there is no output.";
  const written = kind === "average" ? exact : show;
  const values = window.map((index) => written(image.data[index])).join(", ");
  const place = `Row ${Math.floor(stop / pooled.width)}, column ${
    stop % pooled.width
  } of the output`;
  if (window.length === 1) {
    return `${place}: the only value in the window is ${written(image.data[window[0]])}.`;
  }
  if (kind === "average") return `${place}: the mean of ${values} is ${exact(pooled.data[stop])}.`;
  const winner = pooled.winners[stop];
  const from = `row ${Math.floor(winner / image.width)}, column ${
    winner % image.width
  } of the input`;
  const equal = window.filter((index) => image.data[index] === pooled.data[stop]).length;
  const tie = equal > 1 ? `, the first of ${equal} equal ones` : "";
  return `${place}: the largest of ${values} is ${show(pooled.data[stop])}, from ${from}${tie}.`;
}

/** What the nudge did, in words. @param {ReturnType<typeof compute>} figure @param {State} state */
export function nudgeInWords({ percentIn, percentOut }, { down, right }) {
  if (!down && !right) {
    return "The image has not moved. Nudge it by a pixel and see which outputs change.";
  }
  const moved = moveInWords(down, right, FARTHEST);
  return `${moved}: ${percentIn} % of the pixels changed, and ${percentOut} % of the outputs.`;
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  let figure = compute(state());
  /** @param {number} stop */
  const go = (stop) => change(model, { stop: clamp(stop, 0, figure.pooled.data.length - 1) });
  /** @param {"down" | "right"} way @param {number} by */
  const move = (way, by) =>
    change(model, { [way]: clamp(model.get(way) + by, -FARTHEST, FARTHEST) });

  const input = createGrid("Input image", ({ row, column }) => {
    const { pool_size: size, strides, padding } = state();
    go(
      nearestStop(
        slidingWindow(figure.image, [size, size], { strides, padding }),
        [size, size],
        row,
        column,
      ),
    );
  });
  const output = createGrid("Output", ({ index }) => go(index));
  const inputPanel = panel("Input", input.element);
  const outputPanel = panel("Output", output.element);
  const words = sentence();
  const nudged = make("p", { className: "lx-size", "aria-live": "polite" });
  /** The output of another setting whose window lies nearest to the one of now. @param {Partial<State>} setting */
  function stay(setting) {
    const { image, window } = figure;
    const [first, last] = [window[0] ?? 0, window[window.length - 1] ?? 0];
    const row = (Math.floor(first / image.width) + Math.floor(last / image.width)) / 2;
    const column = (first % image.width + last % image.width) / 2;
    const { pool_size: size, strides, padding } = { ...state(), ...setting };
    const way = slidingWindow(image, [size, size], { strides, padding });
    const stop = nearestStop(way, [size, size], row, column);
    return { stop };
  }
  const settings = [
    select(model, "Pooling", "kind", ["max", "average"]),
    select(model, "Window", "pool_size", [1, 2, 3, 4], (pool_size) => stay({ pool_size })),
    select(model, "Stride", "strides", [1, 2, 3, 4], (strides) => stay({ strides })),
    select(model, "Padding", "padding", ["valid", "same"], (padding) => stay({ padding })),
  ];
  const moves = [
    button("← Left", () => move("right", -1)),
    button("→ Right", () => move("right", 1)),
    button("↑ Up", () => move("down", -1)),
    button("↓ Down", () => move("down", 1)),
  ];
  const nudges = controls(
    "Nudge the image: ",
    ...moves,
    resetButton(model, TRAITS, () => own.forget()),
  );
  const own = createGreyPicker(
    el,
    MOST,
    (image) => change(model, { image, stop: 0, down: 0, right: 0 }),
  );

  function draw() {
    const now = state();
    figure = compute(now);
    const { image, pooled, stop, window, changed } = figure;
    const winner = now.kind === "max" ? pooled.winners[stop] : -1;
    const inside = new Set(window);
    input.draw({
      ...image,
      values: image.data,
      scale: "grey",
      most: 1,
      digits: digitsFor(image.width),
      mark: (index) => (index === winner ? "lx-picked" : inside.has(index) ? "lx-window" : ""),
    });
    output.draw({
      ...pooled,
      values: pooled.data,
      scale: "grey",
      most: 1,
      digits: digitsFor(pooled.width),
      current: stop,
      mark: (index) => `${index === stop ? "lx-picked " : ""}${changed[index] ? "lx-changed" : ""}`,
    });
    inputPanel.heading.textContent = `Input, ${image.height}×${image.width}`;
    outputPanel.heading.textContent = `Output, ${pooled.height}×${pooled.width}`;
    words.textContent = stopInWords(figure, now);
    const wanted = { strides: now.strides, padding: now.padding };
    nudged.textContent = `${nudgeInWords(figure, now)} Rows of the output: ${
      outputSize(image.height, now.pool_size, wanted)
    }. Pooling has no weights.`;
    for (const control of settings) control.draw();
    markEnds(moves, now, FARTHEST);
  }

  oneStep({
    control: [nudges],
    input: [input.element, output.element],
    result: [words, nudged],
  });
  const parts = [
    controls(...settings.map(({ element }) => element)),
    nudges,
    panels(inputPanel, outputPanel),
    words,
    nudged,
    own.element,
  ];
  return mount(model, el, "pooling", TRAITS, parts, draw);
}

export default { render };
