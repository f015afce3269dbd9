// The data of TrainLab: digits as they are or changed, and points of two classes. No DOM in here.

import { onCanvas, reordered, SIDE } from "./digits.js";
import { clamp } from "./ops.js";
import { createRandom, normal, shuffle } from "./random.js";
import { hasPoints } from "./trainlab_settings.js";

/**
 * @typedef {import("./train.js").Examples} Examples
 * @typedef {import("./trainlab_settings.js").Settings} Settings
 * @typedef {import("./random.js").Random} Random
 * @typedef {"train" | "validation" | "test"} SetName
 * @typedef {Examples & {x: Uint8Array, labels: Uint8Array}} Images
 */

const SIZE = SIDE * SIDE;
/** How far the digits of the validation and test set are moved, each in one of eight directions. */
const MOVED = 3;
/** The deviation of the noise, of 255. */
const NOISE = 0.4 * 255;
/** How many points of each class a set has. */
const POINTS = { train: 200, validation: 200, test: 500 };
const SEEDS = { train: 1, validation: 2, test: 3 };

/** The places of the first examples of each class. @param {ArrayLike<number>} labels @param {number} count */
export function firstOfEach(labels, count) {
  /** @type {Record<number, number>} */
  const seen = {};
  return Array.from(labels, (label, i) => {
    seen[label] = (seen[label] ?? 0) + 1;
    return seen[label] <= count ? i : -1;
  }).filter((i) => i >= 0);
}

/** Some of the examples. @param {Examples} examples @param {number[]} places @returns {Examples} */
export function pick({ x, labels }, places) {
  const size = x.length / labels.length;
  const some = x instanceof Uint8Array
    ? new Uint8Array(places.length * size)
    : new Float32Array(places.length * size);
  places.forEach((place, i) => some.set(x.subarray(place * size, (place + 1) * size), i * size));
  return { x: some, labels: places.map((place) => labels[place]) };
}

/** Where each pixel of a digit with shuffled pixels comes from. */
export function shuffledPlaces() {
  const order = Uint32Array.from({ length: SIZE }, (_, i) => i);
  shuffle(order, createRandom(0));
  return order;
}

/** Images with their pixels in another order, the same for all. @param {Images} images */
export const shuffled = ({ x, labels }) => ({ x: reordered(x, shuffledPlaces()), labels });

/** Images that are moved, each in one of eight directions. @param {Images} images @param {number} [by] pixels */
export const moved = ({ x, labels }, by = MOVED) => ({ x: onCanvas(x, SIDE, by), labels });

/** Images with noise on each pixel. @param {Images} images @param {number} seed */
export function noisy({ x, labels }, seed) {
  const random = createRandom(seed);
  return { x: x.map((value) => clamp(Math.round(value + NOISE * normal(random)), 0, 255)), labels };
}

/**
 * One set of digits as the settings want it.
 * @param {Settings["data"]} data
 * @param {SetName} name
 * @param {Images} images
 */
export function changeDigits(data, name, images) {
  if (data === "shuffled pixels") return shuffled(images);
  if (name === "train") return images;
  if (data === "shifted digits") return moved(images);
  return data === "noisy digits" ? noisy(images, SEEDS[name]) : images;
}

/**
 * A point of a class.
 * @type {Record<string, (label: number, random: Random) => [number, number]>}
 */
const shapes = {
  ring(label, random) {
    const [angle, radius] = [2 * Math.PI * random(), label ? 0.8 : 0.4 * Math.sqrt(random())];
    const away = radius + 0.1 * normal(random);
    return [away * Math.cos(angle), away * Math.sin(angle)];
  },
  spiral(label, random) {
    const along = Math.sqrt(random());
    const angle = 3 * Math.PI * along + Math.PI * label;
    return [
      along * Math.cos(angle) + 0.04 * normal(random),
      along * Math.sin(angle) + 0.04 * normal(random),
    ];
  },
  "two moons"(label, random) {
    const angle = Math.PI * random();
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const [right, up] = label ? [1 - x, 0.5 - y] : [x, y];
    return [
      (right - 0.5) / 1.6 + 0.15 * normal(random),
      (up - 0.25) / 1.6 + 0.15 * normal(random),
    ];
  },
};

/** Points of two classes in turn. @param {string} shape @param {SetName} name @returns {Examples} */
export function drawPoints(shape, name) {
  const random = createRandom(SEEDS[name]);
  const labels = Array.from({ length: 2 * POINTS[name] }, (_, i) => i % 2);
  return { x: Float32Array.from(labels.flatMap((label) => shapes[shape](label, random))), labels };
}

/**
 * One set of the data that the settings name, all of it or, for training, some of each class.
 * @param {Settings} settings
 * @param {SetName} name
 * @param {(name: SetName) => Promise<Images>} load loads digits
 * @returns {Promise<Examples>}
 */
export async function makeSet(settings, name, load) {
  const all = hasPoints(settings)
    ? drawPoints(settings.data, name)
    : changeDigits(settings.data, name, await load(name));
  return name === "train" ? pick(all, firstOfEach(all.labels, settings.examples)) : all;
}
