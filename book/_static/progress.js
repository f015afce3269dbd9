// What a reader sees of the record: marks in the sidebar, boxes to tick in the chapters, the whole on the landing page.
// A page beside the chapters that asks something is recorded as a chapter is, from the first visit on.

import { button, make } from "../../lessons_lib/explorables/static/controls.js";
import { taskOf, unseal } from "../../lessons_lib/explorables/static/answers.js";
import { forgetRuns } from "../../lessons_lib/explorables/static/database.js";
import { forgetNetwork } from "../../lessons_lib/explorables/static/ownnetwork.js";
import {
  change,
  follow,
  forget,
  goOnWith,
  hindered,
  HINDRANCES,
  joined,
  parse,
  record,
  today,
  topicOf,
} from "./record.js";
import { dueQuestions } from "./schedule.js";

/** The name of the page that asks again. */
const REVIEW = "review";
const AS_FILES =
  "These pages are files, and some browsers keep a record for each file alone: then this list misses what you did in the chapters.";
const ABOUT =
  "“Here” are the exercises and questions that these pages judge; the answer to the others is code, which you run in the notebook. " +
  "The record is kept in this browser alone. Export it to take it to another one.";

const stem = (/** @type {string} */ address) =>
  new URL(address, location.href).pathname.replace(/^.*\/|\.html$/g, "");
const isChapter = (/** @type {string} */ name) => topicOf(name) !== name;
const here = stem(location.href);
/** @type {NodeListOf<HTMLAnchorElement>} */
const entries = document.querySelectorAll("nav.bd-links a.reference.internal");
const links = [...entries]
  .map((link) => ({ link, name: link.getAttribute("href") === "#" ? here : stem(link.href) }))
  .map(({ link, name }) => ({ link, chapter: isChapter(name), topic: topicOf(name) }));

/** What is done of a chapter, on its page and in the notebook. @param {string} topic */
function countOf(topic) {
  const { topics, done } = record();
  const { read = false, tasks = [], notebook = [] } = topics[topic] ?? {};
  /** @param {string[]} all */
  const count = (all) => ({
    done: all.filter((task) => done.includes(task)).length,
    all: all.length,
  });
  return { read, here: count(tasks), notebook: count(notebook) };
}

/** @param {ReturnType<typeof countOf>} count */
const inWords = ({ here, notebook }) => [
  ...(here.all ? [`${here.done} of ${here.all} done here`] : []),
  ...(notebook.all ? [`${notebook.done} of ${notebook.all} in the notebook`] : []),
];

/** Change what is recorded of the chapter on this page. @param {Partial<import("./record.js").Chapter>} changes */
const note = (changes) =>
  change(({ topics }) => {
    const topic = topicOf(here);
    const known = topics[topic] ?? { read: false, tasks: [], notebook: [] };
    topics[topic] = { ...known, ...changes };
  });

/** Mark a task as done or not. @param {string} task @param {boolean} done */
const mark = (task, done) =>
  change((own) => {
    own.done = own.done.filter((id) => id !== task).concat(done ? [task] : []);
  });

/** How many questions of the review are due; one that its chapter no longer asks does not count. */
function countDue() {
  const { review, topics } = record();
  return dueQuestions(review, today()).filter((task) => {
    const chapter = topics[/^quiz:(.+)\//.exec(task)?.[1] ?? ""];
    return !chapter || chapter.tasks.includes(task);
  }).length;
}

/** @type {(() => void)[]} */
const drawings = [];
const draw = () => drawings.forEach((each) => each());

// ---- In the sidebar: a mark beside each chapter, and what is due beside the review ----

/** What is done of a chapter, short and in words. @param {string} topic */
function markOf(topic) {
  const count = countOf(topic);
  const some = count.here.done + count.notebook.done > 0;
  const words = [...(count.read ? ["read"] : []), ...(some ? inWords(count) : [])].join(", ");
  const short = `${count.read ? " ✓" : ""}${some ? ` ${count.here.done}/${count.here.all}` : ""}`;
  return { short, words };
}

/** What is due, in the same form. */
function markOfReview() {
  const due = countDue();
  return { short: due ? ` ${due} due` : "", words: "" };
}

for (const { link, topic } of links) {
  const badge = make("span", { className: "lx-progress-badge" });
  link.append(badge);
  drawings.push(() => {
    const { short, words } = topic === REVIEW ? markOfReview() : markOf(topic);
    badge.textContent = short;
    badge.hidden = !short;
    badge.title = words;
  });
}

// ---- On a chapter: boxes to tick; what is answered on the page ticks them by itself ----

/** A word about it where no record is kept. */
function warning() {
  const element = make("span", { className: "lx-progress-fleeting" });
  drawings.push(() => {
    const hindrance = hindered();
    element.hidden = !hindrance;
    element.textContent = hindrance ? HINDRANCES[hindrance] : "";
  });
  return element;
}

/** A box to tick. @param {HTMLInputElement} box @param {string} label */
const boxToTick = (box, label) =>
  make("p", { className: "lx-progress-done" }, make("label", {}, box, ` ${label}`), warning());

/** The tasks of an exercise or a quiz, which need not have started. @param {HTMLElement} figure @returns {string[]} */
function tasksOf(figure) {
  if (figure.dataset.tasks) return figure.dataset.tasks.split(" ");
  const state = figure.querySelector("script[type='application/json']")?.textContent;
  if (!state) return [];
  const { name, sealed } = JSON.parse(state);
  /** @type {{kind?: string, questions: {id: string}[]}} */
  const { kind, questions } = unseal(sealed);
  if (figure.dataset.explorable === "exercise") return [taskOf(kind, name)];
  return questions.map(({ id }) => `quiz:${name}/${id}`);
}

function onChapter() {
  const exercises = [...document.querySelectorAll(".exercise.admonition[id^='exercise-']")];
  const asked = exercises.map(({ id }) =>
    `exercise:${id.slice("exercise-".length).replaceAll("-", "_")}`
  );
  /** What the page asks as far as it is known: other figures say it when they start. */
  function noteTasks() {
    const figures = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(
      "[data-explorable='quiz'], [data-explorable='exercise'], [data-explorable][data-tasks]",
    ));
    const judged = [...new Set([...figures].flatMap(tasksOf))];
    note({ tasks: judged, notebook: asked.filter((task) => !judged.includes(task)) });
  }
  noteTasks();
  note({ opened: Date.now() });
  const { notebook } = record().topics[topicOf(here)];
  for (const [index, exercise] of exercises.entries()) {
    const task = asked[index];
    const box = make("input", { type: "checkbox" });
    box.onchange = () => mark(task, box.checked);
    const label = notebook.includes(task)
      ? "Needs the notebook: done there"
      : "I have done this one";
    exercise.append(boxToTick(box, label));
    drawings.push(() => (box.checked = record().done.includes(task)));
  }
  const read = make("input", { type: "checkbox" });
  read.onchange = () => note({ read: read.checked });
  const article = document.querySelector("article.bd-article");
  article?.append(boxToTick(read, `I have read this ${isChapter(here) ? "chapter" : "page"}`));
  drawings.push(() => (read.checked = countOf(topicOf(here)).read));
  new MutationObserver(noteTasks).observe(document.body, {
    subtree: true,
    attributes: true,
    attributeFilter: ["data-tasks"],
  });
}

