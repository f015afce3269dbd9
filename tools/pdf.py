"""Print the whole course into _build/course-a4.pdf and _build/course-letter.pdf, through headless Chromium.

The pages are joined into one document, which is printed twice for each size of sheet: the first print tells on which
page everything is, and the second has these numbers in its table of contents and beside its exercises.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path
from tempfile import TemporaryDirectory

from chromium import start_browser
from one_page import join
from pikepdf import Dictionary, ObjectStreamMode, Pdf
from pikepdf import Page as Sheet
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
# The names of the sizes are those of CSS.
SIZES = ("a4", "letter")
START_FIGURES = """async () => {
  dispatchEvent(new Event("beforeprint"));
  await document.fonts.ready;
}"""
FILL_IN = """(numbers) => {
  for (const place of document.querySelectorAll("[data-page-of]")) place.textContent = numbers[place.dataset.pageOf];
}"""
READ_HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((heading) => heading.textContent)"


def open_document(browser: Browser, document: Path) -> Page:
    """Open a document, and wait until all its figures have started and have loaded what they need."""
    page = browser.new_page(reduced_motion="reduce")
    page.goto(document.as_uri())
    page.evaluate(START_FIGURES)
    page.wait_for_selector("[data-explorable]:not(.mounted)", state="detached")
    return page


def page_numbers(path: Path) -> dict[str, int]:
    """Return the number of the page that each target of a link is on, from 1."""
    with Pdf.open(path) as pdf:
        return {name.removeprefix("/"): Sheet(place[0]).index + 1 for name, place in pdf.Root.Dests.items()}


def find_heading(title: str, headings: Collection[str]) -> str:
    """Return the heading that a title of Chromium's outline stands for.

    Where a heading goes on in a second line, Chromium drops the space there, and may write that line twice.
    """
    squeezed = "".join(title.split())
    fitting = [heading for heading in headings if squeezed.startswith("".join(heading.split()))]
    if not fitting:
        raise ValueError(f"a title of the outline must begin with a heading of the course. Received: {title!r}")
    return " ".join(max(fitting, key=len).split())


def finish(path: Path, headings: Collection[str]) -> int:
    """Mend the outline, pack the file into half its size, and return how many pages it has."""
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        for item in pdf.objects:
            if isinstance(item, Dictionary) and "/SE" in item and "/Title" in item:
                item.Title = find_heading(str(item.Title), headings)
        pdf.save(path, object_stream_mode=ObjectStreamMode.generate)
        return len(pdf.pages)


def print_document(page: Page, size: str, target: Path) -> int:
    """Print a document on sheets of a size, with the numbers of its pages; return how many pages it has."""
    style = page.add_style_tag(content=f"@page {{ size: {size}; }}")
    numbers: dict[str, int] = {}
    while True:
        page.pdf(path=target, prefer_css_page_size=True, print_background=False, tagged=True, outline=True)
        if numbers == (numbers := page_numbers(target)):
            break
        page.evaluate(FILL_IN, numbers)
    style.evaluate("(element) => element.remove()")
    return finish(target, page.evaluate(READ_HEADINGS))


def print_course(browser: Browser, site: Path, folder: Path, chosen: Collection[str] = ()) -> list[Path]:
    """Print a built site.

    Parameters
    ----------
    browser : Browser
        A Chromium that runs.
    site, folder : Path
        The folder of the site, and the folder of the files to write.
    chosen : collection of str
        The topics of the pages to print; all if there are none.

    Returns
    -------
    list of Path
        The files, one for each of the `SIZES`.
    """
    targets = {size: folder / f"course-{size}.pdf" for size in SIZES}
    with TemporaryDirectory() as temporary:
        document = Path(temporary) / "course.html"
        document.write_text(join(site, chosen), encoding="utf-8")
        page = open_document(browser, document)
        for size, target in targets.items():
            count = print_document(page, size, target)
            print(f"{target}: {count} pages, {target.stat().st_size / 1e6:.1f} MB")
        page.close()
    return [*targets.values()]


def main() -> int:
    """Print the built course; return the exit status."""
    if not (SITE / "index.html").is_file():
        print(f"There must be a built course: run `make html`. Received: {SITE}", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        print_course(start_browser(playwright), SITE, SITE.parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
