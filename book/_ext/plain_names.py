"""The plain name of a page beside its question: in the title of the browser's window and in the results of a search.

The heading of the page stays, and _toc.yml says both in the menu.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contents import read_entries
from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def name_pages(app: Sphinx, env: BuildEnvironment) -> None:
    """Give each page the title that its HTML and the index of the search have."""
    for entry in read_entries(app.config):
        env.longtitles[entry.page] = nodes.title("", entry.title)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when all pages have been read."""
    app.connect("env-updated", name_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
