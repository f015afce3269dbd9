// What the figures with a trained network share: its weights, from a file of half precision, and its convolutions.

import { activations, convolve } from "./ops.js";

/**
 * The weights and biases of the layers, in the order of the file.
 * @typedef {Float64Array[]} Arrays
 * @typedef {import("./ops.js").Maps} Maps
 */

/** A finite number of half precision (IEEE 754 binary16) from its bits. @param {number} bits */
export function half(bits) {
  const [power, fraction] = [(bits >> 10) & 31, bits & 1023];
  return (bits >> 15 ? -1 : 1) *
    (power ? (1024 + fraction) * 2 ** (power - 25) : fraction * 2 ** -24);
}

/** The arrays of a file of little-endian half precision. @param {DataView} file @param {number[]} sizes @returns {Arrays} */
export function unpack(file, sizes) {
  const total = sizes.reduce((a, b) => a + b);
  if (file.byteLength !== 2 * total) {
    throw new Error(`the file must hold ${total} weights. Received: ${file.byteLength / 2}`);
  }
  const all = Float64Array.from({ length: total }, (_, i) => half(file.getUint16(2 * i, true)));
  let from = 0;
  return sizes.map((size) => all.subarray(from, from += size));
}

/** The arrays of a file beside this module, or of its bytes where Jupyter has sent them along. @param {string} name @param {number[]} sizes @param {DataView} [sent] */
export async function load(name, sizes, sent) {
  if (sent) return unpack(sent, sizes);
  const reply = await fetch(new URL(`./weights/${name}`, import.meta.url));
  if (!reply.ok) throw new Error(`${reply.status} ${reply.statusText}`);
  return unpack(new DataView(await reply.arrayBuffer()), sizes);
}

/** A 3×3 convolution and ReLU. @param {Maps} maps @param {Arrays} arrays @param {"valid" | "same"} padding */
export function stage(maps, [weights, bias], padding) {
  const kernels = {
    height: 3,
    width: 3,
    channels: maps.channels,
    filters: bias.length,
    data: weights,
  };
  const { data, ...size } = convolve(maps, kernels, { padding, bias });
  return { ...size, data: data.map(activations.relu.of) };
}
