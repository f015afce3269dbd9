"""Serve the built course on this machine alone, and print its address."""

from __future__ import annotations

import argparse
import errno
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# No other machine can reach this address.
HOST = "127.0.0.1"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files without printing each request, and with content types that are the same on every system.

    On Windows the default types come from the registry, where another program may have set ``.js`` to text/plain; a
    browser refuses a module with that type. Text files are served as UTF-8.
    """

    extensions_map = {  # noqa: RUF012
        **SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".mjs": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".ipynb": "application/x-ipynb+json",
        ".txt": "text/plain; charset=utf-8",
        ".xml": "text/xml; charset=utf-8",
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".jpg": "image/jpeg",
        ".gif": "image/gif",
        ".webp": "image/webp",
        ".ico": "image/vnd.microsoft.icon",
        ".woff": "font/woff",
        ".woff2": "font/woff2",
        ".ttf": "font/ttf",
        ".wasm": "application/wasm",
        ".bin": "application/octet-stream",
    }

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


def bind(folder: Path, port: int) -> ThreadingHTTPServer:
    """Return a server on `port`, or on a free port if that one is taken."""
    handler = partial(QuietHandler, directory=str(folder))
    try:
        return ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        print(f"Port {port} is taken; using a free one. `make book PORT=8080` chooses another.")
        return ThreadingHTTPServer((HOST, 0), handler)


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
        print(f"The port must be in 0 to 65535. Received: {options.port}", file=sys.stderr)
        return 2
    with bind(options.folder, options.port) as server:
        print(f"The course is at http://{HOST}:{server.server_port}/ (Ctrl-C ends it).", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
