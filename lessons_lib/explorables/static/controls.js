// The controls that the explorables share: real buttons, selects and outputs, bound to one trait
// each.

/**
 * @template {object} [S=Record<string, unknown>]
 * @typedef {import("../model.d.ts").Model<S>} Model
 */

/**
 * Make an element with properties and children. A `role` and what begins with `aria-` become
 * attributes: as properties,
 * older browsers do not know them.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "role" || name.startsWith("aria-")) element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  }
  if ("tabIndex" in properties || ["button", "input", "select", "summary"].includes(tag)) {
    element.dataset.lmSuppressShortcuts = "true";
  }
  element.append(...children);
  return element;
}

/** Give an element the name that is read aloud. @param {Element} element @param {string} label */
export const setLabel = (element, label) => element.setAttribute("aria-label", label);

/** @param {string} text @param {() => void} onClick */
export const button = (text, onClick) =>
  make("button", { type: "button", textContent: text, onclick: onClick });

/**
 * Show and tell that a button can go no further. It keeps the focus, as one that is disabled would not.
 * @param {HTMLElement} button
 * @param {boolean} isEnd
 */
export function markEnd(button, isEnd) {
  button.classList.toggle("lx-end", isEnd);
  button.setAttribute("aria-disabled", String(isEnd));
}

/**
 * Show which of four buttons, to the left and right, up and down, can move something no further.
 * @param {HTMLElement[]} buttons
 * @param {{down: number, right: number}} moved
 * @param {number} most
 */
export const markEnds = (buttons, { down, right }, most) =>
  [-right, right, -down, down].forEach((by, i) => markEnd(buttons[i], by >= most));

/**
 * Four buttons that move something by one pixel.
 * @param {(down: number, right: number) => void} onMove
 */
export function movers(onMove) {
  /** @param {string} arrow @param {string} way @param {number} down @param {number} right */
  const mover = (arrow, way, down, right) => {
    const element = button(arrow, () => onMove(down, right));
    setLabel(element, `Move ${way}`);
    return element;
  };
  return [
    mover("←", "left", 0, -1),
    mover("→", "right", 0, 1),
    mover("↑", "up", -1, 0),
    mover("↓", "down", 1, 0),
  ];
}

/** A row of controls. @param {...(Node | string)} children */
export const controls = (...children) => make("div", { className: "lx-controls" }, ...children);

/** A panel with its title. @param {string} title @param {...Node} children */
export function panel(title, ...children) {
  const heading = make("p", { className: "lx-panel-title", textContent: title });
  const element = make("div", { className: "lx-panel" }, heading, ...children);
  return { element, heading };
}

/** Panels side by side, as far as there is room. @param {...{element: Node}} members */
export const panels = (...members) =>
  make("div", { className: "lx-panels" }, ...members.map(({ element }) => element));

/**
 * The traits as they are now.
 * @template {object} S
 * @param {Model<S>} model
 * @param {readonly (keyof S & string)[]} traits
 */
export const stateOf = (
  model,
  traits,
) => /** @type {S} */ (Object.fromEntries(traits.map((trait) => [trait, model.get(trait)])));

/** A line that says in words what the figure shows, and is read aloud when it changes. */
export const sentence = () => make("output", { className: "sentence", "aria-live": "polite" });

/**
 * A table that may scroll sideways in a box of its own.
 * @param {string} label
 * @param {string[]} heads
 */
export function table(label, heads) {
  const body = make("tbody");
  const cells = heads.map((text) => make("th", { textContent: text, scope: "col" }));
  const content = make("table", {}, make("thead", {}, make("tr", {}, ...cells)), body);
  const box = { className: "lx-scroller", tabIndex: 0, role: "region", "aria-label": label };
  return { element: make("div", box, content), body };
}

/**
 * Change traits together.
 * @template {object} S
 * @param {Model<S>} model
 * @param {Partial<S>} changes
 */
export function change(model, changes) {
  for (const trait of /** @type {(keyof S & string)[]} */ (Object.keys(changes))) {
    model.set(trait, /** @type {S[keyof S & string]} */ (changes[trait]));
  }
  model.save_changes();
}

/**
 * A select that tells which of its options was chosen.
 * @template {string | number} V
 * @param {readonly V[]} options
 * @param {(value: V) => void} onChoose
 */
export function choice(options, onChoose) {
  const items = options.map((option) => make("option", { textContent: String(option) }));
  const element = make("select", {}, ...items);
  element.onchange = () => onChoose(options[element.selectedIndex]);
  return element;
}

/** A control with its name before it. @param {string} text @param {Node} control */
export const labelled = (text, control) => make("label", {}, `${text} `, control);

