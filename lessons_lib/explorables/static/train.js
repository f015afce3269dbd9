// Training beside a page: the side that runs in a worker. trainer.js starts it, from a page.
//
// It hears commands and says events. A run is one training of one network; runs wait in a queue and
// take their turns. The data are sent once, and every run that is asked for afterwards uses them.
//
//   { type: "data", data: { train: { x, labels }, validation: { x, labels } } }
//   { type: "train", run: 1, description, settings: { epochs: 20, batch_size: 32 } }
//   { type: "pause" }  { type: "resume" }  { type: "step" }  { type: "stop" }
//   { type: "evaluate", run: 1, description, weights, examples }
//
// While it trains it says { type: "progress", … } about twenty times a second, and after each run
// { type: "done", … }. Its work is cut into slices, and it hears commands between two of them.

import { Network } from "./nn.js";
import { shuffle } from "./random.js";

/**
 * @typedef {import("./nn.js").Description} Description
 *
 * Examples lie one after the other in `x`. Bytes count as pixels of 0…255 and become 0…1. Where there
 * are `targets`, the network shall answer these, one row an example, and the labels only count.
 * @typedef {{
 *   x: Float32Array | Uint8Array, labels: ArrayLike<number>, targets?: Float32Array,
 * }} Examples
 * @typedef {{train: Examples, validation?: Examples}} Data
 *
 * With `patience`, a run ends when the validation loss has not fallen for so many epochs, and the
 * weights are those of the best epoch. `shift` moves each image by up to so many pixels, anew in each
 * epoch (augmentation). `weights` are a start that is given. With `keep`, every so many epochs the
 * weights of the epoch are told with it.
 * @typedef {{
 *   epochs: number, batch_size?: number, patience?: number, shift?: number,
 *   weights?: Float32Array[], keep?: number,
 * }} Settings
 *
 * A pause lasts until `resume`, also for runs that are asked for during it. `step` does one step of
 * the run whose turn it is, and pauses. `stop` ends a run or, without one,
 * all of them; a run that has not begun is forgotten.
 * @typedef {(
 *   | {type: "data", data: Data}
 *   | {type: "train", run: number, description: Description, settings: Settings}
 *   | {type: "pause" | "resume" | "step"}
 *   | {type: "stop", run?: number}
 *   | {
 *     type: "evaluate", run: number, description: Description, weights: Float32Array[],
 *     examples: Examples,
 *   }
 * )} Command
 *
 * Without the loss of L2, except for the training loss.
 * @typedef {{loss: number, accuracy: number}} Measured
 * The training values are means over the epoch, while the weights changed.
 * @typedef {{
 *   epoch: number, train: Measured, validation?: Measured, weights?: Float32Array[],
 * }} Epoch
 *
 * `epoch` counts from 0, `step` counts what is done. `loss` and `accuracy` are means over the
 * examples since the last message, or again what that told if there were none. `epochs` are those
 * that ended since then. `norms` has the size of the gradient for each array of weights that is
 * trained, in the last step.
 * @typedef {{
 *   type: "progress", run: number, epoch: number, step: number, steps: number, seconds: number,
 *   loss: number, accuracy: number, epochs: Epoch[], norms: number[], weights: Float32Array[],
 * }} Progress
 * @typedef {"finished" | "patience" | "diverged" | "stopped"} Reason
 * @typedef {(
 *   | {type: "ready"}
 *   | Progress
 *   | {type: "done", run: number, reason: Reason, seconds: number, weights: Float32Array[]}
 *   | {type: "evaluated", run: number, loss: number, accuracy: number, outputs: Float32Array}
 *   | {type: "failed", run: number, message: string}
 * )} Event
 *
 * A piece of work: a step of training, or a batch that is measured.
 * @typedef {"step" | "measured"} Piece
 * How the work is cut: for how many milliseconds it goes on, and how it takes a breath.
 * @typedef {{slice: number, breathe(next: () => void): void}} Rhythm
 */

/** Milliseconds between two messages of progress, if nothing takes longer. */
const BETWEEN = 45;

/**
 * Put examples and their targets into a batch.
 * @param {Float32Array} batch
 * @param {Float32Array} wanted
 * @param {Examples} examples
 * @param {Uint32Array} chosen the places of those that are wanted
 */
function gather(batch, wanted, { x, labels, targets }, chosen) {
  const [size, width] = [batch.length / chosen.length, wanted.length / chosen.length];
  const most = x instanceof Uint8Array ? 255 : 1;
  wanted.fill(0);
  for (let i = 0; i < chosen.length; i++) {
    const start = chosen[i] * size;
    for (let k = 0; k < size; k++) batch[i * size + k] = x[start + k] / most;
    const row = targets?.subarray(chosen[i] * width, (chosen[i] + 1) * width);
    if (row) wanted.set(row, i * width);
    else wanted[i * width + labels[chosen[i]]] = 1;
  }
}

