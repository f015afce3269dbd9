// ShiftLab: drag a digit over a canvas; three networks that learned centred digits answer live.

import { createBars } from "./bars.js";
import {
  change,
  controls,
  make,
  markEnds,
  mount,
  movers,
  oneStep,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  setLabel,
  stateOf,
} from "./controls.js";
import { ARROWS } from "./grid.js";
import { largestAt, Network } from "./nn.js";
import { clamp } from "./ops.js";
import { svg, tick } from "./svg.js";
import { unpack } from "./weights.js";
import { followOwn } from "./whosenetwork.js";
import { moveInWords, show } from "./words.js";

/**
 * `weights` names the files of the weights, and `_weights` are their bytes. `examples` are images as
 * base64 of one byte a pixel, row by row.
 * @typedef {{
 *   digit: number, down: number, right: number, accuracy: Record<string, number[]>,
 *   examples: string[], weights: string[], _weights: DataView[],
 * }} State
 * @typedef {import("./layers.js").LayerSpec} LayerSpec
 * @typedef {import("./ops.js").Padding} Padding
 */

/** @type {(keyof State)[]} */
const TRAITS = ["digit", "down", "right", "accuracy"];
const SIDE = 32;
const DIGIT = 28;
const FARTHEST = 6;
const CHANCE = 0.1;
/** @type {LayerSpec} */
const POOLING = { layer: "MaxPooling2D" };

/** Convolutions of 3×3 with ReLU, and pooling between two of them. @param {number[]} filters @param {Padding} padding @returns {LayerSpec[]} */
const stages = (filters, padding) =>
  filters.flatMap((count, i) => [
    ...(i ? [POOLING] : []),
    { layer: "Conv2D", filters: count, kernel_size: 3, padding, activation: "relu" },
  ]);

/**
 * The three networks: `dense`, `cnn` and `cnn_global` of `lessons_lib.models`, without the last
 * layer, which all have.
 * @type {{name: string, layers: LayerSpec[]}[]}
 */
export const NETWORKS = [
  {
    name: "dense",
    layers: [{ layer: "Flatten" }, { layer: "Dense", units: 64, activation: "relu" }],
  },
  { name: "CNN", layers: [...stages([8, 16], "valid"), POOLING, { layer: "Flatten" }] },
  {
    name: "global pooling",
    layers: [...stages([8, 16, 32], "same"), { layer: "GlobalMaxPooling2D" }],
  },
];

/**
 * A network with the weights of a file.
 * @param {LayerSpec[]} layers
 * @param {DataView} file
 */
export function load(layers, file) {
  const network = new Network({
    input_shape: [SIDE, SIDE, 1],
    layers: [...layers, { layer: "Dense", units: 10, activation: "softmax" }],
  }, 1);
  network.setWeights(unpack(file, network.sizes));
  return network;
}

/**
 * A digit on the canvas, moved from the middle.
 * @param {string} example
 * @param {number} down
 * @param {number} right
 * @returns {Float32Array}
 */
export function place(example, down, right) {
  const bytes = atob(example);
  const image = new Float32Array(SIDE * SIDE);
  const margin = (SIDE - DIGIT) / 2;
  for (let i = 0; i < bytes.length; i++) {
    const row = Math.floor(i / DIGIT) + margin + down;
    const column = (i % DIGIT) + margin + right;
    if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) {
      image[row * SIDE + column] = bytes.charCodeAt(i) / 255;
    }
  }
  return image;
}

/** The middle of the canvas, as a network of the reader's own reads it. @param {Float32Array} canvas */
export function middleOf(canvas) {
  const margin = (SIDE - DIGIT) / 2;
  return Float32Array.from({ length: DIGIT ** 2 }, (_, i) => {
    const row = Math.floor(i / DIGIT) + margin;
    return canvas[row * SIDE + (i % DIGIT) + margin];
  });
}

/** The place of a distance in the plot. @param {number} distance */
const x = (distance) => 40 * distance;
/** The place of an accuracy in the plot. @param {number} share */
const y = (share) => 130 - 130 * share;
/** @param {string} name @param {number} share */
const level = (name, share) =>
  svg("line", { class: name, x1: 0, x2: x(FARTHEST), y1: y(share), y2: y(share) });

/** The plot of accuracy by distance, and what each drawing changes in it. */
function createPlot() {
  const shares = [0, 0.5, 1].flatMap((
    share,
  ) => [level("lx-axis", share), tick(-6, y(share) + 4, String(share), "end")]);
  const distances = Array.from(
    { length: FARTHEST + 1 },
    (_, d) => tick(x(d), 147, String(d)),
  );
  const here = svg("path", { class: "lx-here" });
  const curves = NETWORKS.map((_, i) => svg("path", { class: `lx-curve lx-net-${i}` }));
  const element = svg(
    "svg",
    { viewBox: "-28 -8 280 160", role: "img" },
    ...shares,
    ...distances,
    level("lx-chance", CHANCE),
    here,
    ...curves,
  );
  /** @param {State["accuracy"]} accuracy @param {number} distance */
  function draw(accuracy, distance) {
    here.setAttribute("d", `M${x(distance)} 0V130`);
    NETWORKS.forEach(({ name }, i) =>
      curves[i].setAttribute(
        "d",
        `M${accuracy[name].map((share, d) => `${x(d)} ${y(share).toFixed(1)}`).join("L")}`,
      )
    );
    const shown = NETWORKS.map(({ name }) => `${name} ${show(accuracy[name][distance])}`);
    setLabel(element, `Accuracy over many digits, moved by ${distance}: ${shown.join(", ")}`);
  }
  return { element, draw };
}

