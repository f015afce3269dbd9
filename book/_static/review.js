// The review: questions that were answered wrong or are due, from all chapters. It reads and writes the reader's record.

import { judgeNumber, prose, unseal } from "../../lessons_lib/explorables/static/answers.js";
import { button, make, mount } from "../../lessons_lib/explorables/static/controls.js";
import { drawn, pickValues } from "../../lessons_lib/explorables/static/draw.js";
import { questionForm } from "../../lessons_lib/explorables/static/quiz.js";
import { change, follow, hindered, HINDRANCES, record, today } from "./record.js";
import * as schedule from "./schedule.js";

/**
 * @typedef {import("../../lessons_lib/explorables/static/quiz.js").Question} Question
 * @typedef {import("../../lessons_lib/explorables/static/quiz.js").Common} Common
 * @typedef {import("../../lessons_lib/explorables/static/draw.js").Entry} Drawable
 * @typedef {{topic: string, chapter: string, href: string, question: Question & Partial<Drawable>}} Entry
 * @typedef {{questions: Record<string, Entry>, misconceptions: Record<string, string>, common: Common}} Content
 * @typedef {import("../../lessons_lib/explorables/static/controls.js").Model<{sealed: string}>} Model
 */

/** What may be answered, with the misconception behind it. @param {Question} question @returns {{misconception?: string}[]} */
const answersOf = ({ options = [], near = [] }) => [...options, ...near];

/** The misconceptions that some answers show. @param {{misconception?: string}[]} answers */
const behind = (
  answers,
) => [...new Set(answers.flatMap(({ misconception }) => misconception ?? []))];

/** The misconceptions that a question can show. @param {Question} question */
export const misconceptionsIn = (question) => behind(answersOf(question));

/**
 * The misconceptions that a wrong answer shows. Options are known by their text in a quiz, by their key in an exercise.
 * @param {Question} question @param {unknown} given what was kept of the answer
 */
export function shownBy(question, given) {
  if (question.kind === "number") {
    const { why } = judgeNumber(question, String(given));
    return behind(question.near.filter((near) => near.why === why));
  }
  const picked = [given].flat();
  const { options = [] } = question;
  /** @param {Question["options"][number]} option */
  const isPicked = ({ text, key }) => picked.includes(text) || picked.includes(key);
  const wrong = options.filter((option) => isPicked(option) && !option.right);
  return behind(
    wrong.length ? wrong : options.filter((option) => option.right && !isPicked(option)),
  );
}

/**
 * A question with numbers drawn anew, where it has formulas; no misconception then gives the right number.
 * @param {Entry["question"]} question @param {() => number} random @returns {Question}
 */
export function withNewNumbers(question, random = Math.random) {
  const entry = /** @type {Drawable} */ (question);
  if (!entry.draw) return question;
  for (let tries = 0; tries < 50; tries++) {
    const fresh = drawn(entry, pickValues(entry.draw, random));
    if (fresh.near.every(({ value }) => value !== fresh.answer)) return { ...question, ...fresh };
  }
  return question;
}

/** @param {number} count @param {string} one @param {string} many */
const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** @param {number} days */
export const inDays = (days) => days <= 0 ? "today" : days === 1 ? "tomorrow" : `in ${days} days`;

