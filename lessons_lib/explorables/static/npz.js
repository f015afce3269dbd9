// Writes the files of NumPy that `numpy.load` reads: arrays in a zip that compresses nothing. No DOM
// in here.

/** What an array of a file is: numbers with their shape, or a text. @typedef {{shape: number[], values: Float32Array} | string} Content */

/** The steps of CRC-32 for each byte. */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});

/** The checksum of a zip. @param {Uint8Array} bytes */
export const checksum = (bytes) =>
  (bytes.reduce((crc, byte) => CRC[(crc ^ byte) & 255] ^ (crc >>> 8), 0xffffffff) ^ 0xffffffff) >>>
  0;

/** @param {...(Uint8Array | ArrayLike<number>)} parts */
function join(...parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {string} text */
const encode = (text) => new TextEncoder().encode(text);

/** Whole numbers of 2 or 4 bytes, the lowest byte first. @param {[bytes: 2 | 4, value: number][]} numbers */
const little = (numbers) =>
  numbers.flatMap(([bytes, value]) =>
    Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255)
  );

/**
 * The bytes of numbers of 4 bytes each, the lowest byte first.
 * @param {Float32Array | number[]} numbers
 * @param {"setFloat32" | "setUint32"} set
 */
function bytesOf(numbers, set) {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((value, i) => view[set](4 * i, value, true));
  return new Uint8Array(view.buffer);
}

/** The type, the shape and the bytes of an array. @param {Content} content */
function parts(content) {
  if (typeof content !== "string") {
    return { type: "<f4", shape: content.shape, bytes: bytesOf(content.values, "setFloat32") };
  }
  const letters = Array.from(content, (letter) => letter.codePointAt(0) ?? 0);
  return { type: `<U${letters.length}`, shape: [], bytes: bytesOf(letters, "setUint32") };
}

/** An array as the format .npy, version 1, has it. @param {Content} content */
export function toNpy(content) {
  const { type, shape, bytes } = parts(content);
  const sizes = shape.map((size) => `${size},`).join(" ");
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // What follows the header begins at a multiple of 64 bytes.
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + "\n";
  const start = [little([[2, 1], [2, padded.length]]), encode(padded)];
  return join([0x93], encode("NUMPY"), ...start, bytes);
}

/** Arrays as one file .npz, in their order. @param {[name: string, content: Content][]} arrays */
export function toNpz(arrays) {
  const files = [];
  const directory = [];
  let at = 0;
  for (const [name, content] of arrays) {
    const [title, data] = [encode(`${name}.npy`), toNpy(content)];
    // The version, no flags, no compression, midnight of the first day of the zip's calendar.
    const about = little(
      [
        [2, 20],
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 33],
        [4, checksum(data)],
        [4, data.length],
        [4, data.length],
        [2, title.length],
        [2, 0],
      ],
    );
    const file = join(little([[4, 0x04034b50]]), about, title, data);
    directory.push(join(
      ...[little([[4, 0x02014b50], [2, 20]]), about],
      ...[little([[2, 0], [2, 0], [2, 0], [4, 0], [4, at]]), title],
    ));
    files.push(file);
    at += file.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = arrays.length;
  const end = little(
    [[4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, at], [2, 0]],
  );
  return join(...files, ...directory, end);
}
