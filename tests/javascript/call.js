// Calls what the modules of the figures export, for tests in Python. Each line of the input holds
// [module, name, arguments], and each line of the output {result} or {error}. Points in a name lead
// to a part of what is exported, as in "activations.relu.of".

import process from "node:process";
import { createInterface } from "node:readline";

const STATIC = new URL("../../lessons_lib/explorables/static/", import.meta.url);

/** Typed arrays become plain lists. @param {string} _ @param {unknown} value */
const plain = (_, value) =>
  ArrayBuffer.isView(value) ? Array.from(/** @type {Float64Array} */ (value)) : value;

/** @param {string} line */
async function answer(line) {
  const [module, name, args] = JSON.parse(line);
  let part = await import(new URL(`${module}.js`, STATIC).href);
  for (const step of name.split(".")) part = part[step];
  return { result: await part(...args) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const said = await answer(line).catch((error) => ({ error: String(error) }));
  console.log(JSON.stringify(said, plain));
}
