// Numbers and moves as the figures write them.

import assert from "node:assert/strict";
import {
  digitsFor,
  exact,
  grouped,
  minus,
  moveInWords,
  show,
} from "../../lessons_lib/explorables/static/words.js";

Deno.test("a number has its digits, a whole one has none", () => {
  assert.equal(show(1.005), "1.00");
  assert.equal(show(3), "3");
  assert.equal(show(-0.5, 1), "−0.5");
  assert.equal(show(2.6, 0), "3");
});

Deno.test("what rounds to zero has no sign", () => {
  assert.equal(show(-0.001), "0.00");
  assert.equal(show(-0), "0");
});

Deno.test("a minus is as long as a plus", () => assert.equal(minus("-1 to -3"), "−1 to −3"));

Deno.test("thousands stand apart, as the browser sets them", () => {
  for (const value of [0, 7, 123, 1234, 123456, 1234567, 1000.125, 98765.4]) {
    assert.equal(grouped(value), value.toLocaleString("en"));
  }
  assert.equal(grouped(-12345), "−12,345");
});

Deno.test("narrow grids have room for a digit, and for none after the point of large numbers", () => {
  assert.deepEqual([14, 15].map((width) => digitsFor(width)), [1, undefined]);
  assert.deepEqual([9.94, 9.96, 1e6].map((most) => digitsFor(12, most)), [1, 0, 0]);
});

Deno.test("a number to calculate with has the digits that it has, at most four", () => {
  assert.deepEqual([0.5, -1, 1 / 9, 0.001, 1e6, 0.00001].map(exact), [
    "0.5",
    "−1",
    "0.1111",
    "0.001",
    "1000000",
    "0",
  ]);
});

Deno.test("moves are said with their directions", () => {
  assert.equal(moveInWords(-2, 3), "Moved by 2 up and 3 to the right");
  assert.equal(moveInWords(1, 0), "Moved by 1 down");
  assert.equal(moveInWords(0, -4), "Moved by 4 to the left");
  assert.equal(moveInWords(0, 0), "");
  assert.equal(moveInWords(0, 0, 4), "");
  assert.equal(moveInWords(-4, 3, 4), "Moved by 4, the most, up and 3 to the right");
});
