"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def quarter_turns(image: Array) -> Array:
    """Return the image turned by 0, 90, 180 and 270 degrees: against the clock, the last column is the first row."""
    turned = [image]
    for _ in range(3):
        turned.append(turned[-1].T[::-1])
    return np.array(turned)


def learned_entry(entry: float, reward: float, promises: Array, done: bool) -> float:
    """Return the mean of the old entry and the target, which is half the way."""
    promised = 0.0 if done else 0.95 * sorted(promises)[-1]
    return (entry + reward + promised) / 2


NUMBERS: dict[str, dict[str, float]] = {
    "worth_of_a_walk": {
        "right": sum([-0.02] * 6) + 1,
        "last_costs_too": sum([-0.02] * 7) + 1,
        "free_moves": 1,
        "costs_added": sum([0.02] * 6) + 1,
        "costs_alone": sum([-0.02] * 6),
    },
    "best-move-share": {"right": 3 / 4 + 1 / 4 * 1 / 4},
    "price-of-a-search": {"right": 30 * 4 * 2 * 5 / 60},
}

SOLUTIONS: dict[str, Any] = {"quarter_turns": quarter_turns, "learned_entry": learned_entry}

WRONG: dict[str, dict[str, Any]] = {
    "quarter_turns": {
        "clockwise": lambda image: np.array([np.rot90(image, k, axes=(1, 0)) for k in range(4)]),
        "from_one": lambda image: np.array([np.rot90(image, k) for k in (1, 2, 3, 4)]),
        "side_by_side": lambda image: np.vstack([np.rot90(image, k) for k in range(4)]),
    },
    "learned_entry": {
        "end_ignored": lambda entry, reward, promises, done: (entry + reward + 0.95 * promises.max()) / 2,
        "not_discounted": lambda entry, reward, promises, done: (entry + reward + (not done) * promises.max()) / 2,
        "whole_way": lambda entry, reward, promises, done: reward + 0.95 * (not done) * promises.max(),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "quarter_turns": {
        "right": "comes with the picture",
        "clockwise": "a minus too much",
        "from_one": "turned already",
        "mirrored": "no turn",
        "transposed": "swapped rows and columns",
        "last_only": "one picture",
        "side_by_side": "a new axis",
        "same_each_time": "all alike",
        "hint 1": "Which values does k",
        "hint 2": "new first axis",
    },
    "worth_of_a_walk": {
        "right": "the last move brings 1",
        "last_costs_too": "every move cost",
        "free_moves": "the goal alone",
        "costs_added": "taken away",
        "costs_alone": "Those are the costs",
        "hint 1": "cost something",
        "hint 2": "the seventh",
    },
    "learned_entry": {
        "right": "half the way to what",
        "end_ignored": "after the end",
        "not_discounted": "as much as what comes now",
        "whole_way": "in the place of the entry",
        "mean_promise": "mean of the four",
        "reward_alone": "reward alone",
        "reward_discounted": "Only what comes later",
        "added_up": "target − entry",
        "first_promise": "first of the four",
        "hint 1": "if the walk has ended",
        "hint 2": "Half the way from a",
    },
    "free-answers": {
        "Whoever turned": "✓ comes with the picture",
        "finds the classes": "✗ never asked",
        "look alike": "✗ nobody could answer",
        "does need them": "✗ No digit's name",
    },
    "cheap-answer": {
        "look like": "✗ must look at strokes",
        "side of the middle": "✓ learned first",
        "by heart": "✗ new pictures as well",
        "6 from a 9": "✗ suspicious",
    },
    "no-sure-answer": {
        "An 8": "✓ an 8 again",
        "A 6": "✓ look the same",
        "A 7": "✗ Its bar",
        "A 4": "✗ open side",
    },
    "a-fair-rival": {
        "from scratch": "✓ weakest of all rivals",
        "How long": "✗ beside chance alone",
        "Nothing": "✗ bare pixels",
    },
    "the-coin": {
        "long enough": "✗ surer of that",
        "reward asked": "✓ as told",
        "too curious": "✗ before there was",
        "much reward": "✗ not where we wanted",
    },
    "best-move-share": {
        "0.8125": "✓ of the drawn quarter",
        "0.75": "✗ does not draw",
        "0.25": "✗ how often it draws",
        "0.9375": "✗ You took the three",
        "otherwise": "✗ Add two ways",
    },
    "lucky-winner": {
        "make it better": "✗ only measured",
        "partly luck": "✓ does not come back",
        "nothing to do": "✗ choice among many",
        "Not needed": "✗ It was chosen on",
    },
    "price-of-a-search": {
        "20": "✓ 240 trainings",
        "1200": "✗ Those are seconds",
        "2.5": "✗ one training for each",
        "15": "✗ added rates and seeds",
        "otherwise": "✗ each rate and each seed",
    },
}
