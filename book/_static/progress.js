// The reader's own record: chapters read, exercises and quiz questions done, predictions made. It stays in this browser.
// A page beside the chapters that asks something is recorded as a chapter is, from the first visit on.

/**
 * What is kept, under one key. A chapter is known by its topic, never by its number, which another edition may change.
 * `tasks` are those that the page had when it was last open, so that a new edition counts right.
 * A prediction, known by its name, is kept as its figure gives it; older records have none.
 * @typedef {{read: boolean, tasks: string[]}} Chapter
 * @typedef {{version: 2, topics: Record<string, Chapter>, done: string[], predictions: Record<string, object>}} Progress
 */

(() => {
  const KEY = "from-anns-to-cnns/progress";
  const nothing = () => /** @type {Progress} */ ({
    version: 2,
    topics: {},
    done: [],
    predictions: {},
  });

  /** The topic of a chapter, from the name of its page: 06_pooling is about pooling. @param {string} name */
  const topicOf = (name) => name.replace(/^\d\d_/, "");

  /** The record of the first version, in which chapters and their quizzes were known by number and topic. @param {any} record */
  function renewed({ chapters, done }) {
    const task = (/** @type {unknown} */ id) =>
      typeof id === "string" ? id.replace(/^quiz:\d\d_/, "quiz:") : id;
    const all = (/** @type {unknown} */ ids) => Array.isArray(ids) ? ids.map(task) : ids;
    const topics = Object.entries(chapters ?? {}).map(([name, chapter]) => [
      topicOf(name),
      { ...chapter, tasks: all(chapter?.tasks) },
    ]);
    return { version: 2, topics: Object.fromEntries(topics), done: all(done) };
  }

  /** The predictions of a record. @param {any} record @returns {Record<string, object>} */
  const predictionsIn = ({ predictions }) =>
    Object.fromEntries(
      Object.entries(predictions ?? {}).filter(([, given]) => given && typeof given === "object"),
    );

  /** @param {string} text @returns {Progress} what a text holds, or an error that says what is wrong with it */
  function parse(text) {
    let found;
    try {
      found = JSON.parse(text);
    } catch {
      throw new Error("it holds no JSON");
    }
    if (typeof found !== "object" || !found || Array.isArray(found)) {
      throw new Error("it is no record of this course");
    }
    if (found.version !== 1 && found.version !== 2) {
      throw new Error(`its version must be 1 or 2, and is ${found.version}`);
    }
    const { version, topics, done } = found.version === 1 ? renewed(found) : found;
    const texts = (/** @type {unknown} */ list) =>
      Array.isArray(list) && list.every((item) => typeof item === "string");
    const sound = topics && typeof topics === "object" && !Array.isArray(topics) &&
      Object.values(topics).every((chapter) =>
        typeof chapter?.read === "boolean" && texts(chapter.tasks)
      );
    if (!sound || !texts(done)) throw new Error("it is no record of this course");
    return { version, topics, done, predictions: predictionsIn(found) };
  }

  const FLEETING =
    "This browser keeps no record for the site, so it lasts until you leave the page.";
  const AS_FILES =
    "These pages are files, and some browsers keep a record for each file alone: then this list misses what you did in the chapters.";

  let kept = true;
  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      kept = false; // the browser refuses
      return null;
    }
  }
  function load() {
    const text = stored();
    try {
      return text === null ? nothing() : parse(text);
    } catch {
      return nothing();
    }
  }
  let progress = load();

  /** @param {(progress: Progress) => void} alter */
  function change(alter) {
    const latest = load(); // another tab may have written
    if (kept) progress = latest;
    alter(progress);
    try {
      const text = JSON.stringify(progress);
      localStorage.setItem(KEY, text);
      kept = localStorage.getItem(KEY) === text;
    } catch {
      kept = false;
    }
    draw();
  }

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {Record<string, unknown>} [properties]
   * @param {...(Node | string)} children
   * @returns {HTMLElementTagNameMap[T]}
   */
  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  const stem = (/** @type {string} */ address) =>
    new URL(address, location.href).pathname.replace(/^.*\/|\.html$/g, "");
  const isChapter = (/** @type {string} */ name) => /^\d\d_/.test(name);
  const here = stem(location.href);
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const entries = document.querySelectorAll("nav.bd-links a.reference.internal");
  const links = [...entries]
    .map((link) => ({ link, name: link.getAttribute("href") === "#" ? here : stem(link.href) }))
    .map(({ link, name }) => ({ link, chapter: isChapter(name), topic: topicOf(name) }));
  const countOf = (/** @type {string} */ topic) => {
    const { read = false, tasks = [] } = progress.topics[topic] ?? {};
    return {
      read,
      tasks: tasks.length,
      done: tasks.filter((task) => progress.done.includes(task)).length,
    };
  };
  const chapter = () => (progress.topics[topicOf(here)] ??= { read: false, tasks: [] });

  /** Mark a task as done or not. @param {string} task @param {boolean} done */
  const mark = (task, done) =>
    change((record) => {
      record.done = record.done.filter((id) => id !== task).concat(done ? [task] : []);
    });

  /** @type {(() => void)[]} */
  const drawings = [];
  const draw = () => drawings.forEach((each) => each());

  // ---- In the sidebar: a mark beside each chapter ----

  for (const { link, topic } of links) {
    const badge = make("span", { className: "lx-progress-badge" });
    link.append(badge);
    drawings.push(() => {
      const { read, tasks, done } = countOf(topic);
      badge.textContent = `${read ? " ✓" : ""}${done ? ` ${done}/${tasks}` : ""}`;
      badge.hidden = !badge.textContent;
      badge.title = [
        read ? "read" : "",
        done ? `${done} of ${tasks} exercises and questions done` : "",
      ].filter(Boolean).join(", ");
    });
  }

  // ---- On a chapter: boxes to tick; what is answered on the page ticks them by itself ----

  /** A box to tick, and where no record is kept, a word about it. @param {HTMLInputElement} box @param {string} label */
  function boxToTick(box, label) {
    const warning = make("span", { className: "lx-progress-fleeting", textContent: FLEETING });
    drawings.push(() => (warning.hidden = kept));
    return make(
      "p",
      { className: "lx-progress-done" },
      make("label", {}, box, ` ${label}`),
      warning,
    );
  }

  function onChapter() {
    const tasks = [...document.querySelectorAll(".exercise.admonition[id^='exercise-']")];
    const ids = tasks.map(({ id }) =>
      `exercise:${id.slice("exercise-".length).replaceAll("-", "_")}`
    );
    for (const [index, task] of tasks.entries()) {
      const box = make("input", { type: "checkbox" });
      box.onchange = () => mark(ids[index], box.checked);
      task.append(boxToTick(box, "I have done this one"));
      drawings.push(() => (box.checked = progress.done.includes(ids[index])));
    }
    const read = make("input", { type: "checkbox" });
    read.onchange = () => change(() => (chapter().read = read.checked));
    const article = document.querySelector("article.bd-article");
    article?.append(boxToTick(read, `I have read this ${isChapter(here) ? "chapter" : "page"}`));
    drawings.push(() => (read.checked = countOf(topicOf(here)).read));
    change(() => {
      const questions = chapter().tasks.filter((task) => task.startsWith("quiz:"));
      chapter().tasks = [...ids, ...questions];
    });
    // A quiz says what it asks when it comes near the viewport.
    const watch = new MutationObserver(() => {
      const found = [...document.querySelectorAll("[data-explorable='quiz'][data-tasks]")].flatMap((
        quiz,
      ) => (quiz.getAttribute("data-tasks") ?? "").split(" "));
      if (!found.length) return;
      watch.disconnect();
      change(() => (chapter().tasks = [...ids, ...found]));
    });
    watch.observe(document.body, {
      subtree: true,
      attributes: true,
      attributeFilter: ["data-tasks"],
    });
    document.addEventListener(
      "course:done",
      (event) => mark(/** @type {CustomEvent} */ (event).detail.id, true),
    );
  }

  // ---- Predictions: the figures ask for what is kept of them, and say what the reader gave ----

  document.addEventListener("course:predicted", (event) => {
    const { id, given } = /** @type {CustomEvent} */ (event).detail;
    change((record) => (record.predictions[id] ??= given));
  });
  document.addEventListener("course:recall", (event) => {
    const { tell } = /** @type {CustomEvent} */ (event).detail;
    const recall = () => tell(progress.predictions);
    drawings.push(recall);
    recall();
  });

  // ---- On the landing page: the whole record, and what can be done with it ----

  /** @param {Element} place */
  function overview(place) {
    const list = make("ul", {});
    const note = make("p", {});
    const about = make("p", {
      textContent: "The record is kept in this browser alone. Export it to take it to another one.",
    });
    if (location.protocol === "file:") about.append(` ${AS_FILES}`);
    note.setAttribute("aria-live", "polite");
    const file = make("input", { type: "file", accept: "application/json,.json", hidden: true });
    const save = make("button", { type: "button", textContent: "Export" });
    const open = make("button", { type: "button", textContent: "Import" });
    const reset = make("button", { type: "button", textContent: "Reset" });
    save.onclick = () => {
      const link = make("a", { download: "from-anns-to-cnns-progress.json" });
      link.href = URL.createObjectURL(
        new Blob([JSON.stringify(progress, null, 2)], { type: "application/json" }),
      );
      link.click();
      URL.revokeObjectURL(link.href);
    };
    open.onclick = () => file.click();
    file.onchange = async () => {
      try {
        const found = parse(await file.files?.[0].text() ?? "");
        change((record) => {
          for (const [topic, { read, tasks }] of Object.entries(found.topics)) {
            const own = (record.topics[topic] ??= { read: false, tasks });
            own.read ||= read;
          }
          record.done = [...new Set([...record.done, ...found.done])];
          record.predictions = { ...found.predictions, ...record.predictions };
        });
        note.textContent = "Imported, and joined with what was here.";
      } catch (error) {
        note.textContent = `This file can't be imported: ${/** @type {Error} */ (error).message}.`;
      }
      file.value = "";
    };
    let sure = false;
    reset.onclick = () => {
      if (sure) change((record) => Object.assign(record, nothing()));
      note.textContent = sure
        ? "The record is empty."
        : "This forgets everything. Press again if you mean it.";
      sure = !sure;
    };
    reset.onblur = () => (sure = false);
    drawings.push(() => {
      const recorded = links.filter(({ chapter, topic }) => chapter || progress.topics[topic]);
      list.replaceChildren(...recorded.map(({ link, topic }) => {
        const { read, tasks, done } = countOf(topic);
        const said = [
          read ? "read" : "not read yet",
          tasks ? `${done} of ${tasks} exercises and questions done` : "",
        ].filter(Boolean).join(", ");
        return make(
          "li",
          {},
          make("a", { href: link.href, textContent: link.firstChild?.textContent?.trim() }),
          `: ${said}`,
        );
      }));
      if (!kept) note.textContent = FLEETING;
      about.hidden = !kept;
    });
    place.append(
      list,
      make("p", { className: "lx-progress-controls" }, save, open, reset, file),
      note,
      about,
    );
  }

  function start() {
    const asks = document.querySelector(".exercise.admonition, [data-explorable='quiz']");
    if (isChapter(here) || asks) onChapter();
    for (const place of document.querySelectorAll("[data-progress]")) overview(place);
    addEventListener("storage", () => {
      progress = load();
      draw();
    });
    draw();
  }
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
