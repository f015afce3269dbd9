"""A compiled training: whole epochs of Keras's own training steps as TensorFlow graphs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lessons_lib import _interrupts
from lessons_lib._progress import Progress
from lessons_lib.training import checks
from lessons_lib.training.architecture import difference, settings
from lessons_lib.training.settings import listens_to

_EXAMPLES_TESTED_AT_ONCE = 256
# Python handles an interrupt only between two calls of the graph, so a call should not take longer than this.
_SECONDS_IN_GRAPH = 0.5

_RULE = "the networks of one trainer must differ in their weights alone: use another Trainer."


@dataclass(frozen=True)
class Compiled:
    """The compiled training of one network.

    Attributes
    ----------
    model : keras.Model
        The first network, inside which all others are trained.
    optimizer : keras.optimizers.Optimizer
        Its optimiser.
    specs : (nest of tf.TensorSpec, nest of tf.TensorSpec or None)
        The shapes and types of the training examples, and of the validation examples if there are any.
    trainable : list of bool
        Which variables of the network were trainable when it was compiled.
    start : list of array
        The values of the optimiser's variables before the first step.
    settings : list
        The settings of all layers when the network was compiled.
    train : callable
        The training steps, as a TensorFlow graph.
    test : callable or None
        The test steps, as a TensorFlow graph, if there are validation examples.
    """

    model: Any
    optimizer: Any
    specs: Any
    trainable: list[bool]
    settings: Any
    start: list[NDArray[Any]]
    train: Callable[..., None]
    test: Any

    @classmethod
    def of(cls, model: Any, specs: Any, examples: tuple[Any, ...]) -> Compiled:
        """Return the graphs of a model that Keras has compiled, for arrays of the given specifications."""
        from lessons_lib import keras

        # Metrics create their variables in the first step, and a graph must not create variables.
        model.test_step(keras.tree.map_structure(lambda array: array[:1], examples))
        optimizer = model.optimizer
        optimizer.build(model.trainable_variables)
        return cls(
            model,
            optimizer,
            specs,
            _are_trainable(model),
            settings(model),
            [variable.numpy() for variable in optimizer.variables],
            _graph(model, model.train_step, specs[0]),
            None if specs[1] is None else _graph(model, model.test_step, specs[1]),
        )

    def is_valid_for(self, model: Any, specs: Any) -> bool:
        """Return whether this training can be used for `model`; raise if its architecture is another one."""
        if model is not self.model and (found := difference(self.model, model)):
            raise ValueError(f"{_RULE} Received: {found}")
        # The graphs are out of date if the caller has compiled the first network again, or has changed a part.
        unchanged = (_are_trainable(self.model), settings(self.model)) == (self.trainable, self.settings)
        known = specs[0] == self.specs[0] and specs[1] in (None, self.specs[1])
        return bool(self.model.optimizer is self.optimizer and unchanged and known)

    @_interrupts.delayed()
    def check_outputs(self, model: Any, x: Any) -> None:
        """Raise if the outputs of `model` differ from those of the first network with the same weights."""
        from lessons_lib import keras

        if self.model is model:
            return
        few = keras.tree.map_structure(lambda array: array[:8], x)
        outputs = (keras.tree.flatten(network.predict_step((few,))) for network in (self.model, model))
        if not all(np.allclose(a, b, atol=1e-4) for a, b in zip(*outputs, strict=True)):
            raise ValueError(f"{_RULE} Received: a network with other outputs for the same weights")


def _are_trainable(model: Any) -> list[bool]:
    """Return whether each variable of a model is trainable."""
    trained = {id(variable) for variable in model.trainable_variables}
    return [id(variable) in trained for variable in model.variables]


def specs_of(examples: tuple[Any, ...]) -> Any:
    """Return TensorFlow's specifications of the arrays, for any number of examples."""
    import tensorflow as tf

    from lessons_lib import keras

    return keras.tree.map_structure(lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), examples)


def _graph(model: Any, step: Callable[[Any], Any], specs: Any) -> Callable[..., None]:
    """Return one TensorFlow graph that applies a step of Keras to one batch after the other.

    Keras's own ``fit`` needs more time to pass a small batch to the network than the network needs to process it. It
    also puts the batch with fewer examples at the end of an epoch, where a step from few examples is a noisy last step
    if the learning rate is large. Here that batch is the first one.
    """
    import tensorflow as tf

    from lessons_lib import keras

    order_spec, number_spec = tf.TensorSpec((None,), tf.int32), tf.TensorSpec((), tf.int32)
    reported: set[str] = set()

    @tf.function(input_signature=[specs, order_spec, number_spec])  # type: ignore[untyped-decorator]
    def run(examples: Any, order: Any, batch_size: Any) -> None:
        count = tf.size(order)
        for end in tf.range((count - 1) % batch_size + 1, count + 1, batch_size):
            batch = order[tf.maximum(0, end - batch_size) : end]
            reported.update(step(keras.tree.map_structure(partial(tf.gather, indices=batch), examples)))

    run.get_concrete_function()
    if unknown := reported - set(model.get_metrics_result()):
        raise ValueError(
            "a step of a model's own must report metrics that the model holds: keep each in a keras.metrics.Mean, and "
            f"return its result. Received: {', '.join(sorted(unknown))}"
        )
    return run  # type: ignore[no-any-return]


