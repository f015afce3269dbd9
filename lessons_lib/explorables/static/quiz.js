// Quiz: questions with one or several right answers, numbers or an order, and a reason for each wrong answer.

import {
  fill,
  judgeNumber,
  numberField,
  prose,
  reply,
  submitOnEnter,
  tellDone,
  unseal,
} from "./answers.js";
import { button, make, mount } from "./controls.js";

/**
 * @typedef {{text: string, right: boolean, why: string}} Option
 * @typedef {{id: string, kind: "one" | "several" | "number" | "order", ask: string, section?: string, options: Option[],
 *   label: string, answer: number, near: {value: number, why: string}[], items: string[], shown: number[], why: string, otherwise: string}} Question
 * @typedef {{unusable_start: string, unusable: Record<string, string>}} Common the words of all quizzes
 * @typedef {{right: boolean | null, lines: (string | Node)[][]}} Judgement
 * @typedef {import("./controls.js").Model<{name: string, sealed: string}>} Model
 */

/** @type {Judgement} */
const YOUR_TURN = { right: null, lines: [["Your turn: give an answer first."]] };

/** An option with its reason. @param {Option} option */
const reason = (
  { text, right, why },
) => [make("b", {}, right ? "✓ " : "✗ ", ...prose(text.replace(/\.$/, ""))), ": ", ...prose(why)];

/** @param {Question} question @param {number[]} picked @returns {Judgement} */
export function judgeOptions({ options }, picked) {
  if (!picked.length) return YOUR_TURN;
  const wrong = picked.filter((index) => !options[index].right);
  const missing = options.filter(({ right }, index) => right && !picked.includes(index)).length;
  if (!wrong.length && !missing) {
    return { right: true, lines: [["Right."], ...options.map(reason)] };
  }
  const lines = wrong.map((index) => reason(options[index]));
  if (!wrong.length) lines.push(["All that you picked is right, but something is missing."]);
  return { right: false, lines: [["Not yet."], ...lines] };
}

/** @param {Question} question @param {string} text @param {Common} common @returns {Judgement} */
export function judgeNumberQuestion(question, text, common) {
  const { key, why = question.otherwise, values = {} } = judgeNumber(question, text);
  if (key === "your_turn") return YOUR_TURN;
  if (key in common.unusable) {
    return {
      right: null,
      lines: [[`${common.unusable_start}: ${fill(common.unusable[key], values)}`]],
    };
  }
  if (key === "right") return { right: true, lines: [["Right. ", ...prose(question.why)]] };
  return { right: false, lines: [["Not yet. ", ...prose(why)]] };
}

/** @param {Question} question @param {number[]} order the items' right places, as they stand @returns {Judgement} */
export function judgeOrder({ why, otherwise }, order) {
  const placed = order.filter((item, place) => item === place).length;
  if (placed === order.length) return { right: true, lines: [["Right. ", ...prose(why)]] };
  return {
    right: false,
    lines: [["Not yet. ", ...prose(otherwise)], [`At their place: ${placed} of ${order.length}.`]],
  };
}

/** The anchor that a page gives to a heading. @param {string} heading */
export const anchorOf = (heading) =>
  heading.toLowerCase().replace(/[^\w -]/g, "").replaceAll(" ", "-");

/** A section's heading, and a link to it on a page that has this section. @param {Document} page @param {string} section */
function named(page, section) {
  const anchor = anchorOf(section);
  if (!page.getElementById(anchor)) return section;
  return make("a", { href: `#${anchor}`, textContent: section });
}

/**
 * The sections that a reader should read: those of the questions not answered rightly at the first try.
 * @param {Question[]} questions @param {Set<string>} solved ids of questions @param {Set<string>} missed ids of questions
 */
export function sectionsToRead(questions, solved, missed) {
  const open = questions.filter(({ id }) => missed.has(id) || !solved.has(id));
  return [...new Set(open.flatMap(({ section }) => section ?? []))];
}

