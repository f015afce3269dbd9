// How a picture becomes a digit as MNIST has them, without a browser.

import assert from "node:assert/strict";
import { centre } from "../../lessons_lib/explorables/static/drawing.js";
import {
  crop,
  digitSteps,
  fitted,
  inkAlone,
  isLight,
  lineWidth,
  onCanvas,
  patches,
  resized,
  thickened,
  threshold,
  withoutPaper,
} from "../../lessons_lib/explorables/static/owndigit.js";

/** @param {number} height @param {number} width @param {(row: number, column: number) => number} of */
const rows = (height, width, of) =>
  Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => of(i, j)));
/** An upright line of ink, four pixels wide. @param {number} i @param {number} j */
const isLine = (i, j) => i >= 20 && i < 80 && j >= 48 && j < 52;
/** Rows of numbers as a picture. @param {number[][]} numbers */
const pixels = (numbers) => numbers.map((row) => row.map((value) => Array(3).fill(255 * value)));
/** @param {number[][]} numbers */
const sum = (numbers) => numbers.flat().reduce((a, b) => a + b, 0);

Deno.test("paper is light or dark as the edge is to the whole", () => {
  assert.equal(isLight(rows(100, 100, (i, j) => isLine(i, j) ? 0.2 : 0.8)), true);
  assert.equal(isLight(rows(100, 100, (i, j) => isLine(i, j) ? 0.8 : 0.2)), false);
});

Deno.test("paper under a light from one side is taken away, and the ink stays", () => {
  // Much ink on one side would tilt a plane that fits all pixels.
  const isBlot = (/** @type {number} */ i, /** @type {number} */ j) => i > 10 && i < 50 && j < 40;
  for (const isInk of [isLine, isBlot]) {
    const lit = rows(100, 100, (i, j) => 0.1 + 0.003 * i + 0.002 * j + (isInk(i, j) ? 0.4 : 0));
    withoutPaper(lit).forEach((row, i) =>
      row.forEach((value, j) => assert.ok(Math.abs(value - (isInk(i, j) ? 0.4 : 0)) < 0.02))
    );
  }
});

Deno.test("a threshold lies between two kinds of values", () => {
  const at = threshold([...Array(900).fill(0.1), ...Array(20).fill(0.15), ...Array(80).fill(0.6)]);
  assert.ok(at >= 0.14 && at < 0.6, String(at));
});

Deno.test("patches touch at sides and corners", () => {
  const found = patches([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]]);
  assert.deepEqual(found.map((patch) => patch.toSorted((a, b) => a - b)), [[0, 5], [3], [12, 13]]);
});

Deno.test("specks and the edge of the table are no ink; a digit that reaches the edge is", () => {
  const dirty = rows(100, 100, (i, j) => isLine(i, j) || j < 5 || (i === 90 && j === 90) ? 0.7 : 0);
  const clean = inkAlone(dirty);
  clean.forEach((row, i) => row.forEach((value, j) => assert.equal(value, Number(isLine(i, j)))));
  assert.equal(sum(inkAlone(rows(100, 100, (_, j) => j < 5 ? 0.7 : 0))), 500);
});

Deno.test("thin lines are made as wide as MNIST's, and wide ones stay", () => {
  const thin = rows(100, 100, (i, j) => Number(i >= 20 && i < 80 && j === 50));
  assert.ok(Math.abs(lineWidth(thin) - 1) < 0.05);
  const wide = thickened(thin);
  assert.ok(Math.abs(lineWidth(wide) - (1.95 * 60) / 20) < 1.3, String(lineWidth(wide)));
  assert.equal(thickened(wide), wide);
});

Deno.test("rows are scaled by means, up and down", () => {
  assert.deepEqual(resized([[0, 1], [1, 0]], 1, 1), [[0.5]]);
  assert.deepEqual(resized([[0, 1]], 1, 4), [[0, 0, 1, 1]]);
  assert.deepEqual(resized([[0, 3, 6]], 1, 2), [[1, 5]]);
});

Deno.test("the ink's box fits into 20×20 and its centre of mass lies in the middle of 28×28", () => {
  const box = crop(rows(60, 80, (i, j) => Number(i >= 10 && i < 50 && j >= 30 && j < 40 + i / 10)));
  assert.deepEqual([box.length, box[0].length], [40, 15]);
  const small = fitted(box);
  assert.deepEqual([small.length, small[0].length], [20, 8]);
  assert.equal(Math.max(...small.flat()), 1);
  const digit = centre(onCanvas(small));
  const mass = sum(digit);
  const [down, across] = [0, 1].map((axis) =>
    sum(digit.map((row, i) => row.map((value, j) => value * [i, j][axis]))) / mass
  );
  assert.ok(Math.abs(down - 13.5) <= 0.5 && Math.abs(across - 13.5) <= 0.5, `${down}, ${across}`);
});

Deno.test("each step has its name, and light or dark paper gives the same digit", () => {
  const light = rows(100, 90, (i, j) => isLine(i, j) ? 0.1 : 0.9);
  const [ofLight, ofDark] = [light, light.map((row) => row.map((value) => 1 - value))]
    .map((numbers) => digitSteps(pixels(numbers)));
  assert.deepEqual(ofLight.map(({ name }) => name), [
    "grey",
    "inverted, since the paper is light",
    "without the paper",
    "the ink alone",
    "lines made as wide as MNIST’s",
    "cut to the ink’s box",
    "scaled into 20×20",
    "centre of mass in the middle of 28×28",
  ]);
  assert.match(ofDark[1].name, /^not inverted/);
  assert.deepEqual(ofLight.at(-1)?.rows, ofDark.at(-1)?.rows);
  assert.deepEqual([ofLight.at(-1)?.rows.length, ofLight.at(-1)?.rows[0].length], [28, 28]);
});

Deno.test("a picture without a digit has no ink", () => {
  for (const of of [() => 0.5, () => 0, (/** @type {number} */ i) => 0.2 + i / 200]) {
    const digit = digitSteps(pixels(rows(80, 80, of))).at(-1);
    assert.equal(sum(digit?.rows ?? [[1]]), 0);
  }
});
