// What Why computes: three maps of what an answer hangs on, the network with random weights in its
// last layers, and how alike two maps are. No DOM in here.

import { Network } from "./nn.js";
import { clamp } from "./ops.js";

const SIDE = 28;
/** The rows and columns of the patch that covers a part of the image. */
export const PATCH = 5;

/**
 * The absolute value of the slope of a class's logit by each pixel.
 * @param {Network} network
 * @param {ArrayLike<number>} x
 * @param {number} k the class
 */
export function saliency(network, x, k) {
  network.forward(x);
  return network.slopes(k).map(Math.abs);
}

/** The pixels under the patch in whose middle a pixel lies. @param {number} pixel */
function patchAt(pixel) {
  const [top, left] = [Math.floor(pixel / SIDE), pixel % SIDE].map((at) => at - (PATCH >> 1));
  return Array.from(
    { length: PATCH ** 2 },
    (_, i) => [top + Math.floor(i / PATCH), left + i % PATCH],
  )
    .filter((place) => place.every((at) => at >= 0 && at < SIDE))
    .map(([row, column]) => row * SIDE + column);
}

/**
 * How far the probability of a class falls when a patch of zeros covers the image, with each pixel
 * in the middle of the patch once. It pauses after each step, as there are hundreds.
 * @param {Network} network
 * @param {ArrayLike<number>} x
 * @param {number} k the class
 * @returns {Generator<undefined, Float32Array>}
 */
export function* occlusionSteps(network, x, k) {
  const drops = new Float32Array(SIDE * SIDE);
  const whole = network.forward(x)[k];
  const covered = Float32Array.from(x);
  for (let pixel = 0; pixel < drops.length; pixel++) {
    const hidden = patchAt(pixel).filter((place) => x[place]);
    if (!hidden.length) continue; // the image stays as it is
    for (const place of hidden) covered[place] = 0;
    drops[pixel] = whole - network.forward(covered)[k];
    for (const place of hidden) covered[place] = x[place];
    yield;
  }
  return drops;
}

/** The same without pauses. @param {Network} network @param {ArrayLike<number>} x @param {number} k */
export function occlusion(network, x, k) {
  const steps = occlusionSteps(network, x, k);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * Rows of numbers at a larger size: each new value lies between its four nearest ones (bilinear).
 * @param {number[][]} rows
 * @param {number} height
 * @param {number} width
 */
export function enlarged(rows, height, width) {
  /** @param {number} at @param {number} size @param {number} length */
  const between = (at, size, length) => {
    const place = clamp((at + 0.5) * length / size - 0.5, 0, length - 1);
    const first = Math.floor(place);
    return { first, second: Math.min(first + 1, length - 1), share: place - first };
  };
  const columns = Array.from({ length: width }, (_, at) => between(at, width, rows[0].length));
  return Array.from({ length: height }, (_, at) => {
    const { first, second, share } = between(at, height, rows.length);
    return columns.map((column) => {
      const [above, below] = [rows[first], rows[second]].map((row) =>
        row[column.first] + column.share * (row[column.second] - row[column.first])
      );
      return above + share * (below - above);
    });
  });
}

/**
 * The weighted sum of the maps of the last convolution, without what is negative, at the size of the
 * image. A map's weight is the mean slope of the class's logit by it (Selvaraju et al. 2017).
 * @param {Network} network
 * @param {ArrayLike<number>} x
 * @param {number} k the class
 * @returns {Float32Array | undefined} nothing where the network has no convolution
 */
export function gradCam(network, x, k) {
  const last = network.description.layers.findLastIndex(({ layer }) => layer === "Conv2D");
  if (last < 0) return undefined;
  network.forward(x);
  network.slopes(k);
  const { height, width, channels, data } = network.mapsOf(last);
  const weights = new Float64Array(channels);
  network.slopesOf(last).data.forEach((slope, i) => {
    weights[i % channels] += slope / (height * width);
  });
  const rows = Array.from(
    { length: height },
    (_, row) =>
      Array.from({ length: width }, (_, column) => {
        const at = (row * width + column) * channels;
        return Math.max(0, weights.reduce((sum, weight, c) => sum + weight * data[at + c], 0));
      }),
  );
  return Float32Array.from(enlarged(rows, SIDE, SIDE).flat());
}

/** The layers with weights. @param {Network} network */
const weighed = ({ layers }) => layers.filter(({ parameters }) => parameters.length);

/** The names of the layers with weights, from the last to the first. @param {Network} network */
export function namesOf(network) {
  const kinds = weighed(network).map(({ kind }) =>
    kind === "Conv2D" ? "convolution" : "dense layer"
  );
  const numbered = kinds.map((kind, i) => {
    const alone = kinds.indexOf(kind) === kinds.lastIndexOf(kind);
    const number = kinds.slice(0, i + 1).filter((other) => other === kind).length;
    return alone ? kind : `${kind} ${number}`;
  });
  return numbered.reverse();
}

/**
 * A network whose last layers have random weights, as before a training, and whose others have those
 * of a trained network (Adebayo et al. 2018).
 * @param {Network} network
 * @param {number} count how many of the layers with weights are random
 * @param {number} seed
 */
export function randomised(network, count, seed) {
  const changed = new Network({ ...network.description, seed }, 1);
  const layers = weighed(changed);
  const trained = weighed(network);
  for (let i = 0; i < layers.length - count; i++) {
    layers[i].parameters.forEach(({ values }, j) => values.set(trained[i].parameters[j].values));
  }
  return changed;
}

/** The ranks of values, from 0; equal values share the mean of theirs. @param {ArrayLike<number>} values */
export function ranks(values) {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const found = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) found[order[i]] = (from + to - 1) / 2;
  }
  return found;
}

/**
 * The rank correlation of two maps (Spearman): 1 where both order the pixels alike. NaN where all
 * pixels of a map are equal.
 * @param {ArrayLike<number>} first
 * @param {ArrayLike<number>} second
 */
export function rankCorrelation(first, second) {
  const middle = (first.length - 1) / 2;
  const [a, b] = [first, second].map((values) => ranks(values).map((rank) => rank - middle));
  /** @param {Float64Array} a @param {Float64Array} b */
  const product = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
