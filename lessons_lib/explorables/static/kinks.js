// Kinks: a curve of straight pieces, and the network with one ReLU unit for each piece.

import {
  button,
  change,
  controls,
  make,
  mount,
  oneStep,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  stateOf,
  table,
} from "./controls.js";
import { ARROWS } from "./grid.js";
import { clamp } from "./ops.js";
import { path, svg, tick } from "./svg.js";
import { exact, minus, show } from "./words.js";

/**
 * @typedef {readonly [number, number]} Point
 * @typedef {keyof typeof targets} Target
 * @typedef {{points: Point[], target: Target, chosen: number}} State
 * @typedef {{weight: number, bias: number, kink: number, factor: number}} Unit
 */

/** @type {(keyof State)[]} */
const TRAITS = ["points", "target", "chosen"];
const HIGHEST = 1.5;
const MOST_POINTS = 10;
const STEP = 0.05;
const SAMPLES = 400;
const [WIDTH, HEIGHT, EDGE] = [320, 210, 22];

/** What the curve should come close to. */
const targets = {
  sine: (/** @type {number} */ x) => Math.sin(Math.PI * x),
  corner: Math.abs,
  bump: (/** @type {number} */ x) => Math.exp(-((x / 0.3) ** 2)),
  jump: (/** @type {number} */ x) => (x > 0 ? 1 : 0),
};

/**
 * The hidden units whose sum goes through the points, and the bias of the output. The first unit
 * has its kink at the left edge; each further one changes the slope at a kink.
 * @param {Point[]} points
 */
export function network(points) {
  let slope = 0;
  const units = points.slice(0, -1).map(([x, y], i) => {
    const [nextX, nextY] = points[i + 1];
    const steeper = (nextY - y) / (nextX - x) - slope;
    slope += steeper;
    return { weight: 1, bias: -x, kink: x, factor: steeper };
  });
  return { units, bias: points[0][1] };
}

/**
 * What the network answers to an input.
 * @param {{units: Unit[], bias: number}} net
 * @param {number} x
 */
export const answer = ({ units, bias }, x) =>
  units.reduce(
    (sum, unit) => sum + unit.factor * Math.max(0, unit.weight * x + unit.bias),
    bias,
  );

/** Where the curve is farthest from its target. @param {Point[]} points @param {Target} target */
export function farthest(points, target) {
  const net = network(points);
  const worst = { x: -1, distance: 0 };
  for (let i = 0; i <= SAMPLES; i++) {
    const x = (2 * i) / SAMPLES - 1;
    const distance = Math.abs(answer(net, x) - targets[target](x));
    if (distance > worst.distance) Object.assign(worst, { x, distance });
  }
  return worst;
}

/** @param {number} value */
const round = (value) => Number(value.toFixed(2));

/**
 * The points with one of them moved, as far as its neighbours and the picture allow.
 * @param {Point[]} points
 * @param {number} index
 * @param {Point} to
 */
export function moved(points, index, [x, y]) {
  const ends = index === 0 || index === points.length - 1;
  const free = ends
    ? points[index][0]
    : clamp(round(x), round(points[index - 1][0] + STEP), round(points[index + 1][0] - STEP));
  /** @type {Point} */
  const point = [free, round(clamp(y, -HIGHEST, HIGHEST))];
  return points.map((old, i) => (i === index ? point : old));
}

/**
 * The points with one more: on the target, where the curve is farthest from it, or else in the
 * middle of the widest gap.
 * @param {Point[]} points
 * @param {Target} target
 */
export function withOneMore(points, target) {
  const fits = (/** @type {number} */ x) => points.every(([at]) => Math.abs(at - x) > 1.5 * STEP);
  const gaps = points.slice(1).map(([right], i) => ({ left: points[i][0], right }));
  const widest = gaps.reduce((a, b) => (b.right - b.left > a.right - a.left + 1e-9 ? b : a));
  const worst = round(farthest(points, target).x);
  const x = fits(worst) ? worst : round((widest.left + widest.right) / 2);
  const all = [...points, /** @type {Point} */ ([x, round(targets[target](x))])];
  return all.sort(([a], [b]) => a - b);
}

