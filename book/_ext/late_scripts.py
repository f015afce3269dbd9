"""Let no script of the theme keep the reader waiting.

A browser shows nothing below a script until the script has come, so the scripts of the head stand at the end of a page.
Only the page of the search has them in its head, as its own script needs them there. What a page has no use for is left
out: the script of tabs where there are none, and the page's name, for a menu of versions that the course does not have.

Some of what those scripts do when a page has loaded keeps a slow computer from answering, and can wait or go:

- The theme measures each block of code and each output, and again whenever something changes: each time the whole page
  is laid out, out of view or not. `scrollers.js` does so as each comes into view.
- It measures the header, before the page is laid out, for a button that nobody sees before having scrolled.
- Copy buttons are added to all code before the theme's menu is scrolled, which lays out what has changed.
- Two dozen functions that wait for the page run in one task: `one_by_one.js` gives each a task of its own.

The extension expects to find each of them there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations import expect

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TABS = "design-tabs.js"
# The first script that waits for the page, and what is put before it.
FIRST = "doctools.js"
ONE_BY_ONE = Path(__file__).with_name("one_by_one.js")
NAME_OF_PAGE = "DOCUMENTATION_OPTIONS.pagename = "
MEASURED = 'document.getElementsByClassName("bd-header")[0].getBoundingClientRect()'
# What the scripts do when a page has loaded: where, how, and what is done instead.
WAITS = {
    # At once if the page has loaded, or when it has.
    "scripts/pydata-sphinx-theme.js": (
        r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)',
        "0",
    ),
    "scripts/bootstrap.js": (f"(?<==){re.escape(MEASURED)};", f"{{get bottom(){{return {MEASURED}.bottom}}}};"),
    "copybutton.js": (
        r"runWhenDOMLoaded\(addCopyButtonToCodeCells\)",
        'addEventListener("load", () => setTimeout(addCopyButtonToCodeCells))',
    ),
}


def is_needed(script: Any, body: str) -> bool:
    """Tell whether a page needs a script of the theme."""
    if str(script.filename).endswith(TABS):
        return "sd-tab-label" in body
    return NAME_OF_PAGE not in script.attributes.get("body", "")


def sort_scripts(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Leave in the head of a page what keeps nobody waiting, and give the template the others for the end."""
    in_order = sorted(context["script_files"], key=lambda script: script.priority)
    needed = [script for script in in_order if is_needed(script, context.get("body", ""))]
    early = [script for script in needed if "defer" in script.attributes or templatename == "search.html"]
    context["script_files"] = early
    context["late_scripts"] = [script for script in needed if script not in early]


def let_wait(app: Sphinx, exception: Exception | None) -> None:
    """Change the scripts, so that what can wait does."""
    if exception or app.builder.format != "html":
        return
    for name, (done, instead) in WAITS.items():
        path = Path(app.outdir) / "_static" / name
        text, count = re.subn(done, instead, path.read_text(encoding="utf-8"))
        expect(count == 1, "late_scripts", f"{name} must do once, when a page has loaded: {done}", f"{count} times")
        path.write_text(text, encoding="utf-8")
    first = Path(app.outdir) / "_static" / FIRST
    first.write_text(ONE_BY_ONE.read_text(encoding="utf-8") + first.read_text(encoding="utf-8"), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register both: when all scripts of a page are known, and before the files are joined."""
    app.connect("html-page-context", sort_scripts, priority=900)
    app.connect("build-finished", let_wait, priority=650)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
