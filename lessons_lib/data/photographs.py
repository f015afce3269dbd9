"""Real colour photographs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lessons_lib import _check
from lessons_lib.data.arrays import Images
from lessons_lib.data.transforms import crops, grey

PHOTOGRAPHS = ("china", "flower")


def photograph(name: str = "china") -> Images:
    """Return a real colour photograph.

    Parameters
    ----------
    name : {"china", "flower"}
        The photograph of a temple roof in China, or of a dahlia.

    Returns
    -------
    float32 array, shape (427, 640, 3), 0…1
        The photograph, which is part of scikit-learn. The authors are danielbuechele (china) and vultilion (flower);
        the licence is CC BY 2.0.

    Raises
    ------
    ValueError
        If there is no photograph with that name.

    Examples
    --------
    >>> photograph("flower").shape
    (427, 640, 3)
    """
    _check.choice("name", name, PHOTOGRAPHS)
    from sklearn.datasets import load_sample_image

    return np.asarray(load_sample_image(f"{name}.jpg") / 255, dtype=np.float32)


def photograph_backgrounds(count: int, *, names: Sequence[str] = PHOTOGRAPHS, side: int = 28, seed: int = 0) -> Images:
    """Cut grey backgrounds out of photographs, at random places, for `on_background`.

    Parameters
    ----------
    count : int
        Number of backgrounds: at least 1.
    names : sequence of {"china", "flower"}
        The photographs. Each background comes from one of them, which is chosen at random.
    side : int
        Height and width of a background, in pixels: at least 1, and at most 427.
    seed : int
        Seed of the random choices: at least 0.

    Returns
    -------
    float32 array, shape (count, side, side, 1), 0…1
        The backgrounds, which may overlap.

    Raises
    ------
    TypeError
        If `count`, `side` or `seed` is not a whole number.
    ValueError
        If `names` is empty or names a photograph that does not exist, or `count`, `side` or `seed` is out of range.

    Examples
    --------
    >>> photograph_backgrounds(5, side=20).shape
    (5, 20, 20, 1)
    """
    if not len(_check.sequence("names", names, of="names of photographs")):
        raise ValueError(f"names must name at least one photograph. Received: names={names!r}")
    pieces = np.stack([crops(grey(photograph(name)), count, side=side, seed=seed) for name in names])
    chosen = np.random.default_rng([seed, 1]).integers(len(names), size=count)
    return np.asarray(pieces[chosen, np.arange(count)])
