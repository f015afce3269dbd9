"""Train a network, score it, and repeat both over seeds.

What trainings share is a `Trainer` that the caller holds. Nothing is kept between two calls of `fit`, and no global
random state is read or changed.
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
from lessons_lib._alike import difference, settings
from lessons_lib._progress import Progress
from lessons_lib.results import Repeated

_VALUES_READ_AT_ONCE = 400_000
_EXAMPLES_TESTED_AT_ONCE = 256
# One call of the graph takes about this long, so that an interrupt, which waits for its end, comes through.
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
    """Train a model in place.

    The same seed on the same machine gives the same weights, bit for bit. Each call starts the optimiser anew. The
    history of each epoch is in ``model.history.history``. A training that is interrupted keeps what it has learned.

    Parameters
    ----------
    model : keras.Model
        A built model of any kind; it is compiled here.
    x : array, shape (n, …), or list, tuple or dict of arrays
        What the model reads, such as images (n, rows, columns, channels).
    y : array or list, tuple or dict of arrays
        The right answers: class numbers (n,) or (n, 1) for a sparse cross-entropy, per pixel (n, rows, columns) where
        the model answers so; one-hot labels for a categorical cross-entropy; 0…1 for a binary one; numbers otherwise.
        None only if `loss` is None, for a model with a ``train_step`` of its own.
    epochs : int
        How often to go through all of `x`, at most.
    learning_rate : float or keras.optimizers.schedules.LearningRateSchedule, optional
        Of Adam (0.003 by default), or of the optimizer that is given by its name.
    batch_size : int
        The number of examples in one step. Those that fill no batch form the first step of an epoch.
    validation : (x, y) or (x, y, sample_weight), optional
        Examples to score after each epoch, as ``val_loss`` and so on.
    patience : int, optional
        Stop when the validation loss has not fallen for so many epochs, and restore the best weights.
    optimizer : keras.optimizers.Optimizer or str, optional
        Replaces Adam. Its settings are used; the object itself is not changed, unless its schedule cannot be copied
        (it has no ``get_config``).
    loss : str, function or keras.losses.Loss
        Whatever ``keras.Model.compile`` takes.
    metrics : optional
        Whatever ``keras.Model.compile`` takes. By default the accuracy, if the loss is a cross-entropy.
    callbacks : iterable of keras.callbacks.Callback, or None
        As for ``keras.Model.fit``.
    class_weight : dict of int to float, optional
        The weight of each class in the loss; 1 for a class that is not named.
    sample_weight : array, shape (n,), optional
        The weight of each example in the loss. Where a model answers per pixel, (n, rows, columns) is taken as well;
        for several outputs, a list or dict of arrays.
    seed : int
        Of the order of the examples. What dropout leaves out follows the seed that the network was built with.

    Returns
    -------
    keras.Model
        The same model, trained.

    Raises
    ------
    TypeError, ValueError
        If the arrays do not fit the model, the loss or each other, hold NaN, or a setting is out of range.

    See Also
    --------
    Trainer : Shares one compiled training between networks of one kind.

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
    """A training that networks of one kind share: TensorFlow compiles it once, for the first of them.

    The networks must differ in nothing but their weights, such as ``models.cnn(seed=0)`` and ``models.cnn(seed=1)``.
    What can be compared is compared, and a network of another kind is refused. The first network lends its place: the
    others are trained in it, and get their weights back. So hold a trainer for as long as one experiment runs.

    Parameters
    ----------
    optimizer, learning_rate, loss, metrics
        As for `fit`.

    Raises
    ------
    TypeError, ValueError
        If a setting is not one that Keras takes.

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
        """Train a model in place, as the function `fit` does, with what this trainer has compiled.

        A second thread waits until the first has finished.

        Raises
        ------
        TypeError, ValueError
            As for the function `fit`, and if the model differs from the first one in more than its weights.
        RuntimeError
            If a callback of this trainer's own training calls it.
        """
        from lessons_lib import keras

        epochs, batch_size = _check.whole_number("epochs", epochs), _check.whole_number("batch_size", batch_size)
        rng = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
        examples = self._examples(model, x, y, class_weight, sample_weight)
        batch_size = min(batch_size, _examples.length(examples))
        tested = None if validation is None else self._tested(model, validation)
        history = keras.callbacks.History()
        # The history comes last, as in Keras: it keeps what the other callbacks add to the logs.
        listeners = [*_listeners(callbacks, patience, tested), history]
        with self._alone():
            compiled = self._compiled_for(model, examples, tested)
            with _standing_in(compiled, model):
                compiled.check_answers(model, examples[0])
                model.history = history
                _train(compiled, examples, tested, epochs, batch_size, listeners, rng)
        history.set_model(model)
        return model

    def _examples(self, model: Any, x: Any, y: Any, class_weight: Any, sample_weight: Any) -> tuple[Any, ...]:
        """Return (x, y), (x, y, weights) or, without answers, (x,) as arrays that fit the model and each other."""
        x = _examples.inputs(model, x)
        if y is None:
            if self._loss is not None:
                raise ValueError("y must be given unless loss=None. Received: y=None")
            return (x,)
        y = y if self._loss is None else _examples.answers(model, x, y, self._loss)
        weights = _examples.weights(_examples.length(x), y, self._loss, class_weight, sample_weight)
        return (x, y) if weights is None else (x, y, weights)

    def _tested(self, model: Any, validation: Sequence[Any]) -> tuple[Any, ...]:
        if not isinstance(validation, (tuple, list)) or len(validation) not in (2, 3):
            raise TypeError(
                f"validation must be (x, y) or (x, y, sample_weight). Received: {type(validation).__name__}"
            )
        x, y, *weights = validation
        return self._examples(model, x, y, None, weights[0] if weights else None)

    @contextmanager
    def _alone(self) -> Iterator[None]:
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

    def _compiled_for(self, model: Any, examples: tuple[Any, ...], tested: tuple[Any, ...] | None) -> _Compiled:
        """Return what is compiled, or compile it for `model` where it is the first or has been changed since."""
        specs = _specs(examples), _specs(examples if tested is None else tested)
        compiled = self._compiled
        if compiled is None or not compiled.serves(model, specs):
            self._compile(model)
            self._compiled = compiled = _Compiled.of(model, specs, examples)
        elif compiled.model is not model:
            self._compile(model)
        return compiled

    def _compile(self, model: Any) -> None:
        # Compiling with XLA would take longer than training does.
        model.compile(self._new_optimizer(), self._loss, metrics=self._metrics, jit_compile=False)


def predict(model: Any, x: Any) -> Any:
    """Return what the model answers, in inference mode, in slices that keep the memory small.

    Parameters
    ----------
    model : keras.Model
    x : array, shape (n, …), or list, tuple or dict of arrays

    Returns
    -------
    array, shape (n, …), or a list, tuple or dict of arrays where the model has several outputs

    Raises
    ------
    TypeError, ValueError
        If `x` holds NaN, or its examples do not have the shape that the model reads.

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
        # A step outside of a TensorFlow graph: compiling one would take longer than the answers do.
        model.predict_step((tree.map_structure(lambda part: part[start : start + at_once], x),))  # noqa: B023
        for start in range(0, _examples.length(x), at_once)
    ]
    return tree.map_structure(lambda *parts: np.concatenate([np.asarray(part) for part in parts]), *slices)


