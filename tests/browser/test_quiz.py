"""Quizzes and exercises on a page without a kernel: by mouse, by keyboard, and with nothing given away."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons_lib.exercises import Exercise, Quiz, check, topics
from lessons_lib.explorables.base import STATIC

TOPICS = topics.names()
OPEN = ["place_of_a_pixel", "map_size", "diagonal_kernel", "which_collapses", "one_kernel", "slope_of_the_score"]
OpenPage = Callable[..., tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """Serve one page for each quiz, and one with the exercises."""
    folder = tmp_path_factory.mktemp("quiz")
    shutil.copytree(STATIC, folder, dirs_exist_ok=True)
    bodies = {topic: Quiz.of(topic).to_html() for topic in TOPICS}
    bodies["exercises"] = "".join(Exercise(name).to_html() for name in OPEN)
    for name, body in bodies.items():
        (folder / f"{name}.html").write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>p</title>'
            '<meta name="viewport" content="width=device-width">'
            '<link rel="icon" href="data:,"><link rel="stylesheet" href="explorable.css"><main>'
            f'{body}</main><script type="module" src="host.js"></script>'
            "<script>window.done = []; addEventListener('course:done', (e) => done.push(e.detail.id));</script></html>",
            encoding="utf-8",
        )
    return serve(folder)


def give(form: Locator, question: dict, *, right: bool) -> None:
    """Answer a question by its own data, rightly or wrongly, and check it."""
    if question["kind"] == "number":
        form.get_by_role("textbox").fill(str(question["answer"] if right else question["near"][0]["value"]))
    elif question["kind"] == "order":
        for place, item in enumerate(question["items"] if right else []):
            while form.locator("li").nth(place).locator("span").inner_text() != item.replace("`", ""):
                form.get_by_role("button", name=f"Move up: {item}", exact=True).click()
    else:
        for index, option in enumerate(question["options"]):
            field = form.get_by_role("radio" if question["kind"] == "one" else "checkbox").nth(index)
            if option["right"] is right:
                field.check()
            elif question["kind"] == "several":
                field.uncheck()
    form.get_by_role("button", name="Check").click()


@pytest.mark.parametrize("topic", TOPICS)
def test_every_question_explains_wrong_answers_and_takes_the_right_one(
    pages: str, open_page: OpenPage, topic: str
) -> None:
    page, problems = open_page(pages, f"{topic}.html")
    questions = topics.quiz(topic)
    for index, question in enumerate(questions):
        form = page.locator("form").nth(index)
        give(form, question, right=False)
        expect(form.locator(".lx-reply")).to_contain_text("Not yet")
        if question["kind"] == "number":
            expect(form.locator(".lx-reply")).to_contain_text(question["near"][0]["why"])
        give(form, question, right=True)
        expect(form.locator(".lx-reply")).to_contain_text("Right.")
        if question["kind"] == "number":
            form.get_by_role("textbox").fill("0")
            expect(form.locator(".lx-reply")).not_to_contain_text("Right.")
    count = len(questions)
    expect(page.locator(".lx-score")).to_have_text(f"{count} of {count} answered right")
    assert page.evaluate("done") == [f"quiz:{topic}/{question['id']}" for question in questions]
    assert problems == []


@pytest.mark.parametrize("topic", TOPICS)
def test_no_reason_is_in_the_page_before_an_answer(pages: str, open_page: OpenPage, topic: str) -> None:
    page, _ = open_page(pages, f"{topic}.html")
    expect(page.locator("form").first).to_be_visible()
    html = page.content()
    for question in topics.quiz(topic):
        for option in question.get("options", [question]):
            assert option["why"] not in html


def test_a_quiz_is_answered_by_keyboard(pages: str, open_page: OpenPage) -> None:
    page, _ = open_page(pages, "convolution.html")
    form = page.locator("form").first
    form.get_by_role("textbox").focus()
    page.keyboard.type("−1")
    page.keyboard.press("Enter")
    expect(form.locator(".lx-reply")).to_contain_text("Right.")
    form = page.locator("form").nth(1)
    form.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(form.locator(".lx-reply")).to_contain_text("Right.")
    form = page.locator("form").nth(5)
    first = form.locator("li").first.inner_text()
    form.locator("li").first.get_by_role("button").nth(1).focus()
    page.keyboard.press("Enter")
    assert form.locator("li").nth(1).inner_text() == first
    expect(form.locator("li").nth(1).get_by_role("button").nth(1)).to_be_focused()
    expect(form.locator(".lx-reply")).to_contain_text("is now at place 2 of 3")


def test_nothing_given_is_no_wrong_answer(pages: str, open_page: OpenPage) -> None:
    page, _ = open_page(pages, "convolution.html")
    for index in (0, 1):
        page.locator("form").nth(index).get_by_role("button", name="Check").click()
        expect(page.locator("form").nth(index).locator(".lx-reply")).to_contain_text("Your turn")


def test_an_exercise_says_what_python_says(pages: str, open_page: OpenPage) -> None:
    page, problems = open_page(pages, "exercises.html")
    for name in ("place_of_a_pixel", "map_size", "one_kernel"):
        form = page.locator("form").nth(OPEN.index(name))
        form.scroll_into_view_if_needed()
        own = topics.exercises()[name]
        known = {own["answer"]: f"Right: {own['why']}"} | {
            near["value"]: f"Not yet: {near['why']}" for near in own["near"]
        }
        for value, said in known.items():
            form.get_by_role("textbox").fill(str(value))
            form.get_by_role("textbox").press("Enter")
            expect(form.locator(".lx-reply .lx-line").first).to_have_text(said.replace("`", ""))
    form = page.locator("form").nth(OPEN.index("which_collapses"))
    for index, option in enumerate(topics.exercises()["which_collapses"]["options"]):
        form.get_by_role("radio").nth(index).check()
        form.get_by_role("button", name="Check").click()
        expect(form.locator(".lx-reply")).to_contain_text("Right" if option["right"] else "Not yet")
    form.get_by_role("radio").first.check()
    form.get_by_role("button", name="Check").click()
    form.get_by_role("radio").last.check()
    expect(form.locator(".lx-reply")).to_be_empty()  # what was said of the first is no word on the last
    assert problems == []


KERNELS = [
    [[0, 1, 1], [-1, 0, 1], [-1, -1, 0]],
    [[-1, 0, 1]] * 3,
    [[0, -1, -1], [1, 0, -1], [1, 1, 0]],
    [[1, 1, 1]] * 3,
    [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    [[0] * 3] * 3,
]


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_kernel_is_drawn_and_judged_as_in_python(pages: str, open_page: OpenPage, kernel: list[list[int]]) -> None:
    page, problems = open_page(pages, "exercises.html")
    form = page.locator("form").nth(OPEN.index("diagonal_kernel"))
    form.scroll_into_view_if_needed()
    grid = form.get_by_role("grid", name="Your kernel")
    for index, weight in enumerate(weight for row in kernel for weight in row):
        for _ in range(weight % 3):
            grid.get_by_role("gridcell").nth(index).click()
    form.get_by_role("button", name="Check").click()
    verdict = check.diagonal_kernel.judge(kernel).text.split("\n  Hint")[0]
    said = " ".join(verdict.split())[2:]
    expect(form.locator(".lx-reply .lx-line").first).to_have_text(said)
    assert problems == []


def test_a_kernel_is_drawn_by_keyboard(pages: str, open_page: OpenPage) -> None:
    page, _ = open_page(pages, "exercises.html")
    form = page.locator("form").nth(OPEN.index("diagonal_kernel"))
    grid = form.get_by_role("grid", name="Your kernel", exact=True)
    grid.locator("[tabindex='0']").focus()
    for key in ("ArrowRight", "Enter", "ArrowDown", "ArrowDown", "Enter", "Enter"):
        page.keyboard.press(key)
    assert grid.inner_text().split() == ["0", "1", "0", "0", "0", "0", "0", "−1", "0"]


def test_hints_come_with_the_second_and_the_third_wrong_answer(pages: str, open_page: OpenPage) -> None:
    page, _ = open_page(pages, "exercises.html")
    form = page.locator("form").nth(OPEN.index("map_size"))
    for lines in (1, 2, 3, 3):
        form.get_by_role("textbox").fill("14")
        form.get_by_role("button", name="Check").click()
        expect(form.locator(".lx-reply .lx-line")).to_have_count(lines)


def test_a_slip_in_typing_costs_no_try(pages: str, open_page: OpenPage) -> None:
    page, problems = open_page(pages, "exercises.html")
    form = page.locator("form").nth(OPEN.index("map_size"))
    for typed, told in {
        "thirteen": "No answer yet: The answer is one number, and I got the text 'thirteen'.",
        "1,300": "No answer yet: 1,300 can be read in two ways, as 1300 or as 1.3.",
        "": "Your turn",
    }.items():
        form.get_by_role("textbox").fill(typed)
        form.get_by_role("textbox").press("Enter")
        expect(form.locator(".lx-reply")).to_contain_text(told)
        expect(form.locator(".lx-reply .lx-line")).to_have_count(1)
    form.get_by_role("textbox").fill("14")
    form.get_by_role("textbox").press("Enter")
    expect(form.locator(".lx-reply .lx-line")).to_have_count(1)  # this is the first try, so there is no hint
    form.get_by_role("textbox").fill("13,0")
    form.get_by_role("textbox").press("Enter")
    expect(form.locator(".lx-reply")).to_contain_text("Right")
    assert problems == []


def test_a_phone_offers_a_minus_where_an_answer_may_be_negative(pages: str, open_page: OpenPage) -> None:
    page, _ = open_page(pages, "exercises.html")
    for name, mode in {"slope_of_the_score": "text", "map_size": "decimal"}.items():
        form = page.locator("form").nth(OPEN.index(name))
        form.scroll_into_view_if_needed()
        expect(form.get_by_role("textbox")).to_have_attribute("inputmode", mode)


def test_enter_submits_where_the_page_around_takes_it_away(pages: str, open_page: OpenPage) -> None:
    page, _ = open_page(pages, "exercises.html")
    form = page.locator("form").nth(OPEN.index("map_size"))
    # A host such as JupyterLab may cancel the key on its way up, and with it the browser's own submission.
    page.evaluate("document.querySelector('main').addEventListener('keydown', (event) => event.preventDefault())")
    form.get_by_role("textbox").focus()
    page.keyboard.insert_text("13")
    page.keyboard.press("Enter")
    expect(form.locator(".lx-reply")).to_contain_text("Right")
    form = page.locator("form").nth(OPEN.index("which_collapses"))
    form.get_by_role("radio").nth(2).check()
    page.keyboard.press("Enter")
    expect(form.locator(".lx-reply")).to_contain_text("Right")


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", ["exercises", *TOPICS])
def test_narrow_screens(pages: str, open_page: OpenPage, name: str, width: int) -> None:
    page, problems = open_page(pages, f"{name}.html", width=width)
    expect(page.locator("form").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems == []
