"""Replace the ARIA role of the bibliography's entries by that of a list's items.

The theme writes the role doc-biblioentry, which ARIA has withdrawn, and a list may contain nothing but items. The
extension expects that each entry has that role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from expectations import expect

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def replace_roles(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give each entry the role of a list item, which screen readers know."""
    entries = list(doctree.findall(nodes.citation)) if doctree else []
    if not entries:
        return
    parts = context["body"].split('role="doc-biblioentry"')
    received = f"{len(parts) - 1} of {len(entries)}"
    expect(len(parts) - 1 == len(entries), "bibliography_roles", "each entry must have role=doc-biblioentry", received)
    context["body"] = 'role="listitem"'.join(parts)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made before a page is written."""
    app.connect("html-page-context", replace_roles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
