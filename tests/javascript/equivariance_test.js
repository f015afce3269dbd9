// What Equivariance computes and says: both ways, where they differ, and why.

import assert from "node:assert/strict";
import { compute, inWords } from "../../lessons_lib/explorables/static/equivariance.js";

/** @typedef {Parameters<typeof compute>[0]} State */

const SIDE = 15;
/** A square of ink in the middle. */
const IMAGE = Array.from(
  { length: SIDE },
  (_, i) =>
    Array.from({ length: SIDE }, (_, j) => i > 5 && i < 9 && j > 5 && j < 9 ? (i + j) / 20 : 0),
);
/** @param {Partial<State>} [changes] @returns {State} */
const state = (changes = {}) => ({
  image: IMAGE,
  kernel: "vertical edges",
  strides: 1,
  padding: "same",
  down: 0,
  right: 0,
  ...changes,
});

Deno.test("inside, both ways are equal, with stride 1", () => {
  for (const kernel of /** @type {State["kernel"][]} */ (["blur", "sharpen", "diagonal edges"])) {
    for (const padding of /** @type {State["padding"][]} */ (["valid", "same"])) {
      for (const [down, right] of [[0, 0], [1, 0], [-2, 3], [3, -3]]) {
        const { different, fits } = compute(state({ kernel, padding, down, right }));
        assert.deepEqual([different, fits], [0, true]);
      }
    }
  }
});

Deno.test("at the edge they differ, and nowhere else", () => {
  const { different, depth, differs } = compute(state({ right: 7 }));
  assert.ok(different > 0 && depth <= 2);
  assert.ok(differs.every((flag, i) => !flag || i % SIDE >= SIDE - 2));
});

Deno.test("stride 2 takes moves by 2, and none by 1 or 3", () => {
  assert.deepEqual([2, 4, -2].map((right) => compute(state({ strides: 2, right })).different), [
    0,
    0,
    0,
  ]);
  for (const move of [1, 3, -1]) {
    for (const way of [{ right: move }, { down: move, right: 2 }]) {
      const { different, fits } = compute(state({ kernel: "sharpen", strides: 2, ...way }));
      assert.ok(!fits && different > 0);
    }
  }
});

Deno.test("the move and its count are said", () => {
  const say = (/** @type {Partial<State>} */ changes) =>
    inWords(compute(state(changes)), state(changes));
  assert.match(say({}), /has not moved/);
  assert.match(
    say({ right: 3 }),
    /^Moved by 3 to the right, and the map has come along: all \d+ values/,
  );
  assert.match(say({ right: 7 }), /but for \d+ of the \d+ values .* within 1 place of an edge/);
  assert.match(say({ strides: 2, right: 4 }), /come along, by 2 pixels a place: all/);
  assert.match(
    say({ strides: 2, right: 3 }),
    /the stride is 2: the map would have to move by 1\.5 places, and no map can\. With the best whole move beside that, all 6 values that are not 0 differ\.$/,
  );
});
