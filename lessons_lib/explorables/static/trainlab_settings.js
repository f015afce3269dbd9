// What a reader sets in TrainLab: the options, the network that they describe, and a link that holds
// them. No DOM in here.

/**
 * @typedef {"dense" | "CNN" | "CNN, global pooling"} NetworkName
 * @typedef {(
 *   | "digits" | "shuffled pixels" | "shifted digits" | "noisy digits"
 *   | "ring" | "spiral" | "two moons"
 * )} DataName
 * @typedef {{
 *   network: NetworkName, hidden: number, units: number, data: DataName, examples: number,
 *   optimizer: "SGD" | "momentum" | "RMSprop" | "Adam", learning_rate: number, batch_size: number,
 *   dropout: number, l2: number, shift: number, seed: number, epochs: number,
 * }} Settings
 * @typedef {keyof Settings} Trait
 * @typedef {import("./layers.js").LayerSpec} LayerSpec
 * @typedef {import("./nn.js").Description} Description
 */

/** What each trait may be; trainlab.py says the same. */
export const OPTIONS = {
  data: [
    "digits",
    "shuffled pixels",
    "shifted digits",
    "noisy digits",
    "ring",
    "spiral",
    "two moons",
  ],
  examples: [5, 10, 20, 50, 100, 200],
  network: ["dense", "CNN", "CNN, global pooling"],
  hidden: [0, 1, 2, 3],
  units: [2, 4, 8, 16, 32, 64, 128],
  optimizer: ["SGD", "momentum", "RMSprop", "Adam"],
  learning_rate: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
  epochs: [1, 2, 5, 10, 20, 50, 100, 200],
  batch_size: [8, 16, 32, 64, 128, 256],
  dropout: [0, 0.1, 0.25, 0.5],
  l2: [0, 0.0001, 0.001, 0.01],
  shift: [0, 1, 2, 3, 4],
  seed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
};

/** What the figure calls each trait. @type {Record<Trait, string>} */
export const LABELS = {
  data: "Data",
  examples: "Examples a class",
  network: "Network",
  hidden: "Hidden layers",
  units: "Units in each",
  optimizer: "Optimiser",
  learning_rate: "Learning rate",
  epochs: "Epochs",
  batch_size: "Batch",
  dropout: "Dropout",
  l2: "L2",
  shift: "Shift (augment)",
  seed: "Seed",
};

export const TRAITS = /** @type {Trait[]} */ (Object.keys(OPTIONS));

/** Whether the examples are points of the plane. @param {Settings} settings */
export const hasPoints = ({ data }) => ["ring", "spiral", "two moons"].includes(data);

/** Whether the network is a dense one. @param {Settings} settings */
export const isDense = (settings) => settings.network === "dense" || hasPoints(settings);

/** The traits that say something about these settings. @param {Settings} settings */
export function traitsOf(settings) {
  const idle = new Set(/** @type {Trait[]} */ ([]));
  if (hasPoints(settings)) idle.add("network").add("shift");
  if (!isDense(settings)) idle.add("hidden");
  if (!isDense(settings) || settings.hidden === 0) idle.add("units");
  return TRAITS.filter((trait) => !idle.has(trait));
}

/** @param {Settings} settings @returns {LayerSpec[]} */
function hiddenLayers(settings) {
  const { hidden, units, network, l2, dropout } = settings;
  /** @type {LayerSpec[]} */
  const drop = dropout ? [{ layer: "Dropout", rate: dropout }] : [];
  if (isDense(settings)) {
    /** @type {LayerSpec} */
    const dense = { layer: "Dense", units, activation: "relu", l2 };
    return [
      ...(hasPoints(settings) ? [] : [/** @type {LayerSpec} */ ({ layer: "Flatten" })]),
      ...Array.from({ length: hidden }, () => [dense, ...drop]).flat(),
    ];
  }
  const ends = network === "CNN";
  /** @param {number} filters @returns {LayerSpec} */
  const convolution = (filters) => ({
    ...{ layer: "Conv2D", filters, kernel_size: 3, activation: "relu", l2 },
    padding: ends ? "valid" : "same",
  });
  /** @type {LayerSpec} */
  const pool = { layer: "MaxPooling2D", pool_size: 2 };
  return ends ? [convolution(8), pool, convolution(16), pool, { layer: "Flatten" }, ...drop] : [
    ...[convolution(16), pool, convolution(32), pool, convolution(32)],
    ...[/** @type {LayerSpec} */ ({ layer: "GlobalMaxPooling2D" }), ...drop],
  ];
}

