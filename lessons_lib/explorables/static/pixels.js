// Pixels: read any cell of a digit or of a colour picture, and see the numbers behind its shade.

import {
  change,
  choice,
  controls,
  labelled,
  make,
  mount,
  oneStep,
  panel,
  panels,
  resetButton,
  select,
  sentence,
  stateOf,
  table,
} from "./controls.js";
import { createGrid } from "./grid.js";
import { clamp } from "./ops.js";
import {
  createPicker,
  createSteps,
  grey,
  isGrey,
  readPicture,
  stepsInWords,
} from "./ownpicture.js";
import { show } from "./words.js";

/**
 * A picture is rows of pixels, a pixel its three numbers 0…255: red, green, blue.
 * @typedef {"all" | "red" | "green" | "blue" | "grey"} Channel
 * @typedef {{
 *   picture: "digit" | "photograph", digit: number[][][], photograph: number[][][],
 *   channel: Channel, scale: "0…255" | "0…1", zero: "black" | "white", row: number, column: number,
 * }} State
 */

/** @type {(keyof State)[]} */
const TRAITS = ["picture", "digit", "photograph", "channel", "scale", "zero", "row", "column"];
const CHANNELS = /** @type {const} */ (["red", "green", "blue"]);
const AROUND = 2;
const PICTURES = /** @type {const} */ (["digit", "photograph"]);
const OWN = "your own";
/** How many rows or columns a picture of the reader's own has at most: as many as the photograph. */
const MOST = 42;

/**
 * The number that a pixel has in a channel; all channels together count as their grey.
 * @param {number[]} pixel
 * @param {Channel} channel
 */
export const valueIn = (pixel, channel) => {
  const index = CHANNELS.findIndex((name) => name === channel);
  return index < 0 ? grey(pixel) : pixel[index];
};

/**
 * A number on the chosen scale, as it is written.
 * @param {number} value 0…255
 * @param {State["scale"]} scale
 */
export const written = (
  value,
  scale,
) => (scale === "0…1" ? (value / 255).toFixed(2) : show(value, Number.isInteger(value) ? 0 : 1));

/**
 * The colour that a pixel is shown in.
 * @param {number[]} pixel
 * @param {Channel} channel
 * @param {State["zero"]} zero
 */
export function shade(pixel, channel, zero) {
  const value = valueIn(pixel, channel);
  const numbers = (channel === "all" ? pixel : [value, value, value]).map((
    n,
  ) => (zero === "white" ? 255 - n : n));
  return { color: `rgb(${numbers.map(Math.round).join(" ")})`, dark: grey(numbers) < 118 };
}

/**
 * The index of the first row or column of a square window that stays inside.
 * @param {number} middle
 * @param {number} length
 */
