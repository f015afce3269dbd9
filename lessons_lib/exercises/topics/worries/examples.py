"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def worst_group(predicted: Array, truth: Array, groups: Array) -> int:
    """Return the number of the group with the lowest share of right answers, with a loop over the answers."""
    seen: dict[int, list[bool]] = {}
    for answer, true, group in zip(predicted, truth, groups, strict=True):
        seen.setdefault(int(group), []).append(bool(answer == true))
    return min(seen, key=lambda group: sum(seen[group]) / len(seen[group]))


def calibration_error(surest: Array, right: Array, bins: int) -> float:
    """Return the expected calibration error, bin by bin."""
    total = 0.0
    for k in range(bins):
        inside = (surest >= k / bins) & ((surest < (k + 1) / bins) | (k == bins - 1))
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - surest[inside].mean())
    return total


NUMBERS: dict[str, dict[str, float]] = {
    "left_for_the_group": {
        "right": (92 - 88) / 10,
        "same_for_all": 92 / 100,
        "share_wrong": 1 - (92 - 88) / 10,
        "all_mistakes_there": 1 - (100 - 92) / 10,
        "of_all": (92 - 88) / 100,
    },
    "share-of-the-rare": {"right": (5 - 4) / 5},
    "half-as-hot": {"right": 0.9**0.5 / (0.9**0.5 + 0.1**0.5)},
    "one-watt-hour": {"right": 90 * 40 / 3600},
}

SOLUTIONS: dict[str, Any] = {
    "worst_group": worst_group,
    "calibration_error": calibration_error,
    "adversarial_step": lambda image, slopes, size: np.minimum(1, np.maximum(0, image + size * np.sign(slopes))),
}

WRONG: dict[str, dict[str, Any]] = {
    "worst_group": {
        "most_mistakes": lambda predicted, truth, groups: np.bincount(groups[predicted != truth]).argmax(),
        "fewest_right": lambda predicted, truth, groups: min(
            set(groups.tolist()), key=lambda name: ((predicted == truth) & (groups == name)).sum()
        ),
        "rarest": lambda predicted, truth, groups: min(set(groups.tolist()), key=lambda name: (groups == name).sum()),
    },
    "calibration_error": {
        "no_bins": lambda surest, right, bins: np.abs(surest - right).mean(),
        "one_bin": lambda surest, right, bins: abs(surest.mean() - right.mean()),
        "signs_kept": lambda surest, right, bins: (right - surest).mean(),
    },
    "adversarial_step": {
        "downhill": lambda image, slopes, size: np.clip(image - size * np.sign(slopes), 0, 1),
        "sign_forgotten": lambda image, slopes, size: np.clip(image + size * slopes, 0, 1),
        "not_clipped": lambda image, slopes, size: image + size * np.sign(slopes),
    },
}

WITNESSES: dict[str, dict[str, Any]] = {
    "left_for_the_group": {
        "right": "does not come from A",
        "same_for_all": "share of all",
        "share_wrong": "read wrongly",
        "all_mistakes_there": "all mistakes to group B",
        "of_all": "adds to the average",
        "hint 1": "are read rightly",
        "hint 2": "One of the three",
    },
    "worst_group": {
        "right": "No average shows",
        "most_mistakes": "counted mistakes",
        "fewest_right": "counted right answers",
        "rarest": "smallest group",
        "best_group": "served best",
        "share_returned": "That is the share",
        "place_returned": "without gaps",
        "hint 1": "belong to one group",
        "hint 2": "np.unique(groups)",
    },
    "calibration_error": {
        "right": "as much as it has answers",
        "no_bins": "No single answer",
        "one_bin": "mean of all answers",
        "signs_kept": "with their signs",
        "bins_alike": "plain mean",
        "largest_gap": "largest gap of all",
        "gaps_added": "added up the gaps",
        "right_alone": "middle of the bin",
        "hint 1": "One bin first",
        "hint 2": "Add up the bins",
        "distractor 3": "each answer once",
    },
    "adversarial_step": {
        "right": "what a pixel may be",
        "downhill": "walk downhill",
        "sign_forgotten": "by its slope",
        "not_clipped": "no picture any more",
        "step_returned": "That is the change",
        "scaled_by_largest": "the largest one",
        "size_forgotten": "How far may it go",
        "same_direction": "all pixels brighter",
        "hint 1": "up or down",
        "hint 2": "brings back",
    },
    "share-of-the-rare": {
        "0.2": "✓ Of 100 pictures 4",
        "0.96": "✗ share of all",
        "0.8": "✗ gets wrong",
        "0.91": "✗ subtracted the share",
        "otherwise": "✗ from which group?",
    },
    "what-weights-do": {
        "twenty times the pictures": "✗ new hands",
        "only count more": "✓ move the balance",
        "constant factor": "✗ if all pictures",
    },
    "temperature": {
        "accuracy stays": "✓ stays the largest",
        "less sure": "✓ differences between logits",
        "turned digits": "✗ chosen on upright",
        "sees no digit": "✗ add up to 1",
    },
    "half-as-hot": {
        "0.75": "✓ 3 to 1",
        "0.45": "✗ halved the probability",
        "0.9": "✗ added to all",
        "0.988": "✗ doubled the logits",
        "otherwise": "✗ logarithm of its probability",
    },
    "noise-and-step": {
        "larger": "✗ as far in both",
        "seen less": "✗ plays no part",
        "Random signs": "✓ Hundreds of small steps",
        "long enough": "✗ never meets",
    },
    "hardened": {
        "Which attack": "✓ without its attack",
        "How many": "✗ what was withstood",
        "Nothing": "✗ random noise",
    },
    "one-watt-hour": {
        "1": "✓ 90 · 40",
        "3600": "✗ Those are watt-seconds",
        "60": "✗ divided by 60",
        "0.44": "✗ You divided them",
        "otherwise": "✗ 3,600 of them",
    },
}
