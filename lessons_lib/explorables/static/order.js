// Order the lines: the lines of a solution are put in order, and those that hold a mistake are left out.
// The program stands above, the lines that are left below it; together they are always as high.

import { fill, prose } from "./answers.js";
import { button, make, setLabel } from "./controls.js";

/**
 * @typedef {import("./answers.js").Finding} Finding
 * @typedef {{code: string, after: number[], why?: undefined}} Right a line, and the lines that must stand above it
 * @typedef {{code: string, why: string, after?: undefined}} Mistaken a line that holds a mistake, and what is said to it
 * @typedef {{ask: string, in_order: string, ran: string}} Words
 * @typedef {{lines: (Right | Mistaken)[], size: number, shown: number[], common: Words}} Spec `size` lines are right,
 *   and come first; `shown` is the order in which those that are left are shown
 * @typedef {import("./controls.js").Model<{_program: number[], _passed?: number[]}>} Model what a notebook is told and says
 */

// ---- What can be said of an order without a page ----

/** The program with a line put before the one at a place. @param {number[]} program @param {number} line @param {number} to */
export function placed(program, line, to) {
  const others = without(program, line);
  return [...others.slice(0, to), line, ...others.slice(to)];
}

/** The program without a line. @param {number[]} program @param {number} line */
export const without = (program, line) => program.filter((each) => each !== line);

/** The lines that are left, as they are shown. @param {number[]} shown @param {number[]} program */
export const left = (shown, program) => shown.filter((line) => !program.includes(line));

/**
 * Where a dragged line lands: behind the lines whose middles are above it; −1 below the program, where it is left out.
 * @param {number} y @param {number[]} middles @param {number} bottom that of the program
 */
export const landing = (y, middles, bottom) =>
  y > bottom ? -1 : middles.filter((middle) => middle < y).length;

/** @param {Spec} spec @param {number[]} program the lines in their order, by their places in `lines` @returns {Finding} */
export function judgeOrder({ lines, size, common }, program) {
  if (!program.length) return { key: "your_turn" };
  if (program.length !== size) {
    return { key: "other_length", values: { size: String(size), got: String(program.length) } };
  }
  /** @param {number} line */
  const code = (line) => lines[line].code.trim();
  /** @param {string} key @param {number} place @param {Record<string, string>} more @returns {Finding} */
  const at = (key, place, more) => ({
    key,
    values: { place: String(place + 1), line: code(program[place]), ...more },
  });
  const mistaken = program.findIndex((line) => lines[line].why);
  if (mistaken >= 0) return at("mistaken", mistaken, { why: lines[program[mistaken]].why ?? "" });
  for (const [place, line] of program.entries()) {
    const needed = lines[line].after?.find((other) => program.indexOf(other) > place);
    if (needed !== undefined) return at("too_early", place, { needed: code(needed) });
  }
  return { key: "right", why: common.in_order };
}

/** The program whose code was kept; lines that are no longer there are left out. @param {unknown} given @param {{code: string}[]} lines @returns {number[]} */
export function programOf(given, lines) {
  const codes = Array.isArray(given) ? given : [];
  const found = codes.map((code) => lines.findIndex((line) => line.code === code));
  return [...new Set(found)].filter((line) => line >= 0);
}

/** What the place of the next line says. @param {number} size @param {number} count */
export function nextLine(size, count) {
  if (count > size) return `${count} lines: ${count - size} too many`;
  return count === size ? `${size} of ${size} lines: check them` : `Line ${count + 1} of ${size}`;
}

// ---- The page ----

/**
 * A line with its handle and its buttons.
 * @param {string} code
 * @param {{toggle: () => void, step: (by: number, keep: HTMLElement) => void}} moves
 */
function rowOf(code, { toggle, step }) {
  const indent = code.length - code.trimStart().length;
  const text = make("code", { textContent: code.trim() });
  text.style.setProperty("--indent", `${indent}ch`);
  const grip = make("button", { type: "button", className: "lx-grip", textContent: "⠿" });
  const press = make("button", { type: "button", className: "lx-press", onclick: toggle }, text);
  const up = button("↑", () => step(-1, up));
  const down = button("↓", () => step(1, down));
  grip.onkeydown = (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by, grip);
  };
  setLabel(grip, `Move by the arrow keys, or drag: ${code.trim()}`);
  setLabel(up, `Move up: ${code.trim()}`);
  setLabel(down, `Move down: ${code.trim()}`);
  const arrows = make("span", { className: "lx-updown" }, up, down);
  return { element: make("li", {}, grip, press, arrows), grip, press, arrows };
}

/**
 * Let a handle drag its row: capture keeps the pointer, and only the handle stops the page from scrolling.
 * @param {{element: HTMLElement, grip: HTMLElement}} row
 * @param {{over: (y: number | null) => void, drop: (y: number) => void}} on `over` gets null when the drag ends
 */
