// A curve that the reader draws: one slider for each place, over a plot of the curve, which takes the pointer as well.

import { make, setLabel, takeBackOnScroll } from "./controls.js";
import { clamp } from "./ops.js";
import { path, svg, tick } from "./svg.js";
import { exact } from "./words.js";

/** @typedef {{across: string, up: string, low: number, high: number, places: string[], values: number[]}} Axes `values` is the result */

const WIDTH = 320;
const HEIGHT = 190;
const LEFT = 34;
const BOTTOM = 30;
const STEPS = 100;

/** @param {Axes} axes */
export function createCurve({ across, up, low, high, places, values: result }) {
  const drawn = places.map(() => (low + high) / 2);
  let untouched = true;
  /** @param {number} index */
  const xOf = (index) => LEFT + 12 + index * (WIDTH - LEFT - 24) / (places.length - 1);
  /** @param {number} value */
  const yOf = (value) => 8 + (high - value) / (high - low) * (HEIGHT - BOTTOM - 8);
  /** @param {number[]} values */
  const pathOf = (values) => path(values.map((value, index) => [xOf(index), yOf(value)]));

  const line = svg("path", { class: "lx-drawn" });
  const points = places.map(() => svg("circle", { class: "lx-point", r: 6 }));
  const truth = svg("g", { class: "lx-truth" });
  const levels = [low, (low + high) / 2, high];
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
    ...levels.map((level) =>
      svg("path", { class: "lx-level", d: `M${LEFT} ${yOf(level)}H${WIDTH}` })
    ),
    ...levels.map((level) => tick(LEFT - 4, yOf(level) + 4, exact(level), "end")),
    ...places.map((place, index) => tick(xOf(index), HEIGHT - BOTTOM + 14, place)),
    tick((LEFT + WIDTH) / 2, HEIGHT - 3, across),
    truth,
    line,
    ...points,
  );
  const sliders = places.map((place, index) => {
    const input = make("input", {
      type: "range",
      min: String(low),
      max: String(high),
      step: String((high - low) / STEPS),
    });
    setLabel(input, `${up} at ${across} ${place}`);
    input.oninput = () => put(index, Number(input.value));
    return input;
  });
  const numbers = places.map(() => make("output"));
  const row = places.map((place, index) =>
    make("label", {}, make("span", { textContent: place }), sliders[index], numbers[index])
  );

  /** @param {number} index @param {number} value */
  function put(index, value) {
    untouched = false;
    drawn[index] = value;
    draw();
  }
  function draw() {
    line.setAttribute("d", pathOf(drawn));
    drawn.forEach((value, index) => {
      points[index].setAttribute("cx", String(xOf(index)));
      points[index].setAttribute("cy", String(yOf(value)));
      sliders[index].value = String(value);
      numbers[index].textContent = exact(value);
    });
  }

  /** The nearest place takes the height of the pointer. @param {PointerEvent} event */
  function follow(event) {
    if (sliders[0].matches(":disabled")) return;
    const { left, top, width, height } = picture.getBoundingClientRect();
    const x = (event.clientX - left) / width * WIDTH;
    const y = (event.clientY - top) / height * HEIGHT;
    const index = clamp(Math.round((x - xOf(0)) / (xOf(1) - xOf(0))), 0, places.length - 1);
    const value = clamp(high - (y - yOf(high)) / (yOf(low) - yOf(high)) * (high - low), low, high);
    put(index, Number(value.toFixed(2)));
  }
  const canvas = /** @type {SVGElement} */ (picture);
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    follow(event);
  };
  canvas.onpointermove = (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) follow(event);
  };
  draw();
  const note = make("p", { textContent: `${up}: draw the curve, or use the sliders.` });
  const controls = make("div", { className: "lx-curve-sliders" }, ...row);
  const element = make("div", { className: "lx-curve" }, note, picture, controls);
  takeBackOnScroll(element, () => {
    const [values, wereUntouched] = [[...drawn], untouched];
    return () => {
      drawn.splice(0, drawn.length, ...values);
      untouched = wereUntouched;
      draw();
    };
  });
  return {
    element,
    isDrawn: () => !untouched,
    values: () => [...drawn],
    /** @param {any} values */
    set(values) {
      drawn.splice(0, drawn.length, ...values);
      draw();
    },
    reveal() {
      truth.replaceChildren(
        svg("path", { d: pathOf(result) }),
        ...result.map((value, index) =>
          svg("rect", { x: xOf(index) - 5, y: yOf(value) - 5, width: 10, height: 10 })
        ),
      );
      note.textContent = `${up}. Circles: your curve. Squares: the result.`;
    },
  };
}