/**
 * Move each image of a batch, each by steps of its own; what comes in is 0.
 * @param {Float32Array} batch
 * @param {number[]} shape of an image
 * @param {number} most how far
 * @param {import("./random.js").Random} random
 */
export function shiftEach(batch, [height, width, channels], most, random) {
  const size = height * width * channels;
  const image = new Float32Array(size);
  const steps = () => Math.floor(random() * (2 * most + 1)) - most;
  for (let at = 0; at < batch.length; at += size) {
    const [down, right] = [steps(), steps()];
    image.set(batch.subarray(at, at + size));
    for (let k = 0; k < size; k++) {
      const column = Math.floor(k / channels) % width - right;
      const from = k - (down * width + right) * channels;
      const inside = column >= 0 && column < width && from >= 0 && from < size;
      batch[at + k] = inside ? image[from] : 0;
    }
  }
}

/** @param {Float32Array[]} arrays */
const copy = (arrays) => arrays.map((array) => array.slice());

/** How long a vector is. @param {Float32Array} vector */
const norm = (vector) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** The whole numbers from 0. @param {number} length */
const count = (length) => Uint32Array.from({ length }, (_, i) => i);

/**
 * Measure a network on any number of examples, one batch between two yields.
 * @param {Network} network
 * @param {Examples} examples
 * @returns {Generator<Piece, Measured & {outputs: Float32Array}>}
 */
function* measure(network, examples) {
  const { input, output, capacity } = network;
  const order = count(examples.labels.length);
  const x = new Float32Array(capacity * input.size);
  const targets = new Float32Array(capacity * output.size);
  const outputs = new Float32Array(order.length * output.size);
  const whole = new Mean();
  for (let from = 0; from < order.length; from += capacity) {
    const some = Math.min(capacity, order.length - from);
    const batch = x.subarray(0, some * input.size);
    const wanted = targets.subarray(0, some * output.size);
    gather(batch, wanted, examples, order.subarray(from, from + some));
    outputs.set(network.forward(batch), from * output.size);
    whole.add(some, network.lossOf(wanted), network.countRight(wanted));
    yield "measured";
  }
  return { ...whole.values, outputs };
}

/** Adds up what is measured on batches. */
class Mean {
  examples = 0;
  loss = 0;
  right = 0;

  /** @param {number} examples @param {number} loss @param {number} right */
  add(examples, loss, right) {
    this.examples += examples;
    this.loss += examples * loss;
    this.right += right;
  }

  /** @returns {Measured} */
  get values() {
    return { loss: this.loss / this.examples, accuracy: this.right / this.examples };
  }
}

/** One training of one network. */
class Run {
  /**
   * @param {number} run
   * @param {Description} description
   * @param {Settings} settings
   * @param {Data} data
   */
  constructor(run, description, settings, data) {
    this.run = run;
    this.settings = settings;
    this.data = data;
    this.network = new Network(description, settings.batch_size);
    if (settings.weights) this.network.setWeights(settings.weights);
    this.epoch = this.step = this.seconds = 0;
    this.steps = settings.epochs * Math.ceil(data.train.labels.length / this.network.capacity);
    /** What was measured since the last message, and what it told. */
    this.recent = new Mean();
    this.told = this.recent.values;
    /** Epochs that no message has told yet. @type {Epoch[]} */
    this.epochs = [];
    this.work = this.train();
  }

  /** Train to the end, one piece of work between two yields. @returns {Generator<Piece, Reason>} */
  *train() {
    const { network, data, settings } = this;
    const { epochs, patience = Infinity, keep = Infinity } = settings;
    const best = { loss: Infinity, epoch: 0, weights: copy(network.weights) };
    for (; this.epoch < epochs; this.epoch++) {
      const train = yield* this.trainOnce();
      if (!Number.isFinite(train.loss)) return "diverged";
      const told = /** @type {Epoch} */ ({ epoch: this.epoch, train });
      if ((this.epoch + 1) % keep === 0) told.weights = copy(network.weights);
      if (!data.validation) {
        this.epochs.push(told);
        continue;
      }
      const { loss, accuracy } = yield* measure(network, data.validation);
      this.epochs.push({ ...told, validation: { loss, accuracy } });
      if (patience === Infinity) continue;
      if (loss < best.loss) {
        best.loss = loss;
        best.epoch = this.epoch;
        best.weights = copy(network.weights);
      } else if (this.epoch - best.epoch >= patience) break;
    }
    if (best.loss < Infinity) network.setWeights(best.weights);
    return this.epoch < epochs ? "patience" : "finished";
  }

  /** Train for one epoch. @returns {Generator<Piece, Measured>} */
  *trainOnce() {
    const { network, data: { train }, settings: { shift = 0 } } = this;
    const { capacity, input, output, random } = network;
    const order = count(train.labels.length);
    const x = new Float32Array(capacity * input.size);
    const targets = new Float32Array(capacity * output.size);
    const whole = new Mean();
    shuffle(order, random);
    for (let from = 0; from < order.length; from += capacity) {
      const some = Math.min(capacity, order.length - from);
      const batch = x.subarray(0, some * input.size);
      const wanted = targets.subarray(0, some * output.size);
      gather(batch, wanted, train, order.subarray(from, from + some));
      if (shift) shiftEach(batch, input.shape, shift, random);
      const loss = network.step(batch, wanted);
      const right = network.countRight(wanted);
      whole.add(some, loss, right);
      this.recent.add(some, loss, right);
      this.step++;
      if (!Number.isFinite(loss)) break;
      yield "step";
    }
    return whole.values;
  }

