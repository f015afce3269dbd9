// Questions that another chapter asks by now. What a reader has answered goes along.

/** For each topic that a question left, the topics where it went, and which questions went there. */
const MOVED = {
  architectures: {
    depth: [
      "quiz:zero-block",
      "quiz:own-training-images",
      "quiz:in-range",
      "quiz:the-trick",
      "prediction:shortcut_signal",
      "prediction:smallest_slope",
      "prediction:lowest_training_loss",
      "prediction:deep_against_shallow",
    ],
  },
  outputs: {
    generation: [
      "quiz:one-pass",
      "quiz:sure-of-all",
      "quiz:finding-copies",
      "quiz:when-to-stop",
      "prediction:copies_are_sure",
      "prediction:random_codes",
      "prediction:fitted_codes",
      "prediction:deep_game",
    ],
  },
  worries: { outlook: ["quiz:the-coin", "prediction:turns_help", "prediction:coin"] },
};

/** A task with another topic. @param {string} task such as quiz:the-coin @param {string} topic */
const within = (task, topic) => task.replace(":", `:${topic}/`);

/** The task of today for each task of an edition before that has moved. */
export const TODAY = new Map(
  Object.entries(MOVED).flatMap(([from, all]) =>
    Object.entries(all).flatMap(([to, tasks]) =>
      tasks.map((task) => /** @type {const} */ ([within(task, from), within(task, to)]))
    )
  ),
);

/** The later of two answers to one question; what has no time gives way. @param {any} one @param {any} other */
const later = (one, other) => (one?.at ?? 0) > (other?.at ?? 0) ? one : other;

/**
 * A value in which each moved task has its name of today, wherever it stands: in a list, as a key, as a text.
 * @param {any} value @returns {any}
 */
export function withTasksOfToday(value) {
  if (typeof value === "string") return TODAY.get(value) ?? value;
  if (Array.isArray(value)) return value.map(withTasksOfToday);
  if (typeof value !== "object" || value === null) return value;
  /** @type {Record<string, any>} */
  const renamed = {};
  for (const [key, held] of Object.entries(value)) {
    const name = TODAY.get(key) ?? key;
    const now = withTasksOfToday(held);
    renamed[name] = Object.hasOwn(renamed, name) ? later(renamed[name], now) : now;
  }
  return renamed;
}
