// The runs that TrainLab keeps, in a table: what sets each apart, what it reached, and what can be
// done with it.

import { button, controls, make, table } from "./controls.js";
import { keep } from "./ownnetwork.js";
import { svg } from "./svg.js";
import { mark } from "./trainlab_curves.js";
import { fileOf, linesFor, save, toFile } from "./trainlab_export.js";
import {
  countedEpochsOf,
  current,
  isDone,
  lastOf,
  meanInWords,
  MOST_RUNS,
  setApart,
  testsOf,
  toCsv,
} from "./trainlab_runs.js";
import { hasPoints } from "./trainlab_settings.js";
import { runInWords, testInWords } from "./trainlab_words.js";

/**
 * @typedef {import("./trainlab_runs.js").Run} Run
 * @typedef {import("./trainlab_session.js").Session} Session
 */

const HEADS = [
  "run",
  "validation accuracy",
  "validation loss",
  "what differs, and seed",
  "epochs",
  "seconds",
  "test accuracy",
];
const ONCE =
  "The test set answers once a run, at its end: settings that are chosen by it look better on it " +
  "than on examples that nobody has seen.";

/** Which figures take the network of a run. @param {Run} run */
const taken = ({ settings }) =>
  settings.network === "CNN"
    ? "“Draw a digit”, the shift lab, Why and Adversary take it as your own network."
    : "The shift lab, Why and Adversary take it as your own network. “Draw a digit” takes none: it " +
      "shows the maps of a CNN like the course's.";

/** Keep the network of a run for the figures that take one of the reader's own. @param {Run} run @returns {string} what came of it */
export function handOver(run) {
  const { number, settings } = run;
  const { description, weights } = current(run);
  const isOther = hasPoints(settings) || settings.data === "shuffled pixels";
  if (isOther) return `Run ${number} learns ${settings.data}, and the other figures have digits.`;
  if (!weights.length) return `Run ${number} has no weights yet.`;
  if (!weights.every((values) => values.every(Number.isFinite))) {
    return `Run ${number} has weights that are no numbers any more: it answers nothing.`;
  }
  return keep(`${settings.network}, run ${number}`, description, weights)
    ? `Run ${number} is kept in this browser. ${taken(run)}`
    : "This browser keeps nothing: its storage is refused, or full.";
}

/** @param {Run} run @param {() => void} onShow */
function createRow(run, onShow) {
  const choose = button("", onShow);
  const picture = svg("svg", { viewBox: "-6 -6 12 12", "aria-hidden": "true" }, mark(run.place));
  choose.append(picture, `Run ${run.number}`);
  const cells = HEADS.slice(1).map((head) => {
    const cell = make("td");
    cell.dataset.head = head;
    return cell;
  });
  const element = make("tr", {}, make("th", { scope: "row" }, choose), ...cells);
  /** @param {Run[]} runs @param {boolean} isShown */
  function draw(runs, isShown) {
    choose.setAttribute("aria-pressed", String(isShown));
    const seconds = run.members.reduce((sum, member) => sum + member.seconds, 0);
    [
      meanInWords(lastOf(run, "validation", "accuracy")),
      meanInWords(lastOf(run, "validation", "loss")),
      setApart(run, runs),
      String(countedEpochsOf(run)),
      seconds.toFixed(1),
      run.asked ? meanInWords(testsOf(run)) : "",
    ].forEach((text, i) => (cells[i].textContent = text));
  }
  return { element, draw };
}

/**
 * @param {Session} session
 * @param {(text?: string) => void} tell says something once
 * @param {() => void} onEmpty takes the focus when no run is left
 */
export function createTable(session, tell, onEmpty) {
  const list = table("The runs", HEADS);
  /** @type {Map<Run, ReturnType<typeof createRow>>} */
  const rows = new Map();

  /** What was said last: on a phone, the figure's sentence is out of view here. */
  const said = make("p", { className: "lx-note", "aria-hidden": "true" });
  /** @param {string} [text] */
  function say(text = "") {
    said.textContent = text;
    tell(text);
  }
  /** Let the test set answer for a run, and say what it says. @param {Run} run */
  async function ask(run) {
    try {
      await session.test(run);
      if (session.runs.includes(run)) say(testInWords(run));
    } catch (error) {
      say(`The test set does not answer: ${error instanceof Error ? error.message : error}.`);
    }
  }

  /** A button that does something with the run that is shown. @param {string} text @param {(run: Run) => string | void} act */
  const acting = (text, act) =>
    button(text, () => say((session.shown && act(session.shown)) ?? ""));
  const test = acting("Ask the test set", (run) => {
    if (!isDone(run)) return `Run ${run.number} has not ended: the test set is for its end.`;
    if (!run.asked) ask(run);
    return testInWords(run);
  });
  const csv = button("Curves as CSV", () => save("curves.csv", toCsv(session.runs), "text/csv"));
  const weights = acting("Weights for Keras", (run) => {
    if (!current(run).weights.length) return `Run ${run.number} has no weights yet.`;
    save(fileOf(run), toFile(run), "application/octet-stream");
  });
  const hand = acting("Use in other figures", handOver);
  const remove = acting("Remove this run", (run) => {
    session.remove(run);
    if (!session.runs.length) onEmpty();
    return `Run ${run.number} is removed.`;
  });
  const back = button("", () => {
    if (session.runs.length >= MOST_RUNS) {
      return say(`${MOST_RUNS} runs are kept. Remove one to bring another back.`);
    }
    const { removed } = session;
    const run = removed[removed.length - 1];
    session.bringBack([run]);
    say(`Run ${run.number} is back.`);
    list.element.focus();
  });
  const actions = [test, csv, weights, hand, remove];
  const row = controls(...actions);
  const once = make("p", { className: "lx-size", textContent: ONCE });
  const element = make("div", { className: "lx-kept" }, list.element, row, said, once);
  const code = make("code");
  const about = make("p", { className: "lx-size" });
  const lines = make(
    "div",
    { className: "lx-python" },
    about,
    make("pre", { tabIndex: 0, role: "region", "aria-label": "Three lines of Python" }, code),
  );

  function drawRows() {
    const { runs, shown } = session;
    for (const [run, { element }] of rows) {
      if (runs.includes(run)) continue;
      element.remove();
      rows.delete(run);
    }
    for (const run of runs) {
      const row = rows.get(run) ?? createRow(run, () => {
        session.show(run);
        tell(runInWords(run, session.state === "training"));
      });
      rows.set(run, row);
      row.draw(runs, run === shown);
    }
    const wanted = runs.flatMap((run) => rows.get(run)?.element ?? []);
    if (wanted.some((element, i) => list.body.children[i] !== element)) {
      list.body.replaceChildren(...wanted);
    }
  }
  function draw() {
    const { shown } = session;
    element.hidden = !shown && !session.removed.length;
    // What is not in the page takes no step of the Tab key.
    const [last] = session.removed.slice(-1);
    back.textContent = `Bring Run ${last?.number} back`;
    if (!last) back.remove();
    else if (!back.isConnected) row.append(back);
    for (const part of [list.element, once, lines]) part.hidden = !shown;
    for (const action of actions) action.hidden = action.disabled = !shown;
    if (session.state !== "resting") said.textContent = "";
    drawRows();
    if (!shown) return;
    const which = shown.members.length > 1 ? ", for the last seed, which the pictures show" : "";
    about.textContent = `Weights for Keras is a file that three lines load${which}:`;
    code.textContent = linesFor(shown);
  }
  return { element, lines, draw };
}
