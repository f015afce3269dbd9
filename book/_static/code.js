// Folded code opens and folds by one switch in the header of a page. Solutions stay folded.

import { addSwitch } from "./switch.js";

document.addEventListener("DOMContentLoaded", () => {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const folded = document.querySelectorAll(".tag_hide-input > details.hide");
  if (!folded.length) return;
  addSwitch({
    key: "from-anns-to-cnns/code",
    icon: "fa-code",
    name: "Show all code",
    apply: (shown) => folded.forEach((cell) => (cell.open = shown)),
  });
});
