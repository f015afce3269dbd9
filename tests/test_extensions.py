"""The book's Sphinx extensions: what they make of a page, a style sheet, a picture, a repository's name."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils.core import publish_doctree
from PIL import Image

EXTENSIONS = Path(__file__).parents[1] / "book" / "_ext"


@pytest.fixture
def load(monkeypatch):
    """Return a function that imports an extension as Sphinx does."""
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    return importlib.import_module


@pytest.fixture
def site(tmp_path):
    """Return a small built site with two pages, two levels deep."""
    static = tmp_path / "_static"
    (static / "styles").mkdir(parents=True)
    (tmp_path / "book").mkdir()
    (static / "basic.css").write_text("a { background: url(file.png) }")
    (static / "styles/theme.css").write_text('@import "../basic.css";\nb { background: url("../b.png") }')
    (static / "own.css").write_text("c { background: url(data:image/png;base64,x) }")
    (static / "one.js").write_text("const one = 1 // the end")
    (static / "two.js").write_text("(() => {})()")
    head = (
        '<link href="{0}_static/styles/theme.css?digest=1" rel="stylesheet" />'
        '<link rel="stylesheet" type="text/css" href="{0}_static/own.css?v=2" />'
        '<link rel="stylesheet" media="print" href="{0}_static/paper.css" />'
        '<script src="{0}_static/two.js"></script><script>inline()</script>'
        '<script src="{0}_static/one.js?v=3"></script>\n  <script src="{0}_static/two.js"></script>\n'
        '<script src="{0}_static/data.js" data-x="1"></script></head>'
    )
    (tmp_path / "search.html").write_text(head.format(""))
    (tmp_path / "book/page.html").write_text(head.format("../"))
    (tmp_path / "index.html").write_text('<head><meta http-equiv="refresh"></head>')
    return tmp_path


def test_bundle_joins_neighbours_and_keeps_the_order(load, site):
    load("bundle").join_files(SimpleNamespace(outdir=site, builder=SimpleNamespace(format="html")), None)
    (style,) = site.glob("_static/all.*.css")
    css = style.read_text()
    assert css.startswith('@charset "UTF-8";\na { background: url("file.png") }\nb { background: url("b.png") }')
    assert css.endswith("c { background: url(data:image/png;base64,x) }")
    (script,) = site.glob("_static/all.*.js")
    assert script.read_text() == "const one = 1 // the end\n;\n(() => {})()\n;"
    for page, up in (("search.html", ""), ("book/page.html", "../")):
        assert (site / page).read_text() == (
            f'<link rel="stylesheet" href="{up}_static/{style.name}" />\n'
            f'<link rel="stylesheet" media="print" href="{up}_static/paper.css" />'
            f'<script src="{up}_static/two.js"></script><script>inline()</script>'
            f'<script src="{up}_static/{script.name}"></script>\n'
            f'<script src="{up}_static/data.js" data-x="1"></script></head>'
        )
    assert (site / "index.html").read_text() == '<head><meta http-equiv="refresh"></head>'


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<img alt="a" src="a.png"', '<img alt="a" src="a.png" loading="lazy" decoding="async" width="30" height="20"'),
        ('<img src="b.svg"', '<img src="b.svg" loading="lazy" decoding="async" width="64" height="48"'),
        ('<img src="data:image/png,x"', '<img src="data:image/png,x" loading="lazy" decoding="async"'),
        ('<img src="a.png" loading="eager" width="3"', '<img src="a.png" loading="eager" width="3"'),
    ],
)
def test_pictures_get_a_size_and_may_wait(load, tmp_path, tag, expected):
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    (tmp_path / "b.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 48"></svg>')
    assert load("figures").complete(tag, tmp_path) == expected


def test_a_drawing_without_a_size_is_refused(load, tmp_path):
    (tmp_path / "a.svg").write_text("<svg></svg>")
    with pytest.raises(ValueError, match=r"An SVG file must have a viewBox\. Received: .*a\.svg"):
        load("figures").measure(tmp_path / "a.svg")


@pytest.mark.parametrize(
    ("text", "description"),
    [
        (".. note:: An aside.\n\nWith :math:`x` in it.\n\nThe *first* one.\n\nThe second.", "The first one."),
        ("word " * 100, "word " * 39 + "…"),
        ("A first sentence that is long enough. And? " + "word " * 99, "A first sentence that is long enough. And?"),
        ("* a list", ""),
    ],
)
def test_a_page_is_described_by_its_first_plain_paragraph(load, text, description):
    page = publish_doctree(f"Title\n=====\n\n{text}\n", settings_overrides={"doctitle_xform": False})
    assert load("cards").describe(page) == description


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("Owner/course", "https://owner.github.io/course/"),
        ("Owner/owner.github.io", "https://owner.github.io/"),
        (None, ""),
    ],
)
def test_address_is_that_of_github_pages_or_none(load, monkeypatch, repository, address):
    cards, config = load("cards"), SimpleNamespace(html_baseurl="")
    monkeypatch.setattr(cards, "repository", lambda folder: repository)
    cards.find_address(SimpleNamespace(confdir="."), config)
    assert config.html_baseurl == address
