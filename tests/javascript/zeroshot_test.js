// ZeroShot without a page: its images, its classes and what it says.

import assert from "node:assert/strict";
import * as classes from "../../lessons_lib/explorables/static/zeroshot_classes.js";
import * as images from "../../lessons_lib/explorables/static/zeroshot_images.js";

/** What a network says of a plain image of a class. @param {number[]} row */
const sure = (row) => row.map((has) => (has ? 0.9 : 0.1));
const ALL = classes.CLASSES.map(({ name }) => name);
const cross = classes.classOf("cross", "blue");

Deno.test("ZeroShot: four of sixteen combinations were never seen, each attribute was", () => {
  const unseen = classes.CLASSES.filter(({ seen }) => !seen).map(({ name }) => name);
  assert.deepEqual(unseen, ["blue triangle", "yellow triangle", "blue cross", "yellow cross"]);
  const seen = classes.CLASSES.filter(({ seen }) => seen);
  classes.ATTRIBUTES.forEach((_, i) => assert.ok(seen.some(({ row }) => row[i])));
  assert.deepEqual(cross.row, [0, 0, 0, 1, 0, 0, 1, 0]);
  assert.equal(new Set(classes.CLASSES.map(({ row }) => row.join())).size, 16);
});

Deno.test("ZeroShot: an image goes to the class with the largest product", () => {
  const probabilities = [0.1, 0.2, 0.3, 0.6, 0.05, 0.4, 0.5, 0.01];
  const [best, ...others] = classes.rank(classes.CLASSES, probabilities);
  assert.equal(best, cross);
  const product = classes.productOf(best.row, probabilities);
  assert.ok(Math.abs(product - 0.9 * 0.8 * 0.7 * 0.6 * 0.95 * 0.6 * 0.5 * 0.99) < 1e-12);
  assert.ok(others.every(({ row }) => classes.productOf(row, probabilities) <= product));
  assert.deepEqual(classes.factors([1, 0], [0.25, 0.25]), [0.25, 0.75]);
});

Deno.test("ZeroShot: without its class, an image goes to a neighbour; described, it comes home", () => {
  const probabilities = sure(cross.row);
  const home = classes.candidates(ALL, "all classes");
  assert.equal(classes.rank(home, probabilities)[0], cross);
  const away = classes.candidates(ALL.filter((name) => name !== cross.name), "all classes");
  const [found] = classes.rank(away, probabilities);
  assert.ok(found.shape === "cross" || found.color === "blue");
  const few = classes.candidates(ALL, "unseen classes");
  assert.deepEqual(few.map(({ seen }) => seen), [false, false, false, false]);
});

Deno.test("ZeroShot: a sure network still has an order among products that are almost nothing", () => {
  const probabilities = [0, 0, 1, 0, 0, 0, 1, 0].map((p) => Math.min(Math.max(p, 1e-30), 1));
  const [first, second] = classes.rank(classes.CLASSES, probabilities);
  assert.equal(first.name, "blue triangle");
  assert.ok(second.shape === "triangle" || second.color === "blue");
});

Deno.test("ZeroShot: images lie within their edges, and seeds give others", () => {
  const some = images.drawImages("cross", "blue", 50, 3);
  for (const image of some) {
    assert.ok(image.every((value) => value >= 0 && value <= 1));
    // At the edge there is background, which is grey.
    assert.ok(
      Math.abs(image[0] - image[2]) < 1e-6 || Math.abs(image[3 * 23] - image[3 * 23 + 2]) < 1e-6,
    );
  }
  assert.deepEqual(some[0], images.drawImages("cross", "blue", 1, 3)[0]);
  assert.notDeepEqual(some[0], images.drawImages("cross", "blue", 1, 4)[0]);
  assert.notDeepEqual(some[0], images.drawImages("circle", "blue", 1, 3)[0]);
});

Deno.test("ZeroShot: the brightness of a pixel says nothing of its colour", () => {
  const looks = { row: 12, column: 12, radius: 5, brightness: 0.8, background: 0.3 };
  const [red, yellow] = /** @type {const} */ (["red", "yellow"]).map((color) =>
    classes.brightness(images.drawShape("cross", color, looks))
  );
  assert.deepEqual(red, yellow);
  assert.equal(red.length, images.SIDE ** 2);
  assert.ok(Math.abs(Math.max(...red) - 0.8) < 1e-6);
});

Deno.test("ZeroShot: where the images land is said", () => {
  const [blue, red] = [classes.classOf("circle", "blue"), classes.classOf("cross", "red")];
  assert.equal(
    classes.inWords(cross, [blue, red], [blue, blue, red], "two networks"),
    "3 new images of a blue cross, which training never showed. Among 2 classes: 2 land in blue " +
      "circle and 1 lands in red cross. No class here is described as blue and cross: so they " +
      "go to the nearest.",
  );
  assert.equal(
    classes.inWords(cross, [cross], [cross, cross], "one network"),
    "2 new images of a blue cross, which training never showed. There is one class: 2 land in " +
      "blue cross (right).",
  );
  assert.match(
    classes.inWords(red, [], [undefined], "one network"),
    /as training showed them\. There is no class/,
  );
});
