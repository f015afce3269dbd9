// The reader's own record: chapters read, tasks done, answers given, and what is to be asked again. It stays in this
// browser.

import { withTasksOfToday } from "./moved.js";
import * as schedule from "./schedule.js";

/**
 * What is kept, under one key. A chapter is known by its topic, never by its number, which another edition may change.
 * `tasks` are those that can be done on the page, as it was when it was last open, and `notebook` those whose answer is
 * code; `opened` is when the chapter was last opened, in milliseconds. An answer is known by its task,
 * `quiz:TOPIC/QUESTION`, `exercise:NAME`, `order:NAME` and so on; its first word is its kind. `given` is the answer as
 * its own kind writes it, `at` the time in milliseconds; a kind may keep more.
 * @typedef {{read: boolean, tasks: string[], notebook: string[], opened?: number}} Chapter
 * @typedef {{given: unknown, at: number} & Record<string, unknown>} Answer
 * @typedef {{version: 3, topics: Record<string, Chapter>, done: string[], answers: Record<string, Answer>,
 *   review: schedule.Schedule}} Progress
 */

export const KEY = "from-anns-to-cnns/record";
/** Where editions with records of version 1 and 2 keep theirs; their pages could not read one of version 3. */
export const FORMER_KEY = "from-anns-to-cnns/progress";

/** Why nothing is kept, in words. */
export const HINDRANCES = {
  refused: "This browser keeps no record for the site, so it lasts until you leave the page.",
  full:
    "This browser has no room left for the record, so what you do now lasts until you leave the page.",
};

/** The day by the reader's clock. */
export const today = () => schedule.dayOf(new Date());

/** A record of nothing. @returns {Progress} */
export const nothing = () => ({
  version: 3,
  topics: {},
  done: [],
  answers: {},
  review: schedule.nothing(),
});

// ---- What a text holds ----

/** @param {unknown} value @returns {value is Record<string, any>} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @param {unknown} list */
const areTexts = (list) => Array.isArray(list) && list.every((item) => typeof item === "string");

/**
 * Change each value of an object.
 * @template T
 * @param {Record<string, any>} object @param {(value: any, name: string) => T} change
 * @returns {Record<string, T>}
 */
const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));

/** The topic of a chapter, from the name of its page: 06_pooling is about pooling. @param {string} name */
export const topicOf = (name) => name.replace(/^\d\d[a-z]?_/, "");

/** From version 1, in which chapters and their quizzes were known by number and topic. @param {any} found */
function fromFirst({ chapters, done }) {
  const task = (/** @type {unknown} */ id) =>
    typeof id === "string" && id.startsWith("quiz:") ? `quiz:${topicOf(id.slice(5))}` : id;
  const all = (/** @type {unknown} */ ids) => Array.isArray(ids) ? ids.map(task) : ids;
  const topics = Object.entries(chapters ?? {}).map(([name, chapter]) => [
    topicOf(name),
    { ...chapter, tasks: all(chapter?.tasks) },
  ]);
  return { topics: Object.fromEntries(topics), done: all(done) };
}

/** From version 2, which kept no answers, and counted all tasks of a chapter together. @param {any} found @returns {any} */
function fromSecond({ topics, done }) {
  const withNotebook = isObject(topics)
    ? mapped(topics, (chapter) => isObject(chapter) ? { ...chapter, notebook: [] } : chapter)
    : topics;
  return { ...nothing(), topics: withNotebook, done };
}

/** @param {any} record */
function isSound({ topics, done, answers, review }) {
  return schedule.isSchedule(review) && isObject(topics) && areTexts(done) && isObject(answers) &&
    Object.values(topics).every((chapter) =>
      typeof chapter?.read === "boolean" && areTexts(chapter.tasks) && areTexts(chapter.notebook)
    ) &&
    Object.values(answers).every((answer) =>
      isObject(answer) && "given" in answer && Number.isFinite(answer.at)
    );
}

/** What a text holds, or an error that says what is wrong with it. @param {string} text @returns {Progress} */
export function parse(text) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error("it holds no JSON");
  }
  if (!isObject(found)) throw new Error("it is no record of this course");
  const { version } = found;
  if (![1, 2, 3].includes(version)) {
    throw new Error(`its version must be 1, 2 or 3, and is ${JSON.stringify(version)}`);
  }
  const second = version === 1 ? fromFirst(found) : found;
  const { topics, done, answers, review } = withTasksOfToday(
    version === 3 ? { review: schedule.nothing(), ...found } : fromSecond(second),
  );
  const progress = { version: /** @type {const} */ (3), topics, done, answers, review };
  if (!isSound(progress)) throw new Error("it is no record of this course");
  return progress;
}

