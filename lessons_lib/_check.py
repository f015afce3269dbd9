"""Argument checks that the modules share: each returns the value it has accepted."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def whole_number(name: str, value: object, *, at_least: int | None = 1) -> int:
    """Return `value` as an int that is at least `at_least`; with None there is no bound.

    Raises
    ------
    TypeError
        If `value` is not a whole number. True and False are not accepted.
    ValueError
        If `value` is below `at_least`.

    Examples
    --------
    >>> whole_number("strides", 2)
    2
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number. Received: {name}={value!r}")
    if at_least is not None and value < at_least:
        raise ValueError(f"{name} must be at least {at_least}. Received: {name}={value!r}")
    return int(value)


def sequence(name: str, value: object, *, of: str) -> Sequence[Any]:
    """Return `value` if it has members in an order.

    Raises
    ------
    TypeError
        If `value` is a single thing, or text.

    Examples
    --------
    >>> sequence("rates", (0.001, 0.01), of="numbers")
    (0.001, 0.01)
    """
    if not isinstance(value, (Sequence, np.ndarray)) or isinstance(value, str):
        raise TypeError(f"{name} must be a sequence of {of}. Received: {name}={value!r}")
    return value  # type: ignore[return-value]


def text(name: str, value: object) -> str:
    """Return `value` if it is a text with more than spaces in it.

    Raises
    ------
    TypeError
        If `value` is no text.
    ValueError
        If `value` is empty.

    Examples
    --------
    >>> text("question", "How many?")
    'How many?'
    """
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text. Received: {name}={value!r}")
    if not value.strip():
        raise ValueError(f"{name} must be a text that is not empty. Received: {name}={value!r}")
    return value


def function(name: str, value: object) -> None:
    """Raise TypeError unless `value` can be called.

    Examples
    --------
    >>> function("experiment", lambda seed: seed)
    """
    if not callable(value):
        raise TypeError(f"{name} must be a function. Received: {name}={value!r}")


def whole_numbers(name: str, value: object) -> tuple[int, ...]:
    """Return `value` as whole numbers of at least 1.

    Raises
    ------
    TypeError, ValueError
        If `value` is no sequence, or one of its members is not a whole number of at least 1.

    Examples
    --------
    >>> whole_numbers("filters", [8, 16])
    (8, 16)
    """
    return tuple(whole_number(name, member) for member in sequence(name, value, of="whole numbers, such as (8, 16)"))


def image_shape(name: str, value: object) -> tuple[int | None, int | None, int]:
    """Return `value` as (rows, columns, channels); rows and columns may be None, as in Keras.

    Raises
    ------
    TypeError, ValueError
        If `value` has another length, or one of its members is not a whole number of at least 1.

    Examples
    --------
    >>> image_shape("input_shape", (28, 28, 1))
    (28, 28, 1)
    """
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 3:
        raise ValueError(f"{name} must be (rows, columns, channels). Received: {name}={value!r}")
    rows, columns = (None if length is None else whole_number(name, length) for length in value[:2])
    return rows, columns, whole_number(name, value[2])


def pair(name: str, value: object, *, at_least: int = 1) -> tuple[int, int]:
    """Return `value` as (rows, columns); one number stands for both, as in Keras.

    Raises
    ------
    TypeError, ValueError
        If `value` is neither one whole number nor two whole numbers, or a number is below `at_least`.

    Examples
    --------
    >>> pair("strides", 2)
    (2, 2)
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) != 2:
            raise ValueError(f"{name} must be one number or two. Received: {name}={value!r}")
        rows, columns = value
        return whole_number(name, rows, at_least=at_least), whole_number(name, columns, at_least=at_least)
    number = whole_number(name, value, at_least=at_least)
    return number, number


def number(name: str, value: object, *, at_least: float | None = None, at_most: float | None = None) -> float:
    """Return `value` as a finite float within the bounds.

    Raises
    ------
    TypeError
        If `value` is not a real number.
    ValueError
        If `value` is NaN, infinite or outside the bounds.

    Examples
    --------
    >>> number("learning_rate", 0.1, at_least=0)
    0.1
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number. Received: {name}={value!r}")
    result = float(value)
    if not np.isfinite(result):
        raise ValueError(f"{name} must be finite. Received: {name}={value!r}")
    if at_least is not None and result < at_least:
        raise ValueError(f"{name} must be at least {at_least}. Received: {name}={value!r}")
    if at_most is not None and result > at_most:
        raise ValueError(f"{name} must be at most {at_most}. Received: {name}={value!r}")
    return result


