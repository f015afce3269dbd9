// What Overfit says. No DOM in here.

import { grouped, show } from "./words.js";

/**
 * @typedef {import("./overfit_run.js").Run} Run
 * @typedef {import("./overfit_run.js").Stage} Stage
 */

/** From the best epoch on, the validation loss has turned up if it is so many times as large. */
const TURNED = 1.1;
/** A network whose training loss is so near to that of a constant answer underfits. */
const POOR = 0.5;
/** A gap that is a smaller part of the validation loss is called small. */
const SMALL = 0.2;

/** What the losses of a stage mean. @param {Run} run @param {Stage} stage */
function verdict(run, { epoch, training, validation }) {
  const { best, isDone } = run;
  const gap = validation - training;
  if (epoch > best.epoch && validation > TURNED * best.validation) {
    return `The validation loss was least at epoch ${best.epoch} (${show(best.validation, 3)}). ` +
      "Since then the network overfits: it fits its own points better, and others worse.";
  }
  if (isDone && epoch === best.epoch && epoch < run.last.epoch) {
    return "Here the validation loss is least: early stopping keeps the weights of this epoch.";
  }
  if (epoch === run.last.epoch && isDone && training > POOR * run.constant) {
    return "Even the training loss stays high: this network underfits.";
  }
  if (!epoch) return "";
  const isSmall = gap >= 0 && gap < SMALL * validation;
  return isSmall ? "The gap is small." : "The validation loss has not turned up.";
}

/** How far the losses of a stage are apart; before the first epoch that says nothing. @param {Stage} stage */
function gapInWords({ epoch, training, validation }) {
  if (!epoch) return "";
  const gap = show(validation - training, 3);
  return gap.startsWith("−")
    ? `: validation is ahead by ${show(training - validation, 3)}`
    : `, a gap of ${gap}`;
}

/** What is shown, in words. @param {Run} run @param {Stage} stage */
export function inWords(run, stage) {
  if (run.problem) return `The training failed: ${run.problem}.`;
  if (run.stages.length === 1) {
    return run.running
      ? "The network trains …"
      : `Not trained yet: ${grouped(run.weights)} weights, ` +
        `${run.training.labels.length} training points. Press Train.`;
  }
  const { epoch, training, validation } = stage;
  const losses = `Epoch ${epoch}: training loss ${show(training, 3)}, validation loss ` +
    `${show(validation, 3)}${gapInWords(stage)}.`;
  return `${losses} ${verdict(run, stage)}`.trimEnd();
}
