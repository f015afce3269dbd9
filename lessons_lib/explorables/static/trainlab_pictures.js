// What TrainLab shows of a network: the weights of its first layer, its gradients and dead units,
// its mistakes, and for points the regions of its answers.

import { paint } from "./closeup.js";
import { make, panel, setLabel } from "./controls.js";
import { BLUE, ORANGE, WHITE } from "./grid.js";
import { largestAt } from "./nn.js";
import { createPlane } from "./plane.js";
import { hasPoints, isDense, weighedLayers } from "./trainlab_settings.js";
import { show } from "./words.js";

/**
 * @typedef {import("./train.js").Examples} Examples
 * @typedef {import("./trainlab_settings.js").Settings} Settings
 * @typedef {import("./trainlab_runs.js").Member} Member
 * @typedef {{place: number, label: number, said: number, probability: number}} Mistake
 */

const SIDE = 28;
const WORST = 8;
/** How far the picture of the regions reaches, and how many pixels it has across. */
const [REACH, PICTURE] = [1.3, 288];
const plane = createPlane({ cells: 48, reach: REACH, side: PICTURE });

/** What the kernel of the first layer looks like: its tiles. @param {Settings} settings @param {Float32Array} kernel */
export function tilesOf(settings, kernel) {
  const side = isDense(settings) ? SIDE : 3;
  return { height: side, width: side, channels: kernel.length / side ** 2, data: kernel };
}

/** The weights of the first layer, as images. */
export function createFilters() {
  const canvas = make("canvas", { className: "lx-maps", role: "img" });
  const { element, heading } = panel("First layer", canvas);
  /** @param {Settings} settings @param {Member} member */
  function draw(settings, { weights }) {
    element.hidden = hasPoints(settings) || !weights.length;
    if (element.hidden) return;
    const tiles = tilesOf(settings, weights[0]);
    const most = weights[0].reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
    paint(canvas, tiles, most, [WHITE, ORANGE, BLUE], tiles.channels === 10 ? 5 : undefined);
    const what = isDense(settings) ? "the weights of each unit" : "the filters";
    heading.textContent = `First layer: ${what}`;
    setLabel(
      canvas,
      `${tiles.channels} images of ${tiles.height}×${tiles.width} weights, ` +
        `orange above 0 and blue below, full at ${show(most)}`,
    );
  }
  return { element, draw };
}

/** How many units or maps answer 0 to everything. @param {Float32Array} outputs @param {number} units */
export function countDead(outputs, units) {
  const alive = new Set();
  outputs.forEach((value, i) => value > 0 && alive.add(i % units));
  return units - alive.size;
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A size with two digits, and a power of ten where it needs one. @param {number} size */
export const sizeInWords = (size) =>
  size.toPrecision(2).replace(/e([+-])(\d+)$/, (_, sign, power) => {
    const raised = Array.from(power, (digit) => RAISED[Number(digit)]).join("");
    return `·10${sign === "-" ? "⁻" : ""}${raised}`;
  });

/** For each layer with weights the size of its gradient, and after a pause its dead units. */
export function createLayerTable() {
  const body = make("tbody");
  const heads = ["layer", "gradient", "dead units"].map((textContent) =>
    make("th", { textContent, scope: "col" })
  );
  const content = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body);
  const { element } = panel("Gradients by layer", content);
  /** @param {Member} member @param {number[]} dead */
  function draw({ description, norms }, dead) {
    element.hidden = !norms.length;
    const rows = weighedLayers(description).map(({ kind, units, kernel }, i) => {
      const gone = dead[i] === undefined ? "" : `${dead[i]} of ${units}`;
      const cells = [kernel in norms ? sizeInWords(norms[kernel]) : "", gone];
      return make(
        "tr",
        {},
        make("th", { textContent: `${kind} ${units}`, scope: "row" }),
        ...cells.map((textContent) => make("td", { textContent })),
      );
    });
    body.replaceChildren(...rows);
  }
  return { element, draw };
}

/**
 * The mistakes of a network, first those in which the right answer got the least probability.
 * @param {ArrayLike<number>} labels
 * @param {Float32Array} outputs
 * @returns {Mistake[]}
 */
export function mistakesIn(labels, outputs) {
  const classes = outputs.length / labels.length;
  return Array.from(labels, (label, place) => {
    const said = largestAt(outputs, place * classes, classes);
    return { place, label, said, probability: outputs[place * classes + label] };
  }).filter(({ label, said }) => said !== label).sort((a, b) => a.probability - b.probability);
}

/** An image of the digits, as a picture. @param {Examples} examples @param {number} place */
export function pictureOf({ x }, place) {
  const canvas = make("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(SIDE, SIDE);
  for (let k = 0; k < SIDE * SIDE; k++) {
    picture.data.fill(x[place * SIDE * SIDE + k], 4 * k, 4 * k + 3);
    picture.data[4 * k + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** The worst mistakes in the validation set. */
export function createMistakes() {
  const list = make("ul", { className: "lx-mistakes" });
  const { element, heading } = panel("Mistakes", list);
  element.classList.add("lx-wide");
  /** @param {Examples} examples @param {Mistake[]} mistakes */
  function draw(examples, mistakes) {
    const total = examples.labels.length;
    heading.textContent = `Validation: ${mistakes.length} of ${total} wrong` +
      (mistakes.length ? ". The worst:" : "");
    list.replaceChildren(
      ...mistakes.slice(0, WORST).map(({ place, label, said }) =>
        make("li", {}, pictureOf(examples, place), make("span", {}, `${label}, said ${said}`))
      ),
    );
  }
  return { element, draw };
}

/** The points of the plane that the picture of the regions asks about. @returns {Examples} */
export const grid = () => ({ x: plane.places, labels: new Uint8Array(plane.places.length / 2) });

/** What the network answers to each point of the plane, with the training points. */
export function createRegions() {
  const canvas = make("canvas", {
    className: "lx-regions",
    role: "img",
    width: PICTURE,
    height: PICTURE,
  });
  const { element } = panel("Answers in the plane", canvas);

  /** @param {Float32Array} outputs two probabilities for each point @param {Examples} train */
  function draw(outputs, train) {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const percent = Math.round(100 * plane.paint(context, outputs));
    plane.paintPoints(context, train.x, train.labels);
    setLabel(
      canvas,
      `The plane from −${REACH} to ${REACH}: orange for squares on ${percent} %, blue for dots elsewhere`,
    );
  }
  return { element, draw };
}
