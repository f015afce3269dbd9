// What Adversary computes, against what can be worked out by hand, and what it says. test_slopes.py
// compares the step with Keras.

import assert from "node:assert/strict";
import * as step from "../../lessons_lib/explorables/static/adversary_step.js";
import { foundInWords, inWords } from "../../lessons_lib/explorables/static/adversary_words.js";
import { readDigit } from "../../lessons_lib/explorables/static/digitnetwork.js";
import { Network } from "../../lessons_lib/explorables/static/nn.js";

/** Two pixels and two classes: the logit of class 0 is the first pixel, that of class 1 the second. */
const network = new Network({
  input_shape: [2],
  layers: [{ layer: "Dense", units: 2, activation: "softmax" }],
}, 1);
network.setWeights([[1, 0, 0, 1], [0, 0]]);

Deno.test("the step raises the loss of the answer, or lowers that of a class", () => {
  assert.deepEqual([...step.signsOf(network, [0.6, 0.5], { from: 0 })], [-1, 1]);
  assert.deepEqual([...step.signsOf(network, [0.6, 0.5], { to: 1 })], [-1, 1]);
  assert.deepEqual([...step.signsOf(network, [0.6, 0.5], { to: 0 })], [1, -1]);
});

Deno.test("pixels move by the size of the step, and stay within 0 and 1", () => {
  const moved = step.moved([0, 0.05, 0.5, 0.95], [-1, -1, 1, 1], 0.125);
  assert.deepEqual([...moved], [0, 0, 0.625, 1]);
  assert.deepEqual([...step.moved([0.5], [0], 0.3)], [0.5]);
});

Deno.test("the smallest step that is enough is found, or none", () => {
  // The two pixels meet when each has moved by half of their distance.
  const signs = [-1, 1];
  /** @param {number} answer */
  const isOther = (answer) => answer === 1;
  assert.equal(step.smallest(network, [0.6, 0.501], signs, isOther), 0.05);
  assert.equal(step.smallest(network, [0.75, 0.26], signs, isOther), 0.25);
  assert.equal(step.smallest(network, [1, 0.2], signs, isOther), undefined);
});

Deno.test("noise goes up and down alike, and a seed gives it again", () => {
  const noise = step.noiseOf(10_000, 1);
  assert.deepEqual(new Set(noise), new Set([-1, 1]));
  assert.ok(Math.abs(noise.reduce((a, b) => a + b)) < 300);
  assert.deepEqual(noise, step.noiseOf(10_000, 1));
  assert.notDeepEqual(noise, step.noiseOf(10_000, 2));
});

Deno.test("noises that change the answer are counted", () => {
  /** @param {number[]} x @param {number} size */
  function count(x, size) {
    const steps = step.countChanged(network, x, size, 40);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  }
  assert.equal(count([0.9, 0.1], 0.3), 0);
  // Of four noises, the one that lowers the first pixel and raises the second is enough.
  const found = count([0.6, 0.4], 0.2);
  const wanted = Array.from({ length: 40 }, (_, seed) => step.noiseOf(2, seed))
    .filter(([first, second]) => first < 0 && second > 0).length;
  assert.ok(wanted > 0);
  assert.equal(found, wanted);
  assert.equal(readDigit(network, [0.6, 0.4]).answer, 0);
});

Deno.test("Adversary says what the step and the noise change", () => {
  const says = (/** @type {number} */ answer) => ({ answer, probability: 0.5 });
  const seen = { name: "The network", size: 0.2, before: says(5), after: says(3), noise: says(5) };
  const said = inWords({ ...seen, changed: 1, flat: false });
  assert.match(
    said,
    /^The network says 5, with probability 0\.500\. After a step of 0\.2 it says 3/,
  );
  assert.match(
    said,
    /with random noise of this size 5, .* Of 100 such noises, 1 changes the answer\.$/,
  );
  assert.match(inWords({ ...seen, changed: 0, flat: false }), /none changes the answer\.$/);
  assert.match(inWords({ ...seen, changed: 0, flat: true }), /all slopes of the loss are 0/);
  assert.match(inWords({ ...seen, size: 0, changed: 0, flat: false }), /Move the slider/);
  const wanted = "makes it say 3";
  assert.equal(
    foundInWords({ size: 0.1, wanted }),
    "The smallest step that makes it say 3 is 0.1.",
  );
  assert.equal(foundInWords({ size: undefined, wanted }), "No step up to 0.3 makes it say 3.");
});
