// How the figures write numbers and moves. No DOM in here.

/** A number with a minus sign that is as long as a plus. @param {number | string} value */
export const minus = (value) => String(value).replaceAll("-", "−");

/**
 * A number as the figures write it.
 * @param {number} value
 * @param {number} [digits] after the point; a whole number has none
 */
export function show(value, digits = 2) {
  const text = (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits);
  return minus(digits && Number.isInteger(value) ? value : text);
}

/**
 * A number to calculate with: at most four digits after the point, as many as it has.
 * @param {number} value
 */
export const exact = (value) => minus(Number(value.toFixed(4)));

/**
 * A number with its thousands apart. The browser's own way takes long the first time.
 * @param {number} value
 */
export function grouped(value) {
  const [whole, ...rest] = minus(value).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}

/**
 * How many digits after the point a cell has room for; undefined where it has none for a number.
 * @param {number} width how many cells stand in a row
 * @param {number} [most] the largest size of a number
 */
export const digitsFor = (width, most = 1) => width > 14 ? undefined : most < 9.95 ? 1 : 0;

/**
 * How far something has moved, in words; an empty text if it has not.
 * @param {number} down
 * @param {number} right
 * @param {number} [most] as far as it goes
 */
export function moveInWords(down, right, most = Infinity) {
  const parts = [];
  const far = (/** @type {number} */ by) =>
    `${Math.abs(by)}${Math.abs(by) < most ? "" : ", the most,"}`;
  if (down) parts.push(`${far(down)} ${down > 0 ? "down" : "up"}`);
  if (right) parts.push(`${far(right)} to the ${right > 0 ? "right" : "left"}`);
  return parts.length ? `Moved by ${parts.join(" and ")}` : "";
}
