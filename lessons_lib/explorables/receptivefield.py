"""ReceptiveField: which pixels an output sees through a stack of layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets as t

from lessons_lib import _check
from lessons_lib.explorables.base import Explorable, Grid, size_of_map

MOST_LAYERS = 8
_NEEDED, _OPTIONAL = ("kind", "kernel_size"), ("strides", "dilation_rate", "padding")
STANDARD = [("conv", 3, 1), ("pool", 2, 2), ("conv", 3, 1)]


def layer(kind: str, kernel_size: int, strides: int = 1, *, dilation_rate: int = 1, padding: str = "valid") -> Any:
    """Return one layer as the figure stores it.

    Parameters
    ----------
    kind : {"conv", "pool"}
    kernel_size : int, 1…7
    strides, dilation_rate : int, 1…3
    padding : {"valid", "same"}

    Raises
    ------
    TypeError, ValueError
        If a value is unknown or out of range, a pooling has a dilation, or strides and dilation_rate are both above 1.

    Examples
    --------
    >>> layer("pool", 2, 2)["strides"]
    2
    """
    if kind == "pool" and dilation_rate != 1:
        raise ValueError(f"dilation_rate must be 1 for a pooling, as in Keras. Received: dilation_rate={dilation_rate}")
    made: dict[str, Any] = {
        "kind": _check.choice("kind", kind, ("conv", "pool")),
        "kernel_size": _between("kernel_size", kernel_size, 7),
        "strides": _between("strides", strides, 3),
        "dilation_rate": _between("dilation_rate", dilation_rate, 3),
        "padding": _check.choice("padding", padding, ("valid", "same")),
    }
    if min(made["strides"], made["dilation_rate"]) > 1:
        raise ValueError(
            "strides > 1 must not be combined with dilation_rate > 1, as in Keras. "
            f"Received: strides={strides}, dilation_rate={dilation_rate}"
        )
    return made


def _settings(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what describes a layer, if it names what it must and nothing unknown."""
    if not set(_NEEDED) <= set(given) <= {*_NEEDED, *_OPTIONAL}:
        raise ValueError(
            f"a layer must have {' and '.join(_NEEDED)}, and may have {', '.join(_OPTIONAL)}. Received: {given!r}"
        )
    return given


def _between(name: str, value: object, most: int) -> int:
    number = _check.whole_number(name, value)
    if number > most:
        raise ValueError(f"{name} must be at most {most}. Received: {name}={number}")
    return number


class ReceptiveField(Explorable):
    """Build a stack of up to eight layers, choose an output, and see what it sees.

    Parameters
    ----------
    image : rows of float, at most 64×64, 0…1
        The input; a real digit by default.
    layers : list of dict
        From the first to the last; `layer` makes one.
    row, column : int
        The chosen output, from 0; one beyond the map stands for the last.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range, there are more than eight layers, or a window does not fit into the map before it.

    Examples
    --------
    >>> len(ReceptiveField(layers=[layer("conv", 5)]).layers)
    1
    """

    title = "Receptive field: which pixels one output sees"
    heights = (647, 605, 688)
    image = Grid(low=0, high=1, digits=2).tag(sync=True)
    layers = t.List(t.Dict()).tag(sync=True)
    row = t.Int(4, min=0, max=63).tag(sync=True)
    column = t.Int(5, min=0, max=63).tag(sync=True)

    @t.default("image")
    def _image(self) -> Any:
        from lessons_lib import data

        return data.digits(train=100, validation=0, test=0).x_train[2, :, :, 0].tolist()

    @t.default("layers")
    def _layers(self) -> Any:
        return [layer(*settings) for settings in STANDARD]

    @t.validate("layers")
    def _valid_layers(self, proposal: Any) -> Any:
        if len(proposal.value) > MOST_LAYERS:
            raise t.TraitError(f"layers must be at most {MOST_LAYERS}. Received: {len(proposal.value)}")
        try:
            return [layer(**_settings(given)) for given in proposal.value]
        except (TypeError, ValueError) as error:
            raise t.TraitError(str(error)) from None

    def _check_start(self) -> None:
        shape: tuple[int, ...] = (len(self.image), len(self.image[0]))
        for settings in self.layers:
            window = (settings["kernel_size"], settings["kernel_size"])
            shape = size_of_map(shape, window, **{name: settings[name] for name in _OPTIONAL})
