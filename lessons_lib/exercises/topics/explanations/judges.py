"""Judges of the exercises on explanations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Function, Judge

Array = NDArray[Any]


def _maps_and_slopes(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Return maps as ReLU leaves them, and slopes of both signs: the heat is below 0 in some places."""
    cases = []
    for shape in ((3, 4, 2), (2, 5, 3), (4, 4, 5)):
        maps = rng.integers(0, 9, shape).astype(float)
        slopes = rng.normal(size=shape).round(2)
        slopes[..., 0] -= 1  # one map speaks against the class
        slopes[..., 1] += 1
        cases.append((maps, slopes))
    return cases


def _weighted(maps: Array, weights: Array) -> Array:
    return np.asarray(np.maximum((weights * maps).sum(axis=-1), 0))


def _means(slopes: Array) -> Array:
    return np.asarray(slopes.mean(axis=(0, 1)))


def _units(rng: np.random.Generator) -> list[tuple[Array, Array, int]]:
    """Return images of different sides, the weights of a unit, and the side of the squares that cover them."""
    sizes = ((4, 6, 2), (6, 3, 3), (4, 4, 4), (2, 3, 1))
    return [
        (rng.integers(1, 9, sides).astype(float), rng.integers(-4, 5, sides).astype(float), size)
        for *sides, size in sizes
    ]


def _squares(image: Array, size: int) -> list[tuple[int, int]]:
    return list(np.ndindex(len(image) // size, image.shape[1] // size))


def _answers(image: Array, weights: Array, size: int, step: int) -> Array:
    """Return the unit's answers with each square covered; the squares begin `step` pixels apart."""
    left = np.zeros((len(image) // size, image.shape[1] // size))
    for i, j in _squares(image, size):
        covered = image.copy()
        covered[i * step : i * step + size, j * step : j * step + size] = 0
        left[i, j] = np.sum(weights * covered)
    return left


def _drops(image: Array, weights: Array, size: int) -> Array:
    return np.asarray(np.sum(weights * image) - _answers(image, weights, size, size))


def _never_uncovered(image: Array, weights: Array, size: int) -> Array:
    drops, covered = _drops(image, weights, size), image.copy()
    for i, j in _squares(image, size):
        covered[i * size : (i + 1) * size, j * size : (j + 1) * size] = 0
        drops[i, j] = np.sum(weights * image) - np.sum(weights * covered)
    return drops


JUDGES: dict[str, Judge] = {
    "grad_cam": Function(
        _maps_and_slopes,
        lambda maps, slopes: _weighted(maps, _means(slopes)),
        place_by_place=_weighted,
        no_relu=lambda maps, slopes: (_means(slopes) * maps).sum(axis=-1),
        absolute=lambda maps, slopes: np.abs((_means(slopes) * maps).sum(axis=-1)),
        relu_too_early=(
            lambda maps, slopes: np.maximum(_means(slopes) * maps, 0).sum(axis=-1),
            lambda maps, slopes: _weighted(maps, np.maximum(_means(slopes), 0)),
        ),
        largest_slope=lambda maps, slopes: _weighted(maps, slopes.max(axis=(0, 1))),
        added_slopes=lambda maps, slopes: _weighted(maps, slopes.sum(axis=(0, 1))),
        slopes_forgotten=(
            lambda maps, slopes: _weighted(maps, np.ones(maps.shape[-1])),
            lambda maps, slopes: maps.mean(axis=-1),
        ),
        maps_forgotten=lambda maps, slopes: np.maximum(slopes.mean(axis=-1), 0),
    ),
    "occlude": Function(
        _units,
        _drops,
        answer_left=lambda image, weights, size: _answers(image, weights, size, size),
        turned_round=lambda image, weights, size: -_drops(image, weights, size),
        one_pixel_on=lambda image, weights, size: np.sum(weights * image) - _answers(image, weights, size, 1),
        never_uncovered=_never_uncovered,
        absolute_drop=lambda image, weights, size: np.abs(_drops(image, weights, size)),
        flipped=lambda image, weights, size: _drops(image, weights, size).T,
    ),
}
