// Architectures: networks drawn to scale, block by block, one above another.

import {
  button,
  change,
  controls,
  make,
  mount,
  oneStep,
  resetButton,
  sentence,
  setLabel,
  stateOf,
  table,
} from "./controls.js";
import { clamp } from "./ops.js";
import { svg } from "./svg.js";
import { grouped } from "./words.js";

/**
 * @typedef {"parameters" | "multiply_adds" | "activations" | "receptive_field"} Measure
 * @typedef {"convolution" | "pooling" | "dense" | "residual" | "branches" | "other"} Kind
 * @typedef {{
 *   name: string, kind: Kind, input_shape: number[], output_shape: number[], layers: number, parameters: number,
 *   multiply_adds: number | null, activations: number | null, receptive_field: number | null,
 * }} Block what lies between two places where one tensor alone carries everything on
 * @typedef {{
 *   nets: Record<string, Block[]>, upper: string, lower: string, measure: Measure, chosen: number[],
 * }} State
 * @typedef {0 | 1} Side the upper or the lower network
 * @typedef {{name: string, blocks: Block[], place: number}} Shown a network with its marked block
 */

/** @type {(keyof State)[]} */
const TRAITS = ["nets", "upper", "lower", "measure", "chosen"];
const SIDES = /** @type {Side[]} */ ([0, 1]);
const NAMES = /** @type {const} */ (["upper", "lower"]);
/** @type {Record<Measure, string>} */
const MEASURES = {
  parameters: "parameters",
  multiply_adds: "multiply-adds",
  activations: "activations",
  receptive_field: "receptive field",
};
/** @type {Record<Kind, {key: string, one: string, many: string}>} */
const KINDS = {
  convolution: { key: "convolution", one: "a convolution", many: "a chain of convolutions" },
  pooling: { key: "pooling", one: "a pooling", many: "a chain of layers" },
  dense: { key: "dense", one: "a dense layer", many: "a chain of dense layers" },
  residual: {
    key: "with a shortcut",
    one: "a block with a shortcut",
    many: "a block with a shortcut",
  },
  branches: { key: "branches", one: "branches side by side", many: "branches side by side" },
  other: { key: "other", one: "a layer", many: "a chain of layers" },
};
/** Heights in the picture: of the largest slab, and of the longest bar. */
const [SLAB, BAR] = [56, 52];
/** Where the middle of the slabs, the foot of the bars and the end of the picture are. */
const [MIDDLE, FOOT, END] = [36, 136, 140];
/** A finger that has moved sideways as far drags. */
const DRAG = 6;

const capital = (/** @type {string} */ text) => text[0].toUpperCase() + text.slice(1);
const times = (/** @type {number[]} */ shape) => shape.join("×");

/** @param {number} share */
export function percent(share) {
  if (share && share < 0.0005) return "below 0.1 %";
  return `${(100 * share).toFixed(share && share < 0.0995 ? 1 : 0)} %`;
}

/** A factor with two digits, or without digits after the point. @param {number} factor */
const about = (factor) => factor < 9.95 ? factor.toFixed(1) : grouped(Math.round(factor));

/** How many there are in a network; null if a block's count is not known. @param {Block[]} blocks @param {Measure} measure */
export const totalOf = (blocks, measure) =>
  blocks.reduce(
    (sum, block) => sum === null || block[measure] === null ? null : sum + block[measure],
    /** @type {number | null} */ (0),
  );

/** The fewest blocks that hold half of what a network has. @param {Block[]} blocks @param {Measure} measure */
export function blocksOfHalf(blocks, measure) {
  const counts = blocks.map((block) => block[measure] ?? 0).sort((a, b) => b - a);
  const half = counts.reduce((a, b) => a + b, 0) / 2;
  let [sum, taken] = [0, 0];
  while (sum < half) sum += counts[taken++];
  return taken;
}

/** The place of the block with most. @param {Block[]} blocks @param {Measure} measure */
export const placeOfMost = (blocks, measure) =>
  blocks.reduce(
    (best, block, i) => (block[measure] ?? 0) > (blocks[best][measure] ?? 0) ? i : best,
    0,
  );

/** The rows of a map: of what is no square, the root of its places; 1 for a vector. @param {number[]} shape */
export const sideOf = (shape) => Math.sqrt(shape.slice(0, -1).reduce((a, b) => a * b, 1));

const channelsOf = (/** @type {number[]} */ shape) => shape[shape.length - 1];

