"""The house style of the chapters, measured."""

import importlib.util
import re
from itertools import pairwise
from pathlib import Path
from statistics import median

import nbformat
import pytest
import yaml

from lessons_lib import claims

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
CHAPTERS = sorted(BOOK.glob("*.ipynb"))
TAGS = {"hide-cell", "hide-input", "remove-cell", "raises-exception", "measured", "nbval-ignore-output"}
METADATA = {"tags", "mystnb", "tolerance", "jupyter", "collapsed", "weights", "given"}


def lines_of_code(cell):
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def of_kind(notebook, kind):
    return [cell for cell in notebook.cells if cell.cell_type == kind]


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    return nbformat.read(request.param, as_version=4)


@pytest.fixture(scope="module")
def tool():
    """Return tools/notebooks.py as a module."""
    spec = importlib.util.spec_from_file_location("tools_notebooks", ROOT / "tools" / "notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def title(path):
    return nbformat.read(path, as_version=4).cells[0].source.splitlines()[0].removeprefix("# ")


def chapters_in_toc():
    """Return the notebooks of the table of contents, in its order, each with its title there."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    entries = [entry for part in toc["parts"] for entry in part["chapters"]]
    names = {f"book/{path.stem}" for path in CHAPTERS}
    return [(entry["file"], entry["title"]) for entry in entries if entry["file"] in names]


def may_follow(number):
    """Return the numbers that the next chapter may have: after 14 come 15 or 14b, and after 14b come 15 or 14c."""
    place, letter = int(number[:2]), number[2:] or "a"
    return f"{place + 1:02}", f"{place:02}{chr(ord(letter) + 1)}"


def test_a_chapter_with_a_letter_follows_that_without():
    assert may_follow("09") == ("10", "09b")
    assert may_follow("14b") == ("15", "14c")


def test_chapters_are_numbered_from_1_and_topics_are_unique():
    numbers, topics = zip(*(path.stem.split("_", 1) for path in CHAPTERS), strict=True)
    assert numbers[0] == "01"
    assert all(new in may_follow(old) for old, new in pairwise(numbers))
    assert len(set(topics)) == len(topics)


def test_the_table_of_contents_has_every_chapter_in_its_order():
    assert [file for file, _ in chapters_in_toc()] == [f"book/{path.stem}" for path in CHAPTERS]


def test_the_table_of_contents_has_number_plain_name_and_question():
    for path, (_, said) in zip(CHAPTERS, chapters_in_toc(), strict=True):
        number, question = re.fullmatch(r"(\d+[a-z]?)\. .+ · (.+)", said).groups()
        assert number == path.stem.partition("_")[0].lstrip("0")
        assert title(path).lower().endswith(question.lower())


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


def test_nothing_of_the_machine_is_stored(chapter, tool):
    summary = chapter.metadata.get("summary")
    assert chapter.metadata == {"kernelspec": tool.KERNEL, "language_info": tool.LANGUAGE, "summary": summary}
    for cell in chapter.cells:
        assert set(cell.metadata) <= METADATA, cell.id
        assert ("collapsed" in cell.metadata) == cell.metadata.get("jupyter", {}).get("outputs_hidden", False), cell.id
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


def stored_claims(notebook):
    outputs = [output for cell in of_kind(notebook, "code") for output in cell.outputs]
    return [output.data for output in outputs if claims.MIME in output.get("data", {})]


def test_claims_have_keys_of_their_own():
    keys = [data[claims.MIME].key for path in CHAPTERS for data in stored_claims(nbformat.read(path, as_version=4))]
    assert len(set(keys)) == len(keys) >= 20
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)


def test_a_chapter_is_short_enough_to_be_read(chapter):
    assert sum(len(cell.source.split()) for cell in of_kind(chapter, "markdown")) <= 3600


def test_a_chapter_makes_few_claims(chapter):
    assert 1 <= len(stored_claims(chapter)) <= 6


def test_the_recap_begins_with_an_answer_in_bold(chapter):
    (recap,) = [cell.source for cell in of_kind(chapter, "markdown") if "## Recap" in cell.source]
    assert re.match(r"(- )?\*\*", recap.partition("## Recap")[2].strip())


def test_claims_look_as_their_record_says(chapter):
    for data in stored_claims(chapter):
        assert data["text/plain"] == claims.to_text(data[claims.MIME])
        assert data["text/html"] == claims.to_html(data[claims.MIME])


def test_a_measured_verdict_names_what_was_measured(chapter):
    """A sentence about networks or images in general is measured on one kind of data: the verdict says on which."""
    for data in stored_claims(chapter):
        record = data[claims.MIME]
        texts = [record["statement"], *(piece["text"] for piece in record["evidence"])]
        named = "on" in record or any(re.search(r"MNIST|digits|table", text) for text in texts)
        assert record["kind"] == "proof" or named, record["key"]


def test_a_tolerance_stands_only_where_it_is_used(chapter):
    for cell in chapter.cells:
        if "tolerance" in cell.metadata:
            assert "measured" in cell.metadata.get("tags", []), cell.id
            assert set(cell.metadata.tolerance) <= {"absolute", "relative", "whole"}, cell.id


def test_a_figure_that_shows_trained_results_is_measured(chapter):
    for cell in of_kind(chapter, "code"):
        if "explorables.Repeat(" in cell.source:
            assert "measured" in cell.metadata.get("tags", []), cell.id


def test_every_verdict_is_confirmed(chapter):
    for cell in of_kind(chapter, "code"):
        for output in cell.outputs:
            assert "not confirmed by this run" not in str(output), cell.id


def test_a_network_that_a_cell_builds_and_trains_follows_a_seed(chapter):
    for cell in of_kind(chapter, "code"):
        if "keras.Sequential(" in cell.source and "fit(" in cell.source:
            assert "models.seeded(" in cell.source, cell.id
