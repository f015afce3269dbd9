// How the steps of training follow from the gradients, with Keras's formulas and its ε.

/**
 * An optimiser in plain JSON, in the words of Keras, with the defaults of Keras.
 * @typedef {{optimizer: "SGD", learning_rate?: number, momentum?: number}} SGDSpec
 * @typedef {{
 *   optimizer: "RMSprop", learning_rate?: number, rho?: number, epsilon?: number,
 * }} RMSpropSpec
 * @typedef {{
 *   optimizer: "Adam", learning_rate?: number, beta_1?: number, beta_2?: number, epsilon?: number,
 * }} AdamSpec
 * @typedef {SGDSpec | RMSpropSpec | AdamSpec} OptimizerSpec
 * @typedef {import("./layers.js").Parameter} Parameter
 *
 * `rate` may be set at any time. `reset` forgets all earlier steps.
 * @typedef {{rate: number, step(): void, reset(): void}} Optimizer
 */

/** @param {Parameter[]} parameters */
const memoryFor = (parameters) => parameters.map(({ values }) => new Float32Array(values.length));

/** @param {SGDSpec} spec @param {Parameter[]} parameters @returns {Optimizer} */
function createSGD({ learning_rate = 0.01, momentum = 0 }, parameters) {
  const velocities = memoryFor(parameters);
  return {
    rate: learning_rate,
    step() {
      parameters.forEach(({ values, gradients }, i) => {
        const [velocity, { rate }] = [velocities[i], this];
        for (let k = 0; k < values.length; k++) {
          velocity[k] = momentum * velocity[k] - rate * gradients[k];
          values[k] += velocity[k];
        }
      });
    },
    reset: () => velocities.forEach((velocity) => velocity.fill(0)),
  };
}

/** @param {RMSpropSpec} spec @param {Parameter[]} parameters @returns {Optimizer} */
function createRMSprop({ learning_rate = 0.001, rho = 0.9, epsilon = 1e-7 }, parameters) {
  const squares = memoryFor(parameters);
  return {
    rate: learning_rate,
    step() {
      parameters.forEach(({ values, gradients }, i) => {
        const [square, { rate }] = [squares[i], this];
        for (let k = 0; k < values.length; k++) {
          square[k] = rho * square[k] + (1 - rho) * gradients[k] * gradients[k];
          values[k] -= rate * gradients[k] / Math.sqrt(square[k] + epsilon);
        }
      });
    },
    reset: () => squares.forEach((square) => square.fill(0)),
  };
}

/** @param {AdamSpec} spec @param {Parameter[]} parameters @returns {Optimizer} */
function createAdam(spec, parameters) {
  const { learning_rate = 0.001, beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7 } = spec;
  const [means, squares] = [memoryFor(parameters), memoryFor(parameters)];
  let steps = 0;
  return {
    rate: learning_rate,
    step() {
      steps++;
      const rate = this.rate * Math.sqrt(1 - beta_2 ** steps) / (1 - beta_1 ** steps);
      parameters.forEach(({ values, gradients }, i) => {
        const [mean, square] = [means[i], squares[i]];
        for (let k = 0; k < values.length; k++) {
          const gradient = gradients[k];
          mean[k] += (1 - beta_1) * (gradient - mean[k]);
          square[k] += (1 - beta_2) * (gradient * gradient - square[k]);
          values[k] -= rate * mean[k] / (Math.sqrt(square[k]) + epsilon);
        }
      });
    },
    reset() {
      steps = 0;
      [...means, ...squares].forEach((memory) => memory.fill(0));
    },
  };
}

/**
 * Make the optimiser of some parameters.
 * @param {OptimizerSpec} spec
 * @param {Parameter[]} parameters those that are trained
 * @returns {Optimizer}
 */
export function createOptimizer(spec, parameters) {
  switch (spec.optimizer) {
    case "SGD":
      return createSGD(spec, parameters);
    case "RMSprop":
      return createRMSprop(spec, parameters);
    case "Adam":
      return createAdam(spec, parameters);
    default:
      throw new Error(
        `optimizer must be one of SGD, RMSprop, Adam. Received: ${JSON.stringify(spec)}`,
      );
  }
}
