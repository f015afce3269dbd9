// Neuron: two inputs, two weights, a bias and an activation, and which inputs it says yes to.

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
  slider,
  stateOf,
  table,
} from "./controls.js";
import { BLUE, createGrid, ORANGE } from "./grid.js";
import { activations } from "./ops.js";
import { exact, show } from "./words.js";

/**
 * @typedef {keyof typeof NAMES} Activation
 * @typedef {"AND" | "OR" | "only the first" | "XOR"} Rule
 * @typedef {{
 *   x1: number, x2: number, w1: number, w2: number, bias: number, activation: Activation, rule:
 * Rule,
 * }} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["x1", "x2", "w1", "w2", "bias", "activation", "rule"];
const SIDE = 21;
const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]];
const NAMES = { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU" };

/** @type {Record<Rule, (x1: number, x2: number) => boolean>} */
const RULES = {
  AND: (x1, x2) => x1 + x2 === 2,
  OR: (x1, x2) => x1 + x2 > 0,
  "only the first": (x1, x2) => x1 > x2,
  XOR: (x1, x2) => x1 !== x2,
};

/**
 * The weighted sum and what the activation makes of it.
 * @param {State} state
 * @param {number} [x1]
 * @param {number} [x2]
 */
export function neuron(state, x1 = state.x1, x2 = state.x2) {
  const z = state.w1 * x1 + state.w2 * x2 + state.bias;
  return { z, output: activations[state.activation].of(z), yes: z > 0 };
}

/** What the rule wants at the four corners, and what the neuron says there. @param {State} state */
export const corners = (state) =>
  CORNERS.map(([x1, x2]) => ({
    x1,
    x2,
    wanted: RULES[state.rule](x1, x2),
    ...neuron(state, x1, x2),
  }));

/** The neuron's output on a grid of inputs; the first row is x2 = 1. @param {State} state */
export const outputs = (state) =>
  Array.from({ length: SIDE * SIDE }, (_, index) => {
    const [x1, x2] = inputsAt(Math.floor(index / SIDE), index % SIDE);
    return neuron(state, x1, x2);
  });

/** @param {number} row @param {number} column @returns {[number, number]} */
const inputsAt = (row, column) => [column / (SIDE - 1), 1 - row / (SIDE - 1)];

/** How far an output is from undecided, 0…1. @type {Record<Activation, (out: number) => number>} */
const DECIDED = {
  sigmoid: (out) => Math.abs(2 * out - 1),
  tanh: Math.abs,
  relu: (out) => Math.min(1, out / 4),
};

/**
 * Orange for yes and blue for no.
 * @param {{yes: boolean}} answer
 * @param {number} decided how strong, 0…1
 */
function tint({ yes }, decided) {
  const share = 0.15 + 0.75 * decided;
  const numbers = (yes ? ORANGE : BLUE).map((pole) => Math.round(255 + share * (pole - 255)));
  return { color: `rgb(${numbers.join()})`, dark: !yes && share > 0.6 };
}

