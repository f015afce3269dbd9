// A box that scrolls sideways must be within reach of the keyboard; one that does not should cost
// no tab stop.
// The theme does the same for code and outputs, not for tables and formulas.
document.addEventListener("DOMContentLoaded", () => {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(".pst-scrollable-table-container, div.math")) {
    observer.observe(box);
  }
});
