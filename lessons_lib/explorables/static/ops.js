// The arithmetic of all explorables, equal to Keras's and to lessons_lib.ops. No DOM in here.

/**
 * A stack of maps: the value at (row, column, channel) is
 * data[(row * width + column) * channels + channel].
 * @typedef {{height: number, width: number, channels: number, data: ArrayLike<number>}} Maps
 * @typedef {Maps & {data: Float64Array}} Computed maps that an operation has made
 *
 * The weight at (row, column, channel, filter) is
 * data[((row * width + column) * channels + channel) * filters + filter].
 * @typedef {Maps & {filters: number}} Kernels
 *
 * A pair is [rows, columns]; one number stands for both.
 * @typedef {number | [number, number]} Pair
 * @typedef {"valid" | "same"} Padding
 * @typedef {{strides?: Pair, padding?: Padding, dilationRate?: Pair}} Slide
 * @typedef {{strides?: number, padding?: Padding, dilationRate?: number}} AxisSlide along one axis
 *
 * Which pixel along one axis a tap of the window lies on, at a stop.
 * @typedef {(stop: number, tap: number) => number} PixelAt
 */

/**
 * A number, or the limit that it is beyond.
 * @param {number} value
 * @param {number} low
 * @param {number} high where it is below `low`, `low` counts
 */
export const clamp = (value, low, high) => Math.max(low, Math.min(value, high));

/** @param {Pair} value @returns {[number, number]} */
const pair = (value) => (typeof value === "number" ? [value, value] : value);

/**
 * Length of a feature map along one axis; 0 where the window does not fit.
 * @param {number} size
 * @param {number} kernelSize
 * @param {AxisSlide} [slide]
 */
export function outputSize(
  size,
  kernelSize,
  { strides = 1, padding = "valid", dilationRate = 1 } = {},
) {
  if (padding === "same") return Math.ceil(size / strides);
  const extent = dilationRate * (kernelSize - 1) + 1;
  return Math.max(0, Math.floor((size - extent) / strides) + 1);
}

/**
 * Pixels that "same" adds before and after along one axis; an odd one goes after.
 * @param {number} size
 * @param {number} kernelSize
 * @param {AxisSlide} [slide]
 * @returns {[number, number]}
 */
export function paddingAround(
  size,
  kernelSize,
  { strides = 1, padding = "valid", dilationRate = 1 } = {},
) {
  if (padding === "valid") return [0, 0];
  const extent = dilationRate * (kernelSize - 1) + 1;
  const missing = Math.max(
    0,
    (outputSize(size, kernelSize, { strides, padding }) - 1) * strides + extent - size,
  );
  return [Math.floor(missing / 2), missing - Math.floor(missing / 2)];
}

/**
 * A window on its way over an image: how many stops there are, and which pixel a tap of a stop
 * lies on.
 * @param {{height: number, width: number}} image
 * @param {[number, number]} size
 * @param {Slide} slide
 */
export function slidingWindow(
  image,
  size,
  { strides = 1, padding = "valid", dilationRate = 1 } = {},
) {
  const axes = [image.height, image.width].map((length, axis) => {
    const settings = {
      strides: pair(strides)[axis],
      padding,
      dilationRate: pair(dilationRate)[axis],
    };
    const before = paddingAround(length, size[axis], settings)[0];
    /** @type {PixelAt} */
    const pixel = (stop, tap) => stop * settings.strides + tap * settings.dilationRate - before;
    return { stops: outputSize(length, size[axis], settings), pixel };
  });
  return { rows: axes[0].stops, columns: axes[1].stops, row: axes[0].pixel, column: axes[1].pixel };
}

/**
 * The stop whose window has its middle nearest to a pixel, counted row by row.
 * @param {ReturnType<typeof slidingWindow>} way
 * @param {[number, number]} size
 * @param {number} row
 * @param {number} column
 */
export function nearestStop(way, size, row, column) {
  /** @param {number} pixel @param {number} stops @param {number} taps @param {PixelAt} at */
  const nearest = (pixel, stops, taps, at) => {
    /** @param {number} stop */
    const distance = (stop) => Math.abs((at(stop, 0) + at(stop, taps - 1)) / 2 - pixel);
    let best = 0;
    for (let stop = 1; stop < stops; stop++) if (distance(stop) < distance(best)) best = stop;
    return best;
  };
  return nearest(row, way.rows, size[0], way.row) * way.columns +
    nearest(column, way.columns, size[1], way.column);
}

/**
 * Move an image; what comes in is 0.
 * @param {number[][]} rows
 * @param {number} down
 * @param {number} right
 */
export const shift = (rows, down, right) =>
  rows.map((row, i) => row.map((_, j) => rows[i - down]?.[j - right] ?? 0));

/** Rows of numbers as maps with one channel. @param {number[][]} rows */
export const fromRows = (rows) => ({
  height: rows.length,
  width: rows[0].length,
  channels: 1,
  data: rows.flat(),
});

/**
 * Slide kernels over maps: multiply element by element, add up, add the bias (cross-correlation, as
 * in Keras).
 * @param {Maps} image
 * @param {Kernels} kernels
 * @param {Slide & {bias?: ArrayLike<number>}} [settings]
 * @returns {Computed}
 */
