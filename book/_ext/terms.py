"""Links from the first use of each term in a chapter to its entry in the glossary, made when the book is built."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

# Text in these nodes is not linked: it is a heading, a link already, code or a formula.
SKIPPED = (nodes.title, nodes.caption, nodes.reference, nodes.literal, nodes.math, nodes.FixedTextElement)


def prose(node: nodes.Element) -> Iterator[nodes.Text]:
    """Yield the texts in which terms are linked: all but code, outputs and the section “Further reading”."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child
        elif isinstance(child, nodes.section) and child.children and child[0].astext() == "Further reading":
            continue
        elif not isinstance(child, SKIPPED) and "nb_element" not in child:
            yield from prose(child)


def read_entries(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Return the page and the anchor of the entry of each term; terms with a common entry have its first anchor."""
    objects = app.env.domains["std"].get_objects()
    entries: dict[str, tuple[str, str]] = {}
    for page in {page for _, _, kind, page, _, _ in objects if kind == "term"}:
        for item in app.env.get_doctree(page).findall(nodes.definition_list_item):
            words = [term for term in item.children if isinstance(term, nodes.term) and term["ids"]]
            entries |= {word.astext().lower(): (page, words[0]["ids"][0]) for word in words}
    return entries


def link_first_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the first use of each term in one chapter."""
    entries = read_entries(app) if app.env.doc2path(docname).endswith(".ipynb") else {}
    words = "|".join(re.escape(word) for word in sorted(entries, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])({words or '(?!)'})(?![\w-])", re.IGNORECASE)
    linked = set()
    for text in list(prose(doctree)):
        content, end, parts = text.astext(), 0, []
        for match in pattern.finditer(content):
            page, anchor = entry = entries[match[1].lower()]
            if entry not in linked:
                linked.add(entry)
                address = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
                reference = nodes.reference("", match[0], internal=True, refuri=address, classes=["term"])
                parts += [nodes.Text(content[end : match.start()]), reference]
                end = match.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(content[end:])])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when all pages have been read and every term is known."""
    app.connect("doctree-resolved", link_first_uses)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