def choice(name: str, value: object, options: Sequence[str]) -> str:
    """Return `value` if it is one of `options`.

    Raises
    ------
    ValueError
        If `value` is none of them.

    Examples
    --------
    >>> choice("padding", "same", ("valid", "same"))
    'same'
    """
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, options))}. Received: {name}={value!r}")
    return value


def finite(name: str, values: ArrayLike, *, ndim: int | tuple[int, ...]) -> NDArray[Any]:
    """Return `values` as a non-empty array of finite numbers whose number of axes is (one of) `ndim`.

    Raises
    ------
    TypeError
        If `values` are not real numbers, or do not form a rectangular array.
    ValueError
        If the number of axes is not (one of) `ndim`, or the array is empty or holds NaN or infinity.

    Examples
    --------
    >>> finite("image", [[0, 1], [2, 3]], ndim=2).shape
    (2, 2)
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise TypeError(f"{name} must be a rectangular array of numbers. Received: rows of different lengths") from None
    if not (np.issubdtype(array.dtype, np.number) or array.dtype == bool) or np.iscomplexobj(array):
        raise TypeError(f"{name} must be an array of real numbers. Received: dtype={array.dtype}")
    accepted = (ndim,) if isinstance(ndim, int) else ndim
    if array.ndim not in accepted:
        axes = "axis" if accepted == (1,) else "axes"
        raise ValueError(f"{name} must have {' or '.join(map(str, accepted))} {axes}. Received: shape={array.shape}")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty. Received: shape={array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} must hold finite numbers only. Received: {int((~np.isfinite(array)).sum())} NaN or infinite"
        )
    return array


def in_range(name: str, values: NDArray[Any], dtype: Any = np.float32) -> None:
    """Raise unless a type of numbers can hold all values; networks compute in float32.

    Raises
    ------
    ValueError
        If a value is too large for the type, or no whole number and the type has no others.

    Examples
    --------
    >>> in_range("image", np.array([0.0, 0.5]))
    """
    kind = np.dtype(dtype).kind
    if kind not in "iuf" or np.can_cast(values.dtype, dtype):
        return
    limits: Any = np.finfo(dtype) if kind == "f" else np.iinfo(dtype)
    least, most = values.min(), values.max()
    if least < limits.min or most > limits.max:
        raise ValueError(
            f"{name} must hold numbers between {limits.min:.1e} and {limits.max:.1e}, the range of {np.dtype(dtype)}. "
            f"Received: numbers between {least:.1e} and {most:.1e}"
        )
    if kind != "f" and values.dtype.kind == "f" and (values % 1).any():
        raise ValueError(f"{name} must hold whole numbers. Received: {values[values % 1 != 0][0]:g}")


def float32(name: str, values: ArrayLike, *, ndim: int | tuple[int, ...]) -> NDArray[np.float32]:
    """Return `values` as float32: themselves if they have this type, otherwise a copy.

    Raises
    ------
    TypeError
        As for `finite`.
    ValueError
        As for `finite` and `in_range`.

    Examples
    --------
    >>> float32("image", [[0, 1], [2, 3]], ndim=2).dtype
    dtype('float32')
    """
    array = finite(name, values, ndim=ndim)
    in_range(name, array)
    return array.astype(np.float32, copy=False)
