// The layers of a network, forward and backward over batches, equal to Keras's. No DOM in here.
//
// A batch lies in one Float32Array, example after example; an image lies row by row, and the
// channels of a pixel lie together. A layer is made once, with all its memory: it reads the values
// of its input and writes those of its output, and backward it reads the gradients of its output
// and writes those of its input and of its parameters.

import { activations, slidingWindow } from "./ops.js";
import { truncatedNormal } from "./random.js";

/**
 * @typedef {import("./ops.js").Pair} Pair
 * @typedef {import("./ops.js").Padding} Padding
 * @typedef {import("./ops.js").ActivationName} ActivationName
 * @typedef {import("./random.js").Random} Random
 * @typedef {"glorot_uniform" | "he_normal" | "he_uniform" | "zeros"} Initializer
 *
 * A layer in plain JSON, in the words of Keras. Where Keras has a default, this is it. `l2` stands
 * for `kernel_regularizer=keras.regularizers.L2(l2)`.
 * @typedef {{activation?: ActivationName | "linear" | "softmax"}} Activated
 * @typedef {{kernel_initializer?: Initializer, l2?: number}} Weighted
 * @typedef {Activated & Weighted & {layer: "Dense", units: number}} DenseSpec
 * @typedef {Activated & Weighted & {
 *   layer: "Conv2D", filters: number, kernel_size: Pair, strides?: Pair, padding?: Padding,
 * }} ConvSpec
 * @typedef {{
 *   layer: "MaxPooling2D" | "AveragePooling2D", pool_size?: Pair, strides?: Pair,
 *   padding?: Padding,
 * }} PoolSpec
 * @typedef {{layer: "GlobalMaxPooling2D" | "GlobalAveragePooling2D" | "Flatten"}} PlainSpec
 * @typedef {{layer: "Activation"} & Required<Activated>} ActivationSpec
 * @typedef {{layer: "Dropout", rate: number}} DropoutSpec
 * @typedef {{layer: "BatchNormalization", momentum?: number, epsilon?: number}} NormSpec
 * @typedef {(
 *   DenseSpec | ConvSpec | PoolSpec | PlainSpec | ActivationSpec | DropoutSpec | NormSpec
 * )} LayerSpec
 *
 * @typedef {{
 *   name: string, shape: number[], values: Float32Array, gradients: Float32Array,
 *   trainable: boolean, l2: number,
 * }} Parameter
 *
 * `forward` computes the output of the first `count` examples of the input. `backward` computes,
 * from the gradients of the output, those of the parameters, and those of the input if they are
 * wanted. What differs between training and use (dropout, batch normalisation) follows `training`
 * of the last `forward`.
 * @typedef {{
 *   kind: string, output: Batch, parameters: Parameter[],
 *   forward(count: number, training: boolean): void,
 *   backward(count: number, wanted: boolean): void,
 * }} Layer
 */

/** @param {number[]} shape */
const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);

/** The parts of an array, one an example. @param {Float32Array} all @param {number} size */
const split = (all, size) =>
  Array.from({ length: all.length / size }, (_, i) => all.subarray(i * size, (i + 1) * size));

/** What flows between two layers: values on the way forward, gradients on the way back. */
export class Batch {
  /**
   * @param {number[]} shape of one example
   * @param {number} capacity how many examples it can hold
   * @param {{values: Float32Array, gradients: Float32Array}} [memory]
   */
  constructor(shape, capacity, memory) {
    this.shape = shape;
    this.capacity = capacity;
    this.size = sizeOf(shape);
    this.values = memory?.values ?? new Float32Array(capacity * this.size);
    this.gradients = memory?.gradients ?? new Float32Array(capacity * this.size);
    /** The values of each example. */
    this.valuesOf = split(this.values, this.size);
    /** The gradients of each example. */
    this.gradientsOf = split(this.gradients, this.size);
  }
}

// The products that are not 0, and where their rows begin: memory of `addProduct`.
let factors = new Float64Array(1024);
let places = new Int32Array(1024);

