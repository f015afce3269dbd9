// Mounts the explorables of a page that has no kernel, each when it comes near the viewport, each
// with a model of its own.

import { button, isArrival, make } from "./controls.js";

/**
 * A figure that `isLate` asks for its code and its weights itself.
 * @typedef {Record<string, unknown>} State
 * @typedef {{
 *   render(host: import("../model.d.ts").Host<State>): () => void, isLate?: boolean,
 * }} Figure
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

/** Files by their names, as base64. @typedef {Record<string, string>} Files */

/** What scripts have handed over, by what it belongs to. @type {Record<string, Files>} */
const handed = {};

/** The scripts that the page has asked for, by their addresses. @type {Map<string, Promise<void>>} */
const asked = new Map();

/**
 * Ask for a script, once. Weights and digits are scripts too, since a page that was opened as a file
 * may fetch nothing.
 * @param {string} address
 */
function ask(address) {
  const before = asked.get(address);
  if (before) return before;
  Object.assign(globalThis, { courseFiles: handed });
  const script = document.createElement("script");
  script.src = address;
  /** @type {Promise<void>} */
  const loaded = new Promise((done, refuse) => {
    script.onload = () => done();
    script.onerror = () => {
      const file = address.slice(address.lastIndexOf("/") + 1);
      refuse(new Error(`${file} did not load; reload the page`));
    };
  });
  document.head.append(script);
  asked.set(address, loaded);
  return loaded;
}

/** @param {string} text base64 */
const bytes = (text) =>
  new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);

/**
 * The weights of a figure, whose files its state names.
 * @param {unknown} weights the name of a file, or several
 * @param {string} name the name of the figure
 * @param {string} base the address beside which the folder of the weights lies
 */
export async function loadWeights(weights, name, base) {
  await ask(new URL(`weights/${name}.js`, base).href);
  /** @param {string} file */
  const read = (file) => bytes(handed[name][file]);
  return Array.isArray(weights) ? weights.map(read) : read(String(weights));
}

/**
 * The state of a figure; with ways to ask for what trains networks, and for the digits, if it trains.
 * @param {State} state
 * @param {string} base the address beside which the scripts lie
 * @returns {State}
 */
export function withTraining(state, base) {
  const { digits } = state;
  if (!Array.isArray(digits)) return state;
  async function askForTraining() {
    await ask(new URL("training.js", base).href);
    const make = Reflect.get(globalThis, "courseTraining");
    return {
      text: `(${make})().serve(self);`,
      type: "classic",
      load: () => Promise.resolve(make()),
    };
  }
  /** @param {string} name */
  async function askForDigits(name) {
    await ask(new URL(`digits/${name}.js`, base).href);
    return bytes(handed[name][`${name}.bin`]);
  }
  const sets = digits.map((name) => [name, () => askForDigits(name)]);
  return { ...state, _training: askForTraining, _digits: Object.fromEntries(sets) };
}

/** What stands in the place of a figure until it is drawn. @param {HTMLElement} el @param {...Node} more */
function announce(el, ...more) {
  const title = make("p", { className: "lx-panel-title", textContent: el.ariaLabel ?? "" });
  el.replaceChildren(title, ...more);
}

/**
 * Draw a figure in its place once its code and its weights have come: it appears whole, and nothing
 * moves afterwards. Where it needs neither, it is there at once.
 * @param {Figure | Promise<Figure>} coming
 * @param {import("../model.d.ts").Host<State>} host
 * @param {string} name
 * @param {string} base the address beside which the scripts lie
 */
async function draw(coming, { model, el }, name, base) {
  try {
    const weights = model.get("weights");
    let figure = coming;
    if (weights || figure instanceof Promise) {
      announce(el, make("p", { textContent: "Loading …" }));
      const files = weights && loadWeights(weights, name, base);
      const come = await Promise.all([figure, files]);
      figure = come[0];
      model.set("_weights", come[1]);
    }
    el.replaceChildren();
    figure.render({ model, el });
  } catch (error) {
    fail(el, error);
  }
}

