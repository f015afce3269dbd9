// A map of DrawDigit close up: its kernel, and the window and the sum that one of its values came
// from.

import { button, make, panel, setLabel } from "./controls.js";
import { BLACK, BLUE, createGrid, ORANGE, WHITE } from "./grid.js";
import { activations, clamp } from "./ops.js";
import { show } from "./words.js";

/**
 * What stands before a layer and after it. A layer that pools has no kernels.
 * @typedef {import("./ops.js").Maps} Maps
 * @typedef {{
 *   name: string, before: Maps, after: Maps, most: number, mostBefore: number,
 *   kernels?: ArrayLike<number>, biases?: ArrayLike<number>,
 * }} Layer
 * @typedef {import("./grid.js").Color} Color
 */

/** How many tiles stand in a row at most. */
export const ACROSS = 8;

/**
 * Paint maps as tiles, eight in a row unless `across` says otherwise, on one scale.
 * @param {HTMLCanvasElement} canvas
 * @param {Maps} maps
 * @param {number} most where the scale ends; what is larger looks like it; 0 where all values are 0
 * @param {Color[]} poles the colours of 0, of the most and of its negative
 * @param {number} [across] how many tiles stand in a row; a divisor of their number
 */
export function paint(canvas, maps, most, poles, across = Math.min(ACROSS, maps.channels)) {
  const { height, width, channels, data } = maps;
  canvas.width = across * (width + 1) - 1;
  canvas.height = (channels / across) * (height + 1) - 1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = context.createImageData(canvas.width, canvas.height);
  for (let index = 0; index < data.length; index++) {
    const [tile, pixel] = [index % channels, Math.floor(index / channels)];
    const row = Math.floor(tile / across) * (height + 1) + Math.floor(pixel / width);
    const place = 4 * (row * canvas.width + (tile % across) * (width + 1) + (pixel % width));
    const share = most ? clamp(data[index] / most, -1, 1) : 0;
    const pole = poles[share < 0 ? 2 : 1];
    for (let c = 0; c < 3; c++) {
      picture.data[place + c] = poles[0][c] + (pole[c] - poles[0][c]) * Math.abs(share);
    }
    picture.data[place + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

/** The values of one map. @param {Maps} maps @param {number} map */
const valuesOf = ({ data, channels }, map) =>
  Array.from({ length: data.length / channels }, (_, pixel) => data[pixel * channels + map]);

/**
 * The kernel of a map: 3×3 weights for each channel that comes in.
 * @param {ArrayLike<number>} kernels
 * @param {Layer} layer
 * @param {number} map
 * @returns {Maps}
 */
const kernelOf = (kernels, { before, after }, map) => ({
  height: 3,
  width: 3,
  channels: before.channels,
  data: Array.from(
    { length: 9 * before.channels },
    (_, i) => kernels[i * after.channels + map],
  ),
});

/**
 * What one value of a map came from: the window, and for a convolution the kernel, the sum of the
 * products of each channel, the bias and their sum, before ReLU.
 * @param {Layer} layer
 * @param {number} map
 * @param {number} index of the value, counted row by row
 */
export function origin(layer, map, index) {
  const { before, after, kernels, biases } = layer;
  const [row, column] = [Math.floor(index / after.width), index % after.width];
  const [size, stride] = kernels ? [3, 1] : [2, 2];
  const channels = kernels ? [...Array(before.channels).keys()] : [map];
  /** @type {number[]} */
  const data = [];
  for (let m = 0; m < size; m++) {
    for (let n = 0; n < size; n++) {
      const pixel = (row * stride + m) * before.width + column * stride + n;
      for (const c of channels) data.push(before.data[pixel * before.channels + c]);
    }
  }
  const window = { height: size, width: size, channels: channels.length, data };
  if (!kernels || !biases) return { window, value: Math.max(...data) };
  const kernel = kernelOf(kernels, layer, map);
  const products = data.map((value, i) => value * kernel.data[i]);
  const parts = channels.map((c) => products.filter((_, i) => i % channels.length === c))
    .map((each) => each.reduce((a, b) => a + b));
  const sum = parts.reduce((a, b) => a + b) + biases[map];
  return { window, kernel, parts, bias: biases[map], sum, value: activations.relu.of(sum) };
}

/** Numbers with their signs, as a sum. @param {number[]} numbers */
const asSum = (numbers) =>
  numbers.map((number) => show(number, 3)).join(" + ").replaceAll("+ −", "− ");

/**
 * The arithmetic of one value, in one sentence.
 * @param {Layer} layer
 * @param {number} map
 * @param {number} index
 */
export function originInWords(layer, map, index) {
  const { window, kernel, parts, bias, sum, value } = origin(layer, map, index);
  const { width } = layer.after;
  const place = `Row ${Math.floor(index / width)}, column ${index % width}`;
  if (!kernel || !parts || bias === undefined || sum === undefined) {
    const four = Array.from(window.data, (each) => show(each, 3)).join(", ");
    return `${place}: the largest of ${four} is ${show(value, 3)}.`;
  }
  const products = parts.length > 1
    ? `the products of the ${parts.length} channels sum to ${asSum(parts)}`
    : `window times kernel is ${
      Array.from(window.data, (each, i) => [each, kernel.data[i]]).filter(([each]) => each)
        .map((pair) => pair.map((number) => show(number, 3)).join("·")).join(" + ") || "0"
    }`;
  const relu = sum > 0 ? "leaves it" : "makes it 0";
  return `${place}: ${products}; with the bias ${show(bias, 3)}, the sum is about ${
    show(sum, 3)
  }, and ReLU ${relu}.`;
}

/** A map that a reader has chosen, large, with what its values came from. @param {() => void} onClose */
export function createCloseUp(onClose) {
  /** @type {{layer: Layer, map: number} | undefined} */
  let shown;
  let index = 0;
  const grid = createGrid("The map", (cell) => {
    index = cell.index;
    redraw();
  });
  const tiles = () => make("canvas", { className: "lx-maps lx-kernels", role: "img" });
  const [kernel, window] = [tiles(), tiles()];
  const words = make("output", { className: "lx-origin", "aria-live": "polite" });
  const kernelPart = make("div", {}, make("span", { textContent: "Kernel" }), kernel);
  const windowPart = make("div", {}, make("span", { textContent: "Window" }), window);
  const parts = make("div", { className: "lx-parts" }, windowPart, kernelPart);
  const { element, heading } = panel("", grid.element, parts, words, button("Close", onClose));

  function redraw() {
    if (!shown) return;
    const { layer, map } = shown;
    const { height, width, channels } = layer.after;
    heading.textContent = `Map ${map + 1} of ${channels} of ${layer.name}, ${height}×${width}`;
    grid.draw({
      height,
      width,
      values: valuesOf(layer.after, map),
      scale: "grey",
      most: layer.most,
      current: index,
      mark: (at) => (at === index ? "lx-picked" : ""),
    });
    const from = origin(layer, map, index);
    paint(window, from.window, layer.mostBefore, [BLACK, WHITE, BLACK]);
    setLabel(window, `The window: ${asText(from.window)}`);
    kernelPart.hidden = !from.kernel;
    if (from.kernel) {
      const most = Math.max(...Array.from(from.kernel.data, Math.abs));
      paint(kernel, from.kernel, most, [WHITE, ORANGE, BLUE]);
      setLabel(kernel, `The kernel: ${asText(from.kernel)}; orange is above 0, blue below`);
    }
    words.textContent = originInWords(layer, map, index);
  }

  /** Show a map. @param {Layer} layer @param {number} map */
  function draw(layer, map) {
    const other = shown?.layer.name !== layer.name;
    shown = { layer, map };
    const { height, width } = layer.after;
    if (other) index = (height >> 1) * width + (width >> 1);
    redraw();
  }
  return { element, draw };
}

/** What a picture of a window or of a kernel shows. @param {Maps} maps */
const asText = ({ height, width, channels }) =>
  `${height}×${width} ${channels > 1 ? `in each of ${channels} channels` : "values"}`;
