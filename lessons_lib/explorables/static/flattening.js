// Flattening: a grid of pixels becomes a thread and back, and a permutation shows what the thread
// does not say.

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
import { show } from "./words.js";

/**
 * @typedef {{
 *   image: number[][], order: number[], permuted: boolean, unrolled: number, pixel: number,
 * }} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["image", "order", "permuted", "unrolled", "pixel"];
/** How many pixels of the thread are shown close up. */
const CLOSE = 7;

/** The pixels as the network gets them: row by row, permuted or not. @param {State} state */
export function thread({ image, order, permuted }) {
  const pixels = image.flat();
  return permuted ? order.map((index) => pixels[index]) : pixels;
}

/**
 * The weighted sum of one dense unit whose weights moved along with their pixels.
 * @param {State} state
 */
export function unitSum(state) {
  /** @param {number} index */
  const weight = (index) => Math.cos(index);
  return thread(state).reduce(
    (sum, value, place) => sum + value * weight(state.permuted ? state.order[place] : place),
    0,
  );
}

/** The places in the thread of the pixels that touch one in the image. @param {State} state */
export function neighbours({ image, order, permuted, pixel }) {
  const [height, width] = [image.length, image[0].length];
  const from = permuted ? order[pixel] : pixel;
  const [row, column] = [Math.floor(from / width), from % width];
  const beside = [];
  if (row > 0) beside.push(from - width);
  if (column > 0) beside.push(from - 1);
  if (column < width - 1) beside.push(from + 1);
  if (row < height - 1) beside.push(from + width);
  return beside.map((place) => (permuted ? order.indexOf(place) : place));
}

