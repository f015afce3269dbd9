"""Cut the font of the formulas down to the signs that the formulas show: 10 kB instead of 76 kB.

The extension expects that the pages hold formulas.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from expectations import expect
from fonts import write_font

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FONT = "noto-sans-math.woff2"
FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
# A browser shows a variable as the italic letter for mathematics: x as 𝑥, and h as the constant of Planck.
ITALICS = [
    0x210E,
    *(n for n in range(0x1D400, 0x1D800) if unicodedata.name(chr(n), "").startswith("MATHEMATICAL ITALIC")),
]


def find_signs(html: str) -> set[str]:
    """Return the characters of all formulas of a page, with the sign that a browser draws before a root."""
    formulas = "".join(FORMULA.findall(html))
    roots = {"√"} if re.search(r"<m(?:sqrt|root)\b", formulas) else set()
    return set(unescape(TAG.sub("", formulas))) | roots


def to_code_points(signs: set[str]) -> set[int]:
    """Return the code points of signs and of the letters for mathematics that a browser may show for them."""
    return {ord(sign) for sign in signs} | {n for n in ITALICS if unicodedata.normalize("NFKC", chr(n)) in signs}


def cut_font(app: Sphinx, exception: Exception | None) -> None:
    """Write the smaller font in place of the whole one."""
    if exception or app.builder.format != "html":
        return
    pages = Path(app.outdir).rglob("*.html")
    signs = set[str]().union(*(find_signs(page.read_text(encoding="utf-8")) for page in pages))
    expect(signs, "math_font", "the pages must hold formulas in MathML", "none")
    font = Path(app.outdir) / "_static" / FONT
    write_font(font, font, to_code_points(signs), flavor="woff2", features=["*"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when all pages and files are written."""
    app.connect("build-finished", cut_font, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
