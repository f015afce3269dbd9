"""Exercises on a page without a kernel: what they say is what Python says, by mouse, by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lessons_lib.exercises import Exercise, check, topics

OPEN = ["place_of_a_pixel", "map_size", "diagonal_kernel", "which_collapses", "one_kernel", "slope_of_the_score"]
OpenExercises = Callable[..., tuple[Page, list[str]]]


@pytest.fixture
def open_exercises(open_page: Callable[..., tuple[Page, list[str]]], pages: Any) -> OpenExercises:
    """Give a function that opens a page with the exercises OPEN."""
    body = "".join(Exercise(name).to_html() for name in OPEN)

    def open_exercises(*, width: int = 1280) -> tuple[Page, list[str]]:
        page, problems = open_page(pages.url, pages.write(body), width=width)
        expect(page.locator("form").first).to_be_visible()
        return page, problems

    return open_exercises


def test_an_exercise_says_what_python_says(open_exercises: OpenExercises) -> None:
    page, problems = open_exercises()
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
def test_a_kernel_is_drawn_and_judged_as_in_python(open_exercises: OpenExercises, kernel: list[list[int]]) -> None:
    page, problems = open_exercises()
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


def test_a_kernel_is_drawn_by_keyboard(open_exercises: OpenExercises) -> None:
    page, _ = open_exercises()
    form = page.locator("form").nth(OPEN.index("diagonal_kernel"))
    grid = form.get_by_role("grid", name="Your kernel", exact=True)
    grid.locator("[tabindex='0']").focus()
    for key in ("ArrowRight", "Enter", "ArrowDown", "ArrowDown", "Enter", "Enter"):
        page.keyboard.press(key)
    assert grid.inner_text().split() == ["0", "1", "0", "0", "0", "0", "0", "−1", "0"]


def test_hints_come_with_the_second_and_the_third_wrong_answer(open_exercises: OpenExercises) -> None:
    page, _ = open_exercises()
    form = page.locator("form").nth(OPEN.index("map_size"))
    for lines in (1, 2, 3, 3):
        form.get_by_role("textbox").fill("14")
        form.get_by_role("button", name="Check").click()
        expect(form.locator(".lx-reply .lx-line")).to_have_count(lines)


def test_a_slip_in_typing_costs_no_try(open_exercises: OpenExercises) -> None:
    page, problems = open_exercises()
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


def test_a_phone_offers_a_minus_where_an_answer_may_be_negative(open_exercises: OpenExercises) -> None:
    page, _ = open_exercises()
    for name, mode in {"slope_of_the_score": "text", "map_size": "decimal"}.items():
        form = page.locator("form").nth(OPEN.index(name))
        form.scroll_into_view_if_needed()
        expect(form.get_by_role("textbox")).to_have_attribute("inputmode", mode)


def test_enter_submits_where_the_page_around_takes_it_away(open_exercises: OpenExercises) -> None:
    page, _ = open_exercises()
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
def test_exercises_fit_a_narrow_screen(open_exercises: OpenExercises, width: int) -> None:
    page, problems = open_exercises(width=width)
    for name in OPEN:
        page.locator("form").nth(OPEN.index(name)).scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems == []
