// Intuition: all predictions beside their results; how sure the reader was, how right, and what was behind the mistakes.

import { prose, recall, unseal } from "./answers.js";
import { make, mount, table } from "./controls.js";
import { anchorOf, counts, inWords, isMade, judge, resultOf, SURENESS } from "./prediction.js";

/**
 * @typedef {import("./prediction.js").Entry} Entry
 * @typedef {import("./prediction.js").Sureness} Sureness
 * @typedef {import("./prediction.js").Judgement} Judgement
 * @typedef {{title: string, address: string, topic: string, predictions: Record<string, Entry>}} Chapter
 * @typedef {{name: string, chapter: Chapter, entry: Entry, answer: any, sure: Sureness, judgement: Judgement}} Made a prediction that the reader has made
 * @typedef {{sure: Sureness, count: number, right: number, expected: number, verdict: string}} Row
 * @typedef {import("./controls.js").Model<{sealed: string}>} Model
 */

const FEW = 5;
const SELDOM = 0.1;

// ---- What a record says: pure functions ----

/**
 * The predictions of a record that still are answers to what the chapters ask, judged.
 * @param {Chapter[]} chapters @param {Record<string, any>} kept @returns {Made[]}
 */
export function madeIn(chapters, kept) {
  return chapters.flatMap((chapter) =>
    Object.entries(chapter.predictions).flatMap(([name, entry]) => {
      const made = kept[name] ?? {};
      if (!counts(made) || !isMade(entry, made)) return [];
      const { given: answer, sure } = made;
      return [{ name, chapter, entry, answer, sure, judgement: judge(entry, answer) }];
    })
  );
}

/**
 * The probability of at least `least` and at most `most` right ones among `count`, each right with probability `share`.
 * @param {number} count @param {number} share @param {number} least @param {number} most
 */
export function chanceOf(count, share, least, most) {
  let ways = 1;
  let sum = 0;
  for (let right = 0; right <= most; right += 1) {
    if (right >= least) sum += ways * share ** right * (1 - share) ** (count - right);
    ways *= (count - right) / (right + 1);
  }
  return sum;
}

/** Whether the reader's words mean what they say. @param {number} count @param {number} right @param {number} share */
export function verdictOn(count, right, share) {
  if (count < FEW) return "too few to say";
  if (chanceOf(count, share, 0, right) < SELDOM) return "too sure";
  if (chanceOf(count, share, right, count) < SELDOM) return "too modest";
  return "calibrated";
}

/** How sure and how right, for each word. @param {Made[]} made @returns {Row[]} */
export function calibration(made) {
  return /** @type {Sureness[]} */ (Object.keys(SURENESS)).map((sure) => {
    const own = made.filter((one) => one.sure === sure);
    const right = own.filter(({ judgement }) => judgement.right).length;
    const { share } = SURENESS[sure];
    const verdict = verdictOn(own.length, right, share);
    return { sure, count: own.length, right, expected: share * own.length, verdict };
  });
}

/**
 * The misconceptions behind wrong predictions: first those of which the reader was most sure, taken together.
 * @param {Made[]} made @returns {[string, Made[]][]}
 */
export function byMisconception(made) {
  /** @type {Record<string, Made[]>} */
  const found = {};
  for (const one of made) {
    const { right, misconception } = one.judgement;
    if (!right && misconception) (found[misconception] ??= []).push(one);
  }
  const weight = (/** @type {Made[]} */ all) =>
    all.reduce((sum, { sure }) => sum + SURENESS[sure].share, 0);
  return Object.entries(found).sort(([, a], [, b]) => weight(b) - weight(a));
}

// ---- The page ----

const plural = (/** @type {number} */ count) => count === 1 ? "" : "s";

/** @param {Chapter} chapter */
const linkTo = ({ title, address }) => make("a", { href: address, textContent: title });

/** The place that asks. @param {Made} made @param {string} text */
const linkToPlace = ({ name, chapter }, text) =>
  make("a", { href: `${chapter.address}#${anchorOf(name)}`, textContent: text });

/** Links to places by their chapters, with a number from the second of a chapter on. @param {Made[]} made */
function linksTo(made) {
  return made.map((one, index) => {
    const before = made.slice(0, index).filter(({ chapter }) => chapter === one.chapter).length;
    return linkToPlace(one, one.chapter.title + (before ? ` (${before + 1})` : ""));
  });
}