const across = (/** @type {number} */ x) => EDGE + ((x + 1) / 2) * (WIDTH - 2 * EDGE);
const upwards = (/** @type {number} */ y) => HEIGHT / 2 - (y / HIGHEST) * (HEIGHT / 2 - EDGE / 2);

/** The path of a function in the picture. @param {(x: number) => number} of */
const curveOf = (of) =>
  path(Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const x = (2 * i) / SAMPLES - 1;
    return [across(x), upwards(clamp(of(x), -2 * HIGHEST, 2 * HIGHEST))];
  }));

/** The axes with their numbers. */
function axes() {
  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
  const line = (x1, y1, x2, y2) =>
    svg("line", {
      class: "lx-axis",
      x1: across(x1),
      y1: upwards(y1),
      x2: across(x2),
      y2: upwards(y2),
    });
  return [
    line(-1, 0, 1, 0),
    line(-1, -HIGHEST, -1, HIGHEST),
    ...[-1, 0, 1].map((x) => tick(across(x), HEIGHT - 1, minus(x))),
    ...[-1, 1].map((y) => tick(across(-1) - 4, upwards(y) + 4, minus(y), "end")),
  ];
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const wanted = svg("path", { class: "lx-wanted" });
  const parts = svg("g", { class: "lx-parts" });
  const curve = svg("path", { class: "lx-curve" });
  const handles = /** @type {SVGGElement} */ (svg("g", {}));
  const picture = /** @type {SVGSVGElement} */ (svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group", "aria-label": "The curve and its kinks" },
    ...axes(),
    wanted,
    parts,
    curve,
    handles,
  ));

  /** @param {number} index @param {Point} to */
  function move(index, to) {
    change(model, { points: moved(state().points, index, to), chosen: index });
  }

  /** The point of the picture under a pointer. @param {PointerEvent} event @returns {Point} */
  function under({ clientX, clientY }) {
    const box = picture.getBoundingClientRect();
    const [left, top] = [
      ((clientX - box.left) / box.width) * WIDTH,
      ((clientY - box.top) / box.height) * HEIGHT,
    ];
    return [
      ((left - EDGE) / (WIDTH - 2 * EDGE)) * 2 - 1,
      ((HEIGHT / 2 - top) / (HEIGHT / 2 - EDGE / 2)) * HIGHEST,
    ];
  }

  /** A point that is dragged, or moved by the arrow keys. @param {number} index */
  function handle(index) {
    const element = /** @type {SVGGElement} */ (svg(
      "g",
      { class: "lx-handle", role: "slider", tabindex: 0, "data-lm-suppress-shortcuts": "true" },
      svg("circle", { class: "lx-reach", r: 17 }),
      svg("circle", { class: "lx-dot", r: 6 }),
    ));
    element.addEventListener("focus", () => change(model, { chosen: index }));
    element.addEventListener("pointerdown", (event) => element.setPointerCapture(event.pointerId));
    element.addEventListener("pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) move(index, under(event));
    });
    element.addEventListener("keydown", (event) => {
      const step = ARROWS[event.key];
      if (event.key === "Delete" || event.key === "Backspace") remove(index);
      else if (step) {
        const [x, y] = state().points[index];
        move(index, [x + STEP * step[1], y - STEP * step[0]]);
      } else return;
      event.preventDefault();
    });
    return element;
  }

  /** @param {number} index */
  function remove(index) {
    const { points } = state();
    if (isEnd(index, points)) return;
    change(model, { points: points.filter((_, i) => i !== index), chosen: index });
  }

  const target = select(
    model,
    "Come close to",
    "target",
    /** @type {Target[]} */ (Object.keys(targets)),
  );
  const add = button("Add a kink", () => {
    const before = state().points;
    const points = withOneMore(before, state().target);
    change(model, { points, chosen: points.findIndex((point) => !before.includes(point)) });
  });
  const drop = button("Remove it", () => remove(state().chosen));
  const onto = button("Put all on the target", () => {
    const { points, target } = state();
    change(model, { points: points.map(([x]) => [x, round(targets[target](x))]) });
  });
  const weights = table("The hidden units", ["unit", "answers", "factor"]);
  const words = sentence();
  const curvePanel = panel(
    "The curve",
    picture,
    make(
      "p",
      { className: "lx-size" },
      make("span", { className: "lx-curve-key", textContent: "network" }),
      " ",
      make("span", { className: "lx-key lx-wanted-key", textContent: "target" }),
      " ",
      make("span", { className: "lx-key lx-part-key", textContent: "each unit times its factor" }),
    ),
  );
  const unitsPanel = panel("Its hidden units", weights.element);

  /** @param {State} now @param {Unit[]} units */
  function drawTable(now, units) {
    weights.body.replaceChildren(...units.map((unit, i) =>
      make(
        "tr",
        { className: i === now.chosen ? "lx-chosen" : "" },
        make("th", { textContent: String(i + 1), scope: "row" }),
        make("td", { textContent: `ReLU(x ${sign(unit.bias)})` }),
        make("td", { textContent: exact(unit.factor) }),
      )
    ));
  }

  function draw() {
    const now = state();
    const net = network(now.points);
    wanted.setAttribute("d", curveOf(targets[now.target]));
    curve.setAttribute("d", path(now.points.map(([x, y]) => [across(x), upwards(y)])));
    parts.replaceChildren(...net.units.map((unit, i) => {
      const of = (/** @type {number} */ x) => answer({ units: [unit], bias: 0 }, x);
      return svg("path", {
        class: i === now.chosen ? "lx-part lx-chosen" : "lx-part",
        d: curveOf(of),
      });
    }));
    while (handles.children.length > now.points.length) handles.lastChild?.remove();
    while (handles.children.length < now.points.length) {
      handles.append(handle(handles.children.length));
    }
    now.points.forEach((point, i) => drawHandle(handles.children[i], point, i, now));
    drawTable(now, net.units);
    const { x, distance } = farthest(now.points, now.target);
    const count = net.units.length;
    words.textContent = `${inWords(now, net.units)} Largest distance to the ${now.target}: ` +
      `${show(distance)}, at x = ${show(x)}. ${count} hidden unit${count > 1 ? "s" : ""}, ` +
      `${3 * count + 1} weights and biases.`;
    add.disabled = now.points.length >= MOST_POINTS;
    drop.disabled = isEnd(now.chosen, now.points);
    target.draw();
  }

  const row = controls(target.element, add, drop, onto, resetButton(model, TRAITS));
  oneStep({ control: [handles], input: [picture], result: [words] });
  return mount(model, el, "kinks", TRAITS, [row, words, panels(curvePanel, unitsPanel)], draw);
}

