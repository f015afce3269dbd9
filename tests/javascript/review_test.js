// What the review reads in answers, and what it says.

import assert from "node:assert/strict";
import {
  dueInWords,
  inDays,
  misconceptionsIn,
  shownBy,
  withNewNumbers,
  workedOn,
} from "../../book/_static/review.js";
import { answered, countedOn, nothing, planned, withShown } from "../../book/_static/schedule.js";

/** @param {string} text @param {boolean} right @param {string} [misconception] @param {string} [key] */
const option = (text, right, misconception, key) => ({ text, right, misconception, key, why: "." });

/** @type {any} */
const SEVERAL = {
  kind: "several",
  options: [
    option("A", true, "left_out"),
    option("B", false, "flat"),
    option("C", false, "deep"),
    option("D", false),
    option("E", false, "flat"),
  ],
};
/** @type {any} */
const ONE = {
  kind: "one",
  options: [option("x", false, "flat", "one"), option("y", true, undefined, "right")],
};
/** @type {any} */
const NUMBER = {
  kind: "number",
  answer: 10,
  near: [
    { value: 11, why: "Eleven.", misconception: "flat" },
    { value: 12, why: "Twelve." },
    { value: 0.125, why: "An eighth.", misconception: "deep" },
  ],
};

Deno.test("a picked option shows its misconception, and so does a right one that is left out", () => {
  assert.deepEqual(shownBy(SEVERAL, ["B"]), ["flat"]);
  assert.deepEqual(shownBy(SEVERAL, ["A", "B", "C", "E"]), ["flat", "deep"]);
  assert.deepEqual(shownBy(SEVERAL, ["D"]), []);
  assert.deepEqual(shownBy(SEVERAL, []), ["left_out"]);
  assert.deepEqual(shownBy(SEVERAL, ["A"]), []);
});

Deno.test("an option of an exercise is known by its key", () => {
  assert.deepEqual(shownBy(ONE, "one"), ["flat"]);
  assert.deepEqual(shownBy(ONE, ["x"]), ["flat"]);
});

Deno.test("a number shows the misconception that gives it, as the reader types it", () => {
  assert.deepEqual(
    ["11", "11,0", "１１", "12", "13", "", "0,125"].map((text) => shownBy(NUMBER, text)),
    [
      ["flat"],
      ["flat"],
      ["flat"],
      [],
      [],
      [],
      ["deep"],
    ],
  );
});

Deno.test("an answer of another edition shows nothing", () => {
  for (const given of [undefined, null, 3, {}, ["gone"], [[1]]]) {
    assert.deepEqual(shownBy(NUMBER, given), []);
    assert.deepEqual(shownBy(ONE, given), []);
  }
});

Deno.test("a question can show each misconception of its answers", () => {
  assert.deepEqual(misconceptionsIn(SEVERAL), ["left_out", "flat", "deep"]);
  assert.deepEqual(misconceptionsIn(NUMBER), ["flat", "deep"]);
});

/** @type {any} */
const DRAWABLE = {
  kind: "number",
  ask: "Title",
  label: "Rows",
  answer: 2,
  why: "So.",
  otherwise: "No.",
  near: [{ key: "up", value: 3, why: "You rounded up.", misconception: "flat" }],
  draw: {
    ask: "{n} halves?",
    why: "{answer} of {n}.",
    values: { n: [2, 4, 6, 7, 8] },
    answer: "floor(n / 2)",
    near: { up: "ceil(n / 2)" },
    words: {},
  },
};

Deno.test("new numbers are those that a misconception gets wrong", () => {
  for (let round = 0; round < 50; round++) {
    const question = withNewNumbers(DRAWABLE);
    assert.deepEqual([question.ask, question.answer, question.near[0].value], ["7 halves?", 3, 4]);
    assert.deepEqual(shownBy(question, "4"), ["flat"]);
  }
  assert.equal(withNewNumbers(NUMBER), NUMBER);
});

Deno.test("it is said what is due, and when the next question comes", () => {
  const start = 20_000;
  assert.match(dueInWords(nothing(), 0, start), /^Nothing is to be asked again yet/);
  const wrong = answered(nothing(), start, { task: "a", right: false, given: "" });
  assert.equal(dueInWords(wrong, 1, start + 1), "1 question is due today.");
  assert.equal(dueInWords(wrong, 12, start + 1), "12 questions are due today.");
  assert.match(dueInWords(wrong, 0, start), /The next question comes back tomorrow\.$/);
  const later = answered(wrong, start + 1, { task: "a", right: true, given: "" });
  assert.match(dueInWords(later, 0, start + 1), /comes back in 3 days\.$/);
  const known = { ...countedOn(nothing(), start), cards: { a: { gap: 5, due: 0, times: 6 } } };
  assert.match(dueInWords(known, 0, start), /right five times\.$/);
  assert.equal(inDays(0), "today");
});

Deno.test("what no question asks for is never said to come back", () => {
  const start = 20_000;
  const shown = withShown(nothing(), start, "prediction:x", ["nobody asks this"]);
  assert.match(
    dueInWords(planned(shown, { a: {} }), 0, start + 5),
    /^Nothing is to be asked again yet/,
  );
  const both = answered(shown, start + 5, { task: "a", right: true, given: "" });
  assert.equal(
    dueInWords(planned(both, { a: {} }), 0, start + 5),
    "Nothing is due today. The next question comes back tomorrow.",
  );
});

Deno.test("a chapter is worked on that is read, or of which something was answered", () => {
  const page = { read: false, tasks: [], notebook: [] };
  const topics = {
    opened: page,
    read: { ...page, read: true },
    coded: { ...page, notebook: ["exercise:code"] },
    answered: { ...page, tasks: ["quiz:answered/a"] },
    unanswered: { ...page, tasks: ["quiz:unanswered/a"] },
  };
  const answers = {
    "quiz:answered/a": { given: "", at: 1 },
    "prediction:x": { given: "", at: 1 },
    "prediction:gone": { given: "", at: 1 },
  };
  const place = (/** @type {string} */ topic) => ({ topic, chapter: topic, href: "" });
  const places = { "prediction:x": place("predicted"), "prediction:y": place("opened") };
  assert.deepEqual(
    [...workedOn({ topics, done: ["exercise:code"], answers }, places)].sort(),
    ["answered", "coded", "predicted", "read"],
  );
});
