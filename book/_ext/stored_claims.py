"""The claims of a notebook: the records that `lessons_lib.claims.claim` has stored in the outputs of its cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import nbformat

from lessons_lib.claims import MIME

if TYPE_CHECKING:
    from pathlib import Path


class StoredClaim(NamedTuple):
    """A claim's record, and the heading of the section that states it."""

    record: dict[str, Any]
    heading: str


def read_claims(notebook: Path) -> tuple[str, list[StoredClaim]]:
    """Return the title of a chapter and the claims that it stores, in their order."""
    headings: list[str] = []
    found = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown":
            headings += re.findall(r"^#{1,3} (.+)$", cell.source, re.MULTILINE)
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                found.append(StoredClaim(output.data[MIME], headings[-1]))
    return headings[0], found
