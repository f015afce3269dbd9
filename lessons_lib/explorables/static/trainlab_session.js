// The runs of TrainLab as they train: it talks with trainer.js, and tells when something changes. No
// DOM in here.

import { makeSet } from "./trainlab_data.js";
import { createRun, follow, freePlace, isDone } from "./trainlab_runs.js";
import { hasPoints, trainingOf } from "./trainlab_settings.js";
import { loadDigits, startTrainer } from "./trainer.js";

/**
 * @typedef {import("./train.js").Event} Event
 * @typedef {import("./train.js").Command} Command
 * @typedef {import("./train.js").Examples} Examples
 * @typedef {import("./nn.js").Description} Description
 * @typedef {import("./trainer.js").Trainer} Trainer
 * @typedef {import("./trainer.js").SetName} SetName
 * @typedef {import("./trainlab_settings.js").Settings} Settings
 * @typedef {import("./trainlab_runs.js").Run} Run
 * @typedef {Extract<Event, {type: "evaluated"}>} Evaluated
 */

/** Trains runs, one after the other, and keeps them. */
export class Session {
  /**
   * @param {import("./trainer.js").Model} model
   * @param {() => void} onChange
   */
  constructor(model, onChange) {
    this.model = model;
    this.onChange = onChange;
    /** The runs that are kept. @type {Run[]} */
    this.runs = [];
    /** The run whose network is looked at. @type {Run | undefined} */
    this.shown = undefined;
    /** @type {"resting" | "starting" | "training"} */
    this.state = "resting";
    /** When a run has come to its end last. */
    this.ended = -Infinity;
    /** Whether the training is beside the page, in a worker. */
    this.isBeside = true;
    /** What has gone wrong last. */
    this.problem = "";
    /** The runs that were removed, the latest last. @type {Run[]} */
    this.removed = [];
    /** How many runs there have been, and how many things train.js was asked for. */
    this.numbers = this.asked = 0;
    /** @type {Promise<Trainer> | undefined} */
    this.trainer = undefined;
    /** @type {Map<number, {done: (event: Evaluated) => void, refuse: (error: Error) => void}>} */
    this.questions = new Map();
    /** Sets of data by what they follow from. @type {Map<string, Promise<Examples>>} */
    this.sets = new Map();
  }

  /** The run that has begun and not ended. */
  get active() {
    return this.runs.find((run) => !isDone(run));
  }

  /** What trains; it is loaded when it is first wanted. */
  start() {
    this.trainer ??= startTrainer(this.model, (event) => this.hear(event)).then((trainer) => {
      this.isBeside = trainer.isBeside;
      return trainer;
    });
    return this.trainer;
  }

  /** @param {...Command} commands */
  tell(...commands) {
    this.trainer?.then((trainer) => commands.forEach(trainer.tell));
  }

  /** One set of the data of some settings. @param {Settings} settings @param {SetName} name */
  setOf(settings, name) {
    const key = [settings.data, name, name === "train" ? settings.examples : ""].join();
    const known = this.sets.get(key);
    if (known) return known;
    const made = makeSet(settings, name, (name) => loadDigits(this.model, name));
    this.sets.set(key, made);
    made.catch(() => this.sets.delete(key));
    return made;
  }

  /**
   * Begin a run; one that is paused ends.
   * @param {Settings} settings
   * @param {{seeds?: number, step?: boolean}} [how] `step` does one step, and pauses
   */
  async begin(settings, { seeds = 1, step = false } = {}) {
    this.stop();
    const ids = Array.from({ length: seeds }, () => ++this.asked);
    const run = createRun(this.runs, ++this.numbers, settings, ids);
    this.runs.push(run);
    this.shown = run;
    this.state = "starting";
    this.problem = "";
    this.onChange();
    try {
      const [trainer, train, validation] = await Promise.all([
        this.start(),
        this.setOf(settings, "train"),
        this.setOf(settings, "validation"),
      ]);
      if (!this.runs.includes(run)) return;
      const trainings = run.members.map(({ id, description }) => (/** @type {Command} */ ({
        ...{ type: "train", run: id, description, settings: trainingOf(settings) },
      })));
      const go = /** @type {Command} */ ({ type: step ? "step" : "resume" });
      const data = { train, validation };
      [{ type: "data", data }, { type: "pause" }, ...trainings, go].forEach((command) =>
        trainer.tell(/** @type {Command} */ (command))
      );
      this.state = step ? "resting" : "training";
    } catch (error) {
      this.trainer = undefined;
      this.fail(run, error instanceof Error ? error.message : String(error));
    }
    this.onChange();
  }

  pause() {
    this.state = "resting";
    this.tell({ type: "pause" });
    this.onChange();
  }

