"""The types of the arrays in this package: images and labels."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check

Images: TypeAlias = NDArray[np.float32]
Labels: TypeAlias = NDArray[np.int64]


def images_of(name: str, values: ArrayLike, *, ndim: int | tuple[int, ...] = (3, 4)) -> Images:
    """Return values as float32 images.

    Parameters
    ----------
    name : str
        The name of the values in error messages.
    values : array_like
        Finite real numbers.
    ndim : int or tuple of int
        The numbers of axes that are accepted: 3 for an image, 4 for a batch.

    Returns
    -------
    float32 array
        The values themselves if they are float32, otherwise a copy of them.

    Raises
    ------
    TypeError
        If the values are not real numbers.
    ValueError
        If the number of axes is not among `ndim`, the array is empty, or a value is NaN, infinite or too large for
        float32.

    Examples
    --------
    >>> images_of("image", [[[0], [1]]]).dtype
    dtype('float32')
    """
    return _check.float32(name, values, ndim=ndim)
