// Parameters: the count of a convolution with the numbers filled in, beside the dense layer of equal output.

import { make, mount, resetButton, select, slider, sentence, stateOf, table } from "./controls.js";
import { convolutionParameters, denseParameters, outputSize } from "./ops.js";

/**
 * @typedef {{size: number, channels: number, filters: number, kernel_size: number, strides: number,
 *   padding: "valid" | "same"}} State
 * @typedef {import("./controls.js").Model} Model
 */

const TRAITS = ["size", "channels", "filters", "kernel_size", "strides", "padding"];

/** @param {number} count */
const grouped = (count) => count.toLocaleString("en-US");

/** The counts with their formulas, from the state alone. @param {State} state */
export function compute({ size, channels, filters, kernel_size: kernel, strides, padding }) {
  const side = outputSize(size, kernel, { strides, padding });
  const inputs = size * size * channels;
  const outputs = side * side * filters;
  const weights = kernel * kernel * channels;
  return { side, inputs, outputs, rows: [
    { name: "Convolution, shared weights", count: convolutionParameters(kernel, channels, filters),
      formula: `(${kernel}·${kernel}·${channels} + 1)·${filters}`, multiplyAdds: weights * outputs },
    { name: "Locally connected, a filter of its own at each place", count: (weights + 1) * outputs,
      formula: `(${kernel}·${kernel}·${channels} + 1)·${side}·${side}·${filters}`, multiplyAdds: weights * outputs },
    { name: "Dense, everything with everything", count: denseParameters(inputs, outputs),
      formula: `(${size}·${size}·${channels} + 1)·${side}·${side}·${filters}`, multiplyAdds: inputs * outputs },
  ] };
}

/** The comparison in words. @param {ReturnType<typeof compute>} figure */
export function inWords({ side, outputs, rows }) {
  if (!side) return "The kernel does not fit into the image, so there is no output.";
  const times = grouped(Math.round(rows[2].count / rows[0].count));
  return `Each layer gives ${side}×${side} places, ${grouped(outputs)} values. The dense one needs ${times} times as many parameters as the convolution.`;
}

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  const state = () => /** @type {State} */ (stateOf(model, TRAITS));
  const settings = [
    slider(model, "Image side", "size", 4, 224), slider(model, "Channels", "channels", 1, 64),
    slider(model, "Filters", "filters", 1, 64), slider(model, "Kernel", "kernel_size", 1, 11),
    slider(model, "Stride", "strides", 1, 4), select(model, "Padding", "padding", ["valid", "same"]),
  ];
  const rows = [0, 1, 2].map(() => {
    const [name, formula, count, work] = ["th", "td", "td", "td"].map((tag) => make(/** @type {"td"} */ (tag)));
    name.setAttribute("scope", "row");
    const bar = make("span", { className: "bar" });
    return { name, formula, count, work, bar, element: make("tr", {}, name, formula, count, make("td", { className: "scale" }, bar), work) };
  });
  const { element: scroller, body } = table("Parameters of three layers of equal output",
    ["Layer", "Formula", "Parameters", "on a log scale: each step is ×10", "Multiply-adds"]);
  body.append(...rows.map(({ element }) => element));
  const words = sentence();

  function draw() {
    const figure = compute(state());
    for (const [index, row] of rows.entries()) {
      const { name, formula, count, multiplyAdds } = figure.rows[index];
      row.name.textContent = name;
      row.formula.textContent = formula;
      row.count.textContent = grouped(count);
      row.work.textContent = grouped(multiplyAdds);
      row.bar.style.inlineSize = `${(100 * Math.log10(Math.max(1, count))) / 13}%`;
    }
    words.textContent = inWords(figure);
    for (const control of settings) control.draw();
  }

  const controls = make("div", { className: "controls" }, ...settings.map(({ element }) => element), resetButton(model, TRAITS));
  return mount(model, el, "parameters", TRAITS, [controls, scroller, words], draw);
}

export default { render };
