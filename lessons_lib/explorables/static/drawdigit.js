// DrawDigit: draw a digit, and follow it through a trained network, layer by layer, to the ten scores.

import { button, change, make, mount, panel, resetButton, select, sentence, stateOf } from "./controls.js";
import { createGrid, show } from "./grid.js";
import { activations, convolve, dense, fromRows, pool, softmax } from "./ops.js";

/**
 * `weights` is the file beside this module; `examples` are images as base64 of one byte a pixel, row by row.
 * @typedef {{image: number[][], pointer: "draw" | "erase" | "move", digit: number, examples: string[], weights: string}} State
 * @typedef {import("./controls.js").Model} Model
 * @typedef {import("./ops.js").Maps} Maps
 * @typedef {[number, number]} Place
 */

const TRAITS = ["image", "pointer", "digit"];
const SIDE = 28;
const ACROSS = 8;
const BRUSH = 1.7;
const LAYERS = ["Convolution 1, ReLU", "Max pooling 1", "Convolution 2, ReLU", "Max pooling 2", "Flatten", "Dense"];

/** The arrays of the network in the order of the file: two convolutions and a dense layer, each with its biases. */
const SHAPES = [[3, 3, 1, 8], [8], [3, 3, 8, 16], [16], [400, 10], [10]];

/** The arrays of a file of little-endian float32. @param {ArrayBuffer} file @returns {Float32Array[]} */
export function unpack(file) {
  const sizes = SHAPES.map((shape) => shape.reduce((a, b) => a * b));
  const total = sizes.reduce((a, b) => a + b);
  if (file.byteLength !== 4 * total) throw new Error(`the file must hold ${total} weights. Received: ${file.byteLength / 4}`);
  let from = 0;
  return sizes.map((size) => new Float32Array(file, 4 * (from += size) - 4 * size, size));
}

/**
 * An image on its way through the network: what each layer hands on, the flattened values, the sums and the scores.
 * @param {Float32Array[]} arrays @param {number[][]} image
 */
export function forward(arrays, image) {
  const stage = (/** @type {Maps} */ maps, /** @type {number} */ first) => {
    const [height, width, channels, filters] = SHAPES[first];
    const map = convolve(maps, { height, width, channels, filters, data: arrays[first] }, { bias: arrays[first + 1] });
    return { ...map, data: map.data.map(activations.relu.of) };
  };
  const first = stage(fromRows(image), 0);
  const pooled = pool(first);
  const second = stage(pooled, 2);
  const last = pool(second);
  const sums = dense(last.data, arrays[4], arrays[5]);
  return { layers: [first, pooled, second, last], flat: last.data, sums, scores: softmax(sums) };
}

/** What each flattened value adds to the sum of a class: value times weight. @param {ArrayLike<number>} flat @param {ArrayLike<number>} weights @param {number} digit */
export const evidence = (flat, weights, digit) => Array.from(flat, (value, i) => value * weights[i * 10 + digit]);

/** Draw or erase a stroke, soft at its edge. @param {number[][]} rows @param {Place} from @param {Place} to @param {boolean} erase */
export function stroke(rows, from, to, erase) {
  const [down, right] = [to[0] - from[0], to[1] - from[1]];
  const length = down * down + right * right || 1;
  return rows.map((row, i) => row.map((value, j) => {
    const along = Math.max(0, Math.min(1, ((i - from[0]) * down + (j - from[1]) * right) / length));
    const distance = Math.hypot(i - from[0] - along * down, j - from[1] - along * right);
    const ink = Math.max(0, Math.min(1, Number((BRUSH - distance).toFixed(2))));
    return erase ? Math.min(value, 1 - ink) : Math.max(value, ink);
  }));
}

/** Move an image; what leaves is gone, what comes in is 0. @param {number[][]} rows @param {number} down @param {number} right */
const shift = (rows, down, right) => rows.map((row, i) => row.map((_, j) => rows[i - down]?.[j - right] ?? 0));

/** Move an image so that its centre of mass lies in the middle, as MNIST's makers did. @param {number[][]} rows */
export function centre(rows) {
  let [mass, down, right] = [0, 0, 0];
  rows.forEach((row, i) => row.forEach((value, j) => {
    mass += value;
    down += value * (i - (SIDE - 1) / 2);
    right += value * (j - (SIDE - 1) / 2);
  }));
  return mass ? shift(rows, Math.round(-down / mass), Math.round(-right / mass)) : rows;
}

/** The two highest scores in words. @param {ArrayLike<number>} scores */
export function inWords(scores) {
  const [best, next] = Array.from(scores, (score, digit) => ({ score, digit })).sort((a, b) => b.score - a.score);
  return `The network says ${best.digit}, with a score of ${show(best.score, 3)}. Next comes ${next.digit}, with ${show(next.score, 3)}.`;
}

/**
 * Paint maps as tiles, at most eight in a row, on one scale.
 * @param {HTMLCanvasElement} canvas @param {Maps} maps @param {number[][]} poles the colours of 0, of the most and of its negative
 */