/**
 * Add the product of two matrices to a third one: out[i, k] += Σ left[i, j] · right[j, k]. Zeros on
 * the left cost nearly nothing: blank pixels, what ReLU has cut off, and the gradients of pixels
 * that lost in a max pooling. Eight rows of the right are added at once, which saves memory traffic.
 * @param {Float32Array} out rows × width
 * @param {Float32Array} left rows × columns
 * @param {Float32Array} right columns × width
 * @param {number} rows
 * @param {number} columns
 * @param {number} width
 * @param {number} rowStep from a row of the left to the next one
 * @param {number} columnStep from a column of the left to the next one
 */
function addProduct(out, left, right, rows, columns, width, rowStep = columns, columnStep = 1) {
  if (columns + 3 > factors.length) {
    factors = new Float64Array(columns + 3);
    places = new Int32Array(columns + 3);
  }
  for (let i = 0; i < rows; i++) {
    let count = 0;
    for (let j = 0, from = i * rowStep; j < columns; j++, from += columnStep) {
      const factor = left[from];
      if (factor === 0) continue;
      factors[count] = factor;
      places[count++] = j * width;
    }
    // Rows are added by four or eight, so blank ones complete the last four.
    for (; count % 4; count++) factors[count] = places[count] = 0;
    addRows(out, i * width, right, width, count);
  }
}

/**
 * Add rows of a matrix, each times its factor, to a row: those that `factors` and `places` name.
 * @param {Float32Array} out
 * @param {number} at
 * @param {Float32Array} rows
 * @param {number} width
 * @param {number} count how many, a multiple of 4
 */
function addRows(out, at, rows, width, count) {
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const a = factors[i], b = factors[i + 1], c = factors[i + 2], d = factors[i + 3];
    const e = factors[i + 4], f = factors[i + 5], g = factors[i + 6], h = factors[i + 7];
    const p = places[i], q = places[i + 1], r = places[i + 2], s = places[i + 3];
    const t = places[i + 4], u = places[i + 5], v = places[i + 6], w = places[i + 7];
    for (let k = 0; k < width; k++) {
      out[at + k] += a * rows[p + k] + b * rows[q + k] + c * rows[r + k] + d * rows[s + k] +
        e * rows[t + k] + f * rows[u + k] + g * rows[v + k] + h * rows[w + k];
    }
  }
  if (i === count) return;
  const a = factors[i], b = factors[i + 1], c = factors[i + 2], d = factors[i + 3];
  const p = places[i], q = places[i + 1], r = places[i + 2], s = places[i + 3];
  for (let k = 0; k < width; k++) {
    out[at + k] += a * rows[p + k] + b * rows[q + k] + c * rows[r + k] + d * rows[s + k];
  }
}

/**
 * Write a matrix with rows and columns exchanged.
 * @param {Float32Array} out columns × rows
 * @param {Float32Array} matrix rows × columns
 * @param {number} rows
 * @param {number} columns
 */
function transpose(out, matrix, rows, columns) {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j];
  }
}

/**
 * Draw the starting weights of a kernel.
 * @type {Record<Initializer, (fanIn: number, fanOut: number, random: Random) => number>}
 */
const initializers = {
  glorot_uniform: (fanIn, fanOut, random) => Math.sqrt(6 / (fanIn + fanOut)) * (2 * random() - 1),
  he_uniform: (fanIn, _, random) => Math.sqrt(6 / fanIn) * (2 * random() - 1),
  // What is cut off at two deviations has a smaller deviation than what is not: hence the divisor.
  he_normal: (fanIn, _, random) =>
    Math.sqrt(2 / fanIn) / 0.87962566103423978 * truncatedNormal(random),
  zeros: () => 0,
};

/**
 * @param {string} name
 * @param {number[]} shape
 * @param {Partial<Parameter>} [settings]
 * @returns {Parameter}
 */
function createParameter(name, shape, settings) {
  const [values, gradients] = [0, 0].map(() => new Float32Array(sizeOf(shape)));
  return { name, shape, values, gradients, trainable: true, l2: 0, ...settings };
}

/**
 * What a dense layer and a convolution share: weighted sums of the rows of a matrix, one row a
 * window. The kernel is inputs × units.
 * @param {Weighted} spec
 * @param {number[]} shape of the kernel; units come last
 * @param {Random} random
 */
