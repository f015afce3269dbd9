"""The book's Sphinx extensions: what they make of a page, a style sheet, a picture, a repository's name.

Those that rewrite the theme's HTML must fail the build with a sentence when they find something else than they expect.
"""

import importlib
import json
import re
from html import escape, unescape
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from docutils.core import publish_doctree
from docutils.parsers.rst import DirectiveError, directives
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pygments import highlight
from pygments.lexers import PythonLexer
from sphinx.errors import ExtensionError

from lessons_lib import claims, explorables
from lessons_lib.exercises import topics
from lessons_lib.explorables.base import FALLBACK

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"


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
    (static / "basic.css").write_text("a { background: url(file.png) }\n/*# sourceMappingURL=basic.css.map*/")
    (static / "styles/theme.css").write_text('@import "../basic.css";\nb { background: url("../b.png") }')
    (static / "own.css").write_text("c { background: url(data:image/png;base64,x) }")
    (static / "one.js").write_text("/* A license. */\n/* A word. */\nconst one = 1 // the end")
    (static / "two.js").write_text("(() => {})()\n//# sourceMappingURL=two.js.map")
    (static / "two.js.map").write_text("{}")
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
    assert css.startswith('@charset "UTF-8";\na { background: url("file.png") }\n\nb { background: url("b.png") }')
    assert css.endswith("c { background: url(data:image/png;base64,x) }")
    (script,) = site.glob("_static/all.*.js")
    assert script.read_text() == "/* A license. */\nconst one=1\n;\n(()=>{})()\n;"
    assert not list(site.rglob("*.map"))
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
    ("kind", "html"),
    [
        ("css", "<link rel='stylesheet' href='a.css'><link rel='stylesheet' href='b.css'>"),
        ("css", '<link rel="stylesheet" href="a.css" media=""><link rel="stylesheet" href="b.css" media="">'),
        ("js", '<script src="a.js" async></script>\n<script src="b.js" async></script>'),
        (
            "js",
            '<script type="text/javascript" src="a.js"></script><script type="text/javascript" src="b.js"></script>',
        ),
    ],
)
def test_bundle_fails_on_files_that_it_cannot_join(load, tmp_path, kind, html):
    with pytest.raises(ExtensionError, match=f"bundle: a page with several {kind} files must have neighbours to join"):
        load("bundle").join(html, tmp_path, tmp_path, kind)


def test_bundle_leaves_a_single_file_alone(load, tmp_path):
    html = '<link rel="stylesheet" href="a.css">'
    assert load("bundle").join(html, tmp_path, tmp_path, "css") == html


@pytest.fixture
def styled(tmp_path):
    """Return a small built site whose theme has rules that nothing uses."""
    own, site, doctrees = tmp_path / "own", tmp_path / "html", tmp_path / "doctrees"
    for folder in (own, site / "_static", doctrees):
        folder.mkdir(parents=True)
    (site / "page.html").write_text(
        '<body class="wide"><p id="first">Text</p><script src="_static/a.js?v=1"></script>'
        '<script>show("inline")</script><script type="application/json">{"a": "data"}</script>'
    )
    (site / "_static/template.html").write_text('<b class="template"></b>')
    (site / "_static/a.js").write_text('e.classList.add("said")')
    (site / "_static/theme.css").write_text(
        '/* Copyright: someone */ /* a note */\n@import "basic.css";\n'
        ".wide, .narrow > p { color: red /* a note */ }\n#first:hover, #second { top: 0 }\n"
        ".said:not(.never)::before, .inline { left: 0 }\n.data, .template, Text { left: 1px }\n"
        "em.wide { right: 0 }\n* > [data-x] { right: 1px }\n"
        "@media print { p { top: 1px } q { top: 2px } }\n@media screen { q { top: 3px } }\n"
        "@font-face { font-family: x }"
    )
    for folder in (own, site / "_static"):
        (folder / "course.css").write_text(".never { top: 0 }")
    config = SimpleNamespace(html_static_path=["own", str(site / "_static")])
    html = SimpleNamespace(format="html")
    return SimpleNamespace(confdir=tmp_path, outdir=site, doctreedir=doctrees, config=config, builder=html)


