// Overfit without a page: its points, its network, its runs and what it says of them.

import assert from "node:assert/strict";
import {
  curve,
  drawPoints,
  EPOCHS,
  KEEP,
  lossOfConstant,
  OPTIONS,
  STAGES,
} from "../../lessons_lib/explorables/static/overfit_points.js";
import { describe, Run } from "../../lessons_lib/explorables/static/overfit_run.js";
import { inWords } from "../../lessons_lib/explorables/static/overfit_words.js";
import { createSession } from "../../lessons_lib/explorables/static/train.js";

/** @typedef {import("../../lessons_lib/explorables/static/overfit_points.js").Settings} Settings */

/** What the figure begins with; overfit.py says the same. @type {Settings} */
const START = {
  ...{ task: "curve", units: 32, examples: 20, noise: 0.3, dropout: 0, l2: 0, seed: 2 },
};

/** Train a run to its end. @param {Partial<Settings>} [changes] */
function trained(changes) {
  const run = new Run({ ...START, ...changes }, 1);
  /** @type {(() => void)[]} */
  const waiting = [];
  const tell = createSession((event) => run.hear(structuredClone(event)), {
    slice: 1000,
    breathe: (next) => waiting.push(next),
  });
  run.restart();
  run.commands.forEach(tell);
  while (waiting.length) waiting.shift()?.();
  return run;
}

Deno.test("Overfit: points lie as far from the curve, or from their circle, as the noise says", () => {
  const settings = { ...START, examples: 160, noise: 0.2 };
  const { x, targets } = drawPoints(settings, "training");
  assert.ok(x.every((value) => Math.abs(value) <= 1));
  const errors = Array.from(x, (value, i) => targets[i] - curve(value));
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / 160);
  assert.ok(Math.abs(deviation - 0.2) < 0.03, String(deviation));
  const exact = drawPoints({ ...settings, task: "ring", noise: 0 }, "validation");
  exact.labels.forEach((label, i) => {
    const radius = Math.hypot(exact.x[2 * i], exact.x[2 * i + 1]);
    assert.ok(label ? Math.abs(radius - 0.85) < 1e-6 : radius <= 0.5);
    assert.deepEqual([...exact.targets.slice(2 * i, 2 * i + 2)], label ? [0, 1] : [1, 0]);
  });
});

Deno.test("Overfit: the sets differ, seeds give other points, and more examples keep the first", () => {
  const of = (/** @type {Partial<Settings>} */ changes) =>
    drawPoints({ ...START, ...changes }, "training").x;
  assert.notDeepEqual(of({}).slice(0, 5), drawPoints(START, "validation").x.slice(0, 5));
  assert.notDeepEqual(of({}), of({ seed: 1 }));
  assert.deepEqual(of({}), of({ units: 2, noise: 0.1 }));
  assert.deepEqual(of({ examples: 40 }).slice(0, 20), of({}));
});

Deno.test("Overfit: each setting reaches the network", () => {
  const { layers, loss } = describe({ ...START, task: "ring", dropout: 0.25, l2: 0.01, units: 4 });
  assert.deepEqual(layers.map(({ layer }) => layer), [
    ...["Dense", "Dropout", "Dense", "Dropout", "Dense"],
  ]);
  assert.equal(loss, "categorical_crossentropy");
  assert.ok(layers.every((spec) => spec.layer !== "Dense" || spec.l2 === 0.01));
  assert.equal(new Run(START, 1).weights, 2 * 32 + 33 * 32 + 33);
});

Deno.test("Overfit: the start overfits, and its validation loss turns up", () => {
  const run = trained();
  assert.deepEqual(run.stages.map(({ epoch }) => epoch), [
    ...Array.from({ length: STAGES + 1 }, (_, i) => KEEP * i),
  ]);
  const { best, last } = run;
  assert.equal(run.at(EPOCHS), last);
  assert.ok(run.isDone && !run.running);
  assert.equal(last.epoch, EPOCHS);
  assert.ok(last.training < 0.5 * 0.3 ** 2, "it is below the noise, so the noise is learned");
  assert.ok(last.validation > 1.5 * best.validation && best.epoch < EPOCHS / 2);
  assert.match(inWords(run, last), /a gap of 0\.\d+\. .*Since then the network overfits/);
  assert.match(inWords(run, best), /early stopping keeps the weights of this epoch/);
});

Deno.test("Overfit: more examples and less noise close the gap, and few units underfit", () => {
  const gap = (/** @type {Run} */ { last }) => last.validation - last.training;
  const start = trained();
  assert.ok(gap(trained({ examples: 160 })) < 0.4 * gap(start));
  assert.ok(gap(trained({ noise: 0 })) < 0.2 * gap(start));
  const few = trained({ units: 2, seed: 1 });
  assert.ok(few.last.training > start.last.training);
});

Deno.test("Overfit: the same settings give the same run, and losses are those of the stage's weights", () => {
  const [one, two] = [
    trained({ task: "ring", dropout: 0.25 }),
    trained({ task: "ring", dropout: 0.25 }),
  ];
  assert.deepEqual(one.stages, two.stages);
  const stage = one.at(333);
  assert.equal(stage.epoch, 330);
  const answers = one.answers(stage, one.validation.x);
  const labels = one.validation.labels;
  const loss = labels.reduce((sum, label, i) => sum - Math.log(answers[2 * i + label]), 0);
  assert.ok(Math.abs(loss / labels.length - stage.validation) < 1e-4);
});

Deno.test("Overfit: a constant answer costs the variance, or the entropy of two classes", () => {
  const points = {
    x: new Float32Array(2),
    labels: new Uint8Array(2),
    targets: Float32Array.of(1, 3),
  };
  assert.equal(lossOfConstant(points, "curve"), 1);
  assert.equal(lossOfConstant(points, "ring"), Math.log(2));
});

Deno.test("Overfit: what is not trained, trains or has failed is said", () => {
  const run = new Run(START, 1);
  const text = inWords(run, run.at(EPOCHS));
  assert.equal(text, "Not trained yet: 1,153 weights, 20 training points. Press Train.");
  run.restart();
  assert.equal(inWords(run, run.last), "The network trains …");
  run.hear({ type: "failed", run: 1, message: "no memory" });
  assert.equal(inWords(run, run.last), "The training failed: no memory.");
  assert.equal(OPTIONS.seed.length, 10);
});

Deno.test("Overfit: nothing is said of a gap before the first epoch, and a negative one is named", () => {
  const run = trained();
  const [first] = run.stages;
  assert.match(inWords(run, first), /^Epoch 0: training loss [\d.]+, validation loss [\d.]+\.$/);
  const ahead = { ...run.at(KEEP), training: 0.5, validation: 0.4 };
  const text = inWords(run, ahead);
  assert.match(text, /validation loss 0\.400: validation is ahead by 0\.100\. /);
  assert.doesNotMatch(text, /gap/);
});
