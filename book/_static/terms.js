// A word that leads to the glossary opens its meaning in place, below the word. A browser without
// the popover API follows the link, and so does a reader who opens it in another tab.

document.addEventListener("DOMContentLoaded", () => {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll("a.term");
  if (!links.length || !("popover" in HTMLElement.prototype)) return;
  const meaning = document.createElement("div");
  meaning.className = "term-meaning";
  meaning.tabIndex = -1;
  meaning.setAttribute("popover", "auto");
  meaning.setAttribute("role", "dialog");
  /** The word whose meaning is shown. @type {HTMLAnchorElement | undefined} */
  let shown;
  /** The word that was pressed while its meaning was shown: the press itself has closed it. @type {EventTarget | null} */
  let pressed = null;

  const isOpen = () => meaning.matches(":popover-open");

  /** @param {HTMLAnchorElement} link */
  function fill(link) {
    const anchor = link.hash.slice(1);
    const template = /** @type {HTMLTemplateElement | null} */ (
      document.querySelector(`template[data-term="${anchor}"]`)
    );
    if (!template) return false;
    const name = document.createElement("strong");
    name.textContent = template.dataset.name ?? "";
    const more = document.createElement("a");
    more.href = link.href;
    more.textContent = "In the glossary";
    meaning.setAttribute("aria-label", name.textContent);
    meaning.replaceChildren(name, template.content.cloneNode(true), more);
    return true;
  }

  /** Below the word, within the window; above it where there is no room below. @param {HTMLAnchorElement} link */
  function place(link) {
    const word = link.getClientRects()[0];
    const { width, height } = meaning.getBoundingClientRect();
    const left = Math.min(word.left, document.documentElement.clientWidth - width - 8);
    const above = word.bottom + height + 8 > innerHeight && word.top - height > 64;
    const top = above ? word.top - height - 4 : word.bottom + 4;
    meaning.style.left = `${Math.max(left, 8) + scrollX}px`;
    meaning.style.top = `${top + scrollY}px`;
  }

  /** @param {HTMLAnchorElement} link */
  function open(link) {
    if (isOpen()) meaning.hidePopover();
    if (!fill(link)) return false;
    link.after(meaning);
    meaning.showPopover();
    place(link);
    meaning.focus({ preventScroll: true });
    link.setAttribute("aria-expanded", "true");
    shown = link;
    return true;
  }

  meaning.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed") {
      shown?.setAttribute("aria-expanded", "false");
    }
  });
  meaning.addEventListener("focusout", (event) => {
    const next = /** @type {FocusEvent} */ (event).relatedTarget;
    if (next instanceof Node && !meaning.contains(next) && isOpen()) meaning.hidePopover();
  });
  meaning.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") shown?.focus({ preventScroll: true }); // and so the meaning closes
  });
  addEventListener("resize", () => isOpen() && shown && place(shown));
  for (const link of links) {
    link.setAttribute("aria-expanded", "false");
    link.addEventListener(
      "pointerdown",
      () => (pressed = isOpen() && shown === link ? link : null),
    );
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const again = pressed === link;
      pressed = null;
      if (again || open(link)) event.preventDefault();
    });
  }
});