def test_rules_that_nothing_uses_are_left_out(load, styled):
    load("unused_rules").reduce_sheets(styled, None)
    assert (styled.outdir / "_static/theme.css").read_text().split("\n") == [
        "/* Copyright: someone */",
        '@import "basic.css";',
        ".wide{color: red}",
        "#first:hover{top: 0}",
        ".said:not(.never)::before,.inline{left: 0}",
        "* > [data-x]{right: 1px}",
        "@media print {p{top: 1px}}",
        "@font-face { font-family: x }",
    ]
    assert (styled.outdir / "_static/course.css").read_text() == ".never { top: 0 }"
    missing = json.loads((styled.doctreedir / "unused_rules.json").read_text())
    assert missing == ["Text", "data", "em", "narrow", "q", "second", "template"]


def test_style_sheets_that_cannot_be_read_fail_the_build(load, styled):
    (styled.outdir / "_static/theme.css").write_text(".wide { top: 0 } }")
    with pytest.raises(ExtensionError, match="a style sheet must be readable"):
        load("unused_rules").reduce_sheets(styled, None)


def test_style_sheets_without_unused_rules_fail_the_build(load, styled):
    (styled.outdir / "_static/theme.css").write_text(".wide { top: 0 }")
    with pytest.raises(ExtensionError, match="the theme must have rules that no page uses"):
        load("unused_rules").reduce_sheets(styled, None)


def test_code_has_elements_for_what_has_a_colour_of_its_own(load):
    formatter = load("light_code").LightFormatter()
    html = highlight("import os\n\nx = [f(1)]\n", PythonLexer(), formatter)
    assert html == (
        '<div class="highlight" style="--lines:3;--rows:3;--columns:10"><pre><span></span>'
        '<span class="kn">import</span> os\n\n'
        'x <span class="o">=</span> [f(<span class="mi">1</span>)]\n</pre></div>\n'
    )


def fold_as_a_phone(html):
    """Return the rows that a phone shows of a line."""
    return unescape(re.sub(r'<i data-fold="( *)"></i>', r"\n\1", html)).split("\n")


def test_lines_that_fit_a_phone_are_left_as_they_are(load):
    assert load("light_code").fold_block(["x" * 48, "y"], 48) == ["x" * 48, "y"]


def test_a_long_line_is_continued_at_a_space_and_further_in(load):
    line = "    total = total + first_of_many_numbers[0] * second_of_many &amp; 1"
    assert fold_as_a_phone(*load("light_code").fold_block([line], 48)) == [
        "    total = total + first_of_many_numbers[0] * ",
        "        second_of_many & 1",
    ]


def test_a_number_is_not_folded_at_its_point(load):
    line = "training.fit(network,digits,run,learning_rate=0.0123)"
    assert line.index(".0123") == 47  # the last letter of the row
    (folded,) = load("light_code").fold_block([line], 48)
    assert fold_as_a_phone(folded) == ["training.fit(network,digits,run,", "    learning_rate=0.0123)"]


def test_what_has_no_place_to_fold_at_fills_its_rows(load):
    (folded,) = load("light_code").fold_block(["x" * 140], 48)
    assert [len(row) for row in fold_as_a_phone(folded)] == [48, 48, 48, 8]


def test_the_rows_of_a_printed_table_are_folded_at_one_gap(load):
    table = [
        f"{name:10} {'accuracy 0.90 (0.88…0.92)':30} {'errors 0.50 (0.40…0.60)':25}"
        for name in ("max", "average", "none")
    ]
    shown = [fold_as_a_phone(row) for row in load("light_code").fold_block(table, 60)]
    assert [row[1] for row in shown] == ["    errors 0.50 (0.40…0.60)  "] * 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet='ab <&"', max_size=150), max_size=4), st.sampled_from([48, 60]))