/** @param {Settings} settings @returns {import("./optimizers.js").OptimizerSpec} */
function optimizerOf({ optimizer, learning_rate }) {
  return optimizer === "momentum"
    ? { optimizer: "SGD", learning_rate, momentum: 0.9 }
    : { optimizer, learning_rate };
}

/** The network of some settings, as nn.js wants it. @param {Settings} settings @returns {Description} */
export function describe(settings) {
  const points = hasPoints(settings);
  return {
    input_shape: points ? [2] : [28, 28, 1],
    layers: [...hiddenLayers(settings), {
      ...{ layer: "Dense", units: points ? 2 : 10, activation: "softmax", l2: settings.l2 },
    }],
    optimizer: optimizerOf(settings),
    seed: settings.seed,
  };
}

/** The settings of the training, as train.js wants them. @param {Settings} settings */
export const trainingOf = (settings) => ({
  epochs: settings.epochs,
  batch_size: settings.batch_size,
  shift: hasPoints(settings) ? 0 : settings.shift,
});

/** Settings as the fragment of an address. @param {string} name of the figure @param {Settings} settings */
export const toFragment = (name, settings) =>
  `#${name}?${new URLSearchParams(
    traitsOf(settings).map((trait) => [trait, String(settings[trait])]),
  )}`;

/**
 * The option that a text of an address means; numbers may be written in any way.
 * @param {readonly (string | number)[]} options
 * @param {string} text
 */
const optionOf = (options, text) =>
  options.find((option) =>
    typeof option === "number" ? text.trim() !== "" && Number(text) === option : option === text
  );

/**
 * The settings that the fragment of an address holds, and the parts of it that say nothing known;
 * undefined where it is no link to this figure. The name alone leads to the figure as it is.
 * @param {string} name of the figure
 * @param {string} fragment
 * @returns {{settings: Partial<Settings>, unknown: string[]} | undefined}
 */
export function fromFragment(name, fragment) {
  if (fragment !== `#${name}` && !fragment.startsWith(`#${name}?`)) return undefined;
  const settings = /** @type {Record<string, string | number>} */ ({});
  const unknown = [];
  for (const [trait, text] of new URLSearchParams(fragment.slice(name.length + 2))) {
    const options = Object.hasOwn(OPTIONS, trait) ? OPTIONS[/** @type {Trait} */ (trait)] : [];
    const value = optionOf(options, text);
    if (value === undefined) unknown.push(`${trait}=${text}`.slice(0, 40));
    else settings[trait] = value;
  }
  return { settings, unknown };
}

/**
 * The layers that have weights: each with its place, its units, and the place of its kernel among the
 * arrays of weights.
 * @param {Description} description
 */
export const weighedLayers = ({ layers }) =>
  layers.flatMap((spec, layer) => {
    const units = spec.layer === "Dense" ? spec.units : spec.layer === "Conv2D" ? spec.filters : 0;
    return units ? [{ kind: spec.layer, layer, units }] : [];
  }).map((found, i) => ({ ...found, kernel: 2 * i }));

/**
 * The network up to one of its layers, to see what the units answer.
 * @param {Description} description
 * @param {number} layer
 * @returns {Description}
 */
export const upTo = (description, layer) => ({
  ...description,
  layers: description.layers.slice(0, layer + 1),
  loss: "mean_squared_error",
});

/** A layer as the configuration of Keras has it. @param {LayerSpec} spec */
function toLayer({ layer, ...spec }) {
  const { l2 = 0, ...config } = /** @type {{l2?: number}} */ (spec);
  const kernel_regularizer = { module: "keras.regularizers", class_name: "L2", config: { l2 } };
  return {
    module: "keras.layers",
    class_name: layer,
    config: l2 ? { ...config, kernel_regularizer } : config,
  };
}

/** A network as `keras.models.model_from_json` reads it. @param {Description} description */
export const toKeras = ({ input_shape, layers }) =>
  JSON.stringify({
    module: "keras",
    class_name: "Sequential",
    config: {
      name: "trained_in_the_page",
      layers: [
        {
          module: "keras.layers",
          class_name: "InputLayer",
          config: { batch_shape: [null, ...input_shape] },
        },
        ...layers.map(toLayer),
      ],
    },
  });
