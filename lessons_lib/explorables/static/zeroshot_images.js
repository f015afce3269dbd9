// The images of ZeroShot: one shape in one colour on grey, as lessons_lib.data.draw_colored_shapes
// draws them. No DOM in here.

import { clamp } from "./ops.js";
import { createRandom } from "./random.js";

/**
 * @typedef {typeof SHAPES[number]} Shape
 * @typedef {typeof COLORS[number]} Color
 * Where the shape lies and how large it is, in pixels; the brightness of its colour, and that of the
 * grey behind it, in 0…1.
 * @typedef {{
 *   row: number, column: number, radius: number, brightness: number, background: number,
 * }} Look
 */

export const SIDE = 24;
export const SHAPES = /** @type {const} */ (["square", "circle", "triangle", "cross"]);
export const COLORS = /** @type {const} */ (["red", "green", "blue", "yellow"]);
/** The parts of red, green and blue in a colour. */
const PARTS = {
  red: [1, 0.2, 0.2],
  green: [0.2, 1, 0.2],
  blue: [0.2, 0.2, 1],
  yellow: [1, 1, 0.2],
};

/**
 * About the distance of a pixel from the outline, positive inside the shape.
 * @type {Record<Shape, (x: number, y: number, radius: number) => number>}
 */
const depths = {
  square: (x, y, radius) => radius - Math.max(Math.abs(x), Math.abs(y)),
  circle: (x, y, radius) => radius - Math.hypot(x, y),
  triangle: (x, y, radius) => Math.min(radius - y, (y + radius) / 2 - Math.abs(x)),
  cross: (x, y, radius) =>
    Math.min(
      radius - Math.max(Math.abs(x), Math.abs(y)),
      radius / 3 - Math.min(Math.abs(x), Math.abs(y)),
    ),
};

/**
 * An image of a shape, row by row, with the three channels of a pixel together.
 * @param {Shape} shape
 * @param {Color} color
 * @param {Look} look
 */
export function drawShape(shape, color, { row, column, radius, brightness, background }) {
  const image = new Float32Array(3 * SIDE * SIDE);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    const [x, y] = [pixel % SIDE + 0.5 - column, Math.floor(pixel / SIDE) + 0.5 - row];
    const ink = clamp(depths[shape](x, y, radius) + 0.5, 0, 1);
    PARTS[color].forEach((part, channel) => {
      image[3 * pixel + channel] = ink * brightness * part + (1 - ink) * background;
    });
  }
  return image;
}

/** A look by chance. @param {import("./random.js").Random} random @returns {Look} */
function drawLook(random) {
  const between = (/** @type {number} */ low, /** @type {number} */ high) =>
    low + (high - low) * random();
  const radius = between(SIDE / 8, SIDE / 4);
  const [row, column] = [between(radius, SIDE - radius), between(radius, SIDE - radius)];
  return { row, column, radius, brightness: between(0.5, 1), background: between(0, 0.4) };
}

/**
 * Images of a shape in a colour; other seeds give other images.
 * @param {Shape} shape
 * @param {Color} color
 * @param {number} count
 * @param {number} seed
 */
export function drawImages(shape, color, count, seed) {
  const place = COLORS.length * SHAPES.indexOf(shape) + COLORS.indexOf(color);
  const random = createRandom(1000 * (seed + 1) + place);
  return Array.from({ length: count }, () => drawShape(shape, color, drawLook(random)));
}

/** The image that stands for a class. @param {Shape} shape @param {Color} color */
export const emblem = (shape, color) =>
  drawShape(shape, color, {
    ...{ row: SIDE / 2, column: SIDE / 2, radius: SIDE / 3, brightness: 1, background: 0.2 },
  });
