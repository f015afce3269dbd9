"""Firefox and WebKit, driven by the commands of WebDriver, and a site whose pages note what goes wrong on them.

Both browsers know the commands of the standard: Firefox by itself, over its socket Marionette, and WebKit by its
program WebKitWebDriver, over HTTP. So no package stands between them and the tests, and nothing is downloaded.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

PATIENCE = 40.0
LAPTOP = {"width": 1280, "height": 900}
# What the standard sends for a key that has a name.
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "ArrowRight": "\ue014", "ArrowDown": "\ue015", "Space": " "}
# Where WebKitWebDriver takes each command.
ADDRESSES = {
    "Navigate": "url",
    "Refresh": "refresh",
    "SetWindowRect": "window/rect",
    "ExecuteScript": "execute/sync",
    "ElementSendKeys": "element/{id}/value",
}
# The first element of a selector that is shown and, if a text is named, has that text.
FIND = """(selector, text) => [...document.querySelectorAll(selector)].find((e) =>
  e.checkVisibility() && (!text || e.textContent.trim() === text))"""
# Begins each page, and notes errors, promises that fail, files that do not load, and what is warned of.
LISTEN = """<head><script>
window.problems = [];
addEventListener("error", (e) => problems.push(e.message ?? `does not load: ${e.target.src ?? e.target.href}`), true);
addEventListener("unhandledrejection", (e) => problems.push(`not handled: ${e.reason}`));
for (const kind of ["error", "warn"]) console[kind] = (...words) => problems.push(`${kind}: ${words.join(" ")}`);
</script>"""


class RefusedError(Exception):
    """A browser has not done a command."""


def wait_for(find: Callable[[], Any], what: str) -> Any:
    """Return the first true value that a function returns."""
    end = time.monotonic() + PATIENCE
    while not (found := find()):
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {PATIENCE:.0f} s", pytrace=False)
        time.sleep(0.02)
    return found


@contextmanager
def running(*command: str, **options: Any) -> Iterator[None]:
    """Run a program, silently, until it is no longer needed."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options) as process:
        try:
            yield
        finally:
            process.terminate()


class Marionette:
    """A window of Firefox: each message is its length, a colon and JSON."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._stream = self._socket.makefile("rwb")
        self._read()
        self.send("NewSession", capabilities={})

    def _read(self) -> Any:
        length = b""
        while (character := self._stream.read(1)) != b":":
            length += character
        return json.loads(self._stream.read(int(length)))

    def send(self, command: str, **parameters: Any) -> Any:
        """Let Firefox do a command, and return its result."""
        message = json.dumps([0, 0, f"WebDriver:{command}", parameters]).encode()
        self._stream.write(b"%d:%b" % (len(message), message))
        self._stream.flush()
        _, _, error, result = self._read()
        if error:
            raise RefusedError(f"{command}: {error}")
        return result.get("value")

    def close(self) -> None:
        """Leave Firefox."""
        self._stream.close()
        self._socket.close()


class WebKitDriver:
    """A window of WebKit: each command has an address."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/session"
        self._url += "/" + self._post("", capabilities={})["sessionId"]

    def _post(self, address: str, **parameters: Any) -> Any:
        request = Request(self._url + address, json.dumps(parameters).encode(), {"Content-Type": "application/json"})
        try:
            with urlopen(request) as response:
                return json.load(response)["value"]
        except HTTPError as error:
            with error:
                raise RefusedError(f"{address}: {json.load(error)}") from None

    def send(self, command: str, **parameters: Any) -> Any:
        """Let WebKit do a command, and return its result."""
        return self._post("/" + ADDRESSES[command].format(**parameters), **parameters)

    def close(self) -> None:
        """Close the window."""
        with urlopen(Request(self._url, method="DELETE")):
            pass


def find_program(*names: str) -> str:
    """Return the path of the first of these programs that is here, or skip the tests."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or pytest.skip(f"There is no {' or '.join(names)} on this machine.")


@contextmanager
def firefox(folder: Path) -> Iterator[Marionette]:
    """Start Firefox with an empty profile; it chooses the port, and writes it into the profile."""
    program = find_program("firefox-esr", "firefox")
    (folder / "user.js").write_text('user_pref("marionette.port", 0);\n', encoding="utf-8")
    port = folder / "MarionetteActivePort"
    with running(program, "--headless", "--marionette", "--no-remote", "--profile", str(folder)):
        started = "Firefox starts (from a snap, it cannot read its profile)"
        number = wait_for(lambda: port.is_file() and port.read_text(encoding="utf-8"), started)
        with closing(Marionette(int(number))) as window:
            yield window


def answers(port: int) -> bool:
    """Tell whether a program listens at a port."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@contextmanager
