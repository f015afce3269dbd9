"""Checks of what the extensions that rewrite the theme's HTML expect to find in it.

The extensions bundle, folded, late_scripts, lazy_images, icons, launch and bibliography_roles are written for one
version of Jupyter Book, of its theme and of Font Awesome. After an update the HTML may differ, and an extension that
finds nothing to change would silently leave slower or broken pages. So each of them calls `expect`, and the build fails
with a sentence that says what was expected.
"""

from __future__ import annotations

from sphinx.errors import ExtensionError


def expect(found: object, extension: str, rule: str, received: object) -> None:
    """Fail the build if `found` is empty or false.

    Parameters
    ----------
    found : object
        What the extension has found, or whether the rule holds.
    extension : str
        Name of the extension, without ``.py``.
    rule : str
        What the extension expects.
    received : object
        What it has found instead.

    Raises
    ------
    sphinx.errors.ExtensionError
        If `found` is empty or false.
    """
    if not found:
        raise ExtensionError(
            f"{extension}: {rule}. Received: {received}. If the theme has changed, change book/_ext/{extension}.py."
        )