/**
 * What the bars show: shares of the network, or pixels of the input; null where there is nothing to show.
 * @param {Block[]} blocks
 * @param {Measure} measure
 */
export function barsOf(blocks, measure) {
  if (measure === "receptive_field") return blocks.map((block) => block.receptive_field);
  const total = totalOf(blocks, measure);
  return blocks.map((block) => total ? (block[measure] ?? 0) / total : null);
}

/** What a network has in all. @param {Block[]} blocks @param {Measure} measure */
export function totalInWords(blocks, measure) {
  if (measure === "receptive_field") {
    const fields = blocks.flatMap(({ receptive_field: field }) => field ?? []);
    const input = times(blocks[0].input_shape.slice(0, -1));
    return fields.length
      ? `up to ${grouped(Math.max(...fields))} pixels across; the input has ${input}`
      : `of no fixed size; the input has ${input} pixels`;
  }
  const total = totalOf(blocks, measure);
  if (total === null) return `${MEASURES[measure]}: not known`;
  const half = total ? `; half in ${blocksOfHalf(blocks, measure)} of ` : " in ";
  return `${grouped(total)} ${MEASURES[measure]}${half}${blocks.length} blocks`;
}

/** How a block stands in its network. @param {Shown} shown */
export function blockInWords({ name, blocks, place }) {
  const block = blocks[place];
  const { input_shape: from, output_shape: to, receptive_field: field, layers } = block;
  const kind = KINDS[block.kind][layers > 1 ? "many" : "one"];
  const inside = layers > 1 ? ` (${layers} layers with weights)` : "";
  const shares = /** @type {const} */ (["parameters", "multiply_adds"]).map((measure) =>
    barsOf(blocks, measure)[place]
  );
  const [held, done] = shares.map((share) => share === null ? "an unknown share" : percent(share));
  const holds = block.parameters || block.multiply_adds !== 0
    ? `It holds ${held} of the parameters and does ${done} of the multiply-adds.`
    : "It has no weights.";
  const sees = field === null ? "" : ` One of its values sees ${grouped(field)} pixels across.`;
  return `${name}, block ${place + 1} of ${blocks.length}: ${block.name}, ${kind}${inside}, ` +
    `${times(from)} → ${times(to)}. ${holds}${sees}`;
}

/** How many times as much the larger of two networks has. @param {Shown[]} nets @param {Measure} measure */
function ratioOf([upper, lower], measure) {
  const [a, b] = [upper, lower].map(({ blocks }) => totalOf(blocks, measure));
  if (!a || !b) return [];
  const [more, less] = a < b ? [lower, upper] : [upper, lower];
  const times = about(Math.max(a, b) / Math.min(a, b));
  return [{ more: more.name, less: less.name, said: `${times} times the ${MEASURES[measure]}` }];
}

/** The two networks beside each other. @param {Shown[]} nets */
export function comparedInWords(nets) {
  const measures = /** @type {Measure[]} */ (["parameters", "multiply_adds"]);
  const ratios = measures.flatMap((measure) => ratioOf(nets, measure));
  if (!ratios.length || nets[0].name === nets[1].name) return "";
  if (new Set(ratios.map(({ more }) => more)).size > 1) {
    return ratios.map(({ more, less, said }) => `${more} has ${said} of ${less}.`).join(" ");
  }
  const [{ more, less }] = ratios;
  return `${more} has ${ratios.map(({ said }) => said).join(" and ")} of ${less}.`;
}

/** The networks that are shown, whatever Python has set. @param {State} state @returns {Shown[]} */
export function shownOf(state) {
  const names = Object.keys(state.nets);
  return SIDES.map((side) => {
    const wanted = state[NAMES[side]];
    const name = names.includes(wanted) ? wanted : names[Math.min(side, names.length - 1)];
    const blocks = state.nets[name];
    return { name, blocks, place: clamp(state.chosen[side] ?? 0, 0, blocks.length - 1) };
  });
}

/**
 * One scale for both pictures: how many columns they have (the first is the input's), and what is largest.
 * @param {Shown[]} nets
 * @param {Measure} measure
 */
