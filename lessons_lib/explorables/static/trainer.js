// Training beside a page: the side of the page. It starts train.js in a worker and, where a browser
// refuses that, in slices on the page. What is said and heard stands in train.js.
//
//   const trainer = await startTrainer(model, (event) => …);
//   trainer.isBeside                            // false: the page trains, and may say so
//   trainer.tell({ type: "data", data });
//   trainer.tell({ type: "train", run: 1, description, settings: { epochs: 20 } });
//   trainer.end();                              // at once; nothing is left running
//
//   const train = await loadDigits(model, "train");    // { x, labels }, as `data` wants them
//
// A figure that trains has the traits of `Trains` in base.py. Neither the code nor the digits are
// loaded before they are asked for.

/**
 * @typedef {import("./train.js").Command} Command
 * @typedef {import("./train.js").Event} Event
 * @typedef {import("./train.js").Examples} Examples
 * @typedef {typeof import("./train.js")} Training
 *
 * train.js and all that it imports: as the text of a script that serves in a worker, and as a
 * module.
 * @typedef {{text: string, type: "classic" | "module", load(): Promise<Training>}} Source
 * @typedef {"train" | "validation" | "test"} SetName
 *
 * What a figure that trains gets: on a page ways to ask, in Jupyter what they would bring.
 * @typedef {{
 *   _training: string | (() => Promise<Source>),
 *   _digits: Record<SetName, DataView | (() => Promise<DataView>)>,
 * }} TrainingState
 * @typedef {{get<K extends keyof TrainingState>(name: K): TrainingState[K]}} Model
 *
 * @typedef {{isBeside: boolean, tell(command: Command): void, end(): void}} Trainer
 */

/** A press within so many milliseconds of another one belongs to it, as the second of a double click does. */
const TWICE = 300;

/**
 * Let a button ignore a press that follows another one too soon: it would stop at once what the other
 * has started, or start again what it has stopped. So two or three quick clicks and a key that is held
 * are one press, and who clicks again and again in no hurry is obeyed.
 * @param {HTMLButtonElement} button
 * @param {() => boolean} [matters] whether what the first press did is still there to be undone
 */
export function ignoreSecondPress(button, matters = () => true) {
  const press = button.onclick;
  let last = -Infinity;
  button.onclick = (event) => {
    const isSoon = event.timeStamp - last < TWICE;
    // The time is that of the press itself, since a busy page hears of it late.
    last = event.timeStamp;
    // The system says which click is the second of two, at the pace that its user has set. It goes on
    // counting: of a third one the time decides.
    if ((event.detail === 2 || isSoon) && matters()) return;
    press?.call(button, event);
  };
}

/** The address of a text as a script. @param {string} text */
const toAddress = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));

/**
 * Run a module, which says what it exports by setting `courseTraining`.
 * @param {string} text
 * @returns {Promise<Training>}
 */
function load(text) {
  const script = document.createElement("script");
  script.type = "module";
  script.src = toAddress(text);
  const loaded = new Promise((done, refuse) => {
    script.onload = () => done(Reflect.get(globalThis, "courseTraining")());
    script.onerror = () => refuse(new Error("this page lets no code be loaded"));
  });
  document.head.append(script);
  return loaded.finally(() => script.remove());
}

/**
 * Start a worker, and wait until it is ready.
 * @param {Source} source
 * @returns {Promise<Worker>}
 */
async function startWorker({ text, type }) {
  const address = toAddress(text);
  try {
    const worker = new Worker(address, { type });
    await new Promise((done, refuse) =>
      Object.assign(worker, { onmessage: done, onerror: refuse })
    );
    return worker;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * @param {Worker} worker
 * @param {(event: Event) => void} hear
 * @returns {Trainer}
 */
function trainBeside(worker, hear) {
  worker.onmessage = ({ data }) => hear(data);
  return {
    isBeside: true,
    tell: (command) => worker.postMessage(command),
    end() {
      worker.onmessage = null;
      worker.terminate();
    },
  };
}

/**
 * Train on the page, in short slices. `hurry` does at once what is left to do.
 * @param {Pick<Training, "createSession">} training
 * @param {(event: Event) => void} hear
 * @returns {Trainer & {hurry(): void}}
 */
export function trainInSlices({ createSession }, hear) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {(() => void) | undefined} */
  let next;
  let ended = false;
  const say = (/** @type {Event} */ event) => ended || hear(structuredClone(event));
  function goOn() {
    const work = next;
    next = undefined;
    work?.();
  }
  const tell = createSession(say, {
    slice: 8,
    breathe(work) {
      next = work;
      timer = setTimeout(goOn, 8);
    },
  });
  return {
    isBeside: false,
    tell: (command) => ended || tell(command),
    hurry() {
      while (next && !ended) goOn();
    },
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}

/**
 * Start what trains for a figure.
 * @param {Model} model
 * @param {(event: Event) => void} hear
 * @returns {Promise<Trainer>}
 */
export async function startTrainer(model, hear) {
  const given = model.get("_training");
  /** @type {Source} */
  const source = typeof given === "string"
    ? { text: given, type: "module", load: () => load(given) }
    : await given();
  const worker = await startWorker(source).catch(() => undefined);
  return worker ? trainBeside(worker, hear) : trainInSlices(await source.load(), hear);
}

/**
 * Load one set of the digits of the course: all labels, and then all images of 28×28 bytes.
 * @param {Model} model
 * @param {SetName} name
 * @returns {Promise<Examples & {x: Uint8Array, labels: Uint8Array}>}
 */
export async function loadDigits(model, name) {
  const given = model.get("_digits")[name];
  const packed = typeof given === "function" ? await given() : given;
  const stream = new Blob([/** @type {BlobPart} */ (packed)]).stream()
    .pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const count = bytes.length / (28 * 28 + 1);
  return { labels: bytes.subarray(0, count), x: bytes.subarray(count) };
}
