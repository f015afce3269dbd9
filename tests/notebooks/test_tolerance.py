"""A test of the tests: what nbval and the tolerance hook let pass, and what they catch."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]


def check(folder, source, stored, **metadata):
    """Run nbval on one cell with one stored output; return its exit status."""
    cell = nbformat.v4.new_code_cell(source, id="cell", execution_count=1, metadata=metadata)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=stored)]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
    (folder / "conftest.py").write_text((ROOT / "conftest.py").read_text())
    nbformat.write(notebook, folder / "one.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "--rootdir", folder, "-p", "no:cacheprovider", "one.ipynb"]
    environment = {**os.environ, "PYTEST_ADDOPTS": ""}
    return subprocess.run(command, cwd=folder, capture_output=True, env=environment, check=False).returncode


MEASURED = {"tags": ["measured"]}


@pytest.mark.parametrize(
    ("stored", "metadata", "passes"),
    [
        ("accuracy 0.91\n", {}, True),
        ("accuracy 0.92\n", {}, False),
        ("accuracy 0.92\n", MEASURED, True),
        ("accuracy 0.95\n", MEASURED, False),
        ("precision 0.91\n", MEASURED, False),
        ("accuracy 0.95\n", {**MEASURED, "tolerance": {"absolute": 0.05}}, True),
        ("accuracy 0.99\n", {**MEASURED, "tolerance": {"relative": 0.1}}, True),
        ("accuracy 1.20\n", {**MEASURED, "tolerance": {"relative": 0.1}}, False),
        ("accuracy 0.95\n", {"tolerance": {"absolute": 0.05}}, False),
    ],
)
def test_a_stored_number_passes_only_where_it_may(tmp_path, stored, metadata, passes):
    assert (check(tmp_path, "print('accuracy', 0.91)", stored, **metadata) == 0) == passes


@pytest.mark.parametrize(
    ("stored", "passes"), [("12,345 and -0.02, True\n", True), ("12,355 and 0.02, True\n", False), ("1e-6\n", False)]
)
def test_numbers_of_every_shape_are_read(tmp_path, stored, passes):
    metadata = {**MEASURED, "tolerance": {"absolute": 1}}
    assert (check(tmp_path, "print('12,345 and 0.03, True')", stored, **metadata) == 0) == passes


def test_a_claim_that_turns_false_fails_whatever_the_tolerance(tmp_path):
    metadata = {**MEASURED, "tolerance": {"absolute": 100}}
    assert check(tmp_path, "print('ahead by more than 0.05:', False)", "ahead by more than 0.05: True\n", **metadata)
