// TrainLab without a page: its settings, its data, its runs and its files.

import assert from "node:assert/strict";
import { Network } from "../../lessons_lib/explorables/static/nn.js";
import { checksum, toNpy } from "../../lessons_lib/explorables/static/npz.js";
import { niceEnd } from "../../lessons_lib/explorables/static/svg.js";
import { scaleOf } from "../../lessons_lib/explorables/static/trainlab_curves.js";
import * as data from "../../lessons_lib/explorables/static/trainlab_data.js";
import { answerInWords, mapsOf } from "../../lessons_lib/explorables/static/trainlab_maps.js";
import {
  countDead,
  mistakesIn,
  sizeInWords,
} from "../../lessons_lib/explorables/static/trainlab_pictures.js";
import * as runs from "../../lessons_lib/explorables/static/trainlab_runs.js";
import { Session } from "../../lessons_lib/explorables/static/trainlab_session.js";
import * as settings from "../../lessons_lib/explorables/static/trainlab_settings.js";
import {
  countWeights,
  runInWords,
  testInWords,
} from "../../lessons_lib/explorables/static/trainlab_words.js";

/** @typedef {import("../../lessons_lib/explorables/static/trainlab_settings.js").Settings} Settings */

/** @type {Settings} */
const PLAIN = {
  ...{ network: "dense", hidden: 1, units: 64, data: "digits", examples: 200, optimizer: "Adam" },
  ...{ learning_rate: 0.003, batch_size: 64, dropout: 0, l2: 0, shift: 0, seed: 0, epochs: 20 },
};

/** All settings with one network each. @type {Partial<Settings>[]} */
const NETWORKS = [
  ...[0, 1, 2, 3].map((hidden) => ({ hidden })),
  { network: "CNN" },
  { network: "CNN, global pooling" },
  { network: "CNN", dropout: 0.5 },
  { data: "ring", hidden: 2, units: 4 },
  { data: "spiral", hidden: 0, network: "CNN" },
];

Deno.test("TrainLab: each network is as large as is said", () => {
  for (const change of NETWORKS) {
    const now = { ...PLAIN, ...change };
    const { sizes } = new Network(settings.describe(now), 1);
    assert.equal(countWeights(now), sizes.reduce((a, b) => a + b), JSON.stringify(change));
  }
  assert.equal(countWeights(PLAIN), 50_890);
  assert.equal(countWeights({ ...PLAIN, network: "CNN" }), 5_258);
  assert.equal(countWeights({ ...PLAIN, network: "CNN, global pooling" }), 14_378);
});

Deno.test("TrainLab: a link gives back what it was made of, for every option", () => {
  for (const change of NETWORKS) {
    for (const trait of settings.TRAITS) {
      for (const option of settings.OPTIONS[trait]) {
        const now = { ...PLAIN, ...change, [trait]: option };
        const found = settings.fromFragment("lab", settings.toFragment("lab", now));
        assert.deepEqual(found?.unknown, []);
        assert.deepEqual({ ...now, ...found?.settings }, now);
        const told = settings.traitsOf(now).length;
        assert.equal(Object.keys(found?.settings ?? {}).length, told);
      }
    }
  }
});

Deno.test("TrainLab: a link with junk sets the rest, and one to another figure nothing", () => {
  assert.deepEqual(settings.fromFragment("lab", "#lab?seed=2&seed=x&toString=1&epochs=1e3&=&%"), {
    settings: { seed: 2 },
    unknown: ["seed=x", "toString=1", "epochs=1e3", "=", "%="],
  });
  assert.deepEqual(settings.fromFragment("lab", "#lab"), { settings: {}, unknown: [] });
  for (const fragment of ["", "#", "#la", "#labs", "#labs?seed=1", "#other?seed=1"]) {
    assert.equal(settings.fromFragment("lab", fragment), undefined);
  }
});

Deno.test("TrainLab: of each class the first examples are taken", () => {
  assert.deepEqual(data.firstOfEach([1, 0, 1, 1, 0, 2], 2), [0, 1, 2, 4, 5]);
});

/** Images in which each pixel differs. @param {number} count */
const images = (count) => ({
  x: Uint8Array.from({ length: count * 784 }, (_, i) => i % 251),
  labels: new Uint8Array(count),
});

Deno.test("TrainLab: shuffled pixels are the same pixels in one other order", () => {
  const before = images(2);
  const { x } = data.shuffled(before);
  assert.notDeepEqual(x, before.x);
  assert.deepEqual(x.slice(0, 784).sort(), before.x.slice(0, 784).sort());
  const order = data.shuffledPlaces();
  order.forEach((from, to) => assert.equal(x[784 + to], before.x[784 + from]));
});

