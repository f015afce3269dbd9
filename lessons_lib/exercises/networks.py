"""What the judges of Keras models share: whether an answer is a built model, what it gives, and what it may hold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib.exercises.judges import Unusable, Wrong
from lessons_lib.exercises.values import kind_of

Array = NDArray[Any]


def built_model(answer: Any) -> Any:
    """Return the answer if it is a Keras model that knows its input.

    Raises
    ------
    Unusable
        With the key ``no_model`` or ``not_built``.
    """
    from lessons_lib import keras

    if not isinstance(answer, keras.Model):
        raise Unusable("no_model", got=kind_of(answer))
    if not answer.built:
        raise Unusable("not_built")
    return answer


def batch_size(net: Any, otherwise: int) -> int:
    """Return the batch size that a model insists on, or `otherwise`."""
    shape = getattr(net, "input_shape", None)  # a model of a class of one's own may have none
    fixed = shape[0] if isinstance(shape, tuple) and isinstance(shape[0], int) else None
    return fixed or otherwise


def replies(net: Any, batch: Array, shape: tuple[int, ...]) -> Array:
    """Return what a model gives for a batch, shape (n, *shape).

    Raises
    ------
    Wrong
        With the key ``other_shapes`` if the model is made for other examples or gives another shape, and
        ``does_not_run`` if its own code stops.
    """
    inputs = getattr(net, "input_shape", None)
    if isinstance(inputs, tuple) and inputs[1:] != batch.shape[1:]:
        raise Wrong("other_shapes", inputs=inputs[1:], outputs=net.output_shape[1:])
    try:
        reply = net(batch, training=False)
    except Exception as error:  # whatever the layers of the learner's own say
        raise Wrong("does_not_run", said=first_line(error)) from None
    if np.shape(reply) != (len(batch), *shape):
        raise Wrong("other_shapes", inputs=batch.shape[1:], outputs=np.shape(reply)[1:])
    return np.asarray(reply)


def check_budget(net: Any, budget: int) -> None:
    """Raise `Wrong` with the key ``over_budget``, and the layer that has most, if a model has too many parameters."""
    parameters = net.count_params()
    if parameters > budget:
        layer = max(net.layers, key=lambda layer: layer.count_params())
        share = f"{layer.count_params() / parameters:.0%}"
        raise Wrong("over_budget", parameters=f"{parameters:,}", layer=layer.name, share=share)


def first_line(error: Exception) -> str:
    """Return the first line of what an exception says, or the name of its class if it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
