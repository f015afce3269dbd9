// What exercises and quizzes share: the judge of numbers, sealed data, text with code in it, a reply that is read aloud,
// and what they tell a page that keeps a record, and get back from it.

import { make } from "./controls.js";

/**
 * @typedef {{key?: string, value: number, why: string}} Near a number that a misconception gives
 * @typedef {{answer: number, near: Near[]}} NumberEntry
 * @typedef {{key: string, why?: string, values?: Record<string, string>}} Finding `key` is "right", "your_turn", that of
 *   a misconception, or that of an answer of the wrong kind, which costs no try.
 * @typedef {{given: unknown, checked: boolean, failed: number, sure?: string, seen?: boolean}} Given an answer as its field
 *   holds it, whether the reply to it is shown, how often the reader was wrong, and, for a prediction, how sure, and whether its
 *   result was in view before
 * @typedef {{answer?: Partial<Given>, done: boolean}} Recalled what a page has kept of a task
 */

/** Open what Python has sealed. @param {string} sealed @returns {any} */
export const unseal = (sealed) =>
  JSON.parse(
    new TextDecoder().decode(Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0))),
  );

/** Text whose parts between backticks are code. @param {string} text @returns {(Node | string)[]} */
export const prose = (text) =>
  text.split("`").map((part, index) => (index % 2 ? make("code", { textContent: part }) : part));

/** Put `values` into the places of a text that name them in braces. @param {string} text @param {Record<string, string>} values */
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

// ---- The judge of numbers: it does what judges.number does in Python ----

