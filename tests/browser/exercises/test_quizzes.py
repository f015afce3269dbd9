"""Each quiz on a page without a kernel: by mouse, by keyboard, and with nothing given away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons_lib.exercises import Quiz, topics

TOPICS = topics.names()
WATCH_DONE = "<script>window.done = []; addEventListener('course:done', (e) => done.push(e.detail.id));</script>"
OpenQuiz = Callable[..., tuple[Page, list[str]]]


@pytest.fixture
def open_quiz(open_page: Callable[..., tuple[Page, list[str]]], pages: Any) -> OpenQuiz:
    """Give a function that opens a page with the quiz of a topic; `done` on it lists what has been done."""

    def open_quiz(topic: str, *, width: int = 1280) -> tuple[Page, list[str]]:
        page, problems = open_page(pages.url, pages.write(WATCH_DONE + Quiz.of(topic).to_html()), width=width)
        expect(page.locator("form").first).to_be_visible()
        return page, problems

    return open_quiz


def give(form: Locator, question: dict, *, right: bool) -> None:
    """Answer a question by its own data, rightly or wrongly, and check it."""
    if question["kind"] == "number":
        form.get_by_role("textbox").fill(str(question["answer"] if right else question["near"][0]["value"]))
    elif question["kind"] == "order":
        for place, item in enumerate(question["items"] if right else question["items"][::-1]):
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
def test_every_question_explains_wrong_answers_and_takes_the_right_one(open_quiz: OpenQuiz, topic: str) -> None:
    page, problems = open_quiz(topic)
    questions = topics.quiz(topic)
    for index, question in enumerate(questions):
        form = page.locator("form").nth(index)
        if question["kind"] == "order":
            form.get_by_role("button", name="Check").click()
            expect(form.locator(".lx-reply")).to_contain_text("put them in order first")
            for end in ("button.lx-end", "button[aria-disabled=true]"):
                expect(form.locator(end)).to_have_text(["↑", "↓"])
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
def test_no_reason_is_in_the_page_before_an_answer(open_quiz: OpenQuiz, topic: str) -> None:
    page, _ = open_quiz(topic)
    html = page.content()
    for question in topics.quiz(topic):
        for option in question.get("options", [question]):
            assert option["why"] not in html


YES_OR_NO = [{"text": "yes", "right": True, "why": "So."}, {"text": "no", "right": False, "why": "Why?"}]
SECTIONED = [
    {"id": name, "kind": "one", "section": section, "ask": "?", "options": YES_OR_NO}
    for name, section in (("a", "The chain rule"), ("b", "Slopes"), ("c", "Slopes"))
]


@pytest.fixture
def sections(open_page: Callable[..., tuple[Page, list[str]]], pages: Any) -> Page:
    """Open a quiz whose questions name sections, on a page that has one of the two."""
    body = Quiz("demo", SECTIONED).to_html() + '<h2 id="the-chain-rule">The chain rule</h2>'
    page, _ = open_page(pages.url, pages.write(WATCH_DONE + body))
    expect(page.locator("form").first).to_be_visible()
    return page


def test_a_quiz_ends_with_the_sections_to_read(sections: Page) -> None:
    plan, forms = sections.locator(".lx-plan"), sections.locator("form")
    expect(plan).to_be_empty()
    give(forms.nth(0), SECTIONED[0], right=False)
    expect(forms.nth(0).locator(".lx-reply")).to_contain_text("Section to read: The chain rule")
    expect(plan.locator("p")).to_have_text(["Sections to read:", "The chain rule", "Slopes"])
    give(forms.nth(0), SECTIONED[0], right=True)
    expect(forms.nth(0).locator(".lx-reply")).not_to_contain_text("Section to read")
    for index in (1, 2):
        give(forms.nth(index), SECTIONED[index], right=True)
    expect(plan.locator("p")).to_have_text(["Sections to read:", "The chain rule"])


def test_a_section_is_a_link_where_the_page_has_it(sections: Page) -> None:
    for index in (0, 1):
        give(sections.locator("form").nth(index), SECTIONED[index], right=False)
    for place in (sections.locator(".lx-plan"), sections.locator(".lx-reply").first):
        link = place.get_by_role("link", name="The chain rule", exact=True)
        expect(link).to_have_attribute("href", "#the-chain-rule")
    expect(sections.get_by_role("link", name="Slopes")).to_have_count(0)


def test_who_knows_everything_need_read_nothing(sections: Page) -> None:
    for index, question in enumerate(SECTIONED):
        sections.locator("form").nth(index).get_by_role("button", name="Check").click()  # no answer is no miss
        give(sections.locator("form").nth(index), question, right=True)
    expect(sections.locator(".lx-plan p")).to_have_text(["You need none of the sections."])


OPTIONS = [
    {"text": name, "right": right, "why": f"Of {name}."}
    for name, right in (("one", True), ("two", False), ("three", True), ("four", False))
]


@pytest.mark.parametrize(
    ("picked", "said"),
    [
        ([0, 2], ["Right.", "✓ one: Of one.", "✓ three: Of three.", "The others are wrong:",
                             "two: Of two.", "four: Of four."]),
        ([0, 3], ["Not yet.", "✓ one: Of one.", "✗ four: Of four."]),
        ([2], ["Not yet.", "✓ three: Of three.", "All that you picked is right, but something is missing."]),
        ([1], ["Not yet.", "✗ two: Of two."]),
    ],
)  # fmt: skip
def test_a_mark_stands_at_what_was_picked_alone(
    open_page: Callable[..., tuple[Page, list[str]]], pages: Any, picked: list[int], said: list[str]
) -> None:
    question = {"id": "a", "kind": "several", "ask": "?", "options": OPTIONS}
    page, _ = open_page(pages.url, pages.write(Quiz("demo", [question]).to_html()))
    form = page.locator("form").first
    for index in picked:
        form.locator("input").nth(index).check()
    form.get_by_role("button", name="Check").click()
    expect(form.locator(".lx-line")).to_have_text(said)


def test_a_quiz_is_answered_by_keyboard(open_quiz: OpenQuiz) -> None:
    page, _ = open_quiz("convolution")
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


def test_nothing_given_is_no_wrong_answer(open_quiz: OpenQuiz) -> None:
    page, _ = open_quiz("convolution")
    for index in (0, 1):
        page.locator("form").nth(index).get_by_role("button", name="Check").click()
        expect(page.locator("form").nth(index).locator(".lx-reply")).to_contain_text("Your turn")


@pytest.mark.parametrize("topic", TOPICS)
def test_a_quiz_fits_a_narrow_screen(open_quiz: OpenQuiz, topic: str) -> None:
    for width in (320, 390):
        page, problems = open_quiz(topic, width=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert problems == []


def test_an_answer_to_a_question_that_has_changed_is_not_shown_as_its_own(
    open_page: Callable[..., tuple[Page, list[str]]], pages: Any
) -> None:
    items = ["one", "two", "three"]
    question = {"id": "a", "kind": "order", "ask": "?", "items": items, "why": "So.", "otherwise": "No."}
    keeps = """<script>addEventListener("course:recall", ({ detail }) => (window.show = detail.show));</script>"""
    page, _ = open_page(pages.url, pages.write(keeps + Quiz("demo", [question]).to_html()))
    form = page.locator("form").first
    said = form.locator(".lx-line")
    expect(form.locator("li")).to_have_count(3)
    before = form.locator("li span").all_inner_texts()
    recalled = "(given) => show({ answer: { given, checked: true }, done: true })"
    page.evaluate(recalled, items[:2])
    expect(said).to_have_count(0)
    assert form.locator("li span").all_inner_texts() == before
    page.evaluate(recalled, items)
    expect(said.first).to_contain_text("Right.")
