"""The directive `intuition`: the reader's predictions of all chapters beside what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contents import read_chapters
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from lessons_lib.exercises import topics
from lessons_lib.exercises.intuition import Intuition

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class IntuitionDirective(SphinxDirective):
    """Put the figure on the page, with the chapters that ask for predictions, in their order."""

    def run(self) -> list[nodes.Node]:
        """Return the figure; the page is written again when what is asked has changed."""
        parts = []
        for chapter in read_chapters(self.config):
            path = topics.HERE / chapter.topic / "predictions.json"
            if path.is_file():
                self.env.note_dependency(str(path))
                address = self.env.app.builder.get_relative_uri(self.env.docname, chapter.page)
                title = f"{chapter.number}. {chapter.name}"
                parts.append({"title": title, "address": address, "topic": chapter.topic})
        return [nodes.raw("", Intuition(parts).to_html(), format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directive."""
    app.add_directive("intuition", IntuitionDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
