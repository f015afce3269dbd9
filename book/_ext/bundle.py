"""Join the style sheets of a page into one file, and its scripts into another, so that it loads two dozen fewer files.

They name no source maps, which the site does not have, and of their comments the scripts keep those that tell whose
they are. Only files whose tags follow each other directly are joined. The extension expects that every page of the
theme has such neighbouring style sheets and scripts.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from expectations import expect
from linker import minify
from unused_rules import LICENCE

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# The tags that are joined: a style sheet for all media, and a script without further attributes. A module or a deferred
# script keeps its own tag.
FILES = {
    "css": r'<link\b(?=[^>]*\brel="stylesheet")(?![^>]*\bmedia=)[^>]*\bhref="([^":?]+)(?:\?[^"]*)?"[^>]*>',
    "js": r'<script src="([^":?]+)(?:\?[^"]*)?"></script>',
}
# The tags of all style sheets and scripts, with which files that are not joined are noticed.
ANY_FILES = {"css": r"<link\b[^>]*\brel=[\"']?stylesheet", "js": r"<script\b[^>]*\bsrc="}
TAGS = {"css": '<link rel="stylesheet" href="{}" />\n', "js": '<script src="{}"></script>\n'}
IMPORT = re.compile(r'@import "([^":]+)";')
SOURCE_MAP = re.compile(r"^(?://|/\*)# sourceMappingURL=.*$", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
URL = re.compile(r'url\((["\']?)([^"\':)]+)\1\)')


@cache
def shorten(script: str) -> str:
    """Return a script without its comments, but for those that tell whose it is."""
    notices = [comment for comment in COMMENT.findall(script) if LICENCE.search(comment)]
    return "\n".join([*notices, minify(script)])


def read(path: Path, static: Path) -> str:
    """Return the text of a file, ready to be joined.

    A script ends with a semicolon, so that another can follow; of its comments only notices of copyright stay. In a
    style sheet, imported files replace the imports, and addresses are relative to the folder of the joined file.
    """
    text = SOURCE_MAP.sub("", path.read_text(encoding="utf-8"))
    if path.suffix == ".js":
        return shorten(text) + ";"
    text = URL.sub(lambda url: f'url("{Path(relpath(path.parent / url[2], static)).as_posix()}")', text)
    return IMPORT.sub(lambda found: read((path.parent / found[1]).resolve(), static), text)


def join(html: str, folder: Path, static: Path, kind: str) -> str:
    """Replace the tags of neighbouring files by the tag of one file that holds their texts in the same order."""

    def replace(tags: re.Match[str]) -> str:
        files = [(folder / name).resolve() for name in re.findall(FILES[kind], tags[0])]
        text = "\n".join(['@charset "UTF-8";'] * (kind == "css") + [read(path, static) for path in files])
        bundle = static / f"all.{sha256(text.encode()).hexdigest()[:8]}.{kind}"
        bundle.write_text(text, encoding="utf-8")
        return TAGS[kind].format(Path(relpath(bundle, folder)).as_posix())

    joined, count = re.subn(rf"(?:{FILES[kind]}\s*){{2,}}", replace, html)
    files = len(re.findall(ANY_FILES[kind], html))
    rule = f"a page with several {kind} files must have neighbours to join"
    expect(count or files < 2, "bundle", rule, f"{files} files apart")
    return joined


def join_files(app: Sphinx, exception: Exception | None) -> None:
    """Join the files of every page, and remove the source maps."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir).resolve() / "_static"
    for page in set(static.parent.rglob("*.html")) - set(static.rglob("*.html")):  # without the theme's templates
        html = join(page.read_text(encoding="utf-8"), page.parent, static, "css")
        page.write_text(join(html, page.parent, static, "js"), encoding="utf-8")
    for source_map in static.rglob("*.map"):
        source_map.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when all pages and files are written."""
    app.connect("build-finished", join_files, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
