// What Why computes, against what can be worked out by hand, and what it says. test_slopes.py
// compares it with Keras.

import assert from "node:assert/strict";
import { Network } from "../../lessons_lib/explorables/static/nn.js";
import { createSlices } from "../../lessons_lib/explorables/static/slices.js";
import * as maps from "../../lessons_lib/explorables/static/why_maps.js";
import { inWords, scaleInWords } from "../../lessons_lib/explorables/static/why_words.js";

/** @typedef {import("../../lessons_lib/explorables/static/layers.js").LayerSpec} LayerSpec */

const SIDE = 28;
/** @type {LayerSpec} */
const END = { layer: "Dense", units: 2, activation: "softmax" };
/** @param {LayerSpec[]} layers */
const networkOf = (...layers) => new Network({ input_shape: [SIDE, SIDE, 1], layers, seed: 3 }, 1);
const linear = networkOf({ layer: "Flatten" }, END);
const conv = networkOf(
  { layer: "Conv2D", filters: 2, kernel_size: 1, activation: "relu" },
  { layer: "GlobalAveragePooling2D" },
  END,
);
const image = Array.from({ length: SIDE ** 2 }, (_, i) => (i * 37 % 101) / 101);
/** @param {ArrayLike<number>} found @param {ArrayLike<number>} wanted @param {number} [within] */
const near = (found, wanted, within = 1e-5) =>
  Array.from(wanted).forEach((value, i) =>
    assert.ok(Math.abs(found[i] - value) < within, `${found[i]} for ${value} at ${i}`)
  );

Deno.test("the slopes of a linear network are its weights, and saliency is their size", () => {
  const [kernel] = linear.weights;
  linear.forward(image);
  near(linear.slopes(1), image.map((_, i) => kernel[2 * i + 1]));
  near(maps.saliency(linear, image, 0), image.map((_, i) => Math.abs(kernel[2 * i])));
});

Deno.test("slopes go back for each example, and no earlier ones are left in them", () => {
  const both = new Network(linear.description, 2);
  both.setWeights(linear.weights);
  both.forward([...image, ...image.map((value) => 1 - value)]);
  both.slopes(0);
  const kernel = linear.weights[0];
  near(both.slopes(1), [...image, ...image].map((_, i) => kernel[2 * (i % image.length) + 1]));
});

Deno.test("occlusion is how far the probability falls under a patch of zeros", () => {
  const dot = Array.from(image, (_, i) => Number(i === 10 * SIDE + 10));
  const found = maps.occlusion(linear, dot, 1);
  const fall = linear.forward(dot)[1] - linear.forward(dot.map(() => 0))[1];
  assert.ok(Math.abs(fall) > 1e-4);
  // The dot is hidden where the middle of the patch is at most two pixels away.
  near(
    found,
    dot.map((_, i) =>
      Math.abs(Math.floor(i / SIDE) - 10) <= 2 && Math.abs(i % SIDE - 10) <= 2 ? fall : 0
    ),
  );
  assert.deepEqual(maps.occlusion(linear, dot.map(() => 0), 1), new Float32Array(SIDE ** 2));
});

Deno.test("the patch is cut off at the edge of the image", () => {
  const corner = image.map((_, i) => Number(i === 0));
  const found = maps.occlusion(linear, corner, 0);
  assert.equal(found.filter((value) => value !== 0).length, 9);
});

Deno.test("Grad-CAM weighs the maps by their mean slopes, and cuts off what is negative", () => {
  const [kernel, bias] = conv.weights;
  kernel.set([1, 2]);
  bias.set([0, 0.5]);
  const dense = conv.weights[2];
  for (const k of [0, 1]) {
    // Through the mean of a map, each of its values has the slope weight / number of values.
    const wanted = image.map((value) =>
      Math.max(0, (dense[k] * value + dense[2 + k] * (2 * value + 0.5)) / SIDE ** 2)
    );
    near(maps.gradCam(conv, image, k) ?? [], wanted, 1e-8);
  }
  assert.equal(maps.gradCam(linear, image, 0), undefined);
});