export function convolve(image, kernels, { bias, ...slide } = {}) {
  const { height, width, channels, filters } = kernels;
  const stops = slidingWindow(image, [height, width], slide);
  const data = new Float64Array(stops.rows * stops.columns * filters);
  for (let i = 0, out = 0; i < stops.rows; i++) {
    for (let j = 0; j < stops.columns; j++, out += filters) {
      if (bias) { for (let f = 0; f < filters; f++) data[out + f] = bias[f]; }
      for (let m = 0; m < height; m++) {
        const row = stops.row(i, m);
        if (row < 0 || row >= image.height) continue;
        for (let n = 0; n < width; n++) {
          const column = stops.column(j, n);
          if (column < 0 || column >= image.width) continue;
          const pixel = (row * image.width + column) * channels;
          const weight = (m * width + n) * channels;
          for (let c = 0; c < channels; c++) {
            const value = image.data[pixel + c];
            for (let f = 0; f < filters; f++) {
              data[out + f] += value * kernels.data[(weight + c) * filters + f];
            }
          }
        }
      }
    }
  }
  return { height: stops.rows, width: stops.columns, channels: filters, data };
}

/**
 * Max or average pooling, channel by channel; the mean is that of the pixels that are there.
 * `winners` holds, for max pooling, the index in image.data that each output comes from (the first
 * of equals).
 * @param {Maps} image
 * @param {{
 *   kind?: "max" | "average", poolSize?: Pair, strides?: Pair, padding?: Padding,
 * }} [settings]
 * @returns {Computed & {winners: Int32Array}}
 */
export function pool(
  image,
  { kind = "max", poolSize = 2, strides = poolSize, padding = "valid" } = {},
) {
  const size = pair(poolSize);
  const { channels } = image;
  const stops = slidingWindow(image, size, { strides, padding });
  const data = new Float64Array(stops.rows * stops.columns * channels);
  const winners = new Int32Array(data.length).fill(-1);
  for (let out = 0; out < data.length; out++) {
    const c = out % channels;
    const j = Math.floor(out / channels) % stops.columns;
    const i = Math.floor(out / channels / stops.columns);
    let count = 0;
    for (let m = 0; m < size[0]; m++) {
      for (let n = 0; n < size[1]; n++) {
        const row = stops.row(i, m);
        const column = stops.column(j, n);
        if (row < 0 || row >= image.height || column < 0 || column >= image.width) continue;
        const index = (row * image.width + column) * channels + c;
        count++;
        if (kind === "average") data[out] += image.data[index];
        else if (winners[out] < 0 || image.data[index] > image.data[winners[out]]) {
          winners[out] = index;
        }
      }
    }
    data[out] = kind === "average" ? data[out] / count : image.data[winners[out]];
  }
  return { height: stops.rows, width: stops.columns, channels, data, winners };
}

/** @param {number} z */
const sigmoid = (z) => 1 / (1 + Math.exp(-z));

/**
 * Activations by the names of Keras, each with its derivative (0 at the kink of ReLU, as in
 * TensorFlow).
 * @typedef {"relu" | "leaky_relu" | "sigmoid" | "tanh"} ActivationName
 * @type {Record<ActivationName, {of: (z: number) => number, derivative: (z: number) => number}>}
 */
export const activations = {
  relu: { of: (z) => Math.max(0, z), derivative: (z) => (z > 0 ? 1 : 0) },
  leaky_relu: {
    of: (z) => (z > 0 ? z : 0.2 * z),
    derivative: (z) => (z > 0 ? 1 : 0.2),
  },
  sigmoid: { of: sigmoid, derivative: (z) => sigmoid(z) * (1 - sigmoid(z)) },
  tanh: { of: Math.tanh, derivative: (z) => 1 - Math.tanh(z) ** 2 },
};

/**
 * Weighted sums: weights[i * units + u] leads from input i to unit u.
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} weights
 * @param {ArrayLike<number>} bias
 */
export function dense(x, weights, bias) {
  const units = bias.length;
  const z = Float64Array.from(bias);
  for (let i = 0; i < x.length; i++) {
    for (let u = 0; u < units; u++) z[u] += x[i] * weights[i * units + u];
  }
  return z;
}

/** Positive numbers that add up to 1. @param {ArrayLike<number>} z */
export function softmax(z) {
  const values = Float64Array.from(z);
  const largest = values.reduce((a, b) => Math.max(a, b));
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/**
 * Weights and biases of a convolution.
 * @param {Pair} kernelSize
 * @param {number} channels
 * @param {number} filters
 */
export function convolutionParameters(kernelSize, channels, filters) {
  const [height, width] = pair(kernelSize);
  return (height * width * channels + 1) * filters;
}

/** Weights and biases of a dense layer. @param {number} inputs @param {number} units */
export const denseParameters = (inputs, units) => (inputs + 1) * units;

/**
 * What one output sees along one axis, after Araujo et al. (2019): output i sees the pixels
 * start + i * jump … start + i * jump + size - 1.
 * @param {{
 *   kernelSize: number, strides?: number, dilationRate?: number, padding?: number,
 * }[]} layers
 */
export function receptiveField(layers) {
  const field = { size: 1, jump: 1, start: 0 };
  for (const { kernelSize, strides = 1, dilationRate = 1, padding = 0 } of layers) {
    field.size += dilationRate * (kernelSize - 1) * field.jump;
    field.start -= padding * field.jump;
    field.jump *= strides;
  }
  return field;
}
