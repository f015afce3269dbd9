"""The directive `claims`: the cards of all claims that the chapters store, in the order of the chapters."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from stored_claims import MULTIVERSE, StoredClaim, read_claims

from lessons_lib.claims import VERDICTS, to_html

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def to_entry(claim: StoredClaim, page: str) -> str:
    """Return the HTML of a claim's card, with a link to the section that states the claim."""
    place = f'<a href="{page}#{nodes.make_id(claim.heading)}">{escape(claim.heading)}</a>'
    kind = "Proved" if claim.record["kind"] == "proof" else "Measured"
    where = f'<p class="claim-place">{kind} in “{place}”.{to_dots(claim.stands)}</p>'
    return f'<div class="claim-entry">{to_html(claim.record)}{where}</div>'


def to_dots(stands: dict[str, bool]) -> str:
    """Return a row of dots, one for each universe, and what they say in words."""
    if not stands:
        return ""
    dots = "".join("●" if stand else "○" for stand in stands.values())
    fallen = ", ".join(universe for universe, stand in stands.items() if not stand)
    words = f"stands in {sum(stands.values())} of {len(stands)} other universes"
    words += f"; another verdict with {fallen}" if fallen else ""
    return f' <span class="universes"><span aria-hidden="true">{dots}</span> It {words}.</span>'


def to_filter(claims: list[StoredClaim]) -> str:
    """Return the HTML of the filter: radio buttons with the number of claims for each verdict."""
    counts = Counter(claim.record["verdict"] for claim in claims)
    options = [("all", "All", len(claims)), *((v.replace(" ", "-"), v.capitalize(), counts[v]) for v in VERDICTS)]
    radios = [
        f'<label data-verdict="{value}"><input type="radio" name="verdict" value="{value}"'
        f"{' checked' if value == 'all' else ''}> {label}: {count}</label>"
        for value, label, count in options
    ]
    return f'<fieldset class="verdicts"><legend>Show the claims by verdict</legend>{"".join(radios)}</fieldset>'


class ClaimsDirective(SphinxDirective):
    """The directive `claims`, which reads the chapters again when one of them has changed."""

    def run(self) -> list[nodes.Node]:
        """Return the filter and one section for each chapter; the topic of the chapter is the anchor of its section."""
        sections: list[nodes.Node] = []
        all_claims: list[StoredClaim] = []
        for name in sorted(self.env.found_docs):
            path = Path(self.env.doc2path(name))
            title, claims = read_claims(path) if path.suffix == ".ipynb" else ("", [])
            if not claims:
                continue
            self.env.note_dependency(str(path))
            self.env.note_dependency(str(path.parent / MULTIVERSE))
            all_claims += claims
            number, _, topic = path.stem.partition("_")
            heading = nodes.title("", f"Chapter {number.lstrip('0')}: {title}")
            section = nodes.section("", heading, ids=[topic])
            section += [nodes.raw("", to_entry(claim, f"{path.stem}.html"), format="html") for claim in claims]
            sections.append(section)
        return [nodes.raw("", to_filter(all_claims), format="html"), *sections]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("claims", ClaimsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
