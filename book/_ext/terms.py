"""The first use of each term in a chapter: a link to the glossary, which opens the meaning in place.

The links are made when the book is built. Each page also gets what the glossary says about its terms, in templates,
which browsers neither show nor print; book/_static/terms.js shows one below its link. Without scripts the links lead to
the glossary.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from glossary_terms import copy_paragraphs, read_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.builders.html import StandaloneHTMLBuilder

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


def link_first_uses(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Link the first use of each term in one chapter."""
    terms = read_terms(app) if app.env.doc2path(docname).endswith(".ipynb") else []
    entries = {form.lower(): (term.page, term.anchor) for term in terms for form in term.forms}
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


def add_meanings(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Add a template with the meaning of each term that the page links."""
    builder = cast("StandaloneHTMLBuilder", app.builder)
    links = [link for link in doctree.findall(nodes.reference) if "term" in link["classes"]] if doctree else []
    terms = {term.anchor: term for term in read_terms(app)} if links else {}
    for link in links:
        term = terms[link["refuri"].partition("#")[2]]
        paragraphs = copy_paragraphs(app, term, pagename)
        meaning = "".join(builder.render_partial(paragraph)["fragment"] for paragraph in paragraphs)
        name = escape(term.forms[0])
        context["body"] += f'<template data-term="{term.anchor}" data-name="{name}">{meaning.strip()}</template>\n'


def setup(app: Sphinx) -> dict[str, bool]:
    """Register both changes: the links when every term is known, and the meanings when a page is written."""
    app.connect("doctree-resolved", link_first_uses)
    app.connect("html-page-context", add_meanings)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
