// A grid of values that mouse, finger, pen and keyboard can point at: images, kernels' stops,
// feature maps.

import { make } from "./controls.js";
import { clamp } from "./ops.js";
import { minus, show } from "./words.js";

/**
 * What a grid shows.
 *
 * `scale` "grey" runs from 0 (black) to `most` (white), "signed" from −most to most. `paint` gives
 * a cell a colour of its
 * own, in place of its shade on the scale. `mark` is a class of the cell. `digits` is how many
 * digits after the point the
 * cells show; without it they show no number. Rows and columns count from 0, or from `origin`.
 * `label` says instead of
 * the value what a cell is. On a grid with `strokes`, a finger draws; on any other it taps, and a
 * swipe scrolls the page.
 * @typedef {{
 *   height: number, width: number, values: ArrayLike<number>, scale: "grey" | "signed", most:
 * number, digits?: number,
 *   hidden?: (index: number) => boolean, mark?: (index: number) => string, current?: number,
 * origin?: [number, number],
 *   label?: (index: number) => string | undefined, strokes?: boolean, paint?: (index: number) => {color: string, dark:
 * boolean} | undefined,
 * }} View
 *
 * `kind` is "point" when an arrow key leads to a cell, "press" for a click, a tap, Enter or
 * Space, and "drag" when a pointer that draws or the mouse comes over it while it is held down.
 * @typedef {{row: number, column: number, index: number, kind: "point" | "press" | "drag"}} Cell
 *
 * @typedef {{background: string, mark: string, text: string, label: string}} Look
 * @typedef {[number, number, number]} Color red, green and blue
 */

/**
 * What a scale runs between, the same in both themes. A page whose cells have a `color-mix()` each
 * takes the browser three
 * times as long, so the colours between them are computed here.
 */
export const BLACK = /** @type {Color} */ ([0, 0, 0]);
export const WHITE = /** @type {Color} */ ([255, 255, 255]);
export const ORANGE = /** @type {Color} */ ([213, 94, 0]);
export const BLUE = /** @type {Color} */ ([0, 114, 178]);

/** @type {Record<number, string>} */
const colors = {};

/** The colour of a share of a scale. @param {number} share −1…1 @param {"grey" | "signed"} scale */
function colorOf(share, scale) {
  const percent = Math.round(100 * share);
  const [pole, rest] = scale === "grey" ? [WHITE, BLACK] : [share < 0 ? BLUE : ORANGE, WHITE];
  return (colors[percent + (scale === "grey" ? 1000 : 0)] ??= `rgb(${
    rest.map((from, i) => Math.round(from + (Math.abs(percent) / 100) * (pole[i] - from))).join()
  })`);
}

/** @type {Record<string, [number, number]>} */
export const ARROWS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * The cell that a key leads to from another; undefined for a key that leads nowhere in a grid.
 * @param {{key: string, ctrlKey: boolean}} event
 * @param {number} from
 * @param {{height: number, width: number}} size
 */
export function next({ key, ctrlKey }, from, { height, width }) {
  const [row, column] = [Math.floor(from / width), from % width];
  if (key === "Home") return ctrlKey ? 0 : row * width;
  if (key === "End") return ctrlKey ? height * width - 1 : row * width + width - 1;
  const step = ARROWS[key];
  if (!step) return undefined;
  const [down, across] = [row + step[0], column + step[1]];
  const inside = down >= 0 && down < height && across >= 0 && across < width;
  return inside ? down * width + across : from;
}

/** @param {View} view @param {number} index @returns {Look} */
function lookOf(view, index) {
  const hidden = view.hidden?.(index) ?? false;
  const value = view.values[index];
  const share = hidden ? 0 : clamp(value / (view.most || 1), -1, 1);
  const painted = view.paint?.(index);
  const dark = painted?.dark ?? share < (view.scale === "grey" ? 0.46 : -0.92);
  const said = view.label?.(index) ?? (hidden ? "not computed yet" : `value ${show(value)}`);
  const [top, left] = view.origin ?? [0, 0];
  const [row, column] = [Math.floor(index / view.width) + top, (index % view.width) + left];
  return {
    background: hidden ? "" : painted?.color ?? colorOf(share, view.scale),
    mark: `${view.mark?.(index) ?? ""}${dark && !hidden ? " lx-dark" : ""}`,
    text: view.digits === undefined || hidden ? "" : show(value, view.digits),
    label: minus(`row ${row}, column ${column}${said && `, ${said}`}`),
  };
}

/** How much room a number takes, in digits. @param {string} text */
const lengthOf = (text) => text.length - (text.includes(".") ? 0.5 : 0);

