"""The built site, and what a visit to one of its pages sees."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Response

SITE = Path(__file__).parents[3] / "_build" / "html"
# A small phone, a phone, and a laptop, in CSS pixels.
SMALL, PHONE, LAPTOP = 320, 390, 1280
# What is sent as it is; all else is compressed on its way.
PACKED = {"png", "jpg", "jpeg", "gif", "webp", "woff", "woff2", "gz"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# All else is the same in the second theme.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

# The page itself and what holds it must not scroll sideways, and a figure stays in its place; a wide table, formula or
# line of code may scroll, in a box of its own, and that box must be within reach of the keyboard. On a phone of 390
# pixels, tables, code and outputs do not scroll. What is out of view
# is not laid out, so all counts as in view, but for what is folded; the page's scripts then take a moment to see what
# scrolls.
LAYOUT = """async () => {
  const all = document.createElement("style");
  all.textContent = "* { content-visibility: visible !important; }";
  document.head.append(all);
  const name = (e) => [e.tagName.toLowerCase(), ...e.classList].join(".");
  const article = document.querySelector("article") ?? document.body;
  const find = () => {
    const problems = [];
    const figures = [...document.querySelectorAll("[data-explorable]")];
    const around = [];
    for (let e = article; e; e = e.parentElement) around.push(e);
    for (const e of new Set([...around, ...figures]))
      if (e.scrollWidth > e.clientWidth) problems.push(`${name(e)} is ${e.scrollWidth} px wide in ${e.clientWidth}`);
    for (const e of figures)
      if (e.getBoundingClientRect().right > innerWidth) problems.push(`${name(e)} ends outside of the window`);
    for (const e of article.querySelectorAll("*")) {
      const scrolls = e.scrollWidth > e.clientWidth && ["auto", "scroll"].includes(getComputedStyle(e).overflowX);
      if (!scrolls || !e.checkVisibility()) continue;
      if (e.tabIndex < 0 && !e.querySelector("a[href], button, input, select, textarea, [tabindex='0']"))
        problems.push(`${name(e)} scrolls and cannot be reached by keyboard`);
      if (innerWidth === 390 && (e.matches(".highlight > pre") || e.querySelector(":scope > table")))
        problems.push(`${name(e)} scrolls on a phone: ${e.textContent.slice(0, 60)}`);
    }
    return problems;
  };
  await document.fonts.ready;
  const wait = (done) => requestAnimationFrame(() => setTimeout(done, 100));
  const tries = document.scripts.length ? 40 : 0;
  for (let tried = 0; tried < tries && find().length; tried++) await new Promise(wait);
  const problems = find();
  all.remove();
  return problems;
}"""
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""
# Down to the end of the page, for half a second at least: with time for each picture that comes into view, and for the
# figures that start as they come near. No reader is faster.
SCROLL = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const figures = document.scripts.length ? [...document.querySelectorAll("[data-explorable]")] : [];
  const isNear = (figure) => Math.abs(figure.getBoundingClientRect().top) < 2 * innerHeight;
  const waits = () => figures.some((figure) => isNear(figure) && !figure.matches(".mounted"));
  for (let y = 0; y <= document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await frame();
    for (let tried = 0; tried < 60 && waits(); tried++) await frame();
  }
  const late = [...document.images].filter((image) => image.checkVisibility() && !image.complete);
  await Promise.all(late.map((image) => image.decode().catch(() => {})));
  const age = performance.now() - performance.getEntriesByType("navigation")[0].loadEventEnd;
  await new Promise((done) => setTimeout(done, 500 - age));
  scrollTo(0, 0);
  await frame();
  return window.shifts.reduce((sum, shift) => sum + shift, 0);
}"""
# Each figure comes into view, and is mounted and has its weights within ten seconds; without a script it never is.
START_FIGURES = """async () => {
  const problems = [];
  const tries = document.scripts.length ? 400 : 0;
  for (const figure of document.querySelectorAll("[data-explorable]")) {
    const failed = () => figure.querySelector("[role=alert]");
    const started = () => figure.matches(".mounted");
    figure.scrollIntoView({ block: "center" });
    for (let tried = 0; tried < tries && !started() && !failed(); tried++)
      await new Promise((done) => setTimeout(done, 25));
    if (!started() || failed()) problems.push(`${figure.dataset.explorable} does not start: ${figure.textContent}`);
  }
  return problems;
}"""
FIND_IMAGES = """() => [...document.querySelectorAll("article img")].map((image) => ({
  source: image.src.slice(0, 120), loading: image.loading, natural: image.naturalWidth, shown: image.clientWidth,
  sized: image.hasAttribute("width") && image.hasAttribute("height"),
}))"""
# The levels of the headings that are shown, in their order.
FIND_HEADINGS = """() => [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6, [role=heading])")]
  .filter((heading) => heading.checkVisibility())
  .map((heading) => Number(heading.ariaLevel ?? heading.tagName[1]))"""
