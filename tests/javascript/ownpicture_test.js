// What becomes of a picture of the reader's own, without a browser.

import assert from "node:assert/strict";
import {
  grey,
  isGrey,
  meansOf,
  parts,
  plan,
  refusal,
  stepsInWords,
} from "../../lessons_lib/explorables/static/ownpicture.js";

const MOST = 42;

Deno.test("a picture of any size comes to a grid of 5 to 42 rows and columns", () => {
  for (let width = 1; width < 300; width += width < 20 ? 1 : 37) {
    for (let height = 1; height < 300; height += height < 20 ? 1 : 41) {
      const { box, rows, columns } = plan({ width, height }, MOST);
      const size = `${width}×${height}`;
      assert.ok(Math.min(rows, columns) >= 5 && Math.max(rows, columns) <= MOST, size);
      assert.ok(box.left >= 0 && box.left + box.width <= width, size);
      assert.ok(box.top >= 0 && box.top + box.height <= height, size);
      assert.ok(Math.max(box.width / box.height, box.height / box.width) <= 3, size);
      // A pixel of the grid stands for a square, as far as whole rows and columns let it.
      const [across, down] = [box.width / columns, box.height / rows];
      assert.ok(Math.abs(across / down - 1) <= 0.5 / Math.min(rows, columns) + 0.01, size);
    }
  }
});

Deno.test("large photographs and pictures that fit", () => {
  assert.deepEqual(plan({ width: 4032, height: 3024 }, MOST), {
    box: { left: 0, top: 0, width: 4032, height: 3024 },
    rows: 32,
    columns: 42,
  });
  assert.deepEqual(plan({ width: 1000, height: 100 }, MOST).box, {
    left: 350,
    top: 0,
    width: 300,
    height: 100,
  });
  assert.deepEqual(plan({ width: 20, height: 30 }, MOST).rows, 30);
});

Deno.test("equal parts cover each pixel once", () => {
  for (const [length, count] of [[10, 3], [7, 7], [2, 6], [50, 42], [4032, 42]]) {
    const covered = Array(length).fill(0);
    for (const { first, shares } of parts(length, count)) {
      shares.forEach((share, n) => (covered[first + n] += share));
      assert.ok(Math.abs(shares.reduce((a, b) => a + b) - length / count) < 1e-9);
    }
    assert.ok(covered.every((share) => Math.abs(share - 1) < 1e-9), `${length}, ${count}`);
  }
});

Deno.test("a pixel is the mean of those under it, and what is transparent lies on white", () => {
  const red = [200, 0, 0, 255],
    black = [0, 0, 0, 255],
    glass = [7, 7, 7, 0],
    half = [0, 0, 0, 127.5];
  assert.deepEqual(meansOf([...red, ...black], 2, 1, [1]), [[100, 0, 0]]);
  assert.deepEqual(meansOf([...red, ...black, ...glass, ...half], 2, 2, [1, 1]), [
    [228, 128, 128],
    [64, 64, 64],
  ]);
  // A pixel and a half each.
  assert.deepEqual(meansOf([...red, ...black, ...glass], 3, 2, [1]), [[133, 0, 0], [
    170,
    170,
    170,
  ]]);
  // Only a quarter of the second row.
  assert.deepEqual(meansOf([...black, ...glass], 1, 1, [1, 0.25]), [[51, 51, 51]]);
});

Deno.test("equal channels are grey", () => {
  assert.equal(isGrey([[[1, 1, 1], [200, 200, 200]]]), true);
  assert.equal(isGrey([[[1, 1, 1], [200, 200, 201]]]), false);
  assert.ok(Math.abs(grey([1, 1, 1]) - 1) < 1e-12);
});

Deno.test("each step is said with its numbers", () => {
  /** @param {import("../../lessons_lib/explorables/static/ownpicture.js").Size} whole */
  const said = (whole, changes = {}) => {
    const { box, rows: height, columns } = plan(whole, MOST);
    const rows = Array.from({ length: height }, () => Array(columns).fill([1, 2, 3]));
    const own = { whole, box, rows, transparent: false, name: "a.png", moves: false, ...changes };
    return stepsInWords(own);
  };
  assert.deepEqual(said({ width: 4032, height: 3024 }), [
    "a.png has 3,024 × 4,032 pixels (rows × columns), 12,192,768 in all.",
    "It is scaled to 32 × 42: each pixel is the mean of the 94.5 × 96 under it.",
    "3 channels: 32 · 42 · 3 = 4,032 numbers.",
  ]);
  assert.match(said({ width: 10, height: 10 })[1], /fits the grid/);
  assert.match(said({ width: 2, height: 1 })[1], /repeated: now it has 5 × 10/);
  assert.match(said({ width: 900, height: 100 })[1], /cut to the 100 × 300 pixels in its middle/);
  const size = { width: 10, height: 10 };
  assert.match(said(size, { transparent: true })[2], /lies on white/);
  assert.match(said(size, { moves: true })[1], /first frame/);
  assert.match(
    said(size, { rows: [[[4, 4, 4]]] }).at(-1) ?? "",
    /one channel is kept: 1 · 1 · 1 = 1/,
  );
});

Deno.test("what is no picture is refused with the rule and what came", () => {
  assert.match(
    refusal({ name: "notes.txt", type: "text/plain", size: 1200 }),
    /^A picture must be .* Received: notes\.txt, text\/plain, 1,200 bytes\.$/,
  );
  assert.match(
    refusal({ name: "x", type: "", size: 0 }),
    /Received: x, of an unknown type, 0 bytes\.$/,
  );
  assert.match(refusal(undefined), /Received: no file\.$/);
});
