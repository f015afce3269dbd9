"""Judges of the exercises on pooling."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import ops
from lessons_lib.exercises.judges import Function, Judge, Wrong, as_array, call
from lessons_lib.exercises.values import kind_of

Array = NDArray[Any]


def _maps(rng: np.random.Generator) -> list[tuple[Array, int, int]]:
    return [
        (rng.integers(-9, high, shape).astype(float), window, strides)
        for high, shape, window, strides in (
            (9, (6, 6), 2, 2),
            (-1, (5, 8), 3, 2),
            (9, (7, 10), 2, 3),
            (9, (9, 6), 3, 1),
        )
    ]


def _max(x: Array, window: int, strides: int) -> Array:
    return ops.max_pool(x, pool_size=window, strides=strides)


def _sticking_out(x: Array, window: int, strides: int) -> Array:
    rows, columns = (-(-(size - window) // strides) * strides + window - size for size in x.shape)
    return _max(np.pad(x, ((0, rows), (0, columns)), constant_values=x.min()), window, strides)


def _step_by_step(x: Array, window: int, strides: int) -> Array:
    rows, columns = _max(x, window, strides).shape
    return _max(x, window, 1)[:rows, :columns]


def _place_blind(answer: Any) -> None:
    rng = np.random.default_rng(0)
    for channels in (2, 3, 5):
        pattern = rng.uniform(0.5, 2, size=(5, 4, channels))
        first = _reply(answer, _placed(pattern, 3, 2), channels)
        # one step each way, then so that every place of the canvas is covered
        for row, column in ((3, 3), (4, 2), *product((0, 5, 10, 11), (0, 4, 8, 12))):
            if not np.allclose(first, _reply(answer, _placed(pattern, row, column), channels)):
                raise Wrong("moves_with_the_place")
        stronger, erased = pattern.copy(), pattern.copy()
        stronger[..., 0] *= 2
        erased[0, :, 0] = 0  # fewer values in the first map: what counts them is right, too
        replies = [_reply(answer, _placed(other, 3, 2), channels) for other in (stronger, erased)]
        changed = np.any([~np.isclose(first, reply) for reply in replies], axis=0)
        if changed[1:].any():
            raise Wrong("mixed")
        if not changed[0]:
            raise Wrong("constant")


def _placed(pattern: Array, row: int, column: int) -> Array:
    canvas = np.zeros((16, 16, pattern.shape[-1]))
    canvas[row : row + pattern.shape[0], column : column + pattern.shape[1]] = pattern
    return canvas


def _reply(answer: Any, maps: Array, channels: int) -> Array:
    reply = call(answer, maps)
    if np.size(reply) == 1:
        raise Wrong("one_number")
    if np.shape(reply) != (channels,):
        raise Wrong("wrong_length", channels=channels, got=kind_of(reply))
    return as_array(reply, (channels,))


JUDGES: dict[str, Judge] = {
    "max_pool": Function(
        _maps,
        _max,
        averaged=lambda x, window, strides: ops.average_pool(x, pool_size=window, strides=strides),
        side_by_side=lambda x, window, strides: ops.max_pool(x, pool_size=window),
        starts_at_zero=lambda x, window, strides: ops.relu(_max(x, window, strides)),
        smallest=lambda x, window, strides: -_max(-x, window, strides),
        largest_size=lambda x, window, strides: np.where(
            _max(x, window, strides) >= _max(-x, window, strides), _max(x, window, strides), -_max(-x, window, strides)
        ),
        rounded_up=_sticking_out,
        stride_ignored=(_step_by_step, lambda x, window, strides: _max(x, window, 1)),
    ),
    "place_blind": _place_blind,
}
