// Flattening: a grid of pixels becomes a thread and back, and a permutation shows what the thread does not say.

import { button, change, make, mount, panel, resetButton, sentence, stateOf } from "./controls.js";
import { createGrid, show } from "./grid.js";

/**
 * @typedef {{image: number[][], order: number[], permuted: boolean, unrolled: number, pixel: number}} State
 * @typedef {import("./controls.js").Model} Model
 */

const TRAITS = ["image", "order", "permuted", "unrolled", "pixel"];

/** The pixels as the network gets them: row by row, permuted or not. @param {State} state */
export function thread({ image, order, permuted }) {
  const pixels = image.flat();
  return permuted ? order.map((index) => pixels[index]) : pixels;
}

/** The weighted sum of one dense unit whose weights moved along with their pixels. @param {State} state */
export function unitSum(state) {
  const pixels = thread(state);
  const weight = (index) => Math.cos(index);
  return pixels.reduce((sum, value, place) => sum + value * weight(state.permuted ? state.order[place] : place), 0);
}

/** Where the marked pixel lies, in words. @param {State} state */
export function pixelInWords(state) {
  const width = state.image[0].length;
  const { pixel } = state;
  const [row, column] = [Math.floor(pixel / width), pixel % width];
  const place = `Row ${row}, column ${column}: place ${row}·${width} + ${column} = ${pixel} of the thread, value ${show(thread(state)[pixel])}.`;
  if (!state.permuted) {
    const below = row + 1 < state.image.length ? ` The pixel below it comes ${width} places later.` : "";
    return place + below;
  }
  const from = state.order[pixel];
  return `${place} Before the permutation it was in row ${Math.floor(from / width)}, column ${from % width}.`;
}

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  function state() {
    const now = /** @type {State} */ (stateOf(model, TRAITS));
    return { ...now, pixel: Math.min(now.pixel, now.order.length - 1) };
  }
  const total = () => model.get("image").flat().length;
  let frame = 0;

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
  }
  /** Unroll or roll up to a number of pixels, in about two seconds. @param {number} target */
  function animate(target) {
    stop();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return change(model, { unrolled: target });
    const [from, began] = [model.get("unrolled"), performance.now()];
    const step = (now) => {
      const share = Math.min(1, (now - began) / 2000);
      change(model, { unrolled: Math.round(from + share * (target - from)) });
      frame = share < 1 && el.isConnected ? requestAnimationFrame(step) : 0;
    };
    frame = requestAnimationFrame(step);
  }
  function step(by = 1) {
    stop();
    const unrolled = Math.max(0, Math.min(total(), model.get("unrolled") + by));
    change(model, { unrolled, pixel: Math.max(0, unrolled - 1) });
  }

  const mark = ({ index }) => change(model, { pixel: index });
  const eye = createGrid("The image", mark);
  const dense = createGrid("The thread", mark);
  dense.element.classList.add("thread");
  const eyePanel = panel("What the eye sees", eye.element);
  const densePanel = panel("What a dense layer gets", dense.element);
  densePanel.element.classList.add("wide");
  const words = sentence();
  const sum = make("p", { className: "size" });
  const permute = button("Permute the pixels", () => change(model, { permuted: !model.get("permuted") }));
  const controls = make("div", { className: "controls" },
    button("Unroll", () => animate(total())), button("Roll up", () => animate(0)), button("Step", () => step(1)),
    button("Back", () => step(-1)), permute, resetButton(model, TRAITS));

  function draw() {
    const now = state();
    const values = thread(now);
    const [height, width] = [now.image.length, now.image[0].length];
    const picked = (index) => (index === now.pixel ? "picked" : "");
    eye.draw({ height, width, values, scale: "grey", most: 1, current: now.pixel,
      mark: (index) => `${picked(index)}${index < now.unrolled ? " moved" : ""}` });
    dense.draw({ height: 1, width: values.length, values, scale: "grey", most: 1, current: now.pixel,
      hidden: (index) => index >= now.unrolled, mark: picked });
    eyePanel.heading.textContent = `What the eye sees, ${height}×${width}`;
    densePanel.heading.textContent = `What a dense layer gets, ${now.unrolled} of ${values.length}`;
    permute.setAttribute("aria-pressed", String(now.permuted));
    words.textContent = pixelInWords(now);
    sum.textContent = `A dense unit whose weights are in the same order as its inputs gives ${show(unitSum(now), 4)}, permuted or not.`;
  }

  const panels = make("div", { className: "panels" }, eyePanel.element, densePanel.element);
  return mount(model, el, "flattening", TRAITS, [controls, panels, words, sum], draw, stop);
}

export default { render };
