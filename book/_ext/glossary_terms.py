"""The terms of the glossary, read from its page: their forms, the place of their entry, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Term(NamedTuple):
    """An entry of the glossary. Its first form is its name, whose anchor leads to the entry."""

    page: str
    anchor: str
    forms: tuple[str, ...]
    definition: nodes.definition


def read_terms(app: Sphinx) -> list[Term]:
    """Return the entries of all glossaries."""
    objects = app.env.domains["std"].get_objects()
    pages = sorted({page for _, _, kind, page, _, _ in objects if kind == "term"})
    return [term for page in pages for term in find_terms(page, app.env.get_doctree(page))]


def find_terms(page: str, doctree: nodes.document) -> list[Term]:
    """Return the entries of the glossaries on a page."""
    found = []
    for item in doctree.findall(nodes.definition_list_item):
        words = [word for word in item.findall(nodes.term) if word["ids"]]
        if words:
            forms = tuple(word.astext() for word in words)
            found.append(Term(page, words[0]["ids"][0], forms, next(item.findall(nodes.definition))))
    return found


def copy_paragraphs(app: Sphinx, term: Term, docname: str) -> list[nodes.paragraph]:
    """Return what an entry says, for the page `docname`: links to other pages stay, and others become plain text."""
    copy = term.definition.deepcopy()
    for link in list(copy.findall(addnodes.pending_xref)):
        plain: nodes.Element = nodes.inline("", link.astext())
        if link["refdomain"] == "doc" and link["reftarget"] != docname:
            address = app.builder.get_relative_uri(docname, link["reftarget"])
            plain = nodes.reference("", link.astext(), internal=True, refuri=address)
        link.parent.replace(link, plain)
    return list(copy.findall(nodes.paragraph))
