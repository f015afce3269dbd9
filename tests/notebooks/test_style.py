"""The house style of the chapters, measured."""

from itertools import pairwise
from pathlib import Path
from statistics import median

import nbformat
import pytest

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("*.ipynb"))
TAGS = {"hide-cell", "hide-input", "remove-cell", "raises-exception", "measured", "nbval-ignore-output"}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def lines_of_code(cell):
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def of_kind(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    return nbformat.read(request.param, as_version=4)


def test_there_are_chapters():
    assert [path.name[:2] for path in CHAPTERS] == ["01", "02", "03", "04", "05", "06", "07", "08", "09"]


def test_cells_are_short(chapter):
    lengths = [lines_of_code(cell) for cell in of_kind(chapter, "code")]
    assert max(lengths) <= 12
    assert median(lengths) <= 4


def test_there_are_eight_words_of_text_for_each_line_of_code(chapter):
    words = sum(len(cell.source.split()) for cell in of_kind(chapter, "markdown"))
    assert words >= 8 * sum(lines_of_code(cell) for cell in of_kind(chapter, "code"))


def test_tags_are_known_and_few_outputs_are_ignored(chapter):
    tags = [tag for cell in chapter.cells for tag in cell.metadata.get("tags", [])]
    assert set(tags) <= TAGS
    assert tags.count("nbval-ignore-output") <= 3


def test_every_cell_has_run_in_order(chapter):
    counts = [cell.execution_count for cell in of_kind(chapter, "code")]
    assert counts == list(range(1, len(counts) + 1))


def test_nothing_of_the_machine_is_stored(chapter):
    assert chapter.metadata == {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for cell in chapter.cells:
        assert set(cell.metadata) <= {"tags", "mystnb", "tolerance", "jupyter"}, cell.id
        for output in cell.get("outputs", []):
            assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})
            assert output.get("name") != "stderr", f"{cell.id} writes to standard error"


def test_every_figure_has_alt_text(chapter):
    for cell in of_kind(chapter, "code"):
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            assert len(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")) >= 20, cell.id


def test_headings_begin_with_one_title_and_skip_no_level(chapter):
    levels = [
        len(line) - len(line.lstrip("#"))
        for cell in of_kind(chapter, "markdown")
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_a_chapter_opens_with_its_aims_and_ends_with_a_recap_and_sources(chapter):
    first = chapter.cells[0].source
    assert all(said in first for said in ("will be able to", "You need", "minutes"))
    headings = [
        line for cell in of_kind(chapter, "markdown") for line in cell.source.splitlines() if line.startswith("## ")
    ]
    assert headings[-4:] == ["## Recap", "## Exercises", "## Quiz", "## Further reading"]


def test_no_plumbing_is_shown(chapter):
    for cell in of_kind(chapter, "code"):
        for plumbing in ("sys.path", "filterwarnings", "simplefilter", "pip install", "os.environ"):
            assert plumbing not in cell.source, cell.id
        assert not any(line.lstrip().startswith(("%", "!")) for line in cell.source.splitlines()), cell.id


def test_claims_have_keys_of_their_own():
    keys = [
        output.metadata["scrapbook"]["name"]
        for path in CHAPTERS
        for cell in of_kind(nbformat.read(path, as_version=4), "code")
        for output in cell.outputs
        if "scrapbook" in output.get("metadata", {})
    ]
    assert len(set(keys)) == len(keys)
    assert sum(key.endswith("-verdict") for key in keys) >= 20


def test_every_verdict_is_confirmed(chapter):
    for cell in of_kind(chapter, "code"):
        for output in cell.outputs:
            assert "not confirmed by this run" not in str(output), cell.id
