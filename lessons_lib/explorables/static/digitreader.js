// What Why and Adversary have in common: a digit that is drawn or taken from the course, and the
// network that reads it, which is the course's or the reader's own.

import { choice, controls, labelled, make, oneStep, panel } from "./controls.js";
import { createPad, HINT } from "./digitpad.js";
import { decode } from "./drawing.js";
import { createWhose, OWN } from "./whosenetwork.js";

/**
 * `examples` are images as base64 of one byte a pixel, row by row.
 * @typedef {import("./digitpad.js").Drawn & import("./whosenetwork.js").Traits & {
 *   examples: string[],
 * }} Read
 */

/** The traits of a reader. @type {("image" | "pointer" | "network")[]} */
export const READ = ["image", "pointer", "network"];
const DRAWN = "drawn";
const EXAMPLES = Array.from({ length: 10 }, (_, digit) => `a real ${digit}`);

/** Whether two images are the same, as far as Python keeps them. @param {number[][]} a @param {number[][]} b */
const isSame = (a, b) =>
  a.every((row, i) => row.every((value, j) => Math.abs(value - b[i][j]) < 1e-3));

/**
 * @param {import("./controls.js").Model<Read>} model
 * @param {() => void} onNetwork is called when there is another network
 */
export function createReader(model, onNetwork) {
  const pad = createPad(model);
  const images = model.get("examples").map(decode);
  const digits = choice([DRAWN, ...EXAMPLES], (chosen) => {
    const image = images[EXAMPLES.indexOf(chosen)];
    if (image) pad.replace(image);
    else draw();
  });
  const whose = createWhose(model, onNetwork);

  function draw() {
    pad.draw();
    whose.draw();
    const image = model.get("image");
    digits.selectedIndex = 1 + images.findIndex((other) => isSame(image, other));
  }
  return {
    pad,
    draw,
    leave: whose.leave,
    /** The controls of the digit. */
    row: controls(labelled("Digit", digits), pad.pointer, pad.clear, pad.undo),
    whose: whose.element,
    /**
     * The pad with what the network says of the digit, and below it what a figure makes of them.
     * @param {{
     *   answer: HTMLElement, control: HTMLElement, result: HTMLElement, words: HTMLElement, keys: string[],
     * }} parts `words` is the sentence, and `keys` say what one sees
     */
    arrange({ answer, control, result, words, keys }) {
      const note = (/** @type {string} */ textContent, className = "lx-size") =>
        make("p", { className, textContent });
      oneStep({ control: [control], input: [pad.element], result: [words, result] });
      return make(
        "div",
        { className: "lx-pad" },
        ...[panel("Your digit, 28×28", pad.element).element, answer, control, result, words],
        note(`${HINT} ${OWN}`, "lx-size lx-hint"),
        ...keys.map((text) => note(text)),
      );
    },
    /** The network that reads. */
    get network() {
      return whose.network;
    },
    /** What the network is called. */
    get name() {
      return whose.name;
    },
  };
}