function createSums(spec, shape, random) {
  const { kernel_initializer = "glorot_uniform", l2 = 0 } = spec;
  const units = shape[shape.length - 1];
  const inputs = sizeOf(shape) / units;
  const taps = sizeOf(shape.slice(0, -2));
  const kernel = createParameter("kernel", shape, { l2 });
  const bias = createParameter("bias", [units]);
  const draw = initializers[kernel_initializer];
  kernel.values.forEach((_, i) => (kernel.values[i] = draw(inputs, taps * units, random)));
  const turned = new Float32Array(kernel.values.length);
  const turnedGradients = new Float32Array(kernel.values.length);

  return {
    parameters: [kernel, bias],
    /** @param {Float32Array} out @param {Float32Array} rows @param {number} count */
    forward(out, rows, count) {
      for (let at = 0; at < count * units; at += units) {
        for (let u = 0; u < units; u++) out[at + u] = bias.values[u];
      }
      addProduct(out, rows, kernel.values, count, inputs, units);
    },
    /** Begin a way back. */
    begin() {
      transpose(turned, kernel.values, inputs, units);
      turnedGradients.fill(0);
      bias.gradients.fill(0);
    },
    /**
     * Add to the gradients of the parameters.
     * @param {Float32Array} gradients of the sums
     * @param {Float32Array} rows
     * @param {number} count
     */
    backward(gradients, rows, count) {
      addProduct(turnedGradients, gradients, rows, units, count, inputs, 1, units);
      for (let at = 0; at < count * units; at += units) {
        for (let u = 0; u < units; u++) bias.gradients[u] += gradients[at + u];
      }
    },
    /**
     * Write the gradients of the rows.
     * @param {Float32Array} out
     * @param {Float32Array} gradients of the sums
     * @param {number} count
     */
    backwardToRows(out, gradients, count) {
      out.fill(0, 0, count * inputs);
      addProduct(out, gradients, turned, count, units, inputs);
    },
    /** End a way back. */
    end: () => transpose(kernel.gradients, turnedGradients, units, inputs),
  };
}

/** @param {DenseSpec} spec @param {Batch} input @param {Random} random @returns {Layer} */
function createDense(spec, input, random) {
  if (input.shape.length !== 1) {
    throw new Error(`Dense must get rows, as Flatten makes them. Received: maps of ${input.shape}`);
  }
  const output = new Batch([spec.units], input.capacity);
  const sums = createSums(spec, [input.size, spec.units], random);
  return {
    kind: "Dense",
    output,
    parameters: sums.parameters,
    forward: (count) => sums.forward(output.values, input.values, count),
    backward(count, wanted) {
      sums.begin();
      sums.backward(output.gradients, input.values, count);
      if (wanted) sums.backwardToRows(input.gradients, output.gradients, count);
      sums.end();
    },
  };
}

/** The height, width and channels of maps, if some come in. @param {string} name of the layer @param {number[]} shape */
function mapsOf(name, shape) {
  if (shape.length !== 3) throw new Error(`${name} must get maps. Received: ${shape} values`);
  return shape;
}

/**
 * The windows of a layer: for each stop and each tap, where the channels of its pixel begin, or −1
 * where there is no pixel.
 * @param {string} name of the layer
 * @param {number[]} shape of one example
 * @param {[number, number]} size
 * @param {import("./ops.js").Slide} slide
 */
function windowsOf(name, shape, size, slide) {
  const [height, width, channels] = mapsOf(name, shape);
  const way = slidingWindow({ height, width }, size, slide);
  if (!way.rows || !way.columns) {
    throw new Error(`${name} must fit into its maps. Received: ${size} in ${height},${width}`);
  }
  const taps = size[0] * size[1];
  const pixels = Int32Array.from({ length: way.rows * way.columns * taps }, (_, i) => {
    const [stop, tap] = [Math.floor(i / taps), i % taps];
    const row = way.row(Math.floor(stop / way.columns), Math.floor(tap / size[1]));
    const column = way.column(stop % way.columns, tap % size[1]);
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return inside ? (row * width + column) * channels : -1;
  });
  return { rows: way.rows, columns: way.columns, taps, pixels };
}

/**
 * Where windows lie beside each other in memory: for each run of values its place among the rows of
 * all windows, its place in the image, and its length.
 * @param {Int32Array} pixels
 * @param {number} channels
 */
