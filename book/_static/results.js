// A result is covered until the reader has predicted it, or wants to see it. The cover is for the eye alone: what lies
// below it is still in the page for a search, for a screen reader and on paper. One switch in the header uncovers all;
// the root element says so, and predictions do not count while it does.

import { addSwitch } from "./switch.js";

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";

/** The predictions that cover an element. @type {Map<Element, Set<Element>>} */
const coveredBy = new Map();
let allShown = false;

/** Whether an element holds a figure. @param {Element} element */
const hasFigure = (element) => element.querySelector("[data-explorable]") !== null;

/** Whether an element holds a prediction. @param {Element} element */
const isPrediction = (element) => element.querySelector("[data-explorable='prediction']") !== null;

/**
 * What shows the result of a prediction: the outputs of the cells that follow, and some of the text that reads them,
 * with its formulas.
 * @param {Element} prediction @param {number} paragraphs
 */
function findResult(prediction, paragraphs) {
  const found = [];
  let next = prediction.closest("div.cell")?.nextElementSibling;
  while (next && isPrediction(next)) next = next.nextElementSibling;
  while (next?.matches("div.cell") && !hasFigure(next)) {
    found.push(...next.querySelectorAll(".cell_output"));
    next = next.nextElementSibling;
  }
  // A figure may stand before the text; it stays open.
  while (next?.matches("div.cell") && !isPrediction(next)) next = next.nextElementSibling;
  for (let left = paragraphs; left && next?.matches("p, ul, ol"); left -= 1) {
    do {
      found.push(next);
      next = next.nextElementSibling;
    } while (next?.matches("div.math"));
  }
  return found;
}

/** Keep the keyboard out of a part that is covered. @param {HTMLElement} part */
function keepOut(part) {
  if (part.tabIndex < 0) return;
  part.dataset.tabindex = part.getAttribute("tabindex") ?? "";
  part.tabIndex = -1;
}

/** Let the keyboard into a part again. @param {HTMLElement} part */
function letIn(part) {
  if (part.dataset.tabindex) part.setAttribute("tabindex", part.dataset.tabindex);
  else part.removeAttribute("tabindex");
  delete part.dataset.tabindex;
}

/** Cover an element or not, as its predictions and the switch say. @param {Element} element */
function draw(element) {
  const covered = !allShown && (coveredBy.get(element)?.size ?? 0) > 0;
  element.classList.toggle("covered-result", covered);
  const selector = covered ? FOCUSABLE : "[data-tabindex]";
  const parts = /** @type {HTMLElement[]} */ ([element, ...element.querySelectorAll(selector)]);
  parts.filter((part) => part.matches(selector)).forEach(covered ? keepOut : letIn);
}

// The theme gives a place among the tab stops to code that scrolls, whenever the window changes.
const tabStops = new MutationObserver(() => coveredBy.forEach((_, element) => draw(element)));

/** The predictions that cover an element; none at first. @param {Element} element */
function ownersOf(element) {
  const known = coveredBy.get(element);
  if (known) return known;
  const owners = /** @type {Set<Element>} */ (new Set());
  coveredBy.set(element, owners);
  tabStops.observe(element, {
    subtree: true,
    childList: true,
    attributeFilter: ["tabindex"],
  });
  return owners;
}

document.addEventListener("course:result", (event) => {
  const { shown, paragraphs } = /** @type {CustomEvent} */ (event).detail;
  const prediction = /** @type {Element} */ (event.target);
  for (const element of findResult(prediction, paragraphs)) {
    ownersOf(element)[shown ? "delete" : "add"](prediction);
    draw(element);
  }
});

// A press on the cover is a press on "Show me".
document.addEventListener("click", ({ target }) => {
  const covered = target instanceof Element ? target.closest(".covered-result") : null;
  if (!covered) return;
  for (const prediction of [...ownersOf(covered)]) {
    /** @type {HTMLElement | null} */ (prediction.querySelector(".lx-show"))?.click();
  }
});

document.addEventListener("DOMContentLoaded", () => {
  if (!document.querySelector("[data-explorable='prediction']")) return;
  addSwitch({
    key: "from-anns-to-cnns/results",
    icon: "fa-eye",
    name: "Show all results",
    apply(shown) {
      allShown = shown;
      document.documentElement.dataset.results = shown ? "shown" : "covered";
      coveredBy.forEach((_, element) => draw(element));
    },
  });
});
