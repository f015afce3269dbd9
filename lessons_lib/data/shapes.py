"""Shapes and stripes, which are drawn when a function is called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check
from lessons_lib.data.arrays import Images

SHAPES = ("square", "circle", "triangle", "cross")
COLORS = ("red", "green", "blue", "yellow")
_RGB = {"red": (1.0, 0.2, 0.2), "green": (0.2, 1.0, 0.2), "blue": (0.2, 0.2, 1.0), "yellow": (1.0, 1.0, 0.2)}


def draw_shape(
    kind: str, *, side: int = 28, row: float | None = None, column: float | None = None, radius: float | None = None
) -> Images:
    """Draw one white shape with smooth edges on black.

    Parameters
    ----------
    kind : {"square", "circle", "triangle", "cross"}
        The shape.
    side : int
        Height and width of the image, in pixels.
    row, column : float, optional
        The centre, in pixels from the top left corner; the middle of the image by default.
    radius : float, optional
        Half the height of the shape, in pixels: at least 1. By default a quarter of `side`, but at least 1.

    Returns
    -------
    float32 array, shape (side, side, 1), 0…1
        The image.

    Raises
    ------
    TypeError
        If `side` is not a whole number, or another size is not a number.
    ValueError
        If `kind` is unknown, `side` or `radius` is below 1, or a number is NaN or infinite.

    Examples
    --------
    >>> draw_shape("square", side=4, radius=1)[..., 0]
    array([[0., 0., 0., 0.],
           [0., 1., 1., 0.],
           [0., 1., 1., 0.],
           [0., 0., 0., 0.]], dtype=float32)
    """
    _check.choice("kind", kind, SHAPES)
    middle = _check.whole_number("side", side) / 2
    radius = _check.number("radius", max(side / 4, 1) if radius is None else radius, at_least=1)
    y, x = (np.mgrid[:side, :side] + 0.5).astype(np.float64)
    y -= _check.number("row", middle if row is None else row)
    x -= _check.number("column", middle if column is None else column)
    # About the distance of each pixel from the outline, in pixels: positive inside the shape, negative outside.
    depth: NDArray[np.float64] = {
        "square": radius - np.maximum(abs(x), abs(y)),
        "circle": radius - np.hypot(x, y),
        "triangle": np.minimum(radius - y, (y + radius) / 2 - abs(x)),
        "cross": np.minimum(radius - np.maximum(abs(x), abs(y)), radius / 3 - np.minimum(abs(x), abs(y))),
    }[kind]
    return np.asarray(np.clip(depth + 0.5, 0, 1)[..., None], dtype=np.float32)


def draw_colored_shapes(kinds: Sequence[str], colors: Sequence[str], *, side: int = 28, seed: int = 0) -> Images:
    """Draw one coloured shape for each pair of a kind and a colour, at a random place and in a random size.

    The radius lies between an eighth and a quarter of `side`, and the shape lies within the image. The brightness
    of its colour is between 0.5 and 1, and the background is a grey between 0 and 0.4.

    Parameters
    ----------
    kinds : sequence of {"square", "circle", "triangle", "cross"}
        The shape in each image.
    colors : sequence of {"red", "green", "blue", "yellow"}
        The colour of each of these shapes.
    side : int
        Height and width of the images, in pixels: at least 8.
    seed : int
        Seed of the places, the sizes, the brightness and the backgrounds: at least 0.

    Returns
    -------
    float32 array, shape (n, side, side, 3), 0…1
        The images, with the channels red, green and blue.

    Raises
    ------
    TypeError
        If `side` or `seed` is not a whole number.
    ValueError
        If a kind or a colour is unknown, `kinds` and `colors` differ in length or are empty, or `side` or `seed` is out
        of range.

    Examples
    --------
    >>> draw_colored_shapes(["square", "cross"], ["red", "blue"]).shape
    (2, 28, 28, 3)
    """
    _check.sequence("kinds", kinds, of="names of shapes")
    _check.sequence("colors", colors, of="names of colours")
    if len(kinds) != len(colors) or not len(kinds):
        raise ValueError(
            "kinds and colors must have one length of at least 1. "
            f"Received: {len(kinds)} kinds and {len(colors)} colors"
        )
    side = _check.whole_number("side", side, at_least=8)
    random = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
    return np.stack([_on_grey(kind, color, side, random) for kind, color in zip(kinds, colors, strict=True)])


def _on_grey(kind: str, color: str, side: int, random: np.random.Generator) -> Images:
    """Draw one shape in a colour of random brightness, at a random place, on a random grey."""
    radius = random.uniform(side / 8, side / 4)
    row, column = random.uniform(radius, side - radius, size=2)
    brightness, background = random.uniform(0.5, 1), random.uniform(0, 0.4)
    ink = draw_shape(kind, side=side, row=row, column=column, radius=radius)
    paint = brightness * np.array(_RGB[_check.choice("colors", color, COLORS)])
    return np.asarray(ink * paint + (1 - ink) * background, dtype=np.float32)


def stripes(degrees: ArrayLike, *, side: int = 28, period: float = 6.0) -> Images:
    """Draw one image for each angle: stripes whose brightness follows a sine.

    Parameters
    ----------
    degrees : array, shape (n,)
        The angle between the stripes and the horizontal, counter-clockwise. 0 and 180 give the same direction.
    side : int
        Height and width of the images, in pixels.
    period : float
        Distance from one bright stripe to the next, in pixels: at least 2.

    Returns
    -------
    float32 array, shape (n, side, side, 1), 0…1
        The images, in the order of the angles.

    Raises
    ------
    TypeError
        If the angles or `period` are not numbers, or `side` is not a whole number.
    ValueError
        If `degrees` does not have one axis or is empty, `side` is below 1, `period` is below 2, or a number is NaN or
        infinite.

    Examples
    --------
    >>> stripes([0], side=4, period=4)[0, :, 0, 0].round(3) + 0
    array([0.5, 0. , 0.5, 1. ], dtype=float32)
    """
    angles = np.radians(_check.finite("degrees", degrees, ndim=1))[:, None, None]
    y, x = np.mgrid[: _check.whole_number("side", side), :side] - side / 2
    across = x * np.sin(angles) + y * np.cos(angles)
    waves = 0.5 + 0.5 * np.sin(2 * np.pi * across / _check.number("period", period, at_least=2))
    return np.asarray(waves[..., None], dtype=np.float32)