function runsOf(pixels, channels) {
  /** @type {number[]} */
  const runs = [];
  pixels.forEach((pixel, i) => {
    if (pixel < 0) return;
    if (i && pixels[i - 1] >= 0 && pixel === pixels[i - 1] + channels) {
      runs[runs.length - 1] += channels;
    } else runs.push(i * channels, pixel, channels);
  });
  return Int32Array.from(runs);
}

/** @param {Pair} pair @returns {[number, number]} */
const both = (pair) => (typeof pair === "number" ? [pair, pair] : pair);

/** @param {ConvSpec} spec @param {Batch} input @param {Random} random @returns {Layer} */
function createConvolution(spec, input, random) {
  const { filters, strides = 1, padding = "valid" } = spec;
  const size = both(spec.kernel_size);
  const windows = windowsOf("Conv2D", input.shape, size, { strides, padding });
  const channels = input.shape[2];
  const runs = runsOf(windows.pixels, channels);
  const stops = windows.rows * windows.columns;
  const output = new Batch([windows.rows, windows.columns, filters], input.capacity);
  const sums = createSums(spec, [...size, channels, filters], random);
  // One row a stop holds the values in its window. Where there is no pixel, it stays 0.
  const rows = new Float32Array(windows.pixels.length * channels);
  const rowGradients = new Float32Array(rows.length);

  /** @param {Float32Array} image */
  function fillRows(image) {
    for (let i = 0; i < runs.length; i += 3) {
      const to = runs[i], from = runs[i + 1], length = runs[i + 2];
      for (let k = 0; k < length; k++) rows[to + k] = image[from + k];
    }
  }
  /** @param {Float32Array} gradients of the image */
  function collectRows(gradients) {
    gradients.fill(0);
    for (let i = 0; i < runs.length; i += 3) {
      const from = runs[i], to = runs[i + 1], length = runs[i + 2];
      for (let k = 0; k < length; k++) gradients[to + k] += rowGradients[from + k];
    }
  }
  return {
    kind: "Conv2D",
    output,
    parameters: sums.parameters,
    forward(count) {
      for (let i = 0; i < count; i++) {
        fillRows(input.valuesOf[i]);
        sums.forward(output.valuesOf[i], rows, stops);
      }
    },
    backward(count, wanted) {
      sums.begin();
      for (let i = 0; i < count; i++) {
        fillRows(input.valuesOf[i]);
        sums.backward(output.gradientsOf[i], rows, stops);
        if (!wanted) continue;
        sums.backwardToRows(rowGradients, output.gradientsOf[i], stops);
        collectRows(input.gradientsOf[i]);
      }
      sums.end();
    },
  };
}

/** @param {PoolSpec} spec @param {Batch} input */
function createPool(spec, input) {
  const { layer, pool_size = 2, strides = pool_size, padding = "valid" } = spec;
  const windows = windowsOf(layer, input.shape, both(pool_size), { strides, padding });
  const channels = input.shape[2];
  const output = new Batch([windows.rows, windows.columns, channels], input.capacity);
  return { ...windows, channels, output };
}

/** @param {PoolSpec} spec @param {Batch} input @returns {Layer} */
function createMaxPooling(spec, input) {
  const { pixels, taps, channels, output } = createPool(spec, input);
  // Where in its example each output comes from: the first of equals.
  const winners = new Int32Array(output.values.length);

  /** @param {Float32Array} image @param {Float32Array} out @param {number} first */
  function poolOne(image, out, first) {
    for (let to = 0, tap = 0; to < out.length; to += channels) {
      let isFirst = true;
      for (const last = tap + taps; tap < last; tap++) {
        const pixel = pixels[tap];
        if (pixel < 0) continue;
        for (let c = 0; c < channels; c++) {
          if (!isFirst && !(image[pixel + c] > out[to + c])) continue;
          out[to + c] = image[pixel + c];
          winners[first + to + c] = pixel + c;
        }
        isFirst = false;
      }
    }
  }
  return {
    kind: "MaxPooling2D",
    output,
    parameters: [],
    forward(count) {
      for (let i = 0; i < count; i++) {
        poolOne(input.valuesOf[i], output.valuesOf[i], i * output.size);
      }
    },
    backward(count, wanted) {
      if (!wanted) return;
      input.gradients.fill(0, 0, count * input.size);
      for (let i = 0; i < count; i++) {
        const [into, from, first] = [input.gradientsOf[i], output.gradientsOf[i], i * output.size];
        for (let k = 0; k < from.length; k++) into[winners[first + k]] += from[k];
      }
    },
  };
}

