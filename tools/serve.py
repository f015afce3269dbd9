"""Serve the built course on this machine, and print its address."""

from __future__ import annotations

import argparse
import errno
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files without a line for each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def bind(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server on `port`, or on a free one if that is taken."""
    handler = partial(QuietHandler, directory=str(folder))
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        print(f"Port {port} is taken; using a free one. `make book PORT=…` chooses another.")
        return ThreadingHTTPServer(("127.0.0.1", 0), handler)


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C; return the exit status."""
    parser = argparse.ArgumentParser(description="Serve the built course.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000, help="0 takes any free port")
    options = parser.parse_args(arguments)
    if not (options.folder / "index.html").is_file():
        print(f"The folder must hold a built course: run `make html`. Received: {options.folder}", file=sys.stderr)
        return 1
    if not 0 <= options.port <= 65535:
        print(f"The port must be in 0…65535. Received: {options.port}", file=sys.stderr)
        return 2
    with bind(options.folder, options.port) as server:
        print(f"The course is at http://127.0.0.1:{server.server_port}/ — Ctrl-C ends it.", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
