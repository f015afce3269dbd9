// What Overfit trains: its points, its network, and a run with what it was at each stage. No DOM in
// here.

import { Network, oneHot } from "./nn.js";
import { createRandom, normal } from "./random.js";

/**
 * @typedef {"curve" | "ring"} Task
 * @typedef {{
 *   task: Task, units: number, examples: number, noise: number, dropout: number, l2: number,
 *   seed: number,
 * }} Settings
 * @typedef {import("./random.js").Random} Random
 * @typedef {import("./nn.js").Description} Description
 * @typedef {import("./layers.js").LayerSpec} LayerSpec
 *
 * `x` and `targets` hold the points one after the other.
 * @typedef {{x: Float32Array, labels: Uint8Array, targets: Float32Array}} Points
 * @typedef {"training" | "validation"} SetName
 *
 * What the network was after so many epochs: its weights, and its loss on both sets, without dropout
 * and without the loss of L2.
 * @typedef {{epoch: number, weights: Float32Array[], training: number, validation: number}} Stage
 */

/** What each trait may be; overfit.py says the same. */
export const OPTIONS = {
  task: /** @type {Task[]} */ (["curve", "ring"]),
  units: [2, 4, 8, 16, 32, 64],
  examples: [10, 20, 40, 80, 160],
  noise: [0, 0.1, 0.2, 0.3],
  dropout: [0, 0.1, 0.25, 0.5],
  l2: [0, 0.0001, 0.001, 0.01],
  seed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
};
export const SETTINGS = /** @type {(keyof Settings)[]} */ (Object.keys(OPTIONS));
/** How many epochs a run has, and after how many its weights are kept. */
export const EPOCHS = 1000;
export const KEEP = 10;
export const STAGES = EPOCHS / KEEP;
const VALIDATION = 100;
/** How many points a network is asked about at once, at most. */
const MOST_ASKED = 1600;
const RATE = 0.01;

/** The curve behind the points. @param {number} x */
export const curve = (x) => Math.sin(Math.PI * x);

/**
 * Points of a task.
 * @param {Settings} settings
 * @param {SetName} set
 * @returns {Points}
 */
export function drawPoints({ task, examples, noise, seed }, set) {
  const count = set === "training" ? examples : VALIDATION;
  const random = createRandom(2 * seed + (set === "training" ? 1 : 2));
  // A ring takes half the noise: with more of it, the classes lie within each other.
  return task === "curve"
    ? drawCurve(count, noise, random)
    : drawRing(2 * count, noise / 2, random);
}

/** @param {number} count @param {number} noise @param {Random} random @returns {Points} */
function drawCurve(count, noise, random) {
  const x = Float32Array.from({ length: count }, () => 2 * random() - 1);
  const targets = x.map((value) => curve(value) + noise * normal(random));
  return { x, targets, labels: new Uint8Array(count) };
}

/** A disc of one class within a ring of the other. @param {number} count @param {number} noise @param {Random} random @returns {Points} */
function drawRing(count, noise, random) {
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const x = new Float32Array(2 * count);
  labels.forEach((label, i) => {
    const [angle, radius] = [2 * Math.PI * random(), label ? 0.85 : 0.5 * Math.sqrt(random())];
    x[2 * i] = radius * Math.cos(angle) + noise * normal(random);
    x[2 * i + 1] = radius * Math.sin(angle) + noise * normal(random);
  });
  return { x, labels, targets: oneHot(labels, 2) };
}

/** The network of some settings. @param {Settings} settings @returns {Description} */
export function describe({ task, units, dropout, l2, seed }) {
  /** @type {LayerSpec[]} */
  const hidden = [
    { layer: "Dense", units, activation: "relu", kernel_initializer: "he_normal", l2 },
    ...(dropout ? [/** @type {LayerSpec} */ ({ layer: "Dropout", rate: dropout })] : []),
  ];
  /** @type {LayerSpec} */
  const last = task === "curve"
    ? { layer: "Dense", units: 1, l2 }
    : { layer: "Dense", units: 2, activation: "softmax", l2 };
  return {
    input_shape: [task === "curve" ? 1 : 2],
    layers: [...hidden, ...hidden, last],
    loss: task === "curve" ? "mean_squared_error" : "categorical_crossentropy",
    optimizer: { optimizer: "Adam", learning_rate: RATE },
    seed,
  };
}

/** The loss of always giving the best constant answer. @param {Points} points @param {Task} task */
export function lossOfConstant({ targets }, task) {
  if (task === "ring") return Math.LN2;
  const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
  return targets.reduce((sum, value) => sum + (value - mean) ** 2, 0) / targets.length;
}

/** One training, with what its network was at each stage. */
export class Run {
  /** @param {Settings} settings @param {number} id its name in train.js */
  constructor(settings, id) {
    this.settings = settings;
    this.id = id;
    this.training = drawPoints(settings, "training");
    this.validation = drawPoints(settings, "validation");
    this.description = describe(settings);
    /** The loss of a constant answer. */
    this.constant = lossOfConstant(this.validation, settings.task);
    this.network = new Network(this.description, MOST_ASKED);
    /** @type {Stage[]} */
    this.stages = [];
    this.add(0, this.network.weights);
    /** Whether the training goes on, and what has gone wrong. */
    this.running = false;
    this.problem = "";
  }

  /** Whether all stages are known. */
  get isDone() {
    return this.stages.length > STAGES;
  }

  /** The stage with the least validation loss. */
  get best() {
    return this.stages.reduce((best, stage) => stage.validation < best.validation ? stage : best);
  }

  get last() {
    return this.stages[this.stages.length - 1];
  }

  /** How many weights and biases the network has. */
  get weights() {
    return this.network.sizes.reduce((sum, size) => sum + size);
  }

  /** Forget all stages but the first, as a training begins. */
  restart() {
    this.stages.length = 1;
    this.running = true;
    this.problem = "";
  }

  /** @param {string} problem */
  fail(problem) {
    this.running = false;
    this.problem = problem;
  }

  /** The stage at an epoch, or the last one that is known before. @param {number} epoch */
  at(epoch) {
    return this.stages[Math.min(Math.round(epoch / KEEP), this.stages.length - 1)];
  }

  /** @param {number} epoch @param {Float32Array[]} weights */
  add(epoch, weights) {
    const kept = weights.map((array) => array.slice());
    this.network.setWeights(kept);
    const [training, validation] = [this.training, this.validation].map((points) => {
      this.network.forward(points.x);
      return this.network.lossOf(points.targets);
    });
    this.stages.push({ epoch, weights: kept, training, validation });
  }

  /** Take in what train.js says. @param {import("./train.js").Event} event */
  hear(event) {
    if (event.type === "progress") {
      for (const { epoch, weights } of event.epochs) if (weights) this.add(epoch + 1, weights);
    } else if (event.type === "failed") {
      this.fail(event.message);
    } else if (event.type === "done") {
      this.running = false;
    }
  }

  /** What the network of a stage answers to points. @param {Stage} stage @param {Float32Array} x */
  answers({ weights }, x) {
    this.network.setWeights(weights);
    return this.network.forward(x);
  }

  /** What train.js is told to train. @returns {import("./train.js").Command[]} */
  get commands() {
    const settings = { epochs: EPOCHS, batch_size: this.training.labels.length, keep: KEEP };
    return [
      { type: "stop" },
      { type: "data", data: { train: this.training } },
      { type: "train", run: this.id, description: this.description, settings },
    ];
  }
}
