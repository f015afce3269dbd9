"""Repeat: a comparison of the course, run again in the page with a seed of the reader's own."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import traitlets as t

from lessons_lib import _check
from lessons_lib.descriptions import describe
from lessons_lib.explorables.base import Explorable, Number, Trains

_MOST_SEED = 9999
_OPTIMIZERS = ("Adam", "SGD", "RMSprop")
_ANSWER = {"layer": "Dense", "units": 10, "activation": "softmax"}
_DENSE = [{"layer": "Flatten"}, {"layer": "Dense", "units": 16, "activation": "relu"}, _ANSWER]
_CNN = [
    {"layer": "Conv2D", "filters": 4, "kernel_size": 3, "activation": "relu"},
    {"layer": "MaxPooling2D"},
    *_DENSE[::2],
]
_COUNTS = {
    "side": (28, 28, 64),
    "examples": (2000, 10, 2000),
    "moved": (0, 0, 8),
    "right": (0, 0, 8),
    "epochs": (100, 1, 500),
    "patience": (5, 0, 100),
    "batch_size": (64, 1, 500),
}


class Repeat(Trains, Explorable):
    """Train two networks on the digits of the course, and set the difference beside those that the course found.

    A trial is one network in one condition: a dictionary with

    - ``name``: what the figure calls it;
    - ``network``: a built Keras model whose layers stand in a row, or what `lessons_lib.descriptions.describe` returns;
    - ``optimizer``: its name and settings, as ``{"optimizer": "Adam", "learning_rate": 0.001}``;
    - ``side`` (28): the height and width of the canvas on which each digit lies in the middle;
    - ``examples`` (2000): how many images train; fewer are drawn anew for each seed;
    - ``shuffled`` (False): whether the pixels of all images are put in one random order, another one for each seed;
    - ``moved`` (0): by how many pixels the test digits move, in one of eight directions in turn; or ``right`` (0), all
      to the right;
    - ``epochs`` (100), ``patience`` (5; 0 stands for none), ``batch_size`` (64).

    Parameters
    ----------
    question : str
        What is asked: a statement about the first trial and the second.
    trials : list of dict
        The two trials.
    published : list of float
        The accuracy of the first trial minus that of the second, one for each seed of the course; empty where the
        course has not compared them.
    seed : int, 0…9999
        The seed of the next run.
    mine : list of [seed, accuracy, accuracy]
        The runs of the reader.

    Raises
    ------
    traitlets.TraitError
        If a trial lacks a part or has a value out of range.
    ValueError
        If the engine does not know a layer of a network.

    Examples
    --------
    >>> from lessons_lib import models
    >>> trials = [{"name": "CNN", "network": models.cnn()}, {"name": "dense", "network": models.dense()}]
    >>> Repeat(question="The CNN is ahead of the dense network.", trials=trials, published=[0.05, 0.06])
    Repeat(question='The CNN is ahead of the dense network.', seed=5)
    """

    title = "Repeat it: the same comparison, trained here, with a seed of your own"
    heights = (359, 341, 348)
    question = t.Unicode("The CNN is ahead of the dense network.").tag(sync=True)
    trials = t.List(t.Dict()).tag(sync=True)
    published = t.List(Number()).tag(sync=True)
    seed = t.Int(5, min=0, max=_MOST_SEED).tag(sync=True)
    mine = t.List(t.List()).tag(sync=True)

    @t.default("trials")
    def _example(self) -> Any:
        networks = {"CNN": _CNN, "dense": _DENSE}
        return [_trial(name, {"input_shape": [28, 28, 1], "layers": layers}) for name, layers in networks.items()]

    @t.validate("trials")
    def _trials(self, proposal: Any) -> Any:
        for trial in proposal.value:
            if not {"name", "network"} <= set(trial):
                raise t.TraitError(f"a trial must have a name and a network. Received: {', '.join(trial) or 'neither'}")
        try:
            trials = [_trial(**trial) for trial in proposal.value]
        except (TypeError, ValueError) as error:
            raise t.TraitError(str(error)) from None
        if len(trials) != 2:
            raise t.TraitError(f"trials must be two. Received: {len(trials)}")
        return trials

    @t.validate("published")
    def _published(self, proposal: Any) -> Any:
        try:
            return [round(_check.number("published", value, at_least=-1, at_most=1), 4) for value in proposal.value]
        except ValueError as error:
            raise t.TraitError(str(error)) from None

    @t.validate("mine")
    def _mine(self, proposal: Any) -> Any:
        if not all(map(_is_run, proposal.value)):
            raise t.TraitError(
                f"mine must hold a seed of 0…{_MOST_SEED} and two accuracies in 0…1 for each run. "
                f"Received: mine={proposal.value!r}"
            )
        return proposal.value


def _is_run(run: Any) -> bool:
    """Return whether a run of the reader is a seed and two accuracies."""
    try:
        seed, *accuracies = run
        for accuracy in accuracies:
            _check.number("accuracy", accuracy, at_least=0, at_most=1)
        return len(accuracies) == 2 and _check.whole_number("seed", seed, at_least=0) <= _MOST_SEED
    except (TypeError, ValueError):
        return False


def _trial(
    name: str,
    network: Any,
    *,
    optimizer: dict[str, Any] | None = None,
    shuffled: bool = False,
    **counts: int,
) -> dict[str, Any]:
    """Return a trial as the figure reads it, with a network in plain JSON and every count."""
    unknown = set(counts) - set(_COUNTS)
    if unknown:
        raise ValueError(f"the counts of a trial are {', '.join(_COUNTS)}. Received: {', '.join(sorted(unknown))}")
    found = {}
    for key, (usual, low, high) in _COUNTS.items():
        found[key] = _check.whole_number(key, counts.get(key, usual), at_least=low)
        if found[key] > high:
            raise ValueError(f"{key} must be at most {high}. Received: {key}={found[key]}")
    optimizer = {"optimizer": "Adam", "learning_rate": 0.001} | (optimizer or {})
    _check.choice("optimizer", optimizer["optimizer"], _OPTIMIZERS)
    for setting, value in optimizer.items():
        if setting != "optimizer" and not isinstance(value, bool):
            _check.number(setting, value, at_least=0)
    described = deepcopy(network) if isinstance(network, dict) else describe(network)
    return {"name": name, "network": described, "optimizer": optimizer, "shuffled": bool(shuffled), **found}
