"""The file format in which the trained weights of a network are written for an interactive figure, and read back.

A file holds the arrays of ``model.get_weights()`` one after the other, in C order, as little-endian
floating-point numbers, and nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from lessons_lib import _check

FOLDER = Path(__file__).parent / "explorables" / "static" / "weights"
DTYPES = ("float32", "float16")


def pack(model: Any, *, dtype: str = "float32") -> bytes:
    """Return a network's weights as the content of a file.

    Parameters
    ----------
    model : keras.Model
        A built model, usually a trained one.
    dtype : {"float32", "float16"}
        Type of the numbers. "float16" halves the size of the file and rounds each weight to three significant digits.

    Returns
    -------
    bytes
        The content of the file: 4 bytes for each parameter, or 2 with "float16".

    Raises
    ------
    ValueError
        If `dtype` is unknown, or a weight is too large for `dtype`, NaN or infinite.

    Examples
    --------
    >>> from lessons_lib import models
    >>> len(pack(models.cnn(), dtype="float16"))
    10516
    """
    flat = np.concatenate([np.ravel(array) for array in model.get_weights()])
    with np.errstate(over="ignore"):
        numbers = flat.astype(_little_endian(dtype))
    _check.finite("weights", numbers, ndim=1)
    return numbers.tobytes()


def load(model: Any, name: str, *, dtype: str = "float32") -> Any:
    """Load the weights that an interactive figure uses into a network.

    Parameters
    ----------
    model : keras.Model
        A built model of the architecture that was packed.
    name : str
        Name of the file, without its extension ``.bin``.
    dtype : {"float32", "float16"}
        The type that was given to `pack`.

    Returns
    -------
    keras.Model
        The same model, with the loaded weights.

    Raises
    ------
    ValueError
        If the model and the file differ in their number of weights, or `dtype` is unknown.
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> from lessons_lib import models
    >>> load(models.cnn(), "drawdigit").count_params()
    5258
    """
    numbers = np.frombuffer((FOLDER / f"{name}.bin").read_bytes(), _little_endian(dtype)).astype(np.float32)
    shapes = [array.shape for array in model.get_weights()]
    sizes = [int(np.prod(shape)) for shape in shapes]
    if sum(sizes) != len(numbers):
        raise ValueError(f"the model must have the {len(numbers)} weights of {name}.bin. Received: {sum(sizes)}")
    parts = np.split(numbers, np.cumsum(sizes)[:-1])
    model.set_weights([part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)])
    return model


def _little_endian(dtype: str) -> np.dtype[Any]:
    return np.dtype(_check.choice("dtype", dtype, DTYPES)).newbyteorder("<")
