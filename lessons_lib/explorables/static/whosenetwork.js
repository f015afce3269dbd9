// Which network reads a digit: that of the course, or the one that the reader has trained in TrainLab
// and kept.

import { select } from "./controls.js";
import { DESCRIPTION, load, loadOwn } from "./digitnetwork.js";
import { follow } from "./ownnetwork.js";

/**
 * `weights` names the file of the weights, and `_weights` are its bytes.
 * @typedef {"CNN of the course" | "your own"} Whose
 * @typedef {{network: Whose, weights: string, _weights: DataView}} Traits
 * @typedef {import("./nn.js").Network} Network
 */

/** @type {Whose[]} */
const WHOSE = ["CNN of the course", "your own"];

/** How a network becomes the reader's own. */
export const OWN =
  "To look into a network of your own, train one on digits in TrainLab, the laboratory of the course, " +
  "and press “Use in other figures” there.";

/** What layers do where their description does not say. @type {Record<string, object>} */
const DEFAULTS = {
  Conv2D: { strides: 1, padding: "valid" },
  MaxPooling2D: { pool_size: 2, strides: 2, padding: "valid" },
};

/** The layers of a network, without what only its training needs after the maps. @param {import("./nn.js").Description} description */
function layersOf({ layers }) {
  const flat = layers.findIndex(({ layer }) => layer === "Flatten");
  return layers.filter(({ layer }, i) => layer !== "Dropout" || i < flat)
    .map((spec) => ({ ...DEFAULTS[spec.layer], ...spec }));
}

/**
 * Whether a network has the layers of the course's CNN, each at its place: only after Flatten may it
 * have dropout.
 * @param {Network} network
 */
export function isCnnOfCourse({ description }) {
  const [layers, wanted] = [layersOf(description), layersOf(DESCRIPTION)];
  const has = (/** @type {object} */ layer, /** @type {object} */ other) =>
    Object.entries(other).every(([key, value]) => Reflect.get(layer, key) === value);
  return layers.length === wanted.length && layers.every((layer, i) => has(layer, wanted[i]));
}

/**
 * The network that the reader has kept, as long as a figure is there.
 * @param {() => void} onNetwork is called when there is another one
 * @param {(network: Network) => boolean} [fits] whether the figure can take it
 */
export function followOwn(onNetwork, fits = () => true) {
  const find = () => {
    const own = loadOwn();
    return own && fits(own.network) ? own : undefined;
  };
  let own = find();
  const listening = new AbortController();
  follow(() => {
    own = find();
    onNetwork();
  }, listening.signal);
  return { find: () => own, leave: () => listening.abort() };
}

/**
 * A list of both, and the network that is chosen.
 * @param {import("./controls.js").Model<Traits>} model
 * @param {() => void} onNetwork is called when there is another network
 * @param {(network: Network) => boolean} [fits] whether the figure can take a network of the reader's
 */
export function createWhose(model, onNetwork, fits = () => true) {
  const list = select(model, "Network", "network", WHOSE);
  const choice = /** @type {HTMLSelectElement} */ (list.element.lastChild);
  const option = choice.options[1];
  const course = load(model.get("_weights"));
  const own = followOwn(onNetwork, fits);
  const chosen = () => model.get("network") === WHOSE[1] ? own.find() : undefined;
  return {
    element: list.element,
    draw() {
      list.draw();
      option.disabled = !own.find();
      // The list names the network that answers.
      if (!own.find()) choice.value = WHOSE[0];
    },
    leave: own.leave,
    /** The network that reads. */
    get network() {
      return chosen()?.network ?? course;
    },
    /** What the network is called. */
    get name() {
      const { name } = chosen() ?? {};
      return name === undefined ? "The network" : `Your network (${name})`;
    },
  };
}
