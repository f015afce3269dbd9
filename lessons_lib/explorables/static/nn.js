// A network that learns: forward, backward and the steps of an optimiser, equal to Keras's. No DOM
// in here, and no request.
//
//   const network = new Network({
//     input_shape: [28, 28, 1],
//     layers: [
//       { layer: "Conv2D", filters: 8, kernel_size: 3, activation: "relu" },
//       { layer: "MaxPooling2D" },
//       { layer: "Flatten" },
//       { layer: "Dense", units: 10, activation: "softmax" },
//     ],
//     loss: "categorical_crossentropy",
//     optimizer: { optimizer: "Adam", learning_rate: 0.003 },
//     seed: 0,
//   }, 32);
//   network.forward(images);                          // probabilities, one row an example
//   network.mapsOf(0);                                // what layer 0 of the description hands on
//   network.gradients(images, oneHot(labels, 10));    // { loss, weights, input }
//   network.forward(images);
//   network.slopes(3);                                // of logit 3, by each value of the input
//   network.slopesOf(0);                              // of the same, by what layer 0 handed on
//   network.step(images, oneHot(labels, 10));         // one step of training; returns the loss
//   network.weights                                   // as model.get_weights() of Keras
//   network.setWeights(arrays);
//
// A description is plain JSON in the words of Keras, so that the state of a figure and an address
// can hold it, and `keras.layers` can build the same network. Examples lie one after the other in a
// Float32Array, images row by row with the channels of a pixel together. What a network returns
// lies in its own memory, and the next call writes over it: copy what must stay.

import { Batch, createLayers } from "./layers.js";
import { createOptimizer } from "./optimizers.js";
import { createRandom } from "./random.js";

/**
 * @typedef {import("./layers.js").LayerSpec} LayerSpec
 * @typedef {import("./layers.js").Layer} Layer
 * @typedef {import("./optimizers.js").OptimizerSpec} OptimizerSpec
 * @typedef {"categorical_crossentropy" | "mean_squared_error"} LossName
 *
 * A network in plain JSON. Without a loss it is cross-entropy, and without an optimiser Adam.
 * @typedef {{
 *   input_shape: number[], layers: LayerSpec[], loss?: LossName, optimizer?: OptimizerSpec,
 *   seed?: number,
 * }} Description
 * @typedef {{loss: number, weights: Float32Array[], input: Float32Array}} Gradients
 */

/** Labels as targets: for each label a row with a 1 in its place. @param {ArrayLike<number>} labels @param {number} classes */
export function oneHot(labels, classes) {
  const targets = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) targets[i * classes + labels[i]] = 1;
  return targets;
}

/**
 * The mean cross-entropy between targets and the softmax of logits. Its gradient is that of the
 * logits. The probabilities are computed anew, since in single precision nothing is left of what a
 * probability near 1 differs from 1 by.
 * @param {Batch} logits
 * @param {Float32Array} targets
 * @param {number} count
 */
function crossEntropy({ values, gradients, size }, targets, count) {
  let loss = 0;
  for (let at = 0; at < count * size; at += size) {
    let [largest, sum, weight] = [-Infinity, 0, 0];
    for (let k = at; k < at + size; k++) largest = Math.max(largest, values[k]);
    for (let k = at; k < at + size; k++) sum += Math.exp(values[k] - largest);
    for (let k = at; k < at + size; k++) {
      weight += targets[k];
      if (targets[k]) loss -= targets[k] * (values[k] - largest - Math.log(sum));
    }
    for (let k = at; k < at + size; k++) {
      gradients[k] = (weight * Math.exp(values[k] - largest) / sum - targets[k]) / count;
    }
  }
  return loss / count;
}

/**
 * The mean squared difference between outputs and targets, with its gradient.
 * @param {Batch} output
 * @param {Float32Array} targets
 * @param {number} count
 */
function squaredError({ values, gradients, size }, targets, count) {
  const length = count * size;
  let loss = 0;
  for (let i = 0; i < length; i++) {
    const difference = values[i] - targets[i];
    loss += difference * difference;
    gradients[i] = 2 * difference / length;
  }
  return loss / length;
}

