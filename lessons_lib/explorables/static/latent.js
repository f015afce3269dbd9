// Latent: two numbers for a digit. What a decoder draws from each place of their plane, and how one
// digit becomes another.

import {
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
  slider,
  stateOf,
} from "./controls.js";
import { decode as pixelsOf } from "./drawing.js";
import {
  between,
  createDecoder,
  extentOf,
  nearest,
  paths,
  SIDE,
  squaredError,
  STEPS,
} from "./latent_network.js";
import { COLORS, createLatentPlane, paint } from "./latent_plane.js";
import { markerInWords, pathInWords, placeInWords } from "./latent_words.js";

/**
 * `codes` are those of the examples first, in their order, then those of other digits. `examples`
 * are images as base64 of one byte a pixel, row by row; `names` are what they are called. `_weights`
 * are the bytes of the decoder's weights.
 * @typedef {import("./latent_network.js").Code} Code
 * @typedef {import("./latent_network.js").Place} Place
 * @typedef {{
 *   start: string, end: string, step: number, x: number, y: number, shows: typeof SHOWS[number],
 *   codes: Code[], examples: string[], names: string[], _weights: DataView,
 * }} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["start", "end", "step", "x", "y", "shows"];
const SHOWS = /** @type {const} */ (["codes of digits", "drawings everywhere"]);
const HINT =
  "Drag the ring, or press a place in the plane; by keyboard, arrow keys. Each small digit is the code " +
  "of a test digit; it stands where its two numbers say. “a” and “b” are two digits of a class.";

/** @param {number} value */
const round = (value) => Number(value.toFixed(3));

/** A picture of 28×28 pixels. @param {string} [className] */
function createPicture(className = "") {
  const element = make("canvas", { width: SIDE, height: SIDE, role: "img", className });
  /** @param {number[]} pixels @param {string} label */
  function draw(pixels, label) {
    paint(element, pixels);
    setLabel(element, label);
  }
  return { element, draw };
}

/** A digit, and what comes back of it. */
function createCopy() {
  const [original, copy] = [createPicture(), createPicture()];
  const words = make("p");
  const element = make("div", { className: "lx-copy" }, original.element, copy.element, words);
  /** @param {string} name @param {Place} code @param {number[]} image @param {number[]} back */
  function draw(name, code, image, back) {
    original.draw(image, `Digit ${name}`);
    copy.draw(back, `Digit ${name}, drawn from its two numbers`);
    words.textContent = `${name}: ${placeInWords(code)}, mean squared error ${
      squaredError(image, back).toFixed(3)
    }`;
  }
  return { element, draw };
}

/** The pictures of a path, step by step. @param {string} title */
function createStrip(title) {
  const frames = Array.from(
    { length: STEPS + 1 },
    () => make("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" }),
  );
  const strip = make("div", { className: "lx-strip", role: "img", "aria-label": title }, ...frames);
  const element = make("div", {}, make("p", { className: "lx-size", textContent: title }), strip);
  /** @param {number[][]} pictures @param {number} step */
  function draw(pictures, step) {
    frames.forEach((frame, i) => {
      paint(frame, pictures[i]);
      frame.classList.toggle("lx-at", i === step);
    });
  }
  return { element, draw };
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const codes = model.get("codes");
  const names = model.get("names");
  const images = model.get("examples").map((example) => pixelsOf(example).flat());
  const extent = extentOf(codes);
  const decode = createDecoder(model.get("_weights"));

  /** The code of an example. @param {string} name */
  const codeOf = (name) => codes[names.indexOf(name)];
  /** @param {string} name @returns {Place} */
  const placeOf = (name) => [codeOf(name)[0], codeOf(name)[1]];
  /** Where a step of the path lies. @param {Pick<State, "start" | "end" | "step">} way */
  function onPath({ start, end, step }) {
    const [x, y] = between(placeOf(start), placeOf(end), step / STEPS);
    return { x: round(x), y: round(y) };
  }
  const start = select(
    model,
    "From",
    "start",
    names,
    (value) => onPath({ ...state(), start: value }),
  );
  const end = select(model, "to", "end", names, (end) => onPath({ ...state(), end }));
  const shows = select(model, "Show", "shows", SHOWS);
  const step = slider(model, "Step", "step", 0, STEPS);
  // The marker goes along the path.
  step.element.addEventListener("input", () => change(model, onPath(state())));
  const words = sentence();
  const plane = createLatentPlane(codes, extent, ([x, y]) => {
    change(model, { x: round(x), y: round(y) });
  });
  const drawing = createPicture("lx-large");
  const copies = [createCopy(), createCopy()];
  const strips = {
    plane: createStrip("Straight in the plane: each picture is drawn from a code between the two"),
    pixels: createStrip("Straight in pixels: each pixel is mixed from the two drawings"),
  };
  const pathWords = make("output", { className: "lx-path-words", "aria-live": "polite" });

  function draw() {
    const now = state();
    /** @type {Place} */
    const place = [now.x, now.y];
    for (const control of [start, end, shows, step]) control.draw();
    plane.draw({
      ...{ place, from: codeOf(now.start), to: codeOf(now.end), names: [now.start, now.end] },
      ...{ step: now.step, drawings: now.shows === SHOWS[1] },
    });
    const near = nearest(place, codes, extent);
    drawing.draw(decode(place), `What the decoder draws from ${placeInWords(place)}`);
    for (const [i, name] of [now.start, now.end].entries()) {
      const code = placeOf(name);
      copies[i].draw(name, code, images[names.indexOf(name)], decode(code));
    }
    const ways = paths(decode, placeOf(now.start), placeOf(now.end));
    strips.plane.draw(ways.plane, now.step);
    strips.pixels.draw(ways.pixels, now.step);
    words.textContent = markerInWords(place, near, codes.length);
    pathWords.textContent = pathInWords(now.step, ways.plane[now.step], ways.pixels[now.step]);
  }
  const row = controls(shows.element, resetButton(model, TRAITS));
  const pathRow = controls(start.element, end.element, step.element);
  const swatches = COLORS.map((color, label) => {
    const swatch = make("b", { textContent: String(label) });
    swatch.style.color = color;
    return swatch;
  });
  const legend = make("p", { className: "lx-legend" }, "Classes: ", ...swatches);
  const planePanel = panel("The plane of the two numbers", plane.element, legend);
  const drawingPanel = panel("Drawn at the ring", drawing.element);
  const copyPanel = panel("Into two numbers and back", ...copies.map(({ element }) => element));
  const side = make("div", { className: "lx-side" }, drawingPanel.element, copyPanel.element);
  const pathPanel = panel(
    "From one digit to another",
    pathRow,
    strips.plane.element,
    strips.pixels.element,
    pathWords,
  );
  pathPanel.element.classList.add("lx-wide");
  oneStep({
    control: [plane.marker],
    input: [plane.element],
    result: [words, drawing.element],
  });
  const hint = make("p", { className: "lx-size lx-hint", textContent: HINT });
  const body = panels(planePanel, { element: side });
  const children = [row, words, body, pathPanel.element, hint];
  plane.fill(decode);
  return mount(model, el, "latent", TRAITS, children, draw);
}

export default { render };
