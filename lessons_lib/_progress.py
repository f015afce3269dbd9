"""A line of text that shows the progress of a long computation, and disappears at its end."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType
from typing import Any

_SECONDS_BEFORE = 2.0  # until the line appears
_SECONDS_BETWEEN = 0.2  # from one update to the next


class Progress:
    """Show one line of text such as “Seeds: 2 of 5” in a notebook or in a terminal.

    The line appears when the computation has taken two seconds. It is emptied at the end, so that a saved notebook
    does not contain it. If the environment variable ``LESSONS_LIB_PROGRESS`` is 0, no line appears.

    Parameters
    ----------
    description : str
        The name of what is counted.
    total : int
        The number of steps.

    Examples
    --------
    >>> with Progress("Seeds", 2) as line:
    ...     for _ in range(2):
    ...         line.advance()
    >>> line.text
    'Seeds: 2 of 2'
    """

    def __init__(self, description: str, total: int) -> None:
        self._description, self._total, self._count = description, total, 0
        self._next_update = time.monotonic() + _SECONDS_BEFORE
        self._display = _find_display() if os.environ.get("LESSONS_LIB_PROGRESS") != "0" else None
        self._shown = False

    @property
    def text(self) -> str:
        """The text of the line."""
        return f"{self._description}: {self._count} of {self._total}"

    def advance(self) -> None:
        """Count one more step, and update the line at most five times a second."""
        self._count += 1
        if self._display is not None and time.monotonic() >= self._next_update:
            self._next_update = time.monotonic() + _SECONDS_BETWEEN
            self._display.show(self.text)
            self._shown = True

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._display is not None and self._shown:
            self._display.show("")


class _Terminal:
    """The current line of a terminal."""

    def show(self, text: str) -> None:
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


class _Notebook:
    """An output of the running cell, whose text can be replaced."""

    def __init__(self) -> None:
        from IPython import display

        self._handle: Any = display.DisplayHandle()
        self._is_displayed = False

    def show(self, text: str) -> None:
        send = self._handle.update if self._is_displayed else self._handle.display
        send({"text/plain": text}, raw=True)
        self._is_displayed = True


def _find_display() -> _Terminal | _Notebook | None:
    """Return where the line is shown, or None if the standard error is a file."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None and hasattr(shell, "kernel"):
        return _Notebook()
    return _Terminal() if sys.stderr is not None and sys.stderr.isatty() else None
