// The runs that TrainLab keeps in this browser for a reader who leaves the page and comes back. Each
// run is kept by itself, so that a second window loses nothing. No DOM in here.

import { ask } from "./database.js";
import { isDone, MOST_RUNS, testsOf } from "./trainlab_runs.js";
import { OPTIONS, TRAITS } from "./trainlab_settings.js";

/** @typedef {import("./trainlab_runs.js").Run} Run */

/** Whether this is a run that has ended, of settings that the figure knows. @param {Run} run */
function isKnown(run) {
  try {
    return isDone(run) &&
      TRAITS.every((trait) => [...OPTIONS[trait]].includes(run.settings[trait]));
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
  /** How many answers of the test set each kept run had. @type {Map<string, number>} */
  const kept = new Map();
  const place = (/** @type {string} */ key) => [figure, key];

  /** @param {Run} run */
  async function put(run) {
    const tests = testsOf(run).length;
    if (kept.get(run.key) === tests) return;
    kept.set(run.key, tests);
    await ask("readwrite", (store) => store.put(run, place(run.key))).catch(() =>
      kept.delete(run.key)
    );
  }
  /** @param {string} key */
  async function drop(key) {
    kept.delete(key);
    await ask("readwrite", (store) => store.delete(place(key))).catch(() => {});
  }
  return {
    /** Keep those of the runs that have ended, and no others that this figure has kept. @param {Run[]} runs */
    async keep(runs) {
      const gone = [...kept.keys()].filter((key) => runs.every((run) => run.key !== key));
      await Promise.all([...runs.filter(isDone).map(put), ...gone.map(drop)]);
    },
    /** The latest runs of earlier visits, in the order of their numbers. @returns {Promise<Run[]>} */
    async find() {
      const all = IDBKeyRange.bound([figure], [figure, []]);
      /** @type {Run[]} */
      const found = await ask("readonly", (store) => store.getAll(all)).catch(() => []);
      const latest = found.filter(isKnown).sort((a, b) => a.key < b.key ? -1 : 1).slice(-MOST_RUNS);
      for (const run of latest) {
        kept.set(run.key, testsOf(run).length);
        // A question that the test set had no time to answer may be asked again.
        run.asked = testsOf(run).length > 0;
      }
      return latest.sort((a, b) => a.number - b.number);
    },
  };
}
