// Quiz: questions with one or several right answers, numbers or an order, and a reason for each wrong answer.

import {
  fill,
  judgeNumber,
  numberField,
  prose,
  recall,
  reply,
  submitOnEnter,
  tellAnswer,
  tellDone,
  unseal,
} from "./answers.js";
import { button, make, markEnd, mount } from "./controls.js";

/**
 * @typedef {{text: string, right: boolean, why: string, key?: string, misconception?: string}} Option
 * @typedef {{id: string, kind: "one" | "several" | "number" | "order", ask: string, section?: string, options: Option[],
 *   label: string, answer: number, near: {value: number, why: string, misconception?: string}[], items: string[], shown: number[], why: string, otherwise: string}} Question
 * @typedef {{unusable_start: string, unusable: Record<string, string>}} Common the words of all quizzes
 * @typedef {{right: boolean | null, lines: (string | Node)[][]}} Judgement
 * @typedef {import("./controls.js").Model<{name: string, sealed: string}>} Model
 */

/** @type {Judgement} */
const YOUR_TURN = { right: null, lines: [["Your turn: give an answer first."]] };

/** @type {Judgement} */
const ORDER_FIRST = {
  right: null,
  lines: [["Your turn: put them in order first, with the arrows."]],
};

/** An option with its reason, after a mark if it was picked. @param {Option} option @param {boolean} picked */
const reason = ({ text, right, why }, picked) => {
  const mark = picked ? right ? "✓ " : "✗ " : "";
  return [make("b", {}, mark, ...prose(text.replace(/\.$/, ""))), ": ", ...prose(why)];
};

