"""The choice of a learning rate on the validation set, from one grid for all networks, and its record in a file."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lessons_lib import _check, _universe

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
# If this environment variable is "all", each rate is chosen anew and stored; if "missing", those that are not stored.
VARIABLE = "LESSONS_LIB_CHOOSE_RATES"
_CONTENT = "must hold, as JSON, the name of each choice with the validation loss, or null, for each learning rate."


@dataclass(frozen=True)
class Choice:
    """The learning rate with the lowest validation loss.

    Attributes
    ----------
    losses : dict of float to float
        The validation loss for each learning rate of the grid; infinite where the training diverged.

    Raises
    ------
    TypeError, ValueError
        If `losses` is no dict of numbers to numbers, is empty or holds NaN.

    Examples
    --------
    >>> Choice({0.001: 0.31, 0.003: 0.27, 0.01: 0.4})
    0.003 (validation loss 0.270; at 0.001 0.310, at 0.01 0.400)
    """

    losses: dict[float, float]

    def __post_init__(self) -> None:
        if not isinstance(self.losses, Mapping) or not self.losses:
            raise TypeError(f"losses must be a dict with one loss or more. Received: losses={self.losses!r}")
        for rate, loss in self.losses.items():
            _check.number("rate", rate)
            if math.isnan(_number(loss)):
                raise ValueError(f"losses must be infinite where a training diverged. Received: losses={self.losses!r}")

    @property
    def rate(self) -> float:
        """The chosen learning rate."""
        return min(self.losses, key=self.losses.__getitem__)

    @property
    def at_edge(self) -> bool:
        """Whether the chosen rate is the lowest or the highest of the grid, so that a better one may lie outside."""
        return self.rate in (min(self.losses), max(self.losses))

    def __repr__(self) -> str:
        rates = sorted(self.losses)
        place = rates.index(self.rate)
        beside = rates[max(place - 1, 0) : place] + rates[place + 1 : place + 2]
        others = ", ".join(f"at {rate:g} {self.losses[rate]:.3f}" for rate in beside)
        edge = ", the edge of the grid" if self.at_edge else ""
        return f"{self.rate:g}{edge} (validation loss {self.losses[self.rate]:.3f}; {others})"


def choose_rate(
    name: str,
    validation_loss: Callable[[float], float],
    *,
    rates: Sequence[float] = RATES,
    file: str | Path = "rates.json",
) -> Choice:
    """Choose the learning rate with the lowest validation loss, or return the choice that the file holds.

    A search trains a network for each rate, so its result is stored: the next call with the same name and the same
    grid reads it. If the environment variable LESSONS_LIB_CHOOSE_RATES is "all", the search is made anew and its result
    stored; if it is "missing", only what is not stored yet is searched and stored. Unless the variable is set, what is
    not stored is searched, and nothing is written.

    Parameters
    ----------
    name : str
        The name of the experiment, unique in the file, such as "dense: CNN, Adam".
    validation_loss : callable
        A function that takes a learning rate, trains a network with it to a plateau, and returns its validation loss.
        NaN stands for a training that diverged.
    rates : sequence of float
        The grid: at least three learning rates above 0.
    file : str or Path
        The JSON file with the choices, relative to the current folder. Its folder must exist if something is stored.

    Returns
    -------
    Choice
        The chosen rate, and the validation loss of each rate of the grid.

    Raises
    ------
    TypeError, ValueError
        If `validation_loss` is no function, `name` is no text, the grid has fewer than three rates, one is not above 0,
        `file` holds something else or cannot be written, or the training diverged at each of the rates.

    Examples
    --------
    >>> choose_rate("an example", lambda rate: abs(rate - 0.01), rates=(0.001, 0.01, 0.1)).rate
    0.01
    """
    _check.text("name", name)
    _check.function("validation_loss", validation_loss)
    given = _check.sequence("rates", rates, of="numbers")
    grid = sorted({_check.number("rates", rate, at_least=0) for rate in given})
    if len(grid) < 3 or grid[0] == 0:
        raise ValueError(f"rates must be at least three different numbers above 0. Received: rates={rates!r}")
    choosing = os.environ.get(VARIABLE)
    storing = choosing in ("all", "missing") and _universe.current() == _universe.HOME
    path = _path(file, storing)
    stored = _read(path)
    if choosing != "all" and name in stored and sorted(map(float, stored[name])) == grid:
        return _from_json(stored[name])
    losses = {rate: _number(validation_loss(rate)) for rate in grid}
    choice = Choice({rate: loss if math.isfinite(loss) else math.inf for rate, loss in losses.items()})
    if not math.isfinite(choice.losses[choice.rate]):
        raise ValueError(f"the training must not diverge at every rate. Received: {name!r} diverged at {grid}")
    if storing:
        # Without the digits that differ between machines.
        rounded = {f"{rate:g}": round(loss, 4) for rate, loss in choice.losses.items()}
        stored = _read(path)  # once more: another notebook may have stored a choice in the meantime
        stored[name] = {rate: loss if math.isfinite(loss) else None for rate, loss in rounded.items()}
        path.write_text(json.dumps(dict(sorted(stored.items())), indent=2) + "\n", encoding="utf-8")
        return _from_json(stored[name])
    return choice


def _number(loss: Any) -> float:
    try:
        return float(loss)
    except (TypeError, ValueError):
        raise TypeError(f"validation_loss must return a number. Received: {loss!r}") from None


def _path(file: str | Path, storing: bool) -> Path:
    """Return the path of the choices. If a choice will be stored there, it must be possible: a search takes long."""
    if not isinstance(file, (str, os.PathLike)):
        raise TypeError(f"file must be the path of a JSON file. Received: file={file!r}")
    path = Path(file)
    if path.exists() and not path.is_file():
        raise ValueError(f"file must be the path of a JSON file. Received: the folder {str(path)!r}")
    if storing and not os.access(path if path.is_file() else path.parent, os.W_OK):
        raise ValueError(f"file must be in a folder that exists, and may be written. Received: file={str(path)!r}")
    return path


def _read(path: Path) -> dict[str, dict[str, float | None]]:
    """Return the stored choices, or none if there is no file."""
    if not path.is_file():
        return {}
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # no JSON, or no text
        raise ValueError(f"{path} {_CONTENT} Received: {error}") from None
    if not isinstance(stored, dict):
        raise ValueError(f"{path} {_CONTENT} Received: {stored!r:.80}")
    for name, losses in stored.items():
        if not _are_losses(losses):
            raise ValueError(f"{path} {_CONTENT} Received: {name!r}: {losses!r:.80}")
    return stored


def _are_losses(losses: Any) -> bool:
    """Return whether a stored choice holds a number or null for each learning rate."""
    try:
        return all(loss is None or math.isfinite(float(rate) + loss) for rate, loss in losses.items())
    except (AttributeError, TypeError, ValueError):
        return False


def _from_json(losses: dict[str, float | None]) -> Choice:
    return Choice({float(rate): math.inf if loss is None else loss for rate, loss in losses.items()})
