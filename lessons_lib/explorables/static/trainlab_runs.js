// The runs that TrainLab keeps: what is known of each, what differs between them, and their curves
// as a table. No DOM in here.

import { describe, LABELS, TRAITS, traitsOf } from "./trainlab_settings.js";
import { show } from "./words.js";

/**
 * @typedef {import("./train.js").Measured} Measured
 * @typedef {import("./train.js").Epoch} Epoch
 * @typedef {import("./train.js").Event} Event
 * @typedef {import("./trainlab_settings.js").Settings} Settings
 * @typedef {import("./nn.js").Description} Description
 *
 * One training of a run: a run has one, or one for each of five seeds. `id` is its name in train.js,
 * and `lately` the loss on the examples that it saw last.
 * @typedef {{
 *   id: number, seed: number, description: Description, epochs: Epoch[], step: number,
 *   steps: number, seconds: number, lately: number, norms: number[], weights: Float32Array[],
 *   reason?: import("./train.js").Reason, test?: Measured,
 * }} Member
 * `key` tells it from all others, and later ones have later keys; `place` is that of its colour and
 * mark, and `asked` says that its test has been asked for.
 * @typedef {{
 *   key: string, number: number, place: number, settings: Settings, members: Member[], asked?: boolean,
 * }} Run
 */

/** How many runs are kept. */
export const MOST_RUNS = 6;
export const SEEDS = 5;

/** The first colour that no run has. @param {Run[]} runs */
export const freePlace = (runs) => {
  const taken = new Set(runs.map(({ place }) => place));
  return Array.from({ length: MOST_RUNS }, (_, i) => i).find((place) => !taken.has(place)) ?? 0;
};

/**
 * A run that has not begun.
 * @param {Run[]} runs those that are kept beside it
 * @param {number} number
 * @param {Settings} settings
 * @param {number[]} ids one for each seed
 * @returns {Run}
 */
export const createRun = (runs, number, settings, ids) => ({
  key: `${new Date().toISOString()} ${Math.random()}`,
  number,
  place: freePlace(runs),
  settings,
  members: ids.map((id, i) => {
    const seed = settings.seed + i;
    return {
      ...{ id, seed, description: describe({ ...settings, seed }), epochs: [], step: 0, steps: 0 },
      ...{ seconds: 0, lately: NaN, norms: [], weights: [] },
    };
  }),
});

/** Let a member know what train.js has told of it. @param {Member} member @param {Event} event */
export function follow(member, event) {
  if (event.type === "progress") {
    const { step, steps, seconds, norms, weights } = event;
    Object.assign(member, { step, steps, seconds, norms, weights });
    if (Number.isFinite(event.loss)) member.lately = event.loss;
    member.epochs.push(...event.epochs);
  } else if (event.type === "done") {
    const { reason, seconds, weights } = event;
    Object.assign(member, { reason, seconds, weights });
  }
}

/** Whether nothing more will come of a run. @param {Run} run */
export const isDone = ({ members }) => members.every(({ reason }) => reason);

/**
 * The trainings of a run whose numbers count: of several seeds those that have ended.
 * @param {Run} run
 */
const counted = ({ members }) =>
  members.length > 1 ? members.filter(({ reason }) => reason) : members;

/** The training of a run that is under way, or its last one. @param {Run} run */
export const current = ({ members }) =>
  members.find(({ reason }) => !reason) ?? members[members.length - 1];

/**
 * A mean with its spread over seeds, as text.
 * @param {number[]} values
 */
export function meanInWords(values) {
  if (!values.length) return "–";
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return show(mean, 3);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${show(mean, 3)} ± ${show(Math.sqrt(squares / (values.length - 1)), 3)}`;
}

/**
 * What the members of a run that count reached last.
 * @param {Run} run
 * @param {"train" | "validation"} set
 * @param {keyof Measured} measure
 */
export const lastOf = (run, set, measure) =>
  counted(run).flatMap(({ epochs }) => epochs[epochs.length - 1]?.[set]?.[measure] ?? []);

/** What the test set has said of a run, once it has answered for all its seeds. @param {Run} run */
export function testsOf({ members }) {
  const tests = members.flatMap(({ test }) => test ? [test.accuracy] : []);
  return tests.length === members.length ? tests : [];
}

/** How many epochs the trainings of a run that count have had: the least of theirs. @param {Run} run */
export function countedEpochsOf(run) {
  const members = counted(run);
  return members.length ? Math.min(...members.map(({ epochs }) => epochs.length)) : 0;
}

/** How many epochs a run has had: the least of its members'. @param {Run} run */
export const epochsOf = ({ members }) => Math.min(...members.map(({ epochs }) => epochs.length));

/** The traits in which some runs differ, apart from the epochs, which have a column. @param {Run[]} runs */
export const differences = (runs) =>
  TRAITS.filter((trait) =>
    trait !== "epochs" && trait !== "seed" &&
    new Set(runs.map(({ settings }) => valueOf(settings, trait))).size > 1
  );

/** A setting as text; empty where it says nothing. @param {Settings} settings @param {keyof Settings} trait */
const valueOf = (settings, trait) =>
  traitsOf(settings).includes(trait) ? String(settings[trait]) : "";

/** What sets a run apart from others, in words. @param {Run} run @param {Run[]} runs */
export function setApart(run, runs) {
  const { settings, members } = run;
  // What does nothing at 0 is not worth a word.
  const idle = (/** @type {keyof Settings} */ trait) =>
    ["dropout", "l2", "shift"].includes(trait) && !settings[trait];
  const told = differences(runs).filter((trait) => valueOf(settings, trait) && !idle(trait));
  const parts = told.map((trait) =>
    ["data", "network", "optimizer"].includes(trait)
      ? valueOf(settings, trait)
      : `${LABELS[trait]} ${valueOf(settings, trait)}`
  );
  const ended = counted(run).length;
  const so = ended < members.length ? ` (${ended} of ${members.length} seeds)` : "";
  const seeds = members.length > 1
    ? `seeds ${members[0].seed}–${members[members.length - 1].seed}${so}`
    : `seed ${members[0].seed}`;
  return [...parts, seeds].join(", ");
}

/** The curves of all runs as a table of values that commas separate. @param {Run[]} runs */
export function toCsv(runs) {
  const heads = ["run", ...TRAITS, "epoch", "seconds_of_run"];
  const sets = /** @type {const} */ (["train", "validation"]);
  const measures = /** @type {const} */ (["loss", "accuracy"]);
  heads.push(...sets.flatMap((set) => measures.map((measure) => `${set}_${measure}`)));
  const rows = runs.flatMap(({ number, settings, members }) =>
    members.flatMap(({ seed, seconds, epochs }) =>
      epochs.map((epoch) => [
        number,
        ...TRAITS.map((trait) => trait === "seed" ? seed : valueOf(settings, trait)),
        epoch.epoch + 1,
        seconds.toFixed(2),
        ...sets.flatMap((set) => measures.map((measure) => epoch[set]?.[measure] ?? "")),
      ])
    )
  );
  const cell = (/** @type {string | number} */ value) =>
    String(value).includes(",") ? `"${value}"` : String(value);
  return [heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
