"""Tables on a phone: each cell of a wide table knows the head of its column, so that the rows can be stacked there.

A table that fits into 390 px stays as it is. Of a wider one, the style sheet shows each row as a card: the first cell
is its title, and each other cell stands beside the head of its column.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
CELL = re.compile(r"<t([dh])\b(.*?)>(.*?)</t\1>", re.DOTALL)
# About how many letters a column may have before its text wraps, a margin for each column, and what a phone is wide.
WIDEST, MARGIN, ROOM = 28, 3, 38


def text_of(html: str) -> str:
    """Return the text of a piece of HTML, without its formulas' source."""
    return " ".join(unescape(re.sub(r"<annotation\b.*?</annotation>|<[^>]*>", "", html, flags=re.DOTALL)).split())


def is_wide(rows: list[list[str]]) -> bool:
    """Tell whether a table with these texts is wider than the text of a phone."""
    columns = zip(*rows, strict=True)
    return sum(min(max(map(len, column)), WIDEST) + MARGIN for column in columns) > ROOM


def label_cells(row: str, heads: list[str]) -> str:
    """Give each cell of a row, after the first, the head of its column."""
    places = iter(heads)

    def label(cell: re.Match[str]) -> str:
        kind, attributes, content = cell.groups()
        head = next(places)
        named = f' data-label="{escape(head)}"' if head and head != heads[0] and text_of(content) else ""
        return f"<t{kind}{attributes}{named}>{content}</t{kind}>"

    return CELL.sub(label, row)


def stack(table: re.Match[str]) -> str:
    """Prepare a wide table that has a head and as many cells in each row; leave any other as it is."""
    html = table[0]
    head, end, body = html.partition("</thead>")
    rows = [[text_of(cell[3]) for cell in CELL.finditer(row)] for row in ROW.findall(html)]
    if not end or len(rows) < 2 or len({len(row) for row in rows}) > 1 or not is_wide(rows):
        return html
    body = ROW.sub(lambda row: label_cells(row[0], rows[0]), body)
    return re.sub(r'^<table\b([^>]*?)class="', r'<table\1class="stacked ', head, count=1) + end + body


def stack_tables(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Prepare the wide tables of a page."""
    if "body" in context:
        context["body"] = TABLE.sub(stack, context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when a page is written."""
    app.connect("html-page-context", stack_tables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
