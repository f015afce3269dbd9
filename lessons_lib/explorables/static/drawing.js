// Drawing a digit of 28×28 pixels, and what a network says of it. No DOM in here.

import { clamp, shift } from "./ops.js";

/** @typedef {[number, number]} Place a row and a column */

const SIDE = 28;
/** How thick a stroke is: half of it, in pixels. */
const BRUSH = 1.7;

/** An image without ink. @type {number[][]} */
export const BLANK = Array.from({ length: SIDE }, () => Array(SIDE).fill(0));

/** An image from its bytes, one a pixel, row by row. @param {string} example in base64 @returns {number[][]} */
export function decode(example) {
  const bytes = atob(example);
  return Array.from(
    { length: SIDE },
    (_, i) => Array.from({ length: SIDE }, (_, j) => bytes.charCodeAt(i * SIDE + j) / 255),
  );
}

/**
 * A stroke with a soft edge.
 * @param {number[][]} rows
 * @param {Place} from
 * @param {Place} to
 * @param {boolean} erase
 */
export function stroke(rows, from, to, erase) {
  const [down, right] = [to[0] - from[0], to[1] - from[1]];
  const length = down * down + right * right || 1;
  return rows.map((row, i) =>
    row.map((value, j) => {
      const along = clamp(((i - from[0]) * down + (j - from[1]) * right) / length, 0, 1);
      const distance = Math.hypot(i - from[0] - along * down, j - from[1] - along * right);
      const ink = clamp(Number((BRUSH - distance).toFixed(2)), 0, 1);
      return erase ? Math.min(value, 1 - ink) : Math.max(value, ink);
    })
  );
}

/**
 * Move an image so that its centre of mass lies in the middle, as the makers of MNIST did.
 * @param {number[][]} rows
 */
export function centre(rows) {
  const middle = (SIDE - 1) / 2;
  let [mass, down, right] = [1e-9, 0, 0];
  rows.forEach((row, i) =>
    row.forEach((value, j) => {
      mass += value;
      down += value * (middle - i);
      right += value * (middle - j);
    })
  );
  return shift(rows, Math.round(down / mass), Math.round(right / mass));
}

/**
 * The two highest probabilities in words.
 * @param {ArrayLike<number>} probabilities
 * @param {string} [name] what the network is called
 */
export function inWords(probabilities, name = "The network") {
  const [best, next] = Array.from(probabilities, (share, digit) => [share, digit]).sort((a, b) =>
    b[0] - a[0]
  );
  return `${name} says ${best[1]}, with probability ${best[0].toFixed(3)}. Next comes ${
    next[1]
  }, with ${next[0].toFixed(3)}.`;
}
