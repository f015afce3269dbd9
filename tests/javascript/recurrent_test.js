// Recurrent without a page: its step against what can be computed by hand, its ways to read, its words.

import assert from "node:assert/strict";
import * as network from "../../lessons_lib/explorables/static/recurrent_network.js";
import {
  inWords,
  memoryInWords,
  partsOf,
} from "../../lessons_lib/explorables/static/recurrent_words.js";
import { pack } from "../../lessons_lib/explorables/static/weights.js";

const { CLASSES, SIDE, UNITS } = network;
/** Two pixels, two units, two classes. */
const SMALL = {
  ...{ kernel: [1, 2, 3, 4], recurrent: [0.5, 0, 0, -0.5], bias: [0.1, -0.1] },
  ...{ head: [1, 0, 0, 1], headBias: [0, 0] },
};
const numbered = Array.from(
  { length: SIDE },
  (_, i) => Array(SIDE).fill(i).map((n, j) => n + j / 100),
);

/** @param {number} got @param {number} wanted */
const near = (got, wanted) => assert.ok(Math.abs(got - wanted) < 1e-12, `${got}, not ${wanted}`);

Deno.test("Recurrent: a step adds what the row, the state before and the bias say, then takes tanh", () => {
  const { input, memory, sums, state, guess } = network.step([1, -1], [0.4, 0.2], SMALL);
  assert.deepEqual(input, [-2, -2]);
  [0.2, -0.1].forEach((wanted, i) => near(memory[i], wanted));
  [-1.7, -2.2].forEach((wanted, i) => near(sums[i], wanted));
  sums.forEach((sum, i) => near(state[i], Math.tanh(sum)));
  const odds = Math.exp(state[0] - state[1]);
  near(guess[0] / guess[1], odds);
  near(guess[0] + guess[1], 1);
});

Deno.test("Recurrent: each step begins where the one before has ended, the first with zeros", () => {
  const rows = [[1, 0], [0, 0], [0.3, 0.1]];
  const steps = network.read(rows, SMALL);
  assert.deepEqual(steps[0].memory, [0, 0]);
  steps.slice(1).forEach((later, i) =>
    assert.deepEqual(later, network.step(rows[i + 1], steps[i].state, SMALL))
  );
  // A blank row still changes the state: its memory and the bias count.
  near(steps[1].state[0], Math.tanh(0.5 * Math.tanh(1.1) + 0.1));
});

Deno.test("Recurrent: a file holds the arrays in the order of Keras", () => {
  const sizes = [SIDE * UNITS, UNITS * UNITS, UNITS, UNITS * CLASSES, CLASSES];
  const arrays = sizes.map((size, i) => new Float32Array(size).fill(i + 1));
  const loaded = network.load(pack(arrays));
  assert.deepEqual(
    [loaded.kernel, loaded.recurrent, loaded.bias, loaded.head, loaded.headBias].map((array) => [
      array.length,
      array[0],
    ]),
    sizes.map((size, i) => [size, i + 1]),
  );
});

Deno.test("Recurrent: halves are joined in the middle, and half a turn comes after", () => {
  const other = numbered.map((row) => row.map((value) => -value));
  const joined = network.shown(numbered, other, "as it is");
  assert.deepEqual(joined[13], numbered[13]);
  assert.deepEqual(joined[14], other[14]);
  const turned = network.shown(numbered, other, "upside down");
  assert.deepEqual(turned[0], [...other[27]].reverse());
  assert.deepEqual(network.turned(turned), joined);
});

Deno.test("Recurrent: the last row first is the same picture in another order", () => {
  assert.deepEqual(network.shown(numbered, undefined, "last row first"), numbered);
  assert.deepEqual(network.inOrder(numbered, "last row first"), [...numbered].reverse());
  assert.deepEqual(network.inOrder(numbered, "upside down"), numbered);
  for (const way of network.WAYS) {
    for (let at = 0; at < SIDE; at++) {
      assert.equal(network.placeOf(network.placeOf(at, way), way), at);
    }
  }
});

Deno.test("Recurrent: how far states lie apart is the mean size of the differences", () => {
  near(network.apart([1, -1, 0.5], [0.5, -0.5, 0.5]), 1 / 3);
  assert.equal(network.apart([1, -1], [1, -1]), 0);
});

/** Ten probabilities. @param {number} digit @param {number} p */
const sure = (digit, p) => Array.from({ length: 10 }, (_, i) => (i === digit ? p : (1 - p) / 9));

Deno.test("Recurrent: what is read and guessed is said, and what is left of the first half", () => {
  const steps = Array.from({ length: SIDE }, (_, at) => ({
    ...{ input: [0.25], memory: [-1], sums: [-0.65], state: [Math.tanh(-0.65)] },
    guess: at < 14 ? sure(7, 0.91) : sure(3, 0.82),
  }));
  assert.match(inWords(steps, 0, "as it is"), /Nothing is read yet: the state is 64 zeros/);
  assert.equal(
    inWords(steps, 14, "as it is"),
    "Row 13 is read, 14 of 28. The guess from the state: 7 with probability 0.91, then 0 with 0.01.",
  );
  assert.match(inWords(steps, 3, "last row first"), /^Row 25 is read, 3 of 28\./);
  assert.match(inWords(steps, 28, "as it is"), /3 with probability 0\.82/);
  assert.equal(memoryInWords(28, undefined), "");
  assert.match(memoryInWords(14, 0.5), /^All rows so far are of the first digit: .* by 0\.50 from/);
  assert.match(
    memoryInWords(15, 0.314),
    /^What is left of the first half: .* still differs by 0\.31 from/,
  );
  assert.deepEqual(partsOf(steps[0], [0.1], 0).map(([sign, , value]) => [sign, value]), [
    ["", 0.25],
    ["+", -1],
    ["+", 0.1],
    ["=", -0.65],
    ["→", Math.tanh(-0.65)],
  ]);
});
