// What Adversary computes: the step, random noise of the same size, and the smallest step that is
// enough. No DOM in here.

import { readDigit } from "./digitnetwork.js";
import { oneHot } from "./nn.js";
import { clamp } from "./ops.js";
import { createRandom } from "./random.js";

/** @typedef {import("./nn.js").Network} Network */

/** The largest size of a step. */
export const MOST = 0.3;
/** The difference between two sizes of the slider. */
export const FINE = 0.005;

/**
 * In which direction each pixel goes (−1, 0 or 1): the sign of the slope of the loss, so that the
 * loss of the answer grows, or the opposite one, so that the loss of a wanted class falls
 * (Goodfellow et al. 2015).
 * @param {Network} network
 * @param {ArrayLike<number>} x
 * @param {{from: number} | {to: number}} goal the class to get away from, or to come to
 */
export function signsOf(network, x, goal) {
  const [k, way] = "to" in goal ? [goal.to, -1] : [goal.from, 1];
  const { input } = network.gradients(x, oneHot([k], network.output.size));
  return input.map((slope) => way * Math.sign(slope));
}

/** Random directions, −1 or 1 for each pixel. @param {number} length @param {number} seed */
export function noiseOf(length, seed) {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random() < 0.5 ? -1 : 1);
}

/**
 * An image after a step, within 0…1.
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} signs
 * @param {number} size
 */
export const moved = (x, signs, size) =>
  Float32Array.from(x, (value, i) => clamp(value + size * signs[i], 0, 1));

/**
 * The smallest size at which the answer is as wanted, of those of the slider; undefined where none is.
 * @param {Network} network
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} signs
 * @param {(answer: number) => boolean} isWanted
 */
export function smallest(network, x, signs, isWanted) {
  for (let step = 1; step <= MOST / FINE; step++) {
    const size = Number((step * FINE).toFixed(3));
    if (isWanted(readDigit(network, moved(x, signs, size)).answer)) return size;
  }
  return undefined;
}

/**
 * How many of some random noises change the answer. It pauses after each noise.
 * @param {Network} network
 * @param {ArrayLike<number>} x
 * @param {number} size
 * @param {number} count
 * @returns {Generator<undefined, number>}
 */
export function* countChanged(network, x, size, count) {
  const { answer } = readDigit(network, x);
  let changed = 0;
  for (let seed = 0; seed < count; seed++) {
    const image = moved(x, noiseOf(x.length, seed), size);
    if (readDigit(network, image).answer !== answer) changed++;
    yield;
  }
  return changed;
}
