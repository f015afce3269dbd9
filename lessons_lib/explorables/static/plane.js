// The plane in which two classes of points lie, coloured by what a network answers at each place.

import { BLUE, ORANGE } from "./grid.js";

/**
 * A picture of the plane.
 * @param {{cells: number, reach: number, side: number}} size how many places lie beside each other,
 *   how far the plane reaches from 0, and how many pixels the picture has across
 */
export function createPlane({ cells, reach, side }) {
  const size = side / cells;
  /** The places, row by row from the top. */
  const places = Float32Array.from({ length: 2 * cells * cells }, (_, i) => {
    const cell = Math.floor(i / 2);
    const at = i % 2 ? cells - 1 - Math.floor(cell / cells) : cell % cells;
    return reach * (2 * (at + 0.5) / cells - 1);
  });
  const to = (/** @type {number} */ value) => (value / reach + 1) / 2 * side;

  /**
   * Colour the plane: blue where the first class is more probable, orange where the second is.
   * @param {CanvasRenderingContext2D} context
   * @param {Float32Array} outputs two probabilities for each place
   * @returns {number} the share of the second class
   */
  function paint(context, outputs) {
    let second = 0;
    for (let cell = 0; cell < cells * cells; cell++) {
      const share = outputs[2 * cell + 1];
      const [pole, strength] = [share > 0.5 ? ORANGE : BLUE, Math.abs(2 * share - 1) * 0.6 + 0.1];
      if (share > 0.5) second++;
      context.fillStyle = `rgb(${pole.map((part) => Math.round(255 + strength * (part - 255)))})`;
      context.fillRect((cell % cells) * size, Math.floor(cell / cells) * size, size, size);
    }
    return second / cells ** 2;
  }
  /** @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} x @param {ArrayLike<number>} labels */
  function paintPoints(context, x, labels) {
    for (let i = 0; i < labels.length; i++) {
      paintPoint(context, to(x[2 * i]), side - to(x[2 * i + 1]), Boolean(labels[i]));
    }
  }
  return { places, paint, paintPoints };
}

/**
 * A point: a blue dot, or an orange square for the second class.
 * @param {CanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} top
 * @param {boolean} second
 */
export function paintPoint(context, left, top, second) {
  context.beginPath();
  if (second) context.rect(left - 3, top - 3, 6, 6);
  else context.arc(left, top, 3.5, 0, 7);
  context.fillStyle = `rgb(${second ? ORANGE : BLUE})`;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = "#ffffff";
  context.stroke();
}
