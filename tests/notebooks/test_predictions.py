"""The result of each prediction is what the notebook prints, and each stands just above the cell that prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from lessons_lib.exercises import Prediction, schema, topics

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
DEFAULT_TOLERANCE = {"absolute": 0.03}
NUMBER = r"([-−+]?\d[\d,]*(?:\.\d*)?(?:[eE][-−+]?\d+)?)"
CALL = re.compile(r'Prediction\("(\w+)"\)')


def read_cells(path: Path) -> list[Any]:
    return nbformat.read(path, as_version=4).cells


def printed(cell: Any) -> str:
    """Return what a cell prints, on one line."""
    outputs = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
    return " ".join(" ".join(outputs).split())


def found(text: str, sign: str) -> list[str]:
    """Return the numbers that stand for # in a printed text, or the texts that fit where there is no #."""
    pattern = re.escape(sign).replace(re.escape("#"), NUMBER).replace(re.escape("…"), ".*?")
    return re.findall(rf"(?<!\w){pattern}" if sign[0].isalnum() else pattern, text)


def read_number(text: str, sign: str) -> float:
    (number,) = found(text, sign)
    return float(number.replace("−", "-").replace(",", ""))


def truths(entry: dict[str, Any]) -> Iterator[tuple[float, str]]:
    """Give each number that an entry states, with the text that says where it is printed."""
    if "answer" in entry:
        yield entry["answer"], entry["printed"]
    if entry["kind"] == "curve":
        yield from zip(entry["values"], entry["printed"], strict=True)
    for part in [*entry.get("options", []), *entry.get("items", [])]:
        if "value" in part:
            yield part["value"], part["printed"]


def agree(stored: float, new: float, cell: Any) -> bool:
    """Return whether two numbers agree within the cell's tolerance; they must be equal where nothing is measured."""
    if "measured" not in cell.metadata.get("tags", []):
        return stored == new
    tolerance = {**DEFAULT_TOLERANCE, **cell.metadata.get("tolerance", {})}
    limit = max(tolerance["absolute"], tolerance.get("relative", 0) * abs(stored), tolerance.get("whole", 0))
    return abs(stored - new) <= limit + 1e-12


ENTRIES = [
    pytest.param(path, name, entry, id=f"{path.stem}: {name}")
    for path in CHAPTERS
    for name, entry in topics.predictions(path.stem.partition("_")[2]).items()
]
of_each_prediction = pytest.mark.parametrize(("path", "name", "entry"), ENTRIES)
of_each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@of_each_prediction
def test_the_result_is_what_the_notebook_prints(path: Path, name: str, entry: dict[str, Any]) -> None:
    (cell,) = [cell for cell in read_cells(path) if cell.id == entry["cell"]]
    text = printed(cell)
    for stored, sign in truths(entry):
        assert agree(stored, read_number(text, sign), cell), (stored, sign, text)
    if "printed" in entry and not any(True for _ in truths(entry)):
        assert len(found(text, entry["printed"])) == 1, text


@of_each_chapter
def test_a_chapter_asks_its_predictions_each_once_and_at_least_five(path: Path) -> None:
    asked = [name for cell in read_cells(path) for name in CALL.findall(cell.source)]
    assert asked == list(topics.predictions(path.stem.partition("_")[2]))
    assert len(asked) >= 5


@of_each_prediction
def test_nothing_but_code_stands_between_a_prediction_and_its_result(
    path: Path, name: str, entry: dict[str, Any]
) -> None:
    cells = read_cells(path)
    place = next(i for i, cell in enumerate(cells) if cell.source == f'Prediction("{name}")')
    end = next(i for i, cell in enumerate(cells) if cell.id == entry["cell"])
    assert place < end
    assert {cell.cell_type for cell in cells[place : end + 1]} == {"code"}
    # The cells between print nothing else that a reader would have to wait for: they are few.
    assert end - place <= 8


@of_each_prediction
def test_its_cell_hides_its_code_and_stores_the_question(path: Path, name: str, entry: dict[str, Any]) -> None:
    (cell,) = [cell for cell in read_cells(path) if cell.source == f'Prediction("{name}")']
    assert cell.metadata == {"jupyter": {"source_hidden": True}}
    assert cell.outputs[0].data["text/html"] == Prediction(name).to_html()


def test_every_misconception_is_known() -> None:
    named = set()
    for entry in topics.all_predictions().values():
        parts = [entry, *entry.get("options", []), *entry.get("near", [])]
        named |= {part["misconception"] for part in parts if "misconception" in part}
    assert named <= set(schema.misconceptions())


def test_what_is_printed_is_found_by_its_text() -> None:
    text = "moved by 2: 0.576 ± 0.006 (5 seeds) moved by 12: 0.3 first layer: 50,240"
    assert found(text, "moved by 2: #") == ["0.576"]
    assert found(text, "moved by 2: … ± #") == ["0.006"]
    assert read_number(text, "first layer: #") == 50240
    assert found(text, "moved by 3") == []
