// The engine on what can be checked by hand: starts, dropout, what it refuses. test_nn.py compares
// it with Keras on random networks.

import assert from "node:assert/strict";
import { largestAt, Network, oneHot } from "../../lessons_lib/explorables/static/nn.js";
import {
  createRandom,
  normal,
  shuffle,
  truncatedNormal,
} from "../../lessons_lib/explorables/static/random.js";

/** @typedef {import("../../lessons_lib/explorables/static/layers.js").LayerSpec} LayerSpec */
/** @typedef {import("../../lessons_lib/explorables/static/layers.js").Initializer} Initializer */

/** @type {LayerSpec} */
const END = { layer: "Dense", units: 2, activation: "softmax" };

/** @param {ArrayLike<number>} values */
const deviation = (values) => {
  const all = Array.from(values);
  const mean = all.reduce((a, b) => a + b) / all.length;
  return Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
};

/** @param {number} wanted @param {number} got @param {number} share */
const near = (wanted, got, share) =>
  assert.ok(Math.abs(got - wanted) <= share * wanted, `${got}, not ${wanted}`);

Deno.test("a seed gives its numbers, between 0 and 1, evenly", () => {
  const [first, second, other] = [3, 3, 4].map(createRandom);
  const numbers = Array.from({ length: 10_000 }, first);
  assert.deepEqual(numbers, Array.from({ length: 10_000 }, second));
  assert.notEqual(numbers[0], other());
  assert.ok(Math.min(...numbers) >= 0 && Math.max(...numbers) < 1);
  near(1 / Math.sqrt(12), deviation(numbers), 0.02);
});

Deno.test("normal numbers have their deviation, and cut ones end at two of them", () => {
  const random = createRandom(0);
  near(1, deviation(Array.from({ length: 20_000 }, () => normal(random))), 0.03);
  const cut = Array.from({ length: 20_000 }, () => truncatedNormal(random));
  near(0.8796, deviation(cut), 0.03);
  assert.ok(Math.max(...cut.map(Math.abs)) <= 2);
});

Deno.test("a shuffled order holds everything once", () => {
  const order = Uint32Array.from({ length: 100 }, (_, i) => i);
  shuffle(order, createRandom(1));
  const sorted = Array.from({ length: 100 }, (_, i) => i);
  assert.notDeepEqual([...order], sorted);
  assert.deepEqual([...order].sort((a, b) => a - b), sorted);
});

Deno.test("kernels start as Keras starts them, and biases at 0", () => {
  /** @param {Initializer} [kernel_initializer] */
  const start = (kernel_initializer) => {
    /** @type {LayerSpec} */
    const layer = { layer: "Conv2D", filters: 50, kernel_size: 3, kernel_initializer };
    const layers = [layer, { layer: "GlobalMaxPooling2D" }, END];
    return new Network({ input_shape: [5, 5, 20], layers: /** @type {LayerSpec[]} */ (layers) })
      .weights;
  };
  const [inputs, outputs] = [9 * 20, 9 * 50];
  for (
    const [name, wanted] of /** @type {const} */ ([
      [undefined, Math.sqrt(2 / (inputs + outputs))],
      ["he_uniform", Math.sqrt(2 / inputs)],
      ["he_normal", Math.sqrt(2 / inputs)],
    ])
  ) near(wanted, deviation(start(name)[0]), 0.03);
  assert.ok(start("zeros")[0].every((weight) => weight === 0));
  assert.ok(start()[1].every((bias) => bias === 0));
});

Deno.test("dropout keeps the mean in training, and does nothing afterwards", () => {
  const network = new Network({
    input_shape: [10_000],
    layers: [{ layer: "Dropout", rate: 0.3 }],
    loss: "mean_squared_error",
  }, 1);
  const ones = new Float32Array(10_000).fill(1);
  const dropped = network.forward(ones, { training: true });
  near(0.3, dropped.filter((value) => value === 0).length / 10_000, 0.1);
  assert.deepEqual([...new Set(dropped)].sort(), [0, Math.fround(1 / 0.7)]);
  assert.deepEqual(network.forward(ones), ones);
});