export function scaleOf(nets, measure) {
  const shapes = nets.flatMap(({ blocks }) => [
    blocks[0].input_shape,
    ...blocks.map((block) => block.output_shape),
  ]);
  const bars = nets.flatMap(({ blocks }) => barsOf(blocks, measure).map((bar) => bar ?? 0));
  const inputs = measure === "receptive_field"
    ? nets.map(({ blocks }) => sideOf(blocks[0].input_shape))
    : [];
  return {
    columns: 1 + Math.max(...nets.map(({ blocks }) => blocks.length)),
    side: Math.max(...shapes.map(sideOf)),
    channels: Math.max(...shapes.map(channelsOf)),
    bar: Math.max(...bars, ...inputs) || 1,
  };
}

/** @typedef {ReturnType<typeof scaleOf>} Scale */

/** How wide and high a slab is: a share of its column, and pixels. @param {number[]} shape @param {Scale} scale */
export const slabOf = (shape, { side, channels }) => ({
  width: Math.log2(1 + channelsOf(shape)) / Math.log2(1 + channels),
  height: SLAB * Math.sqrt(sideOf(shape) / side),
});

/** Part of the width of a picture. @param {number} share */
const across = (share) => `${(100 * share).toFixed(3)}%`;

/** The slab of a shape in its column. @param {number[]} shape @param {number} column @param {Scale} scale @param {Kind | "input"} kind */
function drawSlab(shape, column, scale, kind) {
  const { width, height } = slabOf(shape, scale);
  const [left, wide] = [(column + (1 - width) / 2) / scale.columns, width / scale.columns];
  const box = { x: across(left), width: across(wide), class: `lx-block lx-${kind}` };
  const slab = svg("rect", { ...box, y: MIDDLE - height / 2, height: Math.max(2, height) });
  if (kind === "residual") {
    const line = { ...box, class: "lx-shortcut", rx: 3 };
    return [svg("rect", { ...line, y: MIDDLE - height / 2 - 4, height: 8 }), slab];
  }
  if (kind !== "branches") return [slab];
  const gaps = [0.25, 0.5, 0.75].map((part) =>
    svg("rect", {
      ...box,
      class: "lx-gap",
      y: MIDDLE + height * (part - 0.5) - 0.75,
      height: 1.5,
    })
  );
  return [slab, ...gaps];
}

/** The bar of a block. @param {number | null} value @param {number} column @param {Scale} scale @param {Kind} kind */
function drawBar(value, column, scale, kind) {
  const box = { x: across((column + 0.15) / scale.columns), width: across(0.7 / scale.columns) };
  if (value === null) return svg("rect", { ...box, y: FOOT - BAR, height: BAR, class: "lx-open" });
  const height = (BAR * value) / scale.bar;
  return svg("rect", { ...box, y: FOOT - height, height, class: `lx-block lx-${kind}` });
}

/** What the mark's bar says. @param {number | null} value @param {Measure} measure */
const barInWords = (value, measure) =>
  value === null ? "" : measure === "receptive_field" ? `${grouped(value)} px` : percent(value);

/** All that a picture holds. @param {Shown} shown @param {Measure} measure @param {Scale} scale */
function drawNet({ blocks, place }, measure, scale) {
  const bars = barsOf(blocks, measure);
  const value = bars[place];
  const middle = (place + 1.5) / scale.columns;
  const anchor = middle < 0.12 ? "start" : middle > 0.88 ? "end" : "middle";
  const edge = { start: place + 1, middle: place + 1.5, end: place + 2 }[anchor];
  const label = {
    class: "lx-value",
    x: across(edge / scale.columns),
    y: FOOT - (BAR * (value ?? 0)) / scale.bar - 3,
    "text-anchor": anchor,
  };
  const band = { x: across((place + 1) / scale.columns), width: across(1 / scale.columns) };
  const input = sideOf(blocks[0].input_shape);
  return [
    svg("rect", { ...band, class: "lx-mark", y: 0.5, height: END - 1 }),
    ...drawSlab(blocks[0].input_shape, 0, scale, "input"),
    ...blocks.flatMap((block, i) => [
      ...drawSlab(block.output_shape, i + 1, scale, block.kind),
      drawBar(bars[i], i + 1, scale, block.kind),
    ]),
    svg("rect", { class: "lx-foot", x: 0, width: "100%", y: FOOT, height: 1 }),
    ...(measure === "receptive_field" ? [drawWhole(input, scale)] : []),
    svg("text", label, barInWords(value, measure)),
  ];
}

