// Mounts the explorables of a page that has no kernel, each when it comes near the viewport, each
// with a model of its own.

/**
 * @typedef {Record<string, unknown>} State
 * @typedef {import("../model.d.ts").Host<State>} Host
 * @typedef {{default: {render(host: Host): () => void}}} Figure
 */

/** The part of anywidget's model that the explorables use. */
export class PageModel {
  /** @param {State} state */
  constructor(state) {
    this.state = { ...state };
    this.events = new EventTarget();
  }

  /** @param {string} name */
  get(name) {
    return this.state[name];
  }

  /** @param {string} name @param {unknown} value */
  set(name, value) {
    if (Object.is(this.state[name], value)) return;
    this.state[name] = value;
    this.events.dispatchEvent(new Event(`change:${name}`));
  }

  /** @param {string} names @param {() => void} callback */
  on(names, callback) {
    for (const name of names.split(" ")) this.events.addEventListener(name, callback);
  }

  /** @param {string} names @param {() => void} callback */
  off(names, callback) {
    for (const name of names.split(" ")) this.events.removeEventListener(name, callback);
  }

  save_changes() {}
}

/** The modules that have been loaded, by name. @type {Map<string, Figure>} */
const modules = new Map();

/** @param {HTMLElement} el */
const nameOf = (el) => el.dataset.explorable ?? "";

/** @param {HTMLElement} el @returns {Promise<void>} */
async function load(el) {
  const name = nameOf(el);
  modules.set(
    name,
    modules.get(name) ?? await import(new URL(`./${name}.js`, import.meta.url).href),
  );
}

/**
 * Say in place of a figure that it could not start.
 * @param {HTMLElement} el
 * @param {unknown} error
 */
function fail(el, error) {
  const reason = error instanceof Error ? error.message : error;
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent = `This figure could not start: ${reason}`;
  el.replaceChildren(message);
}

/** Start a figure whose module has been loaded. @param {HTMLElement} el */
function start(el) {
  const stored = el.querySelector("script[type='application/json']");
  const module = modules.get(nameOf(el));
  if (!stored || !module) return;
  try {
    const model = new PageModel(JSON.parse(stored.textContent ?? ""));
    el.replaceChildren();
    module.default.render({ model, el });
  } catch (error) {
    fail(el, error);
  }
}

/** @param {HTMLElement} el */
const mount = (el) => load(el).then(() => start(el), (error) => fail(el, error));

const nearby = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      nearby.unobserve(target);
      mount(/** @type {HTMLElement} */ (target));
    }
  },
  { rootMargin: "200% 0px" },
);
const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-explorable]")]);
for (const el of all) {
  nearby.observe(el);
  // The module is fetched early, so that the figure stands before it is seen. `mount` reports what
  // fails.
  addEventListener("load", () => load(el).catch(() => {}));
}
// On paper a figure that was never scrolled to would be an empty box.
addEventListener("beforeprint", () => all.forEach(start));
