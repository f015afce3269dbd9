"""Mend the roles of the bibliography: ARIA has withdrawn the one for its entries, and a list may hold nothing else.

It expects that each entry has that role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from expectations import expect

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def mend_roles(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give each entry the role that a screen reader knows, that of an item of a list."""
    entries = list(doctree.findall(nodes.citation)) if doctree else []
    if not entries:
        return
    parts = context["body"].split('role="doc-biblioentry"')
    received = f"{len(parts) - 1} of {len(entries)}"
    expect(len(parts) - 1 == len(entries), "bibliography_roles", "each entry must have role=doc-biblioentry", received)
    context["body"] = 'role="listitem"'.join(parts)


def setup(app: Sphinx) -> dict[str, bool]:
    """Mend a page before it is written."""
    app.connect("html-page-context", mend_roles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
