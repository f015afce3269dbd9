"""Quizzes and exercises: the directives ``{quiz} TOPIC`` and ``{answer} NAME``, and what a page says of an exercise.

Below the cell of an exercise, a notebook that nobody has worked says that it is the reader's turn to run the cell. On a
page no cell runs, and the field for the answer says what to do, so that line is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst.directives import positive_int_list
from sphinx.util.docutils import SphinxDirective
from traitlets import TraitError

from lessons_lib.exercises import Exercise, Quiz, topics

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from lessons_lib.explorables.base import Explorable


class Question(SphinxDirective):
    """Put on the page what the argument names."""

    required_arguments = 1

    def asked(self, name: str) -> Explorable:
        """Return what has this name."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Return the question, or an error that names those that exist."""
        try:
            html = self.asked(self.arguments[0]).to_html()
        except TraitError as error:
            raise self.error(str(error)) from None
        return [nodes.raw("", html, format="html")]


class QuizDirective(Question):
    """Put the quiz of a topic on the page; ``heights`` are those of `lessons_lib.exercises.Quiz`."""

    option_spec: ClassVar = {"heights": positive_int_list}

    def asked(self, name: str) -> Explorable:
        """Return the quiz of this topic."""
        return Quiz.of(name, heights=tuple(self.options.get("heights", ())))


class AnswerDirective(Question):
    """Put the field for the answer to an exercise on the page."""

    def asked(self, name: str) -> Explorable:
        """Return the field for this exercise."""
        return Exercise(name)


def leave_out_prompts(app: Sphinx, doctree: nodes.document) -> None:
    """Leave out the outputs that ask the reader to run a cell again."""
    prompt = topics.common_words()["your_turn"]
    for output in [block for block in doctree.findall(nodes.literal_block) if block.astext().strip() == f"→ {prompt}"]:
        output.parent.remove(output)


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directives, and leave out the prompts of notebooks."""
    app.connect("doctree-read", leave_out_prompts)
    app.add_directive("quiz", QuizDirective)
    app.add_directive("answer", AnswerDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
