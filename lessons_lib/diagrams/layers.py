"""The layers of a Keras model: as stacks of maps and bars if each feeds the next, otherwise as a graph of boxes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from lessons_lib.counting.shapes import Shape
from lessons_lib.diagrams.canvas import GREY, LINE, MARGIN, WIDTH, Canvas, pale, text_width
from lessons_lib.diagrams.layout import lay_out
from lessons_lib.diagrams.model import Block, blocks

_LARGEST_SIDE, _SMALLEST_SIDE = 46.0, 5.0
_SHEET_STEP = 3.5
_BAR_WIDTH, _BAR_STEP = 9.0, 6.0
_GAP = 8.0
"""The least distance between two labels, in points; it is doubled where there is room."""

_ENTRY = 16.0
"""The length of the arrow from one row to the next, in points."""

_ROW_GAP = 18.0


def layers(model: Any) -> Axes:
    """Draw the layers of a Keras model, or of several models below each other, with shapes and parameters.

    If each layer feeds the next, an output of shape (rows, columns, channels) is drawn as a stack of maps. The sides of
    a map grow with the square root of its rows and columns, and the stack has one sheet more for each doubling of the
    channels, rounded up. A vector is a bar that grows by the same height for each doubling of its length. The scale is
    the same for all models of a drawing. A model with branches is drawn as a graph of boxes, from top to bottom.

    Parameters
    ----------
    model : keras.Model, or dict of str to keras.Model
        A built Sequential or functional model, or several under their titles. They are not changed.

    Returns
    -------
    matplotlib.axes.Axes
        The axes with the drawing. Each block has the name of its layer's class, the settings that the shape does not
        show, the shape of its output without the batch, and the number of its parameters.

    Raises
    ------
    TypeError
        If `model` is neither a Keras model nor a dict of them.
    ValueError
        If there is no model, or a model is subclassed or not built.
    RuntimeError
        If this version of Keras lacks a private name that `lessons_lib.counting.keras_graph` needs.

    Examples
    --------
    >>> from lessons_lib import models
    >>> axis = layers(models.dense())
    >>> [text.get_text() for text in axis.texts][:6]
    ['50,890 parameters in all', 'Input', '28×28×1', 'Flatten', '784', 'no weights']
    """
    models = {str(title): each for title, each in model.items()} if isinstance(model, Mapping) else {"": model}
    if not models:
        raise ValueError("model must hold at least one model. Received: none")
    found = {
        title: blocks(f"model[{title!r}]" if isinstance(model, Mapping) else "model", each)
        for title, each in models.items()
    }
    longest = max((n for each in found.values() for block in each for n in _sides(block.shape) if n), default=1)
    canvas, width, bottom = Canvas(), WIDTH, MARGIN
    for title, each in found.items():
        total, left = f"{sum(block.parameters for block in each):,} parameters in all", MARGIN
        if title:
            canvas.text(left, bottom + LINE / 2, title, ha="left", bold=True)
            left += text_width(title, bold=True) + 12
        canvas.text(left, bottom + LINE / 2, total, ha="left", color=GREY)
        draw: Callable[..., tuple[float, float]] = _draw_chain if _is_chain(each) else _draw_graph
        right, bottom = draw(canvas, each, bottom + 1.8 * LINE, longest)
        width, bottom = max(width, right), bottom + _ROW_GAP
    return canvas.finish(width, bottom - _ROW_GAP + MARGIN)


def _is_chain(blocks: Sequence[Block]) -> bool:
    """Return whether each block reads the one before it, and no other."""
    return all(block.sources == ((index - 1,) if index else ()) for index, block in enumerate(blocks))


# A chain of blocks ------------------------------------------------------------------------------------------------


def _draw_chain(canvas: Canvas, blocks: Sequence[Block], top: float, longest: int) -> tuple[float, float]:
    """Draw blocks in rows from left to right; return where the drawing ends, at the right and at the bottom."""
    slots = [_slot_width(block, longest) for block in blocks]
    rows = _rows(slots)
    for number, row in enumerate(rows):
        height = max(_picture_size(blocks[index].shape, longest)[1] for index in row)
        middle, left, end = top + height / 2, MARGIN + _ENTRY * (number > 0), MARGIN - 3
        spare = WIDTH - MARGIN - left - sum(slots[index] + _GAP for index in row)
        gap = _GAP + min(max(spare, 0.0) / len(row), _GAP)
        for index in row:
            width, _ = _picture_size(blocks[index].shape, longest)
            start = left + (slots[index] - width) / 2
            if index:
                canvas.arrow([(end + 3, middle), (start - 3, middle)])
            _draw_picture(canvas, blocks[index], start, middle, longest)
            for line, (text, bold) in enumerate(_label(blocks[index])):
                canvas.text(left + slots[index] / 2, top + height + (line + 1) * LINE, text, bold=bold)
            left, end = left + slots[index] + gap, start + width
        if row is not rows[-1]:
            canvas.arrow([(end + 3, middle), (left - gap + MARGIN, middle)])
        top += height + (max(len(_label(blocks[index])) for index in row) + 0.5) * LINE + _ROW_GAP
    return WIDTH, top - _ROW_GAP


def _rows(widths: Sequence[float]) -> list[list[int]]:
    """Return the indices of what stands in each row: as many as fit."""
    rows: list[list[int]] = [[]]
    used = MARGIN
    for index, width in enumerate(widths):
        if rows[-1] and used + width + MARGIN > WIDTH:
            rows.append([])
            used = MARGIN + _ENTRY
        rows[-1].append(index)
        used += width + _GAP
    return rows


def _slot_width(block: Block, longest: int) -> float:
    """Return the width of a block with its label, and with room for arrows beside the picture."""
    return max(
        _picture_size(block.shape, longest)[0] + 14, *(text_width(text, bold=bold) for text, bold in _label(block))
    )


def _label(block: Block) -> list[tuple[str, bool]]:
    """Return the lines below a block, and whether each is bold."""
    lines = [(part, True) for part in _split(block.kind)]
    texts = [", ".join(block.details), block.shape_text, block.parameters_text]
    return lines + [(text, False) for text in texts if text]


def _split(name: str) -> list[str]:
    """Return the name of a class in one line, or in two if it is long.

    Examples
    --------
    >>> _split("Conv2D"), _split("GlobalMaxPooling2D")
    (['Conv2D'], ['GlobalMax', 'Pooling2D'])
    """
    starts = [match.start() for match in re.finditer(r"(?<=[a-z])[A-Z]", name)]
    if len(name) <= 10 or not starts:
        return [name]
    middle = min(starts, key=lambda start: abs(start - len(name) / 2))
    return [name[:middle], name[middle:]]


def _sides(shape: Shape) -> Shape:
    """Return the rows and columns that are drawn; a sequence has its steps and its features; a vector has none."""
    return shape[-3:-1] if len(shape) > 2 else shape if len(shape) == 2 else ()


def _picture_size(shape: Shape, longest: int) -> tuple[float, float]:
    """Return the width and the height of the picture of an output, in points."""
    if len(shape) < 2:
        return _BAR_WIDTH, _BAR_STEP * math.log2(1 + ((shape[0] if shape else 1) or 1))
    height, width = (_side(n, longest) for n in _sides(shape))
    behind = _SHEET_STEP * (_sheets(shape) - 1)
    return width + behind, height + behind


def _side(length: int | None, longest: int) -> float:
    """Return the side of a map, in points; a length that is not fixed is drawn as the longest."""
    return max(_LARGEST_SIDE * math.sqrt((length or longest) / longest), _SMALLEST_SIDE)


def _sheets(shape: Shape) -> int:
    """Return the number of sheets: one, and one more for each doubling of the channels, rounded up."""
    return 1 if len(shape) < 3 else 1 + math.ceil(math.log2(shape[-1] or 1))


def _draw_picture(canvas: Canvas, block: Block, left: float, middle: float, longest: int) -> None:
    """Draw the output of a block, a stack of maps or a bar, with its left end and its middle given."""
    width, height = _picture_size(block.shape, longest)
    behind = _sheets(block.shape) - 1
    for sheet in range(behind, -1, -1):
        x, y = left + sheet * _SHEET_STEP, middle - height / 2 + (behind - sheet) * _SHEET_STEP
        size = width - behind * _SHEET_STEP, height - behind * _SHEET_STEP
        canvas.rectangle(x, y, *size, fill=pale(block.color, 0.3), edge=block.color)


# A graph of boxes -------------------------------------------------------------------------------------------------


def _draw_graph(canvas: Canvas, blocks: Sequence[Block], top: float, _: int) -> tuple[float, float]:
    """Draw blocks as boxes in rows from top to bottom; return where the drawing ends, at the right and the bottom."""
    for lines_of in (_wide_lines, _label, _narrow_lines):
        lines = [lines_of(block) for block in blocks]
        width = max(text_width(text, bold=bold) for each in lines for text, bold in each) + 7
        heights = [LINE * len(each) + 6 for each in lines]
        sources = [block.sources for block in blocks]
        layout = lay_out(sources, node_width=width, node_heights=heights, gap=6, row_gap=_ROW_GAP)
        if layout.width + 2 * MARGIN <= WIDTH:
            break
    left = MARGIN + max(0.0, (WIDTH - 2 * MARGIN - layout.width) / 2)
    for block, each, height, x, y in zip(blocks, lines, heights, layout.x, layout.y, strict=True):
        canvas.box(left + x - width / 2, top + y, width, height, color=block.color)
        for line, (text, bold) in enumerate(each):
            canvas.text(left + x, top + y + 3 + (line + 0.5) * LINE, text, bold=bold)
    canvas.edges(layout.edges, left, top)
    return left + layout.width + MARGIN, top + layout.height


def _wide_lines(block: Block) -> list[tuple[str, bool]]:
    """Return two lines for a box, and whether each is bold."""
    first = f"{block.kind} {', '.join(block.details)}".strip()
    return [(first, True), (", ".join(filter(None, [block.shape_text, block.parameters_text])), False)]


def _narrow_lines(block: Block) -> list[tuple[str, bool]]:
    """Return the lines of `_label` with long ones broken, and whether each is bold."""
    return [
        (part, bold) for text, bold in _label(block) for part in text.replace(" parameters", "\nparameters").split("\n")
    ]
