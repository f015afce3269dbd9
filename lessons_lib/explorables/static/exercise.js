// Exercise: an answer given in place, a number, a choice, a drawn kernel or lines put in order; judged as check.NAME judges
// it in a notebook.

import {
  fill,
  judgeNumber,
  numberField,
  prose,
  recall,
  reply,
  submitOnEnter,
  taskOf,
  tellAnswer,
  tellDone,
  unseal,
} from "./answers.js";
import { make, mount, panel } from "./controls.js";
import { createGrid } from "./grid.js";
import { convolve, fromRows } from "./ops.js";
import { orderAnswer } from "./order.js";
import { show } from "./words.js";

/**
 * @typedef {import("./answers.js").Finding} Finding
 * @typedef {import("./answers.js").Near} Near
 * @typedef {import("./controls.js").Model<{name: string, sealed: string, _passed?: number[]}>} Model
 * @typedef {{key: string, probe: number[][], when: "differs" | "below" | "at least", value: number, why: string}} Rule
 * @typedef {{key: string, text: string, right: boolean, why: string}} Option
 * @typedef {{your_turn_here: string, right: string, wrong_start: string, unusable_start: string, hint: string, idea: string,
 *   wrong: Record<string, string>, unusable: Record<string, string>}} Common the words of all exercises
 * @typedef {{kind: "number" | "one" | "kernel" | "order", label: string, why?: string, otherwise?: string, hints: string[], common: Common,
 *   answer: number, near: Near[], options: Option[], rules: Rule[], picture: number[][]}} Spec the parts that its kind has
 */

/** @type {Record<Rule["when"], (reply: number, value: number) => boolean>} */
const RELATIONS = {
  differs: (reply, value) => Math.abs(reply - value) > 1e-6,
  below: (reply, value) => reply < value - 1e-6,
  "at least": (reply, value) => reply >= value - 1e-6,
};

/** A kernel is divided by its largest weight first: one that is twice as strong finds the same things. @param {Spec} spec @param {number[][]} weights @returns {Finding} */
export function judgeKernel({ rules }, weights) {
  const flat = weights.flat();
  const largest = Math.max(...flat.map(Math.abs));
  if (!largest) return { key: "all_zero" };
  for (const { key, probe, when, value, why } of rules) {
    const answer = probe.flat().reduce((sum, pixel, index) => sum + pixel * flat[index], 0);
    if (RELATIONS[when](answer / largest, value)) {
      return { key, why, values: { answer: show(answer) } };
    }
  }
  return { key: "right" };
}

/** @param {Spec} spec @param {number} picked the place of an option, or −1 @returns {Finding} */
export function judgeOption({ options }, picked) {
  return options[picked] ?? { key: "your_turn" };
}

/** Whether an answer of this kind costs a try. @param {Spec} spec @param {Finding} finding */
export const counts = ({ common }, { key }) =>
  !["right", "your_turn"].includes(key) && !(key in common.unusable);

/** What the tutor says; hints come with the second and the third wrong answer. @param {Spec} spec @param {Finding} finding @param {number} failed */
export function words(spec, finding, failed) {
  const { common, hints } = spec;
  const { key, values = {} } = finding;
  if (key === "your_turn") return [common.your_turn_here];
  if (key === "right") return [`${common.right}: ${spec.why ?? finding.why}`];
  if (key in common.unusable) {
    return [`${common.unusable_start}: ${fill(common.unusable[key], values)}`];
  }
  const own = finding.why ?? (key === "otherwise" ? spec.otherwise : undefined);
  const labels = [common.hint, common.idea];
  return [
    `${common.wrong_start}: ${fill(own ?? common.wrong[key], values)}`,
    ...hints.slice(0, failed - 1).map((hint, index) => `${labels[index]}: ${hint}`),
  ];
}

/** @param {Spec} spec */
function numberAnswer(spec) {
  const { element, read, write } = numberField(spec.label, spec);
  return { elements: [element], judge: () => judgeNumber(spec, read()), read, write };
}