/** Where the largest of some values lies, counted from the first one. @param {Float32Array} values @param {number} from @param {number} size */
export function largestAt(values, from, size) {
  let best = 0;
  for (let k = 1; k < size; k++) if (values[from + k] > values[from + best]) best = k;
  return best;
}

/** A network with its memory, made from a description. */
export class Network {
  /**
   * @param {Description} description
   * @param {number} [capacity] how many examples go through at once, at most
   */
  constructor(description, capacity = 32) {
    const { input_shape, layers, seed = 0 } = description;
    /** Of the starting weights, of dropout, and of whoever mixes the examples. */
    this.random = createRandom(seed);
    this.description = description;
    this.capacity = capacity;
    this.input = new Batch(input_shape, capacity);
    /** What each layer of the description hands on. @type {Batch[]} */
    this.outputs = [];
    /** All layers, with each activation as one of its own. @type {Layer[]} */
    this.layers = [];
    let last = this.input;
    for (const spec of layers) {
      const made = createLayers(spec, last, this.random);
      if (made.length) last = made[made.length - 1].output;
      this.layers.push(...made);
      this.outputs.push(last);
    }
    this.output = last;
    /** How many examples the last batch had. */
    this.count = 0;
    this.parameters = this.layers.flatMap((layer) => layer.parameters);
    this.trained = this.parameters.filter(({ trainable }) => trainable);
    /** Before this layer nothing learns, so no gradients are needed there. */
    this.firstTrained = this.layers.findIndex((layer) => layer.parameters.length);
    this.regularized = this.trained.filter(({ l2 }) => l2);
    this.optimizer = createOptimizer(description.optimizer ?? { optimizer: "Adam" }, this.trained);
    this.loss = description.loss ?? "categorical_crossentropy";
    // The gradients of softmax and cross-entropy together are simple, so both are passed at once.
    const fused = this.loss === "categorical_crossentropy";
    this.lastPassed = this.layers.length - (fused ? 2 : 1);
    this.logits = this.layers[this.lastPassed]?.output ?? this.input;
    if (fused && this.layers[this.lastPassed + 1]?.kind !== "softmax") {
      const last = JSON.stringify(layers[layers.length - 1]);
      throw new Error(`categorical_crossentropy must follow softmax. Received: ${last}`);
    }
  }

  /** The weights, in the order of Keras. A change of them changes the network. */
  get weights() {
    return this.parameters.map(({ values }) => values);
  }

  /** How many numbers each array of weights has. */
  get sizes() {
    return this.parameters.map(({ values }) => values.length);
  }

  /** Give the network other weights, and let its optimiser begin anew. @param {ArrayLike<number>[]} arrays */
  setWeights(arrays) {
    const [wanted, got] = [this.sizes, arrays.map(({ length }) => length)];
    if (String(wanted) !== String(got)) {
      throw new Error(`the weights must have the sizes ${wanted}. Received: ${got}`);
    }
    this.parameters.forEach(({ values }, i) => values.set(arrays[i]));
    this.optimizer.reset();
  }

  /**
   * What layer `i` of the description handed on last, as maps of their own memory.
   * @param {number} i
   * @param {number} [example]
   * @returns {import("./ops.js").Maps & {data: Float32Array}}
   */
  mapsOf(i, example = 0) {
    const { shape: [height, width, channels], valuesOf } = this.outputs[i];
    return { height, width, channels, data: valuesOf[example].slice() };
  }

  /**
   * The slopes by what layer `i` of the description handed on last, after a way back: maps of their
   * own memory, as those of `mapsOf`.
   * @param {number} i
   * @param {number} [example]
   * @returns {import("./ops.js").Maps & {data: Float32Array}}
   */
  slopesOf(i, example = 0) {
    return { ...this.mapsOf(i, example), data: this.outputs[i].gradientsOf[example].slice() };
  }

