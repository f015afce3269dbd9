"""Settings of Jupyter's server, for those who change the course: `make lab` names this file.

JupyterLab completes a notebook's description of its language with the version of Python when it opens it, and saves
it two minutes later. The notebooks of the course store all of that description but the version, which differs between
machines. Dropped on the way to the disk, it does not make a notebook that was only opened a changed one.
"""

from __future__ import annotations

from typing import Any


def drop_python_version(model: dict[str, Any], **_: Any) -> None:
    """Drop the version of Python from a notebook that is about to be saved."""
    if model["type"] == "notebook":
        model["content"]["metadata"].get("language_info", {}).pop("version", None)


# Jupyter puts this function into the names that a file of settings sees.
get_config().FileContentsManager.pre_save_hook = drop_python_version  # type: ignore[name-defined]  # noqa: F821
