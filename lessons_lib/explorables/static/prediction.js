// Prediction: the reader says what a cell will show, and how sure, and then sees the result beside the answer.

import {
  fill,
  judgeNumber,
  numberField,
  numberOf,
  prose,
  recall,
  reply,
  submitOnEnter,
  tellAnswer,
  unseal,
} from "./answers.js";
import { button, make, mount } from "./controls.js";
import { createCurve } from "./curve.js";
import { orderFields } from "./quiz.js";
import { exact, grouped } from "./words.js";

/**
 * @typedef {{text: string, right: boolean, why?: string, misconception?: string, value?: number}} Option
 * @typedef {{from: number, to: number, misconception: string, why: string}} Near an interval of numbers that a misconception gives
 * @typedef {{ask: string, why: string, covers?: number}} Asked
 * @typedef {Asked & {kind: "number", label: string, unit?: string, low?: number, high?: number, answer: number,
 *   scale?: "difference" | "ratio", within: number, near?: Near[]}} NumberEntry
 * @typedef {Asked & {kind: "one", options: Option[], answer?: number}} OptionsEntry
 * @typedef {Asked & {kind: "order", items: {text: string, value: number}[], misconception: string, otherwise: string}} OrderEntry
 * @typedef {Asked & {kind: "curve", across: string, up: string, low: number, high: number, places: string[], values: number[],
 *   within: number, misconception: string, otherwise: string}} CurveEntry
 * @typedef {NumberEntry | OptionsEntry | OrderEntry | CurveEntry} Entry
 * @typedef {number | string | (number | string)[]} Answer a number; an option's key; the texts of the items; the values of a curve
 * @typedef {{answer: Answer, understood?: string} | {problem: string}} Read what a field holds, and how it was understood where that is not plain
 * @typedef {"guess" | "fairly" | "sure"} Sureness
 * @typedef {{given: Answer, sure: Sureness, seen?: boolean} | {given: null}} Made what is kept: an answer, with `seen` where
 *   the result was in view before, or that the result was wanted without
 * @typedef {{right: boolean, off: string, why?: string, misconception?: string}} Judgement
 * @typedef {{unusable_start: string, unusable: Record<string, string>}} Common
 * @typedef {import("./controls.js").Model<{name: string, sealed: string}>} Model
 * @typedef {{elements: Node[], read: () => Read, set: (answer: Answer) => void, reveal: () => void}} Field
 */

/** How sure a reader may be, and how often such an answer should then be right. @type {Record<Sureness, {text: string, often: string, share: number}>} */
export const SURENESS = {
  guess: { text: "A guess", often: "right 1 time in 3", share: 1 / 3 },
  fairly: { text: "Fairly sure", often: "2 times in 3", share: 2 / 3 },
  sure: { text: "Sure", often: "9 times in 10", share: 0.9 },
};

/** The anchor of the figure that asks. @param {string} name */
export const anchorOf = (name) => `prediction-${name}`;

// ---- What an answer is worth: pure functions ----

/** The name under which an option is kept: that of its misconception. @param {Option} option */
const keyOf = ({ misconception = "right" }) => misconception;

/** @param {number} value @param {string} [unit] */
const withUnit = (value, unit = "") => {
  const text = Math.abs(value) >= 10000 ? grouped(value) : exact(value);
  return unit ? `${text}${unit === "%" ? " %" : ` ${unit}`}` : text;
};

/** How far a number is from the result, in words. @param {NumberEntry} entry @param {number} value */
export function distanceInWords({ answer, scale, unit }, value) {
  if (value === answer) return "Exactly.";
  const way = value > answer ? "too high" : "too low";
  if (scale !== "ratio" || value <= 0) {
    return `That is ${withUnit(Math.abs(value - answer), unit)} ${way}.`;
  }
  const factor = Math.max(value / answer, answer / value);
  if (factor < 1.1) return `That is ${Math.max(1, Math.round(100 * (factor - 1)))} % ${way}.`;
  const times = factor < 10 ? exact(Number(factor.toFixed(1))) : grouped(Math.round(factor));
  return `That is ${times} times ${way}.`;
}

/** What counts as right, beside the result itself. @param {NumberEntry} entry */
export function toleranceInWords({ scale, unit, within }) {
  if (within === (scale === "ratio" ? 1 : 0)) return "Only the exact number counts as right.";
  const near = scale === "ratio" ? `a factor of ${exact(within)}` : withUnit(within, unit);
  return `Within ${near} counts as right.`;
}

