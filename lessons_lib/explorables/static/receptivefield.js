// ReceptiveField: build a stack of layers, point at an output, and see which pixels it sees.

import {
  button,
  change,
  choice,
  controls,
  make,
  mount,
  oneStep,
  panel,
  panels,
  resetButton,
  sentence,
  setLabel,
  stateOf,
  table,
} from "./controls.js";
import { createGrid } from "./grid.js";
import { outputSize, paddingAround, receptiveField } from "./ops.js";
import { minus } from "./words.js";

/**
 * @typedef {{
 *   kind: "conv" | "pool", kernel_size: number, strides: number, dilation_rate: number,
 *   padding: "valid" | "same",
 * }} Layer
 * @typedef {keyof Layer} Setting
 * @typedef {{image: number[][], layers: Layer[], row: number, column: number}} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["image", "layers", "row", "column"];
const MOST_LAYERS = 8;
/** @type {Record<Layer["kind"], Layer>} */
const NEW = {
  conv: { kind: "conv", kernel_size: 3, strides: 1, dilation_rate: 1, padding: "valid" },
  pool: { kind: "pool", kernel_size: 2, strides: 2, dilation_rate: 1, padding: "valid" },
};

/**
 * Lengths and receptive fields along one axis, layer by layer; the lengths end where a window no
 * longer fits.
 * @param {number} size
 * @param {Layer[]} layers
 */
export function along(size, layers) {
  const steps = [];
  const passed = [];
  let length = size;
  for (const layer of layers) {
    const slide = {
      strides: layer.strides,
      padding: layer.padding,
      dilationRate: layer.dilation_rate,
    };
    const [before] = paddingAround(length, layer.kernel_size, slide);
    passed.push({
      kernelSize: layer.kernel_size,
      strides: layer.strides,
      dilationRate: layer.dilation_rate,
      padding: before,
    });
    length = outputSize(length, layer.kernel_size, slide);
    steps.push({ length, ...receptiveField(passed) });
    if (!length) break;
  }
  return steps;
}

/**
 * The pixels that an output sees along one axis.
 * @param {number} size
 * @param {Layer[]} layers
 * @param {number} output
 */
export function seen(size, layers, output) {
  const last = along(size, layers).at(-1) ?? { length: size, size: 1, jump: 1, start: 0 };
  const place = Math.min(output, Math.max(0, last.length - 1));
  const first = last.start + place * last.jump;
  return { first, last: first + last.size - 1, place, length: last.length };
}

/**
 * A layer with one setting changed, and what follows: as in Keras, a pooling has no dilation, and
 * neither has what has a stride above 1.
 * @param {Layer} layer
 * @param {Setting} name
 * @param {string | number} value
 * @returns {Layer}
 */
export function withSetting(layer, name, value) {
  const changed = /** @type {Layer} */ ({ ...layer, [name]: value });
  const alone = changed.kind === "pool" || changed.strides > 1;
  if (name === "dilation_rate" && changed.dilation_rate > 1) changed.strides = 1;
  else if (alone) changed.dilation_rate = 1;
  return changed;
}

/** What else a changed setting has changed, in words. @param {Layer} before @param {Layer} after @param {Setting} name */
export function followed(before, after, name) {
  const why = after.kind === "pool" ? "in a pooling" : "beside a stride above 1";
  if (name !== "dilation_rate" && after.dilation_rate !== before.dilation_rate) {
    return `The dilation is 1 again: Keras has none ${why}. `;
  }
  return name === "dilation_rate" && after.strides !== before.strides
    ? "The stride is 1 again: Keras has no larger one beside a dilation. "
    : "";
}

