"""The headless Chromium that prints the course, measures its pages, and runs their tests."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

# The browsers that readers have, and one of the same engine without what surrounds a page: it takes half the time.
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = "chromium-headless-shell"


def start_browser(playwright: Playwright, *arguments: str, shell: bool = False) -> Browser:
    """Start the system's Chromium or, where there is none, Playwright's own.

    Parameters
    ----------
    playwright
        What drives the browser.
    *arguments
        Chromium's own, such as ``"--first-run"``.
    shell
        Whether to prefer Chromium's headless shell where it is installed.

    Raises
    ------
    playwright.sync_api.Error
        If no Chromium can be started.
    """
    names = (SHELL, *WHOLE) if shell else (*WHOLE, SHELL)
    system = next((path for name in names if (path := shutil.which(name))), None)
    # Chromium's sandbox does not run as root.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=system, args=[*arguments, *as_root])
