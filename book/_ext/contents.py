"""The pages of the course in the order of _toc.yml, each with its number, its plain name and its question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sphinx.config import Config

# The number of a chapter, which may have a letter: 14b comes after 14.
NUMBER = r"\d+[a-z]?"
TITLE = re.compile(rf"(?:({NUMBER})\. )?(.+?)(?: · (.+))?")
BEFORE_TOPIC = re.compile(rf"^(?:.*/)?(?:{NUMBER}_)?")


class Entry(NamedTuple):
    """A page as _toc.yml names it: ``6. Pooling · What does pooling buy?``.

    A page without a number is no chapter, and one without a question has no more than its name.
    """

    page: str
    number: str
    name: str
    question: str

    @property
    def title(self) -> str:
        """The plain name and the question, without the number."""
        return f"{self.name} · {self.question}" if self.question else self.name

    @property
    def numbered(self) -> str:
        """The plain name and the question, with the number of a chapter: what the menu says."""
        return f"{self.number}. {self.title}" if self.number else self.title

    @property
    def topic(self) -> str:
        """The name of the file without its folder and its number."""
        return BEFORE_TOPIC.sub("", self.page)


def read_title(page: str, title: str) -> Entry:
    """Return the parts of a title of _toc.yml."""
    match = TITLE.fullmatch(title)
    assert match, title
    number, name, question = match.groups(default="")
    return Entry(page, number, name, question)


def read_entries(config: Config) -> list[Entry]:
    """Return all pages that have a title in _toc.yml, in its order."""
    documents = config.external_site_map
    pages = [page for tree in documents.root.subtrees for page in tree.files()]
    return [read_title(page, documents[page].title) for page in pages if documents[page].title]


def read_chapters(config: Config) -> list[Entry]:
    """Return the chapters, in the order of _toc.yml."""
    return [entry for entry in read_entries(config) if entry.number]
