// The controls that the explorables share: real buttons, selects and outputs, bound to one trait each.

/**
 * @typedef {{get(name: string): any, set(name: string, value: unknown): void, save_changes(): void,
 *   on(names: string, callback: Function): void, off(names: string, callback: Function): void}} Model
 */

/**
 * Make an element with properties and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, unknown>} [properties] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  if ("tabIndex" in properties || ["button", "input", "select", "summary"].includes(tag))
    element.dataset.lmSuppressShortcuts = "true";
  element.append(...children);
  return element;
}

/** @param {string} text @param {() => void} onClick */
export const button = (text, onClick) => make("button", { type: "button", textContent: text, onclick: onClick });

/** A panel with its title. @param {string} title @param {...Node} children */
export function panel(title, ...children) {
  const heading = make("p", { className: "panel-title", textContent: title });
  const element = make("div", { className: "panel" }, heading, ...children);
  return { element, heading };
}

/** The traits as they are now. @param {Model} model @param {string[]} traits @returns {any} */
export const stateOf = (model, traits) => Object.fromEntries(traits.map((name) => [name, model.get(name)]));

/** A line that says in words what the figure shows, and is read aloud when it changes. */
export function sentence() {
  const element = make("output", { className: "sentence" });
  element.setAttribute("aria-live", "polite");
  return element;
}

/** A table that may scroll sideways in a box of its own. @param {string} label @param {string[]} heads */
export function table(label, heads) {
  const body = make("tbody");
  const row = make("tr", {}, ...heads.map((text) => make("th", { textContent: text, scope: "col" })));
  const element = make("div", { className: "scroller", tabIndex: 0 }, make("table", {}, make("thead", {}, row), body));
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", label);
  return { element, body };
}

/** Change traits together. @param {Model} model @param {Record<string, unknown>} changes */
export function change(model, changes) {
  for (const [name, value] of Object.entries(changes)) model.set(name, value);
  model.save_changes();
}

/**
 * A labelled select for one trait.
 * @param {Model} model @param {string} label @param {string} name @param {(string | number)[]} options
 * @param {(value: any) => Record<string, unknown>} [also] what changes with it
 */
export function select(model, label, name, options, also = () => ({})) {
  const choices = options.map((option) => make("option", { value: String(option), textContent: String(option) }));
  const element = make("select", {}, ...choices);
  element.onchange = () => change(model, { ...also(options[element.selectedIndex]), [name]: options[element.selectedIndex] });
  return {
    element: make("label", {}, label, " ", element),
    draw: () => (element.value = String(model.get(name))),
  };
}

/**
 * A labelled slider for one trait, with its value beside it.
 * @param {Model} model @param {string} label @param {string} name @param {number} min @param {number} max @param {number} [step]
 */
export function slider(model, label, name, min, max, step = 1) {
  const input = make("input", { type: "range", min: String(min), max: String(max), step: String(step) });
  const value = make("output");
  input.oninput = () => change(model, { [name]: Number(input.value) });
  return {
    element: make("label", { className: "slider" }, `${label} `, input, " ", value),
    draw: () => {
      input.value = String(model.get(name));
      value.textContent = input.value;
    },
  };
}

/**
 * Draw now, on every change of a trait, and return what takes all of it away again. Changes within a frame are drawn once.
 * @param {Model} model @param {HTMLElement} el @param {string} className @param {string[]} traits
 * @param {Node[]} children @param {() => void} draw @param {() => void} [leave]
 */
export function mount(model, el, className, traits, children, draw, leave = () => {}) {
  el.classList.add("explorable", className);
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
