"""Shapes without the batch axis, and the number of values in them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

Shape = tuple[int | None, ...]
"""Lengths of the axes without the batch; a length that the model does not fix is None."""


def values(shape: Shape | None) -> int | None:
    """Return the number of values of one example, or None if a length is not fixed.

    Examples
    --------
    >>> values((4, 5, 3))
    60
    >>> values((None, 3)) is None
    True
    """
    return None if shape is None or None in shape else math.prod(n for n in shape if n is not None)


def total(counts: Iterable[int | None]) -> int | None:
    """Return the sum of `counts`, or None if one of them is None.

    Examples
    --------
    >>> total([1, 2])
    3
    >>> total([1, None]) is None
    True
    """
    known = list(counts)
    return None if None in known else sum(n for n in known if n is not None)


def size(weights: Iterable[Any]) -> int:
    """Return the number of values in all `weights` together; each weight has a `shape`."""
    return sum(math.prod(weight.shape) for weight in weights)


@contextmanager
def shapes_only() -> Iterator[None]:
    """Let Keras build models whose weights have shapes and no values, so that they take no memory and no time.

    Such a model can be counted, summarised and drawn. It cannot be trained or asked for an answer.

    Examples
    --------
    >>> from lessons_lib import keras
    >>> with shapes_only():
    ...     model = keras.Sequential([keras.Input((1_000_000,)), keras.layers.Dense(1_000_000)])
    >>> model.count_params()
    1000001000000
    """
    import tensorflow as tf

    # In a graph of TensorFlow, the values of variables are drawn when the graph is run, which nobody does here.
    with tf.Graph().as_default():
        yield
