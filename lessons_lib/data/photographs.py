"""Real colour photographs."""

from __future__ import annotations

import numpy as np

from lessons_lib import _check
from lessons_lib.data.arrays import Images

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
