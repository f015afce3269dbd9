"""Compare measured notebook outputs within a stated tolerance, and everything else to the letter.

nbval loads a conftest.py only from the root of the repository. A cell tagged ``measured`` holds numbers that
result from training, which differ a little between numbers of threads, settings of oneDNN and instruction sets. Its
metadata may state how much they may differ::

    "metadata": {"tags": ["measured"], "tolerance": {"absolute": 0.05, "relative": 0.1, "whole": 3}}

- A decimal number (``0.91``, ``1e-05``, NumPy's ``1.`` in an array) passes if it is within ``absolute`` or within
  ``relative`` of the stored one. The default is 0.03 absolute. A percentage is compared in percent: 95.0 % and 97.0 %
  differ by 2.
- A whole number (``5 seeds``, ``1,234``) must be equal unless ``whole`` says by how much it may differ. A number
  that is whole in one output and decimal in the other counts as decimal.
- The text between the numbers must be equal to the letter. Spaces are not compared, because a number with one more
  character moves them. Versions (``2.16.1``), times (``12:30``), ``nan`` and ``inf`` are text.

In an output with a structure, such as JSON, each value is compared in this way.
"""

from __future__ import annotations

import os
import re
from typing import Any, NamedTuple

from nbval.plugin import IPyNbCell

DEFAULT_TOLERANCE = {"absolute": 0.03}
TOLERANCES = {"absolute", "relative", "whole"}
TOKEN = re.compile(
    r"(?P<literal>(?<![\w.])(?:\d+(?:\.\d+){2,}|\d+(?::\d{2})+(?:\.\d+)?)(?!\w))"  # 2.16.1, 12:30:05.5
    r"|(?<![\w.])(?P<number>[-−+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-−+]?\d+)?)(?P<point>\.?)(?![\d_])"
    r"|(?<![\w.])(?P<bare>[-−+]?\.\d+(?:[eE][-−+]?\d+)?)(?![\d_])"  # .5
)
MARK = "\0"  # It replaces each number; no output contains it.

# A progress bar would become a part of the compared outputs.
os.environ["LESSONS_LIB_PROGRESS"] = "0"

_compare_to_the_letter = IPyNbCell.compare_outputs


class Number(NamedTuple):
    """A number in an output, and whether it is printed as a decimal number."""

    value: float
    decimal: bool

    def agrees(self, stored: Number, tolerance: dict[str, float]) -> bool:
        """Return whether this number is within the tolerance of the stored one."""
        if self.decimal or stored.decimal:
            limit = max(tolerance.get("absolute", 0.0), tolerance.get("relative", 0.0) * abs(stored.value))
        else:
            limit = tolerance.get("whole", 0.0)
        # The rounding error of a difference such as 0.94 − 0.91 must not matter.
        return self.value == stored.value or abs(self.value - stored.value) <= limit + 1e-12


def split_numbers(text: str) -> tuple[str, list[Number]]:
    """Return the text with a mark in place of each number and without spaces beside it, and the numbers."""
    numbers: list[Number] = []

    def replace(token: re.Match[str]) -> str:
        if token["literal"]:
            return token[0]
        digits = token["number"] or token["bare"]
        # NumPy prints 1.0 as "1." in an array; elsewhere the point ends a sentence.
        in_array = token["point"] == "." and text.rfind("[", 0, token.start()) > text.rfind("]", 0, token.start())
        value = float(digits.replace("−", "-").replace(",", ""))
        numbers.append(Number(value, in_array or bool(re.search(r"[.eE]", digits))))
        return MARK + ("" if in_array else token["point"] or "")

    marked = re.sub(rf"\s*{MARK}\s*", MARK, TOKEN.sub(replace, text))
    return " ".join(marked.split()), numbers


def agrees(new: str, stored: str, tolerance: dict[str, float]) -> bool:
    """Return whether two outputs have the same text, and numbers within the tolerance.

    Raises
    ------
    ValueError
        If the tolerance has a key that is not known.
    """
    if unknown := set(tolerance) - TOLERANCES:
        raise ValueError(f"a tolerance must be one of {sorted(TOLERANCES)}. Received: {sorted(unknown)}")
    if not {"absolute", "relative"} & set(tolerance):
        tolerance = DEFAULT_TOLERANCE | tolerance
    new_text, new_numbers = split_numbers(new)
    stored_text, stored_numbers = split_numbers(stored)
    pairs = zip(new_numbers, stored_numbers, strict=False)
    return new_text == stored_text and all(number.agrees(other, tolerance) for number, other in pairs)


def adopt_stored(new: Any, stored: Any, tolerance: dict[str, float]) -> Any:
    """Return the new output with every leaf that agrees with its stored counterpart replaced by it."""
    if isinstance(new, dict) and isinstance(stored, dict):
        return type(new)({key: adopt_stored(value, stored.get(key), tolerance) for key, value in new.items()})
    if isinstance(new, list) and isinstance(stored, list) and len(new) == len(stored):
        return [adopt_stored(value, other, tolerance) for value, other in zip(new, stored, strict=True)]
    if isinstance(new, str) and isinstance(stored, str):
        return stored if agrees(new, stored, tolerance) else new
    if _is_number(new) and _is_number(stored):
        return stored if agrees(repr(new), repr(stored), tolerance) else new
    return new


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _compare_outputs(cell: Any, test: list[Any], ref: list[Any], skip_compare: Any = None) -> bool:
    if "measured" in cell.cell.metadata.get("tags", []) and len(test) == len(ref):
        tolerance = cell.cell.metadata.get("tolerance", DEFAULT_TOLERANCE)
        test = [adopt_stored(new, stored, tolerance) for new, stored in zip(test, ref, strict=True)]
    return bool(_compare_to_the_letter(cell, test, ref, skip_compare))


IPyNbCell.compare_outputs = _compare_outputs
