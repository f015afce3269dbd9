"""Latent: the plane of an autoencoder's two numbers, and what its decoder draws there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets as t

from lessons_lib.explorables.base import STATIC, Explorable, Number, as_bytes, sample_digits

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 8
NAMES = tuple(f"{label}{letter}" for label in range(10) for letter in "ab")
# How many digits have their codes in the plane, with those that can be chosen.
_CODES = 300
_PIXELS, _HIDDEN = 784, 64
_FARTHEST = 1e6


class Latent(Explorable):
    """Move through the plane of an autoencoder's two numbers, and see what its decoder draws at each place.

    The encoder ``Dense(64, "relu"), Dense(2)`` makes two numbers of a digit, and the decoder ``Dense(32, "relu"),
    Dense(784, "sigmoid")`` draws it again; both were trained in the course. A page loads the weights of the decoder,
    and the code of the figure, when the reader opens it; the codes of 300 test digits come with the figure. Two of them
    are the ends of a path: straight in the plane one digit becomes the other, straight in pixels one fades into it.

    Parameters
    ----------
    start, end : {"0a", "0b", "1a", …, "9b"}
        The digits at the ends of the path: two test digits of each class.
    step : int, 0…8
        The step of the path that is marked.
    x, y : float
        Where the ring is; on the path by default. It stays within the codes of the digits.
    shows : {"codes of digits", "drawings everywhere"}
        What the plane shows.

    Raises
    ------
    traitlets.TraitError
        If a value is none of these, or a number is not finite.

    Examples
    --------
    >>> Latent(start="4a", end="7b", step=0).end
    '7b'
    """

    title = "Two numbers for a digit: the plane of an autoencoder’s codes, and what the decoder draws there"
    heights = (1236, 1168, 963)
    late = True
    # The codes, for drawings everywhere would be a black page; and the step before the middle of the two paths.
    paper: ClassVar = {"step": STEPS // 2 - 1}
    start = t.Enum(NAMES, "1a").tag(sync=True)
    end = t.Enum(NAMES, "0a").tag(sync=True)
    step = t.Int(STEPS // 2, min=0, max=STEPS).tag(sync=True)
    x = Number(min=-_FARTHEST, max=_FARTHEST).tag(sync=True)
    y = Number(min=-_FARTHEST, max=_FARTHEST).tag(sync=True)
    shows = t.Enum(("codes of digits", "drawings everywhere"), "codes of digits").tag(sync=True)
    names = t.List(t.Unicode(), list(NAMES), read_only=True).tag(sync=True)
    # The digits that can be chosen: base64 of one byte a pixel, row by row.
    examples = t.List(t.Unicode(), read_only=True).tag(sync=True)
    # Two numbers and a class for each digit; those that can be chosen come first.
    codes: Any = t.List(read_only=True).tag(sync=True)
    weights = t.Unicode("latent-decoder.bin", read_only=True).tag(sync=True)
    # Jupyter serves no file beside the module, so there the weights travel with the widget.
    _weights = t.Bytes().tag(sync=True)

    @t.default("x")
    def _x(self) -> Any:
        return self._on_path(0)

    @t.default("y")
    def _y(self) -> Any:
        return self._on_path(1)

    def _on_path(self, axis: int) -> float:
        first, last = (self.codes[NAMES.index(name)][axis] for name in (self.start, self.end))
        return round(float(first + self.step / STEPS * (last - first)), 3)

    @t.default("examples")
    def _examples(self) -> Any:
        return as_bytes(sample_digits(2))

    @t.default("codes")
    def _codes(self) -> Any:
        from lessons_lib import data

        digits = data.digits()
        images = np.concatenate([sample_digits(2), digits.x_test[: _CODES - len(NAMES), :, :, 0]])
        labels = [*(int(name[0]) for name in NAMES), *digits.y_test.tolist()]
        return [[*np.round(code, 3).tolist(), label] for code, label in zip(encode(images), labels, strict=False)]

    @t.default("_weights")
    def _stored(self) -> bytes:
        return (STATIC / "weights" / self.weights).read_bytes()


def encode(images: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the two numbers that the course's encoder makes of each image, in NumPy.

    Parameters
    ----------
    images : array of shape (n, 28, 28), 0…1

    Returns
    -------
    array of shape (n, 2)
    """
    numbers = np.fromfile(STATIC / "weights" / "latent-encoder.bin", "<f2").astype(np.float64)
    kernel, bias, to_code, code_bias = np.split(numbers, np.cumsum([_PIXELS * _HIDDEN, _HIDDEN, _HIDDEN * 2]))
    hidden = np.maximum(0, images.reshape(-1, _PIXELS) @ kernel.reshape(_PIXELS, _HIDDEN) + bias)
    return np.asarray(hidden @ to_code.reshape(_HIDDEN, 2) + code_bias)
