"""The claims of a notebook: the records that `lessons_lib.claims.claim` has stored in the outputs of its cells.

The file multiverse.json beside the notebook says in which other universes the verdicts stand; tools/multiverse.py
writes it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import nbformat

from lessons_lib.claims import MIME, wording

if TYPE_CHECKING:
    from pathlib import Path


MULTIVERSE = "multiverse.json"


class StoredClaim(NamedTuple):
    """A claim's record, the heading of the section that states it, and whether it stands in each other universe."""

    record: dict[str, Any]
    heading: str
    stands: dict[str, bool]


def find_universes(notebook: Path, record: dict[str, Any]) -> dict[str, bool]:
    """Return for each universe that a claim was run in whether it has the same verdict there."""
    file = notebook.parent / MULTIVERSE
    claims = json.loads(file.read_text(encoding="utf-8"))["claims"] if file.is_file() else {}
    entry = claims.get(record["key"])
    if entry is None or entry["wording"] != wording(record):
        return {}
    return {universe: verdict == record["verdict"] for universe, verdict in entry["verdicts"].items()}


def read_claims(notebook: Path) -> tuple[str, list[StoredClaim]]:
    """Return the title of a chapter and the claims that it stores, in their order."""
    headings: list[str] = []
    found = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown":
            headings += re.findall(r"^#{1,3} (.+)$", cell.source, re.MULTILINE)
        for output in cell.get("outputs", []):
            if MIME in output.get("data", {}):
                record = output.data[MIME]
                found.append(StoredClaim(record, headings[-1], find_universes(notebook, record)))
    return headings[0], found
