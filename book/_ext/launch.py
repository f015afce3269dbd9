"""Show the buttons for Binder and for the sources only if the address of the public repository is known.

The extension expects that the theme's source button asks for the plain text of a page.
"""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

from expectations import expect

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.config import Config

# git@github.com:owner/name.git, ssh://git@github.com/owner/name, https://github.com/owner/name.git
GITHUB_REMOTE = re.compile(r"^(?:git@|(?:https|ssh)://(?:[^@/]+@)?)github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$")


def repository(folder: Path) -> str | None:
    """Return the public repository as `owner/name`, or None if it is not known.

    The environment variable `GITHUB_REPOSITORY` comes first, then the git remote `origin`.
    """
    if name := os.environ.get("GITHUB_REPOSITORY"):
        return name
    command = ["git", "-C", str(folder), "config", "--get", "remote.origin.url"]
    try:
        url = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return None  # no git on this machine
    return match[1] if (match := GITHUB_REMOTE.match(url)) else None


def set_buttons(app: Sphinx, config: Config) -> None:
    """Set the options of the theme; `HEAD` stands for the default branch on GitHub and on Binder."""
    name = repository(app.confdir)
    options: dict[str, Any] = {"repository_url": "", "repository_branch": "", "launch_buttons": {}}
    if name:
        options = {
            "repository_url": f"https://github.com/{name}",
            "repository_branch": "HEAD",
            "use_repository_button": True,
            "use_source_button": True,
            "launch_buttons": {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"},
        }
    config.html_theme_options = {**config.html_theme_options, **options}


def show_rendered(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Let the source button open the page that GitHub renders, not the plain text, which for a notebook is JSON."""
    buttons = [button for group in context.get("header_buttons", []) for button in group.get("buttons", [])]
    sources = [button for button in buttons if button.get("url", "").endswith("?plain=1")]
    is_page = pagename in app.env.found_docs and bool(app.config.html_theme_options.get("repository_url"))
    found = [button.get("url") for button in buttons]
    expect(sources or not is_page, "launch", "the source button must have an address that ends in ?plain=1", found)
    for button in sources:
        button["url"] = button["url"].removesuffix("?plain=1")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register both changes: the options before the theme reads them, and the links after it has written them."""
    app.connect("config-inited", set_buttons)
    app.connect("html-page-context", show_rendered, priority=502)  # the theme adds its buttons at 501
    return {"parallel_read_safe": True, "parallel_write_safe": True}
