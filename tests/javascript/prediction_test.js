// What a prediction is worth, how far it is from the result, and what all of them say together.

import assert from "node:assert/strict";
import {
  distanceInWords,
  fits,
  inWords,
  isMade,
  judge,
  readNumber,
  resultOf,
  shownBy,
  toleranceInWords,
} from "../../lessons_lib/explorables/static/prediction.js";
import {
  byMisconception,
  calibration,
  chanceOf,
  madeIn,
  verdictOn,
} from "../../lessons_lib/explorables/static/intuition.js";

const COMMON = {
  unusable_start: "No answer yet",
  unusable: { not_a_number: "I got {got}.", two_readings: "{large} or {small}?" },
};
/** @type {any} */
const ACCURACY = {
  kind: "number",
  ask: "?",
  why: "So.",
  label: "Accuracy",
  low: 0,
  high: 1,
  answer: 0.6,
  within: 0.1,
  near: [{ from: 0.9, to: 1, misconception: "all_is_well", why: "It is not." }],
};
/** @type {any} */
const COUNT = {
  kind: "number",
  ask: "?",
  why: "So.",
  label: "Parameters",
  low: 0,
  answer: 50240,
  within: 1.5,
  scale: "ratio",
};
/** @type {any} */
const OPTIONS = {
  kind: "one",
  ask: "?",
  why: "So.",
  options: [{ text: "yes", right: true }, {
    text: "no.",
    right: false,
    misconception: "denial",
    why: "It is.",
  }],
};
/** @type {any} */
const ORDER = {
  kind: "order",
  ask: "?",
  why: "So.",
  items: [{ text: "b", value: 2 }, { text: "c", value: 3 }, { text: "a", value: 1 }],
  misconception: "mixed",
  otherwise: "Look again.",
};
/** @type {any} */
const CURVE = {
  kind: "curve",
  ask: "?",
  why: "So.",
  values: [1, 0.5, 0],
  within: 0.1,
  misconception: "level",
  otherwise: "It falls.",
};

Deno.test("a number is right within its distance, and a misconception is known by its interval", () => {
  assert.equal(judge(ACCURACY, 0.7).right, true);
  assert.equal(judge(ACCURACY, 0.5).right, true);
  assert.equal(judge(ACCURACY, 0.71).right, false);
  assert.equal(judge(ACCURACY, 0.71).misconception, undefined);
  assert.deepEqual(
    [judge(ACCURACY, 0.95).misconception, judge(ACCURACY, 0.95).why],
    ["all_is_well", "It is not."],
  );
});

Deno.test("with a ratio, a number is right within its factor, on either side", () => {
  for (
    const [value, right] of [[75000, true], [34000, true], [76000, false], [33000, false], [
      0,
      false,
    ]]
  ) {
    assert.equal(judge(COUNT, Number(value)).right, right, String(value));
  }
  assert.equal(judge({ ...COUNT, within: 1 }, 50240).right, true);
  assert.equal(judge({ ...COUNT, within: 1 }, 50239).right, false);
});

Deno.test("the distance is said in words", () => {
  assert.equal(distanceInWords(ACCURACY, 0.6), "Exactly.");
  assert.equal(distanceInWords(ACCURACY, 0.95), "That is 0.35 too high.");
  assert.equal(distanceInWords({ ...ACCURACY, unit: "%" }, 0.5), "That is 0.1 % too low.");
  assert.equal(distanceInWords(COUNT, 5024), "That is 10 times too low.");
  assert.equal(distanceInWords(COUNT, 125600), "That is 2.5 times too high.");
  assert.equal(distanceInWords(COUNT, 50176), "That is 1 % too low.");
  assert.equal(distanceInWords(COUNT, 0), "That is 50,240 too low.");
});

Deno.test("beside a number that is not exact stands what counts as right", () => {
  assert.equal(judge(ACCURACY, 0.75).off, "That is 0.15 too high. Within 0.1 counts as right.");
  assert.equal(judge(ACCURACY, 0.55).off, "That is 0.05 too low. Within 0.1 counts as right.");
  assert.equal(judge(ACCURACY, 0.6).off, "Exactly.");
  assert.equal(toleranceInWords({ ...ACCURACY, unit: "%" }), "Within 0.1 % counts as right.");
  assert.equal(toleranceInWords(COUNT), "Within a factor of 1.5 counts as right.");
  for (const entry of [{ ...ACCURACY, within: 0 }, { ...COUNT, within: 1 }]) {
    assert.equal(toleranceInWords(entry), "Only the exact number counts as right.");
  }
});

Deno.test("options, orders and curves are judged", () => {
  assert.equal(judge(OPTIONS, "right").right, true);
  assert.deepEqual([judge(OPTIONS, "denial").right, judge(OPTIONS, "denial").misconception], [
    false,
    "denial",
  ]);
  assert.equal(judge(ORDER, ["a", "b", "c"]).right, true);
  assert.equal(judge(ORDER, ["a", "c", "b"]).off, "1 of 3 is at the right place.");
  assert.equal(judge(CURVE, [0.9, 0.6, 0.1]).right, true);
  const wrong = judge(CURVE, [1, 1, 1]);
  assert.deepEqual([wrong.right, wrong.misconception], [false, "level"]);
  assert.equal(wrong.off, "On average your curve is 0.5 away, and at most 1 too high.");
});

Deno.test("the result has the form of an answer that is right", () => {
  for (const entry of [ACCURACY, COUNT, OPTIONS, ORDER, CURVE]) {
    assert.equal(fits(entry, resultOf(entry)), true);
    assert.equal(judge(entry, resultOf(entry)).right, true);
  }
  assert.equal(inWords(ORDER, resultOf(ORDER)), "a · b · c");
  assert.equal(inWords(COUNT, 50240), "50,240");
  assert.equal(inWords(OPTIONS, "denial"), "no");
});

