// What Why says. No DOM in here.

import { minus, show } from "./words.js";

/** The three maps. @typedef {"saliency" | "occlusion" | "gradCam"} Kind */
export const KINDS = /** @type {Kind[]} */ (["saliency", "occlusion", "gradCam"]);
export const TITLES = { saliency: "Saliency", occlusion: "Occlusion", gradCam: "Grad-CAM" };
/** What the largest value of each map is. */
const LARGEST = {
  saliency: "steepest slope",
  occlusion: "largest fall",
  gradCam: "largest value",
};

/** A value of which two digits count. @param {number} value */
const short = (value) => value && value < 0.001 ? "below 0.001" : show(value, value < 0.1 ? 3 : 2);

/** The end of a map's scale. @param {Kind} kind @param {number} most */
export const scaleInWords = (kind, most) =>
  most ? `${LARGEST[kind]} ${short(most)}` : "0 everywhere";

/** How alike two maps are; NaN where one of them has no order. @param {number} correlation */
export const alike = (correlation) =>
  Number.isNaN(correlation) ? "none" : minus(correlation.toFixed(2));

/** @param {string[]} parts */
const listed = (parts) =>
  [parts.slice(0, -1).join(", "), ...parts.slice(-1)].filter(Boolean).join(" and ");

/**
 * What is seen, in words.
 * @param {{
 *   name: string, answer: number, probability: number, k: number, share: number,
 *   random: string[], now: {answer: number, probability: number}, correlations: Partial<Record<Kind, number>>,
 * }} seen `random` names the layers whose weights are random, and `now` is what the network then says
 */
export function inWords({ name, answer, probability, k, share, random, now, correlations }) {
  const says = `${name} says ${answer}, with probability ${show(probability, 3)}.`;
  if (!random.length) {
    return k === answer
      ? `${says} Each map shows in its own way what the ${k} hangs on.`
      : `${says} The maps are those of a ${k}, whose probability is ${show(share, 3)}.`;
  }
  const left = KINDS.filter((kind) => kind in correlations)
    .map((kind) => `${TITLES[kind]} ${alike(correlations[kind] ?? NaN)}`);
  return `${says} With random weights in its ${
    listed(random)
  }, it says ${now.answer}, with probability ${
    show(now.probability, 3)
  }. Rank correlations with the trained network’s maps of the ${k}: ${left.join(", ")}.`;
}
