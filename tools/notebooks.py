"""Run the chapters in place, and keep only what belongs in the repository.

python tools/notebooks.py            runs every notebook of book/
python tools/notebooks.py 04 06      runs those whose name begins so
python tools/notebooks.py --clean    runs nothing, only cleans

A cell that trains a network for an interactive figure names it in its metadata::

    "weights": {"shiftlab-cnn": {"network": "trained['CNN']", "dtype": "float16"}}

When that cell has run, the weights of the network are written to the figures' folder, as shiftlab-cnn.bin. Nothing
else writes there: who runs a chapter by other means, a learner or a test, leaves the course's files alone.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

BOOK = Path(__file__).resolve().parent.parent / "book"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# What is left of a notebook's metadata: nothing that differs from one machine to the next. JupyterLab fills in what
# describes the language, so all of it is stored that is the same for Python 3.11 to 3.13; the rest, the version, is
# dropped by jupyter_server_config.py when JupyterLab saves.
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


class Client(NotebookClient):
    """Run a notebook, and write the weights that a cell names as soon as it has run."""

    async def async_execute_cell(self, cell: Any, cell_index: int, *args: Any, **keywords: Any) -> Any:
        """Run one cell of the notebook, then its exports, which are no cells and leave no trace in the notebook."""
        done = await super().async_execute_cell(cell, cell_index, *args, **keywords)
        executed = self.code_cells_executed
        for name, what in cell.metadata.get("weights", {}).items():
            export = nbformat.v4.new_code_cell(export_code(name, **what))
            await super().async_execute_cell(export, cell_index, store_history=False)
        self.nb.cells[cell_index], self.code_cells_executed = done, executed
        return done


def export_code(name: str, network: str, dtype: str = "float32") -> str:
    """Return the code that writes the weights of a network, given as an expression, from within its kernel."""
    return (
        "from lessons_lib import weights as _weights\n"
        "_weights.FOLDER.mkdir(exist_ok=True)\n"
        f"(_weights.FOLDER / {name + '.bin'!r}).write_bytes(_weights.pack({network}, dtype={dtype!r}));"
    )


def run(notebook: nbformat.NotebookNode) -> None:
    """Run all cells in place, in a kernel of its own."""
    resources = {"metadata": {"path": str(BOOK)}}
    # A line that arrived in two pieces is one line.
    Client(notebook, coalesce_streams=True, timeout=600, kernel_name="python3", resources=resources).execute()


def clean(notebook: nbformat.NotebookNode) -> None:
    """Drop widget views, cell run times and all metadata that a machine adds; add what JupyterLab would add."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE})
    for cell in notebook.cells:
        for added in ("execution", "collapsed", "scrolled", "ExecuteTime", "trusted"):
            cell.metadata.pop(added, None)
        # JupyterLab writes hidden outputs in the notebook format's older way too.
        if cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            cell.metadata["collapsed"] = True
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)


def peak_memory() -> str:
    """Return in words how much memory the largest kernel so far has taken, or nothing where no one counts (Windows)."""
    if find_spec("resource") is None:
        return ""
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # macOS gives bytes, Linux kB: see getrusage(2) of each.
    gigabytes = peak / (1e9 if sys.platform == "darwin" else 1e6)
    return f", largest kernel so far {gigabytes:.2f} GB"


def main(arguments: list[str] | None = None) -> int:
    """Run and clean the chosen notebooks; return the exit status."""
    parser = argparse.ArgumentParser(description="Run the chapters in place and clean them.")
    parser.add_argument("prefix", nargs="*", help="only notebooks whose name begins so")
    parser.add_argument("--clean", action="store_true", help="run nothing")
    options = parser.parse_args(arguments)
    chosen = [path for path in sorted(BOOK.glob("*.ipynb")) if path.name.startswith(tuple(options.prefix or [""]))]
    if not chosen:
        print(f"No notebook of {BOOK.name}/ begins with {' or '.join(options.prefix)}.", file=sys.stderr)
        return 1
    os.environ["LESSONS_LIB_PROGRESS"] = "0"
    for path in chosen:
        notebook = nbformat.read(path, as_version=4)
        start = time.perf_counter()
        if not options.clean:
            run(notebook)
        clean(notebook)
        nbformat.validate(notebook)
        nbformat.write(notebook, path)
        print(f"{path.name}: {time.perf_counter() - start:.0f} s{peak_memory()}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
