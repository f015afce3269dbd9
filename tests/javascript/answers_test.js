// Numbers as people type them, and what costs a try.

import assert from "node:assert/strict";
import { numberOf, readings } from "../../lessons_lib/explorables/static/answers.js";
import { counts } from "../../lessons_lib/explorables/static/exercise.js";

Deno.test("every dash and every minus is one", () => {
  const dashes = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code))
    .filter((sign) => /\p{Pd}/u.test(sign));
  assert.ok(dashes.length > 15);
  for (const sign of [...dashes, "−", "⁻", "－", "ー", "ｰ", "➖"]) {
    assert.equal(numberOf(`${sign}0.8`), -0.8, `U+${sign.charCodeAt(0).toString(16)}`);
  }
});

Deno.test("comma or point, narrow or wide, a number is a number", () => {
  const typed = ["13.5", "13,5", "１３．５", "１３，５", " 13.5 ", "+13.5", "1.35e1", "1,35e1"];
  assert.deepEqual(typed.map(numberOf), typed.map(() => 13.5));
  assert.deepEqual(readings("1,217"), [1217, 1.217]);
  assert.deepEqual([readings("1.217"), readings("1.217", true)], [[1.217], [1217, 1.217]]);
  assert.ok(["", "1,217", "x", "1..2", "--1", "1e"].map(numberOf).every(Number.isNaN));
});

Deno.test("what cannot be read costs no try", () => {
  const spec = /** @type {Parameters<typeof counts>[0]} */ (/** @type {unknown} */ ({
    common: { unusable: { not_a_number: "", two_readings: "" } },
  }));
  assert.deepEqual(
    ["your_turn", "not_a_number", "two_readings", "right", "otherwise", "rounded_up"]
      .map((key) => counts(spec, { key })),
    [false, false, false, false, true, true],
  );
});
