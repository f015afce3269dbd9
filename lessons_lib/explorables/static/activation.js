// Activation: the curve, its derivative, a feature map before and after, and the gradient that survives n layers.

import { make, mount, panel, resetButton, select, slider, sentence, stateOf } from "./controls.js";
import { createGrid, show } from "./grid.js";
import { activations } from "./ops.js";

/**
 * @typedef {{activation: keyof typeof NAMES, z: number, layers: number, weight: number, feature_map: number[][]}} State
 * @typedef {import("./controls.js").Model} Model
 */

const TRAITS = ["activation", "z", "layers", "weight", "feature_map"];
const NAMES = { relu: "ReLU", leaky_relu: "leaky ReLU (slope 0.2)", sigmoid: "sigmoid", tanh: "tanh" };
const RANGE = 4;

/** A number with its power of ten where it is small or large. @param {number} value */
export const scientific = (value) => {
  if (value === 0 || (Math.abs(value) >= 0.01 && Math.abs(value) < 1000)) return show(value, 3);
  const [digits, power] = value.toExponential(1).split("e");
  const raised = [...String(Number(power))].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
  return `${digits.replace("-", "−")}·10${raised}`;
};

/** Everything the figure draws, from the state alone. @param {State} state */
export function compute(state) {
  const { of, derivative } = activations[state.activation];
  const before = state.feature_map.flat();
  const after = before.map(of);
  const slope = derivative(state.z);
  return { value: of(state.z), slope, survives: (state.weight * slope) ** state.layers, before, after,
    zeros: Math.round((100 * after.filter((value) => value === 0).length) / after.length) };
}

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...Element} children */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** @param {(z: number) => number} of @returns {string} */
const path = (of) => Array.from({ length: 161 }, (_, i) => {
  const z = (i / 80 - 1) * RANGE;
  return `${i ? "L" : "M"}${(z * 25).toFixed(2)} ${(-of(z) * 25).toFixed(2)}`;
}).join("");

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  const state = () => /** @type {State} */ (stateOf(model, TRAITS));
  const curve = svg("path", { class: "curve" });
  const derivative = svg("path", { class: "derivative" });
  const point = svg("circle", { class: "point", r: 4 });
  const ticks = [-4, -2, 2, 4].flatMap((z) => [svg("line", { class: "axis", x1: z * 25, x2: z * 25, y1: -2, y2: 2 }),
    Object.assign(svg("text", { class: "tick", x: z * 25, y: 12 }), { textContent: show(z, 0) })]);
  const plot = svg("svg", { viewBox: "-106 -106 212 150", role: "img" },
    svg("line", { class: "axis", x1: -104, x2: 104, y1: 0, y2: 0 }), svg("line", { class: "axis", x1: 0, x2: 0, y1: -104, y2: 40 }),
    ...ticks, derivative, curve, point);
  const before = createGrid("Feature map before", () => {});
  const after = createGrid("Feature map after", () => {});
  const choice = select(model, "Activation", "activation", Object.keys(NAMES));
  const input = slider(model, "Input z", "z", -RANGE, RANGE, 0.1);
  const depth = slider(model, "Layers", "layers", 1, 50);
  const weight = slider(model, "Weight", "weight", 0.1, 3, 0.1);
  const words = sentence();
  const gradient = make("p", { className: "gradient" });
  const beforePanel = panel("Feature map before", before.element);
  const afterPanel = panel("Feature map after", after.element);
  const legend = make("p", { className: "size" }, make("span", { className: "curve-key", textContent: "the activation" }), "  ",
    make("span", { className: "derivative-key", textContent: "its derivative" }));
  const plotPanel = panel("The curve", /** @type {any} */ (plot), legend);

  function draw() {
    const now = state();
    const figure = compute(now);
    const { of, derivative: slope } = activations[now.activation];
    curve.setAttribute("d", path(of));
    derivative.setAttribute("d", path(slope));
    point.setAttribute("cx", String(now.z * 25));
    point.setAttribute("cy", String(-figure.value * 25));
    const name = NAMES[now.activation];
    plot.setAttribute("aria-label", `${name} and its derivative for inputs from −4 to 4; at ${show(now.z, 1)} it gives ${show(figure.value)}`);
    const [height, width] = [now.feature_map.length, now.feature_map[0].length];
    const most = Math.max(...figure.before.map(Math.abs), 1e-9);
    before.draw({ height, width, values: figure.before, scale: "signed", most });
    after.draw({ height, width, values: figure.after, scale: "signed", most });
    words.textContent = `${name} of ${show(now.z, 1)} is ${show(figure.value, 3)}; the slope there is ${show(figure.slope, 3)}. ` +
      `After it, ${figure.zeros} % of the feature map is exactly 0.`;
    gradient.textContent = `Through ${now.layers} such layers with weight ${show(now.weight, 1)}, all at this input, a gradient of 1 arrives as ` +
      `(${show(now.weight, 1)} · ${show(figure.slope, 3)})^${now.layers} = ${scientific(figure.survives)}.`;
    for (const control of [choice, input, depth, weight]) control.draw();
  }

  const controls = make("div", { className: "controls" }, choice.element, input.element, resetButton(model, TRAITS));
  const deep = make("div", { className: "controls" }, "The gradient through a stack: ", depth.element, weight.element);
  const panels = make("div", { className: "panels" }, plotPanel.element, beforePanel.element, afterPanel.element);
  return mount(model, el, "activation", TRAITS, [controls, panels, words, deep, gradient], draw);
}

export default { render };
