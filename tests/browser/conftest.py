"""The built site, a server for it, and a browser that looks at it."""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, Response, sync_playwright

from lessons_lib.explorables.base import STATIC

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Chromium itself asks no other host, and no page in it can: names resolve to nothing, and the request is still seen.
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

# The page itself and what holds it must not scroll sideways; a wide table, formula or line of code may, in a box of its
# own, and that box must be within reach of the keyboard. The theme takes 0.3 s to see that a window has a new width.
LAYOUT = """async () => {
  const name = (e) => [e.tagName.toLowerCase(), ...e.classList].join(".");
  const article = document.querySelector("article") ?? document.body;
  const find = () => {
    const problems = [];
    for (let e = article; e; e = e.parentElement)
      if (e.scrollWidth > e.clientWidth) problems.push(`${name(e)} is ${e.scrollWidth} px wide in ${e.clientWidth}`);
    for (const e of article.querySelectorAll("*")) {
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth;
      if (scrolls && e.tabIndex < 0 && !e.querySelector("a[href], button, input, select, textarea, [tabindex='0']"))
        problems.push(`${name(e)} scrolls and cannot be reached by keyboard`);
    }
    return problems;
  };
  await document.fonts.ready;
  for (let tries = 0; tries < 10 && find().length; tries++) await new Promise((done) => setTimeout(done, 100));
  return find();
}"""
# What a careful host lets a page do: ask for nothing elsewhere, and make no code out of text.
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'"

# A page that holds explorables and nothing else. Its column is as wide as that of the site, in the site's type.
TEMPLATE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Figures</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">{sheets}
<style>
  *, ::before, ::after {{ box-sizing: border-box; }}
  body {{ margin: 0; font: 16px/1.65 -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }}
  main {{ width: min(100% - 32px, 688px); margin: 0 auto; }}
</style></head><body><main>{body}</main><script type="module" src="host.js"></script></body></html>"""


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serve files, and say nothing about it."""

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


class StrictHandler(QuietHandler):
    """Serve files under the policy, as the site must stand it."""

    def end_headers(self) -> None:
        """Add the policy to each answer."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `page_path` on every page: `book/index.html`, …, `search.html`."""
    if "page_path" in metafunc.fixturenames:
        pages = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
        # Templates lie in _static, and the index.html at the top only leads to the first page.
        pages = [page for page in pages if not page.startswith("_") and page != "index.html"]
        metafunc.parametrize("page_path", pages or ["book/index.html"])


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def site() -> Path:
    """Give the folder of the built site."""
    if not (SITE / "index.html").is_file():
        pytest.fail("There is no site in _build/html: run make html first.", pytrace=False)
    return SITE


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """Give a function that serves a folder on a free port of this machine, at the address that it returns."""
    servers: list[tuple[http.server.ThreadingHTTPServer, threading.Thread]] = []

    def serve(folder: Path, *, strict: bool = False) -> str:
        handler = functools.partial(StrictHandler if strict else QuietHandler, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def site_url(site: Path, serve: Callable[[Path], str]) -> str:
    """Serve the built site."""
    return serve(site)


@pytest.fixture(scope="session")
def strict_url(site: Path, serve: Callable[..., str]) -> str:
    """Serve the built site under the policy."""
    return serve(site, strict=True)


class Pages:
    """A served folder with the files of the figures, for pages that hold explorables and nothing else."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        shutil.copytree(STATIC, folder, dirs_exist_ok=True)

    def write(self, body: str) -> str:
        """Write a page, and return its name."""
        # What all share comes first: the others refine it.
        names = sorted((path.name for path in STATIC.glob("*.css")), key=lambda name: (name != "explorable.css", name))
        sheets = "".join(f'<link rel="stylesheet" href="{name}">' for name in names)
        page = TEMPLATE.format(sheets=sheets, body=body)
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
def js() -> Iterator[Callable[..., Any]]:
    """Give a function that calls what a module of the figures exports, without a browser: `js("ops", "dense", …)`."""
    script = ROOT / "tests" / "javascript" / "call.js"
    command = [str(Path(sys.executable).with_name("deno")), "run", "--quiet", f"--allow-read={STATIC}", str(script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def call(module: str, name: str, *arguments: Any) -> Any:
            process.stdin.write(json.dumps([module, name, arguments]) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            if "error" in answer:
                raise RuntimeError(answer["error"])
            return answer.get("result")

        yield call
        process.stdin.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium or, where there is none, Playwright's own."""
    system = next((path for name in SYSTEM_BROWSERS if (path := shutil.which(name))), None)
    # Chromium's sandbox does not run as root.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    arguments = [*QUIET, OFFLINE, *as_root]
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=system, args=arguments)
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


def find_layout_problems(page: Page) -> list[str]:
    """List what scrolls sideways and should not, or what the keyboard cannot scroll."""
    problems: list[str] = page.evaluate(LAYOUT)
    return problems


@pytest.fixture(scope="session", name="listen")
def give_listen() -> Callable[[Page, str], list[str]]:
    """Give `listen` to the tests, which cannot import it."""
    return listen


@pytest.fixture(scope="session", name="find_layout_problems")
def give_find_layout_problems() -> Callable[[Page], list[str]]:
    """Give `find_layout_problems` to the tests, which cannot import it."""
    return find_layout_problems


@pytest.fixture
def open_page(context: Callable[[str, int], BrowserContext]) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Give a function that opens a page and lists, now and later, what goes wrong on it."""
    pages: list[Page] = []

    def open_page(base: str, path: str, *, theme: str = "light", width: int = 1280) -> tuple[Page, list[str]]:
        page = context(theme, width).new_page()
        pages.append(page)
        problems = listen(page, base)
        page.goto(base + path, wait_until="networkidle")
        return page, problems

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def look(open_page: Callable[..., tuple[Page, list[str]]]) -> Callable[..., list[str]]:
    """Give a function that opens a page and lists all that is wrong with it, its layout included."""

    def look(base: str, path: str, *, theme: str, width: int) -> list[str]:
        page, problems = open_page(base, path, theme=theme, width=width)
        return problems + find_layout_problems(page)

    return look