/** @param {PoolSpec} spec @param {Batch} input @returns {Layer} */
function createAveragePooling(spec, input) {
  const { pixels, taps, channels, output } = createPool(spec, input);
  // The mean is that of the pixels that are there.
  const shares = Float64Array.from(
    { length: pixels.length / taps },
    (_, stop) =>
      1 / pixels.subarray(stop * taps, (stop + 1) * taps).filter((pixel) => pixel >= 0).length,
  );
  return {
    kind: "AveragePooling2D",
    output,
    parameters: [],
    forward(count) {
      output.values.fill(0, 0, count * output.size);
      for (let i = 0; i < count; i++) {
        const [image, out] = [input.valuesOf[i], output.valuesOf[i]];
        for (let tap = 0; tap < pixels.length; tap++) {
          const [pixel, stop] = [pixels[tap], Math.floor(tap / taps)];
          if (pixel < 0) continue;
          for (let c = 0; c < channels; c++) {
            out[stop * channels + c] += shares[stop] * image[pixel + c];
          }
        }
      }
    },
    backward(count, wanted) {
      if (!wanted) return;
      input.gradients.fill(0, 0, count * input.size);
      for (let i = 0; i < count; i++) {
        const [into, from] = [input.gradientsOf[i], output.gradientsOf[i]];
        for (let tap = 0; tap < pixels.length; tap++) {
          const [pixel, stop] = [pixels[tap], Math.floor(tap / taps)];
          if (pixel < 0) continue;
          for (let c = 0; c < channels; c++) {
            into[pixel + c] += shares[stop] * from[stop * channels + c];
          }
        }
      }
    },
  };
}

/** @param {PlainSpec} spec @param {Batch} input @returns {Layer} */
function createGlobalMaxPooling({ layer }, input) {
  const [, , channels] = mapsOf(layer, input.shape);
  const output = new Batch([channels], input.capacity);
  return {
    kind: "GlobalMaxPooling2D",
    output,
    parameters: [],
    forward(count) {
      output.values.fill(-Infinity, 0, count * channels);
      for (let i = 0; i < count; i++) {
        const [image, out] = [input.valuesOf[i], output.valuesOf[i]];
        for (let k = 0; k < image.length; k++) {
          out[k % channels] = Math.max(out[k % channels], image[k]);
        }
      }
    },
    // Equals share the gradient, as in TensorFlow.
    backward(count, wanted) {
      if (!wanted) return;
      for (let i = 0; i < count; i++) {
        const [image, most] = [input.valuesOf[i], output.valuesOf[i]];
        for (let c = 0; c < channels; c++) {
          let equals = 0;
          for (let k = c; k < image.length; k += channels) if (image[k] === most[c]) equals++;
          const share = output.gradientsOf[i][c] / equals;
          for (let k = c; k < image.length; k += channels) {
            input.gradientsOf[i][k] = image[k] === most[c] ? share : 0;
          }
        }
      }
    },
  };
}

/** @param {PlainSpec} spec @param {Batch} input @returns {Layer} */
function createGlobalAveragePooling({ layer }, input) {
  const [, , channels] = mapsOf(layer, input.shape);
  const output = new Batch([channels], input.capacity);
  const share = channels / input.size;
  const sums = new Float64Array(channels);
  return {
    kind: "GlobalAveragePooling2D",
    output,
    parameters: [],
    forward(count) {
      for (let i = 0; i < count; i++) {
        const image = input.valuesOf[i];
        sums.fill(0);
        for (let k = 0; k < image.length; k++) sums[k % channels] += image[k];
        for (let c = 0; c < channels; c++) output.valuesOf[i][c] = share * sums[c];
      }
    },
    backward(count, wanted) {
      if (!wanted) return;
      for (let i = 0; i < count; i++) {
        const [into, from] = [input.gradientsOf[i], output.gradientsOf[i]];
        for (let k = 0; k < into.length; k++) into[k] = share * from[k % channels];
      }
    },
  };
}

