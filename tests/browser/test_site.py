"""Each page, visited once: what it costs, who can use it, and whether it holds still."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Response

MAX_BYTES = 250_000
MAX_REQUESTS = 20
MAX_SHIFT = 0.02
# What is sent as it is; all else is compressed on its way.
PACKED = {"png", "jpg", "jpeg", "gif", "webp", "woff", "woff2", "gz"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# All else is the same in the second theme.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""
# Down to the end of the page, with time for each picture that comes into view.
SCROLL = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (let y = 0; y <= document.documentElement.scrollHeight; y += 600) { scrollTo(0, y); await frame(); }
  const late = [...document.images].filter((image) => image.checkVisibility() && !image.complete);
  await Promise.all(late.map((image) => image.decode().catch(() => {})));
  await frame();
  scrollTo(0, 0);
  await frame();
}"""
FIND_IMAGES = """() => [...document.querySelectorAll("article img")].map((image) => ({
  source: image.src.slice(0, 120), loading: image.loading, natural: image.naturalWidth, shown: image.clientWidth,
  sized: image.hasAttribute("width") && image.hasAttribute("height"),
}))"""
# The levels of the headings that are shown, in their order.
FIND_HEADINGS = """() => [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6, [role=heading])")]
  .filter((heading) => heading.checkVisibility())
  .map((heading) => Number(heading.ariaLevel ?? heading.tagName[1]))"""
# Two frames for a new theme to begin, and then until its transitions have ended.
RUN_AXE = """async (options) => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


@dataclass
class Visit:
    """What was seen of a page."""

    problems: list[str] = field(default_factory=list)
    layout: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    sizes: list[tuple[str, int]] = field(default_factory=list)
    shift: float = 0
    images: list[dict[str, Any]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)


def compressed_size(response: Response) -> int:
    """Return the bytes of an answer's body as a server with gzip sends it."""
    body = response.body()
    packed = response.url.partition("?")[0].rpartition(".")[2] in PACKED
    return len(body) if packed else len(gzip.compress(body, compresslevel=6))


def is_figure(response: Response, modules: set[str]) -> bool:
    """Tell a figure's picture, module or data from what the page itself needs."""
    name = response.url.partition("?")[0].rpartition("/")[2]
    return response.request.resource_type == "image" or "/weights/" in response.url or name in modules


def find_gaps(levels: list[int]) -> list[str]:
    """List the headings that are more than one level below the one before; a page begins with its only h1."""
    problems = [] if levels[:1] == [1] and levels.count(1) == 1 else [f"one h1, and first: {levels}"]
    return problems + [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]


def fits(image: dict[str, Any]) -> bool:
    """Tell whether a picture waits, keeps its place, and has about as many pixels as are shown, at most two for one."""
    shown, natural = image["shown"], image["natural"]
    return image["sized"] and image["loading"] == "lazy" and (not shown or shown <= natural + 20 <= 2 * shown + 40)


@pytest.fixture(scope="session")
def figure_modules(root: Path) -> set[str]:
    """Name the files of the interactive figures, which `host.js` asks for when the reader comes near."""
    folder = root / "lessons_lib" / "explorables" / "static"
    return {path.name for path in folder.glob("*.js")} - {"host.js"}


