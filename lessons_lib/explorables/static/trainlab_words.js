// What TrainLab says. No DOM in here.

import { convolutionParameters, denseParameters } from "./ops.js";
import { current, epochsOf, isDone, lastOf, meanInWords, testsOf } from "./trainlab_runs.js";
import { describe, hasPoints, LABELS, TRAITS, traitsOf } from "./trainlab_settings.js";
import { grouped } from "./words.js";

/**
 * @typedef {import("./trainlab_settings.js").Settings} Settings
 * @typedef {import("./trainlab_runs.js").Run} Run
 */

/** How many values reach the first dense layer. @param {Settings} settings */
function inputsOf(settings) {
  if (hasPoints(settings)) return 2;
  return { dense: 28 * 28, CNN: 5 * 5 * 16, "CNN, global pooling": 32 }[settings.network];
}

/** How many weights and biases the network has. @param {Settings} settings */
export function countWeights(settings) {
  let [inputs, channels, total] = [inputsOf(settings), 1, 0];
  for (const spec of describe(settings).layers) {
    if (spec.layer === "Conv2D") {
      total += convolutionParameters(3, channels, spec.filters);
      channels = spec.filters;
    } else if (spec.layer === "Dense") {
      total += denseParameters(inputs, spec.units);
      inputs = spec.units;
    }
  }
  return total;
}

/** What is special about some data. @type {Partial<Record<Settings["data"], string>>} */
const ABOUT = {
  "shuffled pixels": " The pixels of all digits are in one other order.",
  "shifted digits": " Validation and test digits lie 3 pixels off; training digits do not.",
  "noisy digits": " Validation and test digits are noisy; training digits are not.",
};

/** What Train would do. @param {Settings} settings */
export function planInWords(settings) {
  const [classes, what] = hasPoints(settings) ? [2, "points"] : [10, "digits"];
  const { examples, epochs } = settings;
  return `Train shows ${grouped(classes * examples)} ${what} to a network of ` +
    `${grouped(countWeights(settings))} weights, ${epochs === 1 ? "once" : `${epochs} times`}.${
      ABOUT[settings.data] ?? ""
    }`;
}

/**
 * Which settings of a link say nothing, because others of them leave them no part, or nothing.
 * @param {Partial<Settings>} linked
 * @param {Settings} settings all of them, now
 */
export function idleInWords(linked, settings) {
  const used = traitsOf(settings);
  const idle = TRAITS.filter((trait) => Object.hasOwn(linked, trait) && !used.includes(trait));
  return idle.length
    ? ` Without effect here: ${idle.map((trait) => LABELS[trait]).join(", ")}.`
    : "";
}

/** @param {Run} run @param {"train" | "validation"} set */
const reached = (run, set) =>
  `loss ${meanInWords(lastOf(run, set, "loss"))}, ` +
  `accuracy ${meanInWords(lastOf(run, set, "accuracy"))}`;

/** How a run has ended. @param {Run} run */
function endInWords(run) {
  const epochs = epochsOf(run);
  const after = `after ${epochs} epoch${epochs === 1 ? "" : "s"}`;
  const { reason } = current(run);
  if (reason === "diverged") {
    return `Run ${run.number} broke off ${after}: its loss is no number any more. Try a smaller ` +
      "learning rate.";
  }
  const seeds = run.members.length > 1 ? `, ${run.members.length} seeds` : "";
  return `Run ${run.number} ${
    reason === "stopped" ? "was stopped" : "is done"
  } ${after}${seeds}. ` +
    `Training: ${reached(run, "train")}. Validation: ${reached(run, "validation")}.`;
}

/** What the test set has said of a run, or that it is yet to answer. @param {Run} run */
export function testInWords(run) {
  const tests = testsOf(run);
  return tests.length
    ? `Test accuracy of Run ${run.number}: ${meanInWords(tests)}.`
    : `The test set is asked about Run ${run.number} …`;
}

/** How far a run is. @param {Run} run @param {boolean} training whether it goes on by itself */
export function runInWords(run, training) {
  if (isDone(run)) return endInWords(run);
  const { step, steps, epochs, seed, lately } = current(run);
  const name = `Run ${run.number}${run.members.length > 1 ? `, seed ${seed}` : ""}`;
  const last = epochs[epochs.length - 1]?.validation;
  const so = last
    ? ` Validation: loss ${meanInWords([last.loss])}, accuracy ${meanInWords([last.accuracy])}.`
    : "";
  const far = steps
    ? `${epochs.length} of ${run.settings.epochs} epochs, step ${grouped(step)} of ${
      grouped(steps)
    }, ` +
      `loss lately ${meanInWords([lately])}`
    : "it begins";
  return `${name} ${training ? "trains" : "is paused"}: ${far}.${so}`;
}
