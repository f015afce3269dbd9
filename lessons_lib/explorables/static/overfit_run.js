// What Overfit trains: its network, and a run with what it was at each stage. No DOM in here.

import { Network } from "./nn.js";
import { drawPoints, EPOCHS, KEEP, lossOfConstant, STAGES } from "./overfit_points.js";

/**
 * @typedef {import("./overfit_points.js").Settings} Settings
 * @typedef {import("./overfit_points.js").Points} Points
 * @typedef {import("./nn.js").Description} Description
 * @typedef {import("./layers.js").LayerSpec} LayerSpec
 *
 * What the network was after so many epochs: its weights, and its loss on both sets, without dropout
 * and without the loss of L2.
 * @typedef {{epoch: number, weights: Float32Array[], training: number, validation: number}} Stage
 */

/** How many points a network is asked about at once, at most. */
const MOST_ASKED = 1600;
const RATE = 0.01;

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
