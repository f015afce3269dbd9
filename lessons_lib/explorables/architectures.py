"""Architectures: networks drawn to scale, block by block, one above another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache
from typing import Any

import traitlets as t

from lessons_lib.counting import Block
from lessons_lib.explorables.base import Explorable

_MEASURES = ("parameters", "multiply_adds", "activations", "receptive_field")
_KINDS = ("convolution", "pooling", "dense", "residual", "branches", "other")
_FIELDS = {field.name for field in fields(Block)}
_MOST_NETS, _MOST_BLOCKS = 12, 60


@cache
def _standard() -> dict[str, list[Block]]:
    """Return the blocks of two nets of Keras, which are built for this without values of their weights."""
    from lessons_lib import counting, keras

    with counting.shapes_only():
        nets = {"VGG16": keras.applications.VGG16(weights=None), "ResNet50": keras.applications.ResNet50(weights=None)}
    return {name: counting.ledger(net).blocks() for name, net in nets.items()}


class Architectures(Explorable):
    """Compare two networks block by block: where they hold their parameters, and where they do their work.

    Parameters
    ----------
    nets : dict of str to list of `lessons_lib.counting.Block`
        The blocks of 1 to 12 networks by name, each as `lessons_lib.counting.Ledger.blocks` counts them: at most 60
        blocks, whose shapes are fixed. By default VGG16 and ResNet50 of ``keras.applications``.
    upper, lower : str
        The names of the two networks that are shown.
    measure : {"parameters", "multiply_adds", "activations", "receptive_field"}
        What the bars show.
    chosen : list of two int
        The places, from 0, of the marked blocks of the two networks; one beyond the blocks stands for the last.

    Raises
    ------
    traitlets.TraitError
        If a network is not a list of blocks, or a name is not one of `nets`.

    Examples
    --------
    >>> from lessons_lib import counting, keras
    >>> layers = [keras.Input((28, 28, 1)), keras.layers.Conv2D(6, 5), keras.layers.MaxPooling2D()]
    >>> counts = counting.ledger(keras.Sequential(layers))
    >>> Architectures(nets={"mine": counts.blocks(), "yours": counts.blocks()[:1]}, measure="activations")
    Architectures(lower='yours', measure='activations', upper='mine')
    """

    title = "Architectures: where networks hold their parameters, and where they do their work"
    heights = (1230, 1096, 840)
    nets = t.Dict().tag(sync=True)
    upper = t.Unicode().tag(sync=True)
    lower = t.Unicode().tag(sync=True)
    measure = t.Enum(_MEASURES, "parameters").tag(sync=True)
    chosen = t.List(t.Int(min=0, max=_MOST_BLOCKS - 1), minlen=2, maxlen=2).tag(sync=True)

    @t.default("nets")
    def _default_nets(self) -> Any:
        return _plain(_standard())

    @t.default("upper")
    def _first(self) -> str:
        return next(iter(self.nets))

    @t.default("lower")
    def _second(self) -> str:
        return list(self.nets)[:2][-1]

    @t.default("chosen")
    def _largest(self) -> list[int]:
        return [_place_of_most(self.nets[name], self.measure) for name in (self.upper, self.lower)]

    @t.validate("nets")
    def _valid_nets(self, proposal: Any) -> Any:
        rule = (
            f"nets must be a dict of 1 to {_MOST_NETS} networks, each a list of 1 to {_MOST_BLOCKS} blocks of "
            "counting.Ledger.blocks, whose shapes are fixed. Received: "
        )
        if not 1 <= len(proposal.value) <= _MOST_NETS:
            raise t.TraitError(f"{rule}{len(proposal.value)} networks")
        try:
            return _plain(proposal.value)
        except (TypeError, ValueError) as error:
            raise t.TraitError(f"{rule}{error}") from None

    @t.validate("upper", "lower")
    def _valid_name(self, proposal: Any) -> Any:
        if proposal.value not in self.nets:
            raise t.TraitError(
                f"{proposal.trait.name} must be one of {', '.join(self.nets)}. Received: {proposal.value!r}"
            )
        return proposal.value


def _plain(nets: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the networks as JSON has them, or raise an error whose message says what is no network."""
    return {str(name): _plain_net(str(name), blocks) for name, blocks in nets.items()}


def _plain_net(name: str, blocks: Any) -> list[dict[str, Any]]:
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= _MOST_BLOCKS:
        raise TypeError(f"{name}={blocks!r:.80}")
    plain = [asdict(block) if isinstance(block, Block) else block for block in blocks]
    for place, block in enumerate(plain):
        if not _is_block(block):
            raise ValueError(f"{name}[{place}]={block!r:.200}")
    return [block | {key: list(block[key]) for key in ("input_shape", "output_shape")} for block in plain]


def _is_block(block: Any) -> bool:
    if not isinstance(block, dict) or block.keys() != _FIELDS or block["kind"] not in _KINDS:
        return False
    counts = [block[key] for key in ("layers", *_MEASURES)]
    return (
        isinstance(block["name"], str)
        and all(_is_shape(block[key]) for key in ("input_shape", "output_shape"))
        and all(count is None or _is_count(count) for count in counts)
        and None not in (block["layers"], block["parameters"])
    )


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, (list, tuple)) and len(shape) > 0 and all(map(_is_count, shape))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _place_of_most(blocks: list[dict[str, Any]], measure: str) -> int:
    return max(range(len(blocks)), key=lambda place: blocks[place][measure] or 0)