def test_folding_loses_no_letter_and_no_row_is_too_wide(load, lines, columns):
    for line, folded in zip(lines, load("light_code").fold_block([*map(escape, lines)], columns), strict=True):
        assert unescape(re.sub("<i[^>]*></i>", "", folded)) == line
        assert max(len(row.rstrip()) for row in fold_as_a_phone(folded)) <= columns


def test_a_signature_has_no_element_for_each_word_and_other_code_keeps_its_own(load):
    word = '<span class="pre">f</span>'
    context = {"body": f'<dt class="sig py"><em>{word}</em></dt><p><code>{word}</code></p>'}
    load("light_code").join_words(None, "a", "page.html", context, None)
    assert context["body"] == f'<dt class="sig py"><em>f</em></dt><p><code>{word}</code></p>'


def a_script(name=None, priority=500, **attributes):
    return SimpleNamespace(filename=name, priority=priority, attributes=attributes)


def sort_scripts(load, body="", template="page.html"):
    """Return what stands in the head of a page and what at its end."""
    own = a_script("_static/course.js", defer="defer")
    tools, first = a_script("_static/doctools.js"), a_script("_static/options.js", 200)
    tabs = a_script("_static/design-tabs.js", **{"data-prefix": "x"})
    named = a_script(body="DOCUMENTATION_OPTIONS.pagename = 'a';")
    context = {"script_files": [own, tools, tabs, named, first], "body": body}
    load("late_scripts").sort_scripts(None, "a", template, context, None)
    return [[script.filename for script in context[place]] for place in ("script_files", "late_scripts")]


def test_scripts_of_the_head_stand_at_the_end(load):
    ours, (options, tools, tabs) = (
        ["_static/course.js"],
        [f"_static/{n}.js" for n in ("options", "doctools", "design-tabs")],
    )
    assert sort_scripts(load) == [ours, [options, tools]]
    assert sort_scripts(load, '<label class="sd-tab-label">') == [ours, [options, tools, tabs]]
    assert sort_scripts(load, template="search.html") == [[options, *ours, tools], []]


HEADER = 'document.getElementsByClassName("bd-header")[0].getBoundingClientRect()'
# What each script of the theme does when a page has loaded, and what is done instead.
WAITS = {
    "scripts/pydata-sphinx-theme.js": (
        '"complete"===document.readyState?T():window.addEventListener("load",T);',
        "0;",
    ),
    "scripts/bootstrap.js": (f"e={HEADER};", f"e={{get bottom(){{return {HEADER}.bottom}}}};"),
    "copybutton.js": (
        "runWhenDOMLoaded(addCopyButtonToCodeCells);",
        'addEventListener("load", () => setTimeout(addCopyButtonToCodeCells));',
    ),
}


@pytest.fixture
def theme(tmp_path):
    """Return the app of a site with the theme's scripts."""
    for name, (done, _) in WAITS.items():
        path = tmp_path / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"a();{done}")
    (tmp_path / "_static" / "doctools.js").write_text("first();")
    return SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(format="html"))


def test_what_can_wait_when_a_page_has_loaded_does(load, theme):
    load("late_scripts").let_wait(theme, None)
    for name, (_, instead) in WAITS.items():
        assert (theme.outdir / "_static" / name).read_text() == f"a();{instead}"


def test_what_gives_each_script_a_task_of_its_own_comes_first(load, theme):
    late_scripts = load("late_scripts")
    late_scripts.let_wait(theme, None)
    text = (theme.outdir / "_static" / "doctools.js").read_text()
    assert text == late_scripts.ONE_BY_ONE.read_text(encoding="utf-8") + "first();"


@pytest.mark.parametrize("count", [0, 2])
@pytest.mark.parametrize("name", WAITS)
def test_a_script_that_waits_otherwise_stops_the_build(load, theme, name, count):
    (theme.outdir / "_static" / name).write_text(WAITS[name][0] * count)
    with pytest.raises(ExtensionError, match=f"late_scripts: {name} must do once, .* Received: {count} times"):
        load("late_scripts").let_wait(theme, None)


