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
# How many letters of code, or of an output, stand side by side on a phone, and how much further in a line continues.
CODE, OUTPUT, INDENT = 48, 60, 4
PARTS = re.compile(r"<[^>]*>|&[^;]+;|.")
SIGNATURE = re.compile(r'<dt class="sig .*?</dt>', re.DOTALL)
MARKUP = re.compile("<[^>]*>")
WORD = re.compile(r'<span class="pre">([^<]*)</span>')
# Behind what a line may be continued where there is no space; a decimal point is not among it.
BREAKS = re.compile(r"[(\[{/]|[.,](?!\d)")


def find_folds(line: str, columns: int) -> list[int]:
    """Return where a phone continues a line, behind a space or a bracket where it can."""
    start, end = indent_of(line), columns
    folds: list[int] = []
    while end < len(line):
        half = (start + end) // 2
        space = line.rfind(" ", half, end) + 1
        breaks = [found.end() for found in BREAKS.finditer(line, half) if found.end() <= end]
        start = space or (breaks[-1] if breaks else end)
        folds.append(start)
        end = start + columns - further_in(line, columns)
    return folds


def indent_of(line: str) -> int:
    """Return how many spaces a line begins with."""
    return len(line) - len(line.lstrip())


def further_in(line: str, columns: int) -> int:
    """Return how many spaces stand before the continuation of a line."""
    return min(indent_of(line), columns // 2) + INDENT


def find_gap(lines: list[str], columns: int) -> int | None:
    """Return where all rows of a printed table that is too wide are continued, or None if it has no gap that serves.

    The gap is a place before which no line has a letter, or better two, so that the columns behind it stay below one
    another.
    """
    widest = max(map(len, lines), default=0)
    if widest <= columns or sum(len(line) > columns for line in lines) < 2:
        return None
    places = range(columns, max(columns // 3, widest - columns + INDENT) - 1, -1)
    tried = ((place, blanks) for blanks in (2, 1) for place in places)
    fits = (place for place, blanks in tried if not any(line[place - blanks : place].strip() for line in lines))
    return next(fits, None)


def fold(html: str, folds: list[int], indent: int) -> str:
    """Return a line with a mark at each of its folds."""
    parts = PARTS.findall(html)
    letters = [place for place, part in enumerate(parts) if not part.startswith("<")]
    for place in (letters[letter] for letter in folds):
        parts[place] = f'<i data-fold="{" " * indent}"></i>{parts[place]}'
    return "".join(parts)


def text_of(html: str) -> str:
    """Return the letters of a line."""
    return unescape(MARKUP.sub("", html)).rstrip()


def fold_block(lines: list[str], columns: int) -> list[str]:
    """Return the lines of a block with marks at their folds."""
    texts = [text_of(line) for line in lines]
    gap = find_gap(texts, columns) if columns == OUTPUT else None
    if gap is not None:
        return [fold(line, [gap] if len(text) > gap else [], INDENT) for line, text in zip(lines, texts, strict=True)]
    return [
        fold(line, find_folds(text, columns), further_in(text, columns))
        for line, text in zip(lines, texts, strict=True)
    ]


class LightFormatter(HtmlFormatter):  # type: ignore[misc]  # Pygments has no types
    """Writes code as Pygments does, without elements for plain words, and with what a phone needs to fold it."""

    def format(self, tokensource: Iterable[tuple[Any, str]], outfile: Any) -> Any:
        """Write pieces of code; those that are as plain text need no element."""
        pieces = list(tokensource)
        self.columns = CODE if any(kind is not Text for kind, _ in pieces) else OUTPUT
        return super().format(((Text if kind in PLAIN else kind, text) for kind, text in pieces), outfile)

    def wrap(self, source: Iterable[tuple[int, str]]) -> Any:
        """Put the box around the code; a piece is a line of the code, 1, or what stands around it, 0."""
        pieces = list(source)
        lines = [html.removesuffix("\n") for is_line, html in pieces if is_line]
        folded = fold_block(lines, self.columns)
        rows = len(lines) + sum(line.count("<i data-fold") for line in folded)
        widest = max(len(text_of(line)) for line in ["-", *lines])
        self.cssstyles = f"--lines:{len(lines)};--rows:{rows};--columns:{min(widest, self.columns)}"
        given = iter(folded)
        return super().wrap((is_line, f"{next(given)}\n" if is_line else html) for is_line, html in pieces)


def join_words(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Take the elements away that Sphinx puts around each word of a signature."""
    if "body" in context:
        context["body"] = SIGNATURE.sub(lambda found: WORD.sub(r"\1", found[0]), context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Let Sphinx write code so, and lighten the signatures when a page is written."""
    PygmentsBridge.html_formatter = LightFormatter
    app.connect("html-page-context", join_words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