/** The same memory in another shape. @param {PlainSpec} _ @param {Batch} input @returns {Layer} */
function createFlatten(_, input) {
  const output = new Batch([input.size], input.capacity, input);
  return { kind: "Flatten", output, parameters: [], forward() {}, backward() {} };
}

/**
 * The slope of each activation where its value is y (0 at the kink of ReLU, as in TensorFlow).
 * @type {Record<ActivationName, (y: number) => number>}
 */
const slopes = {
  relu: (y) => (y > 0 ? 1 : 0),
  leaky_relu: (y) => (y > 0 ? 1 : 0.2),
  sigmoid: (y) => y * (1 - y),
  tanh: (y) => 1 - y * y,
};

/** @param {ActivationName} name @param {Batch} input @returns {Layer} */
function createActivation(name, input) {
  const output = new Batch(input.shape, input.capacity);
  const { of } = activations[name];
  const slope = slopes[name];
  return {
    kind: name,
    output,
    parameters: [],
    forward(count) {
      const [from, to] = [input.values, output.values];
      for (let i = 0; i < count * output.size; i++) to[i] = of(from[i]);
    },
    backward(count, wanted) {
      if (!wanted) return;
      const [from, to, y] = [output.gradients, input.gradients, output.values];
      for (let i = 0; i < count * output.size; i++) to[i] = from[i] && from[i] * slope(y[i]);
    },
  };
}

/** @param {Batch} input @returns {Layer} */
function createSoftmax(input) {
  const output = new Batch(input.shape, input.capacity);
  const classes = input.shape[input.shape.length - 1];
  return {
    kind: "softmax",
    output,
    parameters: [],
    forward(count) {
      const [z, p] = [input.values, output.values];
      for (let at = 0; at < count * output.size; at += classes) {
        let [largest, sum] = [-Infinity, 0];
        for (let k = at; k < at + classes; k++) largest = Math.max(largest, z[k]);
        for (let k = at; k < at + classes; k++) sum += p[k] = Math.exp(z[k] - largest);
        for (let k = at; k < at + classes; k++) p[k] /= sum;
      }
    },
    backward(count, wanted) {
      if (!wanted) return;
      const [p, from, to] = [output.values, output.gradients, input.gradients];
      for (let at = 0; at < count * output.size; at += classes) {
        let mean = 0;
        for (let k = at; k < at + classes; k++) mean += p[k] * from[k];
        for (let k = at; k < at + classes; k++) to[k] = p[k] * (from[k] - mean);
      }
    },
  };
}

/**
 * In training each value is 0 with the probability `rate`, and the others grow, so that the mean
 * stays.
 * @param {DropoutSpec} spec
 * @param {Batch} input
 * @param {Random} random
 * @returns {Layer & {mask: Float32Array}} `mask` holds what each value was multiplied by
 */
function createDropout({ rate }, input, random) {
  const output = new Batch(input.shape, input.capacity);
  const mask = new Float32Array(output.values.length);
  const kept = 1 / (1 - rate);
  return {
    kind: "Dropout",
    output,
    mask,
    parameters: [],
    forward(count, training) {
      for (let i = 0; i < count * output.size; i++) {
        mask[i] = training ? (random() < rate ? 0 : kept) : 1;
        output.values[i] = input.values[i] * mask[i];
      }
    },
    backward(count, wanted) {
      if (!wanted) return;
      for (let i = 0; i < count * output.size; i++) {
        input.gradients[i] = output.gradients[i] * mask[i];
      }
    },
  };
}