/** What a network says: its answer and its ten bars. @param {string} name @param {number} place that of its colour */
function createAnswer(name, place) {
  const [says, bars] = [make("b"), createBars()];
  const key = make("span", { className: "lx-key" });
  const line = make("p", { className: `lx-net lx-net-${place}` }, key, ` ${name} says `, says);
  /** @param {Float32Array} ten probabilities @param {number} digit @returns {string} the answer in words */
  function draw(ten, digit) {
    const best = largestAt(ten, 0, ten.length);
    says.textContent = `${best}, ${best === digit ? "right" : "wrong"}`;
    says.className = best === digit ? "lx-right" : "lx-wrong";
    bars.draw(ten, digit);
    return `${name} says ${best} with probability ${show(ten[best])}`;
  }
  return { element: make("div", {}, line, bars.element), bars: bars.element, draw };
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const networks = model.get("_weights").map((file, i) => load(NETWORKS[i].layers, file));
  /** @param {number} steps */
  const within = (steps) => clamp(steps, -FARTHEST, FARTHEST);
  /** @param {number} down @param {number} right */
  const moveTo = (down, right) => change(model, { down: within(down), right: within(right) });
  /** @param {number} down @param {number} right */
  const moveBy = (down, right) => moveTo(model.get("down") + down, model.get("right") + right);

  const canvas = make("canvas", {
    width: SIDE,
    height: SIDE,
    tabIndex: 0,
    role: "application",
    "aria-label": "The canvas: arrow keys move the digit, Home brings it back to the middle",
  });
  let held = { x: 0, y: 0, down: 0, right: 0 };
  canvas.onpointerdown = (event) => {
    if (event.button || !event.isPrimary) return;
    canvas.setPointerCapture(event.pointerId);
    held = {
      x: event.clientX,
      y: event.clientY,
      down: model.get("down"),
      right: model.get("right"),
    };
  };
  canvas.onpointermove = (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const pixel = canvas.getBoundingClientRect().width / SIDE;
    moveTo(
      held.down + Math.round((event.clientY - held.y) / pixel),
      held.right + Math.round((event.clientX - held.x) / pixel),
    );
  };
  canvas.onkeydown = (event) => {
    const step = ARROWS[event.key];
    if (event.key === "Home") moveTo(0, 0);
    else if (step) moveBy(step[0], step[1]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const answers = NETWORKS.map(({ name }, i) => createAnswer(name, i));
  const ownAnswer = createAnswer("yours", NETWORKS.length);
  const ownNote = make("p", { className: "lx-size" });
  const ownPart = make("div", {}, ownAnswer.element, ownNote);
  const own = followOwn(() => draw());
  const plot = createPlot();
  const plotPanel = panel(
    "Accuracy over many digits",
    plot.element,
    make("p", {
      className: "lx-size",
      textContent:
        "By the pixels moved, for the course's networks; the upright line is where your digit is. Thin grey dots: chance.",
    }),
  );
  const words = sentence();
  const choice = select(model, "Digit", "digit", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const moves = movers(moveBy);
  const row = controls(choice.element, ...moves, resetButton(model, TRAITS));

  function draw() {
    const now = state();
    const image = place(model.get("examples")[now.digit], now.down, now.right);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const picture = context.createImageData(SIDE, SIDE);
    image.forEach((value, i) =>
      picture.data.set([255 * value, 255 * value, 255 * value, 255], 4 * i)
    );
    context.putImageData(picture, 0, 0);
    choice.draw();
    markEnds(moves, now, FARTHEST);
    plotPanel.element.hidden = !Object.keys(now.accuracy).length;
    if (!plotPanel.element.hidden) {
      plot.draw(now.accuracy, Math.max(Math.abs(now.down), Math.abs(now.right)));
    }
    const said = answers.map((answer, i) => answer.draw(networks[i].forward(image), now.digit));
    const yours = own.find();
    ownPart.hidden = !yours;
    if (yours) {
      said.push(ownAnswer.draw(yours.network.forward(middleOf(image)), now.digit));
      ownNote.textContent = `Yours is ${yours.name}; it reads the middle 28×28 of the canvas.`;
    }
    const moved = moveInWords(now.down, now.right, FARTHEST) || "In the middle";
    words.textContent = `${moved}, the digit is a ${now.digit}: ${said.join(", ")}.`;
  }

  const body = panels(
    panel("Drag the digit, or use the arrow keys", canvas),
    panel(
      "Networks: probabilities",
      ...answers.map(({ element }) => element),
      ownPart,
      plotPanel.element,
    ),
  );
  oneStep({
    control: [row],
    input: [canvas],
    result: [words, ...answers.map(({ bars }) => bars)],
  });
  return mount(
    model,
    el,
    "shiftlab",
    TRAITS,
    [row, words, body],
    draw,
    own.leave,
  );
}

export default { render };
