"""Measure how much faster a `Trainer` trains than ``keras.Model.fit`` does, with the same networks, digits and steps.

For each network the program prints the seconds of five epochs on 2,000 digits with plain Keras and with a `Trainer`
that has compiled already, and their ratio. Each time is the median of several runs, which alternate in one process.
The program fails if a ratio is below the one that the course promises.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from lessons_lib import data, keras, models, training

EPOCHS, BATCH_SIZE, RATE, RUNS = 5, 64, 3e-3, 7


def residual(*, seed: int) -> Any:
    """Build a small functional network with two shortcuts."""
    layers = keras.layers
    image = keras.Input(models.PIXELS)
    y = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu")(image)
    for _ in range(2):
        inner = layers.Conv2D(8, 3, padding="same", activation="relu")(y)
        y = layers.Add()([y, layers.Conv2D(8, 3, padding="same")(inner)])
    probabilities = layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(y))
    return models.seeded(keras.Model(image, probabilities), seed)


# For each network, its builder and the smallest ratio that is promised.
NETWORKS: dict[str, tuple[Callable[..., Any], float]] = {
    "dense": (models.dense, 6.0),
    "CNN": (models.cnn, 3.0),
    "residual": (residual, 1.0),
}


def seconds(work: Callable[[], object]) -> float:
    """Return how many seconds a call of `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(build: Callable[..., Any]) -> tuple[float, float]:
    """Return the median seconds of one training with plain Keras and with a `Trainer`."""
    digits = data.digits()
    trainer = training.Trainer(learning_rate=RATE)

    def plain(seed: int) -> None:
        model = build(seed=seed)
        model.compile(keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(digits.x_train, digits.y_train, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)

    def shared(seed: int) -> None:
        model = build(seed=seed)
        trainer.fit(model, digits.x_train, digits.y_train, epochs=EPOCHS, batch_size=BATCH_SIZE, seed=seed)

    shared(0)  # This first training compiles.
    times = [(seconds(lambda: plain(seed)), seconds(lambda: shared(seed))) for seed in range(RUNS)]  # noqa: B023
    return statistics.median(a for a, _ in times), statistics.median(b for _, b in times)


def main() -> int:
    """Print the measurements; return 1 if a ratio is below the promised one."""
    is_too_slow = False
    for name, (build, smallest) in NETWORKS.items():
        plain, shared = measure(build)
        is_too_slow |= plain / shared < smallest
        print(
            f"{name:9} Keras {plain:.2f} s, Trainer {shared:.2f} s: {plain / shared:.1f} times (at least {smallest:g})"
        )
    return int(is_too_slow)


if __name__ == "__main__":
    sys.exit(main())
