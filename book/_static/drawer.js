// The drawers of a small screen, which hold the menu and the contents of the page.

{
  // A link to a place on this page closes the drawer that it stands in.
  for (const name of ["primary", "secondary"]) {
    /** @type {HTMLInputElement | null} */
    const isOpen = document.querySelector(`#pst-${name}-sidebar-checkbox`);
    document.querySelector(`.bd-sidebar-${name}`)?.addEventListener("click", ({ target }) => {
      const link = target instanceof Element && target.closest("a[href^='#']");
      if (isOpen && link) isOpen.checked = false;
    });
  }
  // A finger does not hover: there, a tooltip would take the first tap and cover the icons. This
  // runs before the theme makes the tooltips, when the page has been read.
  if (matchMedia("(hover: none)").matches) {
    for (const button of document.querySelectorAll("[data-bs-toggle='tooltip']")) {
      button.removeAttribute("data-bs-toggle");
      const name = button.getAttribute("title");
      button.removeAttribute("title");
      if (name && !button.textContent?.trim()) button.setAttribute("aria-label", name);
    }
  }
  // Escape takes the tooltips away. One that comes since a drawer has given the focus back to its
  // button stays away until the reader does something else.
  /** @type {any} */
  const theme = globalThis;
  let escaped = false;
  addEventListener("keydown", ({ key }) => {
    escaped = key === "Escape";
    if (!escaped) return;
    for (const button of document.querySelectorAll("[aria-describedby^='tooltip']")) {
      theme.bootstrap.Tooltip.getInstance(button)?.hide();
    }
  }, { capture: true });
  addEventListener("pointermove", () => (escaped = false));
  addEventListener("show.bs.tooltip", (event) => escaped && event.preventDefault());
}
