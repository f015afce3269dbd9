// A map of Why: how much each pixel counts, in colour, under the edge of the ink.

import { make, panel, setLabel } from "./controls.js";
import { BLUE, ORANGE, WHITE } from "./grid.js";
import { alike, scaleInWords, TITLES } from "./why_words.js";

/** @typedef {import("./why_words.js").Kind} Kind */

const SIDE = 28;
/** How many pixels of the picture a pixel of the image has across. */
const PIXEL = 8;
/** A pixel with more ink than this is inside the edge. */
const INK = 0.5;
const MISSING = "Grad-CAM weighs the maps of the last convolution, and a dense network has none.";

/** The colour of a share of the scale. @param {number} share −1…1 */
function colorOf(share) {
  const pole = share < 0 ? BLUE : ORANGE;
  return `rgb(${WHITE.map((from, i) => Math.round(from + Math.abs(share) * (pole[i] - from)))})`;
}

/** The edge of the ink, as a path. @param {number[][]} image */
function edgeOf(image) {
  const edge = new Path2D();
  const isInk = (/** @type {number} */ row, /** @type {number} */ column) =>
    (image[row]?.[column] ?? 0) > INK;
  for (let row = 0; row <= SIDE; row++) {
    for (let column = 0; column <= SIDE; column++) {
      const [x, y] = [column * PIXEL, row * PIXEL];
      if (isInk(row, column) !== isInk(row - 1, column)) edge.rect(x, y - 0.5, PIXEL, 1);
      if (isInk(row, column) !== isInk(row, column - 1)) edge.rect(x - 0.5, y, 1, PIXEL);
    }
  }
  return edge;
}

/** @param {Kind} kind */
export function createHeat(kind) {
  const size = SIDE * PIXEL;
  const canvas = make("canvas", { width: size, height: size, role: "img" });
  const most = make("p", { className: "lx-size" });
  const [bar, number] = [make("i"), make("output")];
  const left = make("p", {}, make("span", { className: "lx-bar" }, bar), " ", number);
  left.className = "lx-left";
  const missing = make("p");
  const { element } = panel(TITLES[kind], canvas, missing, most, left);

  /** Show a map, or that there is none. @param {Float32Array | undefined} map @param {number[][]} image */
  function draw(map, image) {
    canvas.hidden = most.hidden = left.hidden = !map;
    missing.textContent = map ? "" : MISSING;
    if (!map) return;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const largest = map.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    map.forEach((value, pixel) => {
      context.fillStyle = colorOf(largest ? value / largest : 0);
      context.fillRect((pixel % SIDE) * PIXEL, Math.floor(pixel / SIDE) * PIXEL, PIXEL, PIXEL);
    });
    context.fillStyle = "#000000";
    context.fill(edgeOf(image));
    most.textContent = scaleInWords(kind, largest);
    const place = map.findIndex((value) => Math.abs(value) === largest);
    const at = `strongest at row ${Math.floor(place / SIDE)}, column ${place % SIDE}`;
    setLabel(canvas, `${TITLES[kind]}: ${most.textContent}${largest ? `, ${at}` : ""}`);
  }
  /** Show how alike the map and that of the trained network are. @param {number} correlation */
  function compare(correlation) {
    bar.style.width = `${100 * Math.max(0, correlation || 0)}%`;
    number.textContent = alike(correlation);
  }
  return { element, draw, compare };
}
