"""Link each term of the glossary from its first use in each chapter, when the book is built."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

# Where a link would hide, repeat or disturb what is there.
SKIPPED = (nodes.title, nodes.caption, nodes.reference, nodes.literal, nodes.math, nodes.FixedTextElement)


def prose(node: nodes.Element) -> Iterator[nodes.Text]:
    """Yield the texts in which a term is linked: not the code and its outputs, and not the sources at the end."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child
        elif isinstance(child, nodes.section) and child.next_node(nodes.title).astext() == "Further reading":
            continue
        elif not isinstance(child, SKIPPED) and "nb_element" not in child:
            yield from prose(child)


def link(text: nodes.Text, match: re.Match[str], address: str) -> list[nodes.Node]:
    """Split a text at a term and make the term a link."""
    whole = text.astext()
    reference = nodes.reference("", match[0], internal=True, refuri=address, classes=["term"])
    parts = [nodes.Text(whole[: match.start()]), reference, nodes.Text(whole[match.end() :])]
    text.parent.replace(text, [part for part in parts if part.astext()])
    return parts


def link_first_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the terms of one chapter; words for the same entry count as one term."""
    if not app.env.doc2path(docname).endswith(".ipynb"):
        return
    objects = app.env.get_domain("std").get_objects()
    entries = {name.lower(): (page, anchor) for name, _, kind, page, anchor, _ in objects if kind == "term"}
    words = "|".join(re.escape(word) for word in sorted(entries, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])({words})(?![\w-])", re.IGNORECASE)
    linked: set[tuple[str, str]] = set()
    for first in list(prose(doctree)):
        rest: nodes.Text | None = first
        start = 0
        while rest is not None and words and (match := pattern.search(rest.astext(), start)):
            start = match.end()
            page, anchor = target = entries[match[1].lower()]
            if target not in linked:
                linked.add(target)
                rest = link(rest, match, f"{app.builder.get_relative_uri(docname, page)}#{anchor}")[-1]
                rest, start = (rest if rest.astext() else None), 0


def setup(app: Sphinx) -> dict[str, bool]:
    """Link once all pages have been read, when every term is known."""
    app.connect("doctree-resolved", link_first_uses)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
