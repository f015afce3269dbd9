"""Training: seeded, quiet, and clear about what it refuses."""

import subprocess
import sys

import numpy as np
import pytest

from lessons_lib import data, keras, models, training
from lessons_lib.training import evaluation

DIGITS = data.digits(train=200, validation=100, test=100)


def trained(seed=0, **settings):
    return training.fit(models.dense(seed=seed), DIGITS.x_train, DIGITS.y_train, seed=seed, epochs=3, **settings)


def test_training_learns():
    model = training.fit(models.dense(), DIGITS.x_train, DIGITS.y_train, epochs=20)
    assert training.score(model, DIGITS.x_train, DIGITS.y_train) > 0.95
    assert training.score(model, DIGITS.x_test, DIGITS.y_test) > 0.6


def test_the_same_seed_gives_the_same_weights_bit_for_bit():
    for a, b in zip(trained(3).get_weights(), trained(3).get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_seed_of_a_training_decides_the_order_and_not_what_dropout_leaves_out():
    alike = np.ones((64, 28, 28, 1)), np.zeros(64, int)
    first, other = (training.fit(normalised(), *alike, epochs=2, seed=seed).get_weights() for seed in (1, 2))
    for a, b in zip(first, other, strict=True):
        np.testing.assert_array_equal(a, b)
    assert (first[0] != normalised().get_weights()[0]).any()


def test_another_seed_gives_other_weights():
    assert (trained(3).get_weights()[0] != trained(4).get_weights()[0]).any()


def normalised(seed=0):
    layers = keras.layers
    hidden = [layers.Flatten(), layers.Dense(16), layers.BatchNormalization(), layers.ReLU(), layers.Dropout(0.5)]
    return models.seeded(keras.Sequential([keras.Input((28, 28, 1)), *hidden, layers.Dense(10, "softmax")]), seed)


def residual(seed=0):
    image = keras.Input((28, 28, 1))
    start = keras.layers.Conv2D(4, 3, strides=4)(image)
    inner = keras.layers.Conv2D(4, 3, padding="same", activation="relu")(start)
    answer = keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(keras.layers.Add()([start, inner])))
    return models.seeded(keras.Model(image, answer), seed)


