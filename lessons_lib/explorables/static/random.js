// Random numbers from a seed: the same seed gives the same numbers in every browser.

/**
 * A source of random numbers, as `Math.random` is one: each call gives a number in 0…1, without 1.
 * @typedef {() => number} Random
 */

/**
 * Make a source of random numbers by a seed (mulberry32).
 * @param {number} seed a whole number
 * @returns {Random}
 */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number from the normal distribution with mean 0 and deviation 1 (Box and Muller). @param {Random} random */
export const normal = (random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** A number from that distribution, drawn anew while it lies more than two deviations away. @param {Random} random */
export function truncatedNormal(random) {
  for (;;) {
    const value = normal(random);
    if (Math.abs(value) <= 2) return value;
  }
}

/**
 * Bring numbers into a random order, in place (Fisher and Yates).
 * @param {Uint32Array} order
 * @param {Random} random
 */
export function shuffle(order, random) {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
}
