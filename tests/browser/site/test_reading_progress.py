"""The reader's own record, on two small pages that look like the site's: what is kept, shown, moved and forgotten."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from lessons_lib.exercises import Exercise, Quiz, topics

KEY = "from-anns-to-cnns/record"
# Where the editions before kept theirs.
FORMER_KEY = "from-anns-to-cnns/progress"
NAV = """<nav class="bd-links"><a class="reference internal" href="index.html">Start</a>
<a class="reference internal" href="mathematics.html">Mathematics you need</a>
<a class="reference internal" href="glossary.html">Words</a>
<a class="reference internal" href="04_convolution.html">How does a filter see?</a></nav>"""
CHAPTER = """<article class="bd-article"><h1>Chapter</h1>
<div class="exercise admonition" id="exercise-map-size"><p>One</p></div>
<div data-explorable="exercise" data-tasks="exercise:map_size"></div>
<div class="exercise admonition" id="exercise-same-padding"><p>Two</p></div>
<div data-explorable="quiz" id="quiz" data-tasks="quiz:convolution/one-stop quiz:convolution/rgb-filters"></div>
</article>"""
# A page that asks in every way, with what Python writes.
KINDS = ["map_size", "which_collapses", "diagonal_kernel"]
ASKING = f"""<article class="bd-article">{"".join(Exercise(name).to_html() for name in KINDS)}
{Quiz.of("convolution").to_html()}</article>"""
# What the landing page says of this work, and of none.
WORKED = "How does a filter see?: read, 2 of 3 done here, 0 of 1 in the notebook"
UNTOUCHED = "How does a filter see?: not read yet"
DONE = """(id) => document.querySelector('#quiz').dispatchEvent(
  new CustomEvent('course:done', { bubbles: true, detail: { id } }))"""
REFUSED = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('refused', 'SecurityError'); } });"
)

FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
FORGETFUL = "Storage.prototype.setItem = () => {};"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str], pages: Any) -> str:
    folder = tmp_path_factory.mktemp("progress")
    for name in ("course.js", pages.figures, "explorable.css"):
        (folder / name).write_bytes((pages.folder / name).read_bytes())
    for name, body in {
        "index": '<article class="bd-article"><div data-progress></div></article>',
        "04_convolution": CHAPTER,
        "mathematics": CHAPTER,
        "06_pooling": ASKING,
        "glossary": '<article class="bd-article"><p>Words</p></article>',
    }.items():
        (folder / f"{name}.html").write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>p</title><link rel="icon" href="data:,">'
            '<link rel="stylesheet" href="explorable.css">'
            f'<script defer src="course.js"></script><script defer src="{pages.figures}"></script>'
            f"<body>{NAV}{body}</body></html>",
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
    page.get_by_label("I have done this one").check()
    page.get_by_label("I have read this chapter").check()
    page.evaluate(DONE, "quiz:convolution/one-stop")


def test_what_is_done_is_kept_and_shown(window: BrowserContext, base: str) -> None:
    page = chapter(window, base)
    work(page)
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/3")
    page.reload()
    expect(page.get_by_label("I have done this one")).to_be_checked()
    expect(page.get_by_label("Needs the notebook: done there")).not_to_be_checked()
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/3")
    page.goto(base + "index.html")
    expect(page.locator("[data-progress] li")).to_have_text(WORKED)
    page.goto(base + "04_convolution.html")
    page.get_by_label("I have done this one").uncheck()
    page.get_by_label("I have read this chapter").uncheck()
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" 1/3")


def test_what_needs_the_notebook_says_so_and_is_counted_apart(window: BrowserContext, base: str) -> None:
    page = chapter(window, base)
    page.get_by_label("Needs the notebook: done there").check()
    badge = page.locator(".lx-progress-badge:visible")
    expect(badge).to_have_text(" 0/3")
    expect(badge).to_have_attribute("title", "0 of 3 done here, 1 of 1 in the notebook")
    page.goto(base + "index.html")
    expect(page.locator("[data-progress] li")).to_have_text(
        "How does a filter see?: not read yet, 0 of 3 done here, 1 of 1 in the notebook"
    )


def test_all_questions_are_counted_before_they_start(window: BrowserContext, base: str) -> None:
    page = window.new_page()
    page.set_viewport_size({"width": 1280, "height": 200})
    page.add_init_script("window.requestIdleCallback = () => 0; window.IntersectionObserver = class { observe() {} };")
    page.goto(base + "06_pooling.html")
    expect(page.get_by_label("I have read this chapter")).to_be_visible()
    assert page.locator("form").count() == 0
    asked = len(KINDS) + len(topics.quiz("convolution"))
    assert len(record(page)["topics"]["pooling"]["tasks"]) == asked


def test_an_exercise_answered_on_the_page_ticks_its_box(window: BrowserContext, base: str) -> None:
    page = chapter(window, base)
    page.evaluate(DONE, "exercise:map_size")
    expect(page.get_by_label("I have done this one")).to_be_checked()


def test_a_page_that_asks_is_recorded_once_it_was_open(window: BrowserContext, base: str) -> None:
    page = window.new_page()
    overview, read = page.locator("[data-progress] li"), page.get_by_label("I have read this page")
    page.goto(base + "glossary.html")
    expect(read).to_have_count(0)
    page.goto(base + "index.html")
    expect(overview).to_have_text([UNTOUCHED])
    page.goto(base + "mathematics.html")
    read.check()
    page.evaluate(DONE, "exercise:map_size")
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 1/3")
    page.goto(base + "index.html")
    expect(overview).to_have_text(["Mathematics you need: read, 1 of 3 done here, 0 of 1 in the notebook", UNTOUCHED])


def test_export_reset_and_import(window: BrowserContext, base: str, tmp_path: Path) -> None:
    page = chapter(window, base)
    work(page)
    page.goto(base + "index.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "record.json")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_text("Press again if you mean it")).to_be_visible()
    expect(page.locator("[data-progress] li")).to_contain_text("2 of 3")
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("[data-progress] li")).to_have_text(UNTOUCHED)
    page.locator("input[type=file]").set_input_files(tmp_path / "record.json")
    expect(page.locator("[data-progress] li")).to_contain_text("read, 2 of 3")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "it holds no JSON"),
        ("", "it holds no JSON"),
        ("[]", "it is no record of this course"),
        ("null", "it is no record of this course"),
        ("3", "it is no record of this course"),
        ("{}", "its version must be 1, 2 or 3, and is undefined"),
        ('{"version": 4}', "its version must be 1, 2 or 3, and is 4"),
        ('{"version": [2]}', "its version must be 1, 2 or 3, and is [2]"),
        ('{"version": 3}', "it is no record of this course"),
        ('{"version": 3, "topics": {}, "done": []}', "it is no record of this course"),
        ('{"version": 3, "topics": {}, "done": [], "answers": {"quiz:a/b": null}}', "it is no record of this course"),
        ('{"version": 3, "topics": {}, "done": [], "answers": {"a": {"given": 1}}}', "it is no record of this course"),
        ('{"version": 3, "topics": {}, "done": [], "answers": {}, "review": 1}', "it is no record of this course"),
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
    expect(page.locator("[data-progress] li")).to_contain_text("read, 2 of 3")


@pytest.mark.parametrize(
    "text", ["nonsense", "[]", '{"version": 99}', '{"version": 1, "chapters": null, "done": [1]}', "null"]
)
def test_a_corrupted_store_costs_nothing_but_the_record(window: BrowserContext, base: str, text: str) -> None:
    window.add_init_script(
        f"if (!sessionStorage.seen) {{ sessionStorage.seen = 1; localStorage.setItem('{KEY}', {json.dumps(text)}); }}"
    )
    page = chapter(window, base)
    work(page)
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/3")
    page.reload()
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/3")
    assert page.problems == []  # type: ignore[attr-defined]


def test_a_refused_store_lasts_until_the_page_is_left(window: BrowserContext, base: str) -> None:
    window.add_init_script(REFUSED)
    page = chapter(window, base)
    work(page)
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 2/3")
    page.goto(base + "index.html")
    expect(page.get_by_text("This browser keeps no record")).to_be_visible()
    expect(page.get_by_text("kept in this browser alone")).to_be_hidden()
    assert page.problems == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("store", [REFUSED, FULL, FORGETFUL])
def test_every_box_says_that_nothing_is_kept(window: BrowserContext, base: str, store: str) -> None:
    window.add_init_script(store)
    page = chapter(window, base)
    why = (
        "This browser has no room left for the record" if store == FULL else "This browser keeps no record for the site"
    )
    for box in page.locator(".lx-progress-done").all():
        expect(box).to_contain_text(re.compile(f"{why}, so .* lasts until you leave the page."))
        expect(box.locator(".lx-progress-fleeting")).to_be_visible()
    assert page.locator(".lx-progress-done").count() == 3


def test_no_box_says_so_where_the_record_is_kept(window: BrowserContext, base: str) -> None:
    page = chapter(window, base)
    work(page)
    expect(page.locator(".lx-progress-fleeting:visible")).to_have_count(0)


def put(window: BrowserContext, key: str, text: str) -> None:
    """Store a text before the first page opens."""
    window.add_init_script(
        f"if (!sessionStorage.seen) {{ sessionStorage.seen = 1; localStorage.setItem('{key}', {json.dumps(text)}); }}"
    )


def test_a_new_edition_keeps_what_is_still_there(window: BrowserContext, base: str) -> None:
    was = ["exercise:gone", "exercise:map_size"]
    chapters = {"04_convolution": {"read": True, "tasks": was}}
    put(window, FORMER_KEY, json.dumps({"version": 1, "chapters": chapters, "done": was}))
    page = chapter(window, base)
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 1/3")


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
# What a reader of the second edition has.
SECOND_EDITION = json.dumps(
    {
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
)
CARRIED_OVER = {
    "version": 3,
    "topics": {
        "convolution": {
            "read": True,
            "tasks": ["exercise:map_size", "quiz:convolution/one-stop", "quiz:convolution/rgb-filters"],
            "notebook": ["exercise:same_padding"],
        },
        "pooling": {"read": False, "tasks": ["exercise:pooled_size", "quiz:pooling/weights"], "notebook": []},
    },
    "done": ["exercise:map_size", "quiz:convolution/one-stop", "quiz:pooling/weights"],
    "answers": {},
}


def record(page: Page) -> dict[str, Any]:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))


def carried(page: Page) -> dict[str, Any]:
    """Return the record without what this edition adds by itself: the schedule, and when a chapter was opened."""
    found = record(page) | {"review": None}
    for chapter in found["topics"].values():
        chapter.pop("opened", None)
    return found


@pytest.mark.parametrize("edition", [FIRST_EDITION, SECOND_EDITION])
def test_a_record_of_an_edition_before_is_carried_over(window: BrowserContext, base: str, edition: str) -> None:
    put(window, FORMER_KEY, edition)
    page = window.new_page()
    page.goto(base + "index.html")
    expect(page.locator("[data-progress] li")).to_have_text("How does a filter see?: read, 2 of 4 done here")
    page.goto(base + "04_convolution.html")
    expect(page.get_by_label("I have read this chapter")).to_be_checked()
    expect(page.get_by_label("I have done this one")).to_be_checked()
    assert carried(page) == CARRIED_OVER | {"review": None}
    # A task of a topic is the same task, whatever number its chapter has.
    page.evaluate(DONE, "quiz:convolution/rgb-filters")
    expect(page.locator(".lx-progress-badge:visible")).to_have_text(" ✓ 3/3")
    # A page of that edition, still open in a tab, finds its own record as it was.
    assert page.evaluate(f"localStorage.getItem('{FORMER_KEY}')") == edition


@pytest.mark.parametrize("edition", [FIRST_EDITION, SECOND_EDITION])
def test_an_export_of_an_edition_before_is_imported(
    window: BrowserContext, base: str, tmp_path: Path, edition: str
) -> None:
    (tmp_path / "record.json").write_text(edition, encoding="utf-8")
    page = chapter(window, base)
    page.goto(base + "index.html")
    page.locator("input[type=file]").set_input_files(tmp_path / "record.json")
    expect(page.locator("[data-progress] li")).to_have_text(WORKED)
    assert carried(page) == CARRIED_OVER | {"review": None}


def test_reset_forgets_the_record_of_an_edition_before(window: BrowserContext, base: str) -> None:
    put(window, FORMER_KEY, SECOND_EDITION)
    page = window.new_page()
    page.goto(base + "index.html")
    page.get_by_role("button", name="Reset").dblclick()
    expect(page.get_by_text("The record is empty.")).to_be_visible()
    page.reload()
    expect(page.locator("[data-progress] li")).to_have_text(UNTOUCHED)
    assert page.evaluate(f"localStorage.getItem('{FORMER_KEY}')") is None


def test_reset_forgets_the_network_that_the_laboratory_has_kept(window: BrowserContext, base: str, root: Path) -> None:
    source = (root / "lessons_lib" / "explorables" / "static" / "ownnetwork.js").read_text(encoding="utf-8")
    (key,) = re.findall(r'^const KEY = "([^"]+)";$', source, re.MULTILINE)
    (event,) = re.findall(r'^const CHANGED = "([^"]+)";$', source, re.MULTILINE)
    page = window.new_page()
    page.goto(base + "index.html")
    page.evaluate(f"localStorage.setItem('{key}', '{{}}'); addEventListener('{event}', () => (window.told = true))")
    page.get_by_role("button", name="Reset").dblclick()
    expect(page.get_by_text("The record is empty.")).to_be_visible()
    assert page.evaluate(f"[localStorage.getItem('{key}'), window.told]") == [None, True]


def test_reset_forgets_the_runs_of_the_laboratories(window: BrowserContext, base: str) -> None:
    page = window.new_page()
    page.goto(base + "index.html")
    store = """async (act) => {
      const opening = indexedDB.open("lessons-lib");
      const answer = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
      opening.onupgradeneeded = () => opening.result.createObjectStore("runs");
      const database = await answer(opening);
      const runs = database.transaction("runs", "readwrite").objectStore("runs");
      const found = await answer(act === "put" ? runs.put([], "a page") : runs.count());
      database.close();
      return found;
    }"""
    page.evaluate(store, "put")
    assert page.evaluate(store, "count") == 1
    page.get_by_role("button", name="Reset").dblclick()
    expect(page.get_by_text("The record is empty.")).to_be_visible()
    end = monotonic() + 30
    while page.evaluate(store, "count"):
        assert monotonic() < end, "the runs are still kept"
        page.wait_for_timeout(20)


# ---- Answers and drafts ----


def asking(window: BrowserContext, base: str) -> Page:
    """Open the page with three exercises and a quiz."""
    page = window.new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.problems.append(str(error)))  # type: ignore[attr-defined]
    page.goto(base + "06_pooling.html")
    expect(page.locator("form")).to_have_count(len(KINDS) + len(topics.quiz("convolution")))
    return page


def task(page: Page, name: str) -> Locator:
    """Find the form of an exercise or of a question."""
    if name in KINDS:
        return page.locator("form").nth(KINDS.index(name))
    ids = [question["id"] for question in topics.quiz("convolution")]
    return page.locator("form.lx-question").nth(ids.index(name))


def check(form: Locator) -> None:
    form.get_by_role("button", name="Check").click()


def answer_everything(page: Page) -> None:
    """Answer in each way: checked and right, checked and wrong, or a draft."""
    form = task(page, "map_size")
    form.get_by_role("textbox").fill("14")
    check(form)
    check(form)
    task(page, "which_collapses").get_by_role("radio").nth(1).check()
    grid = task(page, "diagonal_kernel").get_by_role("grid", name="Your kernel", exact=True)
    grid.get_by_role("gridcell").nth(1).click()
    for _ in range(2):
        grid.get_by_role("gridcell").nth(3).click()
    task(page, "one-stop").get_by_role("textbox").fill("−1")
    check(task(page, "one-stop"))
    task(page, "rgb-filters").get_by_role("radio").nth(2).check()
    check(task(page, "rgb-filters"))
    for place in (0, 1):
        task(page, "same-means").get_by_role("checkbox").nth(place).check()
    task(page, "tied-hands").get_by_role("button", name="Move down").first.click()


def see_everything(page: Page, order: str) -> None:
    """See that every answer stands as it was given, with its reply if it was checked."""
    expect(task(page, "map_size").get_by_role("textbox")).to_have_value("14")
    expect(task(page, "map_size").locator(".lx-line")).to_have_count(2)
    expect(task(page, "which_collapses").get_by_role("radio").nth(1)).to_be_checked()
    expect(task(page, "which_collapses").locator(".lx-reply")).to_be_empty()
    grid = task(page, "diagonal_kernel").get_by_role("grid", name="Your kernel", exact=True)
    assert grid.inner_text().split() == ["0", "1", "0", "−1", "0", "0", "0", "0", "0"]
    expect(task(page, "one-stop").locator(".lx-reply")).to_contain_text("Right.")
    expect(task(page, "rgb-filters").locator(".lx-reply")).to_contain_text("Not yet.")
    expect(task(page, "same-means").get_by_role("checkbox").nth(1)).to_be_checked()
    expect(task(page, "same-means").locator(".lx-reply")).to_be_empty()
    assert task(page, "tied-hands").locator("ol").inner_text() == order
    expect(page.locator(".lx-score")).to_have_text("1 of 6 answered right")


def test_answers_and_drafts_survive_reload_back_and_another_visit(window: BrowserContext, base: str) -> None:
    page = asking(window, base)
    answer_everything(page)
    order = task(page, "tied-hands").locator("ol").inner_text()
    page.reload()
    see_everything(page, order)
    page.goto(base + "glossary.html")
    page.go_back()
    see_everything(page, order)
    page.close()
    page = asking(window, base)
    see_everything(page, order)
    # The next wrong answer is the third one, which brings the idea.
    check(task(page, "map_size"))
    expect(task(page, "map_size").locator(".lx-line")).to_have_count(3)
    assert page.problems == []  # type: ignore[attr-defined]


def test_a_solved_question_stays_solved_while_another_answer_is_tried(window: BrowserContext, base: str) -> None:
    page = asking(window, base)
    task(page, "one-stop").get_by_role("textbox").fill("-1")
    check(task(page, "one-stop"))
    task(page, "one-stop").get_by_role("textbox").fill("5")
    page.reload()
    expect(page.locator(".lx-score")).to_have_text("1 of 6 answered right")
    expect(task(page, "one-stop").get_by_role("textbox")).to_have_value("5")
    expect(task(page, "one-stop").locator(".lx-reply")).to_be_empty()


def test_a_record_that_knows_no_answers_still_counts_in_the_quiz(window: BrowserContext, base: str) -> None:
    put(window, FORMER_KEY, SECOND_EDITION)
    page = asking(window, base)
    expect(page.locator(".lx-score")).to_have_text("1 of 6 answered right")


def test_answers_of_two_tabs_are_joined(window: BrowserContext, base: str) -> None:
    first, second = asking(window, base), asking(window, base)
    first.locator(".lx-order li").first.get_by_role("button", name="Move down").click()
    order = first.locator(".lx-order").text_content()
    task(second, "map_size").get_by_role("textbox").fill("14")
    check(task(second, "map_size"))
    task(second, "rgb-filters").get_by_role("radio").nth(1).check()
    check(task(second, "rgb-filters"))
    expect(task(first, "map_size").get_by_role("textbox")).to_have_value("14")
    expect(task(first, "map_size").locator(".lx-reply")).to_contain_text("You rounded up")
    expect(first.locator(".lx-score")).to_have_text("1 of 6 answered right")
    task(first, "one-stop").get_by_role("textbox").fill("7")
    second.reload()
    expect(second.locator(".lx-order")).to_have_text(order)
    expect(task(second, "one-stop").get_by_role("textbox")).to_have_value("7")
    expect(task(second, "map_size").get_by_role("textbox")).to_have_value("14")
    assert [page.problems for page in (first, second)] == [[], []]  # type: ignore[attr-defined]


def test_reset_in_another_tab_empties_the_fields(window: BrowserContext, base: str) -> None:
    page, other = asking(window, base), window.new_page()
    answer_everything(page)
    other.goto(base + "index.html")
    other.get_by_role("button", name="Reset").dblclick()
    expect(page.locator(".lx-score")).to_have_text("0 of 6 answered right")
    expect(task(page, "map_size").get_by_role("textbox")).to_have_value("")
    expect(task(page, "rgb-filters").get_by_role("radio").nth(2)).not_to_be_checked()
    expect(page.locator(".lx-reply:not(:empty)")).to_have_count(0)


def test_answers_are_exported_and_imported(window: BrowserContext, browser: Browser, base: str, tmp_path: Path) -> None:
    page = asking(window, base)
    answer_everything(page)
    order = task(page, "tied-hands").locator("ol").inner_text()
    page.goto(base + "index.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "record.json")
    with browser.new_context() as elsewhere:
        page = elsewhere.new_page()
        page.goto(base + "index.html")
        page.locator("input[type=file]").set_input_files(tmp_path / "record.json")
        expect(page.get_by_text("Imported, and joined with what was here.")).to_be_visible()
        see_everything(asking(elsewhere, base), order)


@pytest.mark.parametrize(
    ("store", "told"),
    [
        (REFUSED, "This browser keeps no record for the site"),
        (FORGETFUL, "This browser keeps no record for the site"),
        (FULL, "This browser has no room left for the record"),
    ],
)
def test_where_no_answer_is_kept_it_is_said_beside_it(window: BrowserContext, base: str, store: str, told: str) -> None:
    window.add_init_script(store)
    page = asking(window, base)
    notes = page.locator("[data-explorable] + .lx-progress-fleeting")
    expect(notes).to_have_count(0)
    task(page, "map_size").get_by_role("textbox").fill("14")
    task(page, "one-stop").get_by_role("textbox").fill("7")
    expect(notes).to_have_count(2)
    for note in notes.all():
        expect(note).to_contain_text(told)
        expect(note).to_have_role("status")
    # Until the page is left, all of it is there.
    check(task(page, "one-stop"))
    expect(task(page, "map_size").get_by_role("textbox")).to_have_value("14")
    assert page.problems == []  # type: ignore[attr-defined]


def test_what_found_no_room_is_kept_once_there_is_room(window: BrowserContext, base: str) -> None:
    page, other = asking(window, base), asking(window, base)
    page.evaluate(f"() => {{ window.keep = Storage.prototype.setItem; {FULL} }}")
    task(page, "map_size").get_by_role("textbox").fill("14")
    expect(page.get_by_text("no room left").first).to_be_visible()
    task(other, "one-stop").get_by_role("textbox").fill("7")
    page.evaluate("() => { Storage.prototype.setItem = window.keep; }")
    task(page, "rgb-filters").get_by_role("radio").nth(1).check()
    expect(page.get_by_text("no room left")).to_have_count(1)  # beside the exercise, whose word stands until it is used
    assert set(record(page)["answers"]) == {
        "exercise:map_size",
        "quiz:convolution/one-stop",
        "quiz:convolution/rgb-filters",
    }


# An answer of another edition, or of another hand.
STRANGE = [
    None,
    3,
    "8",
    [],
    {},
    ["no such option", 4],
    [[1, 2], [3]],
    [[[1]], None, [1, -1, 5]],
    ["one 3×3 filter", "one 3×3 filter", "one 3×3 filter"],
]


@pytest.mark.parametrize("given", STRANGE)
def test_an_answer_that_no_longer_fits_is_left_out(window: BrowserContext, base: str, given: object) -> None:
    names = [f"exercise:{name}" for name in KINDS] + [f"quiz:convolution/{q['id']}" for q in topics.quiz("convolution")]
    answer = {"given": given, "checked": True, "failed": 1, "at": 0, "more": "of another kind"}
    stored = {"version": 3, "topics": {}, "done": [], "answers": dict.fromkeys(names, answer)}
    put(window, KEY, json.dumps(stored))
    page = asking(window, base)
    expect(page.locator(".lx-score")).to_have_text("0 of 6 answered right")
    assert sorted(task(page, "tied-hands").locator("li").all_inner_texts()) == sorted(
        f"↑\n↓\n{item}" for item in next(q for q in topics.quiz("convolution") if q["id"] == "tied-hands")["items"]
    )
    task(page, "one-stop").get_by_role("textbox").fill("-1")
    check(task(page, "one-stop"))
    expect(page.locator(".lx-score")).to_have_text("1 of 6 answered right")
    assert record(page)["answers"]["exercise:map_size"] == answer
    assert page.problems == []  # type: ignore[attr-defined]


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


# Notes what moves in the text.
WATCH_SHIFTS = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const { node } of list.getEntries().flatMap(({ sources }) => sources))
    if (node?.parentElement?.closest("article")) moved.push(node.textContent);
}).observe({ type: "layout-shift", buffered: true });
"""


