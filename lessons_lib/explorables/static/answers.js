// What exercises and quizzes share: sealed data, text with code in it, a reply that is read aloud, and the news that all is done.

import { make } from "./controls.js";

/** Open what Python has sealed. @param {string} sealed @returns {any} */
export const unseal = (sealed) =>
  JSON.parse(
    new TextDecoder().decode(Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0))),
  );

/** Text whose parts between backticks are code. @param {string} text @returns {(Node | string)[]} */
export const prose = (text) =>
  text.split("`").map((part, index) => (index % 2 ? make("code", { textContent: part }) : part));

/** A number as people write it: 1,217 or 13.5 or −2; NaN for anything else. @param {string} text */
export const numberOf = (text) => {
  const plain = text.trim().replace("−", "-").replace(/,(?=\d{3}\b)/g, "");
  return plain === "" ? NaN : Number(plain);
};

/** A field for a number, with its label. @param {string} label */
export function numberField(label) {
  const input = make("input", {
    type: "text",
    inputMode: "decimal",
    autocomplete: "off",
    className: "number",
  });
  return { input, element: make("label", {}, `${label} `, input) };
}

/**
 * The place for the reply. `say` takes whether the answer is right (null: neither), and the lines.
 */
export function reply() {
  const element = make("output", { className: "lx-reply" });
  element.setAttribute("aria-live", "polite");
  /** @param {boolean | null} right @param {...(string | Node)[]} lines */
  const say = (right, ...lines) => {
    element.classList.toggle("lx-right", right === true);
    element.classList.toggle("lx-wrong", right === false);
    element.replaceChildren(
      ...lines.map((line) => make("span", { className: "lx-line" }, ...line)),
    );
  };
  return { element, say };
}

/** Tell the page that something is done; it may keep a record. @param {HTMLElement} el @param {string} id */
export const tellDone = (el, id) =>
  el.dispatchEvent(new CustomEvent("course:done", { bubbles: true, detail: { id } }));
