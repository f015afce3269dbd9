// Convolution: step, play or drag a kernel's window over an image, and see the sum behind each
// value of the feature map.

import { numberOf } from "./answers.js";
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
  panels,
  resetButton,
  select,
  sentence,
  stateOf,
} from "./controls.js";
import { createGrid } from "./grid.js";
import {
  clamp,
  convolve,
  fromRows,
  nearestStop,
  outputSize,
  paddingAround,
  slidingWindow,
} from "./ops.js";
import { createGreyPicker } from "./ownpicture.js";
import { player } from "./player.js";
import { digitsFor, exact, show } from "./words.js";

/**
 * @typedef {{
 *   image: number[][], kernel: number[][], strides: number, padding: "valid" | "same",
 *   dilation_rate: number, stop: number, filled: number, painting: boolean,
 * }} State
 * @typedef {import("./ops.js").Maps} Maps
 * @typedef {import("./ops.js").Kernels} Kernels
 */

/** @type {(keyof State)[]} */
const TRAITS = [
  "image",
  "kernel",
  "strides",
  "padding",
  "dilation_rate",
  "stop",
  "filled",
  "painting",
];
const OWN = "own numbers";
const LARGEST = 1e6;
/** How many rows or columns a picture of the reader's own has at most. */
const MOST = 28;
const BOTH = "Keras does not take a stride and a dilation above 1 together";

/** @type {Record<string, number[][]>} */
export const PRESETS = {
  "vertical edges": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
  "horizontal edges": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
  "diagonal edges": [[-1, -1, 0], [-1, 0, 1], [0, 1, 1]],
  blur: Array.from({ length: 3 }, () => Array(3).fill(0.1111)),
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  "leave as it is": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
  "5×5 blur": Array.from({ length: 5 }, () => Array(5).fill(0.04)),
};

/** Everything the figure draws, from the state alone. @param {State} state */
export function compute(
  { image: rows, kernel: weights, strides, padding, dilation_rate: dilationRate, stop: wanted },
) {
  const image = fromRows(rows);
  const kernel = { ...fromRows(weights), filters: 1 };
  const slide = { strides, padding, dilationRate };
  const way = slidingWindow(image, [kernel.height, kernel.width], slide);
  const map = convolve(image, kernel, slide);
  const stop = Math.min(wanted, Math.max(0, map.data.length - 1));
  const [top, bottom] = paddingAround(image.height, kernel.height, slide);
  const [left, right] = paddingAround(image.width, kernel.width, slide);
  return {
    image,
    kernel,
    way,
    map,
    stop,
    taps: map.data.length ? taps(image, kernel, way, stop) : [],
    padded: { height: image.height + top + bottom, width: image.width + left + right, top, left },
  };
}

/**
 * The value of a pixel; undefined on the padding.
 * @param {Maps} image
 * @param {number} row
 * @param {number} column
 */
const pixelAt = ({ height, width, data }, row, column) =>
  row >= 0 && row < height && column >= 0 && column < width
    ? data[row * width + column]
    : undefined;

/**
 * What each tap of the kernel meets at one stop: 0 on the padding, `inside` false.
 * @param {Maps} image
 * @param {Kernels} kernel
 * @param {ReturnType<typeof slidingWindow>} way
 * @param {number} stop
 */
export function taps(image, kernel, way, stop) {
  return Array.from(kernel.data, (weight, tap) => {
    const row = way.row(Math.floor(stop / way.columns), Math.floor(tap / kernel.width));
    const column = way.column(stop % way.columns, tap % kernel.width);
    const value = pixelAt(image, row, column);
    return {
      row,
      column,
      inside: value !== undefined,
      value: value ?? 0,
      weight,
      product: (value ?? 0) * weight,
    };
  });
}

