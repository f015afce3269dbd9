// What Latent says of a place in the plane and of the two paths. No DOM in here.

import { greys, STEPS } from "./latent_network.js";
import { show } from "./words.js";

/**
 * @typedef {import("./latent_network.js").Place} Place
 */

/** From which distance on no code is near, in widths of the plane. */
const FAR = 0.06;

/** Two numbers as a place. @param {Place} place */
export const placeInWords = ([x, y]) => `(${show(x)}, ${show(y)})`;

/**
 * Where the marker is.
 * @param {Place} place
 * @param {{label: number, distance: number}} near the nearest code
 * @param {number} count how many codes there are
 */
export function markerInWords(place, { label, distance }, count) {
  const at = `From ${placeInWords(place)} the decoder draws the picture.`;
  return distance > FAR
    ? `${at} No digit has a code near here, and the decoder draws something all the same.`
    : `${at} The nearest of ${count} codes is that of a ${label}.`;
}

/**
 * What one step of both paths shows.
 * @param {number} step
 * @param {number[]} plane the pixels that are drawn
 * @param {number[]} pixels those that are mixed
 */
export function pathInWords(step, plane, pixels) {
  if (step % STEPS === 0) return `Step ${step} of ${STEPS}: both paths have the same ends.`;
  return `Step ${step} of ${STEPS}. Grey pixels (0.25 to 0.75): ${greys(plane)} straight in the ` +
    `plane, ${greys(pixels)} straight in pixels.`;
}
