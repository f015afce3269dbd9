// Parameters: the count of a convolution with the numbers filled in, beside the dense layer of
// equal output.

import {
  controls,
  make,
  mount,
  oneStep,
  resetButton,
  select,
  sentence,
  slider,
  stateOf,
} from "./controls.js";
import { convolutionParameters, denseParameters, outputSize } from "./ops.js";

/**
 * @typedef {{
 *   size: number, channels: number, filters: number, kernel_size: number, strides: number,
 *   padding: "valid" | "same",
 * }} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["size", "channels", "filters", "kernel_size", "strides", "padding"];
/** The scale of the bars ends at 10 to this power. */
const POWERS = 15;

/** @param {number} count */
const grouped = (count) => count.toLocaleString("en-US", { maximumFractionDigits: 4 });

/** @param {number} factor */
const toFourDigits = (factor) => Number(factor.toPrecision(4));

/** The counts with their formulas, from the state alone. @param {State} state */
export function compute({ size, channels, filters, kernel_size: kernel, strides, padding }) {
  const side = outputSize(size, kernel, { strides, padding });
  const inputs = size * size * channels;
  const outputs = side * side * filters;
  const weights = kernel * kernel * channels;
  return {
    side,
    inputs,
    outputs,
    rows: [
      {
        name: "Convolution: one kernel for all places",
        count: convolutionParameters(kernel, channels, filters),
        formula: `(${kernel}·${kernel}·${channels} + 1)·${filters}`,
        multiplyAdds: weights * outputs,
      },
      {
        name: "Locally connected: a kernel of its own at each place",
        count: (weights + 1) * outputs,
        formula: `(${kernel}·${kernel}·${channels} + 1)·${side}·${side}·${filters}`,
        multiplyAdds: weights * outputs,
      },
      {
        name: "Dense: every input to every output",
        count: denseParameters(inputs, outputs),
        formula: `(${size}·${size}·${channels} + 1)·${side}·${side}·${filters}`,
        multiplyAdds: inputs * outputs,
      },
    ],
  };
}

/** The comparison in words. @param {ReturnType<typeof compute>} figure */
export function inWords({ side, outputs, rows }) {
  if (!side) return "The kernel does not fit into the image, so there is no output.";
  const [shared, local, dense] = rows.map(({ count }) => count);
  const [exact, sharing] = [dense / local, local / shared];
  const isWhole = Number.isInteger(exact);
  const locality = isWhole ? exact : toFourDigits(exact);
  const together = isWhole ? exact * sharing : toFourDigits(locality * sharing);
  const about = isWhole ? "" : "about ";
  return `Each layer gives ${side}×${side} places, ${
    grouped(outputs)
  } values. Locality saves a factor of ${about}${grouped(locality)}, sharing one of ${
    grouped(sharing)
  }: together ${about}${grouped(together)}.`;
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const settings = [
    slider(model, "Image side", "size", 4, 224),
    slider(model, "Channels", "channels", 1, 64),
    slider(model, "Filters", "filters", 1, 64),
    slider(model, "Kernel", "kernel_size", 1, 11),
    slider(model, "Stride", "strides", 1, 4),
    select(model, "Padding", "padding", ["valid", "same"]),
  ];
  const layers = Array.from({ length: 3 }, () => {
    const [name, formula, work, count] = ["b", "span", "span", "b"].map((tag) =>
      make(/** @type {"span"} */ (tag))
    );
    count.className = "lx-count";
    const bar = make("span", { className: "lx-bar" });
    const line = make("p", {}, formula, " = ", count, " parameters, ", work, " multiply-adds");
    return {
      name,
      formula,
      count,
      work,
      bar,
      element: make("li", {}, name, line, make("div", { className: "lx-scale" }, bar)),
    };
  });
  const powers = ["1", "10³", "10⁶", "10⁹", "10¹²", "10¹⁵"].map((text) =>
    make("span", { textContent: text })
  );
  const axis = make("div", { className: "lx-powers", "aria-hidden": "true" }, ...powers);
  const words = sentence();

  function draw() {
    const figure = compute(state());
    for (const [index, layer] of layers.entries()) {
      const { name, formula, count, multiplyAdds } = figure.rows[index];
      layer.name.textContent = name;
      layer.formula.textContent = formula;
      layer.count.textContent = grouped(count);
      layer.work.textContent = grouped(multiplyAdds);
      layer.bar.style.inlineSize = `${(100 * Math.log10(Math.max(1, count))) / POWERS}%`;
    }
    words.textContent = inWords(figure);
    for (const control of settings) control.draw();
  }

  const top = controls(...settings.map(({ element }) => element), resetButton(model, TRAITS));
  const list = make("ul", {}, ...layers.map(({ element }) => element));
  const note = make("p", {
    className: "lx-size",
    textContent: "Bars on a log scale: each line is ten times the one before.",
  });
  oneStep({
    control: settings.map(({ element }) => element),
    input: layers.map(({ formula }) => formula),
    result: [...layers.map(({ bar }) => bar), words],
  });
  return mount(model, el, "parameters", TRAITS, [top, list, axis, note, words], draw);
}

export default { render };
