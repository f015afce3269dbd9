"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from scipy import signal

from lessons_lib import data, models, ops, training

IMAGE = np.array([[2, 5, 2], [0, 3, 1], [4, 2, 6]])
ARRIVING = np.array([[1, 2], [-1, 3]])
GARMENTS = np.array([[20, 4, 4], [9, 20, 3], [3, 1, 16]])
_kernel_gradient = ops.convolve(IMAGE, ARRIVING)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Return the folder of all files; it is removed when Python ends."""
    return tempfile.TemporaryDirectory()


def _path(name: str) -> str:
    return f"{_folder().name}/{name}"


@cache
def _trained() -> Any:
    digits = data.digits()
    return training.fit(models.cnn(filters=(16, 32)), digits.x_train, digits.y_train, epochs=12)


def _saved(net: Any, name: str) -> tuple[Any, str]:
    with warnings.catch_warnings():
        # Keras reads its variables in a way that NumPy 2 calls outdated.
        warnings.simplefilter("ignore", DeprecationWarning)
        save = net.save_weights if name.endswith(".weights.h5") else net.save
        save(_path(name))
    return net, _path(name)


def _dense() -> tuple[Any, str]:
    return _saved(models.dense(), "dense.keras")


def _by_heart() -> tuple[Any, str]:
    digits = data.digits()
    net = training.fit(models.cnn(), digits.x_validation, digits.y_validation, epochs=30)
    return _saved(net, "heart.keras")


def _one_epoch() -> tuple[Any, str]:
    digits = data.digits()
    return _saved(training.fit(models.cnn(), digits.x_train, digits.y_train, epochs=2), "epoch.keras")


def _too_early() -> tuple[Any, str]:
    _, path = _saved(models.cnn(filters=(16, 32)), "early.keras")
    return _trained(), path


def _no_network() -> tuple[Any, str]:
    with open(_path("text.keras"), "w", encoding="utf-8") as file:
        file.write("digits")
    return _trained(), _path("text.keras")


_SAVED: dict[str, Callable[[], Any]] = {
    "no_pair": _trained,
    "no_model": lambda: (models.cnn, "net.keras"),
    "no_path": lambda: (_trained(), 3),
    "no_file": lambda: (_trained(), _path("nowhere.keras")),
    "weights_alone": lambda: _saved(_trained(), "net.weights.h5"),
    "not_loaded": _no_network,
    "other_shapes": lambda: _saved(models.cnn(input_shape=(32, 32, 1)), "wide.keras"),
    "no_convolution": _dense,
    "untrained": lambda: _saved(models.cnn(), "untrained.keras"),
    "saved_too_early": _too_early,
    "peeked": _by_heart,
    "not_accurate": _one_epoch,
}


def _worst(confusion: Any) -> tuple[int, int]:
    cells = [(i, j) for i in range(len(confusion)) for j in range(len(confusion)) if i != j]
    return max(cells, key=lambda cell: confusion[cell])


NUMBERS: dict[str, dict[str, float]] = {
    "weight_gradient": {
        "right": float(_kernel_gradient[0, 1]),
        "other_weight": float(_kernel_gradient[1, 0]),
        "first_weight": float(_kernel_gradient[0, 0]),
        "turned": float(ops.convolve(IMAGE, ARRIVING[::-1, ::-1])[0, 1]),
        "gradient_forgotten": float(IMAGE[0:2, 1:3].sum()),
        "one_stop": float(IMAGE[0, 1] * ARRIVING[0, 0]),
        "averaged": float(_kernel_gradient[0, 1] / ARRIVING.size),
    },
    "right_answers": {
        "right": float(GARMENTS[1, 1] / GARMENTS[:, 1].sum()),
        "recall": float(GARMENTS[1, 1] / GARMENTS[1].sum()),
        "accuracy": float(GARMENTS.trace() / GARMENTS.sum()),
        "of_all": float(GARMENTS[1, 1] / GARMENTS.sum()),
        "complement": float(1 - GARMENTS[1, 1] / GARMENTS[:, 1].sum()),
    },
}

SOLUTIONS: dict[str, Any] = {
    "image_gradient": lambda g, k: ops.convolve_gradients(np.zeros(np.add(g.shape, k.shape) - 1), k, g).image,
    "worst_mixup": _worst,
    "saved_cnn": lambda: _saved(_trained(), "net.keras"),
}

WRONG: dict[str, dict[str, Any]] = {
    "image_gradient": {
        "not_turned": lambda g, k: signal.convolve2d(g, np.rot90(k, 2)),
        "rows_turned": lambda g, k: signal.convolve2d(g, k[:, ::-1]),
        "negative": lambda g, k: -signal.convolve2d(g, k),
    },
    "worst_mixup": {
        "diagonal_kept": lambda c: divmod(int(np.argmax(c)), len(c)),
        "swapped": lambda c: _worst(c)[::-1],
    },
    "saved_cnn": dict(_SAVED),
}

WITNESSES: dict[str, dict[str, Any]] = {
    "weight_gradient": {
        "right": "product went into",
        "other_weight": "index counts rows",
        "first_weight": "gradient of K[0",
        "turned": "gradient around",
        "gradient_forgotten": "these products count",
        "one_stop": "first stop alone",
        "averaged": "loss by itself",
        "hint 1": "lies under K[0",
        "hint 2": "pixels are X[0:2",
    },
    "image_gradient": {
        "right": "backpropagation through `ops.convolve`",
        "not_turned": "kernel grows",
        "rows_turned": "about its columns",
        "columns_turned": "turned the columns",
        "not_padded": "gradient is smaller",
        "negative": "Turning the kernel",
        "hint 1": "padding does `ops.convolve`",
        "hint 2": "above and below",
        "distractor 1": "How many zeros does each side",
    },
    "right_answers": {
        "right": "column of the answer dress",
        "recall": "divided by the row",
        "accuracy": "share of all garments",
        "of_all": "divided by all 80",
        "complement": "answers that is wrong",
        "hint 1": "those that got one answer",
        "hint 2": "middle column",
    },
    "worst_mixup": {
        "right": "looked away from",
        "diagonal_kept": "cell of all",
        "swapped": "answer first",
        "both_ways": "both directions",
        "least": "least often",
        "flat_place": "one number, the place",
        "hint 1": "diagonal is 0",
        "hint 2": "counts through",
    },
    "saved_cnn": {
        "right": "do this anywhere",
        "no_pair": "expected a pair",
        "no_model": "first of the pair",
        "no_path": "second of the pair",
        "no_file": "no file at this path",
        "weights_alone": "weights alone",
        "not_loaded": "could not load",
        "other_shapes": "into 10 numbers",
        "no_convolution": "no convolution in it",
        "untrained": "no better than guessing",
        "saved_too_early": "gives other answers",
        "peeked": "by heart",
        "not_accurate": "file is whole",
        "hint 1": "six layers of the chapter",
        "hint 2": "then `net.fit(…)`",
        "distractor 1": "a row of zeros with a single one",
        "distractor 2": "Which digits are there to learn from",
    },
    "layers-in-order": {
        "items": [
            "8 filters",
            "pooling to 13×13×8",
            "16 filters",
            "pooling to 5×5×16",
            "flatten to 400",
            "dense layer",
            "softmax",
        ],
        "right": "two stages of convolution",
        "otherwise": "Follow the shapes",
    },
    "when-to-stop": {
        "Overfitting has begun": "✓ surer of its mistakes",
        "learning rate": "✗ falls smoothly",
        "too few parameters": "✗ training loss close",
        "validation accuracy": "✗ two questions",
    },
    "back-through-a-convolution": {
        "convolved": "✓ pixel times gradient",
        "shape": "✓ number a pixel",
        "larger gradient": "✗ gets more terms",
        "trains a kernel": "✗ their gradients add",
    },
    "what-depth-bought": {
        "economical": "✓ level again",
        "Depth never pays": "✗ as many maps",
        "stages build digits": "✗ was as accurate",
        "The wide layers saw": "✗ same 18×18",
    },
}