/** @param {NormSpec} spec @param {Batch} input @returns {Layer} */
function createNormalization({ momentum = 0.99, epsilon = 1e-3 }, input) {
  const channels = input.shape[input.shape.length - 1];
  const output = new Batch(input.shape, input.capacity);
  const fixed = { trainable: false };
  const gamma = createParameter("gamma", [channels]);
  const beta = createParameter("beta", [channels]);
  const movingMean = createParameter("moving_mean", [channels], fixed);
  const movingVariance = createParameter("moving_variance", [channels], fixed);
  gamma.values.fill(1);
  movingVariance.values.fill(1);
  // Of the last way forward: the mean and 1 / √(variance + ε) of each channel, the values between
  // them, and whether they follow from the batch.
  const [mean, scale] = [new Float64Array(channels), new Float64Array(channels)];
  const normalized = new Float32Array(output.values.length);
  let fromBatch = false;
  // Of the way back: sums over the batch, exact enough for what nearly cancels out.
  const [sums, products] = [new Float64Array(channels), new Float64Array(channels)];

  /** Measure each channel, and let the moving averages follow. @param {number} length */
  function measure(length) {
    const [x, examples] = [input.values, length / channels];
    mean.fill(0);
    scale.fill(0);
    for (let i = 0; i < length; i++) mean[i % channels] += x[i];
    for (let c = 0; c < channels; c++) mean[c] /= examples;
    for (let i = 0; i < length; i++) scale[i % channels] += (x[i] - mean[i % channels]) ** 2;
    for (let c = 0; c < channels; c++) {
      const variance = scale[c] / examples;
      const [means, variances] = [movingMean.values, movingVariance.values];
      means[c] = momentum * means[c] + (1 - momentum) * mean[c];
      variances[c] = momentum * variances[c] + (1 - momentum) * variance;
      scale[c] = 1 / Math.sqrt(variance + epsilon);
    }
  }
  function recall() {
    for (let c = 0; c < channels; c++) {
      mean[c] = movingMean.values[c];
      scale[c] = 1 / Math.sqrt(movingVariance.values[c] + epsilon);
    }
  }
  return {
    kind: "BatchNormalization",
    output,
    parameters: [gamma, beta, movingMean, movingVariance],
    forward(count, training) {
      const length = count * output.size;
      fromBatch = training;
      if (training) measure(length);
      else recall();
      for (let i = 0; i < length; i++) {
        const c = i % channels;
        normalized[i] = (input.values[i] - mean[c]) * scale[c];
        output.values[i] = gamma.values[c] * normalized[i] + beta.values[c];
      }
    },
    backward(count, wanted) {
      const length = count * output.size;
      const examples = length / channels;
      const from = output.gradients;
      sums.fill(0);
      products.fill(0);
      for (let i = 0; i < length; i++) {
        sums[i % channels] += from[i];
        products[i % channels] += from[i] * normalized[i];
      }
      beta.gradients.set(sums);
      gamma.gradients.set(products);
      if (!wanted) return;
      for (let i = 0; i < length; i++) {
        const c = i % channels;
        const moved = fromBatch ? (sums[c] + normalized[i] * products[c]) / examples : 0;
        input.gradients[i] = gamma.values[c] * scale[c] * (from[i] - moved);
      }
    },
  };
}

/**
 * @param {NonNullable<Activated["activation"]>} name
 * @param {Batch} input
 * @returns {Layer[]}
 */
function activate(name, input) {
  if (name === "linear") return [];
  if (name === "softmax") return [createSoftmax(input)];
  if (Object.hasOwn(slopes, name)) return [createActivation(name, input)];
  const known = ["linear", "softmax", ...Object.keys(slopes)].join(", ");
  throw new Error(`activation must be one of ${known}. Received: ${name}`);
}

/**
 * How each layer is made, by its name.
 * @type {Record<string, (spec: any, input: Batch, random: Random) => Layer>}
 */
const makers = {
  Dense: createDense,
  Conv2D: createConvolution,
  MaxPooling2D: createMaxPooling,
  AveragePooling2D: createAveragePooling,
  GlobalMaxPooling2D: createGlobalMaxPooling,
  GlobalAveragePooling2D: createGlobalAveragePooling,
  Flatten: createFlatten,
  Dropout: createDropout,
  BatchNormalization: createNormalization,
};

/**
 * Make what one layer of a description stands for: the layer, and after it its activation.
 * @param {LayerSpec} spec
 * @param {Batch} input
 * @param {Random} random
 * @returns {Layer[]}
 */
export function createLayers(spec, input, random) {
  if (spec.layer === "Activation") return activate(spec.activation, input);
  if (!Object.hasOwn(makers, spec.layer)) {
    const known = ["Activation", ...Object.keys(makers)].join(", ");
    throw new Error(`layer must be one of ${known}. Received: ${spec.layer}`);
  }
  const layer = makers[spec.layer](spec, input, random);
  const activation = "activation" in spec && spec.activation;
  return [layer, ...(activation ? activate(activation, layer.output) : [])];
}
