"""The reader's own record, on two small pages that look like the site's: what is kept, shown, moved and forgotten."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

SCRIPT = Path(__file__).parents[3] / "book" / "_static" / "progress.js"
KEY = "from-anns-to-cnns/progress"
NAV = """<nav class="bd-links"><a class="reference internal" href="index.html">Start</a>
<a class="reference internal" href="mathematics.html">Mathematics you need</a>
<a class="reference internal" href="glossary.html">Words</a>
<a class="reference internal" href="04_convolution.html">How does a filter see?</a></nav>"""
CHAPTER = """<article class="bd-article"><h1>Chapter</h1>
<div class="exercise admonition" id="exercise-map-size"><p>One</p></div>
<div class="exercise admonition" id="exercise-same-padding"><p>Two</p></div>
<div data-explorable="quiz" id="quiz"></div></article>"""
DONE = """(id) => document.querySelector('#quiz').dispatchEvent(
  new CustomEvent('course:done', { bubbles: true, detail: { id } }))"""
REFUSED = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError'); } });"
)

FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
FORGETFUL = "Storage.prototype.setItem = () => {};"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    folder = tmp_path_factory.mktemp("progress")
    (folder / "progress.js").write_bytes(SCRIPT.read_bytes())
    for name, body in {
        "index": '<article class="bd-article"><div data-progress></div></article>',
        "04_convolution": CHAPTER,
        "mathematics": CHAPTER,
        "glossary": '<article class="bd-article"><p>Words</p></article>',
    }.items():
        (folder / f"{name}.html").write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>p</title><link rel="icon" href="data:,">'
            f'<script defer src="progress.js"></script><body>{NAV}{body}</body></html>',
            encoding="utf-8",
        )
    return serve(folder)


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(accept_downloads=True)
    yield context
    context.close()


def chapter(window: BrowserContext, base: str) -> Page:
    page = window.new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.goto(base + "04_convolution.html")
    return page


def work(page: Page) -> None:
    """Read the chapter, do one exercise, answer one of two questions."""
    page.locator("#quiz").evaluate("(quiz) => { quiz.dataset.tasks = 'quiz:convolution/a quiz:convolution/b'; }")
    page.get_by_label("I have done this one").first.check()
    page.get_by_label("I have read this chapter").check()
    page.evaluate(DONE, "quiz:convolution/a")


def test_what_is_done_is_kept_and_shown(window: BrowserContext, base: str) -> None:
    page = chapter(window, base)
    work(page)
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/4")
    page.reload()
    expect(page.get_by_label("I have done this one").first).to_be_checked()
    expect(page.get_by_label("I have done this one").nth(1)).not_to_be_checked()
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/4")
    page.goto(base + "index.html")
    expect(page.locator("[data-progress] li")).to_have_text(
        "How does a filter see?: read, 2 of 4 exercises and questions done"
    )
    page.goto(base + "04_convolution.html")
    page.get_by_label("I have done this one").first.uncheck()
    page.get_by_label("I have read this chapter").uncheck()
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" 1/4")


def test_an_exercise_answered_on_the_page_ticks_its_box(window: BrowserContext, base: str) -> None:
    page = chapter(window, base)
    page.evaluate(DONE, "exercise:same_padding")
    expect(page.get_by_label("I have done this one").nth(1)).to_be_checked()


def test_a_page_that_asks_is_recorded_once_it_was_open(window: BrowserContext, base: str) -> None:
    page = window.new_page()
    overview, read = page.locator("[data-progress] li"), page.get_by_label("I have read this page")
    page.goto(base + "glossary.html")
    expect(read).to_have_count(0)
    page.goto(base + "index.html")
    expect(overview).to_have_text(["How does a filter see?: not read yet"])
    page.goto(base + "mathematics.html")
    read.check()
    page.evaluate(DONE, "exercise:map_size")
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 1/2")
    page.goto(base + "index.html")
    expect(overview).to_have_text(
        ["Mathematics you need: read, 1 of 2 exercises and questions done", "How does a filter see?: not read yet"]
    )


def test_export_reset_and_import(window: BrowserContext, base: str, tmp_path: Path) -> None:
    page = chapter(window, base)
    work(page)
    page.goto(base + "index.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "record.json")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_text("Press again if you mean it")).to_be_visible()
    expect(page.locator("[data-progress] li")).to_contain_text("2 of 4")
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("[data-progress] li")).to_have_text("How does a filter see?: not read yet")
    page.locator("input[type=file]").set_input_files(tmp_path / "record.json")
    expect(page.locator("[data-progress] li")).to_contain_text("read, 2 of 4")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "it holds no JSON"),
        ("", "it holds no JSON"),
        ("[]", "it is no record of this course"),
        ("null", "it is no record of this course"),
        ("3", "it is no record of this course"),
        ("{}", "its version must be 1 or 2, and is undefined"),
        ('{"version": 3}', "its version must be 1 or 2, and is 3"),
        ('{"version": 2}', "it is no record of this course"),
        ('{"version": 2, "topics": [], "done": []}', "it is no record of this course"),
        ('{"version": 2, "topics": {"relu": null}, "done": []}', "it is no record of this course"),
        ('{"version": 1, "chapters": {"04": 3}, "done": []}', "it is no record of this course"),
        ('{"version": 1, "chapters": {"04": null}, "done": null}', "it is no record of this course"),
    ],
)
def test_what_is_no_record_is_not_imported(
    window: BrowserContext, base: str, tmp_path: Path, text: str, told: str
) -> None:
    page = chapter(window, base)
    work(page)
    page.goto(base + "index.html")
    (tmp_path / "bad.json").write_text(text)
    page.locator("input[type=file]").set_input_files(tmp_path / "bad.json")
    expect(page.get_by_text(f"This file can't be imported: {told}.", exact=True)).to_be_visible()
    expect(page.locator("[data-progress] li")).to_contain_text("read, 2 of 4")


@pytest.mark.parametrize(
    "text", ["nonsense", "[]", '{"version": 99}', '{"version": 1, "chapters": null, "done": [1]}', "null"]
)
def test_a_corrupted_store_costs_nothing_but_the_record(window: BrowserContext, base: str, text: str) -> None:
    window.add_init_script(
        f"if (!sessionStorage.seen) {{ sessionStorage.seen = 1; localStorage.setItem('{KEY}', {json.dumps(text)}); }}"
    )
    page = chapter(window, base)
    work(page)
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/4")
    page.reload()
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/4")
    assert page.problems == []  # type: ignore[attr-defined]


def test_a_refused_store_lasts_until_the_page_is_left(window: BrowserContext, base: str) -> None:
    window.add_init_script(REFUSED)
    page = chapter(window, base)
    work(page)
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/4")
    page.goto(base + "index.html")
    expect(page.get_by_text("This browser keeps no record")).to_be_visible()
    expect(page.get_by_text("kept in this browser alone")).to_be_hidden()
    assert page.problems == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("store", [REFUSED, FULL, FORGETFUL])
def test_every_box_says_that_nothing_is_kept(window: BrowserContext, base: str, store: str) -> None:
    window.add_init_script(store)
    page = chapter(window, base)
    for box in page.locator(".lx-progress-done").all():
        expect(box).to_contain_text("This browser keeps no record for the site, so it lasts until you leave the page.")
        expect(box.locator(".lx-progress-fleeting")).to_be_visible()
    assert page.locator(".lx-progress-done").count() == 3


def test_no_box_says_so_where_the_record_is_kept(window: BrowserContext, base: str) -> None:
    page = chapter(window, base)
    work(page)
    expect(page.locator(".lx-progress-fleeting:visible")).to_have_count(0)


def test_a_new_edition_keeps_what_is_still_there(window: BrowserContext, base: str) -> None:
    was = ["exercise:gone", "exercise:map_size"]
    old = {"version": 1, "chapters": {"04_convolution": {"read": True, "tasks": was}}, "done": was}
    window.add_init_script(
        f"if (!localStorage.getItem('{KEY}')) localStorage.setItem('{KEY}', {json.dumps(json.dumps(old))});"
    )
    page = chapter(window, base)
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 1/2")


# What a reader of the first edition has in the browser and in exported files, to the letter.
FIRST_EDITION = """{
  "version": 1,
  "chapters": {
    "04_convolution": {
      "read": true,
      "tasks": [
        "exercise:map_size", "exercise:same_padding", "quiz:04_convolution/one-stop", "quiz:04_convolution/rgb-filters"
      ]
    },
    "06_pooling": { "read": false, "tasks": ["exercise:pooled_size", "quiz:06_pooling/weights"] }
  },
  "done": ["exercise:map_size", "quiz:04_convolution/one-stop", "quiz:06_pooling/weights"]
}"""
CARRIED_OVER = {
    "version": 2,
    "topics": {
        "convolution": {
            "read": True,
            "tasks": [
                "exercise:map_size",
                "exercise:same_padding",
                "quiz:convolution/one-stop",
                "quiz:convolution/rgb-filters",
            ],
        },
        "pooling": {"read": False, "tasks": ["exercise:pooled_size", "quiz:pooling/weights"]},
    },
    "done": ["exercise:map_size", "quiz:convolution/one-stop", "quiz:pooling/weights"],
}


def record(page: Page) -> object:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))


def test_a_record_of_the_first_edition_is_carried_over(window: BrowserContext, base: str) -> None:
    window.add_init_script(
        f"if (!localStorage.getItem('{KEY}')) localStorage.setItem('{KEY}', {json.dumps(FIRST_EDITION)});"
    )
    page = window.new_page()
    page.goto(base + "index.html")
    expect(page.locator("[data-progress] li")).to_have_text(
        "How does a filter see?: read, 2 of 4 exercises and questions done"
    )
    page.goto(base + "04_convolution.html")
    expect(page.get_by_label("I have read this chapter")).to_be_checked()
    expect(page.get_by_label("I have done this one").first).to_be_checked()
    assert record(page) == CARRIED_OVER
    # A task of a topic is the same task, whatever number its chapter has.
    page.evaluate(DONE, "quiz:convolution/rgb-filters")
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 3/4")


def test_an_export_of_the_first_edition_is_imported(window: BrowserContext, base: str, tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text(FIRST_EDITION, encoding="utf-8")
    page = window.new_page()
    page.goto(base + "index.html")
    page.locator("input[type=file]").set_input_files(tmp_path / "record.json")
    expect(page.locator("[data-progress] li")).to_contain_text("read, 2 of 4")
    assert record(page) == CARRIED_OVER


def test_a_chapter_with_another_number_keeps_its_record(window: BrowserContext, base: str, tmp_path: Path) -> None:
    page = chapter(window, base)
    work(page)
    page.route("**/05_convolution.html", lambda route: route.fulfill(path=route_file(base, tmp_path)))
    page.goto(base + "05_convolution.html")
    expect(page.get_by_label("I have read this chapter")).to_be_checked()


def route_file(base: str, folder: Path) -> Path:
    """Write the chapter's page once more."""
    with urllib.request.urlopen(base + "04_convolution.html") as page:
        (folder / "chapter.html").write_bytes(page.read())
    return folder / "chapter.html"


def test_without_javascript_there_is_no_control(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in ("index.html", "04_convolution.html"):
        page.goto(base + name)
        assert page.locator("button, input").count() == 0
    context.close()


def test_the_site_keeps_room_for_the_boxes_to_tick(browser: Browser, site_url: str) -> None:
    heights = []
    for pattern in ("**/no-file", "**/course.js*"):
        page = browser.new_page()
        page.route(pattern, lambda route: route.abort())
        page.goto(site_url + "book/mathematics.html")
        heights.append(page.locator(".exercise.admonition").evaluate_all("(all) => all.map((e) => e.offsetHeight)"))
        assert (page.locator(".lx-progress-done").count() > 0) is (pattern == "**/no-file")
        page.close()
    assert heights[0] == heights[1]