def score(model: Any, x: Any, y: ArrayLike, *, metric: Any = None) -> Any:
    """Return how good a model's answers are: the accuracy, or any metric of Keras.

    Parameters
    ----------
    model : keras.Model
        From examples (n, …) to probabilities (n, …, classes), or (n, 1) for one class against the rest.
    x : array, shape (n, …), or list, tuple or dict of arrays
    y : array
        The right answers. For the accuracy class numbers of shape (n, …) or (n, …, 1), as 0 or 1 where the model has
        one unit.
    metric : str, function or keras.metrics.Metric, optional
        What to compute instead of the accuracy. A metric object starts from its initial state.

    Returns
    -------
    float, or array where the metric gives several numbers
        The accuracy is the share of right answers, 0…1. Of several classes, the answer is the one with the highest
        probability; with one unit, it is 1 from a probability of 0.5 on.

    Raises
    ------
    TypeError, ValueError
        If `x` or `y` do not fit the model or each other, hold NaN, Keras does not know `metric`, the model has several
        outputs, or the one unit of a model answers with numbers outside 0…1.

    Examples
    --------
    >>> from lessons_lib import models
    >>> score(models.dense(), np.zeros((1, 28, 28, 1)), [3]) in (0.0, 1.0)
    True
    """
    from lessons_lib import keras

    answers = predict(model, x)
    if not isinstance(answers, np.ndarray):
        raise ValueError("score takes a model with one output; for others use predict. Received: several outputs")
    y = _check.finite("y", y, ndim=tuple(range(1, 8)))
    if len(y) != len(answers):
        raise ValueError(f"x and y must be equally long. Received: {len(answers)} and {len(y)}")
    if metric is not None and metric != "accuracy":
        return _measured(keras.metrics, metric, y, answers)
    if answers.shape[-1] > 1:
        return float((answers.argmax(axis=-1) == _examples.class_numbers(y, answers.shape)).mean())
    if answers.min() < 0 or answers.max() > 1:
        raise ValueError(
            "a model with one unit must answer with probabilities in 0…1 (a sigmoid), or score needs a metric. "
            f"Received: {answers.min():.3g}…{answers.max():.3g}"
        )
    right = _examples.as_outputs(y, answers.shape)
    if not np.isin(right, (0, 1)).all():
        raise ValueError(f"labels of a model with one unit must be 0 or 1. Received: {right.min()}…{right.max()}")
    return float(((answers >= 0.5) == right).mean())