const TOLERANCE = 1e-6;
const ROUNDED = 0.003;
const NUMBER = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i;
/** Every dash and every minus, and the long vowel that a Japanese keyboard has in their place. */
const MINUS = /[\p{Pd}−˗➖ー]/gu;
const GROUPED = /^([+-]?)(\d{1,3}(?:([ '.,_])\d{3})(?:\3\d{3})*)((?:[.,]\d*)?)$/;

/** A whole number and a fraction beside it, as 4 1/2. */
const MIXED = /^([+-]?)(\d+) ([1-9]\d?)\/([1-9]\d?)$/;

/**
 * A text in plain letters. A fraction of one sign stands beside the digits before it: 4½ is 4 1/2. Other signs for
 * digits, high or in circles, are none here: 10² is not 102.
 * @param {string} text
 */
function plainOf(text) {
  const apart = text.replace(/\p{No}/gu, (sign) => {
    const plain = sign.normalize("NFKC");
    return plain.includes("⁄") ? ` ${plain}` : "?";
  });
  return apart.normalize("NFKC").trim().replace(MINUS, "-").replace(/’/g, "'")
    .replace(/⁄/g, "/").replace(/\s+/g, " ").replace(/^([+-]) /, "$1");
}

/**
 * All numbers that a text may mean: none, one, or two where a comma may part thousands or decimals ("1,217"),
 * where a point may do so because a whole number is asked for, and where a percentage may stand for a share ("80 %").
 * A fraction ("4/10", "4½") is the number that it comes to.
 * Every kind of minus, digits of double width, a decimal comma and groups of three digits are read.
 * @param {string} text @param {boolean} [whole] whether a whole number is asked for @returns {number[]}
 */
export function readings(text, whole = false) {
  const plain = plainOf(text);
  if (!plain.endsWith("%")) return fractionReadings(plain, whole);
  const found = fractionReadings(plain.slice(0, -1).trim(), whole);
  return [...new Set(found.flatMap((n) => [n, n / 100]))];
}

/** What a text without a sign of percent may mean. @param {string} plain @param {boolean} whole */
function fractionReadings(plain, whole) {
  const [, sign, ones, above, below] = MIXED.exec(plain) ?? [];
  if (ones) return [(sign === "-" ? -1 : 1) * (Number(ones) + Number(above) / Number(below))];
  const parts = plain.split("/").map((part) => plainReadings(part.trim(), whole));
  if (parts.length === 1) return parts[0];
  const isFraction = parts.length === 2 && parts.every(({ length }) => length === 1);
  return isFraction && parts[1][0] !== 0 ? [parts[0][0] / parts[1][0]] : [];
}

/** What a text without a sign of percent or fraction may mean. @param {string} plain @param {boolean} whole */
function plainReadings(plain, whole) {
  const asNumber = NUMBER.test(plain) ? [Number(plain.replace(",", "."))] : [];
  const [, sign, digits, separator, rest] = GROUPED.exec(plain) ?? [];
  const once = digits?.split(separator).length === 2;
  // A point is this course's decimal point, a group does not begin with 0, and one sign cannot do both services.
  const grouped = digits && !digits.startsWith("0") && rest[0] !== separator &&
    !(separator === "." && once && !rest && !whole);
  if (!grouped) return asNumber;
  const asGroups = Number(sign + digits.split(separator).join("") + rest.replace(",", "."));
  return [asGroups, ...asNumber];
}

/** The number that a text means; NaN if it means none, or may mean two. @param {string} text */
export function numberOf(text) {
  const possible = readings(text);
  return possible.length === 1 ? possible[0] : NaN;
}

/** @param {NumberEntry} entry @param {string} text @returns {Finding} */
export function judgeNumber({ answer, near }, text) {
  if (!text.trim()) return { key: "your_turn" };
  const [large, small] = readings(text, Number.isInteger(answer));
  if (small !== undefined) {
    const values = { got: text.trim(), large: String(large), small: String(small) };
    return { key: "two_readings", values };
  }
  const value = numberOf(text);
  if (Number.isNaN(value)) {
    return { key: "not_a_number", values: { got: `the text '${text.trim()}'` } };
  }
  if (Math.abs(value - answer) < TOLERANCE) return { key: "right" };
  const known = near.find((one) => comesNear(value, one.value));
  return known ? { key: known.key ?? "near", why: known.why } : { key: "otherwise" };
}

/**
 * Whether a number is that of a misconception: a decimal fraction may be rounded to about three digits.
 * @param {number} value @param {number} known
 */
function comesNear(value, known) {
  const rounding = Number.isInteger(known) ? 0 : ROUNDED * Math.abs(known);
  return Math.abs(value - known) < Math.max(TOLERANCE, rounding);
}

/** Let Enter in a field submit the form, also in JupyterLab, which cancels the key. @param {HTMLFormElement} form */
export function submitOnEnter(form) {
  form.onkeydown = (event) => {
    const inField = event.target instanceof HTMLInputElement;
    if (event.key !== "Enter" || event.isComposing || !inField) return;
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit();
  };
}

/**
 * A field for a number, with its label; `read` and `write` are for what was typed.
 * @param {string} label @param {NumberEntry} entry
 */
export function numberField(label, { answer, near }) {
  const negative = [answer, ...near.map(({ value }) => value)].some((value) => value < 0);
  const input = make("input", {
    type: "text",
    // The number pad of a phone may have no minus.
    inputMode: negative ? "text" : "decimal",
    autocomplete: "off",
    className: "number",
  });
  const read = () => input.value;
  /** @param {unknown} given */
  const write = (given) => {
    input.value = typeof given === "string" ? given : "";
  };
  return { element: make("label", {}, `${label} `, input), read, write };
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

/**
 * Under which name the record knows an exercise. Lines in order are a task of their own: the exercise itself, to write
 * them, needs the notebook.
 * @param {string | undefined} kind @param {unknown} name
 */
export const taskOf = (kind, name) => `${kind === "order" ? "order" : "exercise"}:${name}`;

/** @param {HTMLElement} el @param {string} name @param {object} detail */
const send = (el, name, detail) =>
  el.dispatchEvent(new CustomEvent(`course:${name}`, { bubbles: true, detail }));

/** Tell the page that something is done; it may keep a record. @param {HTMLElement} el @param {string} id */
export const tellDone = (el, id) => send(el, "done", { id });

/**
 * Tell the page an answer, or a draft of one; it may keep it. `right` says what was found when the reader had it checked,
 * of a question that may be asked again; `misconceptions` are those that an answer to another question has shown.
 * @param {HTMLElement} el @param {string} task @param {Given} answer @param {boolean} [right] @param {string[]} [misconceptions]
 */
export const tellAnswer = (el, task, answer, right, misconceptions = []) =>
  send(el, "answer", { task, answer, right, misconceptions });

/**
 * Ask the page for what it has kept of a task. A page that keeps a record calls `show`, at once and whenever the record
 * changes elsewhere; JupyterLab never does.
 * @param {HTMLElement} el @param {string} task @param {(kept: Recalled) => void} show
 */
export const recall = (el, task, show) => send(el, "recall", { task, show });
