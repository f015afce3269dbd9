// Equivariance: an image that is dragged, and the feature map both ways: moved first and convolved
// then, and the other way round.

import {
  change,
  controls,
  make,
  markEnds,
  mount,
  movers,
  oneStep,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  stateOf,
} from "./controls.js";
import { PRESETS } from "./convolution.js";
import { createGrid } from "./grid.js";
import { clamp, convolve, fromRows, shift } from "./ops.js";
import { minus, moveInWords } from "./words.js";

/**
 * @typedef {"vertical edges" | "horizontal edges" | "diagonal edges" | "blur" | "sharpen"} Kernel
 * @typedef {{
 *   image: number[][], kernel: Kernel, strides: number, padding: "valid" | "same", down: number, right: number,
 * }} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["image", "kernel", "strides", "padding", "down", "right"];
/** @type {Kernel[]} */
const KERNELS = ["vertical edges", "horizontal edges", "diagonal edges", "blur", "sharpen"];
/** How many pixels the image moves at most, each way. */
const FARTHEST = 8;
const TINY = 1e-9;

/** Maps of one channel as rows. @param {import("./ops.js").Maps} maps */
const toRows = ({ height, width, data }) =>
  Array.from({ length: height }, (_, i) => Array.from(data).slice(i * width, (i + 1) * width));

/** The map that was made of the image where it was, moved by whole places. @param {State} state @param {number} down @param {number} right */
const mapMoved = ({ image, kernel, strides, padding }, down, right) =>
  shift(
    toRows(
      convolve(fromRows(image), { ...fromRows(PRESETS[kernel]), filters: 1 }, { strides, padding }),
    ),
    down,
    right,
  ).flat();

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const differing = (a, b) => Array.from(a, (value, i) => Math.abs(value - b[i]) > TINY);

/** @param {boolean[]} flags */
const countOf = (flags) => flags.filter(Boolean).length;

/**
 * Both ways, from the state alone. Where the map cannot move as far as the image, because the stride
 * does not divide the move, it moves by the whole number beside that which fits best.
 * @param {State} state
 */
export function compute(state) {
  const { image, kernel, strides, padding, down, right } = state;
  const moved = fromRows(shift(image, down, right));
  const map = convolve(moved, { ...fromRows(PRESETS[kernel]), filters: 1 }, { strides, padding });
  const ways = placesFor(down / strides).flatMap((rows) =>
    placesFor(right / strides).map((columns) => mapMoved(state, rows, columns))
  );
  const other = ways.reduce((best, way) =>
    countOf(differing(map.data, way)) < countOf(differing(map.data, best)) ? way : best
  );
  const differs = differing(map.data, other);
  const filled = Array.from(
    map.data,
    (value, i) => Math.max(Math.abs(value), Math.abs(other[i])) > TINY,
  );
  return {
    moved,
    map,
    other,
    differs,
    different: countOf(differs),
    filled: countOf(filled),
    fits: down % strides === 0 && right % strides === 0,
    depth: depthOf(differs, map),
  };
}

/** The whole places next to a move. @param {number} move */
const placesFor = (move) => [...new Set([Math.floor(move), Math.ceil(move)])];

/** How many places the marked values lie from the edge of their map at most: 1 in its outermost row. @param {boolean[]} flags @param {{height: number, width: number}} map */
function depthOf(flags, { height, width }) {
  const depths = flags.map((flag, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return flag ? 1 + Math.min(row, column, height - 1 - row, width - 1 - column) : 0;
  });
  return Math.max(0, ...depths);
}

/** @param {number} places */
const placesInWords = (places) => `${minus(places)} ${Math.abs(places) === 1 ? "place" : "places"}`;

/** What the move did, in words. @param {ReturnType<typeof compute>} figure @param {State} state */
export function inWords({ different, filled, fits, depth }, { strides, down, right }) {
  const moved = moveInWords(down, right, FARTHEST);
  if (!moved) return "The image has not moved. Drag it: does the map come along?";
  const all = `${filled} values that are not 0`;
  if (!fits) {
    const wanted = [down, right].find((move) => move % strides) ?? 0;
    return `${moved}, and the stride is ${strides}: the map would have to move by ${
      placesInWords(Number(Math.abs(wanted / strides).toFixed(2)))
    }, and no map can. With the best whole move beside that, ${
      different === filled ? `all ${all}` : `${different} of the ${all}`
    } differ.`;
  }
  const came = `${moved}, and the map has come along${
    strides > 1 ? `, by ${strides} pixels a place` : ""
  }`;
  if (!different) return `${came}: all ${all} are equal on both ways.`;
  return `${came}, but for ${different} of the ${all}. They lie within ${
    placesInWords(depth)
  } of an edge, where part of the image has left, or comes in.`;
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  /** Where the pointer holds the image, and where the keys do: in the middle again after each drawing. */
  let held = { row: 0, column: 0 };
  let marked = held;

  /** @param {number} byRows @param {number} byColumns */
  function moveBy(byRows, byColumns) {
    const { down, right } = state();
    change(model, {
      down: clamp(down + byRows, -FARTHEST, FARTHEST),
      right: clamp(right + byColumns, -FARTHEST, FARTHEST),
    });
  }

  /** The cell in the middle: a key leads from there to a cell beside it. */
  function middle() {
    const { image } = state();
    return { row: image.length >> 1, column: image[0].length >> 1 };
  }

  /** Pull the image along, by the pointer or by a key. @param {import("./grid.js").Cell} cell */
  function pull({ row, column, kind }) {
    const from = kind === "point" ? marked : held;
    if (kind !== "press") moveBy(row - from.row, column - from.column);
    held = marked = { row, column };
  }

  const input = createGrid("The image", pull);
  const grids = ["Moved, then convolved", "Convolved, then moved"].map((name) =>
    createGrid(name, () => {})
  );
  const inputPanel = panel("Drag the image", input.element);
  const mapPanels = grids.map((grid, i) =>
    panel(["Moved, then convolved", "Convolved, then moved"][i], grid.element)
  );
  const settings = [
    select(model, "Kernel", "kernel", KERNELS),
    select(model, "Stride", "strides", [1, 2, 3]),
    select(model, "Padding", "padding", ["valid", "same"]),
  ];
  const moves = movers(moveBy);
  const words = sentence();
  const note = make(
    "p",
    { className: "lx-size" },
    make("i", { className: "lx-key" }),
    " a value that differs between the two maps",
  );

  function draw() {
    const now = state();
    markEnds(moves, now, FARTHEST);
    const figure = compute(now);
    marked = middle();
    input.draw({
      ...figure.moved,
      current: marked.row * figure.moved.width + marked.column,
      values: figure.moved.data,
      scale: "grey",
      most: 1,
      strokes: true,
    });
    const both = [figure.map.data, figure.other];
    const most = Math.max(TINY, ...both.flatMap((values) => Array.from(values, Math.abs)));
    for (const [i, grid] of grids.entries()) {
      grid.draw({
        ...figure.map,
        values: both[i],
        scale: "signed",
        most,
        mark: (index) => (figure.differs[index] ? "lx-changed" : ""),
      });
    }
    words.textContent = inWords(figure, now);
    for (const control of settings) control.draw();
  }

  const row = controls(
    ...settings.map(({ element }) => element),
    make("span", { className: "lx-arrows" }, ...moves),
    resetButton(model, TRAITS),
  );
  oneStep({
    control: moves,
    input: [input.element],
    result: [...grids.map(({ element }) => element), words],
  });
  const parts = [row, panels(inputPanel, ...mapPanels), words, note];
  return mount(model, el, "equivariance", TRAITS, parts, draw);
}

export default { render };
