// A digit of the reader's own: a picture becomes 28×28 pixels in the way in which MNIST was made,
// and each step can be looked at.

import { centre } from "./drawing.js";
import { grey, parts } from "./ownpicture.js";

/**
 * Rows of numbers 0…1; in all steps but the first, 1 is ink.
 * @typedef {number[][]} Rows
 * @typedef {{name: string, rows: Rows}} Step
 */

/** How many rows or columns the picture has at most in which the digit is looked for. */
export const DETAIL = 112;
const SIDE = 28;
/** The ink's box is scaled to at most so many rows and columns, as in MNIST. */
const INK = 20;
/** A patch of ink counts if it has at least this share of the largest one's pixels. */
const SHARE = 0.1;
/** How wide a line of MNIST's digits is, in pixels of the 20×20. */
const LINE = 1.95;
/** Ink is at least so much of the picture's range above the paper around it. */
const LEAST = 0.12;

/** What is no further above the paper is paper, too. */
const NOISE = 0.02;

/** @param {Rows} rows @param {(value: number, row: number, column: number) => number} change */
const each = (rows, change) => rows.map((row, i) => row.map((value, j) => change(value, i, j)));

/** The middle one of some numbers. @param {number[]} numbers */
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** The pixels at the edge of a picture. @param {Rows} rows */
const edge = (rows) =>
  rows.flatMap((row, i) => i === 0 || i === rows.length - 1 ? row : [row[0], row[row.length - 1]]);

/**
 * Whether the paper is light: then its edge is lighter than the whole.
 * @param {Rows} rows
 */
export function isLight(rows) {
  const all = rows.flat();
  return median(edge(rows)) > all.reduce((a, b) => a + b) / all.length;
}

/**
 * Solve three equations in three unknowns.
 * @param {number[][]} equations each with its right-hand side at the end
 */
function solve(equations) {
  const left = equations.map((row) => [...row]);
  for (let i = 0; i < 3; i++) {
    const pivot = left.slice(i).reduce((a, b) => Math.abs(b[i]) > Math.abs(a[i]) ? b : a);
    left.splice(left.indexOf(pivot), 1);
    left.splice(i, 0, pivot);
    for (let row = 0; row < 3; row++) {
      if (row === i || !pivot[i]) continue;
      const factor = left[row][i] / pivot[i];
      left[row] = left[row].map((value, column) => value - factor * pivot[column]);
    }
  }
  return left.map((row, i) => row[i] ? row[3] / row[i] : 0);
}

/**
 * The plane that fits the pixels of a picture best, by least squares: its brightness where the light
 * comes from one side.
 * @param {Rows} rows
 * @param {(value: number, row: number, column: number) => boolean} counts
 * @returns {(row: number, column: number) => number}
 */
function plane(rows, counts) {
  const sums = [0, 1, 2].map(() => [0, 0, 0, 0]);
  rows.forEach((row, i) =>
    row.forEach((value, j) => {
      if (!counts(value, i, j)) return;
      const known = [1, i, j, value];
      for (let m = 0; m < 3; m++) for (let n = 0; n < 4; n++) sums[m][n] += known[m] * known[n];
    })
  );
  const [level, down, across] = solve(sums);
  return (row, column) => level + down * row + across * column;
}

/**
 * A picture of light ink without its paper, whose brightness may change evenly from side to side: the
 * paper is the plane that fits those pixels that no ink is on.
 * @param {Rows} rows
 */
export function withoutPaper(rows) {
  let paper = plane(rows, () => true);
  for (let turn = 0; turn < 8; turn++) {
    const [before, far] = [paper, Math.max(NOISE, Math.sqrt(meanSquare(rows, paper)) / 2)];
    paper = plane(rows, (value, i, j) => value - before(i, j) < far);
  }
  return each(rows, (value, i, j) => Math.max(0, value - paper(i, j)));
}

/** @param {Rows} rows @param {(row: number, column: number) => number} paper */
const meanSquare = (rows, paper) => {
  const squares = each(rows, (value, i, j) => (value - paper(i, j)) ** 2).flat();
  return squares.reduce((a, b) => a + b) / squares.length;
};

/**
 * The threshold between two kinds of values, at which the kinds differ most (Otsu 1979).
 * @param {number[]} values 0…1
 */
export function threshold(values) {
  const bins = Array(256).fill(0);
  for (const value of values) bins[Math.round(255 * value)]++;
  const total = bins.reduce((sum, count, bin) => sum + count * bin, 0);
  let [below, sum, best, at] = [0, 0, -1, 0];
  bins.forEach((count, bin) => {
    below += count;
    sum += count * bin;
    const above = values.length - below;
    if (!below || !above) return;
    const between = below * above * (sum / below - (total - sum) / above) ** 2;
    if (between > best) [best, at] = [between, bin];
  });
  return at / 255;
}

/** The patches of connected pixels that are above 0, each as places row · width + column. @param {Rows} rows */
export function patches(rows) {
  const [height, width] = [rows.length, rows[0].length];
  const left = new Set(rows.flat().flatMap((value, place) => value > 0 ? [place] : []));
  /** @type {number[][]} */
  const found = [];
  for (const start of left) {
    const patch = [start];
    left.delete(start);
    for (const place of patch) { // it grows while it is gone through
      const [row, column] = [Math.floor(place / width), place % width];
      for (let i = Math.max(0, row - 1); i <= Math.min(height - 1, row + 1); i++) {
        for (let j = Math.max(0, column - 1); j <= Math.min(width - 1, column + 1); j++) {
          if (left.delete(i * width + j)) patch.push(i * width + j);
        }
      }
    }
    found.push(patch);
  }
  return found;
}

