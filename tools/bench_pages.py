"""Measure every page of the built course in headless Chromium: its weight, its shifts, and how long a slow phone waits.

For each page, the program prints its weight in kB as a server with gzip sends it, by kind and without pictures and the
weights of networks; the requests of its first view, pictures included; how far its layout shifts while a reader scrolls
to the end; and, with a slow processor and a slow net, when the largest paint of the first view comes, and for how long
tasks block the page: both in a wide window and in a phone's. It fails if a page is above a limit.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gzip
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from chromium import start_browser
from playwright.sync_api import Browser, Page, Response, sync_playwright
from serve import HOST, QuietHandler

SITE = Path(__file__).resolve().parent.parent / "_build" / "html"
WIDE, PHONE = 1280, 390
# A slow computer or phone: a quarter of this machine's speed, 1.6 Mbit/s, and 150 ms until an answer begins.
SLOWDOWN = 4
NET = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
# What is sent as it is; all else is compressed on its way.
PACKED = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".woff", ".woff2"}
# The columns of the table, and what each may be at most.
LIMITS = {"kB": 200, "requests": 15} | {
    f"{name} {width}": limit
    for width in (WIDE, PHONE)
    for name, limit in {"shift": 0.01, "paint": 1500, "blocked": 150}.items()
}
# What the page is made of, as Chromium calls it, in the order of the table.
KINDS = ("document", "stylesheet", "script", "font")

# Blocking counts from the first paint, and what a task takes beyond 50 ms.
WATCH = """
window.seen = { shift: 0, largest: 0, first: Infinity, tasks: [] };
const watch = (type, note) =>
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
watch("largest-contentful-paint", (entry) => { seen.largest = entry.startTime; });
watch("paint", (entry) => { seen.first = Math.min(seen.first, entry.startTime); });
watch("longtask", (entry) => seen.tasks.push([entry.startTime, entry.duration]));
"""
SCROLL = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (let y = 0; y <= document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo({ top: y, behavior: "instant" });
    await frame();
  }
  await new Promise((done) => setTimeout(done, 300));
  return seen.shift;
}"""
WAITING = """() => {
  const late = seen.tasks.filter(([start, length]) => start + length > seen.first);
  return [seen.largest, late.reduce((sum, [, length]) => sum + Math.max(length - 50, 0), 0)];
}"""


class Handler(QuietHandler):
    """Serve files as a server with gzip does."""

    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Serve until a window is closed, also in the middle of an answer."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    @staticmethod
    @functools.cache
    def pack(path: Path) -> bytes:
        """Return the bytes that are sent for a file."""
        content = path.read_bytes()
        return content if path.suffix in PACKED else gzip.compress(content, compresslevel=6)

    def do_GET(self) -> None:  # noqa: N802
        """Send a file, or that there is none."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        content = self.pack(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(content)))
        if path.suffix not in PACKED:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(content)
        return None


@dataclass
class Course:
    """The built course, served and looked at."""

    browser: Browser
    url: str

    def open(self, path: str, width: int, responses: list[Response] | None = None, *, slow: bool = False) -> Page:
        """Open a page in a window of its own, with nothing in the cache, and wait until it has come to rest."""
        page = self.browser.new_page(viewport={"width": width, "height": 844 if width == PHONE else 900})
        page.add_init_script(WATCH)
        if responses is not None:
            page.on("response", lambda response: responses.append(response))
        if slow:
            session = page.context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", NET)
            session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        page.goto(self.url + path, wait_until="networkidle")
        page.wait_for_timeout(1000 if slow else 300)
        return page

    def weigh(self, path: str) -> dict[str, float]:
        """Return the weight of each kind in kB, and the requests of the first view."""
        responses: list[Response] = []
        page = self.open(path, WIDE, responses)
        requests = len(responses)
        page.evaluate(SCROLL)
        page.close()
        own = Counter[str]()
        for response in responses:
            file = urlsplit(response.url).path.lstrip("/")
            kind = response.request.resource_type
            if kind != "image" and "/weights/" not in file:
                own[kind if kind in KINDS else "other"] += len(Handler.pack(SITE / file))
        kinds = {kind: own[kind] / 1000 for kind in (*KINDS, "other")}
        return {"kB": own.total() / 1000, **kinds, "requests": requests}

    def shift(self, path: str, width: int) -> float:
        """Return how far the page shifts while a reader scrolls to its end."""
        page = self.open(path, width)
        shift = float(page.evaluate(SCROLL))
        page.close()
        return shift

    def wait(self, path: str, width: int) -> tuple[float, float]:
        """Return when the first view is painted on the slow profile, and for how long the page is blocked, in ms."""
        page = self.open(path, width, slow=True)
        largest, blocked = page.evaluate(WAITING)
        page.close()
        return largest, blocked

    def measure(self, path: str, runs: int) -> dict[str, float]:
        """Return a row of the table; waiting is the least of several runs, as other programs disturb it."""
        row = self.weigh(path)
        for width in (WIDE, PHONE):
            waits = [self.wait(path, width) for _ in range(runs)]
            row[f"shift {width}"] = self.shift(path, width)
            row[f"paint {width}"] = min(paint for paint, _ in waits)
            row[f"blocked {width}"] = min(blocked for _, blocked in waits)
        return row


def find_pages() -> list[str]:
    """Return the paths of the pages: without the theme's templates, and without the address that leads to the first."""
    paths = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
    return [path for path in paths if not path.startswith("_") and path != "index.html"]


def to_line(name: str, row: dict[str, float]) -> str:
    """Return a line of the table, with a mark at what is above its limit."""
    cells = (
        f"{value:.{3 if key.startswith('shift') else 0}f}{'!' if value > LIMITS.get(key, value) else ' '}".rjust(12)
        for key, value in row.items()
    )
    return f"{name:<24}{''.join(cells)}"


def main(arguments: list[str] | None = None) -> int:
    """Print the table; return 1 if a page is above a limit."""
    parser = argparse.ArgumentParser(description="Measure the pages of the built course.")
    parser.add_argument("pages", nargs="*", help="such as book/index.html; all unless named")
    parser.add_argument("--runs", type=int, default=3, help="how often the slow profile is tried")
    options = parser.parse_args(arguments)
    if not (SITE / "index.html").is_file():
        print(f"There must be a built course: run `make html`. Received: {SITE}", file=sys.stderr)
        return 1
    server = ThreadingHTTPServer((HOST, 0), functools.partial(Handler, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rows = []
    with sync_playwright() as playwright:
        # What surrounds a page, in a browser with a window, would compete with it for the processor.
        browser = start_browser(playwright, shell=True)
        course = Course(browser, f"http://{HOST}:{server.server_port}/")
        for path in options.pages or find_pages():
            rows.append(course.measure(path, options.runs))
            if len(rows) == 1:
                print(f"{'':<24}{''.join(f'{key} '.rjust(12) for key in rows[0])}")
            print(to_line(path, rows[-1]), flush=True)
        browser.close()
    server.shutdown()
    exceeded = [key for key, limit in LIMITS.items() if any(row[key] > limit for row in rows)]
    print(f"limits: {', '.join(f'{key} {limit}' for key, limit in LIMITS.items())}")
    print(f"above a limit: {', '.join(exceeded) or 'none'}")
    return int(bool(exceeded))


if __name__ == "__main__":
    sys.exit(main())
