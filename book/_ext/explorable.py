"""The directive ``{explorable} Name``: an interactive figure on a Markdown page, as its widget's own HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lessons_lib import explorables

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


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directive."""
    app.add_directive("explorable", ExplorableDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
