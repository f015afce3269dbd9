// The network that a reader keeps in the browser: what is kept comes back, and what is no network of
// digits is left alone.

import assert from "node:assert/strict";
import {
  DESCRIPTION as CNN,
  loadOwn,
  readDigit,
} from "../../lessons_lib/explorables/static/digitnetwork.js";
import { Network } from "../../lessons_lib/explorables/static/nn.js";
import { follow, keep, kept } from "../../lessons_lib/explorables/static/ownnetwork.js";
import { createRun } from "../../lessons_lib/explorables/static/trainlab_runs.js";
import { OPTIONS } from "../../lessons_lib/explorables/static/trainlab_settings.js";
import { handOver } from "../../lessons_lib/explorables/static/trainlab_table.js";
import { isCnnOfCourse } from "../../lessons_lib/explorables/static/whosenetwork.js";

/** @typedef {import("../../lessons_lib/explorables/static/nn.js").Description} Description */
/** @typedef {import("../../lessons_lib/explorables/static/trainlab_settings.js").Settings} Settings */

/** What the browser stores. @type {Map<string, string>} */
let stored = new Map();
/** Give the browser a storage, or one that refuses everything. @param {boolean} [refuses] */
function storage(refuses = false) {
  stored = new Map();
  const value = {
    getItem: (/** @type {string} */ key) => stored.get(key) ?? null,
    /** @param {string} key @param {string} text */
    setItem(key, text) {
      if (refuses) throw new Error("no room");
      stored.set(key, text);
    },
  };
  Object.defineProperty(globalThis, "localStorage", { value, configurable: true });
}

/** @type {Description} */
const DESCRIPTION = {
  input_shape: [28, 28, 1],
  layers: [{ layer: "Flatten" }, { layer: "Dense", units: 10, activation: "softmax" }],
  optimizer: { optimizer: "SGD", learning_rate: 0.1 },
  seed: 5,
};
const network = new Network(DESCRIPTION, 1);
const image = Array.from({ length: 784 }, (_, i) => (i % 10) / 10);

Deno.test("a network that is kept answers as before", () => {
  storage();
  assert.equal(kept(), undefined);
  assert.equal(loadOwn(), undefined);
  assert.equal(keep("dense, run 2", DESCRIPTION, network.weights), true);
  const own = loadOwn();
  assert.ok(own);
  assert.equal(own.name, "dense, run 2");
  assert.deepEqual(readDigit(own.network, image), readDigit(network, image));
});

Deno.test("what is no network of digits is left alone", () => {
  for (const text of ["", "3", "{}", '{"name": 1, "description": {}, "weights": "!"}', "null"]) {
    storage();
    stored.set("lessons-lib/network", text);
    assert.equal(loadOwn(), undefined);
  }
  storage();
  const points = new Network({ ...DESCRIPTION, input_shape: [2], layers: [DESCRIPTION.layers[1]] });
  keep("points", points.description, points.weights);
  assert.ok(kept());
  assert.equal(loadOwn(), undefined);
  keep("cut", DESCRIPTION, network.weights.slice(1));
  assert.equal(loadOwn(), undefined);
});

Deno.test("a browser that keeps nothing says so, and figures hear of another network", () => {
  let heard = 0;
  const listening = new AbortController();
  follow(() => heard++, listening.signal);
  storage(true);
  assert.equal(keep("dense", DESCRIPTION, network.weights), false);
  assert.equal(heard, 0);
  storage();
  keep("dense", DESCRIPTION, network.weights);
  assert.equal(heard, 1);
  listening.abort();
  keep("dense", DESCRIPTION, network.weights);
  assert.equal(heard, 1);
});

Deno.test("weights that are no numbers are taken by no figure, whoever kept them", () => {
  for (const wrong of [NaN, Infinity]) {
    storage();
    const weights = network.weights.map((values) => values.slice());
    weights[1][3] = wrong;
    assert.ok(keep("dense", DESCRIPTION, weights));
    assert.equal(loadOwn(), undefined);
  }
});

Deno.test("TrainLab hands over what reads digits, when it has weights", () => {
  const settings = /** @type {Settings} */ (Object.fromEntries(
    Object.entries(OPTIONS).map(([trait, options]) => [trait, options[0]]),
  ));
  /** @param {Partial<Settings>} [changes] */
  const runOf = (changes) => {
    const run = createRun([], 4, { ...settings, network: "dense", hidden: 0, ...changes }, [1]);
    run.members[0].weights = new Network(run.members[0].description, 1).weights;
    return run;
  };
  storage();
  assert.match(handOver(runOf({ data: "ring" })), /^Run 4 learns ring, and/);
  assert.match(handOver(runOf({ data: "shuffled pixels" })), /^Run 4 learns shuffled pixels/);
  const begun = runOf();
  begun.members[0].weights = [];
  assert.match(handOver(begun), /has no weights yet/);
  assert.equal(kept(), undefined);
  assert.match(handOver(runOf()), /^Run 4 is kept in this browser/);
  assert.equal(loadOwn()?.name, "dense, run 4");
  storage(true);
  assert.match(handOver(runOf()), /^This browser keeps nothing/);
});

Deno.test("a figure that takes maps by their places takes no network with others at them", () => {
  /** @param {(layers: any[]) => any[]} change */
  const fits = (change) =>
    isCnnOfCourse(/** @type {any} */ ({ description: { layers: change(CNN.layers) } }));
  /** @param {number} place @param {object} more */
  const changed = (place, more) =>
    fits((layers) => layers.map((layer, i) => i === place ? { ...layer, ...more } : layer));
  const dropout = { layer: "Dropout", rate: 0.5 };
  assert.ok(fits((layers) => layers));
  assert.ok(fits((layers) => [...layers.slice(0, 5), dropout, ...layers.slice(5)]));
  assert.ok(changed(1, { pool_size: 2 }));
  assert.ok(changed(0, { padding: "valid", l2: 0.01 }));
  for (const place of [0, 1, 2, 3, 4]) {
    assert.ok(
      !fits((layers) => [...layers.slice(0, place), dropout, ...layers.slice(place)]),
      String(place),
    );
  }
  for (const more of [{ pool_size: 3 }, { strides: 1 }, { padding: "same" }]) {
    assert.ok(!changed(1, more));
  }
  for (const more of [{ strides: 2 }, { padding: "same" }, { filters: 4 }]) {
    assert.ok(!changed(2, more));
  }
});