Deno.test("TrainLab: moved digits lie elsewhere, in eight directions", () => {
  const dot = { x: new Uint8Array(8 * 784), labels: new Uint8Array(8) };
  for (let i = 0; i < 8; i++) dot.x[i * 784 + 14 * 28 + 14] = 255;
  const { x } = data.moved(dot, 3);
  const places = Array.from({ length: 8 }, (_, i) => {
    const at = x.subarray(i * 784, (i + 1) * 784).indexOf(255);
    return [Math.floor(at / 28) - 14, at % 28 - 14];
  });
  assert.equal(new Set(places.map(String)).size, 8);
  assert.ok(places.every(([down, right]) => Math.max(Math.abs(down), Math.abs(right)) === 3));
});

Deno.test("TrainLab: only validation and test digits are moved or noisy, and the same each time", () => {
  const before = images(3);
  for (const name of /** @type {const} */ (["shifted digits", "noisy digits"])) {
    assert.equal(data.changeDigits(name, "train", before), before);
    const once = data.changeDigits(name, "validation", before);
    assert.notDeepEqual(once.x, before.x);
    assert.deepEqual(once, data.changeDigits(name, "validation", before));
  }
  assert.equal(data.changeDigits("digits", "test", before), before);
});

Deno.test("TrainLab: a dense network learns each shape of points", async () => {
  for (const shape of /** @type {const} */ (["ring", "spiral", "two moons"])) {
    /** @type {Settings} */
    const now = { ...PLAIN, data: shape, hidden: 2, units: 32, learning_rate: 0.01 };
    const train = await data.makeSet(now, "train", () => Promise.reject());
    const { x, labels } = await data.makeSet(now, "validation", () => Promise.reject());
    assert.notDeepEqual(train.x, x);
    assert.ok(x.every((value) => Math.abs(value) < 1.6), shape);
    const network = new Network(settings.describe(now), 400);
    const targets = (/** @type {ArrayLike<number>} */ labels) =>
      Float32Array.from(Array.from(labels).flatMap((label) => label ? [0, 1] : [1, 0]));
    for (let i = 0; i < 250; i++) network.step(train.x, targets(train.labels));
    network.forward(x);
    const right = network.countRight(targets(labels)) / labels.length;
    assert.ok(right > 0.9, `${shape}: ${right}`);
  }
});

/** @param {number[]} losses of the validation, one an epoch @param {number} [seeds] */
function runWith(losses, seeds = 1) {
  const run = runs.createRun([], 1, PLAIN, Array.from({ length: seeds }, (_, i) => i + 1));
  run.members.forEach((member, i) => {
    member.epochs = losses.map((loss, epoch) => ({
      epoch,
      train: { loss: loss / 2, accuracy: 0.9 },
      validation: { loss: loss + i, accuracy: 0.8 },
    }));
    member.reason = "finished";
  });
  return run;
}

Deno.test("TrainLab: a run says its mean and its spread over seeds", () => {
  assert.equal(runs.meanInWords([]), "–");
  assert.equal(runs.meanInWords([0.5]), "0.500");
  assert.equal(runs.meanInWords([1, 2, 3]), "2 ± 1");
  const run = runWith([2, 1], 3);
  assert.deepEqual(run.members.map(({ seed }) => seed), [0, 1, 2]);
  assert.deepEqual(run.members.map(({ description }) => description.seed), [0, 1, 2]);
  assert.equal(runs.meanInWords(runs.lastOf(run, "validation", "loss")), "2 ± 1");
  assert.match(runInWords(run, false), /^Run 1 is done after 2 epochs, 3 seeds\. .* 2 ± 1, /);
});

Deno.test("TrainLab: until the last seed has ended, only those that have ended count", () => {
  const run = runWith([2, 1], 3);
  const told = () => [
    runs.meanInWords(runs.lastOf(run, "validation", "loss")),
    runs.setApart(run, [run]),
    runs.countedEpochsOf(run),
  ];
  assert.deepEqual(told(), ["2 ± 1", "seeds 0–2", 2]);
  run.members[2].reason = undefined;
  run.members[2].epochs.pop();
  assert.deepEqual(told(), ["1.500 ± 0.707", "seeds 0–2 (2 of 3 seeds)", 2]);
  run.members[0].reason = run.members[1].reason = undefined;
  assert.deepEqual(told(), ["–", "seeds 0–2 (0 of 3 seeds)", 0]);
});

Deno.test("TrainLab: the test set's answer is said once all seeds have it", () => {
  const run = runWith([1], 2);
  run.members[0].test = { loss: 1, accuracy: 0.8 };
  assert.equal(testInWords(run), "The test set is asked about Run 1 …");
  run.members[1].test = { loss: 1, accuracy: 0.9 };
  assert.equal(testInWords(run), "Test accuracy of Run 1: 0.850 ± 0.071.");
});

/** What a figure has been told of a training. @param {number} run @returns {import("../../lessons_lib/explorables/static/train.js").Event} */
const doneOf = (run) => ({ type: "done", run, reason: "finished", seconds: 9, weights: [] });

/** A session whose training is never asked. */
const sessionOf = () =>
  new Session({ get: () => assert.fail("nothing is to be trained") }, () => {});

