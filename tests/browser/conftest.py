"""One server, one browser and one template for all pages that the tests of a process look at."""

from __future__ import annotations

import contextlib
import http.server
import importlib
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from xdist.scheduler import LoadScopeScheduling

from lessons_lib.explorables.base import STATIC

ROOT = Path(__file__).parents[2]
# How long a test waits for what it expects, in ms: a computer that is busy with other tests may take its time.
expect.set_options(timeout=30_000)
# Chromium itself asks no other host, and no page in it can: names resolve to nothing, and the request is still seen.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

# What a careful host lets a page do: ask for nothing elsewhere, and make no code out of text.
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'"

# A page that holds explorables and nothing else. Its column is as wide as that of the site, in the site's type.
TEMPLATE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<script defer src="course.js"></script><script defer src="{figures}"></script>{sheets}
<style>
  *, ::before, ::after {{ box-sizing: border-box; }}
  body {{ margin: 0; font: 16px/1.65 -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }}
  main {{ width: min(100% - 32px, 688px); margin: 0 auto; }}
</style></head><body><main>{body}</main></body></html>"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve the folders of a server, each under its number, and say nothing about it."""

    # A connection serves a page and all that belongs to it, and no answer waits for another to be received.
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def translate_path(self, path: str) -> str:
        """Find the file; outside of the folders there is none."""
        folder, _ = self.server.find(path)
        if not folder:
            return ""
        self.directory = str(folder)
        return super().translate_path("/" + path.lstrip("/").partition("/")[2])

    def end_headers(self) -> None:
        """Add the policy to each answer from a folder that must stand it."""
        _, strict = self.server.find(self.path)
        if strict:
            self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


class Server(http.server.ThreadingHTTPServer):
    """The one server of a process, on a free port of this machine."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folders: list[tuple[Path, bool]] = []

    def add(self, folder: Path, *, strict: bool = False) -> str:
        """Serve a folder, under the policy if `strict`, at the address that is returned."""
        self.folders.append((folder, strict))
        return f"http://127.0.0.1:{self.server_port}/{len(self.folders) - 1}/"

    def find(self, path: str) -> tuple[Path | None, bool]:
        """Return the folder that an address lies in, and whether it is served under the policy."""
        number = path.lstrip("/").partition("/")[0]
        return self.folders[int(number)] if number.isdecimal() and int(number) < len(self.folders) else (None, False)


class Scheduling(LoadScopeScheduling):
    """Let one process run all tests of a page, of JupyterLab or of Firefox; the next free one runs any other test."""

    def _split_scope(self, nodeid: str) -> str:
        """Name what must stay in one process."""
        if one := re.search(r"\[(firefox|webkit)\b", nodeid) or re.search(r"\[(\S+\.html)\]$", nodeid):
            return one[1]
        module = nodeid.partition("::")[0]
        return module if module.endswith(("test_every_page.py", "test_jupyterlab.py")) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Distribute the tests over the processes of `pytest -n`."""
    return Scheduling(config, log)


# What a browser keeps for the site goes.
FORGET = """async () => {
  localStorage.clear();
  for (const { name } of await indexedDB.databases()) {
    await new Promise((done) => Object.assign(indexedDB.deleteDatabase(name), { onsuccess: done, onerror: done }));
  }
}"""


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """Give a function that serves a folder, under the policy if `strict`, at the address that it returns."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.add
    server.shutdown()
    thread.join()
    server.server_close()


def import_from(folder: str, name: str) -> Any:
    """Import a module of a folder, `book/_ext` or `tools`, whose modules know each other by their names alone."""
    if (path := str(ROOT / folder)) not in sys.path:
        sys.path.append(path)
    return importlib.import_module(name)


class Pages:
    """A served folder with the files of the figures, for pages that hold explorables and nothing else."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        # The modules, for tests that call their functions; the pages load what the site's pages load.
        shutil.copytree(STATIC, folder, dirs_exist_ok=True)
        scripts = import_from("book/_ext", "scripts")
        scripts.write_scripts(folder)
        self.figures = scripts.write_page_script(folder, scripts.find_drawn(scripts.find_sources()), frozenset())
        self.openers = scripts.write_page_script(folder, sorted(scripts.find_late()))

    def write(self, body: str, *, late: bool = False) -> str:
        """Write a page, whose late figures wait until they are opened if `late`, and return its name."""
        # What all share comes first: the others refine it.
        names = sorted((path.name for path in STATIC.glob("*.css")), key=lambda name: (name != "explorable.css", name))
        sheets = "".join(f'<link rel="stylesheet" href="{name}">' for name in names)
        page = TEMPLATE.format(figures=self.openers if late else self.figures, sheets=sheets, body=body)
        # A page of its own for each body: a browser may keep what it has loaded once.
        name = f"{sha256(page.encode()).hexdigest()[:16]}.html"
        (self.folder / name).write_text(page, encoding="utf-8")
        return name


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> Pages:
    """Serve a folder for pages that a test writes."""
    folder = tmp_path_factory.mktemp("pages")
    return Pages(folder, serve(folder))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium or, where there is none, Playwright's own."""
    with sync_playwright() as playwright:
        try:
            browser = import_from("tools", "chromium").start_browser(playwright, *QUIET, OFFLINE, shell=True)
        except Error as error:
            advice = "Get one by `apt-get install chromium` or by `playwright install chromium`."
            pytest.fail(f"No Chromium could be started. {advice}\n{error}", pytrace=False)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[Callable[[str, int], BrowserContext]]:
    """Give a function that makes a window for a theme and a width in CSS pixels, once: pages share what it caches."""
    contexts: dict[tuple[str, int], BrowserContext] = {}

    def context(theme: str, width: int) -> BrowserContext:
        if (theme, width) not in contexts:
            contexts[theme, width] = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900})
        return contexts[theme, width]

    yield context
    for opened in contexts.values():
        opened.close()


def listen(page: Page, base: str) -> list[str]:
    """Return a list that gets, now and later, what goes wrong on a page of the site at `base`."""
    problems: list[str] = []

    def on_request(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            problems.append(f"asks another host: {request.url}")

    def on_response(response: Response) -> None:
        if response.status >= 400:
            problems.append(f"{response.status}: {response.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            problems.append(f"console {message.type}: {message.text}")

    page.on("request", on_request)
    page.on("response", on_response)
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"page error: {error}"))
    return problems


@pytest.fixture(scope="session", name="listen")
def give_listen() -> Callable[[Page, str], list[str]]:
    """Give `listen` to the tests, which cannot import it."""
    return listen


@pytest.fixture
def forget() -> Callable[[Page], None]:
    """Give a function after which the next test meets a reader whose browser keeps nothing yet."""
    return lambda page: page.evaluate(FORGET)


@pytest.fixture
def open_page(
    context: Callable[[str, int], BrowserContext], forget: Callable[[Page], None]
) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Give a function that opens a page and lists, now and later, what goes wrong on it."""
    pages: list[Page] = []

    def open_page(base: str, path: str, *, theme: str = "light", width: int = 1280) -> tuple[Page, list[str]]:
        page = context(theme, width).new_page()
        pages.append(page)
        problems = listen(page, base)
        page.goto(base + path)
        # What waits for the page has a task of its own, before this one.
        with contextlib.suppress(Error):  # a page that only leads to another one
            page.evaluate("() => new Promise((done) => setTimeout(done))")
        return page, problems

    yield open_page
    for page in pages:
        forget(page)
        page.close()
