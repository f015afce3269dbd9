// Plots in SVG: elements with attributes, and paths through points.

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Element | string)} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * A number or a name beside an axis.
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {"start" | "middle" | "end"} [anchor]
 */
export const tick = (x, y, text, anchor = "middle") =>
  svg("text", { class: "lx-tick", x, y, "text-anchor": anchor }, text);

/** The path through points. @param {(readonly number[])[]} points */
export const path = (points) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");

/** The end of a scale: a number of one digit times a power of ten. @param {number} most */
export function niceEnd(most) {
  const power = 10 ** Math.floor(Math.log10(most || 1));
  return (([1, 2, 3, 4, 6, 8, 10].find((factor) => factor * power >= most * 0.999)) ?? 10) * power;
}