@pytest.fixture
def awesome(tmp_path):
    """Return the static folder of a site whose theme brings Font Awesome."""
    folder = tmp_path / "_static" / "vendor" / "fontawesome" / "6.5.2"
    (folder / "css").mkdir(parents=True)
    (folder / "webfonts").mkdir()
    (folder / "css" / "all.min.css").write_text("")
    for face in ("solid-900", "regular-400", "brands-400"):
        (folder / "webfonts" / f"fa-{face}.ttf").write_text("")
    return tmp_path / "_static"


def test_icons_are_found(load, awesome):
    assert load("icons").find_original(awesome) == awesome / "vendor/fontawesome/6.5.2"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda folder: folder.rename(folder.parent.with_name("awesome")),
            r"one version of Font Awesome\. Received: \[\]",
        ),
        (lambda folder: folder.with_name("7.0.0").mkdir(), r"Received: \['6\.5\.2', '7\.0\.0'\]"),
        (lambda folder: (folder / "css/all.min.css").unlink(), r"Received: no css/all\.min\.css"),
        (lambda folder: (folder / "webfonts/fa-solid-900.ttf").unlink(), r"Received: no webfonts/fa-solid-900\.ttf"),
    ],
)
def test_icons_fail_when_font_awesome_is_another(load, awesome, change, message):
    change(awesome / "vendor" / "fontawesome" / "6.5.2")
    with pytest.raises(ExtensionError, match=message):
        load("icons").find_original(awesome)


def test_icons_fail_when_the_style_sheet_names_none(load, awesome):
    app = SimpleNamespace(outdir=awesome.parent, builder=SimpleNamespace(format="html"))
    with pytest.raises(ExtensionError, match=r"must name over a thousand icons\. Received: 0 of them"):
        load("icons").write_icons(app, None)


def test_a_fold_whose_label_is_another_fails_the_build(load, monkeypatch):
    folded = load("folded")
    node = folded.HideCodeCellNode(prompt_show="Show the code", prompt_hide="Hide the code")
    translator = SimpleNamespace(body=["before"])
    folded.open_fold(translator, node)
    assert "<summary>" in "".join(translator.body)
    monkeypatch.setattr(folded, "LABEL", ' aria-label="Another"')
    with pytest.raises(
        ExtensionError, match=r'folded: a fold must have the label aria-label="Another"\. Received: <details'
    ):
        folded.open_fold(translator, node)


def show_source(load, url, *, page="book/page", address="https://github.com/o/n"):
    """Show the source button of one page; return its address."""
    config = SimpleNamespace(html_theme_options={"repository_url": address})
    app = SimpleNamespace(env=SimpleNamespace(found_docs={"book/page"}), config=config)
    context = {"header_buttons": [{"buttons": [{"url": "https://mybinder.org"}, {"url": url}, {"type": "javascript"}]}]}
    load("launch").show_rendered(app, page, "page.html", context, None)
    return context["header_buttons"][0]["buttons"][1]["url"]


def test_the_source_is_linked_as_it_is_rendered(load):
    assert show_source(load, "https://github.com/o/n/blob/HEAD/a.ipynb?plain=1").endswith("/a.ipynb")


def test_launch_fails_when_the_source_button_is_another(load):
    with pytest.raises(ExtensionError, match=r"launch: the source button must have an address that ends in \?plain=1"):
        show_source(load, "https://github.com/o/n/raw/a.ipynb")


@pytest.mark.parametrize("other", [{"page": "search"}, {"address": ""}])
def test_pages_without_a_source_button_are_left_alone(load, other):
    assert show_source(load, "https://example.org", **other) == "https://example.org"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        (
            "https://o.github.io/n/",
            "[Download the archive of these pages](https://o.github.io/n/from-anns-to-cnns.zip).",
        ),
        ("", ""),
    ],
)
def test_the_archive_is_offered_where_the_pages_are_published(load, address, link):
    config = SimpleNamespace(html_baseurl=address, myst_substitutions={"other": "stays"})
    load("archive_link").set_link(None, config)
    assert config.myst_substitutions == {"other": "stays", "archive": link}


