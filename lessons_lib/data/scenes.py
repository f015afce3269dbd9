"""Scenes: a digit of random size at a random place of a larger canvas, among pieces of other digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check
from lessons_lib.data.arrays import Images, images_of

_INK = 0.5


class Scenes(NamedTuple):
    """Scenes with what is to be found in them.

    Attributes
    ----------
    images : float32 array, shape (n, side, side, 1), 0…1
        The scenes.
    boxes : float32 array, shape (n, 4)
        The smallest box around the digit of each scene: its upper, left, lower and right edge, in pixels from the top
        left corner of the scene.
    masks : bool array, shape (n, side, side, 1)
        Which pixels belong to the digit: those where its own ink is above 0.5.
    """

    images: Images
    boxes: NDArray[np.float32]
    masks: NDArray[np.bool_]


def scenes(
    digits: ArrayLike, *, side: int = 48, heights: Sequence[int] = (14, 28), pieces: int = 8, seed: int = 0
) -> Scenes:
    """Draw each digit in a random height at a random place of a canvas, among pieces of the other digits.

    A piece is a square, a sixth of the canvas wide, which is cut out of another digit at a random place and laid at a
    random place; that digit has a random height of its own. Where ink lies over ink, the brighter pixel is kept.

    Parameters
    ----------
    digits : array, shape (n, H, W, 1), 0…1
        Images of one digit each, white on black: at least two if there are pieces.
    side : int
        Height and width of the scenes, in pixels: at least 12.
    heights : (lowest, highest)
        The smallest and the largest height of a digit, in pixels: at least 6, and at most `side`. All whole numbers
        between them are equally likely.
    pieces : int
        The number of pieces in each scene: at least 0.
    seed : int
        Seed of the heights, the places and the pieces: at least 0.

    Returns
    -------
    Scenes
        The images, boxes and masks, in the order of the digits.

    Raises
    ------
    TypeError
        If `digits` does not hold real numbers, or another number is not a whole number.
    ValueError
        If `digits` does not have 4 axes and one channel, is empty, holds NaN or infinity or an image without ink, or a
        number is out of range.

    References
    ----------
    Mnih et al. (2014), arXiv:1406.6247: cluttered digits, with pieces of other digits.

    Examples
    --------
    >>> from lessons_lib import data
    >>> drawn = scenes(data.digits(train=20, validation=0, test=0).x_train, pieces=3)
    >>> drawn.images.shape, drawn.boxes.shape, drawn.masks.shape
    ((20, 48, 48, 1), (20, 4), (20, 48, 48, 1))
    """
    inks = [_trimmed(image[..., 0]) for image in _digits_of(digits, pieces)]
    side = _check.whole_number("side", side, at_least=12)
    low, high = _check.pair("heights", heights, at_least=6)
    if not low <= high <= side:
        raise ValueError(f"heights must be (lowest, highest), at most side={side}. Received: heights={heights!r}")
    random = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
    drawn = [_scene(inks, number, side, (low, high), pieces, random) for number in range(len(inks))]
    images, boxes, masks = (np.stack(parts) for parts in zip(*drawn, strict=True))
    return Scenes(images[..., None], boxes, masks[..., None])


def _digits_of(digits: ArrayLike, pieces: int) -> Images:
    """Return the images of the digits, which must be enough to take pieces from."""
    images = images_of("digits", digits, ndim=4)
    if images.shape[-1] != 1:
        raise ValueError(f"digits must have 1 channel. Received: shape={images.shape}")
    if _check.whole_number("pieces", pieces, at_least=0) and len(images) < 2:
        raise ValueError(f"pieces of other digits need at least 2 digits. Received: {len(images)} digit")
    if not (images > _INK).any(axis=(1, 2, 3)).all():
        raise ValueError(f"digits must have a pixel above {_INK} each. Received: an image without one")
    return images


def _trimmed(image: Images) -> Images:
    """Return the part of an image that holds ink."""
    rows, columns = np.nonzero(image > _INK)
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _resized(ink: Images, height: int, widest: int) -> Images:
    """Return ink in another height, and in a width of the same proportion that is not above `widest`."""
    from scipy import ndimage

    width = min(widest, max(2, round(ink.shape[1] * height / ink.shape[0])))
    zoomed = ndimage.zoom(ink, (height / ink.shape[0], width / ink.shape[1]), order=1, grid_mode=True, mode="nearest")
    return np.asarray(zoomed, dtype=np.float32)


def _scene(
    inks: Sequence[Images], number: int, side: int, heights: tuple[int, int], pieces: int, random: np.random.Generator
) -> tuple[Images, NDArray[np.float32], NDArray[np.bool_]]:
    """Draw one scene; return it with the box of its digit and its mask."""

    def drawn(which: int) -> Images:
        return _resized(inks[which], int(random.integers(heights[0], heights[1], endpoint=True)), side)

    scene = np.zeros((side, side), np.float32)
    _lay(scene, drawn(number), random)
    mask = scene > _INK
    rows, columns = np.nonzero(mask)
    for _ in range(pieces):
        other = (number + int(random.integers(1, len(inks)))) % len(inks)
        _lay(scene, _cut(drawn(other), side // 6, random), random)
    box = np.array([rows.min(), columns.min(), rows.max() + 1, columns.max() + 1], np.float32)
    return scene, box, mask


def _cut(ink: Images, side: int, random: np.random.Generator) -> Images:
    """Cut a square out of ink, at a random place; what is smaller than the square stays whole."""
    top, left = (int(random.integers(0, max(0, length - side), endpoint=True)) for length in ink.shape)
    return ink[top : top + side, left : left + side]


def _lay(scene: Images, ink: Images, random: np.random.Generator) -> None:
    """Lay ink on a scene in place, at a random place where it fits; the brighter pixel is kept."""
    top, left = (int(random.integers(0, len(scene) - length, endpoint=True)) for length in ink.shape)
    place = scene[top : top + ink.shape[0], left : left + ink.shape[1]]
    np.maximum(place, ink, out=place)
