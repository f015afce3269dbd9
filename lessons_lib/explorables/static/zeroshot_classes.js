// What ZeroShot computes: the classes as rows of attributes, and the class that an image goes to. No
// DOM in here.

import { Network } from "./nn.js";
import { clamp } from "./ops.js";
import { unpack } from "./weights.js";
import { COLORS, SHAPES, SIDE } from "./zeroshot_images.js";

/**
 * @typedef {import("./zeroshot_images.js").Shape} Shape
 * @typedef {import("./zeroshot_images.js").Color} Color
 * @typedef {import("./layers.js").LayerSpec} LayerSpec
 * @typedef {"two networks" | "one network"} Networks
 * @typedef {{name: string, shape: Shape, color: Color, seen: boolean, row: number[]}} Class
 */

export const IMAGES = 9;
export const ATTRIBUTES = [...SHAPES, ...COLORS];
/** What training never showed together. */
const NEVER = { shapes: ["triangle", "cross"], colors: ["blue", "yellow"] };

/** All combinations of a shape and a colour, each with its row of attributes. @type {Class[]} */
export const CLASSES = SHAPES.flatMap((shape) =>
  COLORS.map((color) => ({
    ...{ name: `${color} ${shape}`, shape, color },
    seen: !(NEVER.shapes.includes(shape) && NEVER.colors.includes(color)),
    row: ATTRIBUTES.map((attribute) => Number(attribute === shape || attribute === color)),
  }))
);

/** The class of a shape and a colour. @param {Shape} shape @param {Color} color */
export const classOf = (
  shape,
  color,
) => /** @type {Class} */ (CLASSES.find((one) => one.shape === shape && one.color === color));

/** @param {number} filters @returns {LayerSpec} */
const convolution = (filters) => ({
  ...{ layer: "Conv2D", filters, kernel_size: 3, padding: "same", activation: "relu" },
});

/** Three convolutions, and an answer for each of so many attributes. @param {number} attributes @returns {LayerSpec[]} */
const deep = (attributes) => [
  convolution(8),
  { layer: "MaxPooling2D" },
  convolution(16),
  { layer: "MaxPooling2D" },
  convolution(32),
  { layer: "GlobalMaxPooling2D" },
  { layer: "Dense", units: attributes, activation: "sigmoid" },
];

/**
 * A network of the course's chapter, with the weights of a file.
 * @param {number} channels of its input
 * @param {LayerSpec[]} layers
 * @param {DataView} file
 */
function load(channels, layers, file) {
  const input_shape = [SIDE, SIDE, channels];
  // Nothing is trained here, so any loss will do.
  const network = new Network({ input_shape, layers, loss: "mean_squared_error" }, 1);
  network.setWeights(unpack(file, network.sizes));
  return (/** @type {Float32Array} */ image) => Array.from(network.forward(image));
}

/** How bright each pixel is: the largest of its channels, in which there is no colour. @param {Float32Array} image */
export const brightness = (image) =>
  Float32Array.from(
    { length: image.length / 3 },
    (_, i) => Math.max(image[3 * i], image[3 * i + 1], image[3 * i + 2]),
  );

/**
 * What gives the probability of each attribute in an image: two networks, or one for all.
 * @param {DataView[]} files the weights of the networks for shapes, for colours and for all attributes
 * @returns {Record<Networks, (image: Float32Array) => number[]>}
 */
export function createReaders([shape, color, shared]) {
  const shapeOf = load(1, deep(SHAPES.length), shape);
  const colorOf = load(3, [
    convolution(8),
    { layer: "GlobalMaxPooling2D" },
    { layer: "Dense", units: COLORS.length, activation: "sigmoid" },
  ], color);
  const allOf = load(3, deep(ATTRIBUTES.length), shared);
  return {
    "two networks": (image) => [...shapeOf(brightness(image)), ...colorOf(image)],
    "one network": allOf,
  };
}

/**
 * What each attribute contributes to the product of a class: p where the class has it, and 1 − p
 * where it has not.
 * @param {number[]} row of the class
 * @param {number[]} probabilities
 */
export const factors = (row, probabilities) => probabilities.map((p, i) => (row[i] ? p : 1 - p));

/** How well a class describes an image. @param {number[]} row @param {number[]} probabilities */
export const productOf = (row, probabilities) =>
  factors(row, probabilities).reduce((product, factor) => product * factor, 1);

/** No probability counts as nearer to 0 or to 1 than this. */
const LEAST = 1e-6;

/**
 * The classes from the best to the worst for an image. Logarithms are added, so that no product is
 * too small to be compared.
 * @param {Class[]} classes
 * @param {number[]} probabilities
 */
export function rank(classes, probabilities) {
  const within = probabilities.map((p) => clamp(p, LEAST, 1 - LEAST));
  const fit = new Map(classes.map((one) => {
    const logs = factors(one.row, within).map(Math.log);
    return [one, logs.reduce((sum, log) => sum + log, 0)];
  }));
  return [...classes].sort((a, b) => Number(fit.get(b)) - Number(fit.get(a)));
}

/**
 * The classes among which images choose.
 * @param {string[]} names of the classes that exist
 * @param {"all classes" | "unseen classes"} among
 */
export const candidates = (names, among) =>
  CLASSES.filter(({ name, seen }) => names.includes(name) && (among === "all classes" || !seen));

/** A list in words. @param {string[]} parts */
const listed = (parts) =>
  parts.length < 2
    ? parts.join("")
    : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;

/**
 * Where the images land, in words.
 * @param {Class} shown what the images show
 * @param {Class[]} classes among which they choose
 * @param {(Class | undefined)[]} landed the class of each image
 * @param {Networks} networks
 */
export function inWords(shown, classes, landed, networks) {
  const origin = shown.seen ? "as training showed them" : "which training never showed";
  const images = `${landed.length} new images of a ${shown.name}, ${origin}.`;
  if (!classes.length) return `${images} There is no class for them: describe an unseen one.`;
  const counts = CLASSES.map((one) => ({
    one,
    count: landed.filter((found) => found === one).length,
  })).filter(({ count }) => count).sort((a, b) => b.count - a.count);
  const parts = counts.map(({ one, count }) =>
    `${count} ${count === 1 ? "lands" : "land"} in ${one.name}${one === shown ? " (right)" : ""}`
  );
  const among = classes.length === 1 ? "There is one class" : `Among ${classes.length} classes`;
  const right = landed.filter((found) => found === shown).length;
  return `${images} ${among}: ${listed(parts)}.${
    remark(shown, classes, right / landed.length, networks)
  }`;
}

/**
 * Why many images land elsewhere.
 * @param {Class} shown
 * @param {Class[]} classes
 * @param {number} right the share of those that land in their class
 * @param {Networks} networks
 */
function remark({ shape, color, seen }, classes, right, networks) {
  if (!classes.includes(classOf(shape, color))) {
    return ` No class here is described as ${color} and ${shape}: so they go to the nearest.`;
  }
  if (seen || right >= 0.5 || networks === "two networks") return "";
  return ` In training, nothing ${color} was a ${shape}: one network for all attributes learns that too.`;
}
