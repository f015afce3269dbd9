"""Exercises of the chapter on parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from lessons_lib import counting, data, training
from lessons_lib.exercises.core import Wrong, custom, function, kind_of, number

BUDGET = 3_000
GOAL = 0.88

number(
    "conv_parameters",  # twelve 5×5 filters on 64×64×3
    right=counting.convolution_parameters(5, 3, 12),
    biases_forgotten=5 * 5 * 3 * 12,
    flat_without_biases=5 * 5 * 12,
    one_filter=counting.convolution_parameters(5, 3, 1),
    channels_forgotten=counting.convolution_parameters(5, 1, 12),
    bias_for_each_slice=(5 * 5 + 1) * 3 * 12,
    one_bias=5 * 5 * 3 * 12 + 1,
    values_of_the_map=60 * 60 * 12,
    bias_for_each_pixel=5 * 5 * 3 * 12 + 60 * 60 * 12,
    dense=counting.dense_parameters(64 * 64 * 3, 12),
)


def _nets(rng: np.random.Generator) -> list[tuple[int, ...]]:
    return [tuple(map(int, row)) for row in rng.integers([9, 2, 3, 2], [40, 5, 17, 12], size=(6, 4))]


def _count(side: int, channels: int, filters: int, units: int) -> int:
    dense = counting.dense_parameters(((side - 2) // 2) ** 2 * filters, units)
    return counting.convolution_parameters(3, channels, filters) + dense


function(
    "count_cnn",
    _nets,
    _count,
    biases_forgotten=lambda s, c, f, u: _count(s, c, f, u) - f - u,
    dense_biases_forgotten=lambda s, c, f, u: _count(s, c, f, u) - u,
    conv_biases_forgotten=lambda s, c, f, u: _count(s, c, f, u) - f,
    channels_forgotten=lambda s, c, f, u: _count(s, 1, f, u),
    pooling_forgotten=lambda s, c, f, u: (9 * c + 1) * f + ((s - 2) ** 2 * f + 1) * u,
    conv_keeps_size=lambda s, c, f, u: (9 * c + 1) * f + ((s // 2) ** 2 * f + 1) * u,
    not_rounded=lambda s, c, f, u: (9 * c + 1) * f + (((s - 2) / 2) ** 2 * f + 1) * u,
    area_quartered=lambda s, c, f, u: (9 * c + 1) * f + ((s - 2) ** 2 // 4 * f + 1) * u,
    filters_not_flattened=lambda s, c, f, u: (9 * c + 1) * f + (((s - 2) // 2) ** 2 + 1) * u,
    bias_for_each_pixel=lambda s, c, f, u: _count(s, c, f, u) - f + (s - 2) ** 2 * f,
)


@custom("budget")
def _budget(answer: Any) -> None:
    from lessons_lib import keras

    if not isinstance(answer, keras.Model):
        raise Wrong("no_model", got=kind_of(answer))
    if not answer.built:
        raise Wrong("not_built")
    if (answer.input_shape, answer.output_shape) != ((None, 28, 28, 1), (None, 10)):
        raise Wrong("other_shapes", inputs=answer.input_shape[1:], outputs=answer.output_shape[1:])
    page = counting.ledger(answer)
    if page.total > BUDGET:
        layer = max(page, key=lambda row: row.parameters)
        share = f"{layer.parameters / page.total:.0%}"
        raise Wrong("over_budget", parameters=f"{page.total:,}", layer=layer.name, share=share)
    digits = data.digits()
    scores = training.predict(answer, digits.x_train[:50])
    if scores.min() < 0 or not np.allclose(scores.sum(axis=1), 1, atol=1e-3):
        raise Wrong("no_softmax")
    keras.utils.set_random_seed(0)
    net = keras.models.clone_model(answer)
    training.fit(net, digits.x_train, digits.y_train, epochs=6, learning_rate=0.01)
    accuracy = training.score(net, digits.x_validation, digits.y_validation)
    if accuracy <= GOAL:
        raise Wrong("not_accurate", parameters=f"{page.total:,}", accuracy=f"{accuracy:.2f}")
