// Mounts the explorables of a page that has no kernel, each when it comes near the viewport, each with a model of its own.

/** The part of anywidget's model that the explorables use. */
export class PageModel {
  /** @param {Record<string, unknown>} state */
  constructor(state) {
    this.state = { ...state };
    this.events = new EventTarget();
    /** @type {Map<Function, EventListener>} */
    this.listeners = new Map();
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
    this.events.dispatchEvent(new Event("change"));
  }

  /** @param {string} names @param {Function} callback */
  on(names, callback) {
    const listener = () => callback();
    this.listeners.set(callback, listener);
    for (const name of names.split(" ")) this.events.addEventListener(name, listener);
  }

  /** @param {string} names @param {Function} callback */
  off(names, callback) {
    for (const name of names.split(" ")) {
      this.events.removeEventListener(name, this.listeners.get(callback) ?? null);
    }
  }

  save_changes() {}
}

/** @param {HTMLElement} el */
const load = (el) => import(new URL(`./${el.dataset.explorable}.js`, import.meta.url).href);

/** @param {HTMLElement} el */
async function mount(el) {
  try {
    const state = JSON.parse(el.querySelector("script[type='application/json']").textContent);
    const module = await load(el);
    el.replaceChildren();
    module.default.render({ model: new PageModel(state), el });
  } catch (error) {
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = `This figure could not start: ${
      error instanceof Error ? error.message : error
    }`;
    el.replaceChildren(message);
  }
}

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
for (const el of document.querySelectorAll("[data-explorable]")) {
  nearby.observe(el);
  // The module comes ahead of its turn, so that the figure is there before it is seen. `mount` reports what fails.
  addEventListener("load", () => load(/** @type {HTMLElement} */ (el)).catch(() => {}));
}
