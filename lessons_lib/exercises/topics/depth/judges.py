"""Judges of the exercises on what trains a deep network."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import ops
from lessons_lib.exercises import networks
from lessons_lib.exercises.judges import Function, Judge, Wrong

Array = NDArray[Any]

UNITS = 64


def _blocks(rng: np.random.Generator) -> list[tuple[Array, Array, Array]]:
    """Return inputs and the two matrices of blocks; the matrices between are as wide as the input, so that all fits."""
    sizes = ((1, 3), (4, 5), (6, 2))
    return [(rng.normal(size=(n, w)), rng.normal(size=(w, w)), rng.normal(size=(w, w))) for n, w in sizes]


def _branch(x: Array, first: Array, second: Array) -> Array:
    return np.asarray(ops.relu(x @ first) @ second)


def _quiet_block(answer: Any) -> None:
    net = networks.built_model(answer)
    x = np.random.default_rng(0).normal(size=(networks.batch_size(net, 16), UNITS)).astype(np.float32)
    far = np.abs(networks.replies(net, x, (UNITS,)) - np.maximum(0, x)).max()
    matrices = [each for each in net.trainable_variables if len(each.shape) == 2]
    if len(matrices) < 2:
        raise Wrong("few_layers", matrices=len(matrices))
    if far > 1e-5:
        raise Wrong("not_quiet", far=f"{far:.2g}")
    if np.abs(_without(net, x, matrices) - np.maximum(0, x)).max() > 1e-5:
        raise Wrong("no_shortcut")
    if not any(np.abs(slope).max() > 0 for slope in _slopes(net, x, matrices)):
        raise Wrong("cannot_learn")


def _without(net: Any, x: Array, matrices: list[Any]) -> Array:
    """Return what a model gives while some of its variables are 0; they have their values again afterwards."""
    kept = [np.array(matrix) for matrix in matrices]
    try:
        for matrix in matrices:
            matrix.assign(np.zeros(matrix.shape, dtype=np.float32))
        return np.asarray(net(x, training=False))
    finally:
        for matrix, values in zip(matrices, kept, strict=True):
            matrix.assign(values)


def _slopes(net: Any, x: Array, variables: list[Any]) -> list[Array]:
    """Return the slopes of a weighted sum of the outputs, with other weights for each output."""
    import tensorflow as tf

    weights = np.random.default_rng(1).normal(size=x.shape).astype(np.float32)
    values = [variable.value for variable in variables]
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(net(x, training=True) * weights)
    slopes = tape.gradient(total, values, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return [np.asarray(slope) for slope in slopes]


JUDGES: dict[str, Judge] = {
    "residual_block": Function(
        _blocks,
        lambda x, first, second: ops.relu(x + _branch(x, first, second)),
        no_shortcut=(lambda x, first, second: ops.relu(_branch(x, first, second)), _branch),
        relu_before_the_sum=(
            lambda x, first, second: ops.relu(x + ops.relu(_branch(x, first, second))),
            lambda x, first, second: x + ops.relu(_branch(x, first, second)),
        ),
        relu_missing_at_the_end=lambda x, first, second: x + _branch(x, first, second),
        linear_branch=(
            lambda x, first, second: ops.relu(x + x @ first @ second),
            lambda x, first, second: x + x @ first @ second,
        ),
        joined=(
            lambda x, first, second: ops.relu(np.concatenate([x, _branch(x, first, second)], axis=-1)),
            lambda x, first, second: np.concatenate([x, _branch(x, first, second)], axis=-1),
        ),
        multiplied=lambda x, first, second: ops.relu(x * _branch(x, first, second)),
        one_layer=(
            lambda x, first, second: ops.relu(x + x @ first),
            lambda x, first, second: ops.relu(x + ops.relu(x @ first)),
        ),
        shortcut_from_the_middle=lambda x, first, second: ops.relu(ops.relu(x @ first) + _branch(x, first, second)),
    ),
    "quiet_block": _quiet_block,
}
