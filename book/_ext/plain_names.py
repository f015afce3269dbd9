"""The plain name of a page beside its question: in the window's title, the search, the links to its neighbours.

The heading of the page stays, and _toc.yml says both in the menu.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, cast

from contents import read_entries
from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder
    from sphinx.environment import BuildEnvironment


def name_pages(app: Sphinx, env: BuildEnvironment) -> None:
    """Give each page the title that its HTML and the index of the search have."""
    for entry in read_entries(app.config):
        env.longtitles[entry.page] = nodes.title("", entry.title)


def name_neighbours(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the links to the previous and the next page the titles that the menu has."""
    titles = {entry.page: entry.numbered for entry in read_entries(app.config)}
    _, *neighbours = cast("StandaloneHTMLBuilder", app.builder).relations.get(pagename, (None, None, None))
    for way, page in zip(("prev", "next"), neighbours, strict=True):
        if page in titles:
            context[way] = context[way] | {"title": escape(titles[page])}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register both: the titles when all pages have been read, and the links when a page is written."""
    app.connect("env-updated", name_pages)
    app.connect("html-page-context", name_neighbours)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
