"""The weights that the figures load are those of the networks whose accuracy the chapters print."""

import re
from collections import Counter
from functools import partial
from pathlib import Path

import nbformat
import numpy as np
import pytest

from lessons_lib import data, keras, models, training, weights

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = {path.stem.partition("_")[2]: path for path in BOOK.glob("*.ipynb")}
WIDE = {"input_shape": (32, 32, 1)}


def reader(channels, outputs, filters=(8, 16, 32)):
    """Return the network of the chapter on transfer that reads attributes of coloured shapes."""
    layers = [keras.Input((24, 24, channels))]
    for count in filters:
        layers += [keras.layers.Conv2D(count, 3, padding="same", activation="relu"), keras.layers.MaxPooling2D(2)]
    head = [keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(outputs, activation="sigmoid")]
    return keras.Sequential([*layers[:-1], *head])


# For each file: how its network is built, in which chapter, and how that chapter prints its accuracy.
BUILDERS = {
    "drawdigit": (models.cnn, "cnn", r"test accuracy (0\.\d{3})"),
    "shiftlab-dense": (partial(models.dense, **WIDE), "comparison", r"this figure:\n.*dense (0\.\d{3})"),
    "shiftlab-cnn": (partial(models.cnn, **WIDE), "comparison", r"this figure:\n.*CNN (0\.\d{3})"),
    "shiftlab-global": (
        partial(models.cnn_global, filters=(8, 16, 32), **WIDE),
        "comparison",
        r"this figure:\n.*global pooling (0\.\d{3})",
    ),
    "zeroshot-shape": (partial(reader, 1, 4), "transfer", r"of the figure:\n.*shape by brightness ([01]\.\d{3})"),
    "zeroshot-color": (partial(reader, 3, 4, (8,)), "transfer", r"of the figure:\n.*color ([01]\.\d{3})"),
    "zeroshot-shared": (partial(reader, 3, 8), "transfer", r"of the figure:\n.*shared ([01]\.\d{3})"),
    "recurrent": (models.recurrent, "tasks", r"recurrent network above: accuracy (0\.\d{3})"),
    "latent-encoder": (lambda: models.autoencoder().layers[0], "tasks", r"figure below: mean squared error (0\.\d{4})"),
    "latent-decoder": (lambda: models.autoencoder().layers[1], "tasks", r"figure below: mean squared error (0\.\d{4})"),
}


def named_weights():
    """Return for each file that a cell names what the cell says of it."""
    notebooks = [nbformat.read(path, as_version=4) for path in CHAPTERS.values()]
    return [
        item for notebook in notebooks for cell in notebook.cells for item in cell.metadata.get("weights", {}).items()
    ]


def printed(path):
    """Return all that the cells of a notebook print."""
    outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]
    return "".join(output.text for output in outputs if output.output_type == "stream")


def test_every_file_of_weights_is_named_by_one_cell():
    assert Counter(name for name, _ in named_weights()) == Counter(path.stem for path in weights.FOLDER.glob("*.bin"))
    assert set(BUILDERS) == {name for name, _ in named_weights()}


def share_of_attributes(network):
    """Return which share of the attributes a network sees rightly in the test pictures of the chapter on transfer."""
    pairs = [(kind, color) for kind in data.SHAPES for color in data.COLORS for _ in range(50)]
    images = data.draw_colored_shapes(*zip(*pairs, strict=True), side=24, seed=2)
    truth = np.array([[name in pair for name in (*data.SHAPES, *data.COLORS)] for pair in pairs])
    if network.input_shape[-1] == 1:
        images, truth = images.max(axis=-1, keepdims=True), truth[:, :4]
    elif network.output_shape[-1] == 4:
        truth = truth[:, 4:]
    return ((training.predict(network, images) > 0.5) == truth).mean()


def error_of_drawings(images):
    """Return the squared error with which the two halves of the chapter on other tasks draw images again."""
    model = models.autoencoder()
    for half, name in zip(model.layers, ("latent-encoder", "latent-decoder"), strict=True):
        weights.load(half, name, dtype="float16")
    return np.mean((training.predict(model, images) - images) ** 2)


@pytest.mark.parametrize("name", BUILDERS)
def test_stored_weights_score_what_the_chapter_prints(name):
    build, topic, pattern = BUILDERS[name]
    dtype = dict(named_weights())[name].get("dtype", "float32")
    network = weights.load(build(), name, dtype=dtype)
    digits = data.digits()
    images, truth = digits.x_test, digits.y_test
    if topic == "comparison":
        images, truth = data.on_canvas(images[:500], 32), truth[:500]
    if name == "recurrent":
        images = images[..., 0]
    if topic == "transfer":
        right = share_of_attributes(network)
    elif name.startswith("latent"):
        right = error_of_drawings(images)
    else:
        right = (np.argmax(training.predict(network, images), axis=-1) == truth).mean()
    # Both come from one run of `make notebooks`. Half precision may move the answer to an image or two.
    allowed = 0.0006 if dtype == "float32" else 2.5 / len(truth)
    assert abs(right - float(re.search(pattern, printed(CHAPTERS[topic]))[1])) <= allowed