@pytest.mark.parametrize("build", [models.dense, models.cnn, normalised, residual])
@pytest.mark.parametrize("optimizer", [keras.optimizers.Adam(0.01), keras.optimizers.SGD(0.1, momentum=0.9)])
def test_a_shared_training_gives_what_keras_gives(build, optimizer):
    trainer = training.Trainer(optimizer=optimizer)
    trainer.fit(build(seed=5), DIGITS.x_train, DIGITS.y_train, epochs=1)
    ours = trainer.fit(build(seed=1), DIGITS.x_train, DIGITS.y_train, epochs=3, seed=2)
    plain = build(seed=1)
    plain.compile(type(optimizer).from_config(optimizer.get_config()), "sparse_categorical_crossentropy")
    rng = np.random.default_rng(2)
    for _ in range(3):
        order = rng.permutation(len(DIGITS.x_train))
        for part in np.split(order, [len(order) % 64]):
            plain.fit(DIGITS.x_train[part], DIGITS.y_train[part], 64, shuffle=False, verbose=0)
    for a, b in zip(ours.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


class Halves(keras.initializers.Initializer):
    """An initializer that Keras does not know."""

    def __call__(self, shape, dtype=None):
        return keras.ops.full(shape, 0.5)


def test_a_network_with_parts_of_ones_own_trains_too():
    model = models.deep_dense(depth=1)
    part = keras.layers.Dense(10, activation="softmax", kernel_initializer=Halves())
    own = keras.Sequential([*model.layers[:-1], part])
    own.build((None, 28, 28, 1))
    assert training.fit(own, DIGITS.x_train, DIGITS.y_train, epochs=1).history.history["loss"]


def test_a_trained_model_can_go_on_in_plain_keras():
    model = trained()
    assert len(model.fit(DIGITS.x_train, DIGITS.y_train, epochs=2, verbose=0).history["loss"]) == 2


def test_history_has_one_entry_an_epoch_and_the_validation_s():
    history = trained(validation=(DIGITS.x_validation, DIGITS.y_validation)).history.history
    assert {name: len(values) for name, values in history.items()} == dict.fromkeys(
        ("loss", "accuracy", "val_loss", "val_accuracy"), 3
    )


def test_a_given_optimizer_replaces_adam():
    model = trained(optimizer=keras.optimizers.SGD(0.0))
    np.testing.assert_array_equal(model.get_weights()[0], models.dense(seed=0).get_weights()[0])


def test_score_counts_the_right_answers():
    model = trained()
    share = np.mean(training.predict(model, DIGITS.x_test).argmax(axis=1) == DIGITS.y_test)
    assert training.score(model, DIGITS.x_test, DIGITS.y_test) == pytest.approx(share)


def test_predict_in_slices_equals_predict_at_once(monkeypatch):
    model = models.dense()
    at_once = training.predict(model, DIGITS.x_test)
    monkeypatch.setattr(evaluation, "_VALUES_READ_AT_ONCE", 33 * 28 * 28)
    np.testing.assert_allclose(training.predict(model, DIGITS.x_test), at_once, atol=1e-6)


def test_regression_reports_no_accuracy():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    training.fit(model, np.eye(2), np.array([[1.0], [2.0]]), loss="mean_squared_error")
    assert set(model.history.history) == {"loss"}


def test_repeat_calls_the_experiment_once_a_seed():
    result = training.repeat(lambda seed: [seed, 2 * seed], seeds=[1, 2, 3])
    np.testing.assert_array_equal(result.values, [[1, 2], [2, 4], [3, 6]])
    np.testing.assert_array_equal(result.mean, [2, 4])
    np.testing.assert_array_equal(result.std, [1, 2])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: trained(batch_size=0), ValueError, "batch_size must be at least 1"),
        (lambda: trained(learning_rate=-1), ValueError, "learning_rate must be at least 0"),
        (
            lambda: training.fit(models.dense(), DIGITS.x_train, DIGITS.y_test),
            ValueError,
            "equally long. Received: 200 and 100",
        ),
        (
            lambda: training.fit(models.dense(), DIGITS.x_train, DIGITS.y_train + 1),
            ValueError,
            r"labels must be in 0…9. Received: 1…10",
        ),
        (
            lambda: training.fit(models.dense(), DIGITS.x_train, DIGITS.y_train / 2),
            TypeError,
            "labels must be whole numbers",
        ),
        (
            lambda: training.score(models.dense(), DIGITS.x_train * np.nan, DIGITS.y_train),
            ValueError,
            "x must hold finite numbers only",
        ),
        (
            lambda: training.score(models.dense(), DIGITS.x_train[:, 1:], DIGITS.y_train),
            ValueError,
            r"x must hold examples of the shape \(28, 28, 1\). Received: x with shape \(200, 27",
        ),
        (
            lambda: training.fit(keras.Sequential([keras.layers.Dense(10)]), DIGITS.x_train, DIGITS.y_train),
            ValueError,
            "must be built: begin it with keras.Input",
        ),
        (lambda: training.repeat(3), TypeError, "experiment must be a function. Received: experiment=3"),
        (lambda: training.repeat(lambda seed: 1, seeds=1), ValueError, "seeds must be at least two"),
        (lambda: training.repeat(lambda seed: [0] * (seed + 1)), ValueError, "results must have one shape"),
        (lambda: training.repeat(lambda seed: np.nan), ValueError, "results must hold finite numbers"),
    ],
)
def test_bad_input_is_refused_with_the_rule_and_what_came(call, error, message):
    with pytest.raises(error, match=message):
        call()


def run_python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)


def test_importing_the_package_loads_no_tensorflow():
    run_python(
        "import sys, lessons_lib, lessons_lib.data, lessons_lib.ops, lessons_lib.counting, lessons_lib.models, "
        "lessons_lib.training; assert not {'tensorflow', 'keras', 'matplotlib'} & set(sys.modules), 'heavy import'"
    )


def test_importing_keras_and_training_leave_no_word_of_tensorflow():
    shown = run_python(
        "from lessons_lib import keras, models, training; import numpy as np; "
        "training.fit(models.dense(), np.zeros((4, 28, 28, 1)), np.zeros(4, int), epochs=1)"
    )
    assert "oneDNN" not in shown.stderr
    assert "tensorflow" not in shown.stderr.lower()
    assert shown.stdout == ""
