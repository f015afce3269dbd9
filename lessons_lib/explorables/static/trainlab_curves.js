// The curves of TrainLab: loss and accuracy of each run over its epochs, in SVG.

import { niceEnd, path, svg, tick } from "./svg.js";
import { show } from "./words.js";

/**
 * @typedef {import("./trainlab_runs.js").Run} Run
 * @typedef {import("./train.js").Measured} Measured
 * @typedef {readonly [number, number]} Point
 */

const [WIDTH, HEIGHT] = [320, 132];
const [LEFT, RIGHT, TOP, BOTTOM] = [32, 312, 8, 114];
/** The colours of the runs, which both themes show, and their marks: paths around 0. */
const COLORS = ["#1a86c7", "#d55e00", "#009e73", "#c2589a", "#a87900", "#808080"];
const MARKS = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  "M-3.5-3.5h7v7h-7z",
  "M0-5l4.5 8h-9z",
  "M0-5l5 5l-5 5l-5-5z",
  "M0 5l4.5-8h-9z",
  "M-5-1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z",
];

/** The mark of a run. @param {number} place among the runs that are kept */
export const mark = (place) =>
  svg("path", { d: MARKS[place % MARKS.length], fill: COLORS[place % COLORS.length] });

/**
 * The scale of a plot over the runs: how far it reaches to the right, down and up.
 * @param {Run[]} runs
 * @param {keyof Measured} measure
 */
export function scaleOf(runs, measure) {
  const members = runs.flatMap((run) => run.members);
  const epochs = Math.max(2, ...members.map((member) => member.epochs.length));
  const values = members.flatMap((member) =>
    member.epochs.flatMap(({ train, validation }) =>
      [train[measure], validation?.[measure] ?? NaN].filter(Number.isFinite)
    )
  );
  const low = measure === "loss" ? 0 : Math.min(0.9, Math.floor(10 * Math.min(1, ...values)) / 10);
  // A loss far beyond that of guessing would press all others flat.
  const high = measure === "loss" ? niceEnd(Math.min(5, Math.max(0.001, ...values))) : 1;
  if (!values.length) return { epochs, low: 0, high: 1, higher: false };
  return { epochs, low, high, higher: Math.max(...values) > high };
}

/** @param {keyof Measured} measure @param {string} title */
export function createPlot(measure, title) {
  const element = /** @type {SVGSVGElement} */ (svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
    "aria-label": title,
  }));

  /** @param {Run[]} runs */
  function draw(runs) {
    const { epochs, low, high, higher } = scaleOf(runs, measure);
    const across = (/** @type {number} */ epoch) =>
      LEFT + (RIGHT - LEFT) * (epoch - 1) / (epochs - 1);
    const up = (/** @type {number} */ value) =>
      BOTTOM - (BOTTOM - TOP) * (Math.min(value, high) - low) / (high - low);
    const middle = (low + high) / 2;
    // What is higher lies at the edge.
    const labelOf = (/** @type {number} */ value) =>
      (higher && value === high ? "≥ " : "") + show(value, high < 0.2 ? 3 : 2);
    const lines = [low, middle, high].flatMap((value) => [
      svg("path", { class: "lx-axis", d: path([[LEFT, up(value)], [RIGHT, up(value)]]) }),
      tick(LEFT - 4, up(value) + 4, labelOf(value), "end"),
    ]);
    const last = tick(RIGHT, HEIGHT - 4, `epoch ${epochs}`, "end");
    const curves = runs.flatMap((run) => curvesOf(run, { measure, across, up }));
    element.replaceChildren(...lines, tick(LEFT, HEIGHT - 4, "1", "start"), last, ...curves);
  }
  return { element, draw };
}

/**
 * The curves of a run: in training dashed, in validation whole, with a mark at the end.
 * @param {Run} run
 * @param {{
 *   measure: keyof Measured, across: (epoch: number) => number, up: (value: number) => number,
 * }} plot
 */
function curvesOf({ members, place }, { measure, across, up }) {
  const stroke = COLORS[place % COLORS.length];
  const thin = members.length > 1 ? " lx-thin" : "";
  return members.flatMap(({ epochs }) => {
    const pointsOf = (/** @type {"train" | "validation"} */ set) =>
      epochs.flatMap((epoch) => {
        const value = epoch[set]?.[measure] ?? NaN;
        return Number.isFinite(value)
          ? [/** @type {Point} */ ([across(epoch.epoch + 1), up(value)])]
          : [];
      });
    const validation = pointsOf("validation");
    const end = validation[validation.length - 1];
    return [
      svg("path", { class: `lx-curve lx-train${thin}`, stroke, d: path(pointsOf("train")) }),
      svg("path", { class: `lx-curve${thin}`, stroke, d: path(validation) }),
      ...(end ? [svg("g", { transform: `translate(${end[0]} ${end[1]})` }, mark(place))] : []),
    ];
  });
}
