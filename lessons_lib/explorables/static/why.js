// Why: three maps of what an answer of a network hangs on, and what is left of them when its weights
// are random.

import { createBars } from "./bars.js";
import {
  button,
  change,
  controls,
  make,
  mount,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  stateOf,
} from "./controls.js";
import { readDigit } from "./digitnetwork.js";
import { createReader, READ } from "./digitreader.js";
import { createSlices } from "./slices.js";
import {
  gradCam,
  namesOf,
  occlusionSteps,
  randomised,
  rankCorrelation,
  saliency,
} from "./why_maps.js";
import { createHeat } from "./why_pictures.js";
import { inWords, KINDS } from "./why_words.js";

/**
 * @typedef {import("./why_words.js").Kind} Kind
 * @typedef {import("./nn.js").Network} Network
 * @typedef {import("./digitreader.js").Read & {
 *   explained: string, randomised: number, seed: number,
 * }} State
 * What is explained: an answer of the trained network, and beside it the network that is shown.
 * @typedef {{trained: Network, shown: Network, image: number[][], x: number[], k: number}} Question
 * @typedef {Parameters<typeof inWords>[0]} Seen
 */

/** @type {(keyof State)[]} */
const TRAITS = [...READ, "explained", "randomised", "seed"];
const SEEDS = 100;
/** Whose maps are shown: those of what the trained network answers, or of one of the ten classes. */
const EXPLAINED = ["the answer", ...Array.from({ length: 10 }, (_, digit) => String(digit))];
const KEYS = [
  "Saliency: the slope of the logit of the class by each pixel, up or down. Occlusion: how far the " +
  "probability of the class falls when 5×5 zeros cover the image around the pixel (blue: it rises). " +
  "Grad-CAM: where those maps of the last convolution are large that raise the logit. Each map has " +
  "its own scale, from white to the number below it; lines show the edge of the ink.",
  "Bars: the rank correlation with the map of the trained network, 1 if both put all pixels in the " +
  "same order, 0 if the orders have nothing in common. What stays when all weights are random was " +
  "not learned. In a CNN, slopes are small on blank paper with any weights: a part of the saliency " +
  "is the image itself.",
];

/**
 * The occlusion maps of both networks, bit by bit.
 * @param {Question} question
 * @param {Seen} seen what is said when they are known
 */
function* occlusions({ trained, shown, image, x, k }, seen) {
  const before = yield* occlusionSteps(trained, x, k);
  const after = shown === trained ? before : yield* occlusionSteps(shown, x, k);
  return { before, after, image, seen };
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const reader = createReader(model, () => draw());
  const bars = createBars();
  const heats = KINDS.map(createHeat);
  const words = sentence();
  const explained = select(model, "Maps of", "explained", EXPLAINED);
  const range = make("input", { type: "range", min: "0", step: "1" });
  range.oninput = () => change(model, { randomised: Number(range.value) });
  const number = make("output");
  const layers = make(
    "label",
    { className: "lx-slider" },
    ...["Random weights in ", range, " ", number],
  );
  const anew = button(
    "Other random weights",
    () => change(model, { seed: (state().seed + 1) % SEEDS }),
  );
  const answer = panel("", bars.element);
  /** The network with random weights, and what it follows from. @type {{trained: Network, key: string, network: Network} | undefined} */
  let changed;

  /** The network that is shown. @param {Network} trained @param {number} count @param {number} seed */
  function shownOf(trained, count, seed) {
    if (!count) return trained;
    const key = `${count},${seed}`;
    if (changed?.trained !== trained || changed.key !== key) {
      changed = { trained, key, network: randomised(trained, count, seed) };
    }
    return changed.network;
  }
  /** @param {Kind} kind @param {Float32Array | undefined} before @param {Float32Array | undefined} after @param {number[][]} image */
  function show(kind, before, after, image) {
    const heat = heats[KINDS.indexOf(kind)];
    heat.draw(after, image);
    const correlation = before && after ? rankCorrelation(before, after) : NaN;
    heat.compare(correlation);
    return before && { [kind]: correlation };
  }
  // Hundreds of images take a while: this map comes last.
  const slices = createSlices(({ before, after, image, seen }) => {
    const correlations = { ...seen.correlations, ...show("occlusion", before, after, image) };
    words.textContent = inWords({ ...seen, correlations });
  });

  function draw() {
    const now = state();
    reader.draw();
    explained.draw();
    const trained = reader.network;
    const names = namesOf(trained);
    const count = Math.min(now.randomised, names.length);
    const random = names.slice(0, count);
    Object.assign(range, { max: String(names.length), value: String(count) });
    range.setAttribute("aria-valuetext", random.join(", ") || "none");
    number.textContent = `${count} of ${names.length} layers`;
    anew.disabled = !count;

    const x = now.image.flat();
    const says = readDigit(trained, x);
    const k = now.explained === EXPLAINED[0] ? says.answer : Number(now.explained);
    const shown = shownOf(trained, count, now.seed);
    const { probabilities, ...after } = readDigit(shown, x);
    bars.draw(probabilities, k);
    answer.heading.textContent = `${count ? "Now it" : "The network"} says ${after.answer}`;
    const correlations = {
      ...show("saliency", saliency(trained, x, k), saliency(shown, x, k), now.image),
      ...show("gradCam", gradCam(trained, x, k), gradCam(shown, x, k), now.image),
    };
    const seen = {
      ...{ name: reader.name, answer: says.answer, probability: says.probability },
      ...{ k, share: says.probabilities[k], random, now: after, correlations },
    };
    slices.ask(occlusions({ trained, shown, image: now.image, x, k }, seen));
  }

  reader.row.append(resetButton(model, TRAITS, reader.pad.remember));
  const choices = controls(reader.whose, explained.element);
  const randomness = controls(layers, anew);
  const maps = panels(...heats);
  maps.classList.add("lx-heats");
  const parts = { answer: answer.element, control: randomness, result: maps, words, keys: KEYS };
  const body = reader.arrange(parts);
  return mount(model, el, "why", TRAITS, [reader.row, choices, body], draw, () => {
    slices.stop();
    reader.leave();
  });
}

export default { render };
