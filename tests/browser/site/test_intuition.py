"""The page of the reader's intuition: predictions beside results, how sure and how right, and the misconceptions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from lessons_lib.exercises import schema, topics

KEY, FORMER_KEY = "from-anns-to-cnns/record", "from-anns-to-cnns/progress"
PAGE, CHAPTER = "book/intuition.html", "book/06_pooling.html"
BOOK = Path(__file__).parents[3] / "book"
ASKED = len(topics.all_predictions())
IN_POOLING = len(topics.predictions("pooling"))
GIVEN = {
    "max_on_moved": (0.97, "sure"),
    "pooled_size": (6, "sure"),
    "pooled_channels": ("pooling_mixes_channels", "sure"),
    "valid_row": ("every_number_is_read", "sure"),
    "place_in_sight": (0, "sure"),
    "luma_order": (["blue", "red", "green", "yellow"], "guess"),
    "cnn_moved_four": (0.9, "fairly"),
    "global_by_shift": (0.2, "fairly"),
    "flatten_by_shift": ([0.9, 0.9, 0.9, 0.9, 0.9], "guess"),
}
NUMBERS = {name: entry["answer"] for name, entry in topics.all_predictions().items() if entry["kind"] == "number"}
# Ten times sure and ten times right: that is calibrated; of many more, it would be too modest.
ALL_RIGHT = {name: (answer, "sure") for name, answer in list(NUMBERS.items())[:10]}


def record(given: dict[str, tuple[Any, str]]) -> str:
    """Return the text of a record with these predictions."""
    answers = {
        f"prediction:{name}": {"given": value, "sure": sure, "checked": True, "failed": 0, "at": 1}
        for name, (value, sure) in given.items()
    }
    return json.dumps({"version": 3, "topics": {}, "done": [], "answers": answers})


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as window:
        yield window


def keep(window: BrowserContext, text: str, key: str = KEY) -> None:
    """Let the pages of this window find a record."""
    window.add_init_script(
        f"if (!sessionStorage.seen) {{ sessionStorage.seen = 1; localStorage.setItem('{key}', {json.dumps(text)}); }}"
    )


def open_intuition(window: BrowserContext, site_url: str) -> Page:
    page = window.new_page()
    page.goto(site_url + PAGE)
    expect(page.get_by_role("heading", name="By chapter")).to_be_visible()
    return page


def rows(page: Page) -> list[list[str]]:
    """Return the cells of the table of calibration."""
    return [row.locator("th, td").all_inner_texts() for row in page.locator("[data-explorable] tbody tr").all()]


def test_a_browser_that_keeps_nothing_is_told(window: BrowserContext, site_url: str) -> None:
    refuse = "throw new DOMException('refused', 'SecurityError')"
    window.add_init_script(f"Object.defineProperty(window, 'localStorage', {{ get() {{ {refuse}; }} }});")
    page = open_intuition(window, site_url)
    expect(page.get_by_text("This browser keeps no record for the site")).to_be_visible()


def test_an_empty_record_is_explained(window: BrowserContext, site_url: str) -> None:
    page = open_intuition(window, site_url)
    expect(page.get_by_text(f"You have made no prediction yet. The chapters ask for {ASKED}")).to_be_visible()
    assert [row[1] for row in rows(page)] == ["0", "0", "0"]
    expect(page.get_by_text("No wrong prediction has named one so far.")).to_be_visible()
    expect(page.locator("details", has_text="6. Pooling")).to_contain_text(f"none of {IN_POOLING} predicted yet")


def test_it_says_how_sure_and_how_right(window: BrowserContext, site_url: str) -> None:
    keep(window, record(GIVEN))
    page = open_intuition(window, site_url)
    expect(page.get_by_text(f"You have made {len(GIVEN)} predictions of {ASKED}, and 2 were right.")).to_be_visible()
    assert rows(page) == [
        ["A guess", "2", "1", "0.7", "too few to say"],
        ["Fairly sure", "2", "0", "1.3", "too few to say"],
        ["Sure", "5", "1", "4.5", "too sure"],
    ]


def test_misconceptions_are_gathered_over_the_chapters(window: BrowserContext, site_url: str) -> None:
    keep(window, record(GIVEN))
    page = open_intuition(window, site_url)
    shared = topics.predictions("pooling")["flatten_by_shift"]["misconception"]
    item = page.locator("li", has_text=schema.misconceptions()[shared])
    expect(item).to_contain_text("2 times")
    expect(item.get_by_role("link")).to_have_text(["6. Pooling", "9. Comparing networks"])
    item.get_by_role("link").first.click()
    page.wait_for_url("**/06_pooling.html#prediction-flatten_by_shift")


def test_each_chapter_shows_predictions_beside_results(window: BrowserContext, site_url: str) -> None:
    keep(window, record(GIVEN))
    page = open_intuition(window, site_url)
    chapter = page.locator("details", has_text="6. Pooling")
    expect(chapter.locator("summary")).to_have_text(f"6. Pooling: 7 of {IN_POOLING} predicted, 1 right")
    chapter.locator("summary").focus()
    page.keyboard.press("Enter")
    line = chapter.locator("li", has_text="the network without pooling reads about")
    expect(line).to_contain_text("You: 0.97 (sure). Result: 0.859. ✗ That is 0.111 too high.")


def test_a_prediction_leads_to_its_place(window: BrowserContext, site_url: str) -> None:
    keep(window, record(GIVEN))
    page = open_intuition(window, site_url)
    chapter = page.locator("details", has_text="6. Pooling")
    chapter.locator("summary").click()
    line = chapter.locator("li", has_text="the network without pooling reads about")
    line.get_by_role("link", name="Read the place again").click()
    page.wait_for_url("**/06_pooling.html#prediction-max_on_moved")
    figure = page.locator("#prediction-max_on_moved")
    expect(figure.locator(".lx-reply")).to_contain_text("You said 0.97 (sure).")
    expect(figure).to_be_in_viewport()
    page.wait_for_timeout(500)  # figures above it start, and it stays in view
    expect(figure).to_be_in_viewport()


@pytest.mark.parametrize("topic", [path.stem for path in sorted(BOOK.glob("*.ipynb"))])
def test_each_prediction_has_a_place_of_its_own(window: BrowserContext, site_url: str, topic: str) -> None:
    page = window.new_page()
    page.goto(f"{site_url}book/{topic}.html")
    ids = page.locator("[id]").evaluate_all("(all) => all.map(({ id }) => id)")
    assert {f"prediction-{name}" for name in topics.predictions(topic.partition("_")[2])} <= set(ids)
    places = [id for id in ids if id.startswith("prediction-")]
    assert len(places) == len(set(places))


def test_the_landing_page_lists_it_beside_the_chapters(window: BrowserContext, site_url: str) -> None:
    page = window.new_page()
    page.goto(site_url + "book/index.html")
    listed = page.locator("section#beside-the-chapters dt")
    for name, address in {"Your intuition": "intuition.html", "Review": "review.html"}.items():
        expect(listed.get_by_role("link", name=name, exact=True)).to_have_attribute("href", address)


def test_a_prediction_in_a_chapter_appears_and_so_do_export_reset_and_import(
    window: BrowserContext, site_url: str, tmp_path: Path
) -> None:
    page = window.new_page()
    page.goto(site_url + CHAPTER)
    place = list(topics.predictions("pooling")).index("pooled_size")
    figure = page.locator("[data-explorable=prediction]").nth(place)
    figure.scroll_into_view_if_needed()
    figure.get_by_role("textbox").fill("6")
    figure.get_by_role("button", name="Fairly sure").click()
    page.goto(site_url + PAGE)
    expect(page.get_by_text(f"You have made 1 prediction of {ASKED}, and 1 was right.")).to_be_visible()
    page.goto(site_url + "book/index.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    download.value.save_as(tmp_path / "record.json")
    reset = page.locator("[data-progress]").get_by_role("button", name="Reset")
    reset.click()
    reset.click()
    page.goto(site_url + PAGE)
    expect(page.get_by_text("You have made no prediction yet")).to_be_visible()
    page.goto(site_url + "book/index.html")
    page.locator("[data-progress] input[type=file]").set_input_files(tmp_path / "record.json")
    expect(page.get_by_text("Imported")).to_be_visible()
    page.goto(site_url + PAGE)
    expect(page.get_by_text("You have made 1 prediction")).to_be_visible()


def test_another_tab_is_followed(window: BrowserContext, site_url: str) -> None:
    page = open_intuition(window, site_url)
    other = window.new_page()
    other.goto(site_url + CHAPTER)
    figure = other.locator("[data-explorable=prediction]").first
    figure.scroll_into_view_if_needed()
    figure.get_by_role("radio").first.check()
    figure.get_by_role("button", name="A guess").click()
    expect(page.get_by_text("You have made 1 prediction")).to_be_visible()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (FORMER_KEY, '{"version": 1, "chapters": {}, "done": []}'),
        (FORMER_KEY, '{"version": 2, "topics": {}, "done": []}'),
        (KEY, "nonsense"),
        (KEY, record({"gone": (1, "sure"), "pooled_size": ("six", "sure"), "valid_row": ("right", "certain")})),
        (KEY, record({"luma_order": (["red", "red", "red", "red"], "sure"), "small_digits": ([1, 2], "guess")})),
    ],
)
def test_records_of_other_editions_are_read_with_care(
    window: BrowserContext, site_url: str, key: str, text: str
) -> None:
    keep(window, text, key)
    page = open_intuition(window, site_url)
    expect(page.get_by_text("You have made no prediction yet")).to_be_visible()


@pytest.mark.parametrize("given", [GIVEN, ALL_RIGHT], ids=["too few to say", "calibrated"])
@pytest.mark.parametrize("width", [320, 390])
def test_it_fits_a_narrow_window(
    browser: Browser, site_url: str, width: int, given: dict[str, tuple[Any, str]]
) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as narrow:
        keep(narrow, record(given))
        page = open_intuition(narrow, site_url)
        for chapter in page.locator("[data-explorable] details").all():
            chapter.evaluate("(details) => { details.open = true; }")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        table = page.get_by_role("region", name="How sure and how right")
        expect(table).to_contain_text("too few to say" if given is GIVEN else "calibrated")
        assert table.evaluate("(box) => box.scrollWidth <= box.clientWidth")
