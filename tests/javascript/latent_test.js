// Latent without a page: its decoder, the plane, the two paths and what it says.

import assert from "node:assert/strict";
import * as network from "../../lessons_lib/explorables/static/latent_network.js";
import { markerInWords, pathInWords } from "../../lessons_lib/explorables/static/latent_words.js";
import { pack } from "../../lessons_lib/explorables/static/weights.js";

const { SIDE, STEPS } = network;
const PIXELS = SIDE * SIDE;

/** @param {number} got @param {number} wanted @param {number} [by] */
const near = (got, wanted, by = 1e-9) =>
  assert.ok(Math.abs(got - wanted) < by, `${got}, not ${wanted}`);

/** @param {number} z */
const sigmoid = (z) => 1 / (1 + Math.exp(-z));

Deno.test("Latent: the decoder is two layers, ReLU and sigmoid, with the file's weights", () => {
  // Unit 0 is ReLU(2x − y + 1), the others are 0; pixel i is the sigmoid of i/100 times unit 0, − 1.
  const hidden = new Float32Array(2 * 32);
  [hidden[0], hidden[32]] = [2, -1];
  const bias = new Float32Array(32);
  bias[0] = 1;
  const pixels = new Float32Array(32 * PIXELS);
  for (let i = 0; i < PIXELS; i++) pixels[i] = i / 100;
  const decode = network.createDecoder(
    pack([hidden, bias, pixels, new Float32Array(PIXELS).fill(-1)]),
  );
  const drawn = decode([1.5, 0.5]);
  assert.equal(drawn.length, PIXELS);
  for (const i of [0, 7, 150]) near(drawn[i], sigmoid(3.5 * i / 100 - 1), 1e-6);
  assert.ok(decode([-2, 0]).every((value) => Math.abs(value - sigmoid(-1)) < 1e-6));
  near(drawn[150], sigmoid(4.25), 1e-6); // what came back before stays as it is
});

/** A decoder of two pixels that bends the way. @param {network.Place} place */
const bent = ([x, y]) => [x * x, y];

Deno.test("Latent: both paths have the same ends, and go different ways", () => {
  const { plane, pixels } = network.paths(bent, [0, 1], [2, 3]);
  assert.equal(plane.length, STEPS + 1);
  assert.deepEqual(plane[0], pixels[0]);
  assert.deepEqual(plane[STEPS], pixels[STEPS]);
  assert.deepEqual(plane[STEPS / 2], [1, 2]);
  assert.deepEqual(pixels[STEPS / 2], [2, 2]);
  assert.deepEqual(network.between([1, 10], [3, 20], 0.25), [1.5, 12.5]);
});

Deno.test("Latent: errors are squared and averaged, and greys are counted", () => {
  near(network.squaredError([0, 1, 0.5, 0], [0, 0, 1, 0]), 1.25 / 4);
  assert.equal(network.greys([0, 0.25, 0.3, 0.5, 0.75, 1]), 2);
});

/** @type {network.Code[]} */
const CODES = [[-10, 0, 3], [10, 4, 7], [0, 2, 1]];

Deno.test("Latent: the plane holds all codes, with some room around them", () => {
  const extent = network.extentOf(CODES);
  near(extent.left, -11.2);
  near(extent.right, 11.2);
  near(extent.bottom, -0.24);
  near(extent.top, 4.24);
  const [across, down] = network.sharesOf([0, 2], extent);
  near(across, 0.5);
  near(down, 0.5);
  assert.ok(network.sharesOf([0, 4], extent)[1] < 0.5, "what is larger lies higher");
  network.placeAt(network.sharesOf([3.25, 1.5], extent), extent).forEach((value, i) =>
    near(value, [3.25, 1.5][i])
  );
  assert.ok(Number.isFinite(network.sharesOf([1, 1], network.extentOf([[1, 1, 0]]))[0]));
});

Deno.test("Latent: the nearest code counts both numbers by the plane's width and height", () => {
  const extent = network.extentOf(CODES);
  // 1 in the second number is more of the plane than 3 in the first.
  assert.equal(network.nearest([-7, 0.2], CODES, extent).label, 3);
  const { label, distance } = network.nearest([0, 2], CODES, extent);
  assert.deepEqual([label, distance], [1, 0]);
});

Deno.test("Latent: where the marker is and what a step shows is said", () => {
  assert.equal(
    markerInWords([1.5, -2.25], { label: 4, distance: 0.01 }, 300),
    "From (1.50, −2.25) the decoder draws the picture. The nearest of 300 codes is that of a 4.",
  );
  assert.match(markerInWords([0, 0], { label: 4, distance: 0.2 }, 300), /No digit has a code near/);
  assert.match(pathInWords(0, [0.5], [0.5]), /the same ends/);
  assert.match(pathInWords(STEPS, [0.5], [0.5]), /the same ends/);
  assert.equal(
    pathInWords(3, [0.5, 0.1], [0.5, 0.4]),
    "Step 3 of 8. Grey pixels (0.25 to 0.75): 1 straight in the plane, 2 straight in pixels.",
  );
});
