"""What a learner's answer holds: its numbers, how it differs from what was wanted, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-6


class NotNumbersError(TypeError):
    """An answer holds something else than finite real numbers; the message names what it is."""


def numbers_in(value: Any) -> NDArray[np.float64]:
    """Return the finite real numbers of an answer, as an array of its shape.

    Raises
    ------
    NotNumbersError
        If the answer is text, a truth value, None, a `decimal.Decimal`, a complex number or a function, if it holds NaN
        or an infinite number, or if its rows have different lengths.

    Examples
    --------
    >>> numbers_in([[1, 2], [3, 4]]).shape
    (2, 2)
    >>> numbers_in("14")
    Traceback (most recent call last):
    lessons_lib.exercises.values.NotNumbersError: the text '14'
    """
    try:
        array = np.asarray(value)
        if array.dtype == object and all(_is_real(item) for item in array.flat):
            array = array.astype(np.float64)  # whole numbers of more than 64 bits, or fractions
    except Exception:  # an object that refuses to become an array holds no numbers
        raise NotNumbersError(kind_of(value)) from None
    truth_value = array.dtype == bool and not array.ndim
    if truth_value or array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise NotNumbersError(kind_of(value))
    return array.astype(np.float64)


def _is_real(item: Any) -> bool:
    return isinstance(item, Real) and not isinstance(item, bool)


def same(reply: Any, want: Any, tolerance: float = TOLERANCE) -> bool:
    """Return whether two answers have the same shape and, but for rounding, the same numbers."""
    if isinstance(want, tuple):
        return _has_parts(reply, want) and all(same(*pair, tolerance) for pair in zip(reply, want, strict=True))
    try:
        got, expected = numbers_in(reply), numbers_in(want)
    except NotNumbersError:
        return False
    return got.shape == expected.shape and bool(np.allclose(got, expected, atol=tolerance))


def _has_parts(reply: Any, want: tuple[Any, ...]) -> bool:
    """Return whether a reply has as many parts as the tuple that was wanted; a list or a flat array may hold them."""
    in_parts = isinstance(reply, (tuple, list)) or (isinstance(reply, np.ndarray) and reply.ndim == 1)
    return in_parts and len(reply) == len(want)


def difference(reply: Any, want: Any, tolerance: float = TOLERANCE) -> str:
    """Say in words how a reply differs from what was wanted."""
    if isinstance(want, tuple) and _has_parts(reply, want):
        if np.ndim(want[0]) == 0:
            return f"yours gives {shown(tuple(reply))}, and {shown(want)} was wanted"
        part = next(i for i, pair in enumerate(zip(reply, want, strict=True)) if not same(*pair, tolerance))
        return f"in part {part + 1}, {difference(reply[part], want[part], tolerance)}"
    if isinstance(want, tuple) or isinstance(reply, tuple) or np.shape(reply) != np.shape(want):
        return f"yours gives {kind_of(reply)}, and {kind_of(want)} was wanted"
    got, expected = numbers_in(reply), numbers_in(want)
    if not expected.ndim:
        return f"yours gives {shown(reply)}, and {shown(want)} was wanted"
    place = tuple(int(i) for i in np.argwhere(~np.isclose(got, expected, atol=tolerance))[0])
    at = ", ".join(map(str, place))
    return f"at [{at}] yours gives {shown(got[place])}, and {shown(expected[place])} was wanted"


def as_call(function: Any, arguments: Sequence[Any]) -> str:
    """Write a call as the learner would; arrays are named by their shape."""
    name = str(getattr(function, "__name__", "your_function")).replace("<lambda>", "your_function")
    return f"{name}({', '.join(shown(value) for value in arguments)})"


def shown(value: Any) -> str:
    """Write a number, a tuple of them, or the shape of an array.

    Examples
    --------
    >>> shown(10523.0), shown(1 / 3), shown((2, 0.5))
    ('10523', '0.3333', '(2, 0.5)')
    """
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))})"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
        return kind_of(value)
    return str(int(value)) if float(value).is_integer() else f"{float(value):.4g}"


def kind_of(value: Any) -> str:
    """Name the kind of an answer in words that tell it from every other kind.

    Examples
    --------
    >>> kind_of(np.zeros((3, 4))), kind_of((1, 2)), kind_of(True), kind_of(float("nan"))
    ('an array of 3×4', 'a tuple of 2 parts', 'the truth value True', 'NaN, which means "not a number"')
    """
    if value is None:
        return "nothing (None)"
    if isinstance(value, tuple):
        return f"a tuple of {len(value)} parts"
    if isinstance(value, (str, bytes)):
        return f"the text {value!r}" if len(value) <= 20 else "text"
    if isinstance(value, (bool, np.bool_)):
        return f"the truth value {bool(value)}"
    if callable(value):
        return "a function"
    try:
        array = np.asarray(value)
        numeric = array.dtype.kind in "biuf"
    except Exception:  # it refuses to become an array
        numeric = False
    if not numeric:
        return f"something of the type {type(value).__name__}"
    finite = bool(np.isfinite(array).all())
    if array.ndim:
        return f"an array of {by(array.shape)}" + ("" if finite else " in which some numbers are NaN or infinite")
    if np.isnan(array):
        return 'NaN, which means "not a number"'
    return "a number" if finite else "an infinite number"


def by(shape: Sequence[int]) -> str:
    """Write a shape as 3×4.

    Examples
    --------
    >>> by((3, 4)), by((5,))
    ('3×4', '5')
    """
    return "×".join(map(str, shape)) or "one number"
