// ZeroShot: describe a class by its attributes, and see which images a trained network puts into it.

import {
  button,
  calm,
  change,
  controls,
  make,
  mount,
  oneStep,
  panel,
  resetButton,
  select,
  sentence,
  setLabel,
  stateOf,
} from "./controls.js";
import {
  ATTRIBUTES,
  candidates,
  CLASSES,
  classOf,
  createReaders,
  IMAGES,
  inWords,
  productOf,
  rank,
} from "./zeroshot_classes.js";
import { COLORS, drawImages, emblem, SHAPES, SIDE } from "./zeroshot_images.js";

/**
 * `weights` names the files of the weights, and `_weights` are their bytes.
 * @typedef {import("./zeroshot_classes.js").Class} Class
 * @typedef {{
 *   shape: import("./zeroshot_images.js").Shape, color: import("./zeroshot_images.js").Color,
 *   classes: string[], among: "all classes" | "unseen classes", image: number, seed: number,
 *   networks: import("./zeroshot_classes.js").Networks,
 *   _weights: DataView[],
 * }} State
 * An image with the probability of each attribute, and the classes from the best to the worst.
 * @typedef {{pixels: Float32Array, probabilities: number[], ranked: Class[]}} Sample
 */

/** @type {(keyof State)[]} */
const TRAITS = ["shape", "color", "classes", "among", "networks", "image", "seed"];
const SEEDS = 100;
const KEYS = "Two networks: one names the shape and sees no colour, the other names the colour. " +
  "Dashed: the four combinations that training never showed. Dotted line: an image in a wrong " +
  "class. Press an image to see why it is there.";

