"""Code of fewer elements, which a browser lays out when the reader comes near.

A word that has the colour of the text needs no element of its own: half of the elements of a chapter were names and
brackets. Each block says how many lines it has, so that `course.css` keeps its room while it is out of view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Text, Whitespace
from sphinx.highlighting import PygmentsBridge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

# What both themes show in the colour of the text.
PLAIN = {Name, Name.Namespace, Punctuation, Whitespace}


class LightFormatter(HtmlFormatter):  # type: ignore[misc]  # Pygments has no types
    """Writes code as Pygments does, without elements for plain words, and with the number of its lines."""

    def format(self, tokensource: Iterable[tuple[Any, str]], outfile: Any) -> Any:
        """Write pieces of code; those that are as plain text need no element."""
        return super().format(((Text if kind in PLAIN else kind, text) for kind, text in tokensource), outfile)

    def wrap(self, source: Iterable[tuple[int, str]]) -> Any:
        """Put the box around the code; a piece is a line of the code, 1, or what stands around it, 0."""
        pieces = list(source)
        self.cssstyles = f"--lines:{sum(is_line for is_line, _ in pieces)}"
        return super().wrap(iter(pieces))


def setup(app: Sphinx) -> dict[str, bool]:
    """Let Sphinx write code so."""
    PygmentsBridge.html_formatter = LightFormatter
    return {"parallel_read_safe": True, "parallel_write_safe": True}