  /**
   * Compute the outputs of a batch.
   * @param {ArrayLike<number>} x
   * @param {{training?: boolean}} [settings] whether dropout and batch normalisation are in training
   * @returns {Float32Array} one row an example
   */
  forward(x, { training = false } = {}) {
    const count = x.length / this.input.size;
    if (!Number.isInteger(count) || count < 1 || count > this.capacity) {
      const rule = `a batch must hold 1 to ${this.capacity} examples of ${this.input.size} values`;
      throw new Error(`${rule}. Received: ${x.length} values`);
    }
    this.count = count;
    this.input.values.set(x);
    for (const layer of this.layers) layer.forward(count, training);
    return this.output.values.subarray(0, count * this.output.size);
  }

  /**
   * Go back from gradients that stand in the output of a layer, through all layers before it. What
   * each batch then holds in `gradients` is the gradient of the loss, or of whatever was set.
   * @param {{from?: number, toInput?: boolean}} [settings] `from` is the number of the last of
   *   `layers` that is passed, and `toInput` says whether the gradients of the input are wanted
   */
  backward({ from = this.layers.length - 1, toInput = true } = {}) {
    const to = toInput ? 0 : Math.max(0, this.firstTrained);
    for (let i = from; i >= to; i--) this.layers[i].backward(this.count, toInput || i > to);
  }

  /**
   * Compute the loss of the last batch, and write its gradients where `backward` begins.
   * @param {Float32Array} targets one row an example
   */
  lossOf(targets) {
    return this.loss === "categorical_crossentropy"
      ? crossEntropy(this.logits, targets, this.count)
      : squaredError(this.output, targets, this.count);
  }

  /**
   * Compute the loss of the last batch, and go back from it.
   * @param {Float32Array} targets
   * @param {boolean} toInput
   */
  learn(targets, toInput) {
    const loss = this.lossOf(targets);
    this.backward({ from: this.lastPassed, toInput });
    return loss + this.regularize();
  }

  /** Add the gradients of L2, and return its loss. */
  regularize() {
    let loss = 0;
    for (const { values, gradients, l2 } of this.regularized) {
      for (let k = 0; k < values.length; k++) {
        loss += l2 * values[k] * values[k];
        gradients[k] += 2 * l2 * values[k];
      }
    }
    return loss;
  }

  /**
   * Compute the loss of a batch, and its gradients for the weights that are trained and for the
   * input.
   * @param {ArrayLike<number>} x
   * @param {Float32Array} targets one row an example
   * @param {{training?: boolean}} [settings]
   * @returns {Gradients}
   */
  gradients(x, targets, settings) {
    this.forward(x, settings);
    const loss = this.learn(targets, true);
    const weights = this.trained.map(({ gradients }) => gradients);
    return { loss, weights, input: this.input.gradients.subarray(0, x.length) };
  }

  /**
   * Go back from one logit of the last batch, or from one output where softmax is not the last layer.
   * @param {number} k the number of the logit
   * @returns {Float32Array} its slope by each value of the input, one row an example
   */
  slopes(k) {
    const { gradients, size } = this.logits;
    gradients.fill(0, 0, this.count * size);
    for (let at = k; at < this.count * size; at += size) gradients[at] = 1;
    this.backward({ from: this.lastPassed });
    return this.input.gradients.subarray(0, this.count * this.input.size);
  }

  /**
   * Train by one step on a batch.
   * @param {ArrayLike<number>} x
   * @param {Float32Array} targets one row an example
   * @returns {number} the loss before the step
   */
  step(x, targets) {
    this.forward(x, { training: true });
    const loss = this.learn(targets, false);
    this.optimizer.step();
    return loss;
  }

  /** How many examples of the last batch have their largest output where the targets have theirs. @param {Float32Array} targets */
  countRight(targets) {
    const { values, size } = this.output;
    let right = 0;
    for (let at = 0; at < this.count * size; at += size) {
      if (largestAt(values, at, size) === largestAt(targets, at, size)) right++;
    }
    return right;
  }
}
