// DrawDigit: draw a digit, and follow it through a trained network, layer by layer, to the ten
// probabilities.

import { ACROSS, createCloseUp, paint } from "./closeup.js";
import {
  button,
  controls,
  make,
  mount,
  oneStep,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  setLabel,
  stateOf,
} from "./controls.js";
import { createPad, HINT } from "./digitpad.js";
import { decode, inWords } from "./drawing.js";
import { BLACK, BLUE, createGrid, ORANGE, WHITE } from "./grid.js";
import { fromRows } from "./ops.js";
import { DETAIL, digitSteps } from "./owndigit.js";
import { createPicker, readPicture } from "./ownpicture.js";
import { createWhose, isCnnOfCourse, OWN } from "./whosenetwork.js";
import { show } from "./words.js";

/**
 * `examples` are images as base64 of one byte a pixel, row by row.
 * @typedef {import("./digitpad.js").Drawn & import("./whosenetwork.js").Traits & {
 *   digit: number, examples: string[],
 * }} State
 * @typedef {import("./ops.js").Maps} Maps
 * @typedef {import("./nn.js").Network} Network
 * @typedef {{layer: number, map: number}} Chosen a map that is shown close up
 */

/** @type {(keyof State)[]} */
const TRAITS = ["image", "pointer", "digit", "network"];
const SCALE =
  "In each layer one scale serves all maps: black is 0, white the number beside the name, " +
  "the most that ten real digits reach there. Last, orange adds to the sum, and blue takes away. " +
  "Choose a map (Enter, by keyboard) to see where its values come from; Escape closes it.";
const CNN = "Here it must be a CNN.";
const PROMISE =
  "A digit on paper, alone. It stays in this browser; in a notebook, Python gets the 28×28 digit.";
const NO_INK =
  "A digit must stand out from its paper. Received: a picture in which no ink was found.";
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const LAYERS = [
  "Convolution 1, ReLU",
  "Max pooling 1",
  "Convolution 2, ReLU",
  "Max pooling 2",
  "Flatten",
  "Dense",
];

/**
 * An image on its way: what each layer hands on, the sums, the probabilities.
 * @param {Network} network
 * @param {number[][]} image
 */
export function forward(network, image) {
  network.forward(image.flat());
  const layers = [0, 1, 2, 3].map((i) => network.mapsOf(i));
  const [sums, probabilities] = [network.logits.values.slice(), network.output.values.slice()];
  return { layers, flat: layers[3].data, sums, probabilities };
}

/**
 * What each flattened value adds to the sum of a class: value times weight.
 * @param {ArrayLike<number>} flat
 * @param {ArrayLike<number>} weights
 * @param {number} digit
 */
export const evidence = (flat, weights, digit) =>
  Array.from(flat, (value, i) => value * weights[i * 10 + digit]);

/** The largest size of a value. @param {Iterable<number>} values */
const largest = (values) => Array.from(values).reduce((most, n) => Math.max(most, Math.abs(n)), 0);

/**
 * The largest value that some images reach in each layer, and the largest that one adds to a sum.
 * @param {Network} network
 * @param {number[][][]} images
 */
export function scalesOf(network, images) {
  const ways = images.map((image) => forward(network, image));
  const layers = [0, 1, 2, 3].map((i) =>
    Math.max(...ways.map((way) => largest(way.layers[i].data)))
  );
  const products = ways.flatMap(({ flat }) =>
    DIGITS.map((digit) => largest(evidence(flat, network.weights[4], digit)))
  );
  return [...layers, layers[3], Math.max(...products)];
}

/** How many maps the layers hand on. */
const MAPS = [8, 8, 16, 16];

/**
 * What the close-up of a map needs to know of its layer.
 * @param {Network} network
 * @param {number[]} scales
 * @param {number[][]} image
 * @param {Maps[]} layers
 * @param {number} i
 * @returns {import("./closeup.js").Layer}
 */
export const layerOf = (network, scales, image, layers, i) => ({
  name: LAYERS[i],
  before: i ? layers[i - 1] : fromRows(image),
  after: layers[i],
  most: scales[i],
  mostBefore: i ? scales[i - 1] : 1,
  ...(i % 2 ? {} : { kernels: network.weights[i], biases: network.weights[i + 1] }),
});