/** How long the bar of one who sees the whole input is. @param {number} side @param {Scale} scale */
const drawWhole = (side, { bar }) =>
  svg("rect", { class: "lx-whole", x: 0, width: "100%", y: FOOT - (BAR * side) / bar, height: 1 });

/** A picture whose block is chosen by mouse, finger and keys. @param {(place: number) => void} choose @param {(place: number | null) => void} point */
function createPicture(choose, point) {
  const picture = svg("svg", { height: END, "aria-hidden": "true" });
  const element = make("div", {
    className: "lx-net",
    tabIndex: 0,
    role: "slider",
    "aria-valuemin": 1,
  }, picture);
  let [columns, count, place] = [1, 1, 0];
  /** Where a finger went down, until it drags. @type {number | null} */
  let down = null;

  /** @param {PointerEvent} event */
  function under({ clientX }) {
    const { left, width } = element.getBoundingClientRect();
    return clamp(Math.floor(((clientX - left) / width) * columns) - 1, 0, count - 1);
  }

  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    down = event.clientX;
    if (event.pointerType === "mouse") choose(under(event));
  });
  element.addEventListener("pointermove", (event) => {
    if (!element.hasPointerCapture(event.pointerId)) return point(under(event));
    const drags = down === null || Math.abs(event.clientX - down) > DRAG;
    if (!drags && event.pointerType !== "mouse") return;
    down = null;
    choose(under(event));
  });
  element.addEventListener("pointerup", (event) => choose(under(event)));
  element.addEventListener("pointerleave", () => point(null));
  element.addEventListener("keydown", (event) => {
    const to = { Home: 0, End: count - 1 }[event.key] ?? place + (STEPS[event.key] ?? NaN);
    if (Number.isNaN(to)) return;
    event.preventDefault();
    choose(clamp(to, 0, count - 1));
  });

  /** @param {Shown} shown @param {Measure} measure @param {Scale} scale */
  function draw(shown, measure, scale) {
    [columns, count, place] = [scale.columns, shown.blocks.length, shown.place];
    picture.replaceChildren(...drawNet(shown, measure, scale));
    setLabel(element, `Block of ${shown.name}`);
    const { name, output_shape: shape } = shown.blocks[place];
    const says = [MEASURES[measure], barInWords(barsOf(shown.blocks, measure)[place], measure)];
    const value = {
      "aria-valuemax": count,
      "aria-valuenow": place + 1,
      "aria-valuetext": `${name}, ${times(shape)}, ${says.join(" ")}`,
    };
    for (const [key, text] of Object.entries(value)) element.setAttribute(key, String(text));
  }

  return { element, draw };
}

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/** The rows of the table: a name, and what stands there for a block. */
const ROWS = /** @type {[string, (shown: Shown) => string[]][]} */ ([
  ["block", ({ blocks, place }) => [blocks[place].name]],
  ["output", ({ blocks, place }) => [times(blocks[place].output_shape)]],
  .../** @type {Measure[]} */ (["parameters", "multiply_adds", "activations"]).map((measure) => [
    MEASURES[measure],
    (/** @type {Shown} */ { blocks, place }) => {
      const [count, share] = [blocks[place][measure], barsOf(blocks, measure)[place]];
      return count === null ? ["not known"] : [grouped(count), percent(share ?? 0)];
    },
  ]),
  ["receptive field", ({ blocks, place }) => {
    const { receptive_field: field } = blocks[place];
    return [field === null ? "no fixed size" : `${grouped(field)} px`];
  }],
]);

