"""The window that moves over an image in a convolution and in pooling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lessons_lib._check import choice, whole_number
from lessons_lib.ops.arrays import Array


def same_padding(size: int, kernel_size: int, *, strides: int = 1, dilation_rate: int = 1) -> tuple[int, int]:
    """Return how many pixels ``padding="same"`` adds before and after an image along one axis.

    The window needs ``(output - 1) * strides + extent`` pixels, where ``output = ceil(size / strides)`` and
    ``extent = dilation_rate * (kernel_size - 1) + 1``. The missing pixels are added half before the image and half
    after it. If their number is odd, the additional pixel is added after the image: at the bottom or at the right.

    Parameters
    ----------
    size : int
        Length of the image along that axis, in pixels.
    kernel_size : int
        Length of the kernel (or of the pooling window) along that axis, in pixels.
    strides : int
        Step from one position of the kernel to the next, in pixels.
    dilation_rate : int
        Distance between neighbouring taps of the kernel, in pixels.

    Returns
    -------
    tuple of int
        Pixels added before (top or left) and after (bottom or right).

    Raises
    ------
    TypeError
        If an argument is not a whole number.
    ValueError
        If an argument is below 1.

    References
    ----------
    TensorFlow, *Notes on padding*, https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2

    Examples
    --------
    >>> same_padding(28, 3)
    (1, 1)
    >>> same_padding(28, 3, strides=2)
    (0, 1)
    """
    size, kernel_size = whole_number("size", size), whole_number("kernel_size", kernel_size)
    strides, dilation_rate = whole_number("strides", strides), whole_number("dilation_rate", dilation_rate)
    output = _ceil(size, strides)
    missing = max((output - 1) * strides + _extent(kernel_size, dilation_rate) - size, 0)
    before = missing // 2
    return before, missing - before


@dataclass(frozen=True)
class Window:
    """A window and its positions on a padded image; every pair is (rows, columns).

    Attributes
    ----------
    size : tuple of int
        Number of taps of the window. A tap is one weight of a kernel, or one pixel of a pooling window.
    strides : tuple of int
        Step from one position to the next, in pixels.
    dilation_rate : tuple of int
        Distance between neighbouring taps, in pixels.
    output : tuple of int
        Number of positions, which is the size of the output.
    padding : tuple of tuple of int
        Pixels added around the image: (top, bottom) and (left, right).
    """

    size: tuple[int, int]
    strides: tuple[int, int]
    dilation_rate: tuple[int, int]
    output: tuple[int, int]
    padding: tuple[tuple[int, int], tuple[int, int]]

    @classmethod
    def over(
        cls,
        image: tuple[int, int],
        size: tuple[int, int],
        *,
        strides: tuple[int, int] = (1, 1),
        padding: str = "valid",
        dilation_rate: tuple[int, int] = (1, 1),
        name: str = "kernel",
    ) -> Window:
        """Place a window on an image.

        Parameters
        ----------
        image : tuple of int
            Height and width of the image, in pixels.
        size, strides, dilation_rate : tuple of int
            As in the attributes.
        padding : {"valid", "same"}
            "valid": the window stays inside the image. "same": pixels are added around it, see `same_padding`.
        name : str
            What the window is called in errors.

        Returns
        -------
        Window

        Raises
        ------
        ValueError
            If `padding` is unknown, or the window does not fit into the image and `padding` is "valid".

        References
        ----------
        Dumoulin & Visin (2016), arXiv:1603.07285, relationships 5, 6 and 15.

        Examples
        --------
        >>> Window.over((5, 6), (3, 3), strides=(2, 2)).output
        (2, 2)
        """
        (height, width), extents = image, (_extent(size[0], dilation_rate[0]), _extent(size[1], dilation_rate[1]))
        if choice("padding", padding, ("valid", "same")) == "same":
            rows, columns = _ceil(height, strides[0]), _ceil(width, strides[1])
            edges = (
                same_padding(height, size[0], strides=strides[0], dilation_rate=dilation_rate[0]),
                same_padding(width, size[1], strides=strides[1], dilation_rate=dilation_rate[1]),
            )
            return cls(size, strides, dilation_rate, (rows, columns), edges)
        if extents[0] > height or extents[1] > width:
            dilated = f" (dilation_rate={dilation_rate})" if max(dilation_rate) > 1 else ""
            raise ValueError(
                f'the {name} must fit into the image when padding="valid". '
                f"Received: image of {height}×{width}, {name} of {extents[0]}×{extents[1]}{dilated}"
            )
        rows, columns = (height - extents[0]) // strides[0] + 1, (width - extents[1]) // strides[1] + 1
        return cls(size, strides, dilation_rate, (rows, columns), ((0, 0), (0, 0)))

    def positions(self) -> Iterator[tuple[int, int, tuple[slice, slice, slice]]]:
        """Iterate over the positions of the window.

        Yields
        ------
        row, column : int
            The place in the output.
        view : tuple of slice
            The part of a padded batch that the window covers: images, rows, columns.

        Examples
        --------
        >>> batch = np.arange(4).reshape(1, 1, 4, 1)
        >>> [batch[view].ravel().tolist() for _, _, view in Window.over((1, 4), (1, 3)).positions()]
        [[0, 1, 2], [1, 2, 3]]
        """
        for row in range(self.output[0]):
            for column in range(self.output[1]):
                yield row, column, (slice(None), self._span(0, row), self._span(1, column))

    def _span(self, axis: int, position: int) -> slice:
        """Return the pixels that the window covers along one axis at one position."""
        first = position * self.strides[axis]
        return slice(first, first + _extent(self.size[axis], self.dilation_rate[axis]), self.dilation_rate[axis])

    def pad(self, batch: Array, value: float = 0.0) -> Array:
        """Return a copy of the batch with pixels of the given value added around each image.

        Examples
        --------
        >>> Window.over((1, 3), (1, 2), padding="same").pad(np.ones((1, 1, 3, 1))).ravel()
        array([1., 1., 1., 0.])
        """
        return np.pad(batch, ((0, 0), *self.padding, (0, 0)), constant_values=value)

    def trim(self, padded: Array) -> Array:
        """Return the batch without the pixels that `pad` has added, as a view.

        Examples
        --------
        >>> window = Window.over((1, 3), (1, 2), padding="same")
        >>> window.trim(window.pad(np.ones((1, 1, 3, 1)))).shape
        (1, 1, 3, 1)
        """
        (top, bottom), (left, right) = self.padding
        return padded[:, top : padded.shape[1] - bottom, left : padded.shape[2] - right]


def _extent(taps: int, dilation_rate: int) -> int:
    """Return how many pixels a window covers from its first tap to its last."""
    return dilation_rate * (taps - 1) + 1


def _ceil(size: int, strides: int) -> int:
    """Return ``size / strides``, rounded up."""
    return -(-size // strides)
