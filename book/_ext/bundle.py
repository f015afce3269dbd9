"""Join a page's style sheets into one file, and neighbouring scripts too: the theme and its extensions bring two dozen.

It expects that every page of the theme has style sheets and scripts side by side.
"""

from __future__ import annotations

import re
from hashlib import sha256
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from expectations import expect

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# A style sheet for every medium; a script without further attributes: a module or a deferred script keeps its tag.
FILES = {
    "css": r'<link\b(?=[^>]*\brel="stylesheet")(?![^>]*\bmedia=)[^>]*\bhref="([^":?]+)(?:\?[^"]*)?"[^>]*>',
    "js": r'<script src="([^":?]+)(?:\?[^"]*)?"></script>',
}
# The same files in any spelling of their tags, to notice those that are not joined.
ANY_FILES = {"css": r"<link\b[^>]*\brel=[\"']?stylesheet", "js": r"<script\b[^>]*\bsrc="}
TAGS = {"css": '<link rel="stylesheet" href="{}" />\n', "js": '<script src="{}"></script>\n'}
IMPORT = re.compile(r'@import "([^":]+)";')
URL = re.compile(r'url\((["\']?)([^"\':)]+)\1\)')


def read(path: Path, static: Path) -> str:
    """Read a script, closed for the next to follow, or a style sheet, its imports put in and its addresses mended."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".js":
        return text + "\n;"
    text = URL.sub(lambda url: f'url("{Path(relpath(path.parent / url[2], static)).as_posix()}")', text)
    return IMPORT.sub(lambda found: read((path.parent / found[1]).resolve(), static), text)


def join(html: str, folder: Path, static: Path, kind: str) -> str:
    """Replace each run of files, nothing between them, by one file: so what comes first still comes first."""

    def replace(run: re.Match[str]) -> str:
        files = [(folder / name).resolve() for name in re.findall(FILES[kind], run[0])]
        text = "\n".join(['@charset "UTF-8";'] * (kind == "css") + [read(path, static) for path in files])
        bundle = static / f"all.{sha256(text.encode()).hexdigest()[:8]}.{kind}"
        bundle.write_text(text, encoding="utf-8")
        return TAGS[kind].format(Path(relpath(bundle, folder)).as_posix())

    joined, runs = re.subn(rf"(?:{FILES[kind]}\s*){{2,}}", replace, html)
    files = len(re.findall(ANY_FILES[kind], html))
    rule = f"a page with several {kind} files must have neighbours to join"
    expect(runs or files < 2, "bundle", rule, f"{files} files apart")
    return joined


def join_files(app: Sphinx, exception: Exception | None) -> None:
    """Join the files of every page."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir).resolve() / "_static"
    for page in set(static.parent.rglob("*.html")) - set(static.rglob("*.html")):  # the theme's templates
        html = join(page.read_text(encoding="utf-8"), page.parent, static, "css")
        page.write_text(join(html, page.parent, static, "js"), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Join once all pages and files are written."""
    app.connect("build-finished", join_files, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