/** A step from a picture to a digit, as a tile with its name. @param {import("./owndigit.js").Step} step */
function tileOf({ name, rows }) {
  const canvas = make("canvas", { className: "lx-maps", role: "img", "aria-label": name });
  paint(canvas, fromRows(rows), 1, [BLACK, WHITE]);
  return make("li", {}, canvas, make("span", { textContent: name }));
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const whose = createWhose(model, () => draw(), isCnnOfCourse);
  const examples = model.get("examples").map(decode);
  let example = 0;
  const pad = createPad(model);
  /** @type {WeakMap<Network, number[]>} */
  const known = new WeakMap();

  /** The scales of a network, once. @param {Network} network */
  function scalesOnce(network) {
    const scales = known.get(network) ?? scalesOf(network, examples);
    known.set(network, scales);
    return scales;
  }
  /** @type {Chosen | undefined} */
  let chosen;
  function close() {
    if (!chosen) return;
    const { layer, map } = chosen;
    const inside = closeUp.element.contains(el.ownerDocument.activeElement);
    choose(undefined);
    if (inside) tiles[layer].cells()[map].focus();
  }
  /** Show a map close up, beside its layer, or none. @param {Chosen | undefined} wanted */
  function choose(wanted) {
    chosen = wanted;
    if (wanted) steps[wanted.layer].element.after(closeUp.element);
    else closeUp.element.remove();
    drawTiles();
    draw();
  }
  const ownSteps = make("ol", { className: "lx-own-steps", hidden: true });
  const picker = createPicker(el, (bitmap, file) => {
    const taken = digitSteps(readPicture(bitmap, file, DETAIL).rows);
    const digit = taken[taken.length - 1].rows;
    if (!digit.some((row) => row.some(Boolean))) return NO_INK;
    ownSteps.replaceChildren(...taken.map(tileOf));
    ownSteps.hidden = false;
    pad.replace(digit);
  }, PROMISE);
  const closeUp = createCloseUp(close);
  const tiles = MAPS.map((_, layer) =>
    createGrid(`Maps of ${LAYERS[layer]}`, ({ index, kind }) => {
      if (kind !== "press") return;
      const same = chosen?.layer === layer && chosen.map === index;
      choose(same ? undefined : { layer, map: index });
    })
  );
  /** Name the maps, and mark the one that is shown close up. */
  function drawTiles() {
    tiles.forEach((grid, layer) => {
      const at = chosen?.layer === layer ? chosen.map : -1;
      grid.draw({
        height: MAPS[layer] / ACROSS,
        width: ACROSS,
        values: [],
        scale: "grey",
        most: 1,
        hidden: () => true,
        label: (index) => `map ${index + 1}${index === at ? ", shown close up" : ""}`,
        mark: (index) => (index === at ? "lx-picked" : ""),
      });
    });
  }
  const pictures = LAYERS.map((layer) =>
    make("canvas", { className: "lx-maps", role: "img", "aria-label": layer })
  );
  const bars = DIGITS.map((digit) => {
    const [bar, share] = [make("span", { className: "lx-bar" }), make("span")];
    const name = make("b", { textContent: String(digit) });
    return { bar, share, element: make("li", {}, name, make("span", {}, bar), share) };
  });
  const words = sentence();
  const digit = select(model, "Evidence for", "digit", DIGITS);
  const steps = LAYERS.map((name, i) => panel(name, pictures[i]));
  pictures[4].classList.add("lx-thread");
  steps[5].element.append(digit.element);
  tiles.forEach(({ element }, i) => {
    element.classList.add("lx-tiles");
    steps[i].element.append(element);
  });

  function draw() {
    const now = state();
    pad.draw();
    digit.draw();
    whose.draw();
    const { network, name } = whose;
    const scales = scalesOnce(network);
    const { layers, flat, sums, probabilities } = forward(network, now.image);
    const thread = { height: 1, width: flat.length, channels: 1, data: flat };
    const products = { ...layers[3], data: evidence(flat, network.weights[4], now.digit) };
    [...layers, thread, products].forEach((maps, i) => {
      paint(pictures[i], maps, scales[i], i < 5 ? [BLACK, WHITE] : [WHITE, ORANGE, BLUE]);
      const white = `white is ${show(scales[i], 1)}`;
      const sizes = `${maps.channels} maps of ${maps.height}×${maps.width}, ${white}`;
      const text = [
        sizes,
        sizes,
        sizes,
        sizes,
        `the same ${flat.length} values as one thread, ${white}`,
        `each value times its weight for a ${now.digit}; with the bias, the sum is ${
          show(sums[now.digit])
        }`,
      ][i];
      steps[i].heading.textContent = `${LAYERS[i]}: ${text}`;
      setLabel(pictures[i], `${LAYERS[i]}: ${text}`);
    });
    if (chosen) {
      const layer = layerOf(network, scales, now.image, layers, chosen.layer);
      closeUp.draw(layer, chosen.map);
    }
    const best = Math.max(...probabilities);
    bars.forEach(({ bar, share, element }, i) => {
      bar.style.width = `${100 * probabilities[i]}%`;
      share.textContent = probabilities[i].toFixed(3);
      element.classList.toggle("lx-best", probabilities[i] === best);
    });
    words.textContent = inWords(probabilities, name);
  }

  const row = controls(
    ...[pad.pointer, pad.clear, pad.undo, pad.centre],
    button("A real digit", () => pad.replace(examples[example++ % 10])),
    whose.element,
    resetButton(model, TRAITS, () => {
      pad.remember();
      close();
      picker.forget();
      ownSteps.hidden = true;
    }),
  );
  const chart = make(
    "ul",
    { className: "lx-probabilities" },
    ...bars.map(({ element }) => element),
  );
  const hint = make("p", { className: "lx-size lx-hint", textContent: HINT });
  const scale = make("p", { className: "lx-size lx-scale", textContent: `${SCALE} ${OWN} ${CNN}` });
  const ownPart = make("div", { className: "lx-own-part" }, picker.element, ownSteps);
  const all = panels(
    panel("Your digit, 28×28", pad.element, hint),
    panel("Ten probabilities", chart),
    { element: ownPart },
    { element: scale },
    ...steps,
  );
  oneStep({ control: [row], input: [pad.element], result: [words] });
  drawTiles();
  all.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !chosen) return;
    event.stopPropagation();
    close();
  });
  return mount(model, el, "drawdigit", TRAITS, [row, words, all], draw, whose.leave);
}

export default { render };
