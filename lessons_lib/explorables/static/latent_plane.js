// The plane of Latent: the codes of many digits, a path between two of them, and a marker that the
// reader moves by mouse, finger or arrow keys.

import { make } from "./controls.js";
import { ARROWS } from "./grid.js";
import { placeAt, sharesOf, SIDE, STEPS } from "./latent_network.js";
import { placeInWords } from "./latent_words.js";
import { clamp } from "./ops.js";
import { path, svg, tick } from "./svg.js";
import { show } from "./words.js";

/**
 * @typedef {import("./latent_network.js").Place} Place
 * @typedef {import("./latent_network.js").Code} Code
 * @typedef {import("./latent_network.js").Extent} Extent
 * @typedef {{
 *   place: Place, from: Code, to: Code, names: [string, string], step: number, drawings: boolean,
 * }} View
 */

/** The colours of the ten classes: each has a contrast of at least 4.5 with white. */
export const COLORS = [
  ...["#0072b2", "#b34700", "#007a5a", "#a3336d", "#5b3fb0"],
  ...["#806600", "#000000", "#b00020", "#007080", "#6b4a2f"],
];
const [SIZE, LEFT, TOP, BOTTOM] = [320, 36, 16, 18];
const [WIDTH, HEIGHT] = [SIZE - LEFT - 2, SIZE - BOTTOM - TOP];
/** How many drawings lie beside each other where the plane is filled with them. */
const TILES = 12;
/** By which share of the plane an arrow key moves the marker. */
const KEY = 0.025;

/** Draw pixels, 0…1, in grey. @param {CanvasRenderingContext2D} context @param {number[]} pixels @param {number} [left] @param {number} [top] */
function paintAt(context, pixels, left = 0, top = 0) {
  const picture = context.createImageData(SIDE, SIDE);
  pixels.forEach((value, i) => {
    const shade = Math.round(255 * value);
    picture.data.set([shade, shade, shade, 255], 4 * i);
  });
  context.putImageData(picture, left, top);
}

