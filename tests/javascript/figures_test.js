// What the figures compute and say, from their state alone.

import assert from "node:assert/strict";
import * as activation from "../../lessons_lib/explorables/static/activation.js";
import * as convolution from "../../lessons_lib/explorables/static/convolution.js";
import * as descent from "../../lessons_lib/explorables/static/descent.js";
import * as drawdigit from "../../lessons_lib/explorables/static/drawdigit.js";
import { centre, stroke } from "../../lessons_lib/explorables/static/drawing.js";
import * as flattening from "../../lessons_lib/explorables/static/flattening.js";
import { next } from "../../lessons_lib/explorables/static/grid.js";
import * as neuron from "../../lessons_lib/explorables/static/neuron.js";
import * as parameters from "../../lessons_lib/explorables/static/parameters.js";
import * as pixels from "../../lessons_lib/explorables/static/pixels.js";
import * as pooling from "../../lessons_lib/explorables/static/pooling.js";
import * as receptivefield from "../../lessons_lib/explorables/static/receptivefield.js";
import * as shiftlab from "../../lessons_lib/explorables/static/shiftlab.js";
import { exact } from "../../lessons_lib/explorables/static/words.js";

const ROWS = [[0, 1, 0], [1, 1, 0], [0, 1, 0]];

Deno.test("keys of a grid lead to their cells, and the edge holds", () => {
  const size = { height: 2, width: 3 };
  /** @param {string} key @param {number} from @param {boolean} [ctrlKey] */
  const to = (key, from, ctrlKey = false) => next({ key, ctrlKey }, from, size);
  assert.deepEqual(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].map((key) => to(key, 1)), [
    1,
    4,
    0,
    2,
  ]);
  assert.deepEqual([to("Home", 4), to("End", 4), to("Home", 4, true), to("End", 1, true)], [
    3,
    5,
    0,
    5,
  ]);
  assert.equal(to("Tab", 1), undefined);
  assert.equal(to("ArrowRight", 2), 2);
});

Deno.test("Activation: small and large numbers have a power of ten", () => {
  assert.equal(activation.scientific(0.5), "0.500");
  assert.equal(activation.scientific(0), "0");
  assert.equal(activation.scientific(-12345), "−1.2·10⁴");
  assert.equal(activation.scientific(0.00031), "3.1·10⁻⁴");
});

Deno.test("Activation: the gradient shrinks by weight times slope in each layer", () => {
  const { survives, zeros } = activation.compute({
    activation: "leaky_relu",
    z: -1,
    layers: 3,
    weight: 2,
    feature_map: [[-1, 0], [2, 3]],
  });
  assert.ok(Math.abs(survives - (2 * 0.2) ** 3) < 1e-12);
  assert.deepEqual(zeros, [25, 25]);
});

Deno.test("Activation: who multiplies the slope that is written gets the gradient that is written", () => {
  /** @type {("sigmoid" | "tanh")[]} */
  const names = ["sigmoid", "tanh"];
  for (const name of names) {
    for (let z = -4; z <= 4; z += 0.5) {
      const state = { activation: name, z, layers: 20, weight: 1, feature_map: [[0]] };
      const { slope, survives } = activation.compute(state);
      assert.equal(Number(slope.toPrecision(4)), slope);
      assert.equal(activation.scientific(slope ** 20), activation.scientific(survives));
    }
  }
});

/** @type {Parameters<typeof convolution.compute>[0]} */
const CONVOLUTION = {
  image: ROWS,
  kernel: [[1, -2], [0, 3]],
  strides: 1,
  padding: "valid",
  dilation_rate: 1,
  stop: 0,
  filled: 4,
  painting: false,
};

Deno.test("Convolution: the sentence is the sum of this stop", () => {
  const figure = convolution.compute({ ...CONVOLUTION, stop: 1 });
  assert.equal(figure.map.data[1], 1);
  assert.equal(convolution.stopInWords(figure), "Row 0, column 1 of the map: 1·1 = 1.");
  const first = convolution.compute(CONVOLUTION);
  assert.equal(convolution.stopInWords(first), "Row 0, column 0 of the map: 1·(−2) + 1·3 = 1.");
  const blank = convolution.compute({ ...CONVOLUTION, image: [[0, 0], [0, 0]] });
  assert.match(convolution.stopInWords(blank), /every product is 0, and so is their sum\./);
});