def repeat(experiment: Callable[[int], ArrayLike], *, seeds: int | Iterable[int] = 5) -> Repeated:
    """Run an experiment once for each seed and keep all results.

    Between two runs freed memory goes back to the system.

    Parameters
    ----------
    experiment : callable
        Takes a seed and returns a number or an array of numbers, always of one shape.
    seeds : int or iterable of int
        A number n stands for the seeds 0 … n − 1. At least two, or there is no spread.

    Returns
    -------
    Repeated
        With `values`, `seeds`, `mean` and `std`.

    Raises
    ------
    TypeError, ValueError
        If there are fewer than two seeds, one occurs twice, or the results differ in shape or are not finite.
    Exception
        Whatever the experiment raises. A note on it holds the results of the seeds before.

    Examples
    --------
    >>> repeat(lambda seed: [seed, 10 * seed], seeds=3)
    1.000 ± 1.000, 10.000 ± 10.000 (3 seeds)
    """
    chosen = _seeds(seeds)
    results: dict[int, NDArray[np.float64]] = {}
    with Progress("Seeds", len(chosen)) as line, _what_is_there_left_alone():
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
def _what_is_there_left_alone() -> Iterator[None]:
    """Keep what exists now out of garbage collection: searching all that TensorFlow has made takes 0.2 s each time."""
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
    """Give freed memory back to the system, which the C library of Linux does not do by itself: Binder has 2 GB."""
    with _interrupts_held_back():
        gc.collect()
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let an interrupt come after the block: one that meets a `__del__` would be lost."""
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


def _measured(metrics: Any, metric: Any, y: NDArray[Any], answers: NDArray[Any]) -> Any:
    """Return the value of a metric of Keras."""
    try:
        metric = metrics.get(metric)
    except ValueError:
        raise ValueError(f"metric must be one that Keras knows. Received: metric={metric!r}") from None
    if y.shape != answers.shape[:-1] or answers.shape[-1] == 1:
        y = _examples.as_outputs(y, answers.shape) if y.size == answers.size else y
    if y.shape not in (answers.shape, answers.shape[:-1], (*answers.shape[:-1], 1)):
        raise ValueError(f"y must have the shape of the answers, {answers.shape}. Received: y with shape {y.shape}")
    _examples.check_metric(metric, y.shape, answers.shape)
    if hasattr(metric, "update_state"):
        metric.reset_state()
        metric.update_state(y, answers)
        value = np.asarray(metric.result())
    else:
        value = np.asarray(metric(y, answers)).mean()
    return value if np.ndim(value) else float(value)


# ---- one compiled training ----

_RULE = "the networks of one trainer must differ in their weights alone: use another Trainer."


@dataclass(frozen=True)
class _Compiled:
    """A compiled network, its passes through examples as graphs, and the state that its optimiser starts in."""

    model: Any
    optimizer: Any
    specs: Any
    trainable: list[int]
    settings: Any
    start: list[NDArray[Any]]
    train: Callable[..., None]
    test: Callable[..., None]

    @classmethod
    def of(cls, model: Any, specs: Any, examples: tuple[Any, ...]) -> _Compiled:
        from lessons_lib import keras

        # Metrics make their variables with the first answers, which a compiled step may not do.
        model.test_step(keras.tree.map_structure(lambda array: array[:1], examples))
        optimizer = model.optimizer
        optimizer.build(model.trainable_variables)
        return cls(
            model,
            optimizer,
            specs,
            _flags(model),
            settings(model),
            [variable.numpy() for variable in optimizer.variables],
            _graph(model, model.train_step, specs[0]),
            _graph(model, model.test_step, specs[1]),
        )

    def serves(self, model: Any, specs: Any) -> bool:
        """Tell whether this training still fits: raise if `model` is of another kind than the first one."""
        if model is not self.model and (found := difference(self.model, model)):
            raise ValueError(f"{_RULE} Received: {found}")
        # Whoever compiles the first network anew, freezes or changes a part of it, ends what was compiled here.
        unchanged = (_flags(self.model), settings(self.model)) == (self.trainable, self.settings)
        return bool(self.model.optimizer is self.optimizer and unchanged and specs == self.specs)

    def check_answers(self, model: Any, x: Any) -> None:
        """Raise if `model` answers otherwise than the first network does with the same weights."""
        from lessons_lib import keras

        if self.model is model:
            return
        few = keras.tree.map_structure(lambda array: array[:8], x)
        replies = (keras.tree.flatten(network.predict_step((few,))) for network in (self.model, model))
        if not all(np.allclose(a, b, atol=1e-4) for a, b in zip(*replies, strict=True)):
            raise ValueError(f"{_RULE} Received: a network that answers otherwise with the same weights")


def _flags(model: Any) -> list[int]:
    trained = {id(variable) for variable in model.trainable_variables}
    return [id(variable) in trained for variable in model.variables]


def _specs(examples: tuple[Any, ...]) -> Any:
    import tensorflow as tf

    from lessons_lib import keras

    return keras.tree.map_structure(lambda array: tf.TensorSpec((None, *array.shape[1:]), array.dtype), examples)


def _graph(model: Any, step: Callable[[Any], Any], specs: Any) -> Callable[..., None]:
    """Return a pass through examples as one TensorFlow graph: one of Keras's own steps, batch after batch.

    Keras's own ``fit`` takes longer to hand a small batch over than a small network takes to learn from it. And it ends
    an epoch with the examples that fill no batch: at a large learning rate, a step too noisy to be the last. Here they
    come first.
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
def _standing_in(compiled: _Compiled, model: Any) -> Iterator[None]:
    """Let the compiled network hold the weights of `model`, and start its optimiser anew."""
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
    tested: tuple[Any, ...] | None,
    epochs: int,
    batch_size: int,
    listeners: list[Any],
    rng: np.random.Generator,
) -> None:
    """Run the epochs, each in an order of its own, and tell the callbacks."""
    from lessons_lib import keras

    model, n = compiled.model, _examples.length(examples)
    tensors = keras.tree.map_structure(keras.ops.convert_to_tensor, examples)
    told = keras.callbacks.CallbackList(listeners, model=model, epochs=epochs, steps=-(-n // batch_size), verbose=0)
    pace = _Pace(batch_size, single=_hear(listeners, "on_train_batch_begin", "on_train_batch_end"))
    model.stop_training, logs = False, {}
    told.on_train_begin()
    with Progress("Epochs", epochs) as line:
        for epoch in range(epochs):
            told.on_epoch_begin(epoch)
            logs = _train_epoch(compiled, tensors, rng.permutation(n), pace, told)
            if tested is not None:
                logs |= {f"val_{name}": value for name, value in _test(compiled, tested, listeners, told).items()}
            told.on_epoch_end(epoch, logs)
            line.advance()
            if model.stop_training:
                break
    # An optimiser that averages the weights puts the averages in their place.
    model.optimizer.finalize_variable_values(model.trainable_variables)
    told.on_train_end(logs)


def _train_epoch(compiled: _Compiled, tensors: Any, order: NDArray[Any], pace: _Pace, told: Any) -> dict[str, Any]:
    model = compiled.model
    model.reset_metrics()
    for number, part in enumerate(pace.parts(order)):
        if pace.single:
            told.on_train_batch_begin(number)
        compiled.train(tensors, part.astype(np.int32), pace.batch_size)
        if pace.single:
            told.on_train_batch_end(number, _logs(model))
        if model.stop_training:
            break
    return _logs(model)


def _test(compiled: _Compiled, tested: tuple[Any, ...], listeners: list[Any], told: Any) -> dict[str, Any]:
    model = compiled.model
    pace = _Pace(_EXAMPLES_TESTED_AT_ONCE, single=_hear(listeners, "on_test_batch_begin", "on_test_batch_end"))
    model.reset_metrics()
    told.on_test_begin()
    for number, part in enumerate(pace.parts(np.arange(_examples.length(tested), dtype=np.int32))):
        if pace.single:
            told.on_test_batch_begin(number)
        compiled.test(tested, part, pace.batch_size)
        if pace.single:
            told.on_test_batch_end(number, _logs(model))
    told.on_test_end(logs := _logs(model))
    return logs


def _logs(model: Any) -> dict[str, Any]:
    results = {name: np.asarray(value) for name, value in model.get_metrics_result().items()}
    return {name: value if value.ndim else float(value) for name, value in results.items()}


class _Pace:
    """Cuts an epoch into calls of the graph: batch by batch for callbacks that want it, or by the clock.

    The results are the same however it is cut.
    """

    def __init__(self, batch_size: int, *, single: bool) -> None:
        self.batch_size, self.single = batch_size, single
        self._batches = 1 if single else 32

    def parts(self, order: NDArray[Any]) -> Iterator[NDArray[Any]]:
        start, end = 0, (len(order) - 1) % self.batch_size + 1
        end += (self._batches - 1) * self.batch_size
        while start < len(order):
            clock = time.monotonic()
            yield order[start:end]
            if not self.single:
                self._adapt(time.monotonic() - clock)
            start, end = end, end + self._batches * self.batch_size

    def _adapt(self, seconds: float) -> None:
        if seconds > _SECONDS_IN_GRAPH:
            self._batches = max(1, self._batches // 2)
        elif seconds < _SECONDS_IN_GRAPH / 2:
            self._batches *= 2


# ---- settings ----


def _optimizers(optimizer: Any, learning_rate: Any) -> Callable[[], Any]:
    """Return a function that makes the optimiser anew for each network."""
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
        raise ValueError("learning_rate belongs to an optimizer given by its name. Received: both")
    return lambda: _copied(optimizer)


def _by_name(optimizers: Any, name: str) -> Any:
    try:
        return optimizers.get(name)
    except ValueError:
        raise ValueError(f"optimizer must be one that Keras knows. Received: optimizer={name!r}") from None


def _copied(optimizer: Any) -> Any:
    """Return a new optimiser with the same settings, or the given one, once, where they cannot be copied."""
    # What is excluded from weight decay is not a part of the configuration.
    if not hasattr(optimizer, "_exclude_from_weight_decay"):
        try:
            return type(optimizer).from_config(optimizer.get_config())
        except NotImplementedError:  # A schedule of the caller's own that does not describe itself.
            pass
    if optimizer.built:
        raise ValueError(
            "an optimizer that serves several networks must be one that can be copied: give its schedule a "
            "get_config, and exclude no variables from weight decay. Received: one that is in use"
        )
    return optimizer


def _default_metrics(loss: Any) -> list[Any] | None:
    """Return the accuracy for a cross-entropy; with logits, one unit says yes from 0 on."""
    from lessons_lib import keras

    if loss is None or isinstance(loss, (Mapping, list, tuple)):
        return None
    kind = _examples.kind_of_loss(loss)
    settings = loss.get_config() if isinstance(loss, keras.losses.Loss) else {}
    if kind == "binary" and settings.get("from_logits"):
        return [keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)]
    return ["accuracy"] if kind in ("class numbers", "one-hot", "binary") else None


def _listeners(callbacks: Iterable[Any], patience: int | None, tested: Any) -> list[Any]:
    """Return the callbacks, with early stopping before them if it is asked for."""
    from lessons_lib import keras

    kind = keras.callbacks.Callback
    chosen = [callbacks] if isinstance(callbacks, kind) else list(callbacks or ())
    for callback in chosen:
        if not isinstance(callback, kind):
            raise TypeError(f"callbacks must be keras.callbacks.Callback. Received: {type(callback).__name__}")
    if patience is None:
        return chosen
    if tested is None:
        raise ValueError(f"patience needs validation examples. Received: patience={patience!r}, no validation")
    patience = _check.whole_number("patience", patience)
    return [keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True), *chosen]


def _hear(callbacks: Iterable[Any], *names: str) -> bool:
    """Tell whether a callback has a method of its own for one of the named events."""
    from lessons_lib import keras

    # The first two are also called by an older name.
    names += ("on_batch_begin", "on_batch_end") if "on_train_batch_begin" in names else ()
    plain = keras.callbacks.Callback
    return any(getattr(type(callback), name) is not getattr(plain, name) for callback in callbacks for name in names)
