// Descent: a ball on a loss surface, stepped by four optimisers side by side.

import {
  button,
  calm,
  change,
  choice,
  controls,
  labelled,
  make,
  mount,
  oneStep,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  setLabel,
  slider,
  stateOf,
} from "./controls.js";
import { clamp } from "./ops.js";
import { player } from "./player.js";
import { svg } from "./svg.js";
import { show } from "./words.js";

/**
 * @typedef {"SGD" | "momentum" | "RMSprop" | "Adam"} Optimizer
 * @typedef {"round bowl" | "narrow valley" | "saddle" | "two dips"} SurfaceName
 * @typedef {{
 *   surface: SurfaceName, x: number, y: number, step: number, rates: Record<Optimizer, number>,
 * }} State
 * @typedef {(x: number, y: number) => number} Height
 * @typedef {(x: number, y: number) => [number, number]} Slope
 * @typedef {{of: Height, slope: Slope, lowest: number}} Surface
 * @typedef {import("./controls.js").Model<State>} Model
 * @typedef {{m: number, v: number}} Memory what an update rule keeps from step to step
 */

/** @type {(keyof State)[]} */
const TRAITS = ["surface", "x", "y", "step", "rates"];
const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1];
const STEPS = 200;
const RANGE = 2;
const CELLS = 48;
const CLOSE = 0.01;

/**
 * Loss surfaces with their slopes; x and y are the two weights.
 * @type {Record<SurfaceName, Surface>}
 */
export const surfaces = {
  "round bowl": { of: (x, y) => (x * x + y * y) / 2, slope: (x, y) => [x, y], lowest: 0 },
  "narrow valley": {
    of: (x, y) => 0.05 * x * x + 2 * y * y,
    slope: (x, y) => [0.1 * x, 4 * y],
    lowest: 0,
  },
  saddle: {
    of: (x, y) => x * x / 2 - y * y / 2 + y ** 4 / 8,
    slope: (x, y) => [x, y ** 3 / 2 - y],
    lowest: -0.5,
  },
  "two dips": {
    of: (x, y) => (x * x - 1) ** 2 / 2 + 0.2 * x + y * y / 2,
    slope: (x, y) => [2 * x * (x * x - 1) + 0.2, y],
    lowest: -0.204772,
  },
};

/**
 * Update rules as Keras writes them, with its default settings (momentum 0.9). Each keeps its
 * memory in m and v.
 * @type {Record<Optimizer, (g: number, rate: number, memory: Memory, step: number) => number>}
 */
const rules = {
  SGD: (g, rate) => -rate * g,
  momentum: (g, rate, memory) => (memory.m = 0.9 * memory.m - rate * g),
  RMSprop: (g, rate, memory) => {
    memory.v = 0.9 * memory.v + 0.1 * g * g;
    return (-rate * g) / Math.sqrt(memory.v + 1e-7);
  },
  Adam: (g, rate, memory, step) => {
    memory.m = 0.9 * memory.m + 0.1 * g;
    memory.v = 0.999 * memory.v + 0.001 * g * g;
    return ((-rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step) * memory.m) /
      (Math.sqrt(memory.v) + 1e-7);
  },
};
const OPTIMIZERS = /** @type {Optimizer[]} */ (Object.keys(rules));

/**
 * Where the ball has been, from the start on. It ends early where it leaves the picture far behind.
 * @param {State} state @param {Optimizer} optimizer @returns {[number, number][]}
 */
export function way(state, optimizer) {
  const memories = [{ m: 0, v: 0 }, { m: 0, v: 0 }];
  /** @type {[number, number][]} */
  const points = [[state.x, state.y]];
  while (points.length <= state.step && points[points.length - 1].every((w) => Math.abs(w) < 100)) {
    const at = points[points.length - 1];
    const slope = surfaces[state.surface].slope(...at);
    points.push(
      /** @type {[number, number]} */ (at.map((w, i) =>
        w + rules[optimizer](slope[i], state.rates[optimizer], memories[i], points.length)
      )),
    );
  }
  return points;
}

/** Where the corners of the cells are, from left to right and from below upwards. */
const CORNERS = Array.from({ length: CELLS + 1 }, (_, k) => (2 * RANGE * k) / CELLS - RANGE);

/** The heights at all corners, row by row. @param {Height} of */
export const heightsOf = (of) => CORNERS.map((y) => CORNERS.map((x) => of(x, y)));

/**
 * The path of one contour line, found by marching squares: in each cell a line
 * between the edges that it crosses.
 * @param {number[][]} heights at the corners of the cells
 * @param {number} level
 */
export function contour(heights, level) {
  let path = "";
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]];
      const over = corners.map(([r, c]) => heights[r][c] - level);
      const crossings = over.flatMap((height, i) => {
        const j = (i + 1) % 4;
        if (height < 0 === over[j] < 0) return [];
        const share = height / (height - over[j]);
        const [[r, c], [r2, c2]] = [corners[i], corners[j]];
        const x = CORNERS[c] + share * (CORNERS[c2] - CORNERS[c]);
        const y = CORNERS[r] + share * (CORNERS[r2] - CORNERS[r]);
        return [`${x.toFixed(3)} ${(-y).toFixed(3)}`];
      });
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        path += `M${crossings[i]}L${crossings[i + 1]}`;
      }
    }
  }
  return path;
}

/** The paths of the contour lines of a surface, closer to each other near its bottom. @param {SurfaceName} name */
function contoursOf(name) {
  const { of, lowest } = surfaces[name];
  const top = Math.max(of(-RANGE, -RANGE), of(-RANGE, RANGE), of(RANGE, 0));
  const heights = heightsOf(of);
  return Array.from(
    { length: 9 },
    (_, k) => contour(heights, lowest + (top - lowest) * ((k + 0.5) / 9) ** 2),
  );
}