/** @param {Spec} spec */
function choiceAnswer(spec) {
  const { label, options } = spec;
  const inputs = options.map(() => make("input", { type: "radio", name: "option" }));
  const labels = options.map(({ text }, index) =>
    make(
      "label",
      { className: "lx-option" },
      inputs[index],
      make("span", {}, `${String.fromCharCode(97 + index)}) `, ...prose(text)),
    )
  );
  const picked = () => inputs.findIndex(({ checked }) => checked);
  return {
    elements: [make("fieldset", {}, make("legend", { textContent: label }), ...labels)],
    judge: () => judgeOption(spec, picked()),
    read: () => options[picked()]?.key,
    /** @param {unknown} given */
    write: (given) => options.forEach(({ key }, index) => inputs[index].checked = key === given),
  };
}

/** The weights of a kernel that was kept, or zeros. @param {unknown} given @param {number} side @returns {number[][]} */
export function weightsOf(given, side) {
  const rows = Array.isArray(given) ? given : [];
  const places = Array.from({ length: side }, (_, place) => place);
  return places.map((row) =>
    places.map((column) => [1, -1].includes(rows[row]?.[column]) ? rows[row][column] : 0)
  );
}

/**
 * A kernel whose weights turn from 0 to 1 to −1, and what it makes of a picture.
 * @param {Spec} spec @param {() => void} changed
 */
function kernelAnswer(spec, changed) {
  const side = spec.rules[0].probe.length;
  let weights = weightsOf(null, side);
  const image = fromRows(spec.picture);
  const kernel = createGrid(spec.label, ({ row, column, kind }) => {
    if (kind !== "press") return;
    const now = weights[row][column];
    weights[row][column] = now === 1 ? -1 : now + 1;
    draw();
    changed();
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
  return {
    elements: [panels],
    judge: () => judgeKernel(spec, weights),
    read: () => weights.map((row) => [...row]),
    /** @param {unknown} given */
    write(given) {
      weights = weightsOf(given, side);
      draw();
    },
  };
}

/**
 * What gives the answer: `read` and `write` are for what is kept of it, `extras` stand beside Check, and `passed` tells
 * whether a notebook has run this answer and found it right.
 * @typedef {{elements: Node[], extras?: Node[], judge: () => Finding, read: () => unknown, write: (given: unknown) => void,
 *   passed?: () => boolean}} Answer
 * @typedef {(...said: (string | Node)[][]) => void} Changed tells that the answer is another one now, and perhaps how
 */

/** @type {Record<string, (spec: any, changed: Changed, model: any) => Answer>} */
const KINDS = { number: numberAnswer, one: choiceAnswer, kernel: kernelAnswer, order: orderAnswer };

/** The kinds that a page may ask again in another place. */
const ASKED_AGAIN = ["number", "one"];

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  /** @type {Spec} */
  const spec = unseal(model.get("sealed"));
  const id = taskOf(spec.kind, model.get("name"));
  const given = KINDS[spec.kind](spec, changed, model);
  const { elements, extras = [], judge, read, write, passed = () => false } = given;
  const { element, say } = reply();
  let failed = 0;
  /** Tell what is in the field. @param {boolean} [right] what was found, if it was checked */
  const keep = (right) =>
    tellAnswer(
      el,
      id,
      { given: read(), checked: right !== undefined, failed },
      ASKED_AGAIN.includes(spec.kind) ? right : undefined,
    );
  /** @type {Changed} */
  function changed(...said) {
    say(null, ...said);
    keep();
  }
  /** Reply to an answer; it is another try if it is new. @param {boolean} isNew */
  function answer(isNew) {
    const finding = judge();
    const right = finding.key === "right";
    const wrong = counts(spec, finding);
    if (isNew && wrong) failed += 1;
    const lines = words(spec, finding, failed);
    if (isNew && right) failed = 0;
    say(right || wrong ? right : null, ...lines.map(prose));
    return { right, judged: right || wrong };
  }
  const form = make(
    "form",
    { noValidate: true },
    ...elements,
    make("button", { type: "submit", textContent: "Check" }),
    ...extras,
    element,
  );
  submitOnEnter(form);
  form.oninput = () => changed();
  form.onsubmit = (event) => {
    event.preventDefault();
    const { right, judged } = answer(true);
    if (judged) keep(right);
    if (right) tellDone(el, id);
  };
  recall(el, id, ({ answer: { given, checked = false, failed: before = 0 } = {} }) => {
    failed = before;
    write(given);
    if (checked) answer(false);
    else say(null);
  });
  el.dataset.tasks = id;
  return mount(model, el, "exercise", ["sealed", "_passed"], [form], () => {
    if (!passed()) return;
    answer(false);
    tellDone(el, id);
  });
}

export default { render };
