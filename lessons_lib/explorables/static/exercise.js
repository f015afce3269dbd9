// Exercise: an answer given in place, a number, a choice or a drawn kernel; judged as check.NAME judges it in a notebook.

import { numberField, numberOf, prose, reply, tellDone, unseal } from "./answers.js";
import { make, mount, panel } from "./controls.js";
import { createGrid } from "./grid.js";
import { convolve, fromRows } from "./ops.js";
import { show } from "./words.js";

/**
 * @typedef {{key: string, probe: number[][], when: "differs" | "below" | "at least", value: number}} Rule
 * @typedef {{kind: "number" | "choice" | "kernel", label: string, right: string, otherwise?: string, hints: string[],
 *   wrong: Record<string, string>, numbers: Record<string, number>, rules: Rule[], picture: number[][],
 *   options: {letter: string, text: string, key: string}[], common: Record<string, any>}} Spec
 * @typedef {{key: string, values?: Record<string, string>}} Finding `key` is "right", "your_turn" or that of a misconception.
 * @typedef {import("./controls.js").Model<{name: string, sealed: string}>} Model
 */

/** @type {Record<Rule["when"], (reply: number, value: number) => boolean>} */
const RELATIONS = {
  differs: (reply, value) => Math.abs(reply - value) > 1e-6,
  below: (reply, value) => reply < value - 1e-6,
  "at least": (reply, value) => reply >= value - 1e-6,
};

/** @param {Spec} spec @param {string} text @returns {Finding} */
export function judgeNumber({ numbers }, text) {
  if (!text.trim()) return { key: "your_turn" };
  const value = numberOf(text);
  if (Number.isNaN(value)) return { key: "not_a_number", values: { got: "text" } };
  return {
    key: Object.keys(numbers).find((key) => Math.abs(numbers[key] - value) < 1e-6) ?? "otherwise",
  };
}

/** @param {Spec} spec @param {number[][]} weights @returns {Finding} */
export function judgeKernel({ rules }, weights) {
  const flat = weights.flat();
  if (flat.every((weight) => weight === 0)) return { key: "all_zero" };
  for (const { key, probe, when, value } of rules) {
    const answer = probe.flat().reduce((sum, pixel, index) => sum + pixel * flat[index], 0);
    if (RELATIONS[when](answer, value)) return { key, values: { answer: show(answer) } };
  }
  return { key: "right" };
}

/** @param {string} text @param {Record<string, string>} values */
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

/** What the tutor says; hints come with the second and the third wrong answer. @param {Spec} spec @param {Finding} finding @param {number} failed */
export function words({ right, otherwise, wrong, hints, common }, { key, values = {} }, failed) {
  if (key === "your_turn") return [common.your_turn_here];
  if (key === "right") return [`${common.right}: ${right}`];
  const found = wrong[key] ?? (key === "otherwise" && otherwise) ?? common.wrong[key];
  const labels = [common.hint, common.idea];
  return [
    `${common.wrong_start}: ${fill(found || common.wrong[key], values)}`,
    ...hints.slice(0, failed - 1).map((hint, index) => `${labels[index]}: ${hint}`),
  ];
}

/** @param {Spec} spec */
function numberAnswer(spec) {
  const { input, element } = numberField(spec.label);
  return { elements: [element], judge: () => judgeNumber(spec, input.value) };
}

/** @param {Spec} spec */
function choiceAnswer({ label, options }) {
  const inputs = options.map(() => make("input", { type: "radio", name: "option" }));
  const labels = options.map(({ letter, text }, index) =>
    make(
      "label",
      { className: "lx-option" },
      inputs[index],
      make("span", {}, `${letter}) `, ...prose(text)),
    )
  );
  const judge = () => ({
    key: options[inputs.findIndex(({ checked }) => checked)]?.key ?? "your_turn",
  });
  return {
    elements: [make("fieldset", {}, make("legend", { textContent: label }), ...labels)],
    judge,
  };
}

/** A kernel whose weights turn from 0 to 1 to −1, and what it makes of a picture. @param {Spec} spec */
function kernelAnswer(spec) {
  const side = spec.rules[0].probe.length;
  const weights = Array.from({ length: side }, () => Array(side).fill(0));
  const image = fromRows(spec.picture);
  const kernel = createGrid(spec.label, ({ row, column, kind }) => {
    if (kind !== "press") return;
    const now = weights[row][column];
    weights[row][column] = now === 1 ? -1 : now + 1;
    draw();
  });
  const picture = createGrid("A picture", () => {});
  const map = createGrid("What your kernel makes of it", () => {});
  function draw() {
    const taps = fromRows(weights);
    kernel.draw({ ...taps, values: taps.data, scale: "signed", most: 1.6, digits: 0 });
    const out = convolve(image, { ...taps, filters: 1 }, {
      strides: 1,
      padding: "valid",
      dilationRate: 1,
    });
    map.draw({
      ...out,
      values: out.data,
      scale: "signed",
      most: Math.max(3, ...out.data.map(Math.abs)),
      digits: 0,
    });
  }
  draw();
  picture.draw({ ...image, values: image.data, scale: "grey", most: 1 });
  const panels = make(
    "div",
    { className: "lx-panels" },
    panel("Your kernel: press a weight for 1, again for −1", kernel.element).element,
    panel("A picture", picture.element).element,
    panel("What your kernel makes of it", map.element).element,
  );
  return { elements: [panels], judge: () => judgeKernel(spec, weights) };
}

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  /** @type {Spec} */
  const spec = unseal(model.get("sealed"));
  const id = `exercise:${model.get("name")}`;
  const { elements, judge } = { number: numberAnswer, choice: choiceAnswer, kernel: kernelAnswer }
    [spec.kind](spec);
  const { element, say } = reply();
  let failed = 0;
  const form = make(
    "form",
    { noValidate: true },
    ...elements,
    make("button", { type: "submit", textContent: "Check" }),
    element,
  );
  form.oninput = () => say(null);
  form.onsubmit = (event) => {
    event.preventDefault();
    const finding = judge();
    const right = finding.key === "right";
    if (right) failed = 0;
    else if (finding.key !== "your_turn") failed += 1;
    say(finding.key === "your_turn" ? null : right, ...words(spec, finding, failed).map(prose));
    if (right) tellDone(el, id);
  };
  el.dataset.tasks = id;
  return mount(model, el, "exercise", ["sealed"], [form], () => {});
}

export default { render };