/** What one optimiser has reached. @param {State} state @param {Optimizer} optimizer */
export function reached(state, optimizer) {
  const points = way(state, optimizer);
  const { of, lowest } = surfaces[state.surface];
  const last = points[points.length - 1];
  const arrived = points.findIndex((point) => of(...point) - lowest < CLOSE);
  return {
    points,
    loss: of(...last),
    arrived,
    lost: Math.abs(last[0]) >= 100 || Math.abs(last[1]) >= 100,
  };
}

/**
 * One optimiser's picture, learning rate and result.
 * @param {Model} model
 * @param {Optimizer} optimizer
 */
function lane(model, optimizer) {
  const contours = svg("g", { class: "lx-contours" });
  const trail = svg("polyline", { class: "lx-trail" });
  const steps = svg("g", { class: "lx-steps" });
  const ball = svg("circle", { class: "lx-ball", r: 0.09 });
  const picture = svg("svg", { viewBox: "-2 -2 4 4", role: "img" }, contours, trail, steps, ball);
  const rate = choice(
    RATES,
    (value) => change(model, { rates: { ...model.get("rates"), [optimizer]: value }, step: 0 }),
  );
  const result = make("p", { className: "lx-size" });
  const { element } = panel(
    optimizer,
    picture,
    labelled("learning rate", rate),
    result,
  );
  setLabel(rate, `Learning rate of ${optimizer}`);
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    /** @param {number} share */
    const at = (share) => Number((clamp(2 * share - 1, -1, 1) * RANGE).toFixed(1));
    change(model, {
      x: at((event.clientX - box.left) / box.width),
      y: -at((event.clientY - box.top) / box.height),
      step: 0,
    });
  });

  /** @param {State} now */
  function draw(now) {
    const { points, loss, arrived, lost } = reached(now, optimizer);
    const shown = points.map(([x, y]) => `${x.toFixed(3)},${(-y).toFixed(3)}`);
    trail.setAttribute("points", shown.join(" "));
    steps.replaceChildren(
      ...points.slice(0, -1).map(([x, y]) =>
        svg("circle", { cx: x.toFixed(3), cy: (-y).toFixed(3), r: 0.04 })
      ),
    );
    const [x, y] = points[points.length - 1];
    ball.setAttribute("cx", x.toFixed(3));
    ball.setAttribute("cy", (-y).toFixed(3));
    rate.value = String(now.rates[optimizer]);
    const said = lost
      ? "gone: the steps grow and grow"
      : arrived >= 0
      ? `loss ${show(loss, 3)}, first close after ${arrived} steps`
      : `loss ${show(loss, 3)}, not close yet`;
    result.textContent = said;
    setLabel(picture, `${optimizer} on the ${now.surface}, step ${now.step}: ${said}`);
    return { optimizer, arrived };
  }
  /** @param {string[]} paths */
  const drawContours = (paths) => contours.replaceChildren(...paths.map((d) => svg("path", { d })));
  return { element, picture, draw, drawContours };
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  /** @param {number} step */
  const go = (step) => change(model, { step: clamp(step, 0, STEPS) });
  const { play, speed, pause } = player({
    el,
    pace: () => 80,
    begin() {
      if (calm()) {
        go(model.get("step") + 50);
        return false;
      }
      if (model.get("step") >= STEPS) go(0);
    },
    step() {
      go(model.get("step") + 1);
      return model.get("step") < STEPS;
    },
    // A line that is read aloud at every frame would never end.
    onChange: (running) => words.setAttribute("aria-live", running ? "off" : "polite"),
  });
  const surface = select(
    model,
    "Loss surface",
    "surface",
    /** @type {SurfaceName[]} */ (Object.keys(surfaces)),
    () => ({ step: 0 }),
  );
  const steps = slider(model, "Step", "step", 0, STEPS);
  const start = [
    slider(model, "Start: first weight", "x", -RANGE, RANGE, 0.1),
    slider(model, "second weight", "y", -RANGE, RANGE, 0.1),
  ];
  const lanes = OPTIMIZERS.map((optimizer) => lane(model, optimizer));
  const words = sentence();
  let drawn = "";

  function draw() {
    const now = state();
    if (drawn !== now.surface) {
      const paths = contoursOf(now.surface);
      for (const one of lanes) one.drawContours(paths);
      drawn = now.surface;
    }
    const [first] = lanes.map((one) => one.draw(now)).filter(({ arrived }) => arrived >= 0).sort((
      a,
      b,
    ) => a.arrived - b.arrived);
    for (const control of [surface, steps, ...start]) control.draw();
    words.textContent = now.step
      ? `After ${now.step} ${now.step === 1 ? "step" : "steps"}, ${
        first ? `${first.optimizer} was close first, after ${first.arrived}` : "none is close yet"
      }. ` +
        `Close means within 0.01 of the bottom, a loss of ${show(surfaces[now.surface].lowest, 3)}.`
      : "Press Play, or Step. Press a place on a picture to start there.";
  }

  const first = controls(
    surface.element,
    play,
    speed,
    button("Step", () => go(model.get("step") + 1)),
    button("To the start", () => go(0)),
    resetButton(model, TRAITS, pause),
  );
  const axes = make("p", {
    className: "lx-size",
    textContent: "To the right: the first weight, −2 to 2. Upwards: the second.",
  });
  const second = controls(steps.element, ...start.map(({ element }) => element));
  oneStep({ control: [play], input: lanes.map(({ picture }) => picture), result: [words] });
  return mount(
    model,
    el,
    "descent",
    TRAITS,
    [first, second, words, panels(...lanes), axes],
    draw,
    pause,
  );
}

export default { render };
