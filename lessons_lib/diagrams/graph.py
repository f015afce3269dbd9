"""A computation graph: operations with their values, and the slopes on the way back."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from lessons_lib import _check
from lessons_lib.diagrams.canvas import (
    BACKWARD,
    FORWARD,
    GREY,
    LINE,
    MARGIN,
    WIDTH,
    Canvas,
    check_format,
    number_text,
    text_width,
)
from lessons_lib.diagrams.layout import lay_out
from lessons_lib.plots import COLORS

Step = tuple[str, str, Sequence[str], float, float | None]
"""A node: its name, its operation as text, the names of its inputs, its value, and the slope or None."""


def graph(steps: Sequence[Step], *, numbers: str = ".4g") -> Axes:
    """Draw a computation graph from top to bottom, with the value of each node and the slope of the result.

    Parameters
    ----------
    steps : sequence of (name, operation, inputs, value, slope)
        One entry for each node, after the nodes that it reads: its name; its operation as text, such as "w · x", empty
        for a number that is given; the names of the nodes that it reads; its value; and the slope of the result with
        respect to it, or None.
    numbers : str
        A format such as ".2f" for the values and the slopes.

    Returns
    -------
    matplotlib.axes.Axes
        The axes with the drawing. In each box the value stands at the left and the slope, in a second colour, at the
        right.

    Raises
    ------
    TypeError
        If a step or its inputs are no sequence, a name or an operation is not a text, or a value or a slope is not a
        number.
    ValueError
        If there is no step, a step has not five parts, a name occurs twice, an input is not the name of an earlier
        step, a value or a slope is NaN or infinite, or `numbers` is not a format.

    Examples
    --------
    >>> axis = graph([("w", "", [], 3.0, 2.0), ("x", "", [], 2.0, 3.0), ("u", "w · x", ["w", "x"], 6.0, 1.0)])
    >>> [text.get_text() for text in axis.texts][-3:]
    ['u = w · x', '6', '1']
    """
    check_format(numbers)
    index: dict[str, int] = {}
    sources: list[list[int]] = []
    boxes: list[tuple[str, str, str]] = []
    for name, operation, inputs, value, slope in map(_parts, _check.sequence("steps", steps, of="steps")):
        unknown = [each for each in inputs if each not in index]
        if name in index or unknown:
            raise ValueError(
                "steps must have different names, and each must read earlier steps only. "
                f"Received: {name!r}, which reads {list(inputs)}"
            )
        index[name] = len(sources)
        sources.append([index[each] for each in inputs])
        title = f"{name} = {operation}" if operation else name
        value_text = number_text(_check.number(f"value of {name}", value), numbers)
        slope_text = "" if slope is None else number_text(_check.number(f"slope of {name}", slope), numbers)
        boxes.append((title, value_text, slope_text))
    if not boxes:
        raise ValueError("steps must hold at least one step. Received: none")
    return _draw(sources, boxes, result=list(index)[-1])


def _parts(step: object) -> Step:
    """Return a step if it has its five parts."""
    rule = "steps must hold (name, operation, inputs, value, slope)"
    parts = _check.sequence("a step", step, of="name, operation, inputs, value and slope")
    if len(parts) != 5:
        raise ValueError(f"{rule} for each node. Received: {step!r}")
    name, operation, inputs, value, slope = parts
    if not (isinstance(name, str) and isinstance(operation, str)):
        raise TypeError(f"{rule}, of which the first two are texts. Received: {step!r}")
    return name, operation, _check.sequence(f"inputs of {name}", inputs, of="names"), value, slope


def _draw(sources: Sequence[Sequence[int]], boxes: Sequence[tuple[str, str, str]], result: str) -> Axes:
    """Draw the boxes, each a title, the text of a value and that of a slope; `result` is whose slopes they are."""
    width = max(max(text_width(title, bold=True), text_width(v) + 12 + text_width(s)) for title, v, s in boxes) + 14
    height = 2 * LINE + 6
    layout = lay_out(sources, node_width=width, node_heights=[height] * len(boxes), gap=16, row_gap=24)
    canvas, top = Canvas(), MARGIN + 1.8 * LINE
    canvas.legend(f"slope of {result}" if any(slope for _, _, slope in boxes) else "")
    left = MARGIN + max(0.0, (WIDTH - 2 * MARGIN - layout.width) / 2)
    for (title, value, slope), above, x, y in zip(boxes, sources, layout.x, layout.y, strict=True):
        start, line = left + x - width / 2, top + y + 3 + LINE / 2
        canvas.box(start, top + y, width, height, color=COLORS[4] if above else GREY)
        canvas.text(left + x, line, title, bold=True)
        if slope:
            canvas.text(start + 7, line + LINE, value, ha="left", color=FORWARD)
            canvas.text(start + width - 7, line + LINE, slope, ha="right", color=BACKWARD)
        else:
            canvas.text(left + x, line + LINE, value, color=FORWARD)
    canvas.edges(layout.edges, left, top)
    return canvas.finish(max(WIDTH, layout.width + 2 * MARGIN), top + layout.height + MARGIN)
