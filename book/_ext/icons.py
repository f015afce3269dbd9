"""Reduce Font Awesome to the icons that the pages show when the book is built: 6 kB instead of 900 kB.

The extension expects one version of Font Awesome in the theme, with its style sheet and three fonts, and that the pages
show icons.
"""

from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from expectations import expect
from fonts import write_font

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FACES = {"solid-900": ("Free", 900), "regular-400": ("Free", 400), "brands-400": ("Brands", 400)}
FACE = '@font-face{{font-family:"Font Awesome 6 {0}";font-weight:{1};font-display:block;src:url({2}) format("woff")}}\n'
ICON = re.compile(r'((?:\.fa-[\w-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')  # .fa-file-pdf:before{content:"\f1c1"}
NAME = re.compile(r"\bfa-[a-z0-9-]+")
# An icon in a style sheet: the character itself, or its hexadecimal number.
CHARACTER = re.compile("([\ue000-\uf8ff])|\\\\([ef][0-9a-f]{3})(?![0-9a-f])")


def find_original(static: Path) -> Path:
    """Return the theme's folder of Font Awesome, in which all files that are needed exist."""
    folders = sorted((static / "vendor" / "fontawesome").glob("*"))
    rule = "the theme must bring one version of Font Awesome"
    expect(len(folders) == 1, "icons", rule, [folder.name for folder in folders])
    needed = ["css/all.min.css", *(f"webfonts/fa-{face}.ttf" for face in FACES)]
    missing = [name for name in needed if not (folders[0] / name).is_file()]
    expect(not missing, "icons", f"Font Awesome must have {', '.join(needed)}", f"no {', '.join(missing)}")
    return folders[0]


def write_icons(app: Sphinx, exception: Exception | None) -> None:
    """Write icons.css and its fonts, and remove Font Awesome from the site."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    original = find_original(static)
    css = re.sub(r"@font-face\{.*?\}", "", (original / "css" / "all.min.css").read_text(encoding="utf-8"))
    icons = {name: int(number, 16) for names, number in ICON.findall(css) for name in NAME.findall(names)}
    expect(len(icons) > 1000, "icons", "the style sheet must name over a thousand icons", f"{len(icons)} of them")
    files = [path for path in static.parent.rglob("*.*") if static / "vendor" not in path.parents]
    pages = "".join(path.read_text(encoding="utf-8") for path in files if path.suffix in (".html", ".js"))
    styles = "".join(path.read_text(encoding="utf-8") for path in files if path.suffix == ".css")
    code_points = {icons[name] for name in NAME.findall(pages) if name in icons}
    expect(code_points, "icons", "the pages must show icons by their names", "none")
    code_points |= {ord(character) if character else int(number, 16) for character, number in CHARACTER.findall(styles)}
    css = ICON.sub(lambda rule: rule[0] if int(rule[2], 16) in code_points else "", css) + "\n"
    for face, (family, weight) in FACES.items():
        write_font(original / "webfonts" / f"fa-{face}.ttf", static / f"icons-{face}.woff", code_points, flavor="woff")
        css += FACE.format(family, weight, f"icons-{face}.woff")
    (static / "icons.css").write_text(css, encoding="utf-8")
    shutil.rmtree(static / "vendor")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when all pages are written; fontTools reports nothing but warnings."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    app.connect("build-finished", write_icons, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
