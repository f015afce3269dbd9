// The worker's side of training: runs take their turns, and commands are obeyed between two pieces.

import assert from "node:assert/strict";
import { createSession, shiftEach } from "../../lessons_lib/explorables/static/train.js";
import { createRandom } from "../../lessons_lib/explorables/static/random.js";
import { ignoreSecondPress } from "../../lessons_lib/explorables/static/trainer.js";

/** @typedef {import("../../lessons_lib/explorables/static/train.js").Event} Event */

/** Points whose class is the sign of their first coordinate. @param {number} count @param {number} seed */
function points(count, seed) {
  const random = createRandom(seed);
  const x = Float32Array.from({ length: 2 * count }, () => 2 * random() - 1);
  return { x, labels: Uint8Array.from({ length: count }, (_, i) => (x[2 * i] > 0 ? 1 : 0)) };
}

const DATA = { train: points(100, 1), validation: points(50, 2) };
/** @type {import("../../lessons_lib/explorables/static/nn.js").Description} */
const DESCRIPTION = {
  input_shape: [2],
  layers: [{ layer: "Dense", units: 2, activation: "softmax" }],
  optimizer: { optimizer: "SGD", learning_rate: 0.5 },
};

/** A session whose breaths a test counts. */
function start() {
  /** @type {Event[]} */
  const events = [];
  /** @type {(() => void) | undefined} */
  let next;
  // A slice of no time is one piece of work at most; so each breath does one.
  const session = createSession((event) => events.push(structuredClone(event)), {
    slice: 0.001,
    breathe: (work) => (next = work),
  });
  session({ type: "data", data: DATA });
  const breathe = () => {
    const work = next;
    next = undefined;
    work?.();
    return Boolean(work);
  };
  const runOut = () => {
    for (let i = 0; breathe(); i++) assert.ok(i < 1e5, "it must come to an end");
  };
  /** @param {number} run @param {object} [settings] @param {object} [changes] */
  const train = (run, settings, changes) =>
    session({
      type: "train",
      run,
      description: { ...DESCRIPTION, ...changes },
      settings: { epochs: 4, batch_size: 32, ...settings },
    });
  /** The events of a kind. @template {Event["type"]} T @param {T} type @returns {Extract<Event, {type: T}>[]} */
  const of = (type) =>
    events.filter((event) => event.type === type).map((event) => /** @type {any} */ (event));
  return { session, train, breathe, runOut, events, of };
}

Deno.test("runs take their turns, and each epoch is told once", () => {
  const { train, runOut, of } = start();
  train(1);
  train(2, { epochs: 3 });
  runOut();
  assert.deepEqual(of("done").map(({ run, reason }) => [run, reason]), [[1, "finished"], [
    2,
    "finished",
  ]]);
  const told = of("progress").flatMap(({ run, epochs }) => epochs.map(({ epoch }) => [run, epoch]));
  assert.deepEqual(told, [[1, 0], [1, 1], [1, 2], [1, 3], [2, 0], [2, 1], [2, 2]]);
  const last = of("progress").at(-1);
  assert.deepEqual([last?.step, last?.steps], [12, 12]);
  assert.ok((last?.epochs.at(-1)?.validation?.accuracy ?? 0) > 0.9);
});

Deno.test("the same seed gives the same weights, another seed others", () => {
  const { train, runOut, of } = start();
  train(1, {}, { seed: 5 });
  train(2, {}, { seed: 5 });
  train(3, {}, { seed: 6 });
  runOut();
  const [first, second, third] = of("done").map(({ weights }) => weights);
  assert.deepEqual(first, second);
  assert.notDeepEqual(first, third);
});

Deno.test("stop ends a run at once, and forgets one that waits", () => {
  const { session, train, breathe, events, of } = start();
  train(1);
  train(2);
  breathe();
  session({ type: "stop" });
  assert.deepEqual(of("done").map(({ run, reason }) => [run, reason]), [[1, "stopped"], [
    2,
    "stopped",
  ]]);
  const before = events.length;
  breathe();
  assert.equal(breathe(), false);
  assert.equal(events.length, before);
});

Deno.test("stop of one run leaves the others", () => {
  const { session, train, runOut, of } = start();
  train(1);
  train(2);
  session({ type: "stop", run: 1 });
  runOut();
  assert.deepEqual(of("done").map(({ reason }) => reason), ["stopped", "finished"]);
});

Deno.test("in a pause nothing moves but single steps", () => {
  const { session, train, runOut, of } = start();
  session({ type: "pause" });
  train(1);
  runOut();
  assert.equal(of("progress").length, 0);
  for (let step = 1; step <= 6; step++) {
    session({ type: "step" });
    runOut();
    assert.equal(of("progress").at(-1)?.step, step);
  }
  session({ type: "resume" });
  runOut();
  assert.equal(of("done")[0].reason, "finished");
});

