// The plane of Latent: the codes of many digits, a path between two of them, and a marker that the
// reader moves by mouse, finger or arrow keys.

import { make } from "./controls.js";
import { ARROWS } from "./grid.js";
import { between, placeAt, sharesOf, SIDE, STEPS } from "./latent_network.js";
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

/** The plane's edge, with the names of its two numbers and their ends. @param {Extent} extent */
const axes = ({ left, right, bottom, top }) => [
  tick(LEFT, SIZE - 4, show(left, 1), "start"),
  tick(LEFT + WIDTH / 2, SIZE - 4, "first number"),
  tick(SIZE - 2, SIZE - 4, show(right, 1), "end"),
  tick(2, 10, "second number", "start"),
  tick(LEFT - 4, TOP + 9, show(top, 1), "end"),
  tick(LEFT - 4, TOP + HEIGHT, show(bottom, 1), "end"),
  svg("rect", { class: "lx-edge", x: LEFT, y: TOP, width: WIDTH, height: HEIGHT }),
];

/** A digit in the colour of its class. @param {readonly number[]} at @param {string} name @param {number} label @param {string} text */
const glyph = ([x, y], name, label, text) =>
  svg("text", { class: name, x: x.toFixed(1), y: y.toFixed(1), fill: COLORS[label] }, text);

/** The ring that the reader moves. */
const createMarker = () => /** @type {SVGGElement} */ (svg(
  "g",
  { class: "lx-marker", role: "slider", tabindex: 0, "data-lm-suppress-shortcuts": "true" },
  svg("circle", { class: "lx-reach", r: 20 }),
  svg("circle", { class: "lx-halo", r: 8 }),
  svg("circle", { class: "lx-ring", r: 8 }),
  svg("circle", { class: "lx-dot", r: 1.5 }),
));

/**
 * The plane.
 * @param {Code[]} codes
 * @param {Extent} extent
 * @param {(place: [number, number]) => void} onMove
 */
export function createLatentPlane(codes, extent, onMove) {
  /** Where a place lies in the picture. @param {Place} place */
  function toPicture(place) {
    const [across, down] = sharesOf(place, extent);
    return [LEFT + across * WIDTH, TOP + down * HEIGHT];
  }
  const points = codes.map(([x, y, label]) =>
    glyph(toPicture([x, y]), "lx-code", label, String(label))
  );
  const way = svg("g", { class: "lx-path" });
  const marker = createMarker();
  const picture = /** @type {SVGSVGElement} */ (svg(
    "svg",
    {
      viewBox: `0 0 ${SIZE} ${SIZE}`,
      role: "group",
      "aria-label": `The codes of ${codes.length} digits in the plane`,
    },
    ...axes(extent),
    svg("g", { "aria-hidden": "true" }, ...points),
    way,
    marker,
  ));
  const tiles = make("canvas", {
    ...{ width: TILES * SIDE, height: TILES * SIDE },
    "aria-hidden": "true",
  });
  const element = make("div", { className: "lx-plane" }, tiles, picture);
  /** Where the marker is. @type {Place} */
  let at = [0, 0];

  /** The nearest place in the plane. @param {number} across @param {number} down */
  const within = (across, down) => placeAt([clamp(across, 0, 1), clamp(down, 0, 1)], extent);
  /** The place under a pointer. @param {MouseEvent} event */
  function under({ clientX, clientY }) {
    const box = picture.getBoundingClientRect();
    const [x, y] = [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
    return within((x * SIZE - LEFT) / WIDTH, (y * SIZE - TOP) / HEIGHT);
  }
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
    onMove(within(across + KEY * step[1], down + KEY * step[0]));
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
  function drawPath({ from, to, names, step }) {
    const ends = [from, to].map(([x, y]) => toPicture([x, y]));
    const stops = Array.from({ length: STEPS - 1 }, (_, i) => {
      const [cx, cy] = between(ends[0], ends[1], (i + 1) / STEPS);
      return svg("circle", { class: i + 1 === step ? "lx-stop lx-at" : "lx-stop", cx, cy, r: 2.5 });
    });
    const labels = [from, to].flatMap(([, , label], i) => {
      const [cx, cy] = ends[i];
      return [
        svg("circle", { class: "lx-end", cx, cy, r: 10 }),
        glyph(ends[i], "lx-end-name", label, names[i]),
      ];
    });
    way.replaceChildren(svg("path", { class: "lx-way", d: path(ends) }), ...stops, ...labels);
  }
  /** @param {Place} place */
  function drawMarker(place) {
    const [across, down] = sharesOf(place, extent);
    at = within(across, down);
    const said = {
      transform: `translate(${toPicture(at).map((n) => n.toFixed(1)).join(" ")})`,
      "aria-label": "Ring",
      "aria-valuemin": extent.left.toFixed(2),
      "aria-valuemax": extent.right.toFixed(2),
      "aria-valuenow": at[0].toFixed(2),
      "aria-valuetext": placeInWords(at),
    };
    for (const [key, value] of Object.entries(said)) marker.setAttribute(key, value);
  }
  /** @param {View} view */
  function draw(view) {
    tiles.style.visibility = view.drawings ? "visible" : "hidden";
    picture.classList.toggle("lx-over", view.drawings);
    drawPath(view);
    drawMarker(view.place);
  }
  return { element, marker, draw, fill };
}
