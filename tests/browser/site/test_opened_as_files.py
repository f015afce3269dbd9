"""The site from the archive, opened by double-click: all that it does on a server it does, or says why not."""

from __future__ import annotations

import importlib.util
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from lessons_lib.exercises import topics

ROOT = Path(__file__).parents[3]
KEY = "from-anns-to-cnns/record"
# What a figure asks for when the reader comes near.
ON_DEMAND = re.compile(r"/(?:weights|late)/")
# Scripts of Sphinx, its extensions and the theme; the bundle holds nothing else.
OF_SPHINX = re.compile(r"/(?:all\.[0-9a-f]{8}|togglebutton|design-tabs|searchindex)\.js$")


@pytest.fixture(scope="module")
def unpacked(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that a reader has after unpacking."""
    spec = importlib.util.spec_from_file_location("archive", ROOT / "tools" / "archive.py")
    archive: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(archive)
    folder = tmp_path_factory.mktemp("unpacked")
    archive.write_archive(site, folder / "course.zip")
    with zipfile.ZipFile(folder / "course.zip") as content:
        content.extractall(folder)
    (only,) = (path for path in folder.iterdir() if path.is_dir())
    return only


@pytest.fixture
def window(browser: Browser, unpacked: Path) -> Iterator[BrowserContext]:
    """Give a window that has had a page before: a busy Chromium may lose what the very first one stores."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as window:
        first = window.new_page()
        first.goto((unpacked / "pages" / "book" / "glossary.html").as_uri())
        first.evaluate("() => localStorage.length")
        yield window


def open_file(
    window: BrowserContext, listen: Callable[[Page, str], list[str]], path: Path, query: str = ""
) -> tuple[Page, list[str], list[tuple[str, str]]]:
    """Open a file; list, now and later, what goes wrong, and the type and address of each request."""
    page = window.new_page()
    problems, requests = listen(page, "file://"), []
    page.on("request", lambda request: requests.append((request.resource_type, request.url)))
    page.goto(path.as_uri() + query)
    return page, problems, requests


def test_page_works_as_a_file(
    window: BrowserContext, listen: Any, unpacked: Path, page_path: str, start_figures: str
) -> None:
    page, problems, requests = open_file(window, listen, unpacked / "pages" / page_path)
    assert page.evaluate(start_figures) == []
    assert problems == []
    scripts = {urlsplit(url).path for kind, url in requests if kind == "script"}
    own = {path for path in scripts if not OF_SPHINX.search(path) and not ON_DEMAND.search(path)}
    assert len(own) <= 3, own
    assert any(path.endswith("/course.js") for path in own)
    assert len({url for kind, url in requests if kind == "stylesheet"}) <= 2
    assert {kind for kind, _ in requests} <= {"document", "stylesheet", "script", "font", "image", "other"}
    assert page.locator("script[type=module], link[rel=modulepreload]").count() == 0


@pytest.mark.parametrize(("page_name", "figure"), [("01_images", "pixels"), ("08_cnn", "drawdigit")])
def test_a_picture_of_one_s_own_is_read(
    window: BrowserContext, listen: Any, unpacked: Path, page_name: str, figure: str
) -> None:
    page, problems, requests = open_file(window, listen, unpacked / "pages" / "book" / f"{page_name}.html")
    root = page.locator(f"[data-explorable={figure}]").first
    root.scroll_into_view_if_needed()
    expect(root.get_by_role("button", name="Choose a picture of your own")).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => undefined)")  # they may still be asked for
    before = len(requests)
    sheet, file = Image.new("L", (200, 300), 220), BytesIO()
    ImageDraw.Draw(sheet).line([(100, 60), (100, 240)], fill=30, width=20)
    sheet.save(file, "PNG")
    picture = {"name": "one.png", "mimeType": "image/png", "buffer": file.getvalue()}
    root.locator("input[type=file]").first.set_input_files(picture)
    expect(root.locator(".lx-steps li, .lx-own-steps li").first).to_be_visible(timeout=20_000)
    assert len(requests) == before
    assert problems == []


def test_nothing_of_the_site_names_a_source_map_or_a_module(unpacked: Path) -> None:
    pages = unpacked / "pages"
    assert list(pages.rglob("*.map")) == []
    loaded = {
        (page.parent / name.partition("?")[0]).resolve()
        for page in set(pages.rglob("*.html")) - set(pages.glob("_static/**/*.html"))  # these are the theme's templates
        for name in re.findall(
            r'<(?:script|link)\b[^>]*(?:src|href)="([^":]+\.(?:js|css)[^"]*)"', page.read_text("utf-8")
        )
    }
    assert len(loaded) > 4
    for path in loaded:
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), path
    assert not {"host.js", "ops.js", "progress.js"} & {path.name for path in loaded}
    assert list(pages.rglob("*.bin")) == []


def test_start_leads_to_the_course(window: BrowserContext, listen: Any, unpacked: Path) -> None:
    page, problems, _ = open_file(window, listen, unpacked / "START.html")
    page.wait_for_url("**/pages/book/index.html")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("From ANNs to CNNs"))
    assert problems == []


