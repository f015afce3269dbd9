"""Build the course into _build/html with warnings as errors; remove an incomplete result."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Build all pages from the start; return the exit status."""
    # Otherwise pages of removed chapters would stay, and a second build would not repeat the warnings of the first.
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
