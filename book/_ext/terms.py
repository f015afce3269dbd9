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
        elif isinstance(child, nodes.section) and child.children and child[0].astext() == "Further reading":
            continue
        elif not isinstance(child, SKIPPED) and "nb_element" not in child:
            yield from prose(child)


def read_entries(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Return for each term the page and the anchor of its entry: words that share an entry share its first anchor."""
    objects = app.env.domains["std"].get_objects()
    entries: dict[str, tuple[str, str]] = {}
    for page in {page for _, _, kind, page, _, _ in objects if kind == "term"}:
        for item in app.env.get_doctree(page).findall(nodes.definition_list_item):
            words = [term for term in item.children if isinstance(term, nodes.term) and term["ids"]]
            entries |= {word.astext().lower(): (page, words[0]["ids"][0]) for word in words}
    return entries


def link_first_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the terms of one chapter."""
    entries = read_entries(app) if app.env.doc2path(docname).endswith(".ipynb") else {}
    words = "|".join(re.escape(word) for word in sorted(entries, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])({words or '(?!)'})(?![\w-])", re.IGNORECASE)
    linked = set()
    for text in list(prose(doctree)):
        whole, done, parts = text.astext(), 0, []
        for match in pattern.finditer(whole):
            page, anchor = entry = entries[match[1].lower()]
            if entry not in linked:
                linked.add(entry)
                address = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
                reference = nodes.reference("", match[0], internal=True, refuri=address, classes=["term"])
                parts += [nodes.Text(whole[done : match.start()]), reference]
                done = match.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(whole[done:])])


def setup(app: Sphinx) -> dict[str, bool]:
    """Link once all pages have been read, when every term is known."""
    app.connect("doctree-resolved", link_first_uses)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