/**
 * Where a reader goes on: in the chapter that was opened last, or, if it is read, in the next one that is not. It is null
 * where all are read, and undefined for one who has opened none.
 * @param {Progress} record @param {string[]} chapters in their order
 */
export function goOnWith({ topics }, chapters) {
  const openedAt = (/** @type {string} */ topic) => topics[topic]?.opened ?? 0;
  const begun = chapters.filter((topic) => topics[topic]).sort((a, b) => openedAt(a) - openedAt(b));
  const last = begun.at(-1);
  if (!last) return;
  const inTurn = [...chapters.slice(chapters.indexOf(last)), ...chapters];
  return inTurn.find((topic) => !topics[topic]?.read) ?? null;
}

// ---- Two records ----

/** The answer that was given later, and of all tries the most. @param {Answer} one @param {Answer} other @returns {Answer} */
function later(one, other) {
  const [former, latter] = [one, other].sort((a, b) =>
    a.at - b.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  );
  const failed = Math.max(...[former.failed, latter.failed].map((count) => Number(count) || 0));
  return "failed" in former || "failed" in latter ? { ...latter, failed } : latter;
}

/** What two records hold of a chapter. What the page asks is as the first one says. @param {Chapter} own @param {Chapter} added */
function bothOf(own, added) {
  const opened = Math.max(own.opened ?? 0, added.opened ?? 0);
  return { ...own, read: own.read || added.read, ...(opened ? { opened } : {}) };
}

/**
 * The entries of two objects; `both` says what becomes of a name that is in both.
 * @template T
 * @param {Record<string, T>} one @param {Record<string, T>} other @param {(one: T, other: T) => T} both
 * @returns {Record<string, T>}
 */
const united = (one, other, both) => ({
  ...other,
  ...mapped(one, (entry, name) => Object.hasOwn(other, name) ? both(entry, other[name]) : entry),
});

/**
 * All that two records hold.
 * @param {Progress} one @param {Progress} other @param {number} [day] @returns {Progress}
 */
export const joined = (one, other, day = today()) => ({
  version: 3,
  topics: united(one.topics, other.topics, bothOf),
  done: [...new Set([...one.done, ...other.done])],
  answers: united(one.answers, other.answers, later),
  review: schedule.joined(one.review, other.review, day),
});

// ---- The one of this browser ----

/** @type {Progress | undefined} */
let current;
/** @type {"" | keyof typeof HINDRANCES} */
let hindrance = "";
/** @type {(() => void)[]} */
const followers = [];

/** @returns {Progress} */
function load() {
  try {
    const text = localStorage.getItem(KEY) ?? localStorage.getItem(FORMER_KEY);
    return text === null ? nothing() : parse(text);
  } catch (error) {
    if (error instanceof DOMException) hindrance = "refused";
    return nothing();
  }
}

/** @param {Progress} progress */
function store(progress) {
  const text = JSON.stringify(progress);
  try {
    localStorage.setItem(KEY, text);
    hindrance = localStorage.getItem(KEY) === text ? "" : "refused";
  } catch (error) {
    hindrance = /quota/i.test(/** @type {Error} */ (error).name) ? "full" : "refused";
  }
}

/** What is stored now, with what this page could not store. */
function latest() {
  const stored = load();
  return hindrance && current ? joined(current, stored) : stored;
}

const tell = () => followers.forEach((draw) => draw());

/** The record as it is now; not to be changed. @returns {Progress} */
export const record = () => (current ??= load());

/** Why nothing is kept; an empty text where it is. */
export const hindered = () => hindrance;

/** Change the record as it is stored now, which another tab may have changed. @param {(record: Progress) => void} alter */
export function change(alter) {
  current = latest();
  alter(current);
  store(current);
  tell();
}

/** Forget everything. */
export function forget() {
  try {
    localStorage.removeItem(FORMER_KEY);
  } catch {
    // Then nothing is kept there.
  }
  change((own) => Object.assign(own, nothing()));
}

/** Do something whenever the record changes, here or in another tab, or while the page was left. @param {() => void} draw */
export function follow(draw) {
  const refresh = () => {
    current = latest();
    tell();
  };
  if (!followers.length) ["storage", "pageshow"].forEach((type) => addEventListener(type, refresh));
  followers.push(draw);
}
