"""Lines in order count on the page, apart from the code that needs the notebook, and are kept as they were put."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Browser, Page, expect

from lessons_lib.exercises import order

NAMES = ["fold", "leaky_relu_gradient", "hat"]
NAME = "leaky_relu_gradient"
SPEC = order.spec(NAME)
CODES = [line["code"].strip() for line in SPEC["lines"][: SPEC["size"]]]


def record(page: Page) -> Any:
    return json.loads(page.evaluate("localStorage.getItem('from-anns-to-cnns/record')"))


def test_lines_in_order_count_on_the_page_and_stay(browser: Browser, site_url: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site_url}book/05_relu.html")
        exercise = page.locator(f"#exercise-{NAME.replace('_', '-')}")
        expect(exercise.get_by_label("Needs the notebook: done there")).not_to_be_checked()
        chapter = record(page)["topics"]["relu"]
        assert {f"order:{name}" for name in NAMES} <= set(chapter["tasks"])
        assert {f"exercise:{name}" for name in NAMES} == set(chapter["notebook"])

        form = page.locator(f"[data-tasks='order:{NAME}'] form")
        form.scroll_into_view_if_needed()
        for code in CODES:
            form.get_by_role("button", name=f"Add: {code}", exact=True).click()
        page.reload()
        program = form.get_by_role("list", name="Your program").locator("code")
        expect(program).to_have_text(CODES)
        expect(form.locator(".lx-reply")).to_be_empty()
        form.get_by_role("button", name="Check").click()
        assert f"order:{NAME}" in record(page)["done"]
        assert record(page)["review"]["cards"] == {}  # the review asks questions, and no lines
        page.reload()
        expect(program).to_have_text(CODES)
        expect(form.locator(".lx-reply")).to_contain_text("Right")
        expect(exercise.get_by_label("Needs the notebook: done there")).not_to_be_checked()
        form.get_by_role("button", name="Reset").click()
        page.reload()
        expect(program).to_have_count(0)
