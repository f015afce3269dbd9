// What the hidden layers of a network in TrainLab make of one digit, while it trains.

import { paint } from "./closeup.js";
import { button, controls, make, panel, setLabel } from "./controls.js";
import { BLACK, WHITE } from "./grid.js";
import { largestAt } from "./nn.js";
import { pictureOf } from "./trainlab_pictures.js";
import { show } from "./words.js";

/**
 * @typedef {import("./train.js").Examples} Examples
 * @typedef {{units: number, outputs: Float32Array}} Answered what a hidden layer answers to the digit
 */

/** How many units of a dense layer stand in a row at most. */
const UNITS_ACROSS = 16;

/** The answers of a layer as maps; those of a dense layer have one value each. @param {Answered} layer */
export function mapsOf({ units, outputs }) {
  const side = Math.sqrt(outputs.length / units);
  return { height: side, width: side, channels: units, data: outputs };
}

/** What the network answers, in words. @param {number} label @param {Float32Array} probabilities */
export function answerInWords(label, probabilities) {
  const said = largestAt(probabilities, 0, probabilities.length);
  const verdict = said === label
    ? "right"
    : `wrong, and gives ${show(probabilities[label])} to ${label}`;
  return `A ${label}. The network says ${said} with ${show(probabilities[said])}: ${verdict}.`;
}

/** @param {() => void} onChoose called when another digit is wanted */
export function createMaps(onChoose) {
  let [place, count] = [0, 1];
  const digit = make("span", { className: "lx-digit" });
  const answer = make("p", { className: "lx-size" });
  const layers = make("div", { className: "lx-layers" });

  /** @param {number} by */
  function step(by) {
    place = (place + by + count) % count;
    onChoose();
  }
  const row = controls(
    digit,
    button("Digit before", () => step(-1)),
    button("Next digit", () => step(1)),
  );
  const { element } = panel("What its layers make of a digit", row, answer, layers);
  element.classList.add("lx-wide");

  /** @param {Answered} layer @param {number} i */
  function drawLayer(layer, i) {
    const maps = mapsOf(layer);
    const most = layer.outputs.reduce((a, b) => Math.max(a, b), 1e-9);
    const canvas = make("canvas", { className: "lx-maps", role: "img" });
    const across = maps.width === 1 ? Math.min(UNITS_ACROSS, maps.channels) : undefined;
    paint(canvas, maps, most, [BLACK, WHITE, BLACK], across);
    const size = maps.width === 1 ? "units" : `maps of ${maps.height}×${maps.width}`;
    const name = `Layer ${i + 1}: ${maps.channels} ${size}, white at ${show(most)}`;
    setLabel(canvas, name);
    return make(
      "figure",
      {},
      make("figcaption", { className: "lx-size", textContent: name }),
      canvas,
    );
  }

  /** @param {Examples} examples @param {number} place @param {Answered[]} answered @param {Float32Array} probabilities */
  function draw(examples, place, answered, probabilities) {
    count = examples.labels.length;
    digit.replaceChildren(pictureOf(examples, place));
    answer.textContent = answerInWords(examples.labels[place], probabilities);
    layers.replaceChildren(...answered.map(drawLayer));
  }

  return { element, draw, place: () => place };
}
