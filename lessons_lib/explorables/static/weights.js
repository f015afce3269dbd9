// Trained weights for a figure: a file of little-endian floats, loaded when the figure is mounted.

/**
 * The bytes of the file that the trait `weights` names. Jupyter serves no file beside a module, so there the trait `_weights`
 * brings them along.
 * @param {import("./controls.js").Model} model @returns {Promise<ArrayBuffer>}
 */
export async function load(model) {
  /** @type {DataView | undefined} */
  const given = model.get("_weights");
  if (given) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength).slice().buffer;
  const answer = await fetch(new URL(`./weights/${model.get("weights")}`, import.meta.url));
  if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
  return answer.arrayBuffer();
}

/** The arrays of a file of float32, back to back. @param {ArrayBuffer} file @param {number[][]} shapes */
export function unpack(file, shapes) {
  const sizes = shapes.map((shape) => shape.reduce((a, b) => a * b));
  const total = sizes.reduce((a, b) => a + b);
  if (file.byteLength !== 4 * total) {
    throw new Error(`the file must hold ${total} weights. Received: ${file.byteLength / 4}`);
  }
  let end = 0;
  return sizes.map((size) => new Float32Array(file, 4 * (end += size) - 4 * size, size));
}
