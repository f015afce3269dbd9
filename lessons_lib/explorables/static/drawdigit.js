// DrawDigit: draw a digit, and follow it through a trained network, layer by layer, to the ten
// scores.

import {
  button,
  change,
  controls,
  make,
  mount,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  setLabel,
  stateOf,
} from "./controls.js";
import { BLACK, BLUE, createGrid, ORANGE, WHITE } from "./grid.js";
import { stage, unpack } from "./network.js";
import { clamp, dense, fromRows, pool, shift, softmax } from "./ops.js";
import { show } from "./words.js";

/**
 * `weights` names the file of the weights, and `_weights` are its bytes. `examples` are images as
 * base64 of one byte a pixel, row by row.
 * @typedef {{
 *   image: number[][], pointer: "draw" | "erase" | "move", digit: number, examples: string[],
 *   weights: string, _weights: DataView | Promise<DataView>,
 * }} State
 * @typedef {import("./ops.js").Maps} Maps
 * @typedef {import("./grid.js").Color} Color
 * @typedef {import("./network.js").Arrays} Arrays
 * @typedef {[number, number]} Place
 */

/** @type {(keyof State)[]} */
const TRAITS = ["image", "pointer", "digit"];
const SIDE = 28;
const ACROSS = 8;
const BRUSH = 1.7;
const HINT =
  "Press Clear, then draw with mouse or finger. By keyboard: arrow keys choose a pixel, Enter " +
  "makes a dot, Shift and arrow keys draw on.";
const LAYERS = [
  "Convolution 1, ReLU",
  "Max pooling 1",
  "Convolution 2, ReLU",
  "Max pooling 2",
  "Flatten",
  "Dense",
];

/** How many numbers the file holds: two convolutions and a dense layer, each with its biases. */
export const SIZES = [3 * 3 * 8, 8, 3 * 3 * 8 * 16, 16, 400 * 10, 10];

/**
 * An image on its way: what each layer hands on, the sums, the scores.
 * @param {Arrays} arrays
 * @param {number[][]} image
 */
export function forward(arrays, image) {
  const first = stage(fromRows(image), arrays, "valid");
  const second = pool(first);
  const third = stage(second, arrays.slice(2), "valid");
  const last = pool(third);
  const sums = dense(last.data, arrays[4], arrays[5]);
  return { layers: [first, second, third, last], flat: last.data, sums, scores: softmax(sums) };
}

/**
 * What each flattened value adds to the sum of a class: value times weight.
 * @param {ArrayLike<number>} flat
 * @param {ArrayLike<number>} weights
 * @param {number} digit
 */
export const evidence = (flat, weights, digit) =>
  Array.from(flat, (value, i) => value * weights[i * 10 + digit]);

/** @param {(pixel: number) => number} value @returns {number[][]} */
const picture = (value) =>
  Array.from(
    { length: SIDE },
    (_, i) => Array.from({ length: SIDE }, (_, j) => value(i * SIDE + j)),
  );

/**
 * A stroke with a soft edge.
 * @param {number[][]} rows
 * @param {Place} from
 * @param {Place} to
 * @param {boolean} erase
 */
export function stroke(rows, from, to, erase) {
  const [down, right] = [to[0] - from[0], to[1] - from[1]];
  const length = down * down + right * right || 1;
  return rows.map((row, i) =>
    row.map((value, j) => {
      const along = clamp(((i - from[0]) * down + (j - from[1]) * right) / length, 0, 1);
      const distance = Math.hypot(i - from[0] - along * down, j - from[1] - along * right);
      const ink = clamp(Number((BRUSH - distance).toFixed(2)), 0, 1);
      return erase ? Math.min(value, 1 - ink) : Math.max(value, ink);
    })
  );
}

/**
 * Move an image so that its centre of mass lies in the middle, as the makers of MNIST did.
 * @param {number[][]} rows
 */
export function centre(rows) {
  const middle = (SIDE - 1) / 2;
  let [mass, down, right] = [1e-9, 0, 0];
  rows.forEach((row, i) =>
    row.forEach((value, j) => {
      mass += value;
      down += value * (middle - i);
      right += value * (middle - j);
    })
  );
  return shift(rows, Math.round(down / mass), Math.round(right / mass));
}

/** The two highest scores in words. @param {ArrayLike<number>} scores */
export function inWords(scores) {
  const [best, next] = Array.from(scores, (score, digit) => [score, digit]).sort((a, b) =>
    b[0] - a[0]
  );
  return `The network says ${best[1]}, with a score of ${best[0].toFixed(3)}. Next comes ${
    next[1]
  }, with ${next[0].toFixed(3)}.`;
}

/**
 * Paint maps as tiles, at most eight in a row, on one scale.
 * @param {HTMLCanvasElement} canvas
 * @param {Maps} maps
 * @param {Color[]} poles the colours of 0, of the most and of its negative
 */
