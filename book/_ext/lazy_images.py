"""Let a picture load when the reader scrolls near it, and reserve its space on the page from the start.

The extension expects that every picture names its file in a double-quoted ``src``, and that the file is there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from expectations import expect
from PIL import Image

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TAG = re.compile(r"<img\b[^>]*?(?=\s*/?>)")
SOURCE = re.compile(r'\ssrc="([^"]+)"')
# The four numbers of viewBox="0 0 640 480".
VIEW_BOX = re.compile(r'<svg\b[^>]*\bviewBox="\s*[\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)')


def measure(path: Path) -> tuple[int, int]:
    """Return the width and height of a picture, in pixels."""
    if path.suffix != ".svg":
        with Image.open(path) as image:
            return image.size
    if not (box := VIEW_BOX.search(path.read_text(encoding="utf-8"))):
        raise ValueError(f"An SVG file must have a viewBox. Received: {path}")
    return round(float(box[1])), round(float(box[2]))


def complete(tag: str, folder: Path) -> str:
    """Return a picture's tag with its size and with lazy loading, unless the tag sets them already."""
    source = SOURCE.search(tag)
    expect(source, "lazy_images", "a picture must have a source in double quotes", tag)
    if "loading=" not in tag:
        tag += ' loading="lazy" decoding="async"'
    if (
        " width=" not in tag and source and ":" not in source[1]
    ):  # A source with a colon holds the data itself, or names another host.
        path = folder / source[1].partition("?")[0]
        expect(path.is_file(), "lazy_images", "a picture's source must be a file of the site", tag)
        width, height = measure(path)
        tag += f' width="{width}" height="{height}"'
    return tag


def complete_all(html: str, folder: Path) -> str:
    """Return the HTML of a page with the tags of all its pictures completed."""
    return TAG.sub(lambda tag: complete(tag[0], folder), html)


def complete_pages(app: Sphinx, exception: Exception | None) -> None:
    """Complete the tags of the pictures of every page."""
    if exception or app.builder.format != "html":
        return
    for page in Path(app.outdir).rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        page.write_text(complete_all(html, page.parent), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when all pages and pictures are written."""
    app.connect("build-finished", complete_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