/** What is due, in words. @param {schedule.Schedule} review @param {number} due @param {number} day */
export function dueInWords(review, due, day) {
  if (due) return `${counted(due, "question is", "questions are")} due today.`;
  const names = Object.keys(review.cards);
  const waiting = names.filter((name) => !schedule.isKnown(review.cards[name]));
  if (!names.length) {
    return "Nothing is to be asked again yet. What you answer in the chapters comes back here, the first time a day later.";
  }
  if (!waiting.length) {
    return "Nothing is due any more: you have answered all of it right five times.";
  }
  const next = Math.min(...waiting.map((name) => schedule.daysUntil(review, day, name)));
  return `Nothing is due today. The next question comes back ${inDays(next)}.`;
}

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  /** @type {Content} */
  const { questions, misconceptions, common } = unseal(model.get("sealed"));
  const asks = Object.fromEntries(
    Object.entries(questions).map(([task, { topic, question }]) => [
      task,
      { topic, misconceptions: misconceptionsIn(question) },
    ]),
  );
  /** The questions that are shown, and of those with an answer whether the first one was right. @type {Map<string, boolean | undefined>} */
  const session = new Map();
  const status = make("p", { className: "lx-review-status" });
  const result = make("output", { className: "lx-score", "aria-live": "polite" });
  const list = make("div");
  const more = button("", next);
  const kept = make("p", { className: "lx-progress-fleeting" });
  const remembered = make("div", { className: "lx-review-remembered" });

  /** Change the schedule, and read the misconceptions in wrong answers. @param {(review: schedule.Schedule) => schedule.Schedule} alter @param {Record<string, Question>} [asked] */
  function reschedule(alter, asked = {}) {
    change((own) => {
      const read = schedule.withMisconceptions(alter(own.review), (task, given) => {
        const question = asked[task] ?? questions[task]?.question;
        return question ? shownBy(question, given) : [];
      });
      own.review = schedule.withNext(read, asks, { isMet: (topic) => topic in own.topics });
    });
  }

  const due = () =>
    schedule.dueQuestions(record().review, today()).filter((task) =>
      Object.hasOwn(questions, task)
    );

  /** The text of an exercise stands on the page, out of sight. @param {string} task */
  const textOf = (task) =>
    [...el.ownerDocument.querySelectorAll("[data-asked]")]
      .filter((text) => text.getAttribute("data-asked") === task)
      .flatMap((text) => [...text.cloneNode(true).childNodes]);

  /** @param {string} task @param {number} index */
  function form(task, index) {
    const { chapter, href, question: known } = questions[task];
    const question = withNewNumbers(known);
    const asked = questionForm(question, `${index + 1}. `, common, {
      change() {},
      answer({ right }) {
        if (session.get(task) === undefined) session.set(task, right === true);
        const answer = {
          task,
          right: right === true,
          given: asked.read(),
          misconceptions: misconceptionsIn(question),
        };
        reschedule((review) => schedule.answered(review, today(), answer), { [task]: question });
      },
      advice({ right }) {
        if (right === null) return [];
        const { review } = record();
        const shown = right ? [] : shownBy(question, asked.read());
        const back = schedule.isKnown(review.cards[task])
          ? "You know it: it does not come back."
          : `It comes back ${inDays(schedule.daysUntil(review, today(), task))}.`;
        return [
          ...shown.map((key) => ["What stands behind it: ", ...prose(misconceptions[key])]),
          [`${back} From `, make("a", { href, textContent: chapter }), "."],
        ];
      },
    });
    if (question === known) asked.form.querySelector("legend")?.after(...textOf(task));
    return asked.form;
  }

  /** Ask these. @param {string[]} tasks */
  function ask(tasks) {
    session.clear();
    const order = schedule.mixed(tasks.slice(0, schedule.AT_A_TIME), asks);
    order.forEach((task) => session.set(task, undefined));
    list.replaceChildren(...order.map(form));
  }

  /** Ask what is due, or if nothing is, any questions: first of the chapters that the reader knows. */
  function next() {
    const tasks = due();
    const { topics } = record();
    const any = Object.keys(questions)
      .map((task) => ({ task, rank: Math.random() + (questions[task].topic in topics ? 0 : 1) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ task }) => task);
    ask(tasks.length ? tasks : any);
    draw();
    /** @type {HTMLElement | null} */ (list.querySelector("input, ol button"))?.focus();
  }

  function drawRemembered() {
    const { review } = record();
    const known = Object.entries(misconceptions).filter(([key]) =>
      review.cards[schedule.cardOf(key)]?.ask
    );
    const items = known.map(([key, sentence]) => {
      const name = schedule.cardOf(key);
      const back = schedule.isKnown(review.cards[name])
        ? "not seen any more"
        : `asked again ${inDays(schedule.daysUntil(review, today(), name))}`;
      return make(
        "li",
        {},
        ...prose(sentence),
        ` (${back})`,
      );
    });
    remembered.replaceChildren(
      ...(items.length
        ? [
          make("p", { textContent: "Misconceptions that your answers showed:" }),
          make("ul", {}, ...items),
        ]
        : []),
    );
  }

  function draw() {
    const { review } = record();
    const left = due().length;
    const firsts = [...session.values()].filter((right) => right !== undefined);
    const finished = firsts.length === session.size;
    const rights = firsts.filter(Boolean).length;
    result.textContent = session.size && finished
      ? `${rights} of ${session.size} right at the first try.`
      : "";
    const part = session.size && !finished && left > session.size
      ? ` Here are ${session.size} of them.`
      : "";
    status.textContent = dueInWords(review, left, today()) + part;
    more.hidden = !finished;
    more.textContent = left ? `Ask me ${Math.min(left, schedule.AT_A_TIME)}` : "Ask me ten anyway";
    const hindrance = hindered();
    kept.textContent = hindrance ? HINDRANCES[hindrance] : "";
    kept.hidden = !hindrance;
    drawRemembered();
  }

  reschedule((review) => review);
  ask(due());
  follow(draw);
  return mount(
    model,
    el,
    "review",
    ["sealed"],
    [status, list, result, more, kept, remembered],
    draw,
  );
}

export default { render };
