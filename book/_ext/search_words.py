"""The words of the search: other spellings and other names of a thing find what a reader means.

The file book/search.json holds them. ``spellings`` maps the beginning of a word to the course's own spelling: the index
and the query are both rewritten, so that either spelling finds both. ``pages`` lists other names of a page, which is
then found first. ``ranks`` are added to the scores of what is found on a page, ``chapter`` on every chapter.

All of it uses what Sphinx documents: a search language with a splitter of its own, entries of the index, and the
scorer, which is search.js beside this file.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contents import read_entries
from docutils import nodes
from glossary_terms import find_terms, read_terms
from sphinx import addnodes
from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

BOOK = Path(__file__).resolve().parent.parent
TIMES = re.compile(r"(?<=\d) ?[×x] ?(?=\d)")


@cache
def read_words() -> dict[str, Any]:
    """Return what book/search.json holds."""
    words: dict[str, Any] = json.loads((BOOK / "search.json").read_text(encoding="utf-8"))
    return words


def respell(text: str) -> str:
    """Return a text in the course's own spelling: ``neighbors`` is ``neighbours``, ``3 × 3`` is ``3x3``.

    The function of the same name in search.js does the same to a query.
    """
    spellings = read_words()["spellings"]
    text = TIMES.sub("x", text.lower())
    return re.sub(rf"\b(?:{'|'.join(spellings)})", lambda found: spellings[found[0]], text)


def spell_otherwise(text: str) -> Iterator[str]:
    """Yield a name in lower case, and in every other spelling."""
    yield text.lower()
    yield text.lower().replace("-", " ")
    yield TIMES.sub("x", text.lower())
    for other, own in read_words()["spellings"].items():
        if re.search(rf"\b{own}", text.lower()):
            yield re.sub(rf"\b{own}", other, text.lower())


class CourseEnglish(SearchEnglish):
    """English, with the spellings of the course."""

    def split(self, input: str) -> list[str]:
        """Return the words of a text, respelled."""
        return super().split(respell(input))


def to_index(names: list[str], target: str) -> addnodes.index:
    """Return the entries of the index for some names, in all spellings, that lead to one target on the page."""
    words = {word: None for name in names for word in spell_otherwise(name)}
    return addnodes.index(entries=[("single", word, target, "main", None) for word in words])


def index_names(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let the names of a page and the terms of the glossary be found first; all forms of a term lead to one entry."""
    terms = find_terms(docname, doctree)
    if terms:
        for index in list(doctree.findall(addnodes.index)):
            index.parent.remove(index)
    doctree += [to_index(list(term.forms), term.anchor) for term in terms]
    for entry in read_entries(app.config):
        if entry.page == docname:
            names = [entry.name, entry.question or entry.name, *read_words()["pages"].get(docname, [])]
            doctree += to_index(names, "")


def use_scorer(app: Sphinx, config: Config) -> None:
    """Name the file that orders and names what is found."""
    config.html_search_scorer = str(Path(__file__).with_name("search.js"))


def give_words(app: Sphinx, env: BuildEnvironment) -> None:
    """Hand the words to search.js, with the name of each term."""
    words = {**read_words(), "terms": {term.anchor: term.forms[0] for term in read_terms(app)}}
    CourseEnglish.js_splitter_code = f"globalThis.searchWords = {json.dumps(words, ensure_ascii=False)};"


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the language, the scorer, its words and the entries of the index."""
    app.add_search_language(CourseEnglish)
    app.connect("config-inited", use_scorer)
    app.connect("env-updated", give_words)
    app.connect("doctree-resolved", index_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
