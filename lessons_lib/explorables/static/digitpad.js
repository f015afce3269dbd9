// A pad on which a digit of 28×28 pixels is drawn, erased and moved: for the traits `image` and
// `pointer`. It takes back what was drawn, step by step.

import { button, change, select } from "./controls.js";
import { BLANK, centre, stroke } from "./drawing.js";
import { createGrid } from "./grid.js";
import { shift } from "./ops.js";

/**
 * @typedef {"draw" | "erase" | "move"} Pointer
 * @typedef {{image: number[][], pointer: Pointer}} Drawn
 * @typedef {import("./controls.js").Model<Drawn>} Model
 * @typedef {import("./drawing.js").Place} Place
 */

const SIDE = 28;
/** How many drawings Undo remembers. */
const REMEMBERED = 100;
/** How the pad is used. */
export const HINT =
  "Press Clear, then draw with mouse or finger. By keyboard: arrow keys choose a pixel, Enter " +
  "makes a dot, Shift and arrow keys draw on, Ctrl and Z (on a Mac Cmd and Z) undo.";

/** @param {Model} model */
export function createPad(model) {
  /** What was drawn before, the latest last. @type {number[][][]} */
  const past = [];
  let shifted = false;
  /** @type {Place} */
  let last = [0, 0];
  /** @type {{place: Place, image: number[][]}} */
  let start = { place: last, image: [] };

  function remember() {
    past.push(model.get("image"));
    if (past.length > REMEMBERED) past.shift();
  }
  /** Let the image be another one, and remember the one before. @param {number[][]} image */
  function replace(image) {
    remember();
    change(model, { image });
  }
  function undo() {
    const image = past.pop();
    if (image) change(model, { image });
  }

  /**
   * Draw, erase or move from the last cell to this one.
   * @param {Place} place
   * @param {boolean} begin
   */
  function act(place, begin) {
    const [image, pointer] = [model.get("image"), model.get("pointer")];
    if (begin) {
      start = { place: last, image };
      remember();
    }
    const moved = shift(start.image, place[0] - start.place[0], place[1] - start.place[1]);
    change(model, {
      image: pointer === "move" ? moved : stroke(image, last, place, pointer === "erase"),
    });
    last = place;
  }

  const { element, draw } = createGrid("Your digit", ({ row, column, kind }) => {
    if (kind === "press" || (kind === "point" && !shifted)) last = [row, column];
    if (kind !== "point" || shifted) act([row, column], kind !== "drag");
  });
  element.addEventListener("keydown", (event) => {
    shifted = event.shiftKey;
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    event.stopPropagation();
    undo();
  }, { capture: true });
  const pointer = select(model, "Pointer", "pointer", ["draw", "erase", "move"]);

  return {
    element,
    pointer: pointer.element,
    clear: button("Clear", () => replace(BLANK)),
    undo: button("Undo", undo),
    centre: button("Centre it", () => replace(centre(model.get("image")))),
    remember,
    replace,
    draw() {
      const values = model.get("image").flat();
      draw({ height: SIDE, width: SIDE, values, scale: "grey", most: 1, strokes: true });
      pointer.draw();
    },
  };
}
