// The networks that read a digit of 28×28 pixels: that of the course, and one of the reader's own.
// No DOM in here.

import { largestAt, Network } from "./nn.js";
import { kept } from "./ownnetwork.js";
import { unpack } from "./weights.js";

const SIDE = 28;
const CLASSES = 10;

/** The network of the course: `lessons_lib.models.cnn`. @type {import("./nn.js").Description} */
export const DESCRIPTION = {
  input_shape: [SIDE, SIDE, 1],
  layers: [
    { layer: "Conv2D", filters: 8, kernel_size: 3, activation: "relu" },
    { layer: "MaxPooling2D" },
    { layer: "Conv2D", filters: 16, kernel_size: 3, activation: "relu" },
    { layer: "MaxPooling2D" },
    { layer: "Flatten" },
    { layer: "Dense", units: CLASSES, activation: "softmax" },
  ],
};

/** A network with the weights of a file. @param {DataView} file @param {import("./nn.js").Description} [description] */
export function load(file, description = DESCRIPTION) {
  const network = new Network(description, 1);
  network.setWeights(unpack(file, network.sizes));
  return network;
}

/**
 * The network that the reader has kept, if it reads digits.
 * @returns {{name: string, network: Network} | undefined}
 */
export function loadOwn() {
  const own = kept();
  if (!own) return undefined;
  try {
    const network = load(own.file, own.description);
    const reads = network.input.size === SIDE * SIDE && network.output.size === CLASSES;
    return reads && network.weights.every((values) => values.every(Number.isFinite))
      ? { name: own.name, network }
      : undefined;
  } catch {
    return undefined; // another edition of the course kept it, or someone else did
  }
}

/** What a network says of an image. @param {Network} network @param {ArrayLike<number>} x */
export function readDigit(network, x) {
  const probabilities = network.forward(x).slice();
  const answer = largestAt(probabilities, 0, probabilities.length);
  return { probabilities, answer, probability: probabilities[answer] };
}
