"""Put the built course into one zip beside its pages, _build/html/from-anns-to-cnns.zip.

A reader unpacks it and opens START.html by a double-click; no server is needed. The same site gives the same file, to
the byte.
"""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
NAME = "from-anns-to-cnns"
# In the unpacked folder stands this one file, and beside it the folder of the pages. Windows shows the inside of an
# archive as if it were unpacked, and then the picture is not found, and the page stays with its advice.
START = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>From ANNs to CNNs</title>
    <link rel="icon" href="data:,">
  </head>
  <body>
    <main>
      <h1>From ANNs to CNNs</h1>
      <p><a href="pages/index.html">Open the course</a></p>
      <p>If it does not open: unpack the archive first, then open START.html in the unpacked folder.</p>
      <img src="pages/_static/favicon.svg" alt="" width="48" onload="location.replace('pages/index.html')">
    </main>
  </body>
</html>
"""


def write_archive(site: Path, target: Path) -> None:
    """Write the pages of a folder and START.html into a zip, with no trace of when that was.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    target : Path
        The zip.
    """
    # Hidden files belong to the build, and the archive does not hold itself.
    pages = [path for path in sorted(site.rglob("[!.]*")) if path.is_file() and path.name != target.name]
    files = {f"{NAME}/START.html": START.encode()}
    files |= {f"{NAME}/pages/{path.relative_to(site).as_posix()}": path.read_bytes() for path in pages}
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            entry = ZipInfo(name)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, ZIP_DEFLATED)


def main() -> int:
    """Write the archive of the built site; return the exit status."""
    if not (SITE / "index.html").is_file():
        print(f"There must be a built course: run `make html`. Received: {SITE}", file=sys.stderr)
        return 1
    target = SITE / f"{NAME}.zip"
    write_archive(SITE, target)
    print(f"{target} ({target.stat().st_size / 1e6:.1f} MB): unpack it, and open START.html.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