function paint(canvas, { height, width, channels, data }, poles) {
  const most = data.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
  const across = Math.min(ACROSS, channels);
  canvas.width = across * (width + 1) - 1;
  canvas.height = (channels / across) * (height + 1) - 1;
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  for (let index = 0; index < data.length; index++) {
    const [tile, pixel] = [index % channels, Math.floor(index / channels)];
    const row = Math.floor(tile / across) * (height + 1) + Math.floor(pixel / width);
    const place = 4 * (row * canvas.width + (tile % across) * (width + 1) + (pixel % width));
    const share = data[index] / most;
    const pole = poles[share < 0 ? 2 : 1];
    for (let c = 0; c < 3; c++) picture.data[place + c] = poles[0][c] + (pole[c] - poles[0][c]) * Math.abs(share);
    picture.data[place + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  const state = () => /** @type {State} */ (stateOf(model, TRAITS));
  /** @type {Float32Array[] | undefined} */
  let arrays;
  let shifted = false;
  let example = 0;
  /** @type {Place} */
  let last = [0, 0];
  /** @type {{place: Place, image: number[][]}} */
  let start = { place: last, image: [] };

  /** Draw, erase or move from the last cell to this one. @param {Place} place @param {boolean} begin */
  function act(place, begin) {
    const { image, pointer } = state();
    if (begin) start = { place: last, image };
    const moved = shift(start.image, place[0] - start.place[0], place[1] - start.place[1]);
    change(model, { image: pointer === "move" ? moved : stroke(image, last, place, pointer === "erase") });
    last = place;
  }

  const input = createGrid("Your digit", ({ row, column, kind }) => {
    if (kind === "hover") return;
    if (kind === "press" || (kind === "point" && !shifted)) last = [row, column];
    if (kind !== "point" || shifted) act([row, column], kind !== "drag");
  });
  input.element.addEventListener("keydown", (event) => (shifted = event.shiftKey), { capture: true });
  const pictures = Array.from({ length: 6 }, () => {
    const canvas = make("canvas", { className: "maps" });
    canvas.setAttribute("role", "img");
    return canvas;
  });
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const bar = make("span", { className: "bar" });
    const score = make("output");
    return { bar, score, element: make("li", {}, make("b", { textContent: String(digit) }), make("span", {}, bar), score) };
  });
  const words = sentence();
  words.textContent = "Loading the weights …";
  const pointer = select(model, "Pointer", "pointer", ["draw", "erase", "move"]);
  const digit = select(model, "Evidence for", "digit", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const steps = LAYERS.map((title, i) => panel(title, pictures[i]));
  pictures[4].classList.add("thread");
  steps[5].element.append(digit.element);

  /** A colour of the page's theme as three numbers. @param {string} name */
  const rgb = (name) => {
    const hex = parseInt(getComputedStyle(el).getPropertyValue(`--ex-${name}`).trim().slice(1), 16);
    return [hex >> 16, (hex >> 8) & 255, hex & 255];
  };

  function draw() {
    const now = state();
    const values = now.image.flat();
    input.draw({ height: SIDE, width: SIDE, values, scale: "grey", most: 1 });
    pointer.draw();
    digit.draw();
    if (!arrays) return;
    const { layers, flat, sums, scores } = forward(arrays, now.image);
    const grey = [rgb("black"), rgb("white")];
    const thread = { height: 1, width: flat.length, channels: 1, data: flat };
    const products = { ...layers[3], data: evidence(flat, arrays[4], now.digit) };
    [...layers, thread, products].forEach((maps, i) => {
      paint(pictures[i], maps, i < 5 ? grey : [rgb("zero"), rgb("positive"), rgb("negative")]);
      const sizes = `${maps.channels} maps of ${maps.height}×${maps.width}`;
      const text = [sizes, sizes, sizes, sizes, `the same ${flat.length} values as one thread`,
        `each value times its weight for a ${now.digit}; with the bias, the sum is ${show(sums[now.digit])}`][i];
      steps[i].heading.textContent = `${LAYERS[i]}: ${text}`;
      pictures[i].setAttribute("aria-label", steps[i].heading.textContent);
    });
    const best = Math.max(...scores);
    bars.forEach(({ bar, score, element }, i) => {
      bar.style.width = `${100 * scores[i]}%`;
      score.textContent = scores[i].toFixed(3);
      element.classList.toggle("best", scores[i] === best);
    });
    words.textContent = inWords(scores);
  }

  async function load() {
    /** @type {DataView | undefined} */
    const given = model.get("_weights");
    if (given) return unpack(given.buffer.slice(given.byteOffset, given.byteOffset + given.byteLength));
    const answer = await fetch(new URL(`./weights/${model.get("weights")}`, import.meta.url));
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    return unpack(await answer.arrayBuffer());
  }

  const nextExample = () => {
    const bytes = atob(model.get("examples")[example++ % model.get("examples").length]);
    change(model, { image: Array.from({ length: SIDE }, (_, i) =>
      Array.from({ length: SIDE }, (_, j) => bytes.charCodeAt(i * SIDE + j) / 255)) });
  };
  const controls = make("div", { className: "controls" }, pointer.element,
    button("Clear", () => change(model, { image: Array.from({ length: SIDE }, () => Array(SIDE).fill(0)) })),
    button("Centre it", () => change(model, { image: centre(model.get("image")) })),
    button("A real digit", nextExample), resetButton(model, TRAITS));
  const scores = panel("Ten scores", make("ul", { className: "scores" }, ...bars.map(({ element }) => element)));
  const hint = make("p", { className: "size", textContent: "Mouse or finger draws. By keyboard: arrow keys choose a pixel, " +
    "Enter makes a dot, Shift and arrow keys draw on." });
  const panels = make("div", { className: "panels" }, panel("Your digit, 28×28", input.element).element, scores.element,
    ...steps.map(({ element }) => element));
  const leave = mount(model, el, "drawdigit", TRAITS, [controls, words, panels, hint], draw);
  load().then((found) => {
    arrays = found;
    draw();
  }).catch((error) => (words.textContent = `The weights could not be loaded: ${error.message}`));
  return leave;
}

export default { render };