def webkit(folder: Path) -> Iterator[WebKitDriver]:
    """Start WebKit on a screen that nobody sees; the screen chooses its number, and tells it through a pipe."""
    driver, screen = find_program("WebKitWebDriver"), find_program("Xvfb")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ExitStack() as stack:
        told, tells = os.pipe()
        stack.enter_context(running(screen, "-displayfd", str(tells), "-screen", "0", "1280x900x24", pass_fds=[tells]))
        os.close(tells)
        with os.fdopen(told, encoding="utf-8") as number:
            display = f":{number.readline().strip()}"
        # Without a graphics card, WebKit draws no second frame unless it draws in memory.
        settings = {"DISPLAY": display, "WEBKIT_DISABLE_DMABUF_RENDERER": "1"}
        # Its records lie in the folder, so that no earlier run has left any.
        settings |= dict.fromkeys(("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), str(folder))
        stack.enter_context(running(driver, f"--port={port}", env={**os.environ, **settings}))
        wait_for(lambda: answers(port), "WebKit starts")
        yield stack.enter_context(closing(WebKitDriver(port)))


class Reader:
    """Someone who reads the course in a browser: opens pages, scrolls, presses keys and sees what is said."""

    def __init__(self, window: Marionette | WebKitDriver) -> None:
        self._send = window.send
        self._send("SetWindowRect", **LAPTOP)

    def open(self, url: str) -> None:
        """Open a page."""
        self._send("Navigate", url=url)

    def reload(self) -> None:
        """Open the page anew."""
        self._send("Refresh")

    def run(self, function: str, *arguments: Any) -> Any:
        """Call a function of JavaScript in the page, and return what it returns or promises."""
        return self._send("ExecuteScript", script=f"return ({function})(...arguments)", args=arguments)

    def come_to(self, selector: str) -> None:
        """Scroll until an element is in the middle of the window."""
        self.run(
            "(selector) => document.querySelector(selector).scrollIntoView({ block: 'center', behavior: 'instant' })",
            selector,
        )

    def sees(self, selector: str, text: str) -> None:
        """Wait until the element says this text, among others."""
        says = "(selector, text) => document.querySelector(selector)?.textContent.includes(text)"
        wait_for(lambda: self.run(says, selector, text), f"{selector} says {text!r}")

    def _find(self, selector: str, text: str) -> str:
        """Return the name that the browser has for an element."""
        found = wait_for(lambda: self.run(FIND, selector, text), f"{selector} {text}")
        return next(iter(found.values()))

    def press(self, selector: str, *keys: str, text: str = "") -> None:
        """Bring the focus to an element, and press keys, which are characters or names."""
        written = "".join(KEYS.get(key, key) for key in keys)
        self._send("ElementSendKeys", id=self._find(selector, text), text=written)

    @property
    def problems(self) -> list[str]:
        """What has gone wrong on the page."""
        return self.run("() => window.problems")


BROWSERS: dict[str, Callable[[Path], AbstractContextManager[Any]]] = {"firefox": firefox, "webkit": webkit}


@pytest.fixture(scope="module", params=BROWSERS)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Give a reader for all tests of a module in one browser, or skip them where that browser is missing."""
    with BROWSERS[request.param](tmp_path_factory.mktemp(request.param)) as window:
        yield Reader(window)


@pytest.fixture(scope="module")
def watched(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a site whose pages note what goes wrong on them."""
    folder = tmp_path_factory.mktemp("watched") / "site"
    shutil.copytree(site, folder)
    for page in folder.rglob("*.html"):
        page.write_text(page.read_text(encoding="utf-8").replace("<head>", LISTEN, 1), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def course(watched: Path, serve: Callable[..., str]) -> str:
    """Give the address of that site, served under the policy of a careful host."""
    return serve(watched, strict=True)
