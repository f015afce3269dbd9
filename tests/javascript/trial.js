// Trains a network for the comparison with Keras in test_nn.py.

import { Network } from "../../lessons_lib/explorables/static/nn.js";

/** @typedef {import("../../lessons_lib/explorables/static/layers.js").Layer} Layer */

/** What dropout multiplied by, in each of its layers. @param {Network} network @returns {number[][]} */
const masksOf = ({ layers, count }) =>
  layers.flatMap((/** @type {Layer & {mask?: Float32Array}} */ { mask, output }) =>
    mask ? [Array.from(mask.subarray(0, count * output.size))] : []
  );

/** @param {Float32Array[]} arrays */
const copy = (arrays) => arrays.map((array) => Array.from(array));

/**
 * Train by one step for each batch, all from given weights. What is returned of each step belongs to
 * the weights before it, apart from the weights themselves.
 * @param {import("../../lessons_lib/explorables/static/nn.js").Description} description
 * @param {number[][]} weights
 * @param {{x: number[], y: number[]}[]} batches
 */
export function train(description, weights, batches) {
  const size = description.input_shape.reduce((a, b) => a * b);
  const network = new Network(description, batches[0].x.length / size);
  network.setWeights(weights);
  const outputs = Array.from(network.forward(batches[0].x));
  const steps = batches.map(({ x, y }) => {
    const targets = Float32Array.from(y);
    const { loss, weights: gradients, input } = network.gradients(x, targets, { training: true });
    const [masks, step] = [masksOf(network), {
      gradients: copy(gradients),
      input: Array.from(input),
    }];
    network.optimizer.step();
    return { loss, masks, ...step, weights: copy(network.weights) };
  });
  return { outputs, steps };
}
