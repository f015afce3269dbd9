// The review: questions that were answered wrong or are due, from all chapters. It reads and writes the reader's record.

import { judgeNumber, prose } from "../../lessons_lib/explorables/static/answers.js";
import { button, make, mount } from "../../lessons_lib/explorables/static/controls.js";
import { drawn, pickValues } from "../../lessons_lib/explorables/static/draw.js";
import { questionForm } from "../../lessons_lib/explorables/static/quiz.js";
import { change, follow, hindered, HINDRANCES, record, today } from "./record.js";
import * as schedule from "./schedule.js";

/**
 * @typedef {import("../../lessons_lib/explorables/static/quiz.js").Question} Question
 * @typedef {import("../../lessons_lib/explorables/static/quiz.js").Common} Common
 * @typedef {import("../../lessons_lib/explorables/static/draw.js").Entry} Drawable
 * @typedef {{topic: string, chapter: string, href: string}} Place
 * @typedef {Place & {question: Question & Partial<Drawable>}} Entry
 * @typedef {{questions: Record<string, Entry>, predictions: Record<string, Place>,
 *   misconceptions: Record<string, string>, common: Common}} Content
 * @typedef {import("../../lessons_lib/explorables/static/controls.js").Model<{turned: string}>} Model
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

/** Things in any order. @template T @param {T[]} things */
const shuffled = (things) =>
  things.map((thing) => ({ thing, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ thing }) => thing);

/** A text from its end to its beginning. @param {string} text */
const turned = (text) => [...text].reverse().join("");

/** @param {number} count @param {string} one @param {string} many */
const counted = (count, one, many) => `${count} ${count === 1 ? one : many}`;

/** @param {number} days */
export const inDays = (days) => days <= 0 ? "today" : days === 1 ? "tomorrow" : `in ${days} days`;

/** @param {Place} place */
const linkTo = ({ chapter, href }) => make("a", { href, textContent: chapter });

/**
 * The topics of the chapters that a reader has marked as read, or done or answered something of.
 * @param {Pick<import("./record.js").Progress, "topics" | "done" | "answers">} record @param {Record<string, Place>} places of tasks
 */
export function workedOn({ topics, done, answers }, places) {
  const touched = new Set([...done, ...Object.keys(answers)]);
  const ofChapters = Object.entries(topics).filter(([, { read, tasks, notebook }]) =>
    read || [...tasks, ...notebook].some((task) => touched.has(task))
  ).map(([topic]) => topic);
  const ofTasks = Object.entries(places).filter(([task]) => touched.has(task))
    .map(([, { topic }]) => topic);
  return new Set([...ofChapters, ...ofTasks]);
}

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
  const { questions, predictions, misconceptions, common } = JSON.parse(
    turned(model.get("turned")),
  );
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

  const planned = () => schedule.planned(record().review, questions);
  const due = () => schedule.dueQuestions(planned(), today());

  /** All questions of the chapters that the reader has worked on. */
  function known() {
    const topics = workedOn(record(), { ...questions, ...predictions });
    return Object.keys(questions).filter((task) => topics.has(questions[task].topic));
  }

  /** The text of an exercise stands on the page, out of sight. @param {string} task */
  const textOf = (task) =>
    [...el.ownerDocument.querySelectorAll("[data-asked]")]
      .filter((text) => text.getAttribute("data-asked") === task)
      .flatMap((text) => [...text.cloneNode(true).childNodes]);

  /** @param {string} task @param {number} index */
  function form(task, index) {
    const { question: printed } = questions[task];
    const question = withNewNumbers(printed);
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
          [back],
        ];
      },
    });
    if (question === printed) asked.form.querySelector("legend")?.after(...textOf(task));
    asked.form.prepend(make("p", { className: "lx-from" }, "From ", linkTo(questions[task])));
    return asked.form;
  }

  /** Ask these. @param {string[]} tasks */
  function ask(tasks) {
    session.clear();
    const order = schedule.mixed(tasks.slice(0, schedule.AT_A_TIME), asks);
    order.forEach((task) => session.set(task, undefined));
    list.replaceChildren(...order.map(form));
  }

  /** Ask what is due, or if nothing is, any questions of the chapters that the reader knows. */
  function next() {
    const tasks = due();
    ask(tasks.length ? tasks : shuffled(known()));
    draw();
    /** @type {HTMLElement | null} */ (list.querySelector("input, ol button"))?.focus();
  }

  /** What becomes of a misconception, or where it showed if no question asks about it. @param {string} name of its card */
  function futureOf(name) {
    const { review } = record();
    const { ask, last = "" } = review.cards[name];
    if (!ask) {
      const place = predictions[last];
      return ["no question asks about it", ...(place ? ["; it showed in ", linkTo(place)] : [])];
    }
    if (schedule.isKnown(review.cards[name])) return ["not seen any more"];
    return [`asked again ${inDays(schedule.daysUntil(review, today(), name))}`];
  }

  function drawRemembered() {
    const { cards } = record().review;
    const items = Object.entries(misconceptions)
      .map(([key, sentence]) => ({ name: schedule.cardOf(key), sentence }))
      .filter(({ name }) => Object.hasOwn(cards, name))
      .map(({ name, sentence }) =>
        make("li", {}, ...prose(sentence), " (", ...futureOf(name), ")")
      );
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
    status.textContent = dueInWords(planned(), left, today()) + part;
    const askable = Math.min(left || known().length, schedule.AT_A_TIME);
    more.hidden = !finished || !askable;
    more.textContent = `Ask me ${askable}${left ? "" : " anyway"}`;
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
    ["turned"],
    [status, list, result, more, kept, remembered],
    draw,
  );
}

export default { render };
