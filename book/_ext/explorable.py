"""Interactive figures on the pages: the directive ``{explorable} Name``, and the style sheet of every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lessons_lib import explorables
from lessons_lib.explorables.base import STATIC

if TYPE_CHECKING:
    from sphinx.application import Sphinx


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


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directive, and give every page the style sheets."""
    app.add_directive("explorable", ExplorableDirective)
    for sheet in style_sheets():
        app.add_css_file(sheet, priority=810)  # after those that _config.yml names
    return {"parallel_read_safe": True, "parallel_write_safe": True}
