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
 * What has been read, and the guess from the state. Where two digits are joined, also how far the
 * state lies from that of the second digit alone: this is what is left of the first half.
 * @param {Step[]} steps of all rows
 * @param {number} done how many of them count
 * @param {Way} way
 * @param {number} [away] how far the state lies from that of the digit whose half is read last
 */
export function inWords(steps, done, way, away) {
  if (!done) {
    return `Nothing is read yet: the state is ${UNITS} zeros. Press Play, or press a row of the digit.`;
  }
  const place = placeOf(done - 1, way);
  const said = `Row ${place} is read, ${done} of ${SIDE}. The guess from the state: ` +
    `${guessInWords(steps[done - 1].guess)}.`;
  if (away === undefined || done <= HALF) return said;
  return `${said} Its values lie ${away.toFixed(2)} on average from those that the second digit ` +
    `alone would give: this is left of the first half.`;
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
