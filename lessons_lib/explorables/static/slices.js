// Work that is done in slices, so that the page answers the reader in between.

/** How many milliseconds a slice takes. */
const SLICE = 8;

/**
 * Do work bit by bit. What is asked for meanwhile begins afterwards, and only the latest of it.
 * @template T
 * @param {(result: T) => void} onDone
 */
export function createSlices(onDone) {
  /** @type {Generator<undefined, T> | undefined} */
  let current;
  /** @type {Generator<undefined, T> | undefined} */
  let latest;

  function goOn() {
    const until = performance.now() + SLICE;
    while (current && performance.now() < until) {
      const { done, value } = current.next();
      if (!done) continue;
      [current, latest] = [latest, undefined];
      onDone(value);
    }
    if (current) setTimeout(goOn);
  }
  return {
    /** @param {Generator<undefined, T>} work */
    ask(work) {
      if (current) latest = work;
      else {
        current = work;
        goOn();
      }
    },
    /** Leave all of it. */
    stop() {
      current = latest = undefined;
    },
  };
}