@pytest.fixture
def formulas(tmp_path):
    """Return a built site with a formula on one page, and the font of the formulas."""
    (tmp_path / "_static").mkdir()
    source = EXTENSIONS.parent / "_static" / "noto-sans-math.woff2"
    (tmp_path / "_static" / source.name).write_bytes(source.read_bytes())
    (tmp_path / "page.html").write_text(
        "<p>q</p><math><mi>h</mi><mo>&le;</mo>\n<mi>σ</mi><msqrt><mo>(</mo></msqrt></math>"
    )
    return tmp_path


def test_the_font_of_the_formulas_holds_their_signs_and_no_others(load, formulas):
    load("math_font").cut_font(SimpleNamespace(outdir=formulas, builder=SimpleNamespace(format="html")), None)
    path = formulas / "_static" / "noto-sans-math.woff2"
    font = TTFont(path)
    # With the mirrored signs, which the font's features name.
    assert set(map(chr, font.getBestCmap())) == {*"h≤σ(√", "ℎ", "𝜎", *"≥)"}
    # The pieces of a bracket that grows.
    assert font["MATH"].table.MathVariants.VertGlyphConstruction[0].GlyphAssembly.PartCount >= 3
    assert path.stat().st_size < 8_000


def test_the_font_of_the_formulas_stays_where_something_failed(load, formulas):
    before = (formulas / "_static" / "noto-sans-math.woff2").read_bytes()
    load("math_font").cut_font(SimpleNamespace(outdir=formulas, builder=SimpleNamespace(format="html")), ValueError())
    assert (formulas / "_static" / "noto-sans-math.woff2").read_bytes() == before


def test_the_font_of_the_formulas_needs_formulas(load, formulas):
    (formulas / "page.html").write_text("<p>text</p>")
    with pytest.raises(ExtensionError, match="math_font: the pages must hold formulas in MathML"):
        load("math_font").cut_font(SimpleNamespace(outdir=formulas, builder=SimpleNamespace(format="html")), None)


@pytest.mark.parametrize("stored", [FALLBACK, "An older sentence."])
def test_a_page_says_what_a_figure_needs_there(load, stored):
    figure = explorables.Pooling().to_html().replace(FALLBACK, stored)
    context = {"body": f"<p>Text</p>{figure}<p>{stored}</p>"}
    extension = load("explorable")
    extension.replace_sentences(None, "page", "page.html", context, None)
    assert context["body"] == f"<p>Text</p>{figure.replace(stored, extension.NO_SCRIPT)}<p>{stored}</p>"
    extension.replace_sentences(None, "search", "search.html", {}, None)


BIBLIOGRAPHY = publish_doctree("See [A1]_ and [B2]_.\n\n.. [A1] One.\n.. [B2] Two.\n")


def test_entries_of_the_bibliography_are_items_of_a_list(load):
    context = {"body": '<div role="doc-biblioentry">One</div><div role="doc-biblioentry">Two</div>'}
    load("bibliography_roles").replace_roles(None, "references", "page.html", context, BIBLIOGRAPHY)
    assert context["body"] == '<div role="listitem">One</div><div role="listitem">Two</div>'


@pytest.mark.parametrize("body", ["<dt>One</dt><dt>Two</dt>", '<div role="doc-biblioentry">One</div><div>Two</div>'])
def test_bibliography_roles_fail_when_an_entry_has_another_role(load, body):
    with pytest.raises(ExtensionError, match=r"each entry must have role=doc-biblioentry\. Received: [01] of 2"):
        load("bibliography_roles").replace_roles(None, "references", "page.html", {"body": body}, BIBLIOGRAPHY)


def test_a_page_without_entries_needs_no_role(load):
    context = {"body": "<p>Text</p>"}
    load("bibliography_roles").replace_roles(None, "page", "page.html", context, publish_doctree("Text"))
    load("bibliography_roles").replace_roles(None, "search", "page.html", context, None)
    assert context == {"body": "<p>Text</p>"}


