// Flattening: a grid of pixels becomes a thread and back, a move of the image shows where its ink
// goes in the thread, and a permutation what the thread does not say.

import {
  button,
  calm,
  change,
  controls,
  make,
  markEnds,
  mount,
  movers,
  oneStep,
  panel,
  panels,
  resetButton,
  sentence,
  stateOf,
} from "./controls.js";
import { createGrid } from "./grid.js";
import { clamp, shift } from "./ops.js";
import { minus, moveInWords, show } from "./words.js";

/**
 * @typedef {{
 *   image: number[][], order: number[], permuted: boolean, unrolled: number, pixel: number,
 *   down: number, right: number,
 * }} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["image", "order", "permuted", "unrolled", "pixel", "down", "right"];
/** How many pixels of the thread are shown close up. */
const CLOSE = 7;
/** How many pixels the image moves at most, each way. */
const FARTHEST = 4;

/**
 * The pixels as the network gets them: of the moved image, row by row, permuted or not.
 * @param {State} state
 */
export function thread({ image, order, permuted, down, right }) {
  const pixels = shift(image, down, right).flat();
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

/**
 * What the image and its marked pixel are after a move by some pixels. The mark goes with its ink.
 * @param {State} state
 * @param {number} byRows
 * @param {number} byColumns
 */
export function moved({ image, order, permuted, pixel, down, right }, byRows, byColumns) {
  const [height, width] = [image.length, image[0].length];
  const from = permuted ? order[pixel] : pixel;
  const to = {
    down: clamp(down + byRows, -FARTHEST, FARTHEST),
    right: clamp(right + byColumns, -FARTHEST, FARTHEST),
  };
  const row = clamp(Math.floor(from / width) + to.down - down, 0, height - 1);
  const column = clamp(from % width + to.right - right, 0, width - 1);
  const place = row * width + column;
  return { ...to, pixel: permuted ? order.indexOf(place) : place };
}

/**
 * How many places of the thread each value with ink moves on, and how many leave the image.
 * @param {State} state
 */
export function travels({ image, order, permuted, down, right }) {
  const width = image[0].length;
  /** @param {number} from */
  const placeOf = (from) => permuted ? order.indexOf(from) : from;
  /** @type {number[]} */
  const ways = [];
  let lost = 0;
  image.forEach((line, row) =>
    line.forEach((ink, column) => {
      const from = row * width + column;
      const inside = image[row + down]?.[column + right] !== undefined;
      if (ink && inside) ways.push(placeOf(from + down * width + right) - placeOf(from));
      else if (ink) lost++;
    })
  );
  return { ways, lost };
}

/** What the move of the image does to the thread; an empty text if it has not moved. @param {State} state */
export function travelInWords(state) {
  const { permuted, down, right } = state;
  const said = moveInWords(down, right, FARTHEST);
  if (!said) return "";
  const { ways, lost } = travels(state);
  const leave = lost ? ` ${lost} with ink ${lost === 1 ? "leaves" : "leave"} the image.` : "";
  if (permuted) {
    const different = new Set(ways).size;
    return `${said} before the permutation: the ${ways.length} values with ink move by ${different} different distances.${leave}`;
  }
  const width = state.image[0].length;
  const by = down * width + right;
  const places = `${Math.abs(by)} ${Math.abs(by) === 1 ? "place" : "places"}`;
  const across = right ? ` ${right < 0 ? "−" : "+"} ${Math.abs(right)}` : "";
  const sum = down ? ` (${minus(down)}·${width}${across})` : "";
  return `${said}: every value moves ${places} ${by < 0 ? "back" : "on"}${sum}.${leave}`;
}

/** Where the marked pixel lies, in words. @param {State} state */
export function pixelInWords(state) {
  const width = state.image[0].length;
  const { pixel, down, right } = state;
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
  return row + 1 < state.image.length && !down && !right
    ? `${place} The pixel below it comes ${width} places later.`
    : place;
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  function state() {
    const now = stateOf(model, TRAITS);
    const pixel = Math.min(now.pixel, now.order.length - 1);
    // A page that was stored before images could move says nothing of it.
    return { ...now, pixel, down: now.down ?? 0, right: now.right ?? 0 };
  }
  const total = () => model.get("image").flat().length;
  let [frame, before, flying] = [0, model.get("unrolled"), false];

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
  }
  /** Stop also the pixels that fly, or would fly with the next drawing. */
  function halt() {
    stop();
    flying = false;
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

  /** Move the image, and show all of it in the thread. @param {number} down @param {number} right */
  function moveBy(down, right) {
    halt();
    change(model, { ...moved(state(), down, right), unrolled: total() });
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
  /**
   * Pull the image along with its marked pixel. Of a permuted image, none would follow the pointer.
   * @param {import("./grid.js").Cell} cell
   */
  function pull(cell) {
    const { image, permuted, pixel } = state();
    const width = image[0].length;
    if (cell.kind !== "drag" || permuted) return mark(cell);
    moveBy(cell.row - Math.floor(pixel / width), cell.column - pixel % width);
  }
  const eye = createGrid("The image", pull);
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
  const moves = movers(moveBy);
  const permute = button("Permute the pixels", () => {
    const { order, permuted, pixel } = state();
    change(model, { permuted: !permuted, pixel: permuted ? order[pixel] : order.indexOf(pixel) });
  });

  function draw() {
    const now = state();
    markEnds(moves, now, FARTHEST);
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
    words.textContent = `${travelInWords(now)} ${pixelInWords(now)}`.trim();
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
    make("span", { className: "lx-arrows" }, ...moves),
    resetButton(model, TRAITS, halt),
  );
  oneStep({
    control: [unroll, permute, ...moves],
    input: [eye.element],
    result: [dense.element, words],
  });
  const parts = [buttons, panels(eyePanel, { element: right }, densePanel)];
  return mount(model, el, "flattening", TRAITS, parts, draw, stop);
}

export default { render };
