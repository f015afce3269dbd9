"""Code and outputs that are light to lay out, and that a phone shows without scrolling sideways.

A word that has the colour of the text needs no element of its own: half of the elements of a chapter were names and
brackets. A long line carries marks where a phone continues it below, further in. Each block says how many lines it has,
how many rows these are on a phone, and how many columns it has there: so `course.css` chooses the size of the letters,
and keeps the block's room while it is out of view. The words of a function's signature need no elements of their own,
either.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Text, Whitespace
from sphinx.highlighting import PygmentsBridge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

# What both themes show in the colour of the text.
PLAIN = {Name, Name.Namespace, Punctuation, Whitespace}
# How many letters stand side by side on a phone, and how much further in a line continues.
COLUMNS, INDENT = 48, 4
PARTS = re.compile(r"<[^>]*>|&[^;]+;|.")
SIGNATURE = re.compile(r'<dt class="sig .*?</dt>', re.DOTALL)
WORD = re.compile(r'<span class="pre">([^<]*)</span>')


def find_folds(line: str) -> tuple[list[int], int]:
    """Return where a phone continues a line, behind a space or a bracket where it can, and how far in."""
    begin = len(line) - len(line.lstrip())
    indent = min(begin, COLUMNS // 2) + INDENT
    folds: list[int] = []
    start, end = begin, COLUMNS
    while end < len(line):
        half = (start + end) // 2
        tried = line.rfind(" ", half, end), max(line.rfind(sign, half, end) for sign in "([{.,/")
        start = next((place + 1 for place in tried if place >= 0), end)
        folds.append(start)
        end = start + COLUMNS - indent
    return folds, indent


def fold(html: str) -> tuple[str, int, int]:
    """Return a line with a mark at each of its folds, and its rows and columns on a phone."""
    parts = PARTS.findall(html)
    letters = [place for place, part in enumerate(parts) if not part.startswith("<")]
    line = unescape("".join(parts[place] for place in letters)).rstrip()
    folds, indent = find_folds(line)
    for place in (letters[letter] for letter in folds):
        parts[place] = f'<i data-fold="{" " * indent}"></i>{parts[place]}'
    return "".join(parts), 1 + len(folds), min(len(line), COLUMNS)


class LightFormatter(HtmlFormatter):  # type: ignore[misc]  # Pygments has no types
    """Writes code as Pygments does, without elements for plain words, and with what a phone needs to fold it."""

    def format(self, tokensource: Iterable[tuple[Any, str]], outfile: Any) -> Any:
        """Write pieces of code; those that are as plain text need no element."""
        return super().format(((Text if kind in PLAIN else kind, text) for kind, text in tokensource), outfile)

    def wrap(self, source: Iterable[tuple[int, str]]) -> Any:
        """Put the box around the code; a piece is a line of the code, 1, or what stands around it, 0."""
        pieces, rows, columns = [], [], [1]
        for is_line, html in source:
            if is_line:
                folded, count, width = fold(html.removesuffix("\n"))
                html = f"{folded}\n"
                rows.append(count)
                columns.append(width)
            pieces.append((is_line, html))
        self.cssstyles = f"--lines:{len(rows)};--rows:{sum(rows)};--columns:{max(columns)}"
        return super().wrap(iter(pieces))


def join_words(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Take the elements away that Sphinx puts around each word of a signature."""
    if "body" in context:
        context["body"] = SIGNATURE.sub(lambda found: WORD.sub(r"\1", found[0]), context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Let Sphinx write code so, and lighten the signatures when a page is written."""
    PygmentsBridge.html_formatter = LightFormatter
    app.connect("html-page-context", join_words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
