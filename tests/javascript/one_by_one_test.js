// What waits for the page begins in tasks of its own.

import assert from "node:assert/strict";

const task = () => new Promise((done) => setTimeout(done));

// The script changes the document that it finds.
const page = new EventTarget();
Object.assign(globalThis, { document: page });
await import("../../book/_ext/one_by_one.js");

Deno.test("each script that waits for the page has a task of its own, in the order of the page", async () => {
  /** @type {string[]} */
  const done = [];
  for (const name of ["first", "second"]) {
    page.addEventListener("DOMContentLoaded", ({ type }) => {
      done.push(`${name} ${type}`);
      queueMicrotask(() => done.push("end of task"));
    });
  }
  page.dispatchEvent(new Event("DOMContentLoaded"));
  assert.deepEqual(done, []);
  await task();
  assert.deepEqual(done, [
    ...["first DOMContentLoaded", "end of task"],
    ...["second DOMContentLoaded", "end of task"],
  ]);
});

Deno.test("other listeners are called at once, with their options", () => {
  let count = 0;
  page.addEventListener("click", () => count++, { once: true });
  page.dispatchEvent(new Event("click"));
  page.dispatchEvent(new Event("click"));
  assert.equal(count, 1);
});
