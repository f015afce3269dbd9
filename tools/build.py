"""Build the course into _build/html, with warnings as errors; leave nothing half-built behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Build everything anew; return the exit status."""
    # Pages of chapters that are gone would stay, and a second build would not repeat the warnings of the first.
    shutil.rmtree(ROOT / "_build", ignore_errors=True)
    program = Path(sys.executable).with_name("jupyter-book")
    options = ["-W", "-n", "--keep-going", "--all", "--quiet"]
    status = subprocess.call([str(program), "build", *options, "."], cwd=ROOT)
    if status:
        shutil.rmtree(ROOT / "_build", ignore_errors=True)
        print("\nThe course was not built: the warnings above say why.", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
