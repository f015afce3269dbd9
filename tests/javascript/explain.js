// Explains an answer of a network, for the comparison with Keras in test_slopes.py.

import { signsOf } from "../../lessons_lib/explorables/static/adversary_step.js";
import { DESCRIPTION } from "../../lessons_lib/explorables/static/digitnetwork.js";
import { Network } from "../../lessons_lib/explorables/static/nn.js";
import { gradCam, occlusion, saliency } from "../../lessons_lib/explorables/static/why_maps.js";

/**
 * @param {import("../../lessons_lib/explorables/static/nn.js").Description | null} description that of
 *   the course if there is none
 * @param {number[][]} weights
 * @param {number[]} x
 * @param {number} k the class
 */
export function explain(description, weights, x, k) {
  const network = new Network(description ?? DESCRIPTION, 1);
  network.setWeights(weights);
  return {
    saliency: saliency(network, x, k),
    occlusion: occlusion(network, x, k),
    gradCam: gradCam(network, x, k),
    away: signsOf(network, x, { from: k }),
    towards: signsOf(network, x, { to: k }),
  };
}
