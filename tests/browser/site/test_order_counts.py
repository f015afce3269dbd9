"""Where the code cannot run, the lines in order count for the exercise, and the record keeps it."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from lessons_lib.exercises import order

NAME = "leaky_relu_gradient"


def test_lines_in_order_tick_the_exercise_and_stay_ticked(browser: Browser, site_url: str) -> None:
    spec = order.spec(NAME)
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site_url}book/05_relu.html")
        box = page.locator(f"#exercise-{NAME.replace('_', '-')}").get_by_label("I have done this one")
        form = page.locator(f"[data-tasks='exercise:{NAME}'] form")
        form.scroll_into_view_if_needed()
        for line in spec["lines"][: spec["size"]]:
            form.get_by_role("button", name=f"Add: {line['code'].strip()}", exact=True).click()
        expect(box).not_to_be_checked()
        form.get_by_role("button", name="Check").click()
        expect(box).to_be_checked()
        page.reload()
        expect(box).to_be_checked()
