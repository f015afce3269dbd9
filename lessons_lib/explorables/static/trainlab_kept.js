// The runs that TrainLab keeps in this browser for a reader who leaves the page and comes back. Each
// run is kept by itself, so that a second window loses nothing. No DOM in here.

import { ask } from "./database.js";
import { isDone, MOST_RUNS, testsOf } from "./trainlab_runs.js";
import { OPTIONS, TRAITS } from "./trainlab_settings.js";

/**
 * @typedef {import("./trainlab_runs.js").Run} Run
 * @typedef {import("./trainlab_runs.js").Member} Member
 */

/** Whether a training has all that is drawn of it. @param {Member} member */
const isWhole = ({ epochs, weights, norms, description, seconds }) =>
  [epochs, weights, norms, description.layers].every((list) => Array.isArray(list)) &&
  Number.isFinite(seconds);

/**
 * Whether what is kept under a key is a run that has ended, of settings that the figure knows.
 * @param {unknown} key
 * @param {Run} run
 */
export function isKnown(key, run) {
  try {
    const { members, settings, number, place } = run;
    return run.key === key && [number, place].every(Number.isFinite) &&
      members.length > 0 && members.every(isWhole) && isDone(run) &&
      TRAITS.every((trait) => [...OPTIONS[trait]].includes(settings[trait]));
  } catch {
    return false; // another edition of the course kept it
  }
}

/**
 * What keeps the runs of one figure, and finds them again. Where the browser keeps nothing, neither
 * does this.
 * @param {string} figure the address of its page, and its name there
 */
export function createStore(figure) {
  /** How many answers of the test set each run had when it was to be kept. @type {Map<string, number>} */
  const kept = new Map();
  const place = (/** @type {string} */ key) => [figure, key];

  /** Keep a run; where the browser refuses, it is not asked again before the run changes. @param {Run} run */
  async function put(run) {
    const tests = testsOf(run).length;
    if (kept.get(run.key) === tests) return;
    kept.set(run.key, tests);
    await ask("readwrite", (store) => store.put(run, place(run.key))).catch(() => {});
  }
  /** @param {string} key */
  async function drop(key) {
    kept.delete(key);
    await ask("readwrite", (store) => store.delete(place(key))).catch(() => {});
  }
  /** All runs of this figure by their keys, the latest last. @returns {Promise<[string, Run][]>} */
  async function read() {
    const all = IDBKeyRange.bound([figure], [figure, []]);
    const places = await ask("readonly", (store) => store.getAllKeys(all));
    const keys = places.map((place) => /** @type {[string, string]} */ (place)[1]);
    const runs = keys.map((key) => ask("readonly", (store) => store.get(place(key))));
    return (await Promise.all(runs)).map((run, i) => [keys[i], run]);
  }
  return {
    /** Keep those of the runs that have ended, and no others that were given before. @param {Run[]} runs */
    async keep(runs) {
      const gone = [...kept.keys()].filter((key) => runs.every((run) => run.key !== key));
      await Promise.all([...runs.filter(isDone).map(put), ...gone.map(drop)]);
    },
    /** The latest runs of earlier visits, the latest last; what else is kept is dropped. @returns {Promise<Run[]>} */
    async find() {
      const found = await read().catch(() => []);
      const latest = found.filter(([key, run]) => isKnown(key, run)).slice(-MOST_RUNS);
      found.filter((one) => !latest.includes(one)).forEach(([key]) => drop(key));
      return latest.map(([, run]) => {
        // A question that the test set had no time to answer may be asked again.
        run.asked = testsOf(run).length > 0;
        return run;
      });
    },
  };
}
