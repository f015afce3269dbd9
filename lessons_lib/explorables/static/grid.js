// A grid of values that mouse, finger, pen and keyboard can point at: images, kernels' stops, feature maps.

/**
 * What a grid shows. `scale` "grey" runs from 0 (black) to `most` (white), "signed" from −most to most.
 * @typedef {{height: number, width: number, values: ArrayLike<number>, scale: "grey" | "signed", most: number,
 *   digits?: number, hidden?: (index: number) => boolean, mark?: (index: number) => string,
 *   paint?: (index: number) => {color: string, dark: boolean}, current?: number}} View
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

/** @param {number} share @param {"grey" | "signed"} scale */
const color = (share, scale) => {
  if (scale === "grey") return `color-mix(in srgb, var(--ex-white) ${Math.round(100 * share)}%, var(--ex-black))`;
  const pole = share < 0 ? "negative" : "positive";
  return `color-mix(in srgb, var(--ex-${pole}) ${Math.round(100 * Math.abs(share))}%, var(--ex-zero))`;
};

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {string} label @param {(cell: Cell) => void} onCell */
export function createGrid(label, onCell) {
  const element = document.createElement("div");
  element.className = "grid";
  element.setAttribute("role", "grid");
  element.setAttribute("aria-label", label);
  /** @type {HTMLElement[]} */
  let cells = [];
  /** @type {View} */
  let view = { height: 0, width: 0, values: [], scale: "grey", most: 1 };
  let active = 0;
  let hovered = -1;

  function build() {
    const rows = Array.from({ length: view.height }, () => {
      const row = document.createElement("div");
      row.setAttribute("role", "row");
      for (let column = 0; column < view.width; column++) {
        const cell = document.createElement("div");
        cell.setAttribute("role", "gridcell");
        cell.dataset.lmSuppressShortcuts = "true";
        cell.tabIndex = -1;
        row.append(cell);
      }
      return row;
    });
    element.replaceChildren(...rows);
    element.style.setProperty("--columns", String(view.width));
    cells = /** @type {HTMLElement[]} */ (rows.flatMap((row) => [...row.children]));
  }

  /** @param {number} index */
  function activate(index) {
    if (cells[active]) cells[active].tabIndex = -1;
    active = Math.max(0, Math.min(index, cells.length - 1));
    if (cells[active]) cells[active].tabIndex = 0;
  }

  /** @param {number} index */
  function name(index) {
    const place = `row ${Math.floor(index / view.width) + 1}, column ${(index % view.width) + 1}`;
    const value = view.hidden?.(index) ? "not computed yet" : `value ${show(view.values[index])}`;
    cells[index].setAttribute("aria-label", `${place}, ${value}`);
  }

  /** @param {number} index @param {Cell["kind"]} kind */
  function report(index, kind) {
    onCell({ row: Math.floor(index / view.width), column: index % view.width, index, kind });
    if (cells[index]) name(index);
  }

  /** @param {PointerEvent} event */
  function under(event) {
    const box = element.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * view.width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * view.height);
    return row >= 0 && row < view.height && column >= 0 && column < view.width ? row * view.width + column : -1;
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
    if (held) activate(index);
    report(index, held ? "drag" : "hover");
  });
  element.addEventListener("keydown", (event) => {
    const step = STEPS[/** @type {keyof STEPS} */ (event.key)];
    const row = Math.floor(active / view.width);
    const column = active % view.width;
    let next = active;
    if (step) {
      const [to, across] = [row + step[0], column + step[1]];
      if (to >= 0 && to < view.height && across >= 0 && across < view.width) next = to * view.width + across;
    } else if (event.key === "Home") next = event.ctrlKey ? 0 : row * view.width;
    else if (event.key === "End") next = event.ctrlKey ? cells.length - 1 : (row + 1) * view.width - 1;
    else if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    activate(next);
    report(next, event.key === "Enter" || event.key === " " ? "press" : "point");
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
    activate(next.current ?? active);
    element.classList.toggle("numbered", next.digits !== undefined);
    for (let index = 0; index < cells.length; index++) {
      const cell = cells[index];
      const hidden = next.hidden?.(index) ?? false;
      const share = hidden ? 0 : Math.max(-1, Math.min(1, next.values[index] / (next.most || 1)));
      const painted = next.paint?.(index);
      const background = hidden ? "" : painted?.color ?? color(share, next.scale);
      if (cell.dataset.background !== background) {
        cell.dataset.background = background;
        cell.style.background = background;
      }
      const dark = painted?.dark ?? share < (next.scale === "grey" ? 0.46 : -0.92);
      const mark = `${next.mark?.(index) ?? ""}${dark ? " dark" : ""}`;
      if (cell.className !== mark) cell.className = mark;
      const text = next.digits === undefined || hidden ? "" : show(next.values[index], next.digits);
      if (cell.textContent !== text) cell.textContent = text;
    }
  }

  return { element, draw };
}
