"""Training in place: the function `fit`, and a `Trainer` that networks of one architecture share."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lessons_lib import _check, _interrupts, _universe
from lessons_lib.training import checks
from lessons_lib.training.compiled import Compiled, specs_of, train, weights_of
from lessons_lib.training.settings import callback_list, default_metrics, early_stopping, listed, optimizer_factory


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
        Any metrics that ``keras.Model.compile`` takes, or one of them by itself. By default the accuracy if the loss is
        a cross-entropy.
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
    >>> from lessons_lib.training import score
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
    back after it. A network that is trained with callbacks is compiled by itself, since callbacks may read and change
    it. The networks must differ in nothing but their weights, such as ``models.cnn(seed=0)`` and
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
        self._new_optimizer = optimizer_factory(optimizer, learning_rate)
        self._loss = loss
        self._given_metrics = listed(metrics)
        self._metrics = default_metrics(loss) if metrics is None else self._given_metrics
        self._compiled: Compiled | None = None
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

        duration = _universe.current().duration
        epochs = duration * _check.whole_number("epochs", epochs)
        patience = None if patience is None else duration * _check.whole_number("patience", patience)
        batch_size = _check.whole_number("batch_size", batch_size)
        rng = np.random.default_rng(_check.whole_number("seed", seed, at_least=0))
        examples = self._examples(model, x, y, class_weight, sample_weight)
        checks.check_metrics(self._given_metrics, model, examples)
        batch_size = min(batch_size, checks.length(examples))
        validation_examples = None if validation is None else self._validation_examples(model, validation)
        history = keras.callbacks.History()
        given = callback_list(callbacks)
        # The history comes last, as in Keras: it keeps what the other callbacks add to the logs.
        all_callbacks = [*early_stopping(patience, validation_examples), *given, history]
        with self._exclusive_use():
            compiled = self._compiled_for(model, examples, validation_examples, shared=not given)
            with weights_of(model, compiled):
                compiled.check_outputs(model, examples[0])
                model.history = history
                train(compiled, examples, validation_examples, epochs, batch_size, all_callbacks, rng)
        history.set_model(model)
        return model

    def _examples(self, model: Any, x: Any, y: Any, class_weight: Any, sample_weight: Any) -> tuple[Any, ...]:
        """Return (x, y), (x, y, weights) or, without targets, (x,) as arrays that fit the model and each other."""
        x = checks.inputs(model, x)
        if y is None:
            if self._loss is not None:
                raise ValueError("y must be given unless loss=None. Received: y=None")
            return (x,)
        y = y if self._loss is None else checks.targets(model, x, y, self._loss)
        weights = checks.weights(checks.length(x), y, self._loss, class_weight, sample_weight)
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

    @_interrupts.delayed()
    def _compiled_for(
        self, model: Any, examples: tuple[Any, ...], validation_examples: tuple[Any, ...] | None, *, shared: bool
    ) -> Compiled:
        """Return the compiled training; compile it for `model` if there is none, or it is out of date or not shared."""
        specs = specs_of(examples), None if validation_examples is None else specs_of(validation_examples)
        compiled = self._compiled
        if compiled is None or not compiled.is_valid_for(model, specs):
            self._compile(model)
            self._compiled = compiled = Compiled.of(model, specs, examples)
        elif compiled.model is not model:
            self._compile(model)
            return compiled if shared else Compiled.of(model, specs, examples)
        return compiled

    def _compile(self, model: Any) -> None:
        # Compiling with XLA would take longer than training does.
        model.compile(self._new_optimizer(), self._loss, metrics=self._metrics, jit_compile=False)