/** @param {Question} question @param {number[]} picked @returns {Judgement} */
export function judgeOptions({ options }, picked) {
  if (!picked.length) return YOUR_TURN;
  const wrong = picked.filter((index) => !options[index].right);
  const others = options.filter((_, index) => !picked.includes(index));
  const lines = picked.map((index) => reason(options[index], true));
  if (!wrong.length && !others.some(({ right }) => right)) {
    const rest = others.map((option) => reason(option, false));
    if (rest.length) lines.push(["The others are wrong:"], ...rest);
    return { right: true, lines: [["Right."], ...lines] };
  }
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

/** @param {Pick<Question, "why" | "otherwise">} question @param {number[]} order the items' right places, as they stand @returns {Judgement} */
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

/**
 * The fields of a question, what judges them, and what is in them as it is kept: the text of a number, those of the picked
 * options, or those of the items in their order. So a new edition may mix them in another way.
 * @param {Question} question @param {Common} common @param {(...line: (string | Node)[]) => void} moved
 */
function fields(question, common, moved) {
  if (question.kind === "number") {
    const { element, read, write } = numberField(question.label, question);
    const judge = () => judgeNumberQuestion(question, read(), common);
    return { elements: [element], judge, read, write };
  }
  return question.kind === "order" ? orderFields(question, moved) : optionFields(question);
}

/** @param {Question} question */
function optionFields(question) {
  const { options } = question;
  const type = question.kind === "one" ? "radio" : "checkbox";
  const inputs = options.map(() => make("input", { type, name: "option" }));
  const elements = options.map(({ text }, index) =>
    make("label", { className: "lx-option" }, inputs[index], make("span", {}, ...prose(text)))
  );
  const picked = () => inputs.flatMap((input, index) => (input.checked ? [index] : []));
  return {
    elements,
    judge: () => judgeOptions(question, picked()),
    read: () => picked().map((index) => options[index].text),
    /** @param {unknown} given */
    write(given) {
      const texts = Array.isArray(given) ? given : [];
      options.forEach(({ text }, index) => inputs[index].checked = texts.includes(text));
    },
  };
}

/** Items that the reader puts in order. @param {Pick<Question, "items" | "shown" | "why" | "otherwise">} question @param {(...line: (string | Node)[]) => void} moved */
export function orderFields(question, moved) {
  const { items } = question;
  let order = [...question.shown];
  /** Whether the order is the reader's. */
  let isGiven = false;
  const list = make("ol", { className: "lx-order" });
  const rows = items.map((text, item) => {
    const up = button("↑", () => move(item, -1));
    const down = button("↓", () => move(item, 1));
    up.setAttribute("aria-label", `Move up: ${text}`);
    down.setAttribute("aria-label", `Move down: ${text}`);
    return { up, down, element: make("li", {}, up, down, make("span", {}, ...prose(text))) };
  });
  function draw() {
    list.replaceChildren(...order.map((index) => rows[index].element));
    order.forEach((item, place) => {
      markEnd(rows[item].up, place === 0);
      markEnd(rows[item].down, place === order.length - 1);
    });
  }
  /** @param {number} item @param {number} step */
  function move(item, step) {
    const from = order.indexOf(item);
    const to = from + step;
    if (to < 0 || to >= order.length) return;
    [order[from], order[to]] = [order[to], order[from]];
    isGiven = true;
    draw();
    rows[item][step < 0 ? "up" : "down"].focus();
    moved(...prose(items[item]), ` is now at place ${to + 1} of ${order.length}.`);
  }
  draw();
  return {
    elements: [list],
    judge: () => isGiven ? judgeOrder(question, order) : ORDER_FIRST,
    isGiven: () => isGiven,
    read: () => order.map((item) => items[item]),
    /** @param {unknown} given */
    write(given) {
      const places = Array.isArray(given) ? given.map((text) => items.indexOf(text)) : [];
      const whole = items.every((_, item) => places.includes(item)) &&
        places.length === items.length;
      order = whole ? places : [...question.shown];
      isGiven = whole;
      draw();
    },
  };
}

/**
 * A question as a form with its reply. It tells `on` that something in it has changed, and each judgement of an answer
 * that is one; `advice` then adds lines to the reply.
 * @param {Question} question @param {string} number @param {Common} common
 * @param {{change(): void, answer(judgement: Judgement): void, advice?(judgement: Judgement): (string | Node)[][]}} on
 */
export function questionForm(question, number, common, on) {
  const { element, say } = reply();
  const { elements, judge, read, write } = fields(question, common, (...line) => {
    say(null, line);
    on.change();
  });
  const form = make(
    "form",
    { className: "lx-question", noValidate: true },
    make("fieldset", {}, make("legend", {}, number, ...prose(question.ask)), ...elements),
    make("button", { type: "submit", textContent: "Check" }),
    element,
  );
  /** @param {Judgement} judgement */
  const show = (judgement) =>
    say(judgement.right, ...judgement.lines, ...(on.advice?.(judgement) ?? []));
  submitOnEnter(form);
  form.oninput = () => {
    say(null);
    on.change();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const judgement = judge();
    if (judgement.right !== null) on.answer(judgement);
    show(judgement);
  };
  /** Show an answer that was kept, with its reply if it was checked and the question still takes it. @param {unknown} given @param {boolean} checked */
  const restore = (given, checked) => {
    write(given);
    const judgement = judge();
    if (checked && judgement.right !== null) show(judgement);
    else say(null);
  };
  return { form, read, restore };
}

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  /** @type {{questions: Question[], common: Common}} */
  const { questions, common } = unseal(model.get("sealed"));
  const tasks = questions.map(({ id }) => `quiz:${model.get("name")}/${id}`);
  const solved = /** @type {Set<string>} */ (new Set());
  const missed = /** @type {Set<string>} */ (new Set());
  const score = make("p", { className: "lx-score" });
  const plan = make("div", { className: "lx-plan" });
  function tell() {
    score.textContent = `${solved.size} of ${questions.length} answered right`;
    if (!questions.some(({ section }) => section)) return;
    const sections = sectionsToRead(questions, solved, missed);
    const lines = [
      make("p", {}, sections.length ? "Sections to read:" : "You need none of the sections."),
      ...sections.map((section) => make("p", {}, named(el.ownerDocument, section))),
    ];
    plan.replaceChildren(...(solved.size || missed.size ? lines : []));
  }
  const forms = questions.map((question, index) => {
    const { id, section } = question;
    let failed = 0;
    /** Tell what is in the fields. @param {boolean} [right] what was found, if it was checked */
    const keep = (right) => {
      const checked = right !== undefined;
      tellAnswer(el, tasks[index], { given: asked.read(), checked, failed }, right);
    };
    const asked = questionForm(question, `${index + 1}. `, common, {
      change: () => keep(),
      answer({ right }) {
        const news = !solved.has(id);
        if (news && !right) failed += 1;
        keep(right === true);
        if (!news) return;
        (right ? solved : missed).add(id);
        tell();
        if (right) tellDone(el, tasks[index]);
      },
      advice: ({ right }) =>
        right === false && section ? [["Section to read: ", named(el.ownerDocument, section)]] : [],
    });
    recall(el, tasks[index], ({ answer = {}, done }) => {
      failed = answer.failed ?? 0;
      solved[done ? "add" : "delete"](id);
      missed[failed ? "add" : "delete"](id);
      asked.restore(answer.given, answer.checked === true);
      tell();
    });
    return asked.form;
  });
  el.dataset.tasks = tasks.join(" ");
  return mount(model, el, "quiz", ["sealed"], [...forms, score, plan], tell);
}

export default { render };