Deno.test("TrainLab: runs that come back do not hear what is told of the one that trains", () => {
  const session = sessionOf();
  const begun = runs.createRun([], 2, PLAIN, [1]);
  session.runs.push(begun);
  session.asked = 1;
  const earlier = runWith([2], 1);
  session.bringBack([earlier]);
  session.hear(doneOf(1));
  assert.deepEqual([begun, earlier].map(({ members }) => members[0].seconds), [9, 0]);
});

Deno.test("TrainLab: of two runs that come back with one number, one gets a new number", () => {
  const session = sessionOf();
  const three = [1, 1, 2].map((number) => ({ ...runWith([2]), number }));
  session.bringBack(three);
  assert.deepEqual(three.map(({ number }) => number), [1, 3, 2]);
  assert.deepEqual(session.runs.map(({ number }) => number), [1, 2, 3]);
});

Deno.test("TrainLab: a run that broke off says why", () => {
  const run = runWith([2]);
  run.members[0].reason = "diverged";
  assert.match(
    runInWords(run, false),
    /^Run 1 broke off after 1 epoch: .* smaller learning rate\.$/,
  );
});

Deno.test("TrainLab: what sets runs apart is named, and what does nothing is not", () => {
  /** @param {Partial<Settings>} change */
  const of = (change) => runs.createRun([], 1, { ...PLAIN, ...change }, [1]);
  const all = [of({}), of({ dropout: 0.5 }), of({ network: "CNN", units: 8 })];
  assert.deepEqual(all.map((run) => runs.setApart(run, all)), [
    "dense, Hidden layers 1, Units in each 64, seed 0",
    "dense, Hidden layers 1, Units in each 64, Dropout 0.5, seed 0",
    "CNN, seed 0",
  ]);
});

Deno.test("TrainLab: a new run takes a colour that is free", () => {
  const kept = [0, 1, 3].map((place) => ({ ...runWith([1]), place }));
  assert.equal(runs.createRun(kept, 9, PLAIN, [1]).place, 2);
});

Deno.test("TrainLab: scales hold the curves, and a loss that runs away does not press them flat", () => {
  assert.deepEqual([0.07, 0.99, 1, 2.3, 4.5, 0].map(niceEnd), [0.08, 1, 1, 3, 6, 1]);
  assert.deepEqual(scaleOf([runWith([2, 1, 1.5])], "loss"), {
    epochs: 3,
    low: 0,
    high: 2,
    higher: false,
  });
  assert.deepEqual(scaleOf([runWith([2, 900])], "loss"), {
    epochs: 2,
    low: 0,
    high: 6,
    higher: true,
  });
  assert.deepEqual(scaleOf([runWith([2, NaN])], "accuracy"), {
    epochs: 2,
    low: 0.8,
    high: 1,
    higher: false,
  });
  assert.deepEqual(scaleOf([], "loss"), { epochs: 2, low: 0, high: 1, higher: false });
});

Deno.test("TrainLab: the worst mistakes come first", () => {
  const outputs = Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.2, 0.8, 0.7, 0.3);
  assert.deepEqual(
    mistakesIn([0, 1, 0, 1], outputs).map(({ place, label, said }) => [place, label, said]),
    [[2, 0, 1], [3, 1, 0], [1, 1, 0]],
  );
});

Deno.test("TrainLab: small and large gradients have a power of ten", () => {
  assert.deepEqual([0.1234, 6.14e-9, 1.5e12].map(sizeInWords), ["0.12", "6.1·10⁻⁹", "1.5·10¹²"]);
});

Deno.test("TrainLab: a unit that answers 0 to everything is dead", () => {
  assert.equal(countDead(Float32Array.of(0, 1, 0, 0, 2, 0), 3), 2);
});

Deno.test("NumPy's files: the checksum of a zip, and numbers that begin at 64 bytes", () => {
  assert.equal(checksum(new TextEncoder().encode("123456789")), 0xcbf43926);
  for (const shape of [[], [3], [28, 28, 1, 64]]) {
    const length = shape.reduce((a, b) => a * b, 1);
    const file = toNpy({ shape, values: new Float32Array(length) });
    assert.equal((file.length - 4 * length) % 64, 0);
  }
});

Deno.test("TrainLab: what a layer makes of a digit are maps, or units of one value each", () => {
  const maps = mapsOf({ units: 3, outputs: new Float32Array(4 * 4 * 3) });
  assert.deepEqual([maps.height, maps.width, maps.channels], [4, 4, 3]);
  const units = mapsOf({ units: 8, outputs: new Float32Array(8) });
  assert.deepEqual([units.height, units.width, units.channels], [1, 1, 8]);
});

Deno.test("TrainLab: the answer to the digit is said", () => {
  const probabilities = Float32Array.of(0.125, 0.75, 0.125);
  assert.equal(answerInWords(1, probabilities), "A 1. The network says 1 with 0.75: right.");
  assert.equal(
    answerInWords(2, probabilities),
    "A 2. The network says 1 with 0.75: wrong, and gives 0.13 to 2.",
  );
});
