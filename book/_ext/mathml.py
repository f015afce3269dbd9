"""Formulas as MathML, written when the book is built, so that a page needs no script and no other host for them."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
converter = LatexToMathML(fancy_error=False)

# Sphinx numbers the equations. The starred environments keep the converter from numbering them again.
NUMBERED = re.compile(r"\\(begin|end)\{(align|equation|gather|multline)\}")

# A browser refuses to load a font ahead for a page that was opened as a file, and reports an error.
PRELOAD = """<script>
if (location.protocol !== "file:") document.head.append(Object.assign(document.createElement("link"),
  {{rel: "preload", href: "{}", as: "font", type: "font/woff2", crossOrigin: ""}}));
</script>"""


def to_mathml(node: nodes.math | nodes.math_block, *, display: bool) -> str:
    """Return a formula as MathML.

    A formula that cannot be read causes a warning with its file and line, and is shown as LaTeX.
    """
    latex = NUMBERED.sub(r"\\\1{\2*}", node.astext())
    try:
        mathml: str = converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        # The error begins with the position: "9: Expected …" means after nine characters.
        logger.warning("cannot read the formula %r, at %s", latex, error, location=node, type="mathml")
        return f"<code>{escape(latex)}</code>"
    return mathml


def visit_math(writer: HTML5Translator, node: nodes.math) -> None:
    """Write an inline formula."""
    writer.body.append(writer.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    writer.body.append(to_mathml(node, display=False) + "</span>")
    raise nodes.SkipNode


def visit_displaymath(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number if it has one."""
    writer.body.append(writer.starttag(node, "div", CLASS="math notranslate nohighlight"))
    writer.body.append(to_mathml(node, display=True))
    if node["number"]:
        writer.body.append(f'<span class="eqno">({get_node_equation_number(writer, node)})')
        writer.add_permalink_ref(node, "Link to this equation")
        writer.body.append("</span>")
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def preload_font(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Load the font of the formulas with the page, so that the formulas do not change their size when it arrives."""
    if "<math" in context.get("body", ""):
        font = context["pathto"]("_static/noto-sans-math.woff2", 1)
        context["metatags"] += PRELOAD.format(font)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer, which the setting `html_math_renderer` calls by the name of this file."""
    app.connect("html-page-context", preload_font)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