/** Where the marked pixel lies, in words. @param {State} state */
export function pixelInWords(state) {
  const width = state.image[0].length;
  const { pixel } = state;
  const [row, column] = [Math.floor(pixel / width), pixel % width];
  const value = show(thread(state)[pixel]);
  if (pixel >= state.unrolled) {
    return `Row ${row}, column ${column}: value ${value}, still in the image.`;
  }
  const sum = `${row}·${width} + ${column} = ${pixel}`;
  const place = `Row ${row}, column ${column}: place ${sum} of the thread, value ${value}.`;
  if (state.permuted) {
    const from = state.order[pixel];
    return `${place} Before the permutation it was in row ${Math.floor(from / width)}, column ${
      from % width
    }.`;
  }
  return row + 1 < state.image.length
    ? `${place} The pixel below it comes ${width} places later.`
    : place;
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  function state() {
    const now = stateOf(model, TRAITS);
    return { ...now, pixel: Math.min(now.pixel, now.order.length - 1) };
  }
  const total = () => model.get("image").flat().length;
  let [frame, before, flying] = [0, model.get("unrolled"), false];

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
  }
  /** Stop also the pixels that fly. */
  function halt() {
    stop();
    for (const flight of el.getAnimations({ subtree: true })) flight.cancel();
  }
  /** Unroll or roll up to a number of pixels, in about three seconds. @param {number} target */
  function animate(target) {
    stop();
    if (calm()) return change(model, { unrolled: target });
    const [from, began] = [model.get("unrolled"), performance.now()];
    /** @param {number} now */
    const step = (now) => {
      const share = clamp((now - began) / 3000, 0, 1);
      flying = true;
      change(model, { unrolled: Math.round(from + share * (target - from)) });
      frame = share < 1 && el.isConnected ? requestAnimationFrame(step) : 0;
    };
    frame = requestAnimationFrame(step);
  }
  /** @param {number} by */
  function step(by) {
    stop();
    flying = !calm();
    const unrolled = clamp(model.get("unrolled") + by, 0, total());
    change(model, { unrolled, pixel: Math.max(0, unrolled - 1) });
  }

  /** Let a pixel come from where its twin is. @param {Element} pixel @param {Element} twin */
  function fly(pixel, twin) {
    const [to, from] = [pixel.getBoundingClientRect(), twin.getBoundingClientRect()];
    const transform = `translate(${from.x - to.x}px, ${from.y - to.y}px) scale(${
      from.width / to.width
    }, ${from.height / to.height})`;
    pixel.animate([{ transform, transformOrigin: "0 0" }, {
      transform: "none",
      transformOrigin: "0 0",
    }], { duration: 600, easing: "ease-in-out" });
  }

  /** @param {{index: number}} cell */
  const mark = ({ index }) => change(model, { pixel: index });
  const eye = createGrid("The image", mark);
  const dense = createGrid("The thread", mark);
  dense.element.classList.add("lx-thread");
  const near = make("div", { className: "lx-near lx-products", "aria-hidden": "true" });
  near.style.setProperty("--columns", String(CLOSE));
  const eyePanel = panel("What the eye sees", eye.element);
  const closePanel = panel("The thread close up: place and value", near);
  const densePanel = panel("What a dense layer gets", dense.element);
  densePanel.element.classList.add("lx-wide");
  const words = sentence();
  const sum = make("p", { className: "lx-size" });
  const right = make("div", { className: "lx-panel" }, closePanel.element, words, sum);
  const unroll = button("Unroll", () => animate(total()));
  unroll.classList.add("lx-main");
  const permute = button("Permute the pixels", () => {
    const { order, permuted, pixel } = state();
    change(model, { permuted: !permuted, pixel: permuted ? order[pixel] : order.indexOf(pixel) });
  });

  function draw() {
    const now = state();
    const values = thread(now);
    const [height, width] = [now.image.length, now.image[0].length];
    const beside = neighbours(now);
    /** @param {number} index */
    const marked = (
      index,
    ) => (index === now.pixel ? "lx-picked" : beside.includes(index) ? "lx-changed" : "");
    eye.draw({
      height,
      width,
      values,
      scale: "grey",
      most: 1,
      current: now.pixel,
      mark: (index) => `${marked(index)}${index < now.unrolled ? " lx-moved" : ""}`,
    });
    dense.draw({
      height: 1,
      width: values.length,
      values,
      scale: "grey",
      most: 1,
      current: now.pixel,
      hidden: (index) => index >= now.unrolled,
      label: (index) => (index < now.unrolled ? undefined : "still in the image"),
      mark: (index) => (index < now.unrolled ? marked(index) : ""),
    });
    const first = Math.max(0, Math.min(now.pixel - (CLOSE >> 1), values.length - CLOSE));
    near.replaceChildren(
      ...values.slice(first, first + CLOSE).map((value, i) => {
        const there = first + i < now.unrolled;
        return make(
          "span",
          { className: there ? marked(first + i) : "" },
          String(first + i),
          make("b", { textContent: there ? show(value) : "–" }),
        );
      }),
    );
    if (flying) {
      const [from, to] = [before, now.unrolled];
      for (let index = from; index < to; index++) fly(dense.cells()[index], eye.cells()[index]);
      for (let index = to; index < from; index++) fly(eye.cells()[index], dense.cells()[index]);
    }
    [before, flying] = [now.unrolled, false];
    eyePanel.heading.textContent = `What the eye sees, ${height}×${width}`;
    densePanel.heading.textContent = `What a dense layer gets, ${now.unrolled} of ${values.length}`;
    permute.setAttribute("aria-pressed", String(now.permuted));
    words.textContent = pixelInWords(now);
    sum.textContent =
      `A dense unit that gives each pixel a weight of its own (cos 0, cos 1, …) sums to ${
        show(unitSum(now), 4)
      }.`;
  }

  const buttons = controls(
    unroll,
    button("Roll up", () => animate(0)),
    button("Step", () => step(1)),
    button("Back", () => step(-1)),
    permute,
    resetButton(model, TRAITS, halt),
  );
  oneStep({
    control: [unroll, permute],
    input: [eye.element],
    result: [dense.element, words],
  });
  const parts = [buttons, panels(eyePanel, { element: right }, densePanel)];
  return mount(model, el, "flattening", TRAITS, parts, draw, stop);
}

export default { render };
