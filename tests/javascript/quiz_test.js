// What a quiz recommends after the answers.

import assert from "node:assert/strict";
import { anchorOf, sectionsToRead } from "../../lessons_lib/explorables/static/quiz.js";

/** A question with an id, and perhaps a section. @param {string} id @param {string} [section] @returns {any} */
const question = (id, section) => ({ id, section });
const QUESTIONS = [
  question("a", "Slopes"),
  question("b", "The chain rule"),
  question("c", "Slopes"),
  question("d"),
];

/** @param {string[]} solved @param {string[]} missed */
const toRead = (solved, missed) => sectionsToRead(QUESTIONS, new Set(solved), new Set(missed));

Deno.test("a question without an answer counts as missed, and each section is named once", () => {
  assert.deepEqual(toRead([], []), ["Slopes", "The chain rule"]);
  assert.deepEqual(toRead(["a"], []), ["The chain rule", "Slopes"]);
  assert.deepEqual(toRead(["a", "c"], []), ["The chain rule"]);
});

Deno.test("only the first answer counts", () => {
  assert.deepEqual(toRead(["a", "b", "c", "d"], ["b", "d"]), ["The chain rule"]);
  assert.deepEqual(toRead(["a", "b", "c"], []), []);
});

Deno.test("a heading's anchor is that of the page", () => {
  assert.equal(anchorOf("Mean, variance and seeds"), "mean-variance-and-seeds");
});
