// A digit that the reader draws into the network that TrainLab shows.

import { button, controls, make, panel } from "./controls.js";
import { centre, inWords, stroke } from "./drawing.js";
import { createGrid } from "./grid.js";

/** @typedef {[number, number]} Place */

const SIDE = 28;
const HINT =
  "Draw with mouse or finger. By keyboard: arrow keys choose a pixel, Enter makes a dot, Shift and " +
  "arrow keys draw on.";

/** An image without ink. */
const blank = () => Array.from({ length: SIDE }, () => Array.from({ length: SIDE }, () => 0));

/** @param {(pixels: number[]) => Promise<Float32Array | undefined>} ask what the network answers */
export function createPad(ask) {
  let image = blank();
  /** @type {Place} */
  let last = [0, 0];
  let shifted = false;
  let [asking, again] = [false, false];
  const answer = make("output", { className: "lx-answer", "aria-live": "polite" });

  const input = createGrid("Your digit", ({ row, column, kind }) => {
    /** @type {Place} */
    const place = [row, column];
    if (kind === "press" || (kind === "point" && !shifted)) last = place;
    if (kind === "point" && !shifted) return;
    replace(stroke(image, last, place, false));
    last = place;
  });
  input.element.addEventListener("keydown", ({ shiftKey }) => (shifted = shiftKey), {
    capture: true,
  });

  /** @param {number[][]} rows */
  function replace(rows) {
    image = rows;
    draw();
    refresh();
  }
  function draw() {
    const values = image.flat();
    input.draw({ height: SIDE, width: SIDE, values, scale: "grey", most: 1, strokes: true });
  }
  /** Ask the network anew; what is drawn meanwhile is asked afterwards. */
  async function refresh() {
    if (asking) return again = true;
    [asking, again] = [true, false];
    const pixels = image.flat();
    const outputs = pixels.some((ink) => ink)
      ? await ask(pixels).catch(() => undefined)
      : undefined;
    answer.textContent = outputs ? inWords(outputs) : "";
    asking = false;
    if (again) refresh();
  }

  const { element } = panel(
    "Draw into it",
    input.element,
    controls(
      button("Clear", () => replace(blank())),
      button("Centre it", () => replace(centre(image))),
    ),
    answer,
    make("p", { className: "lx-size", textContent: HINT }),
  );
  draw();
  return { element, refresh };
}
