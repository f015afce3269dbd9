"""A ledger as a table, in plain text for a terminal and in HTML for a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from lessons_lib.counting.shapes import Shape

if TYPE_CHECKING:
    from lessons_lib.counting.ledger import Ledger, Row

_HEADINGS = (
    "layer", "kind", "output", "formula", "with numbers", "parameters", "trainable", "multiply-adds", "receptive field"
)  # fmt: skip
_NUMERIC = (False, False, False, False, False, True, True, True, True)


def text(ledger: Ledger) -> str:
    """Return the table in columns of equal width, with a caption above and the totals below."""
    lines = [_HEADINGS, *map(_cells, ledger.rows), _total_cells(ledger)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    table = ["  ".join(map(_align, line, widths, _NUMERIC)).rstrip() for line in lines]
    return "\n".join([_caption(ledger), *table])


def html(ledger: Ledger) -> str:
    """Return the table as an HTML element; Jupyter and the book's theme style its class "dataframe"."""
    head = _html_row(_HEADINGS, heads=len(_HEADINGS), scope="col")
    body = "".join(_html_row(_cells(row)) for row in ledger.rows)
    return (
        f'<table class="dataframe ledger"><caption>{escape(_caption(ledger))}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody><tfoot>{_html_row(_total_cells(ledger))}</tfoot></table>"
    )


def _caption(ledger: Ledger) -> str:
    return f"{ledger.name}, input {', '.join(map(_shape_text, ledger.inputs)) or 'unknown'}"


def _total_cells(ledger: Ledger) -> tuple[str, ...]:
    counts = (_count_text(count) for count in (ledger.total, ledger.trainable, ledger.multiply_adds))
    return ("total", "", "", "", "", *counts, "")


def _shape_text(shape: Shape | None) -> str:
    return "unknown" if shape is None else "×".join("?" if n is None else str(n) for n in shape) or "1"


def _count_text(count: int | None) -> str:
    return "unknown" if count is None else f"{count:,}"


def _cells(row: Row) -> tuple[str, ...]:
    counts = (_count_text(count) for count in (row.parameters, row.trainable, row.multiply_adds))
    field = "–" if row.receptive_field is None else str(row.receptive_field)
    return (row.name, row.kind, _shape_text(row.output_shape), row.formula, row.numbers, *counts, field)


def _align(cell: str, width: int, numeric: bool) -> str:
    return cell.rjust(width) if numeric else cell.ljust(width)


def _html_row(cells: Sequence[str], *, heads: int = 1, scope: str = "row") -> str:
    def cell(i: int) -> str:
        tag, attribute = ("th", f' scope="{scope}"') if i < heads else ("td", "")
        side = "right" if _NUMERIC[i] else "left"
        return f'<{tag}{attribute} style="text-align:{side}">{escape(cells[i])}</{tag}>'

    return f"<tr>{''.join(map(cell, range(len(cells))))}</tr>"
