"""Each prediction on a page without a kernel: asked, answered by mouse and by keyboard, and shown beside the result."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib.exercises import Prediction, topics

ENTRIES = topics.all_predictions()
WATCH = """<script>
  localStorage.clear();
  window.told = [];
  addEventListener("course:answer", (event) => told.push(event.detail));
</script>"""
TOPICS = [topic for topic in topics.names() if topics.predictions(topic)]
Asked = tuple[list[Locator], Page, list[str]]
OpenPrediction = Callable[..., tuple[Locator, Page, list[str]]]


@pytest.fixture
def ask(open_page: Callable[..., tuple[Page, list[str]]], pages: Any) -> OpenPrediction:
    """Give a function that opens a page with one prediction; `told` on it lists what the page was told."""

    def ask(name: str, *, width: int = 1280) -> tuple[Locator, Page, list[str]]:
        page, problems = open_page(pages.url, pages.write(WATCH + Prediction(name).to_html()), width=width)
        figure = page.locator("[data-explorable=prediction]")
        expect(figure.get_by_role("button", name="Show me")).to_be_visible()
        return figure, page, problems

    return ask


def answer(figure: Locator, entry: dict[str, Any]) -> None:
    """Put the right answer into the fields."""
    if entry["kind"] == "number":
        figure.get_by_role("textbox").fill(str(entry["answer"]))
    elif entry["kind"] == "one":
        (place,) = [i for i, option in enumerate(entry["options"]) if option["right"]]
        figure.get_by_role("radio").nth(place).check()
    elif entry["kind"] == "order":
        for place, item in enumerate(sorted(entry["items"], key=lambda item: item["value"])):
            while figure.locator("li").nth(place).locator("span").inner_text() != item["text"]:
                figure.get_by_role("button", name=f"Move up: {item['text']}", exact=True).click()
    else:
        for slider, value in zip(figure.get_by_role("slider").all(), entry["values"], strict=True):
            slider.fill(str(round(value, 2)))


def plain(reason: str) -> str:
    """Return a reason as the page shows it."""
    return reason.replace("`", "")


@pytest.fixture
def ask_all(open_page: Callable[..., tuple[Page, list[str]]], pages: Any) -> Callable[[list[str]], Asked]:
    """Give a function that opens one page with these predictions."""

    def ask_all(names: list[str]) -> Asked:
        page, problems = open_page(
            pages.url, pages.write(WATCH + "".join(Prediction(name).to_html() for name in names))
        )
        return page.locator("[data-explorable=prediction]").all(), page, problems

    return ask_all


@pytest.mark.parametrize("topic", TOPICS)
def test_the_right_prediction_is_right_and_is_told(ask_all: Callable[[list[str]], Asked], topic: str) -> None:
    names = list(topics.predictions(topic))
    figures, page, problems = ask_all(names)
    for name, figure in zip(names, figures, strict=True):
        figure.scroll_into_view_if_needed()
        expect(figure.get_by_role("button", name="Show me"), name).to_be_visible()
        answer(figure, ENTRIES[name])
        figure.get_by_role("button", name="Fairly sure").click()
        reply = figure.locator(".lx-reply")
        expect(reply, name).to_contain_text("You said")
        said = reply.inner_text()
        for part in ("(fairly sure)", "✓", plain(ENTRIES[name]["why"])):
            assert part in said, name
        expect(figure.get_by_role("button", name="Show me"), name).to_be_hidden()
    told = [(one["task"], one["answer"]["sure"]) for one in page.evaluate("told")]
    assert told == [(f"prediction:{name}", "fairly") for name in names]
    assert problems == []


@pytest.mark.parametrize("topic", TOPICS)
def test_each_misconception_of_a_number_gets_its_reason(ask_all: Callable[[list[str]], Asked], topic: str) -> None:
    entries = topics.predictions(topic).items()
    wrong = [(name, near) for name, entry in entries if entry["kind"] == "number" for near in entry.get("near", [])]
    assert wrong
    figures, _, _ = ask_all([name for name, _ in wrong])
    for (name, near), figure in zip(wrong, figures, strict=True):
        figure.get_by_role("textbox").fill(str(near["from"]))
        figure.get_by_role("button", name="Sure", exact=False).last.click()
        expect(figure.locator(".lx-reply"), name).to_contain_text("✗ That is")
        assert plain(near["why"]) in figure.locator(".lx-reply").inner_text(), name


def test_a_wrong_option_gets_its_reason_and_the_options_their_numbers(ask: OpenPrediction) -> None:
    figure, _, _ = ask("steadier_maps")
    figure.get_by_role("radio").first.check()
    figure.get_by_role("button", name="A guess").click()
    expect(figure.locator(".lx-reply")).to_contain_text("Every second value changes as much as all of them do.")
    expect(figure.locator(".lx-option")).to_have_text(
        [re.compile(r"the stride.*\(0\.57\)"), re.compile(r"✓ the window.*\(0\.43\)")]
    )
    expect(figure.get_by_role("radio").first).to_be_disabled()


def test_the_result_is_shown_without_a_prediction(ask: OpenPrediction) -> None:
    figure, page, _ = ask("ten_filters")
    figure.get_by_role("button", name="Show me").click()
    expect(figure.locator(".lx-reply")).to_contain_text("The result: 280.")
    expect(figure.locator(".lx-reply")).not_to_contain_text("You said")
    assert page.evaluate("told[0].answer.given") is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Your turn"),
        ("many", "No answer yet: The answer is one number"),
        ("120", "Accuracy is between 0 and 1. I got 120."),
        ("1,000", "can be read in two ways"),
    ],
)
def test_what_cannot_be_meant_commits_to_nothing(ask: OpenPrediction, typed: str, said: str) -> None:
    figure, page, _ = ask("max_on_moved")
    figure.get_by_role("textbox").fill(typed)
    figure.get_by_role("button", name="A guess").click()
    expect(figure.locator(".lx-reply")).to_contain_text(said)
    expect(figure.get_by_role("button", name="Show me")).to_be_visible()
    assert page.evaluate("told") == []


def test_a_share_in_percent_is_accepted_and_said(ask: OpenPrediction) -> None:
    figure, page, _ = ask("max_on_moved")
    figure.get_by_role("textbox").fill("80")
    figure.get_by_role("button", name="A guess").click()
    expect(figure.locator(".lx-reply")).to_contain_text("I read 80 as 80 %.")
    expect(figure.locator(".lx-reply")).to_contain_text("You said 0.8 (a guess). The result: 0.859.")
    expect(figure.locator(".lx-reply")).to_contain_text("✗ That is 0.059 too low. Within 0.05 counts as right.")
    assert page.evaluate("told[0].answer.given") == 0.8


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items() if entry["kind"] == "curve"])
def test_a_curve_that_nobody_has_drawn_commits_to_nothing(ask: OpenPrediction, name: str) -> None:
    figure, page, _ = ask(name)
    figure.get_by_role("button", name="A guess").click()
    expect(figure.locator(".lx-reply")).to_have_text("Your turn: draw the curve first.")
    expect(figure.get_by_role("button", name="Show me")).to_be_visible()
    assert page.evaluate("told") == []
    figure.get_by_role("slider").first.press("ArrowUp")
    figure.get_by_role("button", name="A guess").click()
    expect(figure.locator(".lx-reply")).to_contain_text("You said")


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items() if entry["kind"] == "order"])
def test_an_order_that_nobody_has_given_commits_to_nothing(ask: OpenPrediction, name: str) -> None:
    figure, page, _ = ask(name)
    reply, meant = figure.locator(".lx-reply"), figure.get_by_role("button", name="I mean this order")
    for _ in range(2):
        figure.get_by_role("button", name="Fairly sure").click()
        expect(reply).to_contain_text("Your turn: put them in order first")
    assert page.evaluate("told") == []
    meant.press("Enter")
    expect(reply).to_have_text("This order is your prediction. How sure are you?")
    expect(meant).to_be_focused()
    figure.get_by_role("button", name="Fairly sure").click()
    expect(reply).to_contain_text("You said")
    expect(meant).to_have_count(0)
    assert page.evaluate("told[0].answer.given") == [item["text"] for item in ENTRIES[name]["items"]]


def test_an_order_that_was_given_needs_no_more(ask: OpenPrediction) -> None:
    figure, _, _ = ask("luma_order")
    figure.get_by_role("button", name=re.compile("^Move down")).first.click()
    figure.get_by_role("button", name="A guess").click()
    expect(figure.locator(".lx-reply")).to_contain_text("You said")


@pytest.mark.parametrize("part", ["svg", "input[type=range]"])
def test_a_swipe_over_a_curve_scrolls_the_page_and_draws_nothing(browser: Browser, pages: Any, part: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as phone:
        page = phone.new_page()
        page.goto(pages.url + pages.write(Prediction("moved_digits").to_html()))
        page.add_style_tag(content="main { padding-bottom: 2000px; }")
        figure, touch = page.locator("[data-explorable=prediction]"), phone.new_cdp_session(page)
        numbers = figure.locator(".lx-curve-sliders output")
        expect(numbers.first).to_be_visible()
        before, box = numbers.all_inner_texts(), figure.locator(part).first.bounding_box()
        start = {"x": box["x"] + 0.3 * box["width"], "y": box["y"] + 0.6 * box["height"]}
        for step in range(9):
            point = start | {"y": start["y"] - 15 * step}
            kind = "touchMove" if step else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert page.evaluate("scrollY") > 40
        assert numbers.all_inner_texts() == before
        figure.get_by_role("button", name="A guess").click()
        expect(figure.locator(".lx-reply")).to_have_text("Your turn: draw the curve first.")


def test_a_number_is_given_by_keyboard_with_a_decimal_comma(ask: OpenPrediction) -> None:
    figure, page, _ = ask("max_on_moved")
    figure.get_by_role("textbox").focus()
    page.keyboard.type("0,86")
    page.keyboard.press("Enter")
    expect(figure.locator(".lx-reply")).to_have_text("And how sure are you?")
    expect(figure.get_by_role("button", name="A guess")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(figure.locator(".lx-reply")).to_contain_text("You said 0.86 (fairly sure). The result: 0.859.")
    expect(figure.locator(".lx-reply")).to_be_focused()


def test_a_curve_is_drawn_by_the_pointer_and_by_the_sliders(ask: OpenPrediction) -> None:
    figure, page, _ = ask("moved_digits")
    box = figure.locator("svg").bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.95 * box["width"], box["y"] + 0.7 * box["height"], steps=20)
    page.mouse.up()
    values = [float(value) for value in figure.locator(".lx-curve-sliders output").all_inner_texts()]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.8
    assert values[-1] < 0.25
    slider = figure.get_by_role("slider", name="Accuracy at moved by, pixels 4")
    slider.focus()
    before = float(slider.input_value())
    page.keyboard.press("ArrowUp")
    assert float(slider.input_value()) > before
    figure.get_by_role("button", name="A guess").click()
    expect(figure.locator(".lx-truth path")).to_have_count(1)
    expect(slider).to_be_disabled()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 5)
    assert figure.locator(".lx-curve-sliders output").nth(2).inner_text() == str(values[2]).rstrip("0")


@pytest.mark.parametrize("name", ["max_on_moved", "luma_order", "moved_digits", "photo_shape"])
def test_the_page_keeps_about_the_right_room_and_does_not_scroll_sideways(ask: OpenPrediction, name: str) -> None:
    for width, room in zip((320, 390, 1280), Prediction(name).room, strict=True):
        figure, page, _ = ask(name, width=width)
        assert abs(figure.bounding_box()["height"] - room) <= 60, (width, room, figure.bounding_box()["height"])
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_field_and_group_has_a_name(ask: OpenPrediction) -> None:
    _, page, _ = ask("walk")
    groups = page.get_by_role("group").all()
    assert len(groups) == 3  # the figure, the question, how sure
    expect(page.get_by_role("group", name=re.compile("^Predict first: Sun 0.9"))).to_be_visible()
    expect(page.get_by_role("group", name=re.compile("^How sure are you"))).to_be_visible()


@pytest.mark.parametrize("name", ["walk", "byte_sum"])
def test_no_reason_is_in_the_page_before_an_answer(ask: OpenPrediction, name: str) -> None:
    _, page, _ = ask(name)
    html = page.content()
    entry = ENTRIES[name]
    for part in [entry, *entry.get("options", []), *entry.get("near", [])]:
        assert part.get("why", "-" * 99) not in html
