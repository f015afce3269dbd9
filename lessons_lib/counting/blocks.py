"""The rows of a ledger in blocks: what lies between two places where one tensor alone carries everything on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, takewhile
from typing import TYPE_CHECKING, Any

from lessons_lib.counting import kinds, shapes
from lessons_lib.counting.keras_graph import Call
from lessons_lib.counting.shapes import Shape

if TYPE_CHECKING:
    from lessons_lib.counting.ledger import Ledger, Row

_Piece = Sequence["Row"]

# These prepare the input of the layer after them.
_BEFORE = kinds.PADDINGS | {"Flatten", "Reshape", "Permute"}
# These belong to the layer before them.
_AFTER = (
    kinds.ELEMENTWISE
    | kinds.ALONG_AXES
    | {"GroupNormalization"}
    | {name for names in kinds.OPERATIONS["elementwise"].values() for name in names}
    | {name for names in kinds.OPERATIONS["along axes"].values() for name in names}
)


@dataclass(frozen=True)
class Block:
    """The counts for the layers of one block of a model; the documentation of `Ledger.blocks` explains the fields."""

    name: str
    kind: str
    input_shape: Shape | None
    output_shape: Shape | None
    layers: int
    parameters: int
    multiply_adds: int | None
    activations: int | None
    receptive_field: int | None


def carried_by_one(calls: Sequence[Call], inputs: Sequence[Any]) -> list[bool]:
    """Return for each call whether, after it, a single tensor is all that later calls read."""
    # The id of a symbolic tensor identifies it, because `calls` and `inputs` keep all of them in memory. A result that
    # no call reads is an output of the model, which is kept to the end; an input that no call reads carries nothing on.
    last_read = {id(tensor): i for i, call in enumerate(calls) for tensor in call.inputs}
    kept = {id(tensor) for tensor in inputs if id(tensor) in last_read}
    alone = []
    for i, call in enumerate(calls):
        kept |= set() if call.is_mask else {id(tensor) for tensor in call.outputs}
        kept = {tensor for tensor in kept if last_read.get(tensor, len(calls)) > i}
        alone.append(len(kept) == 1)
    return alone


def of(ledger: Ledger, names: str | None) -> list[Block]:
    """Return the blocks of a ledger, as `Ledger.blocks` describes them."""
    if not ledger.ends:
        raise ValueError(
            f"ledger must be that of a model whose graph is known, Sequential or functional. Received: {ledger.name}"
        )
    pieces = list(_pieces(ledger))
    if names is not None:
        _require_expression(names)
        pieces = [[row for piece in group for row in piece] for _, group in groupby(pieces, _Alike(names))]
    pieces = _with_companions(pieces)
    blocks = [_block(piece, names) for piece in pieces]
    before = [ledger.inputs[0], *(block.output_shape for block in blocks)]
    placed = (replace(block, input_shape=shape) for block, shape in zip(blocks, before, strict=False))
    return _numbered(list(placed), pieces)


def _require_expression(names: object) -> None:
    """Raise unless `names` is a regular expression."""
    if not isinstance(names, str):
        raise TypeError(f"names must be a regular expression. Received: names={names!r}")
    try:
        re.compile(names)
    except re.error as error:
        raise ValueError(f"names must be a regular expression. Received: names={names!r}, {error}") from None


def _pieces(ledger: Ledger) -> Iterator[list[Row]]:
    # Rows after the last end are weights of the model's own.
    ends = [0, *ledger.ends[:-1], len(ledger.rows)]
    return (list(ledger.rows[start:end]) for start, end in pairwise(ends) if end > start)


class _Alike:
    """What neighbouring pieces have in common if all their names match alike; other pieces share nothing."""

    def __init__(self, names: str) -> None:
        self.names = re.compile(names)

    def __call__(self, piece: _Piece) -> object:
        found = {_match(self.names, row.name) for row in piece}
        return found.pop() if len(found) == 1 and None not in found else object()


def _match(names: re.Pattern[str], name: str) -> str | None:
    found = names.search(name)
    return found and found[0]


def _with_companions(pieces: Sequence[list[Row]]) -> list[list[Row]]:
    """Join to each layer what prepares its input and what follows it, such as padding and activation functions."""
    joined: list[list[Row]] = []
    waiting: list[Row] = []
    for piece in pieces:
        # More rows than one are a block of several branches, or are named alike.
        kind = piece[0].kind if len(piece) == 1 else ""
        if kind in _BEFORE or (kind in _AFTER and (waiting or not joined)):
            waiting += piece
        elif kind in _AFTER:
            joined[-1] += piece
        else:
            joined.append([*waiting, *piece])
            waiting = []
    return [*joined, waiting] if waiting else joined


def _block(piece: _Piece, names: str | None) -> Block:
    return Block(
        name=_name(piece, names),
        kind=_kind(piece),
        input_shape=None,
        output_shape=piece[-1].output_shape,
        layers=sum(row.multiply_adds != 0 for row in piece),
        parameters=sum(row.parameters for row in piece),
        multiply_adds=shapes.total(row.multiply_adds for row in piece),
        activations=shapes.total(row.activations for row in piece),
        receptive_field=piece[-1].receptive_field,
    )


def _main(piece: _Piece) -> Row:
    """Return the row that a chain is named after: the one that works most, or else the first that is no companion."""
    busiest = max(piece, key=lambda row: row.multiply_adds or 0)
    others = (row for row in piece if row.kind not in _BEFORE | _AFTER)
    return busiest if busiest.multiply_adds else next(others, piece[0])


def _kind(piece: _Piece) -> str:
    found = {row.kind for row in piece}
    if "Add" in found:
        return "residual"
    if "Concatenate" in found:
        return "branches"
    kind = _main(piece).kind
    if kind in kinds.CONVOLUTIONS:
        return "convolution"
    return "dense" if kind == "Dense" else "pooling" if "Pooling" in kind else "other"


def _name(piece: _Piece, names: str | None) -> str:
    """Return what the names of a block's layers share, or the name of the layer that works most."""
    alike = {_match(re.compile(names), row.name) for row in piece} - {None} if names else set()
    if len(alike) == 1:
        return str(alike.pop())
    if _kind(piece) not in ("residual", "branches"):
        return _own_name(_main(piece))
    last = max(i for i, row in enumerate(piece) if row.kind in ("Add", "Concatenate"))
    words = zip(*(re.split("[_/]", row.name) for row in piece[: last + 1] if not _is_made_up(row)), strict=False)
    common = takewhile(lambda same: len(set(same)) == 1, words)
    return "_".join(same[0] for same in common) or _own_name(piece[last])


def _own_name(row: Row) -> str:
    """Return the name of a layer without those of the models that contain it."""
    return row.name.rpartition("/")[2]


def _is_made_up(row: Row) -> bool:
    return re.fullmatch(rf"{row.kind.lower()}\d*", _own_name(row).replace("_", "")) is not None


def _numbered(blocks: Sequence[Block], pieces: Sequence[_Piece]) -> list[Block]:
    """Replace names that Keras has made up, which depend on the models built before, by "convolution 1" and so on."""
    counted: Counter[str] = Counter()
    named = []
    for block, piece in zip(blocks, pieces, strict=True):
        counted[block.kind] += 1
        made_up = any(_own_name(row) == block.name and _is_made_up(row) for row in piece)
        named.append(replace(block, name=f"{block.kind} {counted[block.kind]}") if made_up else block)
    return named
