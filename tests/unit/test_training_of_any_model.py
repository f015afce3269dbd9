"""Whatever Keras takes works, or is refused with the rule."""

import gc
import os
import random
import signal
import threading
from contextlib import suppress

import numpy as np
import pytest

from lessons_lib import _interrupts, data, explain, keras, models, training

DIGITS = data.digits(train=200, validation=100, test=100)
X, Y = DIGITS.x_train, DIGITS.y_train
L = keras.layers


def small(seed=0, **head):
    layers = [keras.Input((28, 28, 1)), L.Flatten(), L.Dense(**({"units": 10, "activation": "softmax"} | head))]
    return models.seeded(keras.Sequential(layers), seed)


def fit(model, x=X, y=Y, **settings):
    return training.fit(model, x, y, **({"epochs": 1} | settings))


def by_keras(model, x, y, epochs=2, **settings):
    """Train with plain Keras: one batch, so that the order does not matter."""
    compiling = {name: settings.pop(name) for name in ("loss", "metrics") if name in settings}
    model.compile(keras.optimizers.Adam(3e-3), **compiling)
    model.fit(x, y, 1000, epochs=epochs, verbose=0, **settings)
    return model


def assert_equal_weights(ours, theirs):
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


# ---- losses, metrics, optimisers, schedules, callbacks ----

SPARSE = "sparse_categorical_crossentropy"


@pytest.mark.parametrize(
    "loss",
    [
        SPARSE,
        "SparseCategoricalCrossentropy",
        keras.losses.SparseCategoricalCrossentropy,
        keras.losses.SparseCategoricalCrossentropy(),
        keras.losses.sparse_categorical_crossentropy,
        lambda y, p: keras.losses.sparse_categorical_crossentropy(y, p),
    ],
)
def test_a_loss_may_be_a_name_a_class_an_object_or_a_function(loss):
    model = fit(small(), loss=loss, batch_size=1000, epochs=2, metrics=["accuracy"])
    assert_equal_weights(model, by_keras(small(), X, Y, loss=SPARSE))
    assert set(model.history.history) == {"loss", "accuracy"}


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropi", 3])
def test_what_is_no_loss_is_refused(loss):
    with pytest.raises((TypeError, ValueError), match=r"loss must be .*Received"):
        fit(small(), loss=loss)


def test_only_a_model_without_a_loss_may_go_without_answers():
    with pytest.raises(ValueError, match="y must be given unless loss=None"):
        fit(small(), y=None)


@pytest.mark.parametrize(
    "loss", [SPARSE, "SparseCategoricalCrossentropy", keras.losses.SparseCategoricalCrossentropy()]
)
def test_every_form_of_a_cross_entropy_checks_the_labels_and_reports_the_accuracy(loss):
    assert "accuracy" in fit(small(), loss=loss).history.history
    with pytest.raises(ValueError, match=r"labels must be in 0…9. Received: 1…10"):
        fit(small(), y=Y + 1, loss=loss)