/**
 * A figure whose code is large: it is asked for, and the weights with it, when the reader opens the
 * figure, or has come by a link to it; at once, where the element does not say that it is late. Where
 * the code has come before, as on paper, the figure is open.
 * @param {string} name
 * @param {string} base the address beside which the scripts lie
 * @returns {Figure}
 */
export function late(name, base) {
  /** The figure, if its code has come. @returns {Figure | undefined} */
  const find = () => Reflect.get(globalThis, "courseModules")?.[`${name}.js`]?.default;
  async function fetchCode() {
    await ask(new URL(`late/${name}.js`, base).href);
    return /** @type {Figure} */ (find());
  }
  return {
    isLate: true,
    render(host) {
      const { model, el } = host;
      const load = () => draw(find() ?? fetchCode(), host, name, base);
      if (find() || !("late" in el.dataset)) {
        load();
        return () => {};
      }
      /** @param {boolean} takesFocus */
      async function start(takesFocus) {
        open.disabled = true;
        await load();
        if (takesFocus) el.querySelector("select")?.focus();
      }
      const open = button("Open", () => start(true));
      open.classList.add("lx-main");
      el.classList.add("explorable", "mounted");
      announce(el, make("p", { textContent: "Its code is loaded when you open it." }), open);
      if (location.hash.split("?")[0] === `#${model.get("name")}`) start(isArrival());
      return () => {};
    },
  };
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

/** For how many milliseconds figures start before the page is shown again. */
const AT_ONCE = 8;

/** Let the browser show what has changed, and answer the reader, before the work goes on. */
const breathe = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

/**
 * Mount each of these figures on the page when it comes near the viewport, or when the page is idle.
 * @param {Record<string, Figure>} figures
 * @param {string} base the address beside which the other scripts lie
 */
export function mountAll(figures, base) {
  /** Start a figure, unless it has started. @param {Element} el */
  function start(el) {
    const root = /** @type {HTMLElement} */ (el);
    const name = root.dataset.explorable ?? "";
    const stored = root.querySelector("script[type='application/json']");
    if (!stored) return;
    try {
      const model = new PageModel(withTraining(JSON.parse(stored.textContent ?? ""), base));
      const host = { model, el: root };
      const figure = figures[name];
      if (figure.isLate) figure.render(host);
      else draw(figure, host, name, base);
    } catch (error) {
      fail(root, error);
    }
  }

  /** What the reader is near to; what has come last is first. @type {Element[]} */
  const near = [];
  let starting = false;
  /** Start them a few at a time: the page answers the reader in between. */
  async function startNear() {
    if (starting) return;
    starting = true;
    let began = performance.now();
    for (let el = near.shift(); el; el = near.shift()) {
      start(el);
      if (performance.now() - began < AT_ONCE) continue;
      await breathe();
      began = performance.now();
    }
    starting = false;
  }
  const nearby = new IntersectionObserver(
    (entries) => {
      const targets = entries.filter((entry) => entry.isIntersecting).map(({ target }) => target);
      targets.forEach((target) => nearby.unobserve(target));
      near.unshift(...targets);
      startNear();
    },
    { rootMargin: "200% 0px" },
  );
  const selector = Object.keys(figures).map((name) => `[data-explorable=${name}]`).join();
  const all = [...document.querySelectorAll(selector)];
  all.forEach((el) => nearby.observe(el));
  // The others follow while nothing else is to be done; those with weights wait, as they ask for a file.
  const later = all.filter((el) => !el.textContent?.includes('"weights":'));
  const whenIdle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 200));
  async function startNext() {
    const el = later.shift();
    if (!el) return;
    start(el);
    await breathe();
    whenIdle(startNext);
  }
  addEventListener("load", () => whenIdle(startNext));
  // On paper a figure that was never scrolled to would be an empty box.
  addEventListener("beforeprint", () => all.forEach(start));
}
