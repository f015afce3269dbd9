"""Judges of the exercises on worries."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _served(rng: np.random.Generator) -> list[tuple[Array, Array, Array]]:
    """Answers for groups of different sizes and numbers: the worst is neither the rarest nor that with most mistakes.

    For each group its number, its size, and how many of its answers are wrong.
    """
    worlds = (
        ((3, 60, 12), (5, 20, 8), (8, 6, 1)),
        ((1, 8, 1), (2, 90, 20), (7, 30, 12)),
        ((4, 24, 12), (6, 70, 14), (9, 5, 2), (11, 40, 2)),
        ((2, 10, 9), (5, 6, 1), (7, 50, 12)),
    )
    cases = []
    for world in worlds:
        groups = np.concatenate([np.full(size, name) for name, size, _ in world])
        wrong = np.concatenate([np.arange(size) < count for _, size, count in world])
        truth = rng.integers(10, size=len(groups))
        mixed = rng.permutation(len(groups))
        cases.append((((truth + wrong) % 10)[mixed], truth[mixed], groups[mixed]))
    return cases


def _shares(predicted: Array, truth: Array, groups: Array) -> Array:
    return np.array([np.mean((predicted == truth)[groups == name]) for name in np.unique(groups)])


def _counts(right: Array, groups: Array) -> Array:
    return np.array([np.sum(right[groups == name]) for name in np.unique(groups)])


def _worst(predicted: Array, truth: Array, groups: Array) -> int:
    return int(np.unique(groups)[_shares(predicted, truth, groups).argmin()])


def _answers(rng: np.random.Generator) -> list[tuple[Array, Array, int]]:
    """Answers that are too sure in one bin and too modest in another; in the last case, two bins have none.

    One answer is exactly 1, and wrong. None lies on the border of two bins, since the exercise does not say to which of
    them it belongs.
    """
    cases = []
    for count, bins, sign, least in ((60, 4, 1, 0), (90, 5, -1, 0), (120, 10, 1, 0.22)):
        surest = np.concatenate([rng.uniform(0, 1, count) ** 0.5, (np.arange(bins) + 0.5) / bins, [1]])
        surest = surest[surest >= least]
        share = surest + sign * np.where(surest > 0.6, -0.3, 0.3)
        right = (rng.uniform(0, 1, len(surest)) < share).astype(int)
        right[-1] = 0
        cases.append((surest, right, bins))
    return cases


def _gaps(surest: Array, right: Array, bins: int) -> tuple[Array, Array]:
    """Return for each bin that has answers the mean gap, and the number of its answers."""
    places = np.minimum((surest * bins).astype(int), bins - 1)
    used = np.unique(places)
    gaps = [np.mean(right[places == k]) - np.mean(surest[places == k]) for k in used]
    return np.array(gaps), np.array([np.sum(places == k) for k in used])


def _calibration_error(surest: Array, right: Array, bins: int) -> float:
    gaps, counts = _gaps(surest, right, bins)
    return float(np.sum(np.abs(gaps) * counts) / len(surest))


def _from_the_middle(surest: Array, right: Array, bins: int) -> float:
    places = np.minimum((surest * bins).astype(int), bins - 1)
    return _calibration_error((places + 0.5) / bins, right, bins)


def _attacked(rng: np.random.Generator) -> list[tuple[Array, Array, float]]:
    """Pictures with some pixels at 0 and at 1, and slopes of both signs, one of them 0."""
    cases = []
    for shape, size in (((3, 3), 0.1), ((4, 5, 1), 0.3), ((2, 2), 0.05)):
        image = rng.uniform(0, 1, shape).round(2)
        image.flat[0], image.flat[1] = 0, 1
        slopes = rng.normal(0, 0.2, shape).round(3)
        slopes.flat[0], slopes.flat[1], slopes.flat[2] = -0.02, 0.03, 0
        cases.append((image, slopes, size))
    return cases


JUDGES: dict[str, Judge] = {
    "worst_group": Function(
        _served,
        _worst,
        most_mistakes=lambda predicted, truth, groups: np.unique(groups)[_counts(predicted != truth, groups).argmax()],
        fewest_right=lambda predicted, truth, groups: np.unique(groups)[_counts(predicted == truth, groups).argmin()],
        rarest=lambda predicted, truth, groups: np.unique(groups)[_counts(groups == groups, groups).argmin()],
        best_group=lambda predicted, truth, groups: np.unique(groups)[_shares(predicted, truth, groups).argmax()],
        share_returned=lambda predicted, truth, groups: _shares(predicted, truth, groups).min(),
        place_returned=lambda predicted, truth, groups: _shares(predicted, truth, groups).argmin(),
    ),
    "calibration_error": Function(
        _answers,
        _calibration_error,
        no_bins=lambda surest, right, bins: np.mean(np.abs(right - surest)),
        one_bin=lambda surest, right, bins: abs(np.mean(right) - np.mean(surest)),
        signs_kept=lambda surest, right, bins: np.mean(right - surest),
        bins_alike=lambda surest, right, bins: np.mean(np.abs(_gaps(surest, right, bins)[0])),
        largest_gap=lambda surest, right, bins: np.max(np.abs(_gaps(surest, right, bins)[0])),
        gaps_added=lambda surest, right, bins: np.sum(np.abs(_gaps(surest, right, bins)[0])),
        right_alone=_from_the_middle,
    ),
    "adversarial_step": Function(
        _attacked,
        lambda image, slopes, size: np.clip(image + size * np.sign(slopes), 0, 1),
        downhill=lambda image, slopes, size: np.clip(image - size * np.sign(slopes), 0, 1),
        sign_forgotten=(
            lambda image, slopes, size: np.clip(image + size * slopes, 0, 1),
            lambda image, slopes, size: image + size * slopes,
        ),
        not_clipped=lambda image, slopes, size: image + size * np.sign(slopes),
        step_returned=(
            lambda image, slopes, size: size * np.sign(slopes),
            lambda image, slopes, size: np.clip(image + size * np.sign(slopes), 0, 1) - image,
        ),
        scaled_by_largest=lambda image, slopes, size: np.clip(image + size * slopes / np.abs(slopes).max(), 0, 1),
        size_forgotten=lambda image, slopes, size: np.clip(image + np.sign(slopes), 0, 1),
        same_direction=lambda image, slopes, size: np.clip(image + size, 0, 1),
    ),
}
