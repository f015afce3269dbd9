"""Offer the archive of the pages where they are published: `{{ archive }}` is a link to it, and elsewhere nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

# tools/archive.py writes the file beside the pages, in the workflow that publishes them.
NAME = "from-anns-to-cnns.zip"


def set_link(app: Sphinx, config: Config) -> None:
    """Set what the name stands for; the address is absolute, since the archive does not hold itself."""
    address = config.html_baseurl
    link = f"[Download the archive of these pages]({address}{NAME})." if address else ""
    config.myst_substitutions = {**config.myst_substitutions, "archive": link}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the change, which is made when open_graph has found the address."""
    app.connect("config-inited", set_link, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
