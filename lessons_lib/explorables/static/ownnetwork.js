// The network that a reader has trained and kept: TrainLab keeps it, and other figures take it. It
// lies in the storage of the browser; nothing is sent anywhere. No DOM in here.

import { pack } from "./weights.js";

/**
 * `file` holds the weights, as `unpack` of weights.js reads them.
 * @typedef {import("./nn.js").Description} Description
 * @typedef {{name: string, description: Description, file: DataView}} Kept
 */

const KEY = "lessons-lib/network";
/** Tells the figures of the page that another network is kept; other pages hear of their storage. */
const CHANGED = "lx-network";

/** Bytes as base64. @param {DataView} file */
const toText = (file) =>
  btoa(Array.from(new Uint8Array(file.buffer), (byte) => String.fromCharCode(byte)).join(""));

/** @param {string} text base64 */
const toFile = (text) =>
  new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

/**
 * Keep a network in place of the one before.
 * @param {string} name what the reader calls it
 * @param {Description} description
 * @param {Float32Array[]} weights
 * @returns {boolean} whether the browser keeps it
 */
export function keep(name, description, weights) {
  try {
    const network = { name, description, weights: toText(pack(weights)) };
    localStorage.setItem(KEY, JSON.stringify(network));
    dispatchEvent(new Event(CHANGED));
    return true;
  } catch {
    return false; // there is no storage, or it is full
  }
}

/** Forget the network that is kept. */
export function forgetNetwork() {
  try {
    localStorage.removeItem(KEY);
    dispatchEvent(new Event(CHANGED));
  } catch {
    // Then none is kept.
  }
}

/** The network that is kept; undefined where there is none. @returns {Kept | undefined} */
export function kept() {
  try {
    const { name, description, weights } = JSON.parse(localStorage.getItem(KEY) ?? "");
    return { name: String(name), description, file: toFile(weights) };
  } catch {
    return undefined;
  }
}

/**
 * Call a function when another network is kept, on this page or on another one.
 * @param {() => void} onChange
 * @param {AbortSignal} signal ends it
 */
export function follow(onChange, signal) {
  addEventListener(CHANGED, onChange, { signal });
  addEventListener("storage", ({ key }) => key === KEY && onChange(), { signal });
  // A page that the reader comes back to has heard nothing of others meanwhile.
  addEventListener("pageshow", ({ persisted }) => persisted && onChange(), { signal });
}
