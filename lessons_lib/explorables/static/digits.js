// What is done to many digits at once: bytes, 28×28 for each image, row by row. No DOM in here.

/** The height and width of a digit. */
export const SIDE = 28;
/** The eight directions in which digits move in turn: rows down, columns to the right. */
const WAYS = [[0, 1], [1, 1], [1, 0], [1, -1], [0, -1], [-1, -1], [-1, 0], [-1, 1]];

/**
 * Images on a larger canvas, in its middle, each moved by so many pixels in one of eight directions
 * in turn, and by so many to the right; what leaves the canvas is lost.
 * @param {ArrayLike<number>} x bytes, 28×28 for each image
 * @param {number} side of the canvas
 * @param {number} [by]
 * @param {number} [toTheRight]
 */
export function onCanvas(x, side, by = 0, toTheRight = 0) {
  const count = x.length / SIDE ** 2;
  const canvas = new Uint8Array(count * side ** 2);
  for (let i = 0; i < count; i++) {
    const [down, across] = WAYS[i % WAYS.length].map((way) => way * by + (side - SIDE) / 2);
    const right = across + toTheRight;
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++) {
        const [to, at] = [Math.floor(row + down), Math.floor(column + right)];
        if (to < 0 || to >= side || at < 0 || at >= side) continue;
        canvas[i * side ** 2 + to * side + at] = x[i * SIDE ** 2 + row * SIDE + column];
      }
    }
  }
  return canvas;
}

/**
 * Images with all their pixels in another order, the same for each.
 * @param {Uint8Array} x
 * @param {Uint32Array} order
 */
export function reordered(x, order) {
  const size = order.length;
  return x.map((_, at) => x[at - (at % size) + order[at % size]]);
}
