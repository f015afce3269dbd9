"""Drawn series of numbers over time, and the windows that a forecast reads."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check

SEASONS = (12, 48)
_HEIGHTS = (1.0, 0.5)
# The noise has forgotten its start after as many steps.
_LEAD = 200


def series(length: int = 2000, *, bent: bool = False, seed: int = 0) -> NDArray[np.float32]:
    """Draw a series of numbers: two seasons, and a noise that depends on its last value.

    The seasons are sines with the periods `SEASONS` and the heights 1 and 0.5; where they begin is random. The noise
    follows a linear rule, ``r[t] = 0.7 * r[t - 1] + e[t]``, or a bent one, ``r[t] = 0.7 - 1.6 * abs(r[t - 1]) + e[t]``.
    The numbers ``e[t]`` are independent and normal, with the standard deviation 0.3 in the linear rule and 0.06 in the
    bent one.

    Parameters
    ----------
    length : int
        The number of steps: at least 1.
    bent : bool
        Whether the noise follows the bent rule. A weighted sum of the values before forecasts such a noise badly.
    seed : int
        Seed of the noise and of the seasons' beginnings: at least 0.

    Returns
    -------
    float32 array, shape (length,)
        The values, in the order of time.

    Raises
    ------
    TypeError
        If `length` or `seed` is not a whole number.
    ValueError
        If `length` is below 1, or `seed` is below 0.

    Examples
    --------
    >>> series(1000).shape
    (1000,)
    """
    length = _check.whole_number("length", length)
    random = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
    beginnings = random.uniform(0, 2 * np.pi, size=len(SEASONS))
    shocks = random.normal(size=_LEAD + length)
    time = np.arange(length)
    seasons = [
        height * np.sin(2 * np.pi * time / period + beginning)
        for period, height, beginning in zip(SEASONS, _HEIGHTS, beginnings, strict=True)
    ]
    return np.asarray(sum(seasons) + _noise(shocks, bent=bent)[_LEAD:], dtype=np.float32)


def windows(values: ArrayLike, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cut a series into all windows of one width, each with the value that follows it.

    Parameters
    ----------
    values : array, shape (length,)
        The series, in the order of time.
    width : int
        The number of values in each window: at least 1, and less than the length.

    Returns
    -------
    x : float32 array, shape (length - width, width)
        The windows, in the order of time. The last column holds the newest values.
    y : float32 array, shape (length - width,)
        The value that follows each window.

    Raises
    ------
    TypeError
        If the values are not real numbers, or `width` is not a whole number.
    ValueError
        If `values` has another number of axes, a value is NaN, infinite or too large for float32, or `width`
        is out of range.

    Examples
    --------
    >>> x, y = windows([10, 20, 30, 40], width=2)
    >>> x.tolist(), y.tolist()
    ([[10.0, 20.0], [20.0, 30.0]], [30.0, 40.0])
    """
    array = _check.float32("values", values, ndim=1)
    width = _check.whole_number("width", width)
    if width >= len(array):
        raise ValueError(f"width must be less than the length of the series, {len(array)}. Received: width={width}")
    return np.lib.stride_tricks.sliding_window_view(array, width)[:-1].copy(), array[width:].copy()


def _noise(shocks: NDArray[np.float64], *, bent: bool) -> NDArray[np.float64]:
    """Return the noise of a series that the independent numbers `shocks` drive."""
    noise = np.zeros_like(shocks)
    for step in range(1, len(shocks)):
        last = noise[step - 1]
        noise[step] = 0.7 - 1.6 * abs(last) + 0.06 * shocks[step] if bent else 0.7 * last + 0.3 * shocks[step]
    return noise
