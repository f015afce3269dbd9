// When a question comes back: after growing gaps, and after a wrong answer from the first gap on. Pure functions of a
// schedule and of today, a number of days. What waits is a card: a question that was answered, or a misconception that an
// answer showed and that several questions ask for.

/**
 * `gap` is the place of the gap that runs; behind the last one the card is known, and no longer asked. `times` counts what
 * has happened to the card. `wrong` is the last wrong answer, until somebody has read the misconceptions in it. Of a
 * misconception, `last` is the question that last was about it, and `ask` the one that is next.
 * @typedef {{gap: number, due: number, times: number, wrong?: unknown, last?: string, ask?: string}} Card
 * `day` counts the days of the schedule, `seen` is the day of the calendar when it was last counted, and `back` by how
 * many days the clock went back since it last was right.
 * @typedef {{seen: number, day: number, back: number, cards: Record<string, Card>}} Schedule
 * A question, as the choice needs it: its topic, and the misconceptions that it can show.
 * @typedef {{topic: string, misconceptions: string[]}} Asked
 */

/** Days until a card comes back, after one, two … right answers. */
export const GAPS = [1, 3, 7, 16, 35];
export const AT_A_TIME = 10;
const MISCONCEPTION = "misconception:";

/** The card of a misconception. @param {string} key */
export const cardOf = (key) => MISCONCEPTION + key;

/** @returns {Schedule} */
export const nothing = () => ({ seen: 0, day: 0, back: 0, cards: {} });

/** The number of a day in the reader's own time zone. @param {Date} date */
export const dayOf = (date) =>
  Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000);

/**
 * A schedule counted on to today. Days pass as in the calendar; but a leap over more than the longest gap, a pause or a
 * clock that was set wrong, is one day, so that not everything is due at once. When the clock goes back, no day passes,
 * nor does one when it comes back from there in one leap.
 * @param {Schedule} schedule @param {number} today @returns {Schedule}
 */
export function countedOn(schedule, today) {
  const { seen, day, back } = schedule;
  const passed = today - seen;
  if (passed < 0) return { ...schedule, seen: today, back: back - passed };
  const isUndone = passed >= back;
  const days = isUndone ? passed - back : passed;
  const longest = GAPS[GAPS.length - 1];
  return {
    ...schedule,
    seen: today,
    day: day + (days > longest ? 1 : days),
    back: isUndone ? 0 : back,
  };
}

/** @param {Card} card */
export const isKnown = ({ gap }) => gap >= GAPS.length;

/** @param {Card} card @param {number} day of the schedule */
const isDue = (card, day) => !isKnown(card) && card.due <= day;

/** The question that a card brings, if there is one. @param {string} name @param {Card} card */
const broughtBy = (name, card) => name.startsWith(MISCONCEPTION) ? card.ask ?? "" : name;

/**
 * A schedule of the cards that bring a question which is asked. The others keep their place in the record: no question
 * asks about some misconceptions, and another edition may have asked what this one does not.
 * @param {Schedule} schedule @param {Record<string, unknown>} asks
 * @returns {Schedule}
 */
export function planned(schedule, asks) {
  const cards = Object.entries(schedule.cards).filter(([name, card]) =>
    Object.hasOwn(asks, broughtBy(name, card))
  );
  return { ...schedule, cards: Object.fromEntries(cards) };
}

/**
 * The questions that are due, each once, the longest overdue first: those that wait themselves, and those that are next
 * for a misconception.
 * @param {Schedule} schedule @param {number} today
 */
export function dueQuestions(schedule, today) {
  const { day, cards } = countedOn(schedule, today);
  const names = Object.keys(cards).filter((name) => isDue(cards[name], day))
    .sort((a, b) => cards[a].due - cards[b].due || (a < b ? -1 : 1));
  return [...new Set(names.flatMap((name) => broughtBy(name, cards[name]) || []))];
}

/** In how many days a card comes back. @param {Schedule} schedule @param {number} today @param {string} name */
export const daysUntil = (schedule, today, name) =>
  Math.max(0, schedule.cards[name].due - countedOn(schedule, today).day);

/** A card in its next gap. @param {Card} card @param {number} day @returns {Card} */
const grown = (card, day) => ({
  ...card,
  gap: card.gap + 1,
  due: day + (GAPS[card.gap + 1] ?? 0),
  times: card.times + 1,
});

/**
 * A schedule after an answer. A right one sends the card into its next gap if it was due, and the due misconceptions
 * that the question could have shown with it; a wrong one sends it into the first gap.
 * @param {Schedule} schedule @param {number} today
 * @param {{task: string, right: boolean, given: unknown, misconceptions?: string[]}} answer
 * @returns {Schedule}
 */
export function answered(schedule, today, { task, right, given, misconceptions = [] }) {
  const now = countedOn(schedule, today);
  const { day } = now;
  const cards = { ...now.cards };
  const first = { gap: 0, due: day + GAPS[0], times: (cards[task]?.times ?? 0) + 1 };
  if (!right) cards[task] = { ...first, wrong: given };
  else cards[task] ??= first;
  const grow = (/** @type {string} */ name, /** @type {Partial<Card>} */ more) => {
    if (right && cards[name] && isDue(cards[name], day)) {
      cards[name] = { ...grown(cards[name], day), ...more };
    }
  };
  grow(task, {});
  for (const name of misconceptions.map(cardOf)) grow(name, { last: task });
  return { ...now, cards };
}

