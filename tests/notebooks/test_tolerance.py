"""A test of the tests: what nbval and the tolerance hook let pass, and what they catch."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest
from nbval.plugin import IPyNbCell

ROOT = Path(__file__).parents[2]
MEASURED = {"tags": ["measured"]}


@pytest.fixture(scope="module")
def hook():
    """Return the module of the hook, without its effect on this run of pytest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(IPyNbCell, "compare_outputs", IPyNbCell.compare_outputs)
        patch.setenv("LESSONS_LIB_PROGRESS", "0")
        spec = importlib.util.spec_from_file_location("tolerance_hook", ROOT / "conftest.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


@pytest.mark.parametrize(
    ("new", "stored"),
    [
        ("accuracy 0.91", "accuracy 0.94"),
        ("accuracy 0.91", "accuracy 0.88"),
        (str(np.array([1.0, 0.5])), str(np.array([0.99, 0.5]))),
        (str(np.array([-0.01, 0.5])), str(np.array([0.01, 0.5]))),
        (str(np.array([[1.0, 2.0], [3.0, 4.0]])), str(np.array([[1.01, 2.0], [3.0, 4.0]]))),
        (str(np.linspace(0, 1, 30)), str(np.linspace(0, 1.001, 30))),  # broken into other lines
        (repr(np.array([1.0, 0.5])), repr(np.array([0.99, 0.5]))),
        ("lead -0.000", "lead 0.000"),
        ("lead:-0.012", "lead: 0.012"),
        ("lead −0.01", "lead -0.01"),
        ("lead −0.01", "lead 0.02"),
        ("lead +0.01", "lead -0.01"),
        ("1.0 of them", "0.99 of them"),
        ("1 of them", "0.99 of them"),
        ("1e-05", "0.00002"),
        ("1e-05", "3.1E-04"),
        ("1,234.5 units", "1,234.52 units"),
        ("1,000.0", "999.99"),
        ("95.31 %", "95.33 %"),
        ("95.31%", "95.33%"),
        ("took 0.91s", "took 0.92s"),
        ("share .91", "share 0.92"),
        ("it is 0.91.", "it is 0.92."),
        ("between 0.10-0.20", "between 0.11-0.21"),
        ("0.90 ± 0.01 (5 seeds)", "0.91 ± 0.02 (5 seeds)"),
        ("nan", "nan"),
        ("version 2.16.1 at 12:30:05.5 on 2026-11-25", "version 2.16.1 at 12:30:05.5 on 2026-11-25"),
    ],
)
def test_what_training_moves_agrees(hook, new, stored):
    assert hook.agrees(new, stored, {"absolute": 0.03})
    assert hook.agrees(stored, new, {"absolute": 0.03})


@pytest.mark.parametrize(
    ("new", "stored"),
    [
        ("0.90 (4 seeds), digit 4", "0.90 (5 seeds), digit 5"),
        ("12,345 parameters", "12,346 parameters"),
        ("a map of 13×13", "a map of 14×14"),
        ("the digit is 4.", "the digit is 5."),
        ("the digit is 4. Then 0.5", "the digit is 5. Then 0.5"),
        ("95 %", "96 %"),
        ("class [4]", "class [5]"),
        ("-3", "3"),
        ("version 2.16.1", "version 2.17.1"),
        ("version 2.16.1", "version 2.16.2"),
        ("127.0.0.1", "127.0.0.2"),
        ("at 12:30", "at 12:31"),
        ("at 12:30:05.5", "at 12:30:05.6"),
        ("on 2026-11-25", "on 2026-11-26"),
        ("layer dense_1", "layer dense_2"),
        ("v1.5", "v1.6"),
        ("nan", "0.5"),
        ("nan", "inf"),
        ("accuracy 0.91", "precision 0.91"),
        ("ahead: True", "ahead: False"),
        ("0.5 0.6", "0.5"),
        ("1,000 of 2,000", "1,000 of 3,000"),
    ],
)
def test_whole_numbers_and_words_agree_only_to_the_letter(hook, new, stored):
    tolerance = {"absolute": 100, "relative": 10}
    assert not hook.agrees(new, stored, tolerance)
    assert not hook.agrees(stored, new, tolerance)
    assert hook.agrees(new, new, tolerance)


@pytest.mark.parametrize("pattern", ["{}", "[{} 0.5]", "-{}", "−{}", "{} %", "1,{:07.3f}", "{:.3e}", "lost: {}."])
def test_twice_the_tolerance_never_agrees(hook, pattern):
    value = 0.5
    assert hook.agrees(pattern.format(value + 0.03), pattern.format(value), {"absolute": 0.03})
    assert not hook.agrees(pattern.format(value + 0.06), pattern.format(value), {"absolute": 0.03})
    assert not hook.agrees(pattern.format(value - 0.06), pattern.format(value), {"absolute": 0.03})
    assert hook.agrees(pattern.format(value), pattern.format(value), {"absolute": 0})


def test_whole_numbers_may_differ_where_the_cell_says_so(hook):
    assert hook.agrees("99 of 2000 wrong, 0.95", "96 of 2000 wrong, 0.94", {"whole": 3})
    assert not hook.agrees("99 of 2000 wrong, 0.95", "95 of 2000 wrong, 0.94", {"whole": 3})
    assert not hook.agrees("99 of 2000 wrong, 0.95", "99 of 2000 wrong, 0.85", {"whole": 3})


def test_a_tolerance_is_spelt_right(hook):
    with pytest.raises(ValueError, match=r"'relative', 'whole'\]\. Received: \['absolut'\]"):
        hook.agrees("1", "1", {"absolut": 0.1})


def test_a_structure_is_compared_leaf_by_leaf(hook):
    stored = {"verdict": "holds", "seeds": 5, "mean": 0.91, "all": [0.9, {"text": "0.90 ± 0.01"}], "none": None}
    near = {"verdict": "holds", "seeds": 5, "mean": 0.92, "all": [1, {"text": "0.92 ± 0.02"}], "none": None}
    assert hook.adopt_stored(near, stored, {"absolute": 0.1}) == stored
    for fault in ({"verdict": "fails"}, {"seeds": 6}, {"mean": 1.2}, {"all": [0.9]}, {"none": 0}, {"mean": True}):
        assert hook.adopt_stored(near | fault, stored, {"absolute": 0.1}) != stored
    assert hook.adopt_stored({**near, "more": 1}, stored, {"absolute": 0.1}) != stored


def passed(folder, cells):
    """Run nbval on cells with stored outputs, each a source, its outputs and its metadata; tell which ones pass."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
    for number, (source, outputs, metadata) in enumerate(cells):
        cell = nbformat.v4.new_code_cell(source, id=f"cell-{number}", execution_count=number + 1, metadata=metadata)
        cell.outputs = outputs
        notebook.cells.append(cell)
    (folder / "conftest.py").write_text((ROOT / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    nbformat.write(notebook, folder / "cells.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "--rootdir", folder, "-p", "no:cacheprovider", "cells.ipynb"]
    environment = {**os.environ, "PYTEST_ADDOPTS": ""}
    report = folder / "report.xml"
    done = subprocess.run(
        [*command, f"--junitxml={report}"], cwd=folder, capture_output=True, env=environment, check=False
    )
    found = [len(case) == 0 for case in ElementTree.parse(report).iter("testcase")]
    assert done.returncode == (not all(found))
    return found


def test_a_stored_number_passes_only_where_it_may(tmp_path):
    cases = [
        ("accuracy 0.91\n", {}, True),
        ("accuracy 0.92\n", {}, False),
        ("accuracy 0.92\n", MEASURED, True),
        ("accuracy 0.97\n", MEASURED, False),
        ("accuracy 0.99\n", {**MEASURED, "tolerance": {"relative": 0.1}}, True),
        ("accuracy 0.92\n", {"tolerance": {"absolute": 0.05}}, False),
    ]
    outputs = [[nbformat.v4.new_output("stream", name="stdout", text=stored)] for stored, _, _ in cases]
    cells = [("print('accuracy', 0.91)", stored, case[1]) for case, stored in zip(cases, outputs, strict=True)]
    assert passed(tmp_path, cells) == [passes for _, _, passes in cases]


def test_a_claim_is_compared_in_text_card_and_record(tmp_path):
    from lessons_lib import claims

    cases = [(0.92, "ahead by more than 0.05", True), (0.97, "ahead by more than 0.05", False), (0.92, "behind", False)]
    call = "claims.claim('dry', 'Water is dry.', 'A book, share 0.91', supports={'ahead by more than 0.05': True})"
    cells = [("from lessons_lib import claims", [], {})]
    for figure, evidence, _ in cases:
        record = claims.record("dry", "Water is dry.", f"A book, share {figure}", supports={evidence: True})
        data = {"text/plain": claims.to_text(record), "text/html": claims.to_html(record), claims.MIME: record}
        cells.append((call, [nbformat.v4.new_output("display_data", data)], MEASURED))
    assert passed(tmp_path, cells) == [True, *(passes for _, _, passes in cases)]
