"""Leave out of the theme's style sheets the rules that match nothing on any page: 25 kB a page instead of 71 kB.

A selector is left out if it names a class, an id or an element that no page has and that no script says, as a script
may add what it says. The sheets of the course itself stay as they are. The names that were missing are written beside
the doctrees, and `tests/browser/site/test_unused_rules.py` looks whether one of them ever comes to a page.

The extension expects style sheets that it can read, with rules that nothing uses.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import tinycss2
from expectations import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from tinycss2.ast import AtRule, Node, QualifiedRule

RECORD = "unused_rules.json"
WORD = re.compile(r"[\w-]+")
# Blocks that hold rules.
GROUPS = {"container", "layer", "media", "supports"}
# Bootstrap puts this name together from two words.
PUT_TOGETHER = {"bs-tooltip-auto"}
LICENCE = re.compile(r"copyright|licen[cs]e", re.IGNORECASE)


class Page(HTMLParser):
    """The names on a page: its elements, classes and ids, and the words of its own scripts; and its other scripts."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.scripts: set[Path] = set()
        self._folder = path.parent
        self._in_script = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element is called."""
        self.names.add(tag)
        self._in_script = tag == "script" and ("type", "application/json") not in attrs
        for name, value in attrs:
            if name in ("class", "id"):
                self.names.update((value or "").split())
            elif name == "src" and value and self._in_script:
                self.scripts.add((self._folder / value.partition("?")[0]).resolve())

    def handle_data(self, data: str) -> None:
        """Note what a script says."""
        if self._in_script:
            self.names.update(WORD.findall(data))

    def handle_endtag(self, tag: str) -> None:
        """Note that a script has ended."""
        self._in_script = False


def find_names(site: Path) -> set[str]:
    """Return all names that a page of the site has or may get from its scripts."""
    static = site / "_static"
    pages = [
        Page(path) for path in set(site.rglob("*.html")) - set(static.rglob("*.html"))
    ]  # no templates of the theme
    scripts = set[Path]().union(*(page.scripts for page in pages))
    names = set[str]().union(*(page.names for page in pages))
    return names.union(*(WORD.findall(script.read_text(encoding="utf-8")) for script in scripts))


def find_needs(selector: list[Node]) -> Iterator[str]:
    """Yield the names without which a selector matches nothing; what stands in brackets asks for none."""
    before = ""
    for token in selector:
        if token.type == "hash" or (token.type == "ident" and before != ":"):
            yield token.value
        before = token.value if token.type == "literal" else ""


def split(prelude: list[Node]) -> list[list[Node]]:
    """Return the selectors of a list, which commas separate."""
    selectors: list[list[Node]] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


class Reducer:
    """Leaves rules out of style sheets, and remembers for which names.

    Parameters
    ----------
    names : set of str
        The names that there are.

    Attributes
    ----------
    missing : set of str
        The names that rules were left out for.
    """

    def __init__(self, names: set[str]) -> None:
        self._names = names
        self.missing: set[str] = set()

    def reduce(self, css: str) -> str:
        """Return a style sheet without what matches nothing and without comments, but with its licences."""
        nodes = tinycss2.parse_stylesheet(css, skip_whitespace=True)
        wrong = next((node for node in nodes if node.type == "error"), None)
        expect(wrong is None, "unused_rules", "a style sheet must be readable", wrong and wrong.message)
        return self._reduce(nodes)

    def _reduce(self, nodes: list[Node]) -> str:
        return "\n".join(filter(None, map(self._node, nodes)))

    def _node(self, node: Node) -> str:
        if node.type == "comment":
            return str(node.serialize()) if LICENCE.search(node.value) else ""
        if node.type == "qualified-rule":
            return self._rule(node)
        if node.type == "at-rule" and node.content is not None and node.lower_at_keyword in GROUPS:
            return self._group(node)
        return str(node.serialize())

    def _rule(self, rule: QualifiedRule) -> str:
        kept = []
        for selector in split(rule.prelude):
            missing = set(find_needs(selector)) - self._names
            self.missing |= missing
            if not missing:
                kept.append(tinycss2.serialize(selector).strip())
        content = tinycss2.serialize([node for node in rule.content if node.type != "comment"]).strip()
        return f"{','.join(kept)}{{{content}}}" if kept else ""

    def _group(self, group: AtRule) -> str:
        rules = self._reduce(tinycss2.parse_rule_list(group.content, skip_comments=True, skip_whitespace=True))
        return f"@{group.at_keyword}{tinycss2.serialize(group.prelude)}{{{rules}}}" if rules else ""


def find_own_sheets(app: Sphinx) -> set[str]:
    """Return the names of the course's own style sheets; the folders of extensions are absolute paths."""
    folders = [Path(app.confdir) / folder for folder in app.config.html_static_path if not Path(folder).is_absolute()]
    return {path.name for folder in folders for path in folder.rglob("*.css")}


def reduce_sheets(app: Sphinx, exception: Exception | None) -> None:
    """Write the smaller style sheets in place of the theme's, and the record of what was missing."""
    if exception or app.builder.format != "html":
        return
    site, own = Path(app.outdir), find_own_sheets(app)
    reducer = Reducer(find_names(site) | PUT_TOGETHER)
    for sheet in (site / "_static").rglob("*.css"):
        if sheet.name not in own:
            sheet.write_text(reducer.reduce(sheet.read_text(encoding="utf-8")), encoding="utf-8")
    expect(reducer.missing, "unused_rules", "the theme must have rules that no page uses", "none")
    (Path(app.doctreedir) / RECORD).write_text(json.dumps(sorted(reducer.missing)), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when all pages and files are written, and before the sheets are joined."""
    app.connect("build-finished", reduce_sheets, priority=650)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