// ---- On the landing page: where a reader goes on, the whole record, and what can be done with it ----

/** The address and the name of a page, as the menu has them. @param {string} topic */
function pageOf(topic) {
  const link = links.find((each) => each.topic === topic)?.link;
  const name = link?.firstChild?.textContent?.trim().split(" · ")[0] ?? "";
  return { href: link?.href ?? "", name };
}

/** The way into the course: for one who comes back, from where they were. @param {Element} place */
function wayOn(place) {
  const toStart = [...place.childNodes];
  const chapters = links.filter(({ chapter }) => chapter).map(({ topic }) => topic);
  drawings.push(() => {
    const next = goOnWith(record(), chapters);
    if (next === undefined) return place.replaceChildren(...toStart);
    const { href, name } = pageOf(next ?? REVIEW);
    const button = make("a", {
      className: "course-start",
      href,
      textContent: `Continue with ${name}`,
    });
    const read = chapters.filter((topic) => countOf(topic).read).length;
    place.replaceChildren(button, ` ${read} of ${chapters.length} chapters read.`, ...due());
  });
}

/** What is due today, with a link to the review, if something is. */
function due() {
  const count = countDue();
  const { href, name } = pageOf(REVIEW);
  return count && href
    ? [" ", make("a", { href, textContent: name }), `: ${count} due today.`]
    : [];
}

/** Hand the record to the reader as a file. */
function save() {
  const text = new Blob([JSON.stringify(record(), null, 2)], { type: "application/json" });
  const link = make("a", {
    download: "from-anns-to-cnns-progress.json",
    href: URL.createObjectURL(text),
  });
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Join the record with that of a file, and say what came of it. @param {File | undefined} file */
async function open(file) {
  try {
    const found = parse(await file?.text() ?? "");
    change((own) => Object.assign(own, joined(own, found)));
    return "Imported, and joined with what was here.";
  } catch (error) {
    return `This file can't be imported: ${/** @type {Error} */ (error).message}.`;
  }
}

/** Each chapter, and each page beside the chapters that was open, with what is done of it. */
function chapterList() {
  const list = make("ul");
  drawings.push(() => {
    const recorded = links.filter(({ chapter, topic }) => chapter || record().topics[topic]);
    list.replaceChildren(...recorded.map(({ link, topic }) => {
      const count = countOf(topic);
      const said = [count.read ? "read" : "not read yet", ...inWords(count)].join(", ");
      const name = make("a", {
        href: link.href,
        textContent: link.firstChild?.textContent?.trim(),
      });
      return make("li", {}, name, `: ${said}`);
    }));
  });
  return list;
}

/** @param {Element} place */
function overview(place) {
  const said = make("p", { "aria-live": "polite" });
  const about = make("p", { textContent: ABOUT });
  if (location.protocol === "file:") about.append(` ${AS_FILES}`);
  const file = make("input", { type: "file", accept: "application/json,.json", hidden: true });
  file.onchange = async () => {
    said.textContent = await open(file.files?.[0]);
    file.value = "";
  };
  let sure = false;
  const reset = button("Reset", () => {
    if (sure) {
      forget();
      forgetNetwork();
      forgetRuns();
    }
    said.textContent = sure
      ? "The record is empty."
      : "This forgets everything. Press again if you mean it.";
    sure = !sure;
  });
  reset.onblur = () => (sure = false);
  drawings.push(() => {
    const hindrance = hindered();
    if (hindrance) said.textContent = HINDRANCES[hindrance];
    about.hidden = hindrance !== "";
  });
  place.append(
    chapterList(),
    make(
      "p",
      { className: "lx-progress-controls" },
      button("Export", save),
      button("Import", () => file.click()),
      reset,
      file,
    ),
    said,
    about,
  );
}

const asks = document.querySelector(".exercise.admonition, [data-explorable='quiz']");
if (isChapter(here) || asks) onChapter();
for (const place of document.querySelectorAll(".course-way > p")) wayOn(place);
for (const place of document.querySelectorAll("[data-progress]")) overview(place);
for (const figure of document.querySelectorAll("[data-explorable='intuition']")) {
  figure.before(warning());
}
follow(draw);
draw();
