"""Judges of the exercises on ReLU."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import ops
from lessons_lib.exercises.judges import Function, Judge, Unusable, Wrong
from lessons_lib.exercises.values import TOLERANCE, NotNumbersError, numbers_in, shown

Array = NDArray[Any]


def _pairs(rng: np.random.Generator) -> list[tuple[Array, Array, Array, Array]]:
    return [
        (rng.normal(size=(n, n)), rng.normal(size=n), rng.normal(size=(n, n)), rng.normal(size=n)) for n in (2, 3, 5)
    ]


def _signals(rng: np.random.Generator) -> list[tuple[Array, Array, float]]:
    return [(rng.normal(size=shape), rng.normal(size=shape), slope) for shape, slope in (((4, 3), 0.1), ((7,), 0.3))]


def _hat(answer: Any) -> None:
    try:
        w, b, v = (numbers_in(part) for part in answer)
    except (NotNumbersError, TypeError, ValueError):
        raise Unusable("not_three_lists") from None
    if not w.shape == b.shape == v.shape == (w.size,) or not w.size:
        raise Unusable("not_three_lists")
    x = _tried(w, b)
    got, want = ops.relu(np.outer(x, w) + b) @ v, _hat_of(x)
    if np.allclose(got, want, atol=TOLERANCE):
        return
    known = {
        "mirrored": _hat_of(-x),
        "plateau": np.clip(x, 0, 1),
        "falls_on": ops.relu(x) - 2 * ops.relu(x - 1),
        "ramp": ops.relu(x),
        "flat": np.full_like(x, got[0]),
    }
    for key, values in known.items():
        if np.allclose(got, values):
            raise Wrong(key)
    if np.allclose(got, got[1] * want):
        raise Wrong("scaled", top=shown(got[1]))
    first = int(np.flatnonzero(~np.isclose(got, want, atol=TOLERANCE))[0])
    raise Wrong("otherwise_here", x=shown(x[first]), got=shown(got[first]), want=shown(want[first]))


def _tried(w: Array, b: Array) -> Array:
    """Return the inputs that a network is tried on: some near the hat, the bends of the network, and one beyond them.

    Between two bends it is straight. So a network that is right at all bends, and beyond them, is right everywhere.
    """
    near = np.round(np.random.default_rng(0).uniform(-3, 5, size=200), 2)
    bends = np.append(-b[w != 0] / w[w != 0], [0, 1, 2])
    return np.concatenate([[0.5, 1.0, 1.5, 2.5, -1.0], near, bends, [bends.min() - 1, bends.max() + 1]])


def _hat_of(x: Array) -> Array:
    return ops.relu(1 - np.abs(x - 1))


JUDGES: dict[str, Judge] = {
    "fold": Function(
        _pairs,
        lambda w1, b1, w2, b2: (w1 @ w2, b1 @ w2 + b2),
        other_order=lambda w1, b1, w2, b2: (w2 @ w1, w2 @ b1 + b2),
        bias_in_old_order=lambda w1, b1, w2, b2: (w1 @ w2, w2 @ b1 + b2),
        biases_added=lambda w1, b1, w2, b2: (w1 @ w2, b1 + b2),
        first_bias_lost=lambda w1, b1, w2, b2: (w1 @ w2, b2),
        matrix_by_element=lambda w1, b1, w2, b2: (w1 * w2, b1 * w2 + b2),
    ),
    "leaky_relu_gradient": Function(
        _signals,
        lambda x, upstream, slope: upstream * np.where(x > 0, 1, slope),
        upstream_forgotten=lambda x, upstream, slope: np.where(x > 0, 1, slope),
        forward=lambda x, upstream, slope: np.where(x > 0, x, slope * x),
        value_for_derivative=lambda x, upstream, slope: upstream * np.where(x > 0, x, slope * x),
        plain_relu=lambda x, upstream, slope: ops.relu_gradient(x, upstream),
        sides_swapped=lambda x, upstream, slope: upstream * np.where(x > 0, slope, 1),
        sign_of_upstream=lambda x, upstream, slope: upstream * np.where(upstream > 0, 1, slope),
    ),
    "hat": _hat,
}
