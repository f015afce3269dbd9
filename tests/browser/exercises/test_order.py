"""The lines to put in order, on a page: by mouse, by keyboard and by finger; each task is solved as it is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lessons_lib.exercises import Exercise, order, topics
from lessons_lib.explorables.base import WIDTHS

NAMES = [name for name, entry in topics.exercises().items() if "order" in entry]
NAME = "to_grey"
LINES = [line["code"].strip() for line in order.spec(NAME)["lines"]]
RIGHT = order.spec(NAME)["size"]
SHOWN = order.spec(NAME)["shown"]
ROOM = 0.08
"""By which share of itself a task may differ from the room that the page keeps for it."""

# Adds every line, one after the other, and returns the height of the task after each.
ADD_ALL = """(root) => Object.fromEntries(
  [...root.querySelectorAll("button[aria-label^='Add: ']")].map((button) => {
    button.click();
    return [button.ariaLabel, root.offsetHeight];
  }))"""


class Task:
    """One task, as a reader meets it."""

    def __init__(self, page: Page, place: int = 0) -> None:
        self.page = page
        self.form = page.locator("form").nth(place)
        expect(self.form).to_be_visible()
        self.own = self.form.get_by_role("list", name="Your program")
        self.rest = self.form.get_by_role("list", name="Lines that are left")
        self.reply = self.form.locator(".lx-reply")

    def program(self) -> list[str]:
        return self.own.locator("code").all_inner_texts()

    def row(self, code: str) -> Locator:
        return self.form.locator(".lx-lines li").filter(has=self.page.get_by_text(code, exact=True))

    def button(self, name: str) -> Locator:
        return self.form.get_by_role("button", name=name, exact=True)

    def handle(self, code: str) -> Locator:
        return self.button(f"Move by the arrow keys, or drag: {code}")

    def add(self, *codes: str) -> None:
        for code in codes:
            self.button(f"Add: {code}").click()

    def middle(self, code: str) -> tuple[float, float]:
        box = self.handle(code).bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def open_tasks(open_page: Callable[..., tuple[Page, list[str]]], pages: Any) -> Callable[..., tuple[Page, list[str]]]:
    """Give a function that opens a page with the tasks of these names."""

    def open_tasks(*names: str, width: int = 1280) -> tuple[Page, list[str]]:
        return open_page(pages.url, pages.write("".join(Exercise(name).to_html() for name in names)), width=width)

    return open_tasks


@pytest.fixture
def task(open_tasks: Callable[..., tuple[Page, list[str]]]) -> Task:
    page, _ = open_tasks(NAME)
    return Task(page)


@pytest.fixture
def phone(browser: Browser, pages: Any) -> Iterator[Task]:
    """Open the task where a finger touches it, with a page below it that scrolls."""
    with browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True) as context:
        page = context.new_page()
        page.goto(pages.url + pages.write(Exercise(NAME).to_html() + '<div style="height: 3000px"></div>'))
        yield Task(page)


def test_every_task_is_solved_as_it_is_stored_and_says_that_it_is_done(
    open_tasks: Callable[..., tuple[Page, list[str]]],
) -> None:
    page, problems = open_tasks(*NAMES)
    page.evaluate("""() => {
        window.done = [];
        document.addEventListener("course:done", (event) => window.done.push(event.detail.id));
    }""")
    for place, name in enumerate(NAMES):
        spec = order.spec(name)
        task = Task(page, place)
        task.form.scroll_into_view_if_needed()
        assert task.rest.locator("code").count() == len(spec["lines"])
        for line in spec["lines"][: spec["size"]]:
            task.add(line["code"].strip())
        task.button("Check").click()
        expect(task.reply).to_have_text(f"Right: {spec['common']['in_order']}")
    assert page.evaluate("window.done") == [f"order:{name}" for name in NAMES]
    tasks = page.locator("[data-tasks]").evaluate_all("(all) => all.map((el) => el.dataset.tasks)")
    assert tasks == page.evaluate("window.done")
    assert problems == []


def test_lines_go_in_and_out_by_mouse(task: Task) -> None:
    assert task.rest.locator("code").all_inner_texts() == [LINES[line] for line in SHOWN]
    task.add(LINES[1], LINES[0], LINES[5])
    assert task.program() == [LINES[1], LINES[0], LINES[5]]
    expect(task.reply).to_have_text(f"Line 3 of 3: {LINES[5]}")
    task.button(f"Move up: {LINES[5]}").click()
    task.button(f"Move down: {LINES[1]}").click()
    assert task.program() == [LINES[5], LINES[1], LINES[0]]
    expect(task.reply).to_have_text(f"Line 2 of 3: {LINES[1]}")
    task.button(f"Leave out: {LINES[5]}").click()
    assert task.program() == [LINES[1], LINES[0]]
    expect(task.reply).to_have_text(f"Left out: {LINES[5]}")
    task.button("Reset").click()
    assert task.program() == []
    expect(task.reply).to_be_empty()
    assert task.rest.locator("code").all_inner_texts() == [LINES[line] for line in SHOWN]


def test_a_line_is_dragged_by_its_handle(task: Task) -> None:
    task.add(*LINES[:4])
    mouse = task.page.mouse

    def drag(code: str, x: float, y: float) -> None:
        mouse.move(*task.middle(code))
        mouse.down()
        mouse.move(x, y - 5)
        mouse.move(x, y)

    x, y = task.middle(LINES[1])
    drag(LINES[3], x, y - 8)
    expect(task.form.locator(".lx-target")).to_have_count(1)
    expect(task.row(LINES[1])).to_have_class("lx-target")
    mouse.up()
    assert task.program() == [LINES[0], LINES[3], LINES[1], LINES[2]]
    expect(task.form.locator(".lx-target, .lx-dragged")).to_have_count(0)

    x, y = task.middle(LINES[6])
    drag(LINES[3], x, y)
    mouse.up()
    assert task.program() == [LINES[0], LINES[1], LINES[2]]

    x, y = task.middle(LINES[0])
    drag(LINES[4], x, y - 8)
    mouse.up()
    assert task.program() == [LINES[4], LINES[0], LINES[1], LINES[2]]


def test_a_drag_that_is_broken_off_changes_nothing(task: Task) -> None:
    task.add(*LINES[:3])
    handle = task.handle(LINES[2])
    x, y = task.middle(LINES[0])
    task.page.mouse.move(*task.middle(LINES[2]))
    task.page.mouse.down()
    task.page.mouse.move(x, y)
    handle.evaluate("(grip) => grip.releasePointerCapture(1)")
    task.page.mouse.move(x, y - 5)
    task.page.mouse.up()
    assert task.program() == LINES[:3]
    expect(task.form.locator(".lx-target, .lx-dragged")).to_have_count(0)


def test_a_program_is_written_by_keyboard(task: Task) -> None:
    keys = task.page.keyboard
    first, second = LINES[SHOWN[0]], LINES[SHOWN[1]]
    task.button(f"Add: {first}").focus()
    keys.press("Enter")
    expect(task.button(f"Add: {second}")).to_be_focused()  # the next line, where one goes on
    keys.press("Space")
    assert task.program() == [first, second]
    task.handle(second).focus()
    keys.press("ArrowUp")
    assert task.program() == [second, first]
    expect(task.handle(second)).to_be_focused()
    keys.press("ArrowUp")
    assert task.program() == [second, first]
    keys.press("ArrowDown")
    assert task.program() == [first, second]
    third = LINES[SHOWN[2]]
    task.handle(third).focus()
    keys.press("ArrowDown")
    assert task.program() == [first, second]
    keys.press("ArrowUp")
    assert task.program() == [first, second, third]
    task.button(f"Leave out: {second}").focus()
    keys.press("Enter")
    assert task.program() == [first, third]
    expect(task.button(f"Leave out: {third}")).to_be_focused()


def swipe(page: Page, x: float, y: float, to: float) -> None:
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *ys: float) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": each} for each in ys]})

    touch("touchStart", y)
    for share in range(1, 9):
        touch("touchMove", y + (to - y) * share / 8)
    touch("touchEnd")


def test_a_finger_adds_lines_drags_them_by_the_handle_and_scrolls_elsewhere(phone: Task) -> None:
    page = phone.page
    for code in LINES[:3]:
        phone.button(f"Add: {code}").tap()
    x, y = phone.middle(LINES[2])
    swipe(page, x, y, phone.middle(LINES[0])[1] - 20)
    assert phone.program() == [LINES[2], LINES[0], LINES[1]]
    assert page.evaluate("scrollY") == 0
    box = phone.row(LINES[1]).locator("code").bounding_box()
    assert box
    swipe(page, box["x"] + 20, box["y"] + 5, box["y"] - 150)
    page.wait_for_function("scrollY > 50")
    assert phone.program() == [LINES[2], LINES[0], LINES[1]]


def test_what_is_wrong_is_said_and_marked(task: Task) -> None:
    task.button("Check").click()
    expect(task.reply).to_contain_text("Your turn")
    task.add(LINES[0])
    task.button("Check").click()
    expect(task.reply).to_have_text(f"No answer yet: A solution takes {RIGHT} lines, and yours has 1.")
    task.add(LINES[1], LINES[3], LINES[2], LINES[4])
    task.button("Check").click()
    expect(task.reply).to_have_text(f"Not yet: Line 3, {LINES[3]}, comes too early. {LINES[2]} must stand above it.")
    expect(task.form.locator(".lx-faulty code")).to_have_text(LINES[3])
    task.button(f"Leave out: {LINES[3]}").click()
    expect(task.form.locator(".lx-faulty")).to_have_count(0)
    task.add(LINES[6])
    task.button("Check").click()
    expect(task.reply).to_contain_text(f"Line 5, {LINES[6]}: {topics.misconceptions(NAME)['plain_mean']}")


@pytest.mark.parametrize("width", WIDTHS)
def test_tasks_fit_the_room_that_is_kept_and_never_change_their_height(
    open_tasks: Callable[..., tuple[Page, list[str]]], width: int
) -> None:
    page, problems = open_tasks(*NAMES, width=width)
    found = []
    for place, name in enumerate(NAMES):
        task = Task(page, place)
        task.form.scroll_into_view_if_needed()
        root = page.locator("[data-explorable=exercise]").nth(place)
        before = root.evaluate("(root) => root.offsetHeight")
        kept = order.room(name)[WIDTHS.index(width)]
        if before != pytest.approx(kept, rel=ROOM):
            found.append(f"{name} is {before} px high in {width}, and {kept} are kept")
        for code, now in root.evaluate(ADD_ALL).items():
            if abs(now - before) > 1:
                found.append(f"{name} is {now} px high after {code}, and was {before}")
        assert len(task.program()) == len(order.spec(name)["lines"])
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems == []


def test_on_paper_each_line_has_room_for_its_number(task: Task) -> None:
    task.add(LINES[0])
    task.page.emulate_media(media="print")
    expect(task.handle(LINES[0])).to_be_hidden()
    expect(task.button("Check")).to_be_hidden()
    expect(task.row(LINES[3]).locator("code")).to_be_visible()
    numbers = task.form.locator(".lx-lines li").evaluate_all(
        "(rows) => rows.map((row) => { const { content, borderBottomStyle } = getComputedStyle(row, '::before');"
        " return [content, borderBottomStyle]; })"
    )
    assert numbers == [["counter(line)", "solid"], *[['""', "solid"]] * (len(LINES) - 1)]
