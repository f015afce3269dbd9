// Questions whose numbers are drawn anew: does what exercises/draw.py does in Python.

import { fill } from "./answers.js";

/**
 * @typedef {Record<string, number>} Values
 * @typedef {{values: Record<string, number[]>, ask: string, why: string, answer: string, near: Record<string, string>,
 *   words: Record<string, string>}} Draw formulas of the answer and of what misconceptions give, and texts with places
 * @typedef {{label: string, near: {key: string, value: number, why: string}[], otherwise: string, draw: Draw}} Entry
 */

/**
 * What a formula gives: numbers and names, + − * /, brackets, floor and ceil.
 * @param {string} formula @param {Values} values @returns {number}
 */
export function compute(formula, values) {
  const tokens = formula.match(/\d+(?:\.\d+)?|\w+|[-+*/()]/g) ?? [];
  let place = 0;
  const next = () => tokens[place++];
  /** Take a token if it comes next. @param {string} token */
  const take = (token) => tokens[place] === token && next() !== undefined;
  function sum() {
    let value = product();
    while (true) {
      if (take("+")) value += product();
      else if (take("-")) value -= product();
      else return value;
    }
  }
  function product() {
    let value = part();
    while (true) {
      if (take("*")) value *= part();
      else if (take("/")) value /= part();
      else return value;
    }
  }
  function inBrackets() {
    const value = sum();
    next();
    return value;
  }
  /** @returns {number} */
  function part() {
    if (take("-")) return -part();
    const token = next();
    if (token === "(") return inBrackets();
    if (take("(")) return Math[/** @type {"floor" | "ceil"} */ (token)](inBrackets());
    return /^\d/.test(token) ? Number(token) : values[token];
  }
  return sum();
}

/** The question that is asked with these values. @param {Entry} entry @param {Values} values */
export function drawn({ label, near, otherwise, draw }, values) {
  const answer = compute(draw.answer, values);
  const places = Object.fromEntries(
    Object.entries({ ...values, answer }).map(([name, value]) => [name, String(value)]),
  );
  return {
    kind: /** @type {const} */ ("number"),
    ask: fill(draw.ask, places),
    label,
    answer,
    why: fill(draw.why, places),
    otherwise,
    near: Object.entries(draw.near).map(([key, formula]) => {
      const known = near.filter((one) => one.key === key)[0];
      const why = fill(draw.words[key] ?? known.why, places);
      return { ...known, value: compute(formula, values), why };
    }),
  };
}

/** A value for each name. @param {Draw} draw @param {() => number} random at least 0, below 1 @returns {Values} */
export const pickValues = ({ values }, random) =>
  Object.fromEntries(
    Object.entries(values).map(([name, all]) => [name, all[Math.floor(random() * all.length)]]),
  );
