"""Run the chapters in other universes, and record in which of them the verdict of each claim stands.

python tools/multiverse.py            runs what has no record yet
python tools/multiverse.py 02 06      runs the notebooks whose names begin with 02 or 06
python tools/multiverse.py --anew 02  runs chapter 2 again even if it has a record

Each run differs from the course as it is printed in one respect: its seeds, the length of each training, all learning
rates, or the split of the digits (see lessons_lib/_universe.py). The verdicts are stored in book/multiverse.json after
each run, so that the work can be stopped and taken up again. A claim that is reworded loses its record.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from lessons_lib import _universe, claims

BOOK = Path(__file__).resolve().parent.parent / "book"
RECORD = BOOK / "multiverse.json"
UNIVERSES = {
    "seeds 5 to 9": "seeds=5",
    "training twice as long": "duration=2",
    "training four times as long": "duration=4",
    "rates halved": "rate=0.5",
    "rates doubled": "rate=2",
    "another split of the digits": "split=1",
}
# Two notebooks run at a time on two cores, so each has one thread.
WORKERS = 2
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "OMP_NUM_THREADS": "1"}
NO_RESULT = "no result"


def measured_claims(notebook: nbformat.NotebookNode) -> dict[str, dict[str, Any]]:
    """Return the records of the measured claims in a notebook's outputs, by their keys."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    records = [output.data[claims.MIME] for output in outputs if claims.MIME in output.get("data", {})]
    return {record["key"]: record for record in records if record["kind"] == "measurement"}


def read_record(path: Path = RECORD) -> dict[str, Any]:
    """Return what is recorded, or an empty record."""
    empty = {"universes": list(UNIVERSES), "runs": {}, "claims": {}}
    return {**empty, **json.loads(path.read_text(encoding="utf-8"))} if path.is_file() else empty


def is_recorded(record: dict[str, Any], claim: dict[str, Any], universe: str) -> bool:
    """Tell whether a claim has a verdict in a universe for its present wording."""
    stored = record["claims"].get(claim["key"], {})
    return stored.get("wording") == claims.wording(claim) and universe in stored["verdicts"]


def add(
    record: dict[str, Any],
    chapter: str,
    universe: str,
    stored: dict[str, dict[str, Any]],
    found: dict[str, dict[str, Any]],
    seconds: float,
) -> None:
    """Add the verdicts of one run: `stored` are the claims of the chapter at home, `found` those of the run."""
    packages = {name: version(name) for name in ("keras", "numpy")}
    run = {"date": date.today().isoformat(), "seconds": round(seconds), **packages}
    record["runs"].setdefault(chapter, {})[universe] = run
    for key, claim in stored.items():
        entry = record["claims"].get(key)
        if entry is None or entry["wording"] != claims.wording(claim):
            entry = record["claims"][key] = {"wording": claims.wording(claim), "verdicts": {}, "intervals": {}}
        entry["verdicts"][universe] = found[key]["verdict"] if key in found else NO_RESULT
        entry["intervals"][universe] = intervals(found[key]) if key in found else []


def intervals(claim: dict[str, Any]) -> list[str]:
    """Return the 95 % interval of each comparison in the evidence of a claim, in its order."""
    return [f"{piece['low']}…{piece['high']}" for piece in claim["evidence"] if "low" in piece]


def run(path: Path, difference: str) -> tuple[nbformat.NotebookNode, float]:
    """Run a notebook where `difference` applies, to its end, whatever its cells raise; return it with its seconds."""
    notebook = nbformat.read(path, as_version=4)
    environment = {**os.environ, **ONE_THREAD, _universe.VARIABLE: difference, "LESSONS_LIB_PROGRESS": "0"}
    resources = {"metadata": {"path": str(path.parent)}}
    start = time.perf_counter()
    client = NotebookClient(notebook, timeout=None, kernel_name="python3", resources=resources, allow_errors=True)
    # A loop of its own, which is closed at the end: this runs in a thread.
    asyncio.run(client.async_execute(env=environment))
    return notebook, time.perf_counter() - start


def still_to_run(record: dict[str, Any], paths: list[Path], anew: bool) -> Iterator[tuple[Path, str]]:
    """Yield the chapters and universes of which a measured claim has no record; with `anew`, all of them."""
    for universe in UNIVERSES:
        for path in paths:
            stored = measured_claims(nbformat.read(path, as_version=4))
            if stored and (anew or not all(is_recorded(record, claim, universe) for claim in stored.values())):
                yield path, universe


def what_falls(record: dict[str, Any], stored: dict[str, dict[str, Any]]) -> list[str]:
    """Return a line for each claim and universe where the verdict is another one than at home."""
    return [
        f"{key} ({claim['verdict']}): {universe}: {verdict}"
        for key, claim in stored.items()
        for universe, verdict in record["claims"].get(key, {"verdicts": {}})["verdicts"].items()
        if verdict != claim["verdict"]
    ]


def changed(stored: dict[str, dict[str, Any]], found: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the claims that a run found with another verdict than at home, so that their evidence can be read."""
    return [claim for key, claim in found.items() if key in stored and claim["verdict"] != stored[key]["verdict"]]


def write(record: dict[str, Any], path: Path = RECORD) -> None:
    """Write the record, claims in the order of their keys, in a form that shows small changes as small."""
    ordered = {**record, "claims": dict(sorted(record["claims"].items())), "runs": dict(sorted(record["runs"].items()))}
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run what is to be run; return the exit status, 1 if a verdict falls."""
    parser = argparse.ArgumentParser(description="Run the chapters in other universes and record their verdicts.")
    parser.add_argument("prefix", nargs="*", help="run only the notebooks whose names begin with this text")
    parser.add_argument("--anew", action="store_true", help="also run what is recorded")
    options = parser.parse_args(arguments)
    paths = [path for path in sorted(BOOK.glob("*.ipynb")) if path.name.startswith(tuple(options.prefix or [""]))]
    all_stored = {path: measured_claims(nbformat.read(path, as_version=4)) for path in paths}
    record = read_record()
    with ThreadPoolExecutor(WORKERS) as pool:
        jobs = {
            pool.submit(run, path, UNIVERSES[universe]): (path, universe)
            for path, universe in still_to_run(record, paths, options.anew)
        }
        for job in as_completed(jobs):
            path, universe = jobs[job]
            notebook, seconds = job.result()
            add(record, path.stem, universe, all_stored[path], measured_claims(notebook), seconds)
            write(record)
            print(f"{path.stem}, {universe}: {seconds:.0f} s", flush=True)
            for claim in changed(all_stored[path], measured_claims(notebook)):
                print(claims.to_text(claim), flush=True)
    fallen = [line for stored in all_stored.values() for line in what_falls(record, stored)]
    print("\n".join(["Verdicts that fall:", *fallen]) if fallen else "Every recorded verdict stands in all universes.")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
