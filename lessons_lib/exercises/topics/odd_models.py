"""Models that no exercise accepts, for the examples of several topics."""

from __future__ import annotations

from typing import Any

import numpy as np


def not_built() -> Any:
    """Return a model that does not know its input."""
    from lessons_lib import keras

    return keras.Sequential([keras.layers.Dense(64)])


def built_for(*shape: int) -> Any:
    """Return a model of a class of its own, which has been called on one example of another shape."""
    from lessons_lib import keras

    class Own(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.dense = keras.layers.Dense(64)

        def call(self, x: Any) -> Any:
            return self.dense(x)

    net = Own()
    net(np.zeros((1, *shape)))
    return net
