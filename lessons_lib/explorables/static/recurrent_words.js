// What Recurrent says: what has been read, the guess, and where a value of the state comes from. No
// DOM in here.

import { HALF, placeOf, ranked, SIDE, UNITS } from "./recurrent_network.js";

/**
 * @typedef {import("./recurrent_network.js").Step} Step
 * @typedef {import("./recurrent_network.js").Way} Way
 */

/** The two most probable digits in words. @param {number[]} guess */
function guessInWords(guess) {
  const [first, second] = ranked(guess);
  return `${first.digit} with probability ${first.p.toFixed(2)}, then ${second.digit} with ` +
    second.p.toFixed(2);
}

/**
 * What has been read, and the guess from the state.
 * @param {Step[]} steps of all rows
 * @param {number} done how many of them count
 * @param {Way} way
 */
export function inWords(steps, done, way) {
  if (!done) {
    return `Nothing is read yet: the state is ${UNITS} zeros. Press Play, or press a row of the digit.`;
  }
  return `Row ${placeOf(done - 1, way)} is read, ${done} of ${SIDE}. The guess from the state: ` +
    `${guessInWords(steps[done - 1].guess)}.`;
}

/**
 * What is left of the first half where two digits are joined: how far the state lies from that of the
 * second digit alone.
 * @param {number} done how many rows have been read
 * @param {number | undefined} away the mean size of the differences; undefined if nothing is joined
 */
export function memoryInWords(done, away) {
  if (away === undefined) return "";
  const differs =
    `differs by ${away.toFixed(2)} from that of the second digit alone (mean over the ` +
    `${UNITS} values).`;
  return done > HALF
    ? `What is left of the first half: the state still ${differs}`
    : `All rows so far are of the first digit: the state ${differs}`;
}

/**
 * Where a value of the state comes from, as names and numbers.
 * @param {Step} step
 * @param {ArrayLike<number>} biases
 * @param {number} unit
 * @returns {[sign: string, name: string, value: number][]}
 */
export const partsOf = ({ input, memory, sums, state }, biases, unit) => [
  ["", `${SIDE} pixels × weights`, input[unit]],
  ["+", `${UNITS} old values × weights`, memory[unit]],
  ["+", "bias", biases[unit]],
  ["=", "sum", sums[unit]],
  ["→", "tanh of the sum", state[unit]],
];