@pytest.fixture(scope="session")
def visit(
    browser: Browser,
    listen: Callable[[Page, str], list[str]],
    find_layout_problems: Callable[[Page], list[str]],
    figure_modules: set[str],
) -> Callable[[str, str], Visit]:
    """Give a function that visits a page once, with an empty cache, and tells what it saw."""

    def look_around(page: Page, seen: Visit) -> None:
        page.evaluate(SCROLL)
        seen.shift = page.evaluate("window.shifts.reduce((sum, shift) => sum + shift, 0)")
        seen.images, seen.headings = page.evaluate(FIND_IMAGES), page.evaluate(FIND_HEADINGS)
        page.evaluate(AXE_SCRIPT)
        for theme, width in (("light", 390), ("light", 1280), ("dark", 1280), ("dark", 390)):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 900})
            seen.layout += [f"{theme}, {width} px: {problem}" for problem in find_layout_problems(page)]
            if width == 1280:
                options = {"runOnly": RULES} if theme == "light" else {"runOnly": OF_COLOURS}
                seen.violations += [f"{theme}: {problem}" for problem in page.evaluate(RUN_AXE, options)]

    @cache
    def visit(base: str, path: str) -> Visit:
        seen, responses = Visit(), []
        window = {"width": 1280, "height": 900}
        with browser.new_context(reduced_motion="reduce", color_scheme="light", viewport=window) as context:
            page = context.new_page()
            page.on("response", lambda response: responses.append(response))
            page.add_init_script(WATCH_SHIFTS)
            seen.problems = listen(page, base)
            page.goto(base + path, wait_until="networkidle")
            own = [response for response in responses if not is_figure(response, figure_modules)]
            seen.sizes = [(response.url, compressed_size(response)) for response in own]
            look_around(page, seen)
        return seen

    return visit


@pytest.fixture
def seen(visit: Callable[[str, str], Visit], strict_url: str, page_path: str) -> Visit:
    """Give what a visit to the page saw."""
    return visit(strict_url, page_path)


def test_page_is_clean(seen: Visit) -> None:
    assert seen.problems + seen.layout == []


def test_page_is_light(seen: Visit) -> None:
    assert sum(size for _, size in seen.sizes) <= MAX_BYTES, seen.sizes
    assert len(seen.sizes) <= MAX_REQUESTS, seen.sizes


def test_page_holds_still(seen: Visit) -> None:
    assert seen.shift <= MAX_SHIFT


def test_page_is_accessible(seen: Visit) -> None:
    assert seen.violations == []


def test_headings_have_no_gap(seen: Visit) -> None:
    assert find_gaps(seen.headings) == []


def test_pictures_fit_their_place(seen: Visit) -> None:
    assert [image for image in seen.images if not fits(image)] == []


FAULTY = """<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,"><main><h1>Page</h1>
<article><p style="color: #ccc; background: #fff">Faint</p><p>Moved</p></article></main>
<script src="large.js"></script><script src="small.js?1"></script><script src="small.js?2"></script>
<script>
  setTimeout(() => { document.querySelector("h1").style.marginTop = "300px"; }, 100);
  eval("1");
</script></html>"""


def test_planted_faults_are_seen(tmp_path: Path, serve: Callable[..., str], visit: Callable[[str, str], Visit]) -> None:
    (tmp_path / "index.html").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "large.js").write_text(f"// {token_hex(MAX_BYTES)}", encoding="utf-8")
    (tmp_path / "small.js").write_text("// nothing", encoding="utf-8")
    seen = visit(serve(tmp_path, strict=True), "index.html")
    assert any("Content Security Policy" in problem for problem in seen.problems)
    assert len(seen.sizes) == 4
    assert sum(size for _, size in seen.sizes) > MAX_BYTES
    assert seen.shift > MAX_SHIFT
    assert any("light: color-contrast" in violation for violation in seen.violations)
    assert any("dark: color-contrast" in violation for violation in seen.violations)


@pytest.mark.parametrize(
    ("levels", "gaps"),
    [
        ([1, 2, 3, 3, 2], 0),
        ([1, 3], 1),
        ([1, 2, 4, 2, 4], 2),
        ([2, 3], 1),
        ([1, 2, 1], 1),
        ([], 1),
    ],
)
def test_gap_is_seen(levels: list[int], gaps: int) -> None:
    assert len(find_gaps(levels)) == gaps


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ({}, True),
        ({"natural": 1200}, True),
        ({"natural": 1400}, False),
        ({"natural": 400}, False),
        ({"shown": 0}, True),
        ({"sized": False}, False),
        ({"loading": "eager"}, False),
    ],
)
def test_picture_that_does_not_fit_is_seen(change: dict[str, Any], good: bool) -> None:
    assert fits({"natural": 640, "shown": 640, "sized": True, "loading": "lazy"} | change) is good
