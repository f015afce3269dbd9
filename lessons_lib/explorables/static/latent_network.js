// What Latent computes: the decoder, and the two straight paths from one digit to another. No DOM in
// here.

import { Network } from "./nn.js";
import { unpack } from "./weights.js";

/**
 * The two numbers that a digit becomes.
 * @typedef {readonly [number, number]} Place
 * A digit's two numbers, and its class.
 * @typedef {readonly [x: number, y: number, label: number]} Code
 * The plane: the least and the largest of each number that is shown.
 * @typedef {{left: number, right: number, bottom: number, top: number}} Extent
 */

export const SIDE = 28;
/** How many steps lead from one digit to the other. */
export const STEPS = 8;
/** How much of the plane lies beyond the outermost codes. */
const MARGIN = 0.06;

/** The decoder of the course. @type {import("./nn.js").Description} */
const DECODER = {
  input_shape: [2],
  layers: [
    { layer: "Dense", units: 32, activation: "relu" },
    { layer: "Dense", units: SIDE * SIDE, activation: "sigmoid" },
  ],
  loss: "mean_squared_error",
};

/**
 * The decoder with the weights of a file: it draws 28×28 pixels, row by row, from two numbers.
 * @param {DataView} file
 * @returns {(place: Place) => number[]}
 */
export function createDecoder(file) {
  const network = new Network(DECODER, 1);
  network.setWeights(unpack(file, network.sizes));
  return (place) => Array.from(network.forward(place));
}

/**
 * A share of the way from some numbers to others, straight on: of a code, or of all pixels.
 * @template {readonly number[]} T
 * @param {T} from
 * @param {T} to
 * @param {number} share 0…1
 * @returns {T}
 */
export const between = (
  from,
  to,
  share,
) => /** @type {any} */ (from.map((value, i) => value + share * (to[i] - value)));

/**
 * The pictures of both paths at each step: drawn from a place between the codes, and each pixel
 * between those of the first and the last drawing.
 * @param {(place: Place) => number[]} decode
 * @param {Place} from
 * @param {Place} to
 */
export function paths(decode, from, to) {
  const shares = Array.from({ length: STEPS + 1 }, (_, step) => step / STEPS);
  const [first, last] = [decode(from), decode(to)];
  return {
    plane: shares.map((share) => decode(between(from, to, share))),
    pixels: shares.map((share) => between(first, last, share)),
  };
}

/** The mean of the squared differences. @param {ArrayLike<number>} one @param {ArrayLike<number>} other */
export const squaredError = (one, other) =>
  Array.from(one, (value, i) => (value - other[i]) ** 2).reduce((a, b) => a + b) / one.length;

/**
 * How many pixels are neither dark nor light.
 * @param {number[]} pixels
 */
export const greys = (pixels) => pixels.filter((value) => value > 0.25 && value < 0.75).length;

/** The part of the plane that holds all codes. @param {Code[]} codes @returns {Extent} */
export function extentOf(codes) {
  const [[left, right], [bottom, top]] = [0, 1].map((axis) => {
    const values = codes.map((code) => code[axis]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const room = MARGIN * (most - least || 1);
    return [least - room, most + room];
  });
  return { left, right, bottom, top };
}

/**
 * Where a place lies in the plane, as shares of its width, from the left, and of its height, from
 * the top.
 * @param {Place} place
 * @param {Extent} extent
 * @returns {[number, number]}
 */
export const sharesOf = ([x, y], { left, right, bottom, top }) => [
  (x - left) / (right - left),
  (top - y) / (top - bottom),
];

/**
 * The place of such shares.
 * @param {readonly [number, number]} shares
 * @param {Extent} extent
 * @returns {[number, number]}
 */
export const placeAt = ([across, down], { left, right, bottom, top }) => [
  left + across * (right - left),
  top - down * (top - bottom),
];

/**
 * The code that lies nearest to a place, and how far it is away, in widths of the plane.
 * @param {Place} place
 * @param {Code[]} codes
 * @param {Extent} extent
 */
export function nearest(place, codes, extent) {
  const [across, down] = sharesOf(place, extent);
  const all = codes.map(([x, y, label]) => {
    const [a, d] = sharesOf([x, y], extent);
    return { label, distance: Math.hypot(a - across, d - down) };
  });
  return all.reduce((best, one) => one.distance < best.distance ? one : best);
}