Deno.test("enlarged rows lie between their neighbours, and end as they did", () => {
  const found = maps.enlarged([[0, 4], [8, 12]], 4, 4);
  near(found[0], [0, 1, 3, 4]);
  near(found.map((row) => row[0]), [0, 2, 6, 8]);
  near(found[1], [2, 3, 5, 6]);
  assert.deepEqual(maps.enlarged([[5]], 3, 2), Array(3).fill([5, 5]));
});

Deno.test("the last layers are random, the first are those of the training", () => {
  const deep = networkOf(
    { layer: "Conv2D", filters: 2, kernel_size: 3, activation: "relu" },
    { layer: "MaxPooling2D" },
    { layer: "Conv2D", filters: 3, kernel_size: 3, activation: "relu" },
    { layer: "Flatten" },
    END,
  );
  assert.deepEqual(maps.namesOf(deep), ["dense layer", "convolution 2", "convolution 1"]);
  assert.deepEqual(maps.namesOf(linear), ["dense layer"]);
  deep.weights.forEach((array) => array.fill(7));
  for (let count = 0; count <= 3; count++) {
    const { weights } = maps.randomised(deep, count, 1);
    const isKept = weights.map((array) => array.every((value) => value === 7));
    const kept = 2 * (3 - count);
    assert.deepEqual(isKept, weights.map((_, i) => i < kept));
  }
  const [first, again, other] = [1, 1, 2].map((seed) => maps.randomised(deep, 1, seed).weights[4]);
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  assert.ok(deep.weights.every((array) => array.every((value) => value === 7)));
});

Deno.test("rank correlation sees the order alone, and equal values share their rank", () => {
  assert.deepEqual([...maps.ranks([5, 1, 5, 0])], [2.5, 1, 2.5, 0]);
  near([maps.rankCorrelation([1, 2, 3], [1, 10, 1000])], [1]);
  near([maps.rankCorrelation([1, 2, 3], [3, 2, 1])], [-1]);
  // By hand: ranks 1.5 1.5 3 4 and 1 2 3 4.
  near([maps.rankCorrelation([0, 0, 1, 2], [1, 2, 3, 4])], [4.5 / Math.sqrt(4.5 * 5)]);
  assert.ok(Number.isNaN(maps.rankCorrelation([1, 1, 1], [1, 2, 3])));
});

Deno.test("Why says what the network answers, and what random weights leave", () => {
  const seen = {
    ...{ name: "The network", answer: 7, probability: 0.98, k: 7, share: 0.98 },
    ...{ random: /** @type {string[]} */ ([]), now: { answer: 7, probability: 0.98 } },
    correlations: { saliency: 1, occlusion: 1, gradCam: 1 },
  };
  assert.match(inWords(seen), /says 7, with probability 0\.980\. Each map .* the 7 hangs on\.$/);
  assert.match(
    inWords({ ...seen, k: 3, share: 0.01 }),
    /those of a 3, whose probability is 0\.010/,
  );
  const random = ["dense layer", "convolution 2"];
  const changed = inWords({
    ...seen,
    ...{ random, now: { answer: 1, probability: 0.2 } },
    correlations: { saliency: -0.123, occlusion: NaN },
  });
  assert.match(
    changed,
    /random weights in its dense layer and convolution 2, it says 1, with probability 0\.200/,
  );
  assert.match(changed, /maps of the 7: Saliency −0\.12, Occlusion none\.$/);
  assert.equal(scaleInWords("occlusion", 0), "0 everywhere");
  assert.equal(scaleInWords("saliency", 0.0001), "steepest slope below 0.001");
});

Deno.test("of what is asked for while work goes on, the latest is done, and stop ends all", async () => {
  /** @type {string[]} */
  const done = [];
  let mayEnd = false;
  /** @param {string} name @returns {Generator<undefined, string>} */
  function* work(name) {
    while (!mayEnd) yield;
    return name;
  }
  const slices = createSlices((/** @type {string} */ name) => done.push(name));
  ["first", "second", "third"].forEach((name) => slices.ask(work(name)));
  assert.deepEqual(done, []);
  mayEnd = true;
  const later = () => new Promise((wake) => setTimeout(wake, 20));
  for (let turn = 0; done.length < 2 && turn < 500; turn++) await later();
  assert.deepEqual(done, ["first", "third"]);
  mayEnd = false;
  slices.ask(work("fourth"));
  slices.stop();
  mayEnd = true;
  await later();
  assert.equal(done.length, 2);
});
