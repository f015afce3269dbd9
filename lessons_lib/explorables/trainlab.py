"""TrainLab: a network that learns in the page, with its curves, and up to six trainings side by side."""

from __future__ import annotations

import re
from typing import Any

import traitlets as t

from lessons_lib.explorables.base import Explorable, Trains

NETWORKS = ("dense", "CNN", "CNN, global pooling")
DATA = ("digits", "shuffled pixels", "shifted digits", "noisy digits", "ring", "spiral", "two moons")
UNITS = (2, 4, 8, 16, 32, 64, 128)
EXAMPLES = (5, 10, 20, 50, 100, 200)
OPTIMIZERS = ("SGD", "momentum", "RMSprop", "Adam")
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
BATCHES = (8, 16, 32, 64, 128, 256)
DROPOUTS = (0, 0.1, 0.25, 0.5)
PENALTIES = (0, 0.0001, 0.001, 0.01)
EPOCHS = (1, 2, 5, 10, 20, 50, 100, 200)


class TrainLab(Trains, Explorable):
    """Train a network in the page: choose it, its data and its training, and compare up to six runs.

    On a page, the code that trains and the digits are loaded when the reader presses Train.

    Parameters
    ----------
    network : {"dense", "CNN", "CNN, global pooling"}
        The network for digits: `lessons_lib.models.dense`, `cnn` or `cnn_global`. Points get a dense network.
    hidden : {0, 1, 2, 3}
        The number of hidden layers of a dense network, each with ReLU. With 0 there is softmax only.
    units : {2, 4, 8, 16, 32, 64, 128}
        The number of units in each hidden layer.
    data : {"digits", "shuffled pixels", "shifted digits", "noisy digits", "ring", "spiral", "two moons"}
        What is learned. The pixels of all digits are shuffled in the same way. Of shifted and noisy digits, those of
        the validation and test set are changed, and the training set is as it is. The last three are points of two
        classes in the plane.
    examples : {5, 10, 20, 50, 100, 200}
        The number of training examples of each class.
    optimizer : {"SGD", "momentum", "RMSprop", "Adam"}
        The optimiser; "momentum" is SGD with a momentum of 0.9.
    learning_rate : {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1}
        The learning rate.
    batch_size : {8, 16, 32, 64, 128, 256}
        The number of examples in a step.
    dropout : {0, 0.1, 0.25, 0.5}
        The rate of dropout after each hidden layer, in a CNN before its dense layer.
    l2 : {0, 0.0001, 0.001, 0.01}
        The factor of the squared weights in the loss.
    shift : int, 0…4
        By how many pixels each training digit is moved at most, anew in each epoch (augmentation).
    seed : int, 0…9
        The seed of the starting weights, of the order of the examples and of dropout.
    epochs : {1, 2, 5, 10, 20, 50, 100, 200}
        The number of epochs.
    name : str
        What a link calls this figure, in lower-case letters and hyphens. Give each a name of its own where a page has
        several.

    Raises
    ------
    traitlets.TraitError
        If a value is none of these.

    Examples
    --------
    >>> TrainLab(network="CNN", epochs=5).epochs
    5
    """

    title = "Train a network here, and compare up to six trainings"
    heights = (993, 811, 493)
    late = True
    network = t.Enum(NETWORKS, "dense").tag(sync=True)
    hidden = t.Enum((0, 1, 2, 3), 1).tag(sync=True)
    units = t.Enum(UNITS, 64).tag(sync=True)
    data = t.Enum(DATA, "digits").tag(sync=True)
    examples = t.Enum(EXAMPLES, 200).tag(sync=True)
    optimizer = t.Enum(OPTIMIZERS, "Adam").tag(sync=True)
    learning_rate = t.Enum(RATES, 0.003).tag(sync=True)
    batch_size = t.Enum(BATCHES, 64).tag(sync=True)
    dropout = t.Enum(DROPOUTS, 0).tag(sync=True)
    l2 = t.Enum(PENALTIES, 0).tag(sync=True)
    shift = t.Int(0, min=0, max=4).tag(sync=True)
    seed = t.Int(0, min=0, max=9).tag(sync=True)
    epochs = t.Enum(EPOCHS, 20).tag(sync=True)
    name = t.Unicode("trainlab").tag(sync=True)

    @t.validate("name")
    def _name(self, proposal: Any) -> Any:
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", proposal.value):
            raise t.TraitError(f"name must be lower-case words joined by hyphens. Received: name={proposal.value!r}")
        return proposal.value
