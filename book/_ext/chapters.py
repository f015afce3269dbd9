"""The directives `chapters` and `plans`: what each chapter brings to the landing page and to the notes for instructors.

Both follow the order of _toc.yml, so a new chapter needs no line on these pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from contents import Entry, read_chapters
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from lessons_lib.exercises import topics

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TOPICS = Path(topics.__file__).parent


def read_heading_and_summary(notebook: Path) -> tuple[str, str]:
    """Return the heading of a chapter, and the line that its metadata hold for the landing page."""
    chapter = nbformat.read(notebook, as_version=4)
    return chapter.cells[0].source.splitlines()[0].removeprefix("# "), chapter.metadata.get("summary", "")


class FromChapters(SphinxDirective):
    """Put Markdown on the page that is made from the chapters; it is read again when one of its files changes."""

    def to_markdown(self, entry: Entry) -> str:
        """Return what one chapter brings."""
        raise NotImplementedError

    def path_to(self, entry: Entry) -> Path:
        """Return the path of a chapter, on which this page depends from now on."""
        return self.depend_on(Path(self.env.doc2path(entry.page)))

    def depend_on(self, path: Path) -> Path:
        """Return the path, and read the page again when its file has changed."""
        self.env.note_dependency(str(path))
        return path

    def run(self) -> list[nodes.Node]:
        """Return what all chapters bring, in their order."""
        text = "\n\n".join(self.to_markdown(entry) for entry in read_chapters(self.config))
        place = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines(), self.env.doc2path(self.env.docname)), 0, place, True)
        return list(place.children)


class ChaptersDirective(FromChapters):
    """A list of the chapters: a link with the plain name, then the question and a line about the answer."""

    def to_markdown(self, entry: Entry) -> str:
        """Return an entry of a definition list."""
        path = self.path_to(entry)
        _, summary = read_heading_and_summary(path)
        if not summary:
            raise self.error(f'the metadata of a chapter must have a line "summary". Received: {path.name} without one')
        return f"[{entry.name}]({path.name})\n: {entry.question} {summary}"


class PlansDirective(FromChapters):
    """A section for each chapter that has a plan, the file instructors.md in the folder of its topic."""

    def to_markdown(self, entry: Entry) -> str:
        """Return a section, under the heading of the chapter."""
        plan = self.depend_on(TOPICS / entry.topic / "instructors.md")
        if not plan.is_file():
            raise self.error(f"a chapter must have a plan for instructors. Received: no {plan.name} in {entry.topic}")
        heading, _ = read_heading_and_summary(self.path_to(entry))
        return f"## {entry.number}. {heading}\n\n{plan.read_text(encoding='utf-8').strip()}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directives."""
    app.add_directive("chapters", ChaptersDirective)
    app.add_directive("plans", PlansDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