Deno.test("what another edition has kept is no answer to this one", () => {
  assert.equal(fits(ACCURACY, "0.5"), false);
  assert.equal(fits(ACCURACY, NaN), false);
  assert.equal(fits(OPTIONS, "gone"), false);
  assert.equal(fits(ORDER, ["a", "b"]), false);
  assert.equal(fits(ORDER, ["a", "b", "b"]), false);
  assert.equal(fits(CURVE, [1, 2]), false);
  assert.equal(fits(CURVE, undefined), false);
  assert.equal(isMade(OPTIONS, { given: null }), true);
  assert.equal(isMade(OPTIONS, { given: "right", sure: "sure" }), true);
  assert.equal(isMade(OPTIONS, { given: "right", sure: "certain" }), false);
  assert.equal(isMade(OPTIONS, { given: "right" }), false);
  assert.equal(isMade(OPTIONS, {}), false);
});

Deno.test("a number is read in every notation, and what cannot be meant is refused", () => {
  for (const text of ["90", "90.0"]) {
    const read = { answer: 0.9, understood: "I read 90 as 90 %." };
    assert.deepEqual(readNumber(ACCURACY, text, COMMON), read, text);
  }
  for (const text of ["0.9", "0,9", " 0.9 ", "90 %", "90%", "９０％"]) {
    assert.deepEqual(readNumber(ACCURACY, text, COMMON), { answer: 0.9 }, text);
  }
  assert.deepEqual(readNumber({ ...ACCURACY, unit: "%", high: 100 }, "90 %", COMMON), {
    answer: 90,
  });
  /** @param {string} text */
  const problem = (text, entry = ACCURACY) =>
    /** @type {{problem: string}} */ (readNumber(entry, text, COMMON)).problem;
  assert.match(problem(""), /^Your turn/);
  assert.match(problem("many"), /^No answer yet: I got/);
  assert.equal(problem("101"), "No answer yet: Accuracy is between 0 and 1. I got 101.");
  assert.deepEqual(readNumber({ ...ACCURACY, high: 2 }, "1.5", COMMON), { answer: 1.5 });
  assert.deepEqual(readNumber(COUNT, "4½", COMMON), { answer: 4.5 });
  assert.match(problem("50.240", COUNT), /50240 or 50.24/);
  assert.match(problem("-1", COUNT), /at least 0/);
});

/** @type {any} */
const CHAPTERS = [
  { title: "1. One", address: "one.html", topic: "one", predictions: { a: OPTIONS, b: ACCURACY } },
  { title: "2. Two", address: "two.html", topic: "two", predictions: { c: OPTIONS } },
];

Deno.test("predictions are found by their names; what was looked at is none", () => {
  const made = madeIn(CHAPTERS, {
    a: { given: "denial", sure: "sure" },
    b: { given: null },
    c: { given: "right", sure: "guess" },
    gone: { given: 3, sure: "sure" },
  });
  assert.deepEqual(made.map(({ name, judgement }) => [name, judgement.right]), [
    ["a", false],
    ["c", true],
  ]);
  assert.deepEqual(madeIn(CHAPTERS, { a: { given: "denial", sure: "sure", seen: true } }), []);
  assert.deepEqual(madeIn(CHAPTERS, {}), []);
});

Deno.test("misconceptions are gathered over the chapters, the surest first", () => {
  const made = madeIn(CHAPTERS, {
    a: { given: "denial", sure: "guess" },
    b: { given: 0.95, sure: "sure" },
    c: { given: "denial", sure: "guess" },
  });
  assert.deepEqual(byMisconception(made).map(([key, all]) => [key, all.length]), [
    ["all_is_well", 1],
    ["denial", 2],
  ]);
});

Deno.test("the chance of so many right ones is that of the binomial distribution", () => {
  const near = (/** @type {number} */ one, /** @type {number} */ other) =>
    assert.ok(Math.abs(one - other) < 1e-12, `${one} is not ${other}`);
  near(chanceOf(5, 0.9, 0, 5), 1);
  near(chanceOf(2, 0.5, 1, 1), 0.5);
  near(chanceOf(3, 0.9, 3, 3), 0.729);
  near(chanceOf(4, 1 / 3, 0, 0), (2 / 3) ** 4);
});

Deno.test("the verdict needs five predictions, and a result that is rare for a calibrated reader", () => {
  assert.equal(verdictOn(4, 0, 0.9), "too few to say");
  assert.equal(verdictOn(5, 3, 0.9), "too sure");
  assert.equal(verdictOn(5, 4, 0.9), "calibrated");
  assert.equal(verdictOn(5, 5, 0.9), "calibrated");
  assert.equal(verdictOn(6, 5, 1 / 3), "too modest");
  const rows = calibration(madeIn(CHAPTERS, { a: { given: "right", sure: "fairly" } }));
  assert.deepEqual(rows.map(({ sure, count, right }) => [sure, count, right]), [
    ["guess", 0, 0],
    ["fairly", 1, 1],
    ["sure", 0, 0],
  ]);
  assert.equal(rows[1].expected, 2 / 3);
});

Deno.test("a wrong prediction shows its misconception, and no other one does", () => {
  const shown = [0.95, 0.6, 0.2, null].map((given) => shownBy(ACCURACY, { given, sure: "guess" }));
  assert.deepEqual(shown, [["all_is_well"], [], [], []]);
  assert.deepEqual(shownBy(ACCURACY, { given: 0.95, sure: "guess", seen: true }), []);
});
