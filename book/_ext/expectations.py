"""What the extensions that rewrite the theme's HTML expect to find in it.

They rest on one version of Jupyter Book, of its theme and of Font Awesome. After an update the markup may differ, and a
rewriter that finds nothing would leave pages that are slower, or worse, without a word. So each says what it expects
by `expect`, and the build fails with that sentence: bundle, lazy_images, icons, launch and bibliography_roles.
"""

from __future__ import annotations

from sphinx.errors import ExtensionError


def expect(found: object, extension: str, rule: str, received: object) -> None:
    """Fail the build unless something was found: say which extension expected what, and what came."""
    if not found:
        raise ExtensionError(
            f"{extension}: {rule}. Received: {received}. If the theme has changed, change book/_ext/{extension}.py."
        )