/** @param {NumberEntry} entry @param {number} value @returns {Judgement} */
function judgeOneNumber(entry, value) {
  const { answer, scale, within, near = [] } = entry;
  const distance = scale === "ratio"
    ? Math.max(value / answer, answer / value)
    : Math.abs(value - answer);
  const right = (scale !== "ratio" || value > 0) && distance <= within + 1e-9;
  const known = right ? undefined : near.find(({ from, to }) => from <= value && value <= to);
  const words = [distanceInWords(entry, value)];
  if (value !== answer) words.push(toleranceInWords(entry));
  return { right, off: words.join(" "), ...known };
}

/** @param {OptionsEntry} entry @param {string} key @returns {Judgement} */
function judgeOption({ options }, key) {
  const { right, why, misconception } = /** @type {Option} */ (
    options.find((option) => keyOf(option) === key)
  );
  return { right, off: right ? "So it is." : "It is not so.", why, misconception };
}

/** The texts of the items in the right order. @param {OrderEntry} entry */
const rightOrder = ({ items }) =>
  [...items].sort((a, b) => a.value - b.value).map(({ text }) => text);

/** @param {OrderEntry} entry @param {string[]} order @returns {Judgement} */
function judgeOrder(entry, order) {
  const placed = rightOrder(entry).filter((item, place) => item === order[place]).length;
  if (placed === order.length) return { right: true, off: "Each is at its place." };
  const { misconception, otherwise } = entry;
  return {
    right: false,
    off: `${placed} of ${order.length} ${placed === 1 ? "is" : "are"} at the right place.`,
    why: otherwise,
    misconception,
  };
}

/** @param {CurveEntry} entry @param {number[]} curve @returns {Judgement} */
function judgeCurve({ values, within, misconception, otherwise }, curve) {
  const gaps = values.map((value, index) => curve[index] - value);
  const mean = gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / gaps.length;
  const widest = gaps.reduce((most, gap) => Math.abs(gap) > Math.abs(most) ? gap : most, 0);
  const off = `On average your curve is ${exact(Number(mean.toFixed(2)))} away, and at most ${
    exact(Number(Math.abs(widest).toFixed(2)))
  } too ${widest > 0 ? "high" : "low"}.`;
  return mean <= within
    ? { right: true, off }
    : { right: false, off, why: otherwise, misconception };
}

/** @type {Record<Entry["kind"], (entry: any, answer: any) => Judgement>} */
const JUDGES = { number: judgeOneNumber, one: judgeOption, order: judgeOrder, curve: judgeCurve };

/** What an answer is worth, and how far it is from the result. @param {Entry} entry @param {Answer} answer */
export const judge = (entry, answer) => JUDGES[entry.kind](entry, answer);

/** Whether what a browser has kept is an answer to this question; another edition may have asked another. @param {Entry} entry @param {unknown} answer */
export function fits(entry, answer) {
  if (entry.kind === "number") return Number.isFinite(answer);
  if (entry.kind === "one") return entry.options.some((option) => keyOf(option) === answer);
  const parts = Array.isArray(answer) ? answer : [];
  if (entry.kind === "curve") {
    return parts.length === entry.values.length && parts.every(Number.isFinite);
  }
  const { items } = entry;
  return parts.length === items.length && items.every(({ text }) => parts.includes(text));
}

/** Whether what a browser has kept is a prediction, or the wish to see the result without one. @param {Entry} entry @param {Partial<{given: unknown, sure: string}>} kept */
export const isMade = (entry, { given, sure = "" }) =>
  given === null || (fits(entry, given) && sure in SURENESS);

/** An answer in words. @param {Entry} entry @param {any} answer @returns {string} */
export function inWords(entry, answer) {
  if (entry.kind === "number") return withUnit(answer, entry.unit);
  if (entry.kind === "curve") return answer.map(exact).join(", ");
  if (entry.kind === "order") return answer.join(" · ");
  return entry.options.find((option) => keyOf(option) === answer)?.text.replace(/\.$/, "") ?? "";
}

/** The result, in the form of an answer. @param {Entry} entry @returns {Answer} */
export function resultOf(entry) {
  if (entry.kind === "number") return entry.answer;
  if (entry.kind === "curve") return entry.values;
  return entry.kind === "order" ? rightOrder(entry) : "right";
}

