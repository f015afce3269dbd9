"""What a learner's answer holds: its numbers, how it differs from what was wanted, and the words for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-6
Result = TypeVar("Result")


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
    array = array_of(value)
    numbers = None if array is None or _is_truth_value(array) else _floats_in(array)
    if numbers is None or not np.isfinite(numbers).all():
        raise NotNumbersError(kind_of(value))
    return numbers


def attempt(look: Callable[[Any], Result], value: Any) -> Result | None:
    """Return what a look at an answer gives, or None if the answer's own code raises, be it SystemExit.

    Raises
    ------
    KeyboardInterrupt
        If the reader interrupts the kernel meanwhile.

    Examples
    --------
    >>> attempt(float, "2"), attempt(float, "two")
    (2.0, None)
    """
    try:
        return look(value)
    except KeyboardInterrupt:
        raise
    except BaseException:
        return None


def array_of(value: Any) -> NDArray[Any] | None:
    """Return an answer as an array, or None if it refuses to become one."""
    return attempt(np.asarray, value)


def _is_truth_value(array: NDArray[Any]) -> bool:
    return array.dtype == bool and array.size == 1


def _floats_in(array: NDArray[Any]) -> NDArray[np.float64] | None:
    """Return real numbers as floats, infinite where they are too large for one; None if there is anything else."""
    if array.dtype == object and all(isinstance(item, Real) and not isinstance(item, bool) for item in array.flat):
        return np.array([_float_of(item) for item in array.flat], dtype=np.float64).reshape(array.shape)
    return array.astype(np.float64) if array.dtype.kind in "biuf" else None


def _float_of(item: Real) -> float:
    """Return a whole number of more than 64 bits, or a fraction, as a float."""
    try:
        return float(item)
    except OverflowError:
        return np.inf


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


def without_tensors(reply: Any) -> Any:
    """Return what a function gives, with arrays in the place of tensors and of all else that says how it becomes one.

    Examples
    --------
    >>> without_tensors((1, np.array(2.5)))
    (1, np.float64(2.5))
    """
    if isinstance(reply, (tuple, list)):
        parts = [without_tensors(part) for part in reply]
        return tuple(parts) if isinstance(reply, tuple) else parts
    array = array_of(reply) if hasattr(type(reply), "__array__") else None
    return reply if array is None else array[()]  # a number, where the array has no axis


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
    >>> kind_of(np.array("13")), kind_of(10**400), kind_of(int)
    ("the text '13'", 'a number that is too large', 'a class')
    """
    return attempt(_kind_of, value) or f"something of the type {type(value).__name__}"


def _kind_of(value: Any) -> str | None:
    """Return the name of a kind of answers, or None if it has no other name than that of its type."""
    if value is None:
        return "nothing (None)"
    if isinstance(value, tuple):
        return f"a tuple of {len(value)} parts"
    if isinstance(value, (str, bytes)):
        return f"the text {value!r}" if len(value) <= 20 else "text"
    if isinstance(value, (bool, np.bool_)):
        return f"the truth value {bool(value)}"
    if isinstance(value, type):
        return "a class"
    if is_layer(value):
        return "a Keras model" if "Model" in _keras_classes(value) else "a layer"
    if callable(value):
        return "a function"
    array = array_of(value)
    if array is None:
        return None
    if array.size == 1 and array.dtype.kind in "bSU":
        return _kind_of(array.item())
    numbers = _floats_in(array)
    if numbers is None:
        return None
    too_large = np.isinf(numbers) & (array.dtype == object or np.isfinite(array))
    if numbers.ndim:
        return f"an array of {by(numbers.shape)}{_flaw(numbers, too_large)}"
    if np.isnan(numbers):
        return 'NaN, which means "not a number"'
    if too_large:
        return "a number that is too large"
    return "a number" if np.isfinite(numbers) else "an infinite number"


def _flaw(numbers: NDArray[np.float64], too_large: NDArray[np.bool_]) -> str:
    """Say what is wrong with the numbers of an array; nothing if all are finite."""
    if np.isfinite(numbers).all():
        return ""
    return " in which some numbers are " + ("too large" if too_large.any() else "NaN or infinite")


def is_function(value: Any) -> bool:
    """Return whether an answer can be tried as a function; classes and layers are called for other purposes."""
    return callable(value) and not isinstance(value, type) and not is_layer(value)


def is_layer(value: Any) -> bool:
    """Return whether an answer is a layer of Keras; a model is one."""
    return "Layer" in _keras_classes(value)


def _keras_classes(value: Any) -> set[str]:
    """Return the names of the classes of Keras that an answer belongs to, without an import of Keras."""
    return {kind.__name__ for kind in type(value).__mro__ if str(kind.__module__).partition(".")[0] == "keras"}


def by(shape: Sequence[int]) -> str:
    """Write a shape as 3×4.

    Examples
    --------
    >>> by((3, 4)), by((5,))
    ('3×4', '5')
    """
    return "×".join(map(str, shape)) or "one number"
