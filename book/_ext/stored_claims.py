"""Read the claims that a notebook has glued: what `lessons_lib.claims.claim` stored in the outputs of its cells."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

import nbformat

if TYPE_CHECKING:
    from pathlib import Path

GLUED = "application/papermill.record/text/plain"


class Claim(NamedTuple):
    """What a cell said: its claim in four parts, and the heading above it."""

    statement: str
    verdict: str
    evidence: str
    figures: str
    heading: str


def read_claims(notebook: Path) -> tuple[str, list[Claim]]:
    """Return a chapter's title and, in their order, the claims that it stores."""
    headings, found = [], []
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown":
            headings += re.findall(r"^#{1,3} (.+)$", cell.source, re.MULTILINE)
            continue
        data = [output.get("data", {}) | output.get("metadata", {}) for output in cell.outputs]
        glued = {part["scrapbook"]["name"]: ast.literal_eval(part[GLUED]) for part in data if "scrapbook" in part}
        for key in (name.removesuffix("-verdict") for name in glued if name.endswith("-verdict")):
            parts = (glued[key + suffix] for suffix in ("", "-verdict", "-evidence", "-figures"))
            found.append(Claim(*parts, headings[-1]))
    return headings[0], found
