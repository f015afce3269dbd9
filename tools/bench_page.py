"""Run a measurement in headless Chromium, on an empty page of a server on this machine."""

from __future__ import annotations

import functools
import http.server
import threading
from pathlib import Path
from typing import Any

from chromium import start_browser
from playwright.sync_api import sync_playwright
from serve import HOST, QuietHandler

# The heap is measured to the byte, and emptied when a page asks for it.
MEMORY = ["--enable-precise-memory-info", "--js-flags=--expose-gc"]


class Handler(QuietHandler):
    """Serve a folder, and an empty page for the address /."""

    def __init__(self, *arguments: Any, sheets: tuple[str, ...] = (), **settings: Any) -> None:
        links = "".join(f'<link rel="stylesheet" href="{sheet}">' for sheet in sheets)
        self.page = f'<!doctype html><link rel="icon" href="data:,">{links}'.encode()
        super().__init__(*arguments, **settings)

    def do_GET(self) -> None:  # noqa: N802
        """Send the empty page for the address /, and a file for all others."""
        if self.path != "/":
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.page)
        return None


def measure(folder: Path, script: str, argument: Any = None, *, sheets: tuple[str, ...] = ()) -> Any:
    """Return what a function of JavaScript returns that runs on a page beside the files of a folder."""
    handler = functools.partial(Handler, directory=str(folder), sheets=sheets)
    server = http.server.ThreadingHTTPServer((HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = start_browser(playwright, *MEMORY)
        page = browser.new_page()
        page.goto(f"http://{HOST}:{server.server_port}/")
        result = page.evaluate(script, argument)
        browser.close()
    server.shutdown()
    return result