/** Show pixels, 0…1, on a canvas of 28×28. @param {HTMLCanvasElement} canvas @param {number[]} pixels */
export const paint = (canvas, pixels) =>
  paintAt(/** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")), pixels);

/**
 * The plane.
 * @param {Code[]} codes
 * @param {Extent} extent
 * @param {(place: [number, number]) => void} onMove
 */
export function createLatentPlane(codes, extent, onMove) {
  /** @param {Place} place */
  function toPicture(place) {
    const [across, down] = sharesOf(place, extent);
    return [LEFT + across * WIDTH, TOP + down * HEIGHT];
  }
  /** @param {string} name @param {Place} place @param {Record<string, string | number>} more @param {...(Element | string)} children */
  function placed(name, place, more, ...children) {
    const [x, y] = toPicture(place);
    return svg(name, { x: x.toFixed(1), y: y.toFixed(1), ...more }, ...children);
  }
  const glyphs = codes.map(([x, y, label]) =>
    placed("text", [x, y], { class: "lx-code", fill: COLORS[label] }, String(label))
  );
  const points = svg("g", { "aria-hidden": "true" }, ...glyphs);
  const way = svg("path", { class: "lx-way" });
  const stops = svg("g", {});
  const ends = svg("g", { class: "lx-ends" });
  const marker = /** @type {SVGGElement} */ (svg(
    "g",
    { class: "lx-marker", role: "slider", tabindex: 0, "data-lm-suppress-shortcuts": "true" },
    svg("circle", { class: "lx-reach", r: 20 }),
    svg("circle", { class: "lx-halo", r: 8 }),
    svg("circle", { class: "lx-ring", r: 8 }),
    svg("circle", { class: "lx-dot", r: 1.5 }),
  ));
  const { left, right, bottom, top } = extent;
  const picture = /** @type {SVGSVGElement} */ (svg(
    "svg",
    {
      viewBox: `0 0 ${SIZE} ${SIZE}`,
      role: "group",
      "aria-label": `The codes of ${codes.length} digits in the plane`,
    },
    tick(LEFT, SIZE - 4, show(left, 1), "start"),
    tick(LEFT + WIDTH / 2, SIZE - 4, "first number"),
    tick(SIZE - 2, SIZE - 4, show(right, 1), "end"),
    tick(2, 10, "second number", "start"),
    tick(LEFT - 4, TOP + 9, show(top, 1), "end"),
    tick(LEFT - 4, TOP + HEIGHT, show(bottom, 1), "end"),
    svg("rect", { class: "lx-edge", x: LEFT, y: TOP, width: WIDTH, height: HEIGHT }),
    ...[points, way, stops, ends, marker],
  ));
  const tiles = make("canvas", { width: TILES * SIDE, height: TILES * SIDE });
  tiles.setAttribute("aria-hidden", "true");
  const element = make("div", { className: "lx-plane" }, tiles, picture);

  /** The place under a pointer. @param {MouseEvent} event */
  function under({ clientX, clientY }) {
    const box = picture.getBoundingClientRect();
    const across = ((clientX - box.left) / box.width * SIZE - LEFT) / WIDTH;
    const down = ((clientY - box.top) / box.height * SIZE - TOP) / HEIGHT;
    return placeAt([clamp(across, 0, 1), clamp(down, 0, 1)], extent);
  }
  /** @type {Place} */
  let at = [0, 0];
  picture.addEventListener("click", (event) => onMove(under(event)));
  marker.addEventListener("pointerdown", (event) => marker.setPointerCapture(event.pointerId));
  marker.addEventListener("pointermove", (event) => {
    if (marker.hasPointerCapture(event.pointerId)) onMove(under(event));
  });
  marker.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    const [across, down] = sharesOf(at, extent);
    const moved = [across + KEY * step[1], down + KEY * step[0]].map((n) => clamp(n, 0, 1));
    onMove(placeAt([moved[0], moved[1]], extent));
  });

  /** Fill the plane with what the decoder draws everywhere. @param {(place: Place) => number[]} decode */
  function fill(decode) {
    const context = /** @type {CanvasRenderingContext2D} */ (tiles.getContext("2d"));
    for (let i = 0; i < TILES ** 2; i++) {
      const [across, down] = [i % TILES, Math.floor(i / TILES)];
      const middle = placeAt([(across + 0.5) / TILES, (down + 0.5) / TILES], extent);
      paintAt(context, decode(middle), across * SIDE, down * SIDE);
    }
  }
  /** @param {View} view */
  function draw({ place, from, to, names, step, drawings }) {
    const shares = sharesOf(place, extent).map((share) => clamp(share, 0, 1));
    at = placeAt([shares[0], shares[1]], extent);
    tiles.style.visibility = drawings ? "visible" : "hidden";
    picture.classList.toggle("lx-over", drawings);
    const [start, end] = [from, to].map(([x, y]) => toPicture([x, y]));
    way.setAttribute("d", path([start, end]));
    stops.replaceChildren(...Array.from({ length: STEPS - 1 }, (_, i) => {
      const share = (i + 1) / STEPS;
      const [cx, cy] = [0, 1].map((n) => start[n] + share * (end[n] - start[n]));
      return svg("circle", { class: i + 1 === step ? "lx-stop lx-at" : "lx-stop", cx, cy, r: 2.5 });
    }));
    ends.replaceChildren(...[from, to].flatMap(([x, y, label], i) => [
      svg("circle", { class: "lx-end", cx: [start, end][i][0], cy: [start, end][i][1], r: 10 }),
      placed("text", [x, y], { class: "lx-end-name", fill: COLORS[label] }, names[i]),
    ]));
    marker.setAttribute(
      "transform",
      `translate(${toPicture(at).map((n) => n.toFixed(1)).join(" ")})`,
    );
    const said = {
      "aria-label": "Marker",
      "aria-valuemin": left.toFixed(2),
      "aria-valuemax": right.toFixed(2),
      "aria-valuenow": at[0].toFixed(2),
      "aria-valuetext": placeInWords(at),
    };
    for (const [key, value] of Object.entries(said)) marker.setAttribute(key, value);
  }
  return { element, picture, marker, draw, fill };
}
