"""Transforms of images: grey, larger canvases, shifts, rotations, changed copies, permutations, backgrounds, crops."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check
from lessons_lib.data.arrays import Images, images_of


def grey(images: ArrayLike) -> Images:
    """Convert colour images to grey images: 0.299·red + 0.587·green + 0.114·blue.

    Parameters
    ----------
    images : array, shape (H, W, 3) or (n, H, W, 3), 0…1
        Images with the channels red, green and blue.

    Returns
    -------
    float32 array, shape (H, W, 1) or (n, H, W, 1), 0…1
        Images with one channel.

    Raises
    ------
    TypeError
        If `images` does not hold real numbers.
    ValueError
        If `images` does not have 3 or 4 axes and 3 channels, is empty, or holds NaN or infinity.

    References
    ----------
    ITU-R, *Recommendation BT.601*: the weights of the luma.

    Examples
    --------
    >>> grey([[[1.0, 0.0, 0.0]]]).item()
    0.29899999499320984
    """
    pixels = images_of("images", images)
    if pixels.shape[-1] != 3:
        raise ValueError(f"images must have 3 channels (red, green, blue). Received: shape={pixels.shape}")
    return np.asarray(pixels @ np.array([[0.299], [0.587], [0.114]]), dtype=np.float32)


def on_canvas(images: ArrayLike, side: int) -> Images:
    """Place images in the middle of a larger black canvas, so that a small shift cuts nothing off.

    If the margin has an odd number of pixels, the additional pixel is at the bottom or at the right.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C), 0…1
        The images.
    side : int
        Height and width of the canvas, in pixels.

    Returns
    -------
    float32 array, shape (side, side, C) or (n, side, side, C), 0…1
        The canvases.

    Raises
    ------
    TypeError
        If `images` does not hold real numbers, or `side` is not a whole number.
    ValueError
        If the canvas is smaller than the images, or `images` does not have 3 or 4 axes, is empty, or holds NaN or
        infinity.

    Examples
    --------
    >>> on_canvas(np.ones((28, 28, 1)), 36).shape
    (36, 36, 1)
    """
    pixels = images_of("images", images)
    height, width = pixels.shape[-3:-1]
    if _check.whole_number("side", side) < max(height, width):
        raise ValueError(f"side must be at least the images' {max(height, width)} pixels. Received: side={side}")
    rows, columns = side - height, side - width
    margins = [(rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2), (0, 0)]
    return np.pad(pixels, [(0, 0)] * (pixels.ndim - 3) + margins)


def shift(images: ArrayLike, *, rows: int = 0, columns: int = 0) -> Images:
    """Move images down by `rows` and to the right by `columns`.

    ``shift(x, columns=1)[i, j]`` is ``x[i, j - 1]``. Pixels that leave the image are lost, and the pixels that become
    free are black.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C), 0…1
        The images.
    rows, columns : int
        The distance in pixels. Negative numbers move the images up and to the left.

    Returns
    -------
    float32 array, shape of `images`
        The moved images.

    Raises
    ------
    TypeError
        If `images` does not hold real numbers, or a distance is not a whole number.
    ValueError
        If `images` does not have 3 or 4 axes, is empty, or holds NaN or infinity.

    Examples
    --------
    >>> shift([[[1.0], [2.0], [3.0]]], columns=1).ravel()
    array([0., 1., 2.], dtype=float32)
    """
    pixels = images_of("images", images)
    distances = _check.whole_number("rows", rows, at_least=None), _check.whole_number("columns", columns, at_least=None)
    return _moved(pixels, *distances)


def _moved(pixels: Images, rows: int, columns: int) -> Images:
    """Return images that are moved down and to the right, with black where no pixel comes from."""
    height, width = pixels.shape[-3:-1]
    down = max(-height, min(height, rows))
    right = max(-width, min(width, columns))
    moved = np.zeros_like(pixels)
    moved[..., max(down, 0) : height + down, max(right, 0) : width + right, :] = pixels[
        ..., max(-down, 0) : height - down, max(-right, 0) : width - right, :
    ]
    return moved


def rotate(images: ArrayLike, degrees: float) -> Images:
    """Turn images counter-clockwise about their centre, with linear interpolation.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C), 0…1
        The images.
    degrees : float
        The angle. A negative angle turns the images clockwise.

    Returns
    -------
    float32 array, shape of `images`
        The turned images. Corners that leave the image are lost, and the pixels that become free are black.

    Raises
    ------
    TypeError
        If `images` does not hold real numbers, or `degrees` is not a number.
    ValueError
        If `images` does not have 3 or 4 axes, is empty, or holds NaN or infinity, or `degrees` is NaN or infinite.

    Examples
    --------
    >>> rotate(np.eye(3)[..., None], 90)[..., 0].round(3)
    array([[0., 0., 1.],
           [0., 1., 0.],
           [1., 0., 0.]], dtype=float32)
    """
    pixels = images_of("images", images)
    from scipy import ndimage

    turned = ndimage.rotate(pixels, _check.number("degrees", degrees), (-2, -3), reshape=False, order=1)
    return np.asarray(turned, dtype=np.float32)


def augment(
    images: ArrayLike, *, copies: int = 1, shift: int = 2, degrees: float = 0.0, seed: int | np.random.Generator = 0
) -> Images:
    """Return changed copies of images: each is turned and then moved, by random amounts of its own.

    The angle is uniform between −`degrees` and `degrees`, and the distances down and to the right are whole numbers of
    pixels from −`shift` to `shift`, all equally likely. The copies come in the order of the images, and all images once
    before the second copy of the first one, so that ``np.tile(labels, copies)`` holds their labels.

    Parameters
    ----------
    images : array, shape (n, H, W, C), 0…1
        The images.
    copies : int
        The number of copies of each image: at least 1.
    shift : int
        The largest distance in pixels, in each direction: at least 0, and at most the larger side of the images.
    degrees : float
        The largest angle in each direction, in degrees: 0…180.
    seed : int or numpy.random.Generator
        Seed of the random amounts, at least 0; or the generator that draws them, which gives other copies each time.

    Returns
    -------
    float32 array, shape (copies · n, H, W, C), 0…1
        The copies. What leaves the image is lost, and pixels that become free are black, as for `shift` and `rotate`.

    Raises
    ------
    TypeError
        If `images` does not hold real numbers, `copies`, `shift` or `seed` is not a whole number, or `degrees` is not
        a number.
    ValueError
        If `images` does not have 4 axes, is empty, or holds NaN or infinity, or a number is out of range.

    Examples
    --------
    >>> images, labels = np.eye(4).reshape(4, 4, 1, 1), np.array([3, 1, 4, 1])
    >>> augment(images, copies=2, shift=1).shape, np.tile(labels, 2).shape
    ((8, 4, 1, 1), (8,))
    """
    pixels = images_of("images", images, ndim=4)
    count = _check.whole_number("copies", copies) * len(pixels)
    furthest = _check.whole_number("shift", shift, at_least=0)
    largest = _check.number("degrees", degrees, at_least=0, at_most=180)
    if furthest > (side := max(pixels.shape[1:3])):
        raise ValueError(f"shift must be at most {side}, the larger side of the images. Received: shift={shift}")
    if not isinstance(seed, np.random.Generator):
        seed = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
    angles = seed.uniform(-largest, largest, size=count)
    distances = seed.integers(-furthest, furthest, size=(count, 2), endpoint=True)
    result = np.empty((count, *pixels.shape[1:]), np.float32)
    for place, (angle, (rows, columns)) in enumerate(zip(angles, distances, strict=True)):
        image = pixels[place % len(pixels)]
        result[place] = _moved(rotate(image, angle) if largest else image, int(rows), int(columns))
    return result


def permute_pixels(images: ArrayLike, *, seed: int = 0) -> Images:
    """Rearrange the pixels of images in a random order, which is the same for every image.

    All channels of a pixel move together. `unpermute_pixels` with the same seed restores the images.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C)
        The images.
    seed : int
        Seed of the random order: at least 0.

    Returns
    -------
    float32 array, shape of `images`
        The images with their pixels in the new order.

    Raises
    ------
    TypeError
        If `images` does not hold real numbers, or `seed` is not a whole number.
    ValueError
        If `images` does not have 3 or 4 axes, is empty, or holds NaN or infinity, or `seed` is below 0.

    Examples
    --------
    >>> permute_pixels([[[1.0], [2.0]], [[3.0], [4.0]]], seed=4).ravel()
    array([4., 1., 2., 3.], dtype=float32)
    """
    pixels = images_of("images", images)
    return _reorder(pixels, _pixel_order(pixels, seed))


def unpermute_pixels(images: ArrayLike, *, seed: int = 0) -> Images:
    """Restore the images that `permute_pixels` has permuted with the same seed.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C)
        The permuted images.
    seed : int
        The seed of the permutation: at least 0.

    Returns
    -------
    float32 array, shape of `images`
        The images with their pixels in the original order.

    Raises
    ------
    TypeError
        If `images` does not hold real numbers, or `seed` is not a whole number.
    ValueError
        If `images` does not have 3 or 4 axes, is empty, or holds NaN or infinity, or `seed` is below 0.

    Examples
    --------
    >>> image = np.arange(6.0).reshape(2, 3, 1)
    >>> bool((unpermute_pixels(permute_pixels(image, seed=7), seed=7) == image).all())
    True
    """
    pixels = images_of("images", images)
    return _reorder(pixels, np.argsort(_pixel_order(pixels, seed)))


def _pixel_order(pixels: Images, seed: int) -> NDArray[np.int64]:
    """Return a random order of the numbers 0 to H·W − 1, which stand for the pixels row by row."""
    height, width = pixels.shape[-3:-1]
    return np.random.default_rng(_check.whole_number("seed", seed, at_least=0)).permutation(height * width)


def _reorder(pixels: Images, order: NDArray[np.int64]) -> Images:
    """Return the images with the pixels in the given order."""
    *batch, height, width, channels = pixels.shape
    return pixels.reshape(*batch, height * width, channels)[..., order, :].reshape(pixels.shape)


def on_background(images: ArrayLike, backgrounds: ArrayLike) -> Images:
    """Lay images as white ink over backgrounds: each pixel becomes ink + (1 − ink) · background.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C), 0…1
        The amount of ink on each pixel: 1 hides the background, and 0 leaves it unchanged.
    backgrounds : array that broadcasts to the shape of `images`, 0…1
        One background for all images, or one for each. The shape (n, 1, 1, 1) gives each of n images one grey.

    Returns
    -------
    float32 array, shape of `images`, 0…1
        The images over their backgrounds.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If `images` does not have 3 or 4 axes, an array is empty or holds numbers outside 0…1, NaN or infinity, or
        the backgrounds do not broadcast to the shape of `images`.

    Examples
    --------
    >>> on_background([[[0.0], [0.5], [1.0]]], 0.4).ravel().round(3)
    array([0.4, 0.7, 1. ], dtype=float32)
    """
    ink = images_of("images", images)
    background = images_of("backgrounds", backgrounds, ndim=(0, 1, 2, 3, 4))
    for name, array in (("images", ink), ("backgrounds", background)):
        if array.min() < 0 or array.max() > 1:
            raise ValueError(f"{name} must lie in 0…1. Received: numbers from {array.min():g} to {array.max():g}")
    try:
        background = np.broadcast_to(background, ink.shape)
    except ValueError:
        raise ValueError(
            f"backgrounds must broadcast to the images' shape {ink.shape}. Received: shape={background.shape}"
        ) from None
    return ink + (1 - ink) * background


def crops(image: ArrayLike, count: int, *, side: int = 28, seed: int = 0) -> Images:
    """Cut square pieces out of one image, at random places.

    Parameters
    ----------
    image : array, shape (H, W, C)
        The image, for example a `photograph`.
    count : int
        Number of pieces: at least 1.
    side : int
        Height and width of a piece, in pixels: at least 1, and at most the height and the width of the image.
    seed : int
        Seed of the random places: at least 0.

    Returns
    -------
    float32 array, shape (count, side, side, C)
        The pieces, which may overlap.

    Raises
    ------
    TypeError
        If `image` does not hold real numbers, or `count`, `side` or `seed` is not a whole number.
    ValueError
        If `image` does not have 3 axes, is empty or holds NaN or infinity, or `count`, `side` or `seed` is out of
        range.

    Examples
    --------
    >>> crops(np.zeros((40, 60, 3)), 3, side=20).shape
    (3, 20, 20, 3)
    """
    pixels = images_of("image", image, ndim=3)
    height, width = pixels.shape[:2]
    if _check.whole_number("side", side) > min(height, width):
        raise ValueError(f"side must be at most the image's {min(height, width)} pixels. Received: side={side}")
    random = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
    rows = random.integers(0, height - side + 1, size=_check.whole_number("count", count))
    columns = random.integers(0, width - side + 1, size=count)
    return np.stack([pixels[i : i + side, j : j + side] for i, j in zip(rows, columns, strict=True)])
