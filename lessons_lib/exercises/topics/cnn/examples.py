"""Answers to the exercises of this topic as learners give them; the tests judge them all.

`NUMBERS` are computed here once more. `WRONG` has answers for misconceptions, by their keys. `WITNESSES` keep a phrase
of each text a second time, under the answer that it belongs to: "✓" marks a right one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import signal

from lessons_lib import ops

IMAGE = np.array([[2, 5, 2], [0, 3, 1], [4, 2, 6]])
ARRIVING = np.array([[1, 2], [-1, 3]])
_kernel_gradient = ops.convolve(IMAGE, ARRIVING)


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
}

SOLUTIONS: dict[str, Any] = {
    "score_gradient": lambda scores, labels: [
        [(p - (place == label)) / len(labels) for place, p in enumerate(row)]
        for row, label in zip(scores, labels, strict=True)
    ],
    "image_gradient": lambda g, k: ops.convolve_gradients(np.zeros(np.add(g.shape, k.shape) - 1), k, g).image,
}

WRONG: dict[str, dict[str, Any]] = {
    "score_gradient": {
        "mean_forgotten": lambda scores, labels: scores - np.eye(scores.shape[1])[labels],
        "mean_taken": lambda scores, labels: (scores - np.eye(scores.shape[1])[labels]).mean(0),
        "sign": lambda scores, labels: (np.eye(scores.shape[1])[labels] - scores) / len(scores),
        "truth_forgotten": lambda scores, labels: scores / len(scores),
        "label_for_class": lambda scores, labels: (scores - labels[:, None]) / len(scores),
    },
    "image_gradient": {
        "not_turned": lambda g, k: signal.convolve2d(g, np.rot90(k, 2)),
        "rows_turned": lambda g, k: signal.convolve2d(g, k[:, ::-1]),
        "negative": lambda g, k: -signal.convolve2d(g, k),
    },
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
    "score_gradient": {
        "right": "scores minus truth",
        "mean_forgotten": "over the batch",
        "mean_taken": "averaged the gradients",
        "by_classes": "number of classes",
        "sign": "other way round",
        "truth_forgotten": "class needs something",
        "right_class_only": "ties them together",
        "at_the_score": "softmax still lies",
        "label_for_class": "where 1 belongs",
        "hint 1": "network were perfect",
        "hint 2": "`np.eye(classes)[labels]` has these",
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
    },
    "layers-in-order": {
        "items": ["8 filters", "pooling to 13×13×8", "16 filters", "flatten to 400", "dense layer", "softmax"],
        "right": "pooling stands between",
        "otherwise": "Follow the shapes",
    },
    "when-to-stop": {
        "Further epochs make": "✓ falling training loss",
        "learning rate": "✗ falls smoothly",
        "too few parameters": "✗ training loss close",
        "test accuracy": "✗ validation digits stand",
    },
    "back-through-a-convolution": {
        "convolved": "✓ pixel times gradient",
        "shape": "✓ number a pixel",
        "larger gradient": "✗ gets more terms",
        "trains a kernel": "✗ their gradients add",
    },
    "what-depth-bought": {
        "Accuracy alone doesn't": "✓ many maps",
        "Depth never pays": "✗ thousand kinds",
        "stages build digits": "✗ was as accurate",
        "18×18 kernels": "✗ 10,730 against 6,218",
    },
}
