"""Compare measured notebook outputs within a stated tolerance, everything else to the letter.

nbval loads a conftest.py only from the root of the repository. A cell tagged ``measured`` holds numbers that
come out of training: another thread count, oneDNN setting or instruction set moves them a little. Its text
must be the same to the letter, and each number within the tolerance of the cell's metadata::

    "metadata": {"tags": ["measured"], "tolerance": {"absolute": 0.05, "relative": 0.1}}

A number passes if it is within either; the default is 0.03 absolute.
"""

from __future__ import annotations

import os
import re
from typing import Any

from nbval.plugin import IPyNbCell

DEFAULT_TOLERANCE = {"absolute": 0.03}
NUMBER = re.compile(r"(?<![\w.])[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?(?!\w)")

# A progress bar would become a part of the compared outputs.
os.environ["LESSONS_LIB_PROGRESS"] = "0"

_compare_to_the_letter = IPyNbCell.compare_outputs


def split_numbers(text: str) -> tuple[str, list[float]]:
    """Return the text with a mark for each number and single blanks, and the numbers."""
    numbers = [float(found.replace("−", "-").replace(",", "")) for found in NUMBER.findall(text)]
    return " ".join(NUMBER.sub("#", text).split()), numbers


def agrees(new: str, stored: str, tolerance: dict[str, float]) -> bool:
    """Return whether two outputs have the same text, and numbers within the tolerance."""
    new_text, new_numbers = split_numbers(new)
    stored_text, stored_numbers = split_numbers(stored)
    absolute, relative = tolerance.get("absolute", 0.0), tolerance.get("relative", 0.0)
    return new_text == stored_text and all(
        abs(a - b) <= max(absolute, relative * abs(b)) + 1e-12 for a, b in zip(new_numbers, stored_numbers, strict=True)
    )


def _adopt_stored(new: Any, stored: Any, tolerance: dict[str, float]) -> Any:
    """Return the new output with every text that agrees with its stored counterpart replaced by it."""
    if isinstance(new, dict) and isinstance(stored, dict):
        return {key: _adopt_stored(value, stored.get(key), tolerance) for key, value in new.items()}
    if isinstance(new, str) and isinstance(stored, str) and agrees(new, stored, tolerance):
        return stored
    return new


def _compare_outputs(cell: Any, test: list[Any], ref: list[Any], skip_compare: Any = None) -> bool:
    if "measured" in cell.cell.metadata.get("tags", []) and len(test) == len(ref):
        tolerance = cell.cell.metadata.get("tolerance", DEFAULT_TOLERANCE)
        test = [type(new)(_adopt_stored(new, stored, tolerance)) for new, stored in zip(test, ref, strict=True)]
    return bool(_compare_to_the_letter(cell, test, ref, skip_compare))


IPyNbCell.compare_outputs = _compare_outputs
