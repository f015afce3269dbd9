"""Write what a page runs: one script with the figures, the record of progress and the rest, and what figures ask for.

The sources are ES modules and files of numbers. Here they become classic scripts, because a browser loads neither
modules nor data for a page that was opened as a file. The weights are scripts of their own, for which a figure asks
when the reader comes near; so are the code that trains networks and the digits, for which a figure asks when the
reader trains. The modules lie beside them, for those who want to read them; no page loads one.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING

from linker import link, link_function, minify

from lessons_lib import explorables
from lessons_lib.explorables.base import STATIC

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

OWN = Path(__file__).parents[1] / "_static"
NAME = "course.js"
# What makes the training of networks: on a page, and as the source of a worker.
TRAINING = "globalThis.courseTraining = {};\n"


def find_sources() -> dict[str, Path]:
    """Return the modules of the course by their names."""
    return {path.name: path for folder in (OWN, STATIC) for path in sorted(folder.glob("*.js"))}


def to_entry(sources: dict[str, Path]) -> str:
    """Return the module that begins: it mounts every figure, and runs what exports nothing."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sources.values()}
    figures = [stem for stem, text in texts.items() if "\nexport default " in text]
    alone = [stem for stem, text in texts.items() if "\nexport " not in text]
    lines = [
        'import { mountAll } from "./host.js";',
        *(f'import {stem} from "./{stem}.js";' for stem in figures),
        *(f'import "./{stem}.js";' for stem in alone),
        f"mountAll({{ {', '.join(figures)} }}, document.currentScript.src);",
    ]
    return "\n".join(lines)


def to_script() -> str:
    """Return the one script of every page."""
    sources = find_sources()
    entry = to_entry(sources)
    return minify(link(NAME, lambda name: entry if name == NAME else sources[name].read_text(encoding="utf-8")))


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
    """Write the script of every page and the one that trains, and in folders beside them the weights and the digits."""
    (folder / NAME).write_text(to_script(), encoding="utf-8")
    (folder / "training.js").write_text(to_training(), encoding="utf-8")
    for kind, scripts in (("weights", to_weights()), ("digits", to_digits())):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, script in scripts.items():
            (folder / kind / f"{name}.js").write_text(script, encoding="utf-8")


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
    """Give every page the script, which runs when the page has been read."""
    app.connect("config-inited", leave_out_numbers)
    app.connect("builder-inited", write_first)
    app.add_js_file(NAME, defer="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
