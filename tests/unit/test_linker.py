"""The linker: the one script does what the modules do, and what the linker does not know fails the build."""

from __future__ import annotations

import gzip
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from lessons_lib import explorables

EXTENSIONS = Path(__file__).parents[2] / "book" / "_ext"
DENO = Path(sys.executable).with_name("deno")
MODULES = {
    "page.js": """import play, { a as first, count } from "./one.js";
import * as all from "./one.js";
import "./loud.js";
console.log(first, count(), play.name, Object.keys(all).sort().join(), all.Thing.kind, all.b);
""",
    "one.js": """// import nothing from "./nowhere.js";
import { two } from "./two.js";
const text = `export const a = 1;
import "./nowhere.js"; ${two} ${`nested ${two}`}`;
export const a = text.length, other = 2;
let counted = 0;
export function count() { return ++counted; }
export async function late() { for await (const x of []) await x; }
export function* steps() { yield 1; }
export class Thing { static kind = "class"; }
const hidden = 7;
export { hidden as b, two };
export default { name: "player" };
""",
    "two.js": "export const two = 2;",
    "loud.js": 'console.log("loud");',
}
PRINTED = "loud\n53 1 player Thing,a,b,count,default,late,other,steps,two class 7\n"


@pytest.fixture
def linker(monkeypatch):
    """Import the linker as Sphinx imports an extension."""
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    return importlib.import_module("linker")


@pytest.fixture
def scripts(monkeypatch):
    """Import the extension that writes the scripts."""
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    return importlib.import_module("scripts")


def run(folder: Path, source: str) -> str:
    """Return what a script prints."""
    (folder / "run.js").write_text(source, encoding="utf-8")
    return subprocess.run([DENO, "run", folder / "run.js"], capture_output=True, encoding="utf-8", check=True).stdout


def test_the_one_script_does_what_the_modules_do(linker, tmp_path):
    for name, source in MODULES.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    modules = subprocess.run([DENO, "run", tmp_path / "page.js"], capture_output=True, encoding="utf-8", check=True)
    script = linker.link("page.js", MODULES.__getitem__)
    assert modules.stdout == run(tmp_path, script) == run(tmp_path, linker.minify(script)) == PRINTED
    assert script.count('$modules["one.js"] =') == 1


@pytest.mark.parametrize(
    "statement",
    [
        'export { two } from "./two.js";',
        'export * from "./two.js";',
        'export * as two from "./two.js";',
        "export let later = 1;",
        "export var later = 1;",
        "export const { a } = thing;",
        "export default function play() {}",
        'import two from "./two.json" with { type: "json" };',
        'import two from "two";',
        'import "https://example.org/two.js";',
        'import "../two.js";',
        'const two = await import("./two.js");',
        'function f() { return import("./two.js"); }',
        "const here = import.meta.url;",
        "await something;",
        "for await (const x of y) f(x);",
        "const $modules = 1;",
    ],
)
def test_an_unknown_form_is_refused_with_its_line(linker, statement):
    with pytest.raises(linker.LinkError, match=r"^mine\.js must import by .* Received in line 3: .+"):
        linker.link("mine.js", {"mine.js": f"// First.\nconst one = 1;\n{statement}\n", "two.js": ""}.__getitem__)


def test_a_module_of_the_book_names_one_of_the_figures_by_its_place(linker):
    modules = {"mine.js": 'import "../../lessons_lib/explorables/static/two.js";', "two.js": "globalThis.two = 2;"}
    assert "globalThis.two = 2;" in linker.link("mine.js", modules.__getitem__)


@pytest.mark.parametrize("source", ["const = 1;", "function f( {", "`open"])
def test_what_is_no_javascript_is_refused_with_its_line(linker, source):
    with pytest.raises(linker.LinkError, match=r"^mine\.js must be JavaScript. Received in line 2"):
        linker.link("mine.js", lambda name: f"const one = 1;\n{source}")


