// Between the figures and the record: keeps what a reader answers, gives it back to the figure that asks for it, and says
// beside the figure where nothing is kept.

import { change, follow, hindered, HINDRANCES, record, today } from "./record.js";
import { answered, countedOn, withShown } from "./schedule.js";

/** @typedef {import("../../lessons_lib/explorables/static/answers.js").Recalled} Recalled */

/** The figures' functions that show an answer, by its task, with what they have shown. @type {Map<string, {show(kept: Recalled): void, text: string}>} */
const shown = new Map();
/** @type {WeakMap<Element, HTMLElement>} */
const notes = new WeakMap();
/** The task whose own figure has just changed it. */
let mine = "";

/** @param {string} task @returns {Recalled} */
const recalled = (task) => ({ answer: record().answers[task], done: record().done.includes(task) });

/** Change the record for a figure, which knows of it. @param {string} task @param {Parameters<typeof change>[0]} alter */
function keep(task, alter) {
  mine = task;
  change(alter);
  mine = "";
}

/** Say beside a figure whether what it has just told is kept. @param {Element} figure */
function warn(figure) {
  const hindrance = hindered();
  const note = notes.get(figure) ?? document.createElement("p");
  note.className = "lx-progress-fleeting";
  note.setAttribute("role", "status");
  if (!notes.has(figure) && hindrance) figure.after(note);
  notes.set(figure, note);
  note.hidden = !hindrance;
  note.textContent = hindrance ? HINDRANCES[hindrance] : "";
}

/** @param {string} type @param {(detail: any, figure: Element) => void} hear */
const on = (type, hear) =>
  document.addEventListener(type, (event) => {
    hear(/** @type {CustomEvent} */ (event).detail, /** @type {Element} */ (event.target));
  });

on("course:answer", ({ task, answer, right, misconceptions }, figure) => {
  keep(task, (own) => {
    own.answers[task] = { ...answer, at: Date.now() };
    if (right !== undefined) {
      own.review = answered(own.review, today(), { task, right, given: answer.given });
    }
    if (misconceptions.length) {
      own.review = withShown(own.review, today(), task, misconceptions);
    }
  });
  warn(figure);
});
on("course:done", ({ id }) => {
  keep(id, (own) => own.done = [...new Set([...own.done, id])]);
});
on("course:recall", ({ task, show }) => {
  shown.set(task, { show, text: JSON.stringify(recalled(task)) });
  show(recalled(task));
});
follow(() => {
  for (const [task, figure] of shown) {
    const text = JSON.stringify(recalled(task));
    if (text === figure.text) continue;
    figure.text = text;
    if (task !== mine) figure.show(recalled(task));
  }
});

// A clock that has gone back must not stand still: from now on its days count.
if (today() < record().review.seen) {
  change((own) => own.review = countedOn(own.review, today()));
}
