"""Train a network, measure how good its predictions are, and repeat an experiment over several seeds.

Several networks can share one compiled training, a `Trainer` that the caller holds. Nothing else is kept between two
calls, and no global random state is read or changed.
"""

from __future__ import annotations

import ctypes
import gc
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lessons_lib import _check, _examples
from lessons_lib._architecture import difference, settings
from lessons_lib._progress import Progress
from lessons_lib.results import Repeated

_VALUES_READ_AT_ONCE = 400_000
_EXAMPLES_TESTED_AT_ONCE = 256
# Python handles an interrupt only between two calls of the graph, so a call should not take longer than this.
_SECONDS_IN_GRAPH = 0.5


def fit(
    model: Any,
    x: Any,
    y: Any = None,
    *,
    epochs: int = 5,
    learning_rate: Any = None,
    batch_size: int = 64,
    validation: Sequence[Any] | None = None,
    patience: int | None = None,
    optimizer: Any = None,
    loss: Any = "sparse_categorical_crossentropy",
    metrics: Any = None,
    callbacks: Iterable[Any] = (),
    class_weight: Mapping[int, float] | None = None,
    sample_weight: ArrayLike | None = None,
    seed: int = 0,
) -> Any:
    """Compile a model and train it in place.

    The same seed on the same machine gives the same weights, bit for bit. Each call starts with a new optimiser. After
    the call, ``model.history.history`` holds the loss and the metrics of each epoch. If the training is interrupted,
    the model keeps the weights that it has reached.

    Parameters
    ----------
    model : keras.Model
        A built model of any kind; it is compiled here.
    x : array, shape (n, …), or list, tuple or dict of arrays
        The examples, such as images (n, rows, columns, channels).
    y : array or list, tuple or dict of arrays
        The targets. A sparse cross-entropy takes class numbers (n,) or (n, 1), or (n, rows, columns) for a model that
        classifies pixels; a categorical cross-entropy takes one-hot labels; a binary one takes numbers in 0…1; other
        losses take numbers in the shape of the outputs. None only if `loss` is None, for a model that defines its own
        ``train_step``.
    epochs : int
        The largest number of passes through all examples.
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule, optional
        The learning rate of Adam (by default 0.003), or of the optimizer that is given by its name.
    batch_size : int
        The number of examples in one step. If they do not divide evenly, the first step of
        an epoch has fewer.
    validation : (x, y) or (x, y, sample_weight), optional
        Examples on which the loss and the metrics are measured after each epoch (``val_loss`` and so on).
    patience : int, optional
        Stop when the validation loss has not fallen for this number of epochs, and restore the best weights.
    optimizer : keras.optimizers.Optimizer or str, optional
        The optimiser, by default Adam. Its settings are used, and the object is not changed unless it cannot be copied
        because its learning-rate schedule has no ``get_config``.
    loss : str, function or keras.losses.Loss
        Any loss that ``keras.Model.compile`` takes.
    metrics : optional
        Any metrics that ``keras.Model.compile`` takes. By default the accuracy if the loss is a cross-entropy.
    callbacks : iterable of keras.callbacks.Callback, optional
        Callbacks that are called during the training, as by ``keras.Model.fit``.
    class_weight : dict of int to float, optional
        The weight of each class in the loss; 1 for a class that is not named.
    sample_weight : array, shape (n,), optional
        The weight of each example in the loss. A model that classifies pixels takes (n, rows, columns) as well;
        for several outputs, a list or dict of arrays.
    seed : int
        Seed of the order of the examples. Dropout depends on the seed with which the network was built instead.

    Returns
    -------
    keras.Model
        The same model, trained.

    Raises
    ------
    TypeError, ValueError
        If the arrays do not fit the model, the loss or each other, an array holds NaN, or a setting is out of range.

    See Also
    --------
    Trainer : One compiled training for several networks of the same architecture.

    Examples
    --------
    >>> from lessons_lib import data, models
    >>> digits = data.digits(train=100, validation=0, test=0)
    >>> model = fit(models.dense(), digits.x_train, digits.y_train, epochs=20)
    >>> score(model, digits.x_train, digits.y_train) > 0.9
    True
    """
    trainer = Trainer(optimizer=optimizer, learning_rate=learning_rate, loss=loss, metrics=metrics)
    return trainer.fit(
        model,
        x,
        y,
        epochs=epochs,
        batch_size=batch_size,
        validation=validation,
        patience=patience,
        callbacks=callbacks,
        class_weight=class_weight,
        sample_weight=sample_weight,
        seed=seed,
    )