@pytest.fixture
def notebook(tmp_path):
    """Return the path of a notebook with two claims, as a chapter stores them."""
    records = [
        claims.record("one", 'A "quoted"; claim <here>', "A {book}", supports={"1 < 2; yes": True}),
        claims.record("two", "Another.", "A book", contradicts={"so": True}),
    ]
    cells = [nbformat.v4.new_markdown_cell("# What is it?")]
    for record, heading in zip(records, ("First part", "Second part"), strict=True):
        data = {"text/plain": claims.to_text(record), "text/html": claims.to_html(record), claims.MIME: record}
        output = nbformat.v4.new_output("display_data", data)
        cells += [nbformat.v4.new_markdown_cell(f"## {heading}"), nbformat.v4.new_code_cell("", outputs=[output])]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "01_topic.ipynb")
    return tmp_path / "01_topic.ipynb"


def test_the_page_of_claims_draws_the_card_of_the_chapter(load, notebook):
    title, found = load("stored_claims").read_claims(notebook)
    assert title == "What is it?"
    assert [(claim.record["key"], claim.heading) for claim in found] == [("one", "First part"), ("two", "Second part")]
    entry = load("claims_page").to_entry(found[0], "01_topic.html")
    assert claims.to_html(found[0].record) in entry
    assert '<a href="01_topic.html#first-part">First part</a>' in entry


def test_the_page_of_claims_says_in_which_universes_a_claim_stands(load, notebook):
    module = load("stored_claims")
    _, (one, two) = module.read_claims(notebook)
    assert one.stands == two.stands == {}
    assert "universes" not in load("claims_page").to_entry(one, "01_topic.html")
    entries = {
        "one": {"wording": claims.wording(one.record), "verdicts": {"other seeds": "holds", "long": "does not hold"}},
        # This one has been reworded since.
        "two": {"wording": "Another claim.", "verdicts": {"other seeds": "does not hold"}},
    }
    (notebook.parent / "multiverse.json").write_text(json.dumps({"claims": entries}))
    _, (one, two) = module.read_claims(notebook)
    assert (one.stands, two.stands) == ({"other seeds": True, "long": False}, {})
    entry = load("claims_page").to_entry(one, "01_topic.html")
    assert '<span aria-hidden="true">●○</span> It stands in 1 of 2 other universes; another verdict with long.' in entry


def test_claims_are_counted_by_verdict(load, notebook):
    _, found = load("stored_claims").read_claims(notebook)
    choice = load("claims_page").to_filter(found)
    for label in ("All: 2", "Holds: 1", "Holds with a condition: 0", "Does not hold: 1", "Not decided here: 0"):
        assert f"> {label}</label>" in choice


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
    assert load("lazy_images").complete(tag, tmp_path) == expected


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("<img src='a.png'", "a picture must have a source in double quotes"),
        ("<img data-src=a.png", "a picture must have a source in double quotes"),
        ('<img src="gone.png"', "a picture's source must be a file of the site"),
    ],
)
def test_lazy_images_fail_on_a_picture_that_they_cannot_measure(load, tmp_path, tag, message):
    with pytest.raises(ExtensionError, match=f"lazy_images: {message}. Received: <img"):
        load("lazy_images").complete(tag, tmp_path)


def test_a_drawing_without_a_size_is_refused(load, tmp_path):
    (tmp_path / "a.svg").write_text("<svg></svg>")
    with pytest.raises(ValueError, match=r"An SVG file must have a viewBox\. Received: .*a\.svg"):
        load("lazy_images").measure(tmp_path / "a.svg")