  /** What has happened since the last message. @returns {Progress} */
  progress() {
    const { run, epoch, step, steps, seconds, epochs, network } = this;
    // While the validation set is measured, nothing is trained.
    if (this.recent.examples) this.told = this.recent.values;
    this.epochs = [];
    this.recent = new Mean();
    return {
      ...{ type: "progress", run, epoch, step, steps, seconds, ...this.told, epochs },
      norms: network.trained.map(({ gradients }) => norm(gradients)),
      weights: network.weights,
    };
  }
}

/**
 * Hear commands, do the work in slices, and say what happens.
 * @param {(event: Event) => void} say must copy what it gets, since the memory is used again
 * @param {Rhythm} rhythm
 * @returns {(command: Command) => void} hears a command
 */
export function createSession(say, { slice, breathe }) {
  /** @type {Data | undefined} */
  let data;
  /** Runs that wait, and first the one whose turn it is. @type {Run[]} */
  let runs = [];
  /** Measurements that were asked for; they come before the runs. @type {(() => boolean)[]} */
  const errands = [];
  let [paused, stepping, busy, said] = [false, false, false, 0];

  /** @param {number} run @param {() => void} work */
  function guard(run, work) {
    try {
      work();
    } catch (error) {
      runs = runs.filter((other) => other.run !== run);
      say({ type: "failed", run, message: error instanceof Error ? error.message : String(error) });
    }
  }
  /** @param {Run} run */
  function tell(run) {
    if (!run.step) return;
    say(run.progress());
    said = performance.now();
  }
  /** @param {Run} run @param {Reason} reason */
  function finish(run, reason) {
    runs = runs.filter((other) => other !== run);
    tell(run);
    const { seconds, network: { weights } } = run;
    say({ type: "done", run: run.run, reason, seconds, weights });
  }
  /** Do one piece of a run's work. @param {Run} run */
  function advance(run) {
    const start = performance.now();
    const { done, value } = run.work.next();
    const now = performance.now();
    run.seconds += (now - start) / 1000;
    if (done) return finish(run, value);
    if (stepping && value === "step") pause(run);
    else if (now - said > BETWEEN) tell(run);
  }
  /** @param {Run} [run] */
  function pause(run) {
    [paused, stepping] = [true, false];
    if (run) tell(run);
  }
  const isIdle = () => !errands.length && (paused || !runs.length);
  function work() {
    const end = performance.now() + slice;
    while (!isIdle() && performance.now() < end) {
      const [run, errand] = [runs[0], errands[0]];
      if (errand) { if (errand()) errands.shift(); }
      else guard(run.run, () => advance(run));
    }
    busy = !isIdle();
    if (busy) breathe(work);
  }
  function wake() {
    if (busy || isIdle()) return;
    busy = true;
    breathe(work);
  }
  /** @param {Extract<Command, {type: "evaluate"}>} command */
  function evaluate({ run, description, weights, examples }) {
    const network = new Network(description);
    network.setWeights(weights);
    const measuring = measure(network, examples);
    errands.push(() => {
      const { done, value } = measuring.next();
      if (done) say({ type: "evaluated", run, ...value });
      return Boolean(done);
    });
  }
  return (command) => {
    switch (command.type) {
      case "data":
        data = command.data;
        break;
      case "train": {
        const { run, description, settings } = command;
        guard(run, () => {
          if (!data) throw new Error("data must come before the first run");
          runs.push(new Run(run, description, settings, data));
        });
        break;
      }
      case "evaluate":
        guard(command.run, () => evaluate(command));
        break;
      case "stop":
        for (const run of runs.filter(({ run }) => (command.run ?? run) === run)) {
          finish(run, "stopped");
        }
        break;
      case "pause":
        pause(runs[0]);
        break;
      default:
        paused = false;
        stepping = command.type === "step";
    }
    wake();
  };
}

/**
 * Let a worker hear and speak.
 * @param {{
 *   postMessage(event: Event): void, onmessage: ((message: MessageEvent<Command>) => void) | null,
 * }} scope of the worker
 */
export function serve(scope) {
  // A message to oneself comes after the commands that wait; a timer would cost 4 ms.
  const { port1, port2 } = new MessageChannel();
  let next = () => {};
  port1.onmessage = () => next();
  const hear = createSession((event) => scope.postMessage(event), {
    slice: 16,
    breathe(work) {
      next = work;
      port2.postMessage(undefined);
    },
  });
  scope.onmessage = ({ data }) => hear(data);
  scope.postMessage({ type: "ready" });
}
