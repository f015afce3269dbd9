// Backward: the gradient of a feature map goes back through a convolution, stop by stop.

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
  sentence,
  stateOf,
} from "./controls.js";
import { createGrid } from "./grid.js";
import { clamp } from "./ops.js";
import { player } from "./player.js";
import { exact } from "./words.js";

/**
 * @typedef {number[][]} Rows
 * @typedef {{image: Rows, kernel: Rows, gradient: Rows, done: number}} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["image", "kernel", "gradient", "done"];

/** @param {Rows} rows */
const zerosLike = (rows) => rows.map((row) => row.map(() => 0));

/** How many values the map has. @param {State} state */
const stops = ({ gradient }) => gradient.flat().length;

/** Where the last value that sent its gradient back stands in the map. @param {State} state */
export const lastStop = ({ gradient, done }) => ({
  row: Math.floor((done - 1) / gradient[0].length),
  column: (done - 1) % gradient[0].length,
});

/**
 * What the first `done` values of the map have sent back: each adds its gradient times its window
 * to the gradient of the kernel, and its gradient times the kernel to that of the image, there
 * where the window lies.
 * @param {State} state
 */
export function sentBack({ image, kernel, gradient, done }) {
  const forKernel = zerosLike(kernel);
  const forImage = zerosLike(image);
  for (let stop = 1; stop <= Math.min(done, gradient.flat().length); stop++) {
    const { row, column } = lastStop({ image, kernel, gradient, done: stop });
    const arriving = gradient[row][column];
    kernel.forEach((weights, m) =>
      weights.forEach((weight, n) => {
        forKernel[m][n] += arriving * image[row + m][column + n];
        forImage[row + m][column + n] += arriving * weight;
      })
    );
  }
  return { forKernel, forImage };
}

/** @param {State} state */
export function inWords(state) {
  const { gradient, done } = state;
  const count = stops(state);
  if (!done) {
    return `Each of the ${count} values of the map has its gradient G. None is sent back yet.`;
  }
  const { row, column } = lastStop(state);
  const arriving = exact(gradient[row][column]);
  const step = `Stop ${done} of ${count}: G[${row}, ${column}] = ${arriving}. To the kernel's ` +
    `gradient it adds ${arriving} times the window, to the image's gradient ${arriving} times the ` +
    `kernel, where the window lies.`;
  return done < count
    ? step
    : `${step} That is all: the first is the image convolved with G, the second the padded G ` +
      `convolved with the turned kernel.`;
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => ({ ...stateOf(model, TRAITS) });
  /** @param {number} done */
  const go = (done) => change(model, { done: clamp(done, 0, stops(state())) });
  const { play, speed, pause } = player({
    el,
    pace: () => calm() ? 1500 : 1200,
    begin() {
      if (state().done >= stops(state())) go(0);
    },
    step() {
      go(state().done + 1);
      return state().done < stops(state());
    },
    onChange: (running) => words.setAttribute("aria-live", running ? "off" : "polite"),
  });
  const back = button("Step back", () => go(state().done - 1));
  const on = button("Step", () => go(state().done + 1));
  const words = sentence();
  const still = () => {};
  const grids = {
    image: createGrid("Image X", still),
    kernel: createGrid("Kernel K", still),
    gradient: createGrid("Gradient G", ({ index, kind }) => {
      if (kind !== "drag") go(index + 1);
    }),
    forKernel: createGrid("Gradient of K", still),
    forImage: createGrid("Gradient of X", still),
  };

  /**
   * @param {import("./grid.js").createGrid extends (...args: never[]) => infer G ? G : never} grid
   * @param {Rows} rows
   * @param {(row: number, column: number) => string} [mark]
   */
  function drawGrid(grid, rows, mark = () => "") {
    const [width, values] = [rows[0].length, rows.flat()];
    grid.draw({
      height: rows.length,
      width,
      values,
      scale: "signed",
      most: Math.max(4, ...values.map(Math.abs)),
      digits: values.every(Number.isInteger) ? 0 : 1,
      mark: (index) => mark(Math.floor(index / width), index % width),
    });
  }

  function draw() {
    const now = state();
    now.done = Math.min(now.done, stops(now));
    const { row, column } = lastStop(now);
    /** @param {string} name */
    const window = (name) => (/** @type {number} */ r, /** @type {number} */ c) =>
      now.done && r >= row && r < row + now.kernel.length && c >= column &&
        c < column + now.kernel[0].length
        ? name
        : "";
    const { forKernel, forImage } = sentBack(now);
    drawGrid(grids.image, now.image, window("lx-window"));
    drawGrid(grids.kernel, now.kernel);
    drawGrid(
      grids.gradient,
      now.gradient,
      (r, c) => (now.done && r === row && c === column ? "lx-picked" : ""),
    );
    drawGrid(grids.forKernel, forKernel, () => (now.done ? "lx-changed" : ""));
    drawGrid(grids.forImage, forImage, window("lx-changed"));
    words.textContent = inWords(now);
    back.disabled = now.done === 0;
    on.disabled = now.done === stops(now);
  }

  const row = controls(play, back, on, speed, resetButton(model, TRAITS, pause));
  /** @param {keyof typeof grids} name */
  const titled = (name) => {
    const title = grids[name].element.getAttribute("aria-label") ?? "";
    return panel(title, grids[name].element);
  };
  oneStep({
    control: [play, back, on],
    input: [grids.image.element, grids.kernel.element, grids.gradient.element],
    result: [words, grids.forKernel.element, grids.forImage.element],
  });
  const all = make(
    "div",
    { className: "lx-ways" },
    panels(titled("image"), titled("kernel"), titled("gradient")),
    panels(titled("forImage"), titled("forKernel")),
  );
  return mount(model, el, "backward", TRAITS, [row, words, all], draw, pause);
}

export default { render };