/**
 * A labelled select for one trait.
 * @template {object} S
 * @template {keyof S & string} K
 * @param {Model<S>} model
 * @param {string} label
 * @param {K} trait
 * @param {readonly (S[K] & (string | number))[]} options
 * @param {(value: S[K]) => Partial<S>} [also] what changes with it
 */
export function select(model, label, trait, options, also = () => ({})) {
  const element = choice(options, (value) => {
    const changes = also(value);
    changes[trait] = value;
    change(model, changes);
  });
  return {
    element: labelled(label, element),
    draw: () => (element.value = String(model.get(trait))),
  };
}

/**
 * Take back what a touch has changed, if it turns out that it scrolls the page.
 * @param {HTMLElement} element
 * @param {() => () => void} keep keeps what may change, and returns the function that brings it back
 */
export function takeBackOnScroll(element, keep) {
  let back = () => {};
  element.addEventListener("pointerdown", () => (back = keep()), true);
  element.addEventListener("pointercancel", () => back());
}

/**
 * A labelled slider for one trait, with its value beside it.
 * @template {string} K
 * @template {Record<K, number>} S
 * @param {Model<S>} model
 * @param {string} label
 * @param {K & keyof S} trait
 * @param {number} min
 * @param {number} max
 * @param {number} [step]
 */
export function slider(model, label, trait, min, max, step = 1) {
  const range = { min: String(min), max: String(max), step: String(step) };
  const input = make("input", { type: "range", ...range });
  const value = make("output");
  takeBackOnScroll(input, () => {
    const before = input.value;
    return () => {
      input.value = before;
      input.dispatchEvent(new Event("input"));
    };
  });
  input.oninput = () => {
    model.set(trait, /** @type {S[K & keyof S]} */ (Number(input.value)));
    model.save_changes();
  };
  return {
    element: make("label", { className: "lx-slider" }, `${label} `, input, " ", value),
    draw: () => {
      input.value = String(model.get(trait));
      value.textContent = input.value.replace("-", "−");
    },
  };
}

/**
 * Name what one step of the reader takes: the controls, what they act on, and what comes of it. On
 * a phone all of it is in view together.
 * @param {Record<"control" | "input" | "result", (HTMLElement | SVGElement)[]>} parts
 */
export function oneStep(parts) {
  for (const [part, elements] of Object.entries(parts)) {
    for (const element of elements) element.dataset.step = part;
  }
}

/** Whether the reader has come to the page by its address; who reloads it or comes back returns to where they were. */
export function isArrival() {
  const [visit] = performance.getEntriesByType("navigation");
  return /** @type {PerformanceNavigationTiming} */ (visit)?.type === "navigate";
}

/** Whether the reader asks for little motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Draw now and on every change of a trait; changes within a frame are drawn once. The function that
 * comes back takes all
 * of it away again.
 * @template {object} S
 * @param {Model<S>} model
 * @param {HTMLElement} el
 * @param {string} figure the name of the figure's module
 * @param {readonly (keyof S & string)[]} traits
 * @param {Node[]} children
 * @param {() => void} draw
 * @param {() => void} [leave] stops what runs
 */
export function mount(model, el, figure, traits, children, draw, leave = () => {}) {
  el.classList.add("explorable", "mounted", figure);
  el.dataset.explorable = figure;
  el.replaceChildren(...children);
  const events = traits.map((trait) => `change:${trait}`).join(" ");
  let frame = 0;
  const schedule = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
  model.on(events, schedule);
  draw();
  return () => {
    cancelAnimationFrame(frame);
    model.off(events, schedule);
    leave();
  };
}

/**
 * A button that stops what runs, and brings back the traits as the cell has set them. In Jupyter
 * `_start` keeps them,
 * since a page that is loaded anew meets a model that has changed; on a page without a kernel they
 * are those of now.
 * @template {object} S
 * @param {Model<S>} model
 * @param {readonly (keyof S & string)[]} traits
 * @param {() => void} [stop]
 */
export function resetButton(model, traits, stop = () => {}) {
  const now = structuredClone(stateOf(model, traits));
  const kept = /** @type {Model<{_start?: Partial<S>}>} */ (/** @type {unknown} */ (model));
  return button("Reset", () => {
    stop();
    const start = { ...now, ...kept.get("_start") };
    change(model, structuredClone(pick(start, traits)));
  });
}

/** @template {object} S @param {S} state @param {readonly (keyof S & string)[]} traits */
const pick = (
  state,
  traits,
) => /** @type {Partial<S>} */ (Object.fromEntries(traits.map((trait) => [trait, state[trait]])));
