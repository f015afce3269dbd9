"""Every page, visited once: no error and no other host, layout, weight, shifts, accessibility, headings, pictures."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

# What a page and all that it asks for may weigh, without pictures, as a server with gzip sends it.
MAX_BYTES = 200_000
MAX_REQUESTS = 15
MAX_SHIFT = 0.01


def find_gaps(levels: list[int]) -> list[str]:
    """List the headings that are more than one level below the one before; a page begins with its only h1."""
    problems = [] if levels[:1] == [1] and levels.count(1) == 1 else [f"one h1, and first: {levels}"]
    return problems + [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]


def fits(image: dict[str, Any]) -> bool:
    """Tell whether a picture waits, keeps its place, and has about as many pixels as are shown, at most two for one."""
    shown, natural = image["shown"], image["natural"]
    return image["sized"] and image["loading"] == "lazy" and (not shown or shown <= natural + 20 <= 2 * shown + 40)


@pytest.fixture
def seen(visit: Callable[[str, str], Any], site_url: str, page_path: str) -> Any:
    """Give what a visit to the page saw."""
    return visit(site_url, page_path)


def test_page_has_no_error_and_asks_no_other_host(seen: Any) -> None:
    assert seen.problems == []


def test_every_figure_starts(seen: Any) -> None:
    assert seen.figures == []


def test_page_fits_its_window_at_320_390_and_1280_pixels(seen: Any) -> None:
    assert seen.layout == []


def test_page_is_light(seen: Any) -> None:
    assert sum(size for _, size in seen.sizes) <= MAX_BYTES, seen.sizes
    assert seen.requests <= MAX_REQUESTS


def test_page_holds_still(seen: Any) -> None:
    assert {width: shift for width, shift in seen.shifts.items() if shift > MAX_SHIFT} == {}


def test_page_is_accessible(seen: Any) -> None:
    assert seen.violations == []


def test_headings_have_no_gap(seen: Any) -> None:
    assert find_gaps(seen.headings) == []


def test_pictures_fit_their_place(seen: Any) -> None:
    assert [image for image in seen.images if not fits(image)] == []


# Pages with faults, and what must be said of each. A sound page has none.
PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Page</title>
<link rel="icon" href="data:,"><main><h1>Page</h1><article>{}</article></main></html>"""
FAULTY = {
    "sound": "Sound.",
    "loud": """<img src="https://example.org/picture.png"><link rel="stylesheet" href="missing.css">
        <script>console.error("planted")</script><script>console.warn("planted")</script>
        <script>throw new Error("planted")</script>
        <p style="color: #ccc; background: #fff">Faint</p>
        <pre><span class="word">if</span> <span class="faint" style="color: #ccd; background: #fff">faint</span></pre>
        <div data-explorable="pooling"><p role="alert">It could not start.</p></div>""",
    "strict": "<script>eval('1')</script>",
    "moved": """<p>Moved</p><script>
        setTimeout(() => { document.querySelector("h1").style.marginTop = "300px"; }, 300);</script>""",
    "wide": f"""<table><tr>{"<td>unbreakable</td>" * 20}</tr></table>
        <div style="overflow-x: auto"><div style="width: 2000px">wide</div></div>""",
    "wider than a small phone": """<p style="min-width: 21rem">Wide</p>
        <div data-explorable="pooling" style="width: 325px"><button>Reset</button></div>""",
}
TOLD = [
    ("loud", "asks another host: https://example.org/picture.png"),
    ("loud", "404: "),
    ("loud", "console error: planted"),
    ("loud", "console warning: planted"),
    ("loud", "page error: planted"),
    ("loud", "light: image-alt"),
    ("loud", "light: color-contrast"),
    ("loud", "light: color-contrast: .faint"),
    ("loud", "dark: color-contrast"),
    ("loud", "1280 px: pooling does not start: It could not start."),
    ("loud", "320 px: pooling does not start: It could not start."),
    ("strict", "Content Security Policy"),
    ("moved", "moves at 1280 px"),
    ("moved", "moves at 320 px"),
    ("wide", "light, 1280 px: article is"),
    ("wide", "dark, 390 px: article is"),
    ("wide", "light, 1280 px: div scrolls and cannot be reached by keyboard"),
    ("wider than a small phone", "light, 320 px: article is"),
    ("wider than a small phone", "dark, 320 px: div ends outside of the window"),
]


@pytest.fixture(scope="session")
def told_of(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str], visit: Callable[[str, str], Any]
) -> Callable[[str], list[str]]:
    """Give a function that visits one of the pages FAULTY and lists all that is wrong with it."""
    folder = tmp_path_factory.mktemp("faulty")
    for name, body in FAULTY.items():
        (folder / f"{name}.html").write_text(PAGE.format(body), encoding="utf-8")
    urls = {strict: serve(folder, strict=strict) for strict in (False, True)}

    def told_of(name: str) -> list[str]:
        seen = visit(urls[name == "strict"], f"{name}.html")
        moves = [f"moves at {width} px" for width, shift in seen.shifts.items() if shift > MAX_SHIFT]
        return seen.problems + seen.figures + seen.layout + seen.violations + moves

    return told_of


@pytest.mark.parametrize(("page", "told"), TOLD)
def test_planted_fault_is_seen(told_of: Callable[[str], list[str]], page: str, told: str) -> None:
    assert any(told in problem for problem in told_of(page))


def test_sound_page_has_no_problem(told_of: Callable[[str], list[str]]) -> None:
    assert told_of("sound") == []


def test_what_a_page_needs_is_weighed(
    tmp_path: Path, serve: Callable[..., str], visit: Callable[[str, str], Any]
) -> None:
    scripts = ("large.js", "small.js?1", "small.js?2", "weights/net.js")
    body = "".join(f'<script src="{script}"></script>' for script in scripts)
    (tmp_path / "page.html").write_text(PAGE.format(body), encoding="utf-8")
    (tmp_path / "large.js").write_text(f"// {token_hex(MAX_BYTES)}", encoding="utf-8")
    (tmp_path / "small.js").write_text("// nothing", encoding="utf-8")
    # The weights of a figure are not counted.
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "net.js").write_text("// nothing", encoding="utf-8")
    seen = visit(serve(tmp_path), "page.html")
    assert (seen.requests, len(seen.sizes)) == (5, 4)
    assert sum(size for _, size in seen.sizes) > MAX_BYTES


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