/** @param {Made[]} made @param {number} asked */
function summary(made, asked) {
  if (!made.length) {
    return make(
      "p",
      {},
      `You have made no prediction yet. The chapters ask for ${asked}: say what you expect and how sure you are, and it appears here.`,
    );
  }
  const right = made.filter(({ judgement }) => judgement.right).length;
  return make(
    "p",
    {},
    `You have made ${made.length} prediction${plural(made.length)} of ${asked}, and `,
    make("b", { textContent: `${right} ${right === 1 ? "was" : "were"} right` }),
    ".",
  );
}

/** @param {Row[]} rows */
function calibrationTable(rows) {
  const { element, body } = table("How sure and how right", [
    "You said",
    "Made",
    "Right",
    "Should be",
    "You are",
  ]);
  body.replaceChildren(...rows.map(({ sure, count, right, expected, verdict }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", textContent: SURENESS[sure].text }),
      ...[count, right, expected.toFixed(1), verdict].map((value) =>
        make("td", { textContent: String(value) })
      ),
    )
  ));
  return element;
}

/** A prediction beside its result. @param {Made} made */
function line(made) {
  const { entry, answer, sure, judgement } = made;
  const { right, off } = judgement;
  return make(
    "li",
    {},
    make("p", { className: "lx-asked" }, ...prose(entry.ask)),
    make(
      "p",
      {},
      `You: ${inWords(entry, answer)} (${SURENESS[sure].text.toLowerCase()}). Result: `,
      make("b", { textContent: inWords(entry, resultOf(entry)) }),
      ". ",
      make("span", { className: right ? "lx-yes" : "lx-no" }, `${right ? "✓" : "✗"} ${off}`),
      " ",
      linkToPlace(made, "Read the place again"),
    ),
  );
}

/** @param {Chapter} chapter @param {Made[]} made */
function chapterPart(chapter, made) {
  const own = made.filter((one) => one.chapter === chapter);
  const asked = Object.keys(chapter.predictions).length;
  const right = own.filter(({ judgement }) => judgement.right).length;
  const said = own.length
    ? `${own.length} of ${asked} predicted, ${right} right`
    : `none of ${asked} predicted yet`;
  return make(
    "details",
    { open: false },
    make("summary", {}, make("b", { textContent: chapter.title }), `: ${said}`),
    make("p", {}, "Go to ", linkTo(chapter), "."),
    make("ul", {}, ...own.map(line)),
  );
}

/** @param {string} said the misconception @param {Made[]} made */
function misconceptionPart(said, made) {
  const sure = made.filter((one) => one.sure === "sure").length;
  const count = made.length === 1 ? "once" : `${made.length} times`;
  return make(
    "li",
    {},
    make("i", { textContent: said }),
    ` ${count}${sure ? `, ${sure === made.length ? "" : `${sure} of them `}sure` : ""}: `,
    ...linksTo(made).flatMap((link, index) => index ? [", ", link] : [link]),
  );
}

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  /** @type {{chapters: Chapter[], misconceptions: Record<string, string>}} */
  const { chapters, misconceptions } = unseal(model.get("sealed"));
  const asked = chapters.reduce((sum, { predictions }) => sum + Object.keys(predictions).length, 0);
  /** @type {Record<string, any>} */
  const kept = {};
  const all = make("div");
  function draw() {
    const made = madeIn(chapters, kept);
    const wrong = byMisconception(made);
    all.replaceChildren(
      summary(made, asked),
      make("h2", { textContent: "How sure, and how right" }),
      calibrationTable(calibration(made)),
      make("h2", { textContent: "By misconception" }),
      wrong.length
        ? make("ul", {}, ...wrong.map(([key, own]) => misconceptionPart(misconceptions[key], own)))
        : make("p", { textContent: "No wrong prediction has named one so far." }),
      make("h2", { textContent: "By chapter" }),
      ...chapters.map((chapter) => chapterPart(chapter, made)),
    );
  }
  const leave = mount(model, el, "intuition", ["sealed"], [all], draw);
  let waiting = false;
  /** Draw once for all that the page tells at one time. */
  function drawSoon() {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      draw();
    });
  }
  for (const name of chapters.flatMap(({ predictions }) => Object.keys(predictions))) {
    recall(el, `prediction:${name}`, ({ answer }) => {
      kept[name] = answer;
      drawSoon();
    });
  }
  return leave;
}

export default { render };