Deno.test("with patience the best weights come back", () => {
  const { session, train, runOut, of } = start();
  train(1, { epochs: 500, patience: 3 }, {
    optimizer: { optimizer: "SGD", learning_rate: 30 },
  });
  runOut();
  const [{ reason, weights }] = of("done");
  assert.equal(reason, "patience");
  const losses = of("progress").flatMap(({ epochs }) =>
    epochs.map((epoch) => epoch.validation?.loss ?? 0)
  );
  const best = losses.indexOf(Math.min(...losses));
  assert.equal(losses.length, best + 1 + 3);
  session({
    type: "evaluate",
    run: 1,
    description: DESCRIPTION,
    weights,
    examples: DATA.validation,
  });
  runOut();
  const [{ loss, accuracy, outputs }] = of("evaluated");
  assert.ok(Math.abs(loss - losses[best]) < 1e-6);
  const right = DATA.validation.labels.filter((label, i) =>
    Number(outputs[2 * i + 1] > outputs[2 * i]) === label
  );
  assert.equal(accuracy, right.length / 50);
});

Deno.test("what cannot be trained is said, and the next run has its turn", () => {
  const { train, runOut, of } = start();
  train(1, {}, { layers: [{ layer: "Dense", units: 2 }] });
  train(2, {}, { optimizer: { optimizer: "SGD", learning_rate: 1e300 } });
  train(3);
  runOut();
  assert.match(
    of("failed")[0].message,
    /^categorical_crossentropy must follow softmax\. Received: /,
  );
  assert.deepEqual(of("done").map(({ run, reason }) => [run, reason]), [[2, "diverged"], [
    3,
    "finished",
  ]]);
});

Deno.test("images move by whole pixels, each its own way, and what comes in is 0", () => {
  const images = new Float32Array(200 * 9);
  for (let at = 0; at < images.length; at += 9) images[at + 4] = 1;
  shiftEach(images, [3, 3, 1], 1, createRandom(0));
  const places = Array.from(
    { length: 200 },
    (_, i) => images.subarray(9 * i, 9 * i + 9).indexOf(1),
  );
  assert.deepEqual([...new Set(places)].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(images.reduce((a, b) => a + b), 200);
  shiftEach(images, [3, 3, 1], 2, createRandom(1));
  assert.ok(images.reduce((a, b) => a + b) < 150);
});

Deno.test("targets take the place of labels, and a straight line is found", () => {
  const { session, runOut, of } = start();
  const x = Float32Array.from({ length: 40 }, (_, i) => i / 20 - 1);
  const targets = x.map((value) => 3 * value - 1);
  session({ type: "data", data: { train: { x, labels: new Uint8Array(40), targets } } });
  session({
    type: "train",
    run: 1,
    description: {
      input_shape: [1],
      layers: [{ layer: "Dense", units: 1 }],
      loss: "mean_squared_error",
      optimizer: { optimizer: "SGD", learning_rate: 0.3 },
    },
    settings: { epochs: 60, batch_size: 8 },
  });
  runOut();
  const [[slope], [bias]] = of("done")[0].weights;
  assert.ok(Math.abs(slope - 3) < 1e-3 && Math.abs(bias + 1) < 1e-3);
});

Deno.test("weights are kept every so many epochs, as they were then", () => {
  const { train, runOut, of } = start();
  train(1, { epochs: 6, keep: 3 });
  train(2, { epochs: 3 });
  runOut();
  const epochs = of("progress").flatMap(({ epochs }) => epochs);
  assert.deepEqual(epochs.map(({ weights }) => Boolean(weights)), [
    ...[false, false, true, false, false, true],
    ...[false, false, false],
  ]);
  const [whole, half] = of("done");
  assert.deepEqual(epochs[5].weights, whole.weights);
  assert.deepEqual(epochs[2].weights, half.weights);
});

/** Which presses a button obeys: each is [its time, which click the system calls it]. @param {number[][]} presses @param {() => boolean} [matters] */
function obeyed(presses, matters) {
  /** @type {number[]} */
  const done = [];
  const button = /** @type {any} */ ({
    onclick: (/** @type {any} */ event) => done.push(event.timeStamp),
  });
  ignoreSecondPress(button, matters);
  for (const [timeStamp, detail] of presses) button.onclick({ timeStamp, detail });
  return done;
}

Deno.test("a double or triple click and a key that is held are one press", () => {
  assert.deepEqual(obeyed([[0, 1], [150, 2]]), [0]);
  assert.deepEqual(obeyed([[0, 1], [450, 2]]), [0]);
  assert.deepEqual(obeyed([[0, 1], [160, 2], [320, 3]]), [0]);
  assert.deepEqual(obeyed(Array.from({ length: 30 }, (_, i) => [33 * i, 0])), [0]);
});

Deno.test("who clicks again and again, or once more, is obeyed", () => {
  assert.deepEqual(obeyed([[0, 1], [400, 2], [800, 3], [1200, 4]]), [0, 800, 1200]);
  assert.deepEqual(obeyed([[0, 0], [400, 0]]), [0, 400]);
  assert.deepEqual(obeyed([[0, 1], [150, 2]], () => false), [0, 150]);
});