class Trainer:
    """One compiled training that several networks of the same architecture share.

    TensorFlow compiles the training for the first network, which takes longer than training a small network does. All
    other networks are trained inside the first one: their weights are copied into it before the training, and copied
    back after it. So the networks must differ in nothing but their weights, such as ``models.cnn(seed=0)`` and
    ``models.cnn(seed=1)``; a network that is found to have another architecture is refused. A trainer keeps the first
    network in memory: create one for each experiment, and let it go when the experiment ends.

    Parameters
    ----------
    optimizer, learning_rate, loss, metrics
        As for `fit`.

    Raises
    ------
    TypeError, ValueError
        If Keras does not accept a setting.

    Examples
    --------
    >>> from lessons_lib import data, models
    >>> digits = data.digits(train=100, validation=0, test=0)
    >>> trainer = Trainer(learning_rate=0.01)
    >>> for seed in (0, 1):
    ...     model = trainer.fit(models.dense(seed=seed), digits.x_train, digits.y_train, seed=seed)
    """

    def __init__(
        self,
        *,
        optimizer: Any = None,
        learning_rate: Any = None,
        loss: Any = "sparse_categorical_crossentropy",
        metrics: Any = None,
    ) -> None:
        self._new_optimizer = _optimizers(optimizer, learning_rate)
        self._loss = loss
        self._metrics = _default_metrics(loss) if metrics is None else metrics
        self._compiled: _Compiled | None = None
        self._lock = threading.RLock()
        self._training = False

    def fit(
        self,
        model: Any,
        x: Any,
        y: Any = None,
        *,
        epochs: int = 5,
        batch_size: int = 64,
        validation: Sequence[Any] | None = None,
        patience: int | None = None,
        callbacks: Iterable[Any] = (),
        class_weight: Mapping[int, float] | None = None,
        sample_weight: ArrayLike | None = None,
        seed: int = 0,
    ) -> Any:
        """Train a model in place with the compiled training; the parameters are those of the function `fit`.

        If another thread is using this trainer, wait until it has finished.

        Returns
        -------
        keras.Model
            The same model, trained.

        Raises
        ------
        TypeError, ValueError
            As for the function `fit`, and if the architecture of the model differs from that of the first one.
        RuntimeError
            If a callback calls the trainer that is training.
        """
        from lessons_lib import keras

        epochs, batch_size = _check.whole_number("epochs", epochs), _check.whole_number("batch_size", batch_size)
        rng = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
        examples = self._examples(model, x, y, class_weight, sample_weight)
        batch_size = min(batch_size, _examples.length(examples))
        validation_examples = None if validation is None else self._validation_examples(model, validation)
        history = keras.callbacks.History()
        # The history comes last, as in Keras: it keeps what the other callbacks add to the logs.
        all_callbacks = [*_all_callbacks(callbacks, patience, validation_examples), history]
        with self._exclusive_use():
            compiled = self._compiled_for(model, examples, validation_examples)
            with _weights_of(model, compiled):
                compiled.check_outputs(model, examples[0])
                model.history = history
                _train(compiled, examples, validation_examples, epochs, batch_size, all_callbacks, rng)
        history.set_model(model)
        return model

    def _examples(self, model: Any, x: Any, y: Any, class_weight: Any, sample_weight: Any) -> tuple[Any, ...]:
        """Return (x, y), (x, y, weights) or, without targets, (x,) as arrays that fit the model and each other."""
        x = _examples.inputs(model, x)
        if y is None:
            if self._loss is not None:
                raise ValueError("y must be given unless loss=None. Received: y=None")
            return (x,)
        y = y if self._loss is None else _examples.targets(model, x, y, self._loss)
        weights = _examples.weights(_examples.length(x), y, self._loss, class_weight, sample_weight)
        return (x, y) if weights is None else (x, y, weights)

    def _validation_examples(self, model: Any, validation: Sequence[Any]) -> tuple[Any, ...]:
        if not isinstance(validation, (tuple, list)) or len(validation) not in (2, 3):
            raise TypeError(
                f"validation must be (x, y) or (x, y, sample_weight). Received: {type(validation).__name__}"
            )
        x, y, *weights = validation
        return self._examples(model, x, y, None, weights[0] if weights else None)

    @contextmanager
    def _exclusive_use(self) -> Iterator[None]:
        """Let one training at a time use this trainer."""
        with self._lock:
            if self._training:
                raise RuntimeError(
                    "a trainer trains one network at a time: a callback that trains needs a Trainer of its own. "
                    "Received: a call during training"
                )
            self._training = True
            try:
                yield
            finally:
                self._training = False

    def _compiled_for(
        self, model: Any, examples: tuple[Any, ...], validation_examples: tuple[Any, ...] | None
    ) -> _Compiled:
        """Return the compiled training; compile it for `model` if there is none yet or if it is out of date."""
        specs = _specs(examples), _specs(examples if validation_examples is None else validation_examples)
        compiled = self._compiled
        if compiled is None or not compiled.is_valid_for(model, specs):
            self._compile(model)
            self._compiled = compiled = _Compiled.of(model, specs, examples)
        elif compiled.model is not model:
            self._compile(model)
        return compiled

    def _compile(self, model: Any) -> None:
        # Compiling with XLA would take longer than training does.
        model.compile(self._new_optimizer(), self._loss, metrics=self._metrics, jit_compile=False)