/** @param {number} index @param {{output: number, yes: boolean}} answer */
function pointLabel(index, { output, yes }) {
  const [x1, x2] = inputsAt(Math.floor(index / SIDE), index % SIDE);
  return `x1 ${show(x1)}, x2 ${show(x2)}: ${yes ? "yes" : "no"}, output ${show(output)}`;
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const map = createGrid(
    "What the neuron says to every pair of inputs",
    ({ row, column }) => {
      const [x1, x2] = inputsAt(row, column);
      change(model, { x1: Number(x1.toFixed(2)), x2: Number(x2.toFixed(2)) });
    },
  );
  const inputs = [slider(model, "x1", "x1", 0, 1, 0.05), slider(model, "x2", "x2", 0, 1, 0.05)];
  const weights = [
    slider(model, "w1", "w1", -8, 8, 0.5),
    slider(model, "w2", "w2", -8, 8, 0.5),
    slider(model, "bias", "bias", -8, 8, 0.5),
  ];
  const activation = select(
    model,
    "Activation",
    "activation",
    /** @type {Activation[]} */ (Object.keys(NAMES)),
  );
  const rule = select(model, "Rule to learn", "rule", /** @type {Rule[]} */ (Object.keys(RULES)));
  const sums = table("The weighted sum", ["term", "input", "weight", "times"]);
  const truth = table("The rule and the neuron's answers", [
    "x1",
    "x2",
    "rule",
    "neuron",
    "output",
  ]);
  const words = sentence();
  const sumPanel = panel("One weighted sum", sums.element);
  const mapPanel = panel(
    "All pairs of inputs",
    map.element,
    make("p", { className: "lx-size" }, "To the right: x1 from 0 to 1. Upwards: x2 from 0 to 1."),
    make(
      "p",
      { className: "lx-size" },
      make("span", { className: "lx-yes-key", textContent: "yes" }),
      " where the sum is above 0, ",
      make("span", { className: "lx-no-key", textContent: "no" }),
      " elsewhere; the stronger, the further the output is from undecided",
    ),
  );
  const truthPanel = panel("The four corners", truth.element);

  /** @param {string} head @param {string[]} cells @param {string} [className] */
  const line = (head, cells, className = "") =>
    make(
      "tr",
      { className },
      make("th", { textContent: head, scope: "row" }),
      ...cells.map((text) => make("td", { textContent: text })),
    );

  function draw() {
    const now = state();
    const { z, output, yes } = neuron(now);
    sums.body.replaceChildren(
      line("x1", [exact(now.x1), exact(now.w1), exact(now.w1 * now.x1)]),
      line("x2", [exact(now.x2), exact(now.w2), exact(now.w2 * now.x2)]),
      line("bias", ["", "", exact(now.bias)]),
      line("sum z", ["", "", exact(z)]),
      line(`${NAMES[now.activation]}(z)`, ["", "", show(output, 3)]),
    );
    const all = outputs(now);
    const chosen = Math.round((1 - now.x2) * (SIDE - 1)) * SIDE + Math.round(now.x1 * (SIDE - 1));
    map.draw({
      height: SIDE,
      width: SIDE,
      scale: "grey",
      most: 1,
      values: all.map((answer) => answer.output),
      paint: (index) => tint(all[index], DECIDED[now.activation](all[index].output)),
      label: (index) => pointLabel(index, all[index]),
      current: chosen,
      mark: (index) => (index === chosen ? "lx-here" : ""),
    });
    const answers = corners(now);
    const right = answers.filter((answer) => answer.wanted === answer.yes).length;
    truth.body.replaceChildren(
      ...answers.map((answer) =>
        line(String(answer.x1), [
          String(answer.x2),
          answer.wanted ? "yes" : "no",
          `${answer.yes ? "yes" : "no"} ${answer.yes === answer.wanted ? "✓" : "✗"}`,
          show(answer.output, 2),
        ], answer.yes === answer.wanted ? "" : "lx-wrong")
      ),
    );
    truthPanel.heading.textContent = `${now.rule}: ${right} of 4 right`;
    words.textContent =
      `${exact(now.w1)} · ${exact(now.x1)} + ${exact(now.w2)} · ${exact(now.x2)} + ${
        exact(now.bias)
      } = ${exact(z)}, `.replaceAll("+ −", "− ") +
      `and ${NAMES[now.activation]} makes it ${show(output, 3)}: ${
        yes ? "yes" : "no"
      }. ${now.rule}: ${right} of 4 corners right.`;
    for (const control of [...inputs, ...weights, activation, rule]) control.draw();
  }

  const rows = [
    controls(rule.element, activation.element, resetButton(model, TRAITS)),
    controls("Weights: ", ...weights.map(({ element }) => element)),
    controls("Inputs: ", ...inputs.map(({ element }) => element)),
  ];
  oneStep({
    control: [...weights, ...inputs].map(({ element }) => element),
    input: [map.element],
    result: [words, truth.element],
  });
  const all = panels(sumPanel, mapPanel, truthPanel);
  return mount(model, el, "neuron", TRAITS, [...rows, words, all], draw);
}

export default { render };
