// DrawDigit: draw a digit, and follow it through a trained network, layer by layer, to the ten
// probabilities.

import {
  button,
  change,
  controls,
  make,
  mount,
  oneStep,
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
/** How many drawings Undo remembers. */
const REMEMBERED = 100;
const HINT =
  "Press Clear, then draw with mouse or finger. By keyboard: arrow keys choose a pixel, Enter " +
  "makes a dot, Shift and arrow keys draw on, Ctrl and Z (on a Mac Cmd and Z) undo.";
const SCALE =
  "In each layer one scale serves all maps: black is 0, white the number beside the name, " +
  "the most that ten real digits reach there. Last, orange adds to the sum, and blue takes away.";
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
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
 * An image on its way: what each layer hands on, the sums, the probabilities.
 * @param {Arrays} arrays
 * @param {number[][]} image
 */
export function forward(arrays, image) {
  const first = stage(fromRows(image), arrays, "valid");
  const second = pool(first);
  const third = stage(second, arrays.slice(2), "valid");
  const last = pool(third);
  const sums = dense(last.data, arrays[4], arrays[5]);
  const layers = [first, second, third, last];
  return { layers, flat: last.data, sums, probabilities: softmax(sums) };
}

/**
 * What each flattened value adds to the sum of a class: value times weight.
 * @param {ArrayLike<number>} flat
 * @param {ArrayLike<number>} weights
 * @param {number} digit
 */
export const evidence = (flat, weights, digit) =>
  Array.from(flat, (value, i) => value * weights[i * 10 + digit]);

/** The largest size of a value. @param {Iterable<number>} values */
const largest = (values) => Array.from(values).reduce((most, n) => Math.max(most, Math.abs(n)), 0);

/**
 * The largest value that some images reach in each layer, and the largest that one adds to a sum.
 * @param {Arrays} arrays
 * @param {number[][][]} images
 */
export function scalesOf(arrays, images) {
  const ways = images.map((image) => forward(arrays, image));
  const layers = [0, 1, 2, 3].map((i) =>
    Math.max(...ways.map((way) => largest(way.layers[i].data)))
  );
  const products = ways.flatMap(({ flat }) =>
    DIGITS.map((digit) => largest(evidence(flat, arrays[4], digit)))
  );
  return [...layers, layers[3], Math.max(...products)];
}

/** @param {(pixel: number) => number} value @returns {number[][]} */
const picture = (value) =>
  Array.from(
    { length: SIDE },
    (_, i) => Array.from({ length: SIDE }, (_, j) => value(i * SIDE + j)),
  );

/** An image from its bytes. @param {string} example */
const decode = (example) => {
  const bytes = atob(example);
  return picture((pixel) => bytes.charCodeAt(pixel) / 255);
};

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

/** The two highest probabilities in words. @param {ArrayLike<number>} probabilities */
export function inWords(probabilities) {
  const [best, next] = Array.from(probabilities, (share, digit) => [share, digit]).sort((a, b) =>
    b[0] - a[0]
  );
  return `The network says ${best[1]}, with probability ${best[0].toFixed(3)}. Next comes ${
    next[1]
  }, with ${next[0].toFixed(3)}.`;
}

/**
 * Paint maps as tiles, at most eight in a row, on one scale.
 * @param {HTMLCanvasElement} canvas
 * @param {Maps} maps
 * @param {number} most where the scale ends; what is larger looks like it
 * @param {Color[]} poles the colours of 0, of the most and of its negative
 */
function paint(canvas, { height, width, channels, data }, most, poles) {
  const across = Math.min(ACROSS, channels);
  canvas.width = across * (width + 1) - 1;
  canvas.height = (channels / across) * (height + 1) - 1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(canvas.width, canvas.height);
  for (let index = 0; index < data.length; index++) {
    const [tile, pixel] = [index % channels, Math.floor(index / channels)];
    const row = Math.floor(tile / across) * (height + 1) + Math.floor(pixel / width);
    const place = 4 * (row * canvas.width + (tile % across) * (width + 1) + (pixel % width));
    const share = clamp(data[index] / most, -1, 1);
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
  /** @type {number[]} */
  let scales = [];
  /** What was drawn before, the latest last. @type {number[][][]} */
  const past = [];
  let shifted = false;
  let example = 0;
  /** @type {Place} */
  let last = [0, 0];
  /** @type {{place: Place, image: number[][]}} */
  let start = { place: last, image: [] };

  function remember() {
    past.push(model.get("image"));
    if (past.length > REMEMBERED) past.shift();
  }
  /** Let the image be another one, and remember the one before. @param {number[][]} image */
  function replace(image) {
    remember();
    change(model, { image });
  }
  function undo() {
    const image = past.pop();
    if (image) change(model, { image });
  }

  /**
   * Draw, erase or move from the last cell to this one.
   * @param {Place} place
   * @param {boolean} begin
   */
  function act(place, begin) {
    const { image, pointer } = state();
    if (begin) {
      start = { place: last, image };
      remember();
    }
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
  input.element.addEventListener("keydown", (event) => {
    shifted = event.shiftKey;
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    event.stopPropagation();
    undo();
  }, { capture: true });
  const pictures = LAYERS.map((layer) =>
    make("canvas", { className: "lx-maps", role: "img", "aria-label": layer })
  );
  const bars = DIGITS.map((digit) => {
    const [bar, share] = [make("span", { className: "lx-bar" }), make("span")];
    const name = make("b", { textContent: String(digit) });
    return { bar, share, element: make("li", {}, name, make("span", {}, bar), share) };
  });
  const words = Object.assign(sentence(), { textContent: "Loading the weights …" });
  const pointer = select(model, "Pointer", "pointer", ["draw", "erase", "move"]);
  const digit = select(model, "Evidence for", "digit", DIGITS);
  const steps = LAYERS.map((name, i) => panel(name, pictures[i]));
  pictures[4].classList.add("lx-thread");
  steps[5].element.append(digit.element);

  function draw() {
    const now = state();
    const values = now.image.flat();
    input.draw({ height: SIDE, width: SIDE, values, scale: "grey", most: 1, strokes: true });
    pointer.draw();
    digit.draw();
    if (!arrays) return;
    const { layers, flat, sums, probabilities } = forward(arrays, now.image);
    const thread = { height: 1, width: flat.length, channels: 1, data: flat };
    const products = { ...layers[3], data: evidence(flat, arrays[4], now.digit) };
    [...layers, thread, products].forEach((maps, i) => {
      paint(pictures[i], maps, scales[i], i < 5 ? [BLACK, WHITE] : [WHITE, ORANGE, BLUE]);
      const white = `white is ${show(scales[i], 1)}`;
      const sizes = `${maps.channels} maps of ${maps.height}×${maps.width}, ${white}`;
      const text = [
        sizes,
        sizes,
        sizes,
        sizes,
        `the same ${flat.length} values as one thread, ${white}`,
        `each value times its weight for a ${now.digit}; with the bias, the sum is ${
          show(sums[now.digit])
        }`,
      ][i];
      steps[i].heading.textContent = `${LAYERS[i]}: ${text}`;
      setLabel(pictures[i], `${LAYERS[i]}: ${text}`);
    });
    const best = Math.max(...probabilities);
    bars.forEach(({ bar, share, element }, i) => {
      bar.style.width = `${100 * probabilities[i]}%`;
      share.textContent = probabilities[i].toFixed(3);
      element.classList.toggle("lx-best", probabilities[i] === best);
    });
    words.textContent = inWords(probabilities);
  }

  const row = controls(
    pointer.element,
    button("Clear", () => replace(picture(() => 0))),
    button("Undo", undo),
    button("Centre it", () => replace(centre(model.get("image")))),
    button("A real digit", () => replace(decode(model.get("examples")[example++ % 10]))),
    resetButton(model, TRAITS, remember),
  );
  const chart = make(
    "ul",
    { className: "lx-probabilities" },
    ...bars.map(({ element }) => element),
  );
  const hint = make("p", { className: "lx-size", textContent: HINT });
  const scale = make("p", { className: "lx-size lx-scale", textContent: SCALE });
  const all = panels(
    panel("Your digit, 28×28", input.element, hint),
    panel("Ten probabilities", chart),
    { element: scale },
    ...steps,
  );
  oneStep({ control: [row], input: [input.element], result: [words] });
  const leave = mount(model, el, "drawdigit", TRAITS, [row, words, all], draw);
  Promise.resolve(model.get("_weights")).then((file) => {
    arrays = unpack(file, SIZES);
    scales = scalesOf(arrays, model.get("examples").map(decode));
    draw();
  }).catch((error) => (words.textContent = `The weights could not be loaded: ${error.message}`));
  return leave;
}

export default { render };
