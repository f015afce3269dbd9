// What Adversary says. No DOM in here.

import { show } from "./words.js";

/** What a network says of an image. @typedef {{answer: number, probability: number}} Says */

/** How many noises are tried. */
export const NOISES = 100;

/** @param {Says} says */
const verdict = ({ answer, probability }) => `${answer}, with probability ${show(probability, 3)}`;

/**
 * What is seen, in words.
 * @param {{
 *   name: string, size: number, before: Says, after: Says, noise: Says, changed: number, flat: boolean,
 * }} seen `changed` is how many noises change the answer, and `flat` says that all slopes are 0
 */
export function inWords({ name, size, before, after, noise, changed, flat }) {
  const start = `${name} says ${verdict(before)}.`;
  if (flat) return `${start} It is so sure that all slopes of the loss are 0: no step leads away.`;
  if (!size) return `${start} Move the slider: the step has a size of 0.`;
  const step = `After a step of ${size} it says ${verdict(after)}`;
  return `${start} ${step}; with random noise of this size ${
    verdict(noise)
  }. Of ${NOISES} such noises, ${changed || "none"} change${changed > 1 ? "" : "s"} the answer.`;
}

/**
 * What came of the search for the smallest step.
 * @param {{size: number | undefined, wanted: string}} found
 */
export const foundInWords = ({ size, wanted }) =>
  size === undefined
    ? `No step up to 0.3 ${wanted}.`
    : `The smallest step that ${wanted} is ${size}.`;