function paint(canvas, { height, width, channels, data }, poles) {
  const most = Array.from(data).reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
  const across = Math.min(ACROSS, channels);
  canvas.width = across * (width + 1) - 1;
  canvas.height = (channels / across) * (height + 1) - 1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(canvas.width, canvas.height);
  for (let index = 0; index < data.length; index++) {
    const [tile, pixel] = [index % channels, Math.floor(index / channels)];
    const row = Math.floor(tile / across) * (height + 1) + Math.floor(pixel / width);
    const place = 4 * (row * canvas.width + (tile % across) * (width + 1) + (pixel % width));
    const share = data[index] / most;
    const pole = poles[share < 0 ? 2 : 1];
    for (let c = 0; c < 3; c++) {
      picture.data[place + c] = poles[0][c] + (pole[c] - poles[0][c]) * Math.abs(share);
    }
    picture.data[place + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  /** @type {Arrays | undefined} */
  let arrays;
  let shifted = false;
  let example = 0;
  /** @type {Place} */
  let last = [0, 0];
  /** @type {{place: Place, image: number[][]}} */
  let start = { place: last, image: [] };

  /**
   * Draw, erase or move from the last cell to this one.
   * @param {Place} place
   * @param {boolean} begin
   */
  function act(place, begin) {
    const { image, pointer } = state();
    if (begin) start = { place: last, image };
    const moved = shift(start.image, place[0] - start.place[0], place[1] - start.place[1]);
    change(model, {
      image: pointer === "move" ? moved : stroke(image, last, place, pointer === "erase"),
    });
    last = place;
  }

  const input = createGrid("Your digit", ({ row, column, kind }) => {
    if (kind === "press" || (kind === "point" && !shifted)) last = [row, column];
    if (kind !== "point" || shifted) act([row, column], kind !== "drag");
  });
  input.element.addEventListener("keydown", (event) => (shifted = event.shiftKey), {
    capture: true,
  });
  const pictures = LAYERS.map((layer) =>
    make("canvas", { className: "lx-maps", role: "img", "aria-label": layer })
  );
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const [bar, score] = [make("span", { className: "lx-bar" }), make("span")];
    return {
      bar,
      score,
      element: make(
        "li",
        {},
        make("b", { textContent: String(digit) }),
        make("span", {}, bar),
        score,
      ),
    };
  });
  const words = Object.assign(sentence(), { textContent: "Loading the weights …" });
  const pointer = select(model, "Pointer", "pointer", ["draw", "erase", "move"]);
  const digit = select(model, "Evidence for", "digit", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const steps = LAYERS.map((name, i) => panel(name, pictures[i]));
  pictures[4].classList.add("lx-thread");
  steps[5].element.append(digit.element);

  function draw() {
    const now = state();
    const values = now.image.flat();
    input.draw({ height: SIDE, width: SIDE, values, scale: "grey", most: 1 });
    pointer.draw();
    digit.draw();
    if (!arrays) return;
    const { layers, flat, sums, scores } = forward(arrays, now.image);
    const thread = { height: 1, width: flat.length, channels: 1, data: flat };
    const products = { ...layers[3], data: evidence(flat, arrays[4], now.digit) };
    [...layers, thread, products].forEach((maps, i) => {
      paint(pictures[i], maps, i < 5 ? [BLACK, WHITE] : [WHITE, ORANGE, BLUE]);
      const sizes = `${maps.channels} maps of ${maps.height}×${maps.width}`;
      const text = [
        sizes,
        sizes,
        sizes,
        sizes,
        `the same ${flat.length} values as one thread`,
        `each value times its weight for a ${now.digit}; with the bias, the sum is ${
          show(sums[now.digit])
        }`,
      ][i];
      steps[i].heading.textContent = `${LAYERS[i]}: ${text}`;
      setLabel(pictures[i], `${LAYERS[i]}: ${text}`);
    });
    const best = Math.max(...scores);
    bars.forEach(({ bar, score, element }, i) => {
      bar.style.width = `${100 * scores[i]}%`;
      score.textContent = scores[i].toFixed(3);
      element.classList.toggle("lx-best", scores[i] === best);
    });
    words.textContent = inWords(scores);
  }

  const realDigit = () => {
    const bytes = atob(model.get("examples")[example++ % 10]);
    change(model, { image: picture((pixel) => bytes.charCodeAt(pixel) / 255) });
  };
  const row = controls(
    pointer.element,
    button("Clear", () => change(model, { image: picture(() => 0) })),
    button("Centre it", () => change(model, { image: centre(model.get("image")) })),
    button("A real digit", realDigit),
    resetButton(model, TRAITS),
  );
  const scores = panel(
    "Ten scores",
    make("ul", { className: "lx-scores" }, ...bars.map(({ element }) => element)),
  );
  const hint = make("p", { className: "lx-size", textContent: HINT });
  const all = panels(panel("Your digit, 28×28", input.element, hint), scores, ...steps);
  const leave = mount(model, el, "drawdigit", TRAITS, [row, words, all], draw);
  Promise.resolve(model.get("_weights")).then((file) => {
    arrays = unpack(file, SIZES);
    draw();
  }).catch((error) => (words.textContent = `The weights could not be loaded: ${error.message}`));
  return leave;
}

export default { render };
