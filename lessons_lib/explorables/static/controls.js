// The controls that the explorables share: real buttons, selects and outputs, bound to one trait each.

/**
 * @typedef {{get(name: string): any, set(name: string, value: unknown): void, save_changes(): void,
 *   on(names: string, callback: Function): void, off(names: string, callback: Function): void}} Model
 */

/**
 * Make an element with properties (`role` and `ariaLabel` among them) and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, unknown>} [properties] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  if ("tabIndex" in properties || ["button", "input", "select", "summary"].includes(tag)) {
    element.dataset.lmSuppressShortcuts = "true";
  }
  element.append(...children);
  return element;
}

/** @param {string} text @param {() => void} onClick */
export const button = (text, onClick) =>
  make("button", { type: "button", textContent: text, onclick: onClick });

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

/** The traits as they are now. @param {Model} model @param {string[]} traits @returns {any} */
export const stateOf = (model, traits) =>
  Object.fromEntries(traits.map((name) => [name, model.get(name)]));

/** A line that says in words what the figure shows, and is read aloud when it changes. */
export const sentence = () => make("output", { className: "sentence", ariaLive: "polite" });

/** A table that may scroll sideways in a box of its own. @param {string} label @param {string[]} heads */
export function table(label, heads) {
  const body = make("tbody");
  const row = make(
    "tr",
    {},
    ...heads.map((text) => make("th", { textContent: text, scope: "col" })),
  );
  const content = make("table", {}, make("thead", {}, row), body);
  const element = make("div", {
    className: "lx-scroller",
    tabIndex: 0,
    role: "region",
    ariaLabel: label,
  }, content);
  return { element, body };
}

/** Change traits together. @param {Model} model @param {Record<string, unknown>} changes */
export function change(model, changes) {
  for (const [name, value] of Object.entries(changes)) model.set(name, value);
  model.save_changes();
}

/** A select that tells which of its options was chosen. @param {(string | number)[]} options @param {(value: any) => void} onChoose */
export function choice(options, onChoose) {
  const element = make(
    "select",
    {},
    ...options.map((option) => make("option", { textContent: String(option) })),
  );
  element.onchange = () => onChoose(options[element.selectedIndex]);
  return element;
}

/** A control with its name before it. @param {string} text @param {Node} control */
export const labelled = (text, control) => make("label", {}, `${text} `, control);

/**
 * A labelled select for one trait.
 * @param {Model} model @param {string} label @param {string} name @param {(string | number)[]} options
 * @param {(value: any) => Record<string, unknown>} [also] what changes with it
 */
export function select(model, label, name, options, also = () => ({})) {
  const element = choice(options, (value) => change(model, { ...also(value), [name]: value }));
  return {
    element: labelled(label, element),
    draw: () => (element.value = String(model.get(name))),
  };
}

/**
 * A labelled slider for one trait, with its value beside it.
 * @param {Model} model @param {string} label @param {string} name @param {number} min @param {number} max @param {number} [step]
 */
export function slider(model, label, name, min, max, step = 1) {
  const input = make("input", {
    type: "range",
    min: String(min),
    max: String(max),
    step: String(step),
  });
  const value = make("output");
  input.oninput = () => change(model, { [name]: Number(input.value) });
  return {
    element: make("label", { className: "lx-slider" }, `${label} `, input, " ", value),
    draw: () => {
      input.value = String(model.get(name));
      value.textContent = input.value.replace("-", "−");
    },
  };
}

/** Whether the reader asks for little motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Draw now, on every change of a trait, and return what takes all of it away again. Changes within a frame are drawn once.
 * @param {Model} model @param {HTMLElement} el @param {string} className @param {string[]} traits
 * @param {Node[]} children @param {() => void} draw @param {() => void} [leave]
 */
export function mount(model, el, className, traits, children, draw, leave = () => {}) {
  el.classList.add("explorable", "mounted", className);
  el.dataset.explorable = className;
  el.replaceChildren(...children);
  const events = traits.map((name) => `change:${name}`).join(" ");
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

/** A button that brings back the traits as they are now. @param {Model} model @param {string[]} traits */
export function resetButton(model, traits) {
  const start = structuredClone(stateOf(model, traits));
  return button("Reset", () => change(model, structuredClone(start)));
}
