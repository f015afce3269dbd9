"""Measure how long the Convolution figure takes to redraw in headless Chromium.

The figure shows a 28×28 image, a 5×5 kernel and the complete feature map. The program prints the 95th percentile of the
time of a redraw with its layout, and for comparison the time of the same arithmetic in a plain loop. It fails if a
redraw takes longer than the limit.
"""

from __future__ import annotations

import sys

from bench_page import measure

from lessons_lib.explorables.base import STATIC

LIMIT_MS = 8.0
REDRAWS = 300

# A frame is drawn at once, not with the next refresh of the screen, so that only a redraw and its layout are timed.
MEASURE = """async (redraws) => {
  const [{ default: figure }, { PageModel }] = await Promise.all([import("./convolution.js"), import("./host.js")]);
  window.requestAnimationFrame = (draw) => (draw(), 0);
  const random = () => Math.round(100 * Math.random()) / 100;
  const rows = (size) => Array.from({ length: size }, () => Array.from({ length: size }, random));
  const [image, kernel] = [rows(28), rows(5)];
  const model = new PageModel({ image, kernel, strides: 1, padding: "valid", dilation_rate: 1, stop: 0, filled: 576,
    painting: false });
  const el = document.body.appendChild(document.createElement("div"));
  figure.render({ model, el });
  const percentile95 = (work) => {
    for (let i = 0; i < 100; i++) work(i);
    const times = Array.from({ length: redraws }, (_, i) => {
      const start = performance.now();
      work(i);
      return performance.now() - start;
    });
    return times.sort((a, b) => a - b)[Math.floor(0.95 * redraws)];
  };
  const edit = (lines, i) => lines.map((line, row) => (row === i % lines.length ? line.with(2, random()) : line));
  const changes = [
    ["move the window", (i) => model.set("stop", (37 * i) % 576)],
    ["edit a pixel", (i) => model.set("image", edit(model.get("image"), i))],
    ["edit a weight", (i) => model.set("kernel", edit(model.get("kernel"), i))],
  ];
  const redraw = changes.map(([name, work]) => [name, percentile95((i) => (work(i), el.offsetHeight))]);
  const loop = percentile95(() => {
    const map = [];
    for (let i = 0; i < 24; i++) for (let j = 0; j < 24; j++) {
      let sum = 0;
      for (let tap = 0; tap < 25; tap++) {
        const [m, n] = [Math.floor(tap / 5), tap % 5];
        sum += image[i + m][j + n] * kernel[m][n];
      }
      map.push(sum);
    }
    return map;
  });
  return { redraw, loop };
}"""


def main() -> int:
    """Print the measurements; return 1 if a redraw is above the limit."""
    result = measure(STATIC, MEASURE, REDRAWS, sheets=("explorable.css", "convolution.css"))
    for name, milliseconds in result["redraw"]:
        print(f"{name + ':':<17}{milliseconds:6.2f} ms at the 95th percentile of {REDRAWS} redraws")
    worst, loop = max(milliseconds for _, milliseconds in result["redraw"]), result["loop"]
    ratio = f"a redraw takes {worst / loop:.0f} times as long" if loop else "too short for this clock"
    print(f"plain loop: {loop:.2f} ms; {ratio}")
    print(f"limit: {LIMIT_MS:.0f} ms {'kept' if worst <= LIMIT_MS else 'exceeded'}")
    return int(worst > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
