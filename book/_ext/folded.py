"""What the folds of a page are called: *Show the code* over folded code, *Show the solution* over a solution.

MyST-NB says *source* and *content* for them, and gives each fold one label for screen readers, which says neither. The
extension expects that label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from expectations import expect
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput, visit_HideCellInput

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

# What is folded by the tags hide-input and hide-cell: a chapter hides whole cells for its solutions alone.
NAMES = {"input": "code", "all": "solution"}
LABEL = ' aria-label="Toggle hidden content"'


def name_folds(app: Sphinx, doctree: nodes.document) -> None:
    """Say in the prompts of _config.yml what is folded."""
    for cell in doctree.findall(nodes.container):
        if (mode := cell.get("hide_mode")) in NAMES:
            for prompt in ("prompt_show", "prompt_hide"):
                cell[prompt] = cell[prompt].replace("{type}", NAMES[mode])


def open_fold(translator: HTML5Translator, node: HideCodeCellNode) -> None:
    """Write the beginning of a fold as MyST-NB does, without the label that would hide the name."""
    start = len(translator.body)
    visit_HideCellInput(translator, node)
    html = "".join(translator.body[start:])
    expect(LABEL in html, "folded", f"a fold must have the label {LABEL.strip()}", html)
    translator.body[start:] = [html.replace(LABEL, "")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the names, and the HTML of a fold in place of MyST-NB's."""
    app.connect("doctree-read", name_folds)
    app.add_node(HideCodeCellNode, override=True, html=(open_fold, depart_HideCellInput))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
