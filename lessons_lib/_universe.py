"""The universe of an experiment: other seeds, longer training, other learning rates or another split of the digits.

``make multiverse`` runs each chapter in several universes, to see which verdicts stand in all of them. The environment
variable ``LESSONS_LIB_UNIVERSE`` names what differs, such as ``seeds=5`` or ``duration=2``; notebooks do not know it.
The idea comes from Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), doi:10.1177/1745691616658637.
"""

from __future__ import annotations

import os
from typing import NamedTuple

VARIABLE = "LESSONS_LIB_UNIVERSE"


class Universe(NamedTuple):
    """What differs from the course as it is printed.

    Attributes
    ----------
    seeds : int
        What is added to each seed of `training.repeat`.
    duration : int
        How many times as many epochs a training may take, and how many times as long early stopping waits.
    rate : float
        The factor of each learning rate.
    split : int
        What is added to the seed of the split of the digits.
    """

    seeds: int = 0
    duration: int = 1
    rate: float = 1.0
    split: int = 0


HOME = Universe()


def current() -> Universe:
    """Return the universe that the environment names, or the home universe.

    Raises
    ------
    ValueError
        If the variable names anything else than seeds, duration, rate or split, or a value is no number.

    Examples
    --------
    >>> current() == HOME
    True
    """
    text = os.environ.get(VARIABLE, "")
    kinds = {name: type(value) for name, value in HOME._asdict().items()}
    chosen = {}
    for part in filter(None, text.split(",")):
        name, _, value = part.partition("=")
        try:
            chosen[name] = kinds[name](value)
        except (KeyError, ValueError):
            rule = f"{VARIABLE} must be like seeds=5 or duration=2, with the names {', '.join(kinds)}"
            raise ValueError(f"{rule}. Received: {text!r}") from None
    return HOME._replace(**chosen)
