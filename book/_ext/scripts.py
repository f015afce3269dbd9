"""Write what a page runs: the script of all pages, one with the page's figures and questions, and what figures ask for.

The sources are ES modules and files of numbers. Here they become classic scripts, because a browser loads neither
modules nor data for a page that was opened as a file. The script of all pages has the record of progress and the rest
that every page needs; pages with the same figures share the second one. The weights are scripts of their own, for which
a figure asks when the reader comes near; so are the code that trains networks and the digits, for which a figure asks
when the reader trains. The modules lie beside them, for those who want to read them; no page loads one.
"""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linker import collect, link, link_function, minify

from lessons_lib import explorables
from lessons_lib.explorables.base import STATIC

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sphinx.application import Sphinx
    from sphinx.config import Config

OWN = Path(__file__).parents[1] / "_static"
NAME = "course.js"
ENTRY = "entry.js"
EXPLORABLE = re.compile(r'data-explorable="([a-z]+)"')
# What makes the training of networks: on a page, and as the source of a worker.
TRAINING = "globalThis.courseTraining = {};\n"


def find_sources() -> dict[str, Path]:
    """Return the modules of the course by their names."""
    return {path.name: path for folder in (OWN, STATIC) for path in sorted(folder.glob("*.js"))}


def _is_drawn(source: str) -> bool:
    """Tell whether a module draws a figure or a question."""
    return "\nexport default " in source


def find_drawn(sources: dict[str, Path]) -> list[str]:
    """Return the names of all figures and questions."""
    return [path.stem for path in sources.values() if _is_drawn(path.read_text(encoding="utf-8"))]


def to_entry(sources: dict[str, Path]) -> str:
    """Return the module that begins on every page: it runs what exports nothing."""
    alone = [path.stem for path in sources.values() if "\nexport " not in path.read_text(encoding="utf-8")]
    return "\n".join(['import "./host.js";', *(f'import "./{stem}.js";' for stem in alone)])


def find_late() -> frozenset[str]:
    """Return the names of the figures whose code is asked for when the reader opens them."""
    return frozenset(figure.module_name() for figure in explorables.figures().values() if figure.late)


def to_page_entry(names: Collection[str], late: Collection[str]) -> str:
    """Return the module that mounts figures and questions; of those that are late, it mounts what opens them."""
    figures = [
        f'const {name} = late("{name}", base);' if name in late else f'import {name} from "./{name}.js";'
        for name in names
    ]
    mounts = f"mountAll({{ {', '.join(names)} }}, base);"
    lines = ['import { late, mountAll } from "./host.js";', "const base = document.currentScript.src;"]
    return "\n".join([*lines, *figures, mounts])


def _reader(entry: str) -> Callable[[str], str]:
    sources = find_sources()
    return lambda name: entry if name == ENTRY else sources[name].read_text(encoding="utf-8")


def to_script() -> str:
    """Return the script of every page."""
    return minify(link(ENTRY, _reader(to_entry(find_sources()))))


@cache
def to_page_script(names: tuple[str, ...], late: frozenset[str]) -> str:
    """Return the script that mounts figures and questions; it follows the script of every page."""
    return minify(link(ENTRY, _reader(to_page_entry(names, late)), _known()))


def to_late() -> dict[str, str]:
    """Return the script of each figure that is late, by the figure's name; it follows the script of every page."""
    return {name: minify(link(f"{name}.js", _reader(""), _known())) for name in sorted(find_late())}


def _known() -> set[str]:
    """Return the names of the modules that the script of every page holds."""
    return set(collect(ENTRY, _reader(to_entry(find_sources())))) - {ENTRY}


def to_training() -> str:
    """Return the script that trains networks: a function, whose text is also the source of a worker."""
    sources = find_sources()
    return minify(TRAINING.format(link_function("train.js", lambda name: sources[name].read_text(encoding="utf-8"))))


def hand_over(name: str, files: list[Path]) -> str:
    """Return a script that hands files over to the page, as base64 and by their names."""
    content = {file.name: base64.b64encode(file.read_bytes()).decode() for file in files}
    return f"courseFiles[{json.dumps(name)}] = {json.dumps(content)};\n"


def to_weights() -> dict[str, str]:
    """Return the script with the weights of each figure that has some, by the figure's name."""
    scripts = {}
    for figure in explorables.figures().values():
        if figure.class_traits().get("weights"):
            named = figure().weights
            files = [STATIC / "weights" / name for name in ([named] if isinstance(named, str) else named)]
            scripts[figure.module_name()] = hand_over(figure.module_name(), files)
    return scripts


def to_digits() -> dict[str, str]:
    """Return the script with each set of digits, by the name of the set."""
    return {file.stem: hand_over(file.stem, [file]) for file in sorted((STATIC / "digits").glob("*.bin"))}


def write_scripts(folder: Path) -> None:
    """Write the script of every page and the one that trains, and in folders beside them what is asked for."""
    (folder / NAME).write_text(to_script(), encoding="utf-8")
    (folder / "training.js").write_text(to_training(), encoding="utf-8")
    for kind, scripts in (("weights", to_weights()), ("digits", to_digits()), ("late", to_late())):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, script in scripts.items():
            (folder / kind / f"{name}.js").write_text(script, encoding="utf-8")


def write_page_script(folder: Path, names: Collection[str], late: frozenset[str] | None = None) -> str:
    """Write the script that mounts figures and questions, and return the name of its file.

    Parameters
    ----------
    folder : Path
        Where the scripts lie.
    names : collection of str
        The names of the figures and questions.
    late : frozenset of str, optional
        The names of those whose code is asked for when the reader opens them; by default those of `find_late`.
    """
    file = folder / f"page-{sha256(' '.join(names).encode()).hexdigest()[:8]}.js"
    file.write_text(to_page_script(tuple(names), find_late() if late is None else late), encoding="utf-8")
    return file.name


def add_page_script(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give a page the script with its figures and questions, if it has some."""
    if names := sorted(set(EXPLORABLE.findall(context.get("body", "")))):
        app.add_js_file(write_page_script(Path(app.outdir) / "_static", names), defer="defer", priority=600)


def leave_out_numbers(app: Sphinx, config: Config) -> None:
    """Keep the files of weights and digits, whose numbers are in scripts, out of the site."""
    config.exclude_patterns = [*config.exclude_patterns, "weights", "digits"]


def write_first(app: Sphinx) -> None:
    """Write the scripts before the pages, whose tags then tell one edition of a script from another."""
    if app.builder.format == "html":
        folder = Path(app.outdir) / "_static"
        folder.mkdir(parents=True, exist_ok=True)
        write_scripts(folder)


def setup(app: Sphinx) -> dict[str, bool]:
    """Give every page its scripts, which run when the page has been read."""
    app.connect("config-inited", leave_out_numbers)
    app.connect("builder-inited", write_first)
    app.connect("html-page-context", add_page_script)
    app.add_js_file(NAME, defer="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
