// Lines in order: where a line goes, and what is said of an order, without a page.

import assert from "node:assert/strict";
import {
  judgeOrder,
  landing,
  left,
  nextLine,
  placed,
  programOf,
  without,
} from "../../lessons_lib/explorables/static/order.js";

/** Two lines that may be swapped, between a first and a last one; and one that holds a mistake. @type {any} */
const SPEC = {
  lines: [
    { code: "def f(x):", after: [] },
    { code: "    a = 1", after: [0] },
    { code: "    b = 2", after: [0] },
    { code: "    return a + b", after: [1, 2] },
    { code: "    b = 3", why: "It is two." },
  ],
  size: 4,
  shown: [3, 4, 0, 2, 1],
  common: { in_order: "so it is." },
};

Deno.test("a line is placed, moved and taken out", () => {
  assert.deepEqual(placed([], 3, 0), [3]);
  assert.deepEqual(placed([0, 1], 3, 1), [0, 3, 1]);
  assert.deepEqual(placed([0, 1, 2], 0, 2), [1, 2, 0]);
  assert.deepEqual(placed([0, 1, 2], 2, 0), [2, 0, 1]);
  assert.deepEqual(placed([0, 1, 2], 1, 9), [0, 2, 1]);
  assert.deepEqual(without([0, 1, 2], 1), [0, 2]);
  assert.deepEqual(left([3, 4, 0, 2, 1], [4, 1]), [3, 0, 2]);
});

Deno.test("a dragged line lands behind the lines above it, or below the program", () => {
  const middles = [10, 30, 50];
  assert.deepEqual([0, 11, 31, 51, 70].map((y) => landing(y, middles, 70)), [0, 1, 2, 3, 3]);
  assert.equal(landing(71, middles, 70), -1);
  assert.equal(landing(5, [], 70), 0);
});

Deno.test("each order in which lines stand below those that they need is right", () => {
  for (const program of [[0, 1, 2, 3], [0, 2, 1, 3]]) {
    assert.deepEqual(judgeOrder(SPEC, program), { key: "right", why: "so it is." });
  }
});

Deno.test("what is wrong with an order is said with the line", () => {
  assert.deepEqual(judgeOrder(SPEC, []), { key: "your_turn" });
  assert.deepEqual(judgeOrder(SPEC, [0, 4]), {
    key: "other_length",
    values: { size: "4", got: "2" },
  });
  assert.deepEqual(judgeOrder(SPEC, [0, 1, 3, 2]), {
    key: "too_early",
    values: { place: "3", line: "return a + b", needed: "b = 2" },
  });
  assert.deepEqual(judgeOrder(SPEC, [0, 3, 4, 1]), {
    key: "mistaken",
    values: { place: "3", line: "b = 3", why: "It is two." },
  });
});

Deno.test("a program is kept by its code, and one of another edition as far as it goes", () => {
  const codes = [3, 0, 1].map((line) => SPEC.lines[line].code);
  assert.deepEqual(programOf(codes, SPEC.lines), [3, 0, 1]);
  assert.deepEqual(programOf([codes[0], "    c = 4", codes[0], 3], SPEC.lines), [3]);
  for (const other of [undefined, null, "x", { 0: "def f(x):" }]) {
    assert.deepEqual(programOf(other, SPEC.lines), []);
  }
});

Deno.test("the next line has its number", () => {
  assert.deepEqual([0, 3, 4, 5].map((count) => nextLine(4, count)), [
    "Line 1 of 4",
    "Line 4 of 4",
    "4 of 4 lines: check them",
    "5 lines: 1 too many",
  ]);
});
