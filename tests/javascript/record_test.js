// The reader's record: what two of them become, and what each edition's text holds.

import assert from "node:assert/strict";
import { goOnWith, joined, nothing, parse, topicOf } from "../../book/_static/record.js";

/** @typedef {import("../../book/_static/record.js").Progress} Progress */

const TASKS = ["quiz:relu/a", "quiz:relu/b", "exercise:map_size", "prediction:relu/c"];

/** @param {number} below */
const dice = (below) => Math.floor(Math.random() * below);

/** @template T @param {T[]} list @returns {T[]} */
const some = (list) => list.filter(() => dice(2));

/** A chapter as an earlier edition may have kept it, or this one. */
const anyChapter = () => ({
  read: dice(2) === 1,
  tasks: TASKS.slice(0, 3),
  notebook: [],
  ...(dice(2) ? { opened: 1 + dice(4) } : {}),
});

/** A record as a reader may have it. @returns {Progress} */
const anyRecord = () => ({
  ...nothing(),
  topics: Object.fromEntries(
    some(["relu", "pooling"]).map((
      topic,
    ) => [topic, anyChapter()]),
  ),
  done: some(TASKS),
  answers: Object.fromEntries(
    some(TASKS).map((
      task,
    ) => [task, { given: dice(3), checked: dice(2) === 1, failed: dice(4), at: dice(4) }]),
  ),
});

/** The record in one order, so that two can be compared. @param {Progress} record */
const inOrder = ({ topics, done, answers, ...rest }) => ({
  ...rest,
  topics: Object.entries(topics).sort(),
  done: [...done].sort(),
  answers: Object.entries(answers).sort(),
});

/** @param {Progress} one @param {Progress} other */
const same = (one, other) => assert.deepEqual(inOrder(one), inOrder(other));

Deno.test("two records are joined in any order and any number of times, and nothing is lost", () => {
  for (let round = 0; round < 500; round++) {
    const [a, b, c] = [anyRecord(), anyRecord(), anyRecord()];
    const both = joined(a, b);
    same(both, joined(b, a));
    same(joined(both, a), both);
    same(joined(both, c), joined(a, joined(b, c)));
    for (const { topics, done, answers } of [a, b]) {
      assert.ok(done.every((task) => both.done.includes(task)));
      assert.ok(
        Object.entries(topics).every(([topic, { read, opened = 0 }]) =>
          both.topics[topic].read >= read && (both.topics[topic].opened ?? 0) >= opened
        ),
      );
      for (const [task, { at, failed }] of Object.entries(answers)) {
        assert.ok(both.answers[task].at >= at);
        assert.ok(Number(both.answers[task].failed) >= Number(failed));
      }
    }
  }
});

Deno.test("of two answers the later one stands, and the tries of both count", () => {
  const early = { given: "14", checked: true, failed: 2, at: 10 };
  const late = { given: "13", checked: true, failed: 0, at: 20 };
  /** @param {Progress["answers"][string]} answer */
  const holding = (answer) => ({ ...nothing(), answers: { "exercise:map_size": answer } });
  const answer = joined(holding(late), holding(early)).answers["exercise:map_size"];
  assert.deepEqual(answer, { ...late, failed: 2 });
});

Deno.test("an answer of a kind that is not known yet is kept as it is", () => {
  const answers = { "prediction:relu/bend": { given: [0, 1], sure: 0.8, shown: true, at: 3 } };
  const text = JSON.stringify({ ...nothing(), answers });
  assert.deepEqual(parse(text).answers, answers);
  assert.deepEqual(joined(parse(text), nothing()).answers, answers);
  assert.deepEqual(joined(nothing(), parse(text)).answers, answers);
});

Deno.test("what is stored is read as it was", () => {
  for (let round = 0; round < 100; round++) {
    const record = anyRecord();
    assert.deepEqual(parse(JSON.stringify(record)), record);
  }
});

Deno.test("a page's own questions are those that this edition asks", () => {
  /** @param {string[]} tasks */
  const asking = (...tasks) => ({
    ...nothing(),
    topics: { relu: { read: false, tasks, notebook: [] } },
  });
  assert.deepEqual(joined(asking("quiz:relu/new"), asking("quiz:relu/old")).topics.relu.tasks, [
    "quiz:relu/new",
  ]);
});

Deno.test("the topic of a chapter does not depend on its number, which may have a letter", () => {
  assert.deepEqual(["06_pooling", "14b_outputs", "glossary", "2b_or_not"].map(topicOf), [
    "pooling",
    "outputs",
    "glossary",
    "2b_or_not",
  ]);
});

Deno.test("what was answered goes along with a question that another chapter asks by now", () => {
  const before = {
    ...nothing(),
    topics: {
      worries: {
        read: true,
        tasks: ["quiz:worries/the-coin", "quiz:worries/hardened"],
        notebook: [],
      },
    },
    done: ["quiz:worries/the-coin"],
    answers: {
      "prediction:worries/coin": { given: 1, at: 3 },
      "quiz:outputs/one-pass": { given: [0, 1], at: 5 },
      "quiz:generation/one-pass": { given: [1, 0], at: 9 },
    },
    review: {
      seen: 1,
      day: 1,
      back: 0,
      cards: {
        "quiz:worries/the-coin": { gap: 1, due: 3, times: 2 },
        "misconception:x": { gap: 0, due: 2, times: 1, last: "quiz:architectures/in-range" },
      },
    },
  };
  const now = parse(JSON.stringify(before));
  assert.deepEqual(now.topics.worries.tasks, ["quiz:outlook/the-coin", "quiz:worries/hardened"]);
  assert.deepEqual(now.done, ["quiz:outlook/the-coin"]);
  assert.deepEqual(now.answers, {
    "prediction:outlook/coin": { given: 1, at: 3 },
    "quiz:generation/one-pass": { given: [1, 0], at: 9 },
  });
  assert.deepEqual(Object.keys(now.review.cards), ["quiz:outlook/the-coin", "misconception:x"]);
  assert.equal(now.review.cards["misconception:x"].last, "quiz:depth/in-range");
  assert.deepEqual(parse(JSON.stringify(now)), now);
});

Deno.test("a reader goes on in the chapter that was opened last, or in the next one that is not read", () => {
  const chapters = ["images", "dense", "relu", "cnn"];
  /** What a record says, with a number for when a chapter was opened, and a minus where it is read. @param {Record<string, number>} opened */
  const next = (opened) => {
    const topics = Object.fromEntries(
      Object.entries(opened).map(([topic, at]) => [
        topic,
        { read: at < 0, tasks: [], notebook: [], ...(at ? { opened: Math.abs(at) } : {}) },
      ]),
    );
    return goOnWith({ ...nothing(), topics }, chapters);
  };
  assert.equal(next({}), undefined);
  assert.equal(next({ glossary: 5 }), undefined);
  assert.equal(next({ dense: 2, images: 1 }), "dense");
  assert.equal(next({ relu: 1, images: 2 }), "images");
  assert.equal(next({ images: -2, dense: -1 }), "relu");
  assert.equal(next({ dense: 1, cnn: -2 }), "images");
  assert.equal(next({ images: 0, dense: 0 }), "dense");
  assert.equal(next({ images: -1, dense: -2, relu: -4, cnn: -3 }), null);
});