/** The fields of a question and what judges them. @param {Question} question @param {Common} common @param {ReturnType<typeof reply>["say"]} say */
function fields(question, common, say) {
  if (question.kind === "number") {
    const { input, element } = numberField(question.label, question);
    return { elements: [element], judge: () => judgeNumberQuestion(question, input.value, common) };
  }
  if (question.kind === "order") {
    const { elements, order } = orderFields(question, say);
    return { elements, judge: () => judgeOrder(question, order) };
  }
  const type = question.kind === "one" ? "radio" : "checkbox";
  const inputs = question.options.map(() => make("input", { type, name: "option" }));
  const elements = question.options.map(({ text }, index) =>
    make("label", { className: "lx-option" }, inputs[index], make("span", {}, ...prose(text)))
  );
  const picked = () => inputs.flatMap((input, index) => (input.checked ? [index] : []));
  return { elements, judge: () => judgeOptions(question, picked()) };
}

/**
 * Items that the reader puts in order. `order` holds it at any time, and `show` sets it.
 * @param {Pick<Question, "items" | "shown">} question @param {ReturnType<typeof reply>["say"]} say
 */
export function orderFields(question, say) {
  const order = [...question.shown];
  const list = make("ol", { className: "lx-order" });
  const rows = question.items.map((text, item) => {
    const up = button("↑", () => move(item, -1));
    const down = button("↓", () => move(item, 1));
    up.setAttribute("aria-label", `Move up: ${text}`);
    down.setAttribute("aria-label", `Move down: ${text}`);
    return { up, down, element: make("li", {}, up, down, make("span", {}, ...prose(text))) };
  });
  /** @param {number} item @param {number} step */
  function move(item, step) {
    const from = order.indexOf(item);
    const to = from + step;
    if (to < 0 || to >= order.length) return;
    [order[from], order[to]] = [order[to], order[from]];
    show(order);
    rows[item][step < 0 ? "up" : "down"].focus();
    say(null, [...prose(question.items[item]), ` is now at place ${to + 1} of ${order.length}.`]);
  }
  /** @param {number[]} items */
  function show(items) {
    order.splice(0, order.length, ...items);
    list.replaceChildren(...order.map((index) => rows[index].element));
  }
  show(order);
  return { elements: [list], order, show };
}

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  /** @type {{questions: Question[], common: Common}} */
  const { questions, common } = unseal(model.get("sealed"));
  const solved = /** @type {Set<string>} */ (new Set());
  const missed = /** @type {Set<string>} */ (new Set());
  const score = make("p", { className: "lx-score" });
  const plan = make("div", { className: "lx-plan" });
  function tell() {
    score.textContent = `${solved.size} of ${questions.length} answered right`;
    if (!questions.some(({ section }) => section) || !solved.size && !missed.size) return;
    const sections = sectionsToRead(questions, solved, missed);
    plan.replaceChildren(
      make("p", {}, sections.length ? "Sections to read:" : "You need none of the sections."),
      ...sections.map((section) => make("p", {}, named(el.ownerDocument, section))),
    );
  }
  const forms = questions.map((question, index) => {
    const { element, say } = reply();
    const { elements, judge } = fields(question, common, say);
    const legend = make("legend", {}, `${index + 1}. `, ...prose(question.ask));
    const check = make("button", { type: "submit", textContent: "Check" });
    const form = make(
      "form",
      { className: "lx-question", noValidate: true },
      make("fieldset", {}, legend, ...elements),
      check,
      element,
    );
    submitOnEnter(form);
    form.oninput = () => say(null);
    form.onsubmit = (event) => {
      event.preventDefault();
      const { right, lines } = judge();
      const { section } = question;
      const advice = right === false && section
        ? [["Section to read: ", named(el.ownerDocument, section)]]
        : [];
      say(right, ...lines, ...advice);
      if (right === null || solved.has(question.id)) return;
      (right ? solved : missed).add(question.id);
      tell();
      if (right) tellDone(el, `quiz:${model.get("name")}/${question.id}`);
    };
    return form;
  });
  el.dataset.tasks = questions.map(({ id }) => `quiz:${model.get("name")}/${id}`).join(" ");
  return mount(model, el, "quiz", ["sealed"], [...forms, score, plan], tell);
}

export default { render };
