// Folded code opens and folds by one switch in the header of a page; this browser remembers it.
// Solutions stay folded.

document.addEventListener("DOMContentLoaded", () => {
  const KEY = "from-anns-to-cnns/code";
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const folded = document.querySelectorAll(".tag_hide-input > details.hide");
  const place = document.querySelector(".header-article-items__start");
  if (!folded.length || !place) return;

  function remembered() {
    try {
      return localStorage.getItem(KEY) === "shown";
    } catch {
      return false; // the browser refuses
    }
  }
  let shown = remembered();
  const button = document.createElement("button");
  const icon = document.createElement("span");
  const name = document.createElement("span");
  button.type = "button";
  button.className = "code-switch btn btn-sm";
  icon.className = "fa-solid fa-code";
  button.append(icon, name);
  name.textContent = "Show all code";
  const say = () => button.setAttribute("aria-pressed", String(shown));
  const fold = () => folded.forEach((cell) => (cell.open = shown));
  button.addEventListener("click", () => {
    shown = !shown;
    say();
    fold();
    try {
      localStorage.setItem(KEY, shown ? "shown" : "folded");
    } catch {
      // The switch then works on this page alone.
    }
  });
  say();
  if (shown) fold();
  place.append(button);
});
