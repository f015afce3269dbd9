"""The line that says how far a computation is: late, short, and gone when it is done."""

import io
import sys

import pytest

from lessons_lib import _progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    seconds = [0.0]
    monkeypatch.setattr(_progress.time, "monotonic", lambda: seconds[0])
    monkeypatch.delenv("LESSONS_LIB_PROGRESS", raising=False)
    return seconds


def count(clock, seconds, n=4):
    with _progress.Progress("Seeds", n) as line:
        for _ in range(n):
            clock[0] += seconds
            line.advance()


def test_a_short_computation_shows_nothing(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    count(clock, 0.1)
    assert sys.stderr.getvalue() == ""


def test_a_long_computation_shows_one_line_that_is_emptied(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    count(clock, 1.0)
    lines = sys.stderr.getvalue().split("\r\x1b[K")
    assert lines == ["", "Seeds: 2 of 4", "Seeds: 3 of 4", "Seeds: 4 of 4", ""]


def test_the_line_is_emptied_when_the_computation_fails(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())

    def fail():
        with _progress.Progress("Seeds", 3) as line:
            clock[0] += 5
            line.advance()
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert sys.stderr.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_a_file_and_no_stream_at_all_get_nothing(clock, monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    count(clock, 1.0)
    assert stream is None or stream.getvalue() == ""


def test_the_variable_switches_it_off(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("LESSONS_LIB_PROGRESS", "0")
    count(clock, 1.0)
    assert sys.stderr.getvalue() == ""


def test_a_notebook_keeps_an_empty_output():
    nbformat = pytest.importorskip("nbformat")
    from nbclient import NotebookClient

    source = (
        "import os, time\nos.environ.pop('LESSONS_LIB_PROGRESS', None)\nfrom lessons_lib import _progress\n"
        "_progress._SECONDS_BEFORE = 0.0\n_progress._SECONDS_BETWEEN = 0.0\n"
        "with _progress.Progress('Seeds', 3) as line:\n    for _ in range(3):\n        line.advance()\n"
        "        time.sleep(0.01)\n"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.data == {"text/plain": ""}