/** The size of the map in words, with the formula. @param {State} state */
export function sizeInWords({ image, kernel, strides, padding, dilation_rate: dilationRate }) {
  const [size, taps] = [image.length, kernel.length];
  const rows = outputSize(size, taps, { strides, padding, dilationRate });
  const extent = dilationRate * (taps - 1) + 1;
  if (!rows) {
    return `The kernel spans ${extent} rows: it does not fit into ${size}, so there is no map.`;
  }
  if (padding === "same") {
    const exact = size % strides === 0 ? "" : `, rounded up from ${show(size / strides)}`;
    return `Rows of the map: ${size} / ${strides} = ${rows}${exact}.`;
  }
  const left = (size - extent) % strides;
  const lost = left
    ? ` The division is floored: the last ${left === 1 ? "row is" : `${left} rows are`} never seen.`
    : "";
  return `Rows of the map: ⌊(${size} − ${extent}) / ${strides}⌋ + 1 = ${rows}.${lost}`;
}

/** The sum at one stop in words. @param {ReturnType<typeof compute>} figure */
export function stopInWords({ map, stop, taps }) {
  if (!taps.length) return "There is no stop.";
  const terms = taps.filter(({ product }) => product !== 0);
  /** @param {number} weight */
  const factor = (weight) => (weight < 0 ? `(${exact(weight)})` : exact(weight));
  const sum = terms.map(({ value, weight }) => `${exact(value)}·${factor(weight)}`).join(" + ") ||
    "every product is 0, and so is their sum";
  const place = `Row ${Math.floor(stop / map.width)}, column ${stop % map.width} of the map`;
  return `${place}: ${sum}${terms.length ? ` = ${sumShown(map.data[stop])}` : ""}.`;
}

/** A sum as it is written: a small one has more digits. @param {number} sum */
const sumShown = (sum) => (Math.abs(sum) < 0.1 ? exact(sum) : show(sum));

/**
 * What a typed weight means, with the words for what is wrong or has changed. Weights have four
 * digits after the point, as in Python.
 * @param {string} text
 * @returns {{weight?: number, note: string}}
 */
export function readWeight(text) {
  const value = numberOf(text);
  const got = `Received: ${text.trim() || "nothing"}`;
  if (Number.isNaN(value)) return { note: `A weight is one number. ${got}` };
  if (Math.abs(value) > LARGEST) {
    return { note: `A weight is from ${exact(-LARGEST)} to ${exact(LARGEST)}. ${got}` };
  }
  const weight = Number(value.toFixed(4));
  const note = weight === value
    ? ""
    : `A weight has four digits after the point: this one counts as ${exact(weight)}.`;
  return { weight, note };
}

/**
 * Rows with another value at one place.
 * @param {number[][]} rows
 * @param {number} row
 * @param {number} column
 * @param {number} value
 */