Deno.test("Convolution: a weight is read with every comma, digit and minus, or refused in words", () => {
  const read = ["1,5", "1.5", "１．５", "–2", "−2", "－2", "‐2", "1e3", " 7 "].map((text) =>
    convolution.readWeight(text)
  );
  assert.deepEqual(read.map(({ weight }) => weight), [1.5, 1.5, 1.5, -2, -2, -2, -2, 1000, 7]);
  assert.ok(read.every(({ note }) => note === ""));
  for (const text of ["", "-", "abc", "1e9", "-1000001", "1e", "1,217"]) {
    const { weight, note } = convolution.readWeight(text);
    assert.equal(weight, undefined, text);
    assert.match(note, /^A weight is .* Received: /);
  }
  const { weight, note } = convolution.readWeight("0.00001");
  assert.deepEqual([weight, note.includes("counts as 0")], [0, true]);
});

Deno.test("Convolution: small weights and sums are written, not rounded to 0", () => {
  const figure = convolution.compute({ ...CONVOLUTION, kernel: [[0.001]], stop: 1 });
  assert.equal(convolution.stopInWords(figure), "Row 0, column 1 of the map: 1·0.001 = 0.001.");
});

Deno.test("Convolution: sizes are said with the formula", () => {
  /** @param {Partial<typeof CONVOLUTION>} changes */
  const said = (changes) => convolution.sizeInWords({ ...CONVOLUTION, ...changes });
  assert.equal(said({}), "Rows of the map: ⌊(3 − 2) / 1⌋ + 1 = 2.");
  assert.match(said({ strides: 2, kernel: [[1, 1]] }), /⌊\(3 − 1\) \/ 2⌋ \+ 1 = 2\.$/);
  assert.match(said({ strides: 2 }), /= 1\. .* the last row is never seen\.$/);
  assert.match(said({ padding: "same", strides: 2 }), /3 \/ 2 = 2, rounded up from 1\.50\.$/);
  assert.match(said({ dilation_rate: 3 }), /spans 4 rows: it does not fit into 3/);
});

Deno.test("Descent: SGD goes down the slope, and the steps are counted", () => {
  /** @type {Parameters<typeof descent.way>[0]} */
  const state = {
    surface: "round bowl",
    x: 1,
    y: -1,
    step: 2,
    rates: { SGD: 0.3, momentum: 0.1, RMSprop: 0.1, Adam: 0.1 },
  };
  const way = descent.way(state, "SGD");
  assert.equal(way.length, 3);
  way.forEach(([x, y], n) => {
    assert.ok(Math.abs(x - 0.7 ** n) < 1e-12 && Math.abs(y + 0.7 ** n) < 1e-12);
  });
  assert.equal(descent.reached({ ...state, step: 50 }, "SGD").arrived, 7);
  for (const { of, lowest } of Object.values(descent.surfaces)) {
    for (let x = -2; x <= 2; x += 0.125) {
      for (let y = -2; y <= 2; y += 0.125) assert.ok(of(x, y) >= lowest - 1e-6);
    }
  }
});

Deno.test("Descent: a contour of the round bowl is a circle", () => {
  const { of } = descent.surfaces["round bowl"];
  const numbers = (descent.contour(descent.heightsOf(of), 0.5).match(/-?[\d.]+/g) ?? []).map(
    Number,
  );
  assert.ok(numbers.length > 100);
  for (let i = 0; i < numbers.length; i += 2) {
    assert.ok(Math.abs(Math.hypot(numbers[i], numbers[i + 1]) - 1) < 0.01);
  }
});

