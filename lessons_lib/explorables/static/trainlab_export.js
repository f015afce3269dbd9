// What a reader takes away from TrainLab: curves as CSV, and weights that Keras loads.

import { make } from "./controls.js";
import { toNpz } from "./npz.js";
import { current } from "./trainlab_runs.js";
import { toKeras, weighedLayers } from "./trainlab_settings.js";

/** @typedef {import("./trainlab_runs.js").Run} Run */

/**
 * Hand a file to the reader.
 * @param {string} name
 * @param {BlobPart} content
 * @param {string} type
 */
export function save(name, content, type) {
  const href = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/** The name of the file with a run's weights. @param {Run} run */
export const fileOf = ({ number }) => `run-${number}.npz`;

/** The lines of Python that load it. @param {Run} run */
export const linesFor = (run) =>
  [
    `file = np.load("${fileOf(run)}")`,
    'model = keras.models.model_from_json(str(file["model"]))',
    "model.set_weights([file[name] for name in file.files[1:]])",
  ].join("\n");

/**
 * The network of a run as a file: first its layers, then its weights in Keras's order. Of several
 * seeds it is the last.
 * @param {Run} run
 */
export function toFile(run) {
  const { description, weights } = current(run);
  const arrays = weighedLayers(description).flatMap(({ kind, units, kernel }, i) => {
    const [values, bias] = [weights[kernel], weights[kernel + 1]];
    const inputs = values.length / units;
    const shape = kind === "Conv2D" ? [3, 3, inputs / 9, units] : [inputs, units];
    const name = `${kind}_${i + 1}`.toLowerCase();
    return [
      [`${name}_kernel`, { shape, values }],
      [`${name}_bias`, { shape: [units], values: bias }],
    ];
  });
  return toNpz([
    ["model", toKeras(description)],
    .../** @type {[string, import("./npz.js").Content][]} */ (arrays),
  ]);
}
