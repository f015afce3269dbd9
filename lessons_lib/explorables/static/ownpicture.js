// A picture of the reader's own: a file becomes rows of pixels in the browser, and is sent nowhere.

import { button, make } from "./controls.js";
import { grouped, show } from "./words.js";

/**
 * A pixel is its three numbers 0…255: red, green, blue. `whole` is the picture as the file has it,
 * `box` the part of it that is kept, and the rows are that part at the size of the grid.
 * @typedef {{width: number, height: number}} Size
 * @typedef {Size & {left: number, top: number}} Box
 * @typedef {{whole: Size, box: Box, rows: number[][][], transparent: boolean, name: string, moves: boolean}} OwnPicture
 */

/** A picture is cut to at most so many times as long as it is wide, and the other way round. */
const LONGEST = 3;
/** The grid has at least so many rows and columns: those of a close-up. */
const LEAST = 5;
const RULE =
  "A picture must be a file that your browser can show, such as JPEG, PNG, GIF or WebP, and fit into its memory.";
const PRIVATE = "It stays in this browser: nothing is sent.";

/** Red, green and blue as one number: the weighted sum of ITU-R BT.601. @param {number[]} pixel */
export const grey = ([red, green, blue]) => (299 * red + 587 * green + 114 * blue) / 1000;

/**
 * The part of a picture that is kept, its middle, and the size of the grid that it is brought to.
 * @param {Size} whole
 * @param {number} most how many rows or columns the grid has at most
 */
export function plan({ width, height }, most) {
  const kept = {
    width: Math.min(width, LONGEST * height),
    height: Math.min(height, LONGEST * width),
  };
  const box = { left: (width - kept.width) >> 1, top: (height - kept.height) >> 1, ...kept };
  const repeated = Math.ceil(LEAST / Math.min(kept.width, kept.height));
  const scale = Math.min(repeated, most / Math.max(kept.width, kept.height));
  return { box, rows: Math.round(kept.height * scale), columns: Math.round(kept.width * scale) };
}

/**
 * Equal parts of a line of pixels: the first pixel that each lies on, and how much of that one and of
 * the next ones it covers.
 * @param {number} length
 * @param {number} count
 */
export const parts = (length, count) =>
  Array.from({ length: count }, (_, i) => {
    const [from, to] = [(i * length) / count, ((i + 1) * length) / count];
    const [first, end] = [Math.floor(from + 1e-9), Math.ceil(to - 1e-9)];
    const shares = Array.from(
      { length: end - first },
      (_, n) => Math.min(to, first + n + 1) - Math.max(from, first + n),
    );
    return { first, shares };
  });

/**
 * One row of the grid: the mean of the pixels under each of its pixels. What is transparent lies on
 * white.
 * @param {ArrayLike<number>} data red, green, blue and opacity of some rows of the picture
 * @param {number} width how many pixels such a row has
 * @param {number} columns
 * @param {number[]} down how much of each row is covered
 */
export const meansOf = (data, width, columns, down) =>
  parts(width, columns).map(({ first, shares }) => {
    const sums = [0, 0, 0, 0];
    down.forEach((share, row) =>
      shares.forEach((other, n) => {
        const place = 4 * (row * width + first + n);
        const [weight, opacity] = [share * other, data[place + 3] / 255];
        for (let c = 0; c < 3; c++) {
          sums[c] += weight * (data[place + c] * opacity + 255 * (1 - opacity));
        }
        sums[3] += weight;
      })
    );
    return sums.slice(0, 3).map((sum) => Math.round(sum / sums[3]));
  });

/** Whether the three channels of a picture are equal. @param {number[][][]} rows */
export const isGrey = (rows) =>
  rows.every((row) => row.every(([red, green, blue]) => red === green && green === blue));

/** Rows × columns. @param {Size} size */
const sizeInWords = ({ width, height }) => `${grouped(height)} × ${grouped(width)}`;

/** What a file was turned into, step by step. @param {OwnPicture} own */
export function stepsInWords({ whole, box, rows, transparent, name, moves }) {
  const [height, width] = [rows.length, rows[0].length];
  const [down, across] = [box.height / height, box.width / width];
  const pixels = grouped(whole.height * whole.width);
  const steps = [`${name} has ${sizeInWords(whole)} pixels (rows × columns), ${pixels} in all.`];
  if (moves) steps.push("If it moves, this is its first frame.");
  if (box.width < whole.width || box.height < whole.height) {
    steps.push(`It is cut to the ${sizeInWords(box)} pixels in its middle.`);
  }
  if (down > 1) {
    const under = `${show(down, 1)} × ${show(across, 1)}`;
    steps.push(
      `It is scaled to ${height} × ${width}: each pixel is the mean of the ${under} under it.`,
    );
  } else if (down < 1) {
    steps.push(`It is small, so each pixel is repeated: now it has ${height} × ${width}.`);
  }
  if (down === 1) steps.push("It fits the grid, so no pixel is changed.");
  if (transparent) steps.push("Where it is transparent, it lies on white.");
  const channels = isGrey(rows) ? 1 : 3;
  const kind = channels === 1
    ? "Red, green and blue are equal, so one channel is kept"
    : "3 channels";
  steps.push(
    `${kind}: ${height} · ${width} · ${channels} = ${grouped(height * width * channels)} numbers.`,
  );
  return steps;
}