const edited = (rows, row, column, value) =>
  rows.map((line, i) => (i === row ? line.with(column, value) : line));

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  let figure = compute(state());
  let ink = 1;

  /** Go to a stop; what the window has passed is filled. @param {number} stop */
  function go(stop) {
    const to = clamp(stop, 0, figure.map.data.length - 1);
    change(model, { stop: to, filled: Math.max(model.get("filled"), to + 1) });
  }
  const { play, speed, pause } = player({
    el,
    pace: () => calm() ? 600 : clamp(20000 / figure.map.data.length, 30, 120),
    begin() {
      if (model.get("filled") >= figure.map.data.length) change(model, { stop: 0, filled: 1 });
    },
    step() {
      const stop = model.get("stop");
      if (stop >= figure.map.data.length - 1) return false;
      go(stop + 1);
      return true;
    },
    onChange: (running) => words.setAttribute("aria-live", running ? "off" : "polite"),
  });

  const input = createGrid("Input image", ({ row, column, kind }) => {
    const { image, kernel, way } = figure;
    if (!model.get("painting")) {
      return go(nearestStop(way, [kernel.height, kernel.width], row, column));
    }
    const value = pixelAt(image, row, column);
    if (kind === "point" || value === undefined) return;
    if (kind === "press") ink = value < 0.5 ? 1 : 0;
    change(model, { image: edited(model.get("image"), row, column, ink) });
  });
  /**
   * What a stride or a dilation changes with it: the other one goes back to 1, and the figure says
   * so.
   * @param {number} value @param {"strides" | "dilation_rate"} other @param {string} name
   */
  function alone(value, other, name) {
    const both = value > 1 && model.get(other) > 1;
    note.textContent = both ? `${BOTH}: the ${name} is 1 again.` : "";
    return both ? { [other]: 1 } : {};
  }

  const output = createGrid("Feature map", ({ index }) => go(index));
  const kernelInputs = make("div", {
    className: "lx-kernel",
    role: "group",
    "aria-label": "Kernel",
  });
  const kernelFields = () => /** @type {HTMLInputElement[]} */ ([...kernelInputs.children]);
  const products = make("div", { className: "lx-products" });
  const words = sentence();
  const note = make("output", { className: "lx-note", "aria-live": "polite" });
  const size = make("p", { className: "lx-size" });
  const preset = choice(
    [OWN, ...Object.keys(PRESETS)],
    (name) =>
      PRESETS[name] ? change(model, { kernel: PRESETS[name] }) : kernelFields()[0]?.select(),
  );
  const settings = [
    select(
      model,
      "Stride",
      "strides",
      [1, 2, 3, 4],
      (value) => alone(value, "dilation_rate", "dilation"),
    ),
    select(model, "Padding", "padding", ["valid", "same"]),
    select(
      model,
      "Dilation",
      "dilation_rate",
      [1, 2, 3],
      (value) => alone(value, "strides", "stride"),
    ),
  ];
  const paint = make("input", {
    type: "checkbox",
    onchange: () => change(model, { painting: paint.checked }),
  });

  /** @param {number} row @param {number} column */
  function weightField(row, column) {
    const field = make("input", {
      type: "text",
      // The number pad of a phone may have no minus.
      inputMode: "text",
      autocomplete: "off",
      "aria-label": `Weight in row ${row}, column ${column}`,
    });
    let before = 0;
    field.onfocus = () => (before = model.get("kernel")[row][column]);
    field.oninput = () => {
      const { weight = before, note: said } = readWeight(field.value);
      note.textContent = said;
      field.setAttribute("aria-invalid", String(Boolean(said)));
      change(model, { kernel: edited(model.get("kernel"), row, column, weight) });
    };
    field.onblur = () => {
      field.setAttribute("aria-invalid", "false");
      drawKernel();
    };
    return field;
  }

  function drawKernel() {
    const { kernel } = figure;
    if (kernelInputs.childElementCount !== kernel.data.length) {
      kernelInputs.style.setProperty("--columns", String(kernel.width));
      kernelInputs.replaceChildren(
        ...Array.from(
          kernel.data,
          (_, tap) => weightField(Math.floor(tap / kernel.width), tap % kernel.width),
        ),
      );
    }
    for (const [tap, field] of kernelFields().entries()) {
      if (document.activeElement !== field) {
        field.value = exact(kernel.data[tap]);
      }
    }
    /** @param {[string, number[][]]} preset */
    const same = ([, rows]) =>
      rows.length === kernel.height && rows[0].length === kernel.width &&
      rows.flat().every((weight, tap) => Math.abs(weight - kernel.data[tap]) < 1e-3);
    preset.value = Object.entries(PRESETS).find(same)?.[0] ?? OWN;
  }

  function drawImage() {
    const { image, padded: { top, left, height, width } } = figure;
    const under = new Set(
      figure.taps.map(({ row, column }) => (row + top) * width + column + left),
    );
    const values = Array.from(
      { length: height * width },
      (_, index) => pixelAt(image, Math.floor(index / width) - top, (index % width) - left),
    );
    /** @param {number} index */
    const outside = (index) => values[index] === undefined;
    input.draw({
      height,
      width,
      values: values.map((value) => value ?? 0),
      scale: "grey",
      most: 1,
      strokes: model.get("painting"),
      digits: width <= 18 ? 1 : undefined,
      origin: [-top, -left],
      hidden: outside,
      label: (index) => (outside(index) ? "padding, 0" : undefined),
      mark: (index) =>
        `${outside(index) ? "lx-padding " : ""}${under.has(index) ? "lx-window" : ""}`,
    });
  }

  function draw() {
    const now = state();
    figure = compute(now);
    const { image, kernel, map, stop } = figure;
    drawImage();
    const most = Math.max(...map.data.map(Math.abs), 1e-9);
    output.draw({
      ...map,
      values: map.data,
      scale: "signed",
      most,
      digits: digitsFor(map.width, most),
      current: stop,
      hidden: (index) => index >= now.filled,
      mark: (index) => (index === stop ? "lx-picked" : ""),
    });
    inputPanel.heading.textContent = `Input, ${image.height}×${image.width}${
      now.padding === "same" ? ", padded" : ""
    }`;
    kernelPanel.heading.textContent = `Kernel, ${kernel.height}×${kernel.width}`;
    outputPanel.heading.textContent = `Feature map, ${map.height}×${map.width}`;
    stopPanel.heading.textContent = figure.taps.length
      ? `This stop: the sum is ${sumShown(map.data[stop])}`
      : "This stop";
    drawKernel();
    if (products.childElementCount !== figure.taps.length) {
      products.style.setProperty("--columns", String(kernel.width));
      products.replaceChildren(
        ...figure.taps.map(() => make("span", {}, make("span"), make("i"), make("b"))),
      );
    }
    for (const [tap, { inside, value, weight, product }] of figure.taps.entries()) {
      const [cell, texts] = [products.children[tap], [
        exact(value),
        `× ${exact(weight)}`,
        exact(product),
      ]];
      cell.className = inside ? "" : "lx-outside";
      texts.forEach((text, part) =>
        cell.children[part].textContent !== text && (cell.children[part].textContent = text)
      );
    }
    words.textContent = stopInWords(figure);
    size.textContent = sizeInWords(now);
    paint.checked = now.painting;
    for (const control of settings) control.draw();
    for (const { element } of [kernelPanel, stopPanel]) {
      element.classList.toggle("lx-wide", kernel.width > 3);
    }
  }

  const own = createGreyPicker(el, MOST, (image) => {
    pause();
    change(model, { image, stop: 0, filled: image.flat().length, painting: false });
  });
  const blank = button(
    "Clear the image",
    () =>
      change(model, { image: model.get("image").map((row) => row.map(() => 0)), painting: true }),
  );
  const inputPanel = panel(
    "Input",
    input.element,
    controls(make("label", {}, paint, " Paint on it"), blank),
  );
  const kernelPanel = panel("Kernel", kernelInputs);
  const stopPanel = panel("This stop", products);
  const outputPanel = panel("Feature map", output.element);
  const steps = controls(
    play,
    speed,
    button("Step", () => go(model.get("stop") + 1)),
    button("Back", () => go(Math.min(model.get("stop"), figure.map.data.length - 1) - 1)),
    button("Fill the map", () => change(model, { filled: figure.map.data.length })),
    button("Empty it", () => change(model, { stop: 0, filled: 1 })),
    resetButton(model, TRAITS, () => {
      pause();
      note.textContent = "";
      own.forget();
    }),
  );
  const choices = controls(
    ...settings.map(({ element }) => element),
    labelled("Preset", preset),
  );
  const parts = [
    steps,
    choices,
    note,
    panels(inputPanel, outputPanel),
    words,
    panels(kernelPanel, stopPanel),
    size,
    own.element,
  ];
  oneStep({
    control: [play, preset],
    input: [input.element, output.element, kernelInputs],
    result: [words, products],
  });
  return mount(model, el, "convolution", TRAITS, parts, draw, pause);
}

export default { render };
