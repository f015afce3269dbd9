// The probabilities of the ten digits as upright bars.

import { make, setLabel } from "./controls.js";
import { show } from "./words.js";

export function createBars() {
  const bars = Array.from({ length: 10 }, () => make("i"));
  const columns = bars.map((bar, digit) =>
    make("span", {}, make("span", { className: "lx-bar" }, bar), String(digit))
  );
  const element = make("div", { className: "lx-ten", role: "img" }, ...columns);
  /** @param {ArrayLike<number>} probabilities @param {number} marked the digit whose bar stands out */
  function draw(probabilities, marked) {
    bars.forEach((bar, digit) => {
      bar.style.height = `${100 * probabilities[digit]}%`;
      bar.className = digit === marked ? "lx-marked" : "";
    });
    const each = Array.from(probabilities, (share, digit) => `${digit} ${show(share)}`);
    setLabel(element, `Probabilities: ${each.join(", ")}`);
  }
  return { element, draw };
}
