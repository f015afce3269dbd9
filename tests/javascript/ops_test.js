// The arithmetic of the figures on cases that can be checked by hand. tests/javascript/test_ops.py
// compares the same functions with Keras on random cases.

import assert from "node:assert/strict";
import {
  activations,
  clamp,
  convolutionParameters,
  convolve,
  dense,
  denseParameters,
  fromRows,
  nearestStop,
  outputSize,
  paddingAround,
  pool,
  receptiveField,
  shift,
  slidingWindow,
  softmax,
} from "../../lessons_lib/explorables/static/ops.js";

const IMAGE = fromRows([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);

/** @param {number[][]} rows */
const kernel = (rows) => ({ ...fromRows(rows), filters: 1 });

Deno.test("clamp keeps what is inside, and gives the lower limit where the limits cross", () => {
  assert.deepEqual([-2, 0.5, 7].map((value) => clamp(value, 0, 1)), [0, 0.5, 1]);
  assert.equal(clamp(3, 0, -1), 0);
});

Deno.test("a convolution multiplies and adds up without turning the kernel", () => {
  const { height, width, data } = convolve(IMAGE, kernel([[1, 2], [3, 4]]), { bias: [100] });
  assert.deepEqual([height, width], [2, 2]);
  assert.deepEqual([...data], [137, 147, 167, 177]);
});

Deno.test("padding same keeps the size, and strides skip", () => {
  const identity = kernel([[0, 0, 0], [0, 1, 0], [0, 0, 0]]);
  assert.deepEqual([...convolve(IMAGE, identity, { padding: "same" }).data], IMAGE.data);
  assert.deepEqual(
    [...convolve(IMAGE, identity, { padding: "same", strides: 2 }).data],
    [1, 3, 7, 9],
  );
});

Deno.test("a dilated kernel meets every second pixel", () => {
  const { data } = convolve(IMAGE, kernel([[1, 1], [1, 1]]), { dilationRate: 2 });
  assert.deepEqual([...data], [1 + 3 + 7 + 9]);
});

Deno.test("channels add up, and each filter has a map of its own", () => {
  const image = { height: 1, width: 1, channels: 2, data: [3, 5] };
  const kernels = { height: 1, width: 1, channels: 2, filters: 2, data: [1, 10, 2, 20] };
  assert.deepEqual([...convolve(image, kernels).data], [3 + 10, 30 + 100]);
});

Deno.test("max pooling names the winner, the first of equals", () => {
  const { data, winners } = pool(fromRows([[1, 1, 0, 2], [1, 1, 5, 0]]));
  assert.deepEqual([...data], [1, 5]);
  assert.deepEqual([...winners], [0, 6]);
});

Deno.test("the mean at an edge is that of the pixels that are there", () => {
  const { data } = pool(IMAGE, { kind: "average", padding: "same" });
  assert.deepEqual([...data], [3, 4.5, 7.5, 9]);
});

Deno.test("sizes are floored with valid and rounded up with same", () => {
  assert.equal(outputSize(14, 3, { strides: 4 }), 3);
  assert.equal(outputSize(14, 3, { strides: 4, padding: "same" }), 4);
  assert.equal(outputSize(5, 3, { dilationRate: 2 }), 1);
  assert.equal(outputSize(2, 3), 0);
  assert.deepEqual(paddingAround(5, 2, { padding: "same" }), [0, 1]);
  assert.deepEqual(paddingAround(5, 3, { padding: "valid" }), [0, 0]);
});

Deno.test("the nearest stop is the one whose middle lies nearest", () => {
  const way = slidingWindow({ height: 14, width: 14 }, [3, 3], {});
  assert.equal(nearestStop(way, [3, 3], 6, 7), 5 * 12 + 6);
  assert.equal(nearestStop(way, [3, 3], 0, 0), 0);
  assert.equal(nearestStop(way, [3, 3], 13, 13), 12 * 12 - 1);
});

Deno.test("shift moves down and to the right; what comes in is 0", () => {
  assert.deepEqual(shift([[1, 2], [3, 4]], 1, 0), [[0, 0], [1, 2]]);
  assert.deepEqual(shift([[1, 2], [3, 4]], 0, -1), [[2, 0], [4, 0]]);
  const rows = [[1, 2, 3], [4, 5, 6]];
  assert.deepEqual(shift(rows, 0, 0), rows);
});

Deno.test("a dense layer takes its weights input by input", () => {
  assert.deepEqual([...dense([1, 2], [1, 2, 3, 4, 5, 6], [10, 20, 30])], [19, 32, 45]);
});

Deno.test("softmax adds up to 1, keeps the order and does not overflow", () => {
  const probabilities = softmax([1000, 1001, 999]);
  assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-12);
  assert.ok(probabilities[1] > probabilities[0] && probabilities[0] > probabilities[2]);
  assert.deepEqual([...softmax([0, 0])], [0.5, 0.5]);
});

Deno.test("each slope is that of its curve", () => {
  const step = 1e-6;
  for (const { of, derivative } of Object.values(activations)) {
    for (const z of [-3, -0.5, 0.5, 2]) {
      assert.ok(Math.abs((of(z + step) - of(z - step)) / (2 * step) - derivative(z)) < 1e-6);
    }
  }
  assert.equal(activations.relu.derivative(0), 0);
});

Deno.test("parameters count weights and biases", () => {
  assert.equal(convolutionParameters(3, 3, 10), 280);
  assert.equal(convolutionParameters([1, 5], 2, 4), 44);
  assert.equal(denseParameters(784, 10), 7850);
});

Deno.test("a receptive field grows by the extent of each window times the jump", () => {
  const layers = [{ kernelSize: 3, padding: 1 }, { kernelSize: 2, strides: 2 }, { kernelSize: 3 }];
  assert.deepEqual(receptiveField(layers), { size: 8, jump: 2, start: -1 });
  assert.deepEqual(receptiveField([]), { size: 1, jump: 1, start: 0 });
});
