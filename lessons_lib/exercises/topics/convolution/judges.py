"""Judges of the exercises on convolution."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import ops
from lessons_lib.exercises.judges import Function, Judge, Wrong, as_array
from lessons_lib.exercises.values import shown

Array = NDArray[Any]


def _moved(image: Array, rows: int, columns: int) -> Array:
    """Shift by one pixel or none, zeros coming in."""
    padded = np.pad(image, 1)
    return padded[1 - rows : 1 - rows + len(image), 1 - columns : 1 - columns + image.shape[1]]


def _shift_right(answer: Any) -> None:
    weights = as_array(answer, (3, 3))
    if not weights.any():
        raise Wrong("all_zero")
    rng = np.random.default_rng(0)
    images = [rng.normal(size=shape) for shape in ((4, 7), (6, 5))]
    maps = [ops.convolve(image, weights, padding="same") for image in images]

    def moves(rows: int, columns: int, factor: float = 1) -> bool:
        return all(np.allclose(z, factor * _moved(x, rows, columns)) for z, x in zip(maps, images, strict=True))

    if moves(0, 1):
        return
    other_ways = {
        "moves_left": [(0, -1)],
        "moves_up_or_down": [(1, 0), (-1, 0)],
        "moves_slanted": [(r, c) for r in (-1, 1) for c in (-1, 1)],
        "stays": [(0, 0)],
    }
    for key, ways in other_ways.items():
        if any(moves(*way, factor=weights.sum()) for way in ways):
            raise Wrong(key)
    if moves(0, 1, factor=weights.sum()):
        raise Wrong("brightness", factor=shown(weights.sum()))
    raise Wrong("otherwise_here")


def _sizes(rng: np.random.Generator) -> list[tuple[int, int, int]]:
    odd = [tuple(map(int, row)) for row in rng.integers([6, 1, 1], [20, 7, 4], size=(8, 3))]
    return [(6, 3, 2), (9, 4, 1), (8, 1, 3), (11, 5, 4), *odd]  # type: ignore[list-item]


def _total(size: int, kernel_size: int, strides: int) -> int:
    return (-(-size // strides) - 1) * strides + kernel_size - size


def _halves(total: int) -> tuple[int, int]:
    return total // 2, total - total // 2


def _images(rng: np.random.Generator) -> list[tuple[Array, Array, int]]:
    return [
        (rng.integers(0, 10, image).astype(float), rng.integers(-3, 4, taps).astype(float), strides)
        for image, taps, strides in (
            ((4, 6), (3, 3), 1),
            ((7, 9), (2, 3), 2),
            ((8, 5), (3, 2), 1),
            ((11, 10), (3, 2), 3),
        )
    ]


def _convolve(image: Array, weights: Array, strides: int) -> Array:
    return ops.convolve(image, weights, strides=strides)


JUDGES: dict[str, Judge] = {
    "shift_right": _shift_right,
    "same_padding": Function(
        _sizes,
        lambda n, k, s: ops.same_padding(n, k, strides=s),
        total_each_side=lambda n, k, s: (max(0, _total(n, k, s)), max(0, _total(n, k, s))),
        odd_before=lambda n, k, s: _halves(max(0, _total(n, k, s)))[::-1],
        both_alike=lambda n, k, s: ((k - 1) // 2, (k - 1) // 2),
        stride_ignored=lambda n, k, s: _halves(k - 1),
        half_zeros=lambda n, k, s: (max(0, _total(n, k, s)) / 2, max(0, _total(n, k, s)) / 2),
        negative=lambda n, k, s: _halves(_total(n, k, s)),
        rounded_down=lambda n, k, s: _halves(max(0, (n // s - 1) * s + k - n)),
    ),
    "convolve": Function(
        _images,
        _convolve,
        flipped=lambda x, k, s: _convolve(x, k[::-1, ::-1], s),
        offset_forgotten=lambda x, k, s: _convolve(x, k, 1)[tuple(map(slice, _convolve(x, k, s).shape))],
        stride_ignored=lambda x, k, s: _convolve(x, k, 1),
        transposed=lambda x, k, s: _convolve(x, k, s).T,
        averaged=lambda x, k, s: _convolve(x, k, s) / k.size,
        bottom_row_missing=lambda x, k, s: _convolve(x, k, s)[:-1, :-1],
    ),
}
