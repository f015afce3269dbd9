"""Each page's HTML: pictures have alternative texts, formulas are MathML, and no Markdown is left unrendered."""

from __future__ import annotations

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

MIN_ALT = 20
# Python, shell and output may hold any of these signs.
VERBATIM = {"code", "pre", "script", "style", "annotation"}
# A formula's dollars, a directive's colons, a fence, a role: {eq}`…`, {glue:text}`…`.
UNRENDERED = re.compile(r"\$|:::|```|\{[a-z]+(?::[a-z]+)*\}`?|\\begin\{|\\frac|\|\s*-{3,}\s*\|")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Article(HTMLParser):
    """Collect from a page's article its images, its number of formulas, and its text outside of code."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.alts: list[str] = []
        self.formulas = 0
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an image or a formula."""
        if tag not in VOID:
            self._open.append(tag)
        if "article" in self._open:
            self.formulas += tag == "math"
            if tag == "img":
                self.alts.append(dict(attrs).get("alt") or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself, such as MathML's <mspace/>."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and what was left open in it."""
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Keep the text of the article."""
        if "article" in self._open and not VERBATIM.intersection(self._open):
            self.text += data


@cache
def read(page: Path) -> Article:
    """Parse a page, once."""
    return Article(page.read_text(encoding="utf-8"))


def is_alternative(alt: str) -> bool:
    """Tell a description from the file name that stands in for a missing one."""
    return len(alt) >= MIN_ALT and "_images/" not in alt and not re.fullmatch(r"\S+\.(png|svg|jpe?g|gif)", alt)


def source_text(source: Path) -> str:
    """Read the Markdown of a page's source, without its code."""
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    text = re.sub(r"^ *(```+|~~~+)(?!\{math\})[^{\n]*\n.*?^ *\1", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(?<!\{math\})(`+)[^`].*?\1", "", text)


def count_formulas(text: str) -> int:
    """Count the formulas of a Markdown text: `$…$`, `$$…$$`, and LaTeX environments outside of those."""
    dollars = re.compile(r"(?<!\\)\$\$.+?(?<!\\)\$\$|(?<![\\$])\$(?![\s$])[^$]*?(?<![\s\\])\$", re.DOTALL)
    environments = re.compile(r"^\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.MULTILINE | re.DOTALL)
    rest = dollars.sub("", text)
    return len(dollars.findall(text)) + len(environments.findall(rest))


def test_images_have_alternatives(site: Path, page_path: str) -> None:
    assert [alt for alt in read(site / page_path).alts if not is_alternative(alt)] == []


def test_formulas_are_mathml(site: Path, root: Path, page_path: str) -> None:
    sources = [path for suffix in (".ipynb", ".md") if (path := (root / page_path).with_suffix(suffix)).is_file()]
    expected = sum(count_formulas(source_text(source)) for source in sources)
    assert read(site / page_path).formulas >= expected
    html = (site / page_path).read_text(encoding="utf-8")
    assert not re.search(r"<script[^>]*mathjax", html, re.IGNORECASE)


def test_nothing_is_left_unrendered(site: Path, page_path: str) -> None:
    text = read(site / page_path).text
    assert [text[max(0, match.start() - 40) : match.end() + 40] for match in UNRENDERED.finditer(text)] == []


@pytest.mark.parametrize(
    ("alt", "good"),
    [
        ("A grey five on a white ground, eight pixels wide", True),
        ("A grey five", False),
        ("", False),
        ("../_images/0cc049add41b3d8649ca43856bd78544f7c278aa.png", False),
        ("a_picture_with_a_long_name.png", False),
    ],
)
def test_alternative_is_told_from_a_file_name(alt: str, good: bool) -> None:
    assert is_alternative(alt) is good


@pytest.mark.parametrize(
    "left", ["costs $x$ here", ":::{note}", "see {eq}`eq:size`", "{glue:text}`a.ipynb::b:.3f`", r"\frac{1}{2}"]
)
def test_unrendered_text_is_seen(left: str) -> None:
    assert UNRENDERED.search(Article(f"<article><p>{left}</p><br><pre>$ {{x}} :::</pre></article>").text)
    assert not UNRENDERED.search(Article(f"<article><p>A line.</p><pre>{left}</pre></article><p>{left}</p>").text)


def test_formulas_are_counted() -> None:
    text = "One $x$, two $y_1$ at \\$5, and\n\n$$\na \\\\\nb\n$$ (eq:a)\n\n\\begin{align}\na &= b\n\\end{align}\n"
    assert count_formulas(text) == 4
    page = "<article><math><mspace/><mi>x</mi></math><p>text</p><math></math></article><math></math>"
    assert Article(page).formulas == 2


def test_folds_have_one_name_each_and_no_other_label(site: Path) -> None:
    """Code is code and a solution is a solution, on every page; a label would hide the name from a screen reader."""
    howto = re.sub(r"<[^>]+>", "", (site / "book/howto.html").read_text(encoding="utf-8"))
    folds = 0
    for page in sorted((site / "book").glob("*.html")):
        html = page.read_text(encoding="utf-8")
        for kind, inside in re.findall(
            r'tag_(hide-\w+)[^"]*docutils container">\s*<details[^>]*>(.*?)</summary>', html, re.DOTALL
        ):
            names = re.findall(r">([^<>]+)</p>", inside)
            what = {"hide-input": "code", "hide-cell": "solution"}[kind]
            assert names == [f"Show the {what}", f"Hide the {what}"], page.name
            assert "aria-label" not in inside, page.name
            assert f"Show the {what}" in howto or what == "solution"
            folds += 1
        assert html.count('<details class="admonition hide') == len(
            re.findall(r'tag_hide-[^"]*docutils container">\s*<details', html)
        )
    assert folds > 100