export const windowStart = (middle, length) => clamp(middle - AROUND, 0, length - 2 * AROUND - 1);

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  /**
   * A picture of the reader's own, and whether it is shown. It is no trait, since in a notebook a trait
   * is sent to Python.
   * @type {{rows: number[][][], shown: boolean} | undefined}
   */
  let own;
  let before = model.get("picture");
  /** @returns {number[][][]} */
  const image = () => own?.shown ? own.rows : model.get(model.get("picture"));
  const isOneChannel = () => own?.shown ? isGrey(own.rows) : model.get("picture") === "digit";
  /** The traits, with a pixel that the picture has. @returns {State} */
  const state = () => {
    const now = stateOf(model, TRAITS);
    return {
      ...now,
      row: Math.min(now.row, image().length - 1),
      column: Math.min(now.column, image()[0].length - 1),
    };
  };
  /** Where the close up begins. @param {State} now */
  const corner = ({ row, column }) => ({
    top: windowStart(row, image().length),
    left: windowStart(column, image()[0].length),
  });
  const whole = createGrid("All pixels", ({ row, column }) => change(model, { row, column }));
  const near = createGrid("Close up", ({ row, column, kind }) => {
    // The close up moves with the chosen pixel, so that a drag would run away with it.
    if (kind !== "drag") change(model, { row, column });
  });
  const list = choice([...PICTURES, OWN], (name) => {
    if (own) own.shown = name === OWN;
    if (name !== OWN) change(model, { picture: name, channel: "all" });
    draw();
  });
  const ownOption = list.options[PICTURES.length];
  const picture = { element: labelled("Picture", list), draw: drawList };
  function drawList() {
    if (own) list.append(ownOption);
    else ownOption.remove();
    list.value = own?.shown ? OWN : model.get("picture");
  }
  const steps = createSteps();
  const picker = createPicker(el, (bitmap, file) => {
    const read = readPicture(bitmap, file, MOST);
    own = { rows: read.rows, shown: true };
    steps.tell(stepsInWords(read));
    change(model, { channel: "all", row: read.rows.length >> 1, column: read.rows[0].length >> 1 });
    draw();
  });
  const channel = select(model, "Show", "channel", ["all", ...CHANNELS, "grey"]);
  const scale = select(model, "Numbers", "scale", ["0…255", "0…1"]);
  const zero = select(model, "Draw 0 as", "zero", ["black", "white"]);
  const numbers = table("The numbers of the chosen pixel", ["channel", "number", "shade"]);
  const words = sentence();
  const wholePanel = panel("Picture", whole.element);
  const nearPanel = panel("Close up", near.element);
  const numbersPanel = panel("The chosen pixel", numbers.element);

  /** @param {State} now @param {number[]} pixel */
  function rowsOf(now, pixel) {
    const names = isOneChannel() ? ["grey"] : [...CHANNELS, "grey"];
    return names.map((name) => {
      const swatch = make("span", { className: "lx-swatch" });
      swatch.style.background = shade(pixel, /** @type {Channel} */ (name), now.zero).color;
      const value = written(valueIn(pixel, /** @type {Channel} */ (name)), now.scale);
      return make(
        "tr",
        {},
        make("th", { textContent: name, scope: "row" }),
        make("td", { textContent: value }),
        make("td", {}, swatch),
      );
    });
  }

  /** @param {State} now @param {number[]} pixel */
  function tell(now, pixel) {
    const place = `Row ${now.row}, column ${now.column}, counted from 0: `;
    const said = pixel.map((value) => written(value, now.scale));
    if (isOneChannel()) return `${place}image[${now.row}, ${now.column}] is ${said[0]}.`;
    return `${place}image[${now.row}, ${now.column}] is [${said.join(", ")}]. ` +
      `Grey: 0.299 · ${said[0]} + 0.587 · ${said[1]} + 0.114 · ${said[2]} ${
        now.scale === "0…1" ? "≈" : "="
      } ${written(grey(pixel), now.scale)}.`;
  }

  function draw() {
    // Python may have chosen another picture.
    if (own && model.get("picture") !== before) own.shown = false;
    before = model.get("picture");
    const now = state();
    const rows = image();
    const [height, width] = [rows.length, rows[0].length];
    const { top, left } = corner(now);
    const side = 2 * AROUND + 1;
    const shown = rows.flat();
    /** @param {number} index */
    const inside = (index) => {
      const [row, column] = [Math.floor(index / width) - top, (index % width) - left];
      return row >= 0 && row < side && column >= 0 && column < side;
    };
    const chosen = now.row * width + now.column;
    const divisor = now.scale === "0…1" ? 255 : 1;
    whole.draw({
      height,
      width,
      scale: "grey",
      most: 1,
      current: chosen,
      values: shown.map((pixel) => valueIn(pixel, now.channel) / divisor),
      paint: (index) => shade(shown[index], now.channel, now.zero),
      mark: (index) => (index === chosen ? "lx-picked" : inside(index) ? "lx-near" : ""),
    });
    const block = rows.slice(top, top + side).flatMap((row) => row.slice(left, left + side));
    near.draw({
      height: side,
      width: side,
      scale: "grey",
      most: 1,
      origin: [top, left],
      digits: now.scale === "0…1" ? 2 : 0,
      values: block.map((pixel) => valueIn(pixel, now.channel) / divisor),
      paint: (index) => shade(block[index], now.channel, now.zero),
      current: (now.row - top) * side + now.column - left,
      mark: (index) => (index === (now.row - top) * side + now.column - left ? "lx-picked" : ""),
    });
    const channels = isOneChannel() ? 1 : 3;
    wholePanel.heading.textContent = `${height} rows × ${width} columns × ${channels} ${
      channels === 1 ? "channel" : "channels"
    }`;
    nearPanel.heading.textContent = `Close up: ${
      channels === 1 || now.channel === "all" ? "grey" : now.channel
    } numbers`;
    numbers.body.replaceChildren(...rowsOf(now, rows[now.row][now.column]));
    words.textContent = tell(now, rows[now.row][now.column]);
    // Inserting it where it stands already would take its focus away.
    if (channels === 1) channel.element.remove();
    else if (!channel.element.parentNode) picture.element.after(channel.element);
    for (const control of [picture, channel, scale, zero]) control.draw();
    steps.element.hidden = !own?.shown;
  }

  const settings = controls(
    picture.element,
    channel.element,
    scale.element,
    zero.element,
    resetButton(model, TRAITS, () => {
      own = undefined;
      picker.forget();
      draw();
    }),
  );
  oneStep({
    control: [near.element],
    input: [whole.element],
    result: [numbers.element, words],
  });
  const all = panels(wholePanel, nearPanel, numbersPanel);
  return mount(
    model,
    el,
    "pixels",
    TRAITS,
    [settings, all, words, picker.element, steps.element],
    draw,
  );
}

export default { render };