/**
 * The ink alone: no background, no specks, and nothing that reaches the edge if there is anything else.
 * @param {Rows} rows
 */
export function inkAlone(rows) {
  const limit = Math.max(threshold(rows.flat()), LEAST);
  const above = rows.flat().filter((value) => value > limit);
  const full = median(above) ?? 1;
  const ink = each(rows, (value) => value > limit ? Math.min(1, value / full) : 0);
  const [height, width] = [rows.length, rows[0].length];
  /** @param {number} place */
  const atEdge = (place) =>
    place < width || place >= (height - 1) * width || [0, width - 1].includes(place % width);
  const all = patches(ink);
  const inside = all.filter((patch) => !patch.some(atEdge));
  const candidates = inside.some((patch) => patch.length > DETAIL / 4) ? inside : all;
  const most = Math.max(0, ...candidates.map((patch) => patch.length));
  const kept = new Set(candidates.filter((patch) => patch.length >= SHARE * most).flat());
  return each(ink, (value, i, j) => kept.has(i * width + j) ? value : 0);
}

/**
 * How wide the lines of ink are on average, in pixels: twice the area by the length of the outline.
 * @param {Rows} rows
 */
export function lineWidth(rows) {
  let [area, outline] = [0, 0];
  rows.forEach((row, i) =>
    row.forEach((value, j) => {
      const beside = [rows[i - 1]?.[j], rows[i + 1]?.[j], row[j - 1], row[j + 1]];
      area += Number(value > 0);
      outline += value > 0 ? beside.filter((other) => !other).length : 0;
    })
  );
  return (2 * area) / (outline || 1);
}

/**
 * Ink whose lines are made wider, if a pen has drawn them thinner than most of MNIST's are.
 * @param {Rows} rows
 */
export function thickened(rows) {
  const box = crop(rows);
  const wanted = (LINE * Math.max(box.length, box[0].length)) / INK;
  const radius = (wanted - lineWidth(rows)) / 2;
  if (radius < 1) return rows;
  const reach = Math.floor(radius);
  const disc = Array.from({ length: (2 * reach + 1) ** 2 }, (_, n) => {
    const side = 2 * reach + 1;
    return [Math.floor(n / side) - reach, (n % side) - reach];
  }).filter(([down, across]) => Math.hypot(down, across) <= radius);
  return each(
    rows,
    (_, i, j) => Math.max(...disc.map(([down, across]) => rows[i + down]?.[j + across] ?? 0)),
  );
}

/** The smallest box that holds all ink; the rows as they are if there is none. @param {Rows} rows */
export function crop(rows) {
  const down = rows.flatMap((row, i) => row.some(Boolean) ? [i] : []);
  const across = rows[0].flatMap((_, j) => rows.some((row) => row[j]) ? [j] : []);
  if (!down.length) return rows;
  return rows.slice(down[0], down[down.length - 1] + 1)
    .map((row) => row.slice(across[0], across[across.length - 1] + 1));
}

/**
 * Rows at another size: each value is the mean of what lies under it.
 * @param {Rows} rows
 * @param {number} height
 * @param {number} width
 */
export const resized = (rows, height, width) =>
  parts(rows.length, height).map((down) =>
    parts(rows[0].length, width).map((across) => {
      let [sum, weight] = [0, 0];
      down.shares.forEach((share, i) =>
        across.shares.forEach((other, j) => {
          sum += share * other * rows[down.first + i][across.first + j];
          weight += share * other;
        })
      );
      return sum / weight;
    })
  );

/** The ink at a size that fits into 20×20, as dark as ink gets. @param {Rows} rows */
export function fitted(rows) {
  const scale = INK / Math.max(rows.length, rows[0].length);
  const [height, width] = [rows.length, rows[0].length].map((n) =>
    Math.max(1, Math.round(n * scale))
  );
  const small = resized(rows, height, width);
  const most = Math.max(...small.flat()) || 1;
  return each(small, (value) => value / most);
}

/** A small image in the middle of 28×28. @param {Rows} rows */
export function onCanvas(rows) {
  const [top, left] = [rows.length, rows[0].length].map((n) => (SIDE - n) >> 1);
  return Array.from(
    { length: SIDE },
    (_, i) => Array.from({ length: SIDE }, (_, j) => rows[i - top]?.[j - left] ?? 0),
  );
}

/**
 * From a picture to a digit, step by step.
 * @param {number[][][]} pixels red, green and blue, 0…255
 * @returns {Step[]} the last one has 28×28 numbers, rounded to four digits
 */
export function digitSteps(pixels) {
  const shades = pixels.map((row) => row.map((pixel) => grey(pixel) / 255));
  const light = isLight(shades);
  const dark = light ? each(shades, (value) => 1 - value) : shades;
  const bare = withoutPaper(dark);
  const ink = inkAlone(bare);
  const thick = thickened(ink);
  const box = crop(thick);
  const small = fitted(box);
  const digit = each(centre(onCanvas(small)), (value) => Number(value.toFixed(4)));
  return [
    { name: "grey", rows: shades },
    {
      name: light ? "inverted, since the paper is light" : "not inverted: the paper is dark",
      rows: dark,
    },
    { name: "without the paper", rows: bare },
    { name: "the ink alone", rows: ink },
    { name: thick === ink ? "lines wide enough" : "lines made as wide as MNIST’s", rows: thick },
    { name: "cut to the ink’s box", rows: box },
    { name: `scaled into ${INK}×${INK}`, rows: small },
    { name: `centre of mass in the middle of ${SIDE}×${SIDE}`, rows: digit },
  ];
}
