"""Run the chapters in place, and remove what does not belong in the repository.

python tools/notebooks.py            runs all notebooks of book/
python tools/notebooks.py 04 06      runs the notebooks whose names begin with 04 or 06
python tools/notebooks.py --clean    cleans all notebooks without running them

A cell that trains a network for an interactive figure names it in its metadata::

    "weights": {"shiftlab-cnn": {"network": "trained['CNN']", "dtype": "float16"}}

When that cell has run, the weights of the network are written to the file shiftlab-cnn.bin in the folder of the
figures' weights. Only this program writes there: a learner or a test that runs a chapter does not change the files of
the course.
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
# The metadata of a stored notebook, which are the same on all machines. JupyterLab adds a description of the language
# when it opens a notebook, so all parts that are the same for Python 3.11 to 3.13 are stored. The other part, the
# version, is removed by jupyter_server_config.py when JupyterLab saves.
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
    """Run a notebook; as soon as a cell has run, write the weights that its metadata name."""

    async def async_execute_cell(self, cell: Any, cell_index: int, *args: Any, **keywords: Any) -> Any:
        """Run one cell, and then the code that writes its weights, which is not stored in the notebook."""
        result = await super().async_execute_cell(cell, cell_index, *args, **keywords)
        executed = self.code_cells_executed
        for name, settings in cell.metadata.get("weights", {}).items():
            export = nbformat.v4.new_code_cell(export_code(name, **settings))
            await super().async_execute_cell(export, cell_index, store_history=False)
        self.nb.cells[cell_index], self.code_cells_executed = result, executed
        return result


def export_code(name: str, network: str, dtype: str = "float32") -> str:
    """Return code that a kernel runs to write the weights of a network, which is given as an expression."""
    return (
        "from lessons_lib import weights as _weights\n"
        "_weights.FOLDER.mkdir(exist_ok=True)\n"
        f"(_weights.FOLDER / {name + '.bin'!r}).write_bytes(_weights.pack({network}, dtype={dtype!r}));"
    )


def run(notebook: nbformat.NotebookNode) -> None:
    """Run all cells in place, in a kernel of its own."""
    resources = {"metadata": {"path": str(BOOK)}}
    # With coalesce_streams, a line that arrives in two pieces is stored as one line.
    Client(notebook, coalesce_streams=True, timeout=3600, kernel_name="python3", resources=resources).execute()


def clean(notebook: nbformat.NotebookNode) -> None:
    """Remove widget views, run times and the metadata that depend on the machine; add what JupyterLab would add."""
    summary = {key: text for key, text in notebook.metadata.items() if key == "summary"}  # for the landing page
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": LANGUAGE, **summary})
    for cell in notebook.cells:
        for added in ("execution", "collapsed", "scrolled", "ExecuteTime", "trusted"):
            cell.metadata.pop(added, None)
        # JupyterLab also marks hidden outputs with this older key of the notebook format.
        if cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            cell.metadata["collapsed"] = True
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)


def peak_memory() -> str:
    """Return a text with the peak memory of the largest kernel so far; on Windows it is empty."""
    if find_spec("resource") is None:
        return ""
    import resource

    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # The number is in bytes on macOS and in kB on Linux; see getrusage(2) of each.
    gigabytes = peak / (1e9 if sys.platform == "darwin" else 1e6)
    return f", largest kernel so far {gigabytes:.2f} GB"


def main(arguments: list[str] | None = None) -> int:
    """Run and clean the chosen notebooks; return the exit status."""
    parser = argparse.ArgumentParser(description="Run the chapters in place and clean them.")
    parser.add_argument("prefix", nargs="*", help="run only the notebooks whose names begin with this text")
    parser.add_argument("--clean", action="store_true", help="clean the notebooks without running them")
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