def test_start_without_its_pages_says_to_unpack(window: BrowserContext, unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "START.html").write_bytes((unpacked / "START.html").read_bytes())
    page = window.new_page()
    page.goto((tmp_path / "START.html").as_uri())
    expect(page.get_by_text("unpack the archive first")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.url.endswith("/START.html")


def test_the_trained_networks_answer(window: BrowserContext, listen: Any, unpacked: Path) -> None:
    found = set()
    for chapter in sorted((unpacked / "pages" / "book").glob("0*.html")):
        html = chapter.read_text(encoding="utf-8")
        for name in {"drawdigit", "shiftlab"} & set(re.findall(r'data-explorable="(\w+)"', html)):
            found.add(name)
            page, problems, _ = open_file(window, listen, chapter)
            figure = page.locator(f"[data-explorable={name}]").first
            figure.scroll_into_view_if_needed()
            says = figure.locator("output.sentence")
            if name == "drawdigit":
                expect(says).to_contain_text("The network says 7")
                figure.get_by_role("button", name="A real digit").click()
                expect(says).to_contain_text("The network says 0")
            else:
                expect(says).to_contain_text("In the middle, the digit is a 4: dense says")
                figure.get_by_role("button", name="Move up").click()
                expect(says).to_contain_text("Moved by 1 up")
            assert problems == []
    assert found == {"drawdigit", "shiftlab"}


def answer(page: Page) -> None:
    """Give the right answer to the first exercise with a number, and any answer to the quiz."""
    field = page.locator("[data-explorable=exercise]:has(input.number)").first
    name = field.get_attribute("data-tasks").removeprefix("exercise:")
    field.get_by_role("textbox").fill(str(topics.exercises()[name]["answer"]))
    field.get_by_role("button", name="Check").click()
    expect(field.locator(".lx-reply")).to_contain_text("Right")
    quiz = page.locator("[data-explorable=quiz]").first
    quiz.locator("input[type=radio]").first.check()
    quiz.get_by_role("button", name="Check").first.click()
    expect(quiz.locator(".lx-reply").first).not_to_be_empty()


def load_until(page: Page, shown: Locator) -> None:
    """Load a page again until it shows what another file has stored: that reaches its process a little later."""
    for _ in range(20):
        if shown.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(shown).to_be_visible()


def test_exercise_and_quiz_judge_and_the_record_is_kept(window: BrowserContext, listen: Any, unpacked: Path) -> None:
    book = unpacked / "pages" / "book"
    page, problems, _ = open_file(window, listen, book / "04_convolution.html")
    answer(page)
    page.get_by_label("I have read this chapter").check()
    page.goto((book / "index.html").as_uri())
    said = re.compile(r": read, [1-9]\d* of \d+ done here, 0 of \d+ in the notebook")
    load_until(page, page.locator("[data-progress] li").filter(has_text=said))
    expect(page.get_by_text("some browsers keep a record for each file alone")).to_be_visible()
    assert problems == []


def test_a_prediction_covers_its_result_and_is_seen_on_the_page_of_intuition(
    window: BrowserContext, listen: Any, unpacked: Path
) -> None:
    book = unpacked / "pages" / "book"
    page, problems, _ = open_file(window, listen, book / "03_flattening.html")
    prediction = page.locator("[data-explorable=prediction]").nth(2)
    prediction.scroll_into_view_if_needed()
    prediction.get_by_role("textbox").fill("0")
    output = page.locator(".cell_output", has_text="pixels that changed: 0").last
    expect(output).to_have_class(re.compile(r"\bcovered-result\b"))
    prediction.get_by_role("button", name="Fairly sure").click()
    expect(prediction.locator(".lx-reply")).to_contain_text("You said 0 (fairly sure).")
    expect(output).not_to_have_class(re.compile(r"\bcovered-result\b"))
    page.goto((book / "intuition.html").as_uri())
    load_until(page, page.get_by_text("You have made 1 prediction"))
    page.locator("details", has_text="3. Flattening").locator("summary").click()
    page.get_by_role("link", name="Read the place again").click()
    expect(page.locator("#prediction-pixels_lost")).to_be_in_viewport()
    assert problems == []


def test_a_browser_that_keeps_nothing_says_so(window: BrowserContext, listen: Any, unpacked: Path) -> None:
    window.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page, _, _ = open_file(window, listen, unpacked / "pages" / "book" / "04_convolution.html")
    answer(page)
    expect(page.locator(".lx-progress-fleeting").first).to_be_visible()
    expect(page.locator(".lx-progress-done").last).to_contain_text("This browser keeps no record for the site")


def test_search_finds_pages_and_asks_for_nothing(window: BrowserContext, listen: Any, unpacked: Path) -> None:
    page, problems, requests = open_file(window, listen, unpacked / "pages" / "search.html", "?q=flattening")
    result = page.locator("#search-results li a").first
    expect(result).to_be_visible()
    page.wait_for_timeout(300)
    assert problems == []
    assert {"fetch", "xhr"}.isdisjoint(kind for kind, _ in requests)
    result.click()
    page.wait_for_url("**/book/*.html*")


def test_without_scripts_a_page_says_what_it_needs(browser: Browser, unpacked: Path) -> None:
    chapter = (unpacked / "pages" / "book" / "04_convolution.html").as_uri()
    with browser.new_context(java_script_enabled=False) as off, browser.new_context() as broken:
        broken.route("**/course.js*", lambda route: route.abort())
        for window in (off, broken):
            page = window.new_page()
            page.goto(chapter)
            figures = page.locator("[data-explorable]")
            assert figures.count() > 2
            for text in figures.locator("> p").all_inner_texts():
                assert text.startswith("This part of the page needs JavaScript.")
            assert "Run this cell to use" not in page.inner_text("main")
