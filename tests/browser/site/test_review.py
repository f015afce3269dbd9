"""The review on the built site: what comes back when, ten at a time, in two tabs, by keyboard, and with any clock."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from lessons_lib.exercises import topics

KEY = "from-anns-to-cnns/record"
TODAY = datetime.datetime(2027, 3, 1, 12)
DAY = (TODAY.date() - datetime.date(1970, 1, 1)).days
FULL = f"""const keep = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, text) {{
  if (key === "{KEY}") throw new DOMException("full", "QuotaExceededError");
  keep.call(this, key, text);
}};"""
QUIZZES = {f"quiz:{topic}/{one['id']}": one for topic in topics.names() for one in topics.quiz(topic)}


def after(days: int) -> datetime.datetime:
    """Return noon of a day."""
    return TODAY + datetime.timedelta(days=days)


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    """Open a window for a reader whose clock says TODAY."""
    with browser.new_context(accept_downloads=True, timezone_id="UTC", reduced_motion="reduce") as window:
        window.clock.set_fixed_time(TODAY)
        yield window


@pytest.fixture
def open_site(window: BrowserContext, site_url: str, listen: Callable[[Page, str], list[str]]) -> Iterator[Any]:
    """Give a function that opens a page of the site; nothing may go wrong on it."""
    problems: list[list[str]] = []

    def open_site(name: str) -> Page:
        page = window.new_page()
        problems.append(listen(page, site_url))
        page.goto(f"{site_url}book/{name}.html")
        return page

    yield open_site
    assert [problem for of_page in problems for problem in of_page] == []


def put(window: BrowserContext, cards: dict[str, Any], **more: Any) -> None:
    """Store a record of today with these cards before the first page opens."""
    review = {"seen": DAY, "day": 100, "back": 0, "cards": cards}
    record = {"version": 3, "topics": {}, "done": [], "answers": {}, "review": review} | more
    text = json.dumps(json.dumps(record))
    window.add_init_script(f"if (!localStorage.getItem('{KEY}')) localStorage.setItem('{KEY}', {text});")


def card(gap: int = 0, *, wait: int = 0, **more: Any) -> dict[str, Any]:
    """Return a card that is due in so many days."""
    return {"gap": gap, "due": 100 + wait, "times": 1} | more


def chapter(*tasks: str, read: bool = False) -> dict[str, Any]:
    """Return what is kept of a chapter that was opened."""
    return {"read": read, "tasks": list(tasks), "notebook": []}


def cards_of(page: Page) -> dict[str, Any]:
    """Return the cards that are stored."""
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))["review"]["cards"]


def forms(page: Page) -> Locator:
    return page.locator("[data-explorable=review] form")


def status(page: Page) -> Locator:
    return page.locator(".lx-review-status")


def plain(text: str) -> str:
    return text.replace("`", "")


def form_of(page: Page, task: str) -> Locator:
    """Find the form of a question of a quiz."""
    return forms(page).filter(has_text=plain(QUIZZES[task]["ask"]))


def answer(form: Locator, question: dict[str, Any], *, right: bool) -> None:
    """Answer a question with options, and check it."""
    kind = "radio" if question["kind"] == "one" else "checkbox"
    for place, option in enumerate(question["options"]):
        if option["right"] is right:
            form.get_by_role(kind).nth(place).check()
    form.get_by_role("button", name="Check").click()


def answer_number(form: Locator, number: float) -> None:
    """Answer a question with a number, and check it."""
    form.get_by_role("textbox").fill(str(number))
    form.get_by_role("button", name="Check").click()


def answer_anyhow(page: Page) -> None:
    """Give some answer to each question."""
    for form in forms(page).all():
        choices = form.locator("input[type=radio], input[type=checkbox]")
        if choices.count():
            choices.first.check()
        elif form.get_by_role("textbox").count():
            form.get_by_role("textbox").fill("-3.5")
        form.get_by_role("button", name="Check").click()
        expect(form.locator(".lx-reply")).to_contain_text("It comes back")


ONES = [task for task, question in QUIZZES.items() if question["kind"] in ("one", "several")]


def test_who_has_answered_nothing_is_told_so_and_not_asked(open_site: Any) -> None:
    page = open_site("review")
    expect(status(page)).to_have_text(
        "Nothing is to be asked again yet. What you answer in the chapters comes back here, the first time a day later."
    )
    expect(forms(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Ask me")).to_be_hidden()


@pytest.mark.parametrize("record", [
    {"topics": {"relu": chapter(read=True)}},
    {"topics": {"relu": chapter("exercise:code")}, "done": ["exercise:code"]},
    {"answers": {"prediction:relu_zeros": {"given": None, "at": 1}}},
])  # fmt: skip
def test_only_chapters_that_were_worked_on_are_asked_anyway(
    window: BrowserContext, open_site: Any, record: dict[str, Any]
) -> None:
    put(window, {}, **{**record, "topics": {"pooling": chapter("quiz:pooling/weights")} | record.get("topics", {})})
    page = open_site("review")
    page.get_by_role("button", name=re.compile(r"^Ask me \d+ anyway$")).click()
    expect(forms(page).first.locator("input, ol button").first).to_be_focused()
    assert set(forms(page).locator(".lx-from").all_inner_texts()) == {"From 5. Activation functions"}
    expect(page.get_by_role("button", name="Ask me")).to_be_hidden()


def test_a_wrong_answer_of_a_chapter_comes_back_the_next_day(window: BrowserContext, open_site: Any) -> None:
    task = "quiz:pooling/weights"
    page = open_site("06_pooling")
    quiz = page.locator("[data-explorable=quiz]")
    quiz.scroll_into_view_if_needed()
    form = quiz.locator("form").filter(has_text=plain(QUIZZES[task]["ask"]))
    form.get_by_role("radio").nth(0).check()
    form.get_by_role("button", name="Check").click()
    # Right at once, now that the reason is known, takes nothing back.
    answer(form, QUIZZES[task], right=True)
    page = open_site("review")
    expect(status(page)).to_have_text("Nothing is due today. The next question comes back tomorrow.")
    window.clock.set_fixed_time(after(1))
    page.reload()
    # Its misconception brings a question of another chapter, too.
    expect(status(page)).to_have_text("2 questions are due today.")
    expect(page.locator("nav.bd-links a[href='#'] .lx-progress-badge")).to_have_text(" 2 due")
    expect(page.get_by_text("The parameters of a convolution depend on the size of its image.")).to_contain_text(
        "asked again today"
    )
    answer(form_of(page, task), QUIZZES[task], right=True)
    expect(form_of(page, task).locator(".lx-reply")).to_contain_text("It comes back in 3 days.")
    window.clock.set_fixed_time(after(3))
    page.reload()
    expect(form_of(page, task)).to_have_count(0)
    window.clock.set_fixed_time(after(4))
    page.reload()
    expect(form_of(page, task)).to_have_count(1)


def test_a_misconception_of_chapter_3_brings_a_question_of_another_chapter(
    window: BrowserContext, open_site: Any
) -> None:
    """Place 86 is row 3, column 2: the column was taken first. So do some answers of chapters 1 and 8."""
    task = "quiz:flattening/where-is-it"
    put(window, {task: card(wrong="86")}, topics={"images": chapter(read=True)})
    page = open_site("review")
    expect(status(page)).to_have_text("2 questions are due today.")
    other = form_of(page, "quiz:images/shape-of-a-photograph")
    expect(other.locator(".lx-from")).to_have_text("From 1. Images")
    other.get_by_role("radio").first.check()
    other.get_by_role("button", name="Check").click()
    expect(other.locator(".lx-reply")).to_contain_text("What stands behind it: The column comes before the row.")
    assert cards_of(page)["misconception:column_first"]["last"] == "quiz:images/shape-of-a-photograph"
    answer(other, QUIZZES["quiz:images/shape-of-a-photograph"], right=True)
    expect(other.locator(".lx-reply")).to_contain_text("It comes back tomorrow.")
    # Another question with the belief goes right on the same day: the belief waits no longer for it.
    answer_number(form_of(page, task), QUIZZES[task]["answer"])
    expect(form_of(page, task).locator(".lx-reply")).to_contain_text("Right.")
    expect(page.get_by_text("The column comes before the row. (asked again tomorrow)")).to_be_visible()
    score, more = page.locator(".lx-score").bounding_box(), page.get_by_role("button", name="Ask me").bounding_box()
    assert score
    assert more
    assert more["y"] - score["y"] - score["height"] >= 8
    remembered = page.locator(".lx-review-remembered").bounding_box()
    assert remembered
    assert remembered["y"] - more["y"] - more["height"] >= 16


def test_a_belief_that_no_question_asks_for_is_listed_with_its_prediction(
    window: BrowserContext, open_site: Any
) -> None:
    belief = "misconception:flattening_deletes_pixels"
    lost = {belief: card(last="prediction:pixels_lost"), "misconception:of_another_edition": card()}
    put(window, lost | {"quiz:relu/collapse": card(wait=3)})
    page = open_site("review")
    expect(status(page)).to_have_text("Nothing is due today. The next question comes back in 3 days.")
    expect(page.locator("nav.bd-links a[href='#'] .lx-progress-badge")).to_be_hidden()
    line = page.get_by_role("listitem").filter(has_text="no question asks about it")
    expect(line).to_have_count(1)
    line.get_by_role("link", name="3. Flattening").click()
    expect(page).to_have_url(re.compile(r"03_flattening\.html#is-anything-lost$"))
    assert set(lost) <= set(cards_of(page))


def test_every_prediction_has_its_place(site: Path) -> None:
    html = (site / "book" / "review.html").read_text(encoding="utf-8")
    state = json.loads(re.search(r'<script type="application/json">(\{"turned".*?)</script>', html)[1])
    places = json.loads(state["turned"][::-1])["predictions"]
    assert set(places) == {f"prediction:{name}" for name in topics.all_predictions()}
    for name, anchor in {tuple(place["href"].split("#")) for place in places.values()}:
        assert f'id="{anchor}"' in (site / "book" / name).read_text(encoding="utf-8"), (name, anchor)


def test_the_gaps_grow_and_a_wrong_answer_goes_back_to_the_first(window: BrowserContext, open_site: Any) -> None:
    tasks = ["quiz:relu/collapse", "quiz:dense/why-not-xor", "quiz:pooling/weights", "quiz:relu/saturation"]
    put(window, {task: card(gap) for task, gap in zip(tasks, (1, 3, 4, 4), strict=True)})
    page = open_site("review")
    for task, told in zip(
        tasks, ("in 7 days", "in 35 days", "You know it: it does not come back", "It comes back tomorrow"), strict=True
    ):
        answer(form_of(page, task), QUIZZES[task], right=task != "quiz:relu/saturation")
        expect(form_of(page, task).locator(".lx-reply")).to_contain_text(told)
    expect(page.locator(".lx-score")).to_have_text("3 of 4 right at the first try.")


def test_ten_are_asked_at_a_time(window: BrowserContext, open_site: Any) -> None:
    put(window, {task: card() for task in ONES[:23]})
    page = open_site("review")
    expect(status(page)).to_have_text("23 questions are due today. Here are 10 of them.")
    expect(page.locator("nav.bd-links a[href='#'] .lx-progress-badge")).to_have_text(" 23 due")
    expect(forms(page)).to_have_count(10)
    first = forms(page).locator("legend").all_inner_texts()
    expect(page.get_by_role("button", name="Ask me")).to_be_hidden()
    answer_anyhow(page)
    page.get_by_role("button", name="Ask me 10").click()
    expect(forms(page)).to_have_count(10)
    asked = [legend.partition(". ")[2] for legend in first + forms(page).locator("legend").all_inner_texts()]
    assert len(set(asked)) == 20
    # The misconceptions of the wrong answers wait until tomorrow.
    # What was asked is not asked again today, whatever the page that opens.
    expect(status(page)).to_contain_text("13 questions are due today.")
    page.reload()
    expect(status(page)).to_contain_text("13 questions are due today.")


def test_neighbours_are_of_different_chapters(window: BrowserContext, open_site: Any) -> None:
    put(window, {task: card() for task in ONES if task.split("/")[0] in ("quiz:relu", "quiz:pooling", "quiz:dense")})
    page = open_site("review")
    answer_anyhow(page)
    chapters = forms(page).locator(".lx-from a").all_inner_texts()
    assert len(chapters) == 10
    assert all(one != other for one, other in pairwise(chapters))


def test_numbers_are_drawn_anew(window: BrowserContext, open_site: Any) -> None:
    put(window, {"exercise:conv_parameters": card()})
    page = open_site("review")
    seen = set()
    for _ in range(6):
        page.reload()
        seen.add(forms(page).locator("legend").inner_text())
    assert len(seen) > 1
    filters, kernel = (int(part) for part in re.findall(r"\d+", forms(page).locator("fieldset").inner_text())[1:3])
    forms(page).get_by_role("textbox").fill(str((kernel * kernel + 1) * filters))
    page.keyboard.press("Enter")
    reply = forms(page).locator(".lx-reply")
    expect(reply).to_contain_text("What stands behind it: A filter is flat")
    forms(page).get_by_role("textbox").fill(str((kernel * kernel * 3 + 1) * filters))
    page.keyboard.press("Enter")
    expect(reply).to_contain_text(f"Right. ({kernel} · {kernel} · 3 + 1) · {filters}")


def test_an_exercise_is_asked_with_its_text_and_its_formulas(window: BrowserContext, open_site: Any) -> None:
    put(window, {"exercise:weight_gradient": card(), "exercise:which_collapses": card()})
    page = open_site("review")
    form = forms(page).filter(has_text="How steep is one weight?")
    expect(form).to_contain_text("3×3 pixels has the rows 2 5 2, 0 3 1 and 4 2 6")
    assert form.locator("math").count() == 3
    form.get_by_role("textbox").fill("8")
    form.get_by_role("button", name="Check").click()
    expect(form.locator(".lx-reply")).to_contain_text("The column comes before the row.")
    link = form.get_by_role("link", name="8. A whole CNN")
    assert link.get_attribute("href") == "08_cnn.html#exercise-weight-gradient"
    assert page.locator("[data-asked]:visible").count() == 0


def test_two_tabs_add_up(window: BrowserContext, open_site: Any) -> None:
    tasks = ["quiz:relu/collapse", "quiz:dense/why-not-xor"]
    put(window, {task: card() for task in tasks})
    first, second = open_site("review"), open_site("review")
    answer(form_of(first, tasks[0]), QUIZZES[tasks[0]], right=True)
    expect(status(second)).to_have_text("1 question is due today.")
    answer(form_of(second, tasks[1]), QUIZZES[tasks[1]], right=False)
    # The same question once more, in the other tab: it is not due any more, so right changes nothing.
    answer(form_of(second, tasks[0]), QUIZZES[tasks[0]], right=True)
    expect(status(first)).to_have_text("Nothing is due today. The next question comes back tomorrow.")
    found = cards_of(first)
    assert [found[task]["gap"] for task in tasks] == [1, 0]
    assert [found[task]["due"] for task in tasks] == [103, 101]


def test_the_landing_page_says_what_is_due_and_export_carries_it(
    window: BrowserContext, open_site: Any, tmp_path: Path, browser: Browser, site_url: str
) -> None:
    put(window, {"quiz:relu/collapse": card(2), "quiz:dense/why-not-xor": card(1, wait=3), "quiz:relu/gone": card(4)},
        topics={"relu": {"read": True, "tasks": ["quiz:relu/collapse"], "notebook": []}})  # fmt: skip
    page = open_site("index")
    line = page.locator(".course-way > p")
    expect(line).to_have_text(re.compile(r"Continue with .*\. \w.* 1 of \d+ chapters read\. Review: 1 due today\."))
    expect(page.locator("nav.bd-links .lx-progress-badge").filter(has_text="due")).to_have_text(" 1 due")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "record.json")
    line.get_by_role("link", name="Review").click()
    expect(forms(page)).to_have_count(1)
    with browser.new_context(timezone_id="UTC") as elsewhere:
        elsewhere.clock.set_fixed_time(after(3))
        page = elsewhere.new_page()
        page.goto(f"{site_url}book/index.html")
        page.locator("[data-progress] input[type=file]").set_input_files(tmp_path / "record.json")
        expect(page.locator(".course-way > p")).to_contain_text("Review: 2 due today.")
        page.locator("[data-progress]").get_by_role("button", name="Reset").dblclick()
        expect(page.locator(".course-way > p")).to_contain_text("Start with chapter 1 or see first")


@pytest.mark.parametrize(("leap", "due"), [(-4000, 0), (-20, 0), (15, 6), (400, 1)])
def test_a_clock_that_leaps_and_comes_back_loses_nothing(
    window: BrowserContext, open_site: Any, leap: int, due: int
) -> None:
    """A leap by less than the longest gap may be a pause; one by more counts as a day."""
    tasks = [task for task in ONES if not task.startswith("quiz:pooling")][:6]
    put(window, {task: card(gap % 4, wait=1 + 2 * gap) for gap, task in enumerate(tasks)})
    window.clock.set_fixed_time(after(leap))
    page = open_site("06_pooling")
    form = page.locator("[data-explorable=quiz] form").filter(has_text="What is the last value?")
    form.scroll_into_view_if_needed()
    form.get_by_role("textbox").fill("7")
    form.get_by_role("button", name="Check").click()
    window.clock.set_fixed_time(TODAY)
    page = open_site("review")
    assert [cards_of(page)[task]["gap"] for task in tasks] == [gap % 4 for gap in range(6)]
    expect(forms(page)).to_have_count(due)
    # The next day brings the answer that was given meanwhile, and its misconception.
    window.clock.set_fixed_time(after(1))
    page.reload()
    expect(form_of(page, "quiz:pooling/by-hand")).to_have_count(1)
    assert forms(page).count() <= due + 3


def test_where_nothing_is_kept_it_is_said(window: BrowserContext, open_site: Any) -> None:
    put(window, {task: card() for task in ONES[:2]})
    window.add_init_script(FULL)
    page = open_site("review")
    expect(page.get_by_text("This browser has no room left for the record")).to_be_visible()
    answer(form_of(page, ONES[0]), QUIZZES[ONES[0]], right=True)
    expect(form_of(page, ONES[0]).locator(".lx-reply")).to_contain_text("It comes back in 3 days")
    expect(status(page)).to_have_text("1 question is due today.")
    assert cards_of(page)[ONES[0]]["gap"] == 0


def test_a_review_by_keyboard(window: BrowserContext, open_site: Any) -> None:
    put(window, {"quiz:relu/collapse": card()}, topics={topic: chapter(read=True) for topic in ("relu", "pooling")})
    page = open_site("review")
    form = forms(page)
    form.get_by_role("link").focus()
    page.keyboard.press("Tab")
    expect(form.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form.locator(".lx-reply")).to_contain_text("Right.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ask me 10 anyway")).to_be_focused()
    page.keyboard.press("Enter")
    expect(forms(page)).to_have_count(10)
    expect(forms(page).first.locator("input, ol button").first).to_be_focused()