/** Whether a point is an end of the curve, and no kink. @param {number} index @param {Point[]} points */
const isEnd = (index, points) => index <= 0 || index >= points.length - 1;

/** A number that is added, with its sign. @param {number} value */
const sign = (value) => (value < 0 ? `− ${exact(-value)}` : `+ ${exact(value)}`);

/** @param {Element} element @param {Point} point @param {number} i @param {State} now */
function drawHandle(element, [x, y], i, now) {
  const name = isEnd(i, now.points) ? `${i ? "right" : "left"} end` : `kink ${i}`;
  const attributes = {
    transform: `translate(${across(x).toFixed(2)} ${upwards(y).toFixed(2)})`,
    "aria-label": name,
    "aria-valuemin": -HIGHEST,
    "aria-valuemax": HIGHEST,
    "aria-valuenow": y,
    "aria-valuetext": `x ${show(x)}, y ${show(y)}`,
  };
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.classList.toggle("lx-chosen", i === now.chosen);
}

/** What the chosen point does to the slope. @param {State} now @param {Unit[]} units */
function inWords({ points, chosen }, units) {
  if (isEnd(chosen, points)) return "";
  const slopes = [units.slice(0, chosen), units.slice(0, chosen + 1)].map((some) =>
    some.reduce((sum, { factor }) => sum + factor, 0)
  );
  return `From x = ${show(points[chosen][0])} on, unit ${
    chosen + 1
  } takes part: its factor turns the ` +
    `slope from ${exact(slopes[0])} to ${exact(slopes[1])}.`;
}

export default { render };
