"""List the comparisons of the claims whose outcome is nearest to another one.

python tools/margins.py
"""

from __future__ import annotations

from pathlib import Path

import nbformat

from lessons_lib import claims

BOOK = Path(__file__).resolve().parent.parent / "book"
SHOWN = 10


def narrowest(paths: list[Path]) -> list[str]:
    """Return a line for each comparison in the stored outputs of the notebooks, the narrowest first."""
    rows = []
    for path in paths:
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                record = output.get("data", {}).get(claims.MIME, {"evidence": []})
                rows += [
                    (piece["distance"], f"{record['key']}: {piece['text']}: {piece['description']}")
                    for piece in record["evidence"]
                    if piece.get("distance") is not None
                ]
    return [f"{distance:.4f}  {text}" for distance, text in sorted(rows)]


if __name__ == "__main__":
    print("\n".join(narrowest(sorted(BOOK.glob("*.ipynb")))[:SHOWN]))
