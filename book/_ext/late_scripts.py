"""Let no script of the theme keep the reader waiting.

A browser shows nothing below a script until the script has come, so the scripts of the head stand at the end of a page.
Only the page of the search has them in its head, as its own script needs them there. What a page has no use for is left
out: the script of tabs where there are none, and the page's name, for a menu of versions that the course does not have.

The theme measures each block of code and each output of a page when it has loaded, and again whenever something on it
changes: each time the whole page is laid out, out of view or not. `scrollers.js` does so as each comes into view, so
this is taken out of the theme's script. The extension expects to find it there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations import expect

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TABS = "design-tabs.js"
NAME_OF_PAGE = "DOCUMENTATION_OPTIONS.pagename = "
# In the theme's script: at once if the page has loaded, or when it has.
MEASURING = re.compile(r'"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)')


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


def stop_measuring(app: Sphinx, exception: Exception | None) -> None:
    """Take the measuring of all code and outputs out of the theme's script."""
    if exception or app.builder.format != "html":
        return
    path = Path(app.outdir) / "_static" / "scripts" / "pydata-sphinx-theme.js"
    text, count = MEASURING.subn("0", path.read_text(encoding="utf-8"))
    expect(count == 1, "late_scripts", "the theme must measure what scrolls when a page has loaded", f"{count} times")
    path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register both: when all scripts of a page are known, and before the files are joined."""
    app.connect("html-page-context", sort_scripts, priority=900)
    app.connect("build-finished", stop_measuring, priority=650)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
