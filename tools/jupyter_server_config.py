"""Settings of the Jupyter server for those who change the course; `make lab` passes this file to it.

When JupyterLab opens a notebook, it adds the version of Python to the description of the language, and saves the
notebook two minutes later. The notebooks of the course store all of this description except the version, which differs
between machines. The version is removed when a notebook is saved, so that a notebook that was only opened does not
change.
"""

from __future__ import annotations

from typing import Any


def drop_python_version(model: dict[str, Any], **_: Any) -> None:
    """Remove the version of Python from a notebook that is about to be saved."""
    if model["type"] == "notebook":
        model["content"]["metadata"].get("language_info", {}).pop("version", None)


# Jupyter defines the function get_config for this file.
get_config().FileContentsManager.pre_save_hook = drop_python_version  # type: ignore[name-defined]  # noqa: F821