/** Whether a number without a sign is meant in percent: one that is too large for a share, as 80 is. @param {NumberEntry} entry @param {number} value */
const isInPercent = ({ low, high }, value) => low === 0 && high === 1 && value > 1 && value <= 100;

/** The number that a text means, and how it was understood where the text does not say; or what is wrong with it. @param {NumberEntry} entry @param {string} text @param {Common} common @returns {Read} */
export function readNumber(entry, text, common) {
  const { label, unit, low = -Infinity, high = Infinity } = entry;
  const [, digits, percent] = /^(.*?)\s*([%％]?)\s*$/.exec(text) ?? ["", text, ""];
  const { key, values = {} } = judgeNumber({ answer: entry.answer, near: [] }, digits);
  if (key === "your_turn") return { problem: "Your turn: give a prediction first." };
  if (key in common.unusable) {
    return { problem: `${common.unusable_start}: ${fill(common.unusable[key], values)}` };
  }
  const value = numberOf(digits);
  if (!percent && isInPercent(entry, value)) {
    return { answer: value / 100, understood: `I read ${exact(value)} as ${exact(value)} %.` };
  }
  const answer = value / (percent && unit !== "%" ? 100 : 1);
  if (answer >= low && answer <= high) return { answer };
  const range = high === Infinity
    ? `at least ${withUnit(low, unit)}`
    : `between ${withUnit(low, unit)} and ${withUnit(high, unit)}`;
  return { problem: `${common.unusable_start}: ${label} is ${range}. I got ${exact(answer)}.` };
}

// ---- The fields of each kind ----

const ORDER_FIRST =
  "Your turn: put them in order first, with the arrows, or say that you mean the order they are in.";

/** @param {NumberEntry} entry @param {Common} common @returns {Field} */
function numberFieldOf(entry, common) {
  const { low = -1, label, unit } = entry;
  const { element, read, write } = numberField(label, { answer: low, near: [] });
  if (unit) element.append(` ${unit}`);
  return {
    elements: [element],
    read: () => readNumber(entry, read(), common),
    set: (answer) => write(exact(Number(answer))),
    reveal() {},
  };
}

/** @param {OptionsEntry} entry @returns {Field} */
function optionsField({ options }) {
  const inputs = options.map(() => make("input", { type: "radio", name: "option" }));
  const texts = options.map(({ text }) => make("span", {}, ...prose(text)));
  return {
    elements: texts.map((text, index) =>
      make("label", { className: "lx-option" }, inputs[index], text)
    ),
    read() {
      const picked = options.find((_, index) => inputs[index].checked);
      return picked ? { answer: keyOf(picked) } : { problem: "Your turn: choose one first." };
    },
    set: (answer) =>
      options.forEach((option, index) => (inputs[index].checked = keyOf(option) === answer)),
    reveal: () =>
      options.forEach(({ right, value }, index) => {
        if (value !== undefined) texts[index].append(` (${exact(value)})`);
        if (right) texts[index].prepend(make("b", { textContent: "✓ " }));
      }),
  };
}

/** @param {OrderEntry} entry @param {ReturnType<typeof reply>["say"]} say @returns {Field} */
function orderField({ items, otherwise, why }, say) {
  const texts = items.map(({ text }) => text);
  const question = { items: texts, shown: texts.map((_, index) => index), otherwise, why };
  const { elements, isGiven, read, write } = orderFields(question, (...line) => say(null, line));
  const mean = button("I mean this order", () => {
    write(read());
    say(null, ["This order is your prediction. How sure are you?"]);
  });
  return {
    elements: [...elements, mean],
    read: () => isGiven() ? { answer: read() } : { problem: ORDER_FIRST },
    set: write,
    reveal: () => mean.remove(),
  };
}

/** @param {CurveEntry} entry @returns {Field} */
function curveField(entry) {
  const { element, isDrawn, values, set, reveal } = createCurve(entry);
  const read = () =>
    isDrawn() ? { answer: values() } : { problem: "Your turn: draw the curve first." };
  return { elements: [element], read, set, reveal };
}

/** @param {Entry} entry @param {Common} common @param {ReturnType<typeof reply>["say"]} say @returns {Field} */
function fieldOf(entry, common, say) {
  if (entry.kind === "number") return numberFieldOf(entry, common);
  if (entry.kind === "one") return optionsField(entry);
  return entry.kind === "order" ? orderField(entry, say) : curveField(entry);
}

// ---- The figure ----