/** @param {import("../model.d.ts").Host<State>} host */
function render({ model, el }) {
  const state = () => stateOf(model, TRAITS);
  /** The block that the mouse is over. @type {{side: Side, place: number} | null} */
  let pointed = null;
  /** The network that the sentence speaks of. @type {Side} */
  let last = 0;

  /** @param {Side} side @param {number} place */
  function choose(side, place) {
    last = side;
    change(model, { chosen: state().chosen.map((old, i) => (i === side ? place : old)) });
  }

  /** @param {Side} side @param {number | null} place */
  function point(side, place) {
    pointed = place === null ? null : { side, place };
    draw();
  }

  /** @param {Side} side @param {string} name */
  function show(side, name) {
    const { nets, measure, chosen } = state();
    const place = placeOfMost(nets[name], measure);
    last = side;
    change(model, {
      [NAMES[side]]: name,
      chosen: chosen.map((old, i) => (i === side ? place : old)),
    });
  }

  const measures = /** @type {Measure[]} */ (Object.keys(MEASURES)).map((measure) => ({
    measure,
    element: button(capital(MEASURES[measure]), () => change(model, { measure })),
  }));
  const nets = SIDES.map((side) => createNet(side));

  /** The line above a network, and its picture. @param {Side} side */
  function createNet(side) {
    const list = make("select", { "aria-label": `${side ? "Lower" : "Upper"} network` });
    list.onchange = () => show(side, list.value);
    const total = make("span", { className: "lx-size" });
    const bar = make("i");
    const scale = make("div", { className: "lx-bar", "aria-hidden": "true" }, bar);
    const picture = createPicture((place) => choose(side, place), (place) => point(side, place));
    const head = make("div", { className: "lx-head" }, list, total, scale);
    const element = make("div", {}, head, picture.element);
    return { element, list, total, bar, scale, picture };
  }

  const kinds = make("p", { className: "lx-size lx-kinds" });
  const compared = make("p", { className: "lx-size" });
  const note = make("p", { className: "lx-size" });
  const words = sentence();
  const details = table("The two marked blocks", ["quantity", "upper", "lower"]);
  const heads = [...details.element.querySelectorAll("thead th")].slice(1);

  /** @param {Shown[]} shown @param {Measure} measure */
  function drawNets(shown, measure) {
    const scale = scaleOf(shown, measure);
    const names = Object.keys(state().nets);
    const totals = shown.map(({ blocks }) =>
      measure === "receptive_field" ? 0 : totalOf(blocks, measure) ?? 0
    );
    for (const [side, { list, total, bar, picture }] of nets.entries()) {
      if (names.join() !== [...list.options].map(({ value }) => value).join()) {
        list.replaceChildren(...names.map((name) => make("option", { textContent: name })));
      }
      list.value = shown[side].name;
      total.textContent = totalInWords(shown[side].blocks, measure);
      bar.style.inlineSize = across(totals[side] / (Math.max(...totals) || 1));
      picture.draw(shown[side], measure, scale);
      heads[side].textContent = shown[side].name;
    }
    note.textContent = noteInWords(scale, measure);
  }

  /** @param {Shown[]} shown */
  function drawTable(shown) {
    details.body.replaceChildren(...ROWS.map(([name, of]) =>
      make(
        "tr",
        {},
        make("th", { textContent: name, scope: "row" }),
        ...shown.map((one) =>
          make("td", {}, ...of(one).map((text) => make("span", { textContent: text })))
        ),
      )
    ));
  }

  function draw() {
    const now = state();
    const shown = shownOf(now);
    if (pointed && shown[pointed.side].blocks[pointed.place]) {
      shown[pointed.side].place = pointed.place;
    }
    for (const { measure, element } of measures) {
      element.setAttribute("aria-pressed", String(measure === now.measure));
    }
    drawNets(shown, now.measure);
    drawTable(shown);
    const present = new Set(shown.flatMap(({ blocks }) => blocks.map(({ kind }) => kind)));
    kinds.replaceChildren(
      ...[...present].map((kind) =>
        make("span", {}, make("i", { className: `lx-key lx-${kind}` }), ` ${KINDS[kind].key}`)
      ),
    );
    compared.textContent = comparedInWords(shown);
    words.textContent = blockInWords(shown[pointed?.side ?? last]);
  }

  const reset = resetButton(model, TRAITS, () => {
    pointed = null;
    last = 0;
  });
  const row = controls("Bars: ", ...measures.map(({ element }) => element), reset);
  const pictures = nets.map(({ picture }) => picture.element);
  oneStep({ control: [row], input: pictures, result: [words] });
  const children = [row, ...nets.map(({ element }) => element), kinds, words, details.element];
  return mount(model, el, "architectures", TRAITS, [...children, compared, note], draw);
}

/** What the picture's sizes mean. @param {Scale} scale @param {Measure} measure */
export function noteInWords({ bar }, measure) {
  const slabs =
    "Each slab is what a block gives: its height shows the rows (square-root scale), its " +
    "width the channels (logarithmic scale). The first one, empty, is the input.";
  const bars = measure === "receptive_field"
    ? ` Bars: pixels, up to ${
      grouped(bar)
    }; the line across is the input, and dashed means no fixed size.`
    : ` Bars: share of the network, up to ${
      percent(bar)
    }. The line below a name: the whole network, on one scale for both.`;
  return slabs + bars;
}

export default { render };