/** How far a finger may move while it taps, in CSS pixels. */
const STILL = 10;

/** @param {string} label @param {(cell: Cell) => void} onCell */
export function createGrid(label, onCell) {
  const element = make("div", { className: "lx-grid", role: "grid", "aria-label": label });
  /** @type {HTMLElement[]} */
  let cells = [];
  /** @type {Look[]} */
  let drawn = [];
  /** @type {View} */
  let view = { height: 0, width: 0, values: [], scale: "grey", most: 1 };
  let active = 0;
  /**
   * The pointer that is down; one that taps does nothing before it is up.
   * @type {{id: number, x: number, y: number, taps: boolean} | undefined}
   */
  let held;

  function build() {
    const cell = () => make("div", { role: "gridcell", tabIndex: -1 });
    const row = () => make("div", { role: "row" }, ...Array.from({ length: view.width }, cell));
    const rows = Array.from({ length: view.height }, row);
    element.replaceChildren(...rows);
    element.style.setProperty("--columns", String(view.width));
    cells = /** @type {HTMLElement[]} */ (rows.flatMap((line) => [...line.children]));
    drawn = cells.map(() => ({ background: "", mark: "", text: "", label: "" }));
  }

  /** @param {number} index */
  function activate(index) {
    if (cells[active]) cells[active].tabIndex = -1;
    active = clamp(index, 0, cells.length - 1);
    if (cells[active]) cells[active].tabIndex = 0;
  }

  /** @param {number} index @param {Cell["kind"]} kind */
  function report(index, kind) {
    const [top, left] = view.origin ?? [0, 0];
    const [row, column] = [Math.floor(index / view.width) + top, (index % view.width) + left];
    onCell({ row, column, index, kind });
  }

  /** @param {PointerEvent} event */
  function under(event) {
    const box = element.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * view.width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * view.height);
    return row >= 0 && row < view.height && column >= 0 && column < view.width
      ? row * view.width + column
      : -1;
  }

  /** @param {number} index @param {Cell["kind"]} kind */
  function choose(index, kind) {
    activate(index);
    cells[index].focus({ preventScroll: true });
    report(index, kind);
  }

  element.addEventListener("pointerdown", (event) => {
    const index = under(event);
    // A second finger must not take over what the first one draws.
    if (index < 0 || event.button > 0 || (held && !held.taps)) return;
    const taps = event.pointerType !== "mouse" && !view.strokes;
    held = { id: event.pointerId, x: event.clientX, y: event.clientY, taps };
    if (taps) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    choose(index, "press");
  });
  element.addEventListener("pointermove", (event) => {
    const index = under(event);
    if (index < 0 || index === active || held?.taps || held?.id !== event.pointerId) return;
    choose(index, "drag");
  });
  element.addEventListener("pointerup", (event) => {
    if (!held?.taps || held.id !== event.pointerId) return;
    const index = under(event);
    const moved = Math.hypot(event.clientX - held.x, event.clientY - held.y);
    if (index >= 0 && moved <= STILL) choose(index, "press");
  });
  // A finger that begins to scroll is cancelled.
  /** @param {PointerEvent} event */
  const release = ({ pointerId }) => (held = pointerId === held?.id ? undefined : held);
  element.addEventListener("pointerup", release);
  element.addEventListener("pointercancel", release);
  element.addEventListener("keydown", (event) => {
    const pressed = event.key === "Enter" || event.key === " ";
    const to = pressed ? active : next(event, active, view);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    activate(to);
    report(to, pressed ? "press" : "point");
    cells[active]?.focus();
  });

  /** Show other values. @param {View} wanted */
  function draw(wanted) {
    const resized = wanted.height !== view.height || wanted.width !== view.width;
    view = wanted;
    if (resized) build();
    const focused = !resized && cells[active] &&
      cells[active] === element.ownerDocument.activeElement;
    activate(wanted.current ?? active);
    if (focused) cells[active].focus({ preventScroll: true });
    for (const [index, cell] of cells.entries()) {
      const look = lookOf(wanted, index);
      const before = drawn[index];
      if (before.background !== look.background) cell.style.background = look.background;
      if (before.mark !== look.mark) cell.className = look.mark;
      if (before.text !== look.text) cell.textContent = look.text;
      if (before.label !== look.label) cell.setAttribute("aria-label", look.label);
      drawn[index] = look;
    }
    element.classList.toggle("lx-strokes", Boolean(wanted.strokes));
    if (wanted.digits === undefined) return;
    const longest = Math.max(3, ...drawn.map(({ text }) => lengthOf(text)));
    element.style.setProperty("--letters", String(longest));
  }

  return { element, draw, cells: () => cells };
}
