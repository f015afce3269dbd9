"""Descent: a ball on a loss surface, stepped by four optimisers side by side."""

from __future__ import annotations

from typing import Any, ClassVar

import traitlets as t

from lessons_lib.explorables.base import Explorable, Number

SURFACES = ("round bowl", "narrow valley", "saddle", "two dips")
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1)


class Descent(Explorable):
    """Let SGD, momentum, RMSprop and Adam descend the same loss surface, each at a learning rate of its own.

    Parameters
    ----------
    surface : {"round bowl", "narrow valley", "saddle", "two dips"}
    x, y : float, −2…2
        Where the ball starts: the two weights.
    step : int, 0…200
        How many steps each optimiser has made.
    rates : dict of str to float
        The learning rate of "SGD", "momentum", "RMSprop" and "Adam", each one of `RATES`.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range, or an optimiser is missing or unknown.

    Examples
    --------
    >>> Descent(surface="saddle", y=0.1)
    Descent(step=0, surface='saddle', x=-1.8, y=0.1)
    """

    title = "Descent: four optimisers on one loss surface"
    heights = (827, 852, 542)
    paper: ClassVar = {"step": 40}
    surface = t.Enum(list(SURFACES), "narrow valley").tag(sync=True)
    x = Number(-1.8, min=-2, max=2).tag(sync=True)
    y = Number(1.0, min=-2, max=2).tag(sync=True)
    step = t.Int(0, min=0, max=200).tag(sync=True)
    rates = t.Dict({"SGD": 0.1, "momentum": 0.1, "RMSprop": 0.1, "Adam": 0.1}).tag(sync=True)

    @t.validate("rates")
    def _one_each(self, proposal: Any) -> Any:
        names = ["SGD", "momentum", "RMSprop", "Adam"]
        if sorted(proposal.value) != sorted(names) or not set(proposal.value.values()) <= set(RATES):
            raise t.TraitError(
                f"rates must give each of {', '.join(names)} one of {', '.join(map(str, RATES))}. "
                f"Received: rates={proposal.value!r}"
            )
        return {name: float(proposal.value[name]) for name in names}
