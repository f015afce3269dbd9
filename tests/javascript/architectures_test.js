// What Architectures computes and says of the blocks of a network.

import assert from "node:assert/strict";
import {
  barsOf,
  blockInWords,
  blocksOfHalf,
  comparedInWords,
  noteInWords,
  percent,
  placeOfMost,
  scaleOf,
  shownOf,
  sideOf,
  slabOf,
  totalInWords,
  totalOf,
} from "../../lessons_lib/explorables/static/architectures.js";

/** @typedef {import("../../lessons_lib/explorables/static/architectures.js").Block} Block */

/** @param {Partial<Block>} [changes] @returns {Block} */
const block = (changes = {}) => ({
  name: "conv",
  kind: "convolution",
  input_shape: [8, 8, 3],
  output_shape: [8, 8, 4],
  layers: 1,
  parameters: 10,
  multiply_adds: 20,
  activations: 30,
  receptive_field: 3,
  ...changes,
});
const NET = [
  block(),
  block({ name: "pool", kind: "pooling", layers: 0, parameters: 0, multiply_adds: 0 }),
  block({
    name: "out",
    kind: "dense",
    parameters: 30,
    multiply_adds: 5,
    output_shape: [10],
    receptive_field: null,
  }),
];

Deno.test("shares are rounded to what can be read", () => {
  const said = [0, 0.00004, 0.0061, 0.0994, 0.0996, 0.743, 1].map(percent);
  assert.deepEqual(said, ["0 %", "below 0.1 %", "0.6 %", "9.9 %", "10 %", "74 %", "100 %"]);
});

Deno.test("totals, shares and the blocks that hold half of them", () => {
  assert.equal(totalOf(NET, "parameters"), 40);
  assert.deepEqual(barsOf(NET, "parameters"), [0.25, 0, 0.75]);
  assert.deepEqual(barsOf(NET, "receptive_field"), [3, 3, null]);
  assert.equal(blocksOfHalf(NET, "parameters"), 1);
  assert.equal(blocksOfHalf(Array.from({ length: 4 }, () => block()), "parameters"), 2);
  assert.equal(placeOfMost(NET, "parameters"), 2);
  assert.equal(placeOfMost(NET, "multiply_adds"), 0);
});

Deno.test("what is not known is not drawn, and said", () => {
  const net = [block(), block({ multiply_adds: null })];
  assert.equal(totalOf(net, "multiply_adds"), null);
  assert.deepEqual(barsOf(net, "multiply_adds"), [null, null]);
  assert.equal(totalInWords(net, "multiply_adds"), "multiply-adds: not known");
  assert.match(blockInWords({ name: "net", blocks: net, place: 0 }), /does an unknown share of/);
  const nowhere = [block({ receptive_field: null })];
  assert.equal(
    totalInWords(nowhere, "receptive_field"),
    "of no fixed size; the input has 8×8 pixels",
  );
});

Deno.test("a network and a block in words", () => {
  assert.equal(totalInWords(NET, "parameters"), "40 parameters; half in 1 of 3 blocks");
  assert.equal(totalInWords(NET, "receptive_field"), "up to 3 pixels across; the input has 8×8");
  assert.equal(
    blockInWords({ name: "net", blocks: NET, place: 2 }),
    "net, block 3 of 3: out, a dense layer, 8×8×3 → 10. It holds 75 % of the parameters and does 20 % of " +
      "the multiply-adds.",
  );
  assert.match(
    blockInWords({ name: "net", blocks: NET, place: 1 }),
    /pool, a pooling, 8×8×3 → 8×8×4\. It has no weights\. One of its values sees 3 pixels across\.$/,
  );
  const several = [block({ kind: "residual", layers: 3, name: "sum" })];
  assert.match(
    blockInWords({ name: "net", blocks: several, place: 0 }),
    /sum, a block with a shortcut \(3 layers with weights\), .* sees 3 pixels across\.$/,
  );
});

Deno.test("two networks are compared by how many times as many", () => {
  const nets = [
    { name: "one", blocks: NET, place: 0 },
    { name: "two", blocks: [block({ parameters: 80, multiply_adds: 50 })], place: 0 },
  ];
  assert.equal(
    comparedInWords(nets),
    "two has 2.0 times the parameters and 2.0 times the multiply-adds of one.",
  );
  const wide = [nets[0], { name: "three", blocks: [block({ parameters: 4000 })], place: 0 }];
  assert.equal(
    comparedInWords(wide),
    "three has 100 times the parameters of one. one has 1.3 times the multiply-adds of three.",
  );
  assert.equal(comparedInWords([nets[0], nets[0]]), "");
});

Deno.test("sizes grow with rows and channels, on one scale for both", () => {
  const nets = [{ name: "one", blocks: NET, place: 0 }];
  const scale = scaleOf(nets, "parameters");
  assert.deepEqual(scale, { columns: 4, side: 8, channels: 10, bar: 0.75 });
  assert.equal(scaleOf(nets, "receptive_field").bar, 8);
  assert.equal(slabOf([8, 8, 10], scale).width, 1);
  assert.equal(slabOf([8, 8, 3], scale).width, 2 / Math.log2(11));
  const [large, small] = [slabOf([8, 8, 4], scale), slabOf([2, 2, 4], scale)];
  assert.equal(large.height / small.height, 2);
  assert.equal(large.width, small.width);
  assert.equal(sideOf([4, 9, 5]), 6);
  assert.equal(sideOf([10]), 1);
});

Deno.test("whatever Python has set, two networks are shown", () => {
  /** @type {Parameters<typeof shownOf>[0]} */
  const state = {
    nets: { one: NET },
    upper: "gone",
    lower: "gone",
    measure: "parameters",
    chosen: [9, 1],
  };
  assert.deepEqual(shownOf(state).map(({ name, place }) => [name, place]), [["one", 2], [
    "one",
    1,
  ]]);
});

Deno.test("the note says what the bars are", () => {
  const scale = { columns: 4, side: 8, channels: 10, bar: 0.75 };
  assert.match(
    noteInWords(scale, "parameters"),
    /share of the network, up to 75 %\. The line below/,
  );
  assert.match(noteInWords({ ...scale, bar: 212 }, "receptive_field"), /pixels, up to 212;/);
});