  resume() {
    this.state = "training";
    this.tell({ type: "resume" });
    this.onChange();
  }

  step() {
    this.tell({ type: "step" });
  }

  /**
   * End the run that has begun. Of several seeds those are kept that have ended by themselves: a mean
   * with one that is half trained says nothing. Else it is kept if it has had an epoch.
   */
  stop() {
    const { active } = this;
    if (!active) return;
    this.state = "resting";
    const ended = active.members.filter(({ reason }) => reason);
    for (const member of active.members) {
      if (!member.reason) this.tell({ type: "stop", run: member.id });
      member.reason ??= "stopped";
    }
    const left = ended.length ? ended : active.members.filter(({ epochs }) => epochs.length);
    if (left.length) active.members = left;
    else this.forget(active);
  }

  /** Look at another run. @param {Run} run */
  show(run) {
    this.shown = run;
    this.onChange();
  }

  /** @param {Run} run */
  forget(run) {
    this.runs = this.runs.filter((other) => other !== run);
    if (this.shown === run) this.shown = this.runs[this.runs.length - 1];
  }

  /** Keep a run no longer; it can be brought back. @param {Run} run */
  remove(run) {
    if (run === this.active) this.stop();
    if (this.runs.includes(run)) this.removed.push(run);
    this.forget(run);
    this.onChange();
  }

  /** End the run that has begun, and forget it. */
  drop() {
    const { active } = this;
    this.stop();
    if (active) this.forget(active);
    this.onChange();
  }

  /** Add runs that have ended: what was removed, or those of an earlier visit. @param {Run[]} runs */
  bringBack(runs) {
    this.numbers = Math.max(this.numbers, ...runs.map(({ number }) => number));
    for (const run of runs) {
      const others = this.runs;
      if (others.some(({ place }) => place === run.place)) run.place = freePlace(others);
      // Two windows may have given the same number.
      if (others.some(({ number }) => number === run.number)) run.number = ++this.numbers;
      this.runs = [...others, run].sort((a, b) => a.number - b.number);
      this.removed = this.removed.filter((other) => other !== run);
      // What it was called in train.js may be the name of another one by now.
      for (const member of run.members) member.id = ++this.asked;
      this.shown = run;
    }
    this.onChange();
  }

  /** @param {Run} run @param {string} message */
  fail(run, message) {
    this.state = "resting";
    this.problem = `This run failed: ${message}.`;
    this.forget(run);
  }

  /** Hear what train.js says. @param {Event} event */
  hear(event) {
    if (event.type === "ready") return;
    const question = this.questions.get(event.run);
    if (question) {
      this.questions.delete(event.run);
      if (event.type === "evaluated") question.done(event);
      else if (event.type === "failed") question.refuse(new Error(event.message));
      return;
    }
    const run = this.runs.find(({ members }) => members.some(({ id }) => id === event.run));
    const member = run?.members.find(({ id }) => id === event.run);
    if (!run || !member) return;
    if (event.type === "failed") this.fail(run, event.message);
    else follow(member, event);
    if (!this.active && this.state === "training") {
      this.state = "resting";
      this.ended = performance.now();
    }
    this.onChange();
  }

  /**
   * What a network answers to examples.
   * @param {Description} description
   * @param {Float32Array[]} weights
   * @param {Examples} examples
   * @returns {Promise<Evaluated>}
   */
  async evaluate(description, weights, examples) {
    const trainer = await this.start();
    const run = ++this.asked;
    return new Promise((done, refuse) => {
      this.questions.set(run, { done, refuse });
      trainer.tell({ type: "evaluate", run, description, weights, examples });
    });
  }

  /** Ask the test set about a run that is done, once; what fails may be asked again. @param {Run} run */
  async test(run) {
    if (run.asked || !isDone(run)) return;
    run.asked = true;
    this.onChange();
    try {
      const examples = await this.setOf(run.settings, "test");
      for (const member of run.members) {
        const { description, weights } = member;
        const { loss, accuracy } = await this.evaluate(description, weights, examples);
        member.test = { loss, accuracy };
      }
    } catch (error) {
      run.asked = false;
      throw error;
    } finally {
      this.onChange();
    }
  }

  /** Examples that show what units answer: some of those that the network was not trained on. @param {Settings} settings */
  async someOf(settings) {
    const { x, labels } = await this.setOf(settings, "validation");
    const some = Math.min(labels.length, hasPoints(settings) ? Infinity : 100);
    const size = x.length / labels.length;
    return { x: x.slice(0, some * size), labels: new Uint8Array(some) };
  }

  /** Leave nothing running. */
  end() {
    this.trainer?.then((trainer) => trainer.end());
  }
}