/** The shades of a picture, 0…1, with two digits. @param {number[][][]} rows */
export const greyRows = (rows) =>
  rows.map((row) => row.map((pixel) => Number((grey(pixel) / 255).toFixed(2))));

/** What came, where no picture did. @param {{name: string, type: string, size: number} | undefined} file */
export const refusal = (file) =>
  `${RULE} Received: ${
    file
      ? `${file.name}, ${file.type || "of an unknown type"}, ${grouped(file.size)} bytes`
      : "no file"
  }.`;

/**
 * The pixels of a picture at the size of a grid. It is read in strips, so that a large photograph
 * needs little memory.
 * @param {ImageBitmap} bitmap
 * @param {File} file
 * @param {number} most how many rows or columns the grid has at most
 * @returns {OwnPicture}
 */
export function readPicture(bitmap, { name, type }, most) {
  const { box, rows: height, columns } = plan(bitmap, most);
  const canvas = make("canvas", { width: box.width });
  const options = { willReadFrequently: true };
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", options));
  let transparent = false;
  const rows = parts(box.height, height).map(({ first, shares }) => {
    canvas.height = shares.length; // this also clears it
    context.drawImage(bitmap, -box.left, -box.top - first);
    const { data } = context.getImageData(0, 0, box.width, shares.length);
    transparent ||= data.some((value, i) => i % 4 === 3 && value < 255);
    return meansOf(data, box.width, columns, shares);
  });
  const whole = { width: bitmap.width, height: bitmap.height };
  return { whole, box, rows, transparent, name, moves: type === "image/gif" };
}

/** The steps from a file to the numbers, while they are shown. */
export function createSteps() {
  const list = make("ol");
  const title = make("b", { textContent: "How your picture became these numbers" });
  const properties = { className: "lx-steps", "aria-live": "polite", hidden: true };
  const element = make("div", properties, title, list);
  /** @param {string[]} texts */
  function tell(texts) {
    list.replaceChildren(...texts.map((textContent) => make("li", { textContent })));
    element.hidden = false;
  }
  return { element, tell, hide: () => (element.hidden = true) };
}

/**
 * What lets readers put a grey picture of their own into a figure, with its steps in words.
 * @param {HTMLElement} el the figure
 * @param {number} most how many rows or columns the picture has at most
 * @param {(image: number[][]) => void} use
 */
export function createGreyPicker(el, most, use) {
  const steps = createSteps();
  const picker = createPicker(el, (bitmap, file) => {
    const own = readPicture(bitmap, file, most);
    const rule = "Grey: 0.299 · red + 0.587 · green + 0.114 · blue, from 0 (black) to 1 (white).";
    steps.tell([...stepsInWords(own), rule]);
    use(greyRows(own.rows));
  }, "It stays in this browser; in a notebook, Python gets the small grey image.");
  function forget() {
    picker.forget();
    steps.hide();
  }
  return { element: make("div", {}, picker.element, steps.element), forget };
}

/**
 * What lets readers choose a picture, take a photograph or drop a file on the figure, and says where
 * it stays and what cannot be read.
 * @param {HTMLElement} el the figure
 * @param {(bitmap: ImageBitmap, file: File) => string | void} use may say what is wrong with it
 * @param {string} [promise]
 */
export function createPicker(el, use, promise = PRIVATE) {
  const note = make("output", { className: "lx-note", "aria-live": "polite" });
  let turns = 0;

  /** @param {FileList | null | undefined} files */
  async function take(files) {
    const [file, turn] = [files?.[0], ++turns];
    note.textContent = file ? `Reading ${file.name} …` : "";
    const bitmap = file && await createImageBitmap(file).catch(() => undefined);
    if (turn !== turns) return; // another one has been chosen meanwhile
    note.textContent = file && bitmap ? use(bitmap, file) ?? "" : refusal(file);
    bitmap?.close();
  }

  /** @param {string} text @param {boolean} camera */
  function opener(text, camera) {
    const properties = { type: "file", accept: "image/*", hidden: true, "aria-label": text };
    const input = make("input", properties);
    if (camera) input.setAttribute("capture", "environment");
    input.onchange = async () => {
      await take(input.files);
      input.value = ""; // so that the same file can be chosen again
    };
    return [button(text, () => input.click()), input];
  }

  /** @param {DragEvent} event */
  function over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    el.classList.add("lx-dropping");
  }
  const leave = () => el.classList.remove("lx-dropping");
  el.addEventListener("dragenter", over);
  el.addEventListener("dragover", over);
  el.addEventListener("dragleave", leave);
  el.addEventListener("drop", (event) => {
    leave();
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    take(event.dataTransfer.files);
  });

  // Only where a browser knows the attribute does it open the camera.
  const camera = "capture" in HTMLInputElement.prototype ? opener("Take a photograph", true) : [];
  const offer = make("span", { textContent: `or drop it here. ${promise}` });
  const line = [...opener("Choose a picture of your own", false), ...camera, offer];
  const element = make(
    "div",
    { className: "lx-own" },
    make("div", { className: "lx-controls" }, ...line),
    note,
  );
  return { element, forget: () => (note.textContent = "") };
}
