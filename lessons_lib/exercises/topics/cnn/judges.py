"""Judges of the exercises on a whole CNN."""

from __future__ import annotations

import os
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import data, ops
from lessons_lib.exercises import networks
from lessons_lib.exercises.judges import Function, Judge, Unusable, Wrong
from lessons_lib.exercises.values import kind_of

Array = NDArray[Any]

GOAL = 0.94
GUESSING = 0.3
"""An accuracy that a network without training does not reach."""
BY_HEART = 0.03
"""How much better a network may read the validation digits than the test digits, if it was not trained on them."""


def _arrivals(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    sizes = (((3, 4), (2, 3)), ((2, 2), (3, 3)), ((5, 3), (3, 2)))
    return [
        (rng.integers(-9, 10, map_size).astype(float), rng.integers(-9, 10, size).astype(float))
        for map_size, size in sizes
    ]


def _back(upstream: Array, kernel: Array) -> Array:
    rows, columns = kernel.shape
    return ops.convolve(np.pad(upstream, ((rows - 1,) * 2, (columns - 1,) * 2)), kernel[::-1, ::-1])


def _unpadded(upstream: Array, kernel: Array) -> Array:
    rows, columns = (max(0, size - taps + 1) for size, taps in zip(upstream.shape, kernel.shape, strict=True))
    return ops.convolve(upstream, kernel[::-1, ::-1]) if rows and columns else np.zeros((rows, columns))


def _matrices(rng: np.random.Generator) -> list[tuple[Array]]:
    """Confusion matrices with one mistake that is the most frequent, and one that is the rarest.

    In half of them each class is right more often than wrong; in the others, mistakes stand between the right ones.
    """
    matrices = []
    for size, mostly_right in product((3, 4, 10), (True, False)):
        matrix = rng.permutation(size * size).reshape(size, size)
        matrices.append((matrix + mostly_right * np.diag(rng.integers(200, 300, size)),))
    return matrices


def _place(matrix: Array) -> tuple[int, ...]:
    return tuple(int(index) for index in np.unravel_index(matrix.argmax(), matrix.shape))


def _mistakes(confusion: Array) -> Array:
    """Return the matrix with −1 on its diagonal."""
    return np.where(np.eye(len(confusion), dtype=bool), -1, confusion)


def _saved_cnn(answer: Any) -> None:
    from lessons_lib import keras

    net, path = _pair(answer, keras.Model)
    loaded = _load(path)
    if loaded.input_shape[1:] != (28, 28, 1) or loaded.output_shape[1:] != (10,):
        raise Wrong("other_shapes", inputs=loaded.input_shape[1:], outputs=loaded.output_shape[1:])
    kinds = (keras.layers.Conv2D, keras.layers.SeparableConv2D, keras.layers.DepthwiseConv2D)
    if not any(isinstance(layer, kinds) for layer in _all_layers(loaded)):
        raise Wrong("no_convolution")
    digits = data.digits()
    own, kept = (model.predict(digits.x_validation, verbose=0) for model in (net, loaded))
    accuracy, accuracy_kept = (np.mean(reply.argmax(axis=1) == digits.y_validation) for reply in (own, kept))
    if not np.allclose(own, kept, atol=1e-4):
        raise Wrong("saved_too_early", accuracy=f"{accuracy:.2f}")
    if accuracy_kept < GUESSING:
        raise Wrong("untrained", accuracy=f"{accuracy_kept:.2f}")
    test = np.mean(loaded.predict(digits.x_test, verbose=0).argmax(axis=1) == digits.y_test)
    if accuracy_kept - test > BY_HEART:
        raise Wrong("peeked", accuracy=f"{accuracy_kept:.3f}", test=f"{test:.3f}")
    if not accuracy_kept > GOAL:
        raise Wrong("not_accurate", accuracy=f"{accuracy_kept:.3f}")


def _pair(answer: Any, model_class: type) -> tuple[Any, str]:
    """Return the network and the path of its file, which exists, or raise `Wrong`."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise Unusable("no_pair", got=kind_of(answer))
    net, path = answer
    if not isinstance(net, model_class):
        raise Unusable("no_model", got=kind_of(net))
    if not isinstance(path, (str, os.PathLike)):
        raise Unusable("no_path", got=kind_of(path))
    path = os.fspath(path)
    if not os.path.isfile(path):
        raise Wrong("no_file")
    if path.endswith(".weights.h5"):
        raise Wrong("weights_alone")
    return net, path


def _load(path: str) -> Any:
    """Return the model of a file, or raise `Wrong` with the first line of what Keras says."""
    from lessons_lib import keras

    try:
        return keras.models.load_model(path)
    except Exception as error:  # a file of another kind, or a layer that Keras cannot find again
        raise Wrong("not_loaded", said=networks.first_line(error)) from None


def _all_layers(model: Any) -> list[Any]:
    """Return the layers of a model and of the models within it."""
    inner = [layer for layer in model.layers if hasattr(layer, "layers")]
    return [*model.layers, *(layer for part in inner for layer in _all_layers(part))]


JUDGES: dict[str, Judge] = {
    "image_gradient": Function(
        _arrivals,
        _back,
        not_turned=lambda upstream, kernel: _back(upstream, kernel[::-1, ::-1]),
        rows_turned=lambda upstream, kernel: _back(upstream, kernel[:, ::-1]),
        columns_turned=lambda upstream, kernel: _back(upstream, kernel[::-1]),
        not_padded=_unpadded,
        negative=lambda upstream, kernel: -_back(upstream, kernel),
    ),
    "worst_mixup": Function(
        _matrices,
        lambda confusion: _place(_mistakes(confusion)),
        diagonal_kept=_place,
        swapped=lambda confusion: _place(_mistakes(confusion))[::-1],
        both_ways=(
            lambda confusion: _place(_mistakes(confusion + confusion.T)),
            lambda confusion: _place(_mistakes(confusion + confusion.T))[::-1],
        ),
        least=lambda confusion: _place(-np.where(np.eye(len(confusion), dtype=bool), confusion.max(), confusion)),
        flat_place=lambda confusion: int(_mistakes(confusion).argmax()),
    ),
    "saved_cnn": _saved_cnn,
}