@contextmanager
def weights_of(model: Any, compiled: Compiled) -> Iterator[None]:
    """Put the weights of `model` into the compiled network during the block, and reset its optimiser before it."""
    first = compiled.model
    if first is model:
        _assign(compiled.optimizer.variables, compiled.start)
        yield
        return
    state = [*first.variables, *compiled.optimizer.variables]
    kept, history = [variable.numpy() for variable in state], first.history
    try:
        _assign(state, [*model.variables, *compiled.start])
        yield
    finally:
        _assign([*model.variables, *state], [*first.variables, *kept])
        first.history = history


@_interrupts.delayed()
def _assign(variables: Iterable[Any], values: Iterable[Any]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def train(
    compiled: Compiled,
    examples: tuple[Any, ...],
    validation_examples: tuple[Any, ...] | None,
    epochs: int,
    batch_size: int,
    callbacks: list[Any],
    rng: np.random.Generator,
) -> None:
    """Run the epochs, each in a new order of the examples, and call the callbacks."""
    from lessons_lib import keras

    model, n = compiled.model, checks.length(examples)
    # Once, not in each epoch.
    tensors = _tensors(examples)
    validation_tensors = None if validation_examples is None else _tensors(validation_examples)
    steps = -(-n // batch_size)
    callback_list = keras.callbacks.CallbackList(callbacks, model=model, epochs=epochs, steps=steps, verbose=0)
    parts = _EpochParts(batch_size, single=listens_to(callbacks, "on_train_batch_begin", "on_train_batch_end"))
    model.stop_training, logs = False, {}
    callback_list.on_train_begin()
    with Progress("Epochs", epochs) as line:
        for epoch in range(epochs):
            callback_list.on_epoch_begin(epoch)
            logs = _train_epoch(compiled, tensors, rng.permutation(n), parts, callback_list)
            if validation_tensors is not None:
                values = _test(compiled, validation_tensors, callbacks, callback_list)
                logs |= {f"val_{name}": value for name, value in values.items()}
            callback_list.on_epoch_end(epoch, logs)
            line.advance()
            if model.stop_training:
                break
    # An optimizer that averages the weights replaces them by their averages.
    model.optimizer.finalize_variable_values(model.trainable_variables)
    callback_list.on_train_end(logs)


def _tensors(examples: tuple[Any, ...]) -> Any:
    from lessons_lib import keras

    return keras.tree.map_structure(keras.ops.convert_to_tensor, examples)


def _train_epoch(
    compiled: Compiled, tensors: Any, order: NDArray[Any], parts: _EpochParts, callback_list: Any
) -> dict[str, Any]:
    model = compiled.model
    model.reset_metrics()
    for number, part in enumerate(parts.of(order)):
        if parts.single:
            callback_list.on_train_batch_begin(number)
        compiled.train(tensors, part.astype(np.int32), parts.batch_size)
        if parts.single:
            callback_list.on_train_batch_end(number, _logs(model))
        if model.stop_training:
            break
    return _logs(model)


def _test(compiled: Compiled, tensors: Any, callbacks: list[Any], callback_list: Any) -> dict[str, Any]:
    """Return the loss and the metrics on the validation examples."""
    model = compiled.model
    parts = _EpochParts(
        _EXAMPLES_TESTED_AT_ONCE, single=listens_to(callbacks, "on_test_batch_begin", "on_test_batch_end")
    )
    model.reset_metrics()
    order = np.arange(checks.length(tensors), dtype=np.int32)
    callback_list.on_test_begin()
    for number, part in enumerate(parts.of(order)):
        if parts.single:
            callback_list.on_test_batch_begin(number)
        compiled.test(tensors, part, parts.batch_size)
        if parts.single:
            callback_list.on_test_batch_end(number, _logs(model))
    logs = _logs(model)
    callback_list.on_test_end(logs)
    return logs


def _logs(model: Any) -> dict[str, Any]:
    results = {name: np.asarray(value) for name, value in model.get_metrics_result().items()}
    return {name: value if value.ndim else float(value) for name, value in results.items()}


class _EpochParts:
    """Divide the examples of an epoch into parts, each for one call of the graph.

    A part is a single batch if a callback follows the batches. Otherwise a part has so many batches that the call takes
    about `_SECONDS_IN_GRAPH`. The results of the training do not depend on the division.
    """

    def __init__(self, batch_size: int, *, single: bool) -> None:
        self.batch_size, self.single = batch_size, single
        self._batches = 1 if single else 32

    def of(self, order: NDArray[Any]) -> Iterator[NDArray[Any]]:
        """Iterate over the parts of an epoch in which the examples have this order."""
        start, end = 0, (len(order) - 1) % self.batch_size + 1
        end += (self._batches - 1) * self.batch_size
        while start < len(order):
            started = time.monotonic()
            yield order[start:end]
            if not self.single:
                self._adapt(time.monotonic() - started)
            start, end = end, end + self._batches * self.batch_size

    def _adapt(self, seconds: float) -> None:
        if seconds > _SECONDS_IN_GRAPH:
            self._batches = max(1, self._batches // 2)
        elif seconds < _SECONDS_IN_GRAPH / 2:
            self._batches *= 2
