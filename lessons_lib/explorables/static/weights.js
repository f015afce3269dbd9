// The files of trained weights, which lessons_lib/weights.py writes: the arrays of a network one
// after the other, as little-endian numbers of half or of single precision.

/** A finite number of half precision (IEEE 754 binary16) from its bits. @param {number} bits */
export function half(bits) {
  const [power, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = power ? (1024 + fraction) * 2 ** (power - 25) : fraction * 2 ** -24;
  return bits >> 15 ? -size : size;
}

/**
 * The arrays of a file.
 * @param {DataView} file
 * @param {number[]} sizes how many numbers each array has
 * @returns {Float32Array[]}
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
  const all = Float32Array.from({ length: total }, (_, i) => number(i));
  let from = 0;
  return sizes.map((size) => all.subarray(from, from += size));
}

/** The content of a file of single precision. @param {Float32Array[]} arrays @returns {DataView} */
export function pack(arrays) {
  const numbers = arrays.flatMap((array) => Array.from(array));
  const file = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => file.setFloat32(4 * i, number, true));
  return file;
}
