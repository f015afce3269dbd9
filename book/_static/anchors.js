// Where an address or a link names a heading, the heading stays below the header while the figures
// and exercises above it start and grow, until the reader moves.

document.addEventListener("DOMContentLoaded", () => {
  const article = document.querySelector("article.bd-article");
  if (!article) return;
  /** @type {Element | null} */
  let target = null;

  /** @param {string} hash */
  function find(hash) {
    try {
      return document.getElementById(decodeURIComponent(hash.slice(1)));
    } catch {
      return null; // no text is written like this
    }
  }
  const release = () => (target = null);
  for (const event of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    addEventListener(event, release, { passive: true, capture: true });
  }
  // After the events of the press that makes it.
  addEventListener("click", ({ target: pressed }) => {
    const link = pressed instanceof Element ? pressed.closest("a") : null;
    const isHere = link?.hash && link.href.split("#")[0] === location.href.split("#")[0];
    if (isHere) target = find(link.hash);
  });
  const [visit] = performance.getEntriesByType("navigation");
  // When the reader comes back or reloads, the browser returns to where they were.
  if (/** @type {PerformanceNavigationTiming} */ (visit)?.type === "navigate") {
    target = find(location.hash);
  }
  new ResizeObserver(() => target?.scrollIntoView({ behavior: "instant" })).observe(article);
});