@pytest.mark.parametrize(
    ("text", "description"),
    [
        (".. note:: An aside.\n\nWith :math:`x` in it.\n\nThe *first* one.\n\nThe second.", "The first one."),
        ("word " * 100, "word " * 39 + "…"),
        ("A first sentence that is long enough. And? " + "word " * 99, "A first sentence that is long enough. And?"),
        ("* a list", ""),
        ("**Pooling**\n\n**Eight** filters look.", "Eight filters look."),
    ],
)
def test_a_page_is_described_by_its_first_plain_paragraph(load, text, description):
    page = publish_doctree(f"Title\n=====\n\n{text}\n", settings_overrides={"doctitle_xform": False})
    assert load("open_graph").describe(page) == description


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("Owner/course", "https://owner.github.io/course/"),
        ("Owner/owner.github.io", "https://owner.github.io/"),
        (None, ""),
    ],
)
def test_address_is_that_of_github_pages_or_none(load, monkeypatch, repository, address):
    open_graph, config = load("open_graph"), SimpleNamespace(html_baseurl="")
    monkeypatch.setattr(open_graph, "repository", lambda folder: repository)
    open_graph.find_address(SimpleNamespace(confdir="."), config)
    assert config.html_baseurl == address


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (".. quiz:: pooling", 'data-explorable="quiz"'),
        (".. quiz:: pooling\n   :heights: 3 2 1", 'style="--lx-320:3px;--lx-390:2px;--lx-1280:1px"'),
        (".. answer:: map_size", 'data-explorable="exercise"'),
        (".. quiz:: nothing", "topic must be one of"),
        (".. answer:: nothing", "name must be one of"),
    ],
)
def test_a_page_asks_what_there_is_and_says_what_there_is_not(load, source, told):
    questions = load("questions")
    directives.register_directive("quiz", questions.QuizDirective)
    directives.register_directive("answer", questions.AnswerDirective)
    assert told in publish_doctree(source, settings_overrides={"report_level": 5, "halt_level": 5}).astext()


def test_a_page_does_not_ask_to_run_a_cell_again(load):
    prompt = f"→ {topics.common_words()['your_turn']}"
    page = publish_doctree(f"Before::\n\n   {prompt}\n\nAfter::\n\n   {prompt} More.\n")
    load("questions").leave_out_prompts(None, page)
    assert page.astext().split("\n\n") == ["Before:", "After:", f"{prompt} More."]


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("6. Pooling · What does pooling buy?", ("6", "Pooling", "What does pooling buy?", "pooling")),
        ("Glossary · What do the words mean?", ("", "Glossary", "What do the words mean?", "pooling")),
        ("12. Where next?", ("12", "Where next?", "", "pooling")),
        ("6b. Images out · What else?", ("6b", "Images out", "What else?", "pooling")),
    ],
)
@pytest.mark.parametrize("page", ["book/06_pooling", "book/06b_pooling"])
def test_a_title_has_a_number_a_name_and_a_question(load, page, title, parts):
    entry = load("contents").read_title(page, title)
    assert (entry.number, entry.name, entry.question, entry.topic) == parts
    assert entry.title == title.removeprefix(f"{entry.number}. ")


@pytest.fixture
def from_chapters(load, tmp_path, monkeypatch):
    """Return a function that gives what a directive makes of two chapters; the second one has no plan and no line."""
    chapters = load("chapters")
    monkeypatch.setattr(chapters, "TOPICS", tmp_path)
    (tmp_path / "images").mkdir()
    (tmp_path / "images/instructors.md").write_text("**Plan.** Ask.\n")
    for name, metadata in (("01_images", {"summary": "A grid."}), ("02_dense", {})):
        cell = nbformat.v4.new_markdown_cell(f"# What is {name[3:]}?\n\nText.", id="first")
        nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=metadata), tmp_path / f"{name}.ipynb")
    env = SimpleNamespace(
        doc2path=lambda page: str(tmp_path / f"{page}.ipynb"), note_dependency=lambda path: read.append(Path(path).name)
    )
    read = []

    def make(name, title):
        directive = getattr(chapters, name).__new__(getattr(chapters, name))
        directive.state = SimpleNamespace(document=SimpleNamespace(settings=SimpleNamespace(env=env)))
        directive.lineno, directive.name = 1, name
        page = {"1": "01_images", "2": "02_dense"}[title[0]]
        return directive.to_markdown(load("contents").read_title(page, title)), read

    return make