def test_metrics_may_be_names_and_objects():
    metrics = ["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(3, name="top3")]
    history = fit(small(), metrics=metrics, validation=(X, Y)).history.history
    assert set(history) == {"loss", "accuracy", "top3", "val_loss", "val_accuracy", "val_top3"}
    assert history["val_top3"][0] > history["val_accuracy"][0]


def test_a_validation_equals_keras_own_evaluation():
    model = small()
    history = fit(model, validation=(DIGITS.x_validation, DIGITS.y_validation)).history.history
    loss, accuracy = model.evaluate(DIGITS.x_validation, DIGITS.y_validation, verbose=0)
    assert history["val_loss"][-1] == pytest.approx(loss, abs=1e-5)
    assert history["val_accuracy"][-1] == pytest.approx(accuracy, abs=1e-6)


@pytest.mark.parametrize(("optimizer", "kind"), [("adam", "Adam"), ("SGD", "SGD"), ("rmsprop", "RMSprop")])
def test_an_optimizer_may_be_a_name_with_a_rate(optimizer, kind):
    model = fit(small(), optimizer=optimizer, learning_rate=0.25)
    assert type(model.optimizer).__name__ == kind
    assert float(model.optimizer.learning_rate) == 0.25


@pytest.mark.parametrize("optimizer", ["adamant", 3, keras.optimizers.Adam])
def test_what_is_no_optimizer_is_refused(optimizer):
    with pytest.raises((TypeError, ValueError), match=r"optimizer must be .*Received"):
        fit(small(), optimizer=optimizer)


def test_a_rate_beside_an_optimizer_object_is_refused():
    with pytest.raises(ValueError, match="learning_rate belongs to an optimizer given by its name"):
        fit(small(), optimizer=keras.optimizers.SGD(0.1), learning_rate=0.1)


def test_an_optimizer_that_is_defined_anew_is_the_new_one():
    moved = []
    for step in (1.0, 2.0):

        class Step(keras.optimizers.SGD):
            size = step

            def update_step(self, gradient, variable, learning_rate):
                self.assign_sub(variable, self.size * keras.ops.sign(gradient))

        before = small().get_weights()[1]
        moved.append(np.abs(fit(small(), optimizer=Step(1.0), batch_size=1000).get_weights()[1] - before).max())
    assert moved == [1.0, 2.0]


class Falling(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that does not describe itself: the first step alone has a rate."""

    def __call__(self, step):
        return keras.ops.where(step < 1, 0.5, 0.0)


def test_a_schedule_of_ones_own_is_followed():
    one, two = (fit(small(), optimizer=keras.optimizers.SGD(Falling()), batch_size=1000, epochs=n) for n in (1, 2))
    assert_equal_weights(one, two)
    with pytest.raises(AssertionError):
        assert_equal_weights(one, small())


def test_an_optimizer_that_cannot_be_copied_serves_one_training():
    optimizer = keras.optimizers.SGD(Falling())
    fit(small(), optimizer=optimizer)
    with pytest.raises(ValueError, match="must be one that can be copied"):
        fit(small(), optimizer=optimizer)


def test_an_optimizer_that_is_given_is_not_changed():
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5))
    first, second = fit(small(), optimizer=optimizer), fit(small(), optimizer=optimizer)
    assert_equal_weights(first, second)
    assert int(optimizer.iterations) == 0


def test_averaged_weights_take_their_place_at_the_end():
    def averaging():
        return keras.optimizers.Adam(0.01, use_ema=True, ema_momentum=0.5)

    model = fit(small(), optimizer=averaging(), epochs=3, batch_size=1000)
    theirs = small()
    theirs.compile(averaging(), SPARSE)
    theirs.fit(X, Y, 1000, epochs=3, verbose=0)
    assert_equal_weights(model, theirs)


def test_what_is_excluded_from_weight_decay_is_excluded():
    trainer = training.Trainer(optimizer=excluding())
    free = trainer.fit(small(), X, Y, epochs=1)
    assert_equal_weights(free, fit(small(), optimizer=keras.optimizers.AdamW(0.01, weight_decay=0)))
    with pytest.raises(ValueError, match="must be one that can be copied"):
        trainer.fit(small(), X, Y, epochs=1)


def excluding():
    optimizer = keras.optimizers.AdamW(0.01, weight_decay=50.0)
    optimizer.exclude_from_weight_decay(var_names=["kernel", "bias"])
    return optimizer


def test_the_history_keeps_what_callbacks_add():
    class Counting(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["number"] = epoch + 1

    assert fit(small(), epochs=2, callbacks=[Counting()]).history.history["number"] == [1, 2]


def test_callbacks_hear_the_validation():
    heard = []

    class Listener(keras.callbacks.Callback):
        def on_test_begin(self, logs=None):
            heard.append("begin")

        def on_test_batch_end(self, batch, logs=None):
            heard.append(batch)

        def on_test_end(self, logs=None):
            heard.append(sorted(logs))

    many = np.repeat(X, 2, axis=0), np.repeat(Y, 2)
    fit(small(), validation=many, callbacks=[Listener()])
    assert heard == ["begin", 0, 1, ["accuracy", "loss"]]


def test_callbacks_hear_epochs_and_batches():
    heard = []

    class Listener(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            heard.append((epoch, sorted(logs)))

        def on_train_batch_end(self, batch, logs=None):
            heard.append(batch)

    listening = fit(small(), epochs=2, callbacks=[Listener()], validation=(X, Y))
    names = ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert heard == [0, 1, 2, 3, (0, names), 0, 1, 2, 3, (1, names)]
    assert_equal_weights(listening, fit(small(), epochs=2))


def test_a_callback_may_stop_the_training_within_an_epoch():
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 1

    model = fit(small(), epochs=9, callbacks=Stop())
    assert len(model.history.history["loss"]) == 1
    assert int(model.optimizer.iterations) == 2


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_a_callback_may_set_the_rate_of_each_epoch():
    schedule = keras.callbacks.LearningRateScheduler(lambda epoch: 0.5 if epoch == 0 else 0.0)
    settings = {"optimizer": "sgd", "learning_rate": 0.1, "batch_size": 1000}
    one, two = (fit(small(), epochs=n, callbacks=[schedule], **settings) for n in (1, 2))
    assert_equal_weights(one, two)


@pytest.mark.parametrize(
    ("callbacks", "found"),
    [([lambda: None], "function"), (3, "int"), (0, "int"), ("ab", "str"), (keras.callbacks.History, "type")],
)
def test_what_is_no_callback_is_refused(callbacks, found):
    with pytest.raises(TypeError, match=rf"callbacks must be keras.callbacks.Callback. Received: {found}"):
        fit(small(), callbacks=callbacks)


class Reading(keras.callbacks.Callback):
    """A callback that reads the network of the caller, and sets it back to its start after the second epoch."""

    def __init__(self, network):
        super().__init__()
        self.network, self.start, self.moved = network, network.get_weights(), []

    def on_epoch_end(self, epoch, logs=None):
        assert self.model is self.network
        self.moved.append(bool((self.network.get_weights()[0] != self.start[0]).any()))
        if epoch == 1:
            self.network.set_weights(self.start)
            self.network.optimizer.learning_rate = 0.0


@pytest.mark.parametrize("position", ["first", "second"])
def test_a_callback_reads_and_sets_the_network_of_the_caller(position):
    trainer, model = training.Trainer(), small(seed=1)
    if position == "second":
        trainer.fit(small(), X, Y, epochs=1)
    reading = Reading(model)
    trainer.fit(model, X, Y, epochs=3, callbacks=[reading])
    assert reading.moved == [True, True, False]
    np.testing.assert_array_equal(model.get_weights()[0], reading.start[0])
    assert_equal_weights(trainer.fit(small(seed=2), X, Y, epochs=2), fit(small(seed=2), epochs=2))


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
@pytest.mark.parametrize("position", ["first", "second"])
def test_keras_callbacks_save_and_restore_the_network_of_the_caller(position, tmp_path):
    trainer, model, file = training.Trainer(), small(seed=1), tmp_path / "best.weights.h5"
    if position == "second":
        trainer.fit(small(), X, Y, epochs=1)
    saving = keras.callbacks.ModelCheckpoint(file, monitor="loss", save_weights_only=True)
    worst = keras.callbacks.EarlyStopping("loss", mode="max", patience=2, restore_best_weights=True)
    trainer.fit(model, X, Y, epochs=5, callbacks=[saving, worst])
    assert len(model.history.history["loss"]) == 3
    assert_equal_weights(model, fit(small(seed=1), epochs=1))
    saved = small()
    saved.load_weights(file)
    assert_equal_weights(saved, fit(small(seed=1), epochs=3))


def test_patience_stops_and_restores_the_best_weights():
    validation = (DIGITS.x_validation, DIGITS.y_validation)
    model = fit(models.dense(), epochs=200, learning_rate=0.02, validation=validation, patience=3)
    losses = model.history.history["val_loss"]
    assert len(losses) < 200
    assert len(losses) - 1 - np.argmin(losses) == 3
    assert model.evaluate(*validation, verbose=0)[0] == pytest.approx(min(losses), abs=1e-5)


def test_patience_without_validation_is_refused():
    with pytest.raises(ValueError, match="patience needs validation examples"):
        fit(small(), patience=3)


# ---- weights of examples and classes ----


def test_class_weights_and_sample_weights_are_those_of_keras():
    class_weight = {3: 5.0, 7: 0.0}
    ours = fit(small(), epochs=2, batch_size=1000, class_weight=class_weight)
    assert_equal_weights(ours, by_keras(small(), X, Y, loss=SPARSE, class_weight=class_weight))
    each = np.array([class_weight.get(label, 1.0) for label in Y])
    assert_equal_weights(ours, fit(small(), epochs=2, batch_size=1000, sample_weight=each))
    column = fit(small(), y=Y[:, None], epochs=2, batch_size=1000, class_weight=class_weight)
    assert_equal_weights(ours, column)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"class_weight": {0: 1.0}, "sample_weight": np.ones(200)}, "must not be given together"),
        ({"sample_weight": np.ones(100)}, "equally long. Received: 200 and 100"),
        ({"sample_weight": -np.ones(200)}, "sample_weight must be at least 0"),
        ({"class_weight": {"three": 1.0}}, "class must be a whole number"),
        ({"class_weight": {3: -1.0}}, "class_weight must be at least 0"),
        ({"class_weight": [1.0] * 10}, "class_weight must be a dict"),
        ({"sample_weight": np.ones((200, 2))}, r"sample_weight must have the shape \(200,\). Received: \(200, 2\)"),
        ({"validation": X}, r"validation must be \(x, y\)"),
    ],
)
def test_weights_that_do_not_fit_are_refused(settings, message):
    with pytest.raises((TypeError, ValueError), match=message):
        fit(small(), **settings)


# ---- models of every kind ----


class Own(keras.Model):
    """A subclassed model whose call takes no `training`."""

    def __init__(self):
        super().__init__()
        self.flat, self.last = L.Flatten(), L.Dense(10, activation="softmax", kernel_initializer="zeros")

    def call(self, x):
        return self.last(self.flat(x))


@pytest.mark.filterwarnings("ignore:`build")  # Keras's own, of a model without a `build`
@pytest.mark.parametrize("build", [lambda net: net.build((None, 28, 28, 1)), lambda net: net(X[:1])])
def test_a_subclassed_model_trains_and_predicts(build):
    model = Own()
    build(model)
    fit(model, epochs=10, validation=(X, Y))
    assert training.predict(model, X).shape == (200, 10)
    assert training.score(model, X, Y) > 0.8


def test_a_model_with_a_training_step_of_its_own_needs_no_labels():
    class Code(keras.Model):
        def __init__(self):
            super().__init__()
            self.code, self.tracker = L.Dense(784), keras.metrics.Mean(name="distance")

        def call(self, x):
            return self.code(keras.ops.reshape(x, (-1, 784)))

        def train_step(self, data):
            import tensorflow as tf

            (x,) = data
            with tf.GradientTape() as tape:
                loss = keras.ops.mean((self(x) - keras.ops.reshape(x, (-1, 784))) ** 2)
            self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
            self.tracker.update_state(loss)
            return {"distance": self.tracker.result()}

        def test_step(self, data):
            return {"distance": self.tracker.result()}

    model = Code()
    model(X[:1])
    history = fit(model, y=None, loss=None, epochs=3).history.history
    assert history["distance"][2] < history["distance"][0]


@pytest.mark.filterwarnings("ignore:`build`|You are")
def test_a_step_that_reports_what_no_metric_holds_is_refused():
    class Reporting(Own):
        def train_step(self, data):
            return super().train_step(data) | {"distance": keras.ops.sum(data[0])}

    model = Reporting()
    model(X[:1])
    before = model.get_weights()
    with pytest.raises(ValueError, match=r"must report metrics that the model holds.* Received: distance"):
        fit(model)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_an_adapted_layer_keeps_what_it_has_adapted_to():
    first = L.Normalization()
    first.adapt(1000 + 255 * X)
    model = keras.Sequential([keras.Input((28, 28, 1)), first, L.Flatten(), L.Dense(10, activation="softmax")])
    fit(model, x=1000 + 255 * X, epochs=10)
    assert training.score(model, 1000 + 255 * X, Y) > 0.8


@pytest.mark.parametrize("part", ["kernel", "bias", "layer"])
def test_what_is_frozen_stays_and_the_rest_moves(part):
    model = small()
    layer = model.layers[1]
    (layer if part == "layer" else getattr(layer, part)).trainable = False
    before = layer.get_weights()
    extra = keras.Sequential([keras.Input((28, 28, 1)), *model.layers, L.Dense(10, activation="softmax")])
    fit(extra)
    moved = [bool((a != b).any()) for a, b in zip(before, layer.get_weights(), strict=True)]
    assert moved == {"kernel": [False, True], "bias": [True, False], "layer": [False, False]}[part]


def two_in_two_out():
    pixels, extra = keras.Input((28, 28, 1), name="pixels"), keras.Input((3,), name="extra")
    both = L.Concatenate()([L.Flatten()(pixels), extra])
    digit, sure = L.Dense(10, "softmax", name="digit")(both), L.Dense(1, name="sure")(both)
    return models.seeded(keras.Model([pixels, extra], [digit, sure]), 0)


@pytest.mark.parametrize("form", ["lists", "dicts"])
def test_several_inputs_and_outputs(form):
    extra = np.random.default_rng(0).normal(size=(200, 3))
    x, y = [X, extra], [Y, extra[:, :1]]
    loss = [SPARSE, "mse"]
    if form == "dicts":
        x = dict(zip(("pixels", "extra"), x, strict=True))
    ours = fit(two_in_two_out(), x=x, y=y, loss=loss, epochs=2, batch_size=1000)
    assert_equal_weights(ours, by_keras(two_in_two_out(), x, y, loss=loss))
    digit, sure = training.predict(ours, x)
    assert digit.shape == (200, 10)
    assert sure.shape == (200, 1)
    with pytest.raises(ValueError, match="a model with one output"):
        training.score(ours, x, Y)
    with pytest.raises(ValueError, match=r"equally long. Received: 200 and 100"):
        fit(two_in_two_out(), x=[X, extra[:100]], y=y, loss=loss)


# ---- answers of every kind ----


@pytest.mark.parametrize("labels", [Y, Y[:, None], Y.astype("uint8"), Y.tolist()])
def test_labels_may_stand_in_a_row_or_a_column(labels):
    model = fit(small(), y=labels)
    assert_equal_weights(model, fit(small()))
    assert training.score(model, X, labels) == training.score(model, X, Y)


def test_one_hot_labels_need_a_categorical_loss_and_are_called_by_their_name():
    one_hot = np.eye(10)[Y]
    ours = fit(small(), y=one_hot, loss="categorical_crossentropy", epochs=2)
    assert_equal_weights(ours, fit(small(), epochs=2))
    for call in (lambda: fit(small(), y=one_hot), lambda: training.score(ours, X, one_hot)):
        with pytest.raises(ValueError, match=r"these look one-hot: take y.argmax"):
            call()
    with pytest.raises(ValueError, match=r"must be one-hot.*take sparse_categorical_crossentropy"):
        fit(small(), loss="categorical_crossentropy")


def test_one_unit_with_a_sigmoid():
    high = (Y > 4).astype(int)
    model = fit(small(units=1, activation="sigmoid"), y=high, loss="binary_crossentropy", epochs=20)
    accuracy = training.score(model, X, high)
    assert accuracy > 0.8
    assert accuracy == training.score(model, X, high[:, None]) == training.score(model, X, high.astype(bool))
    assert model.history.history["accuracy"][-1] == pytest.approx(accuracy, abs=0.1)
    with pytest.raises(ValueError, match=r"labels of a model with one unit must be 0 or 1. Received: 0…9"):
        training.score(model, X, Y)
    with pytest.raises(ValueError, match="labels of a binary cross-entropy must be in 0…1"):
        fit(small(units=1, activation="sigmoid"), y=Y, loss="binary_crossentropy")


def test_one_unit_with_a_logit():
    high = (Y > 4).astype(int)
    model = fit(
        small(units=1, activation=None), y=high, loss=keras.losses.BinaryCrossentropy(from_logits=True), epochs=20
    )
    assert model.history.history["accuracy"][-1] > 0.8
    with pytest.raises(ValueError, match="must give probabilities in 0…1"):
        training.score(model, X, high)
    metric = keras.metrics.BinaryAccuracy(threshold=0.0)
    assert training.score(model, X, high, metric=metric) == pytest.approx(
        np.mean((training.predict(model, X)[:, 0] > 0) == high)
    )


@pytest.mark.parametrize("form", ["row", "column"])
def test_regression_in_any_order_of_forms(form):
    target = X.sum(axis=(1, 2, 3))
    y = target if form == "row" else target[:, None]
    model = fit(small(units=1, activation=None), y=y, loss="mse", epochs=2, batch_size=1000)
    assert set(model.history.history) == {"loss"}
    assert_equal_weights(model, by_keras(small(units=1, activation=None), X, target[:, None], loss="mse"))
    distance = training.score(model, X, y, metric="mae")
    assert distance == pytest.approx(np.abs(training.predict(model, X)[:, 0] - target).mean(), rel=1e-5)
    with pytest.raises(ValueError, match=r"y must have the shape of the model's outputs, \(200, 1\)"):
        fit(small(units=1, activation=None), y=np.zeros((200, 3)), loss="mse")


def test_a_class_for_each_pixel():
    ink = (X > 0.5).astype(int)
    layers = [keras.Input((28, 28, 1)), L.Conv2D(2, 1, activation="softmax")]
    model = models.seeded(keras.Sequential(layers), 0)
    fit(model, y=ink, epochs=30, learning_rate=0.05)
    right = np.mean(training.predict(model, X).argmax(axis=-1) == ink[..., 0])
    assert right > 0.95
    assert training.score(model, X, ink) == training.score(model, X, ink[..., 0]) == pytest.approx(right)
    with pytest.raises(
        ValueError, match=r"labels must have the shape \(200, 28, 28\). Received: y with shape \(200,\)"
    ):
        training.score(model, X, Y)


def test_score_takes_any_metric_of_keras():
    model = fit(small(), epochs=5)
    accuracy = training.score(model, X, Y)
    assert training.score(model, X, Y, metric="accuracy") == accuracy
    metric = keras.metrics.SparseCategoricalAccuracy()
    assert training.score(model, X, Y, metric=metric) == pytest.approx(accuracy)
    assert training.score(model, X, Y, metric=metric) == pytest.approx(accuracy)  # starts anew
    loss = training.score(model, X, Y, metric="sparse_categorical_crossentropy")
    assert loss == pytest.approx(model.evaluate(X, Y, verbose=0)[0], abs=1e-5)
    assert training.score(model, X, np.eye(10)[Y], metric=keras.metrics.F1Score()).shape == (10,)
    with pytest.raises(ValueError, match="metric must be one that Keras knows"):
        training.score(model, X, Y, metric="accurracy")


def test_predict_and_score_are_in_inference_mode():
    layers = [keras.Input((28, 28, 1)), L.Flatten(), L.Dropout(0.5), L.BatchNormalization()]
    model = models.seeded(keras.Sequential([*layers, L.Dense(10, activation="softmax")]), 0)
    fit(model, epochs=2)
    before = [variable.numpy() for variable in model.variables]
    np.testing.assert_allclose(training.predict(model, X), model.predict(X, verbose=0), atol=1e-5)
    assert training.score(model, X, Y) == training.score(model, X, Y)
    for old, variable in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(old, variable.numpy())


@pytest.mark.parametrize("call", [training.predict, lambda model, x: training.score(model, x, [0])])
def test_one_image_without_a_batch_axis_is_told_so(call):
    with pytest.raises(ValueError, match=r"must have a batch axis before .*\(28, 28, 1\).*x\[np.newaxis\]"):
        call(small(), X[0])


# ---- forms that differ between training and validation ----


def per_pixel():
    return models.seeded(keras.Sequential([keras.Input((None, None, 1)), L.Conv2D(3, 3, padding="same")]), 0)


PIXELS = {"loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True)}


@pytest.mark.parametrize("where", ["training", "validation"])
def test_weights_may_stand_in_one_of_training_and_validation(where):
    weights = np.linspace(0, 2, 100)
    ours = {"sample_weight": weights} if where == "training" else {}
    validation = (X[100:], Y[100:], weights) if where == "validation" else (X[100:], Y[100:])
    trainer = training.Trainer()
    for _ in range(2):
        model = trainer.fit(small(), X[:100], Y[:100], epochs=2, batch_size=1000, validation=validation, **ours)
        theirs = by_keras(small(), X[:100], Y[:100], loss=SPARSE, validation_data=validation, **ours)
        assert_equal_weights(model, theirs)
        np.testing.assert_allclose(model.history.history["val_loss"], theirs.history.history["val_loss"], rtol=1e-5)


def test_validation_may_have_other_sizes_and_kinds_of_numbers():
    x, y = np.random.default_rng(0).uniform(size=(6, 5, 7, 1)), np.arange(6 * 5 * 7).reshape(6, 5, 7) % 3
    validation = (X[:9], (X[:9, :, :, 0] > 0.5).astype("uint8"))
    model = fit(per_pixel(), x, y, batch_size=1000, epochs=2, validation=validation, **PIXELS)
    theirs = by_keras(per_pixel(), x, y, validation_data=validation, **PIXELS)
    np.testing.assert_allclose(model.history.history["val_loss"], theirs.history.history["val_loss"], rtol=1e-5)


@pytest.mark.parametrize("form", ["image", "pixel"])
def test_weights_per_image_and_per_pixel(form):
    # As many images as columns: the weight of an image must not become the weight of a column.
    x, y = np.random.default_rng(0).uniform(size=(6, 5, 6, 1)), np.arange(6 * 5 * 6).reshape(6, 5, 6) % 3
    of_images = np.arange(6.0)
    of_pixels = np.broadcast_to(of_images[:, None, None], y.shape)
    weights = of_images if form == "image" else of_pixels
    model = fit(per_pixel(), x, y, batch_size=1000, epochs=2, sample_weight=weights, **PIXELS)
    assert_equal_weights(model, by_keras(per_pixel(), x, y, sample_weight=of_pixels, **PIXELS))
    with pytest.raises(ValueError, match=r"sample_weight must have the shape \(6,\) or \(6, 5, 6\)"):
        fit(per_pixel(), x, y, sample_weight=np.ones((6, 5)), **PIXELS)


def two_heads():
    image = keras.Input((28, 28, 1))
    flat = L.Flatten()(image)
    digit = L.Dense(10, activation="softmax", name="digit", kernel_initializer="zeros")(flat)
    return keras.Model(image, [digit, L.Dense(1, name="ink", kernel_initializer="zeros")(flat)])


def test_each_of_several_outputs_is_checked_by_its_own_loss():
    losses = {"digit": SPARSE, "ink": "mse"}
    ink = X.mean((1, 2, 3))
    answers = {"digit": Y, "ink": ink[:, None]}
    weights = {"digit": np.linspace(0, 2, 200), "ink": np.ones(200)}
    theirs = by_keras(two_heads(), X, list(answers.values()), loss=losses, sample_weight=list(weights.values()))
    for y in (answers, [Y.tolist(), ink]):
        weighted = list(weights.values())
        model = fit(two_heads(), X, y, loss=losses, epochs=2, batch_size=1000, sample_weight=weighted)
        assert_equal_weights(model, theirs)
    with pytest.raises(ValueError, match=r"form of the outputs, a list of 2. Received: a dict of 2"):
        fit(two_heads(), X, answers, loss=losses, sample_weight=weights)
    for y, message in [
        ([Y + 1, ink], "labels must be in 0…9. Received: 1…10"),
        ([Y, X], r"y must have the shape of the model's outputs, \(200, 1\)"),
        ({"digit": Y}, "one array for each output of the model, .*'digit', 'ink'.* Received: 1"),
        ({"digit": Y, "pen": ink}, "must have the names of the model's outputs"),
    ]:
        with pytest.raises(ValueError, match=message):
            fit(two_heads(), X, y, loss=losses)


def test_labels_of_losses_with_forms_of_their_own_are_taken():
    model = fit(small(activation=None), loss="circle", batch_size=1000, epochs=2)
    assert_equal_weights(model, by_keras(small(activation=None), X, Y, loss="circle"))


def test_a_stateful_layer_and_a_missing_input_are_refused():
    stateful = keras.Sequential([keras.Input(batch_shape=(4, 28, 28)), L.SimpleRNN(10, stateful=True)])
    for call in (fit, training.predict):
        with pytest.raises(ValueError, match="layers must not be stateful"):
            call(stateful, X[:4, :, :, 0])
    both = {name: keras.Input((1,), name=name) for name in ("a", "b")}
    model = keras.Model(both, L.Dense(1)(L.Add()(list(both.values()))))
    with pytest.raises(ValueError, match=r"one array for each input of the model. Received: none for .*b"):
        fit(model, {"a": np.zeros((4, 1))}, np.zeros(4), loss="mse")


# ---- what is shared ----


def trainer_of(model):
    trainer = training.Trainer()
    trainer.fit(model, X, Y, epochs=1)
    return trainer


def test_the_networks_of_a_trainer_may_share_a_loss_that_is_a_function_of_the_caller():
    trainer = training.Trainer(loss=lambda y, p: keras.losses.sparse_categorical_crossentropy(y, p))
    for seed in (0, 1):
        assert_equal_weights(
            trainer.fit(small(seed), X, Y, epochs=1, seed=seed), fit(small(seed), loss=SPARSE, seed=seed)
        )


def test_a_trainer_gives_what_a_training_alone_gives_and_leaves_the_first_network_as_it_was():
    first = models.cnn(seed=0)
    trainer = trainer_of(first)
    weights, history = first.get_weights(), first.history
    second = trainer.fit(models.cnn(seed=1), X, Y, epochs=2, seed=3)
    assert_equal_weights(second, fit(models.cnn(seed=1), epochs=2, seed=3))
    for a, b in zip(weights, first.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert first.history is history
    assert second.history.model is second
    assert len(second.history.history["loss"]) == 2


def test_networks_of_one_kind_are_compiled_once():
    in_graphs = []

    class Marked(L.Layer):
        def call(self, x):
            in_graphs.append(not isinstance(x, keras.KerasTensor) and not hasattr(x, "numpy"))
            return x

    def marked(seed):
        return models.seeded(keras.Sequential([keras.Input((28, 28, 1)), Marked(), *small().layers]), seed)

    first, other = marked(0), marked(1)
    built = sum(in_graphs)
    trainer = trainer_of(first)
    compiled = sum(in_graphs)
    assert compiled > built
    trainer.fit(other, X, Y, epochs=3)
    assert sum(in_graphs) == compiled


@pytest.mark.parametrize(
    ("first", "other", "found"),
    [
        (lambda: models.dense(), lambda: models.dense(units=(32,)), "variables of the shapes"),
        (lambda: models.dense(), lambda: models.dense(activation="tanh"), "two layers Dense with other settings"),
        (
            lambda: models.cnn(activation=lambda x: x * 1.0),
            lambda: models.cnn(activation=lambda x: x * 2.0),
            "other settings",
        ),
        (lambda: dropping(0.1), lambda: dropping(0.9), "two layers Dropout with other settings"),
        (lambda: adapted(1.0), lambda: adapted(9.0), "other outputs for the same weights"),
    ],
)
def test_a_network_of_another_kind_is_refused_and_left_as_it_was(first, other, found):
    trainer, refused = trainer_of(first()), other()
    before = refused.get_weights()
    with pytest.raises(
        ValueError, match=f"must differ in their weights alone: use another Trainer. Received: .*{found}"
    ):
        trainer.fit(refused, X, Y)
    for a, b in zip(before, refused.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def dropping(rate):
    layers = [keras.Input((28, 28, 1)), L.Flatten(), L.Dropout(rate), L.Dense(10, activation="softmax")]
    return models.seeded(keras.Sequential(layers), 0)


def adapted(scale):
    first = L.Normalization()
    first.adapt(scale * X)
    return keras.Sequential([keras.Input((28, 28, 1)), first, L.Flatten(), L.Dense(10, activation="softmax")])


def test_freezing_a_part_of_the_first_network_later_is_obeyed():
    model = small()
    trainer = trainer_of(model)
    model.layers[1].trainable = False
    before = model.get_weights()
    extra = L.Dense(10, activation="softmax")
    whole = keras.Sequential([keras.Input((28, 28, 1)), *model.layers, extra])
    fit(whole)
    np.testing.assert_array_equal(before[0], model.get_weights()[0])
    model.layers[1].trainable, model.layers[1].kernel.trainable = True, False
    trainer.fit(model, X, Y)
    np.testing.assert_array_equal(before[0], model.get_weights()[0])
    assert (before[1] != model.get_weights()[1]).any()


def test_a_setting_of_the_first_network_that_is_changed_later_is_obeyed():
    first, other = dropping(0.5), dropping(0.0)
    trainer = trainer_of(first)
    first.layers[1].rate = 0.0
    other.set_weights(first.get_weights())
    assert_equal_weights(trainer.fit(first, X, Y, epochs=1), fit(other))


@pytest.mark.filterwarnings("ignore:`build`|You are")
def test_a_layer_of_ones_own_with_another_setting_is_refused():
    class Scaled(Own):
        def __init__(self, factor):
            super().__init__()
            self.factor = factor

        def call(self, x, training=False):
            return super().call(x * self.factor if training else x)

    first, alike, other = Scaled(1.0), Scaled(1.0), Scaled(3.0)
    for model in (first, alike, other):
        model(X[:1])
    trainer = trainer_of(first)
    trainer.fit(alike, X, Y, epochs=1)
    with pytest.raises(ValueError, match="must differ in their weights alone"):
        trainer.fit(other, X, Y)


def test_a_batch_may_be_larger_than_any_number_of_examples():
    assert_equal_weights(fit(small(), batch_size=2**40), fit(small(), batch_size=200))


def test_no_callbacks_may_be_none():
    fit(small(), callbacks=None)


@pytest.mark.parametrize("call", [fit, lambda model: training.predict(model, X)])
@pytest.mark.parametrize("model", ["model", L.Dense(3)])
def test_what_is_no_model_is_refused(call, model):
    with pytest.raises(TypeError, match=r"model must be a keras.Model. Received: (str|Dense)"):
        call(model)


@pytest.mark.parametrize(
    ("metric", "y"),
    [
        ("categorical_accuracy", Y),
        ("mse", Y),
        (keras.metrics.AUC(), Y),
        ("sparse_top_k_categorical_accuracy", np.eye(10)[Y]),
        (keras.metrics.SparseCategoricalAccuracy(), np.eye(10)[Y]),
    ],
)
def test_a_metric_gets_labels_of_its_own_form(metric, y):
    with pytest.raises(ValueError, match=r"y must hold (class numbers|one value for each output).* for the metric"):
        training.score(small(), X, y, metric=metric)


def test_a_training_inside_its_own_callback_is_refused():
    trainer = training.Trainer()
    again = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: trainer.fit(small(), X, Y))
    with pytest.raises(RuntimeError, match="one network at a time"):
        trainer.fit(small(), X, Y, callbacks=[again])
    trainer.fit(small(), X, Y, epochs=1)


@pytest.mark.parametrize("shared", [True, False])
def test_two_threads_get_what_one_thread_gets(shared):
    trainer = training.Trainer()
    got = {}

    def work(seed):
        train = trainer.fit if shared else training.fit
        got[seed] = train(models.dense(seed=seed), X, Y, epochs=5, seed=seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, model in got.items():
        assert_equal_weights(model, fit(models.dense(seed=seed), epochs=5, seed=seed))


def test_a_failed_call_leaves_nothing_behind():
    trainer = training.Trainer(loss="categorical_crossentropy")
    with pytest.raises(ValueError, match="must be one-hot"):
        trainer.fit(small(), X, Y)
    trainer.fit(small(), X, np.eye(10)[Y], epochs=1)

    class Fail(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise OSError("disk full")

    trainer = training.Trainer()
    with pytest.raises(OSError, match="disk full"):
        trainer.fit(small(), X, Y, callbacks=[Fail()])
    assert_equal_weights(trainer.fit(small(seed=2), X, Y, epochs=1), fit(small(seed=2)))


@pytest.mark.parametrize("position", ["first", "second"])
def test_an_interrupted_training_keeps_what_it_has_learned(position):
    trainer = training.Trainer()
    if position == "second":
        trainer.fit(models.dense(seed=5), X, Y, epochs=1)
    model = models.dense()
    before = model.get_weights()[0]
    interrupt = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: epoch == 2 and os.kill(os.getpid(), signal.SIGINT)
    )
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(model, X, Y, epochs=500, callbacks=[interrupt])
    assert (before != model.get_weights()[0]).any()
    assert 2 <= len(model.history.history["loss"]) <= 4
    assert_equal_weights(trainer.fit(models.dense(seed=1), X, Y, epochs=2), fit(models.dense(seed=1), epochs=2))


def test_an_interrupt_comes_through_a_long_epoch():
    many = np.zeros((60_000, 28, 28, 1), "float32")
    timer = threading.Timer(4, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        fit(models.cnn(filters=(32, 32)), many, np.zeros(60_000, int), epochs=50)


class Losing(L.Layer):
    """A layer in which an interrupt comes and is lost, as it may be in parts of Keras and of TensorFlow."""

    where = "nowhere"

    def call(self, x):
        if self.where == ("eager" if hasattr(x, "numpy") else "graph"):
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        return x


@pytest.mark.parametrize(
    ("where", "call"),
    [
        ("graph", lambda net: fit(net)),
        ("eager", lambda net: fit(net)),
        ("eager", lambda net: training.predict(net, X)),
        ("eager", lambda net: training.score(net, X, Y)),
        ("eager", lambda net: explain.saliency(net, X, 3)),
        ("eager", lambda net: explain.grad_cam(net, X, 3)),
    ],
)
def test_an_interrupt_within_a_network_is_not_lost(where, call):
    layers = [keras.Input((28, 28, 1)), Losing(), L.Conv2D(2, 3), L.Flatten(), L.Dense(10, "softmax")]
    net, before = models.seeded(keras.Sequential(layers), 0), signal.getsignal(signal.SIGINT)
    losing = net.layers[0]
    losing.where = where
    with pytest.raises(KeyboardInterrupt):
        call(net)
    losing.where = "nowhere"
    assert signal.getsignal(signal.SIGINT) is before
    call(net)


@pytest.mark.parametrize("error", [None, SystemError("bad argument to internal function")])
def test_a_delayed_interrupt_replaces_the_error_that_it_caused(error):
    def block():
        with _interrupts.delayed():
            signal.raise_signal(signal.SIGINT)
            if error:
                raise error
            done.append(True)

    done, before = [], signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        block()
    assert done == ([] if error else [True])
    assert signal.getsignal(signal.SIGINT) is before


def test_interrupts_are_delayed_in_the_main_thread_alone():
    seen = []

    @_interrupts.delayed()
    def look():
        seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]
    look()
    assert seen[1] is not seen[0]


def test_no_global_random_state_is_read_or_changed():
    def states():
        return random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002

    random.seed(1)
    before = states()
    first = fit(models.cnn(seed=3))
    training.score(first, X, Y)
    training.repeat(lambda seed: seed, seeds=2)
    assert states() == before
    random.seed(2)
    assert_equal_weights(first, fit(models.cnn(seed=3)))


# ---- repeat ----


@pytest.mark.parametrize("seeds", [3, np.int64(3), range(3), [0, 1, 2], np.arange(3), iter([0, 1, 2])])
def test_seeds_may_come_in_any_form(seeds):
    result = training.repeat(lambda seed: 10 * seed, seeds=seeds)
    assert result.seeds == (0, 1, 2)
    np.testing.assert_array_equal(result.values, [0, 10, 20])


def test_results_of_other_seeds_do_not_subtract():
    first, other = (training.repeat(float, seeds=seeds) for seeds in ([0, 1], [2, 3]))
    with pytest.raises(ValueError, match=r"must come from the same seeds. Received: \(0, 1\) and \(2, 3\)"):
        first - other
    assert (first - first).seeds == first[...].seeds == (0, 1)


@pytest.mark.parametrize("seeds", [[1, 1], [0.5, 1], ["a", "b"], [-1, 2], True, None])
def test_what_are_no_seeds_is_refused(seeds):
    with pytest.raises((TypeError, ValueError), match="seeds"):
        training.repeat(float, seeds=seeds)


@pytest.mark.parametrize("result", [None, "0.5", {"accuracy": 1}, [[1], [1, 2]], 1j, np.nan])
def test_a_result_that_is_no_number_is_refused_at_once(result):
    asked = []
    with pytest.raises((TypeError, ValueError), match="results must"):
        training.repeat(lambda seed: asked.append(seed) or result)
    assert asked == [0]


def test_an_interrupt_while_memory_is_freed_is_not_lost():
    class Interrupting:
        def __init__(self):
            self.itself = self

        def __del__(self):
            os.kill(os.getpid(), signal.SIGINT)

    def experiment(seed):
        if seed == 1:
            Interrupting()
        return seed

    done = []
    with pytest.raises(KeyboardInterrupt):
        training.repeat(lambda seed: done.append(seed) or experiment(seed), seeds=3)
    assert done == [0, 1]


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_failure_at_the_last_seed_keeps_the_results_of_the_others(error):
    def experiment(seed):
        if seed == 2:
            raise error
        return seed / 4

    with pytest.raises(type(error)) as caught:
        training.repeat(experiment, seeds=3)
    assert "The results of the seeds before: {0: 0.0, 1: 0.25}" in caught.value.__notes__[0]


def test_what_the_learner_has_is_collected_again_after_the_seeds():
    before = gc.get_freeze_count()
    training.repeat(float, seeds=2)
    with pytest.raises(OSError, match="full"):
        training.repeat(fail, seeds=2)
    assert gc.get_freeze_count() == before


def fail(seed):
    raise OSError("full")


class Penalty(keras.Regularizer):
    """A regulariser of the caller, which has no configuration."""

    def __init__(self, strength):
        self.strength = strength

    def __call__(self, weights):
        return self.strength * keras.ops.sum(weights**2)


def held_back(regularizer):
    layers = [keras.Input((28, 28, 1)), L.Flatten(), L.Dense(10, "softmax", kernel_regularizer=regularizer)]
    return keras.Sequential(layers)


def test_a_regulariser_without_a_configuration_is_compared_by_what_it_holds():
    trainer = training.Trainer()
    for strength in (0.1, 0.1):
        trainer.fit(held_back(Penalty(strength)), X, Y, epochs=1)
    with pytest.raises(ValueError, match="two layers Dense with other settings"):
        trainer.fit(held_back(Penalty(100.0)), X, Y, epochs=1)


def test_functions_that_hold_arrays_are_compared():
    def centred(mean):
        layers = [keras.Input((28, 28, 1)), L.Lambda(lambda image: image - mean), L.Flatten(), L.Dense(10, "softmax")]
        return keras.Sequential(layers)

    trainer = training.Trainer()
    for _ in range(2):
        trainer.fit(centred(X.mean(axis=0)), X, Y, epochs=1)
    with pytest.raises(ValueError, match="two layers Lambda with other settings"):
        trainer.fit(centred(X.max(axis=0)), X, Y, epochs=1)


def test_a_callback_may_have_its_methods_in_itself():
    model, seen = small(), []

    def stop(batch, logs):
        seen.append(batch)
        model.stop_training = True

    fit(model, epochs=9, batch_size=20, callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=stop)])
    assert len(seen) == 1


def test_inputs_may_have_the_names_that_the_model_gives_them():
    left, right = keras.Input((4,)), keras.Input((4,))
    with pytest.warns(UserWarning, match="all keys in the dict must match"):
        model = keras.Model({"left": left, "right": right}, L.Subtract()([left, right]))
    values = np.arange(8, dtype=np.float32).reshape(2, 4)
    np.testing.assert_array_equal(training.predict(model, {"right": values, "left": 3 * values}), 2 * values)
    with pytest.raises(ValueError, match="none for"):
        training.predict(model, {"left": values})


def test_classes_may_be_weighted_where_labels_are_one_hot():
    one_hot, weight = np.eye(10, dtype=int)[Y], {3: 5.0}
    ours = fit(small(), y=one_hot, loss="categorical_crossentropy", batch_size=1000, class_weight=weight)
    theirs = fit(small(), y=Y, batch_size=1000, class_weight=weight)
    assert_equal_weights(ours, theirs)


def test_classes_are_not_weighted_where_an_example_may_have_several():
    labels = np.eye(10, dtype=int)[Y]
    with pytest.raises(TypeError, match="labels must be class numbers when class_weight is given"):
        fit(small(activation="sigmoid"), y=labels, loss="binary_crossentropy", class_weight={1: 2.0})


def test_one_number_for_each_example_is_scored():
    image = keras.Input((28, 28, 1))
    answer = keras.ops.squeeze(L.Dense(1, "sigmoid", kernel_initializer="zeros")(L.Flatten()(image)), -1)
    assert training.score(keras.Model(image, answer), X, np.ones(len(X), int)) == 1


@pytest.mark.parametrize("metric", ["sparse_categorical_accuracy", "categorical_accuracy"])
def test_a_model_with_one_unit_is_not_scored_by_classes(metric):
    with pytest.raises(ValueError, match="needs a binary metric"):
        training.score(small(units=1, activation="sigmoid"), X, Y % 2, metric=metric)


def test_answers_that_are_no_numbers_are_not_scored():
    model = small()
    model.layers[-1].bias.assign(np.full(10, np.nan))
    with pytest.raises(ValueError, match="the model must give numbers"):
        training.score(model, X, Y)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"metrics": ["mae"]}, "one value for each output"),
        ({"metrics": ["AUC"]}, "one value for each output"),
        ({"metrics": ["acurracy"]}, "metric must be one that Keras knows"),
        ({"metrics": ["crossentropy"]}, "metric must be one that Keras knows"),
        ({"metrics": {"dense": "acurracy"}}, "metric must be one that Keras knows"),
        ({"metrics": "acurracy"}, "metric must be one that Keras knows"),
        ({"metrics": ["MeanIoU"]}, "a metric with settings must be an object"),
        ({"metrics": [keras.metrics.Accuracy()]}, 'metric must be "accuracy"'),
        ({"metrics": [keras.metrics.Mean()]}, "metric must be one that compares predictions with labels"),
        ({"metrics": [keras.metrics.BinaryIoU()]}, "y must hold one value for each output"),
        ({"metrics": [keras.metrics.OneHotMeanIoU(10)]}, "y must hold one value for each output"),
        ({"loss": {"digit": "mse"}}, "loss must have the names of the model's outputs"),
        ({"loss": {}}, "loss must have all names of the model's outputs"),
        ({"loss": [SPARSE, "mse"]}, "loss must hold one for each output of the model.* Received: 2"),
        ({"loss": []}, "loss must hold one for each output of the model.* Received: 0"),
    ],
)
def test_settings_that_do_not_fit_are_refused_with_the_rule(settings, message):
    with pytest.raises(ValueError, match=message):
        fit(small(), **settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"loss": [SPARSE]}, r"loss must hold one for each output of the model, \['digit', 'ink'\]. Received: 1"),
        ({"loss": [SPARSE, "mse", "mse"]}, "loss must hold one for each output .* Received: 3"),
        ({"loss": {"digit": SPARSE}}, r"loss must have all names of .* Received: \['digit'\]"),
        ({"metrics": ["accuracy"]}, "metrics must hold one for each output .* Received: 1"),
        ({"metrics": "accuracy"}, "metrics must hold one for each output .* Received: 1"),
        ({"metrics": {"pen": "mae"}}, r"metrics must have the names of .* Received: \['pen'\]"),
        ({"metrics": [["acurracy"], None]}, "metric must be one that Keras knows"),
    ],
)
def test_settings_of_several_outputs_are_one_for_each(settings, message):
    with pytest.raises(ValueError, match=message):
        fit(two_heads(), y=[Y, X.mean((1, 2, 3))], **({"loss": [SPARSE, "mse"]} | settings))


@pytest.mark.parametrize("metric", ["accuracy", "acc", "sparse_categorical_accuracy"])
def test_fit_and_score_take_the_same_name_of_a_metric(metric):
    model = fit(small(), metrics=metric, validation=(X, Y))
    assert training.score(model, X, Y, metric=metric) == pytest.approx(model.history.history[f"val_{metric}"][-1])


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        ("ce", "metric must be one that Keras knows"),
        ("crossentropy", "metric must be one that Keras knows"),
        ("MeanIoU", "a metric with settings must be an object"),
        ("Accuracy", 'metric must be "accuracy" for a model that gives probabilities'),
        (keras.metrics.Accuracy(), 'metric must be "accuracy"'),
        (keras.metrics.Sum(), "metric must be one that compares predictions with labels"),
    ],
)
@pytest.mark.parametrize("y", [Y, np.eye(10)[Y]])
def test_a_metric_that_does_not_judge_probabilities_is_refused(metric, message, y):
    with pytest.raises(ValueError, match=message):
        training.score(small(), X, y, metric=metric)


LARGE = np.full(X.shape, 1e39)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: training.predict(small(), LARGE), "x"),
        (lambda: training.score(small(), LARGE, Y), "x"),
        (lambda: training.score(small(), X, LARGE[:, 0, :10, 0], metric="mse"), "y"),
        (lambda: fit(small(), LARGE), "x"),
        (lambda: fit(small(), validation=(LARGE, Y)), "x"),
        (lambda: fit(small(units=1, activation=None), y=np.full(200, 1e39), loss="mse"), "y"),
        (lambda: fit(small(), sample_weight=np.full(200, 1e39)), "sample_weight"),
        (lambda: fit(small(), class_weight={3: 1e39}), "class_weight"),
    ],
)
def test_numbers_that_would_become_infinite_are_refused(call, name):
    with pytest.raises(ValueError, match=rf"{name} must hold numbers between .*, the range of float32. Received"):
        call()


def reader(dtype):
    words, other = keras.Input((5,), name="words", dtype=dtype), keras.Input((1,), name="other")
    both = L.Concatenate()([L.Flatten()(L.Embedding(7, 2)(words)), other])
    return keras.Model([words, other], L.Dense(10, "softmax")(both))


@pytest.mark.parametrize("dtype", ["float32", "int32"])
@pytest.mark.parametrize("word", [-1, 7])
def test_a_word_that_no_embedding_knows_is_refused(dtype, word):
    x = [np.full((4, 5), 6), np.zeros((4, 1))]
    assert training.predict(reader(dtype), x).shape == (4, 10)
    x[0][2, 3] = word
    for call in (lambda: training.predict(reader(dtype), x), lambda: fit(reader(dtype), x, Y[:4])):
        with pytest.raises(ValueError, match=r"x\[0\] must be in 0…6, the numbers that the Embedding knows. Received"):
            call()


@pytest.mark.parametrize(("word", "message"), [(3.5, "whole numbers. Received: 3.5"), (2.0**40, "range of int32")])
def test_numbers_that_whole_numbers_cannot_hold_are_refused(word, message):
    with pytest.raises(ValueError, match=message):
        training.predict(reader("int32"), [np.full((4, 5), word), np.zeros((4, 1))])


def test_an_overlap_of_probabilities_is_told_that_they_are_none_of_classes():
    net = keras.Sequential([keras.Input((4, 4, 1)), L.Conv2D(3, 1, activation="softmax")])
    images, labels = np.ones((6, 4, 4, 1)), np.zeros((6, 4, 4), int)
    with pytest.raises(ValueError, match="MeanIoU must have sparse_y_pred=False"):
        training.score(net, images, labels, metric=keras.metrics.MeanIoU(3))
    metric = keras.metrics.MeanIoU(3, sparse_y_pred=False)
    assert 0 <= training.score(net, images, labels, metric=metric) <= 1


def test_a_rate_may_be_a_function():
    fit(small(), optimizer=keras.optimizers.Adam(lambda: 0.01))
