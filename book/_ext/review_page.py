"""The directive `review`: all questions that can be asked again, and the misconceptions that answers can show.

The questions are those of the quizzes, and the exercises whose answer is a number or a choice. Their data are in the
page, so that the review needs no request; the texts of the exercises are parsed as the chapters have them. Predictions
are not asked again, but show misconceptions, too: the page knows their places.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import nbformat
from contents import Entry, read_entries
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from lessons_lib.exercises import schema, topics
from lessons_lib.exercises.quiz import prepared
from lessons_lib.explorables.base import FALLBACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

# An exercise as a chapter has it: its title, its name with hyphens, and its text.
EXERCISE = re.compile(
    r"^:::\{exercise\} (.+)\n:label: exercise-([\w-]+)\n(?::\w+:.*\n)*\n((?:(?!:::$).*\n)+?):::$", re.MULTILINE
)


HEADING = re.compile(r"^##+ (.+)$", re.MULTILINE)
PREDICTION = re.compile(r'^Prediction\("(\w+)"\)$', re.MULTILINE)


class Text(NamedTuple):
    """The title and the text of an exercise, in Markdown."""

    title: str
    body: str


def read_markdown(path: Path) -> str:
    """Return the Markdown of a page, of a notebook without its code."""
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def read_texts(path: Path) -> dict[str, Text]:
    """Return the texts of the exercises of a page, by the names of the exercises."""
    found = EXERCISE.findall(read_markdown(path))
    return {name.replace("-", "_"): Text(title, body) for title, name, body in found}


def to_question(entry: dict[str, Any], title: str) -> dict[str, Any]:
    """Return an exercise whose answer is a number or a choice as a quiz asks it."""
    shared = {"ask": title} | {key: entry[key] for key in ("kind", "label", "options", "draw") if key in entry}
    if entry["kind"] == "one":
        return shared
    why = entry["why"][0].upper() + entry["why"][1:]
    otherwise = entry.get("otherwise", topics.common_words()["wrong"]["otherwise"])
    return shared | {"answer": entry["answer"], "near": entry["near"], "why": why, "otherwise": otherwise}


def to_place(page: Entry, anchor: str) -> dict[str, Any]:
    """Return the topic of a page, the name of its chapter, and the address of a place on it."""
    chapter = f"{page.number}. {page.name}" if page.number else page.name
    return {"topic": page.topic, "chapter": chapter, "href": f"{page.page.rpartition('/')[2]}.html#{anchor}"}


def find_questions(page: Entry, texts: dict[str, Text]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the tasks of a topic's page with what the review asks for them."""
    for question in prepared(topics.quiz(page.topic)):
        yield f"quiz:{page.topic}/{question['id']}", to_place(page, "quiz") | {"question": question}
    for name, entry in topics.exercises_of(page.topic).items():
        if entry["kind"] in ("number", "one"):
            place = to_place(page, f"exercise-{name.replace('_', '-')}")
            yield f"exercise:{name}", place | {"question": to_question(entry, texts[name].title)}


def find_predictions(page: Entry, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the predictions of a chapter, each with its section."""
    section = ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            section = [section, *HEADING.findall(cell.source)][-1]
        for name in PREDICTION.findall(cell.source):
            yield f"prediction:{name}", to_place(page, nodes.make_id(section))


def to_state(data: dict[str, Any]) -> str:
    """Return the data as a page has them: turned round, so that nobody reads an answer by chance.

    Unlike data in base64, they are compressed well on their way.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # A "<" in the state could end the script element.
    return json.dumps({"turned": text[::-1]}, ensure_ascii=False).replace("<", "\\u003c")


class ReviewDirective(SphinxDirective):
    """Put the review on the page; it is read again when a chapter or a topic has changed."""

    def run(self) -> list[nodes.Node]:
        """Return the review with its data, and the texts of the exercises out of sight."""
        questions: dict[str, Any] = {}
        predictions: dict[str, Any] = {}
        texts: dict[str, Text] = {}
        known = topics.names()
        for page in read_entries(self.config):
            if page.topic in known:
                path = Path(self.env.doc2path(page.page))
                texts |= read_texts(path)
                questions |= find_questions(page, texts)
                predictions |= find_predictions(page, path) if path.suffix == ".ipynb" else ()
                for source in (path, *(topics.HERE / page.topic).glob("*.json")):
                    self.env.note_dependency(str(source))
        # The search finds the texts in their chapters, and of this page the title.
        self.env.metadata[self.env.docname]["nosearch"] = True
        asked = [name for name in texts if f"exercise:{name}" in questions]
        return [
            nodes.raw("", self.to_html(questions, predictions), format="html"),
            *(node for name in asked for node in self.to_nodes(name, texts[name].body)),
        ]

    def to_html(self, questions: dict[str, Any], predictions: dict[str, Any]) -> str:
        """Return the place of the review, with its data."""
        words = topics.common_words()
        common = {key: words[key] for key in ("unusable_start", "unusable")}
        data = {
            "questions": questions,
            "predictions": predictions,
            "misconceptions": schema.misconceptions(),
            "common": common,
        }
        return (
            '<div class="explorable" data-explorable="review" aria-label="Review" role="group">'
            f'<script type="application/json">{to_state(data)}</script><p>{escape(FALLBACK)}</p></div>'
        )

    def to_nodes(self, name: str, body: str) -> list[nodes.Node]:
        """Return the text of an exercise as the page would show it, in a place that is out of sight."""
        place = nodes.Element()
        self.state.nested_parse(StringList(body.splitlines(), self.env.doc2path(self.env.docname)), 0, place)
        return [
            nodes.raw("", f'<div data-asked="exercise:{name}" hidden>', format="html"),
            *place.children,
            nodes.raw("", "</div>", format="html"),
        ]


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directive."""
    app.add_directive("review", ReviewDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