def test_the_landing_page_gets_the_name_the_question_and_the_line_of_a_chapter(from_chapters):
    text, read = from_chapters("ChaptersDirective", "1. Images · What is images?")
    assert text == "[Images](01_images.ipynb)\n: What is images? A grid."
    assert read == ["01_images.ipynb"]


def test_instructors_get_the_plan_of_a_chapter_under_its_heading(from_chapters):
    text, read = from_chapters("PlansDirective", "1. Images · What is images?")
    assert text == "## 1. What is images?\n\n**Plan.** Ask."
    assert sorted(read) == ["01_images.ipynb", "instructors.md"]


@pytest.mark.parametrize(
    ("directive", "told"),
    [
        ("ChaptersDirective", r'must have a line "summary"\. Received: 02_dense\.ipynb'),
        ("PlansDirective", r"must have a plan for instructors\. Received: no instructors\.md in dense"),
    ],
)
def test_a_chapter_without_its_line_or_its_plan_is_named(from_chapters, directive, told):
    with pytest.raises(DirectiveError) as error:
        from_chapters(directive, "2. Dense networks · What is dense?")
    assert re.search(told, error.value.msg)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Neighbors and neighborhoods", "neighbours and neighbourhoods"),
        ("3×3, 3 x 3 and 28×28×1", "3x3, 3x3 and 28x28x1"),
        ("a CheatSheet, an optimizer", "a cheat sheet, an optimiser"),
        ("neighbours, optimisers, a cheat sheet", "neighbours, optimisers, a cheat sheet"),
    ],
)
def test_the_search_has_one_spelling(load, text, own):
    words = load("search_words")
    assert words.respell(text) == own
    assert words.CourseEnglish({}).split(text) == re.findall(r"\w+", own)


def test_a_name_is_indexed_in_every_spelling_with_one_target(load):
    (index,) = [load("search_words").to_index(["1×1 neighbour"], "term-one")]
    assert {entry[1] for entry in index["entries"]} == {"1×1 neighbour", "1x1 neighbour", "1×1 neighbor"}
    assert {entry[2:4] for entry in index["entries"]} == {("term-one", "main")}


def test_a_spelling_is_not_the_beginning_of_the_one_that_replaces_it(load):
    spellings = load("search_words").read_words()["spellings"]
    assert {own for own in spellings.values() if load("search_words").respell(own) != own} == set()


# Wide tables on a phone -----------------------------------------------------------------------------------------------

WIDE = (
    '<table class="table"><thead><tr><th><p>layer</p></th><th><p>what it &amp; does</p></th><th><p>why</p></th></tr>'
    "</thead><tbody><tr><td><p>dense</p></td><td><p>a weighted sum of inputs</p></td><td><p>it sees all</p></td></tr>"
    "<tr><td><p>ReLU</p></td><td><p>cuts at zero</p></td><td></td></tr></tbody></table>"
)


def test_each_cell_of_a_wide_table_knows_the_head_of_its_column(load):
    context = {"body": f"<p>before</p>{WIDE}<p>after</p>"}
    load("narrow_tables").stack_tables(None, "page", "page.html", context, None)
    body = context["body"]
    assert body.startswith('<p>before</p><table class="stacked table">')
    assert re.findall(r'<td data-label="([^"]*)"><p>([^<]*)', body) == [
        ("what it &amp; does", "a weighted sum of inputs"),
        ("why", "it sees all"),
        ("what it &amp; does", "cuts at zero"),
    ]
    assert re.sub(r' data-label="[^"]*"|stacked ', "", body) == f"<p>before</p>{WIDE}<p>after</p>"


@pytest.mark.parametrize(
    "table",
    [
        '<table class="table"><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></table>',
        WIDE.replace("<thead>", "").replace("</thead>", ""),
        WIDE.replace("<td></td>", ""),
    ],
    ids=["narrow", "without a head", "with a row that has fewer cells"],
)
def test_another_table_stays_as_it_is(load, table):
    context = {"body": table}
    load("narrow_tables").stack_tables(None, "page", "page.html", context, None)
    assert context["body"] == table