def predict(model: Any, x: Any) -> Any:
    """Return the outputs of a model in inference mode.

    The examples are processed in several parts, so that little memory is needed.

    Parameters
    ----------
    model : keras.Model
        A built model of any kind.
    x : array, shape (n, …), or list, tuple or dict of arrays
        The examples.

    Returns
    -------
    array, shape (n, …), or list, tuple or dict of arrays
        The outputs, such as probabilities (n, classes); several arrays if the model has several outputs.

    Raises
    ------
    TypeError, ValueError
        If `x` holds NaN, or its examples do not have the input shape of the model.

    Examples
    --------
    >>> from lessons_lib import models
    >>> predict(models.dense(), np.zeros((3, 28, 28, 1))).shape
    (3, 10)
    """
    from lessons_lib import keras

    tree = keras.tree
    x = _examples.inputs(model, x)
    at_once = max(1, _VALUES_READ_AT_ONCE // max(part[0].size for part in tree.flatten(x)))
    slices = [
        # This step runs without a TensorFlow graph: compiling one would take longer than computing the outputs.
        model.predict_step((tree.map_structure(lambda part: part[start : start + at_once], x),))  # noqa: B023
        for start in range(0, _examples.length(x), at_once)
    ]
    return tree.map_structure(lambda *parts: np.concatenate([np.asarray(part) for part in parts]), *slices)


def score(model: Any, x: Any, y: ArrayLike, *, metric: Any = None) -> Any:
    """Return how good a model's predictions are: the accuracy, or the value of another metric.

    Parameters
    ----------
    model : keras.Model
        A model from examples (n, …) to probabilities (n, …, classes), or (n, 1) for two classes.
    x : array, shape (n, …), or list, tuple or dict of arrays
        The examples.
    y : array
        The targets. For the accuracy, class numbers of shape (n, …) or (n, …, 1); 0 or 1 if the model has one unit.
    metric : str, function or keras.metrics.Metric, optional
        A metric of Keras to compute instead of the accuracy. A metric object starts from its initial state.

    Returns
    -------
    float, or array if the metric gives several numbers
        The accuracy is the share of correct predictions, 0…1. The predicted class is the one with the highest
        probability; with one unit, it is 1 if the probability is at least 0.5.

    Raises
    ------
    TypeError, ValueError
        If `x` or `y` do not fit the model or each other, hold NaN, Keras does not know `metric`, the model has several
        outputs, or a model with one unit gives numbers outside 0…1.

    Examples
    --------
    >>> from lessons_lib import models
    >>> score(models.dense(), np.zeros((1, 28, 28, 1)), [3]) in (0.0, 1.0)
    True
    """
    from lessons_lib import keras

    predictions = predict(model, x)
    if not isinstance(predictions, np.ndarray):
        raise ValueError("score takes a model with one output; for others use predict. Received: several outputs")
    y = _check.finite("y", y, ndim=tuple(range(1, 8)))
    if len(y) != len(predictions):
        raise ValueError(f"x and y must be equally long. Received: {len(predictions)} and {len(y)}")
    if metric is not None and metric != "accuracy":
        return _metric_value(keras.metrics, metric, y, predictions)
    if predictions.shape[-1] > 1:
        return float((predictions.argmax(axis=-1) == _examples.class_numbers(y, predictions.shape)).mean())
    if predictions.min() < 0 or predictions.max() > 1:
        raise ValueError(
            "a model with one unit must give probabilities in 0…1 (a sigmoid), or score needs a metric. "
            f"Received: {predictions.min():.3g}…{predictions.max():.3g}"
        )
    targets = _examples.as_outputs(y, predictions.shape)
    if not np.isin(targets, (0, 1)).all():
        raise ValueError(f"labels of a model with one unit must be 0 or 1. Received: {targets.min()}…{targets.max()}")
    return float(((predictions >= 0.5) == targets).mean())


def repeat(experiment: Callable[[int], ArrayLike], *, seeds: int | Iterable[int] = 5) -> Repeated:
    """Run an experiment once for each seed, and return all results.

    After each run, freed memory is returned to the operating system.

    Parameters
    ----------
    experiment : callable
        A function that takes a seed and returns a number or an array of numbers, which has the same shape for all
        seeds.
    seeds : int or iterable of int
        The seeds; a number n stands for the seeds 0 … n − 1. Two are needed at least, because one has no spread.

    Returns
    -------
    Repeated
        The results with their mean and their standard deviation.

    Raises
    ------
    TypeError, ValueError
        If there are fewer than two seeds, one occurs twice, or the results differ in shape or are not finite.
    Exception
        Any exception of the experiment; a note is added to it that holds the results of the earlier seeds.

    Examples
    --------
    >>> repeat(lambda seed: [seed, 10 * seed], seeds=3)
    1.000 ± 1.000, 10.000 ± 10.000 (3 seeds)
    """
    chosen = _seeds(seeds)
    results: dict[int, NDArray[np.float64]] = {}
    with Progress("Seeds", len(chosen)) as line, _existing_objects_kept():
        for seed in chosen:
            try:
                results[seed] = _check.finite("results", experiment(seed), ndim=tuple(range(7))).astype(np.float64)
            except BaseException as error:
                done = {number: result.tolist() for number, result in results.items()}
                error.add_note(f"This was seed {seed} of {list(chosen)}. The results of the seeds before: {done}")
                raise
            _return_memory()
            line.advance()
    if len({result.shape for result in results.values()}) > 1:
        raise ValueError(f"results must have one shape. Received: {[result.shape for result in results.values()]}")
    return Repeated(np.stack(list(results.values())), tuple(chosen))


def _seeds(seeds: int | Iterable[int]) -> list[int]:
    if isinstance(seeds, bool) or not isinstance(seeds, (Integral, Iterable)):
        raise TypeError(f"seeds must be a whole number or several of them. Received: seeds={seeds!r}")
    chosen: Iterable[int] = range(int(seeds)) if isinstance(seeds, Integral) else seeds
    numbers = [_check.whole_number("seeds", seed, at_least=0) for seed in chosen]
    if len(numbers) < 2:
        raise ValueError(f"seeds must be at least two, or there is no spread. Received: {len(numbers)}")
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"seeds must differ. Received: {numbers}")
    return numbers


