// What Overfit draws: the network's answers over the points of a set, and both losses by epoch.

import { make, panel, setLabel } from "./controls.js";
import { clamp } from "./ops.js";
import { curve, EPOCHS } from "./overfit_points.js";
import { createPlane, paintPoint } from "./plane.js";
import { niceEnd, path, svg, tick } from "./svg.js";
import { show } from "./words.js";

/**
 * @typedef {import("./overfit_run.js").Run} Run
 * @typedef {import("./overfit_run.js").Stage} Stage
 * @typedef {import("./overfit_points.js").Points} Points
 * @typedef {import("./overfit_points.js").SetName} SetName
 */

/** The sides of a picture, how many pixels each of its units has, and how far the curve's picture reaches across and upwards. */
const [SIDE, SCALE] = [240, 2];
const [ACROSS, UPWARDS] = [1.08, 2];
const plane = createPlane({ cells: 40, reach: 1.35, side: SIDE });
/** What the picture of the curve asks about. */
const LINE = Float32Array.from({ length: 161 }, (_, i) => i / 80 - 1);

/** What the network of a stage answers to all that its picture asks about. @param {Run} run @param {Stage} stage */
export const asked = (run, stage) =>
  run.answers(stage, run.settings.task === "curve" ? LINE : plane.places).slice();

const toLeft = (/** @type {number} */ x) => (x / ACROSS + 1) / 2 * SIDE;
const toTop = (/** @type {number} */ y) => (1 - clamp(y / UPWARDS, -1.5, 1.5)) / 2 * SIDE;

/** @param {CanvasRenderingContext2D} context @param {Float32Array} values over LINE */
function trace(context, values) {
  context.beginPath();
  LINE.forEach((x, i) => context.lineTo(toLeft(x), toTop(values[i])));
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Points} points
 * @param {Float32Array} values over LINE
 * @param {SetName} set
 */
function paintCurve(context, { x, targets }, values, set) {
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, SIDE, SIDE);
  Object.assign(context, { strokeStyle: "#808080", lineWidth: 2 });
  context.setLineDash([5, 4]);
  trace(context, LINE.map(curve));
  context.setLineDash([]);
  Object.assign(context, { strokeStyle: "#000000", lineWidth: 2.5 });
  trace(context, values);
  x.forEach((at, i) => paintPoint(context, toLeft(at), toTop(targets[i]), set === "validation"));
}

/** The picture of one set. @param {SetName} set */
export function createPicture(set) {
  const canvas = make("canvas", { width: SCALE * SIDE, height: SCALE * SIDE, role: "img" });
  const { element, heading } = panel("", canvas);
  /** @param {Run} run @param {Stage} stage @param {Float32Array} values of `asked` */
  function draw(run, stage, values) {
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.setTransform(SCALE, 0, 0, SCALE, 0, 0);
    const isCurve = run.settings.task === "curve";
    const points = run[set];
    if (isCurve) paintCurve(context, points, values, set);
    else {
      plane.paint(context, values);
      plane.paintPoints(context, points.x, points.labels);
    }
    const count = points.labels.length;
    heading.textContent = `${set === "training" ? "Training" : "Validation"} (${count})`;
    const what = isCurve
      ? "the curve of the network, the true curve dashed, and the points"
      : "the plane, orange for the ring and blue for the disc, with squares and dots for the points";
    setLabel(canvas, `${count} ${set} points: ${what}; loss ${show(stage[set], 3)}`);
  }
  return { element, draw };
}

const [WIDTH, HEIGHT] = [290, 178];
const [LEFT, RIGHT, TOP, BOTTOM] = [32, 280, 8, 158];
/** A loss that is more times that of a constant answer lies at the upper edge. */
const MOST = 3;

/** @param {number} epoch */
const across = (epoch) => LEFT + (RIGHT - LEFT) * epoch / EPOCHS;

/** The curves of both losses, with the stage that is shown and the best one. */
export function createLossPlot() {
  const element = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });

  /**
   * @param {Run} run
   * @param {Stage} stage the one that is shown
   * @param {Run | undefined} before the run before, whose validation loss stays for comparison
   */
  function draw(run, stage, before) {
    const seen = run.stages.filter(({ epoch }) => epoch <= stage.epoch);
    const known = [...run.stages, ...(before?.stages ?? [])];
    const edge = MOST * run.constant;
    const high = niceEnd(
      Math.min(edge, Math.max(...known.flatMap((one) => [one.training, one.validation]))),
    );
    const up = (/** @type {number} */ value) =>
      BOTTOM - (BOTTOM - TOP) * Math.min(value, high) / high;
    /** @param {string} name @param {Stage[]} stages @param {SetName} set */
    const line = (name, stages, set) =>
      svg("path", {
        class: name,
        d: path(stages.map((one) => [across(one.epoch), up(one[set])])),
      });
    const levels = [0, high / 2, high].flatMap((value) => [
      svg("path", { class: "lx-axis", d: path([[LEFT, up(value)], [RIGHT, up(value)]]) }),
      tick(LEFT - 4, up(value) + 4, show(value, high < 0.2 ? 3 : 2), "end"),
    ]);
    const { best } = run;
    const x = across(stage.epoch);
    element.replaceChildren(
      ...levels,
      tick(LEFT, HEIGHT - 5, "0", "start"),
      tick(RIGHT, HEIGHT - 5, `epoch ${EPOCHS}`, "end"),
      ...(before ? [line("lx-before", before.stages, "validation")] : []),
      ...(best.epoch < stage.epoch ? bestMark(across(best.epoch), up(best.validation)) : []),
      line("lx-training", seen, "training"),
      line("lx-validation", seen, "validation"),
      svg("line", {
        class: "lx-gap",
        x1: x,
        x2: x,
        y1: up(stage.training),
        y2: up(stage.validation),
      }),
      svg("circle", { class: "lx-at-training", cx: x, cy: up(stage.training), r: 4 }),
      svg("circle", { class: "lx-at-validation", cx: x, cy: up(stage.validation), r: 4 }),
    );
    setLabel(
      element,
      `Loss by epoch. At epoch ${stage.epoch}: training ${show(stage.training, 3)}, ` +
        `validation ${show(stage.validation, 3)}`,
    );
  }
  return { element, draw };
}

/** The mark of the epoch with the least validation loss. @param {number} x @param {number} y */
const bestMark = (x, y) => [
  svg("line", { class: "lx-best", x1: x, x2: x, y1: TOP, y2: BOTTOM }),
  svg("path", { class: "lx-best-mark", d: `M${x - 5} ${y - 12}h10l-5 9z` }),
  tick(x + (x < 200 ? 4 : -4), TOP + 14, "best", x < 200 ? "start" : "end"),
];
