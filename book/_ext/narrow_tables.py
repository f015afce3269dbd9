"""Tables on a phone: each cell of a wide table knows the head of its column, so that the rows can be stacked there.

A table that fits into 390 px stays as it is. Of a wider one, the style sheet shows each row as a card: the first cell
is its title, and each other cell stands beside the head of its column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from bs4 import Tag
    from sphinx.application import Sphinx

TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
# About how many letters a column may have before its text wraps, a margin for each column, and what a phone is wide.
WIDEST, MARGIN, ROOM = 28, 3, 38


def text_of(cell: Tag) -> str:
    """Return the text of a cell, without its formulas' source."""
    parts = [part for part in cell.find_all(string=True) if part.parent and part.parent.name != "annotation"]
    return " ".join("".join(parts).split())


def is_wide(rows: list[list[str]]) -> bool:
    """Tell whether a table with these texts is wider than the text of a phone."""
    columns = zip(*rows, strict=True)
    return sum(min(max(map(len, column)), WIDEST) + MARGIN for column in columns) > ROOM


def stack(html: re.Match[str]) -> str:
    """Prepare a wide table that has a head and as many cells in each row; leave any other as it is."""
    table = BeautifulSoup(html[0], "html.parser").table
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")] if table else []
    texts = [[text_of(cell) for cell in row] for row in rows]
    if not table or not table.thead or len({len(row) for row in rows}) != 1 or not is_wide(texts):
        return html[0]
    table["class"] = " ".join(["stacked", *filter(None, table.get_attribute_list("class"))])
    for row, said in zip(rows[1:], texts[1:], strict=True):
        for cell, text, head in list(zip(row, said, texts[0], strict=True))[1:]:
            if head and text:
                cell["data-label"] = head
    return str(table)


def stack_tables(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Prepare the wide tables of a page."""
    if "body" in context:
        context["body"] = TABLE.sub(stack, context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when a page is written."""
    app.connect("html-page-context", stack_tables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
