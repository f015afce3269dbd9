"""The directive `claims`: every claim that the chapters have glued, with its verdict, its figures and its evidence."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from glued import Claim, read_claims
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

VERDICTS = ("holds", "holds with a condition", "does not hold")


def to_html(claim: Claim, chapter: str) -> str:
    """Write a claim as a card."""
    place = f'<a href="{chapter}#{nodes.make_id(claim.heading)}">{escape(claim.heading)}</a>'
    verdict = f'<span class="verdict">{escape(claim.verdict.capitalize())}</span>'
    lines = [line for part in (claim.figures, claim.evidence) for line in part.split("; ") if line]
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return (
        f'<div class="claim {nodes.make_id(claim.verdict)}"><p><strong>{escape(claim.statement)}</strong> {verdict}</p>'
        f'<ul>{items}</ul><p class="measured">Measured in “{place}”.</p></div>'
    )


def to_filter(claims: list[Claim]) -> str:
    """Write how many claims there are of each verdict, as the choice of which to show."""
    counts = Counter(claim.verdict for claim in claims)
    options = [("all", "All", len(claims)), *((nodes.make_id(v), v.capitalize(), counts[v]) for v in VERDICTS)]
    radios = [
        f'<label class="{value}"><input type="radio" name="verdict" value="{value}"'
        f"{' checked' if value == 'all' else ''}> {label}: {count}</label>"
        for value, label, count in options
    ]
    return f'<fieldset class="verdicts"><legend>Show the claims by verdict</legend>{"".join(radios)}</fieldset>'


class ClaimsDirective(SphinxDirective):
    """Read the chapters of the table of contents anew whenever one of them changes."""

    def run(self) -> list[nodes.Node]:
        """Return the filter, then one section a chapter."""
        sections, everything = [], []
        for name in sorted(self.env.found_docs):
            path = Path(self.env.doc2path(name))
            title, claims = read_claims(path) if path.suffix == ".ipynb" else ("", [])
            if not claims:
                continue
            self.env.note_dependency(str(path))
            everything += claims
            number = int(path.name.partition("_")[0])
            section = nodes.section("", nodes.title("", f"Chapter {number}: {title}"), ids=[f"chapter-{number}"])
            section += [nodes.raw("", to_html(claim, f"{path.stem}.html"), format="html") for claim in claims]
            sections.append(section)
        return [nodes.raw("", to_filter(everything), format="html"), *sections]


def setup(app: Sphinx) -> dict[str, bool]:
    """Offer the directive."""
    app.add_directive("claims", ClaimsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