function makeDraggable({ element, grip }, { over, drop }) {
  let from = NaN;
  const end = () => {
    from = NaN;
    element.classList.remove("lx-dragged");
    element.style.transform = "";
    over(null);
  };
  grip.onpointerdown = (event) => {
    if (event.button) return;
    grip.setPointerCapture(event.pointerId);
    from = event.clientY;
    element.classList.add("lx-dragged");
  };
  grip.onpointermove = (event) => {
    if (Number.isNaN(from)) return;
    element.style.transform = `translateY(${event.clientY - from}px)`;
    over(event.clientY);
  };
  grip.onpointerup = (event) => {
    if (Number.isNaN(from)) return;
    const moved = Math.abs(event.clientY - from) > 4;
    end();
    if (moved) drop(event.clientY);
  };
  grip.onlostpointercapture = end;
}

/**
 * The lines to be put in order. In a notebook, the model takes them to Python, which runs them.
 * @param {Spec} spec
 * @param {(...said: (string | Node)[][]) => void} changed takes what is said of a change
 * @param {Model} model
 */
export function orderAnswer(spec, changed, model) {
  const { lines, size, shown, common } = spec;
  /** @type {number[]} */
  let program = [];
  const own = make("ol", { className: "lx-lines lx-program", "aria-label": "Your program" });
  const next = make("p", { className: "lx-next" });
  const rest = make("ul", { className: "lx-lines", "aria-label": "Lines that are left" });
  const rows = lines.map(({ code }, line) =>
    rowOf(code, { toggle: () => toggle(line), step: (by, keep) => step(line, by, keep) })
  );

  function draw() {
    const others = left(shown, program);
    own.replaceChildren(...program.map((line) => rows[line].element));
    rest.replaceChildren(...others.map((line) => rows[line].element));
    next.textContent = nextLine(size, program.length);
    for (const [line, { press, arrows, element }] of rows.entries()) {
      const inside = program.includes(line);
      arrows.classList.toggle("lx-hidden", !inside);
      element.classList.remove("lx-faulty");
      setLabel(press, `${inside ? "Leave out" : "Add"}: ${lines[line].code.trim()}`);
    }
  }

  /** Take a new program, and say where the line is now. @param {number[]} order @param {number} line @param {HTMLElement} [keep] what has the focus */
  function take(order, line, keep) {
    program = order;
    draw();
    keep?.focus();
    const place = program.indexOf(line);
    const where = place < 0 ? "Left out: " : `Line ${place + 1} of ${program.length}: `;
    const code = make("code", { className: "lx-moved", textContent: lines[line].code.trim() });
    changed([where, code]);
  }

  /** Add a line at the end, or take it out; the focus goes to the line that follows it. @param {number} line */
  function toggle(line) {
    const inside = program.includes(line);
    const beside = inside ? program : left(shown, program);
    const follower = beside[beside.indexOf(line) + 1] ?? beside[beside.indexOf(line) - 1] ?? line;
    const order = inside ? without(program, line) : [...program, line];
    take(order, line, rows[follower].press);
  }

  /** Move a line in the program, or from below it into it. @param {number} line @param {number} by @param {HTMLElement} keep */
  function step(line, by, keep) {
    const place = program.indexOf(line);
    const to = place < 0 ? program.length : Math.max(0, place + by);
    if (place >= 0 || by < 0) take(placed(program, line, to), line, keep);
  }

  /** @param {number} line @param {number} y */
  function landingOf(line, y) {
    const middles = without(program, line).map((each) => {
      const { top, bottom } = rows[each].element.getBoundingClientRect();
      return (top + bottom) / 2;
    });
    return landing(y, middles, next.getBoundingClientRect().bottom);
  }

  for (const [line, row] of rows.entries()) {
    makeDraggable(row, {
      over(y) {
        const to = y === null ? -1 : landingOf(line, y);
        const follower = without(program, line)[to];
        rows.forEach(({ element }, each) =>
          element.classList.toggle("lx-target", to >= 0 && each === follower)
        );
        next.classList.toggle("lx-target", to >= 0 && follower === undefined);
      },
      drop(y) {
        const to = landingOf(line, y);
        if (to >= 0) take(placed(program, line, to), line, row.grip);
        else if (program.includes(line)) take(without(program, line), line, row.grip);
      },
    });
  }

  const passed = () => program.length > 0 && String(model.get("_passed")) === String(program);
  function judge() {
    model.set("_program", program);
    model.save_changes();
    /** @type {Finding} */
    const finding = passed() ? { key: "right", why: common.ran } : judgeOrder(spec, program);
    const place = Number(finding.values?.place);
    rows.forEach(({ element }, line) =>
      element.classList.toggle("lx-faulty", program[place - 1] === line)
    );
    return finding;
  }
  /** @param {unknown} given */
  function write(given) {
    program = programOf(given, lines);
    draw();
  }
  const reset = button("Reset", () => {
    write([]);
    changed();
  });

  draw();
  const values = { size: String(size), all: String(lines.length) };
  const ask = make("legend", {}, ...prose(fill(common.ask, values)));
  const help = make("p", {
    className: "lx-size",
    textContent: "Press a line to add it, and again to take it out. ↑ and ↓ move it; " +
      "or drag it by ⠿.",
  });
  const fields = make("fieldset", { className: "lx-order-task" }, ask, help, own, next, rest);
  return {
    elements: [fields],
    extras: [reset],
    judge,
    read: () => program.map((line) => lines[line].code),
    write,
    passed,
  };
}
