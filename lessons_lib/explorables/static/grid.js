// A grid of values that mouse, finger, pen and keyboard can point at: images, kernels' stops, feature maps.

import { make } from "./controls.js";

/**
 * What a grid shows. `scale` "grey" runs from 0 (black) to `most` (white), "signed" from −most to most. Rows and columns count
 * from 0, or from `origin`; `label` says instead of the value what a cell is.
 * @typedef {{height: number, width: number, values: ArrayLike<number>, scale: "grey" | "signed", most: number,
 *   digits?: number, hidden?: (index: number) => boolean, mark?: (index: number) => string, current?: number,
 *   origin?: [number, number], label?: (index: number) => string | undefined,
 *   paint?: (index: number) => {color: string, dark: boolean}}} View
 *
 * `paint` gives a cell a colour of its own, in place of its shade on the scale.
 *
 * `kind` is "point" when an arrow key leads to a cell, "press" for a click, a touch, Enter or Space, "drag" when the pointer
 * comes over it while it is held down, "hover" when it does so while it is not.
 * @typedef {{row: number, column: number, index: number, kind: "point" | "press" | "drag" | "hover"}} Cell
 */

/** A number as the figures write it. @param {number} value @param {number} [digits] */
export const show = (value, digits = 2) => {
  const text = (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits);
  return (digits && Number.isInteger(value) ? String(value) : text).replace("-", "−");
};

/** The digits that a cell has room for. @param {number} width */
export const digitsFor = (width) => (width <= 14 ? 1 : undefined);

/** What a scale runs between, the same in both themes. Ready-made: a page of `color-mix()` takes the browser three times as long. */
export const [BLACK, WHITE, ORANGE, BLUE] = [[0, 0, 0], [255, 255, 255], [213, 94, 0], [
  0,
  114,
  178,
]];

/** @type {Record<number, string>} */
const colors = {};

/** @param {number} share @param {"grey" | "signed"} scale */
const color = (share, scale) => {
  const percent = Math.round(100 * share);
  const [pole, rest] = scale === "grey" ? [WHITE, BLACK] : [share < 0 ? BLUE : ORANGE, WHITE];
  return (colors[percent + (scale === "grey" ? 1000 : 0)] ??= `rgb(${
    rest.map((from, i) => Math.round(from + (Math.abs(percent) / 100) * (pole[i] - from))).join()
  })`);
};

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {string} label @param {(cell: Cell) => void} onCell */
export function createGrid(label, onCell) {
  const element = make("div", { className: "lx-grid", role: "grid", ariaLabel: label });
  /** @type {HTMLElement[]} */
  let cells = [];
  /** @type {string[][]} What each cell shows: background, mark, text. */
  let drawn = [];
  /** @type {View} */
  let view = { height: 0, width: 0, values: [], scale: "grey", most: 1 };
  let active = 0;
  let hovered = -1;
  const rowOf = (index) => Math.floor(index / view.width) + (view.origin?.[0] ?? 0);
  const columnOf = (index) => (index % view.width) + (view.origin?.[1] ?? 0);

  function build() {
    const cell = () => make("div", { role: "gridcell", tabIndex: -1 });
    const rows = Array.from(
      { length: view.height },
      () => make("div", { role: "row" }, ...Array.from({ length: view.width }, cell)),
    );
    element.replaceChildren(...rows);
    element.style.setProperty("--columns", String(view.width));
    cells = /** @type {HTMLElement[]} */ (rows.flatMap((row) => [...row.children]));
    drawn = cells.map(() => ["", "", ""]);
  }

  /** @param {number} index */
  function activate(index) {
    if (cells[active]) cells[active].tabIndex = -1;
    active = Math.max(0, Math.min(index, cells.length - 1));
    if (cells[active]) cells[active].tabIndex = 0;
  }

  /** @param {number} index */
  function name(index) {
    const value = view.hidden?.(index) ? "not computed yet" : `value ${show(view.values[index])}`;
    cells[index].ariaLabel = `row ${rowOf(index)}, column ${columnOf(index)}, ${
      view.label?.(index) ?? value
    }`.replaceAll("-", "−");
  }

  /** @param {number} index @param {Cell["kind"]} kind */
  function report(index, kind) {
    onCell({ row: rowOf(index), column: columnOf(index), index, kind });
    if (cells[index]) name(index);
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

  element.addEventListener("pointerdown", (event) => {
    const index = under(event);
    if (index < 0 || event.button > 0) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    activate(index);
    cells[index].focus({ preventScroll: true });
    report(index, "press");
  });
  element.addEventListener("pointermove", (event) => {
    const index = under(event);
    const held = element.hasPointerCapture(event.pointerId);
    if (index < 0 || index === (held ? active : hovered)) return;
    hovered = index;
    if (held) {
      activate(index);
      cells[index].focus({ preventScroll: true });
    }
    report(index, held ? "drag" : "hover");
  });
  element.addEventListener("keydown", (event) => {
    const step = STEPS[/** @type {keyof STEPS} */ (event.key)];
    const pressed = event.key === "Enter" || event.key === " ";
    const { width, height } = view;
    const [row, column] = [Math.floor(active / width), active % width];
    let next = active;
    if (step) {
      const [to, across] = [row + step[0], column + step[1]];
      if (to >= 0 && to < height && across >= 0 && across < width) next = to * width + across;
    } else if (event.key === "Home") next = event.ctrlKey ? 0 : row * width;
    else if (event.key === "End") next = event.ctrlKey ? cells.length - 1 : (row + 1) * width - 1;
    else if (!pressed) return;
    event.preventDefault();
    event.stopPropagation();
    activate(next);
    report(next, pressed ? "press" : "point");
    cells[active]?.focus();
  });
  element.addEventListener("focusin", (event) => {
    const index = cells.indexOf(/** @type {HTMLElement} */ (event.target));
    if (index >= 0) name(index);
  });

  /** Show other values. @param {View} next */
  function draw(next) {
    const resized = next.height !== view.height || next.width !== view.width;
    view = next;
    if (resized) build();
    const focused = !resized && cells[active] &&
      cells[active] === element.ownerDocument.activeElement;
    activate(next.current ?? active);
    if (focused) cells[active].focus({ preventScroll: true });
    for (let index = 0; index < cells.length; index++) {
      const hidden = next.hidden?.(index) ?? false;
      const share = hidden ? 0 : Math.max(-1, Math.min(1, next.values[index] / (next.most || 1)));
      const painted = next.paint?.(index);
      const background = hidden ? "" : painted?.color ?? color(share, next.scale);
      const dark = !hidden && (painted?.dark ?? share < (next.scale === "grey" ? 0.46 : -0.92));
      const mark = `${next.mark?.(index) ?? ""}${dark ? " lx-dark" : ""}`;
      const text = next.digits === undefined || hidden ? "" : show(next.values[index], next.digits);
      const before = drawn[index];
      if (before[0] !== background) cells[index].style.background = background;
      if (before[1] !== mark) cells[index].className = mark;
      if (before[2] !== text) cells[index].textContent = text;
      if (before[0] !== background || before[1] !== mark || before[2] !== text) {
        drawn[index] = [background, mark, text];
      }
    }
  }

  return { element, draw, cells: () => cells };
}