def test_modules_that_import_each_other_are_refused(linker):
    circle = {"a.js": 'import "./b.js";', "b.js": 'import "./c.js";', "c.js": 'import "./b.js";'}
    with pytest.raises(linker.LinkError, match=r"Received: a\.js → b\.js → c\.js → b\.js"):
        linker.link("a.js", circle.__getitem__)


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("const a = 1; // one\n\n  /* two\n */ const b = a + 2;", "const a=1;const b=a+2;"),
        ("a - -b; a + +b; a - --b; a < !--b; a / /re x/.y", None),
        ("f( `${ left } rows  ${ `are ${ left }` } // text` );", "f(`${ left } rows  ${ `are ${ left }` } // text`);"),
        ("const s = 'a  // b', r = /  [/]  /g;", "const s='a  // b',r= /  [/]  /g;"),
        ("let a = 1\nlet b = a\n++b\nreturn_\n(a)", "let a=1\nlet b=a\n++b\nreturn_\n(a)"),
        ("f( 1 .toFixed() );", "f(1 .toFixed());"),
        ("const größe = typeof x, { in: y } = void 0;", "const größe=typeof x,{in:y}=void 0;"),
    ],
)
def test_shortening_drops_comments_and_spaces_alone(linker, long, short):
    minified = linker.minify(long)
    assert words(linker, minified) == words(linker, long)
    assert short is None or minified == short + "\n"


def words(linker, source):
    return [linker.text(token) for token in linker.tokens(linker.parse(source, "a test"))]


def test_the_scripts_of_a_page_are_small_and_classic(linker, scripts, monkeypatch):
    every, page = scripts.to_script(), scripts.to_page_script(("activation", "exercise", "quiz"), frozenset())
    assert len(gzip.compress(every.encode(), 6)) <= 16_500
    assert len(gzip.compress(page.encode(), 6)) <= 20_000
    monkeypatch.setattr(scripts, "minify", lambda linked: linked)
    assert words(linker, every) == words(linker, scripts.to_script())
    for script in (every, page):
        kinds = {node.type for node in linker.walk(linker.parse(script, "the script"))}
        assert kinds & {"import_statement", "export_statement", "import", "meta_property"} == set()


def test_every_page_runs_what_no_page_can_do_without(scripts):
    lines = scripts.to_entry(scripts.find_sources()).splitlines()
    assert {'import "./host.js";', 'import "./progress.js";', 'import "./scrollers.js";'} <= set(lines)


def test_every_figure_and_question_can_be_on_a_page(scripts):
    names = {figure.module_name() for figure in explorables.figures().values()}
    names |= {"exercise", "intuition", "prediction", "quiz", "review"}
    assert set(scripts.find_drawn(scripts.find_sources())) == names


def test_the_code_of_a_late_figure_is_in_no_page_s_script(scripts):
    assert set(scripts.to_late()) == {"adversary", "latent", "recurrent", "trainlab", "why"}
    for name, script in scripts.to_late().items():
        opener, whole = (scripts.to_page_script((name,), late) for late in (scripts.find_late(), frozenset()))
        assert len(opener) < 1000 < len(whole)
        assert f'$modules["{name}.js"]' in script


def test_a_later_script_takes_what_an_earlier_one_holds(linker, tmp_path):
    sources = {
        "one.js": "export const one = 1;\nglobalThis.ran = (globalThis.ran ?? 0) + 1;",
        "two.js": 'import { one } from "./one.js";\nglobalThis.two = one + 1;',
    }
    first = linker.link("one.js", sources.__getitem__)
    second = linker.link("two.js", sources.__getitem__, {"one.js"})
    assert "export" not in second
    assert run(tmp_path, f"{first}{second}console.log(`${{globalThis.ran}},${{globalThis.two}}`);") == "1,2\n"
    alone = linker.link("two.js", sources.__getitem__)
    assert run(tmp_path, f"{alone}console.log(`${{globalThis.ran}},${{globalThis.two}}`);") == "1,2\n"


def test_the_weights_of_each_figure_are_one_script(scripts, tmp_path):
    one = dict.fromkeys(("adversary", "drawdigit", "latent", "recurrent", "why"), 1)
    files = one | {"shiftlab": 3, "zeroshot": 3}
    assert set(scripts.to_weights()) == set(files)
    for name, script in scripts.to_weights().items():
        sizes = "Object.entries(courseFiles).map(([name, files]) => [name, Object.keys(files).length])"
        printed = run(tmp_path, f"globalThis.courseFiles = {{}};\n{script}\nconsole.log(String({sizes}));")
        assert printed == f"{name},{files[name]}\n"
