"""Run the chapters in place, and keep only what belongs in the repository.

python tools/notebooks.py            runs every notebook of book/
python tools/notebooks.py 04 06      runs those whose name begins so
python tools/notebooks.py --clean    runs nothing, only cleans
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

BOOK = Path(__file__).parent.parent / "book"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# What is left of a notebook's metadata: nothing that differs from one machine to the next.
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def run(notebook: nbformat.NotebookNode) -> None:
    """Run all cells in place, in a kernel of its own."""
    settings = {"timeout": 600, "kernel_name": "python3", "resources": {"metadata": {"path": str(BOOK)}}}
    # A line that arrived in two pieces is one line.
    NotebookClient(notebook, coalesce_streams=True, **settings).execute()


def clean(notebook: nbformat.NotebookNode) -> None:
    """Drop widget views, cell run times and all metadata that a machine adds."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        for added in ("execution", "collapsed", "scrolled", "ExecuteTime", "trusted"):
            cell.metadata.pop(added, None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)


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
    # Here, and only here, a chapter's `weights.export` writes what the figures read.
    os.environ["LESSONS_LIB_EXPORT"] = "1"
    for path in chosen:
        notebook = nbformat.read(path, as_version=4)
        start = time.perf_counter()
        if not options.clean:
            run(notebook)
        clean(notebook)
        nbformat.validate(notebook)
        nbformat.write(notebook, path)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        print(f"{path.name}: {time.perf_counter() - start:.0f} s, largest kernel so far {peak:.2f} GB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