# A contrast follows from colours and font alone, so each look of a text in an article is judged once, but for a text
# that lies over others: most of a page's elements are words of code. Two frames for a new theme to begin, and then
# until its transitions have ended.
RUN_AXE = """async (options) => {
  const colours = (e) => {
    for (let parent = e; parent; parent = parent.parentElement) {
      const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(parent);
      if (backgroundImage !== "none" || opacity !== "1" || ["absolute", "fixed"].includes(position)) return null;
      if (backgroundColor !== "rgba(0, 0, 0, 0)") return [getComputedStyle(e).color, backgroundColor];
    }
    return null;
  };
  const hasText = (e) => [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const judgeEachLookOnce = () => {
    const looks = new Set();
    for (const e of document.querySelectorAll("article *")) {
      e.removeAttribute("data-judged");
      if (!hasText(e) || !e.checkVisibility()) continue;
      const { fontSize, fontWeight, textDecorationLine } = getComputedStyle(e);
      const around = e.parentElement.closest("a, p, li, dt, pre, td, th")?.tagName;
      const look = [e.tagName, e.className, around, fontSize, fontWeight, textDecorationLine, colours(e)].join();
      if (looks.has(look) && colours(e)) e.setAttribute("data-judged", "");
      looks.add(look);
    }
    axe.configure({ rules: [{ id: "color-contrast", selector: "*:not([data-judged])" }] });
  };
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  judgeEachLookOnce();
  const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}"""


@dataclass
class Visit:
    """What was seen of a page."""

    problems: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    layout: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    requests: int = 0
    sizes: list[tuple[str, int]] = field(default_factory=list)
    shifts: dict[int, float] = field(default_factory=dict)
    images: list[dict[str, Any]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)


def compressed_size(response: Response) -> int:
    """Return the bytes of an answer's body as a server with gzip sends it."""
    body = response.body()
    packed = response.url.partition("?")[0].rpartition(".")[2] in PACKED
    return len(body) if packed else len(gzip.compress(body, compresslevel=6))


def is_figure(response: Response) -> bool:
    """Tell a picture, and the weights of a figure, from what the page itself needs."""
    return response.request.resource_type == "image" or "/weights/" in response.url


def look_at_layout(page: Page, seen: Visit, theme: str, width: int) -> None:
    """Note what scrolls sideways and should not, or what the keyboard cannot scroll."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})
    seen.layout += [f"{theme}, {width} px: {problem}" for problem in page.evaluate(LAYOUT)]


def look_at_accessibility(page: Page, seen: Visit, theme: str, options: dict[str, Any]) -> None:
    """Note what axe finds."""
    seen.violations += [f"{theme}: {problem}" for problem in page.evaluate(RUN_AXE, options)]


def read_to_the_end(page: Page, seen: Visit, width: int) -> None:
    """Scroll down as a reader does, and start each figure."""
    seen.shifts[width] = page.evaluate(SCROLL)
    seen.figures += [f"{width} px: {problem}" for problem in page.evaluate(START_FIGURES)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `page_path` on every page, `book/index.html`, …, `search.html`."""
    if "page_path" in metafunc.fixturenames:
        pages = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
        # Templates lie in _static, and the index.html at the top only leads to the first page.
        pages = [page for page in pages if not page.startswith("_") and page != "index.html"]
        metafunc.parametrize("page_path", pages or ["book/index.html"])


@pytest.fixture(scope="session")
def start_figures() -> str:
    """Give the function of JavaScript that starts each figure of a page, and lists those that do not start."""
    return START_FIGURES


@pytest.fixture(scope="session")
def site() -> Path:
    """Give the folder of the built site."""
    if not (SITE / "index.html").is_file():
        pytest.fail("There is no site in _build/html: run make html first.", pytrace=False)
    return SITE


@pytest.fixture(scope="session")
def site_url(site: Path, serve: Callable[..., str]) -> str:
    """Serve the built site, under the policy of a careful host."""
    return serve(site, strict=True)


@pytest.fixture(scope="session")
def visit(browser: Browser, listen: Callable[[Page, str], list[str]]) -> Callable[[str, str], Visit]:
    """Give a function that visits a page once, with an empty cache, and tells what it saw."""

    @cache
    def visit(base: str, path: str) -> Visit:
        seen, responses = Visit(), []
        window = {"width": LAPTOP, "height": 900}
        with browser.new_context(reduced_motion="reduce", color_scheme="light", viewport=window) as context:
            page = context.new_page()
            page.on("response", lambda response: responses.append(response))
            page.add_init_script(WATCH_SHIFTS)
            seen.problems = listen(page, base)
            page.goto(base + path)
            # With the pictures of the first view.
            seen.requests = len(responses)
            read_to_the_end(page, seen, LAPTOP)
            own = [response for response in responses if not is_figure(response)]
            seen.sizes = [(response.url, compressed_size(response)) for response in own]
            seen.images, seen.headings = page.evaluate(FIND_IMAGES), page.evaluate(FIND_HEADINGS)
            page.evaluate(AXE_SCRIPT)
            look_at_layout(page, seen, "light", LAPTOP)
            look_at_accessibility(page, seen, "light", {"runOnly": RULES})
            look_at_layout(page, seen, "dark", LAPTOP)
            look_at_accessibility(page, seen, "dark", {"runOnly": OF_COLOURS})
            look_at_layout(page, seen, "dark", PHONE)
            look_at_layout(page, seen, "light", PHONE)
            page.set_viewport_size({"width": SMALL, "height": 900})
            # A browser that loads a page anew goes to where the reader was: this one begins at the top.
            page.evaluate("scrollTo(0, 0)")
            page.reload()
            read_to_the_end(page, seen, SMALL)
            look_at_layout(page, seen, "light", SMALL)
            look_at_layout(page, seen, "dark", SMALL)
        return seen

    return visit