def topic_record(*, read: bool, opened: int) -> dict[str, Any]:
    """Return what is kept of a chapter."""
    return {"read": read, "tasks": [], "notebook": [], "opened": opened}


# What is kept of the chapters, what the landing page then says first, and where that leads.
WAYS = [
    ({}, "Start with chapter 1 or see first which mathematics you need.", "01_images.html"),
    (
        {"dense": topic_record(read=False, opened=2), "images": topic_record(read=True, opened=1)},
        r"Continue with 2\. Dense networks 1 of \d+ chapters read\.",
        "02_dense.html",
    ),
    (
        {"parameters": topic_record(read=False, opened=1)},
        r"Continue with 7\. Counting parameters 0 of \d+ chapters read\.",
        "07_parameters.html",
    ),
]


@pytest.mark.parametrize("size", [(320, 740), (390, 844), (1280, 900)])
def test_the_landing_page_leads_on_in_the_first_view_and_moves_nothing(
    browser: Browser, site_url: str, size: tuple[int, int]
) -> None:
    heights = set()
    for kept, said, href in WAYS:
        with browser.new_context(viewport={"width": size[0], "height": size[1]}) as window:
            text = json.dumps({"version": 3, "topics": kept, "done": [], "answers": {}})
            window.add_init_script(f"localStorage.setItem({KEY!r}, {text!r})")
            window.add_init_script(WATCH_SHIFTS)
            page = window.new_page()
            page.goto(site_url + "book/index.html")
            place = page.locator(".course-way > p")
            expect(place).to_have_text(re.compile(f"^{said}$"))
            expect(place).to_be_in_viewport(ratio=1)
            assert str(place.locator("a").first.get_attribute("href")).endswith(href)
            page.wait_for_timeout(300)
            assert page.evaluate("moved") == []
            heights.add(place.evaluate("(place) => place.getBoundingClientRect().height"))
    assert len(heights) == 1  # the room that is kept is enough for every reader