/** What an output sees, in words. @param {State} state */
export function inWords({ image, layers, row, column }) {
  const [down, across] = [seen(image.length, layers, row), seen(image[0].length, layers, column)];
  if (!down.length || !across.length) {
    return "A window does not fit any more: make the stack smaller, or use padding same.";
  }
  /** @param {{first: number, last: number}} pixels */
  const span = ({ first, last }) => minus(`${first} to ${last}`);
  const size = down.last - down.first + 1;
  const over = [down, across].some(({ first, last }, axis) =>
    first < 0 || last >= [image.length, image[0].length][axis]
  );
  return `Output row ${down.place}, column ${across.place} sees ${size}×${size} pixels: rows ${
    span(down)
  }, columns ${span(across)}.` +
    (over ? " Part of that is padding around the image." : "");
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  /** @param {Layer[]} layers @param {string} [also] what else that has changed, in words */
  const setLayers = (layers, also = "") => {
    told = also;
    change(model, { layers: layers.slice(0, MOST_LAYERS) });
  };
  let told = "";
  const input = createGrid("Input image", () => {});
  const output = createGrid(
    "Output",
    ({ row, column }) => change(model, { row, column }),
  );
  const inputPanel = panel("Input", input.element);
  const outputPanel = panel("Output: choose a cell", output.element);
  const words = sentence();
  const { element: scroller, body } = table("The stack of layers", [
    "Layer",
    "Window",
    "Stride",
    "Dilation",
    "Padding",
    "Output",
    "Size",
    "Jump",
    "Start",
    "Remove",
  ]);
  /** @param {string} text @param {Layer["kind"]} kind */
  const adder = (text, kind) => button(text, () => setLayers([...model.get("layers"), NEW[kind]]));
  const adding = [adder("Add a convolution", "conv"), adder("Add a pooling", "pool")];

  /** @param {number} index @param {Setting} name @param {(string | number)[]} options */
  function field(index, name, options) {
    const element = choice(
      options,
      (value) => {
        const before = model.get("layers")[index];
        const after = withSetting(before, name, value);
        setLayers(model.get("layers").with(index, after), followed(before, after, name));
      },
    );
    setLabel(element, `${name.replace("_", " ")} of layer ${index + 1}`);
    return { element, name };
  }
  /** @type {{fields: ReturnType<typeof field>[], cells: HTMLElement[]}[]} */
  let lines = [];

  /** @param {Layer[]} layers */
  function build(layers) {
    lines = layers.map((_, index) => {
      const fields = [
        field(index, "kind", ["conv", "pool"]),
        field(index, "kernel_size", [1, 2, 3, 4, 5, 7]),
        field(index, "strides", [1, 2, 3]),
        field(index, "dilation_rate", [1, 2, 3]),
        field(index, "padding", ["valid", "same"]),
      ];
      return { fields, cells: [0, 1, 2, 3].map(() => make("td")) };
    });
    body.replaceChildren(...lines.map(({ fields, cells }, index) => {
      const name = make("th", { scope: "row" }, `${index + 1} `, fields[0].element);
      const remove = button("×", () => {
        setLayers(model.get("layers").toSpliced(index, 1));
        requestAnimationFrame(() => (body.querySelectorAll("button")[index] ?? adding[0]).focus());
      });
      setLabel(remove, `Remove layer ${index + 1}`);
      return make(
        "tr",
        {},
        name,
        ...fields.slice(1).map(({ element }) => make("td", {}, element)),
        ...cells,
        make("td", {}, remove),
      );
    }));
  }

  let built = -1;
  function draw() {
    const now = state();
    if (now.layers.length !== built) build(now.layers);
    built = now.layers.length;
    const [height, width] = [now.image.length, now.image[0].length];
    const steps = along(height, now.layers);
    for (const [index, { fields, cells }] of lines.entries()) {
      for (const { element, name } of fields) {
        element.value = String(now.layers[index][name]);
        element.disabled = name === "dilation_rate" && now.layers[index].kind === "pool";
      }
      const step = steps[index];
      const numbers = step ? [step.length, step.size, step.jump, step.start] : ["–", "–", "–", "–"];
      cells.forEach((cell, i) => (cell.textContent = minus(numbers[i])));
    }
    const [down, across] = [seen(height, now.layers, now.row), seen(width, now.layers, now.column)];
    /** @param {number} index */
    const sees = (index) => {
      const [row, column] = [Math.floor(index / width), index % width];
      return row >= down.first && row <= down.last && column >= across.first &&
        column <= across.last;
    };
    const fits = down.length * across.length;
    input.draw({
      height,
      width,
      values: now.image.flat(),
      scale: "grey",
      most: 1,
      mark: (index) => (fits && sees(index) ? "lx-seen" : ""),
    });
    const place = down.place * across.length + across.place;
    output.draw({
      height: down.length,
      width: across.length,
      values: Array(fits).fill(0),
      scale: "grey",
      most: 1,
      current: place,
      hidden: () => true,
      label: () => "",
      mark: (index) => (index === place ? "lx-picked" : ""),
    });
    inputPanel.heading.textContent = `Input, ${height}×${width}`;
    outputPanel.heading.textContent = `Output, ${down.length}×${across.length}: choose a cell`;
    for (const add of adding) add.disabled = now.layers.length >= MOST_LAYERS;
    words.textContent = told + inWords(now);
    told = "";
  }

  oneStep({ control: [scroller, output.element], input: [input.element], result: [words] });
  const parts = [
    controls(...adding, resetButton(model, TRAITS)),
    scroller,
    panels(inputPanel, outputPanel),
    words,
  ];
  return mount(model, el, "receptivefield", TRAITS, parts, draw);
}

export default { render };
