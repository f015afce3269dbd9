// What TrainLab shows of the network of a run, and the questions to train.js that it takes.

import { panels } from "./controls.js";
import { pick, shuffledPlaces } from "./trainlab_data.js";
import { createMaps } from "./trainlab_maps.js";
import {
  countDead,
  createFilters,
  createLayerTable,
  createMistakes,
  createRegions,
  grid,
  mistakesIn,
} from "./trainlab_pictures.js";
import { createPad } from "./trainlab_pad.js";
import { current } from "./trainlab_runs.js";
import { hasPoints, upTo, weighedLayers } from "./trainlab_settings.js";

/**
 * @typedef {import("./trainlab_runs.js").Run} Run
 * @typedef {import("./trainlab_session.js").Session} Session
 */

/** How many times as long as it was asked a network trains before it is asked again. */
const SHARE = 4;

/** @param {Session} session @param {(problem: string) => void} onProblem */
export function createLook(session, onProblem) {
  const filters = createFilters();
  const layers = createLayerTable();
  const mistakes = createMistakes();
  const regions = createRegions();
  const pad = createPad(askDrawing);
  const maps = createMaps(() => session.shown && askMaps(session.shown).catch(tellProblem));
  const element = panels(filters, regions, layers, mistakes);
  /** How many dead units each hidden layer of the run that is shown has. @type {number[]} */
  let dead = [];
  let [asking, again] = [false, false];
  /** When a network that trains is asked again: its training shall have most of the time. */
  let rest = 0;

  /** @param {unknown} error */
  const tellProblem = (error) => onProblem(error instanceof Error ? error.message : String(error));

  /** Ask about the network that is shown; what comes meanwhile is asked afterwards. */
  async function ask() {
    const { shown, state } = session;
    if (!shown || !current(shown).weights.length) return;
    const start = performance.now();
    const training = state === "training";
    if (training && start < rest) return;
    if (asking) return again = true;
    [asking, again] = [true, false];
    try {
      const points = hasPoints(shown.settings);
      if (!points) await askMaps(shown);
      if (points || !training) await askAnswers(shown);
      dead = training ? [] : await askUnits(shown);
    } catch (error) {
      tellProblem(error);
    }
    asking = false;
    rest = performance.now() + SHARE * (performance.now() - start);
    draw();
    if (again) ask();
    else pad.refresh();
  }
  /** Ask for what the network answers to a drawing. @param {number[]} pixels */
  async function askDrawing(pixels) {
    const { shown } = session;
    if (!shown || hasPoints(shown.settings) || !current(shown).weights.length) return undefined;
    const { description, weights } = current(shown);
    const places = shown.settings.data === "shuffled pixels" ? shuffledPlaces() : undefined;
    const x = Float32Array.from(pixels, (ink, pixel) => places ? pixels[places[pixel]] : ink);
    return (await session.evaluate(description, weights, { x, labels: [0] })).outputs;
  }
  /** Ask for what the network answers. @param {Run} run */
  async function askAnswers(run) {
    const { description, weights } = current(run);
    const points = hasPoints(run.settings);
    const examples = points ? grid() : await session.setOf(run.settings, "validation");
    const { outputs } = await session.evaluate(description, weights, examples);
    if (run !== session.shown) return;
    if (points) regions.draw(outputs, await session.setOf(run.settings, "train"));
    else mistakes.draw(examples, mistakesIn(examples.labels, outputs));
  }
  /** Ask for what each hidden layer answers to the digit that is looked at. @param {Run} run */
  async function askMaps(run) {
    const { description, weights } = current(run);
    const examples = await session.setOf(run.settings, "validation");
    const place = maps.place();
    const one = pick(examples, [place]);
    const answered = [];
    for (const { layer, kernel, units } of weighedLayers(description).slice(0, -1)) {
      const first = weights.slice(0, kernel + 2);
      answered.push({ units, ...await session.evaluate(upTo(description, layer), first, one) });
    }
    const { outputs } = await session.evaluate(description, weights, one);
    // Meanwhile the reader may have chosen another digit.
    if (run === session.shown && place === maps.place()) {
      maps.draw(examples, place, answered, outputs);
    }
  }
  /** Ask for the dead units of each hidden layer. @param {Run} run */
  async function askUnits(run) {
    const { description, weights } = current(run);
    const examples = await session.someOf(run.settings);
    const found = [];
    for (const { layer, kernel, units } of weighedLayers(description).slice(0, -1)) {
      const first = weights.slice(0, kernel + 2);
      const { outputs } = await session.evaluate(upTo(description, layer), first, examples);
      found.push(countDead(outputs, units));
    }
    return found;
  }
  function draw() {
    const { shown, state } = session;
    element.hidden = !shown;
    if (!shown) return [maps, pad].forEach((part) => part.element.remove());
    const [member, points] = [current(shown), hasPoints(shown.settings)];
    filters.draw(shown.settings, member);
    layers.draw(member, state === "resting" ? dead : []);
    mistakes.element.hidden = points || state !== "resting";
    regions.element.hidden = !points;
    // What is not in the page takes no step of the Tab key.
    const draws = !points && member.weights.length > 0;
    if (!draws) [maps, pad].forEach((part) => part.element.remove());
    if (!draws || pad.element.isConnected) return;
    mistakes.element.before(maps.element);
    element.append(pad.element);
  }
  return { element, draw, ask };
}