/** A small picture of an image. @param {Float32Array} pixels */
function pictureOf(pixels) {
  const canvas = make("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  paint(canvas, pixels);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {Float32Array} pixels */
function paint(canvas, pixels) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    picture.data.set([0, 1, 2].map((channel) => Math.round(255 * pixels[3 * i + channel])), 4 * i);
    picture.data[4 * i + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

/**
 * The classes as a table of shapes and colours: a button for each, and room for the images in it.
 * @param {(one: Class) => void} onToggle
 */
function createTable(onToggle) {
  const cells = CLASSES.map((one) => {
    const sign = make("span", { className: "lx-sign", "aria-hidden": "true" });
    const toggle = button("", () => onToggle(one));
    toggle.append(pictureOf(emblem(one.shape, one.color)), sign);
    setLabel(toggle, `${one.name}${one.seen ? "" : ", never seen in training"}`);
    const landed = make("div", { className: "lx-landed" });
    const className = one.seen ? "lx-cell" : "lx-cell lx-unseen";
    return { one, sign, toggle, landed, element: make("td", { className }, toggle, landed) };
  });
  const rows = SHAPES.map((shape) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", textContent: shape }),
      ...cells.filter(({ one }) => one.shape === shape).map(({ element }) => element),
    )
  );
  const heads = COLORS.map((textContent) => make("th", { scope: "col", textContent }));
  const head = make("thead", {}, make("tr", {}, make("td"), ...heads));
  const element = make("table", { className: "lx-classes" }, head, make("tbody", {}, ...rows));
  /** @param {string[]} names of the classes that exist @param {Class[]} among those that can be chosen */
  function draw(names, among) {
    for (const { one, sign, toggle, element } of cells) {
      const exists = names.includes(one.name);
      toggle.setAttribute("aria-pressed", String(exists));
      sign.textContent = exists ? "✓" : "+";
      element.classList.toggle("lx-out", !among.includes(one));
    }
  }
  return {
    element,
    draw,
    placeOf: (/** @type {Class} */ one) => cells[CLASSES.indexOf(one)].landed,
  };
}

/** A product, of which so many digits count. @param {number} value */
const productInWords = (value) => value < 0.001 ? "< 0.001" : `≈ ${value.toFixed(3)}`;

/** Why an image is where it is: its attributes, and the factors of two classes. */
function createCloseUp() {
  const canvas = make("canvas", { width: SIDE, height: SIDE, role: "img" });
  const heads = Array.from({ length: 4 }, () => make("th", { scope: "col" }));
  const body = make("tbody");
  const content = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body);
  const { element, heading } = panel("", make("div", { className: "lx-why" }, canvas, content));
  element.classList.add("lx-wide");

  /** @param {string} name @param {...(Node | string)} cells */
  const line = (name, ...cells) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", textContent: name }),
      ...cells.map((cell) => make("td", {}, cell)),
    );
  /** @param {number} p */
  function bar(p) {
    const inner = make("i");
    inner.style.width = `${100 * p}%`;
    return make(
      "span",
      { className: "lx-chance" },
      make("span", { className: "lx-bar" }, inner),
      p.toFixed(2),
    );
  }
  /** @param {Class} one @param {number} i @param {number} p */
  const factorOf = (one, i, p) =>
    make(
      one.row[i] ? "b" : "span",
      {},
      make("span", { className: "lx-how", textContent: one.row[i] ? "p = " : "1 − p = " }),
      (one.row[i] ? p : 1 - p).toFixed(2),
    );

  /** @param {Sample} sample @param {number} number @param {Class} shown */
  function draw({ pixels, probabilities, ranked }, number, shown) {
    paint(canvas, pixels);
    const [first, second] = ranked;
    const rival = first !== shown && ranked.includes(shown) ? shown : second;
    const pair = [first, rival].filter(Boolean);
    heading.textContent = `Image ${number + 1} of ${IMAGES}: ${
      first ? `it goes to ${first.name}` : "there is no class for it"
    }`;
    setLabel(canvas, `Image ${number + 1}, a ${shown.name}`);
    ["attribute", "probability p", ...pair.map(({ name }) => name), ""].slice(0, 4).forEach(
      (text, i) => (heads[i].textContent = text),
    );
    const lines = probabilities.map((p, i) =>
      line(ATTRIBUTES[i], bar(p), ...pair.map((one) => factorOf(one, i, p)))
    );
    const products = pair.map(({ row }) => productInWords(productOf(row, probabilities)));
    body.replaceChildren(...lines, line("product", "", ...products));
  }
  return { element, draw };
}

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  const readers = createReaders(model.get("_weights"));
  let drawn = "";
  /** @type {{pixels: Float32Array, probabilities: number[]}[]} */
  let samples = [];

  /** @param {Class} one */
  function toggle({ name }) {
    const { classes } = state();
    const others = classes.filter((other) => other !== name);
    change(model, { classes: others.length < classes.length ? others : [...classes, name] });
  }
  const shape = select(model, "Shape", "shape", SHAPES);
  const color = select(model, "Colour", "color", COLORS);
  const among = select(model, "Choose among", "among", ["all classes", "unseen classes"]);
  const networks = select(model, "Attributes from", "networks", ["two networks", "one network"]);
  const add = button("", () => toggle(classOf(state().shape, state().color)));
  add.classList.add("lx-main");
  const anew = button("New images", () => change(model, { seed: (state().seed + 1) % SEEDS }));
  const words = sentence();
  const table = createTable(toggle);
  const nowhere = make("div", { className: "lx-landed lx-nowhere" });
  const closeUp = createCloseUp();
  const images = Array.from({ length: IMAGES }, (_, i) => {
    const canvas = make("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
    const element = button("", () => change(model, { image: i }));
    element.classList.add("lx-image");
    element.append(canvas);
    return { element, canvas };
  });
  nowhere.append(...images.map(({ element }) => element));

  /** The images of the shape and the colour, with what the network says of them. @param {State} now */
  function look({ shape, color, seed, networks }) {
    const key = [shape, color, seed, networks].join();
    if (key === drawn) return;
    drawn = key;
    samples = drawImages(shape, color, IMAGES, seed).map((pixels) => ({
      pixels,
      probabilities: readers[networks](pixels),
    }));
    images.forEach(({ canvas }, i) => paint(canvas, samples[i].pixels));
  }
  /** Let an image move to its class. @param {HTMLElement} element @param {HTMLElement} place */
  function move(element, place) {
    if (element.parentElement === place) return;
    const before = element.getBoundingClientRect();
    place.append(element);
    if (calm()) return;
    const after = element.getBoundingClientRect();
    element.style.transition = "none";
    element.style.transform = `translate(${before.x - after.x}px, ${before.y - after.y}px)`;
    element.getBoundingClientRect();
    element.style.transition = element.style.transform = "";
  }
  function draw() {
    const now = state();
    const shown = classOf(now.shape, now.color);
    const classes = candidates(now.classes, now.among);
    for (const control of [shape, color, among, networks]) control.draw();
    add.textContent = `${
      now.classes.includes(shown.name) ? "Remove" : "Add"
    } the class ${shown.name}`;
    table.draw(now.classes, classes);
    look(now);
    const ranked = samples.map(({ probabilities }) => rank(classes, probabilities));
    const landed = ranked.map(([first]) => first);
    images.forEach(({ element }, i) => {
      const found = landed[i];
      move(element, found ? table.placeOf(found) : nowhere);
      element.setAttribute("aria-pressed", String(i === now.image));
      element.classList.toggle("lx-wrong", Boolean(found) && found !== shown);
      setLabel(
        element,
        `Image ${i + 1}, a ${shown.name}, ${found ? `in ${found.name}` : "in no class"}`,
      );
    });
    nowhere.hidden = classes.length > 0;
    closeUp.draw({ ...samples[now.image], ranked: ranked[now.image] }, now.image, shown);
    words.textContent = inWords(shown, classes, landed, now.networks);
  }

  const describing = controls(shape.element, color.element, add);
  const choosing = controls(networks.element, among.element, anew, resetButton(model, TRAITS));
  oneStep({ control: [describing], input: [table.element], result: [words, nowhere] });
  const keys = make("p", { className: "lx-size", textContent: KEYS });
  const children = [describing, words, nowhere, table.element, choosing, keys, closeUp.element];
  return mount(model, el, "zeroshot", TRAITS, children, draw);
}

export default { render };
