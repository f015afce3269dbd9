// A box that scrolls must be within reach of the keyboard; one that does not should cost no tab stop. Code that is out of
// view has no size yet: its turn comes when the reader comes near. Boxes are measured in the next frame, because measuring
// lays out more code, whose boxes would get a size too late to be observed in the same frame.

document.addEventListener("DOMContentLoaded", () => {
  /** @param {ResizeObserverEntry[]} entries */
  function setTabStops(entries) {
    const boxes = entries.map(({ target }) => ({
      target,
      scrolls: target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight,
    }));
    for (const { target, scrolls } of boxes) {
      if (scrolls) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  }
  const observer = new ResizeObserver((entries) =>
    requestAnimationFrame(() => setTabStops(entries))
  );
  const boxes =
    ".bd-article :is(pre, .cell_output > .output, .pst-scrollable-table-container, div.math)";
  for (const box of document.querySelectorAll(boxes)) observer.observe(box);
});