/**
 * A misconception that an answer has shown: it is back in the first gap, of the latest such answer. So it is not due on
 * that day any more, and no right answer of the same day lets it rest longer.
 * @param {Card | undefined} card @param {number} due @param {string} last @returns {Card}
 */
const shown = (card, due, last) => ({
  ...card,
  gap: 0,
  due: card?.gap === 0 ? Math.max(due, card.due) : due,
  times: (card?.times ?? 0) + 1,
  last,
});

/**
 * A schedule after an answer that showed misconceptions, to a question that does not come back itself.
 * @param {Schedule} schedule @param {number} today @param {string} task @param {string[]} misconceptions
 * @returns {Schedule}
 */
export function withShown(schedule, today, task, misconceptions) {
  const now = countedOn(schedule, today);
  const cards = { ...now.cards };
  for (const name of misconceptions.map(cardOf)) {
    cards[name] = shown(cards[name], now.day + GAPS[0], task);
  }
  return { ...now, cards };
}

/**
 * A schedule in which each wrong answer has become cards of the misconceptions that it shows; they come back with it.
 * @param {Schedule} schedule @param {(task: string, given: unknown) => string[]} shownBy
 * @returns {Schedule}
 */
export function withMisconceptions(schedule, shownBy) {
  const cards = { ...schedule.cards };
  for (const [task, { wrong, ...card }] of Object.entries(schedule.cards)) {
    if (wrong === undefined) continue;
    cards[task] = card;
    for (const name of shownBy(task, wrong).map(cardOf)) {
      cards[name] = shown(cards[name], card.due, task);
    }
  }
  return { ...schedule, cards };
}

// ---- What is asked ----

/**
 * A schedule in which each misconception has its next question: one that can show it, if there is one another than the
 * last; then one that is next for another misconception, too; then one of a chapter that the reader knows.
 * @param {Schedule} schedule @param {Record<string, Asked>} asks
 * @param {{isMet?: (topic: string) => boolean, random?: () => number}} [reader]
 * @returns {Schedule}
 */
export function withNext(schedule, asks, { isMet = () => true, random = Math.random } = {}) {
  const cards = { ...schedule.cards };
  const names = Object.keys(cards).filter((name) => name.startsWith(MISCONCEPTION));
  const taken = new Set(names.map((name) => cards[name].ask));
  for (const name of names) {
    const { last, ask, ...card } = cards[name];
    const fitting = Object.keys(asks).filter((task) =>
      asks[task].misconceptions.map(cardOf).includes(name)
    );
    const others = fitting.filter((task) => task !== last);
    const choice = others.length ? others : fitting;
    /** @param {string} task */
    const rank = (task) => (taken.has(task) ? 0 : 2) + (isMet(asks[task].topic) ? 0 : 1);
    const ranked = choice.map((task) => ({ task, rank: rank(task) + random() }))
      .sort((a, b) => a.rank - b.rank);
    const next = ask && choice.includes(ask) ? ask : ranked[0]?.task;
    cards[name] = { ...card, ...(last && { last }), ...(next && { ask: next }) };
    taken.add(next);
  }
  return { ...schedule, cards };
}

/**
 * Questions in an order in which neighbours are of different topics, as far as that can be.
 * @param {string[]} tasks @param {Record<string, Asked>} asks
 */
export function mixed(tasks, asks) {
  let left = tasks;
  /** @type {string[]} */
  const order = [];
  /** @param {string} task */
  const topicOf = (task) => asks[task].topic;
  /** @param {string} task */
  const inTopic = (task) => left.filter((other) => topicOf(other) === topicOf(task)).length;
  while (left.length) {
    const before = order.slice(-1).map(topicOf);
    const others = left.filter((task) => !before.includes(topicOf(task)));
    const [next] = [...(others.length ? others : left)].sort((a, b) => inTopic(b) - inTopic(a));
    order.push(next);
    left = left.filter((task) => task !== next);
  }
  return order;
}

// ---- Two schedules ----

/** The card to which more has happened; then the one that comes back sooner. @param {Card} one @param {Card} other */
function fuller(one, other) {
  const [first] = [one, other].sort((a, b) =>
    b.times - a.times || a.gap - b.gap || a.due - b.due ||
    (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  );
  return first;
}

/** All cards of two schedules, in the days of the first. @param {Schedule} one @param {Schedule} other @param {number} today @returns {Schedule} */
export function joined(one, other, today) {
  const [own, added] = [countedOn(one, today), countedOn(other, today)];
  const cards = { ...own.cards };
  for (const [name, card] of Object.entries(added.cards)) {
    const moved = { ...card, due: card.due + own.day - added.day };
    cards[name] = cards[name] ? fuller(cards[name], moved) : moved;
  }
  return { ...own, cards };
}

/** Whether something found in a text is a schedule. @param {any} found */
export const isSchedule = (found) =>
  [found?.seen, found?.day, found?.back].every(Number.isInteger) &&
  typeof found.cards === "object" &&
  found.cards !== null && !Array.isArray(found.cards) &&
  Object.values(found.cards).every((card) =>
    [card?.gap, card?.due, card?.times].every(Number.isInteger) && card.gap >= 0
  );