Deno.test("a network learns XOR, and its input has gradients", () => {
  const network = new Network({
    input_shape: [2],
    layers: [{ layer: "Dense", units: 8, activation: "tanh" }, END],
    optimizer: { optimizer: "Adam", learning_rate: 0.05 },
    seed: 1,
  }, 4);
  const [x, targets] = [[0, 0, 0, 1, 1, 0, 1, 1], oneHot([0, 1, 1, 0], 2)];
  const before = network.gradients(x, targets).loss;
  for (let step = 0; step < 200; step++) network.step(x, targets);
  const { loss, input } = network.gradients(x, targets);
  assert.ok(loss < 0.1 * before);
  assert.equal(network.countRight(targets), 4);
  const nudged = x.map((value, i) => value + (i === 3 ? 1e-3 : 0));
  const slope = (network.gradients(nudged, targets).loss - loss) / 1e-3;
  near(Math.abs(slope), Math.abs(network.gradients(x, targets).input[3]), 0.05);
  assert.equal(input.length, 8);
});

Deno.test("one can go back from any layer, as from a single logit", () => {
  const network = new Network({ input_shape: [3], layers: [END] }, 1);
  network.forward([1, 2, 3]);
  network.logits.gradients.set([0, 1]);
  network.backward({ from: 0 });
  const [kernel] = network.weights;
  assert.deepEqual([...network.input.gradients], [kernel[1], kernel[3], kernel[5]]);
});

Deno.test("maps of a layer are its own copy", () => {
  const layers = /** @type {LayerSpec[]} */ ([{ layer: "MaxPooling2D" }, { layer: "Flatten" }]);
  const network = new Network({ input_shape: [2, 2, 1], layers, loss: "mean_squared_error" }, 1);
  network.forward([1, 4, 2, 3]);
  const maps = network.mapsOf(0);
  network.forward([0, 0, 0, 0]);
  assert.deepEqual({ ...maps, data: [...maps.data] }, {
    height: 1,
    width: 1,
    channels: 1,
    data: [4],
  });
});

Deno.test("what cannot be is refused with the rule", () => {
  /** @param {unknown} layers @param {object} [more] */
  const make = (layers, more) => () =>
    new Network({ input_shape: [4, 4, 1], layers: /** @type {LayerSpec[]} */ (layers), ...more });
  assert.throws(
    make([END]),
    /Dense must get rows, as Flatten makes them\. Received: maps of 4,4,1/,
  );
  assert.throws(
    make([{ layer: "Flatten" }]),
    /categorical_crossentropy must follow softmax\. Received: /,
  );
  assert.throws(
    make([{ layer: "Conv2D", filters: 1, kernel_size: 5 }]),
    /Conv2D must fit into its maps\. Received: 5,5 in 4,4/,
  );
  assert.throws(
    make([{ layer: "Flatten" }, { layer: "MaxPooling2D" }]),
    /MaxPooling2D must get maps\. Received: 16 values/,
  );
  assert.throws(
    make([{ layer: "Activation", activation: "gelu" }]),
    /activation must be one of .* gelu/,
  );
  assert.throws(make([{ layer: "LSTM" }]), /layer must be one of .* LSTM/);
  const end = [{ layer: "Flatten" }, END];
  assert.throws(make(end, { optimizer: { optimizer: "Lion" } }), /optimizer must be one of .*Lion/);
  const network = make(end)();
  assert.throws(
    () => network.forward([1, 2]),
    /must hold 1 to 32 examples of 16 values\. Received: 2/,
  );
  assert.throws(() => network.setWeights([[1]]), /must have the sizes 32,2\. Received: 1/);
});

Deno.test("the largest is found, the first of equals", () => {
  assert.deepEqual([0, 2].map((from) => largestAt(Float32Array.of(1, 3, 5, 5), from, 2)), [1, 0]);
});
