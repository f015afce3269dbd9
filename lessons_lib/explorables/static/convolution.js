// Convolution: step, play or drag a kernel's window over an image, and see the sum behind each value of the feature map.

import { button, change, make, mount, panel, resetButton, select, sentence, stateOf } from "./controls.js";
import { createGrid, show } from "./grid.js";
import { convolve, fromRows, nearestStop, outputSize, slidingWindow } from "./ops.js";

/**
 * @typedef {{image: number[][], kernel: number[][], strides: number, padding: "valid" | "same", dilation_rate: number,
 *   stop: number, filled: number, painting: boolean}} State
 * @typedef {import("./controls.js").Model} Model
 */

const TRAITS = ["image", "kernel", "strides", "padding", "dilation_rate", "stop", "filled", "painting"];

/** @type {Record<string, number[][]>} */
export const PRESETS = {
  "vertical edges": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
  "horizontal edges": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
  "diagonal edges": [[0, 1, 1], [-1, 0, 1], [-1, -1, 0]],
  blur: [[1, 1, 1], [1, 1, 1], [1, 1, 1]].map((row) => row.map((weight) => weight / 9)),
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  "leave as it is": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
  "5×5 blur": Array.from({ length: 5 }, () => Array(5).fill(0.04)),
};

/** Everything the figure draws, from the state alone. @param {State} state */
export function compute(state) {
  const image = fromRows(state.image);
  const kernel = { ...fromRows(state.kernel), filters: 1 };
  const slide = { strides: state.strides, padding: state.padding, dilationRate: state.dilation_rate };
  const map = convolve(image, kernel, slide);
  const stop = Math.min(state.stop, Math.max(0, map.data.length - 1));
  return { image, kernel, map, stop, taps: map.data.length ? taps(image, kernel, slide, stop) : [] };
}

/**
 * What each tap of the kernel meets at one stop; `index` is −1 on the padding.
 * @param {import("./ops.js").Maps} image @param {import("./ops.js").Kernels} kernel @param {import("./ops.js").Slide} slide
 * @param {number} stop
 */
export function taps(image, kernel, slide, stop) {
  const way = slidingWindow(image, [kernel.height, kernel.width], slide);
  return Array.from(kernel.data, (weight, tap) => {
    const row = way.row(Math.floor(stop / way.columns), Math.floor(tap / kernel.width));
    const column = way.column(stop % way.columns, tap % kernel.width);
    const inside = row >= 0 && row < image.height && column >= 0 && column < image.width;
    const index = inside ? row * image.width + column : -1;
    const value = inside ? image.data[index] : 0;
    return { index, value, weight, product: value * weight };
  });
}

/** The size of the map in words, with the formula. @param {State} state */
export function sizeInWords({ image, kernel, strides, padding, dilation_rate: dilationRate }) {
  const [size, taps] = [image.length, kernel.length];
  const rows = outputSize(size, taps, { strides, padding, dilationRate });
  const extent = dilationRate * (taps - 1) + 1;
  if (!rows) return `The kernel spans ${extent} rows: it does not fit into ${size}, so there is no map.`;
  if (padding === "same") {
    const exact = size % strides === 0 ? "" : `, rounded up from ${show(size / strides)}`;
    return `Rows of the map: ${size} / ${strides} = ${rows}${exact}.`;
  }
  const left = (size - extent) % strides;
  const lost = left ? ` The division is floored: the last ${left === 1 ? "row is" : `${left} rows are`} never seen.` : "";
  return `Rows of the map: ⌊(${size} − ${extent}) / ${strides}⌋ + 1 = ${rows}.${lost}`;
}

/** The sum at one stop in words. @param {ReturnType<typeof compute>} figure */
export function stopInWords({ map, stop, taps }) {
  if (!taps.length) return "There is no stop.";
  const terms = taps.filter(({ product }) => product !== 0);
  const factor = (weight) => (weight < 0 ? `(${show(weight)})` : show(weight));
  const sum = terms.map(({ value, weight }) => `${show(value)}·${factor(weight)}`).join(" + ") || "every product is 0";
  const place = `Row ${Math.floor(stop / map.width) + 1}, column ${(stop % map.width) + 1} of the map`;
  return `${place}: ${sum} = ${show(map.data[stop])}`;
}

