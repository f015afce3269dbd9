"""Interactive figures on the pages: the directive ``{explorable} Name``, their style sheets, and what stands for them.

A figure is stored with a sentence for Jupyter, which says to run its cell. On a page there is no cell, so another
sentence stands there until the figure starts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lessons_lib import explorables
from lessons_lib.explorables.base import STATIC

if TYPE_CHECKING:
    from sphinx.application import Sphinx


# True wherever it can be read: without JavaScript, and where a script is missing.
NO_SCRIPT = "This part of the page needs JavaScript. If it is switched on, a script did not load: reload the page."
# A figure's state, and the sentence after it. No "<" stands in a state.
SENTENCE = re.compile(r'(<div class="explorable"[^>]*><script type="application/json">[^<]*</script><p>)[^<]*')


class ExplorableDirective(SphinxDirective):
    """Put the explorable of that name, in its default state, on the page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the figure, or an error that names those that exist."""
        name = self.arguments[0]
        if name not in explorables.__all__:
            raise self.error(f"explorable must be one of {', '.join(explorables.__all__)}. Received: {name}")
        return [nodes.raw("", getattr(explorables, name)().to_html(), format="html")]


def style_sheets() -> list[str]:
    """Return the names of the figures' style sheets: what all share comes first, since the others refine it."""
    shared = "explorable.css"
    return [shared, *sorted(sheet.name for sheet in STATIC.glob("*.css") if sheet.name != shared)]


def replace_sentences(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Say on a page what a figure needs there."""
    if "body" in context:
        context["body"] = SENTENCE.sub(rf"\g<1>{NO_SCRIPT}", context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directive, and give every page the style sheets and the sentence."""
    app.add_directive("explorable", ExplorableDirective)
    app.connect("html-page-context", replace_sentences)
    for sheet in style_sheets():
        app.add_css_file(sheet, priority=810)  # after those that _config.yml names
    return {"parallel_read_safe": True, "parallel_write_safe": True}