@contextmanager
def _existing_objects_kept() -> Iterator[None]:
    """Exclude the objects that exist now from garbage collection: searching them takes 0.2 s each time."""
    if gc.get_freeze_count():
        yield
        return
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _return_memory() -> None:
    """Return freed memory to the operating system; on Linux the C library does not do so by itself."""
    with _interrupts_delayed():
        gc.collect()
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


@contextmanager
def _interrupts_delayed() -> Iterator[None]:
    """Let an interrupt take effect after the block: one that occurs within a `__del__` would be lost."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is None:
        yield
        return
    caught: list[Any] = []
    before = signal.signal(signal.SIGINT, lambda *arguments: caught.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if caught and callable(before):
        before(*caught[0])


def _metric_value(metrics: Any, metric: Any, y: NDArray[Any], predictions: NDArray[Any]) -> Any:
    """Return the value of a metric of Keras."""
    try:
        metric = metrics.get(metric)
    except ValueError:
        raise ValueError(f"metric must be one that Keras knows. Received: metric={metric!r}") from None
    if y.shape != predictions.shape[:-1] or predictions.shape[-1] == 1:
        y = _examples.as_outputs(y, predictions.shape) if y.size == predictions.size else y
    if y.shape not in (predictions.shape, predictions.shape[:-1], (*predictions.shape[:-1], 1)):
        raise ValueError(
            f"y must have the shape of the predictions, {predictions.shape}. Received: y with shape {y.shape}"
        )
    _examples.check_metric(metric, y.shape, predictions.shape)
    if hasattr(metric, "update_state"):
        metric.reset_state()
        metric.update_state(y, predictions)
        value = np.asarray(metric.result())
    else:
        value = np.asarray(metric(y, predictions)).mean()
    return value if np.ndim(value) else float(value)


# ---- the compiled training ----

_RULE = "the networks of one trainer must differ in their weights alone: use another Trainer."


@dataclass(frozen=True)
class _Compiled:
    """The compiled training of one network.

    Attributes
    ----------
    model : keras.Model
        The first network, inside which all others are trained.
    optimizer : keras.optimizers.Optimizer
        Its optimiser.
    specs : nest of tf.TensorSpec
        The shapes and types of the examples.
    trainable : list of bool
        Which variables of the network were trainable when it was compiled.
    start : list of array
        The values of the optimiser's variables before the first step.
    train, test : callable
        The training and the test steps, as TensorFlow graphs.
    """

    model: Any
    optimizer: Any
    specs: Any
    trainable: list[bool]
    settings: Any
    start: list[NDArray[Any]]
    train: Callable[..., None]
    test: Callable[..., None]

    @classmethod
    def of(cls, model: Any, specs: Any, examples: tuple[Any, ...]) -> _Compiled:
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
            _graph(model, model.test_step, specs[1]),
        )

    def is_valid_for(self, model: Any, specs: Any) -> bool:
        """Return whether this training can be used for `model`; raise if its architecture is another one."""
        if model is not self.model and (found := difference(self.model, model)):
            raise ValueError(f"{_RULE} Received: {found}")
        # The graphs are out of date if the caller has compiled the first network again, or has changed a part.
        unchanged = (_are_trainable(self.model), settings(self.model)) == (self.trainable, self.settings)
        return bool(self.model.optimizer is self.optimizer and unchanged and specs == self.specs)

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


def _specs(examples: tuple[Any, ...]) -> Any:
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
def _weights_of(model: Any, compiled: _Compiled) -> Iterator[None]:
    """Put the weights of `model` into the compiled network during the block, and reset its optimiser before it."""
    first = compiled.model
    if first is model:
        _assign(compiled.optimizer.variables, compiled.start)
        yield
        return
    state = [*first.variables, *compiled.optimizer.variables]
    kept, history = [variable.numpy() for variable in state], first.history
    _assign(first.variables, model.variables)
    _assign(compiled.optimizer.variables, compiled.start)
    try:
        yield
    finally:
        _assign(model.variables, first.variables)
        _assign(state, kept)
        first.history = history


def _assign(variables: Iterable[Any], values: Iterable[Any]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _train(
    compiled: _Compiled,
    examples: tuple[Any, ...],
    validation_examples: tuple[Any, ...] | None,
    epochs: int,
    batch_size: int,
    callbacks: list[Any],
    rng: np.random.Generator,
) -> None:
    """Run the epochs, each in a new order of the examples, and call the callbacks."""
    from lessons_lib import keras

    model, n = compiled.model, _examples.length(examples)
    tensors = keras.tree.map_structure(keras.ops.convert_to_tensor, examples)
    steps = -(-n // batch_size)
    callback_list = keras.callbacks.CallbackList(callbacks, model=model, epochs=epochs, steps=steps, verbose=0)
    parts = _EpochParts(batch_size, single=_follow(callbacks, "on_train_batch_begin", "on_train_batch_end"))
    model.stop_training, logs = False, {}
    callback_list.on_train_begin()
    with Progress("Epochs", epochs) as line:
        for epoch in range(epochs):
            callback_list.on_epoch_begin(epoch)
            logs = _train_epoch(compiled, tensors, rng.permutation(n), parts, callback_list)
            if validation_examples is not None:
                values = _test(compiled, validation_examples, callbacks, callback_list)
                logs |= {f"val_{name}": value for name, value in values.items()}
            callback_list.on_epoch_end(epoch, logs)
            line.advance()
            if model.stop_training:
                break
    # An optimizer that averages the weights replaces them by their averages.
    model.optimizer.finalize_variable_values(model.trainable_variables)
    callback_list.on_train_end(logs)


def _train_epoch(
    compiled: _Compiled, tensors: Any, order: NDArray[Any], parts: _EpochParts, callback_list: Any
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


def _test(
    compiled: _Compiled, validation_examples: tuple[Any, ...], callbacks: list[Any], callback_list: Any
) -> dict[str, Any]:
    """Return the loss and the metrics on the validation examples."""
    model = compiled.model
    parts = _EpochParts(_EXAMPLES_TESTED_AT_ONCE, single=_follow(callbacks, "on_test_batch_begin", "on_test_batch_end"))
    model.reset_metrics()
    order = np.arange(_examples.length(validation_examples), dtype=np.int32)
    callback_list.on_test_begin()
    for number, part in enumerate(parts.of(order)):
        if parts.single:
            callback_list.on_test_batch_begin(number)
        compiled.test(validation_examples, part, parts.batch_size)
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


# ---- settings ----


def _optimizers(optimizer: Any, learning_rate: Any) -> Callable[[], Any]:
    """Return a function that creates a new optimiser, which each network needs."""
    from lessons_lib import keras

    optimizers = keras.optimizers
    if not (learning_rate is None or isinstance(learning_rate, optimizers.schedules.LearningRateSchedule)):
        learning_rate = _check.number("learning_rate", learning_rate, at_least=0)
    if optimizer is None:
        return lambda: optimizers.Adam(3e-3 if learning_rate is None else learning_rate)
    if isinstance(optimizer, str):
        settings = {} if learning_rate is None else {"learning_rate": learning_rate}
        kind = type(_by_name(optimizers, optimizer))
        return lambda: kind(**settings)
    if not isinstance(optimizer, optimizers.Optimizer):
        raise TypeError(
            "optimizer must be a keras.optimizers.Optimizer or its name. "
            f"Received: optimizer of type {type(optimizer).__name__}"
        )
    if learning_rate is not None:
        raise ValueError(
            "learning_rate belongs to an optimizer given by its name. Received: learning_rate and an optimizer object"
        )
    return lambda: _copied(optimizer)


def _by_name(optimizers: Any, name: str) -> Any:
    try:
        return optimizers.get(name)
    except ValueError:
        raise ValueError(f"optimizer must be one that Keras knows. Received: optimizer={name!r}") from None


def _copied(optimizer: Any) -> Any:
    """Return a new optimizer with the same settings; or the given one, for one network, if it cannot be copied."""
    try:
        copy = type(optimizer).from_config(optimizer.get_config())
    except NotImplementedError:  # The caller's own schedule has no configuration.
        copy = None
    if copy is not None and not _lost_settings(optimizer, copy):
        return copy
    if optimizer.built:
        raise ValueError(
            "an optimizer for several networks must be one that can be copied: give its schedule a get_config, and "
            "exclude no variables from weight decay. Received: an optimizer that is in use"
        )
    return optimizer


def _lost_settings(optimizer: Any, copy: Any) -> set[str]:
    """Return the settings that no configuration holds, such as what is excluded from weight decay."""
    kept = {name for name, value in vars(optimizer).items() if isinstance(value, (bool, int, float, str, set))}
    return kept - set(vars(copy))


def _default_metrics(loss: Any) -> list[Any] | None:
    """Return the accuracy for a cross-entropy; a model with one logit predicts class 1 if it is above 0."""
    from lessons_lib import keras

    if loss is None or isinstance(loss, (Mapping, list, tuple)):
        return None
    kind = _examples.kind_of_loss(loss)
    settings = loss.get_config() if isinstance(loss, keras.losses.Loss) else {}
    if kind == "binary" and settings.get("from_logits"):
        return [keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)]
    return ["accuracy"] if kind in ("class numbers", "one-hot", "binary") else None


def _all_callbacks(callbacks: Iterable[Any], patience: int | None, validation_examples: Any) -> list[Any]:
    """Return the callbacks as a list, which begins with early stopping if `patience` is given."""
    from lessons_lib import keras

    kind = keras.callbacks.Callback
    chosen = [callbacks] if isinstance(callbacks, kind) else list(callbacks or ())
    for callback in chosen:
        if not isinstance(callback, kind):
            raise TypeError(f"callbacks must be keras.callbacks.Callback. Received: {type(callback).__name__}")
    if patience is None:
        return chosen
    if validation_examples is None:
        raise ValueError(f"patience needs validation examples. Received: patience={patience!r}, no validation")
    patience = _check.whole_number("patience", patience)
    return [keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True), *chosen]


def _follow(callbacks: Iterable[Any], *names: str) -> bool:
    """Return whether a callback defines a method for one of the named events."""
    from lessons_lib import keras

    # Keras also calls the first two by an older name.
    names += ("on_batch_begin", "on_batch_end") if "on_train_batch_begin" in names else ()
    base = keras.callbacks.Callback
    return any(getattr(type(callback), name) is not getattr(base, name) for callback in callbacks for name in names)