/** @param {{model: Model, el: HTMLElement}} host */
function render({ model, el }) {
  const state = () => /** @type {State} */ (stateOf(model, TRAITS));
  let figure = compute(state());
  let timer = 0;
  let ink = 1;

  /** Go to a stop; what the window has passed is filled. @param {number} stop */
  function go(stop) {
    const last = figure.map.data.length - 1;
    const to = Math.max(0, Math.min(stop, last));
    change(model, { stop: to, filled: Math.max(model.get("filled"), to + 1) });
  }
  function pause() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }
  function toggle() {
    if (timer) return pause();
    if (figure.stop >= figure.map.data.length - 1) change(model, { stop: 0, filled: 1 });
    const pace = matchMedia("(prefers-reduced-motion: reduce)").matches ? 600 : 120;
    timer = window.setInterval(() => {
      if (!el.isConnected || figure.stop >= figure.map.data.length - 1) return pause();
      go(figure.stop + 1);
    }, pace);
    play.textContent = "Pause";
  }

  /** Move the window so that its middle lies on a pixel, as nearly as the stops allow. @param {number} row @param {number} column */
  function moveTo(row, column) {
    const { image, kernel } = figure;
    const { strides, padding, dilation_rate: dilationRate } = state();
    const way = slidingWindow(image, [kernel.height, kernel.width], { strides, padding, dilationRate });
    go(nearestStop(way, [kernel.height, kernel.width], row, column));
  }

  const input = createGrid("Input image", ({ row, column, kind }) => {
    if (kind === "hover") return;
    if (!model.get("painting")) return moveTo(row, column);
    const rows = model.get("image");
    if (kind === "point") return;
    if (kind === "press") ink = rows[row][column] < 0.5 ? 1 : 0;
    change(model, { image: rows.map((line, i) =>
      i === row ? line.with(column, ink) : line) });
  });
  const output = createGrid("Feature map", ({ index, kind }) => kind !== "hover" && go(index));
  const kernelInputs = make("div", { className: "kernel" });
  kernelInputs.setAttribute("role", "group");
  kernelInputs.setAttribute("aria-label", "Kernel");

  const products = make("div", { className: "products" });
  const words = sentence();
  const size = make("p", { className: "size" });
  const preset = make("select", {}, make("option", { value: "", textContent: "own numbers" }),
    ...Object.keys(PRESETS).map((name) => make("option", { value: name, textContent: name })));
  preset.onchange = () => preset.value && change(model, { kernel: PRESETS[preset.value] });
  const strides = select(model, "Stride", "strides", [1, 2, 3, 4], (value) => (value > 1 ? { dilation_rate: 1 } : {}));
  const padding = select(model, "Padding", "padding", ["valid", "same"]);
  const dilation = select(model, "Dilation", "dilation_rate", [1, 2, 3], (value) => (value > 1 ? { strides: 1 } : {}));
  const play = button("Play", toggle);
  const paint = make("input", { type: "checkbox" });
  paint.onchange = () => change(model, { painting: paint.checked });

  function drawKernel() {
    const { kernel } = figure;
    if (kernelInputs.children.length !== kernel.data.length) {
      kernelInputs.style.setProperty("--columns", String(kernel.width));
      kernelInputs.replaceChildren(...Array.from(kernel.data, (_, tap) => {
        const field = make("input", { type: "number", step: "any" });
        const [row, column] = [Math.floor(tap / kernel.width), tap % kernel.width];
        field.setAttribute("aria-label", `Weight in row ${row + 1}, column ${column + 1}`);
        field.oninput = () => {
          if (!Number.isFinite(field.valueAsNumber)) return;
          change(model, { kernel: model.get("kernel").map((line, i) =>
            i === row ? line.with(column, field.valueAsNumber) : line) });
        };
        return field;
      }));
    }
    for (const [tap, field] of /** @type {HTMLInputElement[]} */ ([...kernelInputs.children]).entries())
      if (field.ownerDocument.activeElement !== field) field.value = String(Number(kernel.data[tap].toFixed(3)));
    const chosen = Object.keys(PRESETS).find((name) =>
      PRESETS[name].flat().every((weight, tap) => Math.abs(weight - kernel.data[tap]) < 1e-3) &&
      PRESETS[name].length === kernel.height && PRESETS[name][0].length === kernel.width);
    preset.value = chosen ?? "";
  }

  function draw() {
    const now = state();
    figure = compute(now);
    const { image, kernel, map, stop } = figure;
    const under = new Set(figure.taps.map(({ index }) => index));
    input.draw({ ...image, values: image.data, scale: "grey", most: 1, digits: image.width <= 14 ? 1 : undefined,
      mark: (index) => (under.has(index) ? "window" : "") });
    const most = Math.max(...map.data.map(Math.abs), 1e-9);
    output.draw({ ...map, values: map.data, scale: "signed", most, digits: map.width <= 14 ? 1 : undefined, current: stop,
      hidden: (index) => index >= now.filled, mark: (index) => (index === stop ? "window" : "") });
    inputPanel.heading.textContent = `Input, ${image.height}×${image.width}`;
    kernelPanel.heading.textContent = `Kernel, ${kernel.height}×${kernel.width}`;
    outputPanel.heading.textContent = `Feature map, ${map.height}×${map.width}`;
    drawKernel();
    products.style.setProperty("--columns", String(kernel.width));
    products.replaceChildren(...figure.taps.map(({ index, value, weight, product }) =>
      make("span", { className: index < 0 ? "outside" : "" }, `${show(value)}·${show(weight)}`,
        make("b", { textContent: show(product) }))));
    words.textContent = stopInWords(figure);
    size.textContent = sizeInWords(now);
    paint.checked = now.painting;
    for (const control of [strides, padding, dilation]) control.draw();
  }

  const inputPanel = panel("Input", input.element, make("label", {}, paint, " paint: a press turns a pixel on or off"));
  const kernelPanel = panel("Kernel", kernelInputs, make("label", {}, "Preset ", preset));
  const outputPanel = panel("Feature map", output.element);
  const stopPanel = panel("This stop: pixel · weight, and the product", products);
  const controls = make("div", { className: "controls" },
    button("Back", () => go(figure.stop - 1)), button("Step", () => go(figure.stop + 1)), play,
    button("Fill the map", () => change(model, { filled: figure.map.data.length })),
    button("Empty it", () => change(model, { stop: 0, filled: 1 })), resetButton(model, TRAITS),
    strides.element, padding.element, dilation.element);
  const panels = make("div", { className: "panels" }, inputPanel.element, outputPanel.element, kernelPanel.element, stopPanel.element);
  return mount(model, el, "convolution", TRAITS, [controls, panels, words, size], draw, pause);
}

export default { render };
