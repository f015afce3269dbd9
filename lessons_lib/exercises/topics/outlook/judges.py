"""Judges of the exercises on what comes next: learning without labels, and from reward."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]
QUARTERS = range(4)


def _squares(rng: np.random.Generator) -> list[tuple[Array]]:
    """Return square images of different sizes, whose turns and mirror images all differ."""
    return [(rng.permutation(side * side).reshape(side, side) / side**2,) for side in (2, 3, 5)]


def _turns(image: Array) -> Array:
    return np.stack([np.rot90(image, k) for k in QUARTERS])


def _moves(rng: np.random.Generator) -> list[tuple[float, float, Array, bool]]:
    """Return moves in the middle and at the end of a walk; the best promise is never the first one, nor 0.

    In some cases all promises are negative, and in some the one that is farthest from 0 is.
    """
    moves = ((0.3, -0.02, False), (-0.1, 0.2, False), (0.4, 1.0, True), (0.2, -1.0, True))
    cases: list[tuple[float, float, Array, bool]] = []
    for fall, (entry, reward, done) in product((0, 1), moves):
        promises = rng.uniform(-0.5, 0.3, 4).round(2)
        promises[rng.integers(1, 4)] = round(rng.uniform(0.5, 0.9), 2)
        cases.append((entry, reward, promises - fall, done))
    return cases


def _half_way(entry: float, target: float) -> float:
    return entry + 0.5 * (target - entry)


def _target(reward: float, promise: float, done: bool, discount: float = 0.95) -> float:
    return reward if done else reward + discount * promise


JUDGES: dict[str, Judge] = {
    "quarter_turns": Function(
        _squares,
        _turns,
        clockwise=lambda image: np.stack([np.rot90(image, -k) for k in QUARTERS]),
        from_one=lambda image: np.stack([np.rot90(image, k + 1) for k in QUARTERS]),
        mirrored=(
            lambda image: np.stack([image, image[:, ::-1], image[::-1, ::-1], image[::-1]]),
            lambda image: np.stack([image, *(np.flip(image, axis=1),) * 3]),
            lambda image: np.stack([image, *(np.flip(image, axis=0),) * 3]),
        ),
        transposed=(
            lambda image: np.stack([image, image.T, image[::-1, ::-1], image[::-1, ::-1].T]),
            lambda image: np.stack([image, *(image.T,) * 3]),
        ),
        last_only=tuple(lambda image, k=k: np.rot90(image, k) for k in QUARTERS),
        side_by_side=(
            lambda image: np.concatenate(_turns(image)),
            lambda image: np.concatenate(_turns(image), axis=1),
            lambda image: np.stack([np.rot90(image, k) for k in QUARTERS], axis=-1),
        ),
        same_each_time=(
            lambda image: np.stack([image] * 4),
            lambda image: np.stack([np.rot90(image)] * 4),
        ),
    ),
    "learned_entry": Function(
        _moves,
        lambda entry, reward, promises, done: _half_way(entry, _target(reward, max(promises), done)),
        end_ignored=lambda entry, reward, promises, done: _half_way(entry, _target(reward, max(promises), False)),
        not_discounted=lambda entry, reward, promises, done: _half_way(entry, _target(reward, max(promises), done, 1)),
        whole_way=lambda entry, reward, promises, done: _target(reward, max(promises), done),
        mean_promise=lambda entry, reward, promises, done: _half_way(entry, _target(reward, promises.mean(), done)),
        reward_alone=lambda entry, reward, promises, done: _half_way(entry, reward),
        reward_discounted=(
            lambda entry, reward, promises, done: _half_way(entry, reward if done else 0.95 * (reward + max(promises))),
            lambda entry, reward, promises, done: _half_way(entry, 0.95 * _target(reward, max(promises), done, 1)),
        ),
        added_up=lambda entry, reward, promises, done: entry + 0.5 * _target(reward, max(promises), done),
        first_promise=lambda entry, reward, promises, done: _half_way(entry, _target(reward, promises[0], done)),
    ),
}
