// Activation: the curve, its derivative, a feature map before and after, and the gradient that
// survives n layers.

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
import { createGrid } from "./grid.js";
import { activations, clamp } from "./ops.js";
import { path, svg, tick } from "./svg.js";
import { minus, show } from "./words.js";

/**
 * @typedef {keyof typeof NAMES} Name
 * @typedef {{
 *   activation: Name, z: number, layers: number, weight: number, feature_map: number[][],
 * }} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["activation", "z", "layers", "weight", "feature_map"];
const NAMES = {
  relu: "ReLU",
  leaky_relu: "Leaky ReLU (slope 0.2)",
  sigmoid: "Sigmoid",
  tanh: "Tanh",
};
const RANGE = 4;
const DEEPEST = 50;
/** The gradient's plot shows the powers of ten from −POWERS to POWERS. */
const POWERS = 12;

/** A number with its power of ten where it is small or large. @param {number} value */
export const scientific = (value) => {
  if (value === 0 || (Math.abs(value) >= 0.01 && Math.abs(value) < 1000)) return show(value, 3);
  const [digits, power] = value.toExponential(1).split("e");
  const raised = [...String(Number(power))].map((
    sign,
  ) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
  return `${digits.replace("-", "−")}·10${raised}`;
};

/** Everything the figure draws, from the state alone. @param {State} state */
export function compute(state) {
  const { of, derivative } = activations[state.activation];
  const before = state.feature_map.flat();
  const after = before.map(of);
  // As it is written, so that a reader who multiplies gets the same gradient.
  const slope = Number(derivative(state.z).toPrecision(4));
  return {
    value: of(state.z),
    slope,
    survives: (state.weight * slope) ** state.layers,
    before,
    after,
    zeros: [after, before].map((map) =>
      Math.round((100 * map.filter((value) => value === 0).length) / map.length)
    ),
  };
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
const axis = (x1, y1, x2, y2) => svg("line", { class: "lx-axis", x1, y1, x2, y2 });

/** @param {(z: number) => number} of */
const curveOf = (of) =>
  path(Array.from({ length: 321 }, (_, i) => {
    const z = (i / 160 - 1) * RANGE;
    return [z * 25, -of(z) * 25];
  }));

/** The height of a gradient in its plot. @param {number} gradient */
const heightOf = (gradient) => -clamp(Math.log10(gradient), -POWERS, POWERS) * (60 / POWERS);

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const curve = svg("path", { class: "lx-curve" });
  const derivative = svg("path", { class: "lx-derivative" });
  const point = svg("circle", { class: "lx-point", r: 5 });
  const ticks = [-4, -2, 2, 4].flatMap((
    z,
  ) => [axis(z * 25, -2, z * 25, 2), tick(z * 25, 13, show(z, 0))]);
  const heights = [1, 2, 3, 4].flatMap((
    y,
  ) => [axis(-2, -y * 25, 2, -y * 25), tick(-5, 3 - y * 25, String(y), "end")]);
  const plot = svg(
    "svg",
    { class: "lx-plot", viewBox: "-108 -108 216 146", role: "img" },
    axis(-104, 0, 104, 0),
    axis(0, -104, 0, 34),
    ...ticks,
    ...heights,
    derivative,
    curve,
    point,
  );
  const trail = svg("path", { class: "lx-curve" });
  const arrived = svg("circle", { class: "lx-point", r: 4 });
  const powers = [-12, -6, 0, 6, 12].flatMap((power) => {
    const y = heightOf(10 ** power);
    return [
      axis(0, y, 200, y),
      tick(-4, y + 3, scientific(10 ** power).replace("1.0·", ""), "end"),
    ];
  });
  const depths = [0, 10, 20, 30, 40, 50].map((layers) => tick(layers * 4, 73, String(layers)));
  const stack = svg(
    "svg",
    { viewBox: "-26 -68 234 146", role: "img" },
    ...powers,
    ...depths,
    trail,
    arrived,
  );

  /** Take the place of the pointer as the input. @param {PointerEvent} event */
  function follow(event) {
    const box = plot.getBoundingClientRect();
    const z = ((event.clientX - box.left) / box.width * 216 - 108) / 25;
    change(model, { z: Math.round(10 * clamp(z, -RANGE, RANGE)) / 10 });
  }
  plot.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || !event.isPrimary) return;
    plot.setPointerCapture(event.pointerId);
    // A finger that goes up or down scrolls the page: it moves the point only when it goes along.
    if (event.pointerType === "mouse") follow(event);
  });
  for (const type of /** @type {const} */ (["pointermove", "pointerup"])) {
    plot.addEventListener(
      type,
      (event) => plot.hasPointerCapture(event.pointerId) && follow(event),
    );
  }

  const grids = [
    createGrid("Feature map before", () => {}),
    createGrid("Feature map after", () => {}),
  ];
  const settings = [
    select(model, "Activation", "activation", /** @type {Name[]} */ (Object.keys(NAMES))),
    slider(model, "Input z", "z", -RANGE, RANGE, 0.1),
  ];
  const deep = [
    slider(model, "Layers", "layers", 1, DEEPEST),
    slider(model, "Weight", "weight", 0.1, 5, 0.1),
  ];
  const words = sentence();
  const gradient = make("output", { className: "lx-gradient" });
  const legend = make(
    "p",
    { className: "lx-size" },
    make("span", { className: "lx-curve-key", textContent: "the activation" }),
    " and ",
    make("span", { className: "lx-derivative-key", textContent: "its derivative" }),
  );
  const plotPanel = panel("The curve: drag the point", plot, legend);
  const stackPanel = panel(
    "The gradient after each layer, on a log scale",
    stack,
    controls(...deep.map(({ element }) => element)),
  );
  const mapPanels = [
    panel("Feature map before: orange > 0, blue < 0", grids[0].element),
    panel("The same after", grids[1].element),
  ];

  function draw() {
    const now = state();
    const figure = compute(now);
    const { of, derivative: slope } = activations[now.activation];
    curve.setAttribute("d", curveOf(of));
    derivative.setAttribute("d", curveOf(slope));
    point.setAttribute("cx", String(now.z * 25));
    point.setAttribute("cy", String(-figure.value * 25));
    const name = NAMES[now.activation];
    setLabel(
      plot,
      `${name} and its derivative for inputs from −4 to 4; at ${show(now.z, 1)} it gives ${
        show(figure.value)
      }`,
    );
    const factor = now.weight * figure.slope;
    /** @param {number} n */
    const off = (n) => Math.abs(Math.log10(factor ** n)) > POWERS;
    let last = 0;
    while (last < now.layers && !off(last)) last++;
    trail.setAttribute(
      "d",
      path(Array.from({ length: last + 1 }, (_, n) => [n * 4, heightOf(factor ** n)])),
    );
    arrived.setAttribute("cx", String(last * 4));
    arrived.setAttribute("cy", String(heightOf(factor ** last)));
    arrived.style.fill = off(last) ? "none" : "";
    setLabel(stack, `After ${now.layers} layers a gradient of 1 is ${scientific(figure.survives)}`);
    const [height, width] = [now.feature_map.length, now.feature_map[0].length];
    const most = Math.max(...figure.before.map(Math.abs), 1e-9);
    grids[0].draw({ height, width, values: figure.before, scale: "signed", most });
    grids[1].draw({ height, width, values: figure.after, scale: "signed", most });
    words.textContent =
      `${name} of ${show(now.z, 1)} is ${show(figure.value, 3)}; the slope there is ${
        minus(figure.slope)
      }. ` +
      `After it, ${figure.zeros[0]} % of the feature map is exactly 0; before, ${
        figure.zeros[1]
      } %.`;
    gradient.textContent =
      `Through ${now.layers} such layers, all at this input and with weight ${
        show(now.weight, 1)
      }, a gradient of 1 ` +
      `becomes (${show(now.weight, 1)} · ${minus(figure.slope)})^${now.layers} = ${
        scientific(figure.survives)
      }${off(last) ? ", beyond the plot" : ""}.`;
    for (const control of [...settings, ...deep]) control.draw();
  }

  const top = controls(...settings.map(({ element }) => element), resetButton(model, TRAITS));
  oneStep({
    control: [...settings, ...deep].map(({ element }) => element),
    input: [plot, stack],
    result: [words, gradient],
  });
  const said = make("div", {}, words, gradient);
  const parts = [top, panels(plotPanel, stackPanel), said, panels(...mapPanels)];
  return mount(model, el, "activation", TRAITS, parts, draw);
}

export default { render };