Deno.test("DrawDigit: a stroke has a soft edge, and erasing takes it away", () => {
  const blank = Array.from({ length: 28 }, () => Array(28).fill(0));
  const line = stroke(blank, [5, 5], [5, 10], false);
  assert.deepEqual([4, 5, 6, 7].map((row) => line[row][7]), [0.7, 1, 0.7, 0]);
  const erased = stroke(line, [5, 5], [5, 10], true);
  assert.ok(Math.max(...erased.flat()) < 0.31);
  assert.equal(centre(line)[13].filter((value) => value === 1).length, 6);
});

Deno.test("DrawDigit: evidence is value times weight, class by class", () => {
  const weights = Array.from({ length: 20 }, (_, i) => i);
  assert.deepEqual(drawdigit.evidence([2, 3], weights, 4), [8, 42]);
});

/** @type {Parameters<typeof flattening.thread>[0]} */
const FLATTENING = {
  image: [[1, 2, 3], [4, 5, 6]],
  order: [5, 4, 3, 2, 1, 0],
  permuted: false,
  unrolled: 6,
  pixel: 4,
  down: 0,
  right: 0,
};

Deno.test("Flattening: a permutation changes the neighbours, and not the weighted sum", () => {
  assert.deepEqual(flattening.neighbours(FLATTENING), [1, 3, 5]);
  const permuted = { ...FLATTENING, permuted: true };
  assert.deepEqual(flattening.thread(permuted), [6, 5, 4, 3, 2, 1]);
  assert.deepEqual(flattening.neighbours({ ...permuted, pixel: 1 }), [4, 2, 0]);
  assert.ok(Math.abs(flattening.unitSum(FLATTENING) - flattening.unitSum(permuted)) < 1e-12);
  assert.match(flattening.pixelInWords(FLATTENING), /place 1·3 \+ 1 = 4 of the thread, value 5/);
});

Deno.test("Flattening: a move takes every value as far along the thread, and the mark with its ink", () => {
  const moved = { ...FLATTENING, down: 1, right: -1 };
  assert.deepEqual(flattening.thread(moved), [0, 0, 0, 2, 3, 0]);
  assert.deepEqual(flattening.travels(moved), { ways: [2, 2], lost: 4 });
  assert.match(flattening.travelInWords(moved), /moves 2 places on \(1·3 − 1\)\. 4 with ink leave/);
  const permuted = { ...FLATTENING, permuted: true, right: 1 };
  assert.deepEqual(flattening.travels(permuted), { ways: [-1, -1, -1, -1], lost: 2 });
  assert.equal(flattening.travelInWords(FLATTENING), "");
  assert.deepEqual(flattening.moved(FLATTENING, -1, 1), { down: -1, right: 1, pixel: 2 });
  assert.deepEqual(flattening.moved({ ...FLATTENING, right: 4 }, 0, 1).right, 4);
  assert.equal(flattening.moved({ ...FLATTENING, permuted: true, pixel: 1 }, -1, 1).pixel, 3);
});

Deno.test("Neuron: no weights learn XOR", () => {
  const range = [-8, -4, -1, 0, 1, 4, 8];
  let best = 0;
  for (const w1 of range) {
    for (const w2 of range) {
      for (const bias of range) {
        const corners = neuron.corners({
          x1: 0,
          x2: 0,
          w1,
          w2,
          bias,
          activation: "sigmoid",
          rule: "XOR",
        });
        best = Math.max(best, corners.filter(({ wanted, yes }) => wanted === yes).length);
      }
    }
  }
  assert.equal(best, 3);
});

Deno.test("Parameters: counts, and what sharing saves", () => {
  const figure = parameters.compute({
    size: 50,
    channels: 3,
    filters: 10,
    kernel_size: 3,
    strides: 1,
    padding: "valid",
  });
  assert.deepEqual(figure.rows.map(({ count }) => count), [280, 645_120, 172_823_040]);
});

Deno.test("Parameters: who multiplies the factors that are written gets the product that is written", () => {
  for (let size = 5; size < 60; size += 3) {
    for (let channels = 1; channels < 40; channels += 5) {
      for (const kernel_size of [1, 2, 3, 5]) {
        const state = { size, channels, filters: 8, kernel_size, strides: 1 };
        const said = parameters.inWords(parameters.compute({ ...state, padding: "same" }));
        const [locality, sharing, together] = (said.split("Locality")[1].match(/[\d,.]*\d/g) ?? [])
          .map((text) => Number(text.replaceAll(",", "")));
        const product = locality * sharing;
        const isExact = !said.includes("about");
        assert.equal(Number(product.toPrecision(isExact ? 12 : 4)), together, said);
      }
    }
  }
});