/** What is said when the result is shown. @param {Entry} entry @param {Made} made */
function linesOf(entry, made) {
  const result = ["The result: ", make("b", {}, ...prose(inWords(entry, resultOf(entry)))), ". "];
  if (made.given === null) return { right: null, lines: [[...result, ...prose(entry.why)]] };
  const { right, off, why } = judge(entry, made.given);
  const said = `You said ${inWords(entry, made.given)} (${
    SURENESS[made.sure].text.toLowerCase()
  }). `;
  const verdict = make("b", { textContent: `${right ? "✓" : "✗"} ${off}` });
  const uncounted = made.seen ? "The results were in view, so this does not count." : "";
  const reasons = [why, entry.why, uncounted].flatMap((text) => text ? [prose(text)] : []);
  return { right, lines: [[...prose(said), ...result], [verdict], ...reasons] };
}

/** Whether a prediction was made before its result was in view. @param {Partial<{given: unknown, seen: boolean}>} made */
export const counts = ({ given = null, seen = false }) => given !== null && !seen;

/** The misconception that a wrong prediction shows, in a list. @param {Entry} entry @param {Made} made */
export function shownBy(entry, made) {
  if (made.given === null || !counts(made)) return [];
  const { right, misconception } = judge(entry, made.given);
  return right ? [] : [misconception].flatMap((key) => key ?? []);
}

/** Whether the page shows all results now. */
const areResultsShown = () => document.documentElement.dataset.results === "shown";

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  /** @type {Entry & {common: Common}} */
  const entry = unseal(model.get("sealed"));
  const task = `prediction:${model.get("name")}`;
  const { element: said, say } = reply();
  const field = fieldOf(entry, entry.common, say);
  const asked = make(
    "fieldset",
    {},
    make(
      "legend",
      {},
      make("span", { className: "lx-kicker" }, "Predict first: "),
      ...prose(entry.ask),
    ),
    ...field.elements,
  );
  const sureness = /** @type {[Sureness, typeof SURENESS["sure"]][]} */ (Object.entries(SURENESS));
  const commits = sureness.map(([value, { text, often }]) =>
    make("button", { type: "submit", value }, text, " ", make("small", { textContent: often }))
  );
  const wanted = button("Show me", () => give({ given: null }));
  wanted.classList.add("lx-show");
  const sure = make(
    "fieldset",
    { className: "lx-sure" },
    make("legend", { textContent: "How sure are you? This shows the result." }),
    ...commits,
    wanted,
    make(
      "p",
      { className: "lx-uncounted" },
      "All results are shown, so what you say now does not count.",
    ),
  );
  const form = make("form", { noValidate: true }, asked, sure, said);
  said.tabIndex = -1;

  /** Tell the page, which may cover the result, or show it. @param {boolean} shown */
  const tellResult = (shown) =>
    el.dispatchEvent(
      new CustomEvent("course:result", {
        bubbles: true,
        detail: { shown, paragraphs: entry.covers ?? 1 },
      }),
    );

  /** Show the result beside what was given. @param {Made} made @param {string} [understood] */
  function show(made, understood) {
    if (made.given !== null) field.set(made.given);
    asked.disabled = true;
    sure.hidden = true;
    field.reveal();
    const { right, lines } = linesOf(entry, made);
    say(right, ...(understood ? [[understood]] : []), ...lines);
    tellResult(true);
  }

  /** Take an answer, once. @param {Made} made @param {string} [understood] */
  function give(made, understood) {
    show(made, understood);
    said.focus({ preventScroll: true });
    tellAnswer(el, task, { checked: true, failed: 0, ...made }, undefined, shownBy(entry, made));
  }

  submitOnEnter(form);
  form.oninput = () => say(null);
  form.onsubmit = (event) => {
    event.preventDefault();
    const read = field.read();
    if ("problem" in read) return say(null, [read.problem]);
    const pressed = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (!pressed) {
      say(null, ["And how sure are you?"]);
      return commits[0].focus();
    }
    const sure = /** @type {Sureness} */ (pressed.value);
    const seen = areResultsShown() ? { seen: true } : {};
    give({ given: read.answer, sure, ...seen }, read.understood);
  };
  const leave = mount(model, el, "prediction", ["sealed"], [form], () => {});
  tellResult(false);
  recall(el, task, ({ answer }) => {
    const made = /** @type {Made | undefined} */ (answer);
    if (!sure.hidden && made && isMade(entry, made)) show(made);
  });
  return leave;
}

export default { render };
