// What Recurrent computes: a simple recurrent layer that reads an image row by row, and the guess
// that each of its states gives. No DOM in here.

import { dense, softmax } from "./ops.js";
import { unpack } from "./weights.js";

/**
 * The weights in the order of Keras, each matrix row by row: from the pixels of a row, from the state
 * before and the biases; then from the state to the ten logits, with their biases.
 * @typedef {{
 *   kernel: ArrayLike<number>, recurrent: ArrayLike<number>, bias: ArrayLike<number>,
 *   head: ArrayLike<number>, headBias: ArrayLike<number>,
 * }} Weights
 * One step: for each unit what the row adds, what the state before adds, the sum with the bias, and
 * the new state, which is its tanh; then the probabilities that are read from the state.
 * @typedef {{input: number[], memory: number[], sums: number[], state: number[], guess: number[]}} Step
 * @typedef {typeof WAYS[number]} Way
 */

/** How many rows an image has, and how many pixels a row. */
export const SIDE = 28;
/** How many rows lie above the middle. */
export const HALF = SIDE / 2;
export const UNITS = 64;
export const CLASSES = 10;
/** In which way an image is read. */
export const WAYS = /** @type {const} */ (["as it is", "upside down", "last row first"]);

/** The weights of a file. @param {DataView} file @returns {Weights} */
export function load(file) {
  const sizes = [SIDE * UNITS, UNITS * UNITS, UNITS, UNITS * CLASSES, CLASSES];
  const [kernel, recurrent, bias, head, headBias] = unpack(file, sizes);
  return { kernel, recurrent, bias, head, headBias };
}

/**
 * Read one row.
 * @param {ArrayLike<number>} row
 * @param {ArrayLike<number>} before the state before it
 * @param {Weights} weights
 * @returns {Step}
 */
export function step(row, before, { kernel, recurrent, bias, head, headBias }) {
  const zeros = Array.from(bias, () => 0);
  const input = Array.from(dense(row, kernel, zeros));
  const memory = Array.from(dense(before, recurrent, zeros));
  const sums = input.map((part, unit) => part + memory[unit] + bias[unit]);
  const state = sums.map(Math.tanh);
  return { input, memory, sums, state, guess: Array.from(softmax(dense(state, head, headBias))) };
}

/**
 * Read rows one after the other; the state before the first one is all zeros.
 * @param {ArrayLike<number>[]} rows
 * @param {Weights} weights
 * @returns {Step[]}
 */
export function read(rows, weights) {
  /** @type {Step[]} */
  const steps = [];
  for (const row of rows) {
    const before = steps.length ? steps[steps.length - 1].state : Array.from(weights.bias, () => 0);
    steps.push(step(row, before, weights));
  }
  return steps;
}

/** An image turned by half a turn. @param {number[][]} rows */
export const turned = (rows) => rows.map((row) => [...row].reverse()).reverse();

/**
 * The image that is shown.
 * @param {number[][]} upper the image, or its upper half where there is another one below
 * @param {number[][] | undefined} lower the image that the lower half comes from
 * @param {Way} way
 */
export function shown(upper, lower, way) {
  const joined = lower ? [...upper.slice(0, HALF), ...lower.slice(HALF)] : upper;
  return way === "upside down" ? turned(joined) : joined;
}

/**
 * Which row a step reads, and which step reads a row: both count from 0.
 * @param {number} at
 * @param {Way} way
 */
export const placeOf = (at, way) => way === "last row first" ? SIDE - 1 - at : at;

/**
 * The rows of an image in the order in which they are read; or what belongs to each step in the order
 * of the rows.
 * @template T
 * @param {T[]} rows
 * @param {Way} way
 */
export const inOrder = (rows, way) => rows.map((_, at) => rows[placeOf(at, way)]);

/** How far two states lie apart: the mean size of the differences. @param {number[]} one @param {number[]} other */
export const apart = (one, other) =>
  one.reduce((sum, value, unit) => sum + Math.abs(value - other[unit]), 0) / one.length;

/** The classes from the most to the least probable. @param {number[]} guess */
export const ranked = (guess) =>
  guess.map((p, digit) => ({ digit, p })).sort((one, other) => other.p - one.p);