Deno.test("Pixels: the window stays inside, and a number is written on its scale", () => {
  assert.deepEqual([0, 5, 27].map((middle) => pixels.windowStart(middle, 28)), [0, 3, 23]);
  assert.equal(pixels.written(51, "0…1"), "0.20");
  assert.equal(pixels.written(51, "0…255"), "51");
  assert.deepEqual(pixels.shade([10, 200, 30], "green", "white").color, "rgb(55 55 55)");
});

Deno.test("Pooling: the mean that is written is that of the numbers that are written", () => {
  /** @type {Parameters<typeof pooling.compute>[0]} */
  const state = {
    image: [[0.005, 0.015], [0.0049, 0.0049]],
    kind: "average",
    pool_size: 2,
    strides: 2,
    padding: "valid",
    stop: 0,
    down: 0,
    right: 0,
  };
  assert.match(
    pooling.stopInWords(pooling.compute(state), state),
    /mean of 0\.005, 0\.015, 0\.0049, 0\.0049 is 0\.0075\./,
  );
});

Deno.test("Convolution: every weight of a preset is written as it is", () => {
  for (const weight of Object.values(convolution.PRESETS).flat(2)) {
    assert.equal(Number(exact(weight).replace("−", "-")), weight);
  }
});

Deno.test("Pooling: the winner and the nudge are said", () => {
  /** @type {Parameters<typeof pooling.compute>[0]} */
  const state = {
    image: [[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0.5]],
    kind: "max",
    pool_size: 2,
    strides: 2,
    padding: "valid",
    stop: 3,
    down: 0,
    right: 0,
  };
  const still = pooling.compute(state);
  assert.match(
    pooling.stopInWords(still, state),
    /largest of 0, 0, 0, 0\.50 is 0\.50, from row 3, column 3/,
  );
  const moved = { ...state, right: 1 };
  const figure = pooling.compute(moved);
  assert.deepEqual([figure.percentIn, figure.percentOut], [19, 75]);
  assert.equal(
    pooling.nudgeInWords(figure, moved),
    "Moved by 1 to the right: 19 % of the pixels changed, and 75 % of the outputs.",
  );
});

Deno.test("ReceptiveField: what an output sees, and where nothing fits", () => {
  /** @type {Parameters<typeof receptivefield.inWords>[0]["layers"]} */
  const layers = [
    { kind: "conv", kernel_size: 3, strides: 1, dilation_rate: 1, padding: "same" },
    { kind: "pool", kernel_size: 2, strides: 2, dilation_rate: 1, padding: "valid" },
  ];
  assert.deepEqual(receptivefield.seen(8, layers, 1), { first: 1, last: 4, place: 1, length: 4 });
  const image = Array.from({ length: 8 }, () => Array(8).fill(0));
  assert.equal(
    receptivefield.inWords({ image, layers, row: 0, column: 1 }),
    "Output row 0, column 1 sees 4×4 pixels: rows −1 to 2, columns 1 to 4. " +
      "Part of that is padding around the image.",
  );
  const many = Array.from({ length: 5 }, () => layers[1]);
  assert.match(receptivefield.inWords({ image, layers: many, row: 0, column: 0 }), /does not fit/);
});

Deno.test("ShiftLab: a digit stands in the middle, and moves", () => {
  const example = btoa(String.fromCharCode(...Array.from({ length: 784 }, (_, i) => i && 255)));
  assert.equal(shiftlab.place(example, 0, 0)[2 * 32 + 3], 1);
  assert.equal(shiftlab.place(example, 0, 0)[2 * 32 + 2], 0);
  assert.equal(shiftlab.place(example, 1, -1)[3 * 32 + 2], 1);
  assert.equal(shiftlab.place(example, 6, 6).reduce((a, b) => a + b), 24 * 24 - 1);
});
