// A box that scrolls must be within reach of the keyboard; one that does not should cost no tab stop. Code that is out of
// view has no size yet: its turn comes when the reader comes near.

document.addEventListener("DOMContentLoaded", () => {
  const observer = new ResizeObserver((entries) => {
    const boxes = entries.map(({ target }) => ({
      target,
      scrolls: target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight,
    }));
    for (const { target, scrolls } of boxes) {
      if (scrolls) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  const boxes =
    ".bd-article :is(pre, .cell_output > .output, .pst-scrollable-table-container, div.math)";
  for (const box of document.querySelectorAll(boxes)) observer.observe(box);
});
