// The files of trained weights: half and single precision, and what is refused.

import assert from "node:assert/strict";
import { half, pack, unpack } from "../../lessons_lib/explorables/static/weights.js";

Deno.test("half precision is read from its bits", () => {
  const known = [[0x3c00, 1], [0xc000, -2], [0x3555, 0.333251953125], [0x0001, 2 ** -24]];
  for (const [bits, value] of known) assert.equal(half(bits), value);
});

Deno.test("a file is cut into arrays, of either precision", () => {
  const single = new DataView(new Float32Array([1, -2, 0.5]).buffer);
  assert.deepEqual(unpack(single, [1, 2]).map((array) => [...array]), [[1], [-2, 0.5]]);
  const halves = new DataView(new Uint16Array([0x3c00, 0xc000, 0x3800]).buffer);
  assert.deepEqual(unpack(halves, [2, 1]).map((array) => [...array]), [[1, -2], [0.5]]);
});

Deno.test("a file of another length is refused", () => {
  const message = "the file must hold 4 weights of 2 or 4 bytes each. Received: 12 bytes";
  assert.throws(() => unpack(new DataView(new ArrayBuffer(12)), [4]), { message });
});

Deno.test("what is packed is read again", () => {
  const arrays = [Float32Array.of(1, -2.25), new Float32Array(0), Float32Array.of(1e-30)];
  assert.deepEqual(unpack(pack(arrays), [2, 0, 1]), arrays);
});
