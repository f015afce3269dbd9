// When questions come back: the gaps, the misconceptions, clocks that jump, and two schedules that become one.

import assert from "node:assert/strict";
import {
  answered,
  AT_A_TIME,
  cardOf,
  countedOn,
  daysUntil,
  dueQuestions,
  GAPS,
  isKnown,
  isSchedule,
  joined,
  mixed,
  nothing,
  planned,
  withMisconceptions,
  withNext,
  withShown,
} from "../../book/_static/schedule.js";

/**
 * @typedef {import("../../book/_static/schedule.js").Schedule} Schedule
 * @typedef {import("../../book/_static/schedule.js").Asked} Asked
 */

const START = 20_000;
const CASES = 300;

/** A generator of random numbers that can be repeated. @param {number} seed */
function randomOf(seed) {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** @param {Schedule} schedule @param {number} today @param {string} task @param {boolean} right @param {string[]} [misconceptions] */
const answer = (schedule, today, task, right, misconceptions) =>
  answered(schedule, today, { task, right, given: right ? "good" : "bad", misconceptions });

Deno.test("a question that is answered right when it is due comes back after growing gaps, and then no more", () => {
  let schedule = answer(nothing(), START, "a", true);
  let today = START;
  for (const gap of [1, 3, 7, 16, 35]) {
    assert.equal(daysUntil(schedule, today, "a"), gap);
    assert.deepEqual(dueQuestions(schedule, today + gap - 1), []);
    today += gap;
    assert.deepEqual(dueQuestions(schedule, today), ["a"]);
    schedule = answer(schedule, today, "a", true);
  }
  assert.ok(isKnown(schedule.cards.a));
  assert.deepEqual(dueQuestions(schedule, today + 30), []);
});

Deno.test("a wrong answer goes back to the first gap, at any time", () => {
  const first = answer(nothing(), START, "a", true);
  const second = answer(first, START + 1, "a", true);
  for (const [schedule, day] of /** @type {const} */ ([[first, 0], [second, 1], [second, 2]])) {
    const wrong = answer(schedule, START + day, "a", false);
    assert.equal(daysUntil(wrong, START + day, "a"), 1);
    assert.equal(wrong.cards.a.gap, 0);
  }
});

Deno.test("a right answer before its day changes nothing", () => {
  const schedule = answer(answer(nothing(), START, "a", false), START, "b", true);
  assert.deepEqual(answer(schedule, START, "a", true).cards, schedule.cards);
  const known = { ...nothing(), cards: { a: { gap: GAPS.length, due: 0, times: 9 } } };
  assert.deepEqual(answer(known, START, "a", true).cards, known.cards);
});

// Three chapters; two of their questions can show that somebody believes "flat", one of them also "deep".
/** @type {Record<string, Asked>} */
const ASKS = {
  "quiz:three/a": { topic: "three", misconceptions: ["flat"] },
  "quiz:three/b": { topic: "three", misconceptions: [] },
  "quiz:nine/a": { topic: "nine", misconceptions: ["flat", "deep"] },
  "quiz:five/a": { topic: "five", misconceptions: [] },
};

/** @param {Schedule} schedule */
const read = (schedule) =>
  withNext(withMisconceptions(schedule, (task) => ASKS[task].misconceptions), ASKS);

Deno.test("a wrong answer in one chapter brings a question of another on the same misconception", () => {
  const schedule = read(answer(nothing(), START, "quiz:three/a", false));
  assert.deepEqual(Object.keys(schedule.cards).sort(), [cardOf("flat"), "quiz:three/a"]);
  assert.deepEqual(dueQuestions(schedule, START), []);
  assert.deepEqual(dueQuestions(schedule, START + 1).sort(), ["quiz:nine/a", "quiz:three/a"]);
  // The misconceptions in an answer are read once.
  assert.deepEqual(read(schedule), schedule);
  assert.ok(!("wrong" in schedule.cards["quiz:three/a"]));
});

Deno.test("a right answer to the other question lets the misconception rest longer; a wrong one brings it back", () => {
  const schedule = read(answer(nothing(), START, "quiz:three/a", false));
  const right = answer(schedule, START + 1, "quiz:nine/a", true, ["flat", "deep"]);
  assert.equal(daysUntil(right, START + 1, cardOf("flat")), 3);
  assert.equal(cardOf("deep") in right.cards, false);
  assert.equal(daysUntil(right, START + 1, "quiz:three/a"), 0);
  const wrong = read(answer(right, START + 1, "quiz:nine/a", false));
  assert.equal(daysUntil(wrong, START + 1, cardOf("flat")), 1);
  assert.equal(wrong.cards[cardOf("flat")].last, "quiz:nine/a");
});

Deno.test("a misconception is asked in turns, and its next question stays until it is answered", () => {
  let schedule = read(answer(nothing(), START, "quiz:three/a", false));
  assert.deepEqual(read(schedule), schedule);
  let today = START;
  const turns = [];
  for (const wait of [1, 3, 7]) {
    today += wait;
    const { ask = "" } = schedule.cards[cardOf("flat")];
    turns.push(ask);
    schedule = read(answer(schedule, today, ask, true, ["flat"]));
  }
  assert.deepEqual(turns, ["quiz:nine/a", "quiz:three/a", "quiz:nine/a"]);
});

Deno.test("a prediction shows a misconception, and does not come back itself", () => {
  const shown = withShown(nothing(), START, "prediction:x", ["flat", "nobody asks this"]);
  const schedule = withNext(shown, ASKS);
  assert.deepEqual(dueQuestions(schedule, START), []);
  const [next, ...others] = dueQuestions(schedule, START + 1);
  assert.ok(ASKS[next].misconceptions.includes("flat"));
  assert.deepEqual(others, []);
  const again = withShown(
    answer(schedule, START + 1, next, true, ["flat"]),
    START + 2,
    "prediction:y",
    ["flat"],
  );
  assert.equal(daysUntil(again, START + 2, cardOf("flat")), 1);
});

Deno.test("a belief that no question asks for is not planned, and stays in the record", () => {
  const shown = withShown(nothing(), START, "prediction:x", ["flat", "nobody asks this"]);
  const gone = answer(shown, START, "quiz:old/gone", false);
  const schedule = withNext(gone, ASKS);
  for (const days of [0, 1, 2, 30]) {
    const plan = planned(countedOn(schedule, START + days), ASKS);
    assert.deepEqual(Object.keys(plan.cards), [cardOf("flat")]);
  }
  assert.deepEqual(Object.keys(schedule.cards), Object.keys(gone.cards));
  // Another edition may ask for it.
  const asks = { "quiz:five/c": { topic: "five", misconceptions: ["nobody asks this"] } };
  const later = planned(withNext(schedule, asks), asks);
  assert.deepEqual(dueQuestions(later, START + 1), ["quiz:five/c"]);
});

Deno.test("a belief that was shown wrong is not asked longer after because of a right answer of that day", () => {
  const before = read(answer(nothing(), START, "quiz:three/a", false));
  // Both questions are due; the first goes wrong, the second right.
  const wrong = read(answer(before, START + 1, "quiz:three/a", false));
  const right = read(answer(wrong, START + 1, "quiz:nine/a", true, ["flat", "deep"]));
  assert.equal(daysUntil(right, START + 1, cardOf("flat")), 1);
  assert.equal(right.cards[cardOf("flat")].gap, 0);
  // In the other order, too.
  const first = read(answer(before, START + 1, "quiz:nine/a", true, ["flat", "deep"]));
  assert.equal(daysUntil(first, START + 1, cardOf("flat")), 3);
  const second = read(answer(first, START + 1, "quiz:three/a", false));
  assert.equal(daysUntil(second, START + 1, cardOf("flat")), 1);
  // The next day it grows as ever.
  const next = answer(right, START + 2, "quiz:nine/a", true, ["flat"]);
  assert.equal(daysUntil(next, START + 2, cardOf("flat")), 3);
});

Deno.test("a wrong answer that is read late takes a later one of the same belief no day forward", () => {
  const older = answer(nothing(), START, "quiz:three/a", false);
  const newer = read(withShown(older, START + 3, "prediction:x", ["flat"]));
  assert.equal(daysUntil(newer, START + 3, cardOf("flat")), 1);
});

Deno.test("for a misconception, chapters that the reader knows come first", () => {
  const asks = { ...ASKS, "quiz:five/b": { topic: "five", misconceptions: ["flat"] } };
  const schedule = read(answer(nothing(), START, "quiz:three/a", false));
  for (let seed = 0; seed < 20; seed++) {
    const random = randomOf(seed);
    const isMet = (/** @type {string} */ topic) => topic !== "nine";
    const cards = {
      ...schedule.cards,
      [cardOf("flat")]: { gap: 0, due: 2, times: 1, last: "quiz:three/a" },
    };
    const next = withNext({ ...schedule, cards }, asks, { isMet, random });
    assert.equal(next.cards[cardOf("flat")].ask, "quiz:five/b");
  }
});

Deno.test("what this edition does not ask stays", () => {
  const schedule = answer(
    answer(nothing(), START, "quiz:old/gone", false),
    START,
    "quiz:five/a",
    true,
  );
  assert.deepEqual(dueQuestions(schedule, START + 1), ["quiz:five/a", "quiz:old/gone"]);
  assert.ok("quiz:old/gone" in answer(schedule, START + 1, "quiz:five/a", true).cards);
});

Deno.test("questions are mixed: neighbours are of different topics as far as that can be", () => {
  for (let seed = 0; seed < CASES; seed++) {
    const random = randomOf(seed);
    const names = Array.from({ length: AT_A_TIME }, (_, place) => `${place}`);
    const asks = Object.fromEntries(
      names.map((name) => [name, { topic: `${Math.floor(random() * 4)}`, misconceptions: [] }]),
    );
    const order = mixed(names, asks);
    assert.deepEqual([...order].sort(), names);
    const counts = Object.values(Object.groupBy(names, (name) => asks[name].topic))
      .map((group) => group?.length ?? 0);
    const alike = order.filter((name, place) =>
      place > 0 && asks[name].topic === asks[order[place - 1]].topic
    );
    const most = Math.max(...counts);
    assert.equal(alike.length, Math.max(0, 2 * most - names.length - 1));
  }
});

// ---- Clocks ----

/** Some days of study: the clock of each, and what is answered. @param {() => number} random @param {(day: number) => number} clock */
function studied(random, clock) {
  let schedule = nothing();
  for (let day = 0; day < 60; day++) {
    const today = clock(START + day);
    for (const task of ["a", "b", "c", "d", "e", "f"]) {
      const due = dueQuestions(schedule, today).includes(task);
      if (random() < (due ? 0.7 : 0.05)) schedule = answer(schedule, today, task, random() < 0.7);
    }
  }
  return schedule;
}

Deno.test("whatever the clock does, no card waits longer than its gap, and no day is taken back", () => {
  for (let seed = 0; seed < CASES; seed++) {
    const random = randomOf(seed);
    let before = nothing();
    const schedule = studied(random, (day) => {
      const jump = Math.floor((random() - 0.5) * 10 ** Math.ceil(random() * 5));
      return random() < 0.3 ? day + jump : day;
    });
    for (const { gap, due } of Object.values(schedule.cards)) {
      if (gap < GAPS.length) assert.ok(due - schedule.day <= GAPS[gap], `${due} ${schedule.day}`);
    }
    for (let step = 0; step < 20; step++) {
      const after = countedOn(before, START + Math.floor((random() - 0.5) * 1000));
      assert.ok(after.day >= before.day && after.day - before.day <= 35);
      before = after;
    }
    // From now on the clock is right: day by day, each card comes.
    const start = schedule.seen;
    const waiting = Object.keys(schedule.cards).filter((name) => !isKnown(schedule.cards[name]));
    let now = schedule;
    // (If it once went back by a day, that day is not counted again.)
    for (let day = 0; day <= 36; day++) now = countedOn(now, start + day);
    assert.deepEqual(dueQuestions(now, start + 36).sort(), waiting.sort());
  }
});

Deno.test("a clock that leaps far and comes back loses nothing and brings nothing all at once", () => {
  for (let seed = 0; seed < CASES; seed++) {
    const random = randomOf(seed);
    const schedule = studied(random, (day) => day);
    const today = START + 60;
    const leap = random() < 0.5
      ? -1 - Math.floor(random() * 4000)
      : 40 + Math.floor(random() * 4000);
    const abroad = answer(schedule, today + leap, "new", false);
    const back = answer(abroad, today, "newer", false);
    // Nothing is due that is not due on one of the next two days anyway.
    const soon = dueQuestions(schedule, today + 2);
    assert.deepEqual(
      dueQuestions(back, today).filter((name) => name !== "new" && !soon.includes(name)),
      [],
    );
    assert.deepEqual(
      Object.keys(schedule.cards).filter((name) => !(name in back.cards)),
      [],
    );
    for (const [name, { gap }] of Object.entries(schedule.cards)) {
      assert.equal(back.cards[name].gap, gap);
    }
  }
});

Deno.test("looking at the review with a wrong clock changes nothing", () => {
  const schedule = answer(nothing(), START, "a", false);
  const copy = structuredClone(schedule);
  for (const jump of [-5000, -1, 0, 1, 20, 5000]) dueQuestions(schedule, START + jump);
  assert.deepEqual(schedule, copy);
});

Deno.test("a flight to the west and a night there is one day", () => {
  const schedule = answer(nothing(), START, "a", false);
  const west = answer(schedule, START - 1, "b", false);
  assert.deepEqual(dueQuestions(west, START), []);
  assert.deepEqual(dueQuestions(west, START + 1), ["a", "b"]);
});

Deno.test("days with a clock that is behind count, and setting it right does not", () => {
  let schedule = answer(nothing(), START, "a", false);
  for (let day = -20; day <= -17; day++) schedule = answer(schedule, START + day, "b", false);
  assert.equal(countedOn(schedule, START + 3).day - countedOn(schedule, START - 17).day, 0);
  assert.equal(countedOn(schedule, START + 5).day - countedOn(schedule, START - 17).day, 2);
});

Deno.test("a long pause counts as one day", () => {
  let schedule = answer(nothing(), START, "a", false);
  schedule = answer(answer(schedule, START, "b", true), START + 1, "b", true);
  assert.deepEqual(dueQuestions(schedule, START + 200), ["a"]);
  assert.deepEqual(dueQuestions(answer(schedule, START + 200, "a", false), START + 202), [
    "a",
    "b",
  ]);
});

// ---- Two schedules ----

/** @param {Schedule} schedule @param {number} today */
const waits = (schedule, today) =>
  Object.entries(countedOn(schedule, today).cards)
    .map(([name, { due, ...card }]) => ({
      name,
      ...card,
      wait: due - countedOn(schedule, today).day,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));

Deno.test("two schedules are joined in any order and any number of times, and nothing is lost", () => {
  for (let seed = 0; seed < CASES; seed++) {
    const random = randomOf(seed);
    const today = START + 60;
    const [a, b, c] = [0, 1, 2].map(() => studied(random, (day) => day - Math.floor(random() * 2)));
    const both = joined(a, b, today);
    assert.deepEqual(waits(both, today), waits(joined(b, a, today), today));
    assert.deepEqual(waits(joined(both, a, today), today), waits(both, today));
    assert.deepEqual(
      waits(joined(both, c, today), today),
      waits(joined(a, joined(b, c, today), today), today),
    );
    for (const { name, times } of [...waits(a, today), ...waits(b, today)]) {
      assert.ok(both.cards[name].times >= times);
    }
  }
});

Deno.test("an older copy of a schedule takes nothing back", () => {
  const older = answer(nothing(), START, "a", false);
  const newer = answer(older, START + 1, "a", true);
  assert.deepEqual(waits(joined(newer, older, START + 1), START + 1), waits(newer, START + 1));
  assert.deepEqual(waits(joined(older, newer, START + 1), START + 1), waits(newer, START + 1));
});

Deno.test("what is no schedule is told from one", () => {
  const good = studied(randomOf(1), (day) => day);
  assert.ok(isSchedule(JSON.parse(JSON.stringify(good))));
  const card = { gap: 0, due: 1, times: 1 };
  const bad = [
    undefined,
    null,
    [],
    { seen: 1, day: 1, back: 0 },
    { seen: 1, day: 1, cards: {} },
    { seen: "1", day: 1, back: 0, cards: {} },
    { seen: 1, day: null, back: 0, cards: {} },
    { seen: 1, day: 1, back: 0, cards: [] },
    ...[null, 3, { ...card, gap: -1 }, { ...card, due: "1" }, { ...card, times: 0.5 }]
      .map((one) => ({ seen: 1, day: 1, back: 0, cards: { a: one } })),
  ];
  assert.deepEqual(bad.map(isSchedule), bad.map(() => false));
});
