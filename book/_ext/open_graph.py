"""Descriptions of each page for search engines, and for the programs that show a preview of a link (Open Graph)."""

from __future__ import annotations

import re
import textwrap
from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from launch import repository
from markupsafe import Markup

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def describe(doctree: nodes.document) -> str:
    """Return the first paragraph of the page's running text that has no formula, in whole sentences.

    A paragraph in bold is a subtitle.
    """
    for paragraph in doctree.findall(nodes.paragraph):
        in_bold = "".join(strong.astext() for strong in paragraph.findall(nodes.strong))
        is_subtitle = in_bold == paragraph.astext().strip()
        is_text = isinstance(paragraph.parent, nodes.section) and not is_subtitle
        if is_text and not any(paragraph.findall(nodes.math)):
            text = " ".join(paragraph.astext().split())
            sentences = re.match(r".{40,199}[.?!](?=\s)", text + " ")
            return sentences[0] if sentences else textwrap.shorten(text, 200, placeholder=" …")
    return ""


def find_address(app: Sphinx, config: Any) -> None:
    """Set the address of the site on GitHub Pages; if the repository is not known, no page names its address."""
    if not config.html_baseurl and (name := repository(app.confdir)):
        owner, _, project = name.partition("/")
        host = f"{owner.lower()}.github.io"
        config.html_baseurl = f"https://{host}/" + ("" if project.lower() == host else f"{project}/")


def add_card(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Add the description and the preview card to the head of a page.

    Addresses and pictures must be absolute, so they are left out if the address of the site is not known.
    """
    site, base = app.config.html_title, app.config.html_baseurl
    if templatename == "top.html":  # This page only redirects to the root page.
        pagename, doctree = app.config.root_doc, app.env.get_doctree(app.config.root_doc)
    title = Markup(context.get("title") or site).striptags()
    description = (describe(doctree) if doctree else "") or f"{title} · {site}"
    card = {"og:type": "article", "og:site_name": site, "og:title": title, "og:description": description}
    if base:
        card["og:url"] = f"{base}{app.builder.get_target_uri(pagename)}"
        picture: Any = next(doctree.findall(nodes.image), {}) if doctree else {}
        if file := app.builder.images.get(picture.get("uri", "")):
            card |= {"og:image": f"{base}{app.builder.imagedir}/{file}", "og:image:alt": picture.get("alt", "")}
    named = {"description": description, "twitter:card": "summary_large_image" if "og:image" in card else "summary"}
    tags = [f'<meta property="{key}" content="{escape(text)}" />' for key, text in card.items()]
    tags += [f'<meta name="{key}" content="{escape(text)}" />' for key, text in named.items()]
    context["metatags"] = "\n".join([context.get("metatags", ""), *tags])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register both changes: the address before the builder reads it, and the head of each page."""
    app.connect("config-inited", find_address)
    app.connect("html-page-context", add_card)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
