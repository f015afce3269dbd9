// What Overfit learns from: its settings, and the points that follow from them. No DOM in here.

import { createRandom, normal } from "./random.js";

/**
 * @typedef {"curve" | "ring"} Task
 * @typedef {{
 *   task: Task, units: number, examples: number, noise: number, dropout: number, l2: number,
 *   seed: number,
 * }} Settings
 * @typedef {import("./random.js").Random} Random
 *
 * `x` and `targets` hold the points one after the other.
 * @typedef {{x: Float32Array, labels: Uint8Array, targets: Float32Array}} Points
 * @typedef {"training" | "validation"} SetName
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
  const targets = Float32Array.from(
    { length: 2 * count },
    (_, i) => Number(labels[i >> 1] === i % 2),
  );
  return { x, labels, targets };
}

/** The loss of always giving the best constant answer. @param {Points} points @param {Task} task */
export function lossOfConstant({ targets }, task) {
  if (task === "ring") return Math.LN2;
  const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
  return targets.reduce((sum, value) => sum + (value - mean) ** 2, 0) / targets.length;
}
