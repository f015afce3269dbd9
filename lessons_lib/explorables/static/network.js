// What the figures with a trained network share: the file of its weights, and its convolutions.
// Jupyter sends the bytes of the file with the widget; on a page they follow, so there a promise of
// them comes first.

import { activations, convolve } from "./ops.js";

/**
 * The weights and biases of the layers, in the order of the file.
 * @typedef {Float64Array[]} Arrays
 * @typedef {import("./ops.js").Maps} Maps
 */

/** A finite number of half precision (IEEE 754 binary16) from its bits. @param {number} bits */
export function half(bits) {
  const [power, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = power ? (1024 + fraction) * 2 ** (power - 25) : fraction * 2 ** -24;
  return bits >> 15 ? -size : size;
}

/**
 * The arrays of a file of little-endian numbers, of half or of single precision.
 * @param {DataView} file
 * @param {number[]} sizes how many numbers each array has
 * @returns {Arrays}
 */
export function unpack(file, sizes) {
  const total = sizes.reduce((a, b) => a + b);
  const bytes = file.byteLength / total;
  if (bytes !== 2 && bytes !== 4) {
    const rule = `the file must hold ${total} weights of 2 or 4 bytes each`;
    throw new Error(`${rule}. Received: ${file.byteLength} bytes`);
  }
  /** @param {number} i */
  const number = (i) =>
    bytes === 2 ? half(file.getUint16(2 * i, true)) : file.getFloat32(4 * i, true);
  const all = Float64Array.from({ length: total }, (_, i) => number(i));
  let from = 0;
  return sizes.map((size) => all.subarray(from, from += size));
}

/**
 * A 3×3 convolution and ReLU.
 * @param {Maps} maps
 * @param {Arrays} arrays the kernels and the biases
 * @param {"valid" | "same"} padding
 * @returns {import("./ops.js").Computed}
 */
export function stage(maps, [weights, bias], padding) {
  const size = { height: 3, width: 3, channels: maps.channels, filters: bias.length };
  const sums = convolve(maps, { ...size, data: weights }, { padding, bias });
  return { ...sums, data: sums.data.map(activations.relu.of) };
}
